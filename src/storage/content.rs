//! What a file is by its first bytes, whatever its name.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

/// Bytes looked at: three packets of the longest kind of transport stream.
const HEAD: u64 = 3 * 204;

/// Whether a file begins as videos do. Reads its first bytes; what can't be read is none.
#[must_use]
pub fn holds_video(path: &Path) -> bool {
    head(path).is_some_and(|head| begins_as_video(&head))
}

/// Whether there is a zero byte at the beginning of a file, which no text has in UTF-8.
#[must_use]
pub fn is_binary(path: &Path) -> bool {
    head(path).is_some_and(|head| head.contains(&0))
}

/// What pictures and films say of themselves that the program has drawn boxes on.
pub const DRAWN: &str = "Drawn by motscope";

/// Whether the program has drawn boxes on a picture or film, which is no content to draw them on again. Reads the
/// beginning and the end of the file, where such things are said.
#[must_use]
pub fn is_drawn(path: &Path) -> bool {
    /// The table of contents of a long film comes before it.
    const BEGINNING: u64 = 1 << 20;
    const END: u64 = 64 << 10;
    let read = |from: SeekFrom, most: u64| {
        let mut file = File::open(path)?;
        let mut bytes = Vec::new();
        file.seek(from)?;
        file.take(most).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(memchr::memmem::find(&bytes, DRAWN.as_bytes()).is_some())
    };
    let Some(about) = fs::metadata(path).ok().filter(fs::Metadata::is_file) else { return false };
    let beginning = read(SeekFrom::Start(0), BEGINNING).unwrap_or(false);
    let end = || read(SeekFrom::Start(about.len().saturating_sub(END)), END).unwrap_or(false);
    beginning || (about.len() > BEGINNING && end())
}

/// The first bytes of a file. What comes out of a pipe can be read only once, and is left alone.
fn head(path: &Path) -> Option<Vec<u8>> {
    let is_file = fs::metadata(path).is_ok_and(|about| about.is_file());
    let mut head = Vec::new();
    is_file.then(|| File::open(path)?.take(HEAD).read_to_end(&mut head)).and_then(Result::ok)?;
    Some(head)
}

/// Whether the first bytes of a file are those of a video.
fn begins_as_video(head: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 17] = [
        b"\x1A\x45\xDF\xA3",             // Matroska, WebM
        b"FLV\x01",                      // Flash video
        b"OggS",                         // Ogg
        b"\x30\x26\xB2\x75\x8E\x66\xCF", // ASF, WMV
        b"\0\0\x01\xBA",                 // MPEG programme stream
        b"\0\0\x01\xB3",                 // MPEG video
        b"\0\0\x01\xB0",                 // MPEG-4 video
        b"DKIF",                         // IVF
        b"GIF87a",
        b"GIF89a",
        b"YUV4MPEG2 ",
        b"nut/multimedia container\0",
        b".RMF",                         // RealMedia
        b"\x06\x0E\x2B\x34\x02\x05\x01", // MXF
        b"\xB7\xD8\0\x20\x37\x49\xDA",   // WTV
        b"\x12\0\x0A",                   // AV1
        b"BBCD\0",                       // Dirac
    ];
    BEGINNINGS.iter().any(|beginning| head.starts_with(beginning))
        || is_quicktime(head)
        || (head.starts_with(b"RIFF") && matches!(head.get(8..12), Some(b"AVI " | b"AMV ")))
        || is_transport_stream(head)
        || is_elementary_stream(head)
}

/// MP4, MOV and their relatives; pictures that are kept in the same form are none.
fn is_quicktime(head: &[u8]) -> bool {
    const PICTURES: [&[u8]; 6] = [b"avif", b"heic", b"heix", b"heim", b"mif1", b"jpx "];
    match (head.get(4..8), head.get(8..12)) {
        (Some(b"ftyp"), Some(brand)) => !PICTURES.contains(&brand),
        (Some(b"moov" | b"mdat" | b"wide" | b"skip" | b"pnot"), _) => true,
        _ => false,
    }
}

/// Packets that begin with the same byte, of 188, 192 or 204 bytes.
fn is_transport_stream(head: &[u8]) -> bool {
    const SYNC: u8 = 0x47;
    [(0, 188), (4, 192), (0, 204)].into_iter().any(|(first, packet)| {
        let syncs = (0..3).map(|n| head.get(first + n * packet));
        head.len() > first + packet && syncs.flatten().all(|byte| *byte == SYNC)
    })
}

/// H.264 or HEVC without a container: a start code, and a unit that a stream begins with.
fn is_elementary_stream(head: &[u8]) -> bool {
    let unit = head.strip_prefix(b"\0\0\0\x01").or_else(|| head.strip_prefix(b"\0\0\x01"));
    let Some([first, second, ..]) = unit else { return false };
    // Parameters, a delimiter or additional information, of each of the two.
    let h264 = first & 0x80 == 0 && matches!(first & 0x1F, 6 | 7 | 9);
    let hevc = matches!(first, 0x40 | 0x42 | 0x44 | 0x46 | 0x4E) && *second == 1;
    h264 || hevc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_are_known_by_their_first_bytes() {
        let mut transport = vec![0; HEAD as usize];
        (0..3).for_each(|n| transport[n * 188] = 0x47);
        for head in [
            &b"\0\0\0\x20ftypisom"[..],
            b"\0\0\0\x08wide\0\0\0\0mdat",
            b"\x1A\x45\xDF\xA3\x01",
            b"RIFF\x10\0\0\0AVI LIST",
            b"\0\0\0\x01\x67\x64\0\x0A",
            b"\0\0\0\x01\x09\xF0",
            b"\0\0\0\x01\x40\x01\x0C",
            b"GIF89a\x10",
            b"OggS\0",
            &transport,
        ] {
            assert!(begins_as_video(head), "{head:?}");
        }
    }

    #[test]
    fn annotations_and_pictures_are_none() {
        for head in [
            &b""[..],
            b"1,1,10,20,30,40,1,-1,-1,-1\n",
            b"G,G,G\n",
            b"frame,id\n",
            b"\xFF\xD8\xFF\xE0",
            b"\x89PNG\r\n\x1A\n",
            b"RIFF\x10\0\0\0WEBP",
            b"\0\0\0\x20ftypavif",
            b"\0\0\0\x01\x01\x01\x01",
            b"BM\x36",
            b"PK\x03\x04",
        ] {
            assert!(!begins_as_video(head), "{head:?}");
        }
    }
}
