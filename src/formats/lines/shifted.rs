//! Frame numbers that are counted from elsewhere: a parser whose frames are all so many later, or earlier.

use super::LineParser;
use crate::model::Detection;

/// Reads lines as another parser does, with each frame `by` later. A line whose frame would be below 0 has none.
#[derive(Clone, Copy)]
pub struct Shifted<P> {
    /// The other parser.
    pub inner: P,
    /// Frames later, or where negative, earlier.
    pub by: i32,
}

impl<P: LineParser> LineParser for Shifted<P> {
    /// `None`: the line can be read, and its frame would be below 0.
    type Error = Option<P::Error>;
    type Wanted = Option<P::Wanted>;

    #[inline]
    fn wanted(self, frame: u32) -> Self::Wanted {
        Some(self.inner.wanted(frame.checked_add_signed(self.by.checked_neg()?)?))
    }

    #[inline]
    fn frame_of(self, line: &[u8]) -> Option<u32> {
        self.inner.frame_of(line)?.checked_add_signed(self.by)
    }

    #[inline]
    fn quick(self, text: &[u8], at: usize, frame: Self::Wanted) -> Option<(Detection, usize)> {
        self.inner.quick(text, at, frame?)
    }

    #[inline]
    fn parse(self, line: &[u8]) -> Result<(u32, Detection, usize), Self::Error> {
        let (frame, detection, columns) = self.inner.parse(line).map_err(Some)?;
        Ok((frame.checked_add_signed(self.by).ok_or(None)?, detection, columns))
    }

    #[inline]
    fn is_blank(self, line: &[u8]) -> bool {
        self.inner.is_blank(line)
    }
}
