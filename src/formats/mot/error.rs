use super::{HeaderError, LineError};
use std::{io, path::PathBuf};
use thiserror::Error;

/// Why annotations can't be opened or read. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum MotError {
    /// The file can't be opened.
    #[error("{path} can't be opened: {source}.", path = crate::text::path(.path))]
    Open {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The file is text of a kind that is not read.
    #[error(
        "{path} is {encoding} text; save it as UTF-8 and open it again.",
        path = crate::text::path(.path)
    )]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The name of the encoding.
        encoding: &'static str,
    },
    /// The file is no text at all.
    #[error(
        "{path} is no text file; a MOT file has a line of text for each box.",
        path = crate::text::path(.path)
    )]
    Binary {
        /// The file.
        path: PathBuf,
    },
    /// None or few of the lines can be read: the file is something else.
    #[error(
        "{path} does not look like a MOT file, whose lines are 'frame, id, left, top, width, \
         height, …': {good} of its first {seen} lines can be read ({}).",
        reasons(.first),
        path = crate::text::path(.path)
    )]
    NotMot {
        /// The file.
        path: PathBuf,
        /// Lines that can be read among those looked at.
        good: u64,
        /// Lines looked at.
        seen: u64,
        /// The first lines that can't be read, and why.
        first: Vec<SkippedLine>,
    },
    /// The text is in a format that is known, and not read.
    #[error(
        "{path} is {format}. Only MOT files and tables with a header are read, a line for each box: \
         'frame, id, left, top, width, height, …'."
    )]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// The format.
        format: &'static str,
    },
    /// A header does not name what is needed.
    #[error(
        "{path} has a header (line {line}: {names}), but {error}. Name the columns with --columns, such \
         as 'frame,id,left,top,width,height', with _ for each to pass over."
    )]
    Header {
        /// The file.
        path: PathBuf,
        /// The header's line, from 1.
        line: u64,
        /// Its names.
        names: String,
        /// What is wrong with them.
        error: HeaderError,
    },
}

/// A line that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedLine {
    /// Line number in the file, from 1.
    pub line: u64,
    /// Its frame number, where at least that can be read.
    pub frame: Option<u32>,
    /// The column at fault and what is wrong with it.
    pub error: LineError,
}

fn reasons(first: &[SkippedLine]) -> String {
    let shown =
        first.iter().take(3).map(|skipped| format!("line {}: {}", skipped.line, skipped.error));
    shown.collect::<Vec<_>>().join("; ")
}
