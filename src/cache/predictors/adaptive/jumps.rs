//! Steps that were made before, and steps that are offered.

use super::Scores;

const DECAY: f64 = 0.9;
/// A step that was not offered is expected again once it counts more than it does the first time.
const MORE_THAN_ONCE: f64 = 1.0;

/// Steps and how often they were made.
pub(super) struct Jumps<'a> {
    offered: &'a [i64],
    /// Sum of the offered steps' unscaled shares.
    shares: f64,
    counts: Vec<(i64, f64)>,
    total: f64,
}

impl<'a> Jumps<'a> {
    pub fn new(offered: &'a [i64]) -> Self {
        let mut jumps = Self { offered, shares: 0.0, counts: Vec::new(), total: 0.0 };
        jumps.shares = jumps.all_offered().map(share).sum();
        jumps
    }

    /// The neighbours are always offered.
    pub fn all_offered(&self) -> impl Iterator<Item = i64> {
        let neighbours = [1, -1].into_iter().filter(|step| !self.offered.contains(step));
        neighbours.chain(self.offered.iter().copied().filter(|step| *step != 0))
    }

    fn is_offered(&self, step: i64) -> bool {
        step.unsigned_abs() == 1 || self.offered.contains(&step)
    }

    fn count(&self, step: i64) -> f64 {
        self.counts.iter().find(|(made, _)| *made == step).map_or(0.0, |(_, count)| *count)
    }

    pub fn probability(&self, step: i64) -> f64 {
        let prior = if self.is_offered(step) { share(step) / self.shares } else { 0.0 };
        (prior + self.count(step)) / (1.0 + self.total)
    }

    pub fn observe(&mut self, step: i64) {
        self.forget(DECAY);
        match self.counts.iter_mut().find(|(made, _)| *made == step) {
            Some((_, count)) => *count += 1.0,
            None => self.counts.push((step, 1.0)),
        }
        self.total += 1.0;
    }

    pub fn forget(&mut self, share: f64) {
        self.counts.iter_mut().for_each(|(_, count)| *count *= share);
        self.total *= share;
    }

    pub fn score(&self, scores: &mut Scores) {
        for step in self.all_offered() {
            scores.add(step, self.probability(step));
        }
        for (step, count) in &self.counts {
            if *count > MORE_THAN_ONCE && !self.is_offered(*step) {
                scores.add(*step, self.probability(*step));
            }
        }
    }
}

fn share(step: i64) -> f64 {
    let side = if step > 0 { 2.0 } else { 1.0 };
    side / (1.0 + (step.unsigned_abs() as f64).ln())
}
