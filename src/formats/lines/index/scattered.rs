//! Indexing a file in any order, in two passes: count the lines of each frame, then place them.
//!
//! Each thread has a part of the file and counts for itself, so that it knows in the second pass
//! where its lines go: behind those of the parts before.

use super::{Entry, Index, Observer, Places, sorted::lines_in, threads};
use crate::{
    formats::lines::{
        LineParser, TextFile,
        places::{self, NOWHERE},
    },
    storage::Mapping,
};
use rustc_hash::FxHashMap;
use std::{
    ops::{ControlFlow, Range},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread::{self, Thread},
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

/// A thread that is at work, until this is dropped, however it ends.
struct Running<'a> {
    shared: &'a Shared,
    main: Thread,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.shared.running.fetch_sub(1, Relaxed);
        self.main.unpark();
    }
}

/// `None` where the observer broke off.
pub(super) fn build(
    parser: impl LineParser,
    file: &TextFile,
    to: u64,
    observer: &mut impl Observer,
) -> Option<Index> {
    let mut pass = Pass { parser, file, observer };
    let parts = parts(file.start(), to);
    let mut tables: Vec<Table> = parts.iter().map(|_| Table::default()).collect();
    pass.run(&parts, &mut tables, 0, |table, frame, _| *table.at(frame) += 1)?;
    let highest = tables.iter().flat_map(Table::frames).max().unwrap_or(0);
    let groups = Groups::of(highest);
    let (entries, lines_of_groups) = entries(&mut tables, groups);
    let offsets = room_for(&lines_of_groups, parts.len());
    let mut sorters: Vec<Sorter> =
        tables.into_iter().map(|next| Sorter { next, groups, held: held() }).collect();
    pass.run(&parts, &mut sorters, to, |sorter, frame, offset| {
        sorter.add(frame, offset, &offsets);
    })?;
    for sorter in &mut sorters {
        sorter.place_all(&offsets);
    }
    let lines = lines_of_groups.iter().sum();
    let mean = to.saturating_sub(file.start()).checked_div(lines).unwrap_or(0) as usize;
    // Some are longer.
    let usual = mean + mean / 4;
    let mapping = file.storage().map(to);
    let places = Places::Scattered(Arc::new(Scattered { groups, offsets, usual, to, mapping }));
    Some(Index { entries, places, lines, complete: true })
}

/// Where the lines of each group of frames are, each group's by frame and in file order within one.
#[derive(Debug)]
pub(super) struct Scattered {
    groups: Groups,
    offsets: Vec<Offsets>,
    usual: usize,
    to: u64,
    mapping: Option<Mapping>,
}

/// Threads fill it together, which is all that is atomic about it.
type Offsets = Box<[AtomicU64]>;

impl Scattered {
    /// The lines of a frame whose first has this place in its group.
    pub fn places_of(&self, frame: u32, first: u64, lines: u32) -> places::Places<'_> {
        let first = first as usize;
        let of_group = self.offsets.get(self.groups.of_frame(frame));
        let of_frame = of_group.and_then(|offsets| offsets.get(first..first + lines as usize));
        places::Places {
            offsets: of_frame.unwrap_or_default(),
            mapping: self.mapping.as_ref(),
            usual: self.usual,
            to: self.to,
        }
    }

    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    pub fn memory(&self) -> usize {
        self.offsets.iter().map(|offsets| size_of_val(&**offsets)).sum()
    }
}

/// Room for the offsets of each group, made by several threads: the system clears it page by page,
/// which takes a while.
fn room_for(lines: &[u64; GROUPS], threads: usize) -> Vec<Offsets> {
    let mut room: Vec<Offsets> = (0..GROUPS).map(|_| Offsets::default()).collect();
    let share = GROUPS.div_ceil(threads);
    thread::scope(|scope| {
        for (room, lines) in room.chunks_mut(share).zip(lines.chunks(share)) {
            scope.spawn(move || {
                for (offsets, lines) in room.iter_mut().zip(lines) {
                    *offsets = (0..*lines).map(|_| AtomicU64::new(NOWHERE)).collect();
                }
            });
        }
    });
    room
}

/// One part a thread; the ends need not be ends of lines.
fn parts(from: u64, to: u64) -> Vec<Range<u64>> {
    let number = threads(to.saturating_sub(from)) as u64;
    let size = to.saturating_sub(from).div_ceil(number);
    (0..number).map(|n| (from + n * size).min(to)..(from + (n + 1) * size).min(to)).collect()
}

/// A reading of the whole file.
struct Pass<'a, P, O> {
    parser: P,
    file: &'a TextFile,
    observer: &'a mut O,
}

