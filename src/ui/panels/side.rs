//! The panel on the right: tabs.

use super::Shown;
use crate::inspector::{Command, Tab};
use eframe::egui::{RichText, Ui};

/// Shows the tabs and the one chosen.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    let chosen = shown.inspector.settings.tab;
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().button_padding.x = 5.0;
        for tab in Tab::ALL {
            let command = Command::ShowTab(tab);
            let mut title = RichText::new(title(tab, shown));
            if tab == Tab::Problems && problems(shown) > 0 {
                title = title.color(shown.palette.warning);
            }
            let button = ui.selectable_label(tab == chosen, title);
            if button.on_hover_text(command.tooltip()).clicked() {
                shown.command(command);
            }
        }
    });
    ui.separator();
    match chosen {
        Tab::Cache => super::cache::show(ui, shown),
        Tab::Predictions => super::predictions::show(ui, shown),
        Tab::Events => super::events::show(ui, shown),
        Tab::Detections => super::detections::show(ui, shown),
        Tab::Problems => super::problems::show(ui, shown),
        Tab::Tuning => super::tuning::show(ui, shown),
    }
    ui.take_available_space();
}

fn problems(shown: &Shown<'_>) -> u64 {
    shown.session.map_or(0, |session| session.status().findings.skipped_lines)
}

fn title(tab: Tab, shown: &Shown<'_>) -> String {
    match (tab, problems(shown)) {
        (Tab::Problems, number @ 1..) => format!("{} {}", tab.title(), super::grouped(number)),
        _ => tab.title().to_owned(),
    }
}
