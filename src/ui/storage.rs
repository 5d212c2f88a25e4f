//! The file in which the window keeps its settings from one start to the next.

use crate::{
    inspector::Settings,
    output::{Draft, Inputs, OutputError, Place},
    text,
};
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

/// The name of the program's folder among those of others.
pub const APP_ID: &str = "motscope";
/// Where settings are kept within the file.
pub const SETTINGS: &str = "settings";
/// Where the places of the panels are kept within the file.
pub const LAYOUT: &str = "layout";

/// The file, where the system has a place for it.
pub fn file() -> Option<PathBuf> {
    Some(eframe::storage_dir(APP_ID)?.join("app.ron"))
}

/// Makes sure that what is kept can be read, before it is: a file that can't be is put aside, in its place
/// comes what could be read at the last start, and a sentence says so. One that can be read is copied, as
/// the file is not written all at once.
pub fn put_right(file: &Path) -> Option<String> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            return Some(format!(
                "The settings can't be read: {}: {error}. They begin anew.",
                text::path(file)
            ));
        }
    };
    let last = beside(file, "last");
    match why_unreadable(&bytes) {
        None => {
            if fs::read(&last).ok().as_ref() != Some(&bytes) {
                // There is still the file itself.
                let _ = write(&last, &bytes);
            }
            None
        }
        Some(reason) => Some(put_aside(file, &last, &reason)),
    }
}

fn put_aside(file: &Path, last: &Path, reason: &str) -> String {
    let names = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    let mut asides = names.map(|number| beside(file, &format!("unreadable{number}")));
    let aside = asides.find(|aside| fs::symlink_metadata(aside).is_err()).unwrap_or_default();
    let begin = format!("The settings can't be read: {}. ", text::line(reason));
    if let Err(error) = fs::rename(file, &aside) {
        return format!("{begin}They begin anew, as the file can't be put aside: {error}.");
    }
    let aside = text::path(&aside).to_string();
    let saved = fs::read(last).ok().filter(|bytes| why_unreadable(bytes).is_none());
    if saved.is_some_and(|bytes| write(file, &bytes).is_ok()) {
        return format!("{begin}Those of the last start are used; the file is kept as {aside}.");
    }
    format!("{begin}They begin anew; the file is kept as {aside}.")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    file.with_extension(format!("ron.{ending}"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    Draft::write(Place::file(path, &Inputs::default(), true)?, bytes)
}

/// Why nothing can be read out of a file's content, if that is so.
fn why_unreadable(bytes: &[u8]) -> Option<String> {
    let kept: HashMap<String, String> = match ron::de::from_bytes(bytes) {
        Ok(kept) => kept,
        Err(error) => return Some(error.to_string()),
    };
    let settings = kept.get(SETTINGS)?;
    Settings::read(settings).err().map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_cannot_be_read_is_put_aside_and_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("app.ron");
        assert_eq!(put_right(&file), None, "there is none at the first start");
        let good = r#"{"settings": "{\"dark\": false}"}"#;
        for bad in ["", "{\"settings\": \"{\\\"dark", "\u{fffd}", r#"{"settings": "[1]"}"#] {
            fs::write(&file, bad).expect("written");
            let said = put_right(&file).expect("it is said");
            assert!(said.contains("They begin anew; the file is kept as "), "{said}");
            assert!(!file.exists() && said.contains("app.ron.unreadable"), "{said}");
        }
        assert_eq!(names(folder.path()).len(), 4, "nothing of it is lost");
        // What could be read once is there again.
        fs::write(&file, good).expect("written");
        assert_eq!(put_right(&file), None);
        fs::write(&file, &good[..9]).expect("written");
        let said = put_right(&file).expect("it is said");
        assert!(said.contains("Those of the last start are used"), "{said}");
        assert_eq!(fs::read_to_string(&file).expect("text"), good);
        assert_eq!(
            fs::read_to_string(folder.path().join("app.ron.unreadable-5")).expect("text"),
            &good[..9]
        );
    }

    #[test]
    fn wherever_a_file_was_cut_off_the_last_settings_are_used() {
        let good = r#"{"layout": "{}", "settings": "{\"dark\": false}"}"#;
        for length in 0..good.len() {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("app.ron");
            fs::write(&file, good).expect("written");
            assert_eq!(put_right(&file), None);
            // A crash while it is written leaves its beginning, or zeros where the rest should be.
            for rest in [0, good.len() - length] {
                fs::write(&file, [&good.as_bytes()[..length], &vec![0; rest]].concat())
                    .expect("written");
                let said = put_right(&file).expect("it is said");
                assert!(said.contains("Those of the last start are used"), "{length}: {said}");
                assert_eq!(fs::read_to_string(&file).expect("text"), good, "{length}");
            }
        }
    }

    #[test]
    fn an_odd_field_is_no_reason_to_put_all_aside() {
        let settings = r#"{"settings": "{\"dark\": false, \"tab\": 7}", "egui": "(what)"}"#;
        assert_eq!(why_unreadable(settings.as_bytes()), None);
    }
}
