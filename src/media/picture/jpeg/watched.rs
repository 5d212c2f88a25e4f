//! The bytes of a JPEG, with a note of how the decoder goes through them: it takes what is drawn four bytes at a
//! time, and passes over what is left of it one by one.

use std::{cell::Cell, ops::Range};
use zune_jpeg::zune_core::bytestream::{ZByteIoError, ZByteReaderTrait, ZCursor, ZSeekFrom};

/// How a decoder went through the bytes.
#[derive(Debug, Default)]
pub(super) struct Watch {
    furthest: Cell<usize>,
    surplus: Cell<bool>,
}

impl Watch {
    /// Where what is drawn was taken last.
    pub fn furthest(&self) -> usize {
        self.furthest.get()
    }

    /// Whether some of what is drawn was passed over.
    pub fn has_surplus(&self) -> bool {
        self.surplus.get()
    }
}

pub(super) struct Watched<'a> {
    bytes: ZCursor<&'a [u8]>,
    scans: &'a [Range<usize>],
    watch: &'a Watch,
    /// The place where bytes are taken, and how many were one by one.
    at: usize,
    singly: usize,
}

/// Bytes that a decoder takes one by one before a marker, at most.
const SINGLY: usize = 24;

impl<'a> Watched<'a> {
    pub fn new(bytes: &'a [u8], scans: &'a [Range<usize>], watch: &'a Watch) -> Self {
        Self { bytes: ZCursor::new(bytes), scans, watch, at: 0, singly: 0 }
    }

    #[cold]
    fn passed_over(&self, byte: u8) {
        // Zeros behind what is drawn are written by some devices.
        if byte != 0 && self.scans.iter().any(|scan| scan.contains(&self.at)) {
            self.watch.surplus.set(true);
        }
    }
}

impl ZByteReaderTrait for Watched<'_> {
    #[inline]
    fn read_byte_no_error(&mut self) -> u8 {
        let byte = self.bytes.read_byte_no_error();
        self.singly += 1;
        if self.singly > SINGLY {
            self.at = self.bytes.z_position().unwrap_or(0) as usize - 1;
            self.passed_over(byte);
        }
        byte
    }

    #[inline]
    fn read_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        if buf.len() == 4 {
            self.singly = 0;
            self.watch.furthest.set(self.bytes.z_position()? as usize);
            return self.bytes.read_exact_bytes(buf);
        }
        let read = self.bytes.read_exact_bytes(buf);
        self.singly += 1;
        if let ([byte], true) = (&buf, self.singly > SINGLY) {
            self.at = (self.bytes.z_position()? as usize).saturating_sub(1);
            self.passed_over(*byte);
        }
        read
    }

    #[inline]
    fn read_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        self.bytes.read_bytes(buf)
    }

    #[inline]
    fn peek_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        self.bytes.peek_bytes(buf)
    }

    #[inline]
    fn peek_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        self.bytes.peek_exact_bytes(buf)
    }

    #[inline]
    fn z_seek(&mut self, from: ZSeekFrom) -> Result<u64, ZByteIoError> {
        self.bytes.z_seek(from)
    }

    #[inline]
    fn is_eof(&mut self) -> Result<bool, ZByteIoError> {
        self.bytes.is_eof()
    }

    #[inline]
    fn z_position(&mut self) -> Result<u64, ZByteIoError> {
        self.bytes.z_position()
    }

    fn read_remaining(&mut self, sink: &mut Vec<u8>) -> Result<usize, ZByteIoError> {
        self.bytes.read_remaining(sink)
    }
}
