//! The picture and the boxes on it.

mod messages;
mod overlay;
mod panes;

use super::{Asked, Shown, counted};
use crate::{
    inspector::{Command, Filter, Transform, Viewports, scene},
    model::{Detection, LayerId},
    session::{PictureState, Showing},
    ui::{
        scene_cache::{Key, SceneCache},
        textures::PictureTexture,
        theme,
    },
};
use egui::{
    self, Align2, Painter, Pos2, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2,
};
use overlay::Region;
use panes::Pane;
use std::collections::HashMap;

/// What the viewport keeps between repaints.
#[derive(Default)]
pub struct Viewport {
    texture: PictureTexture,
    /// What is painted of each layer in each viewport, by its place.
    scenes: HashMap<(usize, LayerId), SceneCache>,
    /// The box of the active layer that another panel points at.
    pub pointed: Option<usize>,
    /// Since when the frame asked for is on its way.
    waiting_since: Option<f64>,
    region: Region,
    /// Whether a file that is dropped now is added as a layer.
    pub adds_drops: bool,
}

impl Viewport {
    /// Lets go of the last sequence.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Shows the picture and its boxes. Returns the size of the viewport in points.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>) -> [f64; 2] {
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        let size = [f64::from(rect.width()), f64::from(rect.height())];
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, shown.palette.canvas);
        if ui.input(|input| !input.raw.hovered_files.is_empty()) {
            drop_target(ui, shown, rect);
        }
        self.adds_drops = ui.input(|input| drops_on_right(input, rect));
        let Some(showing) = shown.session.and_then(|session| session.showing()) else {
            response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Viewport"));
            nothing_open(&painter, shown, rect);
            return size;
        };
        let frame = showing.frame;
        let boxes: usize = shown.looks.iter().map(|look| look.look.boxes.detections.len()).sum();
        response.widget_info(|| {
            WidgetInfo::labeled(
                Role::Canvas,
                true,
                format!("Frame {frame} with {}", counted(boxes as u64, "box")),
            )
        });
        let panes = panes::panes(&shown.inspector.layers, rect);
        let pressed = ui.input(|input| input.pointer.press_origin());
        let hovered = panes::at(&panes, response.hover_pos());
        let held =
            panes::at(&panes, pressed.filter(|_| response.dragged()).or(response.hover_pos()));
        navigate(ui, shown, &response, hovered.rect, self.region.is_drawn());
        let size = [f64::from(hovered.rect.width()), f64::from(hovered.rect.height())];
        let transform = shown.inspector.view.transform(shown.inspector.picture_size, size);
        let mut painted = painted(ui, shown, &panes, transform);
        let pointer = response.hover_pos().map(|pointer| pointer - hovered.rect.min);
        let of_pane = |painted: &&Painted| painted.pane.place == hovered.place;
        // What lies on top is what is pointed at.
        let under = pointer.and_then(|at| {
            let hit = |key: &Key| scene::hit(&key.input(), [at.x, at.y], 3.0);
            painted.iter().rev().filter(of_pane).find_map(|p| Some((p.layer, hit(&p.key)?)))
        });
        let active = shown.inspector.layers.active().id;
        for Painted { layer, key, .. } in &mut painted {
            let pointed = self.pointed.filter(|_| *layer == active);
            let of_layer = under.filter(|(of, _)| of == layer).map(|(_, index)| index);
            key.hovered = of_layer.or(pointed);
        }
        // The second of a double click fits the picture, and picks nothing more.
        if response.clicked() && !response.double_clicked() && !response.triple_clicked() {
            let picked = pointer.and_then(|at| {
                let pick = |key: &Key| scene::pick(&key.input(), [at.x, at.y], 3.0);
                painted.iter().rev().filter(of_pane).find_map(|p| Some((p.layer, pick(&p.key)?)))
            });
            let picked = picked.and_then(|(layer, index)| {
                Some((layer, showing.boxes(layer)?.detections.get(index)?))
            });
            select(shown, picked);
        }
        self.paint(ui, shown, showing, (&panes, &painted, transform));
        if let Some((layer, index)) = under
            && let Some(detection) =
                showing.boxes(layer).and_then(|boxes| boxes.detections.get(index))
            && !response.dragged()
        {
            details(&response, shown, layer, detection);
        }
        panes::controls(ui, shown, &panes, rect);
        let alone = matches!(shown.inspector.layers.viewports(), Viewports::One);
        let top = if alone { 0.0 } else { panes::HEAD + 2.0 };
        let below = Rect::from_min_max(rect.min + vec2(0.0, top), rect.max);
        self.messages(ui, shown, showing, below);
        if let Some(region) = self.region.show(ui, shown, &response, held.rect, transform) {
            shown.asked.push(Asked::Filter(Filter {
                region: Some(region),
                ..shown.inspector.selection().sieve().filter.clone()
            }));
        }
        size
    }

    /// Paints the picture and the boxes of every viewport.
    fn paint(
        &mut self,
        ui: &Ui,
        shown: &Shown<'_>,
        showing: &Showing,
        (panes, painted, transform): (&[Pane], &[Painted], Transform),
    ) {
        let is_painted =
            |key: &(usize, LayerId)| painted.iter().any(|p| (p.pane.place, p.layer) == *key);
        self.scenes.retain(|key, _| is_painted(key));
        for pane in panes {
            let place = |pixel: [f64; 2]| {
                let [x, y] = transform.to_screen(pixel);
                pane.rect.min + vec2(x as f32, y as f32)
            };
            let painter = ui.painter_at(pane.seen);
            self.picture(ui, shown, showing, &painter, &place);
            for Painted { layer, opacity, key, .. } in
                painted.iter().filter(|painted| painted.pane.place == pane.place)
            {
                let mut painter = painter.clone();
                painter.multiply_opacity(*opacity);
                self.scenes.entry((pane.place, *layer)).or_default().paint(&painter, key);
            }
            let region = shown.inspector.selection().sieve().filter.region;
            if let Some([left, top, right, bottom]) = region {
                let region = Rect::from_min_max(place([left, top]), place([right, bottom]));
                overlay::region(&painter, shown, region);
            }
        }
    }

    fn picture(
        &mut self,
        ui: &Ui,
        shown: &Shown<'_>,
        showing: &Showing,
        painter: &Painter,
        place: &impl Fn([f64; 2]) -> Pos2,
    ) {
        let whole = Rect::from_min_max(place([0.0, 0.0]), place(shown.inspector.picture_size));
        match &showing.picture {
            PictureState::Ready(picture) => {
                self.texture.set(ui.ctx(), picture);
                self.texture.paint(painter, place);
            }
            PictureState::Outdated(picture) => {
                /// Seen to be out of force, and still there: an empty picture would flicker.
                const VEIL: f32 = 0.7;
                self.texture.set(ui.ctx(), picture);
                self.texture.paint(painter, place);
                painter.rect_filled(whole, 0.0, shown.palette.empty_picture.gamma_multiply(VEIL));
            }
            PictureState::None | PictureState::Failed(_) => {
                painter.rect_filled(whole, 0.0, shown.palette.empty_picture);
            }
        }
    }
}

