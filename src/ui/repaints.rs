//! When the window is painted anew for what happens behind.
//!
//! What a person asked for is painted at once. All else waits: with a graphics card a moment, and where
//! the processor paints, until what a repaint costs is a small part of the time.

use crate::session::Notify;
use cpu_time::ProcessTime;

use parking_lot::Mutex;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The least time between two repaints for what happens behind.
const LEAST: Duration = Duration::from_millis(250);
/// The most, however much one costs.
const MOST: Duration = Duration::from_secs(10);
/// What repaints may take of a core: below a twentieth, with what goes on besides.
const SHARE: f64 = 0.04;
/// Repaints whose cost is remembered.
const REMEMBERED: usize = 9;

/// Asks for repaints. Clones are of the same window.
#[derive(Clone)]
pub struct Repaints {
    ctx: egui::Context,
    pace: Arc<Mutex<Pace>>,
}

/// When the last repaint was, and what repaints cost.
#[derive(Default)]
struct Pace {
    /// Whether the processor paints.
    software: bool,
    last: Option<Instant>,
    spent: Option<ProcessTime>,
    /// Seconds of the processor that the last ones took, with all that went on besides.
    costs: Vec<f64>,
}

impl Repaints {
    /// Of a window; `software` says whether the processor paints it.
    pub fn new(ctx: egui::Context, software: bool) -> Self {
        Self { ctx, pace: Arc::new(Mutex::new(Pace { software, ..Pace::default() })) }
    }

    /// To be called at each repaint.
    pub fn painted(&self) {
        let spent = ProcessTime::try_now().ok();
        self.pace.lock().painted(Instant::now(), spent);
    }

    /// Something was asked for.
    pub fn asked(&self) {
        self.ctx.request_repaint();
    }

    /// Something happened behind.
    pub fn behind(&self) {
        let wait = self.pace.lock().wait(Instant::now());
        // None at all would mean two repaints.
        self.ctx.request_repaint_after(wait.max(Duration::from_millis(1)));
    }

    /// The same for other threads.
    pub fn notify(&self) -> Notify {
        let (asked, behind) = (self.clone(), self.clone());
        Notify { asked: Arc::new(move || asked.asked()), behind: Arc::new(move || behind.behind()) }
    }
}

impl Pace {
    fn painted(&mut self, now: Instant, spent: Option<ProcessTime>) {
        if let (Some(before), Some(spent)) = (self.spent, spent) {
            if self.costs.len() == REMEMBERED {
                self.costs.remove(0);
            }
            self.costs.push(spent.duration_since(before).as_secs_f64());
        }
        (self.last, self.spent) = (Some(now), spent);
    }

    /// How long to wait from now on.
    fn wait(&self, now: Instant) -> Duration {
        self.last
            .map_or(Duration::ZERO, |last| (last + self.period()).saturating_duration_since(now))
    }

    /// The time between two repaints.
    fn period(&self) -> Duration {
        if !self.software {
            return LEAST;
        }
        // The middle one: now and then other work falls between two repaints.
        let mut costs = self.costs.clone();
        costs.sort_unstable_by(f64::total_cmp);
        let cost = costs.get(costs.len() / 2).copied().unwrap_or(0.0);
        Duration::from_secs_f64((cost / SHARE).min(MOST.as_secs_f64())).max(LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_paints_four_times_a_second_and_the_processor_as_seldom_as_it_must() {
        let now = Instant::now();
        let costs = vec![0.13, 0.12, 0.11, 4.0, 0.12];
        let card = Pace { costs: costs.clone(), last: Some(now), ..Pace::default() };
        assert_eq!(card.wait(now), LEAST);
        assert_eq!(card.wait(now + LEAST / 2), LEAST / 2);
        assert_eq!(card.wait(now + LEAST * 2), Duration::ZERO);
        let software = Pace { software: true, ..card };
        assert_eq!(software.period(), Duration::from_secs(3), "0.12 s are 4 % of it");
        let cheap = Pace { costs: vec![0.001], ..software };
        assert_eq!(cheap.period(), LEAST);
        let dear = Pace { costs: vec![60.0], ..cheap };
        assert_eq!(dear.period(), MOST);
        assert_eq!(Pace::default().wait(now), Duration::ZERO, "nothing was painted yet");
    }
}
