use file_id::{FileId, get_file_id};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What is open, and must not be written over. Nothing is looked up on the disk before something is
/// to be written.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    files: Vec<PathBuf>,
    folders: Vec<Folder>,
}

/// A folder of which some files are open.
#[derive(Clone, Debug)]
struct Folder {
    path: PathBuf,
    is_input: fn(&Path) -> bool,
}

impl Inputs {
    /// A file is open.
    pub fn add(&mut self, path: impl Into<PathBuf>) {
        self.files.push(path.into());
    }

    /// All files of a folder are open whose paths `is_input` knows.
    pub fn add_folder(&mut self, path: impl Into<PathBuf>, is_input: fn(&Path) -> bool) {
        self.folders.push(Folder { path: path.into(), is_input });
    }

    /// The files that were named, without those of folders.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// The folders of which files are open.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.folders.iter().map(|folder| folder.path.as_path())
    }

    /// The input that `out` is: the same file or folder, whatever the names.
    #[must_use]
    pub fn hit(&self, out: &Path) -> Option<PathBuf> {
        let (place, id) = (place_of(out), get_file_id(out).ok());
        let is_out = |input: &Path| input == out || Some(place_of(input)) == Some(place.clone());
        let same = |input: &Path| {
            is_out(input) || id.is_some_and(|id| get_file_id(input).is_ok_and(|other| other == id))
        };
        let named = self.files().chain(self.folders()).find(|input| same(input));
        named.map(Path::to_owned).or_else(|| {
            let id = id.filter(|_| out.is_file())?;
            self.folders.iter().find_map(|folder| folder.hit(&place, id))
        })
    }
}

impl Folder {
    fn hit(&self, place: &Path, id: FileId) -> Option<PathBuf> {
        if (self.is_input)(place) && place.parent() == Some(&place_of(&self.path)) {
            return Some(place.to_owned());
        }
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut inputs = entries.map(|entry| entry.path()).filter(|path| (self.is_input)(path));
        inputs.find(|path| get_file_id(path).is_ok_and(|other| other == id))
    }
}

/// The one path of many that lead to a place, whether something is there or not.
fn place_of(path: &Path) -> PathBuf {
    if let Ok(place) = fs::canonicalize(path) {
        return place;
    }
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (full.parent().and_then(|parent| fs::canonicalize(parent).ok()), full.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => full,
    }
}
