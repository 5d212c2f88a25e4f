//! Which picture of a video is which: the time stamp of every picture in the order in which they
//! decode, and the ones at which a decoder can begin. No processes, no threads.

use super::{damage::Heard, kept::Kept};
use std::collections::{HashMap, HashSet};

/// A picture as a decoder tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// In units of the stream's time base; `None` where the stream does not say.
    pub pts: Option<i64>,
    pub is_key: bool,
}

/// Width and height in pixels.
pub(super) type Size = [u32; 2];

/// Bytes that a picture of this size has as RGBA.
pub(super) fn bytes_of([width, height]: Size) -> u64 {
    u64::from(width) * u64::from(height) * 4
}

/// Videos of more pictures are read up to here.
pub(super) const MOST_FRAMES: usize = 20_000_000;

/// What the container says, until all is decoded once: the time stamps of its packets, in order.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub pts: Vec<i64>,
    /// Numbers of the key frames.
    pub keys: Vec<u32>,
}

impl Expected {
    /// From the packets in file order; `None` where they can't be told apart by their times.
    pub fn new(mut packets: Vec<(i64, bool)>) -> Option<Self> {
        packets.sort_unstable();
        let distinct = packets.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let first_is_key = packets.first().is_some_and(|(_, is_key)| *is_key);
        if !distinct || !first_is_key {
            return None;
        }
        let keys = packets.iter().enumerate().filter(|(_, (_, is_key))| *is_key);
        let keys = keys.map(|(at, _)| at as u32).collect();
        Some(Self { pts: packets.into_iter().map(|(pts, _)| pts).collect(), keys })
    }
}

/// The pictures of a video. Takes 12 bytes a picture, and 8 more as long as they are not counted.
#[derive(Debug, Default)]
pub(super) struct Table {
    pts: Vec<i64>,
    sums: Vec<u32>,
    keys: Vec<u32>,
    /// Sizes, each with the first picture that has it.
    sizes: Vec<(u32, Size)>,
    /// The first picture of which the size and the bytes did not go together, and how.
    misfit: Option<(u32, String)>,
    /// Whether time stamps ascend, so that they tell pictures apart.
    ascending: bool,
    complete: bool,
    expected: Option<Expected>,
    /// Key frames from which other pictures come out than from the start.
    unclean: HashSet<u32>,
    /// Checksums of pictures that were handed out before they were counted, and the key frames from which
    /// they were decoded.
    given: HashMap<u32, (u32, u32)>,
    /// Grows when numbers that were told before are void.
    epoch: u32,
    /// Whether it was counted at an earlier time.
    from_before: bool,
    /// What FFmpeg said of damage while all was counted.
    heard: Heard,
}

/// Pictures whose checksums are kept until they are counted.
const MOST_GIVEN: usize = 50_000;

/// Where to begin to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entrance {
    pub frame: u32,
    /// `None`: the start of the file.
    pub pts: Option<i64>,
}

impl Entrance {
    pub const START: Self = Self { frame: 0, pts: None };
}

impl Table {
    pub fn new() -> Self {
        Self { ascending: true, ..Self::default() }
    }

    /// Takes in the next picture of a decoding from the start, its size, and the checksum of its pixels.
    /// Answers whether the container had said otherwise, so that what was numbered by it is void.
    pub fn count(&mut self, stamp: Stamp, size: Size, sum: u32) -> bool {
        let number = self.pts.len();
        if self.sizes.last().is_none_or(|(_, last)| *last != size) {
            self.sizes.push((number as u32, size));
        }
        let pts = stamp.pts.unwrap_or(i64::MIN);
        self.ascending &= self.pts.last().is_none_or(|last| *last < pts);
        self.pts.push(pts);
        self.sums.push(sum);
        if stamp.is_key {
            self.keys.push(number as u32);
        }
        let expected = self.expected.as_ref().map(|expected| expected.pts.get(number).copied());
        let contradicted = expected.is_some_and(|expected| expected != Some(pts));
        if (contradicted || !self.ascending) && self.expected.take().is_some() {
            self.given.clear();
            self.epoch += 1;
            return true;
        }
        match self.given.remove(&(number as u32)) {
            Some((given, key)) if given != sum => {
                self.unclean.insert(key);
                true
            }
            _ => false,
        }
    }

