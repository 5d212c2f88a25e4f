//! Work that takes a while and that somebody may stop: one at a time, on a thread of its own.

use super::{
    Wake,
    task::{Polled, Task},
};
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With something to tell.
    Done(String),
    /// With a reason.
    Failed(String),
    /// Somebody stopped it.
    Stopped,
}

/// Progress and stop of a running job.
#[derive(Clone, Default)]
pub struct Control {
    /// In millionths.
    done: Arc<AtomicU32>,
    stopped: Arc<AtomicBool>,
    wake: Option<Wake>,
}

impl Control {
    /// Tells the share that is done, from 0 to 1, and hears whether to go on.
    pub fn progress(&self, share: f32) -> ControlFlow<()> {
        let now = (share.clamp(0.0, 1.0) * 1e6) as u32;
        // A bar moves by points, not by millionths.
        if now / 2000 != self.done.swap(now, Relaxed) / 2000
            && let Some(wake) = &self.wake
        {
            wake();
        }
        if self.stopped.load(Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The job that runs, if one does.
#[derive(Default)]
pub struct Jobs {
    running: Option<(String, Control, Task<Ended>)>,
}

impl Jobs {
    /// Begins a job, unless one runs: then it answers `false`. `behind` hears of its progress, `wake` of
    /// its end.
    pub fn start(
        &mut self,
        name: String,
        wake: &Wake,
        behind: &Wake,
        work: impl FnOnce(&Control) -> Ended + Send + 'static,
    ) -> bool {
        if self.running.is_some() {
            return false;
        }
        let control = Control { wake: Some(behind.clone()), ..Control::default() };
        let own = control.clone();
        let task = Task::start("job", wake, move || work(&own));
        self.running = Some((name, control, task));
        true
    }

    /// What runs, and the share that is done.
    #[must_use]
    pub fn running(&self) -> Option<(&str, f32)> {
        let (name, control, _) = self.running.as_ref()?;
        Some((name, control.done.load(Relaxed) as f32 / 1e6))
    }

    /// Stops what runs.
    pub fn stop(&self) {
        if let Some((_, control, _)) = &self.running {
            control.stopped.store(true, Relaxed);
        }
    }

    /// How the job ended, once it has.
    pub fn poll(&mut self) -> Option<Ended> {
        let (_, _, task) = self.running.as_ref()?;
        let ended = match task.poll() {
            Polled::Running => return None,
            Polled::Done(ended) => ended,
            Polled::Lost => {
                Ended::Failed("The work failed; please report what you did.".to_owned())
            }
        };
        self.running = None;
        Some(ended)
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        /// What is stopped takes its half-done files away.
        const TO_CLEAR: Duration = Duration::from_secs(1);
        self.stop();
        if let Some((_, _, task)) = &self.running {
            // Whatever takes longer goes with the program.
            task.wait(TO_CLEAR);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::bounded;

    #[test]
    fn work_that_panics_ends_in_a_sentence_and_wakes_the_window() {
        let (tell, woken) = bounded(1);
        let wake: Wake = Arc::new(move || {
            let _ = tell.try_send(());
        });
        let mut jobs = Jobs::default();
        assert!(jobs.start("Saving".to_owned(), &wake, &wake, |_| panic!("a fault of ours")));
        woken.recv_timeout(Duration::from_secs(20)).expect("it is told");
        let ended = jobs.poll();
        assert!(matches!(&ended, Some(Ended::Failed(text)) if text.ends_with('.')), "{ended:?}");
        assert!(jobs.running().is_none());
    }
}
