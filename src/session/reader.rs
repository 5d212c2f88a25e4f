//! Reading a layer, on a thread of its own: the rest of the index, then the full check.

use crate::{
    analysis::{Follower, TrackObserver},
    cache::{Cache, Key, Snapshot},
    formats::{
        lines::{Index, Observer},
        mot::{
            Findings, MotFile, MotProvider,
            check::{CheckObserver, Checker},
        },
    },
    inspector::{Origin, scene::InformativeFields},
};
use std::{
    ops::ControlFlow,
    sync::{Arc, Weak, atomic::Ordering},
    thread,
    time::Duration,
};

use super::{
    SharedLog,
    frame_table::FrameTable,
    status::{LayerWork, Phase},
    watch::{Change, Known, end_of_whole_lines},
};

/// Watches indexing: tells progress, and hands on the frames known so far.
struct Indexer<'a, F: FnMut(Index)> {
    pub work: &'a LayerWork,
    pub on_partial: F,
}

impl<F: FnMut(Index)> Observer for Indexer<'_, F> {
    fn progress(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        let share = done as f32 / total.max(1) as f32;
        self.work.change(|status| status.phase = Phase::Indexing(share));
        self.work.flow()
    }

    fn partial(&mut self, index: Index) {
        (self.on_partial)(index);
    }

    fn unsorted(&mut self) {
        self.work.change(|status| status.whole = false);
    }
}

struct Checking<'a> {
    work: &'a LayerWork,
    reported: u64,
}

impl CheckObserver for Checking<'_> {
    fn progress(&mut self, done: u64, total: u64, so_far: &Findings) -> ControlFlow<()> {
        let share = done as f32 / total.max(1) as f32;
        // Copied only where there is more to list.
        let news = so_far.skipped_lines != self.reported;
        self.reported = so_far.skipped_lines;
        self.work.change(|status| {
            status.phase = Phase::Checking(share);
            if news {
                status.findings = Arc::new(so_far.clone());
            }
        });
        self.work.flow()
    }
}

/// Tells how following the tracks goes.
struct Following<'a>(&'a LayerWork);

impl TrackObserver for Following<'_> {
    fn progress(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        let share = done as f32 / total.max(1) as f32;
        self.0.change(|status| status.phase = Phase::Following(share));
        self.0.flow()
    }
}

/// Takes over a fuller index; boxes loaded by the one before are dropped.
pub(super) fn install(
    work: &LayerWork,
    annotations: &Weak<Cache<MotProvider>>,
    table: &FrameTable,
    index: Index,
) {
    let Some(cache) = annotations.upgrade() else { return };
    let index = Arc::new(index);
    cache.provider().set_index(index);
    // A frame that was asked for before it was known is held without boxes, and one that looked
    // whole in a file that proved to be in another order is held in part.
    cache.clear();
    // Only now: who hears of a frame finds its lines.
    table.put_together();
    let complete = cache.provider().index().is_complete();
    work.change(|status| {
        status.whole = true;
        status.complete = complete;
    });
    cache.replan();
}

/// An opened file, once its index is complete.
pub(super) struct File<'a> {
    pub work: &'a LayerWork,
    pub annotations: Weak<Cache<MotProvider>>,
    pub table: Arc<FrameTable>,
    pub source: &'a Arc<MotFile>,
    pub log: &'a SharedLog,
}

/// Watches nothing, and breaks off when the session goes.
struct Until<'a>(&'a LayerWork);

impl Observer for Until<'_> {
    fn progress(&mut self, _done: u64, _total: u64) -> ControlFlow<()> {
        if self.0.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn partial(&mut self, _index: Index) {}
}

/// What was read of a file, to be gone on with.
#[derive(Default)]
struct Seen {
    checker: Checker,
    follower: Follower,
    /// Whether the last frame was left out, as there may come more lines to it.
    in_follow: bool,
    /// Whether somebody stopped it: then only the frames are found of what is appended.
    stopped: bool,
}

/// How often the file is looked at.
const PERIOD: Duration = Duration::from_millis(400);

