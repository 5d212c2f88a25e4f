//! Which digits of a picture's name are the number of its frame, decided over all names of a folder.
//!
//! Names are split into runs of digits and what stands between them. Names that differ in their digits alone
//! are of one form. In the form that most names have, the number of the frame is the run that is another in
//! each of them; sizes, cameras and dates are the same in many, and hashes are no runs at all.

mod form;

use form::{Clock, Form, forms};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{borrow::Cow, cmp::Ordering};

/// Numbers of pictures, and how they were found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Numbering {
    /// The number of each name, in the order of the names; `None` where its picture is left out.
    pub numbers: Vec<Option<u32>>,
    /// How the names are read, such as `image_<frame>_0`; `None` where they hold no frame number.
    pub pattern: Option<String>,
    /// What a person should know, a sentence each: what is left out and why, and what is only counted.
    pub notes: Vec<String>,
}

/// Numbers the pictures of a folder by their names. Takes time in proportion to their number, but for sorting.
pub(super) fn number(names: &[&str]) -> Numbering {
    let mut found = Numbering { numbers: vec![None; names.len()], ..Numbering::default() };
    let (mut first_of, mut twice) = (FxHashMap::default(), LeftOut::default());
    let mut by_name: Vec<u32> = (0..names.len() as u32).collect();
    by_name.sort_unstable_by_key(|at| names[*at as usize]);
    by_name.retain(|at| {
        let is_first = first_of.insert(stem(names[*at as usize]), *at).is_none();
        if !is_first {
            twice.add(names[*at as usize]);
        }
        is_first
    });
    drop(first_of);
    twice.tell(&mut found.notes, "another has the same name but for its ending");
    let all = forms(names, &by_name);
    if all.iter().all(|form| form.runs == 0) || !by_forms(names, &all, by_name.len(), &mut found) {
        count_all(names, by_name, &mut found);
    }
    found
}

/// A name without its ending.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Pictures that are left out for one reason.
#[derive(Default)]
struct LeftOut {
    count: usize,
    example: String,
}

impl LeftOut {
    fn add(&mut self, name: &str) {
        if self.count == 0 {
            self.example = shown(name);
        }
        self.count += 1;
    }

    fn tell(&self, notes: &mut Vec<String>, why: &str) {
        if self.count > 0 {
            let (count, example) = (pictures(self.count), &self.example);
            let are = if self.count == 1 { "is" } else { "are" };
            notes.push(format!("{count} {are} left out, such as {example}: {why}."));
        }
    }
}

fn pictures(count: usize) -> String {
    format!("{count} picture{}", if count == 1 { "" } else { "s" })
}

/// A name for people.
pub(super) fn shown(name: &str) -> String {
    crate::text::line(name).into_owned()
}

/// Numbers by what the most common form says. Answers whether the names have anything in common.
fn by_forms(names: &[&str], all: &[Form], total: usize, found: &mut Numbering) -> bool {
    let mut order: Vec<&Form> = all.iter().filter(|form| form.runs > 0).collect();
    // Of equally many, those that come first by name.
    order.sort_by_key(|form| std::cmp::Reverse(form.members.len()));
    let schemes: Vec<Scheme> = order.iter().map(|form| scheme(names, form)).collect();
    let mut taken = FxHashSet::default();
    let (mut other, mut same, mut joined) = <(LeftOut, LeftOut, LeftOut)>::default();
    let mut part = LeftOut::default();
    let mut numbered = Vec::with_capacity(total);
    for (at, (form, scheme)) in order.iter().zip(&schemes).enumerate() {
        let fits = at == 0 || (!schemes[0].counted && !scheme.counted);
        if !fits || scheme.numbers.iter().any(|(_, n)| at > 0 && taken.contains(n)) {
            form.members.iter().for_each(|member| other.add(names[*member as usize]));
            continue;
        }
        for (member, number) in &scheme.numbers {
            let name = names[*member as usize];
            if taken.insert(*number) {
                numbered.push((*member, *number));
                if at > 0 {
                    joined.add(name);
                }
            } else {
                same.add(name);
            }
        }
        scheme.left_out.iter().for_each(|member| part.add(names[*member as usize]));
    }
    let scattered = total > 2 && order.len() > total / 2;
    if scattered && (other.count > 0 || schemes[0].counted) {
        return false;
    }
    for (member, number) in numbered {
        found.numbers[member as usize] = Some(number);
    }
    found.pattern.clone_from(&schemes[0].pattern);
    let mut without = LeftOut::default();
    let no_digits = all.iter().filter(|form| form.runs == 0).flat_map(|form| &form.members);
    no_digits.for_each(|member| without.add(names[*member as usize]));
    let notes = &mut found.notes;
    if schemes[0].counted {
        notes.push("The numbers in the names are times, have several parts, or are beyond 32 bits: the pictures are counted from 1, in their order.".to_owned());
    }
    part.tell(
        notes,
        "their names differ in more than the frame number, as those of several cameras do",
    );
    other
        .tell(notes, "their names are of another form, and their numbers belong to other pictures");
    same.tell(notes, "another has the same number");
    without.tell(notes, "there is no number in the name");
    if joined.count > 0 {
        let (count, example) = (pictures(joined.count), &joined.example);
        notes.push(format!(
            "{count} with names of another form, such as {example}, are taken by their numbers."
        ));
    }
    true
}

