//! Which boxes a filmstrip shows: those of a track along its life, or around a place, so that a person sees
//! at a glance whether it is one and the same object.

use super::{Frames, Inspector};
use crate::{
    analysis::{Piece, Suspicion},
    model::{LayerId, TrackId},
};

/// Frames of a track's life at most.
pub const MAX_OF_LIFE: usize = 24;
/// Frames before a place, and after it.
pub const AROUND: usize = 5;

/// The boxes of one or two tracks of a layer, frame by frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filmstrip {
    /// The layer.
    pub layer: LayerId,
    /// The tracks, one above the other. Not all need be on every frame.
    pub tracks: Vec<TrackId>,
    /// The frames, ascending.
    pub frames: Vec<u32>,
    /// What it is about.
    pub about: About,
}

/// What a filmstrip is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A track, from its beginning to its end.
    Life,
    /// A track, around the current frame.
    Around,
    /// A suspicion, before and after.
    Suspicion,
}

impl Inspector {
    /// The strip of the suspicion that is looked at, else of the track that is selected.
    #[must_use]
    pub fn filmstrip(&self) -> Option<Filmstrip> {
        let view = self.layers.active();
        let looked_at = view.selection.suspicion_at(self.current);
        if let Some(suspicion) = looked_at {
            return Some(of_suspicion(view.id, suspicion, &self.frames));
        }
        let track = view.selection.track()?;
        let pieces = view.selection.tracks().pieces(track);
        let (frames, about) = if self.settings.whole_life {
            (of_life(pieces, &self.frames, MAX_OF_LIFE), About::Life)
        } else {
            (around(self.current, AROUND, &self.frames), About::Around)
        };
        Some(Filmstrip { layer: view.id, tracks: vec![track.id], frames, about })
    }
}

impl Inspector {
    /// At most so many frames of the selected track, spread over its life.
    #[must_use]
    pub fn some_of_life(&self, most: usize) -> Vec<u32> {
        let selection = self.selection();
        let pieces = selection.track().map(|track| selection.tracks().pieces(track));
        of_life(pieces.unwrap_or_default(), &self.frames, most)
    }
}

/// The last frames before a suspicion, on which the track was still as it was, and the first from it on.
fn of_suspicion(layer: LayerId, suspicion: &Suspicion, frames: &Frames) -> Filmstrip {
    let before =
        suspicion.former.map_or_else(|| frames.step(suspicion.frame, -1), |former| former.frame);
    let end = frames.rank(before) + 1;
    let begin = frames.rank(suspicion.frame);
    let earlier = end.saturating_sub(AROUND)..end.min(begin);
    let ranks = earlier.chain(begin..=begin + AROUND);
    let tracks = [Some(suspicion.id), suspicion.other].into_iter().flatten().collect();
    let frames = ranks.filter_map(|rank| frames.at_rank(rank)).collect();
    Filmstrip { layer, tracks, frames, about: About::Suspicion }
}

/// So many frames before a frame, itself, and so many after.
fn around(frame: u32, side: usize, frames: &Frames) -> Vec<u32> {
    let rank = frames.rank(frame);
    let ranks = rank.saturating_sub(side)..=rank + side;
    ranks.filter_map(|rank| frames.at_rank(rank)).collect()
}

/// At most so many frames of a track that are as far apart as they can be, its first and last among them. Gaps are
/// passed over.
fn of_life(pieces: &[Piece], frames: &Frames, most: usize) -> Vec<u32> {
    let ranks: Vec<(usize, usize)> = pieces
        .iter()
        .map(|piece| (frames.rank(piece.first), frames.rank(piece.last) + 1))
        .collect();
    let total: usize = ranks.iter().map(|(begin, end)| end - begin).sum();
    let count = total.min(most);
    let mut wanted = (0..count).map(|at| at * (total - 1) / (count - 1).max(1)).peekable();
    let mut found = Vec::with_capacity(count);
    let mut before = 0;
    for (begin, end) in ranks {
        // Those of all that the track is on that lie in this piece.
        while let Some(at) = wanted.next_if(|at| *at < before + end - begin) {
            found.extend(frames.at_rank(begin + at - before));
        }
        before += end - begin;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{PreviousBox, SuspicionKind};

    fn frames(existing: impl Iterator<Item = u32>) -> Frames {
        Frames::new(existing.map(|frame| (frame, 1)), std::iter::empty(), None)
    }

    #[test]
    fn a_life_is_seen_from_its_first_to_its_last_frame_without_its_gaps() {
        let frames = frames(1..=1000);
        let piece = |first, last| Piece { first, last };
        assert_eq!(of_life(&[piece(5, 8)], &frames, MAX_OF_LIFE), [5, 6, 7, 8]);
        let long = of_life(&[piece(11, 100), piece(901, 1000)], &frames, MAX_OF_LIFE);
        assert_eq!((long.len(), long[0], long[MAX_OF_LIFE - 1]), (MAX_OF_LIFE, 11, 1000));
        assert!(long.iter().all(|frame| *frame <= 100 || *frame >= 901));
        assert_eq!(of_life(&[piece(7, 7)], &frames, MAX_OF_LIFE), [7]);
        assert!(of_life(&[], &frames, MAX_OF_LIFE).is_empty());
    }

    #[test]
    fn a_suspicion_is_seen_from_before_to_after_it() {
        let frames = frames((1..=100).map(|n| n * 2));
        let former = PreviousBox { frame: 20, bounds: [0.0; 4] };
        let suspicion = Suspicion {
            kind: SuspicionKind::Handover,
            frame: 40,
            id: TrackId::from(4_u32),
            other: Some(TrackId::from(9_u32)),
            certainty: 0.8,
            former: Some(former),
        };
        let strip = of_suspicion(LayerId::FIRST, &suspicion, &frames);
        assert_eq!(strip.frames, [12, 14, 16, 18, 20, 40, 42, 44, 46, 48, 50]);
        assert_eq!(strip.tracks.len(), 2);
        let alone = Suspicion { frame: 4, other: None, former: None, ..suspicion };
        let strip = of_suspicion(LayerId::FIRST, &alone, &frames);
        assert_eq!(strip.frames, [2, 4, 6, 8, 10, 12, 14]);
    }

    #[test]
    fn around_a_frame_ends_where_the_frames_do() {
        let frames = frames(1..=100);
        assert_eq!(around(3, 5, &frames), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(around(99, 2, &frames), [97, 98, 99, 100]);
    }
}
