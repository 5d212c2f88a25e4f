//! What becomes of loads that end, and of what they made on the way.

use super::{Core, Entry, Event, Guest, LoadError, Loaded, Lookup, MAX_FAILURES, Purpose, Ticket};
use crate::cache::Key;
use std::{sync::Arc, time::Duration};

impl<V, E> Core<V, E> {
    /// Ends a load. An error of one that was told to stop is no failure, and one from before the
    /// source changed leaves nothing: whoever waits for either asks anew.
    pub fn finish(
        &mut self,
        ticket: &Ticket<V, E>,
        outcome: Result<Loaded<V>, LoadError<E>>,
        took: Duration,
    ) {
        let key = ticket.key;
        let stopped = outcome.is_err() && ticket.interest.is_ended();
        let flight = self.in_flight.remove(&key);
        let void = stopped || flight.as_ref().is_some_and(|flight| flight.outdated);
        self.reserved -= flight.map_or(0, |flight| flight.reserved);
        self.version += 1;
        let answer = match &outcome {
            Ok(loaded) => Ok(Arc::clone(&loaded.value)),
            Err(error) => Err(error.clone()),
        };
        // Only this load sets its slot, and only once.
        let _ = ticket.slot.set((!void).then_some(answer));
        if void {
            self.counters.dropped += 1;
            self.dropped.extend(outcome.ok().map(|loaded| loaded.value));
            let expected = self.likelihoods.get(&key).is_some_and(|score| *score > 0.0);
            if expected && !self.entries.contains_key(&key) {
                // It is expected again, and fell out of the plan for being on its way.
                self.generation += 1;
            }
            return;
        }
        self.load_times.push(took);
        match outcome {
            Ok(loaded) => {
                let counters = &mut self.counters;
                counters.weight_sum = counters.weight_sum.saturating_add(loaded.weight);
                counters.weight_count += 1;
                self.emit(match ticket.purpose {
                    Purpose::Demand => Event::CacheLoadComplete { key },
                    Purpose::Prefetch => Event::PrefetchSuccess { key },
                });
                if self.closed {
                    self.dropped.push(loaded.value);
                    self.counters.dropped += 1;
                } else {
                    self.keep(key, loaded);
                }
            }
            Err(error) => self.fail(ticket, error),
        }
    }

    /// Takes in a value that a load had to make on its way. It is kept where it is asked for, or
    /// where it is likelier than what would have to go. That its key failed before is over, and a load of
    /// it that runs need not go on.
    pub fn offer(&mut self, of: &Ticket<V, E>, key: Key, loaded: Loaded<V>) {
        self.counters.loads += 1;
        self.counters.by_products += 1;
        self.version += 1;
        let outdated = self.in_flight.get(&of.key).is_none_or(|flight| flight.outdated);
        // One that runs is of use only as long as there is no value: until it ends, its key has both.
        let runs = self.in_flight.get(&key).is_some_and(|flight| !flight.outdated);
        let missing = match self.peek(key) {
            Lookup::Absent | Lookup::Failed(_) => true,
            Lookup::Pending => runs && key != of.key,
            Lookup::Ready(_) => false,
        };
        if outdated || self.closed || !missing {
            self.counters.dropped += 1;
            self.dropped.push(loaded.value);
            return;
        }
        self.forget_failure(key);
        let score = if self.current == Some(key) || self.demand == Some(key) {
            f64::INFINITY
        } else {
            self.likelihoods.get(&key).copied().unwrap_or(0.0)
        };
        if !self.make_room(loaded.weight, score) && score.is_finite() {
            self.counters.refused += 1;
            self.dropped.push(loaded.value);
            return;
        }
        if let Some(flight) = self.in_flight.get_mut(&key) {
            // Whoever waits for it finds the value.
            flight.outdate();
        }
        self.emit(Event::PrefetchSuccess { key });
        self.keep(key, loaded);
    }

    fn fail(&mut self, ticket: &Ticket<V, E>, error: LoadError<E>) {
        let key = ticket.key;
        self.counters.load_errors += 1;
        if self.failed.insert(key, error.clone()).is_none() {
            self.failed_order.push_back(key);
            if self.failed_order.len() > MAX_FAILURES
                && let Some(oldest) = self.failed_order.pop_front()
            {
                self.failed.remove(&oldest);
            }
        }
        let prefetch = ticket.purpose == Purpose::Prefetch;
        self.counters.prefetch_errors += u64::from(prefetch);
        self.emit(if prefetch {
            Event::PrefetchError { key, error }
        } else {
            Event::CacheLoadError { key, error }
        });
    }

    fn keep(&mut self, key: Key, loaded: Loaded<V>) {
        self.forget_failure(key);
        if loaded.weight > self.limits.max_bytes {
            self.counters.refused += 1;
            let value = loaded.value;
            if self.current == Some(key) {
                self.guest = Some(Guest { key, value });
            } else {
                self.dropped.push(value);
            }
            return;
        }
        let entry =
            Entry { value: loaded.value, weight: loaded.weight, rank: loaded.rank, read: false };
        self.bytes += entry.weight;
        self.counters.unread += 1;
        // One load a key at a time: there is no older value.
        self.entries.insert(key, entry);
        self.shrink();
    }
}
