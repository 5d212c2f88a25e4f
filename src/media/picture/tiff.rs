//! Kinds of TIFF that the `image` crate leaves out: palettes, and grey that is signed, has fractions or more
//! than 16 bits.

use super::{Decoded, Deep, MAX_BYTES, MAX_SIDE, Picture, too_large};
use std::io::{Cursor, ErrorKind};
use tiff::{
    ColorType, TiffError,
    decoder::{Decoder, DecodingResult, Limits},
    tags::Tag,
};

/// Whether it is a TIFF of the kind that has room for more than 4 GiB.
pub(super) fn is_big(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II+\0") || bytes.starts_with(b"MM\0+")
}

/// Decodes it. What is damaged is shown up to its first strip that is; where it is not compressed, up to its last row.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    let Some((filled, rows, height)) = filled(bytes) else { return decode_whole(bytes) };
    if rows == 0 {
        return Err("it is cut off before its first row".to_owned());
    }
    let damage = Some(format!("{rows} of its {height} rows are there").into());
    Ok(match decode_whole(&filled)? {
        Decoded::Plain(picture) => Decoded::Plain(Picture { damage, ..picture }),
        Decoded::Deep(deep) => Decoded::Deep(Deep { damage, ..deep }),
    })
}

/// One that is cut off and not compressed, with zeros for what is missing; how many of its rows are there, and how
/// many there should be. `None` for all others.
fn filled(bytes: &[u8]) -> Option<(Vec<u8>, u64, u32)> {
    const UNCOMPRESSED: u16 = 1;
    let mut decoder = open(bytes).ok()?;
    let compression = decoder.find_tag_unsigned::<u16>(Tag::Compression).ok()?;
    if compression.is_some_and(|kind| kind != UNCOMPRESSED) {
        return None;
    }
    let height = decoder.dimensions().ok()?.1;
    let begins = decoder.get_tag_u64_vec(Tag::StripOffsets).ok()?;
    let sizes = decoder.get_tag_u64_vec(Tag::StripByteCounts).ok()?;
    let there = bytes.len() as u64;
    let end =
        begins.iter().zip(&sizes).filter_map(|(begin, size)| begin.checked_add(*size)).max()?;
    if end <= there || end > there.saturating_add(MAX_BYTES) {
        return None;
    }
    let per_strip = u64::from(decoder.chunk_dimensions().1.min(height)).max(1);
    let mut rows = 0;
    for (begin, size) in begins.iter().zip(&sizes) {
        let of_strip = per_strip.min(u64::from(height) - rows).max(1);
        let row = (size / of_strip).max(1);
        let whole = (there.saturating_sub(*begin) / row).min(of_strip);
        rows += whole;
        if whole < of_strip {
            break;
        }
    }
    let mut filled = bytes.to_vec();
    filled.resize(usize::try_from(end).ok()?, 0);
    Some((filled, rows, height))
}

