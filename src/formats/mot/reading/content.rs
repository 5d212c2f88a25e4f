//! Columns that the content of a file tells for sure.

use super::{
    Origin, order,
    sample::{Sample, is_word, roles_of},
};
use crate::formats::mot::{Columns, Role};
use std::collections::{HashMap, HashSet};

/// The columns of a file without a header, where they are not the usual ones.
pub(super) fn columns(sample: &Sample) -> Option<(Columns, Origin)> {
    words(sample)
        .or_else(|| order::columns(sample))
        .or_else(|| visdrone(sample))
        .or_else(|| uavdt(sample))
        .or_else(|| class_alone(sample))
        .or_else(|| no_class(sample))
}

/// Columns of so many numbers each, if all lines have that many.
fn table<const N: usize>(sample: &Sample, count: usize, from: usize) -> Option<[Vec<f64>; N]> {
    if !sample.lines.iter().all(|line| line.fields.len() == count) {
        return None;
    }
    let columns: Option<Vec<Vec<f64>>> = (from..from + N).map(|at| sample.numbers(at)).collect();
    columns?.try_into().ok()
}

fn whole_in(numbers: &[f64], least: f64, most: f64) -> bool {
    numbers.iter().all(|number| number.fract() == 0.0 && (least..=most).contains(number))
}

fn distinct(numbers: &[f64]) -> usize {
    numbers.iter().map(|number| number.to_bits()).collect::<HashSet<_>>().len()
}

/// Score, category, truncation and occlusion in 7 to 10.
fn visdrone(sample: &Sample) -> Option<(Columns, Origin)> {
    let [score, category, truncation, occlusion] = table(sample, 10, 6)?;
    let flags = [&category, &truncation, &occlusion];
    // The same number thrice in every line fills the place for the world.
    let filled = flags.iter().all(|flag| distinct(flag) == 1 && flag[0] == category[0]);
    let fits = score.iter().all(|score| (0.0..=1.0).contains(score))
        && whole_in(&category, 0.0, 11.0)
        && whole_in(&truncation, 0.0, 1.0)
        && whole_in(&occlusion, 0.0, 2.0);
    let sure = distinct(&truncation) > 1
        || distinct(&occlusion) > 1
        || is_shared(sample, [&category, &truncation, &occlusion]);
    (fits && !filled && sure && is_kind(sample, &category, &[&truncation, &occlusion]))
        .then(|| named(&["confidence", "class", "_", "_"], Origin::VisDrone))
}

/// Whether boxes of one frame have the same three numbers: no two things are at one place in the world.
fn is_shared(sample: &Sample, flags: [&Vec<f64>; 3]) -> bool {
    let mut places = HashSet::new();
    let place = |at: usize| flags.map(|flag| flag[at].to_bits());
    let frames = sample.lines.iter().map(|line| &line.fields[0]);
    let twice = frames.enumerate().filter(|(at, frame)| !places.insert((*frame, place(*at))));
    // Here and there a line is written twice.
    twice.count() * 10 > sample.lines.len()
}

/// Whether numbers are kinds of things: nearly all boxes of a track have one, which a coordinate of the world
/// has not. Where only flags beside it vary, a track's kind may be mistaken now and then.
fn is_kind(sample: &Sample, kinds: &[f64], flags: &[&Vec<f64>]) -> bool {
    let mut tracks: HashMap<&str, HashMap<u64, usize>> = HashMap::new();
    for (line, kind) in sample.lines.iter().zip(kinds) {
        let known = tracks.entry(&line.fields[1]).or_default();
        *known.entry(kind.to_bits()).or_default() += 1;
    }
    let usual: usize = tracks.values().filter_map(|known| known.values().max()).sum();
    let least = if flags.iter().any(|flag| distinct(flag) > 1) { 80 } else { 95 };
    usual * 100 >= kinds.len() * least
}

/// Out-of-view, occlusion and category in 7 to 9.
fn uavdt(sample: &Sample) -> Option<(Columns, Origin)> {
    let [outside, occlusion, category] = table(sample, 9, 6)?;
    let fits = whole_in(&outside, 1.0, 3.0)
        && whole_in(&occlusion, 1.0, 4.0)
        && whole_in(&category, 1.0, 3.0);
    // A share that can be seen is never above 1, and a flag neither.
    let impossible = category.iter().chain(&outside).any(|number| *number > 1.0);
    (fits && impossible).then(|| named(&["_", "_", "class"], Origin::Uavdt))
}

