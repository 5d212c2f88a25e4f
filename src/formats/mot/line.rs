//! One line of a MOT file. No I/O and no allocation on the way of a good line.
//!
//! The delimiter is whatever follows the first field: a comma, a semicolon, a tab, or blanks.
//! Around the others, blanks are trimmed. Between semicolons a decimal comma is understood.

mod box_parts;
mod place;
mod plain;
mod split;

use super::{Columns, Role, columns::MAX_COLUMNS};
use crate::{
    formats::lines::LineParser,
    model::{ClassNames, Detection, MAX_FRAME},
};
use box_parts::BoxParts;
use place::{Place, frame_number, is_none, parse_number};
use plain::Beginning;
pub(in crate::formats::mot) use split::fields;
use split::{Fields, is_blank};
use std::fmt;

/// Why a line could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// The column at fault, from 1.
    pub column: usize,
    /// What belongs there.
    pub role: Role,
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
    /// A whole number that no id has, or no class.
    OutOfRange(String),
    /// A frame number below 0 or above [`MAX_FRAME`].
    FrameOutOfRange(String),
    /// A carriage return in the middle of a line: two lines run into one.
    CarriageReturn,
    /// There is a value more than the header names, as where a number has a comma inside: which are which can't
    /// be told.
    Unnamed,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {} ", self.column)?;
        if self.kind != LineErrorKind::Unnamed {
            write!(f, "({}) ", self.role.name())?;
        }
        match &self.kind {
            LineErrorKind::Missing => f.write_str("is missing"),
            LineErrorKind::NotANumber(text) => write!(f, "is not a number: '{text}'"),
            LineErrorKind::NotWhole(text) => write!(f, "is not a whole number: '{text}'"),
            LineErrorKind::NotFinite(text) => write!(f, "is not a finite number: '{text}'"),
            LineErrorKind::OutOfRange(text) => write!(f, "is larger than 64 bits hold: '{text}'"),
            LineErrorKind::FrameOutOfRange(text) => {
                write!(f, "is outside 0..{MAX_FRAME}: '{text}'")
            }
            LineErrorKind::CarriageReturn => f.write_str("has a carriage return inside"),
            LineErrorKind::Unnamed => f.write_str("is one more than the header names"),
        }
    }
}

impl std::error::Error for LineError {}

/// Whether a line holds nothing to read: blank, or a comment.
#[must_use]
pub fn is_blank_or_comment(line: &[u8]) -> bool {
    line.iter().find(|byte| !is_blank(**byte)).is_none_or(|byte| matches!(byte, b'#' | b'%'))
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
        .map_or_else(|| frame_number(Fields::new(line).next().unwrap_or_default(), 1), Ok)
}

/// The MOT format's own columns.
#[derive(Clone, Copy)]
pub(super) struct Usual;

impl LineParser for Usual {
    type Error = LineError;
    type Wanted = Beginning;

    #[inline]
    fn wanted(self, frame: u32) -> Beginning {
        Beginning::of(frame)
    }

    #[inline]
    fn is_blank(self, line: &[u8]) -> bool {
        is_blank_or_comment(line)
    }

    #[inline]
    fn frame_of(self, line: &[u8]) -> Option<u32> {
        match plain::leading_digits(line) {
            Some(frame) => Some(frame),
            None => other_frame_of(line, 0),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a tenth of the cost of a load; measured")]
    fn quick(self, text: &[u8], at: usize, frame: Beginning) -> Option<(Detection, usize)> {
        plain::parse_of(text, at, frame)
    }

    #[inline]
    fn parse(self, line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
        parse_line(line)
    }
}

/// Columns in another order.
#[derive(Clone, Copy)]
pub(super) struct Mapped<'a> {
    pub columns: &'a Columns,
    /// The names of classes that the file has in place of numbers.
    pub names: &'a ClassNames,
    /// Columns that a line has at most, where a header names them.
    pub most: usize,
}

impl LineParser for Mapped<'_> {
    type Error = LineError;
    type Wanted = u32;

    #[inline]
    fn wanted(self, frame: u32) -> u32 {
        frame
    }

    #[inline]
    fn is_blank(self, line: &[u8]) -> bool {
        is_blank_or_comment(line)
    }

