//! A box of a frame.

use super::TrackId;
use serde::Serialize;

/// One box of one frame, as the annotations say it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Detection {
    /// Track id; negative: no identity.
    pub id: TrackId,
    /// Left edge, in pixels of the picture.
    pub left: f64,
    /// Top edge, in pixels of the picture.
    pub top: f64,
    /// Width in pixels; zero or less is drawn as a point.
    pub width: f64,
    /// Height in pixels; zero or less is drawn as a point.
    pub height: f64,
    /// The scale is the tracker's own; -1 often stands for 'none'.
    pub confidence: Option<f64>,
    /// The class; one that the file only names has a number of [`ClassNames`](super::ClassNames).
    pub class: Option<i64>,
    /// The share that can be seen, from 0 to 1.
    pub visibility: Option<f64>,
    /// Where it stands in the world.
    #[serde(skip)]
    pub world: WorldPoint,
}

/// A place in the world, in the file's own units; or none. As small as three numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorldPoint([f64; 3]);

impl WorldPoint {
    /// No place.
    pub const NONE: Self = Self([f64::INFINITY; 3]);

    /// The place, if there is one; its numbers are finite.
    #[must_use]
    pub fn place(self) -> Option<[f64; 3]> {
        (self != Self::NONE).then_some(self.0)
    }
}

impl From<[f64; 3]> for WorldPoint {
    /// None, where one of the numbers is not finite.
    #[inline]
    fn from(place: [f64; 3]) -> Self {
        if place.iter().all(|number| number.is_finite()) { Self(place) } else { Self::NONE }
    }
}

/// The highest frame number that can be held.
pub const MAX_FRAME: u32 = u32::MAX - 1;

/// The boxes of one frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FrameDetections {
    /// In the file's order.
    pub detections: Vec<Detection>,
    /// Lines of this frame that can't be read.
    pub unreadable: u32,
}
