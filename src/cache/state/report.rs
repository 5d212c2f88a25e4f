//! Telling what happened and how things stand.

use super::{Core, Event, Key, KeyState, Lookup, MAX_EVENTS, Snapshot, Stats};

impl<V, E> Core<V, E> {
    pub fn emit(&mut self, event: Event<E>) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
            self.counters.events_dropped += 1;
        }
        self.events.push_back(event);
    }

    pub fn has_no_events(&self) -> bool {
        self.events.is_empty()
    }

    pub fn next_event(&mut self) -> Option<Event<E>> {
        self.events.pop_front()
    }

    pub fn state(&self, key: Key) -> KeyState {
        match self.peek(key) {
            Lookup::Ready(_) => KeyState::Cached,
            Lookup::Pending => KeyState::Loading,
            Lookup::Failed(_) => KeyState::Failed,
            Lookup::Absent if self.is_queued(key) => KeyState::Queued,
            Lookup::Absent => KeyState::Absent,
        }
    }

    fn is_queued(&self, key: Key) -> bool {
        self.demand == Some(key) || self.plan.iter().any(|(planned, _)| *planned == key)
    }

    pub fn stats(&self) -> Stats {
        let counters = &self.counters;
        let (load_median, load_p95) = self.load_times.percentiles();
        Stats {
            hits: counters.hits,
            misses: counters.misses,
            evictions: counters.evictions,
            prefetch_errors: counters.prefetch_errors,
            cache_keys: self.entries.len(),
            active_prefetch_tasks: self.plan.len(),
            in_flight: self.in_flight.len(),
            bytes: self.bytes,
            bytes_in_flight: self.reserved,
            loads: counters.loads,
            load_errors: counters.load_errors,
            refused: counters.refused,
            dropped: counters.dropped,
            by_products: counters.by_products,
            unread: counters.unread,
            idle: self.is_idle(),
            failed_keys: self.failed.len(),
            wasted: counters.wasted,
            events_dropped: counters.events_dropped,
            max_keys: self.limits.max_keys_cached,
            max_bytes: self.limits.max_bytes,
            load_median,
            load_p95,
        }
    }

    pub fn load_times(&self) -> Vec<std::time::Duration> {
        self.load_times.all()
    }

    /// Whether nothing is to be done: the plan is of the current place, and carried out.
    fn is_idle(&self) -> bool {
        let planned = self.current.is_none() || self.planned == self.generation;
        planned && self.demand.is_none() && self.plan.is_empty() && self.in_flight.is_empty()
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn snapshot(&self) -> Snapshot {
        let sorted = |mut keys: Vec<Key>| {
            keys.sort_unstable();
            keys
        };
        let demand = self.demand.into_iter();
        Snapshot {
            version: self.version,
            current: self.current,
            cached: sorted(self.entries.keys().copied().collect()),
            loading: sorted(self.in_flight.keys().copied().collect()),
            queued: demand.chain(self.plan.iter().map(|(key, _)| *key)).collect(),
            failed: sorted(self.failed.keys().copied().collect()),
            likelihoods: self.likelihoods.clone(),
        }
    }
}
