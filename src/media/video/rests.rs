//! When counting rests.

use parking_lot::{Condvar, Mutex};
use std::time::Duration;

/// What people want of counting.
#[derive(Default)]
pub(super) struct Rests {
    wishes: Mutex<Wishes>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Wishes {
    paused: bool,
    playing: bool,
    /// Somebody waits for the count itself.
    hurried: bool,
}

impl Rests {
    pub fn pause(&self, paused: bool) {
        self.change(|wishes| wishes.paused = paused);
    }

    pub fn play(&self, playing: bool) {
        self.change(|wishes| wishes.playing = playing);
    }

    pub fn hurry(&self) {
        self.change(|wishes| wishes.hurried = true);
    }

    pub fn is_paused(&self) -> bool {
        let wishes = *self.wishes.lock();
        wishes.paused && !wishes.hurried
    }

    /// Whether it is to rest; `busy` says whether pictures are decoded for somebody.
    pub fn is_to_rest(&self, polite: bool, busy: bool) -> bool {
        let wishes = *self.wishes.lock();
        !wishes.hurried && (wishes.paused || (polite && (wishes.playing || busy)))
    }

    /// Lets whoever rests look anew.
    pub fn wake(&self) {
        self.changed.notify_all();
    }

    /// Waits for a change, for a while.
    pub fn wait(&self, at_most: Duration) {
        self.changed.wait_for(&mut self.wishes.lock(), at_most);
    }

    fn change(&self, change: impl FnOnce(&mut Wishes)) {
        let mut wishes = self.wishes.lock();
        let before = *wishes;
        change(&mut wishes);
        // A window says it at every repaint.
        if *wishes != before {
            self.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_polite_counting_gives_way_and_a_pause_is_for_all_but_who_waits() {
        let rests = Rests::default();
        assert!(!rests.is_to_rest(true, false));
        assert!(rests.is_to_rest(true, true) && !rests.is_to_rest(false, true));
        rests.play(true);
        assert!(rests.is_to_rest(true, false) && !rests.is_to_rest(false, false));
        rests.play(false);
        rests.pause(true);
        assert!(rests.is_to_rest(false, false) && rests.is_paused());
        rests.hurry();
        assert!(!rests.is_to_rest(true, true) && !rests.is_paused());
    }
}
