//! Reading on a thread of its own, which hands over its result once and may go on behind it.

use super::{
    SharedLog,
    status::{LayerWork, Notify, Phase},
};
use crate::inspector::Origin;
use parking_lot::Mutex;
use std::{
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
};

/// How reading goes.
pub enum ReadingState<T> {
    /// Still at it; done so far, from 0 to 1.
    Working(f32),
    /// The first frames can be walked.
    Ready(Box<T>),
    /// Nothing came of it; the sentence says why.
    Failed(String),
    /// Somebody stopped it, or its result was taken already.
    Over,
}

/// Where the thread leaves its result, or why there is none.
pub(super) type Handover<T> = Arc<Mutex<Option<Result<Box<T>, String>>>>;

/// The end of it that waits. Dropping it before the result was taken stops the work.
pub(super) struct Reading<T> {
    pub work: Arc<LayerWork>,
    taken: bool,
    pub result: Handover<T>,
}

/// The end of it that reads.
pub(super) struct Reader<T> {
    pub work: Arc<LayerWork>,
    pub log: SharedLog,
    pub notify: Notify,
    result: Handover<T>,
}

impl<T: Send + 'static> Reading<T> {
    /// Begins to read. Where no thread can be had, it has failed.
    pub fn start<E: Display>(
        log: SharedLog,
        notify: Notify,
        read: impl FnOnce(&Reader<T>) -> Result<(), E> + Send + 'static,
    ) -> Self {
        let work = Arc::new(LayerWork::new(notify.clone()));
        work.change(|status| status.phase = Phase::Indexing(0.0));
        let result = Handover::default();
        let reader = Reader { work: Arc::clone(&work), log, notify, result: Arc::clone(&result) };
        let started =
            thread::Builder::new().name("reader".to_owned()).spawn(move || reader.run(read));
        if let Err(error) = started {
            *result.lock() = Some(Err(format!("No thread can be had to read the file: {error}.")));
        }
        Self { work, taken: false, result }
    }
}

impl<T> Reading<T> {
    /// How it goes. Hands over the result once.
    pub fn poll(&mut self) -> ReadingState<T> {
        // Looked at first: whoever ends has left the result before.
        let phase = self.work.status().phase;
        let result = self.result.lock().take();
        self.taken |= result.is_some();
        match result {
            Some(Ok(result)) => ReadingState::Ready(result),
            Some(Err(reason)) => ReadingState::Failed(reason),
            None if self.taken || self.work.is_closed() => ReadingState::Over,
            None if matches!(phase, Phase::Done | Phase::Cancelled) => ReadingState::Over,
            None => ReadingState::Working(phase.done()),
        }
    }

    /// Done so far, from 0 to 1.
    pub fn progress(&self) -> f32 {
        self.work.status().phase.done()
    }

    /// Stops the work.
    pub fn cancel(&self) {
        self.work.close();
    }
}

impl<T> Drop for Reading<T> {
    fn drop(&mut self) {
        if !self.taken {
            self.cancel();
        }
    }
}

impl<T> Reader<T> {
    fn run<E: Display>(self, read: impl FnOnce(&Self) -> Result<(), E>) {
        let (reason, is_fault) = match catch_unwind(AssertUnwindSafe(|| read(&self))) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => (error.to_string(), false),
            // A fault of ours, which must not look like work that goes on for ever.
            Err(_) => {
                let sentence = "The reader failed; please report the file that it failed on.";
                (sentence.to_owned(), true)
            }
        };
        self.log.add(Origin::Reader, reason.clone(), true);
        *self.result.lock() = Some(Err(reason.clone()));
        if is_fault {
            self.work.failed(&reason);
        }
        (self.notify.asked)();
    }

    /// Leaves the result.
    pub fn hand_over(&self, result: Box<T>) {
        *self.result.lock() = Some(Ok(result));
        (self.notify.asked)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls until it is no longer at it.
    fn ended<T>(reading: &mut Reading<T>) -> ReadingState<T> {
        loop {
            match reading.poll() {
                ReadingState::Working(_) => thread::yield_now(),
                other => return other,
            }
        }
    }

    fn start<T: Send + 'static>(
        read: impl FnOnce(&Reader<T>) -> Result<(), String> + Send + 'static,
    ) -> Reading<T> {
        Reading::start(SharedLog::default(), Arc::new(|| ()).into(), read)
    }

    #[test]
    fn a_result_is_handed_over_once() {
        let mut reading = start(|reader| {
            reader.hand_over(Box::new(7));
            Ok(())
        });
        assert!(matches!(ended(&mut reading), ReadingState::Ready(seven) if *seven == 7));
        assert!(matches!(reading.poll(), ReadingState::Over));
    }

    #[test]
    fn a_reason_and_a_fault_are_told() {
        let mut reading = start::<()>(|_| Err("No such file.".to_owned()));
        assert!(matches!(ended(&mut reading), ReadingState::Failed(why) if why == "No such file."));
        let mut reading = start::<()>(|_| panic!("a fault"));
        assert!(
            matches!(ended(&mut reading), ReadingState::Failed(why) if why.contains("please report"))
        );
    }

    #[test]
    fn dropping_it_stops_the_work_unless_the_result_was_taken() {
        let (send, works) = std::sync::mpsc::channel();
        for takes in [false, true] {
            let send = send.clone();
            let mut reading = start(move |reader| {
                send.send(Arc::clone(&reader.work)).expect("heard");
                reader.hand_over(Box::new(()));
                Ok(())
            });
            if takes {
                assert!(matches!(ended(&mut reading), ReadingState::Ready(_)));
            }
            drop(reading);
            assert_eq!(works.recv().expect("sent").is_closed(), !takes);
        }
    }
}
