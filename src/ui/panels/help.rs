//! Every key, from the command table.

use super::Shown;
use crate::{
    inspector::{COMMANDS, Command, Group},
    ui::theme,
};
use egui::{self, Align2, RichText, Ui};

/// Shows the list over the window.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    let mut open = true;
    let size = ui.ctx().content_rect().size();
    egui::Window::new("Keys")
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
        .max_height(size.y - 60.0)
        .min_width((size.x - 60.0).min(900.0))
        .max_width(size.x - 40.0)
        .show(ui.ctx(), |ui| {
            egui::ScrollArea::both().max_height(size.y - 110.0).min_scrolled_height(size.y - 110.0).show(ui, |ui| {
                let wide = ui.available_width() > 800.0;
                ui.columns(if wide { 2 } else { 1 }, |columns| {
                    for group in Group::ALL {
                        let second = matches!(group, Group::Track | Group::View | Group::Help);
                        let column = usize::from(wide && second);
                        list(&mut columns[column], shown, group);
                    }
                });
                ui.separator();
                let mouse = "Wheel: zoom at the pointer. Drag: move the picture. Double click: fit. \
                             Drag on the timeline: scrub. Drag a tab: put its panel elsewhere.";
                ui.label(RichText::new(mouse).color(shown.palette.weak));
            });
        });
    if !open {
        shown.command(Command::ToggleHelp);
    }
}

fn list(ui: &mut Ui, shown: &Shown<'_>, group: Group) {
    ui.label(RichText::new(group.title()).font(theme::strong(theme::TYPE[1])));
    egui::Grid::new(("keys", group.title())).num_columns(2).spacing([16.0, 2.0]).show(ui, |ui| {
        for info in COMMANDS.iter().filter(|info| info.group == group && !info.keys.is_empty()) {
            let keys: Vec<String> = info.keys.iter().map(ToString::to_string).collect();
            ui.label(RichText::new(keys.join(", ")).color(shown.palette.accent));
            ui.label(info.tip);
            ui.end_row();
        }
    });
    ui.add_space(theme::SPACE[2]);
}
