//! Indexing a file in any order, in two passes: count the lines of each frame, then place them.
//!
//! Each thread has a part of the file and counts for itself, so that it knows in the second pass
//! where its lines go: behind those of the parts before.

use super::{Entry, Index, Observer, Places, sorted::lines_in, threads};
use crate::mot::{Source, line};
use rustc_hash::FxHashMap;
use std::{
    ops::{ControlFlow, Range},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

/// How often the observer is told.
const PACE: Duration = Duration::from_millis(10);
/// Lines between two looks at whether to go on.
const LINES: u32 = 1 << 14;

/// Whether to go on, and how far it is.
#[derive(Default)]
struct Shared {
    stopped: AtomicBool,
    done: AtomicU64,
    running: AtomicU64,
}

/// `None` where the observer broke off.
pub(super) fn build(source: &Source, to: u64, observer: &mut impl Observer) -> Option<Index> {
    let parts = parts(source.start(), to);
    let mut tables: Vec<Table> = parts.iter().map(|_| Table::default()).collect();
    pass(source, &parts, &mut tables, 0, observer, |table, frame, _| *table.at(frame) += 1)?;
    let (entries, lines) = entries(&mut tables);
    let offsets: Arc<[AtomicU64]> = (0..lines).map(|_| AtomicU64::new(0)).collect();
    let highest = entries.last().map_or(0, |entry| entry.frame);
    let mut sorters: Vec<Sorter> =
        tables.into_iter().map(|table| Sorter::new(table, highest)).collect();
    pass(source, &parts, &mut sorters, to, observer, |sorter, frame, offset| {
        sorter.add(frame, offset, &offsets);
    })?;
    for sorter in &mut sorters {
        sorter.place_all(&offsets);
    }
    Some(Index { entries, places: Places::Scattered(offsets), lines, complete: true })
}

/// One part a thread; the ends need not be ends of lines.
fn parts(from: u64, to: u64) -> Vec<Range<u64>> {
    let number = threads(to.saturating_sub(from)) as u64;
    let size = to.saturating_sub(from).div_ceil(number);
    (0..number).map(|n| (from + n * size).min(to)..(from + (n + 1) * size).min(to)).collect()
}

/// Calls `each` with every line's frame and place, each part on a thread with its own table. So
/// many bytes were read in passes `before`.
fn pass<T: Send>(
    source: &Source,
    parts: &[Range<u64>],
    tables: &mut [T],
    before: u64,
    observer: &mut impl Observer,
    each: impl Fn(&mut T, u32, u64) + Sync,
) -> Option<()> {
    let shared = Shared::default();
    shared.running.store(parts.len() as u64, Relaxed);
    let from = source.start();
    let to = parts.last().map_or(from, |part| part.end);
    thread::scope(|scope| {
        let main = thread::current();
        for (part, table) in parts.iter().zip(tables) {
            let (shared, each, main) = (&shared, &each, main.clone());
            scope.spawn(move || {
                let mut told = part.start;
                let mut lines = 0_u32;
                let mut buffer = Vec::new();
                lines_in(source, from, part.start, part.end, &mut buffer, |offset, line| {
                    if let Ok(frame) = line::parse_frame(line) {
                        each(table, frame, offset);
                    }
                    lines += 1;
                    if !lines.is_multiple_of(LINES) {
                        return ControlFlow::Continue(());
                    }
                    shared.done.fetch_add(offset - told, Relaxed);
                    told = offset;
                    if shared.stopped.load(Relaxed) {
                        return ControlFlow::Break(());
                    }
                    ControlFlow::Continue(())
                });
                shared.running.fetch_sub(1, Relaxed);
                main.unpark();
            });
        }
        while shared.running.load(Relaxed) > 0 {
            thread::park_timeout(PACE);
            // There are two passes.
            let done = before.midpoint(shared.done.load(Relaxed));
            if observer.progress(done, to).is_break() {
                shared.stopped.store(true, Relaxed);
                return None;
            }
        }
        Some(())
    })
}

/// The frames, and in the tables, instead of the counts, where each part's lines of a frame go.
fn entries(tables: &mut [Table]) -> (Vec<Entry>, u64) {
    let mut frames: Vec<u32> = tables.iter().flat_map(Table::frames).collect();
    frames.sort_unstable();
    frames.dedup();
    let mut total = 0;
    let entries = frames
        .into_iter()
        .map(|frame| {
            let start = total;
            for table in &mut *tables {
                let place = table.at(frame);
                total += std::mem::replace(place, total);
            }
            Entry { start, frame, lines: u32::try_from(total - start).unwrap_or(u32::MAX) }
        })
        .collect();
    (entries, total)
}

/// Groups of neighbouring frames.
const GROUPS: usize = 64;
/// Lines of a group that are held back.
const HELD: usize = 128;

/// Places lines, some of a group of frames at a time: in a file in random order, going from one end
/// of memory to the other for every line would cost more than all the rest.
struct Sorter {
    /// Where the next line of each frame goes.
    next: Table,
    held: Vec<Vec<(u32, u64)>>,
    /// Frames of a group, as a power of two.
    shift: u32,
}

impl Sorter {
    fn new(next: Table, highest: u32) -> Self {
        let shift = (highest / GROUPS as u32 + 1).next_power_of_two().trailing_zeros();
        Self { next, held: vec![Vec::new(); GROUPS], shift }
    }

    #[inline]
    fn add(&mut self, frame: u32, offset: u64, offsets: &[AtomicU64]) {
        // A frame that was not there before came with a change of the file.
        let group = ((frame >> self.shift) as usize).min(GROUPS - 1);
        self.held[group].push((frame, offset));
        if self.held[group].len() == HELD {
            self.place(group, offsets);
        }
    }

    fn place(&mut self, group: usize, offsets: &[AtomicU64]) {
        for (frame, offset) in self.held[group].drain(..) {
            let place = self.next.at(frame);
            // There is one, unless the file changed between the passes.
            if let Some(slot) = offsets.get(*place as usize) {
                slot.store(offset, Relaxed);
            }
            *place += 1;
        }
    }

    fn place_all(&mut self, offsets: &[AtomicU64]) {
        (0..GROUPS).for_each(|group| self.place(group, offsets));
    }
}

/// Frames below this have their numbers in a row: 8 MB at most. Nearly all of all files do.
const IN_A_ROW: u32 = 1 << 20;
/// Frames of a page. Small, for the sake of odd files whose frames stand far apart.
const PAGE: usize = 16;

/// A number for each frame.
#[derive(Default)]
struct Table {
    row: Vec<u64>,
    /// Further frames, in pages that are made when they are first needed.
    pages: FxHashMap<u32, [u64; PAGE]>,
}

impl Table {
    #[inline]
    fn at(&mut self, frame: u32) -> &mut u64 {
        let place = frame as usize;
        if place < self.row.len() {
            return &mut self.row[place];
        }
        self.grow(frame)
    }

    #[cold]
    fn grow(&mut self, frame: u32) -> &mut u64 {
        if frame < IN_A_ROW {
            self.row.resize((frame as usize + 1).next_power_of_two(), 0);
            return &mut self.row[frame as usize];
        }
        let page = self.pages.entry(frame / PAGE as u32).or_insert([0; PAGE]);
        &mut page[frame as usize % PAGE]
    }

    /// Frames whose number is not 0.
    fn frames(&self) -> impl Iterator<Item = u32> {
        let used = |(at, number): (usize, &u64)| (*number > 0).then_some(at as u32);
        let row = self.row.iter().enumerate().filter_map(used);
        row.chain(self.pages.iter().flat_map(move |(page, numbers)| {
            let used = numbers.iter().enumerate().filter_map(used);
            used.map(move |at| page * PAGE as u32 + at)
        }))
    }
}
