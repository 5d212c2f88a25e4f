//! One thing for each kind of cache.

use super::CacheKind;
use serde::{Deserialize, Serialize};
use std::ops::{Index, IndexMut};

/// One thing for each kind of cache.
///
/// ```
/// use motscope::inspector::{CacheKind, PerCache};
///
/// let mut hits = PerCache { annotations: 3, pictures: 5 };
/// hits[CacheKind::Pictures] += 1;
/// assert_eq!(hits.map(|hits| hits * 2), PerCache { annotations: 6, pictures: 12 });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(T, T)", into = "(T, T)")]
#[serde(bound(serialize = "T: Clone + Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct PerCache<T> {
    /// That of the boxes' caches.
    pub annotations: T,
    /// That of the pictures' cache.
    pub pictures: T,
}

impl<T> PerCache<T> {
    /// One made for each.
    pub fn of(mut make: impl FnMut(CacheKind) -> T) -> Self {
        Self { annotations: make(CacheKind::Annotations), pictures: make(CacheKind::Pictures) }
    }

    /// What comes of each.
    pub fn map<R>(self, mut one: impl FnMut(T) -> R) -> PerCache<R> {
        PerCache { annotations: one(self.annotations), pictures: one(self.pictures) }
    }

    /// Both, that of the boxes first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        [&self.annotations, &self.pictures].into_iter()
    }
}

impl<T> Index<CacheKind> for PerCache<T> {
    type Output = T;

    fn index(&self, kind: CacheKind) -> &T {
        match kind {
            CacheKind::Annotations => &self.annotations,
            CacheKind::Pictures => &self.pictures,
        }
    }
}

impl<T> IndexMut<CacheKind> for PerCache<T> {
    fn index_mut(&mut self, kind: CacheKind) -> &mut T {
        match kind {
            CacheKind::Annotations => &mut self.annotations,
            CacheKind::Pictures => &mut self.pictures,
        }
    }
}

impl<T> From<(T, T)> for PerCache<T> {
    fn from((annotations, pictures): (T, T)) -> Self {
        Self { annotations, pictures }
    }
}

impl<T> From<PerCache<T>> for (T, T) {
    fn from(both: PerCache<T>) -> Self {
        (both.annotations, both.pictures)
    }
}
