//! Where the viewports stand: one, several side by side, or one that is wiped between two layers. Their heads
//! say which layers each shows, and choose others.

use crate::{
    inspector::{
        Command, LayerViews, MAX_SIDE_BY_SIDE, MIN_SIDE_BY_SIDE, Viewports, Wipe, layer_color,
    },
    ui::{
        panels::{Shown, elided},
        theme,
    },
};
use egui::{self, CursorIcon, Pos2, Rect, RichText, Sense, Stroke, Ui, UiBuilder, pos2, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_CLOSE};

/// Points between viewports side by side.
const APART: f32 = 4.0;
/// Height of a head in points.
pub(super) const HEAD: f32 = 26.0;

/// A viewport, or a side of a wiped one.
#[derive(Clone, Copy)]
pub(super) struct Pane {
    /// Its place, from 0.
    pub place: usize,
    /// Where its picture lies as in a viewport of its own.
    pub rect: Rect,
    /// The part of it that is seen.
    pub seen: Rect,
}

/// The viewports within `whole`. Never empty; all lie over pictures of the same size.
pub(super) fn panes(layers: &LayerViews, whole: Rect) -> Vec<Pane> {
    match layers.viewports() {
        Viewports::One => vec![Pane { place: 0, rect: whole, seen: whole }],
        Viewports::SideBySide(each) => {
            let count = each.len().max(1) as f32;
            let width = ((whole.width() - APART * (count - 1.0)) / count).max(1.0);
            (0..each.len())
                .map(|place| {
                    let left = whole.left() + place as f32 * (width + APART);
                    let min = pos2(left.round(), whole.top());
                    let rect = Rect::from_min_size(min, vec2(width.floor(), whole.height()));
                    Pane { place, rect, seen: rect }
                })
                .collect()
        }
        Viewports::Wipe(wipe) => {
            let x = line_at(wipe, whole);
            let left = Rect::from_min_max(whole.min, pos2(x, whole.bottom()));
            let right = Rect::from_min_max(pos2(x, whole.top()), whole.max);
            let side = |(place, seen)| Pane { place, rect: whole, seen };
            [left, right].into_iter().enumerate().map(side).collect()
        }
    }
}

fn line_at(wipe: &Wipe, whole: Rect) -> f32 {
    (whole.left() + wipe.at as f32 * whole.width()).round()
}

/// The viewport that a point lies in, or else the first.
pub(super) fn at(panes: &[Pane], point: Option<Pos2>) -> Pane {
    let hit = |pane: &&Pane| point.is_some_and(|point| pane.seen.contains(point));
    *panes.iter().find(hit).unwrap_or(&panes[0])
}

/// The line of a wiped viewport, to be dragged, and the heads.
pub(super) fn controls(ui: &mut Ui, shown: &mut Shown<'_>, panes: &[Pane], whole: Rect) {
    let viewports = shown.inspector.layers.viewports().clone();
    if let Viewports::Wipe(wipe) = &viewports {
        line(ui, shown, wipe, whole);
    }
    if viewports != Viewports::One {
        for pane in panes {
            head(ui, shown, &viewports, pane);
        }
    }
}

fn line(ui: &mut Ui, shown: &mut Shown<'_>, wipe: &Wipe, whole: Rect) {
    /// Points to both sides in which it can be taken hold of.
    const REACH: f32 = 6.0;
    const GRIP: f32 = 9.0;
    let x = line_at(wipe, whole);
    let around = Rect::from_x_y_ranges(x - REACH..=x + REACH, whole.y_range());
    let response = ui.interact(around, ui.scope_id().with("wipe"), Sense::drag());
    let name = "The line between both layers";
    response.widget_info(|| egui::WidgetInfo::slider(true, wipe.at * 100.0, name));
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let share = (pointer.x - whole.left()) / whole.width().max(1.0);
        shown.command(Command::MoveWipe(f64::from(share)));
    }
    let held = response.hovered() || response.dragged();
    if held {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let color = if held { shown.palette.accent } else { egui::Color32::WHITE };
    let painter = ui.painter_at(whole);
    painter.vline(x, whole.y_range(), Stroke::new(4.0, egui::Color32::from_black_alpha(140)));
    painter.vline(x, whole.y_range(), Stroke::new(2.0, color));
    let middle = pos2(x, whole.center().y);
    painter.circle(middle, GRIP, color, Stroke::new(1.0, egui::Color32::from_black_alpha(140)));
    for way in [-1.0, 1.0] {
        let tip = middle + vec2(way * GRIP * 0.65, 0.0);
        let back = GRIP * 0.4;
        let corners = vec![tip, tip + vec2(-way * back, -back), tip + vec2(-way * back, back)];
        let dark = egui::Color32::from_gray(40);
        painter.add(egui::Shape::convex_polygon(corners, dark, Stroke::NONE));
    }
}

