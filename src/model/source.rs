//! Where annotations come from.

use super::FrameDetections;
use std::{
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Annotations that are read frame by frame. What is known of their frames may grow while they are in use.
pub trait AnnotationSource: Send + Sync {
    /// The file.
    fn path(&self) -> &Path;

    /// Frames that are known to have something.
    fn frame_count(&self) -> usize;

    /// The frame with so many known ones before it.
    fn frame_at(&self, rank: usize) -> Option<u32>;

    /// How many known frames come before one.
    fn rank_of(&self, frame: u32) -> usize;

    /// The boxes of a frame; none where it has none.
    ///
    /// # Errors
    /// Where they can't be read any more.
    fn load(&self, frame: u32) -> Result<FrameDetections, ReadError>;
}

/// Why boxes can't be read any more. The message is a whole sentence for a person.
#[derive(Debug, Error)]
#[error("{path} can't be read any more: {source}. Reload it.", path = crate::text::path(.path))]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// The operating system's reason.
    pub source: io::Error,
}
