//! What makes it look as if the columns of a file held something else than they are read as: it reads
//! without a single error, and shows nothing that makes sense.

use crate::formats::mot::Columns;
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// What looks odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtKind {
    /// Coordinates are shares of the picture's size.
    Shares,
    /// Columns 5 and 6 are the right and bottom edge.
    Corners,
    /// Column 1 is the id, and column 2 the frame.
    Swapped,
    /// Column 1 is the camera, column 2 the id, column 3 the frame.
    FrameThird,
    /// Column 2 says little, column 3 is the id.
    IdThird,
    /// Column 3 is the class.
    ClassThird,
    /// Column 2 is the class.
    ClassSecond,
    /// Column 7 is the class.
    ClassSeventh,
    /// There is no id: the box begins in column 2, and column 6 is the confidence.
    NoId,
    /// The box begins in column 2, and the last column is the id.
    IdLast,
    /// Columns 7 to 10 are those of `VisDrone`.
    VisDrone,
    /// The columns are those of UAVDT's `gt_whole`.
    Uavdt,
    /// What is read as the confidence can be none.
    Confidence,
    /// What is read as the class can be none.
    Class,
    /// What is read as the visibility can be none.
    Visibility,
    /// The first lines looked like another format than the rest.
    Beginning,
    /// A header names other columns, and was not there when the file was opened.
    LateHeader,
    /// A header in the middle of the file names other columns.
    SecondHeader,
}

/// That a file seems to hold something else, and how it could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What looks odd.
    pub kind: DoubtKind,
    /// The columns that would fit better, if some would.
    pub columns: Option<Columns>,
}

impl Doubt {
    /// In a few words.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.kind {
            DoubtKind::Shares => "Coordinates look like shares of the picture, not pixels",
            DoubtKind::Corners => {
                "Columns 5 and 6 look like right and bottom, not width and height"
            }
            DoubtKind::Swapped => "Columns 1 and 2 look like id and frame, not frame and id",
            DoubtKind::FrameThird => "Column 3 looks like the frame, not the left edge",
            DoubtKind::IdThird => "Column 3 looks like the id, not the left edge",
            DoubtKind::ClassThird => "Column 3 looks like a class, not the left edge",
            DoubtKind::ClassSecond => "Column 2 looks like a class, not an id",
            DoubtKind::ClassSeventh => "Column 7 looks like a class, not a confidence",
            DoubtKind::NoId => "Column 2 looks like the left edge, not an id",
            DoubtKind::IdLast => {
                "The last column looks like the id, and column 2 like the left edge"
            }
            DoubtKind::VisDrone => {
                "Columns 7 to 10 look like VisDrone's: score, category, truncation, occlusion"
            }
            DoubtKind::Uavdt => {
                "Columns 7 to 9 look like UAVDT's: out-of-view, occlusion, category"
            }
            DoubtKind::Confidence => "What is read as the confidence can be none",
            DoubtKind::Class => "What is read as the class can be none",
            DoubtKind::Visibility => "What is read as the visibility can be none",
            DoubtKind::Beginning => "The first lines look like another format than the rest",
            DoubtKind::LateHeader => "A header names the columns otherwise: reload the file",
            DoubtKind::SecondHeader => "A header further down names other columns",
        }
    }

    /// What makes it look so, and what to do, in a few sentences.
    #[must_use]
    pub fn about(&self) -> String {
        let reason = match self.kind {
            DoubtKind::Shares => {
                return "Every box lies within one pixel, as shares of the picture's size do. Multiply \
                        columns 3 to 6 by the picture's width and height: they are read as pixels."
                    .to_owned();
            }
            DoubtKind::LateHeader => {
                return "It was written after the file was opened, and its lines are read in the MOT format's \
                        order as yet."
                    .to_owned();
            }
            DoubtKind::SecondHeader => {
                return "The lines below it are read as those above it: two files may have been put together. \
                        Open each of them on its own."
                    .to_owned();
            }
            DoubtKind::Corners => {
                "They are larger than columns 3 and 4 in every line, and column 5 grows with column 3, as right \
                 and bottom edges do."
            }
            DoubtKind::Swapped => {
                "Boxes of one number in column 1 move little from one number in column 2 to the next, and \
                 not the other way round."
            }
            DoubtKind::FrameThird => {
                "It holds whole numbers, and boxes of one number in column 2 move little from one of them \
                 to the next. Column 1 may be a camera: boxes of one number in column 2 share it."
            }
            DoubtKind::IdThird => {
                "It holds whole numbers, column 2 always the same, and column 7 what could be a height."
            }
            DoubtKind::ClassThird => {
                "It holds a few small whole numbers that stay with a track, and column 7 what could be a \
                 height."
            }
            DoubtKind::ClassSecond => {
                "It holds a few numbers, and many boxes of one frame share one of them."
            }
            DoubtKind::ClassSeventh => {
                "It holds a few whole numbers that stay with a track, and some are above 1."
            }
            DoubtKind::NoId => {
                "Column 6 holds what could be a confidence, but no heights: none is above 1."
            }
            DoubtKind::IdLast => {
                "Boxes of one number in it move little from frame to frame, and those of one number in column 2 \
                 do not."
            }
            DoubtKind::VisDrone => {
                "Column 8 stays with a track and could be a category, columns 9 and 10 hold what could be flags; \
                 but it could be a place in the world, too, as which it is read."
            }
            DoubtKind::Uavdt => {
                "What would be the class changes within tracks, and the confidence and the visibility are \
                 always 1."
            }
            DoubtKind::Confidence => {
                "Shares go up to 1, percents up to 100, and few scores of detectors further: here, many are \
                 beyond 100, or some beyond 255."
            }
            DoubtKind::Class => "Some values are above 10,000 or below -1.",
            DoubtKind::Visibility => "Some values are not between 0 and 1.",
            DoubtKind::Beginning => "Later lines hold values there that do not belong to it.",
        };
        match self.columns {
            Some(columns) => format!(
                "{reason} The window can read them so (Problems), and --columns {columns} on the command \
                 line."
            ),
            None => {
                format!("{reason} Name the columns with --columns, with _ for what is passed over.")
            }
        }
    }
}

impl Serialize for Doubt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Doubt", 3)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.serialize_field("title", self.title())?;
        fields.serialize_field("columns", &self.columns.map(|columns| columns.to_string()))?;
        fields.end()
    }
}

#[cfg(test)]
mod tests;
