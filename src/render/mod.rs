//! Draws a frame without a display: the same list of shapes as in the window, painted on the
//! CPU.

mod text;

pub use text::{REGULAR, Typeface};

use crate::{
    inspector::{
        Rgb, Transform as PictureTransform, scene,
        scene::{
            DASH, Emphasis, FADED, HALO, InformativeFields, LABEL_PADDING, OUTLINE, POINT_RADIUS,
            Shape,
        },
    },
    media::Picture,
    model::Detection,
};
use tiny_skia::{
    Color, FillRule, FilterQuality, IntSize, Paint, PathBuilder, Pixmap, PixmapPaint, PixmapRef,
    Rect, Stroke, StrokeDash, Transform,
};

/// The colour of a canvas without picture.
pub const EMPTY_CANVAS: Rgb = [0x1B, 0x1E, 0x24];

/// What is drawn on, and how the picture lies in it.
#[derive(Clone, Copy, Debug)]
pub struct Canvas<'a> {
    /// The picture, if there is one.
    pub picture: Option<&'a Picture>,
    /// Width and height of the picture's place in its pixels.
    pub picture_size: [u32; 2],
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// Around the picture.
    pub background: Rgb,
}

/// Draws boxes over a picture, or over an empty canvas of `size` where there is none, a pixel a
/// point. `None` where the size is 0 or too large.
#[must_use]
pub fn draw(
    picture: Option<&Picture>,
    size: [u32; 2],
    detections: &[Detection],
    meaning: InformativeFields,
    typeface: &Typeface,
) -> Option<Picture> {
    let size = picture.map_or(size, |picture| [picture.width, picture.height]);
    let transform = PictureTransform { zoom: 1.0, offset: [0.0, 0.0] };
    let input = scene::Input::plain(detections, transform, size.map(|side| side as f32));
    let canvas = Canvas { picture, picture_size: size, size, background: EMPTY_CANVAS };
    draw_scene(&canvas, &scene::Input { meaning, ..input }, typeface)
}

/// Draws what a viewport shows. `None` where the size is 0 or too large.
#[must_use]
pub fn draw_scene(
    canvas: &Canvas<'_>,
    input: &scene::Input<'_>,
    typeface: &Typeface,
) -> Option<Picture> {
    draw_layers(canvas, input.transform, &[(*input, 1.0)], typeface)
}

/// Draws what a viewport shows of several layers, the last one on top; each with its opacity, from 0 to 1. They
/// lie where `transform` puts the picture. `None` where the size is 0 or too large.
#[must_use]
pub fn draw_layers(
    canvas: &Canvas<'_>,
    transform: PictureTransform,
    layers: &[(scene::Input<'_>, f32)],
    typeface: &Typeface,
) -> Option<Picture> {
    let mut pixels = background(canvas, transform)?;
    for (input, opacity) in layers {
        let shapes = scene::build(input, |text| typeface.width(text, scene::LABEL_TEXT));
        if *opacity >= 1.0 {
            for shape in &shapes {
                paint_shape(&mut pixels, shape, typeface);
            }
        } else {
            let mut layer = Pixmap::new(pixels.width(), pixels.height())?;
            for shape in &shapes {
                paint_shape(&mut layer, shape, typeface);
            }
            let paint = PixmapPaint { opacity: *opacity, ..PixmapPaint::default() };
            pixels.draw_pixmap(0, 0, layer.as_ref(), &paint, Transform::identity(), None);
        }
    }
    Some(Picture::new(pixels.width(), pixels.height(), pixels.take()))
}

/// The picture in its place.
fn background(canvas: &Canvas<'_>, transform: PictureTransform) -> Option<Pixmap> {
    let [width, height] = canvas.size;
    let as_it_is = transform == PictureTransform { zoom: 1.0, offset: [0.0, 0.0] };
    if let Some(picture) = canvas.picture
        && as_it_is
        && canvas.size == [picture.width, picture.height]
    {
        return Pixmap::from_vec(picture.rgba.clone(), IntSize::from_wh(width, height)?);
    }
    let mut pixels = Pixmap::new(width, height)?;
    let [r, g, b] = canvas.background;
    pixels.fill(Color::from_rgba8(r, g, b, 255));
    let zoom = transform.zoom as f32;
    let [x, y] = transform.offset.map(|offset| offset as f32);
    let place = Transform::from_row(zoom, 0.0, 0.0, zoom, x, y);
    if let Some(picture) = canvas.picture {
        let quality = if zoom > 1.0 { FilterQuality::Nearest } else { FilterQuality::Bilinear };
        let paint = PixmapPaint { quality, ..PixmapPaint::default() };
        let picture = PixmapRef::from_bytes(&picture.rgba, picture.width, picture.height)?;
        pixels.draw_pixmap(0, 0, picture, &paint, place, None);
    } else {
        let [width, height] = canvas.picture_size.map(|side| side as f32);
        let whole = Rect::from_xywh(0.0, 0.0, width, height)?;
        pixels.fill_rect(whole, &paint_of(EMPTY_CANVAS), place, None);
    }
    Some(pixels)
}

fn paint_of([r, g, b]: Rgb) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, 255);
    paint
}

