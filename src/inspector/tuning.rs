//! How a cache is set up, as far as a person may change it while it runs.

use super::CacheKind;
use serde::{Deserialize, Serialize};

/// Which predictor guesses what comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predictor {
    /// Learns how somebody moves.
    #[default]
    Adaptive,
    /// The Python library's for buttons.
    DynamicData,
    /// The Python library's for playback.
    DynamicDistanceDecay,
    /// The nearer, the likelier.
    DistanceDecay,
    /// Expects nothing.
    None,
}

impl Predictor {
    /// In the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Adaptive,
        Self::DynamicData,
        Self::DynamicDistanceDecay,
        Self::DistanceDecay,
        Self::None,
    ];

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Adaptive => "Adaptive",
            Self::DynamicData => "Buttons",
            Self::DynamicDistanceDecay => "Playback",
            Self::DistanceDecay => "Nearest",
            Self::None => "None",
        }
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Adaptive => "Learns strides, jumps and drags from the last navigations",
            Self::DynamicData => {
                "Expects the frames that the buttons lead to, and those ahead (dynamic_data)"
            }
            Self::DynamicDistanceDecay => {
                "Expects the frames ahead, and some behind (dynamic_distance_decay)"
            }
            Self::DistanceDecay => "Expects the nearest frames on both sides (distance_decay)",
            Self::None => "Loads only what is asked for",
        }
    }
}

/// Which of equally unlikely frames goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eviction {
    /// The one that was loaded first.
    #[default]
    Oldest,
    /// The heaviest.
    Largest,
    /// The lightest.
    Smallest,
}

impl Eviction {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Oldest, Self::Largest, Self::Smallest];

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Oldest => "Oldest",
            Self::Largest => "Largest",
            Self::Smallest => "Smallest",
        }
    }
}

/// How a cache is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tuning {
    /// Who guesses.
    pub predictor: Predictor,
    /// Who goes.
    pub eviction: Eviction,
    /// Frames in memory at most.
    pub max_keys: usize,
    /// Megabytes in memory at most; 0: an eighth of what the machine has.
    pub max_megabytes: u64,
    /// Frames planned ahead.
    pub ahead: usize,
    /// Threads that load; 0: as many as the machine has cores, but one.
    pub workers: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self::of(CacheKind::Annotations)
    }
}

impl Tuning {
    /// What each may be at most.
    pub const MOST_KEYS: usize = 100_000;
    /// What each may be at most.
    pub const MOST_MEGABYTES: u64 = 64_000;
    /// What each may be at most.
    pub const MOST_AHEAD: usize = 500;
    /// What each may be at most.
    pub const MOST_WORKERS: usize = 16;

    /// What a cache begins with.
    #[must_use]
    pub fn of(kind: CacheKind) -> Self {
        let usual = Self {
            predictor: Predictor::default(),
            eviction: Eviction::default(),
            // Boxes are small; this is room for a thousand frames of a thousand boxes.
            max_keys: 1000,
            max_megabytes: 128,
            ahead: 20,
            workers: 1,
        };
        match kind {
            CacheKind::Annotations => usual,
            // What bounds them is their memory.
            CacheKind::Pictures => Self { max_keys: 4000, max_megabytes: 0, workers: 0, ..usual },
        }
    }

    /// Within what is possible.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            max_keys: self.max_keys.clamp(1, Self::MOST_KEYS),
            max_megabytes: self.max_megabytes.min(Self::MOST_MEGABYTES),
            ahead: self.ahead.min(Self::MOST_AHEAD),
            workers: self.workers.min(Self::MOST_WORKERS),
            ..self
        }
    }
}
