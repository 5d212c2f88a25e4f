//! The bytes of a file, and how they split into lines.
//!
//! Files are read by position: a tracker may rewrite or cut its result while somebody looks at it,
//! and what can no longer be read is missing here, and nothing worse. Only small pieces are copied from a
//! [`Mapping`], which is prepared for that.

mod places;

pub(super) use places::{NOWHERE, Places};

use super::{
    Columns, Detection, LineError, MotError, Origin, Reading,
    line::{LineParser, Mapped, Usual},
    mapping::Mapping,
};
use memchr::memchr;
use std::{
    borrow::Cow,
    fs::{File, Metadata},
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// A readable text: a file, or bytes that the program carries with it.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    data: Data,
    about: Option<Metadata>,
    len: u64,
    start: u64,
    /// Lines before the first.
    lines_before: u64,
    terminator: u8,
    usual: bool,
    reading: Reading,
}

#[derive(Debug)]
enum Data {
    File(File),
    Memory(Cow<'static, [u8]>),
}

/// How much of a file is looked at for its encoding and its line ends.
const HEAD: usize = 64 * 1024;
/// How much is read at a time: it stays in a core's own cache.
const BLOCK: usize = 64 * 1024;
/// Longer lines are cut off here; no line of numbers is.
const LONGEST_LINE: usize = 1 << 20;
/// How much is read beyond a range for the end of its last line, and for a line that stands alone.
const TAIL: usize = 256;

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// Where the file can't be opened, is a folder, or is UTF-16 or UTF-32 text.
    pub fn open(path: &Path) -> Result<Self, MotError> {
        let refused = |source| MotError::Open { path: path.to_owned(), source };
        let file = File::open(path).map_err(refused)?;
        let about = file.metadata().map_err(refused)?;
        if about.is_dir() {
            return Err(refused(io::Error::other("it is a folder")));
        }
        let made = Self::new(path.to_owned(), Data::File(file), about.len());
        let made = made.map_err(|error| match error {
            Refusal::Encoding(encoding) => MotError::Encoding { path: path.to_owned(), encoding },
            Refusal::Read(source) => refused(source),
        })?;
        Ok(Self { about: Some(about), ..made })
    }

    /// Bytes in memory, borrowed for as long as the program lives or owned, shown under the name `path`.
    ///
    /// # Errors
    /// Where they are UTF-16 or UTF-32 text.
    pub fn from_memory(
        path: impl Into<PathBuf>,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, MotError> {
        let (path, bytes) = (path.into(), bytes.into());
        let len = bytes.len() as u64;
        let made = Self::new(path.clone(), Data::Memory(bytes), len);
        made.map_err(|error| match error {
            Refusal::Encoding(encoding) => MotError::Encoding { path, encoding },
            Refusal::Read(source) => MotError::Open { path, source },
        })
    }

    fn new(path: PathBuf, data: Data, len: u64) -> Result<Self, Refusal> {
        let mut head = vec![0; HEAD];
        let read = data.read_at(0, &mut head).map_err(Refusal::Read)?;
        head.truncate(read);
        if let Some(encoding) = foreign_encoding(&head) {
            return Err(Refusal::Encoding(encoding));
        }
        let start = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let count = |byte: u8| memchr::memchr_iter(byte, &head).count();
        // A carriage return before each line feed, or instead of it.
        let terminator = if count(b'\r') > 2 * count(b'\n') { b'\r' } else { b'\n' };
        let reading = Reading::default();
        let (about, lines_before, usual) = (None, 0, true);
        Ok(Self { path, data, about, len, start, lines_before, terminator, usual, reading })
    }

    /// The same, read in another way. A header ends at `start`, behind so many lines.
    pub(super) fn with_reading(self, reading: Reading, start: u64, lines_before: u64) -> Self {
        // What a header does not name is none of the further columns of the MOT format.
        let ragged = reading.header.as_ref().is_some_and(|header| header.ragged);
        let usual = reading.columns.is_usual() && !ragged;
        Self { start, lines_before, usual, reading, ..self }
    }

    /// The same, with other columns than the usual ones.
    #[must_use]
    pub fn with_columns(self, columns: Columns) -> Self {
        let (start, lines_before) = (self.start, self.lines_before);
        self.with_reading(Reading { columns, ..Reading::default() }, start, lines_before)
    }

    /// How its lines are read.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Whether its columns are the MOT format's own.
    #[inline]
    pub(super) fn is_usual(&self) -> bool {
        self.usual
    }

    /// What reads its lines where they are not the usual ones.
    pub(super) fn mapped(&self) -> Mapped<'_> {
        let header = self.reading.header.as_ref().filter(|_| self.reading.origin == Origin::Header);
        let most = header.map_or(usize::MAX, |header| header.names.len());
        Mapped { columns: &self.reading.columns, names: &self.reading.classes, most }
    }

    /// Reads a line: its frame number, its box and how many columns it has.
    ///
    /// ```
    /// use motscope::mot::{Columns, Source};
    ///
    /// let source = Source::from_memory("edges.txt", b"")?.with_columns(Columns::CORNERS);
    /// let (_, detection, _) = source.parse_line(b"1,7,100,50,140,130").expect("a box");
    /// assert_eq!((detection.width, detection.height), (40.0, 80.0));
    /// # Ok::<(), motscope::mot::MotError>(())
    /// ```
    ///
    /// # Errors
    /// The first column that can't be read.
    #[inline]
    pub fn parse_line(&self, line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
        if self.usual { Usual.parse(line) } else { self.mapped().parse(line) }
    }

