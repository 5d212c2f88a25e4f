//! The one way to write files: never over what is open, and whole or not at all.
//!
//! Whoever writes asks for a [`Place`] first, which is held against the [`Inputs`]: what is open is never
//! written over, by whatever name; what is there already only where that was asked for. A [`Draft`] or a
//! [`Batch`] of files is then written beside it under a name of its own, and takes its name when all of it
//! is on the disk. After an error, a cancel or a signal nothing of it is left, and what was there stays.

mod batch;
mod draft;
mod inputs;
mod place;
mod unfinished;

pub use batch::Batch;
pub use draft::Draft;
pub use inputs::Inputs;
pub use place::{Place, is_direct};
pub use unfinished::{Process, abandon};

use std::{io, path::PathBuf};
use thiserror::Error;

/// Why something is not written. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum OutputError {
    /// It is open.
    #[error("{} is not written: {}. Name another file.", crate::text::path(.path), why_input(.path, .input))]
    Input {
        /// Where to write.
        path: PathBuf,
        /// What is open, as it was named.
        input: PathBuf,
    },
    /// Files of these names are there.
    #[error("{} there already.", these(.path, *.others))]
    Exists {
        /// The first of them.
        path: PathBuf,
        /// How many there are besides.
        others: usize,
    },
    /// It can't be written.
    #[error("{} can't be written: {}.", crate::text::path(.path), crate::text::line(.reason))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// One of several files can't be written, and others have taken their names by then and keep them.
    #[error("{} can't be written: {}. {} could not be put back: what they replaced is kept in {}.", crate::text::path(.path), crate::text::line(.reason), list(.changed), crate::text::path(.former))]
    Half {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
        /// Those that have taken their names.
        changed: Vec<PathBuf>,
        /// The folder with what they replaced.
        former: PathBuf,
    },
    /// Whoever read from the pipe has gone.
    #[error("Nobody reads what is written to {}.", crate::text::path(.0))]
    NobodyReads(PathBuf),
}

impl OutputError {
    /// That `path` can't be written, and why.
    pub fn refused(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::Write { path: path.into(), reason: reason.to_string() }
    }

    fn of(path: impl Into<PathBuf>, error: &io::Error) -> Self {
        Self::refused(path, error)
    }
}

fn why_input(path: &std::path::Path, input: &std::path::Path) -> String {
    if path == input {
        return "it is what is read".to_owned();
    }
    format!("it is the same as {}, which is read", crate::text::path(input))
}

/// The first of the files, and how many there are besides.
fn list(files: &[PathBuf]) -> String {
    const MOST: usize = 20;
    let named = files.iter().take(MOST).map(|file| crate::text::path(file).to_string());
    let named = named.collect::<Vec<_>>().join(", ");
    match files.len().saturating_sub(MOST) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn these(path: &std::path::Path, others: usize) -> String {
    let path = crate::text::path(path);
    match others {
        0 => format!("{path} is"),
        1 => format!("{path} and 1 other file of these names are"),
        others => format!("{path} and {others} other files of these names are"),
    }
}

#[cfg(test)]
mod tests;
