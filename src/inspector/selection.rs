//! Which track is selected, which boxes are shown, and where to go along tracks and suspicions.

use super::{BoxFilter, Filter, Frames, MOST_HIDDEN};
use crate::{
    analysis::{Suspicion, SuspicionKind, Track, TrackTable},
    model::TrackId,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which suspicions are listed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Suspected {
    /// Whether a kind is listed, in the order of [`SuspicionKind::ALL`].
    pub kinds: [bool; SuspicionKind::ALL.len()],
    /// Least certainty.
    #[serde(rename = "min_score")]
    pub min_certainty: f32,
}

impl Default for Suspected {
    fn default() -> Self {
        Self { kinds: [true; SuspicionKind::ALL.len()], min_certainty: 0.3 }
    }
}

impl Suspected {
    fn lists(&self, suspicion: &Suspicion) -> bool {
        self.kinds[suspicion.kind as usize] && suspicion.certainty >= self.min_certainty
    }
}

/// What a person picked out of a file.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    selected: Option<TrackId>,
    isolated: bool,
    sieve: Arc<BoxFilter>,
    suspected: Suspected,
    /// Places in the table's suspicions that are listed.
    listed: Arc<[u32]>,
    /// Place in that list that was gone to last.
    at: Option<usize>,
}

impl Selection {
    /// Forgets all but what is kept from file to file.
    pub fn clear(&mut self) {
        *self = Self { suspected: self.suspected, ..Self::default() };
    }

    /// The track that is selected.
    #[must_use]
    pub fn id(&self) -> Option<TrackId> {
        self.selected
    }

    /// What is known of it.
    #[must_use]
    pub fn track(&self) -> Option<&Track> {
        self.tracks().get(self.selected?)
    }

    /// All tracks, as far as they are known.
    #[must_use]
    pub fn tracks(&self) -> &TrackTable {
        &self.sieve.tracks
    }

    /// What decides which boxes are shown. The same `Arc` as long as nothing about it changes.
    #[must_use]
    pub fn sieve(&self) -> &Arc<BoxFilter> {
        &self.sieve
    }

    /// Whether only the selected track is shown.
    #[must_use]
    pub fn is_isolated(&self) -> bool {
        self.isolated
    }

    /// Places in [`TrackTable::suspicions`] that are listed, in the order of the frames.
    #[must_use]
    pub fn listed(&self) -> &Arc<[u32]> {
        &self.listed
    }

    /// The place in the list that was gone to last.
    #[must_use]
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// What was gone to last.
    #[must_use]
    pub fn suspicion(&self) -> Option<&Suspicion> {
        self.tracks().suspicions().get(*self.listed.get(self.at?)? as usize)
    }

    /// What was gone to last, as long as somebody looks at it: on its frame, and with its track selected.
    #[must_use]
    pub fn suspicion_at(&self, frame: u32) -> Option<&Suspicion> {
        let suspicion = self.suspicion().filter(|suspicion| suspicion.frame == frame)?;
        // Whoever has chosen another track since does not ask about this one any more.
        let of = suspicion.other.unwrap_or(suspicion.id);
        Some(suspicion).filter(|_| self.selected == Some(of))
    }

    /// The frames of the suspicions that are listed, ascending.
    #[must_use]
    pub fn suspicious_frames(&self) -> Vec<u32> {
        let suspicions = self.tracks().suspicions();
        let frames = self.listed.iter().filter_map(|at| Some(suspicions.get(*at as usize)?.frame));
        let mut frames: Vec<u32> = frames.collect();
        frames.dedup();
        frames
    }

    /// More is known of the tracks.
    pub fn set_tracks(&mut self, tracks: Arc<TrackTable>) {
        let was = self.suspicion().copied();
        Arc::make_mut(&mut self.sieve).tracks = tracks;
        self.list(was);
    }

    /// Lists other suspicions.
    pub fn set_suspected(&mut self, suspected: Suspected) {
        self.suspected = suspected;
        self.list(self.suspicion().copied());
    }

    /// Lists anew; what was gone to last stays that, if it is still listed.
    fn list(&mut self, was: Option<Suspicion>) {
        let suspicions = self.tracks().suspicions();
        let all = suspicions.iter().enumerate();
        let listed = all.filter(|(_, suspicion)| self.suspected.lists(suspicion));
        let listed: Arc<[u32]> = listed.map(|(at, _)| at as u32).collect();
        let what = |s: &Suspicion| (s.frame, s.kind, s.id, s.other);
        let is_it = |at: &u32| suspicions.get(*at as usize).map(what) == was.as_ref().map(what);
        self.at = was.and_then(|_| listed.iter().position(is_it));
        self.listed = listed;
    }

