//! JPEG, as far as it goes.

use super::{MAX_BYTES, MAX_SIDE, Picture, too_large, turned};
use image::metadata::Orientation;
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// Straight to RGBA: by way of RGB takes a third longer.
pub(super) fn decode(bytes: &[u8]) -> Result<Picture, String> {
    // A decoder that is strict tells what one that goes on does not.
    match run(bytes, true) {
        Ok(picture) if ends(bytes) => Ok(picture),
        Ok(picture) => Ok(damaged(picture, None, bytes)),
        Err(Refusal::Hopeless(reason)) => Err(reason),
        Err(Refusal::Strict(reason)) => {
            let picture = run(bytes, false).map_err(Refusal::reason)?;
            let picture = damaged(picture, Some(reason), bytes);
            if picture.damage.as_deref() == Some(NOTHING) {
                Err(NOTHING.to_owned())
            } else {
                Ok(picture)
            }
        }
    }
}

const NOTHING: &str = "it is cut off before its first row";

enum Refusal {
    /// There is no picture to be had.
    Hopeless(String),
    /// One that goes on may show some of it.
    Strict(String),
}

impl Refusal {
    fn reason(self) -> String {
        match self {
            Self::Hopeless(reason) | Self::Strict(reason) => reason,
        }
    }
}

fn run(bytes: &[u8], strict: bool) -> Result<Picture, Refusal> {
    // What is too large is refused below, in our own words.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .set_strict_mode(strict)
        .jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let refused = |error: DecodeErrors| {
        if strict {
            Refusal::Strict(error.to_string())
        } else {
            Refusal::Hopeless(error.to_string())
        }
    };
    decoder.decode_headers().map_err(refused)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let too_long = width.max(height) > MAX_SIDE as usize;
    if too_long || width as u64 * height as u64 * 4 > MAX_BYTES {
        return Err(Refusal::Hopeless(too_large()));
    }
    let mut rgba = decoder.decode().map_err(refused)?;
    let rows = if strict { height } else { rows_there(&rgba, width * 4) };
    // Of four inks the decoder leaves the fourth where the opacity belongs, and grey where it ended.
    if rows < height
        || !matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma))
    {
        rgba.iter_mut().skip(3).step_by(4).for_each(|opacity| *opacity = 255);
    }
    let exif = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let mut picture = Picture::new(width as u32, height as u32, rgba);
    if rows < height {
        picture.damage = Some(match rows {
            0 => NOTHING.into(),
            rows => format!("about {rows} of its {height} rows are there").into(),
        });
    }
    Ok(turned(picture, exif.unwrap_or(Orientation::NoTransforms)))
}

/// The rows before the one that breaks off: below it, the decoder filled up with one value, opacity too.
fn rows_there(rgba: &[u8], stride: usize) -> usize {
    /// What it fills up with.
    const FILL: u8 = 128;
    /// Pixels of a row of blocks, at most as a rule.
    const BLOCK: usize = 16;
    let rows = rgba.chunks_exact(stride.max(1));
    let filled = rows.rev().take_while(|row| row.iter().all(|byte| *byte == FILL)).count();
    let rows = rgba.len() / stride.max(1);
    // What breaks off is a row of blocks.
    if filled == 0 { rows } else { (rows - filled).saturating_sub(BLOCK) }
}

/// Says what is wrong with a picture, if anything is: nothing where all of it is there and only what belongs
/// around it is odd.
fn damaged(mut picture: Picture, reason: Option<String>, bytes: &[u8]) -> Picture {
    let cut = !ends(bytes);
    picture.damage = match (picture.damage.take(), reason) {
        (Some(rows), _) if &*rows == NOTHING => Some(rows),
        (Some(rows), _) if cut => Some(format!("it is cut off: {rows}").into()),
        (Some(rows), _) => Some(format!("it is damaged within: {rows}").into()),
        (None, _) if cut => Some("it is cut off: its end, or its finer detail, is missing".into()),
        (None, Some(reason)) if !reason.contains("Extra bytes between headers") => {
            Some(format!("it is damaged within ({reason})").into())
        }
        (None, _) => None,
    };
    picture
}

/// Whether the end is marked after what is drawn. A thumbnail before that has a mark of its own.
fn ends(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    const END: u8 = 0xD9;
    let mut at = 2;
    let mut drawn = false;
    loop {
        // Between the markers there is what is drawn, or nothing.
        let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(0xFF, rest)) else {
            return false;
        };
        at += next + 1;
        let Some(marker) = bytes.get(at) else { return false };
        match *marker {
            // No markers, or such as belong into what is drawn.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 1,
            0xFF => {}
            END => return drawn,
            other => {
                drawn |= other == START_OF_SCAN;
                let Some([high, low]) = bytes.get(at + 1..at + 3) else { return false };
                at += 1 + usize::from(u16::from_be_bytes([*high, *low]));
            }
        }
    }
}
