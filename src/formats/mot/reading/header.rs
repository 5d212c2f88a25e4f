//! The line that names the columns, and which columns it names.

use super::{
    Header,
    sample::{Line, Sample, number},
};
use crate::formats::mot::{Columns, HeaderError, Role, columns, line};
use std::{cmp::Ordering, collections::HashSet};

/// Lines that may stand before a header, and are none themselves.
const MOST_BEFORE: usize = 3;

impl Sample {
    /// Takes a header from the lines, if there is one, with what stands before it; and where the next line
    /// begins.
    pub fn take_header(&mut self) -> Option<(Header, u64)> {
        let at = self.behind_titles().unwrap_or(0);
        let first = self.lines.get(at)?;
        if !is_header(first) && !is_separator(first) {
            return None;
        }
        let before: Vec<Line> = self.lines.drain(..at).collect();
        let line = self.lines.remove(0);
        let mut names = names(&line);
        // Where some lines have just the columns that are named, the others have too many by mistake.
        let has = |wanted: Ordering| {
            self.lines.iter().any(|line| line.fields.len().cmp(&names.len()) == wanted)
        };
        let (fits, ragged) = (has(Ordering::Equal), has(Ordering::Equal) && has(Ordering::Greater));
        // Programs that number the rows don't name that column, or not even delimit it.
        if !ragged && self.columns() == names.len() + 1 && self.has_row_names(&names, &line) {
            names.insert(0, String::new());
        }
        // Values without a name.
        if !fits && names.len() < self.columns() && !is_separator(&line) {
            names.resize(self.columns(), String::new());
        }
        let before = before.iter().map(|line| (line.number, line.text.clone())).collect();
        Some((Header { line: line.number, text: line.text, names, before, ragged }, line.end))
    }

    /// Where a header stands that follows a title, a note, or the line by which Excel is told the delimiter.
    fn behind_titles(&self) -> Option<usize> {
        let at = (1..=MOST_BEFORE).find(|at| {
            let known = |line: &Line| {
                is_header(line)
                    && line.fields.len() >= 5
                    && !matches!(columns::of_header(&names(line)), Ok(None))
            };
            self.lines.get(*at).is_some_and(known)
        })?;
        let columns = self.lines[at].fields.len();
        let is_title = |line: &Line| {
            is_separator(line)
                || line.text.starts_with(b"//")
                || (line.fields.len() < columns
                    && line::parse_line(&line.text).is_err()
                    && number(&line.fields[0]).is_none())
        };
        let names_nothing = |line: &Line| {
            !is_header(line) || matches!(columns::of_header(&names(line)), Ok(None) | Err(_))
        };
        self.lines[..at].iter().all(|line| is_title(line) && names_nothing(line)).then_some(at)
    }

    /// Whether lines with a column more than there are names begin with the name of their row, as R writes
    /// them: the names fit no other columns, or the rows are numbered or named in quotes.
    fn has_row_names(&self, names: &[String], header: &Line) -> bool {
        let count = names.len();
        let Ok(named) = columns::of_header(names) else { return false };
        let roles: Vec<Role> =
            (0..count).map(|at| named.unwrap_or_default().role(at, count)).collect();
        let (shifted, straight) = (self.is_plausible(&roles, 1), self.is_plausible(&roles, 0));
        if shifted != straight {
            return shifted;
        }
        let quote = |text: &[u8]| matches!(text.first(), Some(b'"' | b'\''));
        let quoted = |line: &Line| {
            let rest =
                line.text.iter().skip_while(|byte| !matches!(byte, b',' | b';' | b'\t' | b' '));
            quote(&line.text) && rest.copied().nth(1).is_none_or(|byte| !quote(&[byte]))
        };
        let numbered = || {
            let rising = |numbers: Vec<f64>| numbers.windows(2).all(|two| two[1] == two[0] + 1.0);
            let frame = roles.iter().position(|role| *role == Role::Frame);
            let frames = frame.and_then(|at| self.numbers(at + 1)).unwrap_or_default();
            self.numbers(0).is_some_and(rising)
                && frames.windows(2).all(|two| two[0] <= two[1])
                && frames.first() != frames.last()
        };
        let by_quotes = self.lines.iter().all(quoted) && !self.lines.is_empty();
        by_quotes || (shifted && numbered() && !header.fields.is_empty())
    }

