//! Pictures of frames: folders of images, and video files, decoded on the cache's workers.

mod alignment;
mod images;
mod numbering;
mod picture;
mod pictures;
mod video;

use alignment::advise;
pub use alignment::{Advice, Alignment, Better, Place, Ratio};
pub use images::ImageSequence;
pub use picture::{Picture, PictureError, decode};
pub use pictures::{Pictures, Troubles};
pub use video::{
    Count, Damage, Ffmpeg, Header, MOST_PROCESSES, News, Options as VideoOptions, Video,
    VideoError, VideoStream, why_not_encoded,
};

#[cfg(fuzzing)]
pub use video::read_showinfo;

use crate::mot::{MotError, SequencePaths, is_binary};
use std::path::Path;

/// As [`SequencePaths::find`], with a certain video where there is one. What is neither text nor begins
/// as a well-known kind of video is shown to FFmpeg, which takes a moment.
///
/// # Errors
/// As [`SequencePaths::find`] and [`SequencePaths::with_video`].
pub fn find_sequence(
    path: &Path,
    images: Option<&Path>,
    video: Option<&Path>,
) -> Result<SequencePaths, MotError> {
    let mut found = SequencePaths::find(path, images)?;
    let is_unknown = found.annotations.as_deref() == Some(path) && is_binary(path);
    if is_unknown && Video::is_media(path) {
        found = SequencePaths::of_video(path);
    }
    found.with_video(video)
}
