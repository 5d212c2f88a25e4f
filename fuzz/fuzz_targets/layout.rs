//! Any names in folders: which files belong together is found, or refused in a sentence.
#![no_main]

use libfuzzer_sys::fuzz_target;
use motscope::{media::ImageSequence, layout::SequencePaths};
use std::{fs, path::Path};

/// Files made for one input.
const MOST: usize = 12;

/// A relative path that stays below the folder, out of any text.
fn inside(name: &str) -> Option<String> {
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "." | "..")).take(3);
    let parts: Vec<&str> = parts.filter(|part| part.len() < 100 && !part.contains('\0')).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

fuzz_target!(|text: &str| {
    let root = tempfile::tempdir().expect("a folder");
    let paths: Vec<_> = text.lines().filter_map(inside).take(MOST).collect();
    let paths: Vec<_> = paths.iter().map(|name| root.path().join(name)).collect();
    for path in &paths {
        // A name may be a folder to one path and a file to another; whichever comes first stands.
        let _ = path.parent().map(fs::create_dir_all);
        let _ = fs::write(path, "1,1,10,10,10,10,1\n");
    }
    for path in paths.iter().map(AsRef::as_ref).chain([root.path()]) {
        let path: &Path = path;
        if let Ok(found) = SequencePaths::find(path, None)
            && let Ok(Some(pictures)) = ImageSequence::of(found.images.as_deref(), false)
        {
            assert!(pictures.numbers().is_sorted_by(|one, next| one < next));
        }
    }
});