/// The boxes of a layer in a viewport.
struct Painted {
    pane: Pane,
    layer: LayerId,
    opacity: f32,
    key: Key,
}

/// What each viewport shows, the layer on top last.
fn painted(ui: &Ui, shown: &Shown<'_>, panes: &[Pane], transform: Transform) -> Vec<Painted> {
    let viewports = shown.inspector.layers.viewports();
    let of_pane = |pane: &Pane| {
        let (pane, pixels_per_point) = (*pane, ui.pixels_per_point());
        let own = shown.looks.iter().filter(move |look| viewports.shows(pane.place, look.layer));
        own.map(move |look| Painted {
            pane,
            layer: look.layer,
            opacity: look.opacity,
            key: Key {
                look: look.look.clone(),
                transform,
                rect: pane.rect,
                hovered: None,
                pixels_per_point,
            },
        })
    };
    panes.iter().flat_map(of_pane).collect()
}

/// Selects the track of the box that was clicked; a click beside all selects none.
fn select(shown: &mut Shown<'_>, picked: Option<(LayerId, &Detection)>) {
    match picked {
        Some((layer, detection)) if detection.id.is_identity() => {
            shown.command(Command::SelectIn(layer, detection.id));
        }
        Some((layer, _)) => shown.command(Command::Activate(layer)),
        None if shown.inspector.selection().id().is_some() => shown.command(Command::Back),
        None => {}
    }
}

/// What to do where there is nothing to show.
fn nothing_open(painter: &Painter, shown: &Shown<'_>, rect: Rect) {
    let (title, how) = match shown.session {
        _ if shown.opening => return,
        Some(session) if shown.inspector.frames.is_empty() => {
            let file = session.paths.annotations.as_deref().map(crate::text::name);
            let name = file.unwrap_or_else(|| "This folder".to_owned());
            ("There are no frames to show", format!("{name} holds no boxes."))
        }
        // Its first frame is on its way.
        Some(_) => return,
        None => {
            let how = "or open one with Ctrl+O (file), Ctrl+Shift+O (folder) or Ctrl+L (a path)";
            ("Drop a MOT file or a sequence folder here", how.to_owned())
        }
    };
    let (middle, palette) = (rect.center(), shown.palette);
    let at = middle - vec2(0.0, 16.0);
    painter.text(at, Align2::CENTER_CENTER, title, theme::strong(20.0), palette.text);
    let font = egui::FontId::proportional(theme::TYPE[1]);
    painter.text(middle + vec2(0.0, 14.0), Align2::CENTER_CENTER, how, font, palette.weak);
}

