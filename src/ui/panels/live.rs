//! The caches at work, always in sight: hit rate and queue depth at the last accesses, in a slim strip
//! under the timeline. The cache panel has the detail.

use super::{Shown, cache::kinds, counted, grouped};
use crate::{
    inspector::{Accessed, Accesses, Answered, CacheKind, Command, Tab},
    ui::theme::{LIVE_HEIGHT, Palette, small, strong},
};
use egui::{
    self, Align2, Color32, Mesh, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons::ICON_CLOSE;
use std::sync::Arc;

/// Points that an access takes on the axis.
const STEP: f32 = 4.0;
/// Points of the names and numbers before a plot, and of the ends of its scale.
const NAMES: f32 = 102.0;
const SCALE: f32 = 36.0;
/// Points between the two plots, and of the button that puts the strip away.
const BETWEEN: f32 = 10.0;
const BUTTON: f32 = 18.0;
/// Points of the row of misses under the hit rate.
const MISSES: f32 = 6.0;
/// The queue is drawn as if it were at least so deep.
const LEAST_DEPTH: usize = 4;

/// What is drawn, kept between repaints: it changes only with the accesses, the place and the colours.
#[derive(Default)]
pub struct Live {
    made_for: Option<(u64, Rect, Color32, usize)>,
    meshes: [Arc<Mesh>; 2],
}

impl Live {
    /// Shows the strip.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>, accesses: &Accesses) {
        let size = vec2(ui.available_width(), LIVE_HEIGHT);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let place = rect.with_max_x(rect.right() - BUTTON - 4.0);
        let response = ui.interact(place, ui.scope_id().with("live"), Sense::click());
        let kinds = kinds(shown);
        let half = (place.width() - BETWEEN) / 2.0;
        let left = place.with_max_x(place.left() + half);
        let right = place.with_min_x(place.right() - half);
        let plots = [left, right].map(|half| half.with_min_x(half.left() + NAMES + SCALE));
        let depth = depth(accesses, plots[1]);
        let made_for = (accesses.version(), rect, shown.palette.well, kinds.len());
        if self.made_for.replace(made_for) != Some(made_for) {
            let (palette, [rates, queues]) = (shown.palette, plots);
            self.meshes = [
                Arc::new(hit_rates(accesses, &kinds, palette, rates)),
                Arc::new(depths(accesses, &kinds, palette, queues, depth)),
            ];
        }
        let painter = ui.painter_at(rect);
        for (plot, mesh) in plots.into_iter().zip(&self.meshes) {
            painter.rect_filled(plot, 3.0, shown.palette.well);
            let middle = plot.center().y.round();
            painter.hline(plot.x_range(), middle, (1.0, shown.palette.line.gamma_multiply(0.6)));
            painter.add(Arc::clone(mesh));
        }
        let rates = kinds.iter().map(|kind| (*kind, rate(shown, *kind))).collect::<Vec<_>>();
        names(&painter, shown.palette, left, "Hit rate", &rates);
        scale(&painter, shown.palette, plots[0], "100 %", "0");
        let depths = kinds.iter().map(|kind| (*kind, queued(shown, *kind))).collect::<Vec<_>>();
        names(&painter, shown.palette, right, "Queue depth", &depths);
        scale(&painter, shown.palette, plots[1], &depth.to_string(), "0");
        tell(ui, shown, response, accesses, plots, [&rates, &depths]);
        away(ui, shown, rect);
    }
}

/// The number of frames that the scale of the queue ends with.
fn depth(accesses: &Accesses, plot: Rect) -> usize {
    let answered = in_sight(accesses, plot).flat_map(|(_, access)| access.caches.iter());
    answered.flatten().map(|answered| answered.peak).max().unwrap_or(0).max(LEAST_DEPTH)
}

/// The accesses that the plot has room for, newest first, and where each of them ends.
fn in_sight(accesses: &Accesses, plot: Rect) -> impl Iterator<Item = (f32, &Accessed)> {
    let room = (plot.width() / STEP).max(0.0) as usize;
    let right = plot.right();
    let ends = (0..room).map(move |back| right - back as f32 * STEP);
    ends.zip(accesses.iter().rev())
}