    /// Whether the columns from `from` on can hold `roles`: frames and ids are whole, no box is there twice,
    /// boxes have a size, confidences and shares are none.
    fn is_plausible(&self, roles: &[Role], from: usize) -> bool {
        let column = |wanted: Role| {
            let at = roles.iter().position(|role| *role == wanted)?;
            Some(self.lines.iter().map(move |line| {
                line.fields.get(at + from).map(String::as_str).unwrap_or_default()
            }))
        };
        let all = |role, fits: &dyn Fn(f64) -> bool| {
            // What is left empty is nothing.
            column(role).is_none_or(|mut fields| {
                fields.all(|field| number(field).map_or(!has_digits(field), fits))
            })
        };
        let some_above_one = |role| {
            column(role).is_none_or(|mut fields| {
                fields.any(|field| number(field).is_some_and(|number| number > 1.0))
            })
        };
        let sizes = [Role::Width, Role::Height, Role::Right, Role::Bottom];
        let shares = sizes.into_iter().all(|role| !some_above_one(role) || column(role).is_none());
        let frames = column(Role::Frame).is_some_and(|mut fields| {
            fields.all(|field| {
                number(field).is_some_and(|frame| frame >= 0.0 && frame.fract() == 0.0)
            })
        });
        let mut seen = HashSet::new();
        let once = match (column(Role::Frame), column(Role::Id)) {
            (Some(frames), Some(ids)) => frames.zip(ids).all(|(frame, id)| {
                number(id).is_none_or(|id| id < 0.0) || seen.insert((frame, id))
            }),
            _ => true,
        };
        frames
            && once
            && all(Role::Id, &|id| id.fract() == 0.0)
            && sizes
                .into_iter()
                .all(|role| all(role, &|_| true) && (shares || some_above_one(role)))
            && all(Role::Confidence, &|share| share.abs() <= 1.0)
            && all(Role::Visibility, &|share| share == -1.0 || (0.0..=1.0).contains(&share))
    }
}

/// The columns that a header names; `None` where its names say nothing known. Behind the number of the row,
/// which has no name, names that say nothing are those of the MOT format's columns.
///
/// # Errors
/// Where what is needed is not named.
pub(super) fn columns_of(header: &Header) -> Result<Option<Columns>, HeaderError> {
    let named = columns::of_header(&header.names)?;
    let count = header.names.len().saturating_sub(1);
    let is_first = header.names.first().is_some_and(String::is_empty);
    if named.is_some() || !is_first || count < Columns::USUAL.least() {
        return Ok(named);
    }
    let mut roles = vec![Role::Unused];
    roles.extend((0..count).map(|at| Columns::USUAL.role(at, count)));
    Ok(Columns::new(&roles, false).ok())
}

impl Header {
    /// Whether it names a third and a fourth corner.
    pub(super) fn has_corners(&self) -> bool {
        let bare = |name: &String| -> String {
            let letters = name.chars().filter(|letter| letter.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let names: HashSet<String> = self.names.iter().map(bare).collect();
        let has = |name: &str| names.contains(name);
        [["x3", "y3", "x4", "y4"], ["x2", "y2", "x3", "y3"]]
            .iter()
            .any(|all| all.iter().all(|n| has(n)))
    }
}

fn has_digits(field: &str) -> bool {
    field.bytes().any(|byte| byte.is_ascii_digit())
}

/// The line by which Excel is told the delimiter.
fn is_separator(line: &Line) -> bool {
    let text = line.text.trim_ascii();
    text.len() <= 6 && text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"sep="))
}

/// Whether a line names columns, instead of holding numbers.
fn is_header(line: &Line) -> bool {
    let names = names(line);
    let numbers = names.iter().filter(|field| number(field).is_some()).count();
    let name = names.iter().find(|field| !field.is_empty());
    // In whatever script: a word that is no number.
    let is_word = |name: &String| {
        let begins = name.chars().next().is_some_and(char::is_alphanumeric);
        begins && name.chars().any(char::is_alphabetic) && number(name).is_none()
    };
    let named = name.is_some_and(|name| line::is_header(name.as_bytes()) || is_word(name))
        && 2 * numbers <= names.len();
    let is_note = line.text.starts_with(b"//") && matches!(columns::of_header(&names), Ok(None));
    (named && !is_note) || is_numbered(&names)
}

/// The names of a header, without what is around them: `// frame`, or `<frame>` as the MOT format's own
/// description has them.
fn names(line: &Line) -> Vec<String> {
    let noted = line.text.strip_prefix(b"//");
    let names = noted.map_or_else(|| line.fields.clone(), |text| line::fields(text.trim_ascii()));
    let bare = |name: &String| Some(name.strip_prefix('<')?.strip_suffix('>')?.to_owned());
    let all: Option<Vec<String>> = names.iter().map(bare).collect();
    all.filter(|names| names.len() >= 5).unwrap_or(names)
}

/// Whether columns are 'named' by their numbers, from 0: as pandas does with a table that has no names.
fn is_numbered(fields: &[String]) -> bool {
    let names = match fields {
        [first, rest @ ..] if first.is_empty() => rest,
        all => all,
    };
    names.len() >= 6 && names.iter().enumerate().all(|(at, name)| *name == at.to_string())
}
