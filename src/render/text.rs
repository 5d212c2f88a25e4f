use crate::inspector::Rgb;
use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use tiny_skia::{Pixmap, PremultipliedColorU8};

/// The bytes of the typeface, which the window uses too.
pub static REGULAR: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf");

/// Measures and draws short texts.
pub struct Typeface(Option<FontRef<'static>>);

impl Default for Typeface {
    fn default() -> Self {
        // The embedded font is whole; were it not, boxes would be drawn without text.
        Self(FontRef::try_from_slice(REGULAR).ok())
    }
}

/// A font's height is larger than the size that people name it by.
fn scale(font: &FontRef<'_>, size: f32) -> PxScale {
    let units = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(size * font.height_unscaled() / units)
}

impl Typeface {
    /// Width of a text in pixels.
    #[must_use]
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let Some(font) = &self.0 else { return 0.0 };
        let font = font.as_scaled(scale(font, size));
        text.chars().map(|letter| font.h_advance(font.glyph_id(letter))).sum()
    }

    /// Draws a text that begins at `at[0]` and is centred vertically on `at[1]`.
    pub fn draw(&self, canvas: &mut Pixmap, at: [f32; 2], text: &str, size: f32, color: Rgb) {
        let Some(font) = &self.0 else { return };
        let font = font.as_scaled(scale(font, size));
        let baseline = at[1] + f32::midpoint(font.ascent(), font.descent());
        let mut x = at[0];
        for letter in text.chars() {
            let mut glyph = font.scaled_glyph(letter);
            glyph.position = point(x, baseline.round());
            x += font.h_advance(glyph.id);
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, coverage| {
                    let place = (corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy));
                    blend(canvas, place, color, coverage);
                });
            }
        }
    }
}

fn blend(canvas: &mut Pixmap, (x, y): (i64, i64), color: Rgb, coverage: f32) {
    let (width, height) = (i64::from(canvas.width()), i64::from(canvas.height()));
    if !(0..width).contains(&x) || !(0..height).contains(&y) {
        return;
    }
    let Some(pixel) = canvas.pixels_mut().get_mut((y * width + x) as usize) else { return };
    let coverage = coverage.clamp(0.0, 1.0);
    let mix = |below: u8, above: u8| {
        (f32::from(below) + (f32::from(above) - f32::from(below)) * coverage).round() as u8
    };
    let mixed =
        [mix(pixel.red(), color[0]), mix(pixel.green(), color[1]), mix(pixel.blue(), color[2])];
    if let Some(mixed) = PremultipliedColorU8::from_rgba(mixed[0], mixed[1], mixed[2], 255) {
        *pixel = mixed;
    }
}
