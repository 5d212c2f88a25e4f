use super::VideoError;
use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits, RgbaImage,
    metadata::Orientation,
};
use std::{
    fs::File,
    io::{self, Cursor, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// A decoded picture: 8 bits a channel, red, green, blue and alpha, row by row from the top. All of
/// it is opaque; what was transparent shows black, as in a video player.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 4` bytes; every fourth is 255.
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
    if bytes.starts_with(&[0xFF, 0xD8]) { decode_jpeg(bytes) } else { decode_other(bytes) }
}

/// Straight to RGBA: by way of RGB takes a third longer.
fn decode_jpeg(bytes: &[u8]) -> Result<Picture, String> {
    // What is too large is refused below, in our own words.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let too_long = width.max(height) > MAX_SIDE as usize;
    if too_long || width as u64 * height as u64 * 4 > MAX_BYTES {
        return Err(too_large());
    }
    let mut rgba = decoder.decode().map_err(|error| error.to_string())?;
    // Of four inks the decoder leaves the fourth where the opacity belongs.
    if !matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma)) {
        rgba.iter_mut().skip(3).step_by(4).for_each(|opacity| *opacity = 255);
    }
    let exif = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let picture = Picture { width: width as u32, height: height as u32, rgba };
    Ok(turned(picture, exif.unwrap_or(Orientation::NoTransforms)))
}

fn turned(picture: Picture, orientation: Orientation) -> Picture {
    if orientation == Orientation::NoTransforms {
        return picture;
    }
    let Picture { width, height, rgba } = picture;
    // Of the right length, as it was decoded.
    let mut image =
        DynamicImage::from(RgbaImage::from_raw(width, height, rgba).unwrap_or_default());
    image.apply_orientation(orientation);
    let rgba = image.into_rgba8();
    Picture { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() }
}

fn decode_other(bytes: &[u8]) -> Result<Picture, String> {
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
    let transparent = image.color().has_alpha();
    let rgba = image.into_rgba8();
    let (width, height) = rgba.dimensions();
    let mut rgba = rgba.into_raw();
    if transparent {
        on_black(&mut rgba);
    }
    Ok(Picture { width, height, rgba })
}

fn on_black(rgba: &mut [u8]) {
    for pixel in rgba.chunks_exact_mut(4) {
        let alpha = u16::from(pixel[3]);
        if alpha < 255 {
            pixel[..3].iter_mut().for_each(|c| *c = (u16::from(*c) * alpha / 255) as u8);
            pixel[3] = 255;
        }
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
