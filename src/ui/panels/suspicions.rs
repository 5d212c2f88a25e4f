//! What looks wrong, without any ground truth.

use super::{Shown, counted, grouped};
use crate::{
    inspector::{Command, Suspected, Way},
    mot::{Suspicion, SuspicionKind},
    session::Phase,
    ui::theme,
};
use eframe::egui::{self, Align, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, scrolled_to: &mut Option<usize>) {
    let Some(session) = shown.session else { return };
    let palette = shown.palette;
    if session.status().phase != Phase::Done && shown.inspector.selection.listed().is_empty() {
        let text = "Suspicions are told when the tracks are followed.";
        ui.label(RichText::new(text).color(palette.weak));
        return;
    }
    choices(ui, shown);
    let listed = Arc::clone(shown.inspector.selection.listed());
    ui.horizontal(|ui| {
        let at = shown.inspector.selection.at().map(|at| at + 1);
        let place = at.map_or(String::new(), |at| format!("{} of ", grouped(at as u64)));
        let all: u64 = SuspicionKind::ALL
            .iter()
            .map(|kind| shown.inspector.selection.tracks().suspected(*kind))
            .sum();
        let of_all = if all > listed.len() as u64 {
            format!(", of {} in all", grouped(all))
        } else {
            String::new()
        };
        ui.label(format!("{place}{}{of_all}", counted(listed.len() as u64, "place")));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for (text, way) in [("Next", Way::Next), ("Previous", Way::Previous)] {
                let command = Command::Suspicion(way);
                let name = command.info().map_or("", |info| info.label);
                let button = ui.add_enabled(!listed.is_empty(), egui::Button::new(text));
                if button.on_hover_text(command.tooltip()).accessible_name(name).clicked() {
                    shown.command(command);
                }
            }
        });
    });
    if listed.is_empty() {
        let some = SuspicionKind::ALL
            .iter()
            .any(|kind| shown.inspector.selection.tracks().suspected(*kind) > 0);
        let text = if some {
            "Nothing of these kinds has this score. Choose other kinds, or a lower score."
        } else if shown.inspector.selection.tracks().tracks().is_empty() {
            "No box has an identity: there is nothing to check."
        } else {
            "The four checks found nothing. They see one file alone: identities that are exchanged \
             where people cross are not among what they find."
        };
        ui.add(egui::Label::new(RichText::new(text).color(palette.weak)).wrap());
        return;
    }
    table(ui, shown, &listed, scrolled_to);
}

/// Which suspicions are listed.
fn choices(ui: &mut Ui, shown: &mut Shown<'_>) {
    let before = shown.inspector.settings.suspected;
    let mut suspected = before;
    ui.horizontal_wrapped(|ui| {
        for kind in SuspicionKind::ALL {
            let on = &mut suspected.kinds[kind as usize];
            let number = shown.inspector.selection.tracks().suspected(kind);
            let text = format!("{} {}", kind.title(), grouped(number));
            let tip = format!("{}. {} in all, of any score", kind.about(), grouped(number));
            if ui.selectable_label(*on, text).on_hover_text(tip).clicked() {
                *on = !*on;
            }
        }
    });
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Least score").color(shown.palette.weak));
        let slider = egui::Slider::new(&mut suspected.min_score, 0.0..=1.0).fixed_decimals(2);
        let tip = "From 0 to 1; the higher, the surer";
        ui.add(slider).on_hover_text(tip).labelled_by(label.id);
    });
    if suspected != before {
        shown.command(Command::Suspect(Suspected { ..suspected }));
    }
}

fn table(ui: &mut Ui, shown: &mut Shown<'_>, listed: &[u32], scrolled_to: &mut Option<usize>) {
    let selection = &shown.inspector.selection;
    let tracks = Arc::clone(&selection.sieve().tracks);
    let (palette, chosen) = (shown.palette, selection.at());
    let mut go = None;
    let mut table = TableBuilder::new(ui);
    if *scrolled_to != chosen {
        *scrolled_to = chosen;
        if let Some(place) = chosen {
            table = table.scroll_to_row(place, None);
        }
    }
    table
        .id_salt("suspicions")
        .striped(true)
        .min_scrolled_height(0.0)
        .animate_scrolling(false)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(66.0))
        .column(Column::exact(58.0))
        .column(Column::remainder().at_least(80.0).clip(true))
        .column(Column::exact(70.0))
        .header(theme::ROW, |mut row| {
            for title in ["Frame", "What", "Track", "Score"] {
                row.col(|ui| {
                    ui.label(RichText::new(title).font(theme::small()).color(palette.weak));
                });
            }
        })
        .body(|body| {
            body.rows(theme::ROW, listed.len(), |mut row| {
                let place = row.index();
                let Some(suspicion) = tracks.suspicions().get(listed[place] as usize) else {
                    return;
                };
                row.set_selected(chosen == Some(place));
                let mut cell = |text: String| {
                    row.col(|ui| {
                        let text = RichText::new(text).font(theme::small());
                        ui.add(egui::Label::new(text).selectable(false).truncate());
                    });
                };
                cell(grouped(u64::from(suspicion.frame)));
                cell(suspicion.kind.title().to_owned());
                cell(who(suspicion));
                row.col(|ui| score(ui, shown, suspicion.score));
                let response = row.response();
                let about = suspicion.kind.about();
                if response.on_hover_text(format!("{about}. Click to go there")).clicked() {
                    go = Some(place);
                }
            });
        });
    if let Some(place) = go {
        shown.command(Command::SuspicionAt(place));
    }
}

fn who(suspicion: &Suspicion) -> String {
    match suspicion.other {
        Some(other) => format!("{} → {other}", suspicion.id),
        None => suspicion.id.to_string(),
    }
}

/// The score as a bar and a number.
fn score(ui: &mut Ui, shown: &Shown<'_>, score: f32) {
    let (bar, _) = ui.allocate_exact_size(egui::vec2(30.0, 8.0), Sense::hover());
    ui.painter().rect_filled(bar, 2.0, shown.palette.raised);
    let filled = bar.with_max_x(bar.left() + bar.width() * score.clamp(0.0, 1.0));
    ui.painter().rect_filled(filled, 2.0, shown.palette.warning);
    let text = RichText::new(format!("{score:.2}")).font(theme::small());
    ui.add(egui::Label::new(text).selectable(false));
}
