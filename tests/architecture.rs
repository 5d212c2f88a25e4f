//! The arrows between rooms run downward only.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A room, and what it may use of the others.
const ROOMS: [(&str, &[&str]); 16] = [
    ("cache", &[]),
    ("text", &[]),
    ("storage", &[]),
    ("model", &["text"]),
    ("output", &["text"]),
    ("formats", &["cache", "model", "storage", "text"]),
    ("media", &["cache", "model", "storage", "text"]),
    ("analysis", &["model"]),
    ("layout", &["media", "model", "storage", "text"]),
    ("inspector", &["analysis", "cache", "formats", "media", "model"]),
    ("render", &["inspector", "media", "model"]),
    ("generate", &["media"]),
    ("demo", &["formats", "layout", "media"]),
    (
        "session",
        &[
            "analysis",
            "cache",
            "demo",
            "formats",
            "inspector",
            "layout",
            "media",
            "model",
            "output",
            "render",
            "storage",
            "text",
        ],
    ),
    (
        "ui",
        &[
            "analysis",
            "cache",
            "formats",
            "inspector",
            "layout",
            "media",
            "model",
            "output",
            "render",
            "session",
            "storage",
            "text",
        ],
    ),
    (
        "cli",
        &[
            "analysis",
            "cache",
            "formats",
            "generate",
            "inspector",
            "layout",
            "media",
            "model",
            "output",
            "render",
            "session",
            "text",
            "ui",
        ],
    ),
];

fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let file = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("below src").display().to_string();
        let room = name.split(['/', '.']).next().expect("a room").to_owned();
        let text = fs::read_to_string(&path).expect("source");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        (room, name, code.collect::<Vec<_>>().join("\n"))
    };
    found.into_iter().map(file).collect()
}

/// The rooms that a source file names: `crate::room`, also within `crate::{room::…, …}`.
fn rooms_used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    for (at, marker) in code.match_indices("crate::") {
        let rest = &code[at + marker.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            used.push(word(rest));
            continue;
        };
        let mut depth = 1;
        let mut begins = true;
        for (at, letter) in group.char_indices() {
            if begins && letter.is_alphabetic() {
                used.push(word(&group[at..]));
                begins = false;
            }
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => begins = true,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    used
}

#[test]
fn groups_of_imports_are_read() {
    let code =
        "use crate::{\n    cache::{Cache, Key},\n    model::Track,\n};\nlet x = crate::ui::run();";
    assert_eq!(rooms_used(code), ["cache", "model", "ui"]);
}

#[test]
fn no_room_knows_one_above_it() {
    let names: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    for (room, file, code) in all() {
        if ["lib", "main"].contains(&room.as_str()) {
            continue;
        }
        let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).expect("a known room");
        for used in rooms_used(&code) {
            let other_room = names.contains(&used.as_str()) && used != room;
            assert!(!other_room || allowed.contains(&used.as_str()), "{file} uses {used}");
        }
    }
}

/// A mapping that survives its file.
const UNSAFE: &str = "storage/mapping/guarded.rs";

#[test]
fn egui_stays_in_the_window_and_one_file_is_unsafe() {
    for (room, file, code) in all() {
        let egui = code.contains("egui::") || code.contains("eframe") || code.contains("egui_");
        assert!(!egui || room == "ui", "{file} knows egui");
        let unsafe_code =
            code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("unsafe impl");
        assert_eq!(unsafe_code, file.ends_with(UNSAFE), "{file} is unsafe");
    }
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    for (_, file, code) in all() {
        if file.ends_with("tests.rs") {
            continue;
        }
        let code = code.split("#[cfg(test)]").next().expect("the code before its tests");
        assert!(!code.contains(".unwrap()"), "{file} unwraps");
    }
}
