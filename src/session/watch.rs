//! What becomes of a file while it is open: a tracker may still be writing it.

use crate::formats::mot::MotFile;
use std::{
    fs::{self, Metadata},
    io,
    time::SystemTime,
};

/// What became of the file since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has grown by so many bytes, and what was there is there still.
    Grown(u64),
    /// It is shorter.
    Cut,
    /// It was written anew, or another file has taken its place.
    Rewritten,
    /// It is gone.
    Gone,
}

/// How much of the end of what was read is looked at again.
const TAIL: u64 = 4096;

/// The file as it was when it was read.
#[derive(Debug)]
pub(super) struct Known {
    /// Bytes that were read.
    pub len: u64,
    modified: Option<SystemTime>,
    identity: (u64, u64),
    tail: Vec<u8>,
}

impl Known {
    /// The file as it was opened. `None` for what is no file.
    pub fn of(source: &MotFile) -> Option<Self> {
        let about = source.storage().metadata()?;
        let tail = tail(source, source.len()).ok()?;
        let modified = about.modified().ok();
        Some(Self { len: source.len(), modified, identity: identity(about), tail })
    }

    /// The same file, of which more was read. What happened to it since it was looked at last is
    /// news yet to be told.
    pub fn read_up_to(&mut self, source: &MotFile, len: u64) {
        self.len = len;
        // Cut short just now: the next look tells.
        self.tail = tail(source, len).unwrap_or_default();
        // Where more has come meanwhile, its length is what tells.
        let about = fs::metadata(source.path()).ok().filter(|about| about.len() == len);
        self.modified = about.and_then(|about| about.modified().ok());
    }

    /// Whether what was read ends with this.
    pub fn ends_with(&self, byte: u8) -> bool {
        self.tail.last().is_none_or(|last| *last == byte)
    }

    /// What became of it since.
    pub fn look(&self, source: &MotFile) -> Option<Change> {
        let about = match fs::metadata(source.path()) {
            Ok(about) => about,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Change::Gone),
            // Such as a network drive that is away: it may come back.
            Err(_) => return None,
        };
        if identity(&about) != self.identity {
            return Some(Change::Rewritten);
        }
        if about.len() < self.len {
            return Some(Change::Cut);
        }
        let modified = about.modified().ok();
        if about.len() == self.len && (modified == self.modified || self.modified.is_none()) {
            return None;
        }
        // What was appended to still ends what was there as it did.
        let same = tail(source, self.len).is_ok_and(|tail| tail == self.tail);
        match about.len() - self.len {
            _ if !same => Some(Change::Rewritten),
            0 => Some(Change::Rewritten),
            more => Some(Change::Grown(more)),
        }
    }
}

fn tail(source: &MotFile, len: u64) -> io::Result<Vec<u8>> {
    let begin = len.saturating_sub(TAIL);
    let mut tail = vec![0; (len - begin) as usize];
    let read = source.read_at(begin, &mut tail)?;
    tail.truncate(read);
    Ok(tail)
}

/// Which file it is, whatever its name.
#[cfg(unix)]
fn identity(about: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (about.dev(), about.ino())
}

/// Elsewhere only its contents tell.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// Where the last line ends that is written whole, in `from..to`; `None` where there is none.
pub(super) fn end_of_whole_lines(source: &MotFile, from: u64, to: u64) -> Option<u64> {
    /// Looked at from the end; a line that is longer will end at some time.
    const BACK: u64 = 1 << 20;
    let begin = to.saturating_sub(BACK).max(from);
    let mut block = vec![0; (to - begin) as usize];
    let read = source.read_at(begin, &mut block).ok()?;
    let last = block[..read].iter().rposition(|byte| *byte == source.terminator())?;
    Some(begin + last as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn each_change_is_told_from_the_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("result.txt");
        let text = "1,1,1,1,1,1\n".repeat(1000);
        let known = |text: &str| {
            fs::write(&path, text).expect("written");
            let source = MotFile::open(&path).expect("opens");
            let known = Known::of(&source).expect("a file");
            assert_eq!(known.look(&source), None);
            (source, known)
        };
        let (source, at_first) = known(&text);
        let mut file = fs::OpenOptions::new().append(true).open(&path).expect("opens");
        file.write_all(b"2,1,1,").expect("written");
        assert_eq!(at_first.look(&source), Some(Change::Grown(6)));
        assert_eq!(end_of_whole_lines(&source, at_first.len, source.len() + 6), None);
        file.write_all(b"1,1,1\n3,").expect("written");
        assert_eq!(end_of_whole_lines(&source, 12_000, 12_014), Some(12_012));

        let (source, at_first) = known(&text);
        file = fs::OpenOptions::new().write(true).open(&path).expect("opens");
        file.set_len(50).expect("cut");
        assert_eq!(at_first.look(&source), Some(Change::Cut));

        let (source, at_first) = known(&text);
        fs::write(&path, text.replace('1', "7") + "1,1,1,1,1,1\n").expect("written");
        assert_eq!(at_first.look(&source), Some(Change::Rewritten));
        fs::remove_file(&path).expect("deleted");
        assert_eq!(at_first.look(&source), Some(Change::Gone));
    }
}
