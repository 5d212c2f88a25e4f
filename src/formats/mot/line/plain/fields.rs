//! Where the fields of a line are, and the points in them: found for 64 bytes at once and without
//! regard to what they say, so that a processor need not have understood one before it begins with
//! the next. A bit stands for a byte, the lowest for the first.

use std::num::NonZero;
use wide::i8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 64;
/// Bytes that can be read: eight and one from wherever a field begins.
pub(super) const WINDOW: usize = BLOCK + 16;

/// A field, in bytes from where the window begins.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// Where its digits begin, and where it ends.
    pub begin: u32,
    pub end: u32,
    /// Where its point is, if it has one.
    pub point: Option<u32>,
    pub negative: bool,
}

/// The fields that begin and end in a block, which begins with a field.
pub(super) struct Fields {
    begins: u64,
    ends: u64,
    points: u64,
    minuses: u64,
    /// Whether three more follow that are all -1: what nearly every result says of the place in the
    /// world. Not worth reading number by number.
    pub nowhere: bool,
    /// Bytes up to the end of the line or, where it is not among them, to the next field.
    pub length: usize,
    pub ends_line: bool,
}

/// The end of a text, with zeros behind it, which end a line as well.
#[cold]
pub(super) fn last_window(text: &[u8]) -> [u8; WINDOW] {
    let mut window = [0; WINDOW];
    let some = text.len().min(WINDOW);
    window[..some].copy_from_slice(&text[..some]);
    window
}

/// With the comma before it.
const NOWHERE: &[u8; 9] = b",-1,-1,-1";
/// As programs write it that have only numbers with a point.
const NOWHERE_WITH_POINTS: &[u8; 15] = b",-1.0,-1.0,-1.0";

impl Fields {
    /// `None` where there is anything but plain numbers, or no whole one.
    #[inline(always)]
    pub fn find(window: &[u8; WINDOW]) -> Option<Self> {
        let bytes = Bytes::of(window);
        let mut others = !(bytes.commas | bytes.points | bytes.digits | bytes.minuses);
        let mut blanks = 0;
        if others != 0 && window[others.trailing_zeros() as usize & 63] == b' ' {
            blanks = bits(window, |part| part.simd_eq(i8x16::splat(b' ' as i8)));
            others &= !blanks;
        }
        let ends_line = others != 0;
        // The end of the line, or the last comma.
        let end = if ends_line { others & others.wrapping_neg() } else { highest(bytes.commas)? };
        let length = end.trailing_zeros() as usize;
        // Up to there, or to the comma before those three.
        let nowhere = if ends_line { length_of_nowhere(window, length) } else { 0 };
        let used = (end | (end - 1)) >> nowhere;
        let (commas, blanks) = (bytes.commas & used, blanks & used);
        let mut ends = commas | (end & used);
        let mut begins = ((commas << 1) | 1) & used;
        if blanks != 0 {
            // Added to a bit at its start, a run of blanks carries it to its end.
            let moved = (begins & blanks).wrapping_add(blanks);
            begins = (begins & !blanks) | (moved & !blanks);
            if moved & blanks != 0 {
                return None;
            }
        }
        let points = bytes.points & used;
        let minuses = bytes.minuses & used;
        // Only where a field begins, and not all of it.
        if minuses & (!begins | (ends >> 1)) != 0 {
            return None;
        }
        begins += minuses;
        let empty = begins & ends;
        if empty != 0 {
            // A comma at the very end closes the last field and opens none.
            if empty != end || !ends_line {
                return None;
            }
            begins ^= empty;
            ends ^= empty;
        }
        // Below its end, a field's lowest point stays in the difference, and any further one does
        // not.
        if points & (!ends.wrapping_sub(points) | (ends >> 1)) != 0 {
            return None;
        }
        let length = length + usize::from(!ends_line);
        Some(Self { begins, ends, points, minuses, nowhere: nowhere > 0, length, ends_line })
    }

    #[inline(always)]
    pub fn next(&mut self) -> Option<Field> {
        let (ends, begins) = (NonZero::new(self.ends)?, NonZero::new(self.begins)?);
        let (begin, end) = (begins.trailing_zeros(), ends.trailing_zeros());
        self.begins &= self.begins - 1;
        self.ends &= self.ends - 1;
        let negative = ((self.minuses << 1) >> begin) & 1 == 1;
        let mut point = None;
        if let Some(points) = NonZero::new(self.points)
            && points.trailing_zeros() < end
        {
            point = Some(points.trailing_zeros());
            self.points &= self.points - 1;
        }
        Some(Field { begin, end, point, negative })
    }
}

/// Bytes of those three fields.
#[inline(always)]
fn length_of_nowhere(window: &[u8; WINDOW], end: usize) -> usize {
    if is_before(NOWHERE, window, end) {
        NOWHERE.len()
    } else if is_before(NOWHERE_WITH_POINTS, window, end) {
        NOWHERE_WITH_POINTS.len()
    } else {
        0
    }
}

#[inline(always)]
fn is_before<const N: usize>(text: &[u8; N], window: &[u8; WINDOW], end: usize) -> bool {
    end.checked_sub(N).is_some_and(|at| window[at & 63..].first_chunk() == Some(text))
}

#[inline(always)]
fn highest(bits: u64) -> Option<u64> {
    (bits != 0).then(|| 1 << 63 >> bits.leading_zeros())
}

/// Which bytes of a block are what.
struct Bytes {
    commas: u64,
    points: u64,
    minuses: u64,
    digits: u64,
}

impl Bytes {
    #[inline(always)]
    fn of(window: &[u8; WINDOW]) -> Self {
        Self {
            commas: bits(window, |part| part.simd_eq(i8x16::splat(b',' as i8))),
            points: bits(window, |part| part.simd_eq(i8x16::splat(b'.' as i8))),
            minuses: bits(window, |part| part.simd_eq(i8x16::splat(b'-' as i8))),
            digits: bits(window, |part| {
                // Moved to where they are the lowest ten of all.
                let moved = part - i8x16::splat(i8::MIN + b'0' as i8);
                moved.simd_lt(i8x16::splat(i8::MIN + 10))
            }),
        }
    }
}

#[inline(always)]
fn bits(window: &[u8; WINDOW], is: impl Fn(i8x16) -> i8x16) -> u64 {
    let (parts, _) = window[..BLOCK].as_chunks::<16>();
    let found = parts.iter().map(|part| is(i8x16::new(part.map(|byte| byte as i8))).to_bitmask());
    found.zip(0..).fold(0, |all, (found, part)| all | u64::from(found) << (16 * part))
}