impl<P: LineParser, O: Observer> Pass<'_, P, O> {
    /// Calls `each` with every line's frame and place, each part on a thread with its own table. So
    /// many bytes were read in passes `before`.
    fn run<T: Send>(
        &mut self,
        parts: &[Range<u64>],
        tables: &mut [T],
        before: u64,
        each: impl Fn(&mut T, u32, u64) + Sync,
    ) -> Option<()> {
        let (parser, file) = (self.parser, self.file);
        let shared = Shared::default();
        shared.running.store(parts.len() as u64, Relaxed);
        let from = file.start();
        let to = parts.last().map_or(from, |part| part.end);
        thread::scope(|scope| {
            let main = thread::current();
            for (part, table) in parts.iter().zip(tables) {
                let (shared, each, main) = (&shared, &each, main.clone());
                scope.spawn(move || {
                    let _ends = Running { shared, main };
                    let mut told = part.start;
                    let mut lines = 0_u32;
                    let mut buffer = Vec::new();
                    let read =
                        lines_in(file, from, part.start, part.end, &mut buffer, |offset, line| {
                            if let Some(frame) = parser.frame_of(line) {
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
                    // What can't be read counts as not there.
                    drop(read);
                });
            }
            while shared.running.load(Relaxed) > 0 {
                thread::park_timeout(PACE);
                // There are two passes.
                let done = before.midpoint(shared.done.load(Relaxed));
                if self.observer.progress(done, to).is_break() {
                    shared.stopped.store(true, Relaxed);
                    return None;
                }
            }
            Some(())
        })
    }
}

/// The frames, and in the tables, instead of the counts, where each part's lines of a frame go within
/// its group; and how many lines each group has.
fn entries(tables: &mut [Table], groups: Groups) -> (Vec<Entry>, [u64; GROUPS]) {
    let mut frames: Vec<u32> = tables.iter().flat_map(Table::frames).collect();
    frames.sort_unstable();
    frames.dedup();
    let mut lines_of_groups = [0; GROUPS];
    let entries = frames
        .into_iter()
        .map(|frame| {
            let total: &mut u64 = &mut lines_of_groups[groups.of_frame(frame)];
            let start = *total;
            for table in &mut *tables {
                let place = u32::try_from(*total).unwrap_or(u32::MAX);
                *total += u64::from(std::mem::replace(table.at(frame), place));
            }
            Entry { start, frame, lines: u32::try_from(*total - start).unwrap_or(u32::MAX) }
        })
        .collect();
    (entries, lines_of_groups)
}

/// Groups of neighbouring frames.
const GROUPS: usize = 64;
/// Lines of a group that are held back.
const HELD: usize = 256;

/// How frames are put in groups.
#[derive(Clone, Copy, Debug)]
struct Groups {
    /// Frames of a group, as a power of two.
    shift: u32,
}

impl Groups {
    fn of(highest: u32) -> Self {
        Self { shift: (highest / GROUPS as u32 + 1).next_power_of_two().trailing_zeros() }
    }

    #[inline]
    fn of_frame(self, frame: u32) -> usize {
        // A frame that was not there before came with a change of the file.
        ((frame >> self.shift) as usize).min(GROUPS - 1)
    }
}

fn held() -> Vec<Vec<(u32, u64)>> {
    vec![Vec::new(); GROUPS]
}

/// Places lines, some of a group of frames at a time: in a file in random order, going from one end
/// of memory to the other for every line would cost more than all the rest.
struct Sorter {
    /// Where the next line of each frame goes, from where its group begins.
    next: Table,
    groups: Groups,
    held: Vec<Vec<(u32, u64)>>,
}

impl Sorter {
    #[inline]
    fn add(&mut self, frame: u32, offset: u64, offsets: &[Offsets]) {
        let group = self.groups.of_frame(frame);
        self.held[group].push((frame, offset));
        if self.held[group].len() == HELD {
            self.place(group, offsets);
        }
    }

    fn place(&mut self, group: usize, offsets: &[Offsets]) {
        let of_group = &offsets[group];
        for (frame, offset) in self.held[group].drain(..) {
            let place = self.next.at(frame);
            // There is one, unless the file changed between the passes.
            if let Some(slot) = of_group.get(*place as usize) {
                slot.store(offset, Relaxed);
            }
            *place = place.saturating_add(1);
        }
    }

    fn place_all(&mut self, offsets: &[Offsets]) {
        (0..GROUPS).for_each(|group| self.place(group, offsets));
    }
}

/// Frames below this have their numbers in a row: 4 MB at most. Nearly all of all files do.
const IN_A_ROW: u32 = 1 << 20;
/// Frames of a page. Small, for the sake of odd files whose frames stand far apart.
const PAGE: usize = 4;

/// A number for each frame.
#[derive(Default)]
struct Table {
    row: Vec<u32>,
    /// Further frames, in pages that are made when they are first needed.
    pages: FxHashMap<u32, [u32; PAGE]>,
}

impl Table {
    #[inline]
    fn at(&mut self, frame: u32) -> &mut u32 {
        let place = frame as usize;
        if place < self.row.len() {
            return &mut self.row[place];
        }
        self.grow(frame)
    }

    #[cold]
    fn grow(&mut self, frame: u32) -> &mut u32 {
        if frame < IN_A_ROW {
            self.row.resize((frame as usize + 1).next_power_of_two(), 0);
            return &mut self.row[frame as usize];
        }
        let page = self.pages.entry(frame / PAGE as u32).or_insert([0; PAGE]);
        &mut page[frame as usize % PAGE]
    }

    /// Frames whose number is not 0.
    fn frames(&self) -> impl Iterator<Item = u32> {
        let used = |(at, number): (usize, &u32)| (*number > 0).then_some(at as u32);
        let row = self.row.iter().enumerate().filter_map(used);
        row.chain(self.pages.iter().flat_map(move |(page, numbers)| {
            let used = numbers.iter().enumerate().filter_map(used);
            used.map(move |at| page * PAGE as u32 + at)
        }))
    }
}
