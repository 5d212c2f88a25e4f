//! Files that take their names when they are whole: what was there before stays until then, and nothing
//! half done is left.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A file that is being written. Dropping it deletes what was written.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    part: PathBuf,
    kept: bool,
}

impl Draft {
    /// Begins a file that is to be `path`.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy()));
        // With the same ending, which tells programs what to write.
        let name = format!(".{stem}.part{}", ending.unwrap_or_default());
        Self { path: path.to_owned(), part: path.with_file_name(name), kept: false }
    }

    /// Where to write meanwhile.
    #[must_use]
    pub fn part(&self) -> &Path {
        &self.part
    }

    /// It is whole: it takes its name.
    ///
    /// # Errors
    /// The operating system's.
    pub fn keep(mut self) -> io::Result<()> {
        fs::rename(&self.part, &self.path)?;
        self.kept = true;
        Ok(())
    }

    /// Writes all of a file at once.
    ///
    /// # Errors
    /// The operating system's.
    pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> io::Result<()> {
        let draft = Self::of(path);
        fs::write(draft.part(), contents)?;
        draft.keep()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // It may never have begun.
            let _ = fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finished_leaves_all_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boxes.txt");
        fs::write(&path, "old").expect("written");
        let draft = Draft::of(&path);
        assert_eq!(draft.part().extension(), path.extension());
        fs::write(draft.part(), "half").expect("written");
        drop(draft);
        assert_eq!(fs::read_to_string(&path).expect("text"), "old");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        Draft::write(&path, "new").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("text"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
