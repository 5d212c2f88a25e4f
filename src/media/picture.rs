mod deep;
mod jpeg;
mod other;
mod tiff;

pub(super) use deep::Deep;

use super::VideoError;
use image::{DynamicImage, ImageDecoder as _, ImageReader, RgbaImage, metadata::Orientation};
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// A decoded picture: 8 bits a channel, red, green, blue and alpha, row by row from the top. All of
/// it is opaque; what was transparent keeps the colour that its file gives it, as in a video.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 4` bytes; every fourth is 255.
    pub rgba: Vec<u8>,
    /// What is wrong with its file, if it is shown only in part; the rest of a sentence: `it ends after 12 of
    /// 480 rows`.
    pub damage: Option<Box<str>>,
    /// Which values are black and white, where its file holds finer ones than a screen shows.
    pub range: Option<[f32; 2]>,
}

impl Picture {
    /// A whole picture of 8 bits a channel.
    #[must_use]
    pub fn new(width: u32, height: u32, rgba: Vec<u8>) -> Self {
        Self { width, height, rgba, damage: None, range: None }
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} x {})", self.width, self.height)
    }
}

/// Why a picture can't be shown. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The sequence has no picture of this frame.
    #[error("There is no picture of frame {frame}.")]
    Absent {
        /// The frame.
        frame: u64,
    },
    /// A folder that was named holds no pictures.
    #[error(
        "{folder} holds no pictures with a frame number in their names.",
        folder = crate::text::path(.folder)
    )]
    NoneInFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The file or folder can't be read.
    #[error("{path} can't be read: {source}.", path = crate::text::path(.path))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The file is no picture, is damaged, or is too large.
    #[error(
        "{path} can't be decoded: {reason}.",
        path = crate::text::path(.path), reason = crate::text::line(.reason)
    )]
    Decode {
        /// The file.
        path: PathBuf,
        /// The decoder's reason.
        reason: String,
    },
    /// It is a picture of a video, which has its own reasons.
    #[error(transparent)]
    Video(#[from] VideoError),
}

impl PictureError {
    /// Whether there is no such picture, and not one that can't be shown.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. } | Self::Video(VideoError::PastEnd { .. }))
    }
}

/// The longest side that is decoded, in pixels.
const MAX_SIDE: u32 = 16_384;
/// What one picture may take, in its file's own form and as RGBA, in bytes. Well below the
/// budget of a cache: what can't be kept would be decoded again and again.
const MAX_BYTES: u64 = 256 << 20;

fn too_large() -> String {
    format!("it is larger than {MAX_SIDE} pixels a side or {} MiB", MAX_BYTES >> 20)
}

/// Reads a picture's file, up to the largest size that is decoded.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A picture, or values that have yet to be spread from black to white.
pub(super) enum Decoded {
    Plain(Picture),
    Deep(Deep),
}

/// Decodes a JPEG, PNG, BMP, WebP, TIFF, GIF or PNM, turned as its EXIF data says. What is damaged or cut off
/// is decoded as far as it goes, which [`Picture::damage`] tells. Values of more than 8 bits are spread from
/// black to white, the least that the picture holds being black.
///
/// # Errors
/// The decoder's reason, where nothing can be had of the bytes, they are of another format, or larger than
/// 16,384 pixels a side or 256 MiB.
pub fn decode(bytes: &[u8]) -> Result<Picture, String> {
    Ok(match decoded(bytes)? {
        Decoded::Plain(picture) => picture,
        Decoded::Deep(deep) => deep.alone(),
    })
}

/// As [`decode`], with the finer values that there are.
pub(super) fn decoded(bytes: &[u8]) -> Result<Decoded, String> {
    if bytes.starts_with(&[0xFF, 0xD8]) {
        jpeg::decode(bytes).map(Decoded::Plain)
    } else if tiff::is_big(bytes) {
        tiff::decode(bytes)
    } else {
        other::decode(bytes)
    }
}

/// Width and height of a picture as [`decode`] has it, from its header; `None` where that says nothing.
pub(super) fn size_of(bytes: &[u8]) -> Option<[u32; 2]> {
    let reader = ImageReader::new(io::Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let turned = matches!(
        decoder.orientation().unwrap_or(Orientation::NoTransforms),
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    Some(if turned { [height, width] } else { [width, height] })
}

fn turned(picture: Picture, orientation: Orientation) -> Picture {
    if orientation == Orientation::NoTransforms {
        return picture;
    }
    let Picture { width, height, rgba, damage, range } = picture;
    // Of the right length, as it was decoded.
    let mut image =
        DynamicImage::from(RgbaImage::from_raw(width, height, rgba).unwrap_or_default());
    image.apply_orientation(orientation);
    let rgba = image.into_rgba8();
    let whole = Picture::new(rgba.width(), rgba.height(), rgba.into_raw());
    Picture { damage, range, ..whole }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
