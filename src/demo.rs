//! The sequence that comes with the program, made by `motscope generate`.

use crate::{
    formats::mot::{MotError, MotFile},
    layout::{SeqInfo, SequencePaths},
    media::ImageSequence,
};
use include_dir::{Dir, include_dir};
use std::sync::Arc;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets/demo");

/// The annotations that are shown: a tracker's result, with a few mistakes in it.
const ANNOTATIONS: &str = "results/tracker.txt";

fn bytes(name: &str) -> &'static [u8] {
    FILES.get_file(name).map(include_dir::File::contents).unwrap_or_default()
}

/// The annotations of the demo.
///
/// # Errors
/// None, as long as the embedded files are what they were made as.
pub fn source() -> Result<MotFile, MotError> {
    MotFile::from_memory("demo/results/tracker.txt", bytes(ANNOTATIONS))
}

/// The pictures of the demo.
#[must_use]
pub fn images() -> ImageSequence {
    let files = FILES.get_dir("img1").into_iter().flat_map(Dir::files);
    let named =
        files.filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents())));
    ImageSequence::embedded("demo/img1", named)
}

/// Everything that belongs to the demo.
///
/// # Errors
/// As [`source`].
pub fn parts() -> Result<(SequencePaths, Arc<MotFile>, ImageSequence), MotError> {
    let info = SeqInfo::parse(&String::from_utf8_lossy(bytes("seqinfo.ini")));
    let paths = SequencePaths { info, ..SequencePaths::default() };
    Ok((paths, Arc::new(source()?), images()))
}
