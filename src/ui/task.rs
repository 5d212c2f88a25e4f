//! Work on a thread of its own whose result is taken once.

use super::Wake;
use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError, bounded};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::Duration,
};

/// Work that goes on. Dropping it lets the work go on for nobody.
#[derive(Debug)]
pub struct Task<T> {
    result: Receiver<T>,
}

/// How work goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Polled<T> {
    /// It goes on.
    Running,
    /// It is done. The result is handed over once.
    Done(T),
    /// Nothing comes of it: no thread could be had, or it panicked, or the result was taken.
    Lost,
}

impl<T: Send + 'static> Task<T> {
    /// Begins work on a thread of that name, and wakes the window when it is over.
    pub fn start(name: &str, wake: &Wake, work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (tell, result) = bounded(1);
        let wake = wake.clone();
        let run = move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            match done {
                // The window may be gone by now.
                Ok(result) => drop(tell.send(result)),
                Err(_) => drop(tell),
            }
            wake();
        };
        // Without a thread the channel is closed.
        let _ = thread::Builder::new().name(name.to_owned()).spawn(run);
        Self { result }
    }

    /// Work that was done beforehand.
    pub fn done(result: T) -> Self {
        let (tell, taken) = bounded(1);
        // There is room for one.
        let _ = tell.send(result);
        Self { result: taken }
    }

    /// How it goes. Never waits.
    pub fn poll(&self) -> Polled<T> {
        match self.result.try_recv() {
            Ok(result) => Polled::Done(result),
            Err(TryRecvError::Empty) => Polled::Running,
            Err(TryRecvError::Disconnected) => Polled::Lost,
        }
    }

    /// Waits for its end, but not for ever. Answers whether it is over.
    pub fn wait(&self, at_most: Duration) -> bool {
        !matches!(self.result.recv_timeout(at_most), Err(RecvTimeoutError::Timeout))
    }
}

/// The result of work that may not have begun, once it is done; work that is over is forgotten.
pub fn take<T: Send + 'static>(task: &mut Option<Task<T>>) -> Option<T> {
    match task.as_ref()?.poll() {
        Polled::Running => None,
        Polled::Done(result) => {
            *task = None;
            Some(result)
        }
        Polled::Lost => {
            *task = None;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// A call that tells when it was made.
    fn bell() -> (Wake, Receiver<()>) {
        let (tell, rung) = bounded(4);
        let ring = move || {
            let _ = tell.try_send(());
        };
        (Arc::new(ring), rung)
    }

    #[test]
    fn a_result_is_handed_over_once() {
        let (wake, rung) = bell();
        let (go, gate) = bounded::<()>(1);
        let task = Task::start("test", &wake, move || {
            gate.recv().expect("let");
            7
        });
        assert_eq!(task.poll(), Polled::Running);
        go.send(()).expect("waits");
        rung.recv().expect("woken");
        assert_eq!((task.poll(), task.poll()), (Polled::Done(7), Polled::Lost));
        let mut done = Some(Task::done(3));
        assert_eq!((take(&mut done), done.is_none()), (Some(3), true));
    }

    #[test]
    fn work_that_panics_is_lost_and_wakes_the_window() {
        let (wake, rung) = bell();
        let task: Task<u8> = Task::start("test", &wake, || panic!("a fault of ours"));
        rung.recv().expect("woken");
        assert_eq!(task.poll(), Polled::Lost);
        assert!(task.wait(Duration::from_secs(20)));
    }
}
