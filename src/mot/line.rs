//! One line of a MOT file. No I/O and no allocation on the way of a good line.
//!
//! The delimiter is whatever follows the first field: a comma, a semicolon, a tab, or blanks.
//! Around the others, blanks are trimmed. Between semicolons a decimal comma is understood.

mod plain;

use super::index::Block;
pub(in crate::mot) use plain::Beginning;
use serde::Serialize;
use std::fmt;

/// One box of one frame, as its line says it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Detection {
    /// Track id; negative: no identity.
    pub id: i64,
    /// Left edge, in pixels of the picture.
    pub left: f64,
    /// Top edge, in pixels of the picture.
    pub top: f64,
    /// Width in pixels; zero or less is drawn as a point.
    pub width: f64,
    /// Height in pixels; zero or less is drawn as a point.
    pub height: f64,
    /// Column 7. The scale is the tracker's own; -1 often stands for 'none'.
    pub confidence: Option<f64>,
    /// Column 8 of lines with 8 or 9 columns.
    pub class: Option<i64>,
    /// Column 9 of lines with 9 columns, from 0 to 1.
    pub visibility: Option<f64>,
    /// Columns 8 to 10 of lines with 10 columns or more: the place in the world.
    #[serde(skip)]
    pub world: Option<[f64; 3]>,
}

/// The columns that a line may have, numbered from 1.
const COLUMN_NAMES: [&str; 10] =
    ["frame", "id", "left", "top", "width", "height", "confidence", "class", "visibility", "z"];

/// Columns that are looked at; further ones are ignored.
const MAX_COLUMNS: usize = COLUMN_NAMES.len();

/// The highest frame number that can be held.
pub const MAX_FRAME: u32 = u32::MAX - 1;

/// Why a line could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// The column at fault, from 1.
    pub column: usize,
    /// What is wrong with it.
    pub kind: LineErrorKind,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineErrorKind {
    /// The field is not there, or is empty.
    Missing,
    /// The field is no number.
    NotANumber(String),
    /// The field is a number, but a whole one belongs there.
    NotWhole(String),
    /// The field is infinite or 'not a number'.
    NotFinite(String),
    /// A frame number below 0 or above [`MAX_FRAME`].
    FrameOutOfRange(String),
    /// A carriage return in the middle of a line: two lines run into one.
    CarriageReturn,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = COLUMN_NAMES.get(self.column - 1).copied().unwrap_or("extra");
        write!(f, "column {} ({name}) ", self.column)?;
        match &self.kind {
            LineErrorKind::Missing => f.write_str("is missing"),
            LineErrorKind::NotANumber(text) => write!(f, "is not a number: '{text}'"),
            LineErrorKind::NotWhole(text) => write!(f, "is not a whole number: '{text}'"),
            LineErrorKind::NotFinite(text) => write!(f, "is not a finite number: '{text}'"),
            LineErrorKind::FrameOutOfRange(text) => {
                write!(f, "is outside 0..{MAX_FRAME}: '{text}'")
            }
            LineErrorKind::CarriageReturn => f.write_str("has a carriage return inside"),
        }
    }
}

impl std::error::Error for LineError {}

/// Whether a line holds nothing to read: blank, or a comment.
#[must_use]
pub fn is_blank_or_comment(line: &[u8]) -> bool {
    line.iter().find(|byte| !is_blank(**byte)).is_none_or(|byte| *byte == b'#')
}

/// Whether a first line that can't be read names columns instead of holding numbers.
#[must_use]
pub fn is_header(line: &[u8]) -> bool {
    let first = Fields::new(line).next().unwrap_or_default();
    let named = first.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    named && parse_number(first, b',').is_none()
}

/// The frame number of a line, and nothing else of it.
///
/// # Errors
/// Where the first field is missing or no frame number.
pub fn parse_frame(line: &[u8]) -> Result<u32, LineError> {
    plain::leading_digits(line)
        .map_or_else(|| frame_number(Fields::new(line).next().unwrap_or_default()), Ok)
}

/// As [`parse_frame`], for when it does not matter why there is none: a comment or a blank line has no
/// frame number either.
#[inline]
pub(super) fn frame_of(line: &[u8]) -> Option<u32> {
    match plain::leading_digits(line) {
        Some(frame) => Some(frame),
        None => other_frame_of(line),
    }
}

#[cold]
fn other_frame_of(line: &[u8]) -> Option<u32> {
    frame_number(Fields::new(line).next().unwrap_or_default()).ok()
}

