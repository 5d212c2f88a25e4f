//! The threads of the cache: the only place that blocks, and the only one that calls user code.
//! Every call of a provider, predictor, policy or callback happens with the lock released.

use super::{
    AccessPredictor, DataProvider, Event, EvictionPolicy, Key, Load, LoadError,
    error::panic_message,
    eviction::EntryInfo,
    predictor::Likelihoods,
    state::{Core, Job, Loaded, PlanJob, Slot, Ticket},
    sync::{self, Condvar, Mutex, MutexGuard, RwLock, thread},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// Called with every event, in order, never under a lock.
pub(super) type Callback<E> = Box<dyn Fn(&Event<E>) + Send + Sync>;

pub(super) type CoreOf<P> = Core<<P as DataProvider>::Value, <P as DataProvider>::Error>;
pub(super) type Outcome<P> =
    Result<Arc<<P as DataProvider>::Value>, LoadError<<P as DataProvider>::Error>>;

/// Values that may wait to be freed before a load waits for them to be, so that memory stays bounded
/// where freeing is slower than loading.
const MAX_UNFREED: usize = 32;

/// Heavier than any memory, and light enough for sums that do not overflow.
const MAX_WEIGHT: u64 = 1 << 48;

/// Where the predictor may be asked while a load runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Planning {
    /// On the thread that loads: it is a worker.
    Here,
    /// Not on this thread, which is a caller's.
    Elsewhere,
}

/// What the handle and the workers share.
pub(super) struct Shared<P: DataProvider> {
    core: Mutex<CoreOf<P>>,
    /// Signals workers that there may be something to do.
    work: Condvar,
    /// Signals waiting callers that a load ended, or that values were freed.
    done: Condvar,
    /// Signals the sweeper that values are out.
    out: Condvar,
    sweeper: OnceLock<thread::ThreadId>,
    pub provider: P,
    pub predictor: RwLock<Arc<dyn AccessPredictor>>,
    pub policy: RwLock<Arc<dyn EvictionPolicy>>,
    on_event: Option<Callback<P::Error>>,
    /// Held by the one thread that hands out events.
    emitting: Mutex<()>,
    inserted: AtomicU64,
}

impl<P: DataProvider> Shared<P> {
    pub fn new(
        core: CoreOf<P>,
        provider: P,
        predictor: Arc<dyn AccessPredictor>,
        policy: Arc<dyn EvictionPolicy>,
        on_event: Option<Callback<P::Error>>,
    ) -> Self {
        Self {
            core: Mutex::new(core),
            work: Condvar::new(),
            done: Condvar::new(),
            out: Condvar::new(),
            sweeper: OnceLock::new(),
            provider,
            predictor: RwLock::new(predictor),
            policy: RwLock::new(policy),
            on_event,
            emitting: Mutex::new(()),
            inserted: AtomicU64::new(0),
        }
    }

