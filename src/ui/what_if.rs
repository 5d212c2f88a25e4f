//! Replays of the walk, on a thread of their own.

use super::{
    Wake,
    task::{Polled, Task},
};
use crate::{
    inspector::{CacheKind, PerCache, Tuning},
    session::{Replayed, WhatIf},
};

/// Seconds between two replays at least.
const PACE: f64 = 1.0;

/// The replays of each cache, and the one that runs.
#[derive(Default)]
pub struct Replays {
    results: PerCache<Option<Replay>>,
    running: Option<(CacheKind, Replay, Task<Vec<Replayed>>)>,
    last: Option<f64>,
}

/// A replay of a walk.
struct Replay {
    /// What it was of: navigations since the beginning, and the settings in force.
    of: (u64, Tuning),
    navigations: usize,
    results: Vec<Replayed>,
}

impl Replays {
    /// How each setting did on how many navigations.
    #[must_use]
    pub fn of(&self, kind: CacheKind) -> Option<(usize, &[Replayed])> {
        let replay = self.results[kind].as_ref()?;
        Some((replay.navigations, &replay.results))
    }

    /// Takes over what is done.
    pub fn poll(&mut self) {
        let Some((kind, replay, task)) = self.running.take() else { return };
        match task.poll() {
            Polled::Running => self.running = Some((kind, replay, task)),
            Polled::Done(results) => self.results[kind] = Some(Replay { results, ..replay }),
            // By a fault of ours there is nothing to be listed; not to be tried at every repaint.
            Polled::Lost => self.results[kind] = Some(replay),
        }
    }

    /// Forgets all, as when something else is opened.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Replays anew if there is something new. Answers after how many seconds to ask again.
    pub fn refresh(
        &mut self,
        kind: CacheKind,
        of: (u64, Tuning),
        now: f64,
        wake: &Wake,
        what_if: impl FnOnce() -> WhatIf,
    ) -> Option<f64> {
        let known = self.results[kind].as_ref();
        if self.running.is_some() || known.is_some_and(|replay| replay.of == of) {
            return None;
        }
        let since = self.last.map_or(f64::INFINITY, |last| now - last);
        let is_first = known.is_none();
        if since < PACE && !is_first {
            return Some(PACE - since);
        }
        self.last = Some(now);
        let what_if = what_if();
        let replay = Replay { of, navigations: what_if.navigations(), results: Vec::new() };
        let task = Task::start("what-if", wake, move || what_if.run());
        self.running = Some((kind, replay, task));
        None
    }
}
