//! Playing: which existing frame is due at which time. Pure; time comes in as an argument.

use serde::{Deserialize, Serialize};

/// Frames a second where the sequence does not say.
pub const DEFAULT_FRAME_RATE: f64 = 30.0;

/// The speeds on offer, as multiples of the sequence's frame rate.
pub const SPEEDS: [f64; 6] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

/// Playing or paused, how fast, and whether the end leads back to the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Playback {
    /// Multiple of the frame rate; one of [`SPEEDS`].
    pub speed: f64,
    /// Whether to begin again at the end.
    pub looping: bool,
    /// Where playing began: time in seconds and rank of the frame.
    #[serde(skip)]
    since: Option<(f64, usize)>,
}

impl Default for Playback {
    fn default() -> Self {
        Self { speed: 1.0, looping: false, since: None }
    }
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Due {
    /// Rank of the frame to show.
    pub rank: usize,
    /// Seconds until the next one; `None` where playing came to its end.
    pub next_in: Option<f64>,
}

impl Playback {
    /// Whether it plays.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    /// Begins to play at `rank`; at the end of the sequence, at its start.
    pub fn play(&mut self, now: f64, rank: usize, frames: usize) {
        if frames > 0 {
            let start = if rank + 1 >= frames { 0 } else { rank };
            self.since = Some((now, start));
        }
    }

    /// Stops.
    pub fn pause(&mut self) {
        self.since = None;
    }

    /// Goes on from another frame, if it plays.
    pub fn moved(&mut self, now: f64, rank: usize) {
        if let Some(since) = &mut self.since {
            *since = (now, rank);
        }
    }

    /// Changes the speed without a jump.
    pub fn set_speed(&mut self, speed: f64, now: f64, rank: usize) {
        self.speed = speed;
        self.moved(now, rank);
    }

    /// The next faster or slower speed.
    #[must_use]
    pub fn next_speed(&self, faster: bool) -> f64 {
        let next = if faster {
            SPEEDS.iter().find(|speed| **speed > self.speed)
        } else {
            SPEEDS.iter().rev().find(|speed| **speed < self.speed)
        };
        next.copied().unwrap_or(self.speed)
    }

    /// What is due at `now`, of `frames` frames at `frame_rate` a second. Frames whose time has
    /// passed are skipped, so that playing keeps its speed. Stops at the end, unless looping.
    pub fn tick(&mut self, now: f64, frame_rate: f64, frames: usize) -> Option<Due> {
        let (began, start) = self.since?;
        let Some(last) = frames.checked_sub(1) else {
            self.since = None;
            return None;
        };
        let rate = frame_rate * self.speed;
        // A nudge, so that a tick exactly on time is not lost to rounding.
        let elapsed = ((now - began).max(0.0) * rate + 1e-6).floor();
        let rank = start.saturating_add(elapsed as usize);
        let next_in = (began + (elapsed + 1.0) / rate - now).max(0.0);
        if rank < last || (rank == last && self.looping) {
            return Some(Due { rank, next_in: Some(next_in) });
        }
        if !self.looping {
            self.since = None;
            return Some(Due { rank: last, next_in: None });
        }
        let rank = rank % frames;
        self.since = Some((now, rank));
        Some(Due { rank, next_in: Some(1.0 / rate) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(playback: &mut Playback, times: &[f64]) -> Vec<Option<usize>> {
        times.iter().map(|t| playback.tick(*t, 10.0, 5).map(|due| due.rank)).collect()
    }

    #[test]
    fn each_frame_lasts_its_time_and_the_end_stops() {
        let mut playback = Playback::default();
        playback.play(100.0, 0, 5);
        let seen = ranks(&mut playback, &[100.0, 100.05, 100.1, 100.25, 100.39, 100.4, 100.5]);
        assert_eq!(seen, [Some(0), Some(0), Some(1), Some(2), Some(3), Some(4), None]);
        assert!(!playback.is_playing());
    }

    #[test]
    fn speed_multiplies_the_rate_and_late_ticks_skip() {
        let mut playback = Playback { speed: 2.0, ..Playback::default() };
        playback.play(0.0, 0, 5);
        assert_eq!(ranks(&mut playback, &[0.05, 0.15]), [Some(1), Some(3)]);
        let mut slow = Playback { speed: 0.25, ..Playback::default() };
        slow.play(0.0, 0, 5);
        let due = slow.tick(0.1, 10.0, 5).expect("plays");
        assert!((due.next_in.expect("goes on") - 0.3).abs() < 1e-9 && due.rank == 0);
    }

    #[test]
    fn looping_begins_again_and_playing_from_the_end_too() {
        let mut playback = Playback { looping: true, ..Playback::default() };
        playback.play(0.0, 3, 5);
        assert_eq!(
            ranks(&mut playback, &[0.0, 0.1, 0.2, 0.3]),
            [Some(3), Some(4), Some(0), Some(1)]
        );
        let mut again = Playback::default();
        again.play(0.0, 4, 5);
        assert_eq!(again.tick(0.0, 10.0, 5).map(|due| due.rank), Some(0));
    }

    #[test]
    fn changing_speed_does_not_jump() {
        let mut playback = Playback::default();
        playback.play(0.0, 0, 100);
        let rank = playback.tick(1.0, 10.0, 100).expect("plays").rank;
        playback.set_speed(8.0, 1.0, rank);
        assert_eq!(playback.tick(1.0, 10.0, 100).map(|due| due.rank), Some(10));
        assert_eq!((playback.next_speed(true), playback.next_speed(false)), (8.0, 4.0));
    }

    #[test]
    fn nothing_to_play_does_not_play() {
        let mut playback = Playback::default();
        playback.play(0.0, 0, 0);
        assert!(!playback.is_playing() && playback.tick(1.0, 10.0, 0).is_none());
    }
}