    pub fn lock(&self) -> MutexGuard<'_, CoreOf<P>> {
        self.core.lock()
    }

    /// Releases the lock, wakes whom the change may concern and hands out the events.
    pub fn release(&self, core: MutexGuard<'_, CoreOf<P>>) {
        let quiet = core.has_no_events();
        self.unlock(core);
        self.work.notify_all();
        if !quiet {
            self.deliver();
        }
    }

    /// Releases the lock, and wakes the sweeper where values are out.
    fn unlock(&self, core: MutexGuard<'_, CoreOf<P>>) {
        let out = core.has_dropped();
        drop(core);
        if out {
            self.out.notify_one();
        }
    }

    /// Waits for the result of a load that somebody else runs; `None` where it was stopped.
    pub fn wait_for(&self, slot: &Slot<P::Value, P::Error>) -> Option<Outcome<P>> {
        let mut core = self.lock();
        loop {
            if let Some(answer) = slot.get() {
                return answer.clone();
            }
            if core.is_closed() {
                return Some(Err(LoadError::Closed));
            }
            core = sync::wait(&self.done, core);
        }
    }

    pub fn wake_waiters(&self) {
        self.done.notify_all();
    }

    /// A worker's life.
    pub fn work(&self) {
        loop {
            let mut core = self.lock();
            if core.one_worker_too_many() {
                return;
            }
            match core.next_job() {
                Job::Exit => return,
                Job::Wait => drop(sync::wait(&self.work, core)),
                Job::Load(ticket) => {
                    self.unlock(core);
                    self.deliver();
                    // The result goes to whoever asks the cache for the key.
                    let _ = self.load(ticket, Planning::Here);
                }
                Job::Plan(job) => {
                    drop(core);
                    self.plan(&job);
                }
            }
        }
    }

    /// The planner's life. Workers plan too; but while all of them are busy, somebody must notice that
    /// what they are at is no longer wanted.
    pub fn plan_only(&self) {
        loop {
            let mut core = self.lock();
            if core.is_closed() {
                return;
            }
            match core.plan_job() {
                None => drop(sync::wait(&self.work, core)),
                Some(job) => {
                    drop(core);
                    self.plan(&job);
                }
            }
        }
    }

    /// The sweeper's life. Values may be large, and what they do when they go is their own affair:
    /// they are freed here, at once, and keep nobody waiting.
    pub fn sweep(&self) {
        // It is the only one.
        let _ = self.sweeper.set(thread::current().id());
        loop {
            let mut core = self.lock();
            let values = core.take_dropped();
            if values.is_empty() {
                if core.is_over() {
                    return;
                }
                drop(sync::wait(&self.out, core));
                continue;
            }
            drop(core);
            for value in values {
                // A value that fails in going harms nobody.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
            }
            self.lock().freed();
            self.done.notify_all();
        }
    }

    /// Waits while too many values are out and not freed.
    fn wait_for_sweeper(&self) {
        let mut core = self.lock();
        if core.unfreed() <= MAX_UNFREED || self.sweeper.get() == Some(&thread::current().id()) {
            return;
        }
        while core.unfreed() > MAX_UNFREED && !core.is_closed() {
            core = sync::wait(&self.done, core);
        }
    }

    /// Runs a load that was started, and takes its result in; `None` where it was stopped.
    pub fn load(
        &self,
        ticket: Ticket<P::Value, P::Error>,
        planning: Planning,
    ) -> Option<Outcome<P>> {
        self.wait_for_sweeper();
        let began = Instant::now();
        let loaded = catch_unwind(AssertUnwindSafe(|| self.call_provider(&ticket)));
        let outcome = loaded
            .unwrap_or_else(|payload| Err(LoadError::Panicked(panic_message(payload.as_ref()))));
        let took = began.elapsed();
        let mut core = self.lock();
        // Evicting by the scores of an earlier place may drop what is needed here.
        while planning == Planning::Here
            && let Some(job) = core.plan_job()
        {
            drop(core);
            self.plan(&job);
            core = self.lock();
        }
        core.finish(&ticket, outcome, took);
        self.release(core);
        self.done.notify_all();
        ticket.slot().get().cloned().flatten()
    }

    fn call_provider(
        &self,
        ticket: &Ticket<P::Value, P::Error>,
    ) -> Result<Loaded<P::Value>, LoadError<P::Error>> {
        let also = |key, value| {
            let loaded = self.weigh(key, value);
            let mut core = self.lock();
            core.offer(ticket, key, loaded);
            self.release(core);
            self.done.notify_all();
        };
        let value =
            self.provider.load_with(ticket.key, &Load { interest: &ticket.interest, also: &also });
        let value = value.map_err(|error| LoadError::Provider(Arc::new(error)))?;
        Ok(self.weigh(ticket.key, value))
    }

    fn weigh(&self, key: Key, value: P::Value) -> Loaded<P::Value> {
        let weight = self.provider.weight(&value).min(MAX_WEIGHT);
        let inserted = self.inserted.fetch_add(1, Ordering::Relaxed);
        let policy = Arc::clone(&self.policy.read());
        let info = EntryInfo { key, inserted, weight };
        Loaded { value: Arc::new(value), weight, rank: policy.rank(&info) }
    }

    fn plan(&self, job: &PlanJob) {
        let predictor = Arc::clone(&self.predictor.read());
        let predicted = catch_unwind(AssertUnwindSafe(|| {
            let mut likelihoods = predictor.likelihoods(job.current, &job.history);
            likelihoods.retain(|key, _| self.provider.contains(*key));
            likelihoods
        }));
        let (likelihoods, error) = match predicted {
            Ok(likelihoods) => (likelihoods, None),
            Err(payload) => {
                let message = panic_message(payload.as_ref());
                let name = catch_unwind(AssertUnwindSafe(|| predictor.name())).unwrap_or("?");
                let error = format!("the predictor {name} panicked: {message}");
                (Likelihoods::new(), Some(error))
            }
        };
        let mut core = self.lock();
        core.install_plan(job.generation, likelihoods);
        if let Some(error) = error {
            core.emit(Event::WorkerError { error });
        }
        self.release(core);
    }

    /// Hands out events, one thread at a time, so that they arrive in order. A thread that finds
    /// another one at it leaves its events to that one; so does a callback that uses the cache.
    fn deliver(&self) {
        loop {
            let Some(emitting) = self.emitting.try_lock() else {
                return;
            };
            loop {
                let Some(event) = self.lock().next_event() else {
                    break;
                };
                if let Some(callback) = &self.on_event {
                    // A callback that fails harms nobody.
                    let _ = catch_unwind(AssertUnwindSafe(|| callback(&event)));
                }
            }
            drop(emitting);
            // An event that came between the last look and the release has nobody else.
            if self.lock().has_no_events() {
                return;
            }
        }
    }
}
