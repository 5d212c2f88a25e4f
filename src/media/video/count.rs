//! Counting: all of a video decoded once, in the background.

use super::{Inner, MOST_FRAMES, News, PACE, decoder::Process, probe};
use crossbeam_channel::Sender;
use std::{sync::atomic::Ordering::Relaxed, time::Instant};

impl Inner {
    fn tell(&self, news: News) {
        let listener = self.listener.lock().clone();
        if let Some(listener) = listener {
            listener(news);
        }
    }

    /// Decodes all of it once. Tells by `first` that there is a picture.
    pub(super) fn count(&self, first: &Sender<()>) {
        let started = Process::start(&self.ffmpeg, &self.path, None, "framecrc", &self.watcher);
        let mut process = match started {
            Ok(process) => process,
            Err(error) => {
                *self.broken_off.lock() = Some(error.to_string());
                return;
            }
        };
        // Set once, here.
        let _ = self.counting.set(process.weak());
        let mut told_at = Instant::now();
        let mut line = String::new();
        let mut too_many = false;
        while !self.closed.load(Relaxed) {
            let Some(told) = process.next() else { break };
            let Some(sum) = next_sum(&mut process, &mut line) else { break };
            let counted = {
                let mut table = self.table.lock();
                let renumbered = table.count(told.stamp, sum);
                (table.counted(), renumbered)
            };
            if self.size.set(told.size).is_ok() {
                // Whoever opens it waits for this, or has gone.
                let _ = first.send(());
            }
            if counted.1 {
                self.tell(News::Renumbered);
            } else if told_at.elapsed() > PACE {
                told_at = Instant::now();
                self.tell(News::Counted);
            }
            if counted.0 as usize >= MOST_FRAMES {
                too_many = true;
                break;
            }
        }
        if self.closed.load(Relaxed) {
            return;
        }
        let none = self.table.lock().counted() == 0;
        if none || !(too_many || process.succeeded()) {
            *self.broken_off.lock() = Some(process.reason());
            self.tell(News::Counted);
            return;
        }
        let renumbered = self.table.lock().complete();
        self.tell(if renumbered { News::Renumbered } else { News::Counted });
    }

    /// Takes over what the container says, until it is counted.
    pub(super) fn expect(&self) {
        let expected = probe::packets(&self.ffmpeg, &self.path, || self.closed.load(Relaxed));
        let known = expected.map(|expected| self.table.lock().expect(expected));
        self.expecting.store(false, Relaxed);
        if known.is_some() {
            self.tell(News::Counted);
        }
    }
}

/// `0, dts, pts, duration, size, 0xchecksum`
fn next_sum(process: &mut Process, line: &mut String) -> Option<u32> {
    loop {
        process.line(line)?;
        if !line.starts_with('#') {
            let sum = line.split(',').nth(5)?.trim().strip_prefix("0x")?;
            return u32::from_str_radix(sum, 16).ok();
        }
    }
}
