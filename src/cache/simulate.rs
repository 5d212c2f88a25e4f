//! A recorded walk, replayed through the cache's own core on a simulated clock: what another
//! predictor, policy or limit would have made of it, told at once.

use super::{
    AccessPredictor, EntryInfo, EvictionPolicy, Key, Limits, Stats,
    state::{Core, Job, Loaded, Lookup, PlanJob, Purpose, Ticket},
};
use std::{convert::Infallible, sync::Arc, time::Duration};

/// One navigation of a recorded walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Access {
    /// When, from the beginning of the walk.
    pub at: Duration,
    /// Where to.
    pub key: Key,
}

/// How the walker asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// As [`Cache::get`](super::Cache::get): a miss is loaded on the walker's own thread, and the
    /// next navigation comes no earlier than its end.
    Waits,
    /// As [`Cache::request`](super::Cache::request): the walker goes on, and the workers load.
    GoesOn,
}

/// A cache that never was, before a source that takes as long as it is said to.
#[derive(Clone, Copy)]
pub struct Scenario<'a> {
    /// How the walker asks.
    pub asking: Asking,
    /// What bounds the cache.
    pub limits: Limits,
    /// Threads that load.
    pub workers: usize,
    /// Scores what comes next. Predicting takes no simulated time.
    pub predictor: &'a dyn AccessPredictor,
    /// Breaks ties between unlikely keys.
    pub eviction: &'a dyn EvictionPolicy,
    /// How long a load takes.
    pub load_time: &'a dyn Fn(Key) -> Duration,
    /// What a value weighs, in bytes.
    pub weight: &'a dyn Fn(Key) -> u64,
    /// Whether a key exists.
    pub exists: &'a dyn Fn(Key) -> bool,
}

/// How a simulated walk went.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Counters at its end.
    pub stats: Stats,
    /// How long each navigation waited, in their order; always zero with [`Asking::GoesOn`].
    pub waits: Vec<Duration>,
}

/// Replays `walk`, whose times ascend. Loads that have not ended with the walk count as begun.
///
/// ```
/// use motscope::cache::{Limits, NoPrediction, Oldest, predictors::DistanceDecay};
/// use motscope::cache::{Access, AccessPredictor, Asking, Scenario, simulate};
/// use std::time::Duration;
///
/// let ms = Duration::from_millis;
/// let walk: Vec<Access> = (0..50).map(|n| Access { at: ms(40 * n), key: 100 + n }).collect();
/// let hits = |predictor: &dyn AccessPredictor| {
///     let scenario = Scenario {
///         asking: Asking::Waits,
///         limits: Limits::default(),
///         workers: 1,
///         predictor,
///         eviction: &Oldest,
///         load_time: &|_| ms(12),
///         weight: &|_| 1,
///         exists: &|_| true,
///     };
///     simulate(&walk, &scenario).stats.hits
/// };
/// assert_eq!(hits(&NoPrediction), 0);
/// assert!(hits(&DistanceDecay::default()) > 45);
/// ```
#[must_use]
pub fn simulate(walk: &[Access], scenario: &Scenario<'_>) -> Outcome {
    let mut run = Run {
        scenario,
        core: Core::new(scenario.limits),
        now: Duration::ZERO,
        current: None,
        running: Vec::new(),
        inserted: 0,
    };
    let mut waits = Vec::with_capacity(walk.len());
    for access in walk {
        run.advance(access.at);
        let asked = run.now;
        run.navigate(access.key);
        waits.push(run.now.saturating_sub(asked));
    }
    Outcome { stats: run.core.stats(), waits }
}

type Load = Ticket<(), Infallible>;

struct Run<'a> {
    scenario: &'a Scenario<'a>,
    core: Core<(), Infallible>,
    now: Duration,
    current: Option<Key>,
    /// What workers are at, and when each began and ends.
    running: Vec<(Duration, Duration, Load)>,
    inserted: u64,
}

impl Run<'_> {
    fn navigate(&mut self, key: Key) {
        self.core.navigate(key);
        self.current = Some(key);
        let found = self.core.access(key);
        match (found, self.scenario.asking) {
            (Lookup::Ready(_), _) => self.dispatch(),
            (_, Asking::GoesOn) => {
                self.core.demand(key);
                self.dispatch();
            }
            (Lookup::Pending, Asking::Waits) => {
                let slot = self.core.join(key);
                self.dispatch();
                while slot.as_ref().is_some_and(|slot| slot.get().is_none()) && self.finish_next() {
                }
            }
            (Lookup::Failed(_) | Lookup::Absent, Asking::Waits) => {
                let ticket = self.core.start(key, Purpose::Demand);
                self.core.join(key);
                let end = self.now + (self.scenario.load_time)(key);
                let began = self.now;
                self.dispatch();
                self.advance(end);
                self.finish(began, &ticket);
            }
        }
        self.core.mark_read(key);
    }

    /// Lets time pass up to `until`.
    fn advance(&mut self, until: Duration) {
        while self.running.iter().any(|(_, end, _)| *end <= until) && self.finish_next() {}
        self.now = self.now.max(until);
    }

    /// Lets time pass up to the end of the next load. Answers whether there was one.
    fn finish_next(&mut self) -> bool {
        let ends = self.running.iter().map(|(_, end, _)| *end).enumerate();
        let Some((at, end)) = ends.min_by_key(|(_, end)| *end) else { return false };
        self.now = self.now.max(end);
        let (began, _, ticket) = self.running.swap_remove(at);
        self.finish(began, &ticket);
        true
    }

    fn finish(&mut self, began: Duration, ticket: &Load) {
        let key = ticket.key;
        self.inserted += 1;
        let weight = (self.scenario.weight)(key);
        let rank = self.scenario.eviction.rank(&EntryInfo { key, inserted: self.inserted, weight });
        let loaded = Loaded { value: Arc::new(()), weight, rank };
        self.core.finish(ticket, Ok(loaded), self.now.saturating_sub(began));
        if self.current == Some(key) {
            // Whoever went on without it sees it now.
            self.core.mark_read(key);
        }
        self.dispatch();
    }

    /// Gives every free worker something to do.
    fn dispatch(&mut self) {
        while self.running.len() < self.scenario.workers.max(1) {
            match self.core.next_job() {
                Job::Load(ticket) => {
                    let end = self.now + (self.scenario.load_time)(ticket.key);
                    self.running.push((self.now, end, ticket));
                }
                Job::Plan(job) => self.plan(&job),
                Job::Wait | Job::Exit => break,
            }
        }
        // With every worker busy, the plan is made all the same: whoever ends a load first
        // would make it, and what falls out of it would be told to stop.
        if let Some(job) = self.core.plan_job() {
            self.plan(&job);
        }
        // Nobody listens.
        while self.core.next_event().is_some() {}
        self.core.take_dropped();
    }

    fn plan(&mut self, job: &PlanJob) {
        let mut likelihoods = self.scenario.predictor.likelihoods(job.current, &job.history);
        likelihoods.retain(|key, _| (self.scenario.exists)(*key));
        self.core.install_plan(job.generation, likelihoods);
    }
}
