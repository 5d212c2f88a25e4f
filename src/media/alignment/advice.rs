//! Whether pictures and annotations fit together, and how they would.

use super::{Alignment, Mapping, Ratio, ratio::gcd};

/// What seems wrong with which picture belongs to which frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What was found; a sentence or two.
    pub text: String,
    /// What would give every frame with boxes its picture, and the frame and picture that it begins with.
    pub better: Option<Better>,
}

/// An alignment that gives every frame with boxes a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Better {
    /// It.
    pub alignment: Alignment,
    /// The first frame with boxes.
    pub frame: u32,
    /// The number of the picture that it then shows.
    pub number: u32,
}

impl Better {
    /// What it does, for a button or in a sentence: `picture 0 under frame 1`.
    #[must_use]
    pub fn title(&self) -> String {
        let Alignment { step, .. } = self.alignment;
        let step = if step == Ratio::ONE { String::new() } else { format!(", step {step}") };
        format!("picture {} under frame {}{step}", self.number, self.frame)
    }

    /// The options that say so on the command line.
    #[must_use]
    pub fn options(&self) -> String {
        let Alignment { step, offset, .. } = self.alignment;
        let step = if step == Ratio::ONE { String::new() } else { format!(" --step {step}") };
        let offset =
            if offset == Ratio::ZERO { String::new() } else { format!(" --offset {offset}") };
        format!("{step}{offset}").trim_start().to_owned()
    }
}

/// Numbers that ascend, and how they do.
struct Row<'a> {
    all: &'a [u32],
    first: u32,
    last: u32,
    /// What all distances can be divided by; 1 where there is one number.
    step: u32,
}

impl<'a> Row<'a> {
    fn of(all: &'a [u32]) -> Option<Self> {
        let (first, last) = (*all.first()?, *all.last()?);
        let step = all.iter().fold(0, |common, n| gcd(common, u64::from(n - first)));
        Some(Self { all, first, last, step: step.max(1) as u32 })
    }

    /// How many numbers there would be if none was left out.
    fn length(&self) -> u32 {
        (self.last - self.first) / self.step + 1
    }

    fn in_words(&self) -> String {
        let Self { first, last, step, .. } = self;
        match (self.all.len(), step) {
            (1, _) => format!("{first}"),
            (_, 1) => format!("{first} to {last}"),
            (2, _) => format!("{first} and {last}"),
            _ => format!("{first}, {}, … to {last}", first + step),
        }
    }
}

/// Holds the frames that have boxes against the numbers of the pictures, both ascending. Answers nothing where
/// each of those frames has a picture as it is, and where too little is known: pictures of some of the frames
/// are nothing odd. A video's pictures are numbered from 0, its first being that of frame `first`.
pub(in crate::media) fn advise(
    annotated: &[u32],
    numbers: &[u32],
    now: Mapping,
    is_video: bool,
) -> Option<Advice> {
    let (boxes, pictures) = (Row::of(annotated)?, Row::of(numbers)?);
    let lacking = lacking(annotated, numbers, now);
    if lacking == 0 {
        return None;
    }
    let maps = candidates(&boxes, &pictures);
    let better = maps.into_iter().find_map(|(step, frame, number)| {
        // The first frame counts from there, and none before.
        let offset = Ratio::sum(number, step, i64::from(frame) - i64::from(now.first))?;
        let map = Mapping { step, offset, first: now.first };
        let at = map.place(boxes.first)?.number;
        let alignment = Alignment { first: None, step, offset };
        (self::lacking(annotated, numbers, map) == 0).then_some(Better {
            alignment,
            frame: boxes.first,
            number: at,
        })
    });
    if better.is_none() && lacking < annotated.len() {
        return None;
    }
    let frames = if annotated.len() == 1 { "frame" } else { "frames" };
    let on = boxes.in_words();
    let whose = if is_video {
        format!("the video has {} pictures, from 0 to {}", numbers.len(), pictures.last)
    } else {
        format!("the pictures have the numbers {}", pictures.in_words())
    };
    let how_many = if lacking == annotated.len() {
        "no frame with boxes has a picture".to_owned()
    } else {
        format!("{lacking} of {} frames with boxes have no picture", annotated.len())
    };
    Some(Advice {
        text: format!("There are boxes on {frames} {on}, and {whose}: {how_many}."),
        better,
    })
}

