//! Decoders at work and at rest, and how they get to a picture.
//!
//! Several that ask for neighbouring pictures share a decoder: whoever comes while one is on its way
//! there waits for it, and is handed the picture when it comes by, or goes on with the decoder when it
//! is free.

use super::{
    Inner, MOST_BYTES, MOST_PROCESSES, MOST_UNKNOWN, REST, START_COST, VideoError, checksum,
    decoder::{Decoder, Process, Told},
    table::{self, Entrance, Size, bytes_of},
    tools::Decoding,
};
use crate::{cache::Load, media::Picture};
use parking_lot::MutexGuard;
use std::{
    collections::HashMap,
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};

/// How often who waits for a decoder looks whether the picture is wanted still.
const SOON: Duration = Duration::from_millis(8);

/// Decoders at rest and at work, and who waits for what.
#[derive(Default)]
pub(super) struct Pool {
    pub at_rest: Vec<Decoder>,
    at_work: Vec<Course>,
    /// Pictures that somebody is after, and those of them that another's decoder came by.
    wanted: HashMap<u32, Option<Picture>>,
    /// Of the next course.
    number: u64,
    /// When a decoder was at work last.
    pub used: Option<Instant>,
}

/// A decoder at work.
struct Course {
    number: u64,
    /// The picture that comes next, or the one that it began at.
    at: u32,
    epoch: u32,
}

impl Pool {
    pub fn is_at_work(&self) -> bool {
        !self.at_work.is_empty()
    }

    /// Whether nobody decodes, and nobody is after anything.
    #[cfg(test)]
    pub fn is_quiet(&self) -> bool {
        self.at_work.is_empty() && self.wanted.is_empty()
    }

    fn take_oldest(&mut self) -> Option<Decoder> {
        let used = self.at_rest.iter().map(|decoder| decoder.last_used).enumerate();
        let (at, _) = used.min_by_key(|(_, used)| *used)?;
        Some(self.at_rest.swap_remove(at))
    }

    /// Pictures from the decoder at rest that is nearest before `frame`, and its place.
    fn nearest_at_rest(&self, frame: u32) -> Option<(u32, usize)> {
        let ahead = |decoder: &Decoder| frame.checked_sub(decoder.next?);
        let all = self.at_rest.iter().enumerate();
        all.filter_map(|(at, decoder)| Some((ahead(decoder)?, at))).min()
    }

    /// Pictures from the decoder at work that is nearest before `frame`.
    fn nearest_at_work(&self, frame: u32, epoch: u32) -> Option<u32> {
        let valid = self.at_work.iter().filter(|course| course.epoch == epoch);
        valid.filter_map(|course| frame.checked_sub(course.at)).min()
    }
}

/// How a decoder got on.
pub(super) enum Advance {
    There(Picture),
    /// Nobody waits any more.
    Left,
    /// What comes is not what comes from the start.
    Unclean,
    /// Nothing more comes from there, now.
    Nothing,
    /// Its numbers are void: what they were taken from was wrong.
    Void,
}

/// The way to a picture.
pub(super) enum Way<'a> {
    /// A decoder to go on with.
    On(Lease<'a>),
    /// Another's decoder came by the picture.
    Given(Picture),
}

/// Says that somebody is after a picture, as long as it lives.
pub(super) struct Wanted<'a> {
    inner: &'a Inner,
    frame: u32,
    /// Whether nobody else was after it before.
    first: bool,
}

impl Wanted<'_> {
    /// The picture, where another's decoder came by it.
    fn take(&self) -> Option<Picture> {
        self.take_from(&mut self.inner.pool.lock())
    }

    fn take_from(&self, pool: &mut Pool) -> Option<Picture> {
        pool.wanted.get_mut(&self.frame).filter(|_| self.first)?.take()
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        let left = self.first.then(|| self.inner.pool.lock().wanted.remove(&self.frame));
        // It is large, and goes without the lock.
        drop(left);
    }
}

