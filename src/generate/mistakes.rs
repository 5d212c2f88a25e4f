//! What a detector and a tracker would have made of it, with the mistakes that they make.

use super::world::Seen;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;

/// Mistakes of a tracker, in the order of the frames.
pub struct Mistakes {
    random: ChaCha8Rng,
    /// The id that the tracker gave to each person.
    given: HashMap<u32, Given>,
    next_id: u32,
}

#[derive(Clone, Copy)]
struct Given {
    id: u32,
    /// The frame in which it was last seen.
    seen: u32,
    lost_until: u32,
}

impl Mistakes {
    /// Equal seeds make equal mistakes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { random: ChaCha8Rng::seed_from_u64(seed), given: HashMap::new(), next_id: 1 }
    }

    fn shaken(&mut self, seen: &Seen, by: f64) -> Seen {
        let [left, top, width, height] = seen.bounds;
        let mut shift = |scale: f64| self.random.random_range(-by..by) * scale;
        let bounds = [
            left + shift(width),
            top + shift(height),
            width * (1.0 + shift(1.0)),
            height * (1.0 + shift(1.0)),
        ];
        Seen { bounds, ..*seen }
    }
}

/// Detections: shaken boxes without identity, some missed, some made up.
pub fn detections(mistakes: &mut Mistakes, seen: &[Seen], size: [f64; 2]) -> Vec<Seen> {
    let mut found = Vec::new();
    for person in seen {
        let missed = person.visibility < 0.3 || mistakes.random.random_bool(0.04);
        if !missed {
            let shaken = mistakes.shaken(person, 0.05);
            let confidence = (person.confidence * (0.55 + 0.45 * person.visibility)).min(1.0);
            found.push(Seen { confidence, ..shaken });
        }
    }
    if mistakes.random.random_bool(0.15) {
        let height = size[1] * mistakes.random.random_range(0.08..0.2);
        let left = mistakes.random.random_range(0.0..size[0] * 0.95);
        let top = mistakes.random.random_range(size[1] * 0.2..size[1] * 0.75);
        let confidence = mistakes.random.random_range(0.2..0.45);
        let bounds = [left, top, height * 0.4, height];
        found.push(Seen { id: 0, bounds, confidence, visibility: 1.0, place: [0.0; 2] });
    }
    found
}

/// A tracker's result: identities change behind an occlusion, tracks are lost and found again.
pub fn tracker(mistakes: &mut Mistakes, frame: u32, seen: &[Seen]) -> Vec<Seen> {
    /// Frames in the dark after which somebody is taken for somebody new.
    const PATIENCE: u32 = 6;
    let mut found = Vec::new();
    for person in seen {
        if person.visibility < 0.25 {
            continue;
        }
        let before = mistakes.given.get(&person.id).copied();
        if before.is_some_and(|given| frame < given.lost_until) {
            continue;
        }
        let kept = before.filter(|given| frame - given.seen <= PATIENCE);
        let id = kept.map_or(mistakes.next_id, |given| given.id);
        mistakes.next_id += u32::from(kept.is_none());
        let lost = mistakes.random.random_bool(0.004);
        let lost_until = if lost { frame + mistakes.random.random_range(3..14) } else { 0 };
        mistakes.given.insert(person.id, Given { id, seen: frame, lost_until });
        let shaken = mistakes.shaken(person, 0.02);
        found.push(Seen { id, ..shaken });
    }
    swap_when_crossing(mistakes, &mut found);
    found
}

/// Two people who all but cover each other sometimes leave with each other's identity.
fn swap_when_crossing(mistakes: &mut Mistakes, found: &mut [Seen]) {
    for a in 0..found.len() {
        for b in a + 1..found.len() {
            let near = (found[a].bounds[0] - found[b].bounds[0]).abs() < found[a].bounds[2] * 0.15
                && (found[a].bounds[1] - found[b].bounds[1]).abs() < found[a].bounds[3] * 0.15;
            if near && mistakes.random.random_bool(0.3) {
                let (one, other) = (found[a].id, found[b].id);
                for given in mistakes.given.values_mut() {
                    given.id = match given.id {
                        id if id == one => other,
                        id if id == other => one,
                        id => id,
                    };
                }
                found[a].id = other;
                found[b].id = one;
            }
        }
    }
}
