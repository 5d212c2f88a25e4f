//! The adaptive predictor: four experts, each weighted by how well it foretold the walk so far.

mod drag;
mod hints;
mod jumps;
mod stride;

pub use hints::Hints;

use super::super::predictor::{AccessPredictor, Likelihoods};
use crate::cache::Key;
use drag::Drag;
use jumps::Jumps;
use serde::{Deserialize, Serialize};
use stride::Stride;

/// Learns how somebody moves, and expects more of the same.
///
/// The history is replayed step by step. A step is the difference of two successive keys. Before
/// each step every expert says how probable it finds it, and is trusted accordingly later on:
///
/// ```text
/// trust(e) ~ prior(e) * product over steps i, newest at age 0, of max(P_e(step i), 0.002)^(0.85^age)
/// weight(e) = 0.94 * trust(e) / sum of trust + 0.06 * prior(e) / sum of priors
/// score(key) = sum over e of weight(e) * score_e(key)
/// ```
///
/// An expert that cannot say anything yet counts as half as sure as the surest.
///
/// - **stride** (prior 0.3): the last step once more. After a run of `n` equal steps the next is
///   the same with probability `(n + 1) / (n + 2)`, the rule of succession; the `j`-th key ahead
///   scores `(n + 1) / (n + 1 + j)`, for `j` up to `n / 2 + 2` and `max_span`. It learns playback at
///   any speed, reverse, and keys held down.
/// - **jumps** (prior 0.35): steps that were made before, and those that the application offers.
///   `P(s) = (u(s) + count(s)) / (1 + sum of counts)`, where a step counts `0.9^age`; `u` shares
///   1 among the offered jumps and the two neighbours in proportion to
///   `(2 ahead, 1 behind) / (1 + ln |s|)`. Steps that were not offered score
///   while they count more than once.
/// - **drag** (prior 0.15): a slider under a hand: the velocity changes little from one step to
///   the next. With `q` the greatest common divisor of the last steps, the quantum of the slider,
///   the change of velocity is `a = (s(i) - s(i-1)) / q`; its distribution over -3..3 is counted
///   with `0.95^age` over a prior of weight 2 in proportion to `0.4^|a|`. A key scores the sum over
///   the next 4 steps, discounted by 0.75 each, of the probability that the slider is there then. With a weight below
///   0.018 it is left out.
/// - **hints** (prior 0.2, if there are any): keys that the application knows to be likely
///   targets. The next one has probability 0.55, the previous one 0.35; further ones score half
///   and 0.4 as much each.
///
/// A step that no expert had foreseen begins something new: counts shrink to a fifth, and so do
/// the logarithms of trust. Keys that score below `min_score` are left out, so that what is
/// fetched is worth the work. Offered jumps and neighbours stay in with that score, unless 25
/// equal steps in a row say that it plays. The current key and keys below zero are left out; that a
/// key exists is asked of the provider by the cache.
///
/// ```
/// use motscope::cache::{AccessPredictor as _, Key, predictors::Adaptive};
///
/// let best = |predictor: &Adaptive, history: &[Key]| {
///     let scores = predictor.likelihoods(history[history.len() - 1], history);
///     scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(key, _)| key)
/// };
/// let adaptive = Adaptive::default();
/// assert_eq!(best(&adaptive, &[100, 104, 108, 112]), Some(116));
/// assert_eq!(best(&adaptive, &[100, 97, 94]), Some(91));
///
/// adaptive.hints.set([500, 900, 1400]);
/// assert_eq!(best(&adaptive, &[500, 900, 500, 900]), Some(1400));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adaptive {
    /// The distances, in keys, that the application lets a person jump.
    pub possible_jumps: Vec<i64>,
    /// Keys that the application knows to be likely targets. Clones share them.
    pub hints: Hints,
    /// How many strides to look ahead at most.
    pub max_span: u64,
    /// Keys that score less are left out.
    pub min_score: f64,
}

impl Default for Adaptive {
    fn default() -> Self {
        Self { possible_jumps: Vec::new(), hints: Hints::default(), max_span: 24, min_score: 0.02 }
    }
}

/// What an expert finds impossible is not held against it for ever.
const LEAST: f64 = 0.002;
/// Below this in every expert's eyes, a step is the beginning of something new.
const SURPRISE: f64 = 0.01;
/// Who cannot say anything yet is half as sure as the surest of the others.
const UNHEARD: f64 = 0.5;
const TRUST_DECAY: f64 = 0.85;
const SHARE_OF_PRIOR: f64 = 0.06;
const AFTER_SURPRISE: f64 = 0.2;
const PRIORS: [f64; 4] = [0.3, 0.35, 0.15, 0.2];

