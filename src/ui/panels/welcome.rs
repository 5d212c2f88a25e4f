//! Three hints over the demo, until they are put away.

use super::Shown;
use crate::{inspector::Command, session::Target, ui::theme};
use egui::{self, Align2, RichText, Ui, vec2};

const HINTS: [(&str, &str); 3] = [
    ("Space, ← →", "Play, and walk frame by frame. Drag on the timeline to scrub."),
    ("Click, J", "Click a box to hold on to its track; J goes to what looks wrong."),
    ("Drop, Ctrl+O", "Drop your own file, folder or video here, or open it."),
];

/// Whether the hints are there: they would hide what somebody holds on to.
#[must_use]
pub fn is_shown(shown: &Shown<'_>) -> bool {
    let of_demo = shown.session.is_some_and(|session| session.target == Target::Demo);
    let holds = shown.inspector.selection().id().is_some();
    of_demo && !holds && !shown.inspector.settings.welcomed
}

/// Shows the hints at the first start.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, viewport: egui::Rect) {
    if !is_shown(shown) {
        return;
    }
    let palette = shown.palette;
    egui::Area::new(egui::Id::unique("welcome"))
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(viewport.right_bottom() - vec2(12.0, 12.0))
        .show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).inner_margin(10).show(ui, |ui| {
                ui.set_width(340.0);
                ui.horizontal(|ui| {
                    let title = "This is a demo of a tracker's result";
                    ui.label(RichText::new(title).font(theme::strong(theme::TYPE[1])));
                });
                egui::Grid::new("hints").num_columns(2).spacing([10.0, 4.0]).show(ui, |ui| {
                    for (keys, what) in HINTS {
                        ui.label(RichText::new(keys).color(palette.accent));
                        ui.add(egui::Label::new(what).wrap());
                        ui.end_row();
                    }
                });
                if ui.button("Got it").on_hover_text("Show these hints no more").clicked() {
                    shown.command(Command::Welcomed);
                }
            });
        });
}
