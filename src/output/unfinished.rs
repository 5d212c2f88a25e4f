//! What is half done, and is taken away where the program is told to end.

use parking_lot::Mutex;
use std::{
    fs, io,
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdin, Command, ExitStatus},
    sync::{Arc, Once},
};

/// Another program that writes, which ends with this one, and when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Arc<Mutex<Child>>,
    _ticket: Ticket,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// The operating system's.
    pub fn spawn(mut command: Command) -> io::Result<Self> {
        let (child, ticket) = Ticket::begin(|| {
            let child = Arc::new(Mutex::new(command.spawn()?));
            Ok((Arc::clone(&child), Unfinished::Process(child)))
        })?;
        Ok(Self { child, _ticket: ticket })
    }

    /// What it reads and what it complains of, where those are pipes and were not asked for before.
    #[must_use]
    pub fn pipes(&self) -> (Option<ChildStdin>, Option<ChildStderr>) {
        let mut child = self.child.lock();
        (child.stdin.take(), child.stderr.take())
    }

    /// Waits for its end, which must be near: until then, no signal can end it.
    ///
    /// # Errors
    /// The operating system's.
    pub fn wait(&self) -> io::Result<ExitStatus> {
        self.child.lock().wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = self.child.lock();
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
}

#[derive(Clone, Debug)]
pub(super) enum Unfinished {
    File(PathBuf),
    Folder(PathBuf),
    Process(Arc<Mutex<Child>>),
}

/// A signal takes it and never gives it back: nothing new is begun then, and nothing takes its name.
static ALL: Mutex<Vec<(u64, Unfinished)>> = Mutex::new(Vec::new());

/// Half done as long as this lives.
#[derive(Debug)]
pub(super) struct Ticket(u64);

impl Ticket {
    /// Begins something.
    pub fn begin<T>(make: impl FnOnce() -> io::Result<(T, Unfinished)>) -> io::Result<(T, Self)> {
        static HEED: Once = Once::new();
        HEED.call_once(heed_signals);
        let mut all = ALL.lock();
        let (made, what) = make()?;
        let number = all.last().map_or(0, |(last, _)| last + 1);
        all.push((number, what));
        Ok((made, Self(number)))
    }

    /// Makes another part of it; no signal comes between, and none is made once one has come.
    ///
    /// # Errors
    /// Those of `make`, and where it was taken away.
    pub fn go_on<T>(&self, make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let all = ALL.lock();
        if !all.iter().any(|(number, _)| *number == self.0) {
            return Err(io::Error::other("the program is about to end"));
        }
        make()
    }

    /// Does what makes it whole; no signal comes between.
    pub fn end<T>(self, finish: impl FnOnce() -> T) -> T {
        let mut all = ALL.lock();
        let done = finish();
        all.retain(|(number, _)| *number != self.0);
        drop(all);
        std::mem::forget(self);
        done
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        ALL.lock().retain(|(number, _)| *number != self.0);
    }
}

/// Takes away all that is half done, before the program ends.
pub fn abandon() {
    take_away(&mut ALL.lock());
}

fn take_away(all: &mut Vec<(u64, Unfinished)>) {
    // Who writes is ended before what it wrote goes.
    all.sort_by_key(|(_, what)| !matches!(what, Unfinished::Process(_)));
    for (_, what) in all.drain(..) {
        // What is gone already need not go.
        let _ = match what {
            Unfinished::File(path) => fs::remove_file(path),
            Unfinished::Folder(path) => fs::remove_dir_all(path),
            Unfinished::Process(child) => {
                let mut child = child.lock();
                child.kill().and_then(|()| child.wait()).map(drop)
            }
        };
    }
}

#[cfg(unix)]
fn heed_signals() {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
        low_level::emulate_default_handler,
    };
    let mut signals = vec![SIGINT, SIGTERM];
    // Whoever is told to outlive its terminal does.
    if !is_ignored(SIGHUP) {
        signals.push(SIGHUP);
    }
    let Ok(mut signals) = Signals::new(signals) else { return };
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            let mut all = ALL.lock();
            take_away(&mut all);
            // It ends here, as if nobody had heeded it.
            let _ = emulate_default_handler(signal);
            std::process::exit(128 + signal);
        }
    };
    // Where no thread can be had, a signal ends the program as ever.
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

/// Whether a signal was ignored when the program started, as far as the system says.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or(0) >> (signal - 1) & 1 == 1
}

#[cfg(not(unix))]
fn heed_signals() {}
