//! The first lines of a file, split into fields.

use super::Header;
use crate::formats::mot::{Columns, MotFile, Role, columns, line, line::fields};
use std::{io, ops::ControlFlow, path::Path};

/// Lines looked at.
const MOST_LINES: usize = 500;
/// Bytes of them looked at.
const MOST_BYTES: usize = 1 << 20;
/// Comments kept that stand before the first line.
const MOST_COMMENTS: usize = 32;

/// A line that is neither blank nor a comment.
pub(super) struct Line {
    pub number: u64,
    /// Where the next one begins.
    pub end: u64,
    pub text: Vec<u8>,
    pub fields: Vec<String>,
}

/// The first lines of a file.
pub(super) struct Sample {
    pub lines: Vec<Line>,
    /// Comments before the first line, and their numbers.
    comments: Vec<(u64, Vec<u8>)>,
}

impl Sample {
    pub fn read(source: &MotFile) -> io::Result<Self> {
        let mut sample = Self { lines: Vec::new(), comments: Vec::new() };
        let (mut number, mut bytes) = (source.lines_before(), 0);
        source.for_each_line(source.start(), source.len(), &mut Vec::new(), |offset, text| {
            number += 1;
            bytes += text.len();
            if !line::is_blank_or_comment(text) {
                let end = offset + text.len() as u64 + 1;
                let fields = fields(text);
                sample.lines.push(Line { number, end, text: text.to_owned(), fields });
            } else if sample.lines.is_empty() && sample.comments.len() < MOST_COMMENTS {
                sample.comments.push((number, text.to_owned()));
            }
            if sample.lines.len() == MOST_LINES || bytes > MOST_BYTES {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        Ok(sample)
    }

    /// How many columns most lines have.
    pub fn columns(&self) -> usize {
        let mut counts: Vec<usize> = self.lines.iter().map(|line| line.fields.len()).collect();
        counts.sort_unstable();
        let most = counts.chunk_by(|a, b| a == b).max_by_key(|chunk| chunk.len());
        most.and_then(<[usize]>::first).copied().unwrap_or(0)
    }

    /// A comment that names as many columns as the lines have, and what they hold.
    pub fn commented_header(&self) -> Option<(Header, Columns)> {
        let columns = self.columns();
        self.comments.iter().find_map(|(number, text)| {
            let start = text.iter().position(|byte| !matches!(byte, b'#' | b'%' | b' ' | b'\t'))?;
            let names = fields(&text[start..]);
            let named = columns::of_header(&names).ok().flatten()?;
            let header = Header {
                line: *number,
                text: text.clone(),
                names,
                before: Vec::new(),
                ragged: false,
            };
            (header.names.len() == columns).then_some((header, named))
        })
    }

    /// The numbers of a column, from 0, in lines of `count` columns. Nothing where some line has none there.
    pub fn numbers(&self, at: usize) -> Option<Vec<f64>> {
        self.lines.iter().map(|line| number(line.fields.get(at)?)).collect()
    }

    /// Whether this is plausibly ground truth of MOT16, MOT17 or MOT20, whose classes have names.
    pub fn is_mot16(&self, columns: &Columns, path: &Path) -> bool {
        let nine = columns.is_usual() && self.columns() == 9;
        let named = || {
            let words = path.to_string_lossy().to_uppercase();
            words.split(['/', '\\', '.', '_', '-']).any(|word| {
                let rest = word.strip_prefix("MOT");
                rest.is_some_and(|rest| matches!(rest, "16" | "17" | "20" | "17DET" | "20DET"))
            })
        };
        let column = |at| self.numbers(at).filter(|numbers| !numbers.is_empty());
        let (Some(flags), Some(classes), Some(shares)) = (column(6), column(7), column(8)) else {
            return false;
        };
        let is_class = |class: &f64| class.fract() == 0.0 && (1.0..=13.0).contains(class);
        // Ground truth of one class says nothing by itself; static persons, distractors and reflections do.
        let telling = classes.iter().filter(|class| **class >= 7.0).count() > 0
            && classes.iter().any(|class| *class < 7.0);
        nine && flags.iter().all(|flag| *flag == 0.0 || *flag == 1.0)
            && classes.iter().all(is_class)
            && shares.iter().all(|share| (0.0..=1.0).contains(share))
            && (telling || named())
    }
}

/// A field as a number.
pub(super) fn number(field: &str) -> Option<f64> {
    fast_float2::parse::<f64, _>(field).ok().filter(|number| number.is_finite())
}

/// Whether a field is a word: neither a number nor nothing.
pub(super) fn is_word(field: &str) -> bool {
    field.chars().any(char::is_alphabetic)
        && fast_float2::parse::<f64, _>(field).is_err()
        && !["none", "null", "na", "n/a", "<na>"].contains(&field.to_lowercase().as_str())
}

/// Whether a column is used by something.
pub(super) fn roles_of(columns: &Columns, count: usize) -> Vec<Role> {
    (0..count).map(|at| columns.role(at, count)).collect()
}