/// Counts pictures whose names say nothing, in the order of the names.
fn count_all(names: &[&str], mut order: Vec<u32>, found: &mut Numbering) {
    if order.is_empty() {
        return;
    }
    // Digits are digits, however wide they are written.
    let plain: Vec<Cow<str>> = names.iter().map(|name| narrow_digits(name)).collect();
    order.sort_by(|a, b| natural(&plain[*a as usize], &plain[*b as usize]));
    for (number, at) in (1..).zip(order) {
        found.numbers[at as usize] = Some(number);
    }
    let text = "The names hold no frame number: the pictures are counted from 1, in the order of their names.";
    found.notes.push(text.to_owned());
}

/// A name with the digits of East Asian keyboards as plain ones.
fn narrow_digits(name: &str) -> Cow<'_, str> {
    const WIDE: u32 = '０' as u32;
    let narrow = |c: char| {
        let digit = (c as u32).checked_sub(WIDE).filter(|digit| *digit < 10);
        digit.and_then(|digit| char::from_digit(digit, 10))
    };
    if name.is_ascii() || !name.chars().any(|c| narrow(c).is_some()) {
        return name.into();
    }
    name.chars().map(|c| narrow(c).unwrap_or(c)).collect()
}

/// By the numbers within the names, and otherwise as text.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (m, n) = (digits(left), digits(right));
        let (order, m, n) = if m > 0 && n > 0 {
            (Value::of(&left[..m]).cmp(&Value::of(&right[..n])), m, n)
        } else {
            let (c, d) = (left.chars().next(), right.chars().next());
            (c.cmp(&d), c.map_or(0, char::len_utf8), d.map_or(0, char::len_utf8))
        };
        if order.is_ne() || left.is_empty() {
            return order.then_with(|| a.cmp(b));
        }
        (left, right) = (&left[m..], &right[n..]);
    }
}

/// A number of any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Value<'a> {
    length: usize,
    /// Without leading zeros.
    digits: &'a str,
}

impl<'a> Value<'a> {
    fn of(digits: &'a str) -> Self {
        let digits = digits.trim_start_matches('0');
        Self { length: digits.len(), digits }
    }

    /// As a frame's number, where it can be one.
    fn frame(self) -> Option<u32> {
        let number = if self.length == 0 { Some(0) } else { self.digits.parse().ok() };
        number.filter(|number| *number <= crate::model::MAX_FRAME)
    }

    fn rough(self) -> f64 {
        self.digits.parse().unwrap_or(0.0)
    }
}

/// What the names of one form say.
struct Scheme {
    numbers: Vec<(u32, u32)>,
    left_out: Vec<u32>,
    pattern: Option<String>,
    /// Whether the numbers are only counted, as what stands in the names can't be one.
    counted: bool,
}

fn scheme(names: &[&str], form: &Form) -> Scheme {
    let of = |member: u32, run: usize| form.run(names[member as usize], run);
    // How many values each run has.
    let distinct: Vec<usize> = (0..form.runs)
        .map(|run| {
            let mut values: Vec<Value> =
                form.members.iter().map(|m| Value::of(of(*m, run))).collect();
            values.sort_unstable();
            values.dedup();
            values.len()
        })
        .collect();
    let count = form.members.len();
    let varying: Vec<usize> = (0..form.runs).filter(|run| distinct[*run] > 1).collect();
    let mut unique: Vec<usize> =
        varying.iter().copied().filter(|r| distinct[*r] == count).collect();
    let sides = form.sides(names);
    if varying.iter().any(|run| !sides.contains(run)) {
        unique.retain(|run| !sides.contains(run));
    }
    if let Some(clock) = form.clock(names, &varying)
        && !unique
            .iter()
            .any(|run| !clock.runs.contains(run) && spread(&form.members, |m| of(m, *run)) < 2.0)
    {
        return by_time(names, form, &clock, &varying);
    }
    let narrow = |run: &usize| spread(&form.members, |m| of(m, *run));
    let chosen = unique.iter().copied().rev().min_by(|a, b| narrow(a).total_cmp(&narrow(b)));
    let (run, kept, left_out) = match chosen {
        Some(run) => (run, form.members.clone(), Vec::new()),
        None => match part(names, form, &distinct, &varying) {
            Some(part) => part,
            None => return by_time(names, form, &Clock::of(varying.clone()), &varying),
        },
    };
    let read: Option<Vec<(u32, u32)>> =
        kept.iter().map(|m| Some((*m, Value::of(of(*m, run)).frame()?))).collect();
    let counted = read.is_none();
    let numbers = read.unwrap_or_else(|| {
        let mut order = kept;
        order.sort_by_key(|member| Value::of(of(*member, run)));
        order.into_iter().zip(1..).collect()
    });
    let sample = numbers.first().map_or(0, |(member, _)| *member);
    let others: Vec<usize> = if left_out.is_empty() {
        varying.into_iter().filter(|v| *v != run).collect()
    } else {
        Vec::new()
    };
    let pattern = form.pattern(names[sample as usize], run..run + 1, &others);
    Scheme { numbers, left_out, pattern: Some(pattern), counted }
}

