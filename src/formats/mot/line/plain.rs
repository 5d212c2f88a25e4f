//! The form of nearly every line of every file: decimal numbers between commas, and nothing else.
//! Whatever is not exactly that is left to the reader of all forms, which also names what is wrong.
#![expect(clippy::inline_always, reason = "one call a number; measured")]

mod fields;
mod number;

use super::BoxParts;
use crate::{
    formats::mot::{Columns, Role},
    model::{Detection, MAX_FRAME, TrackId, WorldPoint},
};
use fields::Fields;
pub(super) use number::leading_digits;

/// Columns that are read; longer lines are looked at closely.
const MAX_COLUMNS: usize = 10;

/// A line that was read.
pub(super) struct Plain {
    pub frame: u32,
    pub detection: Detection,
    pub columns: usize,
    /// Where the next line begins.
    pub next: usize,
}

/// What the lines of a frame begin with. Most of them need not be read to know that they are its own.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats::mot) struct Beginning {
    frame: u32,
    /// The number and a comma, if they are no more than eight bytes, and which bits they are.
    text: u64,
    bits: u64,
    length: usize,
}

impl Beginning {
    pub fn of(frame: u32) -> Self {
        let digits = frame.checked_ilog10().unwrap_or(0) as usize + 1;
        let length = digits + 1;
        if length > 8 {
            // None equals it.
            return Self { frame, text: 0x100, bits: 0, length };
        }
        let text = number::eight_characters(frame) >> (8 * (8 - digits));
        let text = text | u64::from(b',') << (8 * digits);
        Self { frame, text, bits: u64::MAX >> (64 - 8 * length), length }
    }

    #[inline(always)]
    fn begins(self, text: &[u8], at: usize) -> bool {
        let found = text.get(at..).and_then(|rest| rest.first_chunk());
        found.is_some_and(|found| u64::from_le_bytes(*found) & self.bits == self.text)
    }
}

/// Reads the line that begins at `at`, up to a line feed or the end of the text: its detection and
/// where the next line begins. `None` where it is not plain, or is another frame's.
#[inline(always)]
pub(super) fn parse_of(text: &[u8], at: usize, frame: Beginning) -> Option<(Detection, usize)> {
    if frame.begins(text, at) {
        let (columns, count, next) = columns(text, at + frame.length, 1)?;
        return Some((detection(&columns, count)?, next));
    }
    let plain = parse(text, at)?;
    (plain.frame == frame.frame).then_some((plain.detection, plain.next))
}

/// As [`parse_of`], whatever the frame.
#[inline(never)]
pub(super) fn parse(text: &[u8], at: usize) -> Option<Plain> {
    let (columns, count, next) = columns(text, at, 0)?;
    let frame = u32::try_from(whole(columns[0])?).ok().filter(|frame| *frame <= MAX_FRAME)?;
    Some(Plain { frame, detection: detection(&columns, count)?, columns: count, next })
}

/// As [`parse`], with the columns in another order.
pub(super) fn parse_mapped(text: &[u8], at: usize, order: &Columns) -> Option<Plain> {
    let (columns, count, next) = columns(text, at, 0)?;
    if count < order.least() {
        return None;
    }
    let mut frame = None;
    let mut parts = BoxParts::default();
    for (at, number) in columns.iter().enumerate().take(count) {
        match order.role(at, count) {
            Role::Unused => {}
            Role::Frame => frame = u32::try_from(whole(*number)?).ok(),
            Role::Id => parts.id = TrackId::from(whole(*number)?),
            Role::Class => parts.class = Some(whole(*number)?),
            role => parts.set(role, *number),
        }
    }
    let frame = frame.filter(|frame| *frame <= MAX_FRAME)?;
    Some(Plain { frame, detection: parts.detection(), columns: count, next })
}

/// The numbers of a line, from the column `count` on, which begins at `at`; how many columns there
/// are, and where the next line begins.
#[inline(always)]
fn columns(
    text: &[u8],
    mut at: usize,
    mut count: usize,
) -> Option<([f64; MAX_COLUMNS], usize, usize)> {
    // Each number is one divided by another.
    let (mut columns, mut divisors) = ([0.0; MAX_COLUMNS], [1.0; MAX_COLUMNS]);
    let end = loop {
        let rest = text.get(at..)?;
        let last;
        let window = if let Some(window) = rest.first_chunk() {
            window
        } else {
            last = fields::last_window(rest);
            &last
        };
        let mut fields = Fields::find(window)?;
        while let Some(field) = fields.next() {
            let (dividend, divisor) = number::read(window, field)?;
            *columns.get_mut(count)? = dividend;
            divisors[count] = divisor;
            count += 1;
        }
        if fields.nowhere {
            columns.get_mut(count..count + 3)?.fill(-1.0);
            count += 3;
        }
        at += fields.length;
        if fields.ends_line {
            break at;
        }
    };
    let next = match (text.get(end), text.get(end + 1)) {
        (None, _) => end,
        (Some(b'\n'), _) | (Some(b'\r'), None) => end + 1,
        (Some(b'\r'), Some(b'\n')) => end + 2,
        _ => return None,
    };
    // All at once: one by one, dividing would take most of the time.
    for (column, divisor) in columns.iter_mut().zip(&divisors) {
        *column /= divisor;
    }
    Some((columns, count, next))
}

/// A number that is a whole one, and exactly so.
#[inline(always)]
fn whole(number: f64) -> Option<i64> {
    /// The spacing of numbers near this is 1, and the last bits count them. So adding it rounds,
    /// which is quicker than a conversion that looks for what is out of range.
    const NEAR: f64 = 6_755_399_441_055_744.0;
    let rounded = number + NEAR;
    // Too large a number comes back changed, or its last bits no longer count ones.
    (rounded - NEAR == number && number.abs() < NEAR / 4.0)
        .then_some((rounded.to_bits() as i64).wrapping_sub(NEAR.to_bits() as i64))
}

/// The detection that so many columns say.
#[inline(always)]
fn detection(columns: &[f64; MAX_COLUMNS], count: usize) -> Option<Detection> {
    let [_, id, left, top, width, height, confidence, eighth, ninth, tenth] = *columns;
    let mut detection = Detection {
        id: TrackId::from(whole(id)?),
        left,
        top,
        width,
        height,
        confidence: (count > 6).then_some(confidence),
        class: None,
        visibility: None,
        world: WorldPoint::NONE,
    };
    match count {
        0..6 => return None,
        8 | 9 => {
            detection.class = Some(whole(eighth)?);
            detection.visibility = (count == 9).then_some(ninth);
        }
        10 => detection.world = WorldPoint::from([eighth, ninth, tenth]),
        _ => {}
    }
    Some(detection)
}
