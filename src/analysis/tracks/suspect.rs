//! What looks wrong with tracks, without any ground truth.
//!
//! Every certainty is from 0 to 1, in which `s` is the square root of a box's area:
//! - **jump**: the middle is `d` from where the last step leads on to, `r = d / s`. It is one where
//!   `r > 0.4`, and more than 4 times what is usual for the track; certainty `1 - 0.4 / r`.
//! - **resize**: a side is `q` times what it was one frame before, or was `q` times what it is, `q > 1.6`;
//!   certainty `1 - 1.6 / q`.
//! - **handover**: a track ends inside of the picture, and within 30 frames another begins inside, `d` from
//!   where the first leads on to, `d < 1.5 s`, with sides that are alike; certainty
//!   `(1 - d / 1.5 s) (1 - frames between / 31)`.
//! - **duplicate id**: a frame has two boxes of one id; certainty 1 where they lie apart, 0.6 where they overlap.

use super::Track;
use crate::model::{Detection, TrackId};
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

/// Suspicions that are kept: those with the highest certainties.
pub const MOST_SUSPICIONS: usize = 10_000;

/// In what way something looks wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SuspicionKind {
    /// A track is all at once elsewhere.
    Jump,
    /// A box is all at once larger or smaller.
    Resize,
    /// A track ends inside of the picture where another begins.
    Handover,
    /// Two boxes of one frame have the same id.
    DuplicateId,
}

impl SuspicionKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Jump, Self::Resize, Self::Handover, Self::DuplicateId];

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Jump => "Jump",
            Self::Resize => "Resize",
            Self::Handover => "Handover",
            Self::DuplicateId => "Duplicate id",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Jump => "The track is all at once elsewhere",
            Self::Resize => "The box is all at once larger or smaller",
            Self::Handover => "A track ends inside of the picture where another begins",
            Self::DuplicateId => "Two boxes of this frame have the same id",
        }
    }
}

/// Something that looks wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suspicion {
    /// In what way.
    pub kind: SuspicionKind,
    /// Where to look: the frame after a jump, or on which the other track begins.
    pub frame: u32,
    /// The track.
    pub id: TrackId,
    /// The other track, of a handover.
    pub other: Option<TrackId>,
    /// From 0 to 1; the higher, the surer.
    pub certainty: f32,
    /// Where the track was seen before; of two boxes on one frame none.
    pub former: Option<PreviousBox>,
}

/// A box on an earlier frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PreviousBox {
    /// The frame.
    pub frame: u32,
    /// Left, top, width and height in pixels.
    pub bounds: [f32; 4],
}

/// Where a track was seen last, and how it moved.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub rank: u32,
    frame: u32,
    middle: [f64; 2],
    side: [f64; 2],
    /// Pixels a frame.
    step: Option<[f64; 2]>,
    /// Mean of `d / s` so far.
    usual: f64,
    first: Place,
}

/// Where a track begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    rank: u32,
    middle: [f64; 2],
    side: [f64; 2],
}

impl Sighting {
    pub fn new(frame: u32, rank: u32, detection: &Detection) -> Self {
        let (middle, side) = (middle(detection), side(detection));
        let first = Place { rank, middle, side };
        Self { rank, frame, middle, side, step: None, usual: 0.0, first }
    }

    fn former(&self) -> PreviousBox {
        let [x, y] = [0, 1].map(|axis| (self.middle[axis] - self.side[axis] / 2.0) as f32);
        let [width, height] = self.side.map(|side| side as f32);
        PreviousBox { frame: self.frame, bounds: [x, y, width, height] }
    }

    /// Where it is expected so many frames later.
    fn ahead(&self, frames: f64) -> [f64; 2] {
        let step = self.step.unwrap_or_default();
        [0, 1].map(|axis| self.middle[axis] + step[axis] * frames)
    }
}

fn middle(detection: &Detection) -> [f64; 2] {
    [detection.left + detection.width / 2.0, detection.top + detection.height / 2.0]
}