/// How many frames have no picture of their own.
fn lacking(annotated: &[u32], numbers: &[u32], map: Mapping) -> usize {
    let mut numbers = numbers.iter().copied().peekable();
    let has = |frame: &u32| {
        let Some(place) = map.place(*frame).filter(|place| place.exact) else { return false };
        while numbers.next_if(|number| *number < place.number).is_some() {}
        numbers.peek() == Some(&place.number)
    };
    annotated.len() - annotated.iter().copied().filter(has).count()
}

/// Steps with a frame and the picture that belongs to it, the likeliest first.
fn candidates(boxes: &Row, pictures: &Row) -> Vec<(Ratio, u32, u32)> {
    let mut all = Vec::new();
    let step = Ratio::new(pictures.step.into(), boxes.step.min(10_000));
    let equal = boxes.length() == pictures.length();
    let stepped = boxes.step != pictures.step && boxes.all.len() > 2 && pictures.all.len() > 2;
    if !stepped || boxes.last - boxes.first == pictures.last - pictures.first {
        // From the first to the last.
        if boxes.last - boxes.first == pictures.last - pictures.first {
            all.push((Ratio::ONE, boxes.first, pictures.first));
        }
        // One counts from 0, the other from 1, and there are no boxes at the ends.
        match (boxes.first, pictures.first) {
            (0, 1) => all.push((Ratio::ONE, 0, 1)),
            (1.., 0) => all.push((Ratio::ONE, 1, 0)),
            _ => {}
        }
        // Nothing in common: the first belong together.
        if boxes.last < pictures.first || pictures.last < boxes.first {
            all.push((Ratio::ONE, boxes.first, pictures.first));
        }
        return all;
    }
    let complete = pictures.all.len() as u32 == pictures.length();
    if equal && complete {
        all.push((step, boxes.first, pictures.first));
    }
    // A few frames have no boxes.
    let nearly = u64::from(boxes.length()) * 10 >= u64::from(pictures.length()) * 9;
    if nearly && complete {
        let first = boxes.first % boxes.step;
        let base = if boxes.step == 1 { boxes.first.min(1) } else { first };
        all.push((step, base, pictures.first));
        all.push((step, boxes.first, pictures.first));
    }
    all
}

