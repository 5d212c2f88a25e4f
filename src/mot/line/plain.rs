//! The form of nearly every line of every file: decimal numbers between commas, and nothing else.
//! Whatever is not exactly that is left to the reader of all forms, which also names what is wrong.
#![expect(clippy::inline_always, reason = "one call a number; measured")]

use super::{Detection, MAX_COLUMNS, MAX_FRAME};
use wide::i8x16;

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
        let mut value = self.digits as i64;
        if self.decimals != 0 {
            let power = POWERS[self.decimals] as i64;
            value = (value % power == 0).then_some(value / power)?;
        }
        Some(if self.negative { -value } else { value })
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

/// Where fields end: at a comma, a line end or whatever else comes before `-` in ASCII, or with the
/// text. Found for a block of bytes at a time and without regard to what the fields say, so that a
/// processor need not have understood one before it begins with the next.
struct Ends<'t> {
    text: &'t [u8],
    /// Where the block begins, and a bit for each end in it that was not handed out.
    block: usize,
    left: u64,
}

const BLOCK: usize = 64;

impl<'t> Ends<'t> {
    #[inline(always)]
    fn new(text: &'t [u8], at: usize) -> Self {
        Self { text, block: at, left: ends_in(text, at) }
    }

    #[inline(always)]
    fn next(&mut self) -> usize {
        while self.left == 0 {
            self.block += BLOCK;
            self.left = ends_in(self.text, self.block);
        }
        let end = self.block + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        end
    }

    /// The next field, where the one before ended: behind the delimiter and blanks.
    #[inline(always)]
    fn field(&mut self, mut begin: usize) -> (usize, usize) {
        let mut end = self.next();
        while begin == end && self.text.get(end) == Some(&b' ') {
            begin += 1;
            end = self.next();
        }
        (begin, end)
    }
}

/// The ends in the block that begins at `at`. What is behind the text counts as ends.
#[inline(always)]
fn ends_in(text: &[u8], at: usize) -> u64 {
    match text.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
        Some(block) => ends_in_block(block),
        None => ends_at_last(text, at),
    }
}

#[inline(never)]
fn ends_at_last(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    ends_in_block(&block)
}

#[inline(always)]
fn ends_in_block(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let ends = parts.iter().map(|part| {
        // Signed: what is no ASCII ends a field, too, and is refused there.
        let part = i8x16::new(part.map(|byte| byte as i8));
        part.simd_lt(i8x16::splat(b'-' as i8)).to_bitmask()
    });
    ends.zip(0..).fold(0, |all, (ends, part)| all | u64::from(ends) << (16 * part))
}

/// A field of up to eight bytes, which are looked at together.
#[inline(always)]
fn short_field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    let bytes = u64::from_le_bytes(*text.get(begin..)?.first_chunk::<8>()?);
    let negative = bytes as u8 == b'-';
    let bytes = bytes >> (8 * u32::from(negative));
    let length = end - begin - usize::from(negative);
    if length == 0 {
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

/// A field of up to sixteen bytes, with its point among the first eight.
#[inline(always)]
fn wide_field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    let negative = text.get(begin) == Some(&b'-');
    let first = begin + usize::from(negative);
    let digits_before = u64::from_le_bytes(*text.get(first..)?.first_chunk::<8>()?) ^ ZEROS;
    let before = (not_digits(digits_before).trailing_zeros() / 8) as usize;
    let decimals = end.checked_sub(first + before + 1)?;
    let is_point = text.get(first + before) == Some(&b'.');
    if !is_point || !(1..8).contains(&before) || before + decimals > MOST_DIGITS {
        return None;
    }
    let whole = eight_digits(digits_before << (64 - 8 * before));
    let digits = whole * POWERS[decimals] as u64 + digits(text, first + before + 1, end)?;
    Some(Field { digits, decimals, negative })
}

