//! Decoders at work and at rest, and how they get to a picture.

use super::{
    Inner, MOST_BYTES, MOST_PROCESSES, MOST_UNKNOWN, PACE, Pool, REST, START_COST, VideoError,
    checksum,
    decoder::{Decoder, Process, Told},
    table,
};
use crate::{cache::Load, media::Picture};
use std::{
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};

/// How a decoder got on.
pub(super) enum Advance {
    There(Picture),
    /// Nobody waits any more.
    Left,
    /// What comes is not what comes from the start.
    Unclean,
    /// Nothing more comes from there, now.
    Nothing,
    /// Its numbers are void: the container was wrong.
    Void,
}

impl Inner {
    /// The decoder that gets to `frame` soonest: one that is on its way, or a new one.
    pub(super) fn lease(
        &self,
        frame: u32,
        from_start: bool,
        load: &Load<'_, Picture>,
    ) -> Result<Lease<'_>, VideoError> {
        let (entrance, epoch) = {
            let table = self.table.lock();
            let start = table::Entrance::START;
            (if from_start { start } else { table.entrance(frame) }, table.epoch())
        };
        let mut pool = self.pool.lock();
        while pool.at_work >= MOST_PROCESSES {
            if load.is_left() {
                load.give_up();
                return Err(VideoError::GivenUp);
            }
            self.freed.wait_for(&mut pool, PACE);
        }
        let void = |decoder: &Decoder| decoder.began_at.is_some() && decoder.epoch != epoch;
        let mut too_many: Vec<Decoder> = Vec::new();
        while let Some(at) = pool.at_rest.iter().position(void) {
            too_many.push(pool.at_rest.swap_remove(at));
        }
        let ahead = |decoder: &Decoder| frame.checked_sub(decoder.next?);
        let nearest = pool.at_rest.iter().enumerate().filter_map(|(at, d)| Some((ahead(d)?, at)));
        let nearest = nearest.min();
        let anew = (frame - entrance.frame).saturating_add(START_COST);
        let found = nearest.filter(|(distance, _)| *distance <= anew && !from_start);
        let found = found.map(|(_, at)| pool.at_rest.swap_remove(at));
        pool.at_work += 1;
        let most = MOST_PROCESSES - pool.at_work;
        while pool.at_rest.len() > most {
            too_many.extend(pool.take_oldest());
        }
        drop(pool);
        // To end a process takes a moment.
        drop(too_many);
        let free = Free(self);
        let decoder = match found {
            Some(decoder) => decoder,
            None => self.start(entrance, epoch)?,
        };
        Ok(Lease { decoder, free })
    }

    fn start(&self, entrance: table::Entrance, epoch: u32) -> Result<Decoder, VideoError> {
        let seconds = entrance.pts.map(|pts| pts as f64 * self.header.time_base);
        let process = Process::start(&self.ffmpeg, &self.path, seconds, "rawvideo", &self.watcher)?;
        let (next, began_at) =
            if seconds.is_some() { (None, Some(entrance.frame)) } else { (Some(0), None) };
        Ok(Decoder { process, next, began_at, last_used: Instant::now(), epoch })
    }

    /// Reads on to `frame`.
    pub(super) fn advance(
        &self,
        decoder: &mut Decoder,
        frame: u32,
        load: &Load<'_, Picture>,
        also: &impl Fn(u32, Picture),
    ) -> Result<Advance, VideoError> {
        let mut unknown = 0;
        loop {
            let began = Instant::now();
            let Some(told) = decoder.process.next() else {
                return self.ended(decoder, frame);
            };
            let mut picture = room_for(told.size).ok_or_else(|| self.failed(&decoder.process))?;
            if decoder.process.read(&mut picture.rgba).is_err() {
                return self.ended(decoder, frame);
            }
            self.took(began.elapsed());
            let Some(number) = decoder.next.or_else(|| self.number_of(told)) else {
                unknown += 1;
                if unknown > MOST_UNKNOWN {
                    return Ok(Advance::Nothing);
                }
                if load.is_stopped() {
                    return Ok(Advance::Left);
                }
                continue;
            };
            if let Some(key) = decoder.began_at {
                if decoder.epoch != self.table.lock().epoch() {
                    return Ok(Advance::Void);
                }
                if number > frame || !self.is_clean(number, key, told, &picture) {
                    return Ok(Advance::Unclean);
                }
            }
            decoder.next = Some(number + 1);
            if number == frame {
                return Ok(Advance::There(picture));
            }
            also(number, picture);
            if load.is_stopped() || (load.is_left() && self.is_far(frame - number)) {
                return Ok(Advance::Left);
            }
        }
    }

    /// Takes in how long a picture took: the mean of the last ones.
    fn took(&self, time: Duration) {
        let before = u64::from(self.pace.load(Relaxed));
        let now = time.as_micros().min(1_000_000) as u64;
        let mean = if before == 0 { now } else { (before * 15 + now) / 16 };
        self.pace.store(mean.max(1) as u32, Relaxed);
    }

    /// Whether so many more pictures take longer than somebody who has gone on would wait. What is nearer
    /// is decoded all the same: while somebody scrubs, it is what there is to see.
    fn is_far(&self, pictures: u32) -> bool {
        const WORTH_IT: Duration = Duration::from_millis(350);
        let pace = Duration::from_micros(u64::from(self.pace.load(Relaxed)));
        pace.saturating_mul(pictures) > WORTH_IT
    }

    /// The number of a picture at which a decoder's own can be known.
    fn number_of(&self, told: Told) -> Option<u32> {
        let pts = told.stamp.pts.filter(|_| told.stamp.is_key)?;
        self.table.lock().number_of(pts)
    }

    /// Whether a picture is what comes from the start, as far as that is known; where it is not yet, it is
    /// held against it later.
    fn is_clean(&self, number: u32, key: u32, told: Told, picture: &Picture) -> bool {
        let sum = checksum(&picture.rgba);
        let mut table = self.table.lock();
        let agrees = table.agrees(number, told.stamp.pts);
        if let Some(expected) = table.sum(number) {
            return agrees && expected == sum;
        }
        table.give(number, sum, key);
        agrees
    }

    fn ended(&self, decoder: &Decoder, frame: u32) -> Result<Advance, VideoError> {
        self.exists(frame)?;
        let process = &decoder.process;
        match (decoder.began_at, decoder.next) {
            _ if process.was_ended() => Err(self.failed(process)),
            // From the start there is another try.
            (Some(_), _) => Ok(Advance::Nothing),
            // It complains of damage within, too, so that this is no sign of failure.
            (None, Some(frames)) if frames > 0 && !self.table.lock().is_complete() => {
                Err(VideoError::PastEnd { frames })
            }
            (None, _) => Err(self.failed(process)),
        }
    }

    pub(super) fn end_idle(&self) {
        let mut pool = self.pool.lock();
        let (rested, others) =
            pool.at_rest.drain(..).partition(|decoder| decoder.last_used.elapsed() > REST);
        pool.at_rest = others;
        drop(pool);
        let rested: Vec<Decoder> = rested;
        drop(rested);
    }
}

