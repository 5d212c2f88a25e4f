//! Pictures whose values are finer than a screen shows: 16 bits and more, signed, or with fractions.

use super::Picture;

/// Values that have yet to be spread from black to white.
pub(in crate::media) struct Deep {
    pub width: u32,
    pub height: u32,
    /// 1 for grey, 3 for red, green and blue.
    pub channels: usize,
    /// Row by row, `channels` each pixel.
    pub samples: Vec<f32>,
    /// What its kind of value can be, where all values are equal.
    pub full: [f32; 2],
    /// As in [`Picture`].
    pub damage: Option<Box<str>>,
}

/// Values that are looked at to find a range.
const SAMPLE: usize = 1 << 17;
/// The part of the values that may be beyond either end of the range: single pixels that are broken would
/// leave nothing to be seen of the others.
const BEYOND: f64 = 0.001;

impl Deep {
    /// The least and the largest value that it holds, but for a few; `None` where none is a number.
    pub fn bounds(&self) -> Option<[f32; 2]> {
        let step = self.samples.len().div_ceil(SAMPLE).max(1);
        // A step that divides the width would look at one column.
        let step = if step > 1 { step | 1 } else { 1 };
        let mut values: Vec<f32> =
            self.samples.iter().step_by(step).copied().filter(|v| v.is_finite()).collect();
        values.sort_unstable_by(f32::total_cmp);
        let last = values.len().checked_sub(1)?;
        let beyond = (values.len() as f64 * BEYOND) as usize;
        let [low, high] = [values[beyond.min(last)], values[last.saturating_sub(beyond)]];
        Some(if low < high { [low, high] } else { [values[0], values[last]] })
    }

    /// The picture with `range` from black to white, what is beyond being black or white, too.
    pub fn shown(self, range: [f32; 2]) -> Picture {
        let [low, high] = range;
        let scale = 255.0 / (high - low).max(f32::MIN_POSITIVE);
        let mut rgba = Vec::with_capacity(self.samples.len() / self.channels * 4);
        for pixel in self.samples.chunks_exact(self.channels) {
            // What is no number becomes 0.
            let level = |value: f32| ((value - low) * scale).clamp(0.0, 255.0).round() as u8;
            let [r, g, b] = match pixel {
                [r, g, b] => [*r, *g, *b].map(level),
                _ => [level(pixel[0]); 3],
            };
            rgba.extend_from_slice(&[r, g, b, 255]);
        }
        let whole = Picture::new(self.width, self.height, rgba);
        Picture { damage: self.damage, range: Some(range), ..whole }
    }

    /// The picture with its own range.
    pub fn alone(self) -> Picture {
        let range = self.bounds().filter(|[low, high]| low < high).unwrap_or(self.full);
        self.shown(range)
    }
}
