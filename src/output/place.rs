use super::{Inputs, OutputError};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Where something may be written.
#[derive(Clone, Debug)]
pub struct Place {
    /// As it was named.
    pub(super) path: PathBuf,
    pub(super) target: Target,
    /// Whether what is there is replaced.
    pub(super) replace: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A file of this path, links followed.
    File(PathBuf),
    /// A pipe or a device, which is written to as it is.
    Direct,
    /// Standard output, wherever that goes.
    Stdout,
    /// Files within this folder.
    Folder,
}

impl Place {
    /// A file, which is no input, in a folder that is there. `replace` says whether one that is there may be
    /// replaced.
    ///
    /// # Errors
    /// Where it is an input, is there and is not to be replaced, or can't be written.
    pub fn file(path: &Path, inputs: &Inputs, replace: bool) -> Result<Self, OutputError> {
        let place = Self::file_in_new_folder(path, inputs, replace)?;
        if let Target::File(target) = &place.target
            && let Some(parent) = target.parent().filter(|parent| !parent.as_os_str().is_empty())
            && !parent.is_dir()
        {
            let reason = format!("there is no folder {}", crate::text::path(parent));
            return Err(OutputError::refused(path, reason));
        }
        Ok(place)
    }

    /// As [`Self::file`]; the folder that it lies in is made with it where it is not there.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn file_in_new_folder(
        path: &Path,
        inputs: &Inputs,
        replace: bool,
    ) -> Result<Self, OutputError> {
        refuse_input(path, inputs)?;
        let place = |target| Ok(Self { path: path.to_owned(), target, replace });
        let refused = |reason: &str| Err(OutputError::refused(path, reason));
        let system = |error| OutputError::of(path, &error);
        match direct(path) {
            Some(target) => return place(target),
            None if is_folder_name(path) => return refused("it is the name of a folder"),
            None => {}
        }
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => refused("it is a folder"),
            Ok(about) if about.permissions().readonly() => refused("it is write-protected"),
            Ok(_) if !replace => Err(OutputError::Exists { path: path.to_owned(), others: 0 }),
            Ok(_) => place(Target::File(fs::canonicalize(path).map_err(system)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                place(Target::File(end_of_links(path).map_err(system)?))
            }
            Err(error) => Err(system(error)),
        }
    }

    /// A folder that is no input, there or not, for files of these `names`, which may be paths within it.
    /// `replace` says whether files of these names may be replaced; all others in it stay.
    ///
    /// # Errors
    /// Where the folder or one of the files is an input, files are there and are not to be replaced, or can't
    /// be.
    pub fn folder(
        path: &Path,
        names: impl IntoIterator<Item = impl AsRef<Path>>,
        inputs: &Inputs,
        replace: bool,
    ) -> Result<Self, OutputError> {
        refuse_input(path, inputs)?;
        let place = Self { path: path.to_owned(), target: Target::Folder, replace };
        match fs::metadata(path) {
            Ok(about) if !about.is_dir() => {
                return Err(OutputError::refused(path, "it is no folder"));
            }
            Ok(_) => {}
            Err(_) => return Ok(place),
        }
        let mut there = Vec::new();
        for name in names {
            let file = path.join(name);
            let Ok(about) = fs::symlink_metadata(&file) else { continue };
            refuse_input(&file, inputs)?;
            let about = fs::metadata(&file).unwrap_or(about);
            if !about.is_file() {
                return Err(OutputError::refused(&file, "it is there and is no file"));
            }
            if about.permissions().readonly() {
                return Err(OutputError::refused(&file, "it is write-protected"));
            }
            there.push(file);
        }
        match there.len() {
            others @ 1.. if !replace => {
                Err(OutputError::Exists { path: there.swap_remove(0), others: others - 1 })
            }
            _ => Ok(place),
        }
    }

    /// As it was named.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is standard output.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        self.target == Target::Stdout
    }

    /// Whether it is a pipe or a device.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        matches!(self.target, Target::Stdout | Target::Direct)
    }
}

/// Whether a path names a pipe or a device, which can be written to but not replaced.
#[must_use]
pub fn is_direct(path: &Path) -> bool {
    direct(path).is_some()
}

fn direct(path: &Path) -> Option<Target> {
    let of_stdout = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    if cfg!(unix) && of_stdout.iter().any(|name| path == Path::new(name)) {
        return Some(Target::Stdout);
    }
    let about = fs::metadata(path).ok()?;
    (!about.is_file() && !about.is_dir()).then_some(Target::Direct)
}

/// Whether a path ends as only those of folders do.
fn is_folder_name(path: &Path) -> bool {
    path.file_name().is_none() || path.to_string_lossy().ends_with(std::path::is_separator)
}

fn refuse_input(path: &Path, inputs: &Inputs) -> Result<(), OutputError> {
    match inputs.hit(path) {
        Some(input) => Err(OutputError::Input { path: path.to_owned(), input }),
        None => Ok(()),
    }
}

/// Where links lead that end at nothing.
pub(super) fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    const MOST: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("its links lead round in a circle"))
}