fn hit_rates(accesses: &Accesses, kinds: &[CacheKind], palette: &Palette, plot: Rect) -> Mesh {
    let mut mesh = Mesh::default();
    for (right, access) in in_sight(accesses, plot) {
        if access.missed() {
            let min = pos2(right - STEP, plot.bottom() - MISSES);
            let tick = Rect::from_min_max(min, pos2(right - 1.0, plot.bottom()));
            mesh.add_colored_rect(tick.intersect(plot), palette.error);
        }
    }
    let lines = plot.with_max_y(plot.bottom() - MISSES).shrink2(vec2(0.0, 2.0));
    let value = |answered: &Answered| answered.hit_rate as f32;
    curves(&mut mesh, accesses, kinds, palette, (plot, lines), value);
    mesh
}

fn depths(
    accesses: &Accesses,
    kinds: &[CacheKind],
    palette: &Palette,
    plot: Rect,
    depth: usize,
) -> Mesh {
    let mut mesh = Mesh::default();
    let lines = plot.shrink2(vec2(0.0, 2.0));
    let share = |queue: usize| queue as f32 / depth as f32;
    let leading = kinds.last().copied().unwrap_or_default();
    for (right, access) in in_sight(accesses, plot) {
        let Some(answered) = access.caches[leading] else { continue };
        let top = lines.bottom() - share(answered.peak) * lines.height();
        let bar = Rect::from_min_max(pos2(right - STEP, top), pos2(right, plot.bottom()));
        mesh.add_colored_rect(bar.intersect(plot), palette.cache(leading).gamma_multiply(0.22));
    }
    let value = |answered: &Answered| share(answered.queue);
    curves(&mut mesh, accesses, kinds, palette, (plot, lines), value);
    mesh
}

/// A line of steps for each cache. Where both run together, the wider one is seen under the other.
fn curves(
    mesh: &mut Mesh,
    accesses: &Accesses,
    kinds: &[CacheKind],
    palette: &Palette,
    (plot, lines): (Rect, Rect),
    value: impl Fn(&Answered) -> f32,
) {
    for kind in kinds {
        let wide = if *kind == CacheKind::Annotations && kinds.len() > 1 { 4.0 } else { 2.0 };
        let color = palette.cache(*kind);
        let mut after: Option<f32> = None;
        for (right, access) in in_sight(accesses, plot) {
            let Some(answered) = &access.caches[*kind] else {
                after = None;
                continue;
            };
            let y = (lines.bottom() - value(answered).clamp(0.0, 1.0) * lines.height()).round();
            let flat = Rect::from_center_size(pos2(right - STEP / 2.0, y), vec2(STEP, wide));
            mesh.add_colored_rect(flat.intersect(plot), color);
            if let Some(after) = after.filter(|after| *after != y) {
                let (top, bottom) = (y.min(after), y.max(after));
                let rise = Rect::from_x_y_ranges(right - 0.5..=right + 0.5, top..=bottom);
                mesh.add_colored_rect(rise.intersect(plot), color);
            }
            after = Some(y);
        }
    }
}

/// What the plot is of, and the value of each cache in its colour.
fn names(
    painter: &egui::Painter,
    palette: &Palette,
    half: Rect,
    name: &str,
    values: &[(CacheKind, String)],
) {
    let top = pos2(half.left(), half.top() + 1.0);
    painter.text(top, Align2::LEFT_TOP, name, small(), palette.weak);
    let mut left = half.left();
    for (kind, value) in values {
        let swatch = Rect::from_min_size(pos2(left, half.bottom() - 11.0), vec2(4.0, 8.0));
        painter.rect_filled(swatch, 1.0, palette.cache(*kind));
        let at = pos2(left + 7.0, half.bottom());
        let font = strong(small().size);
        let text = painter.text(at, Align2::LEFT_BOTTOM, value, font, palette.text);
        left = text.right() + 7.0;
    }
}

