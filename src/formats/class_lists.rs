//! Lists of class names that lie beside annotation files.

use crate::{
    model::{ClassNames, FIRST_NAMED, MAX_NAMES},
    text,
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A list of names is no larger.
const LARGEST_LIST: u64 = 64 << 10;

/// Those that a list beside the annotations has, one a line: `labels.txt` (as CVAT writes it, from 1),
/// `classes.txt` and `obj.names` (as YOLO has them, from 0), there or in the sequence's folder. And, as a
/// sentence, why a list that is there is not used.
#[must_use]
pub fn beside(annotations: &Path) -> (Option<ClassNames>, Option<String>) {
    let mut problem = None;
    for (path, name, first) in candidates(annotations).filter(|(path, ..)| path.is_file()) {
        match read_list(&path).and_then(|text| list(&text, first)) {
            Ok(listed) => {
                return (Some(ClassNames::listed(listed, name)), problem);
            }
            Err(reason) => {
                problem.get_or_insert_with(|| format!("{name} is not used: {reason}."));
            }
        }
    }
    (None, problem)
}

/// Where the names of an annotation file's classes may be: the paths, what such a file is called, and the number
/// of its first name.
pub fn candidates(annotations: &Path) -> impl Iterator<Item = (PathBuf, &'static str, i64)> {
    const LISTS: [(&str, i64); 3] = [("labels.txt", 1), ("classes.txt", 0), ("obj.names", 0)];
    let folder = annotations.parent();
    let above = folder.filter(|folder| {
        let name = folder.file_name();
        name.is_some_and(|name| ["gt", "det", "results"].iter().any(|f| name == *f))
    });
    let folders = [folder, above.and_then(Path::parent)].into_iter().flatten();
    let all =
        folders.flat_map(|folder| LISTS.map(|(name, first)| (folder.join(name), name, first)));
    let all: Vec<_> = all.filter(|(path, ..)| path != annotations).collect();
    all.into_iter()
}

/// The text of a list; what is no UTF-8 is Latin-1.
fn read_list(path: &Path) -> Result<String, String> {
    let about = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if about.len() > LARGEST_LIST {
        return Err(format!("it is larger than {} kB", LARGEST_LIST >> 10));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        error.as_bytes().iter().map(|byte| char::from(*byte)).collect::<String>()
    });
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The names of a list by their numbers, counted from `first`, or those before the names. An empty line is
/// a class without a name. Else why it is no such list.
fn list(text: &str, first: i64) -> Result<HashMap<i64, Arc<str>>, String> {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim).collect();
    if lines.iter().all(|line| line.is_empty()) {
        return Err("it is empty".to_owned());
    }
    if lines.len() > MAX_NAMES {
        return Err(format!("it has more than {MAX_NAMES} lines"));
    }
    let names = |line: &&str| !line.is_empty();
    if let Some(at) = lines.iter().position(|line| names(line) && !is_name(line)) {
        return Err(format!("line {} is no name: '{}'", at + 1, text::line(&cut(lines[at]))));
    }
    let shown = |name: &str| Arc::from(&*text::line(&cut(name)));
    let written: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    if let Some(all) = all_numbered(&written) {
        let mut listed: HashMap<i64, Arc<str>> = HashMap::new();
        for (number, name) in all {
            if listed.insert(number, shown(name)).is_some() {
                return Err(format!("it has two names for class {number}"));
            }
        }
        return Ok(listed);
    }
    if written.iter().any(|line| numbered(line).is_some() && line.contains([',', ';', '\t'])) {
        return Err(
            "some of its lines have a number before the name, and others have none".to_owned()
        );
    }
    let lines = lines.iter().zip(first..).filter(|(line, _)| names(line));
    Ok(lines.map(|(name, number)| (number, shown(name))).collect())
}

