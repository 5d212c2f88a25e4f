use super::*;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn file(path: &Path, replace: bool) -> Result<Place, OutputError> {
    Place::file(path, &Inputs::default(), replace)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("text")
}

#[test]
fn what_is_not_finished_leaves_all_as_it_was() {
    let folder = folder();
    let path = folder.path().join("boxes.txt");
    fs::write(&path, "old").expect("written");
    let mut draft = Draft::begin(file(&path, true).expect("a place")).expect("begun");
    assert_eq!(draft.path().extension(), path.extension());
    draft.write_all(b"half").expect("written");
    assert_eq!(names(folder.path()).len(), 2);
    drop(draft);
    assert_eq!((text(&path).as_str(), names(folder.path()).len()), ("old", 1));
    Draft::write(file(&path, true).expect("a place"), "new").expect("written");
    assert_eq!((text(&path).as_str(), names(folder.path()).len()), ("new", 1));
}

#[test]
fn what_is_there_is_replaced_only_where_that_is_asked_for() {
    let folder = folder();
    let path = folder.path().join("a.txt");
    let late = file(&path, false).expect("nothing is there");
    fs::write(&path, "kept").expect("written");
    let error = file(&path, false).expect_err("refused").to_string();
    assert_eq!(error, format!("{} is there already.", path.display()));
    // It came to be there after the look.
    assert!(matches!(Draft::write(late, "new"), Err(OutputError::Exists { .. })));
    assert_eq!((text(&path).as_str(), names(folder.path()).len()), ("kept", 1));
    let error = file(folder.path(), true).expect_err("refused").to_string();
    assert!(error.ends_with("can't be written: it is a folder."), "{error}");
    let error = file(&folder.path().join("no/a.txt"), false).expect_err("refused").to_string();
    assert!(error.contains("there is no folder"), "{error}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("far")).expect("a folder");
    fs::write(at("far/a.txt"), "old").expect("written");
    fs::set_permissions(at("far/a.txt"), fs::Permissions::from_mode(0o640)).expect("set");
    symlink("far/a.txt", at("link.txt")).expect("a link");
    symlink("far/new.txt", at("open.txt")).expect("a link");
    for (link, name, mode) in [("link.txt", "far/a.txt", 0o640), ("open.txt", "far/new.txt", 0o644)]
    {
        Draft::write(file(&at(link), true).expect("a place"), "new").expect("written");
        assert!(fs::symlink_metadata(at(link)).expect("there").is_symlink(), "{link}");
        assert_eq!(text(&at(name)), "new");
        let found = fs::metadata(at(name)).expect("there").permissions().mode() & 0o777;
        assert_eq!(found | 0o022, mode | 0o022, "{name}");
    }
    assert_eq!(names(&at("far")), ["a.txt", "new.txt"]);
    fs::set_permissions(at("far/a.txt"), fs::Permissions::from_mode(0o444)).expect("set");
    let error = file(&at("link.txt"), true).expect_err("refused").to_string();
    assert!(error.ends_with("it is write-protected."), "{error}");
}

#[cfg(unix)]
#[test]
fn an_input_is_known_by_whatever_name() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let picture = |path: &Path| path.extension().is_some_and(|ending| ending == "png");
    fs::create_dir(at("img1")).expect("a folder");
    for name in ["gt.txt", "other.txt", "img1/1.png", "img1/notes.txt"] {
        fs::write(at(name), name).expect("written");
    }
    symlink(at("gt.txt"), at("link.txt")).expect("a link");
    fs::hard_link(at("gt.txt"), at("hard.txt")).expect("a link");
    fs::hard_link(at("img1/1.png"), at("hard.png")).expect("a link");
    symlink(at("img1"), at("pictures")).expect("a link");
    let mut inputs = Inputs::default();
    inputs.add(at("gt.txt"));
    inputs.add(at("gone.txt"));
    inputs.add_folder(at("img1"), picture);
    for input in [
        "gt.txt",
        "img1/../gt.txt",
        "link.txt",
        "hard.txt",
        "gone.txt",
        "img1/1.png",
        "pictures/1.png",
        "hard.png",
    ] {
        let error = Place::file(&at(input), &inputs, true).expect_err(input).to_string();
        assert!(error.contains("is not written: it is"), "{error}");
    }
    for free in ["other.txt", "new.txt", "img1/2.png", "img1/notes.txt"] {
        assert!(Place::file(&at(free), &inputs, true).is_ok(), "{free}");
    }
    let into = |path: &str, names: &[&str]| Place::folder(&at(path), names, &inputs, true);
    assert!(matches!(into("pictures", &["2.png"]), Err(OutputError::Input { .. })));
    symlink(at("img1/1.png"), at("img1/notes.png")).expect("a link");
    fs::create_dir(at("out")).expect("a folder");
    fs::hard_link(at("img1/1.png"), at("out/7.png")).expect("a link");
    assert!(matches!(into("out", &["7.png"]), Err(OutputError::Input { .. })));
    assert!(into("out", &["8.png"]).is_ok());
}

