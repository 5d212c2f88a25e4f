//! Which frames there are, and how many boxes they have, in a form whose cost to draw does not
//! depend on their number.

/// The frames of a sequence: those with a line or a picture, and the range they lie in.
///
/// Takes 4 bytes a frame and 64 kB.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    existing: Vec<u32>,
    first: u32,
    last: u32,
    profile: Profile,
}

/// Boxes per frame over the whole range, in at most [`Profile::MAX_BINS`] bins.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    bins: Vec<Bin>,
    peak: u32,
}

/// Some neighbouring frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// Most boxes in one frame.
    pub most: u32,
    /// Frames that exist.
    pub existing: u32,
}

impl Profile {
    /// More bins than a timeline has pixels.
    pub const MAX_BINS: usize = 4096;

    /// The bins, in the order of the frames.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// Most boxes in one frame of all.
    #[must_use]
    pub fn peak(&self) -> u32 {
        self.peak
    }
}

impl Frames {
    /// Joins annotated frames (with their numbers of boxes) and frames with pictures, both
    /// ascending. `length` widens the range to that many frames, counted from 1.
    #[must_use]
    pub fn new(
        annotated: impl Iterator<Item = (u32, u32)>,
        pictures: impl Iterator<Item = u32>,
        length: Option<u32>,
    ) -> Self {
        let mut annotated = annotated.peekable();
        let mut pictures = pictures.peekable();
        let mut existing: Vec<u32> = Vec::new();
        let mut counts: Vec<u32> = Vec::new();
        loop {
            let next = match (annotated.peek(), pictures.peek()) {
                (Some((a, _)), Some(p)) => *a.min(p),
                (Some((a, _)), None) => *a,
                (None, Some(p)) => *p,
                (None, None) => break,
            };
            let boxes = annotated.next_if(|(frame, _)| *frame == next).map_or(0, |(_, n)| n);
            while pictures.next_if_eq(&next).is_some() {}
            existing.push(next);
            counts.push(boxes);
        }
        existing.shrink_to_fit();
        let (mut first, mut last) =
            (existing.first().copied().unwrap_or(0), existing.last().copied().unwrap_or(0));
        if let Some(length) = length {
            first = if existing.is_empty() { 1 } else { first.min(1) };
            last = last.max(length);
        }
        let mut frames = Self { existing, first, last, profile: Profile::default() };
        frames.profile = frames.profile_of(&counts);
        frames
    }

    fn profile_of(&self, counts: &[u32]) -> Profile {
        self.profile_over(self.existing.iter().copied().zip(counts.iter().copied()))
    }

    /// The profile of some boxes over these frames: frames, ascending, and how many each has.
    #[must_use]
    pub fn profile_over(&self, counts: impl Iterator<Item = (u32, u32)>) -> Profile {
        let mut bins = vec![Bin::default(); (self.span() as usize).min(Profile::MAX_BINS)];
        let mut peak = 0;
        for (frame, boxes) in counts.filter(|(frame, _)| (self.first..=self.last).contains(frame)) {
            let at = self.bin_of(frame, bins.len());
            if let Some(bin) = bins.get_mut(at) {
                bin.most = bin.most.max(boxes);
                bin.existing += 1;
            }
            peak = peak.max(boxes);
        }
        Profile { bins, peak }
    }

    fn bin_of(&self, frame: u32, bins: usize) -> usize {
        (u64::from(frame - self.first) * bins as u64 / self.span().max(1)) as usize
    }

    /// Number of frames that exist.
    #[must_use]
    pub fn len(&self) -> usize {
        self.existing.len()
    }

