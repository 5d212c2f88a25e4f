//! Everything but JPEG, by the `image` crate, as far as it goes.

use super::{Decoded, Deep, MAX_BYTES, MAX_SIDE, Picture, too_large};
use image::{
    ColorType, DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageFormat, ImageReader,
    Limits, metadata::Orientation,
};
use std::io::{Cursor, ErrorKind};

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    let format = image::guess_format(bytes).ok();
    let decoded = in_format(bytes, format);
    if format == Some(ImageFormat::WebP) && decoded.is_err() && is_cut_webp(bytes) {
        return Err("it is cut off".to_owned());
    }
    decoded
}

/// Whether the length in the header of a WebP is more than there is.
fn is_cut_webp(bytes: &[u8]) -> bool {
    let length = bytes.get(4..8).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    length.is_none_or(|length| u64::from(length) + 8 > bytes.len() as u64)
}

fn in_format(bytes: &[u8], format: Option<ImageFormat>) -> Result<Decoded, String> {
    match read(bytes, format, 0) {
        Ok((pixels, None)) => decoded(pixels, None),
        // Other kinds of TIFF, and what of it is there.
        Ok(_) | Err(Refusal::Unsupported(_)) if format == Some(ImageFormat::Tiff) => {
            super::tiff::decode(bytes)
        }
        Ok((_, Some(reason))) => in_part(bytes, format, reason),
        Err(Refusal::Other(reason) | Refusal::Unsupported(reason)) => Err(reason),
    }
}

enum Refusal {
    /// The decoder knows what it is, and has not learnt it.
    Unsupported(String),
    Other(String),
}

fn refused(error: ImageError, format: Option<ImageFormat>, is_empty: bool) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::Other(too_large()),
        ImageError::Unsupported(_) if is_empty => Refusal::Other("it is empty".to_owned()),
        ImageError::Unsupported(_) if format.is_none() => {
            Refusal::Other("it is no JPEG, PNG, BMP, WebP, TIFF, GIF or PNM picture".to_owned())
        }
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Refusal::Other("it is cut off".to_owned())
        }
        ImageError::Unsupported(error) => Refusal::Unsupported(error.to_string()),
        other => Refusal::Other(other.to_string()),
    }
}

/// Pixels as the decoder has them.
struct Pixels {
    size: [u32; 2],
    color: ColorType,
    orientation: Orientation,
    bytes: Vec<u8>,
}

