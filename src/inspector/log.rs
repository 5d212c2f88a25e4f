//! What happened, kept from growing without bound.

use std::collections::VecDeque;

/// Entries kept; older ones are forgotten.
pub const MAX_ENTRIES: usize = 500;

/// Who an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The person at the window.
    Person,
    /// The cache of the annotations.
    Annotations,
    /// The cache of the pictures.
    Pictures,
    /// Opening, indexing and checking.
    Reader,
}

impl Origin {
    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Person => "you",
            Self::Annotations => "boxes",
            Self::Pictures => "picture",
            Self::Reader => "file",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Seconds since the program began.
    pub time: f64,
    /// Who it is about.
    pub origin: Origin,
    /// What happened.
    pub text: String,
    /// Whether something went wrong.
    pub is_error: bool,
}

/// The last [`MAX_ENTRIES`] things that happened.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    total: u64,
}

impl Log {
    /// Adds an entry.
    pub fn push(&mut self, entry: Entry) {
        if self.entries.len() == MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.total += 1;
    }

    /// The entries kept, oldest first.
    #[must_use]
    pub fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }

    /// How many there ever were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut log = Log::default();
        for number in 0..MAX_ENTRIES + 3 {
            let text = number.to_string();
            log.push(Entry { time: 0.0, origin: Origin::Person, text, is_error: false });
        }
        assert_eq!((log.entries().len(), log.total()), (MAX_ENTRIES, MAX_ENTRIES as u64 + 3));
        assert_eq!(log.entries()[0].text, "3");
    }
}