fn decode_whole(bytes: &[u8]) -> Result<Decoded, String> {
    let refused = |error: TiffError| match error {
        TiffError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            "it is cut off, and the table of what is in it is missing".to_owned()
        }
        other => other.to_string(),
    };
    let mut decoder = open(bytes).map_err(refused)?;
    let palette = match decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation) {
        Ok(Some(3)) => Some(decoder.get_tag_u16_vec(Tag::ColorMap).map_err(refused)?),
        _ => None,
    };
    let plain;
    if palette.is_some() {
        plain = as_grey(bytes).ok_or("palettes are not read in this kind of TIFF")?;
        decoder = open(&plain).map_err(refused)?;
    }
    let (width, height) = decoder.dimensions().map_err(refused)?;
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) * 4 > MAX_BYTES {
        return Err(too_large());
    }
    let color = decoder.colortype().map_err(refused)?;
    let channels = match color {
        ColorType::Gray(_) => 1,
        ColorType::RGB(_) => 3,
        ColorType::RGBA(8) => 4,
        _ => return Err(format!("TIFF pictures of the kind {color:?} are not read")),
    };
    let (result, damage) = samples(&mut decoder, width, height, channels)?;
    if let (Some(map), DecodingResult::U8(indices)) = (&palette, &result) {
        let indices = unpacked(indices, width as usize, color.bit_depth());
        return Ok(Decoded::Plain(Picture { damage, ..colored(&indices, map, width, height) }));
    }
    if let (3 | 4, 8, DecodingResult::U8(all)) = (channels, color.bit_depth(), &result) {
        if all.len() != width as usize * height as usize * channels {
            return Err("its planes or its size are not understood".to_owned());
        }
        let pixels = all.chunks_exact(channels).flat_map(|p| [p[0], p[1], p[2], 255]);
        let whole = Picture::new(width, height, pixels.collect());
        return Ok(Decoded::Plain(Picture { damage, ..whole }));
    }
    if let (1, DecodingResult::U8(packed)) = (channels, &result) {
        let bits = color.bit_depth().min(8);
        let grey = unpacked(packed, width as usize, bits);
        if grey.len() != width as usize * height as usize {
            return Err("its planes or its size are not understood".to_owned());
        }
        // As fine as a screen shows: nothing is to be spread.
        let most = (1_u16 << bits) - 1;
        let level = |value: u8| (u16::from(value) * 255 / most) as u8;
        let pixels = grey.into_iter().map(level).flat_map(|v| [v, v, v, 255]);
        let whole = Picture::new(width, height, pixels.collect());
        return Ok(Decoded::Plain(Picture { damage, ..whole }));
    }
    let (samples, full) = floats(result, color.bit_depth(), width as usize);
    if samples.len() != width as usize * height as usize * channels {
        return Err("its planes or its size are not understood".to_owned());
    }
    Ok(Decoded::Deep(Deep { width, height, channels, samples, full, damage }))
}

fn open(bytes: &[u8]) -> Result<Decoder<Cursor<&[u8]>>, TiffError> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_BYTES as usize;
    limits.intermediate_buffer_size = MAX_BYTES as usize;
    Ok(Decoder::new(Cursor::new(bytes))?.with_limits(limits))
}

/// All values; where some can't be had, those of the strips before.
fn samples(
    decoder: &mut Decoder<Cursor<&[u8]>>,
    width: u32,
    height: u32,
    channels: usize,
) -> Result<(DecodingResult, Option<Box<str>>), String> {
    let failed = match decoder.read_image() {
        Ok(all) => return Ok((all, None)),
        Err(TiffError::LimitsExceeded) => return Err(too_large()),
        Err(TiffError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            "it is cut off before the end of its first strip".to_owned()
        }
        Err(failed) => failed.to_string(),
    };
    let Ok(strips) = decoder.strip_count() else { return Err(failed) };
    let mut all: Option<DecodingResult> = None;
    let (mut rows, per_strip) = (0, decoder.chunk_dimensions().1);
    for strip in 0..strips {
        let Ok(read) = decoder.read_chunk(strip) else { break };
        rows = (rows + per_strip).min(height);
        match (&mut all, read) {
            (None, read) => all = Some(read),
            (Some(DecodingResult::U8(all)), DecodingResult::U8(read)) => all.extend(read),
            (Some(DecodingResult::U16(all)), DecodingResult::U16(read)) => all.extend(read),
            (Some(DecodingResult::I16(all)), DecodingResult::I16(read)) => all.extend(read),
            (Some(DecodingResult::F32(all)), DecodingResult::F32(read)) => all.extend(read),
            _ => break,
        }
    }
    let mut all = all.ok_or(failed)?;
    let whole = width as usize * height as usize * channels;
    match &mut all {
        DecodingResult::U8(all) => {
            all.resize(all.len() / rows.max(1) as usize * height as usize, 0);
        }
        DecodingResult::U16(all) => all.resize(whole, 0),
        DecodingResult::I16(all) => all.resize(whole, 0),
        DecodingResult::F32(all) => all.resize(whole, f32::NAN),
        _ => {}
    }
    Ok((all, Some(format!("{rows} of its {height} rows are there").into())))
}

