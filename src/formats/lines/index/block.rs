//! The lines of a frame that stand together, in one piece.

use crate::{formats::lines::TextFile, storage::Mapping};
use memchr::{memchr, memrchr};
use std::{io, ops::Range};

/// Larger ones are read piece by piece.
const LARGEST: u64 = 256 << 10;
/// Bytes behind a block, so that its last lines need not be read with care.
const BEHIND: usize = 256;

/// Whole lines.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct Block<'b> {
    /// The lines up to `end`, and more bytes, which are anything.
    pub text: &'b [u8],
    /// Where the lines end; behind a last one that has no end, a zero.
    pub end: usize,
}

/// Reads what is in `range`, where a line begins; `None` where that is too much, or ends within a line
/// that goes on. A block that holds a zero by itself is read by position, as one that was cut is.
///
/// # Errors
/// Where the file can't be read any more.
pub(super) fn read<'b>(
    file: &TextFile,
    mapping: Option<&Mapping>,
    range: Range<u64>,
    buffer: &'b mut Vec<u8>,
) -> io::Result<Option<Block<'b>>> {
    let length = range.end.saturating_sub(range.start);
    if length > LARGEST {
        return Ok(None);
    }
    // With the end of the line before, and a byte more: the last line may go on by now.
    let before = usize::from(range.start > file.start());
    let (from, length) = (range.start - before as u64, before + length as usize);
    let size = length + BEHIND;
    if buffer.len() < size {
        buffer.resize(size, 0);
    }
    let terminator = file.terminator();
    let present = mapping.filter(|mapping| mapping.is_present());
    if let Some(begin) = present.and_then(|mapping| copy(mapping, from, length, buffer)) {
        let copied = &buffer[begin..begin + length];
        let begins = before == 0 || copied.first() == Some(&terminator);
        if begins && copied.last() == Some(&terminator) {
            let text = &buffer[begin + before..];
            return Ok(Some(Block { text, end: length - before }));
        }
    }
    let read = file.read_at(from, &mut buffer[..=length])?;
    let rewritten = read < before || (before == 1 && buffer[0] != terminator);
    let end = if rewritten {
        before
    } else if read > length {
        if buffer[..length].last() != Some(&terminator) {
            return Ok(None);
        }
        length
    } else if read < length {
        // Cut off within a line: that is none.
        memrchr(terminator, &buffer[..read]).map_or(before, |end| (end + 1).max(before))
    } else {
        read
    };
    buffer[end] = 0;
    Ok(Some(Block { text: &buffer[before..], end: end - before }))
}

/// Copies so much from a mapped file and says where in the buffer it begins; `None` where something
/// happened to the file.
fn copy(mapping: &Mapping, from: u64, length: usize, buffer: &mut [u8]) -> Option<usize> {
    let size = (length + 2 * size_of::<u64>()).next_multiple_of(size_of::<u64>());
    let begin = mapping.copy(from, buffer.get_mut(..size)?)?;
    // Zeros were not there when it was indexed: the file was cut within a page, which nobody is told.
    let zero = memchr(0, buffer.get(begin..begin + length)?);
    (zero.is_none() && mapping.is_whole()).then_some(begin)
}
