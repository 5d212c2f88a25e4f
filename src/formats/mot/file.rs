//! A MOT file: lines of text, and how their columns are read.

use super::{
    Columns, LineError, LineErrorKind, MotError, Origin, Reading, Role,
    line::{Mapped, Usual},
};
use crate::formats::lines::{LineFormat, LineParser, NoText, Shifted, TextFile, Work};
use crate::model::Detection;
use std::{
    borrow::Cow,
    ops::Deref,
    path::{Path, PathBuf},
};

/// A file of lines, a box each, and how they are read.
#[derive(Debug)]
pub struct MotFile {
    text: TextFile,
    /// Lines before the first.
    lines_before: u64,
    usual: bool,
    reading: Reading,
    /// Frames that each line is later than it says.
    shift: i32,
}

impl MotFile {
    /// Opens a file.
    ///
    /// # Errors
    /// Where the file can't be opened, is a folder, or is UTF-16 or UTF-32 text.
    pub fn open(path: &Path) -> Result<Self, MotError> {
        Self::new(path, TextFile::open(path))
    }

    /// Bytes in memory, borrowed for as long as the program lives or owned, shown under the name `path`.
    ///
    /// # Errors
    /// Where they are UTF-16 or UTF-32 text.
    pub fn from_memory(
        path: impl Into<PathBuf>,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, MotError> {
        let path = path.into();
        Self::new(&path, TextFile::from_memory(path.clone(), bytes))
    }

    fn new(path: &Path, text: Result<TextFile, NoText>) -> Result<Self, MotError> {
        let path = path.to_owned();
        let text = text.map_err(|error| match error {
            NoText::Encoding(encoding) => MotError::Encoding { path, encoding },
            NoText::Read(source) => MotError::Open { path, source },
        })?;
        Ok(Self { text, lines_before: 0, usual: true, reading: Reading::default(), shift: 0 })
    }

    /// The same, read in another way. A header ends at `start`, behind so many lines.
    pub(super) fn with_reading(self, reading: Reading, start: u64, lines_before: u64) -> Self {
        // What a header does not name is none of the further columns of the MOT format.
        let ragged = reading.header.as_ref().is_some_and(|header| header.ragged);
        let usual = reading.columns.is_usual() && !ragged;
        let text = self.text.starting_at(start);
        Self { text, lines_before, usual, reading, shift: self.shift }
    }

    /// The same with each frame so many later than its lines say, or where negative, earlier: for files that
    /// count frames from elsewhere. Lines whose frames would be below 0 can't be read.
    ///
    /// ```
    /// use motscope::formats::mot::MotFile;
    ///
    /// let source = MotFile::from_memory("from_0.txt", b"")?.with_shift(1);
    /// assert_eq!(source.frame_of(b"0,7,100,50,40,80"), Some(1));
    /// # Ok::<(), motscope::formats::mot::MotError>(())
    /// ```
    #[must_use]
    pub fn with_shift(self, shift: i32) -> Self {
        Self { shift, ..self }
    }

    /// How many frames later each line is than it says.
    #[must_use]
    pub fn shift(&self) -> i32 {
        self.shift
    }

    /// The same, with other columns than the usual ones.
    #[must_use]
    pub fn with_columns(self, columns: Columns) -> Self {
        let (start, lines_before) = (self.text.start(), self.lines_before);
        self.with_reading(Reading { columns, ..Reading::default() }, start, lines_before)
    }

    /// How its lines are read.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// What reads its lines where they are not the usual ones.
    pub(super) fn mapped(&self) -> Mapped<'_> {
        let header = self.reading.header.as_ref().filter(|_| self.reading.origin == Origin::Header);
        let most = header.map_or(usize::MAX, |header| header.names.len());
        Mapped { columns: &self.reading.columns, names: &self.reading.classes, most }
    }

    /// Reads a line: its frame number, its box and how many columns it has.
    ///
    /// ```
    /// use motscope::formats::mot::{Columns, MotFile};
    ///
    /// let source = MotFile::from_memory("edges.txt", b"")?.with_columns(Columns::CORNERS);
    /// let (_, detection, _) = source.parse_line(b"1,7,100,50,140,130").expect("a box");
    /// assert_eq!((detection.width, detection.height), (40.0, 80.0));
    /// # Ok::<(), motscope::formats::mot::MotError>(())
    /// ```
    ///
    /// # Errors
    /// The first column that can't be read.
    #[inline]
    pub fn parse_line(&self, line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
        let (frame, detection, columns) =
            if self.usual { Usual.parse(line)? } else { self.mapped().parse(line)? };
        if self.shift == 0 {
            return Ok((frame, detection, columns));
        }
        let frame = frame.checked_add_signed(self.shift).ok_or_else(|| self.before_0(frame))?;
        Ok((frame, detection, columns))
    }

    /// The frame number of a line, if it has one.
    #[must_use]
    pub fn frame_of(&self, line: &[u8]) -> Option<u32> {
        let frame = if self.usual { Usual.frame_of(line) } else { self.mapped().frame_of(line) };
        frame?.checked_add_signed(self.shift)
    }

    /// That a frame would be below 0.
    #[cold]
    fn before_0(&self, frame: u32) -> LineError {
        let column = self.reading.columns.place(Role::Frame).map_or(1, |place| place + 1);
        let text = (i64::from(frame) + i64::from(self.shift)).to_string();
        LineError { column, role: Role::Frame, kind: LineErrorKind::FrameOutOfRange(text) }
    }

    /// Lines of the file before the one that begins at [`TextFile::start`]: a header, and what stands before it.
    #[must_use]
    pub fn lines_before(&self) -> u64 {
        self.lines_before
    }
}

impl Deref for MotFile {
    type Target = TextFile;

    fn deref(&self) -> &TextFile {
        &self.text
    }
}

impl LineFormat for MotFile {
    fn text(&self) -> &TextFile {
        &self.text
    }

    #[inline]
    fn work<W: Work>(&self, work: W) -> W::Output {
        // The usual columns are compiled as if there were no others.
        match (self.usual, self.shift) {
            (true, 0) => work.run(Usual),
            (true, by) => work.run(Shifted { inner: Usual, by }),
            (false, by) => work.run(Shifted { inner: self.mapped(), by }),
        }
    }
}
