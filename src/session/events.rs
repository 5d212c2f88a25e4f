//! The log that cache callbacks, the opening thread and the window write to.

use crate::{
    cache::Event,
    inspector::{Entry, Log, Origin},
};
use parking_lot::Mutex;
use std::{fmt::Display, sync::Arc, time::Instant};

/// A bounded log, shared between threads, with one clock.
#[derive(Clone)]
pub struct SharedLog {
    log: Arc<Mutex<Log>>,
    began: Instant,
}

impl Default for SharedLog {
    fn default() -> Self {
        Self { log: Arc::default(), began: Instant::now() }
    }
}

impl SharedLog {
    /// Seconds since the log began.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Adds an entry. What would not be seen as it is, is escaped.
    pub fn add(&self, origin: Origin, text: impl Into<String>, is_error: bool) {
        let text = crate::text::line(&text.into()).into_owned();
        let entry = Entry { time: self.now(), origin, text, is_error };
        self.log.lock().push(entry);
    }

    /// Adds what a cache did.
    pub fn cache_event<E: Display>(&self, origin: Origin, event: &Event<E>) {
        let key = event.key().map_or_else(String::new, |key| format!(" {key}"));
        let error = match event {
            Event::CacheLoadError { error, .. } | Event::PrefetchError { error, .. } => {
                Some(error.to_string())
            }
            Event::WorkerError { error } => Some(error.clone()),
            _ => None,
        };
        let reason = error.as_ref().map_or_else(String::new, |error| format!(": {error}"));
        self.add(origin, format!("{}{key}{reason}", event.name()), error.is_some());
    }

    /// Looks at the entries without copying them.
    pub fn read<R>(&self, reader: impl FnOnce(&Log) -> R) -> R {
        reader(&self.log.lock())
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.log.lock().clear();
    }
}
