//! The shapes over the picture, made anew only when something about them changed.

use super::theme;
use crate::{
    inspector::{
        Rgb, Transform,
        scene::{
            self, DASH, Emphasis, HALO, LABEL_PADDING, LABEL_TEXT, LineStyle, Look, OUTLINE,
            POINT_RADIUS, Shape,
        },
    },
    render::{label_opacity, stress},
};
use egui::{
    self, Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Vec2, emath::GuiRounding as _,
};

/// What the shapes depend on.
#[derive(Clone)]
pub struct Key {
    /// The boxes, and how they are drawn.
    pub look: Look,
    /// Where the picture lies in the viewport.
    pub transform: Transform,
    /// The viewport.
    pub rect: Rect,
    /// The box pointed at.
    pub hovered: Option<usize>,
    /// Physical pixels a point.
    pub pixels_per_point: f32,
}

impl Key {
    fn same_as(&self, other: &Self) -> bool {
        self.look.same_as(&other.look)
            && self.transform == other.transform
            && self.rect == other.rect
            && self.hovered == other.hovered
            && self.pixels_per_point == other.pixels_per_point
    }

    /// What the list of shapes is made of.
    #[must_use]
    pub fn input(&self) -> scene::Input<'_> {
        let viewport = [self.rect.width(), self.rect.height()];
        scene::Input { hovered: self.hovered, ..self.look.input(self.transform, viewport) }
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
                match shape {
                    Shape::Outline { bounds, color, emphasis, line } => {
                        let rect = rect(*bounds, offset);
                        let stroke =
                            OutlineStroke { color: *color, emphasis: *emphasis, line: *line };
                        outlined(&mut outlines, rect, stroke, key.pixels_per_point);
                    }
                    Shape::Trail { from, to, width, color, opacity } => {
                        let [from, to] = [from, to].map(|at| Pos2::new(at[0], at[1]) + offset);
                        line(&mut outlines, [from, to], *width, faint(*color, *opacity));
                    }
                    other => {
                        self.flush(&mut outlines);
                        translate(other, offset, &mut self.items);
                    }
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

fn faint(color: Rgb, opacity: u8) -> Color32 {
    let [r, g, b] = color;
    Color32::from_rgba_unmultiplied(r, g, b, opacity)
}

/// How an outline is drawn.
#[derive(Clone, Copy)]
struct OutlineStroke {
    color: Rgb,
    emphasis: Emphasis,
    line: LineStyle,
}

/// What an outline is drawn with.
#[derive(Clone, Copy)]
struct Pen {
    width: f32,
    color: Color32,
    line: LineStyle,
}

/// A box, as much as it stands out.
fn outlined(mesh: &mut Mesh, rect: Rect, stroke: OutlineStroke, pixels_per_point: f32) {
    let OutlineStroke { color, emphasis, line } = stroke;
    let (opacity, wider) = stress(emphasis);
    let fill = match emphasis {
        Emphasis::Hovered => 0.15,
        Emphasis::Selected => 0.10,
        Emphasis::Plain | Emphasis::Faded => 0.0,
    };
    if fill > 0.0 {
        mesh.add_colored_rect(rect, theme::color(color).gamma_multiply(fill));
    }
    let pen = Pen { width: OUTLINE * wider, color: faint(color, opacity), line };
    outline(mesh, rect, pen, pixels_per_point);
}

/// A straight line as two triangles: thousands of them are one shape.
fn line(mesh: &mut Mesh, [from, to]: [Pos2; 2], width: f32, color: Color32) {
    let along = (to - from).normalized() * width / 2.0;
    let across = along.rot90();
    let first = mesh.vertices.len() as u32;
    for at in [from - across, from + across, to + across, to - across] {
        mesh.colored_vertex(at, color);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

/// The frame of a box, snapped to physical pixels: a dark line under one of its colour.
fn outline(mesh: &mut Mesh, rect: Rect, pen: Pen, pixels_per_point: f32) {
    let Pen { width, color, line: style } = pen;
    let halo = (HALO.0 - OUTLINE) / 2.0;
    let dark = Color32::from_black_alpha((u16::from(HALO.1) * u16::from(color.a()) / 255) as u8);
    let line = rect.expand(width / 2.0).round_to_pixels(pixels_per_point);
    let width = width.round_to_pixels(pixels_per_point).max(1.0 / pixels_per_point);
    let halo = halo.round_to_pixels(pixels_per_point).max(1.0 / pixels_per_point);
    if style == LineStyle::Solid {
        hollow(mesh, line.expand(halo), halo, dark);
        hollow(mesh, line.shrink(width), halo, dark);
        hollow(mesh, line, width, color);
        return;
    }
    for side in sides(line, width) {
        for dash in dashes(side, style.pattern()) {
            mesh.add_colored_rect(dash.expand(halo), dark);
            mesh.add_colored_rect(dash, color);
        }
    }
}

/// The four sides of a frame, each as long as its corners.
fn sides(rect: Rect, width: f32) -> [Rect; 4] {
    let (min, max) = (rect.min, rect.max);
    [
        Rect::from_min_max(min, Pos2::new(max.x, min.y + width)),
        Rect::from_min_max(Pos2::new(max.x - width, min.y), max),
        Rect::from_min_max(Pos2::new(min.x, max.y - width), max),
        Rect::from_min_max(min, Pos2::new(min.x + width, max.y)),
    ]
}

/// The dashes of a side, of which there are no more than can be told apart.
fn dashes(side: Rect, pattern: &'static [f32]) -> impl Iterator<Item = Rect> {
    /// A side that reaches far out of the window.
    const MOST: usize = 1000;
    let flat = side.width() >= side.height();
    let (begin, end) = if flat { (side.left(), side.right()) } else { (side.top(), side.bottom()) };
    let (mut at, mut step) = (begin, 0);
    std::iter::from_fn(move || {
        let from = at;
        if from >= end {
            return None;
        }
        let drawn = pattern[step % pattern.len()];
        at += drawn + pattern[(step + 1) % pattern.len()];
        step += 2;
        let to = (from + drawn).min(end);
        Some(if flat {
            Rect::from_min_max(Pos2::new(from, side.top()), Pos2::new(to, side.bottom()))
        } else {
            Rect::from_min_max(Pos2::new(side.left(), from), Pos2::new(side.right(), to))
        })
    })
    .take(MOST)
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
        // Outlines and trails are gathered into one mesh before.
        Shape::Outline { .. } | Shape::Trail { .. } => {}
        Shape::PreviousBox { bounds, color } => {
            let rect = rect(*bounds, offset);
            let [left_top, right_bottom] = [rect.min, rect.max];
            let corners = [left_top, rect.right_top(), right_bottom, rect.left_bottom(), left_top];
            let dark = egui::Stroke::new(HALO.0, Color32::from_black_alpha(HALO.1));
            add(egui::Shape::rect_stroke(rect, 0.0, dark, egui::StrokeKind::Middle));
            let stroke = egui::Stroke::new(OUTLINE, theme::color(*color));
            let dashes = egui::Shape::dashed_line(&corners, stroke, DASH[0], DASH[1]);
            dashes.into_iter().for_each(add);
        }
        Shape::Point { at, color, emphasis } => {
            let at = Pos2::new(at[0], at[1]) + offset;
            let (opacity, wider) = stress(*emphasis);
            let radius = POINT_RADIUS * wider.min(1.5);
            add(egui::Shape::circle_filled(at, radius + 1.0, Color32::from_black_alpha(140)));
            add(egui::Shape::circle_filled(at, radius, faint(*color, opacity)));
        }
        Shape::Label { bounds, color, text_color, text, emphasis } => {
            let rect = rect(*bounds, offset);
            add(egui::Shape::rect_filled(rect, 2.0, faint(*color, label_opacity(*emphasis))));
            out.push(Item::Text {
                left_center: Pos2::new(rect.left() + LABEL_PADDING, rect.center().y),
                text: text.clone(),
                color: theme::color(*text_color),
            });
        }
    }
}
