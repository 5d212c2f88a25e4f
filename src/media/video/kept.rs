//! Counts of videos, kept for the next time they are opened. They are a convenience: what can't be read
//! or written, or was damaged, is as if it was never there.

use super::{
    damage::Heard,
    table::{Size, Table},
};
use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher as _},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Counts kept at most; the one that was not used for longest goes first.
const MOST_ENTRIES: usize = 64;
/// Bytes of all of them.
const MOST_BYTES: u64 = 64 << 20;
/// Bytes of one: about two million pictures.
const MOST_OF_ONE: u64 = 16 << 20;
/// What a file begins with; changes with its form.
const MAGIC: &[u8; 16] = b"motscope count 2";
const EXTENSION: &str = "count";

/// Where counts are kept by programs: in the user's folder for caches.
pub(super) fn usual_folder() -> Option<PathBuf> {
    let cache = etcetera::choose_base_strategy().ok()?.cache_dir();
    Some(cache.join("motscope").join("videos"))
}

/// A file as it was when it was counted, and what counted it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Identity {
    path: PathBuf,
    /// Device and number of the file, where the system has them.
    file: (u64, u64),
    len: u64,
    modified: SystemTime,
    stream: u64,
    ffmpeg: String,
}

impl Identity {
    pub fn of(path: &Path, stream: usize, ffmpeg: &str) -> Option<Self> {
        let about = fs::metadata(path).ok()?;
        Some(Self {
            path: std::path::absolute(path).ok()?,
            file: number_of(&about),
            len: about.len(),
            modified: about.modified().ok()?,
            stream: stream as u64,
            ffmpeg: ffmpeg.to_owned(),
        })
    }

    fn file_in(&self, folder: &Path) -> PathBuf {
        // Where two have the same name, the later replaces the other; within, both are told apart.
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        folder.join(format!("{:016x}.{EXTENSION}", hasher.finish()))
    }
}

#[cfg(unix)]
fn number_of(about: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (about.dev(), about.ino())
}

#[cfg(not(unix))]
fn number_of(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Time stamps, each as the difference to the one before.
    pub steps: Vec<i64>,
    pub sums: Vec<u32>,
    pub keys: Vec<u32>,
    pub sizes: Vec<(u32, Size)>,
    /// What FFmpeg said of damage.
    pub heard: Heard,
}

impl Kept {
    pub fn of(table: &Table) -> Self {
        table.to_keep()
    }
}

/// The count of a file, if it was kept and is whole.
pub(super) fn read(folder: &Path, identity: &Identity) -> Option<Table> {
    let path = identity.file_in(folder);
    let file = File::open(path).ok()?;
    let mut bytes = Vec::new();
    (&file).take(MOST_OF_ONE).read_to_end(&mut bytes).ok()?;
    let (of, kept) = understood(&bytes)?;
    let table = Table::of_kept(kept).filter(|_| of == *identity)?;
    // The last time it was of use; that it can't be noted does no harm.
    let _ = file.set_modified(SystemTime::now());
    Some(table)
}