/// Lines of 10 columns or more with a whole number in the eighth, and -1 in the ninth and tenth.
fn class_alone(sample: &Sample) -> Option<(Columns, Origin)> {
    let count = sample.columns();
    let [class, second, third] = if count >= 10 { table(sample, count, 7)? } else { return None };
    let nothing = |numbers: &[f64]| numbers.iter().all(|number| *number == -1.0);
    let fits = whole_in(&class, -1.0, 10_000.0) && !nothing(&class);
    (fits && nothing(&second) && nothing(&third))
        .then(|| named(&["confidence", "class", "_", "_"], Origin::ClassAlone))
}

/// Lines of 8 or 9 columns whose eighth holds fractions.
fn no_class(sample: &Sample) -> Option<(Columns, Origin)> {
    /// One line in so many has one.
    const MANY: usize = 5;
    let count = sample.columns();
    if !matches!(count, 8 | 9) {
        return None;
    }
    let is_odd = |number: &&f64| number.fract() != 0.0;
    let fractions = sample.numbers(7)?.iter().filter(is_odd).count();
    let share = |numbers: Vec<f64>| {
        numbers.iter().all(|number| *number == -1.0 || (0.0..=1.0).contains(number))
    };
    let visible = count == 9 && sample.numbers(8).is_some_and(share);
    let ninth = if visible { "visibility" } else { "_" };
    (fractions * MANY > sample.lines.len())
        .then(|| named(&["confidence", "_", ninth], Origin::NoClass))
}

/// The usual first six columns, and others.
fn named(further: &[&str], origin: Origin) -> (Columns, Origin) {
    let text = format!("frame,id,left,top,width,height,{}", further.join(","));
    (text.parse().unwrap_or_default(), origin)
}

/// One column of words: the class, or something to be passed over. The others are in the usual order.
fn words(sample: &Sample) -> Option<(Columns, Origin)> {
    let count = sample.columns();
    let field = |at: usize| {
        let fields = sample.lines.iter().map(move |line| line.fields.get(at).map(String::as_str));
        fields.map(Option::unwrap_or_default)
    };
    let is_one = |at: &usize| field(*at).all(|field| is_word(field) || field.is_empty());
    let has_words = |at: &usize| field(*at).any(is_word);
    let columns: Vec<usize> = (0..count).filter(has_words).filter(is_one).collect();
    let at = *columns.last()?;
    let others: Vec<usize> = (0..count).filter(|other| !columns.contains(other)).collect();
    let numbers: Option<Vec<Vec<f64>>> = others.iter().map(|at| sample.numbers(*at)).collect();
    let numbers = numbers?;
    let mut usual = roles_of(&Columns::USUAL, others.len());
    // Without an id, what would be the height is a confidence, or is not there.
    let confidence = |numbers: &Vec<f64>| {
        numbers.iter().all(|n| *n == -1.0 || (0.0..=1.0).contains(n))
            && numbers.iter().any(|n| *n != 0.0)
    };
    if others.len() == 5 || (others.len() >= 6 && confidence(&numbers[5])) {
        usual = vec![Role::Frame, Role::Left, Role::Top, Role::Width, Role::Height];
        usual.push(Role::Confidence);
    }
    let mut roles = vec![Role::Unused; count];
    for (at, role) in others.iter().zip(usual) {
        roles[*at] = if role == Role::Class { Role::Unused } else { role };
    }
    // What stands first names the video; what is new in every line, the picture.
    let kinds: HashSet<&str> = field(at).collect();
    if columns.contains(&0) && field(0).collect::<HashSet<_>>().len() > 1 {
        // The pictures, one by one: there is no frame number.
        return None;
    }
    if count == 9 && at == 7 && sample.numbers(8).is_some_and(|shares| confidence(&shares)) {
        roles[8] = Role::Visibility;
    }
    let is_class = at > 0 && (kinds.len() < 16 || kinds.len() * 4 < sample.lines.len());
    if is_class {
        roles[at] = Role::Class;
    }
    let columns = Columns::new(&roles, false).ok()?;
    Some((columns, Origin::Words))
}
