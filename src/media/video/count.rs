//! Counting: all of a video decoded once, in the background.

use super::{
    Inner, MOST_FRAMES, News, PACE, VideoError,
    decoder::{Process, Told},
    ends, kept, probe,
    table::{Table, bytes_of},
    tools::Decoding,
};
use crossbeam_channel::{Sender, bounded};
use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

/// What came of a picture, as `framecrc` has it.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    bytes: u64,
    sum: u32,
}

/// How counting came to its end.
enum End {
    /// With the last picture.
    Whole,
    /// Before; the reason for a person.
    Broken(String),
    /// The video is closed.
    Closed,
}

impl Inner {
    fn tell(&self, news: News) {
        let listener = self.listener.lock().clone();
        if let Some(listener) = listener {
            listener(news);
        }
    }

    pub(super) fn decoding(&self) -> Decoding<'_> {
        Decoding {
            path: &self.path,
            stream: self.header.streams[self.header.stream].index,
            opaque: self.header.opaque,
            polite: false,
            seconds: None,
            from: None,
        }
    }

    /// Takes over what was counted at an earlier time, or begins to count and waits for the first picture.
    pub(super) fn begin(&self) -> Result<(), VideoError> {
        if let Some(table) = self.kept_count() {
            if let Some((_, size)) = table.sizes().first() {
                let _ = self.size.set(*size);
            }
            *self.table.lock() = table;
            self.find_damage();
            self.expecting.store(false, Relaxed);
            return Ok(());
        }
        let (sender, first) = bounded(1);
        self.spawn("video-counter", move |inner| inner.count(&sender))?;
        // Its end, too, is an answer: the first picture, or that there is none.
        if first.recv().is_err() {
            let reason = self.broken_off.lock().clone();
            let reason = reason.unwrap_or_else(|| "it holds no pictures".to_owned());
            return Err(VideoError::NoVideo { path: self.path.clone(), reason });
        }
        self.spawn("video-packets", Self::expect)
    }

    fn spawn(
        &self,
        name: &str,
        work: impl FnOnce(&Self) + Send + 'static,
    ) -> Result<(), VideoError> {
        let Some(inner) = self.me.upgrade() else { return Ok(()) };
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || work(&inner));
        started.map(drop).map_err(|source| VideoError::Start { source })
    }

    /// The count of this very file, where one was kept.
    fn kept_count(&self) -> Option<Table> {
        let folder = self.options.kept_in.as_deref()?;
        kept::read(folder, &self.identity()?)
    }

    fn identity(&self) -> Option<kept::Identity> {
        kept::Identity::of(&self.path, self.header.stream, self.ffmpeg.version())
    }

    /// What was kept is of another file: counts anew.
    pub(super) fn count_anew(&self) {
        {
            let mut table = self.table.lock();
            if !table.is_from_before() {
                return;
            }
            table.begin_anew();
        }
        *self.damage.lock() = None;
        if let (Some(folder), Some(identity)) = (&self.options.kept_in, self.identity()) {
            kept::remove(folder, &identity);
        }
        self.tell(News::Renumbered);
        let (sender, _) = bounded(1);
        // Where there is no thread to be had, what was counted stays unknown.
        let _ = self.spawn("video-counter", move |inner| inner.count(&sender));
    }

    /// Decodes all of it once. Tells by `first` that there is a picture.
    fn count(&self, first: &Sender<()>) {
        let identity = self.identity();
        match self.count_all(first) {
            End::Closed => {}
            End::Broken(reason) => {
                self.find_damage();
                *self.broken_off.lock() = Some(reason);
                self.tell(News::Counted);
            }
            End::Whole => {
                // Known before anybody hears that all is counted.
                self.find_damage();
                let renumbered = self.table.lock().complete();
                self.tell(if renumbered { News::Renumbered } else { News::Counted });
                // Not where it was written to meanwhile.
                let same = identity.filter(|identity| self.identity().as_ref() == Some(identity));
                if let (Some(folder), Some(identity)) = (&self.options.kept_in, same) {
                    let kept = kept::Kept::of(&self.table.lock());
                    kept::write(folder, &identity, &kept);
                }
            }
        }
    }

    /// Holds what FFmpeg said and what the container promises against what was counted.
    fn find_damage(&self) {
        let no_end = ends::end_is_missing(&self.path);
        let table = self.table.lock();
        let gap = || table.gap(self.header.time_base);
        let damage = table.heard().damage(self.header.promise, table.counted(), no_end, gap);
        drop(table);
        *self.damage.lock() = damage.map(Arc::new);
    }

    fn count_all(&self, first: &Sender<()>) -> End {
        let what = Decoding { polite: self.options.polite, ..self.decoding() };
        let mut process = match Process::start(&self.ffmpeg, &what, "framecrc", &self.watcher) {
            Ok(process) => process,
            Err(error) => return End::Broken(error.to_string()),
        };
        *self.counting.lock() = process.weak();
        let mut told_at = Instant::now();
        let mut line = String::new();
        let mut counted = 0;
        loop {
            self.rest(&process, counted);
            if self.closed.load(Relaxed) {
                return End::Closed;
            }
            let told = process.next();
            let came = next_came(&mut process, &mut line);
            if let Some(misfit) = misfit(told, came.as_ref()) {
                // A decoder that dies leaves one of the two out.
                if told.is_some() && came.is_some() || process.succeeded() {
                    self.table.lock().misfit(misfit.clone());
                    return End::Broken(misfit);
                }
            }
            let (Some(told), Some(came)) = (told, came) else { break };
            let renumbered = self.table.lock().count(told.stamp, told.size, came.sum);
            counted += 1;
            if self.size.set(told.size).is_ok() {
                // Whoever opens it waits for this, or has gone.
                let _ = first.send(());
            }
            if renumbered {
                self.tell(News::Renumbered);
            } else if told_at.elapsed() > PACE {
                told_at = Instant::now();
                self.tell(News::Counted);
            }
            if counted >= MOST_FRAMES {
                return End::Whole;
            }
        }
        if self.closed.load(Relaxed) {
            return End::Closed;
        }
        self.table.lock().hear(process.heard());
        if counted == 0 || !process.succeeded() {
            return End::Broken(process.reason());
        }
        End::Whole
    }

    /// Waits while it is to rest. The first picture is always wanted.
    fn rest(&self, process: &Process, counted: usize) {
        /// Pictures that are asked for one after the other are one and the same work.
        const BETWEEN: Duration = Duration::from_millis(150);
        const LOOK: Duration = Duration::from_millis(100);
        let is_to_rest = || {
            let busy = {
                let pool = self.pool.lock();
                pool.is_at_work() || pool.used.is_some_and(|used| used.elapsed() < BETWEEN)
            };
            !self.closed.load(Relaxed) && self.rests.is_to_rest(self.options.polite, busy)
        };
        if counted == 0 || !is_to_rest() {
            return;
        }
        process.rest();
        while is_to_rest() {
            self.rests.wait(LOOK);
        }
        process.wake();
    }

    /// Takes over what the container says, until it is counted.
    fn expect(&self) {
        let stream = self.decoding().stream;
        let closed = || self.closed.load(Relaxed);
        let expected = probe::packets(&self.ffmpeg, &self.path, stream, closed);
        let known = expected.map(|expected| self.table.lock().expect(expected));
        self.expecting.store(false, Relaxed);
        if known.is_some() {
            self.tell(News::Counted);
        }
    }
}

