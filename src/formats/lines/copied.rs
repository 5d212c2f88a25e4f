//! Lines at known places of a mapped file, copied some ahead of the one that is read.

use crate::storage::Mapping;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Room for a copy. Zeros follow what was copied, which end a number as well as a line does.
const ROOM: usize = 256;
/// Copies that are made ahead of the line that is read: reading what was written just now makes a
/// processor wait.
const COPIES: usize = 8;
/// Lines that are fetched ahead: from anywhere in a large file, each takes longer to come than to be
/// read.
const FETCHED: usize = 16;

/// The lines at some offsets, one after the other.
pub(super) struct CopiedLines<'a> {
    mapping: &'a Mapping,
    offsets: &'a [AtomicU64],
    ends: Ends,
    next: usize,
    size: usize,
    copies: [[u8; ROOM]; COPIES],
    /// Where in its copy each line begins; beyond it, where there is none.
    begins: [usize; COPIES],
}

/// Where lines can begin: at the start of the text, and behind what ends a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub start: u64,
    pub terminator: u8,
}

impl<'a> CopiedLines<'a> {
    /// `usual` bytes are what most lines have, at most.
    pub fn new(mapping: &'a Mapping, offsets: &'a [AtomicU64], ends: Ends, usual: usize) -> Self {
        mapping.make_present();
        // Words are copied, with the end of the line before, and what follows a line is read together
        // with its end.
        let size = usual.saturating_add(4 * size_of::<u64>()).min(ROOM) & !7;
        let (copies, begins) = ([[0; ROOM]; COPIES], [ROOM; COPIES]);
        let mut lines = Self { mapping, offsets, ends, next: 0, size, copies, begins };
        (0..FETCHED).for_each(|at| lines.fetch(at));
        (0..COPIES).for_each(|at| lines.copy(at));
        lines
    }

    /// An offset and a text that begins there, some of the file and then zeros; it is empty where the
    /// mapping does not reach, or no line begins. `None` behind the last, and once the mapping is
    /// lost.
    #[inline]
    pub fn next(&mut self) -> Option<(u64, &[u8])> {
        let at = self.next;
        let offset = self.offsets.get(at)?.load(Relaxed);
        self.next += 1;
        self.fetch(at + FETCHED);
        if at > 0 {
            self.copy(at - 1 + COPIES);
        }
        let text = self.copies[at % COPIES].get(self.begins[at % COPIES]..);
        self.mapping.is_whole().then_some((offset, text.unwrap_or_default()))
    }

    #[inline]
    fn fetch(&self, at: usize) {
        if let Some(offset) = self.offsets.get(at) {
            self.mapping.prefetch(offset.load(Relaxed));
        }
    }

    #[inline]
    fn copy(&mut self, at: usize) {
        let Some(offset) = self.offsets.get(at).map(|offset| offset.load(Relaxed)) else { return };
        let copy = &mut self.copies[at % COPIES][..self.size];
        let before = u64::from(offset > self.ends.start);
        let begin = self.mapping.copy(offset - before, copy).unwrap_or(ROOM);
        // The file may have been written anew.
        let is_line = before == 0 || copy.get(begin) == Some(&self.ends.terminator);
        self.begins[at % COPIES] = if is_line { begin + before as usize } else { ROOM };
    }
}
