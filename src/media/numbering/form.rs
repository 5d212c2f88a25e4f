//! Forms of names: what is left of a name when its numbers are taken away.

use super::{shown, stem};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Stands for digits in a form.
const DIGITS: char = '\u{1}';
/// Stands for a hash in a form.
const HASH: char = '\u{2}';

/// Names of one form.
pub(super) struct Form {
    /// Places in the list of names, ascending by name.
    pub members: Vec<u32>,
    /// How many runs of digits each has.
    pub runs: usize,
    /// What words of hexadecimal digits are.
    hex: Hex,
    /// Which of the runs are hashes, though they hold digits alone in some names.
    hashes: Vec<bool>,
}

/// What words of 8 to 15 hexadecimal digits are. Longer ones that have letters in them are always hashes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hex {
    /// Digits with letters around them.
    Plain,
    /// Words of one kind, which are hashes where some of them have letters.
    Whole,
}

/// A run of digits within a stem.
type Run = Range<usize>;

/// Groups names by their form, those that come first by name first. Where names have little in common, short
/// hashes may be to blame.
pub(super) fn forms(names: &[&str], members: &[u32]) -> Vec<Form> {
    let plain = grouped(names, members, Hex::Plain);
    let largest = |forms: &[Form]| forms.iter().map(|form| form.members.len()).max().unwrap_or(0);
    if members.len() < 2 || largest(&plain) * 2 > members.len() {
        return plain;
    }
    let whole = grouped(names, members, Hex::Whole);
    if largest(&whole) > largest(&plain) { whole } else { plain }
}

fn grouped(names: &[&str], members: &[u32], hex: Hex) -> Vec<Form> {
    let mut place: FxHashMap<String, usize> = FxHashMap::default();
    let mut forms: Vec<Form> = Vec::new();
    for member in members {
        let mut shape = String::new();
        let stem = stem(names[*member as usize]);
        let (mut end, mut runs) = (0, 0);
        scan(stem, hex, |run, is_hash| {
            shape.push_str(&stem[end..run.start]);
            shape.push(if is_hash { HASH } else { DIGITS });
            (end, runs) = (run.end, runs + 1);
        });
        shape.push_str(&stem[end..]);
        let at = *place.entry(shape).or_insert_with(|| {
            forms.push(Form { members: Vec::new(), runs, hex, hashes: vec![false; runs] });
            forms.len() - 1
        });
        forms[at].members.push(*member);
    }
    for form in &mut forms {
        form.find_hashes(names);
    }
    forms
}

/// Tells the runs of digits of a stem, and the words that may be hashes.
fn scan(stem: &str, hex: Hex, mut tell: impl FnMut(Run, bool)) {
    /// Letters and digits mixed are a hash from this length on.
    const LONG: usize = 16;
    /// And possibly from this.
    const SHORT: usize = 8;
    let bytes = stem.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let word = at..at + bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if let Some(end) = uuid(stem, word.clone()) {
            tell(at..end, true);
            at = end;
            continue;
        }
        let text = &bytes[word.clone()];
        let is_hex = text.iter().all(u8::is_ascii_hexdigit);
        let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
        let mixed = digits > 0 && digits < text.len();
        if is_hex && ((mixed && text.len() >= LONG) || (hex == Hex::Whole && text.len() >= SHORT)) {
            tell(word.clone(), true);
        } else {
            digit_runs(bytes, word.clone(), &mut tell);
        }
        at = word.end;
    }
}

fn digit_runs(bytes: &[u8], word: Range<usize>, tell: &mut impl FnMut(Run, bool)) {
    let mut at = word.start;
    while at < word.end {
        let digits = bytes[at..word.end].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            tell(at..at + digits, false);
        }
        at += digits.max(1);
    }
}

/// The end of a UUID that begins with a word.
fn uuid(stem: &str, word: Range<usize>) -> Option<usize> {
    const LENGTH: usize = 36;
    if word.len() != 8 {
        return None;
    }
    let text = stem.as_bytes().get(word.start..word.start + LENGTH)?;
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = text
        .iter()
        .enumerate()
        .all(|(at, byte)| if is_dash(at) { *byte == b'-' } else { byte.is_ascii_hexdigit() });
    let whole = !stem.as_bytes().get(word.start + LENGTH).is_some_and(u8::is_ascii_alphanumeric);
    (fits && whole && text.iter().any(u8::is_ascii_alphabetic)).then_some(word.start + LENGTH)
}

