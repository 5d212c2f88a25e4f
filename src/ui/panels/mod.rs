//! The parts of the window: one file a panel. Each is a function of what it is shown, and pushes
//! commands; none changes the state.

pub mod cache;
pub mod detections;
pub mod events;
pub mod filmstrip;
pub mod filter;
pub mod help;
pub mod lanes;
pub mod layers;
pub mod legend;
pub mod live;
pub mod menu;
pub mod notice;
pub mod palette;
pub mod predictions;
pub mod problems;
pub mod prompt;
pub mod side;
pub mod strip;
pub mod suspicions;
pub mod timeline;
pub mod tracks;
pub mod transport;
pub mod tuning;
pub mod viewport;
pub mod welcome;

use super::{
    layer_looks::LayerLook,
    theme::{self, Palette},
    what_if::Replays,
};
use crate::{
    cache::KeyState,
    inspector::{
        CacheKind, Command, Filmstrip, Filter, Inspector, Pace, PerCache, Samples, scene::Look,
    },
    model::LayerId,
    session::{Layer, Session, SharedLog},
};
use egui::{Color32, Ui};
use std::{cmp::Ordering, path::PathBuf};

/// By how much the columns of a table are wider than they need be, to fill the room there is.
fn stretch(ui: &Ui, widths: impl Iterator<Item = f32>) -> f32 {
    /// Numbers that stand further apart are no longer read as one row.
    const MOST: f32 = 1.5;
    let (count, needed) = widths.fold((0.0, 0.0), |(count, all), width| (count + 1.0, all + width));
    let spacing = ui.spacing();
    let bar = spacing.scroll.allocated_width();
    let room = ui.available_width() - bar - count * spacing.item_spacing.x;
    (room / f32::max(needed, 1.0)).clamp(1.0, MOST)
}

/// Points that a text takes in a column of a table.
fn text_width(ui: &Ui, text: &str) -> f32 {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::small(), Color32::PLACEHOLDER);
    // The last digit would be cut at a part of a pixel.
    galley.size().x.ceil() + 3.0
}

/// A text without so much of its middle that it fits into so many points: texts are told apart by their ends,
/// and more often by the second.
fn elided(ui: &Ui, text: &str, width: f32) -> String {
    without_middle(text, |text| text_width(ui, text) <= width)
}

fn without_middle(text: &str, fits: impl Fn(&str) -> bool) -> String {
    /// Letters that are looked at.
    const MOST: usize = 400;
    if text.len() <= MOST && fits(text) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let kept = |count: usize| {
        let (start, end) = (count / 3, letters.len() - (count - count / 3));
        letters[..start].iter().chain(&['…']).chain(&letters[end..]).collect::<String>()
    };
    // Between what fits, if only for want of anything shorter, and what does not.
    let (mut least, mut most) = (2.min(letters.len()), letters.len().min(MOST));
    while least + 1 < most {
        let middle = usize::midpoint(least, most);
        if fits(&kept(middle)) {
            least = middle;
        } else {
            most = middle;
        }
    }
    kept(least)
}

/// The longer text of the things with the least and the largest value: none between them has more digits.
fn widest<'a, T: 'a>(
    things: impl Iterator<Item = &'a T> + Clone,
    order: impl Fn(&T, &T) -> Ordering,
    text: impl Fn(&T) -> String,
) -> String {
    let least = things.clone().min_by(|a, b| order(a, b));
    let ends = [least, things.max_by(|a, b| order(a, b))];
    let texts = ends.into_iter().flatten().map(text);
    texts.max_by_key(|text| text.chars().count()).unwrap_or_default()
}

/// What panels are shown, and where they put what is asked of them.
pub struct Shown<'a> {
    /// The state of the window.
    pub inspector: &'a Inspector,
    /// What is open.
    pub session: Option<&'a Session>,
    /// Whether something is being opened.
    pub opening: bool,
    /// Whether something was not opened to its end, that can be again.
    pub cancelled: bool,
    /// What layers that are being added are called, and how far each is read, from 0 to 1.
    pub adding: &'a [(String, f32)],
    /// How the boxes of the active layer are drawn.
    pub look: &'a Look,
    /// How the layers that are drawn are: the active one last.
    pub looks: &'a [LayerLook],
    /// How many boxes of the frame that is shown are not.
    pub hidden: usize,
    /// Whether playing keeps its pace.
    pub pace: &'a Pace,
    /// The past of both caches.
    pub samples: &'a PerCache<Samples>,
    /// How other settings would have done.
    pub what_if: &'a Replays,
    /// What happened.
    pub log: &'a SharedLog,
    /// The colours in force.
    pub palette: &'static Palette,
    /// Seconds since the window opened.
    pub now: f64,
    /// What is asked for.
    pub asked: &'a mut Vec<Asked>,
}