    /// Shows other boxes.
    pub fn set_filter(&mut self, filter: Filter) {
        if self.sieve.filter != filter {
            Arc::make_mut(&mut self.sieve).filter = filter;
        }
    }

    /// Selects a track, or none.
    pub fn select(&mut self, id: Option<TrackId>) {
        self.selected = id.filter(|id| id.is_identity());
        // Whoever picks a track that was hidden wants to see it.
        if self.selected.is_some_and(|id| self.sieve.hidden.contains(&id)) {
            Arc::make_mut(&mut self.sieve).hidden.retain(|hidden| Some(*hidden) != self.selected);
        }
        self.isolated &= self.selected.is_some();
        self.sift();
    }

    /// Shows only the selected track, or all again.
    pub fn toggle_isolated(&mut self) {
        self.isolated = !self.isolated && self.selected.is_some();
        self.sift();
    }

    fn sift(&mut self) {
        let only = self.selected.filter(|_| self.isolated);
        if self.sieve.only != only {
            Arc::make_mut(&mut self.sieve).only = only;
        }
    }

    /// Hides the selected track.
    pub fn hide_selected(&mut self) {
        if let Some(id) = self.selected
            && self.sieve.hidden.len() < MOST_HIDDEN
        {
            Arc::make_mut(&mut self.sieve).hidden.insert(id);
            self.select(None);
        }
    }

    /// Shows every box.
    pub fn show_all(&mut self) {
        self.isolated = false;
        let sieve = Arc::make_mut(&mut self.sieve);
        sieve.hidden.clear();
        sieve.only = None;
        sieve.filter = Filter::default();
    }

    /// The first frame after `current`, or the last before it, on which a gap of the selected track
    /// begins.
    #[must_use]
    pub fn gap(&self, frames: &Frames, current: u32, forward: bool) -> Option<u32> {
        let pieces = self.tracks().pieces(self.track()?);
        let (_, before_gaps) = pieces.split_last()?;
        // The gap begins on the frame after the piece.
        let mut begins = before_gaps.iter().map(|piece| frames.step(piece.last, 1));
        if forward {
            begins.find(|frame| *frame > current)
        } else {
            begins.rfind(|frame| *frame < current)
        }
    }

    /// The track that begins next after `current`, or last before it.
    #[must_use]
    pub fn beginning(&self, current: u32, forward: bool) -> Option<&Track> {
        let tracks = self.tracks();
        if forward {
            tracks.at_start_rank(tracks.begun_before(current.checked_add(1)?))
        } else {
            tracks.at_start_rank(tracks.begun_before(current).checked_sub(1)?)
        }
    }

    /// Goes to the next listed suspicion, on `current` or after, or to the one before: one by one where a
    /// frame has several. Selects its track.
    pub fn hop(&mut self, current: u32, forward: bool) -> Option<u32> {
        let suspicions = self.sieve.tracks.suspicions();
        let frame_at = |place: usize| {
            let at = *self.listed.get(place)?;
            Some(suspicions.get(at as usize)?.frame)
        };
        let here = self.at.filter(|place| frame_at(*place) == Some(current));
        let before =
            |frame: u32| self.listed.partition_point(|at| suspicions[*at as usize].frame < frame);
        let place = match (here, forward) {
            (Some(here), true) => here + 1,
            (Some(here), false) => here.checked_sub(1)?,
            // One on this frame, too, as nobody has been shown it.
            (None, true) => before(current),
            (None, false) => before(current.saturating_add(1)).checked_sub(1)?,
        };
        frame_at(place)?;
        self.hop_to(place)
    }