impl Form {
    /// A word that may be a hash is one where any of the names has letters in it.
    fn find_hashes(&mut self, names: &[&str]) {
        let mut hashes = vec![false; self.runs];
        for member in &self.members {
            let stem = stem(names[*member as usize]);
            let mut at = 0;
            scan(stem, self.hex, |run, may_be| {
                hashes[at] |= may_be && stem[run].bytes().any(|b| b.is_ascii_alphabetic());
                at += 1;
            });
        }
        self.runs -= hashes.iter().filter(|hash| **hash).count();
        self.hashes = hashes;
    }

    fn ranges(&self, stem: &str) -> Vec<Run> {
        let (mut ranges, mut at) = (Vec::with_capacity(self.runs), 0);
        scan(stem, self.hex, |run, _| {
            if !self.hashes[at] {
                ranges.push(run);
            }
            at += 1;
        });
        ranges
    }

    /// The digits of a run of a name.
    pub fn run<'a>(&self, name: &'a str, run: usize) -> &'a str {
        let stem = stem(name);
        let (mut found, mut at, mut counted) = ("", 0, 0);
        scan(stem, self.hex, |range, _| {
            if !self.hashes[at] {
                if counted == run {
                    found = &stem[range];
                }
                counted += 1;
            }
            at += 1;
        });
        found
    }

    /// A name with the number of the frame marked, and a star for what else is another in each name.
    pub fn pattern(&self, name: &str, number: Range<usize>, others: &[usize]) -> String {
        let stem = stem(name);
        let (mut text, mut end, mut at, mut run) = (String::new(), 0, 0, 0);
        scan(stem, self.hex, |range, _| {
            let is_hash = self.hashes[at];
            let mark = if !is_hash && run == number.start { "<frame>" } else { "*" };
            if !is_hash && run > number.start && run < number.end {
                end = range.end;
            } else if is_hash || run == number.start || others.contains(&run) {
                text.push_str(&stem[end..range.start]);
                text.push_str(mark);
                end = range.end;
            }
            at += 1;
            run += usize::from(!is_hash);
        });
        text.push_str(&stem[end..]);
        shown(&text)
    }

    /// The run of a single name that is likely to be the number: what is filled up with zeros, else the last
    /// that is no side of a size such as 640x480.
    pub fn likely(&self, name: &str) -> usize {
        let stem = stem(name);
        let ranges = self.ranges(stem);
        let padded = |range: &Run| range.len() > 2 && stem[range.clone()].starts_with('0');
        let longest = (0..ranges.len()).filter(|run| padded(&ranges[*run]));
        let sides = sides(stem, &ranges);
        let last = (0..ranges.len()).rev().find(|run| !sides.contains(run));
        longest.max_by_key(|run| ranges[*run].len()).or(last).unwrap_or(0)
    }

    /// The runs that are sides of a size such as 640x480.
    pub fn sides(&self, names: &[&str]) -> Vec<usize> {
        let sample = self.members.first().map_or("", |member| stem(names[*member as usize]));
        sides(sample, &self.ranges(sample))
    }

    /// Whether the word before a run says that it is the number of a camera.
    pub fn is_called_camera(&self, name: &str, run: usize) -> bool {
        const WORDS: [&str; 10] =
            ["c", "cam", "camera", "view", "sensor", "device", "ch", "channel", "stereo", "eye"];
        let stem = stem(name);
        let before = self.ranges(stem).get(run).map_or("", |range| &stem[..range.start]);
        let word = before.trim_end_matches(['_', '-', ' ']);
        let from = word
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |at| at + word[at..].chars().next().map_or(0, char::len_utf8));
        WORDS.contains(&word[from..].to_ascii_lowercase().as_str())
    }

    /// The runs that make up a time of day, a date, or both, where that is another in the names.
    pub fn clock(&self, names: &[&str], varying: &[usize]) -> Option<Clock> {
        let sample = stem(names[*self.members.first()? as usize]);
        let ranges = self.ranges(sample);
        let Some((core, fraction)) = is_clock(sample, &ranges) else {
            return self.dates(names, varying).or_else(|| self.seconds(names, varying));
        };
        let fits = self.members.iter().all(|member| {
            let stem = stem(names[*member as usize]);
            is_clock(stem, &self.ranges(stem)).is_some_and(|(other, _)| other == core)
        });
        if !fits || !core.clone().any(|run| varying.contains(&run)) {
            return None;
        }
        Some(Clock::of(core.chain(fraction).collect()))
    }

    /// Three runs that are a date, such as 2024-01-31 or 31.01.2024.
    fn dates(&self, names: &[&str], varying: &[usize]) -> Option<Clock> {
        let sample = stem(names[*self.members.first()? as usize]);
        let ranges = self.ranges(sample);
        let number = |member: u32, run: usize| -> u32 {
            self.run(names[member as usize], run).parse().unwrap_or(u32::MAX)
        };
        let most = |run: usize| self.members.iter().map(|m| number(*m, run)).max().unwrap_or(0);
        let least = |run: usize| self.members.iter().map(|m| number(*m, run)).min().unwrap_or(0);
        let within = |run: usize, from: u32, to: u32| least(run) >= from && most(run) <= to;
        (0..ranges.len().saturating_sub(2)).find_map(|first| {
            let three = &ranges[first..first + 3];
            let between = |a: usize| &sample[three[a].end..three[a + 1].start];
            let close = between(0) == between(1) && matches!(between(0), "-" | "." | "_");
            let lengths: Vec<usize> = three.iter().map(ExactSizeIterator::len).collect();
            if !close {
                return None;
            }
            let (year, [month, day]) = match lengths[..] {
                [4, 2, 2] => (first, [first + 1, first + 2]),
                [2, 2, 4] if most(first + 1) > 12 => (first + 2, [first, first + 1]),
                [2, 2, 4] => (first + 2, [first + 1, first]),
                _ => return None,
            };
            let changes = [month, day].iter().any(|run| varying.contains(run));
            let fits = within(year, 1900, 2099) && within(month, 1, 12) && within(day, 1, 31);
            (changes && fits).then(|| Clock::of(vec![year, month, day]))
        })
    }

    /// The two runs that are seconds and their fraction: `1305031102.175304`, and `12.345678` or `0.04` where
    /// that is no counter.
    fn seconds(&self, names: &[&str], varying: &[usize]) -> Option<Clock> {
        /// Seconds since 1970 have so many digits, from 2001 on.
        const SINCE_1970: usize = 10;
        let sample = stem(names[*self.members.first()? as usize]);
        let ranges = self.ranges(sample);
        let of = |member: u32, run: usize| self.run(names[member as usize], run);
        let is_pair = |run: &usize| {
            let between = &sample[ranges[*run].end..ranges[*run + 1].start];
            let length = ranges[*run + 1].len();
            let since_1970 = ranges[*run].len() == SINCE_1970
                && ["1", "2"].iter().any(|first| sample[ranges[*run].clone()].starts_with(first));
            let apart = matches!(between, "." | "," | "_" | "-") && since_1970;
            let equal = self.members.iter().all(|m| of(*m, run + 1).len() == length);
            let counter = super::spread(&self.members, |m| of(m, run + 1)) < 2.0;
            let changes = varying.contains(run) || (since_1970 && varying.contains(&(run + 1)));
            let long = length > 2 && equal && !counter;
            (changes && long && (apart || between == "."))
                || (varying.contains(run) && between == "." && self.is_decimal(names, *run))
        };
        let run = (0..ranges.len().saturating_sub(1)).find(is_pair)?;
        Some(Clock { runs: vec![run, run + 1], fraction: Some(run + 1) })
    }

    /// Whether a run and the next are a number with a few decimals, and not a part and a counter within it:
    /// nothing is filled up with zeros, and the decimals begin anew.
    fn is_decimal(&self, names: &[&str], run: usize) -> bool {
        /// Decimals.
        const MOST: usize = 3;
        let of = |member: u32, run: usize| self.run(names[member as usize], run);
        let mut pairs: Vec<(u64, &str)> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            let (whole, decimals) = (of(*member, run), of(*member, run + 1));
            if (whole.len() > 1 && whole.starts_with('0')) || decimals.len() > MOST {
                return false;
            }
            let Ok(whole) = whole.parse() else { return false };
            pairs.push((whole, decimals));
        }
        let length = pairs.first().map_or(0, |(_, decimals)| decimals.len());
        let equal = pairs.iter().all(|(_, decimals)| decimals.len() == length);
        let shortest =
            pairs.iter().all(|(_, decimals)| decimals.len() == 1 || !decimals.ends_with('0'));
        pairs.sort_unstable();
        let begins_anew = pairs.windows(2).any(|two| two[0].1 >= two[1].1);
        (equal || shortest) && begins_anew
    }
}