/// The experts and how far each is trusted.
struct Learner<'a> {
    stride: Stride,
    jumps: Jumps<'a>,
    drag: Drag,
    hints: hints::Neighbours<'a>,
    priors: [f64; 4],
    log_trust: [f64; 4],
}

impl<'a> Learner<'a> {
    fn new(predictor: &'a Adaptive, hints: &'a [Key], steps: &[i64]) -> Self {
        let mut priors = PRIORS;
        if hints.is_empty() {
            priors[3] = 0.0;
        }
        Self {
            stride: Stride::default(),
            jumps: Jumps::new(&predictor.possible_jumps),
            drag: Drag::new(steps),
            hints: hints::Neighbours(hints),
            priors,
            log_trust: [0.0; 4],
        }
    }

    /// Takes in one step of the walk.
    fn observe(&mut self, from: Key, to: Key, step: i64) {
        let said = [
            self.stride.probability(step),
            Some(self.jumps.probability(step)),
            self.drag.probability(step),
            Some(self.hints.probability(from, to)),
        ];
        let highest = said.iter().flatten().copied().fold(0.0, f64::max);
        let said = said.map(|probability| probability.unwrap_or(UNHEARD * highest));
        let surprised = said.iter().all(|probability| *probability < SURPRISE);
        for (trust, probability) in self.log_trust.iter_mut().zip(said) {
            *trust = *trust * TRUST_DECAY + probability.max(LEAST).ln();
            if surprised {
                *trust *= AFTER_SURPRISE;
            }
        }
        if surprised {
            self.jumps.forget(AFTER_SURPRISE);
            self.drag.forget(AFTER_SURPRISE);
        }
        self.stride.observe(step);
        self.jumps.observe(step);
        self.drag.observe(step);
    }

    fn weights(&self) -> [f64; 4] {
        let most = self.log_trust.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut weights = self.priors;
        for (weight, trust) in weights.iter_mut().zip(self.log_trust) {
            *weight *= (trust - most).exp();
        }
        let sum: f64 = weights.iter().sum();
        let of_priors: f64 = self.priors.iter().sum();
        for (weight, prior) in weights.iter_mut().zip(self.priors) {
            *weight = (1.0 - SHARE_OF_PRIOR) * *weight / sum + SHARE_OF_PRIOR * prior / of_priors;
        }
        weights
    }
}

/// What the experts' scores add up to.
struct Scores {
    current: Key,
    weight: f64,
    sums: Likelihoods,
}

impl Scores {
    /// Adds an expert's score of the key `step` away.
    fn add(&mut self, step: i64, score: f64) {
        if let Some(key) = self.current.checked_add_signed(step) {
            self.add_key(key, score);
        }
    }

    fn add_key(&mut self, key: Key, score: f64) {
        if key != self.current {
            *self.sums.entry(key).or_default() += self.weight * score;
        }
    }
}

/// The difference of two keys; far ones are as far as can be told.
fn step(from: Key, to: Key) -> i64 {
    let distance = i64::try_from(from.abs_diff(to)).unwrap_or(i64::MAX);
    if to < from { -distance } else { distance }
}

impl AccessPredictor for Adaptive {
    fn name(&self) -> &'static str {
        "adaptive"
    }

    fn likelihoods(&self, current: Key, history: &[Key]) -> Likelihoods {
        let hints = self.hints.get();
        let walk: Vec<(Key, Key, i64)> = history
            .windows(2)
            .filter(|pair| pair[0] != pair[1])
            .map(|pair| (pair[0], pair[1], step(pair[0], pair[1])))
            .collect();
        let steps: Vec<i64> = walk.iter().map(|(_, _, step)| *step).collect();
        let mut learner = Learner::new(self, &hints, &steps);
        for (from, to, step) in walk {
            learner.observe(from, to, step);
        }
        let weights = learner.weights();
        let mut scores = Scores { current, weight: weights[0], sums: Likelihoods::new() };
        learner.stride.score(self.max_span, &mut scores);
        scores.weight = weights[1];
        learner.jumps.score(&mut scores);
        scores.weight = weights[2];
        // What hardly counts is not worth its cost.
        if weights[2] > 2.0 * SHARE_OF_PRIOR * PRIORS[2] {
            learner.drag.score(&mut scores);
        }
        scores.weight = weights[3];
        learner.hints.score(&mut scores);
        scores.sums.retain(|_, score| *score >= self.min_score);
        // Whatever the walk was like so far, the buttons are there.
        let offered = learner.jumps.all_offered().filter(|_| !learner.stride.is_playing());
        for key in offered.filter_map(|step| current.checked_add_signed(step)) {
            scores.sums.entry(key).or_insert(self.min_score);
        }
        scores.sums
    }
}

#[cfg(test)]
mod tests;
