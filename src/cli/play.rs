//! Plays a sequence through a real session, without a window: how many frames come late.

use super::{Failure, Outcome, print, print_json};
use crate::{
    inspector::{Command, Inspector, Pace},
    session::{Opening, OpeningState, Request, Session, SharedLog},
};
use parking_lot::{Condvar, Mutex};
use serde::Serialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How often a window would look at most.
const REPAINT: Duration = Duration::from_millis(4);
/// The first frames come as a cache without any has them.
const WARM_UP: f64 = 1.0;

#[derive(Serialize)]
struct Report {
    frames: u64,
    late: u64,
    late_after_first_second: u64,
    p99_wait_ms: f64,
}

/// Wakes whoever plays when there is something new to show, as a window is.
#[derive(Clone, Default)]
struct Bell(Arc<(Mutex<bool>, Condvar)>);

impl Bell {
    fn ring(&self) {
        *self.0.0.lock() = true;
        self.0.1.notify_one();
    }

    fn wait(&self, at_most: Duration) {
        let mut rung = self.0.0.lock();
        if !std::mem::take(&mut *rung) {
            self.0.1.wait_for(&mut rung, at_most);
            *rung = false;
        }
    }
}

pub(super) fn run(request: Request, rate: f64, seconds: f64, json: bool) -> Outcome {
    let bell = Bell::default();
    let mut session = open(request, &bell)?;
    let mut inspector = Inspector::default();
    inspector.opened([None, None], session.frames(), Some(rate), None);
    inspector.settings.playback.looping = true;
    inspector.settings.playback.speed = 1.0;
    let began = Instant::now();
    let now = || began.elapsed().as_secs_f64();
    inspector.apply(Command::PlayPause, now());
    let mut pace = Pace::default();
    let mut late_at_first = None;
    while now() < seconds {
        let frames = session.frames();
        if !Arc::ptr_eq(&frames, &inspector.frames) {
            inspector.frames_changed(frames, false, now());
        }
        session.set_playing(true);
        let next_in = inspector.tick(now());
        let shown = session.show(inspector.current).map(|showing| showing.frame);
        pace.look(&inspector, shown, now());
        if now() > WARM_UP {
            late_at_first.get_or_insert(pace.late());
        }
        let wait = next_in.map_or(REPAINT, Duration::from_secs_f64);
        bell.wait(wait.min(REPAINT));
    }
    let report = Report {
        frames: pace.frames(),
        late: pace.late(),
        late_after_first_second: pace.late() - late_at_first.unwrap_or(pace.late()),
        p99_wait_ms: pace.wait(0.99) * 1000.0,
    };
    if json {
        return print_json(&report);
    }
    print(&format!(
        "frames        {}\nlate          {} ({} after the first second)\nwait          {:.1} ms at the 99th percentile",
        report.frames, report.late, report.late_after_first_second, report.p99_wait_ms
    ))
}

fn open(request: Request, bell: &Bell) -> Result<Session, Failure> {
    let ring = bell.clone();
    let mut opening = Opening::start(request, SharedLog::default(), Arc::new(move || ring.ring()));
    loop {
        match opening.poll() {
            OpeningState::Ready(session) => return Ok(*session),
            OpeningState::Failed(reason) => return Err(Failure::Work(reason)),
            OpeningState::Over => return Err(Failure::Work("Opening ended.".to_owned())),
            OpeningState::Working(_) => bell.wait(REPAINT),
        }
    }
}
