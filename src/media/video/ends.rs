//! Whether a file ends before its container does, where the container has a mark or a size that tells.
//! FFmpeg decodes what there is of such a file and need not say a word. No processes, no threads.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

/// Whether the end of a GIF or Matroska file is missing. `false` where the container promises none (a
/// transport stream, a recording that is not finished), and where the file can't be read as what it is.
pub(super) fn end_is_missing(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let Ok(about) = file.metadata() else { return false };
    about.is_file() && is_missing(&mut BufReader::new(file), about.len()).unwrap_or(false)
}

/// `None` where nothing is known.
fn is_missing(file: &mut (impl BufRead + Seek), length: u64) -> Option<bool> {
    const EBML: [u8; 4] = [0x1A, 0x45, 0xDF, 0xA3];
    match bytes::<4>(file)? {
        EBML => segment_is_cut(file, length),
        [b'G', b'I', b'F', b'8'] => gif_is_cut(file, length),
        _ => None,
    }
}

/// The one Segment of a Matroska file tells its own size, unless it was never finished.
fn segment_is_cut(file: &mut (impl BufRead + Seek), length: u64) -> Option<bool> {
    const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];
    let header = ebml_size(file)?;
    file.seek(SeekFrom::Current(i64::try_from(header).ok()?)).ok()?;
    if bytes::<4>(file)? != SEGMENT {
        return None;
    }
    let size = ebml_size(file)?;
    Some(file.stream_position().ok()?.checked_add(size)? > length)
}

/// A size of Matroska: as many bytes as its first bits tell. All bits set are an unknown size.
fn ebml_size(file: &mut impl Read) -> Option<u64> {
    let [first] = bytes(file)?;
    let more = first.leading_zeros();
    let mut size = u64::from(first) & (0x7F_u64 >> more);
    for _ in 0..more.min(8) {
        let [next] = bytes(file)?;
        size = size << 8 | u64::from(next);
    }
    let unknown = (1_u64 << (7 * (more + 1)).min(63)) - 1;
    (more < 8 && size != unknown).then_some(size)
}

/// Goes from block to block up to the trailer.
fn gif_is_cut(file: &mut (impl BufRead + Seek), length: u64) -> Option<bool> {
    // After "GIF8": the rest of the name, width and height, flags, background, aspect.
    let Some([.., flags, _, _]) = bytes::<9>(file) else { return Some(true) };
    skip(file, colors(flags))?;
    while let Some([kind]) = bytes(file) {
        match kind {
            b';' => return Some(file.stream_position().ok()? > length),
            // Some encoders write one end too many.
            0 => continue,
            b'!' => skip(file, 1)?,
            b',' => {
                let Some([.., flags]) = bytes::<9>(file) else { break };
                // Also the width of its codes.
                skip(file, colors(flags) + 1)?;
            }
            _ => return None,
        }
        loop {
            match bytes(file) {
                None => return Some(true),
                Some([0]) => break,
                Some([size]) => skip(file, size.into())?,
            }
        }
    }
    Some(true)
}

/// Bytes of the table of colours that flags tell of.
fn colors(flags: u8) -> i64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn skip(file: &mut impl Seek, bytes: i64) -> Option<()> {
    file.seek_relative(bytes).ok()
}

fn bytes<const N: usize>(file: &mut impl Read) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn missing(file: &[u8]) -> Option<bool> {
        is_missing(&mut Cursor::new(file), file.len() as u64)
    }

    #[test]
    fn a_gif_has_an_end_wherever_it_is_cut() {
        let mut gif = b"GIF89a\x02\0\x02\0\x80\0\0RGBRGB".to_vec();
        // An extension and a picture, with what ends a GIF among their bytes.
        gif.extend(b"!\xF9\x04\0;;\0\0,\0\0\0\0\x02\0\x02\0\x80RGBRGB\x02\x03;;;\0\0;");
        assert_eq!(missing(&gif), Some(false));
        for end in 4..gif.len() {
            assert_eq!(missing(&gif[..end]), Some(true), "cut at {end}");
        }
        gif.extend(b"padding");
        assert_eq!(missing(&gif), Some(false), "what follows is nobody's");
        let odd = [&gif[..19], b"?;"].concat();
        assert_eq!(missing(&odd), None, "a block that no one knows");
    }

    #[test]
    fn a_matroska_file_is_as_long_as_its_segment() {
        let head = b"\x1A\x45\xDF\xA3\x82..\x18\x53\x80\x67";
        let with = |size: &[u8], rest: usize| [head, size, &vec![0; rest]].concat();
        let long = b"\x01\0\0\0\0\0\x01\0";
        assert_eq!(missing(&with(long, 256)), Some(false));
        assert_eq!(missing(&with(long, 255)), Some(true));
        assert_eq!(missing(&with(b"\x84", 4)), Some(false));
        assert_eq!(missing(&with(b"\x84", 3)), Some(true));
        for unknown in [&b"\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF"[..], b"\xFF", b"\0"] {
            assert_eq!(missing(&with(unknown, 9)), None, "{unknown:?}");
        }
        assert_eq!(missing(b"RIFF"), None);
    }
}
