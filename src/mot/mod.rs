//! Text formats of tracking data.
//!
//! A MOT file has a line a box: `frame, id, left, top, width, height, confidence, …`, in any
//! order. [`Index`] finds the lines of each frame in one pass, [`MotProvider`] reads just those
//! of the frame asked for, and [`check()`] reads everything and names what can't be read.
//!
//! ```
//! use motscope::mot::{Index, MotProvider, Source, TrackId};
//! use std::sync::Arc;
//!
//! let text = b"1,7,10,20,30,40,0.9\n2,7,11,20,30,40,0.8\n1,8,90,20,30,40,0.7\n";
//! let source = Arc::new(Source::from_memory("example.txt", text)?);
//! let index = Index::build(&source, &mut ()).expect("nothing cancels it");
//! assert!(!index.is_sorted());
//!
//! let provider = MotProvider::new(source, Arc::new(index));
//! let ids: Vec<TrackId> = provider.load_frame(1)?.detections.iter().map(|d| d.id).collect();
//! assert_eq!(ids, [7, 8]);
//! # Ok::<(), motscope::mot::MotError>(())
//! ```

pub mod check;
mod classes;
mod columns;
mod content;
mod error;
mod index;
mod line;
mod mapping;
mod provider;
mod reading;
mod seqinfo;
mod sequence;
mod source;
mod track_id;
pub mod tracks;

pub use check::{Doubt, DoubtKind, Findings, check};
pub use classes::ClassNames;
pub use columns::{Columns, ColumnsError, HeaderError, MAX_COLUMNS, Role};
pub use content::{DRAWN, holds_video, is_binary, is_drawn};
pub use error::{MotError, SkippedLine};
pub use index::{Index, Observer};
pub use line::{
    Detection, LineError, LineErrorKind, MAX_FRAME, WorldPoint, is_header, parse_frame, parse_line,
};
pub use provider::{FrameDetections, MotProvider, ProviderStatistics};
pub use reading::{Origin, Reading};
pub use seqinfo::{FRAME_RATES, SeqInfo};
pub use sequence::{SequencePaths, VIDEO_EXTENSIONS, is_hidden, is_image, is_video};
pub use source::Source;
pub use track_id::{NoTrackId, TrackId};
pub use tracks::{Former, Piece, Suspicion, SuspicionKind, Track, TrackTable};

#[cfg(test)]
mod tests;
