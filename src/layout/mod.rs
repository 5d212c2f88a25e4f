//! Which files belong together: the annotations, pictures and `seqinfo.ini` of a sequence.

mod benchmark;
mod error;
mod seqinfo;
mod sequence;

pub use benchmark::{Benchmark, counterpart, layer_name, results_of, sequence_of};
pub use error::LayoutError;
pub use seqinfo::SeqInfo;
pub use sequence::{SequencePaths, find_sequence};

#[cfg(test)]
mod tests;
