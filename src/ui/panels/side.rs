//! The panel on the right: tabs.

use super::Shown;
use crate::inspector::{Command, Tab};
use eframe::egui::{RichText, Ui};

/// What the tabs keep between repaints.
#[derive(Default)]
pub struct Kept {
    /// The rows of the track table.
    pub tracks: super::tracks::Rows,
    /// The suspicion that was scrolled to last.
    pub suspicion: Option<usize>,
    /// What is typed into the filter.
    pub filter: super::filter::Typed,
}

/// Shows the tabs and the one chosen.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, kept: &mut Kept) {
    let chosen = shown.inspector.settings.tab;
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().button_padding.x = 5.0;
        for tab in Tab::ALL {
            let command = Command::ShowTab(tab);
            let mut title = RichText::new(title(tab, shown));
            let filters = tab == Tab::Filter && !shown.inspector.selection.sieve().is_off();
            if (tab == Tab::Problems && problems(shown) > 0) || filters {
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
        Tab::Tracks => super::tracks::show(ui, shown, kept),
        Tab::Suspicions => super::suspicions::show(ui, shown, &mut kept.suspicion),
        Tab::Filter => super::filter::show(ui, shown, &mut kept.filter),
    }
    ui.take_available_space();
}

fn problems(shown: &Shown<'_>) -> u64 {
    shown.session.map_or(0, |session| session.status().findings.skipped_lines)
}

fn title(tab: Tab, shown: &Shown<'_>) -> String {
    let selection = &shown.inspector.selection;
    let number = match tab {
        Tab::Problems => problems(shown),
        Tab::Suspicions => selection.listed().len() as u64,
        Tab::Tracks => selection.tracks().tracks().len() as u64,
        _ => 0,
    };
    if number > 0 {
        return format!("{} {}", tab.title(), super::grouped(number));
    }
    let filters = tab == Tab::Filter && !selection.sieve().is_off();
    if filters { format!("{} on", tab.title()) } else { tab.title().to_owned() }
}
