//! What looks wrong, without any ground truth.

use super::{Shown, counted, grouped, text_width, widest};
use crate::{
    analysis::{Suspicion, SuspicionKind},
    inspector::{Command, Suspected, Way},
    session::Phase,
    ui::theme,
};
use egui::{self, Align, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD};
use std::sync::Arc;

/// Points of ids beside which every other point is needed.
const LONG_IDS: f32 = 110.0;

/// What the table keeps between repaints.
#[derive(Default)]
pub struct Rows {
    scrolled_to: Option<usize>,
    by_certainty: bool,
    sorted: Option<ByCertainty>,
}

/// A list, and the places in it by certainty.
struct ByCertainty {
    listed: Arc<[u32]>,
    places: Arc<[u32]>,
}

impl Rows {
    /// The places in `listed`, in the order of the rows; `None` where that is theirs.
    fn order(&mut self, listed: &Arc<[u32]>, suspicions: &[Suspicion]) -> Option<Arc<[u32]>> {
        if !self.by_certainty {
            return None;
        }
        if !self.sorted.as_ref().is_some_and(|sorted| Arc::ptr_eq(&sorted.listed, listed)) {
            let certainty = |place: &u32| {
                let at = listed.get(*place as usize);
                at.and_then(|at| suspicions.get(*at as usize)).map_or(0.0, |s| s.certainty)
            };
            let mut places: Vec<u32> = (0..listed.len() as u32).collect();
            places.sort_by(|a, b| certainty(b).total_cmp(&certainty(a)));
            let (listed, places) = (Arc::clone(listed), places.into());
            self.sorted = Some(ByCertainty { listed, places });
        }
        self.sorted.as_ref().map(|sorted| Arc::clone(&sorted.places))
    }
}

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, rows: &mut Rows) {
    let Some(session) = shown.session else { return };
    let palette = shown.palette;
    let phase = session.layer_or_first(shown.inspector.layers.active().id).status().phase;
    if phase != Phase::Done && shown.inspector.selection().listed().is_empty() {
        let text = if phase == Phase::Cancelled {
            "Reading was stopped. Reload looks for what is wrong."
        } else {
            "Suspicions are told when the tracks are followed."
        };
        ui.label(RichText::new(text).color(palette.weak));
        return;
    }
    choices(ui, shown);
    let listed = Arc::clone(shown.inspector.selection().listed());
    if !listed.is_empty() {
        let text = "Found without ground truth; ids exchanged in a crossing are not.";
        ui.label(RichText::new(text).font(theme::small()).color(palette.weak));
    }
    ui.horizontal(|ui| {
        let at = shown.inspector.selection().at().map(|at| at + 1);
        let place = at.map_or(String::new(), |at| format!("{} of ", grouped(at as u64)));
        let all: u64 = SuspicionKind::ALL
            .iter()
            .map(|kind| shown.inspector.selection().tracks().suspected(*kind))
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
            .any(|kind| shown.inspector.selection().tracks().suspected(*kind) > 0);
        let text = if some {
            "Nothing of these kinds has this certainty. Choose other kinds, or a lower certainty."
        } else if shown.inspector.selection().tracks().tracks().is_empty() {
            "No box has an identity: there is nothing to check."
        } else {
            "The four checks found nothing. They see one file alone: identities that are exchanged \
             where people cross are not among what they find."
        };
        ui.add(egui::Label::new(RichText::new(text).color(palette.weak)).wrap());
        return;
    }
    table(ui, shown, &listed, rows);
}

/// Which suspicions are listed.
fn choices(ui: &mut Ui, shown: &mut Shown<'_>) {
    let before = shown.inspector.settings.suspected;
    let mut suspected = before;
    ui.horizontal_wrapped(|ui| {
        for kind in SuspicionKind::ALL {
            let on = &mut suspected.kinds[kind as usize];
            let number = shown.inspector.selection().tracks().suspected(kind);
            let text = format!("{} {}", kind.title(), grouped(number));
            let tip = format!("{}. {} in all, of any certainty", kind.about(), grouped(number));
            if ui.selectable_label(*on, text).on_hover_text(tip).clicked() {
                *on = !*on;
            }
        }
    });
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Least certainty").color(shown.palette.weak));
        let slider = egui::Slider::new(&mut suspected.min_certainty, 0.0..=1.0).fixed_decimals(2);
        let tip = "From 0 to 1; the higher, the surer";
        ui.add(slider).on_hover_text(tip).labelled_by(label.id);
    });
    if suspected != before {
        shown.command(Command::Suspect(Suspected { ..suspected }));
    }
}

