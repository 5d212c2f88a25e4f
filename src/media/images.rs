use super::{
    Picture, PictureError,
    numbering::{self, Numbering},
    picture::{Decoded, Deep, decoded, size_of},
};
use crate::media::{is_hidden, is_image};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};

/// A folder of pictures, each with a number. Which digits of the names are the number is decided over all of
/// them: those that are others in each name.
///
/// ```
/// use motscope::media::ImageSequence;
///
/// let names = ["clip2_000012_640x480.jpg", "clip2_000010_640x480.jpg"];
/// let images = ImageSequence::embedded("clip2", names.into_iter().map(|name| (name, &b""[..])));
/// assert_eq!(images.numbers().collect::<Vec<_>>(), [10, 12]);
/// assert_eq!(images.pattern(), Some("clip2_<frame>_640x480"));
/// ```
#[derive(Debug)]
pub struct ImageSequence {
    folder: PathBuf,
    /// Ascending by number.
    files: Vec<(u32, ImageFile)>,
    pattern: Option<String>,
    notes: Vec<String>,
    left_out: usize,
    /// Which values are black and white, where they are finer than a screen shows: as somebody set it.
    chosen: Mutex<Option<[f32; 2]>>,
    /// And as the pictures of each kind of values have it, found once, so that nothing flickers from one to the
    /// next: what such values can be, and what they are.
    found: Mutex<Vec<([f32; 2], [f32; 2])>>,
}

#[derive(Debug)]
enum ImageFile {
    /// The name within the folder.
    Named(Box<str>),
    Embedded(&'static [u8]),
}

impl ImageSequence {
    /// Lists a folder. Reads no picture. Names that begin with a dot are none.
    ///
    /// # Errors
    /// Where the folder can't be listed.
    pub fn list(folder: &Path) -> Result<Self, PictureError> {
        let refused = |source| PictureError::Read { path: folder.to_owned(), source };
        let (mut names, mut no_text) = (Vec::new(), 0);
        for entry in std::fs::read_dir(folder).map_err(refused)?.flatten() {
            let name = entry.file_name();
            let is_folder = || entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_hidden(Path::new(&name)) || !is_image(Path::new(&name)) || is_folder() {
                continue;
            }
            match name.into_string() {
                Ok(name) => names.push((name, ())),
                Err(_) => no_text += 1,
            }
        }
        let named = |(name, ()): (String, ())| ImageFile::Named(name.into());
        let mut images = Self::numbered(folder.to_owned(), names, named);
        if no_text > 0 {
            images.left_out += no_text;
            let text = format!("Pictures left out, as their names are no text: {no_text}.");
            images.notes.push(text);
        }
        Ok(images)
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
        let files = files.map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        Self::numbered(name.into(), files, |(_, bytes)| ImageFile::Embedded(bytes))
    }

    fn numbered<T>(
        folder: PathBuf,
        files: Vec<(String, T)>,
        file: impl Fn((String, T)) -> ImageFile,
    ) -> Self {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let Numbering { numbers, pattern, notes } = numbering::number(&names);
        let left_out = numbers.iter().filter(|number| number.is_none()).count();
        let numbered = numbers.into_iter().zip(files);
        let mut files: Vec<(u32, ImageFile)> =
            numbered.filter_map(|(number, named)| Some((number?, file(named)))).collect();
        files.sort_unstable_by_key(|(number, _)| *number);
        files.shrink_to_fit();
        let (chosen, found) = <(Mutex<_>, Mutex<_>)>::default();
        Self { folder, files, pattern, notes, left_out, chosen, found }
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

    /// The numbers of the pictures, ascending.
    #[must_use]
    pub fn numbers(&self) -> impl ExactSizeIterator<Item = u32> {
        self.files.iter().map(|(number, _)| *number)
    }

    /// Whether there is a picture of that number.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.position(number).is_some()
    }

    /// How names are read, such as `image_<frame>_0`; `None` where they hold no numbers.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        self.pattern.as_deref()
    }

