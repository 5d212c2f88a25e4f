use std::{io, path::PathBuf};
use thiserror::Error;

/// Why a video, or a picture of it, can't be shown. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum VideoError {
    /// There is no FFmpeg.
    #[error(
        "Videos need FFmpeg, which was not found. Install it (Debian, Ubuntu: apt install ffmpeg; \
         macOS: brew install ffmpeg; Windows: winget install ffmpeg) and open the video again."
    )]
    NoFfmpeg,
    /// The file is no video, or none that FFmpeg can read.
    #[error(
        "{path} can't be opened as a video: {reason}.",
        path = crate::text::path(.path), reason = crate::text::line(.reason)
    )]
    NoVideo {
        /// The file.
        path: PathBuf,
        /// FFmpeg's reason.
        reason: String,
    },
    /// FFmpeg was found and does not start.
    #[error("FFmpeg can't be started: {source}.")]
    Start {
        /// The operating system's reason.
        source: io::Error,
    },
    /// The video ends before.
    #[error("The video ends after {frames} pictures.")]
    PastEnd {
        /// How many it has.
        frames: u32,
    },
    /// A decoder ended, or hung and was ended. Asking once more starts another.
    #[error(
        "FFmpeg could not decode {path}: {reason}.",
        path = crate::text::path(.path), reason = crate::text::line(.reason)
    )]
    Decode {
        /// The file.
        path: PathBuf,
        /// FFmpeg's reason.
        reason: String,
    },
    /// The sizes that FFmpeg tells of its pictures and the bytes that come do not go together, so that no
    /// picture can be cut out of them.
    #[error(
        "{path} can't be shown from picture {} on: {reason}.",
        .picture + 1, path = crate::text::path(.path), reason = crate::text::line(.reason)
    )]
    Sizes {
        /// The file.
        path: PathBuf,
        /// The first picture that is not certain, counted from 0.
        picture: u32,
        /// What differs.
        reason: String,
    },
    /// The video has fewer streams than were asked for.
    #[error(
        "{path} has {} of pictures; there is no stream {asked}.",
        streams(*.there), path = crate::text::path(.path)
    )]
    NoStream {
        /// The file.
        path: PathBuf,
        /// The stream that was asked for, counted from 1.
        asked: usize,
        /// How many there are.
        there: usize,
    },
    /// Nobody waits for it any more.
    #[error("Nobody waits for this picture any more.")]
    GivenUp,
}

fn streams(number: usize) -> String {
    format!("{number} stream{}", if number == 1 { "" } else { "s" })
}