    /// The frame number of a line, if it has one.
    #[must_use]
    pub fn frame_of(&self, line: &[u8]) -> Option<u32> {
        if self.usual { Usual.frame_of(line) } else { self.mapped().frame_of(line) }
    }

    /// Lines of the file before the one that begins at [`Self::start`]: a header, and what stands before it.
    #[must_use]
    pub fn lines_before(&self) -> u64 {
        self.lines_before
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the system said of the file when it was opened; `None` for what is no file.
    #[must_use]
    pub fn metadata(&self) -> Option<&Metadata> {
        self.about.as_ref()
    }

    /// Bytes of the file when it was opened.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there was nothing in it when it was opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where the first line begins: behind a byte order mark, and behind a header.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// What ends a line.
    #[must_use]
    pub fn terminator(&self) -> u8 {
        self.terminator
    }

    /// Reads what is there at `offset`, at most as much as fits. Less comes only at the end.
    ///
    /// # Errors
    /// The operating system's.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.data.read_at(offset, buffer)
    }

    /// Whether there is a zero byte at the beginning, which no text has.
    #[must_use]
    pub fn looks_binary(&self) -> bool {
        let mut head = vec![0; HEAD];
        let read = self.read_at(0, &mut head).unwrap_or(0);
        memchr(0, &head[..read]).is_some()
    }

    /// Calls `each` with every line that begins in `from..to`, and where it begins. `from` is where
    /// a line begins, and the file reached to `to` at least. `buffer` is worked in and can be used again.
    ///
    /// # Errors
    /// The operating system's; the lines before were handed out.
    pub fn for_each_line(
        &self,
        from: u64,
        to: u64,
        buffer: &mut Vec<u8>,
        mut each: impl FnMut(u64, &[u8]) -> ControlFlow<()>,
    ) -> io::Result<()> {
        // Where the buffer begins in the file, and how much of it is filled.
        let (mut at, mut filled) = (from, 0);
        let mut skipping = false;
        while at < to {
            let wanted = (to - at).min(BLOCK as u64) as usize;
            let wanted = if filled < wanted { wanted } else { filled + TAIL.max(filled) };
            if buffer.len() < wanted {
                buffer.resize(wanted, 0);
            }
            let read = self.read_at(at + filled as u64, &mut buffer[filled..wanted])?;
            let ended = read == 0;
            filled += read;
            let block = &buffer[..filled];
            let mut begin = 0;
            while let Some(length) = memchr(self.terminator, &block[begin..]) {
                let offset = at + begin as u64;
                if offset >= to {
                    return Ok(());
                }
                if !std::mem::take(&mut skipping)
                    && each(offset, &block[begin..begin + length]).is_break()
                {
                    return Ok(());
                }
                begin += length + 1;
            }
            if ended {
                let offset = at + begin as u64;
                // Cut off before there: a line without an end is none.
                let cut = at + (filled as u64) < to;
                if begin < filled && offset < to && !skipping && !cut {
                    let _ = each(offset, &block[begin..]);
                }
                return Ok(());
            }
            if filled - begin > LONGEST_LINE {
                if !std::mem::replace(&mut skipping, true)
                    && each(at + begin as u64, &block[begin..begin + LONGEST_LINE]).is_break()
                {
                    return Ok(());
                }
                begin = filled;
            }
            buffer.copy_within(begin..filled, 0);
            at += begin as u64;
            filled -= begin;
        }
        Ok(())
    }

    /// The first `len` bytes mapped, for small pieces of them; `None` where that is not to be had, or
    /// would be no quicker.
    pub(super) fn map(&self, len: u64) -> Option<Mapping> {
        match &self.data {
            Data::File(file) => Mapping::new(file, len),
            Data::Memory(_) => None,
        }
    }
}

impl Data {
    fn read_at(&self, mut offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => {
                let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let rest = &bytes[begin..];
                let length = rest.len().min(buffer.len());
                buffer[..length].copy_from_slice(&rest[..length]);
                Ok(length)
            }
            Self::File(file) => {
                let mut done = 0;
                while done < buffer.len() {
                    match read_file_at(file, &mut buffer[done..], offset) {
                        Ok(0) => break,
                        Ok(read) => {
                            done += read;
                            offset += read as u64;
                        }
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(done)
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_file_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Why bytes are not taken.
enum Refusal {
    Encoding(&'static str),
    Read(io::Error),
}

fn foreign_encoding(text: &[u8]) -> Option<&'static str> {
    match text {
        [0xFF, 0xFE, 0, 0, ..] => Some("UTF-32 (little endian)"),
        [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32 (big endian)"),
        [0xFF, 0xFE, ..] => Some("UTF-16 (little endian)"),
        [0xFE, 0xFF, ..] => Some("UTF-16 (big endian)"),
        // Without a mark: ASCII in UTF-16 has a zero in every other byte.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some("UTF-16 (little endian)"),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some("UTF-16 (big endian)"),
        _ => None,
    }
}