    /// All pictures have been counted. Answers as [`Self::count`].
    pub fn complete(&mut self) -> bool {
        self.complete = true;
        self.given.clear();
        let said = self.expected.take().map(|expected| expected.pts.len());
        let otherwise = said.is_some_and(|said| said != self.pts.len());
        self.epoch += u32::from(otherwise);
        otherwise
    }

    /// Whether it was counted at an earlier time.
    pub fn is_from_before(&self) -> bool {
        self.from_before
    }

    /// Forgets all that was counted.
    pub fn begin_anew(&mut self) {
        *self = Self { epoch: self.epoch + 1, ..Self::new() };
    }

    /// All that is needed to do without counting the next time.
    pub fn to_keep(&self) -> Kept {
        let mut last = 0_i64;
        let step = |pts: &i64| pts.wrapping_sub(std::mem::replace(&mut last, *pts));
        Kept {
            steps: self.pts.iter().map(step).collect(),
            sums: self.sums.clone(),
            keys: self.keys.clone(),
            sizes: self.sizes.clone(),
            heard: self.heard.clone(),
        }
    }

    /// What was counted at an earlier time; `None` where it can't be of a video.
    pub fn of_kept(kept: Kept) -> Option<Self> {
        let Kept { steps, sums, keys, sizes, heard } = kept;
        let mut last = 0_i64;
        let add = |step: i64| {
            last = last.wrapping_add(step);
            last
        };
        let pts: Vec<i64> = steps.into_iter().map(add).collect();
        let frames = pts.len() as u32;
        let keys_fit = keys.is_sorted_by(|a, b| a < b) && keys.last().is_none_or(|k| *k < frames);
        let begins = sizes.first().is_some_and(|(first, _)| *first == 0);
        let sizes_fit = begins && sizes.is_sorted_by(|a, b| a.0 < b.0);
        let fits = !pts.is_empty() && pts.len() == sums.len() && keys_fit && sizes_fit;
        let ascending = pts.is_sorted_by(|a, b| a < b);
        let whole = Self { ascending, complete: true, from_before: true, ..Self::new() };
        fits.then(|| Self { pts, sums, keys, sizes, heard, ..whole })
    }

    /// Takes over what the container says, unless it is known better.
    pub fn expect(&mut self, expected: Expected) {
        let agrees = self.pts.iter().zip(&expected.pts).all(|(a, b)| a == b);
        if !self.complete && agrees && expected.pts.len() >= self.pts.len() {
            self.expected = Some(expected);
        }
    }

    /// Notes that a picture that is not counted yet was handed out.
    pub fn give(&mut self, frame: u32, sum: u32, key: u32) {
        if self.given.len() < MOST_GIVEN {
            self.given.insert(frame, (sum, key));
        }
    }

    /// Numbers of another epoch are void.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Sizes of the pictures counted so far, each with the first picture that has it.
    pub fn sizes(&self) -> &[(u32, Size)] {
        &self.sizes
    }

    /// The size of a picture, once it is counted.
    pub fn size(&self, frame: u32) -> Option<Size> {
        let run = self.sizes.partition_point(|(first, _)| *first <= frame);
        (frame < self.counted()).then(|| self.sizes[run - 1].1)
    }

    /// Notes what FFmpeg said of damage.
    pub fn hear(&mut self, heard: Heard) {
        self.heard = heard;
    }

    /// What FFmpeg said of damage while all was counted.
    pub fn heard(&self) -> &Heard {
        &self.heard
    }

    /// The first picture before which others seem to be left out, by the time stamps: there, they go on by
    /// more than elsewhere, and by no more than a few seconds. `time_base` is seconds in a unit of them.
    pub fn gap(&self, time_base: f64) -> Option<u32> {
        /// Where times go on by more, one recording ends and another begins.
        const MOST_SECONDS: f64 = 10.0;
        let steps = || self.pts.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
        let mut sorted: Vec<i64> = steps().collect();
        let middle = sorted.len() / 2;
        if sorted.is_empty() {
            return None;
        }
        let usual = *sorted.select_nth_unstable(middle).1 as f64;
        let is_gap = |step: f64| step > usual * 1.5 && step * time_base < MOST_SECONDS;
        let at = steps().position(|step| usual > 0.0 && is_gap(step as f64))?;
        Some(at as u32 + 1)
    }

