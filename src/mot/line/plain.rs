//! The form of nearly every line of every file: decimal numbers between commas, and nothing else.
//! Whatever is not exactly that is left to the reader of all forms, which also names what is wrong.
#![expect(clippy::inline_always, reason = "one call a number; measured")]

use super::{Detection, MAX_COLUMNS, MAX_FRAME};

/// `10^n`, each of them exact, and from the 16th on `-10^n`.
const POWERS: [f64; 32] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, -1e0,
    -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12, -1e13, -1e14, -1e15,
];

/// Digits that an `f64` holds exactly, whatever they are.
const MOST_DIGITS: usize = 15;

const ONES: u64 = 0x0101_0101_0101_0101;
const ZEROS: u64 = ONES * b'0' as u64;
const HIGHEST_BITS: u64 = ONES << 7;

/// A decimal number: `digits / 10^decimals`, and its sign.
#[derive(Clone, Copy)]
struct Field {
    digits: u64,
    decimals: usize,
    negative: bool,
}

impl Field {
    /// Its digits as a number, and what that is to be divided by: both exact, so that the quotient
    /// is the nearest `f64` (Clinger, How to Read Floating Point Numbers Accurately, 1990).
    #[inline(always)]
    fn fraction(self) -> (f64, f64) {
        // Through `i64`, which a processor converts at once.
        let power = POWERS[(self.decimals & 15) + 16 * usize::from(self.negative)];
        (self.digits as i64 as f64, power)
    }

    #[inline(always)]
    fn whole(self) -> Option<i64> {
        let value = self.digits as i64;
        (self.decimals == 0).then_some(if self.negative { -value } else { value })
    }
}

/// The highest bit of each byte that is no digit; what carries spoils only the bytes after it.
/// Digits are their values already, not their characters.
#[inline(always)]
fn not_digits(digits: u64) -> u64 {
    (digits.wrapping_add(ONES * 0x76) | digits) & HIGHEST_BITS
}

/// The number that eight digits say, the first of them lowest in memory: added up in pairs.
#[inline(always)]
fn eight_digits(digits: u64) -> u64 {
    let twos = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let even = (twos & 0x0000_00FF_0000_00FF).wrapping_mul(0x000F_4240_0000_0064);
    let odd = ((twos >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(0x0000_2710_0000_0001);
    even.wrapping_add(odd) >> 32
}

/// Where the field ends that begins at `begin`: at a comma, a line end or whatever else comes before
/// `-` in ASCII, or with the text.
#[inline(always)]
fn end_of(text: &[u8], begin: usize) -> usize {
    let Some(bytes) = text.get(begin..).and_then(|rest| rest.first_chunk::<8>()) else {
        return far_end_of(text, begin);
    };
    let bytes = u64::from_le_bytes(*bytes);
    // With its highest bit set, no byte borrows from the next.
    let not_before = (bytes | HIGHEST_BITS).wrapping_sub(ONES * u64::from(b'-'));
    let before = !not_before & !bytes & HIGHEST_BITS;
    if before == 0 {
        return far_end_of(text, begin);
    }
    begin + (before.trailing_zeros() / 8) as usize
}

#[cold]
fn far_end_of(text: &[u8], begin: usize) -> usize {
    let rest = text.get(begin..).unwrap_or_default();
    begin + rest.iter().position(|byte| *byte < b'-').unwrap_or(rest.len())
}

/// A field of up to eight bytes, which are looked at together.
#[inline(always)]
fn short_field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    let bytes = u64::from_le_bytes(*text.get(begin..)?.first_chunk::<8>()?);
    let negative = bytes as u8 == b'-';
    let bytes = bytes >> (8 * u32::from(negative));
    let length = end - begin - usize::from(negative);
    if length == 0 || end - begin > 8 {
        return None;
    }
    let length = 8 * length as u32;
    // Only what belongs to the field, moved up to the end of the eight bytes.
    let digits = (bytes ^ ZEROS) << (64 - length);
    let others = not_digits(digits);
    if others == 0 {
        return Some(Field { digits: eight_digits(digits), decimals: 0, negative });
    }
    let point = others.trailing_zeros() / 8 * 8;
    let decimals = 56 - point;
    let is_point = (digits >> point) as u8 == b'.' ^ b'0';
    if !is_point || others & (others - 1) != 0 || decimals == 0 || point == 64 - length {
        return None;
    }
    // The digits before the point move up over it.
    let before = (digits & !(u64::MAX << point)) << 8;
    let after = digits & !(u64::MAX >> decimals);
    let digits = eight_digits(before | after);
    Some(Field { digits, decimals: (decimals / 8) as usize, negative })
}

/// A field of any length, digit by digit.
#[cold]
fn long_field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    let field = text.get(begin..end)?;
    let unsigned = field.strip_prefix(b"-").unwrap_or(field);
    let mut digits = 0_u64;
    let mut point = None;
    for (at, byte) in unsigned.iter().enumerate() {
        match byte {
            // Too many to hold are refused below.
            b'0'..=b'9' => digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')),
            b'.' if point.is_none() && at > 0 => point = Some(at),
            _ => return None,
        }
    }
    let decimals = point.map_or(0, |point| unsigned.len() - point - 1);
    let count = unsigned.len() - usize::from(point.is_some());
    if count == 0 || count > MOST_DIGITS || (point.is_some() && decimals == 0) {
        return None;
    }
    Some(Field { digits, decimals, negative: unsigned.len() < field.len() })
}