fn rect([left, top, right, bottom]: scene::Bounds) -> Option<Rect> {
    Rect::from_ltrb(left, top, right.max(left + 0.01), bottom.max(top + 0.01))
}

fn faint(color: Rgb, opacity: u8) -> Paint<'static> {
    let mut paint = paint_of(color);
    paint.set_color_rgba8(color[0], color[1], color[2], opacity);
    paint
}

/// How opaque a box is, and how much wider its outline.
#[must_use]
pub fn stress(emphasis: Emphasis) -> (u8, f32) {
    match emphasis {
        Emphasis::Faded => (FADED, 0.75),
        Emphasis::Plain => (255, 1.0),
        Emphasis::Hovered => (255, 1.75),
        Emphasis::Selected => (255, 2.0),
    }
}

/// How opaque a label is: what is written on it stays legible.
#[must_use]
pub fn label_opacity(emphasis: Emphasis) -> u8 {
    if emphasis == Emphasis::Faded { 170 } else { 255 }
}

fn paint_shape(canvas: &mut Pixmap, shape: &Shape, typeface: &Typeface) {
    let identity = Transform::identity();
    match shape {
        Shape::Trail { from, to, width, color, opacity } => {
            let mut path = PathBuilder::new();
            path.move_to(from[0], from[1]);
            path.line_to(to[0], to[1]);
            if let Some(path) = path.finish() {
                let stroke = Stroke { width: *width, ..Stroke::default() };
                canvas.stroke_path(&path, &faint(*color, *opacity), &stroke, identity, None);
            }
        }
        Shape::Outline { bounds, color, emphasis, line } => {
            let (opacity, wider) = stress(*emphasis);
            if let Some(path) = rect(*bounds).map(PathBuilder::from_rect) {
                let dark = (u16::from(HALO.1) * u16::from(opacity) / 255) as u8;
                let width = OUTLINE * wider;
                let lines = [
                    (width + HALO.0 - OUTLINE, faint([0; 3], dark)),
                    (width, faint(*color, opacity)),
                ];
                for (width, paint) in lines {
                    let dash = StrokeDash::new(line.pattern().to_vec(), 0.0);
                    let stroke = Stroke { width, dash, ..Stroke::default() };
                    canvas.stroke_path(&path, &paint, &stroke, identity, None);
                }
            }
        }
        Shape::PreviousBox { bounds, color } => {
            if let Some(path) = rect(*bounds).map(PathBuilder::from_rect) {
                let dark = Stroke { width: HALO.0, ..Stroke::default() };
                canvas.stroke_path(&path, &faint([0; 3], HALO.1), &dark, identity, None);
                let dash = StrokeDash::new(DASH.to_vec(), 0.0);
                let stroke = Stroke { width: OUTLINE, dash, ..Stroke::default() };
                canvas.stroke_path(&path, &paint_of(*color), &stroke, identity, None);
            }
        }
        Shape::Point { at, color, emphasis } => {
            let (opacity, wider) = stress(*emphasis);
            let circle = PathBuilder::from_circle(at[0], at[1], POINT_RADIUS * wider.min(1.5));
            if let Some(path) = circle {
                let paint = faint(*color, opacity);
                canvas.fill_path(&path, &paint, FillRule::Winding, identity, None);
            }
        }
        Shape::Label { bounds, color, text_color, text, emphasis } => {
            let opacity = label_opacity(*emphasis);
            if let Some(chip) = rect(*bounds) {
                canvas.fill_rect(chip, &faint(*color, opacity), identity, None);
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
            id: 12.into(),
            left: 40.0,
            top: 60.0,
            width: 50.0,
            height: 30.0,
            confidence: None,
            class: None,
            visibility: None,
            world: crate::model::WorldPoint::NONE,
        };
        let typeface = Typeface::default();
        let drawn = draw(None, [200, 150], &[detection], InformativeFields::default(), &typeface)
            .expect("drawn");
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
