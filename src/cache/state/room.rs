//! Making room: who has to go, and when.

use super::{Core, Event, Flight, Key, Limits};
use std::{cmp::Ordering, sync::Arc};

impl<V, E> Core<V, E> {
    /// What a load in flight is taken to weigh: the mean of what was loaded so far.
    pub(super) fn expected_weight(&self) -> u64 {
        let mean = self.counters.weight_sum.checked_div(self.counters.weight_count);
        mean.unwrap_or(0).min(self.limits.max_bytes)
    }

    /// Evicts what is less likely than `score` until one more value of `weight` bytes fits.
    /// Evicts nothing where that cannot be.
    pub(super) fn make_room(&mut self, weight: u64, score: f64) -> bool {
        let (mut keys, mut bytes) = self.overdraft(1, weight);
        if keys == 0 && bytes == 0 {
            return true;
        }
        let mut victims = self.victims();
        victims.retain(|victim| victim.score < score);
        victims.sort_by(Victim::order);
        let mut chosen = 0;
        for victim in &victims {
            if keys == 0 && bytes == 0 {
                break;
            }
            keys = keys.saturating_sub(1);
            bytes = bytes.saturating_sub(victim.weight);
            chosen += 1;
        }
        let fits = keys == 0 && bytes == 0;
        if fits || score.is_infinite() {
            for victim in &victims[..chosen] {
                self.evict(victim.key);
            }
        }
        fits
    }

    /// How many keys and bytes would be too many with some more.
    fn overdraft(&self, more_keys: usize, more_bytes: u64) -> (usize, u64) {
        let keys = self.entries.len() + self.in_flight.len() + more_keys;
        let bytes = self.bytes.saturating_add(self.reserved).saturating_add(more_bytes);
        (
            keys.saturating_sub(self.limits.max_keys_cached),
            bytes.saturating_sub(self.limits.max_bytes),
        )
    }

    /// Evicts the least likely entries until the limits hold again.
    pub(super) fn shrink(&mut self) {
        if !self.is_overfull() {
            return;
        }
        let mut victims = self.victims();
        victims.sort_by(Victim::order);
        for victim in victims {
            self.evict(victim.key);
            if !self.is_overfull() {
                return;
            }
        }
    }

    fn is_overfull(&self) -> bool {
        self.entries.len() > self.limits.max_keys_cached
            || self.bytes.saturating_add(self.reserved) > self.limits.max_bytes
    }

    fn victims(&self) -> Vec<Victim> {
        let evictable = self.entries.iter().filter(|(key, _)| self.current != Some(**key));
        evictable
            .map(|(key, entry)| Victim {
                key: *key,
                score: self.likelihoods.get(key).copied().unwrap_or(0.0),
                rank: entry.rank,
                weight: entry.weight,
            })
            .collect()
    }

    fn evict(&mut self, key: Key) {
        if let Some(entry) = self.entries.remove(&key) {
            self.bytes -= entry.weight;
            self.dropped.push(entry.value);
            self.counters.evictions += 1;
            self.counters.wasted += u64::from(!entry.read);
            self.counters.unread -= u64::from(!entry.read);
            self.version += 1;
            self.emit(Event::CacheEvict { key });
        }
    }

    /// Drops every value and failure; loads in flight will not be kept.
    pub fn clear(&mut self) {
        self.counters.dropped += self.entries.len() as u64;
        self.counters.unread = 0;
        self.in_flight.values_mut().for_each(Flight::outdate);
        self.dropped.extend(self.entries.drain().map(|(_, entry)| entry.value));
        self.dropped.extend(self.guest.take().map(|guest| guest.value));
        self.failed.clear();
        self.failed_order.clear();
        self.demand = None;
        self.plan.clear();
        self.bytes = 0;
        self.generation += 1;
        self.version += 1;
    }

    /// Drops the value of a key, or that it failed, as after a change of just that key. A load
    /// of it that runs will not be kept.
    pub fn forget(&mut self, key: Key) {
        self.forget_failure(key);
        if let Some(entry) = self.entries.remove(&key) {
            self.bytes -= entry.weight;
            self.counters.unread -= u64::from(!entry.read);
            self.counters.dropped += 1;
            self.dropped.push(entry.value);
        }
        let guest = self.guest.take_if(|guest| guest.key == key);
        self.dropped.extend(guest.map(|guest| guest.value));
        if let Some(flight) = self.in_flight.get_mut(&key) {
            flight.outdate();
        }
        self.generation += 1;
        self.version += 1;
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = clamp(limits);
        self.plan.truncate(self.limits.max_keys_prefetched);
        while self.history.len() > self.limits.history_size {
            self.history.pop_front();
        }
        self.shrink();
        self.version += 1;
    }

    /// Answers how many workers are to be started.
    pub fn set_workers(&mut self, wanted: usize) -> usize {
        if self.closed {
            return 0;
        }
        self.workers_wanted = wanted;
        let more = wanted.saturating_sub(self.workers);
        self.workers += more;
        more
    }

    /// Whether the worker that asks is to end.
    pub fn one_worker_too_many(&mut self) -> bool {
        let too_many = self.workers > self.workers_wanted;
        self.workers -= usize::from(too_many);
        too_many
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The values that are out since the last call. Who frees them says so with [`Self::freed`].
    pub fn take_dropped(&mut self) -> Vec<Arc<V>> {
        self.freeing = self.dropped.len();
        std::mem::take(&mut self.dropped)
    }

    /// What was taken last is freed.
    pub fn freed(&mut self) {
        self.freeing = 0;
    }

    /// Whether somebody must free values, or need not wait for more of them.
    pub fn has_dropped(&self) -> bool {
        !self.dropped.is_empty() || self.is_over()
    }

    /// Values that are out and not freed yet.
    pub fn unfreed(&self) -> usize {
        self.dropped.len() + self.freeing
    }

    /// Asks for a new plan from the same place, as after a change of predictor.
    pub fn replan(&mut self) {
        self.generation += 1;
    }

    pub fn close(&mut self) {
        self.closed = true;
        for flight in self.in_flight.values() {
            flight.interest.end();
        }
        self.demand = None;
        self.plan.clear();
        self.version += 1;
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Closes, and lets go of every value.
    pub fn end(&mut self) {
        self.clear();
        self.close();
        self.over = true;
    }

    /// Whether no value will be out any more besides those that are.
    pub fn is_over(&self) -> bool {
        self.over && self.in_flight.is_empty()
    }
}

struct Victim {
    key: Key,
    score: f64,
    rank: u64,
    weight: u64,
}

impl Victim {
    /// Least likely first, then the policy's rank, then the key, so that the choice is the same
    /// in every run.
    fn order(&self, other: &Self) -> Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then((self.rank, self.key).cmp(&(other.rank, other.key)))
    }
}

pub(super) fn clamp(limits: Limits) -> Limits {
    Limits { max_keys_cached: limits.max_keys_cached.max(1), ..limits }
}
