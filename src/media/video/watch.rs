//! An eye on the processes of a video: whichever keeps its reader waiting for too long is ended.

use super::tools::Ended;
use parking_lot::Mutex;
use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

/// How often it is looked.
const PERIOD: Duration = Duration::from_millis(200);

/// A process that is looked after.
pub(super) struct Watched {
    child: Mutex<Ended>,
    since: Mutex<Option<Instant>>,
    was_ended: AtomicBool,
    limit: Duration,
}

impl Watched {
    /// As long as the answer lives, somebody waits for the process.
    pub fn at_work(&self) -> AtWork<'_> {
        *self.since.lock() = Some(Instant::now());
        AtWork(self)
    }

    /// Whether it was ended for keeping somebody waiting.
    pub fn was_ended(&self) -> bool {
        self.was_ended.load(Relaxed)
    }

    pub fn limit(&self) -> Duration {
        self.limit
    }

    pub fn end(&self) {
        let mut child = self.child.lock();
        // It may have ended by itself.
        let _ = child.0.kill();
        let _ = child.0.wait();
    }

    /// Stops the process where it is, or lets it go on. Where the system can't, it goes on until nobody
    /// reads what it writes.
    pub fn rest(&self, rest: bool) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process};
            let mut child = self.child.lock();
            let signal = if rest { Signal::STOP } else { Signal::CONT };
            // As long as nobody has waited for its end, its number is its own.
            if matches!(child.0.try_wait(), Ok(None)) {
                let _ = kill_process(Pid::from_child(&child.0), signal);
            }
        }
        #[cfg(not(unix))]
        let _ = rest;
    }

    /// Whether it came to its end as it should; waits for that.
    pub fn succeeded(&self) -> bool {
        /// Newer versions of FFmpeg say so where most of a stream is damaged, having decoded all of it.
        const MOSTLY_DAMAGED: i32 = 69;
        /// Its output has ended, so that it is about to end itself.
        const SOON: Duration = Duration::from_secs(5);
        let asked = Instant::now();
        while asked.elapsed() < SOON {
            if let Ok(Some(status)) = self.child.lock().0.try_wait() {
                return status.success() || status.code() == Some(MOSTLY_DAMAGED);
            }
            thread::sleep(Duration::from_millis(2));
        }
        false
    }

    fn look(&self) {
        if self.since.lock().is_some_and(|since| since.elapsed() > self.limit) {
            self.was_ended.store(true, Relaxed);
            self.end();
        }
    }
}

/// Somebody waits for a process.
pub(super) struct AtWork<'a>(&'a Watched);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        *self.0.since.lock() = None;
    }
}

/// Looks after the processes that are handed to it, on a thread of its own.
pub(super) struct Watcher {
    children: Mutex<Vec<Weak<Watched>>>,
    limit: Duration,
}

impl Watcher {
    /// `limit` is how long a process may keep its reader waiting; `idle` is called now and then.
    ///
    /// # Errors
    /// Where the operating system refuses a thread.
    pub fn start(limit: Duration, idle: impl Fn() + Send + 'static) -> std::io::Result<Arc<Self>> {
        let watcher = Arc::new(Self { children: Mutex::default(), limit });
        let weak = Arc::downgrade(&watcher);
        thread::Builder::new().name("video-watcher".to_owned()).spawn(move || {
            while let Some(watcher) = weak.upgrade() {
                watcher.look();
                drop(watcher);
                idle();
                thread::sleep(PERIOD);
            }
        })?;
        Ok(watcher)
    }

    pub fn watch(&self, child: Ended) -> Arc<Watched> {
        let watched = Arc::new(Watched {
            child: Mutex::new(child),
            since: Mutex::default(),
            was_ended: AtomicBool::new(false),
            limit: self.limit,
        });
        self.children.lock().push(Arc::downgrade(&watched));
        watched
    }

    fn look(&self) {
        let alive: Vec<Arc<Watched>> = {
            let mut children = self.children.lock();
            children.retain(|child| child.strong_count() > 0);
            children.iter().filter_map(Weak::upgrade).collect()
        };
        for watched in alive {
            watched.look();
        }
    }
}
