//! Locks and threads, in one place so that a model checker can take theirs.

#[cfg(not(feature = "shuttle"))]
mod real {
    pub(in crate::cache) use parking_lot::{Condvar, Mutex, MutexGuard, RwLock};
    pub(in crate::cache) use std::thread;

    /// Waits until somebody notifies, with the lock released meanwhile.
    pub(in crate::cache) fn wait<'a, T>(
        signal: &Condvar,
        mut guard: MutexGuard<'a, T>,
    ) -> MutexGuard<'a, T> {
        signal.wait(&mut guard);
        guard
    }
}

#[cfg(feature = "shuttle")]
mod model {
    //! The same names over `shuttle`, which tries out interleavings. Its locks answer as those of
    //! the standard library do, so they are wrapped to answer as `parking_lot`'s.

    pub(in crate::cache) use shuttle::{
        sync::{Condvar, MutexGuard, RwLockReadGuard, RwLockWriteGuard},
        thread,
    };
    use std::sync::TryLockError;

    #[derive(Debug, Default)]
    pub(in crate::cache) struct Mutex<T>(shuttle::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub fn new(value: T) -> Self {
            Self(shuttle::sync::Mutex::new(value))
        }

        pub fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().expect("nothing panics under a lock")
        }

        pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            match self.0.try_lock() {
                Ok(guard) => Some(guard),
                Err(TryLockError::WouldBlock) => None,
                Err(TryLockError::Poisoned(_)) => panic!("nothing panics under a lock"),
            }
        }
    }

    #[derive(Debug, Default)]
    pub(in crate::cache) struct RwLock<T>(shuttle::sync::RwLock<T>);

    impl<T> RwLock<T> {
        pub fn new(value: T) -> Self {
            Self(shuttle::sync::RwLock::new(value))
        }

        pub fn read(&self) -> RwLockReadGuard<'_, T> {
            self.0.read().expect("nothing panics under a lock")
        }

        pub fn write(&self) -> RwLockWriteGuard<'_, T> {
            self.0.write().expect("nothing panics under a lock")
        }
    }

    pub(in crate::cache) fn wait<'a, T>(
        signal: &Condvar,
        guard: MutexGuard<'a, T>,
    ) -> MutexGuard<'a, T> {
        signal.wait(guard).expect("nothing panics under a lock")
    }
}

#[cfg(feature = "shuttle")]
pub(super) use model::*;
#[cfg(not(feature = "shuttle"))]
pub(super) use real::*;