#[test]
fn files_of_a_folder_come_all_together_or_not_at_all() {
    let folder = folder();
    let out = folder.path().join("deep/out");
    let place = |names: &[&str], replace| {
        Place::folder(&out, names.iter().map(PathBuf::from), &Inputs::default(), replace)
    };
    let write = |names: &[&str], replace| {
        let mut batch = Batch::begin(place(names, replace)?)?;
        for name in names {
            batch.add(name, |file| file.write_all(name.as_bytes()))?;
        }
        Ok::<_, OutputError>(batch)
    };
    drop(write(&["a.txt", "b/c.txt"], false).expect("written"));
    assert!(names(folder.path()).is_empty(), "no folder is left");
    write(&["a.txt", "b/c.txt"], false).and_then(Batch::keep).expect("written");
    assert_eq!(
        (text(&out.join("b/c.txt")).as_str(), names(&out)),
        ("b/c.txt", vec!["a.txt".into(), "b".into()])
    );
    // Other names do not ask, the same ones do.
    write(&["d.txt"], false).and_then(Batch::keep).expect("written");
    let error = place(&["a.txt", "b/c.txt", "e.txt"], false).expect_err("refused").to_string();
    assert!(error.ends_with("a.txt and 1 other file of these names are there already."), "{error}");
    let late = write(&["f.txt"], false).expect("written");
    fs::write(out.join("f.txt"), "kept").expect("written");
    assert!(matches!(late.keep(), Err(OutputError::Exists { .. })));
    assert_eq!(text(&out.join("f.txt")), "kept");
    write(&["a.txt"], true).and_then(Batch::keep).expect("written");
    assert_eq!(names(&out), ["a.txt", "b", "d.txt", "f.txt"]);
    assert_eq!(names(folder.path()), ["deep"]);
}

#[test]
fn files_that_took_their_names_are_taken_back_where_a_later_one_cannot() {
    let folder = folder();
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("a folder");
    fs::write(out.join("a.txt"), "old").expect("written");
    let files = ["a.txt", "new/b.txt", "c.txt", "d.txt"];
    let place = Place::folder(&out, files, &Inputs::default(), true).expect("a place");
    let mut batch = Batch::begin(place).expect("begun");
    for name in files {
        batch.add(name, |file| file.write_all(b"new")).expect("written");
    }
    // What no file can take the place of has come to be there since.
    fs::create_dir_all(out.join("c.txt/within")).expect("a folder");
    let error = batch.keep().expect_err("refused");
    assert!(matches!(&error, OutputError::Write { path, .. } if *path == out.join("c.txt")));
    assert_eq!(text(&out.join("a.txt")), "old");
    assert_eq!(names(&out), ["a.txt", "c.txt"], "neither the folder nor a new file is left");
    assert_eq!(names(folder.path()), ["out"], "nothing half done is left");
}

#[test]
fn what_could_not_be_put_back_is_said_file_by_file() {
    let error = OutputError::Half {
        path: "out/c.txt".into(),
        reason: "the disk is full".into(),
        changed: vec!["out/b.txt".into(), "out/a.txt".into()],
        former: "out/.motscope-1.part".into(),
    };
    let said = "out/c.txt can't be written: the disk is full. out/b.txt, out/a.txt could not be put back: \
        what they replaced is kept in out/.motscope-1.part.";
    assert_eq!(error.to_string(), said);
}