/// Reads a whole line: its frame number, its box and how many columns it has.
///
/// ```
/// use motscope::mot::parse_line;
///
/// let (frame, detection, columns) = parse_line(b"7, 3, 113.84, 274.5, 57.3, 130.05, -1, -1, -1, -1")?;
/// assert_eq!((frame, detection.id, columns), (7, 3, 10));
/// assert_eq!(detection.confidence, Some(-1.0));
/// assert_eq!(detection.class, None);
///
/// let error = parse_line(b"7,3,113.84,here,57.3,130.05").unwrap_err();
/// assert_eq!(error.to_string(), "column 4 (top) is not a number: 'here'");
/// # Ok::<(), motscope::mot::LineError>(())
/// ```
///
/// # Errors
/// The first column that can't be read.
pub fn parse_line(line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
    match plain::parse(line, 0) {
        Some(plain) if plain.next >= line.len() => {
            Ok((plain.frame, plain.detection, plain.columns))
        }
        _ => parse_any(line),
    }
}

/// Reads the lines of one frame that stand together: the quick way where they are plain, which also
/// finds where they end. Calls `other` with each line that has to be looked at closely.
pub(super) fn parse_block(
    block: Block<'_>,
    terminator: u8,
    frame: u32,
    detections: &mut Vec<Detection>,
    mut other: impl FnMut(&[u8], &mut Vec<Detection>),
) {
    let Block { text, end } = block;
    let beginning = Beginning::of(frame);
    let quick = terminator == b'\n';
    let mut at = 0;
    while at < end {
        let read = quick.then(|| plain::parse_of(text, at, beginning)).flatten();
        if let Some((detection, next)) = read {
            detections.push(detection);
            at = next;
        } else {
            let rest = &text[at..end];
            let length = memchr::memchr(terminator, rest).unwrap_or(rest.len());
            other(&rest[..length], detections);
            at += length + 1;
        }
    }
}

/// Reads the line that `text` begins with, as [`parse_block`] does. `whole` says that the text is the
/// line alone; otherwise it is no line as long as it has no end, and `false` is returned.
#[inline]
pub(super) fn parse_first(
    text: &[u8],
    whole: bool,
    terminator: u8,
    frame: Beginning,
    detections: &mut Vec<Detection>,
    other: impl FnOnce(&[u8], &mut Vec<Detection>),
) -> bool {
    if let Some((detection, next)) = plain::parse_of(text, 0, frame)
        && if whole {
            next >= text.len()
        } else {
            terminator == b'\n' && text.get(next - 1) == Some(&terminator)
        }
    {
        detections.push(detection);
        return true;
    }
    let end = memchr::memchr(terminator, text).or(whole.then_some(text.len()));
    // Zeros come where a mapped file was cut within a page: then it has to be read by position.
    let end = end.filter(|end| whole || memchr::memchr(0, &text[..*end]).is_none());
    end.map(|end| other(&text[..end], detections)).is_some()
}

/// Reads a line of any of the forms that are understood.
fn parse_any(line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
    let mut fields = Fields::new(line);
    let mut columns: [&[u8]; MAX_COLUMNS] = [b""; MAX_COLUMNS];
    let mut count = 0;
    for field in fields.by_ref() {
        if let Some(column) = columns.get_mut(count) {
            *column = field;
        }
        count += 1;
    }
    let decimal = fields.decimal();
    let number = |column: usize| finite(columns[column - 1], column, decimal);
    let frame = frame_number(columns[0])?;
    let id = whole(columns[1], 2)?;
    let mut detection = Detection {
        id,
        left: number(3)?,
        top: number(4)?,
        width: number(5)?,
        height: number(6)?,
        confidence: None,
        class: None,
        visibility: None,
        world: None,
    };
    if !columns[6].is_empty() {
        let confidence = parse_number(columns[6], decimal);
        // A confidence that is not finite says nothing; the box is good all the same.
        detection.confidence =
            Some(confidence.ok_or_else(|| not_a_number(columns[6], 7))?).filter(|c| c.is_finite());
    }
    match count {
        8 | 9 => {
            let present = |column: usize| !columns[column - 1].is_empty();
            detection.class = present(8).then(|| whole(columns[7], 8)).transpose()?;
            detection.visibility = present(9).then(|| number(9)).transpose()?;
        }
        10.. => detection.world = world(&columns, decimal)?,
        _ => {}
    }
    Ok((frame, detection, count))
}

