//! What one field says.

use super::{LineError, LineErrorKind, MAX_FRAME, split};
use crate::{
    formats::mot::Role,
    model::{ClassNames, TrackId},
};

/// A field, and what belongs there.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub role: Role,
    pub column: usize,
}

impl Place {
    fn error(self, kind: LineErrorKind) -> LineError {
        LineError { column: self.column, role: self.role, kind }
    }

    fn not_a_number(self, text: &[u8]) -> LineError {
        self.error(if text.is_empty() {
            LineErrorKind::Missing
        } else if text.contains(&b'\r') {
            LineErrorKind::CarriageReturn
        } else {
            LineErrorKind::NotANumber(shown(text))
        })
    }

    pub fn finite(self, text: &[u8], decimal: u8) -> Result<f64, LineError> {
        let number = parse_number(text, decimal).ok_or_else(|| self.not_a_number(text))?;
        if number.is_finite() {
            return Ok(number);
        }
        Err(self.error(LineErrorKind::NotFinite(shown(text))))
    }

    /// A whole number of any size, exactly.
    fn whole(self, text: &[u8]) -> Result<i128, LineError> {
        /// Above this, a float no longer tells neighbouring whole numbers apart.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        // Most are nothing but digits.
        let digits = std::str::from_utf8(text).ok().and_then(|text| text.parse::<u64>().ok());
        if let Some(number) = digits {
            return Ok(number.into());
        }
        if let Some(number) = exactly_whole(text) {
            return Ok(number);
        }
        let number = self.finite(text, b'.')?;
        // A fraction that no float holds is none.
        if number.fract() == 0.0 && number.abs() <= EXACT {
            return Ok(number as i128);
        }
        Err(self.error(LineErrorKind::NotWhole(shown(text))))
    }

    pub fn id(self, text: &[u8]) -> Result<TrackId, LineError> {
        // A tracker that has not decided yet, and programs that write tables, leave it out.
        if is_none(text) {
            return Ok(TrackId::NONE);
        }
        let number = self.whole(text)?;
        // 2^64 - 1, 'no identity', that went through a float: it is rounded to 2^64.
        let is_float = text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
        if is_float && number as f64 == 18_446_744_073_709_551_616.0 {
            return Ok(TrackId::NONE);
        }
        TrackId::new(number).ok_or_else(|| self.error(LineErrorKind::OutOfRange(shown(text))))
    }

    /// A confidence that is not finite says nothing; the box is good all the same.
    pub fn confidence(self, text: &[u8], decimal: u8) -> Result<Option<f64>, LineError> {
        if is_none(text) {
            return Ok(None);
        }
        let confidence = parse_number(text, decimal).ok_or_else(|| self.not_a_number(text))?;
        Ok(Some(confidence).filter(|confidence| confidence.is_finite()))
    }

    pub fn class(self, text: &[u8]) -> Result<i64, LineError> {
        let class = i64::try_from(self.whole(text)?);
        class.map_err(|_| self.error(LineErrorKind::OutOfRange(shown(text))))
    }

    pub fn class_or_name(
        self,
        text: &[u8],
        names: Option<&ClassNames>,
    ) -> Result<Option<i64>, LineError> {
        if parse_number(text, b'.').is_some() {
            return self.class(text).map(Some);
        }
        if text.iter().any(|byte| matches!(byte, b'\r' | 0)) {
            return Err(self.not_a_number(text));
        }
        Ok(names.and_then(|names| names.number_of(&split::text(text))))
    }

    /// A coordinate of the place in the world. Text there is no error, as some trackers write a label into
    /// a further column.
    pub fn world(self, text: &[u8], decimal: u8) -> Result<f64, LineError> {
        if text.contains(&b'\r') {
            return Err(self.error(LineErrorKind::CarriageReturn));
        }
        // Left by a hole in the file, and no label.
        if text.contains(&0) {
            return Err(self.not_a_number(text));
        }
        Ok(parse_number(text, decimal).unwrap_or(f64::NAN))
    }
}

/// Whether a field says that there is nothing, as programs that write tables do.
pub(super) fn is_none(text: &[u8]) -> bool {
    let none: [&[u8]; 6] = [b"nan", b"none", b"null", b"na", b"n/a", b"<na>"];
    text.is_empty() || none.iter().any(|none| text.eq_ignore_ascii_case(none))
}

/// A field as an error quotes it: a long one without its middle, as texts are told apart by their ends.
fn shown(text: &[u8]) -> String {
    /// Letters.
    const LONGEST: usize = 120;
    let text = String::from_utf8_lossy(text);
    let count = text.chars().count();
    if count <= LONGEST {
        return text.escape_debug().to_string();
    }
    let start: String = text.chars().take(LONGEST / 2).collect();
    let end: String = text.chars().skip(count - LONGEST / 2).collect();
    format!("{}…{}", start.escape_debug(), end.escape_debug())
}

pub(super) fn parse_number(text: &[u8], decimal: u8) -> Option<f64> {
    if decimal == b',' && text.contains(&b',') {
        let mut buffer = [0; 64];
        let copy = buffer.get_mut(..text.len())?;
        copy.copy_from_slice(text);
        copy.iter_mut().filter(|byte| **byte == b',').for_each(|byte| *byte = b'.');
        return fast_float2::parse(&*copy).ok();
    }
    fast_float2::parse(text).ok()
}

/// What a text says if it says a whole number, however it is written: `7`, `+7.000`, `7.0e3`. No digit is
/// rounded away; one of more than 127 bits is the largest, or the least, that they hold.
fn exactly_whole(text: &[u8]) -> Option<i128> {
    /// No longer ones are whole numbers that anybody means.
    const MOST_DIGITS: i32 = 400;
    let text = std::str::from_utf8(text).ok()?;
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let mut digits = format!("{whole}{fraction}");
    let zeros = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    if digits.bytes().all(|digit| digit == b'0') {
        return Some(0);
    }
    if zeros < 0 {
        let kept = digits.len().checked_sub(zeros.unsigned_abs() as usize)?;
        if digits[kept..].bytes().any(|digit| digit != b'0') {
            return None;
        }
        digits.truncate(kept);
    } else if zeros > MOST_DIGITS {
        digits = "9".repeat(MOST_DIGITS as usize);
    } else {
        digits.extend(std::iter::repeat_n('0', zeros as usize));
    }
    let number = digits.parse::<i128>().unwrap_or(i128::MAX);
    Some(if text.starts_with('-') { -number } else { number })
}

pub(super) fn frame_number(text: &[u8], column: usize) -> Result<u32, LineError> {
    let place = Place { role: Role::Frame, column };
    let out_of_range = || place.error(LineErrorKind::FrameOutOfRange(shown(text)));
    let frame = u32::try_from(place.whole(text)?).ok();
    frame.filter(|frame| *frame <= MAX_FRAME).ok_or_else(out_of_range)
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn values_that_differ_in_their_ends_are_told_apart() {
        assert_eq!(shown(b"camera_front_left_0002_person"), "camera_front_left_0002_person");
        let long = |end: &str| shown(format!("{}{end}", "x".repeat(5000)).as_bytes());
        assert_ne!(long("1"), long("2"));
        assert_eq!(long("1").chars().count(), 121);
        assert!(long("\u{1b}").ends_with("\\u{1b}"));
    }
}
