//! What a field says, as a number.

use super::fields::{Field, WINDOW};
use std::cmp::Ordering;

const ONES: u64 = 0x0101_0101_0101_0101;
const ZEROS: u64 = ONES * b'0' as u64;
const HIGHEST_BITS: u64 = ONES << 7;

/// Digits that a `u64` holds, whatever they are.
const MOST_DIGITS: usize = 19;

/// Entries of a table: more than are used, a power of two, so that no bounds need be checked.
const ENTRIES: usize = 32;

/// `10^n`, up to [`MOST_DIGITS`].
const POWERS: [u64; ENTRIES] = {
    let mut powers = [1; ENTRIES];
    let mut n = 1;
    while n <= MOST_DIGITS {
        powers[n] = powers[n - 1] * 10;
        n += 1;
    }
    powers
};

/// Up to here each whole number is an `f64`.
const EXACT: u64 = 1 << 53;

/// As [`POWERS`], exact as well, and from `ENTRIES` on `-10^n`.
const DIVISORS: [f64; 2 * ENTRIES] = {
    let mut divisors = [1.0; 2 * ENTRIES];
    let mut n = 0;
    while n <= MOST_DIGITS {
        divisors[n] = POWERS[n] as f64;
        divisors[n + ENTRIES] = -divisors[n];
        n += 1;
    }
    divisors
};

#[inline(always)]
fn divisor(decimals: u32, negative: bool) -> f64 {
    DIVISORS[(decimals as usize + ENTRIES * usize::from(negative)) & (2 * ENTRIES - 1)]
}

/// The number that a field says, as one and another by which it is to be divided. Both are exact, so
/// that the quotient is the nearest `f64` (Clinger, How to Read Floating Point Numbers Accurately,
/// 1990); of more digits, the first is the nearest already, and to be divided by 1.
#[inline(always)]
pub(super) fn read(window: &[u8; WINDOW], field: Field) -> Option<(f64, f64)> {
    let Field { begin, end, point, negative } = field;
    let length = end - begin;
    let (digits, decimals) = match point {
        Some(point) if length <= 9 => {
            // What is before the point, and what is behind it, moved over it.
            let before = (1 << (8 * (point - begin))) - 1;
            let (digits, moved) = (eight(window, begin), eight(window, begin + 1));
            let digits = moved ^ ((moved ^ digits) & before);
            (value(digits, length - 1), end - point - 1)
        }
        None if length <= 8 => (value(eight(window, begin), length), 0),
        Some(point) if length <= MOST_IN_MANY && (1..=8).contains(&(point - begin)) => {
            let digits = many(window, begin, point, length);
            return Some((nearest(digits, end - point - 1), divisor(0, negative)));
        }
        _ => {
            let number = long(window, begin, point.unwrap_or(end), end);
            return (!number.is_nan()).then(|| (number, divisor(0, negative)));
        }
    };
    // Through `i64`, which a processor converts at once.
    Some((digits as i64 as f64, divisor(decimals, negative)))
}

/// The eight bytes that begin there.
#[inline(always)]
fn eight(window: &[u8; WINDOW], at: u32) -> u64 {
    // It always is; so no bounds need be checked.
    let at = (at as usize).min(WINDOW - 8);
    u64::from_le_bytes(window[at..].first_chunk().copied().unwrap_or_default())
}

/// The number that the first of eight bytes say, one to eight of them.
#[inline(always)]
fn value(bytes: u64, length: u32) -> u64 {
    // Moved up to the end, with leading zeros before them.
    eight_digits((bytes ^ ZEROS) << ((64 - 8 * length) & 63))
}

#[inline(always)]
fn power(n: u32) -> u64 {
    POWERS[n as usize & (ENTRIES - 1)]
}