    /// Notes that the next picture's size and its bytes do not go together.
    pub fn misfit(&mut self, reason: String) {
        self.misfit = Some((self.counted(), reason));
    }

    /// Where pictures are no longer certain, and why.
    pub fn is_misfit(&self, frame: u32) -> Option<(u32, String)> {
        self.misfit.clone().filter(|(first, _)| frame >= *first)
    }

    /// Pictures that were counted.
    pub fn counted(&self) -> u32 {
        self.pts.len() as u32
    }

    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Pictures that are counted or said to be there.
    pub fn frames(&self) -> u32 {
        let said = self.expected.as_ref().map_or(0, |expected| expected.pts.len() as u32);
        said.max(self.counted())
    }

    /// The checksum of a picture's pixels, once it is counted.
    pub fn sum(&self, frame: u32) -> Option<u32> {
        self.sums.get(frame as usize).copied()
    }

    fn known(&self) -> (&[i64], &[u32]) {
        match &self.expected {
            Some(expected) => (&expected.pts, &expected.keys),
            None => (&self.pts, &self.keys),
        }
    }

    /// The number of the picture with this time stamp.
    pub fn number_of(&self, pts: i64) -> Option<u32> {
        let found = self.known().0.binary_search(&pts).ok()?;
        Some(found as u32)
    }

    /// The time stamp of a picture, where they tell pictures apart.
    pub fn pts_of(&self, frame: u32) -> Option<i64> {
        self.known().0.get(frame as usize).copied().filter(|_| self.ascending)
    }

    /// Whether the time stamp of `frame` is this one, as far as it is known.
    pub fn agrees(&self, frame: u32, pts: Option<i64>) -> bool {
        let (known, _) = self.known();
        known.get(frame as usize).is_none_or(|known| pts == Some(*known))
    }

    /// The last place before `frame`, or at it, at which a decoder can begin.
    pub fn entrance(&self, frame: u32) -> Entrance {
        if !self.ascending {
            return Entrance::START;
        }
        let (pts, keys) = self.known();
        let before = keys[..keys.partition_point(|key| *key <= frame)].iter().rev();
        let clean = before.copied().find(|key| !self.unclean.contains(key));
        match clean {
            Some(key) if key > 0 => Entrance { frame: key, pts: pts.get(key as usize).copied() },
            _ => Entrance::START,
        }
    }

