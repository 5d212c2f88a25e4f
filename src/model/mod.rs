//! The vocabulary of annotations: what a box, a track and a class are, whatever format they come from.

mod class_names;
mod detection;
mod layer;
mod source;
mod track_id;

pub use class_names::ClassNames;
pub(crate) use class_names::{FIRST_NAMED, MAX_NAMES};
pub use detection::{Detection, FrameDetections, MAX_FRAME, WorldPoint};
pub use layer::{LayerId, Role};
pub use source::{AnnotationSource, ReadError};
pub use track_id::{NoTrackId, TrackId};

use std::ops::RangeInclusive;

/// Frames a second that a sequence may have.
pub const FRAME_RATES: RangeInclusive<f64> = 0.001..=100_000.0;
