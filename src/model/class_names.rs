//! Names of classes.

use crate::text;
use parking_lot::RwLock;
use std::{collections::HashMap, sync::Arc};

/// Names that are kept at most.
pub(crate) const MAX_NAMES: usize = 1000;
/// Classes that a file only names are numbered from here on, so that they are taken for none of its numbers.
pub(crate) const FIRST_NAMED: i64 = 1 << 40;

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

    /// Those of a list, by their numbers, and where it comes from.
    #[must_use]
    pub fn listed(listed: HashMap<i64, Arc<str>>, origin: &str) -> Self {
        Self { listed, origin: Some(origin.to_owned()), ..Self::default() }
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
    pub(crate) fn number_of(&self, name: &str) -> Option<i64> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
