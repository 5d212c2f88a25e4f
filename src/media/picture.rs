use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits};
use std::{
    fs::File,
    io::{self, Cursor, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// A decoded picture: 8 bits a channel, red, green, blue and alpha, row by row from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 4` bytes; alpha is not premultiplied.
    pub rgba: Vec<u8>,
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
    #[error("{folder} holds no pictures with a frame number in their names.")]
    NoneInFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The file or folder can't be read.
    #[error("{path} can't be read: {source}.")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The file is no picture, is damaged, or is too large.
    #[error("{path} can't be decoded: {reason}.")]
    Decode {
        /// The file.
        path: PathBuf,
        /// The decoder's reason.
        reason: String,
    },
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

/// Decodes a JPEG, PNG, BMP, WebP or TIFF, turned as its EXIF data says.
///
/// # Errors
/// The decoder's reason, where the bytes are damaged, of another format, or larger than
/// 16,384 pixels a side or 256 MiB.
pub fn decode(bytes: &[u8]) -> Result<Picture, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let reason = |error: ImageError| match error {
        ImageError::Limits(_) => too_large(),
        ImageError::Unsupported(_) if bytes.is_empty() => "it is empty".to_owned(),
        ImageError::Unsupported(_) => "it is no JPEG, PNG, BMP, WebP or TIFF picture".to_owned(),
        other => other.to_string(),
    };
    let mut decoder = reader.into_decoder().map_err(reason)?;
    let (width, height) = decoder.dimensions();
    let rgba = u64::from(width) * u64::from(height) * 4;
    if rgba.max(decoder.total_bytes()) > MAX_BYTES {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(reason)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(reason)?;
    image.apply_orientation(orientation);
    let rgba = image.into_rgba8();
    Ok(Picture { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() })
}