/// How many numbers there are from the least to the largest for each name: 1 where they leave none out.
fn spread<'a>(members: &[u32], of: impl Fn(u32) -> &'a str) -> f64 {
    let values = members.iter().map(|member| Value::of(of(*member)));
    let (least, most) = values.fold((None::<Value>, None::<Value>), |(least, most), value| {
        (Some(least.map_or(value, |l| l.min(value))), Some(most.map_or(value, |m| m.max(value))))
    });
    let width = most.map_or(0.0, Value::rough) - least.map_or(0.0, Value::rough);
    (width + 1.0) / members.len().max(1) as f64
}

/// In the order of the times in the names, or of numbers of several parts.
fn by_time(names: &[&str], form: &Form, clock: &Clock, varying: &[usize]) -> Scheme {
    let value = |member: u32, run: usize| {
        let digits = form.run(names[member as usize], run);
        // Of a fraction, the first digit counts most.
        if clock.fraction == Some(run) { Value { length: 0, digits } } else { Value::of(digits) }
    };
    let mut keyed: Vec<(Vec<Value>, u32)> = form
        .members
        .iter()
        .map(|m| (clock.runs.iter().map(|run| value(*m, *run)).collect(), *m))
        .collect();
    keyed.sort();
    let numbers = keyed.into_iter().map(|(_, member)| member).zip(1..).collect();
    let first = clock.runs.iter().copied().min().unwrap_or(0);
    let last = clock.runs.iter().copied().max().unwrap_or(0);
    let others: Vec<usize> =
        varying.iter().copied().filter(|run| !clock.runs.contains(run)).collect();
    let sample = names[form.members[0] as usize];
    let pattern = form.pattern(sample, first..last + 1, &others);
    Scheme { numbers, left_out: Vec::new(), pattern: Some(pattern), counted: true }
}

/// Where no run alone tells the names apart: of the runs, the one that does most; of the pictures, those
/// that are the same in all others, as of one camera. `None` where the others are no cameras, and all runs
/// together make up the number.
fn part(
    names: &[&str],
    form: &Form,
    distinct: &[usize],
    varying: &[usize],
) -> Option<(usize, Vec<u32>, Vec<u32>)> {
    /// Cameras that are not called so, at most.
    const FEW: usize = 4;
    let sample = names[form.members[0] as usize];
    let run = varying
        .iter()
        .copied()
        .max_by_key(|run| (distinct[*run], form.run(sample, *run).len(), *run));
    let Some(run) = run else {
        return Some((form.likely(sample), form.members.clone(), Vec::new()));
    };
    let others: Vec<usize> = varying.iter().copied().filter(|other| *other != run).collect();
    let key = |member: u32| -> Vec<Value> {
        others.iter().map(|other| Value::of(form.run(names[member as usize], *other))).collect()
    };
    let mut parts: FxHashMap<Vec<Value>, usize> = FxHashMap::default();
    for member in &form.members {
        *parts.entry(key(*member)).or_default() += 1;
    }
    // Each camera has most of the frames.
    let least = parts.values().copied().min().unwrap_or(0);
    let called = others.iter().any(|run| form.is_called_camera(sample, *run));
    if !others.is_empty() && (least * 2 < distinct[run] || (parts.len() > FEW && !called)) {
        return None;
    }
    let (largest, _) =
        parts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    let (kept, left) = form.members.iter().partition(|member| key(**member) == largest);
    Some((run, kept, left))
}

#[cfg(test)]
#[path = "numbering_tests.rs"]
mod tests;