/// The place in the world, where the columns hold one. Text there is no error, as some trackers
/// write a label into a further column.
fn world(columns: &[&[u8]; MAX_COLUMNS], decimal: u8) -> Result<Option<[f64; 3]>, LineError> {
    let mut place = [0.0; 3];
    for (offset, value) in place.iter_mut().enumerate() {
        let text = columns[7 + offset];
        if text.contains(&b'\r') {
            let kind = LineErrorKind::CarriageReturn;
            return Err(LineError { column: 8 + offset, kind });
        }
        // Left by a hole in the file, and no label.
        if text.contains(&0) {
            return Err(not_a_number(text, 8 + offset));
        }
        match parse_number(text, decimal) {
            Some(number) => *value = number,
            None => return Ok(None),
        }
    }
    Ok(Some(place))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The fields of a line, trimmed of blanks and quotes.
struct Fields<'a> {
    rest: &'a [u8],
    /// Zero until the first field has been seen.
    delimiter: u8,
    ended: bool,
}

impl<'a> Fields<'a> {
    fn new(line: &'a [u8]) -> Self {
        Self { rest: trim(line), delimiter: 0, ended: false }
    }

    /// What stands before the decimals.
    fn decimal(&self) -> u8 {
        if self.delimiter == b';' { b',' } else { b'.' }
    }

    fn find_delimiter(&self) -> u8 {
        let end = self.rest.iter().position(|byte| matches!(byte, b',' | b';' | b'\t' | b' '));
        let Some(end) = end else { return b',' };
        let after = self.rest[end..].iter().find(|byte| **byte != b' ');
        after.copied().filter(|byte| matches!(byte, b',' | b';' | b'\t')).unwrap_or(b' ')
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.ended {
            return None;
        }
        if self.delimiter == 0 {
            self.delimiter = self.find_delimiter();
        }
        let delimiter = self.delimiter;
        let splits = |byte: &u8| *byte == delimiter || (delimiter == b' ' && *byte == b'\t');
        let end = self.rest.iter().position(splits);
        let (field, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &b""[..]),
        };
        self.rest = if delimiter == b' ' { trim(rest) } else { rest };
        // A delimiter at the very end closes the last field and opens none.
        self.ended = end.is_none() || self.rest.is_empty();
        Some(unquote(trim(field)))
    }
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_blank(*last)
    {
        text = rest;
    }
    text
}

fn unquote(field: &[u8]) -> &[u8] {
    match field {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => trim(inner),
        _ => field,
    }
}

fn shown(text: &[u8]) -> String {
    const LONGEST: usize = 24;
    let text = String::from_utf8_lossy(text);
    if text.chars().count() <= LONGEST {
        return text.escape_debug().to_string();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{}…", start.escape_debug())
}

fn not_a_number(text: &[u8], column: usize) -> LineError {
    let kind = if text.is_empty() {
        LineErrorKind::Missing
    } else if text.contains(&b'\r') {
        LineErrorKind::CarriageReturn
    } else {
        LineErrorKind::NotANumber(shown(text))
    };
    LineError { column, kind }
}

fn parse_number(text: &[u8], decimal: u8) -> Option<f64> {
    if decimal == b',' && text.contains(&b',') {
        let mut buffer = [0; 64];
        let copy = buffer.get_mut(..text.len())?;
        copy.copy_from_slice(text);
        copy.iter_mut().filter(|byte| **byte == b',').for_each(|byte| *byte = b'.');
        return fast_float2::parse(&*copy).ok();
    }
    fast_float2::parse(text).ok()
}

fn finite(text: &[u8], column: usize, decimal: u8) -> Result<f64, LineError> {
    let number = parse_number(text, decimal).ok_or_else(|| not_a_number(text, column))?;
    if number.is_finite() {
        return Ok(number);
    }
    Err(LineError { column, kind: LineErrorKind::NotFinite(shown(text)) })
}

fn whole(text: &[u8], column: usize) -> Result<i64, LineError> {
    /// Above this, a float no longer tells neighbouring whole numbers apart.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(number) = digits(text) {
        return Ok(number);
    }
    let number = finite(text, column, b'.')?;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Ok(number as i64);
    }
    Err(LineError { column, kind: LineErrorKind::NotWhole(shown(text)) })
}

/// Plain digits with an optional sign, as an integer of any size that fits.
fn digits(text: &[u8]) -> Option<i64> {
    let text = text.strip_prefix(b"+").unwrap_or(text);
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn frame_number(text: &[u8]) -> Result<u32, LineError> {
    let number = whole(text, 1)?;
    u32::try_from(number)
        .ok()
        .filter(|frame| *frame <= MAX_FRAME)
        .ok_or_else(|| LineError { column: 1, kind: LineErrorKind::FrameOutOfRange(shown(text)) })
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
