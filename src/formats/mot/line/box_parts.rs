//! A box of which any two parts are known on each axis.

use crate::{
    formats::mot::Role,
    model::{Detection, TrackId, WorldPoint},
};

/// What a line says of a box, as its columns come by; "not a number" is what they don't say.
pub(super) struct BoxParts {
    pub id: TrackId,
    pub confidence: Option<f64>,
    pub class: Option<i64>,
    horizontal: Span,
    vertical: Span,
    visibility: f64,
    world: [f64; 3],
}

/// A box along one axis.
#[derive(Clone, Copy)]
struct Span {
    low: f64,
    size: f64,
    high: f64,
    middle: f64,
}

impl Span {
    const UNKNOWN: Self = Self { low: f64::NAN, size: f64::NAN, high: f64::NAN, middle: f64::NAN };

    /// Where it begins, and its size: of the two parts that are known.
    fn resolved(self) -> (f64, f64) {
        let Self { low, size, high, middle } = self;
        match (low.is_nan(), size.is_nan(), high.is_nan()) {
            (false, false, _) => (low, size),
            (false, _, false) => (low, high - low),
            (false, ..) => (low, 2.0 * (middle - low)),
            (true, false, false) => (high - size, size),
            (true, false, true) => (middle - size / 2.0, size),
            (true, true, _) => (2.0 * middle - high, 2.0 * (high - middle)),
        }
    }
}

impl Default for BoxParts {
    fn default() -> Self {
        Self {
            id: TrackId::NONE,
            confidence: None,
            class: None,
            horizontal: Span::UNKNOWN,
            vertical: Span::UNKNOWN,
            visibility: f64::NAN,
            world: [f64::NAN; 3],
        }
    }
}

impl BoxParts {
    /// Takes in a number that a column says. Frame, id and class are whole numbers, and set elsewhere.
    pub fn set(&mut self, role: Role, number: f64) {
        match role {
            Role::Left => self.horizontal.low = number,
            Role::Width => self.horizontal.size = number,
            Role::Right => self.horizontal.high = number,
            Role::CenterX => self.horizontal.middle = number,
            Role::Top => self.vertical.low = number,
            Role::Height => self.vertical.size = number,
            Role::Bottom => self.vertical.high = number,
            Role::CenterY => self.vertical.middle = number,
            Role::Confidence => self.confidence = Some(number),
            Role::Visibility => self.visibility = number,
            Role::WorldX => self.world[0] = number,
            Role::WorldY => self.world[1] = number,
            Role::WorldZ => self.world[2] = number,
            Role::Frame | Role::Id | Role::Class | Role::Unused => {}
        }
    }

    /// The box.
    pub fn detection(self) -> Detection {
        let (left, width) = self.horizontal.resolved();
        let (top, height) = self.vertical.resolved();
        Detection {
            id: self.id,
            left,
            top,
            width,
            height,
            confidence: self.confidence,
            class: self.class,
            visibility: Some(self.visibility).filter(|visibility| !visibility.is_nan()),
            world: WorldPoint::from(self.world),
        }
    }
}