/// Runs that are a time together.
pub(super) struct Clock {
    /// Those that count most come first.
    pub runs: Vec<usize>,
    /// Which of them is a fraction of the one before.
    pub fraction: Option<usize>,
}

impl Clock {
    pub fn of(runs: Vec<usize>) -> Self {
        Self { runs, fraction: None }
    }
}

/// The runs that are sides of a size such as 640x480.
fn sides(stem: &str, ranges: &[Run]) -> Vec<usize> {
    let joined = |first: &usize| {
        let between = &stem[ranges[*first].end..ranges[*first + 1].start];
        between.eq_ignore_ascii_case("x")
    };
    let first = (0..ranges.len().saturating_sub(1)).filter(joined);
    first.flat_map(|first| [first, first + 1]).collect()
}

/// The runs that look like a time of day, with the date where it stands before, and the run after them that
/// may be a fraction of a second.
fn is_clock(stem: &str, ranges: &[Run]) -> Option<(Range<usize>, Option<usize>)> {
    let digits = |run: usize| &stem[ranges[run].clone()];
    let within = |text: &str, most: u32| text.parse::<u32>().is_ok_and(|number| number < most);
    let whole =
        |text: &str| within(&text[..2], 24) && within(&text[2..4], 60) && within(&text[4..], 61);
    // Hours, minutes and seconds, together or apart.
    let time = |first: usize| -> Option<usize> {
        let joined = ranges.get(first).map(|_| digits(first))?;
        if joined.len() == 6 {
            return whole(joined).then_some(first + 1);
        }
        ranges.get(first + 2)?;
        let parts = [digits(first), digits(first + 1), digits(first + 2)];
        let close = |a: usize| ranges[a + 1].start - ranges[a].end == 1;
        let fits = parts.iter().all(|part| part.len() == 2) && close(first) && close(first + 1);
        (fits && whole(&parts.concat())).then_some(first + 3)
    };
    // With a fraction right behind.
    let finer = |at: usize| {
        let joined = digits(at);
        (matches!(joined.len(), 8 | 9 | 12) && whole(&joined[..6])).then_some(at + 1)
    };
    let is_date = |text: &str| {
        text.len() == 8
            && (text.starts_with("19") || text.starts_with("20"))
            && within(&text[4..6], 13)
            && within(&text[6..], 32)
    };
    let date = |first: usize| -> Option<usize> {
        let joined = ranges.get(first).map(|_| digits(first))?;
        if is_date(joined) {
            return Some(first + 1);
        }
        ranges.get(first + 2)?;
        let apart = [digits(first), digits(first + 1), digits(first + 2)];
        (apart.map(str::len) == [4, 2, 2] && is_date(&apart.concat())).then_some(first + 3)
    };
    let near =
        |end: usize| ranges.get(end).filter(|r| r.start - ranges[end - 1].end <= 2).map(|_| end);
    (0..ranges.len()).find_map(|first| {
        let with_date = date(first).and_then(near).and_then(|at| time(at).or_else(|| finer(at)));
        // Two digits each, apart: three numbers of six digits would be anything.
        let apart = || time(first).filter(|end| *end == first + 3);
        let end = with_date.or_else(apart)?;
        Some((first..end, near(end)))
    })
}
