//! The tracks of a file and what looks wrong with them, from one pass over its frames.
//!
//! Memory: about 500 bytes a track, 8 a piece of a track's life, and [`MOST_SUSPICIONS`] suspicions;
//! nothing for the boxes themselves.

mod suspect;

pub use suspect::{MOST_SUSPICIONS, PreviousBox, Suspicion, SuspicionKind};

use crate::model::{AnnotationSource, Detection, ReadError, TrackId};
use rustc_hash::FxHashMap;
use std::ops::ControlFlow;
use suspect::{Sighting, Suspects};

/// Tracks that are followed; further ones are only counted.
pub const MOST_TRACKS: usize = 500_000;
/// Pieces of one track's life that are told apart; further gaps are only counted.
pub const MOST_PIECES: usize = 512;

/// A track: everything that bears one id.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Its id, never negative.
    pub id: TrackId,
    /// The class of its first box that has one.
    pub class: Option<i64>,
    /// First frame that it is on.
    pub first: u32,
    /// Last frame that it is on.
    pub last: u32,
    /// Frames that it is on.
    pub frames: u32,
    /// Times that it is away and comes back; frames of the file without any line do not count.
    pub gaps: u32,
    /// Annotated frames within its life that it is not on.
    pub missing: u32,
    /// Mean of its boxes' confidences, where they have some other than -1.
    pub confidence: Option<f64>,
    /// How far its foot point went, in pixels, straight across gaps.
    pub path: f64,
    /// Where its pieces begin in the table's list, and how many there are.
    pieces: (u32, u32),
}

/// A run of frames that a track is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First frame.
    pub first: u32,
    /// Last frame.
    pub last: u32,
}

/// The tracks of a file.
#[derive(Clone, Debug, Default)]
pub struct TrackTable {
    /// Ascending by id.
    tracks: Vec<Track>,
    pieces: Vec<Piece>,
    /// Places in `tracks`, by first frame and then by id.
    by_start: Vec<u32>,
    suspicions: Vec<Suspicion>,
    /// How many there are of each kind, kept or not.
    suspected: [u64; SuspicionKind::ALL.len()],
    left_out: u64,
}

/// Hears how the pass goes.
pub trait TrackObserver {
    /// Called now and then; `Break` ends the work.
    fn progress(&mut self, done: u64, total: u64) -> ControlFlow<()>;
}

