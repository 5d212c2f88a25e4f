//! Folders of numbered pictures that may belong to annotations, and the other way round.

use super::{FEW, NOT_ANNOTATIONS, is_drawn, is_image, parent_of, within};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// Things looked at in a folder of sequences.
const MANY: usize = 2000;
/// Folders that are offered at most.
const MOST: usize = 20;

/// Whether a folder holds pictures with numbers in their names, and not such as boxes were drawn on. Looks at a few.
pub(super) fn has_numbered(folder: &Path) -> bool {
    /// Things looked at.
    const SOME: usize = 64;
    let numbered = |path: &PathBuf| {
        let stem = path.file_stem().unwrap_or_default();
        is_image(path) && stem.as_encoded_bytes().iter().any(u8::is_ascii_digit)
    };
    let mut some = within(folder).into_iter().flatten().take(SOME);
    folder.is_dir() && some.find(numbered).is_some_and(|picture| !is_drawn(&picture))
}

/// The folders of numbered pictures right below a folder that is about one sequence.
pub(super) fn folders_in(root: &Path) -> Vec<PathBuf> {
    let things: Vec<PathBuf> = within(root).into_iter().flatten().take(FEW + 1).collect();
    // In a folder of many things, one of pictures says nothing.
    if things.len() > FEW {
        return Vec::new();
    }
    sorted(things.into_iter().filter(|path| has_numbered(path)))
}

/// The folders that may hold the pictures of an annotation file, by its name or because they lie with it. More
/// than one where nothing tells which.
pub(super) fn of_file(path: &Path) -> Vec<PathBuf> {
    /// `gt/gt.txt` lies in a folder of its own.
    const WITHIN: [&str; 6] = ["gt", "det", "results", "annotations", "labels", "tracks"];
    let Some(near) = parent_of(path) else { return Vec::new() };
    let full = crate::storage::absolute(&near);
    let far = parent_of(&near);
    if let Some(name) = path.file_stem() {
        let named = named(&near, far.as_deref(), name);
        if !named.is_empty() {
            return named;
        }
    }
    let own = full.file_name().and_then(OsStr::to_str).is_some_and(|name| WITHIN.contains(&name));
    let root = if own { far.unwrap_or(near) } else { near };
    let folders = folders_in(&root);
    if folders.is_empty() && has_numbered(&root) { vec![root] } else { folders }
}

/// Folders that bear the name of an annotation file: beside it, as in `sequences/NAME` beside
/// `annotations/NAME.txt`, or as a sequence's.
fn named(near: &Path, far: Option<&Path>, name: &OsStr) -> Vec<PathBuf> {
    let within_it = |folder: PathBuf| {
        let inner = folder.join("img1");
        if has_numbered(&folder) { Some(folder) } else { has_numbered(&inner).then_some(inner) }
    };
    let beside = far.into_iter().flat_map(|far| within(far).into_iter().flatten().take(MANY));
    let beside = beside.map(|folder| folder.join(name)).chain(far.map(|far| far.join(name)));
    sorted(std::iter::once(near.join(name)).chain(beside).filter_map(within_it))
}

/// The annotation files of a folder of pictures: `annotations/NAME.txt` of `sequences/NAME`, or `NAME.txt` beside
/// it.
pub(super) fn annotations_of(pictures: &Path) -> Vec<PathBuf> {
    let full = crate::storage::absolute(pictures);
    let Some(name) = full.file_name().and_then(OsStr::to_str) else { return Vec::new() };
    let (Some(near), far) = (full.parent(), full.parent().and_then(Path::parent)) else {
        return Vec::new();
    };
    let folders = far.into_iter().flat_map(|far| within(far).into_iter().flatten().take(MANY));
    let folders = std::iter::once(near.to_owned()).chain(folders.filter(|path| path.is_dir()));
    let files = folders.flat_map(|folder| {
        ["txt", "csv"].map(|extension| folder.join(format!("{name}.{extension}")))
    });
    let is_text = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        !NOT_ANNOTATIONS.contains(&name) && path.is_file()
    };
    sorted(files.filter(is_text))
}

/// The sequences two levels below, as in `sequences/NAME`.
pub(super) fn sequences_below(folder: &Path) -> Vec<PathBuf> {
    let inner = within(folder).into_iter().flatten().take(FEW).filter(|path| path.is_dir());
    let all = inner.flat_map(|inner| within(&inner).into_iter().flatten().take(MANY));
    sorted(all.filter(|path| has_numbered(path)))
}

fn sorted(paths: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = paths.take(MOST).collect();
    paths.sort();
    paths.dedup();
    paths
}