/// What a panel asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// A command.
    Command(Command),
    /// To open a path.
    Open(PathBuf),
    /// To open a recent path, with the layers that were last open with it.
    OpenRecent(PathBuf),
    /// To open another sequence of the benchmark.
    OpenSequence(PathBuf),
    /// To open another annotation file of the sequence, staying at the frame.
    OpenBeside(PathBuf),
    /// To add annotations to what is open, as a layer.
    AddLayer(PathBuf),
    /// To call a layer otherwise.
    Rename(LayerId, String),
    /// To open a video of what is open.
    OpenVideo(PathBuf),
    /// To open another of the streams of the video, counted from 0.
    OpenStream(usize),
    /// To open a folder of pictures of what is open.
    OpenImages(PathBuf),
    /// To replay the walk through a cache with other settings.
    WhatIf(CacheKind),
    /// To write something into a file.
    Save {
        /// What.
        what: prompt::Saved,
        /// Where to.
        path: PathBuf,
        /// Whether what is there may be replaced.
        replace: bool,
    },
    /// To say no more of what became of the file.
    Ignore,
    /// To say no more of this about the pictures.
    PutAway(String),
    /// To tell the person what is wrong.
    Complain(String),
    /// To put a notice away.
    Dismiss,
    /// To forget the recent paths.
    ForgetRecent,
    /// To show other boxes.
    Filter(Filter),
    /// For the pictures of a filmstrip, as long as it is shown.
    Strip(Filmstrip),
    /// To point at a box of the list, or at none.
    Point(Option<usize>),
}

impl<'a> Shown<'a> {
    /// The active layer.
    #[must_use]
    pub fn layer(&self) -> Option<&'a Layer> {
        Some(self.session?.layer_or_first(self.inspector.layers.active().id))
    }

    /// Asks for a command.
    pub fn command(&mut self, command: Command) {
        self.asked.push(Asked::Command(command));
    }
}

/// A frame's state, for people.
#[must_use]
pub fn state_name(state: KeyState) -> &'static str {
    match state {
        KeyState::Cached => "cached",
        KeyState::Loading => "loading",
        KeyState::Queued => "queued",
        KeyState::Failed => "failed",
        KeyState::Absent => "not loaded",
    }
}

/// A number with its thousands grouped: 1 234 567.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            // A narrow gap that does not break lines.
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things, in words: 1 line, 1 234 lines.
#[must_use]
pub fn counted(number: u64, thing: &str) -> String {
    let plural = match thing {
        _ if number == 1 => "",
        "box" | "access" => "es",
        _ => "s",
    };
    format!("{} {thing}{plural}", grouped(number))
}

/// A number of bytes in a unit that fits.
#[must_use]
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{number} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_is_that_of_the_least_or_the_largest() {
        let of = |numbers: &[i64]| widest(numbers.iter(), i64::cmp, i64::to_string);
        assert_eq!(of(&[1, 250, 17]), "250");
        assert_eq!(of(&[-1000, 250, 17]), "-1000");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn texts_too_long_for_their_place_keep_both_ends() {
        let short = |text: &str, most: usize| {
            super::without_middle(text, |text| text.chars().count() <= most)
        };
        assert_eq!(short("track", 5), "track");
        assert_eq!(short("camera_0001", 7), "ca…0001");
        assert_ne!(short("camera_0001_person", 13), short("camera_0002_person", 13));
        assert_eq!(short("camera", 0), "…ra");
        assert_eq!(short("", 0), "");
    }

    #[test]
    fn numbers_are_made_for_reading() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!((counted(1, "line"), counted(2, "box")), ("1 line".into(), "2 boxes".into()));
        assert_eq!((bytes(999), bytes(532_000_000)), ("999 B".to_owned(), "532.0 MB".to_owned()));
    }
}
