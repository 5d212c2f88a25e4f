//! The bytes of a file, mapped into memory, and how they split into lines.
//!
//! This is the one place with `unsafe` in the program.
#![expect(unsafe_code, reason = "mapping a file is unsafe by nature; see `map`")]

use super::MotError;
use memchr::memchr;
use std::{
    fs::File,
    path::{Path, PathBuf},
};

/// A readable text: a mapped file, or bytes that the program carries with it.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    bytes: Bytes,
    start: usize,
    terminator: u8,
}

#[derive(Debug)]
enum Bytes {
    Mapped(memmap2::Mmap),
    Static(&'static [u8]),
}

impl Source {
    /// Maps a file.
    ///
    /// # Errors
    /// Where the file can't be opened, is a folder, or is UTF-16 or UTF-32 text.
    pub fn open(path: &Path) -> Result<Self, MotError> {
        let bytes = map(path).map_err(|source| MotError::Open { path: path.to_owned(), source })?;
        Self::new(path.to_owned(), bytes)
    }

    /// Bytes that live as long as the program, shown under the name `path`.
    ///
    /// # Errors
    /// Where they are UTF-16 or UTF-32 text.
    pub fn from_static(path: impl Into<PathBuf>, bytes: &'static [u8]) -> Result<Self, MotError> {
        Self::new(path.into(), Bytes::Static(bytes))
    }

    fn new(path: PathBuf, bytes: Bytes) -> Result<Self, MotError> {
        let text = bytes.as_slice();
        if let Some(encoding) = foreign_encoding(text) {
            return Err(MotError::Encoding { path, encoding });
        }
        let start = if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let head = &text[start..text.len().min(start + HEAD)];
        let count = |byte: u8| memchr::memchr_iter(byte, head).count();
        // A carriage return before each line feed, or instead of it.
        let terminator = if count(b'\r') > 2 * count(b'\n') { b'\r' } else { b'\n' };
        Ok(Self { path, bytes, start, terminator })
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// Where the first line begins: behind a byte order mark.
    #[must_use]
    pub fn start(&self) -> usize {
        self.start
    }

    /// The line that begins at `offset`, and where the next one begins.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> (&[u8], usize) {
        let rest = &self.bytes()[offset..];
        match memchr(self.terminator, rest) {
            Some(end) => (&rest[..end], offset + end + 1),
            None => (rest, offset + rest.len()),
        }
    }

    /// Whether there is a zero byte at the beginning, which no text has.
    #[must_use]
    pub fn looks_binary(&self) -> bool {
        let bytes = self.bytes();
        memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some()
    }

    /// All lines from `offset` on up to the one that begins at or after `end`, with their
    /// offsets.
    pub fn lines(&self, offset: usize, end: usize) -> impl Iterator<Item = (usize, &[u8])> {
        let mut next = offset;
        std::iter::from_fn(move || {
            let at = next;
            (at < end).then(|| {
                let (line, following) = self.line_at(at);
                next = following;
                (at, line)
            })
        })
    }
}

/// How much of a file is looked at for its line ends.
const HEAD: usize = 64 * 1024;

impl Bytes {
    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Static(bytes) => bytes,
        }
    }
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

fn map(path: &Path) -> std::io::Result<Bytes> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
    if about.len() == 0 {
        return Ok(Bytes::Static(b""));
    }
    // SAFETY: the mapping is read only and lives as long as the `Source`. Its contract is that
    // nobody changes the file meanwhile, which no program can promise for a file of somebody
    // else's. What can come of a breach: bytes that change under the reader, which only parses
    // them and trusts no earlier look, and, where the file is cut short, a SIGBUS.
    let map = unsafe { memmap2::Mmap::map(&file)? };
    Ok(Bytes::Mapped(map))
}
