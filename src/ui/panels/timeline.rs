//! The whole sequence at a glance: boxes per frame, the state of each frame, and a slider. Costs
//! as much for a million frames as for a hundred: it draws columns of pixels, not frames.

use super::{Shown, counted, state_name};
use crate::{
    cache::{Key, KeyState},
    inspector::{Command, Frames, layer_color},
    model::LayerId,
    session::Session,
    ui::theme::{self, TIMELINE_HEIGHT},
};
use std::sync::Arc;

use egui::{self, Color32, Mesh, Pos2, Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// Height of the row of states.
const STATES: f32 = 6.0;

/// The bars between repaints: they change only with the frames, the width and the colours.
#[derive(Default)]
pub struct Bars {
    made_for: Option<(Arc<Frames>, Rect, Color32)>,
    /// In which order the layers were listed.
    layers: Vec<LayerId>,
    mesh: Arc<Mesh>,
}

impl Bars {
    fn mesh(&mut self, shown: &Shown<'_>, rect: Rect) -> Arc<Mesh> {
        let (frames, color) = (&shown.inspector.frames, shown.palette.profile);
        let made = self.made_for.as_ref();
        let layers = || shown.inspector.layers.all().iter().map(|view| view.id);
        let same =
            made.is_some_and(|(f, r, c)| Arc::ptr_eq(f, frames) && *r == rect && *c == color);
        if !same || !layers().eq(self.layers.iter().copied()) {
            self.layers = layers().collect();
            let mut mesh = Mesh::default();
            profile(&mut mesh, shown, rect);
            densities(&mut mesh, shown, rect);
            gaps(&mut mesh, shown, states_row(rect));
            self.mesh = Arc::new(mesh);
            self.made_for = Some((Arc::clone(frames), rect, color));
        }
        Arc::clone(&self.mesh)
    }
}

/// Shows the timeline.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, bars: &mut Bars) {
    let size = vec2(ui.available_width(), TIMELINE_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let frames = &shown.inspector.frames;
    let current = shown.inspector.current;
    let enabled = ui.is_enabled() && shown.session.is_some();
    let about = format!("Timeline, frame {current} of {} to {}", frames.first(), frames.last());
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, enabled, about.clone()));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 3.0, shown.palette.well);
    let Some(session) = shown.session.filter(|_| frames.span() > 0 && !frames.is_empty()) else {
        return;
    };
    let scale = Scale::new(rect, frames);
    painter.add(bars.mesh(shown, rect));
    states(&painter, shown, session, &scale);
    playhead(&painter, shown, &scale, current);
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let frame = frames.nearest(scale.frame_at(pointer.x));
        if frame != current {
            shown.command(Command::GoTo(frame));
        }
    }
    if let Some(pointer) = response.hover_pos() {
        let frame = frames.nearest(scale.frame_at(pointer.x));
        painter.vline(pointer.x, rect.y_range(), (1.0, shown.palette.weak));
        let state = state_name(session.frame_state(frame));
        let boxes = session.layer_or_first(shown.inspector.layers.active().id).boxes_of(frame);
        response.on_hover_text_at_pointer(format!(
            "Frame {frame}: {}, {state}",
            counted(u64::from(boxes), "box")
        ));
    }
}

/// Frames to points.
struct Scale {
    rect: Rect,
    first: u32,
    span: f64,
}

impl Scale {
    fn new(rect: Rect, frames: &Frames) -> Self {
        Self { rect, first: frames.first(), span: frames.span() as f64 }
    }

    /// Where a frame's place begins and ends.
    fn place(&self, frame: u32) -> (f32, f32) {
        let width = f64::from(self.rect.width());
        let offset = f64::from(frame) - f64::from(self.first);
        let at = |offset: f64| self.rect.left() + (offset / self.span * width) as f32;
        (at(offset), at(offset + 1.0))
    }

    /// Where there are more frames than points, only multiples of a whole number of frames: a drag
    /// then moves in steps that the predictor can learn.
    fn frame_at(&self, x: f32) -> u32 {
        let width = f64::from(self.rect.width()).max(1.0);
        let share = (f64::from(x - self.rect.left()) / width).clamp(0.0, 1.0);
        let offset = (share * self.span).floor().min(self.span - 1.0);
        let quantum = (self.span / width).ceil();
        // The last point is the last frame.
        let is_last = share * width >= width - 1.0;
        let offset = if is_last { self.span - 1.0 } else { (offset / quantum).floor() * quantum };
        self.first.saturating_add(offset as u32)
    }
}

