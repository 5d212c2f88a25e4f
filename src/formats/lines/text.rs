//! Text by lines, whatever they say.

use crate::storage::Storage;
use memchr::memchr;
use std::{
    borrow::Cow,
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// A file of text: where its first line begins and what ends a line.
#[derive(Debug)]
pub struct TextFile {
    storage: Storage,
    start: u64,
    terminator: u8,
}

/// Why bytes are no text that can be read by lines.
#[derive(Debug, Error)]
pub enum NoText {
    /// They can't be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// They are text in another encoding than UTF-8, named for a person.
    #[error("it is {0} text")]
    Encoding(&'static str),
}

/// How much of a file is looked at for its encoding and its line ends.
const HEAD: usize = 64 * 1024;
/// How much is read at a time: it stays in a core's own cache.
const BLOCK: usize = 64 * 1024;
/// Longer lines are cut off here; no line of numbers is.
pub(super) const LONGEST_LINE: usize = 1 << 20;
/// How much is read beyond a range for the end of its last line, and for a line that stands alone.
pub(super) const TAIL: usize = 256;

impl TextFile {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it can't be opened, is a folder, or is UTF-16 or UTF-32 text.
    pub fn open(path: &Path) -> Result<Self, NoText> {
        Self::new(Storage::open(path)?)
    }

    /// Bytes in memory, borrowed for as long as the program lives or owned, shown under the name `path`.
    ///
    /// # Errors
    /// Where they are UTF-16 or UTF-32 text.
    pub fn from_memory(
        path: impl Into<PathBuf>,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, NoText> {
        Self::new(Storage::from_memory(path, bytes))
    }

    /// The bytes as text.
    ///
    /// # Errors
    /// Where they can't be read, or are UTF-16 or UTF-32 text.
    pub fn new(storage: Storage) -> Result<Self, NoText> {
        let head = storage.head(HEAD)?;
        if let Some(encoding) = foreign_encoding(&head) {
            return Err(NoText::Encoding(encoding));
        }
        let start = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let count = |byte: u8| memchr::memchr_iter(byte, &head).count();
        // A carriage return before each line feed, or instead of it.
        let terminator = if count(b'\r') > 2 * count(b'\n') { b'\r' } else { b'\n' };
        Ok(Self { storage, start, terminator })
    }

    /// The same, with the first line at `start`: behind a header.
    #[must_use]
    pub fn starting_at(self, start: u64) -> Self {
        Self { start, ..self }
    }

    /// The bytes.
    #[must_use]
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.storage.path()
    }

    /// Bytes of the file when it was opened.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.storage.len()
    }

    /// Whether there was nothing in it when it was opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.storage.is_empty()
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
        self.storage.read_at(offset, buffer)
    }

    /// Whether there is a zero byte at the beginning, which no text has.
    #[must_use]
    pub fn looks_binary(&self) -> bool {
        self.storage.head(HEAD).is_ok_and(|head| memchr(0, &head).is_some())
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
