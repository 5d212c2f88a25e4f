use super::{
    OutputError, Place,
    place::Target,
    unfinished::{Ticket, Unfinished},
};
use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};
use tempfile::{Builder, TempPath};

/// A file that is being written. Dropping it deletes what was written.
#[derive(Debug)]
pub struct Draft {
    place: Place,
    file: BufWriter<File>,
    /// What has yet to take its name; nothing where a pipe is written to.
    part: Option<Part>,
}

#[derive(Debug)]
struct Part {
    path: TempPath,
    target: PathBuf,
    ticket: Ticket,
}

impl Draft {
    /// Begins a file.
    ///
    /// # Errors
    /// Where nothing can be written there.
    pub fn begin(place: Place) -> Result<Self, OutputError> {
        let begun = match &place.target {
            Target::File(target) => begin_part(target).map(|(file, part)| (file, Some(part))),
            Target::Stdout => stdout().map(|file| (file, None)),
            Target::Direct => {
                OpenOptions::new().write(true).open(&place.path).map(|file| (file, None))
            }
            Target::Folder => Err(io::Error::other("it is a folder")),
        };
        let (file, part) = begun.map_err(|error| OutputError::of(&place.path, &error))?;
        Ok(Self { place, file: BufWriter::new(file), part })
    }

    /// Writes all of a file at once.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn write(place: Place, contents: impl AsRef<[u8]>) -> Result<(), OutputError> {
        let mut draft = Self::begin(place)?;
        let written = draft.write_all(contents.as_ref());
        draft.keep_if(written)
    }

    /// Where another program may write meanwhile.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.part.as_ref().map_or(&self.place.path, |part| &part.path)
    }

    /// As it was named.
    #[must_use]
    pub fn name(&self) -> &Path {
        &self.place.path
    }

    /// That it can't be written, and why.
    #[must_use]
    pub fn refused(&self, error: &io::Error) -> OutputError {
        if error.kind() == io::ErrorKind::BrokenPipe && self.place.is_direct() {
            return OutputError::NobodyReads(self.place.path.clone());
        }
        OutputError::of(&self.place.path, error)
    }

    /// It is whole, if it was `written`: it takes its name.
    ///
    /// # Errors
    /// Where it could not be written.
    pub fn keep_if(self, written: io::Result<()>) -> Result<(), OutputError> {
        match written {
            Ok(()) => self.keep(),
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// It is whole: it takes its name.
    ///
    /// # Errors
    /// Where it can't be written to its end, or something has come to be there since.
    pub fn keep(mut self) -> Result<(), OutputError> {
        if let Err(error) = self.file.flush() {
            return Err(self.refused(&error));
        }
        let Some(Part { path, target, ticket }) = self.part.take() else { return Ok(()) };
        let replace = self.place.replace;
        let kept = settle(self.file.get_ref(), &target).and_then(|()| {
            ticket.end(|| {
                target.parent().map_or(Ok(()), fs::create_dir_all)?;
                let kept =
                    if replace { path.persist(&target) } else { path.persist_noclobber(&target) };
                kept.map_err(|error| error.error)
            })
        });
        match kept {
            Ok(()) => {
                sync_folder_of(&target);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(OutputError::Exists { path: self.place.path.clone(), others: 0 })
            }
            Err(error) => Err(self.refused(&error)),
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn begin_part(target: &Path) -> io::Result<(File, Part)> {
    let full = std::path::absolute(target)?;
    // Its own folder, where that is there: names are given only within one file system.
    let folder = full.ancestors().skip(1).find(|folder| folder.is_dir());
    // With the same ending, which tells programs what to write.
    let ending = target.extension().unwrap_or_default().to_string_lossy();
    let ending = if ending.is_empty() { ".part".to_owned() } else { format!(".part.{ending}") };
    let make = || {
        let mut builder = Builder::new();
        builder.prefix(super::batch::PREFIX).suffix(&ending);
        as_others(&mut builder, 0o666);
        let made = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        let (file, path) = made.into_parts();
        let what = Unfinished::File(path.to_path_buf());
        Ok(((file, path), what))
    };
    let ((file, path), ticket) = Ticket::begin(make)?;
    Ok((file, Part { path, target: full, ticket }))
}

/// What is made may be read by whoever may read other new files, and not only by its owner.
pub(super) fn as_others(builder: &mut Builder<'_, '_>, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = (builder, mode);
}

/// Everything of it is on the disk, and whoever may read or write what it replaces may do so still.
pub(super) fn settle(file: &File, target: &Path) -> io::Result<()> {
    if let Ok(about) = fs::metadata(target) {
        keep_owner(file, &about);
        file.set_permissions(about.permissions())?;
    }
    file.sync_all()
}

#[cfg(unix)]
fn keep_owner(file: &File, about: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only the system's administrator may give files away; a group may be refused as well.
    if fchown(file, Some(about.uid()), Some(about.gid())).is_err() {
        let _ = fchown(file, None, Some(about.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// That it has its name is on the disk as well, where the system can promise that.
pub(super) fn sync_folder_of(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix)
        && let Ok(folder) = File::open(folder.unwrap_or(Path::new(".")))
    {
        // The file is whole in any case.
        let _ = folder.sync_all();
    }
}

/// Standard output itself: to open it by its name would begin at the start of a file that it goes to.
#[cfg(unix)]
fn stdout() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn stdout() -> io::Result<File> {
    Err(io::Error::other("standard output has no name here"))
}
