//! JPEG, as far as it goes.

mod inks;
mod layout;
mod watched;

use super::{MAX_BYTES, MAX_SIDE, Picture, too_large, turned};
use image::metadata::Orientation;
use inks::on_paper;
use layout::Layout;
use watched::{Watch, Watched};
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{colorspace::ColorSpace, options::DecoderOptions},
};

/// Straight to RGBA: by way of RGB takes a third longer.
pub(super) fn decode(bytes: &[u8]) -> Result<Picture, String> {
    let layout = Layout::of(bytes);
    // A decoder that is strict tells what one that goes on does not.
    let watch = Watch::default();
    match run(&layout.followed_by_nothing(bytes), &layout, &watch, true) {
        Ok(picture) => match layout.doubt(&watch) {
            None => Ok(picture),
            Some(Doubt::Short) => in_part(bytes, &layout, None),
            Some(Doubt::Cut) => Ok(damaged(picture, None, true)),
            Some(Doubt::Within(reason)) => Ok(damaged(picture, Some(reason), false)),
        },
        Err(_) if layout.scans.is_empty() && layout.end.is_none() => Err(NOTHING.to_owned()),
        Err(Refusal::Hopeless(reason)) => Err(reason),
        Err(Refusal::Strict(reason)) => in_part(bytes, &layout, Some(reason)),
    }
}

/// What one that goes on makes of it.
fn in_part(bytes: &[u8], layout: &Layout, reason: Option<String>) -> Result<Picture, String> {
    // An end that comes too soon is none.
    let drawn = match layout.end {
        Some(end) if reason.is_none() => &bytes[..end],
        _ => bytes,
    };
    let reason = reason.or_else(|| layout.end.map(|_| SHORT.to_owned()));
    let picture = run(drawn, layout, &Watch::default(), false).map_err(Refusal::reason)?;
    let picture = damaged(picture, reason, layout.end.is_none());
    if picture.damage.as_deref() == Some(NOTHING) { Err(NOTHING.to_owned()) } else { Ok(picture) }
}

const NOTHING: &str = "it is cut off before its first row";
const SHORT: &str = "what is drawn ends before its last row";

/// Why what was decoded without a word may be wrong.
enum Doubt {
    /// The end is not marked.
    Cut,
    /// What is drawn is over before the picture is.
    Short,
    Within(String),
}

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

fn run(bytes: &[u8], layout: &Layout, watch: &Watch, strict: bool) -> Result<Picture, Refusal> {
    // What is too large is refused below, in our own words.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .set_strict_mode(strict)
        .jpeg_set_out_colorspace(ColorSpace::RGBA);
    let bytes = Watched::new(bytes, &layout.scans, watch);
    let mut decoder = JpegDecoder::new_with_options(bytes, options);
    let refused = |error: DecodeErrors| {
        // Some are of several lines.
        let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if strict { Refusal::Strict(reason) } else { Refusal::Hopeless(reason) }
    };
    decoder.decode_headers().map_err(refused)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let too_long = width.max(height) > MAX_SIDE as usize;
    if too_long || width as u64 * height as u64 * 4 > MAX_BYTES {
        return Err(Refusal::Hopeless(too_large()));
    }
    // Of four inks it makes no colours that can be used.
    let inks = decoder
        .input_colorspace()
        .filter(|space| matches!(space, ColorSpace::CMYK | ColorSpace::YCCK))
        .filter(|_| layout.components == 4);
    if let Some(space) = inks {
        decoder.set_options(options.jpeg_set_out_colorspace(space));
    }
    let mut rgba = decoder.decode().map_err(refused)?;
    let rows = if strict { height } else { rows_there(&rgba, width * 4) };
    if let Some(space) = inks {
        on_paper(&mut rgba, space == ColorSpace::YCCK, layout.adobe);
    }
    // Grey where it ended, opacity too.
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
fn damaged(mut picture: Picture, reason: Option<String>, cut: bool) -> Picture {
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