/// What a drop would do, over everything else: on the left it opens, on the right it is added as a layer.
fn drop_target(ui: &Ui, shown: &Shown<'_>, rect: Rect) {
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop target"));
    let painter = ui.ctx().layer_painter(layer);
    painter.rect_filled(rect, 0.0, shown.palette.panel.gamma_multiply(0.85));
    let font = theme::strong(20.0);
    if shown.session.is_none() {
        frame(&painter, shown, rect, true);
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            "Drop to open",
            font,
            shown.palette.text,
        );
        return;
    }
    let on_right = ui.input(|input| drops_on_right(input, rect));
    let (left, right) = rect.split_left_right_at_fraction(0.5);
    for (half, text, chosen) in
        [(left, "Open instead", !on_right), (right, "Add as a layer", on_right)]
    {
        frame(&painter, shown, half, chosen);
        painter.text(half.center(), Align2::CENTER_CENTER, text, font.clone(), shown.palette.text);
    }
}

fn frame(painter: &Painter, shown: &Shown<'_>, rect: Rect, chosen: bool) {
    let color = if chosen { shown.palette.accent } else { shown.palette.weak };
    let stroke = egui::Stroke::new(if chosen { 3.0 } else { 1.0 }, color);
    painter.rect_stroke(rect.shrink(12.0), 8.0, stroke, egui::StrokeKind::Inside);
}

/// Whether what is dropped lies over the right half. Some systems do not say where the pointer is meanwhile: then
/// it was last seen on one side.
fn drops_on_right(input: &egui::InputState, rect: Rect) -> bool {
    input.pointer.latest_pos().is_some_and(|at| at.x > rect.center().x)
}

/// Points of scrolling that double the size.
const DOUBLING: f32 = 200.0;

/// Wheel, drag and double click.
fn navigate(ui: &Ui, shown: &mut Shown<'_>, response: &Response, rect: Rect, marking: bool) {
    if response.double_clicked() {
        shown.command(Command::Fit);
    } else if response.dragged() && !marking && !ui.input(|input| input.modifiers.shift) {
        let delta = response.drag_delta();
        shown.command(Command::Pan([f64::from(delta.x), f64::from(delta.y)]));
    }
    let Some(pointer) = response.hover_pos() else { return };
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
    let factor = (scroll / DOUBLING).exp2() * pinch;
    if factor != 1.0 {
        let at = pointer - rect.min;
        let at = [f64::from(at.x), f64::from(at.y)];
        shown.command(Command::ZoomAt { factor: f64::from(factor), at });
    }
    if response.dragged() {
        ui.set_cursor_icon(egui::CursorIcon::Grabbing);
    }
}

/// All fields of the box pointed at.
fn details(response: &Response, shown: &Shown<'_>, layer: LayerId, detection: &Detection) {
    let palette = shown.palette;
    let Some(drawn) = shown.looks.iter().find(|look| look.layer == layer) else { return };
    let look = &drawn.look;
    egui::Tooltip::for_widget(response).at_pointer().gap(16.0).show(|ui| {
        ui.horizontal(|ui| {
            let (swatch, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
            ui.painter().rect_filled(swatch, 2.0, theme::color(look.color(detection)));
            let id = detection.id;
            let title = if id.is_identity() {
                format!("Track {id}")
            } else {
                format!("No identity ({id})")
            };
            ui.label(RichText::new(title).font(theme::strong(theme::TYPE[1])));
            if shown.inspector.layers.all().len() > 1 {
                ui.label(RichText::new(&drawn.name).color(palette.weak));
            }
        });
        egui::Grid::new("details").num_columns(2).spacing([16.0, 2.0]).show(ui, |ui| {
            let mut row = |name: &str, value: String| {
                ui.label(RichText::new(name).color(palette.weak));
                ui.label(value);
                ui.end_row();
            };
            let [left, top] = [detection.left, detection.top].map(rounded);
            let [width, height] = [detection.width, detection.height].map(rounded);
            row("Left, top", format!("{left}, {top}"));
            row("Width, height", format!("{width} × {height}"));
            if let Some(confidence) = detection.confidence {
                row("Confidence", confidence.to_string());
            }
            if let Some(class) = detection.class {
                row("Class", look.classes.title(class));
            }
            if let Some(visibility) = detection.visibility {
                row("Visibility", visibility.to_string());
            }
            if let Some(place) = detection.world.place() {
                let [x, y, z] = place.map(rounded);
                // Where there is no place in the world, -1 is written.
                let none = if place == [-1.0; 3] { "none: " } else { "" };
                row("World", format!("{none}{x}, {y}, {z}"));
            }
        });
    });
}

/// As exact as anybody sees it: some trackers write what a float holds, to a dozen digits.
fn rounded(pixels: f64) -> f64 {
    (pixels * 1000.0).round() / 1000.0
}

/// Points at a box of the list.
pub fn point(viewport: &mut Viewport, asked: &Asked) {
    if let Asked::Point(index) = asked {
        viewport.pointed = *index;
    }
}
