//! Text out of files that would steer a terminal, or turn the direction of reading.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Colours a terminal, names its window, turns the direction, and does so without an escape.
const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;mine\u{7}\u{202e}txt\u{2066}\u{9b}1m\u{7f}";
const SHOWN: &str = r"\u{1b}[31m\u{1b}]0;mine\u{7}\u{202e}txt\u{2066}\u{9b}1m\u{7f}";

fn sequence(folder: &Path) -> PathBuf {
    let sequence = folder.join("yard");
    fs::create_dir_all(sequence.join("gt")).expect("a folder");
    fs::create_dir_all(sequence.join("img1")).expect("a folder");
    let write = |name: &str, text: String| fs::write(sequence.join(name), text).expect("written");
    write("gt/gt.txt", format!("1,1,10,20,30,40,1\n2,1,10,20,30,40,1\n2,{HOSTILE},1,1,1,1,1\n"));
    write(
        "seqinfo.ini",
        format!("[Sequence]\nname={HOSTILE}\nimDir={HOSTILE}\nseqLength={HOSTILE}\nframeRate=5\n"),
    );
    write("img1/000001.jpg", HOSTILE.to_owned());
    sequence
}

fn run(arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motscope"));
    let output = command.args(arguments).output().expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    let (out, error) = (text(output.stdout), text(output.stderr));
    for said in [&out, &error] {
        let hidden = said.chars().find(|c| *c != '\n' && motscope::text::is_hidden(*c));
        assert_eq!(hidden, None, "{arguments:?}: {said}");
    }
    (out, error)
}

#[test]
fn what_comes_out_of_a_file_is_shown_and_not_obeyed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = sequence(folder.path()).display().to_string();
    let (info, _) = run(&["info", &path]);
    assert!(info.contains(&format!("sequence    {SHOWN}, 5 frames a second")), "{info}");
    assert!(info.contains(&format!("imDir names '{SHOWN}', which is no folder here")), "{info}");
    assert!(info.contains(&format!("seqLength is no positive number: '{SHOWN}'")), "{info}");
    assert!(info.contains(r"line 3: column 2 (id) is not a"), "{info}");
    // For programs it is the name itself, though nothing in it would steer a terminal.
    let (json, _) = run(&["info", &path, "--json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["sequence"]["name"], HOSTILE);
    let png = folder.path().join("a.png").display().to_string();
    let (_, error) = run(&["render", &path, "--frame", "1", "--out", &png]);
    assert!(error.contains("000001.jpg can't be decoded"), "{error}");
    run(&["frame", &path, "2"]);
    run(&["profile", &path, "--operations", "3"]);
}

#[cfg(unix)]
#[test]
fn names_of_files_are_shown_and_not_obeyed() {
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = format!("a{HOSTILE}\n[x]");
    sequence(folder.path());
    fs::remove_file(folder.path().join("yard/seqinfo.ini")).expect("removed");
    let path = folder.path().join(&hostile);
    fs::rename(folder.path().join("yard"), &path).expect("renamed");
    fs::write(path.join(format!("{hostile}.txt")), "no boxes at all\n").expect("written");
    let within = |name: &str| path.join(name).display().to_string();
    let png = within(&format!("{hostile}.png"));
    let (info, _) = run(&["info", &path.display().to_string()]);
    assert!(info.contains(r"1m\u{7f}\n[x]/gt/gt.txt"), "{info}");
    let (said, _) = run(&["render", &within("gt/gt.txt"), "--frame", "2", "--out", &png]);
    assert_eq!(said.lines().count(), 1, "{said}");
    for arguments in [
        &["render", &within("gt/gt.txt"), "--frame", "2", "--out", &png][..],
        &["info", &within(&format!("{hostile}.txt"))],
        &["info", &within("gone\u{1b}[2J")],
        &["profile", "--trace", &within("gt/gt.txt")],
        &["render", &within("gt/gt.txt"), "--frame", "1", "--out", &within("\u{9b}2J/a.png")],
    ] {
        let (_, error) = run(arguments);
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let (made, _) = run(&["generate", &within(&format!("made-{hostile}")), "--frames", "2"]);
    assert_eq!(made.lines().count(), 1, "{made}");
}