/// The same file, with what were places in a palette as grey. Only the older kind of TIFF.
fn as_grey(bytes: &[u8]) -> Option<Vec<u8>> {
    const PHOTOMETRIC: u16 = 262;
    let little = bytes.starts_with(b"II");
    let u16_at = |at: usize| {
        let two: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    let first = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let entries = usize::from(u16_at(first)?);
    if u16_at(2)? != 42 {
        return None;
    }
    let is_it = |entry: &usize| u16_at(*entry) == Some(PHOTOMETRIC);
    let entry = (0..entries).map(|n| first + 2 + n * 12).find(is_it)?;
    let mut changed = bytes.to_vec();
    // Black is 0.
    changed.get_mut(entry + 8..entry + 10)?.copy_from_slice(&if little { [1, 0] } else { [0, 1] });
    Some(changed)
}

/// One value a byte, of rows that begin with a byte each.
fn unpacked(packed: &[u8], width: usize, bits: u8) -> Vec<u8> {
    if bits >= 8 {
        return packed.to_vec();
    }
    let bits = usize::from(bits.max(1));
    let stride = (width * bits).div_ceil(8).max(1);
    let value = |row: &[u8], x: usize| {
        let at = x * bits;
        (row[at / 8] >> (8 - bits - at % 8)) & ((1 << bits) - 1)
    };
    packed.chunks_exact(stride).flat_map(|row| (0..width).map(move |x| value(row, x))).collect()
}

fn colored(indices: &[u8], map: &[u16], width: u32, height: u32) -> Picture {
    let colors = map.len() / 3;
    // Some write values of 8 bits.
    let shift = if map.iter().all(|level| *level < 256) { 0 } else { 8 };
    let level = |place: usize| map.get(place).map_or(0, |level| (level >> shift) as u8);
    let rgba = indices.iter().flat_map(|index| {
        let at = usize::from(*index);
        [level(at), level(colors + at), level(2 * colors + at), 255]
    });
    let mut rgba: Vec<u8> = rgba.collect();
    rgba.resize(width as usize * height as usize * 4, 255);
    Picture::new(width, height, rgba)
}

/// Values as fractions, and what their kind can be.
fn floats(result: DecodingResult, bits: u8, width: usize) -> (Vec<f32>, [f32; 2]) {
    fn of<T: Copy>(all: Vec<T>, one: impl Fn(T) -> f32) -> Vec<f32> {
        all.into_iter().map(one).collect()
    }
    match result {
        DecodingResult::U8(all) => {
            let most = f32::from((1_u16 << bits.min(8)) - 1);
            (of(unpacked(&all, width, bits), f32::from), [0.0, most])
        }
        DecodingResult::I8(all) => (of(all, f32::from), [-128.0, 127.0]),
        DecodingResult::U16(all) => (of(all, f32::from), [0.0, 65_535.0]),
        DecodingResult::I16(all) => (of(all, f32::from), [-32_768.0, 32_767.0]),
        DecodingResult::U32(all) => (of(all, |v| v as f32), [0.0, u32::MAX as f32]),
        DecodingResult::I32(all) => (of(all, |v| v as f32), [i32::MIN as f32, i32::MAX as f32]),
        DecodingResult::U64(all) => (of(all, |v| v as f32), [0.0, u64::MAX as f32]),
        DecodingResult::I64(all) => (of(all, |v| v as f32), [i64::MIN as f32, i64::MAX as f32]),
        DecodingResult::F16(all) => (of(all, f32::from), [0.0, 1.0]),
        DecodingResult::F32(all) => (all, [0.0, 1.0]),
        DecodingResult::F64(all) => (of(all, |v| v as f32), [0.0, 1.0]),
    }
}
