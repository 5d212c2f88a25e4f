//! An annotation file over the picture, among others.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of a layer, from 1. It stays a layer's own as long as its sequence is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerId(pub u32);

impl LayerId {
    /// The layer that a sequence is opened with.
    pub const FIRST: Self = Self(1);
}

impl fmt::Display for LayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a layer's boxes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What is right, as people have annotated it.
    GroundTruth,
    /// What a detector found: boxes without identity.
    Detections,
    /// What a tracker made of it.
    #[default]
    Result,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GroundTruth, Self::Detections, Self::Result];

    /// The next in order.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::GroundTruth => Self::Detections,
            Self::Detections => Self::Result,
            Self::Result => Self::GroundTruth,
        }
    }

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::GroundTruth => "Ground truth",
            Self::Detections => "Detections",
            Self::Result => "Result",
        }
    }

    /// In as little room as it takes.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::GroundTruth => "GT",
            Self::Detections => "Det",
            Self::Result => "Res",
        }
    }
}