/// The layers of a viewport, each to be chosen or not, and what they are called.
fn head(ui: &mut Ui, shown: &mut Shown<'_>, viewports: &Viewports, pane: &Pane) {
    /// Points; where a viewport is narrower, its head is too.
    const WIDEST: f32 = 420.0;
    let room = pane.seen.shrink2(vec2(10.0, 4.0));
    if room.width() < 40.0 {
        return;
    }
    let width = room.width().min(WIDEST);
    let area = Rect::from_min_size(room.min, vec2(width, HEAD));
    let builder = UiBuilder::new().id_salt(("viewport head", pane.place)).max_rect(area);
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(pane.seen));
        let fill = shown.palette.panel.gamma_multiply(0.92);
        let frame = egui::Frame::new().fill(fill).corner_radius(4.0);
        frame.inner_margin(egui::Margin::symmetric(6, 1)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                row(ui, shown, viewports, (pane, width - 24.0));
            });
        });
    });
}

fn row(ui: &mut Ui, shown: &mut Shown<'_>, viewports: &Viewports, (pane, width): (&Pane, f32)) {
    /// Layers that have a key, and are told apart by their numbers.
    const MOST: usize = 12;
    let layers = shown.inspector.layers.all();
    let name_of = |id| {
        let layer = shown.session.and_then(|session| session.layer(id));
        layer.map_or_else(String::new, |layer| crate::text::line(&layer.name).into_owned())
    };
    let mut asked = Vec::new();
    let mut names = Vec::new();
    let begin = ui.cursor().left();
    for (at, view) in layers.iter().enumerate().take(MOST) {
        let on = viewports.shows(pane.place, view.id);
        let name = name_of(view.id);
        let color = theme::color(layer_color(at));
        let text = RichText::new((at + 1).to_string()).font(theme::strong(theme::TYPE[0]));
        let text = if on { text } else { text.color(shown.palette.weak) };
        let (swatch, _) = ui.allocate_exact_size(vec2(6.0, 12.0), Sense::hover());
        ui.painter().rect_filled(swatch, 1.0, color.gamma_multiply(if on { 1.0 } else { 0.4 }));
        let chip = ui.selectable_label(on, text);
        chip.widget_info(|| {
            let label = format!("Layer {} in viewport {}", at + 1, pane.place + 1);
            egui::WidgetInfo::selected(egui::Role::Button, true, on, label)
        });
        if chip.on_hover_text(&name).clicked() {
            asked.push(Command::ShowIn(pane.place, view.id));
        }
        if on {
            names.push(name);
        }
    }
    let side_by_side = matches!(viewports, Viewports::SideBySide(_));
    let last = side_by_side && pane.place + 1 == viewports.count();
    let (can_close, can_add) = (
        side_by_side && viewports.count() > MIN_SIDE_BY_SIDE,
        last && viewports.count() < MAX_SIDE_BY_SIDE,
    );
    let buttons = f32::from(u8::from(can_close) + u8::from(can_add)) * 24.0;
    let left = width - (ui.cursor().left() - begin) - buttons;
    if left > 30.0 {
        let text = if names.is_empty() { "no layer".to_owned() } else { names.join(" + ") };
        let text = elided(ui, &text, left);
        ui.label(RichText::new(text).font(theme::small()));
    }
    let mut button = |ui: &mut Ui, icon: &'static str, name: &str, command| {
        let button = ui.add(egui::Button::new(RichText::new(icon)).frame(false));
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
        if button.on_hover_text(name).clicked() {
            asked.push(command);
        }
    };
    if can_add {
        button(ui, ICON_ADD.codepoint, "Add a viewport", Command::AddViewport);
    }
    if can_close {
        button(ui, ICON_CLOSE.codepoint, "Close this viewport", Command::CloseViewport(pane.place));
    }
    for command in asked {
        shown.command(command);
    }
}
