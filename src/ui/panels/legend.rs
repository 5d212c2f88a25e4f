//! Which colour is which.

use super::{Shown, state_name};
use crate::cache::KeyState;
use egui::{self, Rect, RichText, Sense, Ui, vec2};

/// Points that the legend takes in one row.
pub const WIDTH: f32 = 484.0;
/// More room between two entries than within one.
const BETWEEN: f32 = 6.0;

/// Shows the legend.
pub fn show(ui: &mut Ui, shown: &Shown<'_>) {
    let palette = shown.palette;
    ui.spacing_mut().item_spacing.x = 5.0;
    entry(ui, shown, "current", |painter, rect| {
        painter.rect_filled(rect, 2.0, palette.accent);
    });
    let states =
        [KeyState::Cached, KeyState::Loading, KeyState::Queued, KeyState::Failed, KeyState::Absent];
    for state in states {
        ui.add_space(BETWEEN);
        entry(ui, shown, state_name(state), |painter, rect| {
            painter.rect_filled(rect, 2.0, palette.state(state).unwrap_or(palette.profile));
        });
    }
    ui.add_space(BETWEEN);
    entry(ui, shown, "no such frame", |painter, rect| absent(painter, rect, palette.weak));
}

fn entry(ui: &mut Ui, shown: &Shown<'_>, name: &str, paint: impl FnOnce(&egui::Painter, Rect)) {
    let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
    paint(ui.painter(), rect);
    ui.label(RichText::new(name).font(crate::ui::theme::small()).color(shown.palette.weak));
}

/// A frame that does not exist: a hollow place.
pub fn absent(painter: &egui::Painter, rect: Rect, color: egui::Color32) {
    let stroke = egui::Stroke::new(1.0, color.gamma_multiply(0.6));
    painter.rect_stroke(rect.shrink(0.5), 2.0, stroke, egui::StrokeKind::Inside);
    painter.line_segment([rect.left_bottom(), rect.right_top()], stroke);
}
