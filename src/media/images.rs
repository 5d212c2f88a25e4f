use super::{Picture, PictureError, decode};
use crate::mot::is_image;
use std::path::{Path, PathBuf};

/// A folder of pictures, matched to frames by number.
#[derive(Debug)]
pub struct ImageSequence {
    folder: PathBuf,
    /// Ascending by frame.
    files: Vec<(u32, ImageFile)>,
}

#[derive(Debug)]
enum ImageFile {
    /// The name within the folder.
    Named(Box<str>),
    Embedded(&'static [u8]),
}

impl ImageSequence {
    /// Lists a folder. Reads no picture.
    ///
    /// # Errors
    /// Where the folder can't be listed.
    pub fn list(folder: &Path) -> Result<Self, PictureError> {
        let refused = |source| PictureError::Read { path: folder.to_owned(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(refused)?.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            // A name that is not Unicode can't be held as text; none was ever seen.
            if let Some(name) = name.to_str()
                && is_image(&path)
                && let Some(frame) = frame_number(name)
            {
                files.push((frame, ImageFile::Named(name.into())));
            }
        }
        Ok(Self::new(folder.to_owned(), files))
    }

    /// The pictures of a sequence, if it has any. A folder that somebody `named` must have some.
    ///
    /// # Errors
    /// Where the folder can't be listed, or was named and has none.
    pub fn of(folder: Option<&Path>, named: bool) -> Result<Option<Self>, PictureError> {
        let Some(folder) = folder else { return Ok(None) };
        let images = Self::list(folder)?;
        if images.is_empty() && named {
            return Err(PictureError::NoneInFolder { folder: folder.to_owned() });
        }
        Ok((!images.is_empty()).then_some(images))
    }

    /// Pictures that the program carries with it, named like files.
    #[must_use]
    pub fn embedded<'a>(
        name: impl Into<PathBuf>,
        files: impl Iterator<Item = (&'a str, &'static [u8])>,
    ) -> Self {
        let numbered = files
            .filter_map(|(name, bytes)| Some((frame_number(name)?, ImageFile::Embedded(bytes))));
        Self::new(name.into(), numbered.collect())
    }

    fn new(folder: PathBuf, mut files: Vec<(u32, ImageFile)>) -> Self {
        files.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name().cmp(b.1.name())));
        files.dedup_by_key(|(frame, _)| *frame);
        files.shrink_to_fit();
        Self { folder, files }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Number of pictures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no picture.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The frames that have a picture, ascending.
    #[must_use]
    pub fn frames(&self) -> impl ExactSizeIterator<Item = u32> {
        self.files.iter().map(|(frame, _)| *frame)
    }

    /// Whether `frame` has a picture.
    #[must_use]
    pub fn has(&self, frame: u32) -> bool {
        self.position(frame).is_some()
    }

    fn position(&self, frame: u32) -> Option<usize> {
        self.files.binary_search_by_key(&frame, |(frame, _)| *frame).ok()
    }
}

impl ImageFile {
    fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Embedded(_) => "",
        }
    }
}

/// The frame that a picture's name tells: its last run of digits before the extension.
///
/// ```
/// use motscope::media::frame_number;
///
/// assert_eq!(frame_number("000012.jpg"), Some(12));
/// assert_eq!(frame_number("cam2_frame_000010.png"), Some(10));
/// assert_eq!(frame_number("cover.jpg"), None);
/// ```
#[must_use]
pub fn frame_number(name: &str) -> Option<u32> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + stem[at..].chars().next().map_or(1, char::len_utf8));
    stem[start..end].parse().ok()
}

impl ImageSequence {
    /// Reads and decodes the picture of `frame`.
    ///
    /// # Errors
    /// Where there is none, or it can't be read or decoded.
    pub fn picture(&self, frame: u32) -> Result<Picture, PictureError> {
        let absent = PictureError::Absent { frame: u64::from(frame) };
        let at = self.position(frame).ok_or(absent)?;
        let path = self.folder.join(self.files[at].1.name());
        let decoded = match &self.files[at].1 {
            ImageFile::Embedded(bytes) => decode(bytes),
            ImageFile::Named(_) => {
                let read = super::picture::read(&path);
                decode(&read.map_err(|source| PictureError::Read { path: path.clone(), source })?)
            }
        };
        decoded.map_err(|reason| PictureError::Decode { path, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let image = image::RgbImage::from_pixel(width, height, image::Rgb([9, 8, 7]));
        image.write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_matched_by_number_and_failures_say_why() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).expect("written");
        };
        write("img_00007.png", &png(3, 2));
        write("000002.png", b"this is no picture");
        write("000003.jpg", b"");
        write("notes.txt", b"7");
        write("9.PNG", &png(1, 1));
        let images = ImageSequence::list(folder.path()).expect("listed");
        assert_eq!(images.frames().collect::<Vec<_>>(), [2, 3, 7, 9]);
        let picture = images.picture(7).expect("decoded");
        assert_eq!(
            (picture.width, picture.height, &picture.rgba[..4]),
            (3, 2, &[9, 8, 7, 255][..])
        );
        let failed = |frame| images.picture(frame).expect_err("fails").to_string();
        assert!(failed(2).contains("000002.png can't be decoded: it is no JPEG"), "{}", failed(2));
        assert!(failed(3).contains("000003.jpg can't be decoded: it is empty"), "{}", failed(3));
        assert_eq!(failed(4), "There is no picture of frame 4.");
        std::fs::remove_file(folder.path().join("9.PNG")).expect("removed");
        assert!(failed(9).contains("9.PNG can't be read"), "{}", failed(9));
    }

    #[test]
    fn hostile_sizes_are_refused() {
        // A PNG that claims 60,000 x 60,000 pixels: the size is patched, and so is its checksum.
        let mut bytes = png(1, 1);
        bytes[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        let reason = decode(&bytes).expect_err("refused");
        assert!(reason.contains("larger than 16384 pixels"), "{reason}");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc: u32, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
            })
        })
    }
}
