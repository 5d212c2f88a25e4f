use super::{
    OutputError, Place,
    draft::{as_others, settle, sync_folder_of},
    place::end_of_links,
    unfinished::{Ticket, Unfinished},
};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};
use tempfile::{Builder, TempDir};

/// How the names begin of what is half done; such names are hidden, and no content anywhere.
pub(super) const PREFIX: &str = ".motscope-";

/// Files of a folder that are written, and take their names all together. Dropping it deletes what was
/// written; a folder that was not there is not made.
#[derive(Debug)]
pub struct Batch {
    place: Place,
    /// Where they are meanwhile.
    staging: TempDir,
    ticket: Ticket,
    /// Paths within the folder.
    names: Vec<PathBuf>,
}

impl Batch {
    /// Begins files of a folder.
    ///
    /// # Errors
    /// Where nothing can be written there.
    pub fn begin(place: Place) -> Result<Self, OutputError> {
        let full = std::path::absolute(&place.path).unwrap_or_else(|_| place.path.clone());
        let near = full.ancestors().find(|folder| folder.is_dir());
        let near = near.unwrap_or(Path::new("."));
        let make = || {
            let mut builder = Builder::new();
            as_others(builder.prefix(PREFIX).suffix(".part"), 0o777);
            let staging = builder.tempdir_in(near)?;
            let what = Unfinished::Folder(staging.path().to_owned());
            Ok((staging, what))
        };
        let begun = Ticket::begin(make);
        let (staging, ticket) = begun.map_err(|error| OutputError::of(&place.path, &error))?;
        Ok(Self { place, staging, ticket, names: Vec::new() })
    }

    /// Begins another file of it, under a name that may be a path.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn create(&mut self, name: impl Into<PathBuf>) -> Result<BufWriter<File>, OutputError> {
        let name = name.into();
        let path = self.staging.path().join(&name);
        let made = self.ticket.go_on(|| {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            File::create(&path)
        });
        let file = made.map_err(|error| self.refused(&name, &error))?;
        self.names.push(name);
        Ok(BufWriter::new(file))
    }

    /// Writes another file of it.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn add(
        &mut self,
        name: impl Into<PathBuf>,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let name = name.into();
        let mut file = self.create(&name)?;
        let written = write(&mut file).and_then(|()| file.flush());
        written.map_err(|error| self.refused(&name, &error))
    }

    /// That a file of it can't be written, and why.
    #[must_use]
    pub fn refused(&self, name: &Path, error: &io::Error) -> OutputError {
        OutputError::of(self.place.path.join(name), error)
    }

    /// All are whole: they take their names. Where one can't, those that have theirs already are taken back,
    /// and what they replaced is there again.
    ///
    /// # Errors
    /// Where they can't be written, or something has come to be there since.
    pub fn keep(self) -> Result<(), OutputError> {
        let Self { place, staging, ticket, names } = self;
        let refused = |name: &Path, error| OutputError::of(place.path.join(name), &error);
        let mut moves = Vec::with_capacity(names.len());
        for name in names {
            let target = place.path.join(&name);
            if !place.replace && fs::symlink_metadata(&target).is_ok() {
                return Err(OutputError::Exists { path: target, others: 0 });
            }
            let target = end_of_links(&target).map_err(|error| refused(&name, error))?;
            let part = staging.path().join(&name);
            let settled = File::open(&part).and_then(|file| settle(&file, &target));
            settled.map_err(|error| refused(&name, error))?;
            moves.push((name, part, target));
        }
        ticket.end(|| {
            let mut done = Moved::default();
            for (number, (name, part, target)) in moves.iter().enumerate() {
                let former = staging.path().join(format!("{PREFIX}former-{number}"));
                let Err(error) = done.take_name(part, target, former) else { continue };
                let changed = done.take_back();
                if changed.is_empty() {
                    return Err(refused(name, error));
                }
                return Err(OutputError::Half {
                    path: place.path.join(name),
                    reason: error.to_string(),
                    changed,
                    // What could not be put back is in there.
                    former: staging.keep(),
                });
            }
            drop(staging);
            Ok(())
        })?;
        if let Some((_, _, target)) = moves.last() {
            sync_folder_of(target);
        }
        Ok(())
    }
}

/// What took its name already.
#[derive(Default)]
struct Moved {
    /// Each file, and where what it replaced is kept.
    files: Vec<(PathBuf, Option<PathBuf>)>,
    /// Folders that were made for them, outer ones first.
    folders: Vec<PathBuf>,
}

impl Moved {
    /// Gives a file its name; what is there already is kept as `former`.
    fn take_name(&mut self, part: &Path, target: &Path, former: PathBuf) -> io::Result<()> {
        if let Some(folder) = target.parent() {
            let missing = folder.ancestors().take_while(|folder| {
                !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).is_err()
            });
            let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
            missing.reverse();
            self.folders.extend(missing);
            fs::create_dir_all(folder)?;
        }
        let former = match fs::symlink_metadata(target) {
            Ok(_) => {
                // It keeps its name until the other takes it. Not every file system has hard links.
                fs::hard_link(target, &former)
                    .or_else(|_| fs::copy(target, &former).map(|_| ()))?;
                Some(former)
            }
            Err(_) => None,
        };
        fs::rename(part, target)?;
        self.files.push((target.to_owned(), former));
        Ok(())
    }

    /// All is as it was before; returned is what could not be put back.
    fn take_back(self) -> Vec<PathBuf> {
        let put_back = |(file, former): &(PathBuf, Option<PathBuf>)| match former {
            Some(former) => fs::rename(former, file).is_ok(),
            None => fs::remove_file(file).is_ok(),
        };
        let files = self.files.into_iter().rev();
        let changed = files.filter(|moved| !put_back(moved)).map(|(file, _)| file).collect();
        for folder in self.folders.iter().rev() {
            // One that something else has come to lie in stays.
            let _ = fs::remove_dir(folder);
        }
        changed
    }
}