/// Boxes per frame as bars, a column of pixels each at most.
fn profile(mesh: &mut Mesh, shown: &Shown<'_>, rect: Rect) {
    let profile = shown.inspector.frames.profile();
    let bins = profile.bins();
    let (peak, room) = (profile.peak().max(1) as f32, rect.height() - STATES - 6.0);
    let base = rect.bottom() - STATES - 2.0;
    let columns = bins.len().min(rect.width().ceil() as usize).max(1);
    let width = rect.width() / columns as f32;
    let gap = if width > 4.0 { 1.0 } else { 0.0 };
    for column in 0..columns {
        let range = column * bins.len() / columns..(column + 1) * bins.len() / columns;
        let of_column = bins.get(range).unwrap_or_default();
        let most = of_column.iter().map(|bin| bin.most).max().unwrap_or(0);
        if most == 0 {
            continue;
        }
        let left = rect.left() + column as f32 * width;
        let height = (most as f32 / peak * room).max(1.0);
        let bar =
            Rect::from_min_max(Pos2::new(left, base - height), Pos2::new(left + width - gap, base));
        mesh.add_colored_rect(bar, shown.palette.profile);
    }
}

/// A thin row for each layer, in its colour: the more boxes, the stronger.
fn densities(mesh: &mut Mesh, shown: &Shown<'_>, rect: Rect) {
    /// Points that a row takes, and rows that there is room for.
    const ROW: f32 = 3.0;
    const MOST: usize = 6;
    let Some(session) = shown.session else { return };
    let known = session.known();
    let layers = shown.inspector.layers.all().iter().enumerate();
    let rows = layers.filter_map(|(place, view)| {
        let profile = known.profiles.iter().find(|(layer, _)| *layer == view.id)?;
        Some((place, &profile.1))
    });
    for (row, (place, profile)) in rows.take(MOST).enumerate() {
        let (bins, peak) = (profile.bins(), profile.peak().max(1) as f32);
        let columns = bins.len().min(rect.width().ceil() as usize).max(1);
        let width = rect.width() / columns as f32;
        let top = rect.top() + row as f32 * (ROW + 1.0);
        for column in 0..columns {
            let range = column * bins.len() / columns..(column + 1) * bins.len() / columns;
            let of_column = bins.get(range).unwrap_or_default();
            let most = of_column.iter().map(|bin| bin.most).max().unwrap_or(0);
            if most > 0 {
                let strength = 0.35 + 0.65 * most as f32 / peak;
                let color = theme::color(layer_color(place)).gamma_multiply(strength);
                let left = rect.left() + column as f32 * width;
                let size = vec2(width, ROW);
                mesh.add_colored_rect(Rect::from_min_size(Pos2::new(left, top), size), color);
            }
        }
    }
}

/// Where the states of the frames stand.
fn states_row(rect: Rect) -> Rect {
    Rect::from_min_max(Pos2::new(rect.left(), rect.bottom() - STATES), rect.max)
}

/// The states of frames, under the bars. Bounded by the limits of the caches.
fn states(painter: &egui::Painter, shown: &Shown<'_>, session: &Session, scale: &Scale) {
    let row = states_row(scale.rect);
    let mut mesh = Mesh::default();
    let mut mark = |keys: &[Key], color: Option<Color32>| {
        for key in keys {
            let Some(color) = color else { continue };
            let (left, right) = scale.place(u32::try_from(*key).unwrap_or(u32::MAX));
            let right = right.max(left + 1.5);
            let place =
                Rect::from_min_max(Pos2::new(left, row.top()), Pos2::new(right, row.bottom()));
            mesh.add_colored_rect(place.intersect(row), color);
        }
    };
    let snapshot = session.snapshot(session.leading_cache());
    let palette = shown.palette;
    mark(&snapshot.cached, palette.state(KeyState::Cached));
    mark(&snapshot.queued, palette.state(KeyState::Queued));
    mark(&snapshot.loading, palette.state(KeyState::Loading));
    mark(&snapshot.failed, palette.state(KeyState::Failed));
    painter.add(mesh);
}

/// Existing frames as a quiet line; where there are none it is broken.
fn gaps(mesh: &mut Mesh, shown: &Shown<'_>, row: Rect) {
    let bins = shown.inspector.frames.profile().bins();
    let width = row.width() / bins.len().max(1) as f32;
    let color = shown.palette.profile.gamma_multiply(0.45);
    let mut begun: Option<usize> = None;
    for place in 0..=bins.len() {
        let exists = bins.get(place).is_some_and(|bin| bin.existing > 0);
        match begun {
            None if exists => begun = Some(place),
            Some(start) if !exists => {
                let at = |bin: usize| row.left() + bin as f32 * width;
                let run = Rect::from_x_y_ranges(
                    at(start)..=at(place),
                    row.top() + 2.0..=row.bottom() - 2.0,
                );
                mesh.add_colored_rect(run, color);
                begun = None;
            }
            _ => {}
        }
    }
}

fn playhead(painter: &egui::Painter, shown: &Shown<'_>, scale: &Scale, current: u32) {
    let (left, right) = scale.place(current);
    let middle =
        f32::midpoint(left, right).clamp(scale.rect.left() + 1.0, scale.rect.right() - 1.0);
    let color = shown.palette.accent;
    painter.vline(middle, scale.rect.y_range(), (2.0, color));
    let top = scale.rect.top();
    let head = vec![
        Pos2::new(middle - 5.0, top),
        Pos2::new(middle + 5.0, top),
        Pos2::new(middle, top + 7.0),
    ];
    painter.add(egui::Shape::convex_polygon(head, color, egui::Stroke::NONE));
}