fn side(detection: &Detection) -> [f64; 2] {
    [detection.width.max(1.0), detection.height.max(1.0)]
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// How many times larger one is than the other.
fn times(a: f64, b: f64) -> f64 {
    a.max(b) / a.min(b)
}

/// Gathers suspicions.
#[derive(Clone, Default)]
pub(super) struct Suspects {
    kept: BinaryHeap<Reverse<Ranked>>,
    counts: [u64; SuspicionKind::ALL.len()],
    /// Left, top, right, bottom of all boxes.
    extent: Option<[f64; 4]>,
}

impl Suspects {
    /// Notes how far boxes reach.
    pub fn frame(&mut self, detections: &[Detection]) {
        for detection in detections {
            let [x, y] = middle(detection);
            let extent = self.extent.get_or_insert([x, y, x, y]);
            *extent = [extent[0].min(x), extent[1].min(y), extent[2].max(x), extent[3].max(y)];
        }
    }

    /// Two boxes of one id on one frame.
    pub fn twice(&mut self, frame: u32, first: &Sighting, second: &Detection) {
        let apart = [0, 1].iter().any(|axis| {
            let reach = f64::midpoint(first.side[*axis], side(second)[*axis]);
            (first.middle[*axis] - middle(second)[*axis]).abs() > reach
        });
        let certainty = if apart { 1.0 } else { 0.6 };
        let kind = SuspicionKind::DuplicateId;
        self.add(Suspicion { kind, frame, id: second.id, other: None, certainty, former: None });
    }

    /// Takes a track on to its next box. Returns how far its foot point went, in pixels.
    pub fn moved(
        &mut self,
        frame: u32,
        rank: u32,
        sighting: &mut Sighting,
        detection: &Detection,
    ) -> f64 {
        let (now, size) = (middle(detection), side(detection));
        let frames = f64::from(rank - sighting.rank);
        let scale = (size[0] * size[1] * sighting.side[0] * sighting.side[1]).powf(0.25);
        let off = distance(sighting.ahead(frames), now) / scale / frames.sqrt();
        let suspicion = |kind, certainty: f64| Suspicion {
            kind,
            frame,
            id: detection.id,
            other: None,
            certainty: certainty as f32,
            former: Some(sighting.former()),
        };
        let jumped = off > 0.4 && off > 4.0 * sighting.usual && sighting.step.is_some();
        if jumped {
            self.add(suspicion(SuspicionKind::Jump, 1.0 - 0.4 / off));
        }
        let grown = times(size[0], sighting.side[0]).max(times(size[1], sighting.side[1]));
        if grown > 1.6 && rank == sighting.rank + 1 {
            self.add(suspicion(SuspicionKind::Resize, 1.0 - 1.6 / grown));
        }
        let foot = |middle: [f64; 2], side: [f64; 2]| [middle[0], middle[1] + side[1] / 2.0];
        let went = distance(foot(sighting.middle, sighting.side), foot(now, size));
        let step = [0, 1].map(|axis| (now[axis] - sighting.middle[axis]) / frames);
        // What happened of late counts more than what was long ago.
        sighting.usual =
            if sighting.step.is_some() { sighting.usual * 0.9 + off.min(1.0) * 0.1 } else { 0.02 };
        // Whoever jumps goes on as before, and not as far once more.
        if !jumped {
            sighting.step = Some(step);
        }
        (sighting.rank, sighting.frame) = (rank, frame);
        (sighting.middle, sighting.side) = (now, size);
        went
    }

    fn add(&mut self, suspicion: Suspicion) {
        self.counts[suspicion.kind as usize] += 1;
        self.kept.push(Reverse(Ranked(suspicion)));
        if self.kept.len() > MOST_SUSPICIONS {
            self.kept.pop();
        }
    }

    /// All suspicions in the order of the frames, with those that only the end of the file can tell:
    /// tracks that others go on with. And how many there are of each kind.
    pub fn finished<'a>(
        &self,
        tracks: impl Iterator<Item = (&'a Track, &'a Sighting)>,
        frames: u32,
    ) -> (Vec<Suspicion>, [u64; SuspicionKind::ALL.len()]) {
        let mut all = self.clone();
        all.switches(tracks.collect(), frames);
        let mut kept: Vec<Suspicion> =
            all.kept.into_iter().map(|Reverse(ranked)| ranked.0).collect();
        kept.sort_by(|a, b| {
            let by_place = (a.frame, a.id).cmp(&(b.frame, b.id));
            by_place.then(b.certainty.total_cmp(&a.certainty))
        });
        (kept, all.counts)
    }

    fn switches(&mut self, mut tracks: Vec<(&Track, &Sighting)>, frames: u32) {
        /// Frames between the end of one and the beginning of the other; they may share some.
        const WITHIN: u32 = 30;
        const SHARED: u32 = 2;
        /// Candidates that are looked at for each beginning.
        const MOST: usize = 500;
        tracks.sort_by_key(|(_, sighting)| sighting.rank);
        let inside = |middle: [f64; 2], side: [f64; 2]| {
            let Some([left, top, right, bottom]) = self.extent else { return false };
            let margin = [0, 1].map(|axis| side[axis] / 2.0);
            middle[0] - left > margin[0]
                && right - middle[0] > margin[0]
                && middle[1] - top > margin[1]
                && bottom - middle[1] > margin[1]
        };
        let mut found = Vec::new();
        for (track, sighting) in &tracks {
            let begins = sighting.first;
            if begins.rank == 0 || !inside(begins.middle, begins.side) {
                continue;
            }
            let from = tracks.partition_point(|(_, s)| s.rank + WITHIN < begins.rank);
            let ended = tracks[from..].iter().take_while(|(_, s)| s.rank <= begins.rank + SHARED);
            let best = ended.take(MOST).filter_map(|(other, last)| {
                let is_end = other.id != track.id && last.rank + 1 < frames;
                if !is_end || !inside(last.middle, last.side) {
                    return None;
                }
                let alike = [0, 1].iter().all(|a| times(last.side[*a], begins.side[*a]) < 1.6);
                let between = f64::from(begins.rank) - f64::from(last.rank);
                let scale = 1.5 * (last.side[0] * last.side[1]).sqrt();
                let near = 1.0 - distance(last.ahead(between), begins.middle) / scale;
                let certainty =
                    near * (1.0 - (between.abs() - 1.0).max(0.0) / f64::from(WITHIN + 1));
                (alike && near > 0.0).then_some((certainty, other.id, last.former()))
            });
            let best = best.max_by(|a, b| a.0.total_cmp(&b.0));
            found.extend(best.map(|(certainty, ended, former)| Suspicion {
                kind: SuspicionKind::Handover,
                frame: track.first,
                id: ended,
                other: Some(track.id),
                certainty: certainty as f32,
                former: Some(former),
            }));
        }
        for suspicion in found {
            self.add(suspicion);
        }
    }
}

/// By certainty; where that is equal, what comes earlier is worth more.
#[derive(Clone, Copy, PartialEq)]
struct Ranked(Suspicion);

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.0, &other.0);
        a.certainty.total_cmp(&b.certainty).then((b.frame, b.id).cmp(&(a.frame, a.id)))
    }
}
