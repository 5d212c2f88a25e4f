//! Which tracks the table lists, and in which order.

use super::super::{grouped, widest};
use crate::{
    analysis::{Track, TrackTable},
    inspector::IdList,
    model::{ClassNames, FrameDetections, TrackId},
    ui::{
        Wake,
        task::{Polled, Task},
    },
};
use egui::Ui;
use std::{cmp::Ordering, sync::Arc};

/// More tracks than this are sorted on another thread.
const SORTED_HERE: usize = 4000;

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Field {
    #[default]
    Id,
    Class,
    First,
    Last,
    Frames,
    Gaps,
    Confidence,
}

impl Field {
    pub const ALL: [(Self, &'static str, f32, &'static str); 7] = [
        (Self::Id, "Id", 58.0, "The track's id"),
        (Self::Class, "Class", 38.0, "Its class, where the file has one"),
        (Self::First, "First", 46.0, "Its first frame"),
        (Self::Last, "Last", 46.0, "Its last frame"),
        (Self::Frames, "Frames", 50.0, "Frames that it is on"),
        (Self::Gaps, "Gaps", 36.0, "Times that it is away and comes back"),
        (Self::Confidence, "Conf.", 38.0, "Mean confidence, without -1"),
    ];

    fn order(self, a: &Track, b: &Track) -> Ordering {
        match self {
            Self::Id => Ordering::Equal,
            Self::Class => a.class.cmp(&b.class),
            Self::First => a.first.cmp(&b.first),
            Self::Last => a.last.cmp(&b.last),
            Self::Frames => a.frames.cmp(&b.frames),
            Self::Gaps => a.gaps.cmp(&b.gaps),
            Self::Confidence => {
                let of = |track: &Track| track.confidence.unwrap_or(f64::NEG_INFINITY);
                of(a).total_cmp(&of(b))
            }
        }
        .then(a.id.cmp(&b.id))
    }

    pub fn text(self, track: &Track, classes: &ClassNames) -> String {
        match self {
            Self::Id => track.id.to_string(),
            Self::Class => track.class.map_or(String::new(), |class| classes.title(class)),
            Self::First => grouped(u64::from(track.first)),
            Self::Last => grouped(u64::from(track.last)),
            Self::Frames => grouped(u64::from(track.frames)),
            Self::Gaps => grouped(u64::from(track.gaps)),
            Self::Confidence => track.confidence.map_or(String::new(), |c| format!("{c:.2}")),
        }
    }
}

/// What is searched for: ids that begin with what is typed, or a list of ids and ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Search {
    Begins(String),
    List(IdList),
}

impl Search {
    /// The reason is a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Begins(text.to_owned()));
        }
        IdList::parse(text).map(Self::List)
    }

    fn finds(&self, id: TrackId) -> bool {
        match self {
            Self::Begins(text) => id.to_string().starts_with(text),
            Self::List(ids) => ids.contains(id),
        }
    }
}

/// Which rows there are, and in which order.
#[derive(Clone)]
pub(super) struct Wanted {
    pub tracks: Arc<TrackTable>,
    /// Only those on this frame.
    pub on_frame: Option<Arc<FrameDetections>>,
    pub search: Search,
    pub field: Field,
    pub descending: bool,
}

impl Wanted {
    fn same_as(&self, other: &Self) -> bool {
        let same_frame = match (&self.on_frame, &other.on_frame) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same_frame
            && Arc::ptr_eq(&self.tracks, &other.tracks)
            && (&self.search, self.field, self.descending)
                == (&other.search, other.field, other.descending)
    }

    fn candidates(&self) -> usize {
        let all = self.tracks.tracks().len();
        self.on_frame.as_ref().map_or(all, |boxes| boxes.detections.len().min(all))
    }

    fn find(&self) -> Found {
        let tracks = self.tracks.tracks();
        // How long the names of the classes are is not a matter of order.
        let names = ClassNames::default();
        let widest = Field::ALL.map(|(field, ..)| {
            widest(tracks.iter(), |a, b| field.order(a, b), |track| field.text(track, &names))
        });
        Found { rows: self.rows().into(), widest: widest.into() }
    }

    /// Places in the list of tracks.
    fn rows(&self) -> Vec<u32> {
        let tracks = self.tracks.tracks();
        let mut rows: Vec<u32> = match &self.on_frame {
            None => (0..tracks.len() as u32).collect(),
            Some(boxes) => {
                let ids = boxes.detections.iter().map(|detection| detection.id);
                let places = ids.filter_map(|id| tracks.binary_search_by_key(&id, |t| t.id).ok());
                let mut places: Vec<u32> = places.map(|place| place as u32).collect();
                places.sort_unstable();
                places.dedup();
                places
            }
        };
        rows.retain(|row| self.search.finds(tracks[*row as usize].id));
        rows.sort_by(|a, b| {
            let order = self.field.order(&tracks[*a as usize], &tracks[*b as usize]);
            if self.descending { order.reverse() } else { order }
        });
        rows
    }
}

/// Places in the list of tracks, and the longest text in each column, of all tracks.
#[derive(Clone)]
pub(super) struct Found {
    pub rows: Arc<[u32]>,
    pub widest: Arc<[String]>,
}

/// The rows between repaints.
#[derive(Default)]
pub struct Rows {
    pub(super) field: Field,
    pub(super) descending: bool,
    pub(super) search: String,
    pub(super) on_frame: bool,
    made: Option<(Wanted, Found)>,
    running: Option<(Wanted, Task<Found>)>,
    pub(super) scrolled_to: Option<TrackId>,
}

impl Rows {
    /// The rows, and the tracks that they point into.
    pub(super) fn refresh(&mut self, ui: &Ui, wanted: Wanted) -> Option<(Arc<TrackTable>, Found)> {
        if let Some((of, task)) = self.running.take() {
            match task.poll() {
                Polled::Running => self.running = Some((of, task)),
                Polled::Done(found) => self.made = Some((of, found)),
                Polled::Lost => {}
            }
        }
        let current = self.made.as_ref().is_some_and(|(made, _)| made.same_as(&wanted));
        if !current && wanted.candidates() <= SORTED_HERE {
            self.running = None;
            let found = wanted.find();
            self.made = Some((wanted, found));
        } else if !current && self.running.is_none() {
            let (ctx, of) = (ui.ctx().clone(), wanted.clone());
            let wake: Wake = Arc::new(move || ctx.request_repaint());
            let task = Task::start("sorter", &wake, move || of.find());
            self.running = Some((wanted, task));
        }
        let (made, found) = self.made.as_ref()?;
        Some((Arc::clone(&made.tracks), found.clone()))
    }
}
