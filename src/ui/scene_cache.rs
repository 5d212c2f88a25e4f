//! The shapes over the picture, made anew only when something about them changed.

use super::theme;
use crate::{
    inspector::{
        Transform,
        scene::{self, HALO, LABEL_PADDING, LABEL_TEXT, Meaning, OUTLINE, POINT_RADIUS, Shape},
    },
    mot::FrameDetections,
};
use eframe::egui::{
    self, Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Vec2, emath::GuiRounding as _,
};
use std::sync::Arc;

/// What the shapes depend on.
#[derive(Clone)]
pub struct Key {
    /// The boxes.
    pub boxes: Arc<FrameDetections>,
    /// Which of their fields say something.
    pub meaning: Meaning,
    /// Where the picture lies in the viewport.
    pub transform: Transform,
    /// The viewport.
    pub rect: Rect,
    /// Whether boxes have labels.
    pub labels: bool,
    /// The box pointed at.
    pub hovered: Option<usize>,
    /// Physical pixels a point.
    pub pixels_per_point: f32,
}

impl Key {
    fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.boxes, &other.boxes)
            && self.meaning == other.meaning
            && self.transform == other.transform
            && self.rect == other.rect
            && self.labels == other.labels
            && self.hovered == other.hovered
            && self.pixels_per_point == other.pixels_per_point
    }

    /// What the list of shapes is made of.
    #[must_use]
    pub fn input(&self) -> scene::Input<'_> {
        scene::Input {
            detections: &self.boxes.detections,
            meaning: self.meaning,
            transform: self.transform,
            viewport: [self.rect.width(), self.rect.height()],
            labels: self.labels,
            hovered: self.hovered,
        }
    }
}

/// Holds the shapes between repaints.
#[derive(Default)]
pub struct SceneCache {
    made_for: Option<Key>,
    items: Vec<Item>,
}

/// A shape, or a text. Laid out texts are not kept: they point into egui's font atlas, which
/// egui remakes as it likes; it has a cache of its own for them.
enum Item {
    Shape(egui::Shape),
    Text { left_center: Pos2, text: String, color: Color32 },
}

impl SceneCache {
    /// Ends a run of outlines: thousands of boxes are one shape.
    fn flush(&mut self, outlines: &mut Mesh) {
        if !outlines.is_empty() {
            let mesh = std::mem::take(outlines);
            self.items.push(Item::Shape(egui::Shape::mesh(mesh)));
        }
    }

    /// Paints the boxes.
    pub fn paint(&mut self, painter: &Painter, key: &Key) {
        let font = FontId::proportional(LABEL_TEXT);
        if !self.made_for.as_ref().is_some_and(|made| made.same_as(key)) {
            let width = |text: &str| {
                painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x
            };
            let shapes = scene::build(&key.input(), width);
            self.items.clear();
            let offset = key.rect.min.to_vec2();
            let mut outlines = Mesh::default();
            for shape in &shapes {
                if let Shape::Outline { bounds, color, hovered } = shape {
                    let width = if *hovered { OUTLINE * 1.75 } else { OUTLINE };
                    let rect = rect(*bounds, offset);
                    if *hovered {
                        let fill = theme::color(*color).gamma_multiply(0.15);
                        outlines.add_colored_rect(rect, fill);
                    }
                    outline(&mut outlines, rect, width, theme::color(*color), key.pixels_per_point);
                } else {
                    self.flush(&mut outlines);
                    translate(shape, offset, &mut self.items);
                }
            }
            self.flush(&mut outlines);
            self.made_for = Some(key.clone());
        }
        for item in &self.items {
            match item {
                Item::Shape(shape) => {
                    painter.add(shape.clone());
                }
                Item::Text { left_center, text, color } => {
                    painter.text(*left_center, Align2::LEFT_CENTER, text, font.clone(), *color);
                }
            }
        }
    }
}

/// The frame of a box, snapped to physical pixels: a dark line under one of its colour.
fn outline(mesh: &mut Mesh, rect: Rect, width: f32, color: Color32, pixels_per_point: f32) {
    let halo = (HALO.0 - OUTLINE) / 2.0;
    let dark = Color32::from_black_alpha(HALO.1);
    let line = rect.expand(width / 2.0).round_to_pixels(pixels_per_point);
    let width = width.round_to_pixels(pixels_per_point).max(1.0 / pixels_per_point);
    let halo = halo.round_to_pixels(pixels_per_point).max(1.0 / pixels_per_point);
    hollow(mesh, line.expand(halo), halo, dark);
    hollow(mesh, line.shrink(width), halo, dark);
    hollow(mesh, line, width, color);
}

/// Four bars along the inside of a rectangle's edges.
fn hollow(mesh: &mut Mesh, rect: Rect, thickness: f32, color: Color32) {
    if rect.width() <= 2.0 * thickness || rect.height() <= 2.0 * thickness {
        if rect.is_positive() {
            mesh.add_colored_rect(rect, color);
        }
        return;
    }
    let inner = rect.shrink(thickness);
    for (min, max) in [
        (rect.min, Pos2::new(rect.right(), inner.top())),
        (Pos2::new(rect.left(), inner.bottom()), rect.max),
        (Pos2::new(rect.left(), inner.top()), inner.left_bottom()),
        (inner.right_top(), Pos2::new(rect.right(), inner.bottom())),
    ] {
        mesh.add_colored_rect(Rect::from_min_max(min, max), color);
    }
}

fn rect([left, top, right, bottom]: scene::Bounds, offset: Vec2) -> Rect {
    Rect::from_min_max(Pos2::new(left, top), Pos2::new(right, bottom)).translate(offset)
}

fn translate(shape: &Shape, offset: Vec2, out: &mut Vec<Item>) {
    let mut add = |shape: egui::Shape| out.push(Item::Shape(shape));
    match shape {
        // Outlines are gathered into one mesh before.
        Shape::Outline { .. } => {}
        Shape::Point { at, color, hovered } => {
            let at = Pos2::new(at[0], at[1]) + offset;
            let radius = if *hovered { POINT_RADIUS * 1.5 } else { POINT_RADIUS };
            add(egui::Shape::circle_filled(at, radius + 1.0, Color32::from_black_alpha(140)));
            add(egui::Shape::circle_filled(at, radius, theme::color(*color)));
        }
        Shape::Label { bounds, color, text_color, text } => {
            let rect = rect(*bounds, offset);
            add(egui::Shape::rect_filled(rect, 2.0, theme::color(*color)));
            out.push(Item::Text {
                left_center: Pos2::new(rect.left() + LABEL_PADDING, rect.center().y),
                text: text.clone(),
                color: theme::color(*text_color),
            });
        }
    }
}
