//! Replays of the walk, on a thread of their own.

use super::Wake;
use crate::{
    inspector::CacheKind,
    session::{Replayed, WhatIf},
};
use crossbeam_channel::{Receiver, bounded};
use std::thread;

/// Seconds between two replays at least.
const PACE: f64 = 1.0;

/// The replays of each cache, and the one that runs.
#[derive(Default)]
pub struct Replays {
    /// How many navigations were replayed, and how each setting did.
    results: [Option<(usize, Vec<Replayed>)>; 2],
    running: Option<(CacheKind, usize, Receiver<Vec<Replayed>>)>,
    last: Option<f64>,
}

impl Replays {
    /// How each setting did on how many navigations.
    #[must_use]
    pub fn of(&self, kind: CacheKind) -> Option<(usize, &[Replayed])> {
        self.results[kind as usize].as_ref().map(|(of, results)| (*of, results.as_slice()))
    }

    /// Takes over what is done.
    pub fn poll(&mut self) {
        let Some((kind, of, results)) = &self.running else { return };
        match results.try_recv() {
            Ok(results) => self.results[*kind as usize] = Some((*of, results)),
            Err(crossbeam_channel::TryRecvError::Empty) => return,
            Err(crossbeam_channel::TryRecvError::Disconnected) => {}
        }
        self.running = None;
    }

    /// Forgets all, as when something else is opened.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Replays anew if there is something new. Answers after how many seconds to ask again.
    pub fn refresh(
        &mut self,
        kind: CacheKind,
        walked: usize,
        now: f64,
        wake: &Wake,
        what_if: impl FnOnce() -> WhatIf,
    ) -> Option<f64> {
        if self.running.is_some() || self.of(kind).is_some_and(|(of, _)| of == walked) {
            return None;
        }
        let since = self.last.map_or(f64::INFINITY, |last| now - last);
        let is_first = self.of(kind).is_none();
        if since < PACE && !is_first {
            return Some(PACE - since);
        }
        self.last = Some(now);
        let (tell, results) = bounded(1);
        let (what_if, wake) = (what_if(), wake.clone());
        let replay = move || {
            // The window may be gone by now.
            let _ = tell.send(what_if.run());
            wake();
        };
        let started = thread::Builder::new().name("what-if".to_owned()).spawn(replay);
        self.running = started.is_ok().then_some((kind, walked, results));
        None
    }
}
