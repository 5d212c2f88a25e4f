//! Draws a frame without a display: the same list of shapes as in the window, painted on the
//! CPU.

mod text;

pub use text::{REGULAR, Typeface};

use crate::{
    inspector::{
        Rgb, Transform as PictureTransform,
        scene::{self, HALO, LABEL_PADDING, Meaning, OUTLINE, POINT_RADIUS, Shape},
    },
    media::Picture,
    mot::Detection,
};
use tiny_skia::{Color, FillRule, IntSize, Paint, PathBuilder, Pixmap, Rect, Stroke, Transform};

/// The colour of a canvas without picture.
pub const EMPTY_CANVAS: Rgb = [0x1B, 0x1E, 0x24];

/// Draws boxes over a picture, or over an empty canvas of `size` where there is none, a pixel a
/// point. `None` where the size is 0 or too large.
#[must_use]
pub fn draw(
    picture: Option<&Picture>,
    size: [u32; 2],
    detections: &[Detection],
    meaning: Meaning,
    typeface: &Typeface,
) -> Option<Picture> {
    let mut canvas = if let Some(picture) = picture {
        let size = IntSize::from_wh(picture.width, picture.height)?;
        Pixmap::from_vec(picture.rgba.clone(), size)?
    } else {
        let mut canvas = Pixmap::new(size[0], size[1])?;
        let [r, g, b] = EMPTY_CANVAS;
        canvas.fill(Color::from_rgba8(r, g, b, 255));
        canvas
    };
    let input = scene::Input {
        detections,
        meaning,
        transform: PictureTransform { zoom: 1.0, offset: [0.0, 0.0] },
        viewport: [canvas.width() as f32, canvas.height() as f32],
        labels: true,
        hovered: None,
    };
    for shape in scene::build(&input, |text| typeface.width(text, scene::LABEL_TEXT)) {
        paint_shape(&mut canvas, &shape, typeface);
    }
    Some(Picture { width: canvas.width(), height: canvas.height(), rgba: canvas.take() })
}

fn paint_of([r, g, b]: Rgb) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, 255);
    paint
}

fn rect([left, top, right, bottom]: scene::Bounds) -> Option<Rect> {
    Rect::from_ltrb(left, top, right.max(left + 0.01), bottom.max(top + 0.01))
}

fn paint_shape(canvas: &mut Pixmap, shape: &Shape, typeface: &Typeface) {
    match shape {
        Shape::Outline { bounds, color, .. } => {
            if let Some(path) = rect(*bounds).map(PathBuilder::from_rect) {
                let mut halo = paint_of([0; 3]);
                halo.set_color_rgba8(0, 0, 0, HALO.1);
                for (width, paint) in [(HALO.0, halo), (OUTLINE, paint_of(*color))] {
                    let stroke = Stroke { width, ..Stroke::default() };
                    canvas.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
                }
            }
        }
        Shape::Point { at, color, .. } => {
            if let Some(path) = PathBuilder::from_circle(at[0], at[1], POINT_RADIUS) {
                canvas.fill_path(
                    &path,
                    &paint_of(*color),
                    FillRule::Winding,
                    Transform::identity(),
                    None,
                );
            }
        }
        Shape::Label { bounds, color, text_color, text } => {
            if let Some(chip) = rect(*bounds) {
                canvas.fill_rect(chip, &paint_of(*color), Transform::identity(), None);
            }
            let [left, top, _, bottom] = *bounds;
            let at = [left + LABEL_PADDING, f32::midpoint(top, bottom)];
            typeface.draw(canvas, at, text, scene::LABEL_TEXT, *text_color);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::track_color;

    #[test]
    fn boxes_and_labels_are_where_they_belong() {
        let detection = Detection {
            id: 12,
            left: 40.0,
            top: 60.0,
            width: 50.0,
            height: 30.0,
            confidence: None,
            class: None,
            visibility: None,
            world: None,
        };
        let typeface = Typeface::default();
        let drawn =
            draw(None, [200, 150], &[detection], Meaning::default(), &typeface).expect("drawn");
        let pixel = |x: u32, y: u32| {
            let at = ((y * drawn.width + x) * 4) as usize;
            [drawn.rgba[at], drawn.rgba[at + 1], drawn.rgba[at + 2]]
        };
        assert_eq!(pixel(65, 60), track_color(12), "the upper edge");
        assert_eq!(pixel(65, 75), EMPTY_CANVAS, "inside");
        assert_eq!(pixel(41, 45), track_color(12), "the label's corner");
        let dark = (40..60).flat_map(|x| (44..60).map(move |y| (x, y)));
        let inked = dark.filter(|(x, y)| pixel(*x, *y).iter().all(|c| *c < 90)).count();
        assert!(inked > 10, "digits are on the label");
    }
}
