//! What the person should know: what could not be opened, and how opening goes.

use super::{Asked, Shown};
use crate::{inspector::Command, session::Phase};
use eframe::egui::{self, RichText, Ui};
use egui_material_icons::icons::{ICON_CLOSE, ICON_ERROR};

/// Shows the message of a failure until it is dismissed.
pub fn failure(ui: &mut Ui, shown: &mut Shown<'_>, text: &str) {
    let palette = shown.palette;
    let fill = palette.error.gamma_multiply(0.16);
    egui::Frame::new().fill(fill).inner_margin(8).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(RichText::from(ICON_ERROR).color(palette.error).size(16.0));
            let room = ui.available_width() - 40.0;
            ui.allocate_ui(egui::vec2(room, 0.0), |ui| {
                ui.set_width(room);
                ui.add(egui::Label::new(text).wrap());
            });
            let close = ui.add(egui::Button::new(ICON_CLOSE.rich_text()).frame(false));
            if close.on_hover_text("Dismiss").accessible_name("Dismiss").clicked() {
                shown.asked.push(Asked::Dismiss);
            }
        });
    });
}

/// Shows how opening or indexing goes, with a button to stop it.
pub fn progress(ui: &mut Ui, shown: &mut Shown<'_>, text: &str, done: f32) {
    egui::Frame::new().fill(shown.palette.raised).inner_margin(6).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(text);
            if ui.button("Cancel").on_hover_text("Stop; what is known stays").clicked() {
                shown.command(Command::CancelOpening);
            }
            let bar = egui::ProgressBar::new(done).show_percentage();
            ui.add(bar.desired_width(ui.available_width().min(420.0)).desired_height(16.0))
                .accessible_name("Progress");
        });
    });
}

/// The work that goes on behind an opened sequence, while it does.
#[must_use]
pub fn work(shown: &Shown<'_>) -> Option<(String, f32)> {
    match shown.session?.status().phase {
        Phase::Indexing(done) => Some(("Finding the frames".to_owned(), done)),
        // The check is quick and in nobody's way; a bar for an instant would only flicker.
        Phase::Checking(_) | Phase::Done | Phase::Cancelled => None,
    }
}
