//! Lines that stand here and there: copied from a mapping where there is one, else read by position.

use super::{
    TextFile,
    copied::{CopiedLines, Ends},
    text::{LONGEST_LINE, TAIL},
};
use crate::storage::Mapping;
use memchr::memchr;
use std::{
    io,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// Where lines are.
pub(super) struct Places<'a> {
    /// Where each begins; those [`NOWHERE`] are none.
    pub offsets: &'a [AtomicU64],
    /// The file, if it is mapped.
    pub mapping: Option<&'a Mapping>,
    /// Bytes that most lines have, at most.
    pub usual: usize,
    /// How far the file reached.
    pub to: u64,
}

/// No place of a line.
pub(super) const NOWHERE: u64 = u64::MAX;
/// Lines that are read one after the other, without a mapping.
const FEW: usize = 64;

impl TextFile {
    /// Calls `each` for each of the lines that begin at the `places`, which ascend, with a text that
    /// begins there. It may go on behind the line, or end before the line does: then `each` returns
    /// `false`, and is called again with all of the line and `true`.
    ///
    /// # Errors
    /// The operating system's; the lines before were handed out.
    pub(super) fn lines_at(
        &self,
        places: &Places<'_>,
        buffer: &mut Vec<u8>,
        mut each: impl FnMut(&[u8], bool) -> bool,
    ) -> io::Result<()> {
        let mut rest = places.offsets.iter();
        if let Some(mapping) = places.mapping {
            let ends = Ends { start: self.start(), terminator: self.terminator() };
            let mut lines = CopiedLines::new(mapping, places.offsets, ends, places.usual);
            while let Some((offset, text)) = lines.next() {
                rest.next();
                if !each(text, false) {
                    // Long, or the last of the file, or cut off.
                    self.line_at(offset, places.to, buffer, &mut each)?;
                }
            }
        }
        // Few at a time: a frame may have any number of lines.
        for offsets in rest.as_slice().chunks(FEW) {
            self.read_lines(offsets, places.to, buffer, &mut each)?;
        }
        Ok(())
    }

    /// [`Self::lines_at`], without a mapping.
    fn read_lines(
        &self,
        offsets: &[AtomicU64],
        to: u64,
        buffer: &mut Vec<u8>,
        mut each: impl FnMut(&[u8], bool) -> bool,
    ) -> io::Result<()> {
        /// Lines as near as this are read at once: cheaper than another call of the system.
        const NEAR: u64 = 1024;
        let mut rest = offsets;
        while let Some(first) = rest.first().map(|first| first.load(Relaxed)) {
            let near = |pair: &[AtomicU64]| {
                let next = pair[1].load(Relaxed).checked_sub(pair[0].load(Relaxed));
                next.is_some_and(|distance| distance <= NEAR)
            };
            let together = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
            let (group, after) = rest.split_at(together);
            if first == NOWHERE {
                rest = after;
                continue;
            }
            let last = group.last().map_or(first, |last| last.load(Relaxed));
            let from = first - u64::from(first > self.start());
            let wanted = (last - from) as usize + TAIL;
            if buffer.len() < wanted {
                buffer.resize(wanted, 0);
            }
            let filled = self.read_at(from, &mut buffer[..wanted])?;
            let mut done = 0;
            for offset in group.iter().map(|offset| offset.load(Relaxed)) {
                done += 1;
                let begin = ((offset - from) as usize).min(filled);
                let is_line = begin == 0 || buffer[begin - 1] == self.terminator();
                if !is_line || !each(&buffer[begin..filled], false) {
                    // Alone, into the same buffer: those behind it are read anew, so that the order stays.
                    self.line_at(offset, to, buffer, &mut each)?;
                    break;
                }
            }
            rest = &rest[done..];
        }
        Ok(())
    }

    /// Calls `each` with the line that begins at `offset`, if one does. Where the file ends before `to`,
    /// it was cut off: then a line without an end is none.
    fn line_at(
        &self,
        offset: u64,
        to: u64,
        buffer: &mut Vec<u8>,
        each: &mut impl FnMut(&[u8], bool) -> bool,
    ) -> io::Result<()> {
        if offset == NOWHERE {
            return Ok(());
        }
        let before = usize::from(offset > self.start());
        let from = offset - before as u64;
        let (mut filled, mut looked) = (0, before);
        while filled <= LONGEST_LINE {
            let wanted = TAIL.max(2 * filled);
            if buffer.len() < wanted {
                buffer.resize(wanted, 0);
            }
            let read = self.read_at(from + filled as u64, &mut buffer[filled..wanted])?;
            filled += read;
            if filled <= before || (before == 1 && buffer[0] != self.terminator()) {
                return Ok(());
            }
            if let Some(length) = memchr(self.terminator(), &buffer[looked..filled]) {
                each(&buffer[before..looked + length], true);
                return Ok(());
            }
            looked = filled;
            if read == 0 {
                if from + filled as u64 >= to {
                    each(&buffer[before..filled], true);
                }
                return Ok(());
            }
        }
        each(&buffer[before..before + LONGEST_LINE], true);
        Ok(())
    }
}
