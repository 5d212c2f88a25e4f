//! A file's bytes in memory, for lines that stand alone and for small frames: asking the system for
//! each of them would cost ten times as much as reading it.
//!
//! A mapped file that is cut short kills its reader with a SIGBUS, unless the reader is prepared:
//! here the missing pages are replaced by empty ones and the mapping is given up. Whoever reads from
//! it asks afterwards whether it is still [whole](Mapping::is_whole), and otherwise reads the file by
//! position, which says what happened.
//!
//! What is mapped is never lent out: others may be writing it, so it is copied, word by word, as
//! memory that is shared with another process has to be.

#[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
#[expect(unsafe_code, reason = "no library maps a file that may be cut short")]
mod guarded;

#[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
pub(crate) use guarded::Mapping;

/// Other systems read by position: Windows would keep a tracker from rewriting a mapped file.
#[cfg(not(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64")))]
#[derive(Debug)]
pub(crate) enum Mapping {}

#[cfg(not(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64")))]
impl Mapping {
    pub const LARGEST_PRESENT: u64 = 1 << 30;

    pub fn new(_: &std::fs::File, _: u64) -> Option<Self> {
        None
    }

    pub fn make_present(&self) {
        match *self {}
    }

    pub fn is_present(&self) -> bool {
        match *self {}
    }

    pub fn prefetch(&self, _: u64) {
        match *self {}
    }

    pub fn copy(&self, _: u64, _: &mut [u8]) -> Option<usize> {
        match *self {}
    }

    pub fn is_whole(&self) -> bool {
        match *self {}
    }
}
