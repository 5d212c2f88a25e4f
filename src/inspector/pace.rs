//! Whether playing keeps its pace: which frames came late.

use super::Inspector;
use std::collections::VecDeque;

/// Waits that are kept, newest last.
const KEPT: usize = 4096;
/// A display shows no more frames a second; faster playing leaves some out.
const DISPLAY: f64 = 60.0;

/// Counts the frames that were due while playing, and those that were late: not on the screen when the
/// next one was due, or passed over.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    due: Option<Due>,
    frames: u64,
    late: u64,
    waits: VecDeque<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Due {
    frame: u32,
    rank: usize,
    since: f64,
    seen: bool,
}

impl Pace {
    /// Looks at what is due and what is shown; at every repaint.
    pub fn look(&mut self, inspector: &Inspector, shown: Option<u32>, now: f64) {
        if !inspector.is_playing() {
            self.due = None;
            return;
        }
        let (frame, rank) = (inspector.current, inspector.rank());
        if self.due.is_none_or(|due| due.frame != frame) {
            if let Some(before) = self.due.take() {
                let rate = inspector.rate() * inspector.settings.playback.speed;
                // Somebody who goes elsewhere passes over more than time does.
                let due = ((now - before.since) * rate) as u64 + 1;
                let passed_over = rank.saturating_sub(before.rank + 1) as u64;
                let passed_over = if passed_over <= due { passed_over } else { 0 };
                self.late += u64::from(!before.seen);
                if rate <= DISPLAY {
                    self.late += passed_over;
                    self.frames += passed_over;
                }
            }
            self.frames += 1;
            self.due = Some(Due { frame, rank, since: now, seen: false });
        }
        if let Some(due) = &mut self.due
            && !due.seen
            && shown == Some(frame)
        {
            due.seen = true;
            if self.waits.len() == KEPT {
                self.waits.pop_front();
            }
            self.waits.push_back(now - due.since);
        }
    }

    /// Frames that were due.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Frames that were late.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }

    /// How long a share of the frames took at most from being due to being shown, in seconds; of the
    /// last few thousand.
    #[must_use]
    pub fn wait(&self, share: f64) -> f64 {
        let mut waits: Vec<f64> = self.waits.iter().copied().collect();
        waits.sort_by(f64::total_cmp);
        let at = (waits.len() as f64 * share) as usize;
        waits.get(at.min(waits.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::{Command, Frames};
    use std::sync::Arc;

    #[test]
    fn a_frame_is_late_when_the_next_is_due_before_it_is_shown() {
        let mut inspector = Inspector::default();
        let frames = Frames::new((1..=100).map(|f| (f, 1)), std::iter::empty(), None);
        inspector.opened([None, None], Arc::new(frames), Some(10.0), None);
        inspector.apply(Command::PlayPause, 0.0);
        let mut pace = Pace::default();
        let mut look = |now: f64, shown| {
            inspector.tick(now);
            pace.look(&inspector, shown, now);
            (pace.frames(), pace.late())
        };
        assert_eq!(look(0.0, Some(1)), (1, 0));
        assert_eq!(look(0.1, Some(1)), (2, 0));
        assert_eq!(look(0.15, Some(2)), (2, 0));
        // Frame 3 is never shown, and 5 is passed over.
        assert_eq!(look(0.2, Some(2)), (3, 0));
        assert_eq!(look(0.3, Some(4)), (4, 1));
        assert_eq!(look(0.5, Some(6)), (6, 2));
        assert!((pace.wait(1.0) - 0.05).abs() < 1e-9);
    }
}