#[inline(always)]
fn field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    match short_field(text, begin, end) {
        Some(field) => Some(field),
        None => long_field(text, begin, end),
    }
}

/// A line that was read.
pub(super) struct Plain {
    pub frame: u32,
    pub detection: Detection,
    pub columns: usize,
    /// Where the next line begins.
    pub next: usize,
}

/// Reads the line that begins at `at`, up to a line feed or the end of the text; `None` where it is
/// not plain.
///
/// Where fields end is found without regard to what they say, so that a processor need not have
/// understood one field before it begins with the next.
#[inline]
pub(super) fn parse(text: &[u8], at: usize) -> Option<Plain> {
    let end = end_of(text, at);
    let frame = field(text, at, end)?.whole().and_then(|frame| u32::try_from(frame).ok())?;
    if text.get(end) != Some(&b',') || frame > MAX_FRAME {
        return None;
    }
    let begin = end + 1;
    let mut end = end_of(text, begin);
    let id = field(text, begin, end)?.whole()?;
    let (mut columns, mut powers) = ([0.0; MAX_COLUMNS - 2], [1.0; MAX_COLUMNS - 2]);
    let mut count = 0;
    while text.get(end) == Some(&b',') {
        let begin = end + 1;
        end = end_of(text, begin);
        if begin == end {
            // A comma at the very end closes the last field and opens none.
            break;
        }
        let (digits, power) = field(text, begin, end)?.fraction();
        *columns.get_mut(count)? = digits;
        powers[count] = power;
        count += 1;
    }
    let next = match (text.get(end), text.get(end + 1)) {
        (None, _) => end,
        (Some(b'\n'), _) | (Some(b'\r'), None) => end + 1,
        (Some(b'\r'), Some(b'\n')) => end + 2,
        _ => return None,
    };
    // All at once: one by one, dividing would take most of the time.
    for (column, power) in columns.iter_mut().zip(&powers) {
        *column /= power;
    }
    let detection = detection(id, &columns, count)?;
    Some(Plain { frame, detection, columns: count + 2, next })
}

/// The detection that the columns from the third on say.
#[inline(always)]
fn detection(id: i64, columns: &[f64; MAX_COLUMNS - 2], count: usize) -> Option<Detection> {
    let [left, top, width, height, confidence, eighth, ninth, tenth] = *columns;
    let mut detection = Detection {
        id,
        left,
        top,
        width,
        height,
        confidence: (count > 4).then_some(confidence),
        class: None,
        visibility: None,
        world: None,
    };
    match count {
        0..4 => return None,
        6 | 7 => {
            // So few digits are exact.
            detection.class = Some((eighth.fract() == 0.0).then_some(eighth as i64)?);
            detection.visibility = (count == 7).then_some(ninth);
        }
        8 => detection.world = Some([eighth, ninth, tenth]),
        _ => {}
    }
    Some(detection)
}

/// The number that a line begins with, where that is one of 1 to 7 digits and a delimiter follows:
/// so begins nearly every line of every file.
#[inline]
pub(super) fn leading_digits(line: &[u8]) -> Option<u32> {
    let text = u64::from_le_bytes(*line.first_chunk::<8>()?);
    let digits = text ^ ZEROS;
    let count = not_digits(digits).trailing_zeros() / 8 * 8;
    if count == 0 || count == 64 || !matches!((text >> count) as u8, b',' | b' ' | b'\t' | b';') {
        return None;
    }
    Some(eight_digits(digits << (64 - count)) as u32)
}