    /// No decoder begins at this key frame any more.
    pub fn distrust(&mut self, key: u32) {
        self.unclean.insert(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = [4, 3];

    fn stamp(pts: i64, is_key: bool) -> Stamp {
        Stamp { pts: Some(pts), is_key }
    }

    fn expected(pts: &[i64], keys: &[i64]) -> Expected {
        // In the order of decoding, as B frames are.
        let mut packets: Vec<(i64, bool)> = pts.iter().map(|p| (*p, keys.contains(p))).collect();
        packets.reverse();
        Expected::new(packets).expect("times that differ")
    }

    #[test]
    fn before_it_is_counted_the_container_is_believed() {
        let mut table = Table::new();
        table.count(stamp(0, true), SIZE, 7);
        table.expect(expected(&[0, 10, 20, 30, 40], &[0, 30]));
        assert_eq!((table.frames(), table.counted(), table.number_of(30)), (5, 1, Some(3)));
        assert_eq!(table.entrance(4), Entrance { frame: 3, pts: Some(30) });
        assert_eq!(
            (table.entrance(2), table.sum(0), table.sum(1)),
            (Entrance::START, Some(7), None)
        );
    }

    #[test]
    fn what_decodes_counts_and_what_was_said_otherwise_is_void() {
        let mut table = Table::new();
        table.expect(expected(&[0, 10, 20, 30], &[0, 20]));
        assert!(!table.count(stamp(0, true), SIZE, 1));
        assert!(table.count(stamp(20, true), SIZE, 2), "the second packet gave no picture");
        assert_eq!(table.epoch(), 1);
        assert!(!table.count(stamp(30, false), SIZE, 3));
        assert_eq!((table.frames(), table.number_of(20)), (3, Some(1)));
        assert!(!table.complete() && table.is_complete());
        let mut longer = Table::new();
        longer.count(stamp(0, true), SIZE, 1);
        longer.expect(expected(&[0, 10], &[0]));
        assert!(longer.complete(), "one was missing at the end");
    }

    #[test]
    fn time_stamps_that_tell_nothing_lead_to_the_start() {
        let mut table = Table::new();
        for pts in [0, 10, 10, 20] {
            table.count(stamp(pts, true), SIZE, 0);
        }
        assert_eq!(table.entrance(3), Entrance::START);
        let mut none = Table::new();
        none.count(Stamp { pts: None, is_key: true }, SIZE, 0);
        none.count(Stamp { pts: None, is_key: true }, SIZE, 0);
        assert_eq!(none.entrance(1), Entrance::START);
        assert!(Expected::new(vec![(0, true), (0, false)]).is_none());
        assert!(Expected::new(vec![(0, false), (1, true)]).is_none());
    }

    #[test]
    fn what_was_given_too_early_is_held_against_the_count() {
        let mut table = Table::new();
        table.expect(expected(&[0, 10, 20, 30], &[0, 20]));
        table.give(2, 77, 2);
        table.give(3, 78, 2);
        assert!(!table.count(stamp(0, true), SIZE, 1) && !table.count(stamp(10, false), SIZE, 2));
        assert!(!table.count(stamp(20, true), SIZE, 77));
        assert!(table.count(stamp(30, false), SIZE, 79), "another picture was given");
        assert_eq!((table.entrance(3), table.epoch()), (Entrance::START, 0));
    }

    #[test]
    fn an_unclean_key_frame_is_passed_over() {
        let mut table = Table::new();
        for (pts, key) in [(0, true), (1, false), (2, true), (3, false), (4, true)] {
            table.count(stamp(pts, key), SIZE, 0);
        }
        table.distrust(4);
        assert_eq!(table.entrance(4), Entrance { frame: 2, pts: Some(2) });
        table.distrust(2);
        assert_eq!(table.entrance(4), Entrance::START);
        assert!(table.agrees(3, Some(3)) && !table.agrees(3, Some(4)) && table.agrees(9, None));
    }

    #[test]
    fn a_gap_is_where_times_go_on_by_more_than_elsewhere() {
        let gap = |times: &[i64]| {
            let mut table = Table::new();
            for pts in times {
                table.count(stamp(*pts, true), SIZE, 0);
            }
            table.gap(0.01)
        };
        assert_eq!(gap(&[0, 10, 20, 30]), None);
        assert_eq!(gap(&[0, 10, 20, 40, 50]), Some(3));
        assert_eq!(gap(&[0, 10, 20, 5000, 5010]), None, "another recording");
        assert_eq!(gap(&[0, 10, 20, 0, 10]), None, "another recording");
        assert_eq!((gap(&[]), gap(&[5])), (None, None));
    }

    #[test]
    fn each_picture_has_its_own_size() {
        let mut table = Table::new();
        for (pts, size) in [(0, [4, 3]), (1, [4, 3]), (2, [8, 6]), (3, [4, 3])] {
            table.count(stamp(pts, true), size, 0);
        }
        assert_eq!(table.sizes(), [(0, [4, 3]), (2, [8, 6]), (3, [4, 3])]);
        assert_eq!(
            [0, 1, 2, 3].map(|frame| table.size(frame).expect("counted")),
            [[4, 3], [4, 3], [8, 6], [4, 3]]
        );
        assert_eq!(table.size(4), None);
        table.misfit("odd".to_owned());
        assert_eq!((table.is_misfit(3), table.is_misfit(9)), (None, Some((4, "odd".to_owned()))));
    }
}
