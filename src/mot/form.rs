//! What columns 5 and 6 hold.

use super::{Detection, LineError, parse_line};

/// What columns 5 and 6 hold: some tools write edges where the format has sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Width and height.
    #[default]
    Sizes,
    /// The right and the bottom edge.
    Corners,
}

impl Form {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Sizes => Self::Corners,
            Self::Corners => Self::Sizes,
        }
    }

    /// What columns 5 and 6 are called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sizes => "width and height",
            Self::Corners => "right and bottom edges",
        }
    }

    /// Makes widths and heights of what was read as such.
    #[inline]
    pub fn apply(self, detections: &mut [Detection]) {
        if self == Self::Corners {
            for detection in detections {
                detection.width -= detection.left;
                detection.height -= detection.top;
            }
        }
    }

    /// Reads a line of this form.
    ///
    /// ```
    /// use motscope::mot::Form;
    ///
    /// let (_, detection, _) = Form::Corners.parse_line(b"1,7,100,50,140,130")?;
    /// assert_eq!((detection.width, detection.height), (40.0, 80.0));
    /// # Ok::<(), motscope::mot::LineError>(())
    /// ```
    ///
    /// # Errors
    /// As [`parse_line`].
    pub fn parse_line(self, line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
        let (frame, mut detection, columns) = parse_line(line)?;
        self.apply(std::slice::from_mut(&mut detection));
        Ok((frame, detection, columns))
    }
}
