//! The number of a track.

use serde::{Serialize, Serializer};
use std::{
    fmt,
    hash::{Hash, Hasher},
    num::ParseIntError,
    str::FromStr,
};

/// The number of a track, as the file has it: from `-2^63` to `2^64 - 2`, each exactly. Negative: no
/// identity. `2^64 - 1` is -1, written by a program that counts without a sign.
///
/// ```
/// use motscope::model::TrackId;
///
/// let id: TrackId = "9223372036854776104".parse()?;
/// assert!(id.is_identity());
/// assert_eq!(id.to_string(), "9223372036854776104");
/// assert_eq!("18446744073709551615".parse::<TrackId>()?, TrackId::NONE);
/// # Ok::<(), motscope::model::NoTrackId>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(Rust, packed(8))]
pub struct TrackId(i128);

/// Why a text is no [`TrackId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTrackId {
    /// It is no whole number.
    #[error("an id is a whole number")]
    NotWhole(#[from] ParseIntError),
    /// It is a whole number that no id has.
    #[error("an id is a number from -2^63 to 2^64 - 1")]
    OutOfRange,
}

impl TrackId {
    /// No identity.
    pub const NONE: Self = Self(-1);

    /// The id of a number; `None` where no id has it.
    #[must_use]
    pub fn new(number: i128) -> Option<Self> {
        const UNSIGNED_NONE: i128 = u64::MAX as i128;
        match number {
            UNSIGNED_NONE => Some(Self::NONE),
            number if (i128::from(i64::MIN)..UNSIGNED_NONE).contains(&number) => Some(Self(number)),
            _ => None,
        }
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> i128 {
        self.0
    }

    /// Whether boxes that bear it belong together: it is not negative.
    #[must_use]
    #[inline]
    pub fn is_identity(self) -> bool {
        self.0 >= 0
    }
}

impl From<i64> for TrackId {
    #[inline]
    fn from(number: i64) -> Self {
        Self(i128::from(number))
    }
}

impl From<i32> for TrackId {
    fn from(number: i32) -> Self {
        Self(i128::from(number))
    }
}

impl From<u32> for TrackId {
    fn from(number: u32) -> Self {
        Self(i128::from(number))
    }
}

impl PartialEq<i64> for TrackId {
    fn eq(&self, number: &i64) -> bool {
        self.0 == i128::from(*number)
    }
}

impl Hash for TrackId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Half of it tells nearly all of them apart.
        state.write_u64(self.0 as u64);
    }
}

impl fmt::Display for TrackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

impl FromStr for TrackId {
    type Err = NoTrackId;

    fn from_str(text: &str) -> Result<Self, NoTrackId> {
        Self::new(text.parse()?).ok_or(NoTrackId::OutOfRange)
    }
}

impl Serialize for TrackId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.number()) {
            Ok(number) => serializer.serialize_i64(number),
            Err(_) => serializer.serialize_u64(self.0 as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_64_bits_is_an_id_and_stays_itself() {
        for number in [i128::from(i64::MIN), -7, 0, 7, 1 << 63, (1 << 64) - 2] {
            let id = TrackId::new(number).expect("an id");
            assert_eq!((id.number(), id.to_string()), (number, number.to_string()));
            assert_eq!(serde_json::to_string(&id).expect("JSON"), number.to_string());
            assert_eq!(id.is_identity(), number >= 0);
        }
        assert_eq!(TrackId::new((1 << 64) - 1), Some(TrackId::NONE));
        assert_eq!((TrackId::new(1 << 64), TrackId::new(-(1 << 63) - 1)), (None, None));
    }
}