/// The names with their numbers, where all lines have one: before the name, or behind it. A first line may say
/// what the columns are.
fn all_numbered<'a>(lines: &[&'a str]) -> Option<Vec<(i64, &'a str)>> {
    let all =
        |lines: &[&'a str]| lines.iter().map(|line| numbered(line)).collect::<Option<Vec<_>>>();
    let named = lines.split_first().filter(|(first, rest)| {
        first.contains([',', ';', '\t']) && numbered(first).is_none() && !rest.is_empty()
    });
    let behind = || {
        let all = lines.iter().map(|line| numbered_behind(line));
        let all = all.collect::<Option<Vec<_>>>()?;
        // 'zone 1' and 'zone 2' are names.
        let names: std::collections::HashSet<&str> = all.iter().map(|(_, name)| *name).collect();
        (names.len() == all.len() && all.len() > 1).then_some(all)
    };
    all(lines).or_else(|| all(named?.1)).or_else(behind)
}

/// A name and the number behind it.
fn numbered_behind(line: &str) -> Option<(i64, &str)> {
    let (name, number) = line.rsplit_once([' ', '\t', ',', ';', ':', '='])?;
    let number = number.parse().ok().filter(|number| (0..FIRST_NAMED).contains(number))?;
    let name = name.trim_end_matches([' ', '\t', ',', ';', ':', '=']);
    is_name(name).then_some((number, name))
}

fn is_name(line: &str) -> bool {
    line.chars().any(char::is_alphabetic)
}

/// A number and the name behind it.
fn numbered(line: &str) -> Option<(i64, &str)> {
    let digits = line.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = line.split_at(digits);
    let name = rest.trim_start_matches([' ', '\t', ',', ';', ':', '=']);
    let number = number.parse().ok().filter(|number| *number < FIRST_NAMED)?;
    (name.len() < rest.len() && is_name(name)).then_some((number, name))
}

/// As much of a name as is shown.
fn cut(name: &str) -> String {
    const LONGEST: usize = 64;
    let mut short: String = name.chars().take(LONGEST).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(annotations: &Path) -> (Option<ClassNames>, Option<String>) {
        super::beside(annotations)
    }

    #[test]
    fn lists_are_counted_as_the_programs_that_write_them_count() {
        let folder = tempfile::tempdir().expect("a folder");
        let annotations = folder.path().join("gt/gt.txt");
        std::fs::create_dir(folder.path().join("gt")).expect("a folder");
        assert_eq!(beside(&annotations).1, None);
        std::fs::write(folder.path().join("classes.txt"), "person\nbicycle\n").expect("written");
        let names = beside(&annotations).0.expect("a list");
        assert_eq!((names.title(0), names.title(1)), ("0 person".into(), "1 bicycle".into()));
        std::fs::write(folder.path().join("gt/labels.txt"), "cat\r\ndog\r\n").expect("written");
        let names = beside(&annotations).0.expect("a list");
        assert_eq!((names.name(0), names.name(1).as_deref()), (None, Some("cat")));
        assert_eq!(names.origin(), Some("labels.txt"));
        // Results of a tracker are no list of names.
        std::fs::write(folder.path().join("gt/labels.txt"), "1,2,3,4,5,6\n").expect("written");
        let (names, problem) = beside(&annotations);
        assert_eq!(names.expect("a list").title(0), "0 person");
        let told = "labels.txt is not used: line 1 is no name: '1,2,3,4,5,6'.";
        assert_eq!(problem.as_deref(), Some(told));
    }

    #[test]
    fn lists_are_read_as_far_as_they_make_sense() {
        let read = |bytes: &[u8]| {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("labels.txt"), bytes).expect("written");
            let (names, problem) = beside(&folder.path().join("gt.txt"));
            let title = |class| names.as_ref().map(|names| names.title(class));
            (title(1), title(2), title(3), problem)
        };
        let titles = |one: &str, two: &str, three: &str| {
            (Some(one.to_owned()), Some(two.to_owned()), Some(three.to_owned()), None)
        };
        assert_eq!(read(b"caf\xe9\ncar\n"), titles("1 caf\u{e9}", "2 car", "3"));
        assert_eq!(read(b"person\n\ncar\n"), titles("1 person", "2", "3 car"));
        assert_eq!(read(b"chair, old\ncar"), titles("1 chair, old", "2 car", "3"));
        assert_eq!(read(b"3 person\n2: car\n"), titles("1", "2 car", "3 person"));
        assert_eq!(read(b"3 wheels\ncar\n"), titles("1 3 wheels", "2 car", "3"));
        let long = format!("1 {}…", "x".repeat(64));
        assert_eq!(read("x".repeat(500).as_bytes()), titles(&long, "2", "3"));
        let refused =
            |why: &str| (None, None, None, Some(format!("labels.txt is not used: {why}.")));
        assert_eq!(read(b"person\n17\n"), refused("line 2 is no name: '17'"));
        assert_eq!(read(b"\n\n"), refused("it is empty"));
        assert_eq!(read("x\n".repeat(1001).as_bytes()), refused("it has more than 1000 lines"));
    }

    #[test]
    fn numbers_may_stand_behind_names_and_below_a_header() {
        let read = |text: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("classes.txt"), text).expect("written");
            let (names, problem) = beside(&folder.path().join("gt.txt"));
            names.map(|names| (names.title(1), names.title(3))).ok_or(problem.unwrap_or_default())
        };
        let expected = Ok(("1 person".to_owned(), "3 car".to_owned()));
        assert_eq!(read("person 1\ncar 3\n"), expected);
        assert_eq!(read("id,name\n1,person\n3,car\n"), expected);
        assert_eq!(read("zone 1\nzone 2\n"), Ok(("1 zone 2".to_owned(), "3".to_owned())));
        let twice = "classes.txt is not used: it has two names for class 1.";
        assert_eq!(read("1 person\n1 car\n"), Err(twice.to_owned()));
        let mixed = read("person\n3,car\nbus\n").expect_err("neither");
        assert!(mixed.contains("others have none"), "{mixed}");
    }
}
