//! Which picture belongs to which frame: picture number = step x frame + offset.

mod advice;
mod ratio;

pub(super) use advice::advise;
pub use advice::{Advice, Better};
pub use ratio::Ratio;

use serde::{Deserialize, Serialize};

/// Which picture belongs to which frame, as a person sets it: picture number = step x frame + offset. A video
/// counts its pictures from 0, and frames from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alignment {
    /// The number of the first frame, which a video's first picture belongs to: 0 or 1; `None`: as the
    /// annotations have it.
    pub first: Option<u32>,
    /// How many pictures a frame is on; above 0.
    pub step: Ratio,
    /// Added to the number: how many pictures are passed over.
    pub offset: Ratio,
}

impl Default for Alignment {
    fn default() -> Self {
        Self { first: None, step: Ratio::ONE, offset: Ratio::ZERO }
    }
}

/// The number of a picture, for a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the picture that is shown: the frame's own, or the one before.
    pub number: u32,
    /// Whether it is the frame's own. Others lie between two pictures, where the step is a fraction.
    pub exact: bool,
}

/// An alignment with all that it depends on: number = step x (frame - first) + offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mapping {
    pub step: Ratio,
    pub offset: Ratio,
    pub first: u32,
}

impl Mapping {
    /// The picture of a frame, unless it would be before the first number.
    pub fn place(&self, frame: u32) -> Option<Place> {
        let (step, offset) = (self.step.parts(), self.offset.parts());
        let number =
            step.0 * (i128::from(frame) - i128::from(self.first)) * offset.1 + offset.0 * step.1;
        let whole = step.1 * offset.1;
        let exact = number.rem_euclid(whole) == 0;
        Some(Place { number: u32::try_from(number.div_euclid(whole)).ok()?, exact })
    }

    /// The frame whose own a picture is.
    pub fn frame(&self, number: u32) -> Option<u32> {
        let (step, offset) = (self.step.parts(), self.offset.parts());
        let frames = (i128::from(number) * offset.1 - offset.0) * step.1;
        let whole = offset.1 * step.0;
        let frame = frames / whole + i128::from(self.first);
        (frames % whole == 0).then(|| u32::try_from(frame).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(text: &str) -> Ratio {
        text.parse().expect("a ratio")
    }

    fn mapping(step: &str, offset: &str, first: u32) -> Mapping {
        Mapping { step: ratio(step), offset: ratio(offset), first }
    }

    #[test]
    fn frames_between_pictures_show_the_one_before() {
        let fifth = mapping("1/5", "0", 0);
        let place = |frame| fifth.place(frame).map(|p| (p.number, p.exact));
        assert_eq!(
            [0, 4, 5, 6].map(place),
            [(0, true), (0, false), (1, true), (1, false)].map(Some)
        );
        assert_eq!((fifth.frame(3), fifth.place(15).map(|p| p.number)), (Some(15), Some(3)));
        let every_fifth = mapping("5", "-5", 0);
        assert_eq!(
            [0, 1, 3].map(|f| every_fifth.place(f).map(|p| p.number)),
            [None, Some(0), Some(10)]
        );
        assert_eq!([0, 5, 7].map(|number| every_fifth.frame(number)), [Some(1), Some(2), None]);
        // Frames 1, 6, 11 are pictures 0, 1, 2.
        let shifted = mapping("1/5", "-1/5", 0);
        assert_eq!(
            [1, 6, 11].map(|f| shifted.place(f)),
            [0, 1, 2].map(|number| Some(Place { number, exact: true }))
        );
    }

    #[test]
    fn settings_of_before_are_read() {
        let read: Alignment = serde_json::from_str(r#"{"first":0,"offset":-3}"#).expect("reads");
        assert_eq!(read, Alignment { first: Some(0), offset: (-3).into(), ..Alignment::default() });
        let now = Alignment { step: ratio("1/5"), ..read };
        let text = serde_json::to_string(&now).expect("writes");
        assert_eq!(text, r#"{"first":0,"step":"1/5","offset":-3}"#);
        assert_eq!(serde_json::from_str::<Alignment>(&text).expect("reads"), now);
    }

    proptest! {
        #[test]
        fn a_frame_and_its_own_picture_belong_to_each_other(
            step in (1_i64..50, 1_u32..50), offset in (-5000_i64..5000, 1_u32..20),
            first in 0_u32..3, frame in 0_u32..100_000,
        ) {
            let mapping =
                Mapping { step: Ratio::new(step.0, step.1), offset: Ratio::new(offset.0, offset.1), first };
            if let Some(place) = mapping.place(frame) {
                let exact = f64::from(frame as i32 - first as i32) * step.0 as f64 / f64::from(step.1)
                    + offset.0 as f64 / f64::from(offset.1);
                prop_assert!((exact.floor() - f64::from(place.number)).abs() < 1.5);
                prop_assert_eq!(place.exact, mapping.frame(place.number) == Some(frame));
            }
        }
    }
}
