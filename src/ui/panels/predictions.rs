//! The frames that the predictor expects next.

use super::{
    Shown,
    cache::{chooser, chosen, kinds},
    state_name, text_width,
};
use crate::{
    cache::{Key, KeyState},
    inspector::Command,
    ui::theme,
};
use egui::{self, RichText, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};

/// Rows shown.
const ROWS: usize = 25;

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    chooser(ui, shown, &kinds(shown));
    ui.add_space(theme::SPACE[1]);
    let Some(session) = shown.session else { return };
    let snapshot = session.snapshot(chosen(shown));
    let mut best: Vec<(Key, f64)> = snapshot.likelihoods.iter().map(|(k, s)| (*k, *s)).collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    best.truncate(ROWS);
    if best.is_empty() {
        ui.label(
            RichText::new("Nothing is expected yet. Go to a frame.").color(shown.palette.weak),
        );
        return;
    }
    let highest = best.first().map_or(1.0, |(_, score)| score.max(1e-9));
    let palette = shown.palette;
    let frame = best.iter().map(|(key, _)| *key).max().unwrap_or(0).to_string();
    let frame = text_width(ui, &frame) * (theme::TYPE[1] / theme::TYPE[0]);
    let table = TableBuilder::new(ui)
        .id_salt("predictions")
        .striped(true)
        .min_scrolled_height(0.0)
        .sense(Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(frame.ceil().max(74.0)))
        .column(Column::remainder().at_least(80.0))
        .column(Column::exact(84.0));
    let header = |ui: &mut Ui, text: &str| {
        ui.label(RichText::new(text).font(theme::small()).color(palette.weak));
    };
    let mut go = None;
    table
        .header(theme::ROW, |mut row| {
            row.col(|ui| header(ui, "Frame"));
            row.col(|ui| header(ui, "Score"));
            row.col(|ui| header(ui, "State"));
        })
        .body(|body| {
            body.rows(theme::ROW, best.len(), |mut row| {
                let (key, score) = best[row.index()];
                let state = snapshot.state(key);
                row.col(|ui| {
                    ui.add(egui::Label::new(key.to_string()).selectable(false));
                });
                row.col(|ui| bar(ui, score / highest, score, palette.profile, palette.text));
                row.col(|ui| {
                    let (swatch, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                    let color = palette.state(state).unwrap_or(palette.raised);
                    ui.painter().rect_filled(swatch, 2.0, color);
                    let weak = if state == KeyState::Absent { palette.weak } else { palette.text };
                    let text = RichText::new(state_name(state)).color(weak);
                    ui.add(egui::Label::new(text).selectable(false));
                });
                if row.response().on_hover_text("Click to go there").clicked() {
                    go = u32::try_from(key).ok();
                }
            });
        });
    if let Some(frame) = go {
        shown.command(Command::GoTo(frame));
    }
}

fn bar(ui: &mut Ui, share: f64, score: f64, fill: egui::Color32, text: egui::Color32) {
    let size = vec2(ui.available_width(), theme::ROW - 6.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut filled = rect;
    filled.set_width(rect.width() * share.clamp(0.0, 1.0) as f32);
    ui.painter().rect_filled(filled, 2.0, fill.gamma_multiply(0.6));
    let at = rect.left_center() + vec2(4.0, 0.0);
    ui.painter().text(at, egui::Align2::LEFT_CENTER, format!("{score:.3}"), theme::small(), text);
}