/// The ends of the scale, before the plot.
fn scale(painter: &egui::Painter, palette: &Palette, plot: Rect, most: &str, least: &str) {
    let right = plot.left() - 4.0;
    let [top, bottom] = [plot.top() - 1.0, plot.bottom() + 1.0].map(|y| Pos2::new(right, y));
    painter.text(top, Align2::RIGHT_TOP, most, small(), palette.weak);
    painter.text(bottom, Align2::RIGHT_BOTTOM, least, small(), palette.weak);
}

/// The hit rate of a cache, as the cache panel tells it.
fn rate(shown: &Shown<'_>, kind: CacheKind) -> String {
    let rate = shown.session.and_then(|session| session.standing(kind).hit_rate);
    rate.map_or("–".to_owned(), |rate| format!("{:.1} %", rate * 100.0))
}

/// Frames queued and in flight.
fn queued(shown: &Shown<'_>, kind: CacheKind) -> String {
    let queued = shown.session.map(|session| session.standing(kind).queue);
    queued.map_or("–".to_owned(), |queued| grouped(queued as u64))
}

/// Says what it is, what was under the pointer, and opens the panel on a click.
fn tell(
    ui: &Ui,
    shown: &mut Shown<'_>,
    response: Response,
    accesses: &Accesses,
    plots: [Rect; 2],
    values: [&[(CacheKind, String)]; 2],
) {
    let told = |values: &[(CacheKind, String)]| {
        let told = values.iter().map(|(kind, value)| format!("{} {value}", kind.title()));
        told.collect::<Vec<_>>().join(", ")
    };
    let [rates, depths] = values.map(told);
    let enabled = ui.is_enabled() && shown.session.is_some();
    let name = format!("Caches at work. Hit rate: {rates}. Queue depth: {depths}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name.clone()));
    if response.clicked() {
        shown.command(Command::ShowTab(Tab::Cache));
    }
    let Some(pointer) = response.hover_pos() else { return };
    let under = plots.into_iter().find(|plot| plot.contains(pointer)).and_then(|plot| {
        let back = ((plot.right() - pointer.x) / STEP) as usize;
        Some((back, accesses.back(back)?))
    });
    if let Some((back, access)) = under {
        for plot in plots {
            let x = plot.right() - (back as f32 + 0.5) * STEP;
            ui.painter().vline(x, plot.y_range(), (1.0, shown.palette.weak));
        }
        response.on_hover_text_at_pointer(about(access, back));
    } else {
        response.on_hover_text_at_pointer(
            "The caches at the last accesses, the newest on the right.\n\
             Hit rate: the share of all accesses that found their frame in memory; red where \
             one did not. Of several layers, the worst.\n\
             Queue depth: frames planned and being loaded; pale, the most since each access.\n\
             Click for the cache panel.",
        );
    }
}

/// An access in words.
fn about(access: &Accessed, back: usize) -> String {
    let when = match back {
        0 => "the last access".to_owned(),
        back => format!("{} before the last", counted(back as u64, "access")),
    };
    let mut lines = vec![format!("Frame {}, {when}", access.frame)];
    for (kind, answered) in CacheKind::ALL.into_iter().zip(access.caches.iter()) {
        let Some(answered) = answered else { continue };
        let Answered { hit, hit_rate, queue, peak } = answered;
        let hit = if *hit { "in memory" } else { "had to be loaded" };
        let (kind, rate) = (kind.title(), hit_rate * 100.0);
        let of_cache =
            format!("{kind}: {hit}, hit rate {rate:.1} %, queue {queue}, at most {peak}");
        lines.push(of_cache);
    }
    lines.join("\n")
}

/// The button that puts the strip away.
fn away(ui: &mut Ui, shown: &mut Shown<'_>, rect: Rect) {
    let at = Rect::from_center_size(
        pos2(rect.right() - BUTTON / 2.0, rect.top() + BUTTON / 2.0),
        vec2(BUTTON, BUTTON),
    );
    let face = ICON_CLOSE.rich_text().size(12.0).color(shown.palette.weak);
    let button = egui::Button::new(face).frame(false);
    let mut corner = ui.new_child(egui::UiBuilder::new().max_rect(at));
    let response = corner.add(button).on_hover_text(Command::ToggleLive.tooltip());
    if response.accessible_name("Put the strip of the caches away").clicked() {
        shown.command(Command::ToggleLive);
    }
}