impl Inner {
    pub(super) fn want(&self, frame: u32) -> Wanted<'_> {
        let mut pool = self.pool.lock();
        let first = !pool.wanted.contains_key(&frame);
        if first {
            pool.wanted.insert(frame, None);
        }
        Wanted { inner: self, frame, first }
    }

    /// The decoder that gets to `frame` soonest: one that is on its way, or a new one. Waits for one that
    /// somebody else uses where that is sooner.
    pub(super) fn lease<'a>(
        &'a self,
        wanted: &Wanted<'_>,
        from_start: bool,
        load: &Load<'_, Picture>,
    ) -> Result<Way<'a>, VideoError> {
        let frame = wanted.frame;
        let mut pool = self.pool.lock();
        let (entrance, epoch, found) = loop {
            if let Some(picture) = wanted.take_from(&mut pool) {
                return Ok(Way::Given(picture));
            }
            if load.is_stopped() {
                // It may have come by before anybody was seen to be after it.
                return Err(VideoError::GivenUp);
            }
            let (entrance, epoch) = self.entrance(&mut pool, frame, from_start);
            let anew = (frame - entrance.frame).saturating_add(START_COST);
            let near = |distance: &u32| *distance <= anew && !from_start;
            let at_rest = pool.nearest_at_rest(frame).filter(|(distance, _)| near(distance));
            let on_its_way = pool.nearest_at_work(frame, epoch).filter(near);
            let sooner =
                on_its_way.is_some_and(|distance| at_rest.is_none_or(|(d, _)| distance < d));
            if !sooner && pool.at_work.len() < MOST_PROCESSES {
                break (entrance, epoch, at_rest.map(|(_, at)| pool.at_rest.swap_remove(at)));
            }
            if load.is_left() {
                load.give_up();
                return Err(VideoError::GivenUp);
            }
            // Nobody tells that it is no longer wanted.
            self.freed.wait_for(&mut pool, SOON);
        };
        pool.number += 1;
        let number = pool.number;
        let skips_to = self.skips_to(entrance, frame);
        let begins = skips_to.map_or(entrance.frame, |(number, _)| number);
        let at = found.as_ref().map_or(begins, |decoder| decoder.next.unwrap_or(0));
        pool.at_work.push(Course { number, at, epoch });
        pool.used = Some(Instant::now());
        let most = MOST_PROCESSES - pool.at_work.len();
        let mut too_many: Vec<Decoder> = Vec::new();
        while pool.at_rest.len() > most {
            too_many.extend(pool.take_oldest());
        }
        drop(pool);
        // To end a process takes a moment.
        drop(too_many);
        let free = Free { inner: self, number };
        let decoder = match found {
            Some(decoder) => decoder,
            None => self.start(entrance, epoch, skips_to.map(|(_, pts)| pts))?,
        };
        Ok(Way::On(Lease { decoder, free }))
    }

    /// Where to begin for `frame`. Ends decoders at rest whose numbers are void.
    fn entrance(
        &self,
        pool: &mut MutexGuard<'_, Pool>,
        frame: u32,
        from_start: bool,
    ) -> (Entrance, u32) {
        let (entrance, epoch) = {
            let table = self.table.lock();
            (if from_start { Entrance::START } else { table.entrance(frame) }, table.epoch())
        };
        let void = |decoder: &Decoder| decoder.began_at.is_some() && decoder.epoch != epoch;
        if pool.at_rest.iter().any(void) {
            let (void, valid): (Vec<_>, Vec<_>) = pool.at_rest.drain(..).partition(void);
            pool.at_rest = valid;
            MutexGuard::unlocked(pool, || drop(void));
        }
        (entrance, epoch)
    }

    fn start(
        &self,
        entrance: Entrance,
        epoch: u32,
        from: Option<i64>,
    ) -> Result<Decoder, VideoError> {
        let seconds = entrance.pts.map(|pts| pts as f64 * self.header.time_base);
        let what = Decoding { seconds, from, ..self.decoding() };
        let process = Process::start(&self.ffmpeg, &what, "rawvideo", &self.watcher)?;
        let (next, began_at) =
            if seconds.is_some() { (None, Some(entrance.frame)) } else { (Some(0), None) };
        let skips = from.is_some();
        Ok(Decoder { process, next, began_at, skips, last_used: Instant::now(), epoch })
    }

    /// Long before `frame` there is nothing that would be kept: the first picture to be handed out of a
    /// decoding from `entrance`, and its time stamp. `None`: all are.
    fn skips_to(&self, entrance: Entrance, frame: u32) -> Option<(u32, i64)> {
        entrance.pts?;
        let number = frame.saturating_sub(self.worth_keeping());
        let pts = self.table.lock().pts_of(number)?;
        (number > entrance.frame).then_some((number, pts))
    }

    /// How many pictures on the way to one are handed out as by-products.
    fn worth_keeping(&self) -> u32 {
        /// Bytes of all of them.
        const MOST: u64 = 256 << 20;
        const FEW: u64 = 16;
        let bytes = self.size.get().map_or(1, |size| bytes_of(*size)).max(1);
        (MOST / bytes).max(FEW).min(u64::from(u32::MAX)) as u32
    }

    /// Reads on to the picture that is wanted.
    pub(super) fn advance(
        &self,
        lease: &mut Lease<'_>,
        wanted: &Wanted<'_>,
        load: &Load<'_, Picture>,
        also: &impl Fn(u32, Picture),
    ) -> Result<Advance, VideoError> {
        let (number_of_course, frame) = (lease.free.number, wanted.frame);
        let decoder = &mut lease.decoder;
        let mut unknown = 0;
        loop {
            if let Some(picture) = wanted.take() {
                return Ok(Advance::There(picture));
            }
            let began = Instant::now();
            let Some(told) = decoder.process.next() else {
                return self.ended(decoder, frame);
            };
            let Some(picture) = self.read(decoder, told)? else {
                return Err(self.failed(&decoder.process));
            };
            self.took(began.elapsed());
            let Some(number) = decoder.next.or_else(|| self.number_of(told, decoder.skips)) else {
                unknown += 1;
                if unknown > MOST_UNKNOWN {
                    return Ok(Advance::Nothing);
                }
                if load.is_stopped() {
                    return Ok(Advance::Left);
                }
                continue;
            };
            if let Some(other) = self.judge(decoder, number, frame, told, &picture)? {
                return Ok(other);
            }
            decoder.next = Some(number + 1);
            if number == frame {
                self.passed(number_of_course, number, None);
                return Ok(Advance::There(picture));
            }
            if let Some(picture) = self.passed(number_of_course, number, Some(picture)) {
                also(number, picture);
            }
            if load.is_stopped() || (load.is_left() && self.is_far(frame - number)) {
                return Ok(Advance::Left);
            }
        }
    }

    /// Reads a picture that was told of; `None` where it ends before.
    fn read(&self, decoder: &mut Decoder, told: Told) -> Result<Option<Picture>, VideoError> {
        let size = told.size;
        let mut picture = room_for(size).ok_or_else(|| self.failed(&decoder.process))?;
        if decoder.process.read(&mut picture.rgba).is_ok() {
            self.decoded.fetch_add(1, Relaxed);
            return Ok(Some(picture));
        }
        match decoder.next {
            Some(number) if decoder.process.succeeded() => {
                Err(self.misfit(number, "fewer bytes came than its size needs".to_owned()))
            }
            _ => Ok(None),
        }
    }

    /// Whether a picture is another than it should be.
    fn judge(
        &self,
        decoder: &Decoder,
        number: u32,
        frame: u32,
        told: Told,
        picture: &Picture,
    ) -> Result<Option<Advance>, VideoError> {
        let Some(key) = decoder.began_at else {
            // From the start it is what it is, unless it was cut out of other bytes.
            let (size, sum, from_before) = {
                let table = self.table.lock();
                (table.size(number), table.sum(number), table.is_from_before())
            };
            if from_before && (size, sum) != (Some(told.size), Some(checksum(&picture.rgba))) {
                self.count_anew();
                return Ok(Some(Advance::Void));
            }
            if let Some(counted) = size.filter(|counted| *counted != told.size) {
                return Err(self.misfit(number, differs(counted, told.size)));
            }
            return Ok(None);
        };
        if decoder.epoch != self.table.lock().epoch() {
            return Ok(Some(Advance::Void));
        }
        let clean = number <= frame && self.is_clean(number, key, told, picture);
        Ok((!clean).then_some(Advance::Unclean))
    }

    pub(super) fn misfit(&self, picture: u32, reason: String) -> VideoError {
        VideoError::Sizes { path: self.path.clone(), picture, reason }
    }

    /// Notes that a decoder came by a picture, and hands it to whoever is after it; else gives it back.
    fn passed(&self, course: u64, number: u32, picture: Option<Picture>) -> Option<Picture> {
        let mut pool = self.pool.lock();
        if let Some(course) = pool.at_work.iter_mut().find(|of| of.number == course) {
            course.at = number + 1;
        }
        match pool.wanted.get_mut(&number) {
            Some(wanted @ None) if picture.is_some() => {
                *wanted = picture;
                self.freed.notify_all();
                None
            }
            _ => picture,
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

    /// The number of a picture at which a decoder's own can be known: a key frame, or the first that is
    /// handed out long after one.
    fn number_of(&self, told: Told, skips: bool) -> Option<u32> {
        let pts = told.stamp.pts.filter(|_| told.stamp.is_key || skips)?;
        self.table.lock().number_of(pts)
    }

    /// Whether a picture is what comes from the start, as far as that is known; where it is not yet, it is
    /// held against it later.
    fn is_clean(&self, number: u32, key: u32, told: Told, picture: &Picture) -> bool {
        let sum = checksum(&picture.rgba);
        let mut table = self.table.lock();
        let agrees = table.agrees(number, told.stamp.pts);
        if let (Some(expected), Some(size)) = (table.sum(number), table.size(number)) {
            return agrees && expected == sum && size == told.size;
        }
        table.give(number, sum, key);
        agrees
    }

    fn ended(&self, decoder: &mut Decoder, frame: u32) -> Result<Advance, VideoError> {
        self.exists(frame)?;
        if !decoder.process.was_ended()
            && let Some(next) = decoder.next
            && decoder.process.has_more()
        {
            return Err(self.misfit(next, "more bytes came than its sizes need".to_owned()));
        }
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

/// That a picture is told to have another size than before.
fn differs([width, height]: Size, now: Size) -> String {
    format!("it was counted with {width} x {height} pixels and comes with {} x {}", now[0], now[1])
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
        if !free.inner.closed.load(Relaxed) {
            free.inner.pool.lock().at_rest.push(decoder);
        }
    }
}

/// Says that a decoder is at work no longer.
struct Free<'a> {
    inner: &'a Inner,
    number: u64,
}

impl Drop for Free<'_> {
    fn drop(&mut self) {
        let mut pool = self.inner.pool.lock();
        pool.at_work.retain(|course| course.number != self.number);
        pool.used = Some(Instant::now());
        drop(pool);
        self.inner.freed.notify_all();
    }
}

fn room_for([width, height]: table::Size) -> Option<Picture> {
    let bytes = bytes_of([width, height]);
    (bytes <= MOST_BYTES).then(|| Picture::new(width, height, vec![0; bytes as usize]))
}
