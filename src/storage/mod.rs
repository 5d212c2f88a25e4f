//! Bytes from somewhere: a file, or memory. Nothing here knows what they mean.
//!
//! Files are read by position: a tracker may rewrite or cut its result while somebody looks at it, and
//! what can no longer be read is missing then, and nothing worse. Only small pieces are copied from a
//! mapping, which is prepared for that.

mod content;
mod mapping;

pub use content::{DRAWN, holds_video, is_binary, is_drawn};
pub(crate) use mapping::Mapping;

use std::{
    borrow::Cow,
    fs::{File, Metadata},
    io,
    path::{Path, PathBuf},
};

/// The path from the root on, links and `..` as they stand; the path itself where the current folder is gone.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Bytes that can be read by position: of a file, or in memory.
///
/// ```
/// use motscope::storage::Storage;
///
/// let storage = Storage::from_memory("three.txt", b"abc");
/// let mut buffer = [0; 8];
/// assert_eq!(storage.read_at(1, &mut buffer)?, 2);
/// assert_eq!(&buffer[..2], b"bc");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Storage {
    path: PathBuf,
    data: Data,
    metadata: Option<Metadata>,
    len: u64,
}

#[derive(Debug)]
enum Data {
    File(File),
    Memory(Cow<'static, [u8]>),
}

impl Storage {
    /// Opens a file.
    ///
    /// # Errors
    /// The operating system's, and where it is a folder.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::other("it is a folder"));
        }
        let (path, len) = (path.to_owned(), metadata.len());
        Ok(Self { path, data: Data::File(file), metadata: Some(metadata), len })
    }

    /// Bytes in memory, borrowed for as long as the program lives or owned, shown under the name `path`.
    #[must_use]
    pub fn from_memory(path: impl Into<PathBuf>, bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        let bytes = bytes.into();
        let len = bytes.len() as u64;
        Self { path: path.into(), data: Data::Memory(bytes), metadata: None, len }
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the system said of the file when it was opened; `None` for what is no file.
    #[must_use]
    pub fn metadata(&self) -> Option<&Metadata> {
        self.metadata.as_ref()
    }

    /// Bytes when it was opened.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there was nothing in it when it was opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads what is there at `offset`, at most as much as fits. Less comes only at the end.
    ///
    /// # Errors
    /// The operating system's.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.data {
            Data::Memory(bytes) => {
                let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let rest = &bytes[begin..];
                let length = rest.len().min(buffer.len());
                buffer[..length].copy_from_slice(&rest[..length]);
                Ok(length)
            }
            Data::File(file) => read_all_at(file, offset, buffer),
        }
    }

    /// The first bytes, at most so many.
    ///
    /// # Errors
    /// The operating system's.
    pub fn head(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = vec![0; most];
        let read = self.read_at(0, &mut head)?;
        head.truncate(read);
        Ok(head)
    }

    /// The first `len` bytes mapped, for small pieces of them; `None` where that is not to be had, or
    /// would be no quicker.
    pub(crate) fn map(&self, len: u64) -> Option<Mapping> {
        match &self.data {
            Data::File(file) => Mapping::new(file, len),
            Data::Memory(_) => None,
        }
    }
}

fn read_all_at(file: &File, mut offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match read_some_at(file, &mut buffer[done..], offset) {
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

#[cfg(unix)]
fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