impl TrackObserver for () {
    fn progress(&mut self, _: u64, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl TrackTable {
    /// Follows the tracks of a whole file.
    ///
    /// `None` where the observer broke off.
    ///
    /// # Errors
    /// Where the file can't be read any more.
    pub fn read(
        source: &(impl AnnotationSource + ?Sized),
        observer: &mut impl TrackObserver,
    ) -> Result<Option<Self>, ReadError> {
        let mut follower = Follower::default();
        let whole = follower.read_on(source, true, observer)?;
        Ok(whole.is_continue().then(|| follower.table()))
    }

    /// All tracks, ascending by id.
    #[must_use]
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// The track of an id.
    #[must_use]
    pub fn get(&self, id: impl Into<TrackId>) -> Option<&Track> {
        let id = id.into();
        let at = self.tracks.binary_search_by_key(&id, |track| track.id).ok()?;
        self.tracks.get(at)
    }

    /// The runs of frames that a track is on, ascending; of a track with very many gaps the first
    /// [`MOST_PIECES`], the last of which reaches to its end.
    #[must_use]
    pub fn pieces(&self, track: &Track) -> &[Piece] {
        let (begin, count) = track.pieces;
        self.pieces.get(begin as usize..(begin + count) as usize).unwrap_or_default()
    }

    /// The tracks in the order in which they begin.
    #[must_use]
    pub fn by_start(&self) -> &[u32] {
        &self.by_start
    }

    /// The track with so many before it that begin earlier.
    #[must_use]
    pub fn at_start_rank(&self, rank: usize) -> Option<&Track> {
        self.tracks.get(*self.by_start.get(rank)? as usize)
    }

    /// How many tracks begin before `frame`.
    #[must_use]
    pub fn begun_before(&self, frame: u32) -> usize {
        self.by_start.partition_point(|at| self.tracks[*at as usize].first < frame)
    }

    /// What looks wrong, in the order of the frames; the worst where there are too many.
    #[must_use]
    pub fn suspicions(&self) -> &[Suspicion] {
        &self.suspicions
    }

    /// How many suspicions there are of a kind, kept or not.
    #[must_use]
    pub fn suspected(&self, kind: SuspicionKind) -> u64 {
        self.suspected[kind as usize]
    }

    /// Tracks that are not in the table, as there are too many.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// Follows tracks from frame to frame; can be gone on with when the file has grown.
#[derive(Clone, Default)]
pub struct Follower {
    life: FxHashMap<TrackId, Life>,
    suspects: Suspects,
    left_out: u64,
    /// Annotated frames that were read, and the last of them.
    rank: u32,
    last_frame: Option<u32>,
}

/// What is known of a track so far.
#[derive(Clone)]
struct Life {
    track: Track,
    pieces: Vec<Piece>,
    confidence: (f64, u32),
    sighting: Sighting,
}

impl Follower {
    /// Reads the frames that were not read yet, in their order. The last one is left for later where
    /// the file may go on with it.
    ///
    /// # Errors
    /// Where the file can't be read any more.
    pub fn read_on(
        &mut self,
        source: &(impl AnnotationSource + ?Sized),
        to_the_end: bool,
        observer: &mut impl TrackObserver,
    ) -> Result<ControlFlow<()>, ReadError> {
        /// Frames between two looks at whether to go on.
        const PACE: usize = 256;
        let frames = source.frame_count();
        let total = frames as u64;
        let end = frames.saturating_sub(usize::from(!to_the_end));
        let begin = self.last_frame.map_or(0, |last| source.rank_of(last.saturating_add(1)));
        for at in begin..end {
            let Some(frame) = source.frame_at(at) else { break };
            if at.is_multiple_of(PACE) && observer.progress(at as u64, total).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let loaded = source.load(frame)?;
            self.frame(frame, &loaded.detections);
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Takes in the boxes of the next frame.
    pub fn frame(&mut self, frame: u32, detections: &[Detection]) {
        let rank = self.rank;
        self.rank += 1;
        self.last_frame = Some(frame);
        self.suspects.frame(detections);
        for detection in detections.iter().filter(|detection| detection.id.is_identity()) {
            self.detection(frame, rank, detection);
        }
    }

    fn detection(&mut self, frame: u32, rank: u32, detection: &Detection) {
        let confidence = detection.confidence.filter(|c| *c != -1.0);
        let Some(life) = self.life.get_mut(&detection.id) else {
            if self.life.len() < MOST_TRACKS {
                self.life.insert(detection.id, Life::new(frame, rank, detection));
            } else {
                self.left_out += 1;
            }
            return;
        };
        life.confidence.0 += confidence.unwrap_or(0.0);
        life.confidence.1 += u32::from(confidence.is_some());
        life.track.class = life.track.class.or(detection.class);
        if life.sighting.rank == rank {
            self.suspects.twice(frame, &life.sighting, detection);
            return;
        }
        let missing = rank - life.sighting.rank - 1;
        life.track.frames += 1;
        life.track.last = frame;
        life.track.missing += missing;
        life.track.gaps += u32::from(missing > 0);
        let goes_on = missing == 0 || life.pieces.len() == MOST_PIECES;
        match life.pieces.last_mut() {
            Some(piece) if goes_on => piece.last = frame,
            _ => life.pieces.push(Piece { first: frame, last: frame }),
        }
        let step = self.suspects.moved(frame, rank, &mut life.sighting, detection);
        life.track.path += step;
    }

    /// The tracks as far as they were followed.
    #[must_use]
    pub fn table(&self) -> TrackTable {
        let mut lives: Vec<&Life> = self.life.values().collect();
        lives.sort_unstable_by_key(|life| life.track.id);
        let mut pieces = Vec::with_capacity(lives.iter().map(|life| life.pieces.len()).sum());
        let mut tracks = Vec::with_capacity(lives.len());
        for life in &lives {
            let place = (pieces.len() as u32, life.pieces.len() as u32);
            pieces.extend_from_slice(&life.pieces);
            let (sum, count) = life.confidence;
            let confidence = (count > 0).then(|| sum / f64::from(count));
            tracks.push(Track { pieces: place, confidence, ..life.track.clone() });
        }
        let mut by_start: Vec<u32> = (0..tracks.len() as u32).collect();
        by_start.sort_by_key(|at| tracks[*at as usize].first);
        let seen = lives.iter().map(|life| (&life.track, &life.sighting));
        let (suspicions, suspected) = self.suspects.finished(seen, self.rank);
        TrackTable { tracks, pieces, by_start, suspicions, suspected, left_out: self.left_out }
    }
}

impl Life {
    fn new(frame: u32, rank: u32, detection: &Detection) -> Self {
        let confidence = detection.confidence.filter(|c| *c != -1.0);
        Self {
            track: Track {
                id: detection.id,
                class: detection.class,
                first: frame,
                last: frame,
                frames: 1,
                gaps: 0,
                missing: 0,
                confidence: None,
                path: 0.0,
                pieces: (0, 0),
            },
            pieces: vec![Piece { first: frame, last: frame }],
            confidence: (confidence.unwrap_or(0.0), u32::from(confidence.is_some())),
            sighting: Sighting::new(frame, rank, detection),
        }
    }
}

#[cfg(test)]
mod tests;