/// How what was told of a picture and what came of it differ, if they do.
fn misfit(told: Option<Told>, came: Option<&Came>) -> Option<String> {
    match (told, came) {
        (Some(told), Some(came)) if bytes_of(told.size) != came.bytes => {
            let [width, height] = told.size;
            let bytes = came.bytes;
            Some(format!("FFmpeg says {width} x {height} pixels of it and gives {bytes} bytes"))
        }
        (Some(_), None) => Some("FFmpeg tells of it and does not give it".to_owned()),
        (None, Some(_)) => Some("FFmpeg gives it and does not tell of it".to_owned()),
        _ => None,
    }
}

/// `0, dts, pts, duration, size, 0xchecksum`
fn next_came(process: &mut Process, line: &mut String) -> Option<Came> {
    loop {
        process.line(line)?;
        if !line.starts_with('#') {
            return came(line);
        }
    }
}

fn came(line: &str) -> Option<Came> {
    let mut fields = line.split(',').skip(4).map(str::trim);
    let bytes = fields.next()?.parse().ok()?;
    let sum = u32::from_str_radix(fields.next()?.strip_prefix("0x")?, 16).ok()?;
    Some(Came { bytes, sum })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::video::table::Stamp;

    #[test]
    fn what_is_told_and_what_comes_are_held_against_each_other() {
        let line = "0,         37,         37,        1,   230400, 0x3e843ead";
        let whole = came(line).expect("reads");
        assert_eq!(whole, Came { bytes: 320 * 180 * 4, sum: 0x3e84_3ead });
        let stamp = Stamp { pts: Some(37), is_key: true };
        let told = |size| Some(Told { stamp, size });
        assert_eq!(misfit(told([320, 180]), Some(&whole)), None);
        let other = misfit(told([160, 120]), Some(&whole)).expect("differs");
        assert_eq!(other, "FFmpeg says 160 x 120 pixels of it and gives 230400 bytes");
        assert!(misfit(told([1, 1]), None).is_some() && misfit(None, Some(&whole)).is_some());
        assert_eq!(misfit(None, None), None);
    }
}