impl Pool {
    fn take_oldest(&mut self) -> Option<Decoder> {
        let used = self.at_rest.iter().map(|decoder| decoder.last_used).enumerate();
        let (at, _) = used.min_by_key(|(_, used)| *used)?;
        Some(self.at_rest.swap_remove(at))
    }
}

/// A decoder at work. Unless it is kept, it ends.
pub(super) struct Lease<'a> {
    pub decoder: Decoder,
    free: Free<'a>,
}

impl Lease<'_> {
    /// It can be gone on with.
    pub fn keep(self) {
        let Self { mut decoder, free } = self;
        decoder.last_used = Instant::now();
        if !free.0.closed.load(Relaxed) {
            free.0.pool.lock().at_rest.push(decoder);
        }
    }
}

/// Says that a decoder is at work no longer.
pub(super) struct Free<'a>(&'a Inner);

impl Drop for Free<'_> {
    fn drop(&mut self) {
        self.0.pool.lock().at_work -= 1;
        self.0.freed.notify_one();
    }
}

fn room_for([width, height]: [u32; 2]) -> Option<Picture> {
    let bytes = u64::from(width) * u64::from(height) * 4;
    (bytes <= MOST_BYTES).then(|| Picture { width, height, rgba: vec![0; bytes as usize] })
}
