//! What happened lately.

use super::Shown;
use crate::{inspector::MAX_ENTRIES, ui::theme};
use egui::{self, RichText, Ui};

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    ui.horizontal(|ui| {
        let total = shown.log.read(crate::inspector::Log::total);
        let text = format!("{} events; the last {MAX_ENTRIES} are kept", super::grouped(total));
        ui.label(RichText::new(text).font(theme::small()).color(shown.palette.weak));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.small_button("Clear").on_hover_text("Forget the events listed").clicked() {
                shown.log.clear();
            }
        });
    });
    let count = shown.log.read(|log| log.entries().len());
    let row = ui.text_style_height(&egui::TextStyle::Small) + 2.0;
    ui.spacing_mut().interact_size.y = row;
    ui.spacing_mut().item_spacing.y = 1.0;
    // Follows what is new only while it is scrolled to the end.
    let area =
        egui::ScrollArea::vertical().id_salt("events").auto_shrink(false).stick_to_bottom(true);
    area.show_rows(ui, row, count, |ui, range| {
        shown.log.read(|log| {
            for entry in log
                .entries()
                .range(range.start.min(log.entries().len())..range.end.min(log.entries().len()))
            {
                line(ui, shown, entry);
            }
        });
    });
}

fn line(ui: &mut Ui, shown: &Shown<'_>, entry: &crate::inspector::Entry) {
    let palette = shown.palette;
    ui.horizontal(|ui| {
        let small = |text: String| RichText::new(text).font(theme::small());
        let column = |ui: &mut Ui, width: f32, text: RichText| {
            let size = egui::vec2(width, ui.available_height());
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            ui.allocate_ui_with_layout(size, layout, |ui| {
                ui.set_min_width(width);
                ui.add(egui::Label::new(text).extend());
            });
        };
        column(ui, 52.0, small(format!("{:.2} s", entry.time)).color(palette.weak));
        column(ui, 42.0, small(entry.origin.title().to_owned()).color(palette.weak));
        let color = if entry.is_error { palette.error } else { palette.text };
        // What is too long for the row is told whole where the pointer is.
        ui.add(egui::Label::new(small(entry.text.clone()).color(color)).truncate());
    });
}