impl Ratio {
    /// `number - step x frames`, where that can be said.
    fn sum(number: u32, step: Ratio, frames: i64) -> Option<Ratio> {
        let (above, below) = step.parts();
        let sum = i128::from(number) * below - above * i128::from(frames);
        let sum = i64::try_from(sum).ok()?;
        Some(Ratio::new(sum, below as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AS_NUMBERED: Mapping = Mapping { step: Ratio::ONE, offset: Ratio::ZERO, first: 0 };

    fn row(range: std::ops::RangeInclusive<u32>, step: usize) -> Vec<u32> {
        range.step_by(step).collect()
    }

    fn better(boxes: &[u32], pictures: &[u32]) -> Option<String> {
        Some(advise(boxes, pictures, AS_NUMBERED, false)?.better?.options())
    }

    #[test]
    fn a_constant_shift_is_found() {
        assert_eq!(better(&row(1..=12, 1), &row(0..=11, 1)).as_deref(), Some("--offset -1"));
        assert_eq!(better(&row(0..=11, 1), &row(1..=12, 1)).as_deref(), Some("--offset 1"));
        assert_eq!(better(&row(1..=12, 1), &row(301..=312, 1)).as_deref(), Some("--offset 300"));
        assert_eq!(better(&row(301..=312, 1), &row(1..=12, 1)).as_deref(), Some("--offset -300"));
        // Some frames have no boxes, those at the ends too.
        assert_eq!(better(&[2, 3, 5, 12], &row(0..=11, 1)).as_deref(), Some("--offset -1"));
        assert_eq!(better(&[1, 2, 5, 11], &row(301..=312, 1)).as_deref(), Some("--offset 300"));
        assert_eq!(
            better(&[1, 2, 5, 12], &row(1_700_000_000..=1_700_000_011, 1)).as_deref(),
            Some("--offset 1699999999")
        );
        let advice = advise(&row(1..=12, 1), &row(0..=11, 1), AS_NUMBERED, false).expect("advice");
        assert_eq!(
            advice.text,
            "There are boxes on frames 1 to 12, and the pictures have the numbers 0 to 11: 1 of 12 frames with boxes have no picture."
        );
        assert_eq!(advice.better.expect("better").title(), "picture 0 under frame 1");
    }

    #[test]
    fn a_constant_step_is_found() {
        assert_eq!(better(&row(0..=11, 1), &row(0..=55, 5)).as_deref(), Some("--step 5"));
        assert_eq!(
            better(&row(1..=12, 1), &row(0..=55, 5)).as_deref(),
            Some("--step 5 --offset -5")
        );
        assert_eq!(better(&row(1..=12, 1), &row(5..=60, 5)).as_deref(), Some("--step 5"));
        assert_eq!(better(&row(0..=55, 5), &row(0..=11, 1)).as_deref(), Some("--step 1/5"));
        assert_eq!(
            better(&row(1..=56, 5), &row(0..=11, 1)).as_deref(),
            Some("--step 1/5 --offset -1/5")
        );
        assert_eq!(better(&row(0..=30, 3), &row(0..=20, 2)).as_deref(), Some("--step 2/3"));
        // Frame 4 has no boxes, nor has the last.
        assert_eq!(
            better(&[0, 1, 2, 3, 5, 6, 7, 8, 9, 10], &row(0..=55, 5)).as_deref(),
            Some("--step 5")
        );
    }

    #[test]
    fn nothing_is_said_where_nothing_is_odd() {
        for (boxes, pictures) in [
            (row(1..=12, 1), row(1..=12, 1)),
            (row(3..=12, 1), row(1..=12, 1)),
            (row(1..=600, 1), row(1..=4, 1)),
            (row(0..=59, 1), row(0..=55, 5)),
            (row(1..=796, 1), row(1..=795, 1)),
            (row(0..=600, 5), row(0..=200, 1)),
            (vec![7], row(1..=12, 1)),
            (vec![], row(1..=12, 1)),
            (row(1..=12, 1), vec![]),
        ] {
            assert_eq!(
                advise(&boxes, &pictures, AS_NUMBERED, false),
                None,
                "{boxes:?} {pictures:?}"
            );
        }
    }

    #[test]
    fn where_no_frame_has_a_picture_that_is_said_even_without_a_way_out() {
        let advice =
            advise(&row(1..=12, 1), &row(301..=304, 1), AS_NUMBERED, false).expect("advice");
        assert!(
            advice.better.is_none() && advice.text.ends_with("no frame with boxes has a picture.")
        );
    }

    #[test]
    fn a_video_counts_from_its_first_frame() {
        let now = Mapping { first: 1, ..AS_NUMBERED };
        let video = row(0..=11, 1);
        assert_eq!(advise(&row(1..=12, 1), &video, now, true), None);
        let advice = advise(&row(301..=312, 1), &video, now, true).expect("advice");
        assert_eq!(advice.better.expect("better").options(), "--offset -300");
        let fifth = advise(&row(1..=56, 5), &video, now, true).expect("advice");
        assert_eq!(fifth.better.expect("better").options(), "--step 1/5");
        assert!(fifth.text.contains("the video has 12 pictures, from 0 to 11"), "{}", fifth.text);
    }
}
