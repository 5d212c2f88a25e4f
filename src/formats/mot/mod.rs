//! Text formats of tracking data.
//!
//! A MOT file has a line a box: `frame, id, left, top, width, height, confidence, …`, in any
//! order. [`Index`](super::lines::Index) finds the lines of each frame in one pass, [`MotProvider`] reads just those
//! of the frame asked for, and [`check()`] reads everything and names what can't be read.
//!
//! ```
//! use motscope::{
//!     formats::{lines::Index, mot::{MotFile, MotProvider}},
//!     model::TrackId,
//! };
//! use std::sync::Arc;
//!
//! let text = b"1,7,10,20,30,40,0.9\n2,7,11,20,30,40,0.8\n1,8,90,20,30,40,0.7\n";
//! let source = Arc::new(MotFile::from_memory("example.txt", text)?);
//! let index = Index::build(&source, &mut ()).expect("nothing cancels it");
//! assert!(!index.is_sorted());
//!
//! let provider = MotProvider::new(source, Arc::new(index));
//! let ids: Vec<TrackId> = provider.load_frame(1)?.detections.iter().map(|d| d.id).collect();
//! assert_eq!(ids, [7, 8]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod check;
mod columns;
mod error;
mod file;
mod line;
mod reading;

pub use check::{Doubt, DoubtKind, Findings, check};
pub use columns::{Columns, ColumnsError, HeaderError, MAX_COLUMNS, Role};
pub use error::{MotError, SkippedLine};
pub use file::MotFile;
pub use line::{LineError, LineErrorKind, is_header, parse_frame, parse_line};
pub use reading::{Origin, Reading};

/// The frames of a MOT file, for the cache.
pub type MotProvider = super::lines::LineProvider<MotFile>;

#[cfg(test)]
mod tests;