/// Reads all pixels there are into bytes that were `fill` before. Answers why not all, too.
fn read(
    bytes: &[u8],
    format: Option<ImageFormat>,
    fill: u8,
) -> Result<(Pixels, Option<String>), Refusal> {
    let reason = |error| refused(error, format, bytes.is_empty());
    let mut reader = ImageReader::new(Cursor::new(bytes));
    if let Some(format) = format {
        reader.set_format(format);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(reason)?;
    let (width, height) = decoder.dimensions();
    let rgba = u64::from(width) * u64::from(height) * 4;
    if rgba.max(decoder.total_bytes()) > MAX_BYTES {
        return Err(Refusal::Other(too_large()));
    }
    let orientation = decoder.orientation().map_err(reason)?;
    let color = decoder.color_type();
    let mut pixels = vec![fill; decoder.total_bytes() as usize];
    let failed = match decoder.read_image(&mut pixels).map_err(reason) {
        Ok(()) => None,
        Err(Refusal::Other(failed)) => {
            if format == Some(ImageFormat::Png)
                && color.bytes_per_pixel() / color.channel_count() == 2
            {
                // It puts them into the machine's order last.
                pixels.chunks_exact_mut(2).for_each(|two| {
                    two.copy_from_slice(&u16::from_be_bytes([two[0], two[1]]).to_ne_bytes());
                });
            }
            Some(failed)
        }
        Err(unsupported) => return Err(unsupported),
    };
    Ok((Pixels { size: [width, height], color, orientation, bytes: pixels }, failed))
}

/// What can be had of a damaged file. Which pixels were read is known by reading them over two grounds.
fn in_part(bytes: &[u8], format: Option<ImageFormat>, failed: String) -> Result<Decoded, String> {
    let over = |fill: u8| -> Option<Pixels> {
        let read = |bytes: &[u8]| read(bytes, format, fill).ok().map(|(pixels, _)| pixels);
        let pixels = read(bytes)?;
        // These read all or nothing: what they lack is put there.
        if matches!(format, Some(ImageFormat::Bmp | ImageFormat::Pnm)) {
            let mut longer = bytes.to_vec();
            longer.resize(bytes.len() + pixels.bytes.len(), fill);
            return read(&longer);
        }
        Some(pixels)
    };
    let (Some(mut pixels), Some(other)) = (over(0), over(0xFF)) else { return Err(failed) };
    let [width, height] = pixels.size.map(|side| side as usize);
    let size = pixels.bytes.len() / (width * height).max(1);
    let (mut there, mut rows) = (0, 0);
    let others = other.bytes.chunks_exact(width * size);
    for (row, other) in pixels.bytes.chunks_exact_mut(width * size).zip(others) {
        let before = there;
        for (pixel, other) in row.chunks_exact_mut(size).zip(other.chunks_exact(size)) {
            if pixel == other {
                there += 1;
            } else {
                pixel.fill(0);
            }
        }
        rows += usize::from(there > before);
    }
    if there == 0 {
        return Err(failed);
    }
    let damage = if there == width * height {
        format!("its end is missing ({failed})")
    } else if there + width > rows * width {
        format!("{rows} of its {height} rows are there ({failed})")
    } else {
        format!("{} % of its pixels are there ({failed})", there * 100 / (width * height))
    };
    decoded(pixels, Some(damage.into()))
}

fn decoded(pixels: Pixels, damage: Option<Box<str>>) -> Result<Decoded, String> {
    let orientation = pixels.orientation;
    let mut image = image_of(pixels).ok_or("its kind of colour is not read")?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let deep = |channels, samples, full| {
        Ok(Decoded::Deep(Deep { width, height, channels, samples, full, damage: damage.clone() }))
    };
    let of_u16 = |all: Vec<u16>| all.into_iter().map(f32::from).collect::<Vec<f32>>();
    let u16s = [0.0, 65_535.0];
    match image {
        DynamicImage::ImageLuma16(image) => deep(1, of_u16(image.into_raw()), u16s),
        DynamicImage::ImageRgb16(image) => deep(3, of_u16(image.into_raw()), u16s),
        DynamicImage::ImageLumaA16(image) => deep(1, opaque(&of_u16(image.into_raw()), 1), u16s),
        DynamicImage::ImageRgba16(image) => deep(3, opaque(&of_u16(image.into_raw()), 3), u16s),
        DynamicImage::ImageRgb32F(image) => deep(3, image.into_raw(), [0.0, 1.0]),
        DynamicImage::ImageRgba32F(image) => deep(3, opaque(&image.into_raw(), 3), [0.0, 1.0]),
        image => {
            let transparent = image.color().has_alpha();
            let mut rgba = image.into_rgba8().into_raw();
            if transparent {
                rgba.iter_mut().skip(3).step_by(4).for_each(|opacity| *opacity = 255);
            }
            Ok(Decoded::Plain(Picture { damage, ..Picture::new(width, height, rgba) }))
        }
    }
}

/// Colours without their opacities.
fn opaque(all: &[f32], channels: usize) -> Vec<f32> {
    all.chunks_exact(channels + 1).flat_map(|pixel| pixel[..channels].iter().copied()).collect()
}

fn image_of(pixels: Pixels) -> Option<DynamicImage> {
    let Pixels { size: [width, height], color, bytes, .. } = pixels;
    let u16s = |bytes: &[u8]| -> Vec<u16> {
        bytes.chunks_exact(2).map(|two| u16::from_ne_bytes([two[0], two[1]])).collect()
    };
    let f32s = |bytes: &[u8]| -> Vec<f32> {
        bytes.chunks_exact(4).map(|b| f32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect()
    };
    Some(match color {
        ColorType::L8 => DynamicImage::ImageLuma8(ImageBuffer::from_raw(width, height, bytes)?),
        ColorType::La8 => DynamicImage::ImageLumaA8(ImageBuffer::from_raw(width, height, bytes)?),
        ColorType::Rgb8 => DynamicImage::ImageRgb8(ImageBuffer::from_raw(width, height, bytes)?),
        ColorType::Rgba8 => DynamicImage::ImageRgba8(ImageBuffer::from_raw(width, height, bytes)?),
        ColorType::L16 => {
            DynamicImage::ImageLuma16(ImageBuffer::from_raw(width, height, u16s(&bytes))?)
        }
        ColorType::La16 => {
            DynamicImage::ImageLumaA16(ImageBuffer::from_raw(width, height, u16s(&bytes))?)
        }
        ColorType::Rgb16 => {
            DynamicImage::ImageRgb16(ImageBuffer::from_raw(width, height, u16s(&bytes))?)
        }
        ColorType::Rgba16 => {
            DynamicImage::ImageRgba16(ImageBuffer::from_raw(width, height, u16s(&bytes))?)
        }
        ColorType::Rgb32F => {
            DynamicImage::ImageRgb32F(ImageBuffer::from_raw(width, height, f32s(&bytes))?)
        }
        ColorType::Rgba32F => {
            DynamicImage::ImageRgba32F(ImageBuffer::from_raw(width, height, f32s(&bytes))?)
        }
        _ => return None,
    })
}