/// A longer field, of as many digits as are exact.
#[cold]
fn long_field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    let negative = text.get(begin) == Some(&b'-');
    let first = begin + usize::from(negative);
    let point = memchr::memchr(b'.', text.get(first..end)?).map(|length| first + length);
    let (before, decimals) = match point {
        Some(point) => (point, end - point - 1),
        None => (end, 0),
    };
    if before - first + decimals > MOST_DIGITS {
        return None;
    }
    let whole = more_digits(text, first, before)?;
    let fraction = if point.is_some() { more_digits(text, before + 1, end)? } else { 0 };
    let digits = whole * POWERS[decimals] as u64 + fraction;
    Some(Field { digits, decimals, negative })
}

/// One to fifteen digits.
#[inline(always)]
fn more_digits(text: &[u8], begin: usize, end: usize) -> Option<u64> {
    if end - begin <= 8 {
        return digits(text, begin, end);
    }
    Some(digits(text, begin, end - 8)? * 100_000_000 + digits(text, end - 8, end)?)
}

/// One to eight digits.
#[inline(always)]
fn digits(text: &[u8], begin: usize, end: usize) -> Option<u64> {
    let length = end - begin;
    if length == 0 || length > 8 {
        return None;
    }
    let bytes = text.get(begin..)?.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes[..length].copy_from_slice(&text[begin..end]);
        bytes
    });
    let digits = (u64::from_le_bytes(bytes) ^ ZEROS) << (64 - 8 * length);
    (not_digits(digits) == 0).then(|| eight_digits(digits))
}

#[inline(always)]
fn field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    if end - begin > 8 {
        return other_field(text, begin, end);
    }
    match short_field(text, begin, end) {
        Some(field) => Some(field),
        None => long_field(text, begin, end),
    }
}

#[inline(never)]
fn other_field(text: &[u8], begin: usize, end: usize) -> Option<Field> {
    wide_field(text, begin, end).or_else(|| long_field(text, begin, end))
}

/// The number that a field says, as one by which another is to be divided.
#[inline(always)]
fn fraction(text: &[u8], begin: usize, end: usize) -> Option<(f64, f64)> {
    if end - begin == 1 {
        // A class, a whole confidence or visibility.
        let digit = text.get(begin)?.wrapping_sub(b'0');
        return (digit <= 9).then(|| (f64::from(digit), 1.0));
    }
    match field(text, begin, end) {
        Some(field) => Some(field.fraction()),
        None => many_digits(text.get(begin..end)?),
    }
}

/// A number of more digits than are exact.
#[inline(never)]
fn many_digits(field: &[u8]) -> Option<(f64, f64)> {
    let number = super::parse_number(field, b'.').filter(|number| number.is_finite())?;
    Some((number, 1.0))
}

/// The column, from the third on, where the place in the world begins.
const PLACE: usize = 5;
/// What nearly every result says of it: nothing. Not worth reading number by number.
const NO_PLACE: &[u8] = b"-1,-1,-1";

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
#[inline]
pub(super) fn parse(text: &[u8], at: usize) -> Option<Plain> {
    let mut ends = Ends::new(text, at);
    let (begin, end) = ends.field(at);
    let frame = field(text, begin, end)?.whole().and_then(|frame| u32::try_from(frame).ok())?;
    if text.get(end) != Some(&b',') || frame > MAX_FRAME {
        return None;
    }
    let (begin, mut end) = ends.field(end + 1);
    let id = field(text, begin, end)?.whole()?;
    let (mut columns, mut powers) = ([0.0; MAX_COLUMNS - 2], [1.0; MAX_COLUMNS - 2]);
    let mut count = 0;
    while text.get(end) == Some(&b',') {
        if count == PLACE && text.get(end + 1..).is_some_and(|rest| rest.starts_with(NO_PLACE)) {
            let begin = end + 1;
            ends.next();
            ends.next();
            end = ends.next();
            if end != begin + NO_PLACE.len() {
                return None;
            }
            columns[PLACE..PLACE + 3].fill(-1.0);
            count += 3;
            continue;
        }
        let (begin, next) = ends.field(end + 1);
        end = next;
        if begin == end {
            // A comma at the very end closes the last field and opens none.
            break;
        }
        let (digits, power) = fraction(text, begin, end)?;
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
            // Not through `fract`, which is a call where the processor is not known.
            let class = eighth as i64;
            let exact = class as f64 == eighth && eighth.abs() < POWERS[MOST_DIGITS];
            detection.class = Some(exact.then_some(class)?);
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
