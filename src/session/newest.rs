//! Work on a thread of its own of which only the newest wish counts: results that follow the frame that is
//! shown. What was wished for before and is not taken up yet is dropped.

use super::status::Notify;
use parking_lot::{Condvar, Mutex};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
};

type Make<W, T> = Box<dyn FnMut(&W) -> Option<T> + Send>;

struct Wishes<W, T> {
    /// The newest that is not yet taken up.
    next: Option<W>,
    /// What was wished for last.
    last: Option<W>,
    made: Option<Arc<T>>,
    closed: bool,
    /// Until the thread takes it over.
    make: Option<Make<W, T>>,
}

struct Shared<W, T> {
    wishes: Mutex<Wishes<W, T>>,
    changed: Condvar,
    notify: Notify,
}

/// Makes a `T` of the newest `W`. Its thread begins with the first wish; dropping it ends the thread.
pub(super) struct Newest<W, T> {
    name: &'static str,
    shared: Arc<Shared<W, T>>,
}

impl<W: Clone + PartialEq + Send + 'static, T: Send + Sync + 'static> Newest<W, T> {
    /// Makes with `make` on a thread of that name, and calls `notify` when one is made. Where `make` answers
    /// `None`, or panics, there is none.
    pub fn new(
        name: &'static str,
        notify: Notify,
        make: impl FnMut(&W) -> Option<T> + Send + 'static,
    ) -> Self {
        let make: Make<W, T> = Box::new(make);
        let wishes = Wishes { next: None, last: None, made: None, closed: false, make: Some(make) };
        let shared = Shared { wishes: Mutex::new(wishes), changed: Condvar::new(), notify };
        Self { name, shared: Arc::new(shared) }
    }

    /// Wishes for one, unless that is what was wished for last. Never waits.
    pub fn ask(&self, wish: W) {
        let mut wishes = self.shared.wishes.lock();
        if wishes.last.as_ref() == Some(&wish) {
            return;
        }
        wishes.last = Some(wish.clone());
        wishes.next = Some(wish);
        let make = wishes.make.take();
        drop(wishes);
        if let Some(make) = make {
            let shared = Arc::clone(&self.shared);
            // Where there is no thread to be had, nothing is made.
            let _ =
                thread::Builder::new().name(self.name.to_owned()).spawn(move || shared.work(make));
        } else {
            self.shared.changed.notify_one();
        }
    }

    /// What was made last, which may be of an earlier wish.
    pub fn made(&self) -> Option<Arc<T>> {
        self.shared.wishes.lock().made.clone()
    }
}

impl<W, T> Drop for Newest<W, T> {
    fn drop(&mut self) {
        self.shared.wishes.lock().closed = true;
        self.shared.changed.notify_one();
    }
}

impl<W, T> Shared<W, T> {
    fn work(&self, mut make: Make<W, T>) {
        while let Some(wish) = self.next() {
            let made = catch_unwind(AssertUnwindSafe(|| make(&wish))).unwrap_or_default();
            self.wishes.lock().made = made.map(Arc::new);
            (self.notify.asked)();
        }
    }

    /// Waits for a wish; `None` where nobody has any more.
    fn next(&self) -> Option<W> {
        let mut wishes = self.wishes.lock();
        loop {
            if wishes.closed {
                return None;
            }
            if let Some(wish) = wishes.next.take() {
                return Some(wish);
            }
            self.changed.wait(&mut wishes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::{Receiver, bounded, unbounded};

    /// Makes ten times a number, when the test lets it; and what was made so far.
    fn tens() -> (Newest<u32, u32>, crossbeam_channel::Sender<()>, Receiver<u32>, Receiver<()>) {
        let (go, gate) = unbounded::<()>();
        let (taken, took) = bounded(16);
        let (made, done) = bounded(16);
        let notify = Arc::new(move || made.send(()).expect("heard"));
        let newest = Newest::new("tens", notify.into(), move |number: &u32| {
            taken.send(*number).expect("heard");
            gate.recv().expect("let");
            assert_ne!(*number, 13);
            Some(number * 10)
        });
        (newest, go, took, done)
    }

    #[test]
    fn only_the_newest_wish_is_made() {
        let (newest, go, took, done) = tens();
        assert_eq!(newest.made(), None);
        newest.ask(1);
        assert_eq!(took.recv(), Ok(1));
        (2..=5).for_each(|number| newest.ask(number));
        newest.ask(5);
        (0..2).for_each(|_| go.send(()).expect("waits"));
        (0..2).for_each(|_| done.recv().expect("made"));
        assert_eq!((took.recv(), newest.made().as_deref()), (Ok(5), Some(&50)));
        newest.ask(5);
        assert!(took.is_empty(), "it is there");
    }

    #[test]
    fn what_panics_leaves_none_and_the_next_wish_is_made() {
        let (newest, go, took, done) = tens();
        newest.ask(13);
        go.send(()).expect("waits");
        done.recv().expect("over");
        assert_eq!((took.recv(), newest.made()), (Ok(13), None));
        newest.ask(4);
        go.send(()).expect("waits");
        done.recv().expect("made");
        assert_eq!(newest.made().as_deref(), Some(&40));
    }
}