    /// What a person should know of the numbers, a sentence each: which pictures are left out and why, and
    /// whether pictures are only counted.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The name of the picture of a number, for people.
    #[must_use]
    pub fn name_of(&self, number: u32) -> Option<String> {
        match &self.files[self.position(number)?].1 {
            ImageFile::Named(name) => Some(numbering::shown(name)),
            ImageFile::Embedded(_) => Some(format!("picture {number}")),
        }
    }

    /// Number of pictures that are left out.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    fn position(&self, number: u32) -> Option<usize> {
        self.files.binary_search_by_key(&number, |(number, _)| *number).ok()
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

impl ImageSequence {
    /// Reads and decodes the picture of a number.
    ///
    /// # Errors
    /// Where there is none, or it can't be read or decoded.
    pub fn picture(&self, number: u32) -> Result<Picture, PictureError> {
        let absent = PictureError::Absent { frame: u64::from(number) };
        let at = self.position(number).ok_or(absent)?;
        Ok(match self.decoded(at)? {
            Decoded::Plain(picture) => picture,
            Decoded::Deep(deep) => {
                let range = self.range_for(&deep);
                deep.shown(range)
            }
        })
    }

    /// Width and height of the picture of a number, from its header.
    pub(super) fn size(&self, number: u32) -> Option<[u32; 2]> {
        match &self.files[self.position(number)?].1 {
            ImageFile::Embedded(bytes) => size_of(bytes),
            ImageFile::Named(name) => {
                size_of(&super::picture::read(&self.folder.join(&**name)).ok()?)
            }
        }
    }

    fn decoded(&self, at: usize) -> Result<Decoded, PictureError> {
        let path = self.folder.join(self.files[at].1.name());
        let result = match &self.files[at].1 {
            ImageFile::Embedded(bytes) => decoded(bytes),
            ImageFile::Named(_) => {
                let read = super::picture::read(&path);
                decoded(&read.map_err(|source| PictureError::Read { path: path.clone(), source })?)
            }
        };
        result.map_err(|reason| PictureError::Decode { path, reason })
    }

    /// Which values are black and white: as chosen, else as the first, the middle and the last picture
    /// have it together, as far as their values are of the same kind.
    fn range_for(&self, deep: &Deep) -> [f32; 2] {
        if let Some(chosen) = *self.chosen.lock() {
            return chosen;
        }
        let known = || {
            let found = self.found.lock();
            found.iter().find(|(kind, _)| *kind == deep.full).map(|(_, range)| *range)
        };
        if let Some(known) = known() {
            return known;
        }
        let last = self.files.len().saturating_sub(1);
        let mut places = vec![0, last / 2, last];
        places.dedup();
        let bounds = places.into_iter().filter_map(|at| match self.decoded(at) {
            Ok(Decoded::Deep(other)) if other.full == deep.full => other.bounds(),
            _ => None,
        });
        let all = bounds.reduce(|[a, b], [c, d]| [a.min(c), b.max(d)]).or_else(|| deep.bounds());
        let range = all.filter(|[low, high]| low < high).unwrap_or(deep.full);
        // Whoever was first decides.
        known().unwrap_or_else(|| {
            self.found.lock().push((deep.full, range));
            range
        })
    }

    /// Sets which values are black and white in pictures whose values are finer than a screen shows; `None`:
    /// as they have it. Answers whether that changes anything.
    pub fn set_range(&self, range: Option<[f32; 2]>) -> bool {
        let range = range.filter(|[low, high]| low.is_finite() && high.is_finite() && low < high);
        std::mem::replace(&mut *self.chosen.lock(), range) != range
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::decode;

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
        write("._000002.png", b"what another system keeps beside a file");
        write(".DS_Store.png", b"");
        let images = ImageSequence::list(folder.path()).expect("listed");
        assert_eq!(images.numbers().collect::<Vec<_>>(), [2, 3, 7, 9]);
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
