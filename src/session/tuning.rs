//! Settings of the caches while they run, and what others would have made of the same walk.

use super::{JUMPS, SharedLog, frame_table::FrameTable, predictor::OverExistingFrames};
use crate::{
    cache::{
        Access, AccessPredictor, Asking, Cache, DataProvider, EvictionPolicy, Key, Largest, Limits,
        NoPrediction, Oldest, Scenario, Smallest,
        predictors::{Adaptive, DistanceDecay, DynamicData, DynamicDistanceDecay, Hints},
        simulate,
    },
    inspector::{CacheKind, Eviction, Frames, Origin, Predictor, Tuning},
    media::Pictures,
};
use parking_lot::RwLock;
use std::{
    num::NonZero,
    sync::{Arc, OnceLock},
    thread,
    time::{Duration, Instant},
};

/// Navigations that the predictors get to see.
const HISTORY: usize = 30;

pub(super) fn limits(tuning: Tuning) -> Limits {
    Limits {
        max_keys_cached: tuning.max_keys,
        max_bytes: megabytes(tuning) * 1_000_000,
        max_keys_prefetched: tuning.ahead,
        history_size: HISTORY,
    }
}

/// Megabytes that a cache may take: as it is set, or a share of what the machine has.
#[must_use]
pub fn megabytes(tuning: Tuning) -> u64 {
    /// Between these, whatever the machine has: room for some pictures, and none for waste.
    const RANGE: (u64, u64) = (256, 4096);
    static SHARE: OnceLock<u64> = OnceLock::new();
    if tuning.max_megabytes > 0 {
        return tuning.max_megabytes;
    }
    *SHARE.get_or_init(|| {
        let mut system = sysinfo::System::new();
        system.refresh_memory();
        (system.total_memory() / 1_000_000 / 8).clamp(RANGE.0, RANGE.1)
    })
}

pub(super) fn workers(tuning: Tuning) -> usize {
    if tuning.workers > 0 {
        return tuning.workers;
    }
    // One core stays free for the window.
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.saturating_sub(1).clamp(1, 8)
}

/// A predictor that thinks in steps over the frames that exist.
pub(super) fn predictor(
    chosen: Predictor,
    frames: &Arc<RwLock<Arc<Frames>>>,
    hints: &Hints,
    looked_at: &Hints,
) -> Arc<dyn AccessPredictor> {
    let possible_jumps = || JUMPS.to_vec();
    let inner: Arc<dyn AccessPredictor> = match chosen {
        Predictor::Adaptive => Arc::new(Adaptive {
            possible_jumps: possible_jumps(),
            hints: hints.clone(),
            ..Adaptive::default()
        }),
        Predictor::DynamicData => {
            Arc::new(DynamicData { possible_jumps: possible_jumps(), ..DynamicData::default() })
        }
        Predictor::DynamicDistanceDecay => Arc::new(DynamicDistanceDecay::default()),
        Predictor::DistanceDecay => Arc::new(DistanceDecay::default()),
        Predictor::None => Arc::new(NoPrediction),
    };
    Arc::new(OverExistingFrames { inner, frames: Arc::clone(frames), looked_at: looked_at.clone() })
}

pub(super) fn policy(chosen: Eviction) -> Arc<dyn EvictionPolicy> {
    match chosen {
        Eviction::Oldest => Arc::new(Oldest),
        Eviction::Largest => Arc::new(Largest),
        Eviction::Smallest => Arc::new(Smallest),
    }
}

/// A cache before a provider, as it is set up at first.
pub(super) fn cache<P: DataProvider>(
    table: &Arc<FrameTable>,
    log: &SharedLog,
    provider: P,
    kind: CacheKind,
) -> Cache<P> {
    let tuning = Tuning::of(kind);
    let origin = match kind {
        CacheKind::Annotations => Origin::Annotations,
        CacheKind::Pictures => Origin::Pictures,
    };
    let (log, weak) = (log.clone(), Arc::downgrade(table));
    let predictor = table_predictor(tuning.predictor, table, kind);
    let cache = Cache::builder(provider, predictor)
        .eviction(policy(tuning.eviction))
        .workers(workers(tuning))
        .on_event(move |event| {
            log.cache_event(origin, event);
            if let Some(table) = weak.upgrade() {
                table.tell_of(event);
            }
        })
        .build();
    cache.set_limits(limits(tuning));
    cache
}

/// A predictor of the frames of a sequence. Boxes of frames that are looked at besides take no cache.
fn table_predictor(
    chosen: Predictor,
    table: &FrameTable,
    kind: CacheKind,
) -> Arc<dyn AccessPredictor> {
    match kind {
        CacheKind::Annotations => predictor(chosen, &table.frames, &table.hints, &Hints::default()),
        CacheKind::Pictures => predictor(chosen, &table.frames, &table.hints, &table.looked_at),
    }
}