/// The number that eight digits say, the first of them lowest in memory: added up in pairs.
#[inline(always)]
fn eight_digits(digits: u64) -> u64 {
    let twos = (digits.wrapping_mul((10 << 8) | 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (twos.wrapping_mul((100 << 16) | 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul((10_000 << 32) | 1) >> 32
}

/// The other way round: a number below `10^8` in eight characters, with zeros before it. Divided in
/// halves, as [`eight_digits`] adds them up; what is multiplied by is the inverse of 100 and of 10.
pub(super) fn eight_characters(number: u32) -> u64 {
    let fours = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let twos = hundreds | (fours - 100 * hundreds) << 16;
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    (tens | (twos - 10 * tens) << 8) | ZEROS
}

/// Characters that [`many`] reads at most.
const MOST_IN_MANY: u32 = 18;

/// The digits of a number of 10 characters or more, of which one of the second to the ninth is a point:
/// the first digit, eight more, and what is left. Programs that print all digits of a float write any
/// number of them, so that a processor would guess wrong at every branch.
#[inline(always)]
fn many(window: &[u8; WINDOW], begin: u32, point: u32, length: u32) -> u64 {
    let first = eight(window, begin) & 0xF;
    let before = (1 << (8 * (point - begin - 1))) - 1;
    let (digits, moved) = (eight(window, begin + 1), eight(window, begin + 2));
    let next = eight_digits((moved ^ ((moved ^ digits) & before)) ^ ZEROS);
    let left = length - 10;
    // Twice half of it, as they may all have to be moved out.
    let half = 4 * (8 - left);
    let last = eight_digits((eight(window, begin + 10) ^ ZEROS) << half << half);
    (first * power(8) + next) * power(left) + last
}

/// A number of any length; what has no point ends where it would be. "Not a number" if it is none.
#[inline(never)]
fn long(window: &[u8; WINDOW], begin: u32, point: u32, end: u32) -> f64 {
    /// Digits before the point; no picture is so large.
    const MOST_WHOLE: u32 = 15;
    let (whole, decimals) = (point - begin, end.saturating_sub(point + 1));
    if whole > MOST_WHOLE || whole + decimals > MOST_DIGITS as u32 {
        return other(window, begin, end);
    }
    let mut number = 0;
    for (mut at, end) in [(begin, point), (end - decimals, end)] {
        while at < end {
            let length = (end - at).min(8);
            number = number * power(length) + value(eight(window, at), length);
            at += length;
        }
    }
    if number > EXACT {
        return nearest(number, decimals);
    }
    number as i64 as f64 / divisor(decimals, false)
}

/// `2^(63 + bits) / 10^n` without its fraction, where `10^n` has so many bits: its highest bit is set.
const RECIPROCALS: [u64; ENTRIES] = {
    let mut reciprocals = [0; ENTRIES];
    let mut n = 1;
    while n <= MOST_DIGITS {
        let bits = 64 - POWERS[n].leading_zeros();
        reciprocals[n] = ((1_u128 << (63 + bits)) / POWERS[n] as u128) as u64;
        n += 1;
    }
    reciprocals
};

/// The `f64` nearest to `number / 10^decimals`, of one decimal or more (after Lemire, Number Parsing
/// at a Gigabyte per Second, 2021).
#[inline(always)]
fn nearest(number: u64, decimals: u32) -> f64 {
    let (power, reciprocal) = (power(decimals), RECIPROCALS[decimals as usize & (ENTRIES - 1)]);
    // Of zero, any will do.
    let zeros = (number | 1).leading_zeros();
    // The reciprocal is less than 1 too small, and never right, as no `10^-n` is a binary fraction: so
    // the product of 128 bits is too small, but by less than its lower half can hold.
    let product = u128::from(number << zeros) * u128::from(reciprocal);
    let upper = (product >> 64) as u64;
    // The 53 bits of an `f64` and one more, by which it is rounded; and what is left of the upper half,
    // whose highest bit is 1, or the next.
    let rest = 9 + (upper >> 63) as u32;
    let bits = upper >> rest;
    // The lowest of them stands for `2^-scale`.
    let scale = zeros + 63 - power.leading_zeros() - rest;
    // What is missing may make one more of them. That matters only where the last is a 0, whose number
    // would be rounded down; so not to floats that were written with all their digits.
    let rounded = if (upper + 1) & ((2 << rest) - 1) == 1 << rest {
        round(number, scale, bits, power)
    } else {
        bits.div_ceil(2)
    };
    rounded as i64 as f64 * f64::from_bits(u64::from(1023 + 1 - scale) << 52)
}

/// Half of `number * 2^scale / power`, rounded, which lies between `bits` / 2 and less than 1 more.
#[cold]
fn round(number: u64, scale: u32, bits: u64, power: u64) -> u64 {
    let (number, middle) = (u128::from(number) << scale, u128::from(bits + 1) * u128::from(power));
    let below = bits / 2;
    match number.cmp(&middle) {
        Ordering::Less => below,
        // To the even one.
        Ordering::Equal => below.next_multiple_of(2),
        Ordering::Greater => below + 1,
    }
}

/// A number of more digits than that. That it is one is known; "not a number" is a precaution.
#[cold]
fn other(window: &[u8; WINDOW], begin: u32, end: u32) -> f64 {
    let text = window.get(begin as usize..end as usize);
    let number = text.and_then(|text| super::super::parse_number(text, b'.'));
    number.filter(|number| number.is_finite()).unwrap_or(f64::NAN)
}

/// The highest bit of each byte that is no digit; what carries spoils only the bytes after it.
/// Digits are their values already, not their characters.
#[inline(always)]
fn not_digits(digits: u64) -> u64 {
    (digits.wrapping_add(ONES * 0x76) | digits) & HIGHEST_BITS
}

/// The number that a line begins with, where that is one of 1 to 7 digits and a delimiter follows:
/// so begins nearly every line of every file.
#[inline]
pub(in super::super) fn leading_digits(line: &[u8]) -> Option<u32> {
    let text = u64::from_le_bytes(*line.first_chunk::<8>()?);
    let digits = text ^ ZEROS;
    let count = not_digits(digits).trailing_zeros() / 8 * 8;
    if count == 0 || count == 64 || !matches!((text >> count) as u8, b',' | b' ' | b'\t' | b';') {
        return None;
    }
    Some(eight_digits(digits << (64 - count)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number in (0..100_000_000).step_by(997).chain([9, 10, 99_999_999]) {
            let text = eight_characters(number).to_le_bytes();
            assert_eq!(text, *format!("{number:08}").as_bytes());
        }
    }

    #[test]
    fn what_lies_near_the_middle_is_rounded_by_what_it_is() {
        // Half of 27 * 4 / 10 is 5.4.
        assert_eq!(round(27, 2, 10, 10), 5);
        assert_eq!(round(11, 0, 10, 1), 6, "to the even one");
        assert_eq!(round(9, 0, 8, 1), 4, "to the even one");
        // Half of 29 * 4 / 10 is 5.8.
        assert_eq!(round(29, 2, 10, 10), 6);
    }
}
