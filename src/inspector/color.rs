//! Colours of tracks: the same id always the same, neighbouring ids far apart.
//!
//! A golden-angle walk through the hues of OKLCH, a perceptually even space (Björn Ottosson,
//! "A perceptual color space for image processing", 2020), with lightness and chroma varied in
//! a slower rhythm so that hues that come round again still differ.

use crate::model::TrackId;
use palette::{Clamp as _, LinSrgb, OklabHue, Oklch, Srgb, convert::IntoColorUnclamped as _};

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// What boxes without identity (negative ids) are drawn in.
pub const NO_IDENTITY: Rgb = [0xC8, 0xCC, 0xD4];

/// The colour of a track.
///
/// ```
/// use motscope::inspector::track_color;
///
/// assert_eq!(track_color(7), track_color(7));
/// assert_ne!(track_color(7), track_color(8));
/// ```
#[must_use]
pub fn track_color(id: impl Into<TrackId>) -> Rgb {
    const GOLDEN_ANGLE: f64 = 137.507_764_050_037_85;
    let id = id.into();
    if !id.is_identity() {
        return NO_IDENTITY;
    }
    // A multiple of 3, so that the rhythm of lightness goes on; small enough for a float.
    let id = id.number() % 999_999_999;
    let hue = (id as f64 * GOLDEN_ANGLE % 360.0).to_radians();
    let (lightness, chroma) = [(0.78, 0.15), (0.70, 0.19), (0.86, 0.12)][(id % 3) as usize];
    oklch(lightness, chroma, hue)
}

/// The colour of a class; boxes without one are drawn as those without identity.
#[must_use]
pub fn class_color(class: Option<i64>) -> Rgb {
    class.map_or(NO_IDENTITY, track_color)
}

/// The colour of the layer at a place of the list, from 0: far from those of the places around it, also for
/// people who see fewer hues.
#[must_use]
pub fn layer_color(place: usize) -> Rgb {
    /// After Okabe and Ito, "Color universal design", 2008; lightened for dark pictures.
    const COLORS: [Rgb; 7] = [
        [0x4F, 0xC3, 0xF7],
        [0xFF, 0xA7, 0x26],
        [0x3D, 0xD6, 0x9C],
        [0xF4, 0x8F, 0xB1],
        [0xF6, 0xE8, 0x4A],
        [0xB3, 0x9D, 0xFF],
        [0xFF, 0x6E, 0x5A],
    ];
    COLORS[place % COLORS.len()]
}

/// What boxes are coloured by.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ColorBy {
    /// Their track.
    #[default]
    Track,
    /// Their class.
    Class,
    /// Their confidence, over the range that the file has.
    Confidence,
    /// How fast they move, in heights of the box a frame.
    Speed,
    /// Their layer.
    Layer,
}

impl ColorBy {
    /// In the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Track, Self::Class, Self::Confidence, Self::Speed, Self::Layer];

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Track => "Track",
            Self::Class => "Class",
            Self::Confidence => "Confidence",
            Self::Speed => "Speed",
            Self::Layer => "Layer",
        }
    }

    /// The next in order.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|by| *by == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// The colour of a share from 0 (blue) to 1 (yellow), by way of green: ever lighter, so that it can be
/// told apart without hue.
#[must_use]
pub fn ramp(share: f64) -> Rgb {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let between = |from: f64, to: f64| from + (to - from) * share;
    oklch(between(0.52, 0.90), between(0.17, 0.16), between(275.0, 105.0).to_radians())
}

/// Black or white, whichever reads better on `background`.
#[must_use]
pub fn text_on(background: Rgb) -> Rgb {
    let [r, g, b] = background.map(|c| (f64::from(c) / 255.0).powf(2.2));
    let luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    // Where contrast with black and with white is equal (WCAG 2, relative luminance).
    if luminance > 0.179 { [0x10, 0x12, 0x16] } else { [0xFF; 3] }
}

/// OKLCH to sRGB, with the hue in radians; where a colour lies outside, its chroma is lowered until it does not.
fn oklch(lightness: f64, chroma: f64, hue: f64) -> Rgb {
    /// As far outside as rounding brings a colour.
    const EDGE: std::ops::RangeInclusive<f64> = -0.001..=1.001;
    let mut chroma = chroma;
    loop {
        let color = Oklch::new(lightness, chroma, OklabHue::from_radians(hue));
        let linear: LinSrgb<f64> = color.into_color_unclamped();
        let inside = [linear.red, linear.green, linear.blue].iter().all(|c| EDGE.contains(c));
        if inside || chroma < 0.01 {
            return Srgb::<f64>::from_linear(linear.clamp()).into_format::<u8>().into();
        }
        chroma -= 0.01;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: Rgb, b: Rgb) -> f64 {
        let squares = a.iter().zip(b).map(|(x, y)| (f64::from(*x) - f64::from(y)).powi(2));
        squares.sum::<f64>().sqrt()
    }

    #[test]
    fn neighbouring_ids_are_easy_to_tell_apart() {
        for id in 0..5000 {
            for step in 1..=3 {
                let apart = distance(track_color(id), track_color(id + step));
                assert!(apart > 40.0, "{id} and {}: {apart}", id + step);
            }
        }
    }

    #[test]
    fn a_ramp_grows_lighter() {
        let luma = |[r, g, b]: Rgb| 2 * u32::from(r) + 7 * u32::from(g) + u32::from(b);
        let lumas: Vec<u32> = (0..=10).map(|n| luma(ramp(f64::from(n) / 10.0))).collect();
        assert!(lumas.is_sorted(), "{lumas:?}");
        assert_eq!((ramp(f64::NAN), ramp(7.0)), (ramp(0.0), ramp(1.0)));
    }

    #[test]
    fn any_id_has_a_colour_and_text_on_it_is_legible() {
        for id in [i64::MIN, -1, 0, 1, 1_000_000_000_000, i64::MAX] {
            assert!(distance(track_color(id), text_on(track_color(id))) > 150.0);
        }
    }
}
