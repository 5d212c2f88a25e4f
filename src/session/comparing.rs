//! What is found out about several layers together, on threads of their own: which fit better shifted, and whose
//! tracks lie over each other.

use super::{Phase, Session, frame_table::FrameTable, newest::Newest, status::Notify};
use crate::{
    analysis::{Overlap, better_shift, overlapping},
    model::{LayerId, TrackId},
};
use std::sync::{Arc, Weak};

/// Layers with their shifts: what was found of them holds as long as these stay the same.
type Shifts = Vec<(LayerId, i32)>;

/// A track, and the tracks of other layers that lie where it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlaps {
    /// The track's layer.
    pub layer: LayerId,
    /// The track.
    pub track: TrackId,
    /// For each other layer its tracks, the one first that overlaps it most often.
    pub found: Vec<(LayerId, Vec<Overlap>)>,
}

#[derive(Clone, PartialEq)]
struct OverlapWish {
    layer: LayerId,
    track: TrackId,
    frames: Vec<u32>,
    layers: Shifts,
}

/// Which of some layers fit better shifted.
pub(super) struct BetterShifts {
    /// Those that were looked at, as they were shifted then.
    pub of: Shifts,
    /// By how many frames more.
    pub better: Shifts,
}

/// Finds it out.
pub(super) struct Comparing {
    shifts: Newest<Shifts, BetterShifts>,
    overlaps: Newest<OverlapWish, Overlaps>,
    asked: Option<(LayerId, TrackId, Shifts)>,
}

impl Comparing {
    pub fn new(table: &Arc<FrameTable>, notify: &Notify) -> Self {
        let (of_shifts, of_overlaps) = (Arc::downgrade(table), Arc::downgrade(table));
        Self {
            shifts: Newest::new("shifts", notify.clone(), move |layers: &Shifts| {
                shifts(&of_shifts, layers)
            }),
            overlaps: Newest::new("overlaps", notify.clone(), move |wish: &OverlapWish| {
                overlaps(&of_overlaps, wish)
            }),
            asked: None,
        }
    }

    /// Asks which of the layers that are read to their ends fit the first of them better shifted by a frame.
    pub fn ask_shifts(&self, layers: Shifts) {
        if layers.len() > 1 {
            self.shifts.ask(layers);
        }
    }

    /// What was found of it last.
    pub fn shifts(&self) -> Option<Arc<BetterShifts>> {
        self.shifts.made()
    }

    /// Asks which tracks of `layers` lie over a track of one of them, on some of its frames, which are looked up
    /// only where that is another question than the last one.
    pub fn ask_overlaps(
        &mut self,
        (layer, track): (LayerId, TrackId),
        layers: Shifts,
        frames: impl FnOnce() -> Vec<u32>,
    ) {
        let asked = Some((layer, track, layers));
        if self.asked != asked {
            self.asked.clone_from(&asked);
            let layers = asked.map(|(_, _, layers)| layers).unwrap_or_default();
            self.overlaps.ask(OverlapWish { layer, track, frames: frames(), layers });
        }
    }

    pub fn overlaps(&self) -> Option<Arc<Overlaps>> {
        self.overlaps.made()
    }
}

fn shifts(table: &Weak<FrameTable>, layers: &Shifts) -> Option<BetterShifts> {
    let table = table.upgrade()?;
    let (first, others) = layers.split_first()?;
    let truth = table.annotations(first.0)?;
    let mut better = Shifts::new();
    for (layer, _) in others {
        let Some(other) = table.annotations(*layer) else { continue };
        // Of a file that can't be read any more, its frames say so.
        let shift = better_shift(truth.provider(), other.provider()).ok().flatten();
        better.extend(shift.map(|shift| (*layer, shift)));
    }
    Some(BetterShifts { of: layers.clone(), better })
}

fn overlaps(table: &Weak<FrameTable>, wish: &OverlapWish) -> Option<Overlaps> {
    let table = table.upgrade()?;
    let own = table.annotations(wish.layer)?;
    let others = wish.layers.iter().filter(|(layer, _)| *layer != wish.layer);
    let found = others.filter_map(|(layer, _)| {
        let other = table.annotations(*layer)?;
        let own = (own.provider() as _, wish.track);
        Some((*layer, overlapping(own, other.provider(), &wish.frames).ok()?))
    });
    Some(Overlaps { layer: wish.layer, track: wish.track, found: found.collect() })
}

impl Session {
    /// Compares the layers that are read to their ends: which fit better shifted, and, where a track of a layer
    /// is selected, which tracks of the others lie over it. `frames` are some of the track's.
    pub fn compare(
        &mut self,
        track: Option<(LayerId, TrackId)>,
        frames: impl FnOnce() -> Vec<u32>,
    ) {
        if self.layers.len() < 2 {
            return;
        }
        let read = self.layers.iter().filter(|layer| layer.status().phase == Phase::Done);
        let layers: Vec<_> = read.map(|layer| (layer.id, layer.shift())).collect();
        if self.first().status().phase == Phase::Done {
            self.comparing.ask_shifts(layers.clone());
        }
        if let Some(track) = track {
            self.comparing.ask_overlaps(track, layers, frames);
        }
    }

    /// Layers whose boxes fit those of the first clearly better shifted, and by how many frames: each with the
    /// shift it should have.
    #[must_use]
    pub fn better_shifts(&self) -> Vec<(LayerId, i32)> {
        let Some(found) = self.comparing.shifts() else { return Vec::new() };
        let shifted = |(id, by): &(LayerId, i32)| {
            let shift = self.layer(*id)?.shift();
            // What was found of it as it was shifted before says nothing of how it is now.
            found.of.contains(&(*id, shift)).then_some((*id, shift + by))
        };
        found.better.iter().filter_map(shifted).collect()
    }

    /// The tracks of other layers that lie over a track, once they are found.
    #[must_use]
    pub fn overlaps(&self, layer: LayerId, track: TrackId) -> Option<Arc<Overlaps>> {
        self.comparing.overlaps().filter(|found| (found.layer, found.track) == (layer, track))
    }
}