/// A change of settings.
pub(super) struct Tuned<'a> {
    pub kind: CacheKind,
    pub before: Tuning,
    pub tuning: Tuning,
    pub table: &'a FrameTable,
}

impl Tuned<'_> {
    pub fn apply<P: DataProvider>(&self, cache: &Cache<P>) {
        let (before, now) = (self.before, self.tuning);
        if limits(before) != limits(now) {
            cache.set_limits(limits(now));
            cache.replan();
        }
        if before.workers != now.workers {
            cache.set_workers(workers(now));
        }
        if before.eviction != now.eviction {
            cache.set_eviction(policy(now.eviction));
        }
        if before.predictor != now.predictor {
            cache.set_predictor(table_predictor(now.predictor, self.table, self.kind));
        }
    }
}

/// Where the person went, bounded.
#[derive(Default)]
pub(super) struct Walk {
    began: Option<Instant>,
    accesses: std::collections::VecDeque<(f64, u32)>,
    total: u64,
}

/// Navigations recorded at most; the oldest are forgotten.
pub const MAX_WALK: usize = 10_000;
/// The last navigations that are replayed.
pub const MAX_REPLAYED: usize = 2000;

impl Walk {
    /// Notes a navigation, unless it leads to where the last one did.
    pub fn went_to(&mut self, frame: u32) {
        if self.accesses.back().is_some_and(|(_, last)| *last == frame) {
            return;
        }
        let began = *self.began.get_or_insert_with(Instant::now);
        if self.accesses.len() == MAX_WALK {
            self.accesses.pop_front();
        }
        self.accesses.push_back((began.elapsed().as_secs_f64(), frame));
        self.total += 1;
    }

    /// Navigations since the beginning.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Seconds and frames.
    pub fn accesses(&self) -> impl ExactSizeIterator<Item = (f64, u32)> + DoubleEndedIterator {
        self.accesses.iter().copied()
    }
}

/// What is needed to replay a walk: a copy, for a thread of its own.
pub struct WhatIf {
    pub(super) walk: Vec<Access>,
    pub(super) tuning: Tuning,
    pub(super) load_times: Vec<Duration>,
    pub(super) weight: u64,
    pub(super) frames: Arc<RwLock<Arc<Frames>>>,
    pub(super) hints: Hints,
    /// Where it is about pictures.
    pub(super) pictures: Option<Pictures>,
}

/// How one setting would have done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replayed {
    /// Who would have guessed.
    pub predictor: Predictor,
    /// Who would have gone.
    pub eviction: Eviction,
    /// Share of the navigations that would have been hits, from 0 to 1.
    pub hit_rate: f64,
    /// Loads that would have begun.
    pub loads: u64,
    /// Of these, loads that nobody would have read.
    pub wasted: u64,
}

impl WhatIf {
    /// How many navigations it replays.
    #[must_use]
    pub fn navigations(&self) -> usize {
        self.walk.len()
    }

    /// Replays the walk with every predictor and policy, the best first: on a simulated clock, with
    /// the load times that were measured.
    #[must_use]
    pub fn run(&self) -> Vec<Replayed> {
        let mut replayed = Vec::new();
        for predictor in Predictor::ALL {
            for eviction in Eviction::ALL {
                replayed.push(self.replay(predictor, eviction));
            }
        }
        replayed.sort_by(|a, b| b.hit_rate.total_cmp(&a.hit_rate).then(a.loads.cmp(&b.loads)));
        replayed
    }

    fn replay(&self, chosen: Predictor, eviction: Eviction) -> Replayed {
        let frames = Arc::clone(&self.frames.read());
        let scenario = Scenario {
            asking: Asking::GoesOn,
            limits: limits(self.tuning),
            workers: workers(self.tuning),
            predictor: &predictor(chosen, &self.frames, &self.hints, &Hints::default()),
            eviction: &policy(eviction),
            load_time: &|key| self.load_time(key),
            weight: &|_| self.weight,
            exists: &|key| {
                u32::try_from(key).is_ok_and(|frame| match &self.pictures {
                    Some(pictures) => pictures.has(frame),
                    None => frames.exists(frame),
                })
            },
        };
        let stats = simulate(&self.walk, &scenario).stats;
        Replayed {
            predictor: chosen,
            eviction,
            hit_rate: stats.hit_rate().unwrap_or(0.0),
            loads: stats.loads,
            wasted: stats.wasted + stats.unread,
        }
    }

    /// One of the times that were measured, the same for a key in every replay.
    fn load_time(&self, key: Key) -> Duration {
        let place = key.wrapping_mul(2_654_435_761) >> 7;
        let some = self.load_times.len().max(1) as u64;
        self.load_times.get((place % some) as usize).copied().unwrap_or_default()
    }
}