fn table(ui: &mut Ui, shown: &mut Shown<'_>, listed: &Arc<[u32]>, rows: &mut Rows) {
    let selection = shown.inspector.selection();
    let tracks = Arc::clone(&selection.sieve().tracks);
    let chosen = selection.at();
    let mut go = None;
    let order = rows.order(listed, tracks.suspicions());
    let place_of = |row: usize| match &order {
        Some(order) => order.get(row).map_or(row, |place| *place as usize),
        None => row,
    };
    // As wide as the longest frame and ids, that they can be told apart.
    let frame = text_width(ui, &grouped(u64::from(shown.inspector.frames.last())));
    // They are in the order of their ids.
    let ends = [tracks.tracks().first(), tracks.tracks().last()].into_iter().flatten();
    let id = widest(ends, |a, b| a.id.cmp(&b.id), |track| track.id.to_string());
    let in_pairs = tracks.suspected(SuspicionKind::Handover) > 0;
    let ids = if in_pairs { format!("{id} → {id}") } else { id };
    let ids = text_width(ui, &ids);
    let found = SuspicionKind::ALL.into_iter().filter(|kind| tracks.suspected(*kind) > 0);
    let kinds = found.map(|kind| text_width(ui, kind.title())).fold(58.0, f32::max);
    egui::ScrollArea::horizontal().id_salt("suspicions").auto_shrink(false).show(ui, |ui| {
        if ids > LONG_IDS {
            ui.spacing_mut().item_spacing.x = theme::SPACE[0];
        }
        let mut table = TableBuilder::new(ui);
        if rows.scrolled_to != chosen {
            rows.scrolled_to = chosen;
            if let Some(row) =
                chosen.and_then(|at| (0..listed.len()).find(|row| place_of(*row) == at))
            {
                table = table.scroll_to_row(row, None);
            }
        }
        table
            .id_salt("suspicions")
            .striped(true)
            .min_scrolled_height(0.0)
            .animate_scrolling(false)
            .sense(Sense::click())
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(frame.max(66.0)))
            .column(Column::exact(kinds))
            .column(Column::remainder().at_least(ids.max(80.0)))
            .column(Column::exact(70.0))
            .header(theme::ROW, |mut row| {
                for (title, by_certainty) in [
                    ("Frame", Some(false)),
                    ("What", None),
                    ("Track", None),
                    ("Certainty", Some(true)),
                ] {
                    row.col(|ui| head(ui, shown, title, by_certainty, rows));
                }
            })
            .body(|body| {
                body.rows(theme::ROW, listed.len(), |mut row| {
                    let place = place_of(row.index());
                    let Some(suspicion) = tracks.suspicions().get(listed[place] as usize) else {
                        return;
                    };
                    row.set_selected(chosen == Some(place));
                    let mut cell = |text: String| {
                        row.col(|ui| {
                            let text = RichText::new(text).font(theme::small());
                            ui.add(egui::Label::new(text).selectable(false).extend());
                        });
                    };
                    cell(grouped(u64::from(suspicion.frame)));
                    cell(suspicion.kind.title().to_owned());
                    cell(who(suspicion));
                    row.col(|ui| certainty(ui, shown, suspicion.certainty));
                    let response = row.response();
                    let about = suspicion.kind.about();
                    if response.on_hover_text(format!("{about}. Click to go there")).clicked() {
                        go = Some(place);
                    }
                });
            });
    });
    if let Some(place) = go {
        shown.command(Command::SuspicionAt(place));
    }
}

/// The head of a column; those that can be sorted by say by what.
fn head(ui: &mut Ui, shown: &Shown<'_>, title: &str, sorts: Option<bool>, rows: &mut Rows) {
    let text = RichText::new(title).font(theme::small());
    let Some(sorts) = sorts else {
        ui.label(text.color(shown.palette.weak));
        return;
    };
    let button = ui.add(egui::Button::selectable(false, text).frame(false));
    let order = if sorts { "The worst first" } else { "In the order of the frames" };
    if button.on_hover_text(format!("{order}. J and K go by frames")).clicked() {
        rows.by_certainty = sorts;
        // To be seen where it is now.
        rows.scrolled_to = None;
    }
    if rows.by_certainty == sorts {
        let arrow = if sorts { ICON_ARROW_DOWNWARD } else { ICON_ARROW_UPWARD };
        ui.label(arrow.rich_text().size(11.0));
    }
}

fn who(suspicion: &Suspicion) -> String {
    match suspicion.other {
        Some(other) => format!("{} → {other}", suspicion.id),
        None => suspicion.id.to_string(),
    }
}

/// The certainty as a bar and a number.
fn certainty(ui: &mut Ui, shown: &Shown<'_>, certainty: f32) {
    let (bar, _) = ui.allocate_exact_size(egui::vec2(30.0, 8.0), Sense::hover());
    ui.painter().rect_filled(bar, 2.0, shown.palette.raised);
    let filled = bar.with_max_x(bar.left() + bar.width() * certainty.clamp(0.0, 1.0));
    ui.painter().rect_filled(filled, 2.0, shown.palette.warning);
    let text = RichText::new(format!("{certainty:.2}")).font(theme::small());
    ui.add(egui::Label::new(text).selectable(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_are_first_where_that_is_asked_for() {
        let suspicion = |certainty| Suspicion {
            kind: SuspicionKind::Jump,
            frame: 1,
            id: 1.into(),
            other: None,
            certainty,
            former: None,
        };
        let all = [0.4, 0.9, 0.1, 0.9, 0.5].map(suspicion);
        // The third is not listed.
        let listed: Arc<[u32]> = [0, 1, 3, 4].into();
        let mut rows = Rows::default();
        assert!(rows.order(&listed, &all).is_none());
        rows.by_certainty = true;
        let places = rows.order(&listed, &all).expect("another order");
        assert_eq!(*places, [1, 2, 3, 0], "equal ones stay by frame");
        let again = rows.order(&listed, &all).expect("another order");
        assert!(Arc::ptr_eq(&places, &again), "sorted once");
        let others: Arc<[u32]> = [2, 4].into();
        assert_eq!(rows.order(&others, &all).as_deref(), Some(&[1, 0][..]));
    }
}
