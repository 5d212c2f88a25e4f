//! Which files belong together: the annotations, pictures and `seqinfo.ini` of a sequence.

mod error;
mod seqinfo;
mod sequence;

pub use error::LayoutError;
pub use seqinfo::SeqInfo;
pub use sequence::{SequencePaths, find_sequence};

#[cfg(test)]
mod tests;
