//! A slider under a hand.

use super::Scores;

/// Changes of velocity that are told apart, in quanta to each side.
const REACH: usize = 3;
const CHANGES: usize = 2 * REACH + 1;
/// Steps looked ahead.
const AHEAD: usize = 4;
/// Changes of velocity that may add up on the way.
const SPEEDS: usize = 2 * REACH * AHEAD + 1;
/// Places, in quanta, that may be reached besides where the present velocity leads.
const PLACES: usize = REACH * AHEAD * (AHEAD + 1) + 1;
const DECAY: f64 = 0.95;
const DISCOUNT: f64 = 0.75;
const PRIOR_WEIGHT: f64 = 2.0;
const PRIOR_FALL: f64 = 0.4;
/// Steps that tell the quantum.
const QUANTUM_STEPS: usize = 8;
/// Probabilities below this are not followed up.
const NEGLIGIBLE: f64 = 1e-4;

/// How the velocity changes from step to step.
pub(super) struct Drag {
    quantum: i64,
    last: Option<i64>,
    /// How often the velocity changed by so much.
    changes: [f64; CHANGES],
    total: f64,
}

impl Drag {
    pub fn new(steps: &[i64]) -> Self {
        let recent = &steps[steps.len().saturating_sub(QUANTUM_STEPS)..];
        let quantum = recent.iter().fold(0, |q, step| gcd(q, step.unsigned_abs()));
        let quantum = i64::try_from(quantum).unwrap_or(i64::MAX).max(1);
        Self { quantum, last: None, changes: [0.0; CHANGES], total: 0.0 }
    }

    fn kernel(&self) -> [f64; CHANGES] {
        let fall = |change: usize| PRIOR_FALL.powi(change.abs_diff(REACH) as i32);
        let falls: f64 = (0..CHANGES).map(fall).sum();
        std::array::from_fn(|change| {
            let prior = PRIOR_WEIGHT * fall(change) / falls;
            (prior + self.changes[change]) / (PRIOR_WEIGHT + self.total)
        })
    }

    /// The change of velocity that `step` would be, as an index.
    fn change(&self, step: i64) -> Option<usize> {
        let change = step.checked_sub(self.last?)?;
        if change % self.quantum != 0 {
            return None;
        }
        let index = usize::try_from((change / self.quantum).checked_add(REACH as i64)?).ok()?;
        (index < CHANGES).then_some(index)
    }

    /// `None` before the first step.
    pub fn probability(&self, step: i64) -> Option<f64> {
        self.last?;
        Some(self.change(step).map_or(0.0, |change| self.kernel()[change]))
    }

    pub fn observe(&mut self, step: i64) {
        if let Some(change) = self.change(step) {
            self.forget(DECAY);
            self.changes[change] += 1.0;
            self.total += 1.0;
        }
        self.last = Some(step);
    }

    pub fn forget(&mut self, share: f64) {
        self.changes.iter_mut().for_each(|count| *count *= share);
        self.total *= share;
    }

    /// Follows the probability of every velocity and place over the next steps.
    pub fn score(&self, scores: &mut Scores) {
        let Some(last) = self.last else { return };
        let kernel = self.kernel();
        let mut now = vec![[0.0; SPEEDS]; PLACES];
        now[PLACES / 2][SPEEDS / 2] = 1.0;
        let mut discount = 1.0;
        for ahead in 1..=AHEAD {
            let mut next = vec![[0.0; SPEEDS]; PLACES];
            for (place, speeds) in now.iter().enumerate() {
                for (speed, probability) in speeds.iter().enumerate() {
                    if *probability < NEGLIGIBLE {
                        continue;
                    }
                    for (change, share) in kernel.iter().enumerate() {
                        // Places move by the velocity's difference from the present one.
                        let speed = speed + change - REACH;
                        let place = place + speed - SPEEDS / 2;
                        next[place][speed] += probability * share;
                    }
                }
            }
            now = next;
            for (place, speeds) in now.iter().enumerate() {
                let probability: f64 = speeds.iter().sum();
                let aside = (place as i64 - (PLACES / 2) as i64).checked_mul(self.quantum);
                let straight = last.checked_mul(ahead as i64);
                if probability > NEGLIGIBLE
                    && let (Some(aside), Some(straight)) = (aside, straight)
                    && let Some(step) = straight.checked_add(aside)
                {
                    scores.add(step, discount * probability);
                }
            }
            discount *= DISCOUNT;
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