impl File<'_> {
    /// Finds the frames, hands over an index each time that more of them are known, then reads every line,
    /// and watches the file until the session goes.
    pub fn read(&self, mut hand_over: impl FnMut(Index)) {
        let index = loop {
            let mut indexer = Indexer { work: self.work, on_partial: &mut hand_over };
            match Index::build(self.source, &mut indexer) {
                Some(index) => break index,
                None if self.wait_to_follow() => {}
                None => return,
            }
        };
        let text = format!("{} frames, {} lines indexed", index.frames(), index.lines());
        self.log.add(Origin::Reader, text, false);
        hand_over(index.clone());
        // The frame that somebody waits for is on its way.
        index.make_present();
        self.check_and_watch(index);
    }

    /// The full check, and then an eye on the file until the session goes.
    fn check_and_watch(&self, index: Index) {
        let len = self.source.len();
        self.work.read_up_to.store(len, Ordering::Relaxed);
        let known = Known::of(self.source);
        let mut seen = Seen::default();
        self.check(&mut seen, &index, len, true);
        if let Some(known) = known {
            self.watch(seen, index, known);
        }
    }

    /// Reads what was not read yet: every line, and then the tracks from frame to frame.
    fn check(&self, seen: &mut Seen, index: &Index, len: u64, to_the_end: bool) {
        let work = self.work;
        let before = work.status().findings.skipped_lines;
        let mut checking = Checking { work, reported: 0 };
        let Some(findings) = seen.checker.read_on(self.source, len, index, &mut checking) else {
            self.stop(seen);
            return;
        };
        if let Some(reason) = &findings.broken_off {
            self.log.add(Origin::Reader, format!("the file can't be read on: {reason}"), true);
        }
        if findings.skipped_lines > before {
            let text = format!("{} lines can't be read", findings.skipped_lines);
            self.log.add(Origin::Reader, text, true);
        }
        work.change(|status| {
            status.meaning = InformativeFields {
                confidence: findings.confidence_varies,
                class: findings.classes > 1,
            };
            status.findings = Arc::new(findings);
        });
        self.follow_tracks(seen, to_the_end);
    }

    fn stop(&self, seen: &mut Seen) {
        seen.stopped = true;
        self.work.heard();
        self.work.change(|status| status.phase = Phase::Cancelled);
    }

    /// Waits until the file is to be followed whose frames somebody did not want to be found, and tells
    /// meanwhile what becomes of it. Answers whether that came.
    fn wait_to_follow(&self) -> bool {
        self.work.heard();
        self.work.change(|status| status.phase = Phase::Cancelled);
        let known = Known::of(self.source);
        while !self.work.is_closed() {
            if self.work.follows() {
                self.tell(None);
                self.work.change(|status| status.phase = Phase::Indexing(0.0));
                return true;
            }
            thread::sleep(PERIOD);
            self.tell(known.as_ref().and_then(|known| known.look(self.source)));
        }
        false
    }

    fn follow_tracks(&self, seen: &mut Seen, to_the_end: bool) {
        let work = self.work;
        let Some(cache) = self.annotations.upgrade() else { return };
        // Its own, that the cache's figures are of its loads alone.
        let provider = MotProvider::new(Arc::clone(self.source), cache.provider().index());
        drop(cache);
        let followed = seen.follower.read_on(&provider, to_the_end, &mut Following(work));
        let table = match followed {
            // The last frame as it is now, though there may come more lines to it.
            Ok(ControlFlow::Continue(())) if !to_the_end => {
                let mut so_far = seen.follower.clone();
                let whole = so_far.read_on(&provider, true, &mut Following(work));
                whole.map(|flow| flow.map_continue(|()| so_far.table()))
            }
            followed => followed.map(|flow| flow.map_continue(|()| seen.follower.table())),
        };
        match table {
            Ok(ControlFlow::Continue(table)) => {
                let table = Arc::new(table);
                work.change(|status| {
                    status.tracks = table;
                    status.phase = Phase::Done;
                });
            }
            Ok(ControlFlow::Break(())) => self.stop(seen),
            Err(error) => {
                self.log.add(Origin::Reader, error.to_string(), true);
                work.change(|status| status.phase = Phase::Done);
            }
        }
    }

    fn watch(&self, mut seen: Seen, mut index: Index, mut known: Known) {
        while !self.work.is_closed() {
            thread::sleep(PERIOD);
            let change = known.look(self.source);
            let follow = self.work.follows();
            if let (Some(Change::Grown(more)), true) = (change, follow) {
                let len = known.len + more;
                if !known.ends_with(self.source.terminator()) {
                    // What was counted as the last line was not all of it.
                    seen = Seen { stopped: seen.stopped, ..Seen::default() };
                }
                if let Some(end) = end_of_whole_lines(self.source, known.len, len)
                    && let Some(longer) = self.extend(&mut seen, &index, end)
                {
                    index = longer;
                    known.read_up_to(self.source, end);
                }
                self.tell(None);
            } else {
                self.tell(change);
            }
        }
    }

    fn tell(&self, change: Option<Change>) {
        if self.work.status().change != change {
            self.work.change(|status| status.change = change);
        }
    }

    /// Takes in what was appended.
    fn extend(&self, seen: &mut Seen, index: &Index, end: u64) -> Option<Index> {
        let cache = self.annotations.upgrade()?;
        let longer = index.extended(self.source, end, &mut Until(self.work))?;
        cache.provider().set_index(Arc::new(longer.clone()));
        if index.is_sorted() && longer.is_sorted() {
            // Only the last frame can have changed, and those after it were not there.
            let last = index.range().map_or(0, |(_, last)| Key::from(last));
            let Snapshot { cached, loading, failed, current, .. } = cache.snapshot();
            let all = cached.into_iter().chain(loading).chain(failed).chain(current);
            all.filter(|key| *key >= last).for_each(|key| cache.forget(key));
        } else {
            cache.clear();
        }
        self.table.put_together();
        self.work.change(|status| {
            status.whole = true;
            status.complete = true;
        });
        self.work.read_up_to.store(end, Ordering::Relaxed);
        cache.replan();
        if !longer.is_sorted() || !index.is_sorted() || !seen.in_follow {
            // Lines may have come to frames that were followed already.
            seen.follower = Follower::default();
            seen.in_follow = longer.is_sorted();
        }
        if !seen.stopped {
            // To the last frame there may come more lines.
            self.check(seen, &longer, end, !longer.is_sorted());
        }
        Some(longer)
    }
}
