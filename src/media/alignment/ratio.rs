//! Whole numbers and fractions, exactly.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// A whole number or a fraction, such as 5 or 1/5. Kept in lowest terms.
///
/// ```
/// use motscope::media::Ratio;
///
/// let fifth: Ratio = "2/10".parse().unwrap();
/// assert_eq!(fifth, Ratio::new(1, 5));
/// assert_eq!(fifth, "0.2".parse().unwrap());
/// assert_eq!(Ratio::from(-3).to_string(), "-3");
/// assert!("1/0".parse::<Ratio>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    above: i64,
    below: u32,
}

/// The largest number above the line.
const MOST: i64 = u32::MAX as i64;
/// The largest number below the line.
const MOST_BELOW: u32 = 10_000;

impl Ratio {
    /// 0.
    pub const ZERO: Self = Self { above: 0, below: 1 };
    /// 1.
    pub const ONE: Self = Self { above: 1, below: 1 };

    /// A fraction, kept within 2^32 above the line and 10,000 below it.
    ///
    /// # Panics
    /// Where `below` is 0.
    #[must_use]
    pub fn new(above: i64, below: u32) -> Self {
        assert!(below > 0, "nothing is divided by 0");
        let common = gcd(above.unsigned_abs(), u64::from(below)).max(1);
        let (above, below) = (above / common as i64, below / common as u32);
        Self { above: above.clamp(-MOST, MOST), below: below.min(MOST_BELOW) }
    }

    /// The nearest fraction with at most 100 below the line: what a person drags to.
    #[must_use]
    pub fn near(value: f64) -> Self {
        let value = if value.is_finite() { value.clamp(-(MOST as f64), MOST as f64) } else { 0.0 };
        let distance = |below: u32| {
            let above = (value * f64::from(below)).round();
            (above / f64::from(below) - value).abs()
        };
        // The first that is as near as a person can say.
        let below = (1..=100).find(|below| distance(*below) < 1e-3).unwrap_or(100);
        Self::new((value * f64::from(below)).round() as i64, below)
    }

    /// Nearly.
    #[must_use]
    pub fn value(self) -> f64 {
        self.above as f64 / f64::from(self.below)
    }

    /// Above and below the line.
    pub(super) fn parts(self) -> (i128, i128) {
        (i128::from(self.above), i128::from(self.below))
    }

    /// Whether it is above 0.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.above > 0
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.below == 1
    }
}

pub(super) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl From<i32> for Ratio {
    fn from(whole: i32) -> Self {
        Self { above: whole.into(), below: 1 }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.below {
            1 => write!(f, "{}", self.above),
            below => write!(f, "{}/{below}", self.above),
        }
    }
}

impl FromStr for Ratio {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "'{}' is neither a whole number nor a fraction such as 1/5",
                text.escape_debug()
            )
        };
        let whole = |text: &str| text.trim().parse::<i64>().ok().filter(|n| n.abs() <= MOST);
        let (above, below) = match (text.split_once('/'), text.split_once('.')) {
            (Some((above, below)), _) => {
                (whole(above).ok_or_else(refused)?, whole(below).ok_or_else(refused)?)
            }
            (None, Some((_, digits))) => {
                let below =
                    10_i64.checked_pow(digits.trim_end().len() as u32).ok_or_else(refused)?;
                (whole(&text.replacen('.', "", 1)).ok_or_else(refused)?, below)
            }
            (None, None) => (whole(text).ok_or_else(refused)?, 1),
        };
        let within = u32::try_from(below).ok().filter(|n| (1..=MOST_BELOW).contains(n));
        Ok(Self::new(above, within.ok_or_else(refused)?))
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.below {
            1 => serializer.serialize_i64(self.above),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Whole(whole) => Ok(Self::new(whole, 1)),
            Written::Text(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_texts_are_refused_and_what_is_dragged_is_exact() {
        for odd in ["", "x", "1/0", "1/-5", "0.00001", "99999999999", "1/2/3", "nan", "1e3"] {
            assert!(odd.parse::<Ratio>().is_err(), "{odd}");
        }
        assert_eq!("-1/5".parse(), Ok(Ratio::new(-1, 5)));
        assert_eq!("-0.5".parse(), Ok(Ratio::new(-1, 2)));
        for (value, text) in
            [(0.2, "1/5"), (1.0 / 3.0, "1/3"), (-7.0, "-7"), (2.5, "5/2"), (f64::NAN, "0")]
        {
            assert_eq!(Ratio::near(value).to_string(), text);
        }
    }
}
