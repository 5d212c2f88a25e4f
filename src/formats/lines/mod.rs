//! Formats that have a line of text for each box: where the lines of each frame are, and reading just
//! those of the frame asked for.
//!
//! A format plugs in by its [`LineParser`], which is told by type, so that a box costs no call that is
//! not known when the program is compiled.

mod copied;
mod index;
mod places;
mod provider;
mod read;
mod shifted;
mod text;

#[cfg(test)]
pub(super) use index::Block;
pub use index::{Index, Observer};
pub use provider::{LineProvider, ProviderStatistics};
#[cfg(test)]
pub(super) use read::block as read_block;
pub use shifted::Shifted;
pub use text::{NoText, TextFile};

use crate::model::Detection;
use std::sync::Arc;

/// How a line says a box.
pub trait LineParser: Copy + Send + Sync {
    /// Why a line can't be read.
    type Error;
    /// A frame number, made ready for comparing many lines with it.
    type Wanted: Copy;

    /// Makes a frame number ready for [`Self::quick`].
    fn wanted(self, frame: u32) -> Self::Wanted;

    /// The frame number of a line, if it has one. It does not matter why not: a comment or a blank line
    /// has none either.
    fn frame_of(self, line: &[u8]) -> Option<u32>;

    /// Reads the line that begins at `at` the quick way: its box, and where the next line begins. `None`
    /// where it has to be looked at closely, or is another frame's.
    fn quick(self, text: &[u8], at: usize, frame: Self::Wanted) -> Option<(Detection, usize)>;

    /// Reads a whole line: its frame number, its box and how many columns it has.
    ///
    /// # Errors
    /// The first column that can't be read.
    fn parse(self, line: &[u8]) -> Result<(u32, Detection, usize), Self::Error>;

    /// Whether a line holds nothing to read: blank, or a comment.
    fn is_blank(self, line: &[u8]) -> bool;
}

/// A file whose lines are read by a [`LineParser`].
pub trait LineFormat: Send + Sync {
    /// The text.
    fn text(&self) -> &TextFile;

    /// Does work with the parser of the file's lines.
    fn work<W: Work>(&self, work: W) -> W::Output;
}

impl<F: LineFormat> LineFormat for Arc<F> {
    fn text(&self) -> &TextFile {
        F::text(self)
    }

    #[inline]
    fn work<W: Work>(&self, work: W) -> W::Output {
        F::work(self, work)
    }
}

/// Work that is done with a parser, whichever it is.
pub trait Work {
    /// What comes of it.
    type Output;

    /// Does it.
    fn run(self, parser: impl LineParser) -> Self::Output;
}