    /// Goes to a place in the list, and selects its track.
    pub fn hop_to(&mut self, place: usize) -> Option<u32> {
        let at = *self.listed.get(place)? as usize;
        let suspicion = *self.sieve.tracks.suspicions().get(at)?;
        // Of a switch, the track that is on the frame.
        self.select(Some(suspicion.other.unwrap_or(suspicion.id)));
        self.at = Some(place);
        Some(suspicion.frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{
        lines::Index,
        mot::{MotFile, MotProvider},
    };
    use std::fmt::Write as _;

    /// 1 is on 1 to 5 and 8 to 20 and jumps at 10 and 15; 2 begins at 4; 3 at 9, with a double at 15.
    fn selection() -> (Selection, Frames) {
        let mut text = String::new();
        for frame in 1..=20 {
            if !(6..=7).contains(&frame) {
                let x = if (10..15).contains(&frame) { 900 } else { 100 };
                writeln!(text, "{frame},1,{x},200,40,80").expect("text");
            }
            for (id, first) in [(2, 4), (3, 9)] {
                if frame >= first {
                    writeln!(text, "{frame},{id},{},500,40,80", 100 * id).expect("text");
                }
            }
        }
        text += "15,3,300,500,40,80\n";
        let bytes: &'static [u8] = Box::leak(text.into_boxed_str()).as_bytes();
        let source = Arc::new(MotFile::from_memory("a.txt", bytes).expect("text"));
        let index = Arc::new(Index::build(&source, &mut ()).expect("nothing cancels"));
        let frames = Frames::new(index.iter(), std::iter::empty(), None);
        let provider = MotProvider::new(source, index);
        let table = TrackTable::read(&provider, &mut ()).expect("reads").expect("whole");
        let mut selection = Selection::default();
        selection.set_tracks(Arc::new(table));
        (selection, frames)
    }

    #[test]
    fn gaps_and_beginnings_are_found_in_both_directions() {
        let (mut selection, frames) = selection();
        assert_eq!(selection.gap(&frames, 1, true), None, "nothing is selected");
        selection.select(Some(1.into()));
        assert_eq!(selection.gap(&frames, 1, true), Some(6));
        assert_eq!(
            (selection.gap(&frames, 6, true), selection.gap(&frames, 6, false)),
            (None, None)
        );
        assert_eq!(selection.gap(&frames, 9, false), Some(6));
        let begins = |current, forward| selection.beginning(current, forward).map(|t| t.first);
        assert_eq!((begins(1, true), begins(4, true), begins(9, true)), (Some(4), Some(9), None));
        assert_eq!(
            (begins(20, false), begins(9, false), begins(1, false)),
            (Some(9), Some(4), None)
        );
    }

    #[test]
    fn suspicions_are_hopped_through_one_by_one() {
        let (mut selection, _) = selection();
        let mut current = 1;
        let mut seen = Vec::new();
        while let Some(frame) = selection.hop(current, true) {
            current = frame;
            seen.push((frame, selection.id().map(TrackId::number)));
        }
        assert_eq!(seen, [(10, Some(1)), (15, Some(1)), (15, Some(3))]);
        assert_eq!(selection.hop(current, false), Some(15));
        assert_eq!(selection.id(), Some(1.into()));
        assert_eq!(selection.suspicious_frames(), [10, 15]);
        // From elsewhere the nearest counts, whatever was gone to last.
        assert_eq!(selection.hop(12, false), Some(10));
        // One on this very frame, too: nobody has been shown it. Then those beyond.
        assert_eq!([selection.hop(15, true), selection.hop(15, true)], [Some(15); 2]);
        assert_eq!(selection.hop(15, true), None, "the last");
        assert_eq!([selection.hop(10, false), selection.hop(10, false)], [Some(10), None]);
        // As a file grows, and where others are listed besides.
        assert_eq!(selection.hop(10, true), Some(15));
        let shown = selection.suspicion().copied();
        let tracks = Arc::clone(&selection.sieve().tracks);
        selection.set_tracks(Arc::new(TrackTable::clone(&tracks)));
        assert_eq!(selection.suspicion().copied(), shown);
        assert_eq!(selection.hop(15, true), Some(15), "the other one there");
        let shown = selection.suspicion().copied();
        selection.set_suspected(Suspected { min_certainty: 0.0, ..Suspected::default() });
        assert_eq!(selection.suspicion().copied(), shown);
        let doubles = Suspected { kinds: [false, false, false, true], ..Suspected::default() };
        selection.set_suspected(doubles);
        assert_eq!(selection.hop(1, true), Some(15));
        assert_eq!(selection.id(), Some(3.into()));
    }

    #[test]
    fn what_is_isolated_or_hidden_changes_the_sieve_and_nothing_else_does() {
        let (mut selection, _) = selection();
        let before = Arc::clone(selection.sieve());
        selection.select(Some(2.into()));
        selection.set_filter(Filter::default());
        assert!(Arc::ptr_eq(&before, selection.sieve()));
        selection.toggle_isolated();
        assert_eq!(selection.sieve().only, Some(2.into()));
        selection.select(Some(3.into()));
        assert_eq!(selection.sieve().only, Some(3.into()), "another one is isolated now");
        selection.hide_selected();
        assert!(selection.sieve().hidden.contains(&3.into()) && selection.sieve().only.is_none());
        selection.show_all();
        assert!(selection.sieve().is_off());
    }
}