    /// Whether no frame exists.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.existing.is_empty()
    }

    /// First frame of the range.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.first
    }

    /// Last frame of the range.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.last
    }

    /// Frames in the range, whether they exist or not.
    #[must_use]
    pub fn span(&self) -> u64 {
        (u64::from(self.last) + 1).saturating_sub(u64::from(self.first))
    }

    /// Boxes per frame over the range.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether `frame` has a line or a picture.
    #[must_use]
    pub fn exists(&self, frame: u32) -> bool {
        self.existing.binary_search(&frame).is_ok()
    }

    /// How many existing frames come before `frame`.
    #[must_use]
    pub fn rank(&self, frame: u32) -> usize {
        self.existing.partition_point(|existing| *existing < frame)
    }

    /// The existing frame with so many before it.
    #[must_use]
    pub fn at_rank(&self, rank: usize) -> Option<u32> {
        self.existing.get(rank).copied()
    }

    /// The frame `by` existing frames away from `frame`, which itself may be absent; stops at
    /// the ends, and never goes the other way.
    #[must_use]
    pub fn step(&self, frame: u32, by: i64) -> u32 {
        let Some(last) = self.existing.len().checked_sub(1) else { return frame };
        let rank = self.rank(frame);
        // Behind the last, or before the first.
        if (by > 0 && rank > last) || (by < 0 && rank == 0) {
            return frame;
        }
        // From a gap, the first step back is to the frame before it, which `rank - 1` is.
        let forward_from = if self.exists(frame) || by <= 0 { rank } else { rank.wrapping_sub(1) };
        let target = (forward_from as i64).saturating_add(by).clamp(0, last as i64);
        self.existing.get(target as usize).copied().unwrap_or(frame)
    }

    /// The existing frame nearest to `frame`.
    #[must_use]
    pub fn nearest(&self, frame: u32) -> u32 {
        let rank = self.rank(frame);
        let before = rank.checked_sub(1).and_then(|rank| self.at_rank(rank));
        match (before, self.at_rank(rank)) {
            (Some(before), Some(after)) => {
                if frame - before < after - frame {
                    before
                } else {
                    after
                }
            }
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(existing: &[u32]) -> Frames {
        Frames::new(existing.iter().map(|frame| (*frame, 2)), std::iter::empty(), None)
    }

    #[test]
    fn steps_count_frames_that_exist() {
        let frames = frames(&[3, 4, 10, 11, 50]);
        assert_eq!(frames.step(4, 1), 10);
        assert_eq!(frames.step(4, -1), 3);
        assert_eq!(frames.step(3, 3), 11);
        assert_eq!(frames.step(11, 15), 50);
        assert_eq!(frames.step(11, -15), 3);
        assert_eq!((frames.step(7, 1), frames.step(7, -1)), (10, 4));
        // Where there is none on that side, nothing moves.
        assert_eq!((frames.step(0, -5), frames.step(99, 5)), (0, 99));
        assert_eq!((frames.step(0, 1), frames.step(99, -1)), (3, 50));
        assert_eq!((frames.nearest(7), frames.nearest(6), frames.nearest(99)), (10, 4, 50));
    }

    #[test]
    fn an_empty_sequence_goes_nowhere() {
        let frames = frames(&[]);
        assert_eq!((frames.step(5, 1), frames.nearest(5), frames.len()), (5, 5, 0));
    }

    #[test]
    fn pictures_and_length_add_frames() {
        let frames = Frames::new([(2, 9), (4, 1)].into_iter(), [1, 2, 3].into_iter(), Some(8));
        assert_eq!((frames.len(), frames.first(), frames.last()), (4, 1, 8));
        let most: Vec<u32> = frames.profile().bins().iter().map(|bin| bin.most).collect();
        assert_eq!(most, [0, 9, 0, 1, 0, 0, 0, 0]);
        assert_eq!(frames.profile().peak(), 9);
    }

    #[test]
    fn a_million_frames_have_no_more_bins_than_pixels() {
        let frames = Frames::new((1..=1_000_000).map(|f| (f, f % 7)), std::iter::empty(), None);
        let profile = frames.profile();
        assert_eq!(profile.bins().len(), Profile::MAX_BINS);
        let counted: u64 = profile.bins().iter().map(|bin| u64::from(bin.existing)).sum();
        assert_eq!((counted, profile.peak()), (1_000_000, 6));
    }

    proptest! {
        #[test]
        fn stepping_agrees_with_walking_a_list(
            existing in prop::collection::btree_set(0..500_u32, 1..60),
            from in 0..600_u32, by in -20..20_i64,
        ) {
            let list: Vec<u32> = existing.into_iter().collect();
            let frames = frames(&list);
            let mut expected = from;
            for _ in 0..by.unsigned_abs() {
                let next = if by > 0 {
                    list.iter().find(|f| **f > expected)
                } else {
                    list.iter().rev().find(|f| **f < expected)
                };
                expected = next.copied().unwrap_or(expected);
            }
            let stepped = frames.step(from, by);
            prop_assert_eq!(stepped, if by == 0 { frames.step(from, 0) } else { expected });
        }
    }
}
