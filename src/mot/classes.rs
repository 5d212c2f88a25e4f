//! Names of classes.

use crate::text;
use parking_lot::RwLock;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Names that are kept at most.
const MAX_NAMES: usize = 1000;
/// Classes that a file only names are numbered from here on, so that they are taken for none of its numbers.
const FIRST_NAMED: i64 = 1 << 40;
/// A list of names is no larger.
const LARGEST_LIST: u64 = 64 << 10;

/// What MOT16, MOT17 and MOT20 call the classes of their ground truth, from 1.
const MOT16: [&str; 13] = [
    "pedestrian",
    "person on vehicle",
    "car",
    "bicycle",
    "motorbike",
    "non motorized vehicle",
    "static person",
    "distractor",
    "occluder",
    "occluder on the ground",
    "occluder full",
    "reflection",
    "crowd",
];

/// What `VisDrone` calls its categories, from 0.
const VISDRONE: [&str; 12] = [
    "ignored region",
    "pedestrian",
    "people",
    "bicycle",
    "car",
    "van",
    "truck",
    "tricycle",
    "awning-tricycle",
    "bus",
    "motor",
    "others",
];

/// What UAVDT calls its categories, from 1.
const UAVDT: [&str; 3] = ["car", "truck", "bus"];

/// The names of a file's classes: those of a list, and those that the file itself has in place of numbers.
#[derive(Debug, Default)]
pub struct ClassNames {
    listed: HashMap<i64, Arc<str>>,
    /// Where the list comes from.
    origin: Option<String>,
    named: RwLock<Vec<Arc<str>>>,
}

impl ClassNames {
    fn of(names: &[&str], first: i64, origin: &str) -> Self {
        let shown = |name: &str| Arc::from(&*text::line(name));
        let listed = names.iter().zip(first..).map(|(name, number)| (number, shown(name)));
        Self { listed: listed.collect(), origin: Some(origin.to_owned()), ..Self::default() }
    }

    /// Those of MOT16, MOT17 and MOT20.
    #[must_use]
    pub fn mot16() -> Self {
        Self::of(&MOT16, 1, "MOT16's classes")
    }

    /// Those of `VisDrone`.
    #[must_use]
    pub fn visdrone() -> Self {
        Self::of(&VISDRONE, 0, "VisDrone's categories")
    }

    /// Those of UAVDT.
    #[must_use]
    pub fn uavdt() -> Self {
        Self::of(&UAVDT, 1, "UAVDT's categories")
    }

    /// Those that a list beside the annotations has, one a line: `labels.txt` (as CVAT writes it, from 1),
    /// `classes.txt` and `obj.names` (as YOLO has them, from 0), there or in the sequence's folder. And, as a
    /// sentence, why a list that is there is not used.
    #[must_use]
    pub fn beside(annotations: &Path) -> (Option<Self>, Option<String>) {
        let mut problem = None;
        for (path, name, first) in Self::lists(annotations).filter(|(path, ..)| path.is_file()) {
            match read_list(&path).and_then(|text| list(&text, first)) {
                Ok(listed) => {
                    let origin = Some(name.to_owned());
                    return (Some(Self { listed, origin, ..Self::default() }), problem);
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
    pub fn lists(annotations: &Path) -> impl Iterator<Item = (PathBuf, &'static str, i64)> {
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

    /// The name of a class.
    #[must_use]
    pub fn name(&self, class: i64) -> Option<Arc<str>> {
        if let Some(at) = class.checked_sub(FIRST_NAMED).and_then(|at| usize::try_from(at).ok()) {
            return self.named.read().get(at).cloned();
        }
        self.listed.get(&class).cloned()
    }

    /// What to call a class: its number and its name, or whichever there is.
    #[must_use]
    pub fn title(&self, class: i64) -> String {
        match self.name(class) {
            Some(name) if class >= FIRST_NAMED => name.to_string(),
            Some(name) => format!("{class} {name}"),
            None => class.to_string(),
        }
    }

    /// The same in as little room as it takes.
    #[must_use]
    pub fn short(&self, class: i64) -> String {
        self.name(class).map_or_else(|| format!("c{class}"), |name| name.to_string())
    }

    /// The number that the file itself gives a class; `None` where it has but a name.
    #[must_use]
    pub fn in_file(class: i64) -> Option<i64> {
        Some(class).filter(|class| *class < FIRST_NAMED)
    }

    /// Where a list of names comes from, if there is one.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// The number of a class that the file only names. `None` where it names too many.
    pub(super) fn number_of(&self, name: &str) -> Option<i64> {
        let name = text::line(name);
        let place = |names: &[Arc<str>]| names.iter().position(|known| **known == *name);
        let number = |at: usize| FIRST_NAMED + at as i64;
        if let Some(at) = place(&self.named.read()) {
            return Some(number(at));
        }
        let mut named = self.named.write();
        // Another thread may have been quicker.
        if let Some(at) = place(&named) {
            return Some(number(at));
        }
        if named.len() == MAX_NAMES {
            return None;
        }
        named.push(Arc::from(&*name));
        Some(number(named.len() - 1))
    }
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
    let numbered: Option<HashMap<i64, Arc<str>>> = lines
        .iter()
        .filter(|line| names(line))
        .map(|line| numbered(line).map(|(number, name)| (number, shown(name))))
        .collect();
    let counted = || {
        let lines = lines.iter().zip(first..).filter(|(line, _)| names(line));
        lines.map(|(name, number)| (number, shown(name))).collect()
    };
    Ok(numbered.unwrap_or_else(counted))
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
        ClassNames::beside(annotations)
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
    fn names_in_place_of_numbers_are_told_apart_and_are_no_numbers() {
        let names = ClassNames::mot16();
        let car = names.number_of("car").expect("room");
        assert_eq!(names.number_of("bus").map(|bus| bus == car), Some(false));
        assert_eq!(names.number_of("car"), Some(car));
        assert_eq!((names.title(car), names.title(3)), ("car".into(), "3 car".into()));
        assert_eq!((ClassNames::in_file(car), ClassNames::in_file(3)), (None, Some(3)));
        for number in 0..2 * MAX_NAMES {
            names.number_of(&number.to_string());
        }
        assert_eq!(names.named.read().len(), MAX_NAMES);
    }
}