    #[inline]
    fn frame_of(self, line: &[u8]) -> Option<u32> {
        match self.columns.place(Role::Frame) {
            Some(0) => Usual.frame_of(line),
            place => other_frame_of(line, place?),
        }
    }

    #[inline]
    fn quick(self, text: &[u8], at: usize, frame: u32) -> Option<(Detection, usize)> {
        let plain = plain::parse_mapped(text, at, self.columns)?;
        let fits = plain.frame == frame && plain.columns <= self.most;
        fits.then_some((plain.detection, plain.next))
    }

    fn parse(self, line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
        match plain::parse_mapped(line, 0, self.columns) {
            Some(plain) if plain.next >= line.len() && plain.columns <= self.most => {
                Ok((plain.frame, plain.detection, plain.columns))
            }
            _ => {
                let read = parse_any(line, self.columns, Some(self.names))?;
                let further = || Fields::new(line).skip(self.most).any(|text| !text.is_empty());
                if read.2 > self.most && further() {
                    let (column, role) = (self.most + 1, Role::Unused);
                    return Err(LineError { column, role, kind: LineErrorKind::Unnamed });
                }
                Ok(read)
            }
        }
    }
}

#[cold]
fn other_frame_of(line: &[u8], place: usize) -> Option<u32> {
    frame_number(Fields::new(line).nth(place).unwrap_or_default(), place + 1).ok()
}

impl Columns {
    /// Reads a line with these columns: its frame number, its box and how many columns it has. A class
    /// that is a name is left out; [`MotFile::parse_line`](super::MotFile::parse_line) gives it a number.
    ///
    /// # Errors
    /// The first column that can't be read.
    pub fn parse_line(&self, line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
        parse_any(line, self, None)
    }
}

/// Reads a whole line: its frame number, its box and how many columns it has.
///
/// ```
/// use motscope::formats::mot::parse_line;
///
/// let (frame, detection, columns) = parse_line(b"7, 3, 113.84, 274.5, 57.3, 130.05, -1, -1, -1, -1")?;
/// assert_eq!((frame, detection.id.number(), columns), (7, 3, 10));
/// assert_eq!(detection.confidence, Some(-1.0));
/// assert_eq!(detection.class, None);
///
/// let error = parse_line(b"7,3,113.84,here,57.3,130.05").unwrap_err();
/// assert_eq!(error.to_string(), "column 4 (top) is not a number: 'here'");
/// # Ok::<(), motscope::formats::mot::LineError>(())
/// ```
///
/// # Errors
/// The first column that can't be read.
pub fn parse_line(line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
    match plain::parse(line, 0) {
        Some(plain) if plain.next >= line.len() => {
            Ok((plain.frame, plain.detection, plain.columns))
        }
        _ => parse_any(line, &Columns::USUAL, None),
    }
}

/// Reads a line of any of the forms that are understood. Where the columns are not the usual ones, and
/// `names` are kept, a class may be a name.
fn parse_any(
    line: &[u8],
    columns: &Columns,
    names: Option<&ClassNames>,
) -> Result<(u32, Detection, usize), LineError> {
    let mut fields = Fields::new(line);
    let mut texts: [&[u8]; MAX_COLUMNS] = [b""; MAX_COLUMNS];
    let mut count = 0;
    for field in fields.by_ref() {
        if let Some(text) = texts.get_mut(count) {
            *text = field;
        }
        count += 1;
    }
    let decimal = fields.decimal();
    let mut frame = 0;
    let mut parts = BoxParts::default();
    for (at, text) in texts.iter().enumerate().take(count.max(columns.least())) {
        let role = columns.role(at, count);
        let place = Place { role, column: at + 1 };
        match role {
            Role::Frame => frame = frame_number(text, place.column)?,
            Role::Id => parts.id = place.id(text)?,
            Role::Confidence => parts.confidence = place.confidence(text, decimal)?,
            Role::Unused => {}
            Role::Class | Role::Visibility if is_none(text) => {}
            Role::Class if columns.has_rest() => parts.class = Some(place.class(text)?),
            Role::Class => parts.class = place.class_or_name(text, names)?,
            Role::WorldX | Role::WorldY | Role::WorldZ => {
                parts.set(role, place.world(text, decimal)?);
            }
            role => parts.set(role, place.finite(text, decimal)?),
        }
    }
    Ok((frame, parts.detection(), count))
}
#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