fn understood(bytes: &[u8]) -> Option<(Identity, Kept)> {
    let (sum, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<4>()?;
    (u32::from_le_bytes(*sum) == simd_adler32::adler32(&rest)).then_some(())?;
    postcard::from_bytes(rest).ok()
}

/// Keeps the count of a file.
pub(super) fn write(folder: &Path, identity: &Identity, kept: &Kept) {
    // What can't be kept is counted again.
    let _ = try_to_write(folder, identity, kept);
}

fn try_to_write(folder: &Path, identity: &Identity, kept: &Kept) -> io::Result<()> {
    let rest = postcard::to_stdvec(&(identity, kept)).map_err(io::Error::other)?;
    if rest.len() as u64 + 20 > MOST_OF_ONE {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(MAGIC)?;
    file.write_all(&simd_adler32::adler32(&&rest[..]).to_le_bytes())?;
    file.write_all(&rest)?;
    file.persist(identity.file_in(folder))?;
    make_room(folder)
}

/// Forgets the count of a file.
pub(super) fn remove(folder: &Path, identity: &Identity) {
    // It may be gone already.
    let _ = fs::remove_file(identity.file_in(folder));
}

/// Deletes the counts that were not used for longest, until the others are few and small enough.
fn make_room(folder: &Path) -> io::Result<()> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            let about = entry.metadata()?;
            all.push((about.modified()?, about.len(), path));
        }
    }
    all.sort_unstable_by(|a, b| b.cmp(a));
    let mut bytes = 0;
    for (place, (_, len, path)) in all.into_iter().enumerate() {
        bytes += len;
        if place >= MOST_ENTRIES || bytes > MOST_BYTES {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard() -> Heard {
        let mut heard = Heard::default();
        heard.line("[error] partial file", 2);
        heard
    }

    fn kept() -> Kept {
        Kept {
            steps: vec![5, 10, 10],
            sums: vec![7, 8, 9],
            keys: vec![0, 2],
            sizes: vec![(0, [4, 3]), (2, [8, 6])],
            heard: heard(),
        }
    }

    #[test]
    fn a_count_is_found_again_for_the_same_file_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let video = folder.path().join("a.mp4");
        fs::write(&video, "abc").expect("written");
        let of = || Identity::of(&video, 0, "5.1").expect("it is there");
        let first = of();
        assert!(read(folder.path(), &first).is_none());
        write(folder.path(), &first, &kept());
        let table = read(folder.path(), &of()).expect("kept");
        assert_eq!((table.counted(), table.sum(2), table.size(2)), (3, Some(9), Some([8, 6])));
        assert!(table.is_complete() && table.number_of(25) == Some(2));
        assert_eq!((Kept::of(&table), table.heard()), (kept(), &heard()));
        for other in [
            Identity { stream: 1, ..of() },
            Identity { ffmpeg: "6.0".to_owned(), ..of() },
            Identity { len: 4, ..of() },
        ] {
            assert!(read(folder.path(), &other).is_none());
        }
        fs::write(&video, "abcd").expect("written");
        assert!(read(folder.path(), &of()).is_none(), "it is another file now");
    }

    #[test]
    fn what_is_damaged_is_as_if_it_was_never_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let identity = Identity {
            path: "/a".into(),
            file: (1, 2),
            len: 3,
            modified: SystemTime::UNIX_EPOCH,
            stream: 0,
            ffmpeg: String::new(),
        };
        write(folder.path(), &identity, &kept());
        let path = identity.file_in(folder.path());
        let whole = fs::read(&path).expect("written");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x41;
            fs::write(&path, damaged).expect("written");
            assert!(read(folder.path(), &identity).is_none(), "byte {at}");
            fs::write(&path, &whole[..at]).expect("written");
            assert!(read(folder.path(), &identity).is_none(), "cut at {at}");
        }
        // Whole, but no count of any video.
        for odd in [
            Kept { sums: vec![1], ..kept() },
            Kept { keys: vec![0, 9], ..kept() },
            Kept { sizes: vec![(1, [4, 3])], ..kept() },
            Kept::default(),
        ] {
            write(folder.path(), &identity, &odd);
            assert!(read(folder.path(), &identity).is_none(), "{odd:?}");
        }
    }

    #[test]
    fn few_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |len| Identity {
            path: "/a".into(),
            file: (1, 2),
            len,
            modified: SystemTime::UNIX_EPOCH,
            stream: 0,
            ffmpeg: String::new(),
        };
        for len in 0..MOST_ENTRIES as u64 + 10 {
            write(folder.path(), &at(len), &kept());
        }
        let left = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, MOST_ENTRIES);
        assert!(read(folder.path(), &at(MOST_ENTRIES as u64 + 9)).is_some());
    }
}
