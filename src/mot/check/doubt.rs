//! What all boxes of a file have in common that boxes in pixels seldom have: it was written in another
//! form, which reads without a single error and shows nothing that makes sense.

use crate::mot::Detection;

/// Fewer boxes say nothing.
const ENOUGH: u64 = 50;

/// In which other form a file seems to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Coordinates are shares of the picture's size.
    Shares,
    /// Columns 5 and 6 are the right and bottom edge.
    Corners,
}

impl Doubt {
    /// In a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Shares => "Coordinates look like shares of the picture, not pixels",
            Self::Corners => "Columns 5 and 6 look like right and bottom, not width and height",
        }
    }

    /// What makes it look so, and what to do, in two sentences.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Shares => {
                "Every box lies within one pixel, as shares of the picture's size do. Multiply columns \
                 3 to 6 by the picture's width and height: they are read as pixels."
            }
            Self::Corners => {
                "They are larger than columns 3 and 4 in every line, as right and bottom edges are. The \
                 window can read them so (Problems), and --corners on the command line."
            }
        }
    }
}

/// What has been seen of all boxes so far.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    boxes: u64,
    /// Boxes whose width is not larger than their left, or whose height is not larger than their top.
    no_corners: u64,
    beyond_a_pixel: u64,
    /// The largest left, top, width and height.
    largest: [f64; 4],
}

impl Evidence {
    pub fn add(&mut self, detection: &Detection) {
        let Detection { left, top, width, height, .. } = *detection;
        self.boxes += 1;
        self.no_corners += u64::from(!(width > left && height > top));
        let inside = |value: f64| (-0.5..=1.5).contains(&value);
        self.beyond_a_pixel += u64::from(![left, top, width, height].into_iter().all(inside));
        let values = [left, top, width, height];
        for (largest, value) in self.largest.iter_mut().zip(values) {
            *largest = largest.max(value);
        }
    }

    /// What it comes to, where there are so many tracks.
    pub fn doubt(&self, tracks: u64) -> Option<Doubt> {
        if self.boxes < ENOUGH {
            return None;
        }
        if self.beyond_a_pixel == 0 {
            return Some(Doubt::Shares);
        }
        let [left, top, right, bottom] = self.largest;
        // Some begin far out, or they may all be at the corner.
        let spread = left > 0.6 * right && top > 0.4 * bottom;
        // One or two tracks may well be large, and near the upper left corner. Detections have none.
        let many = !(1..=2).contains(&tracks);
        (self.no_corners == 0 && spread && many).then_some(Doubt::Corners)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mot::{Index, Source, check};
    use std::fmt::Write as _;

    fn doubt(line: impl Fn(u32, u32) -> [f64; 4]) -> Option<Doubt> {
        let mut text = String::new();
        for frame in 1..=20 {
            for id in 0..5 {
                let [left, top, width, height] = line(frame, id);
                writeln!(text, "{frame},{id},{left},{top},{width},{height},1").expect("text");
            }
        }
        let bytes: &'static [u8] = Box::leak(text.into_boxed_str()).as_bytes();
        let source = Source::from_memory("a.txt", bytes).expect("text");
        let index = Index::build(&source, &mut ()).expect("nothing cancels");
        check(&source, &index, &mut ()).expect("nothing cancels").doubt
    }

    #[test]
    fn shares_and_corners_are_told_from_pixels() {
        let at = |frame: u32, id: u32| {
            [f64::from(400 * id + 5 * frame), f64::from(150 * id + 2 * frame)]
        };
        let pixels = |frame, id| [at(frame, id)[0], at(frame, id)[1], 60.0, 150.0];
        assert_eq!(doubt(pixels), None);
        let corners = |frame, id| {
            let [left, top, width, height] = pixels(frame, id);
            [left, top, left + width, top + height]
        };
        assert_eq!(doubt(corners), Some(Doubt::Corners));
        let shares = |frame, id| {
            let [left, top, width, height] = pixels(frame, id);
            [left / 1920.0, top / 1080.0, width / 1920.0, height / 1080.0]
        };
        assert_eq!(doubt(shares), Some(Doubt::Shares));
        // Large boxes at the upper left are that.
        assert_eq!(doubt(|frame, id| [f64::from(frame), f64::from(id), 300.0, 400.0]), None);
    }
}
