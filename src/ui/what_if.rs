//! Replays of the walk, on a thread of their own.

use super::Wake;
use crate::{
    inspector::{CacheKind, PerCache, Tuning},
    session::{Replayed, WhatIf},
};
use crossbeam_channel::{Receiver, bounded};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

/// Seconds between two replays at least.
const PACE: f64 = 1.0;

/// The replays of each cache, and the one that runs.
#[derive(Default)]
pub struct Replays {
    results: PerCache<Option<Replay>>,
    running: Option<(CacheKind, Replay, Receiver<Vec<Replayed>>)>,
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
        let Some((kind, replay, results)) = self.running.take() else { return };
        match results.try_recv() {
            Ok(results) => self.results[kind] = Some(Replay { results, ..replay }),
            Err(crossbeam_channel::TryRecvError::Empty) => {
                self.running = Some((kind, replay, results));
            }
            Err(crossbeam_channel::TryRecvError::Disconnected) => {}
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
        let (tell, results) = bounded(1);
        let (what_if, wake) = (what_if(), wake.clone());
        let replay = Replay { of, navigations: what_if.navigations(), results: Vec::new() };
        let work = move || {
            // Where that fails, by a fault of ours, there is nothing to be listed.
            let results = catch_unwind(AssertUnwindSafe(|| what_if.run())).unwrap_or_default();
            // The window may be gone by now.
            let _ = tell.send(results);
            wake();
        };
        let started = thread::Builder::new().name("what-if".to_owned()).spawn(work);
        self.running = started.is_ok().then_some((kind, replay, results));
        None
    }
}
