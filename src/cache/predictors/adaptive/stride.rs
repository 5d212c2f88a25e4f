//! The last step once more.

use super::Scores;

/// How many strides a run is looked ahead by at least.
const HEAD_START: u64 = 2;
/// Nobody presses a button so often without a look.
const PLAYING: u64 = 25;

/// The run of equal steps that the walk ends with.
#[derive(Default)]
pub(super) struct Stride {
    last: i64,
    run: u64,
}

impl Stride {
    /// `None` before the first step.
    pub fn probability(&self, step: i64) -> Option<f64> {
        let again = (self.run + 1) as f64 / (self.run + 2) as f64;
        (self.run > 0).then_some(if step == self.last { again } else { 0.0 })
    }

    pub fn observe(&mut self, step: i64) {
        self.run = if step == self.last { self.run + 1 } else { 1 };
        self.last = step;
    }

    /// Whether something other than a hand on buttons walks: playback, or a key held down.
    pub fn is_playing(&self) -> bool {
        self.run >= PLAYING
    }

    pub fn score(&self, max_span: u64, scores: &mut Scores) {
        if self.run == 0 {
            return;
        }
        let length = (self.run + 1) as f64;
        for ahead in 1..=(self.run / 2 + HEAD_START).min(max_span) {
            let Some(step) = self.last.checked_mul(ahead as i64) else { break };
            scores.add(step, length / (length + ahead as f64));
        }
    }
}
