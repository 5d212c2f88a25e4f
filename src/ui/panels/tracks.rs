//! Every track, and the one that is selected.

mod rows;

pub use rows::Rows;

use super::{Shown, elided, grouped, notice, side::Kept, stretch, text_width};
use crate::{
    analysis::{Track, TrackTable},
    inspector::{Command, IdList, Way, scene::Look, track_color},
    model::TrackId,
    session::Phase,
    ui::theme,
};
use egui::{self, Align, Layout, RichText, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{
    ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD, ICON_CENTER_FOCUS_STRONG, ICON_CLOSE,
    ICON_FILTER_CENTER_FOCUS, ICON_VISIBILITY_OFF,
};
use rows::{Field, Found, Search, Wanted};
use std::sync::Arc;

/// Points that the life of the selected track and some rows of the table take.
const ROOM_FOR_LIFE: f32 = 270.0;
/// Points that the buttons beside the name of the selected track take.
const BUTTONS: f32 = 146.0;
/// Points that two values of its life take side by side.
const TWO_PAIRS: f32 = 290.0;
/// Classes whose names are looked at for the width of their column, and its largest width in points.
const MOST_CLASSES: usize = 100;
const WIDEST_CLASS: f32 = 150.0;
/// Points that names take at least: both of their ends.
const LEAST_CLASS: f32 = 64.0;
/// Points between it and the id.
const CLASS_GAP: f32 = 8.0;
/// Points between columns, and of the arrow in the head of the one that is sorted by.
const GAP: f32 = 2.0;
const ARROW: f32 = 13.0;
/// Points between a number and the one before it, at least.
const APART: f32 = 6.0;
/// Side of the square in a track's colour.
const SWATCH: f32 = 10.0;

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, kept: &mut Kept) {
    let rows = &mut kept.tracks;
    let Some(session) = shown.session else { return };
    let selection = shown.inspector.selection();
    let none = selection.tracks().tracks().is_empty();
    if !none || selection.id().is_some() {
        selected(ui, shown);
    }
    let selection = shown.inspector.selection();
    if none {
        let text = match session.layer_or_first(shown.inspector.layers.active().id).status().phase {
            Phase::Indexing(_) => "Tracks are followed when the frames are found.".to_owned(),
            Phase::Checking(done) => {
                let done = done * 100.0;
                format!("Tracks are followed when every line is read: {done:.0} %")
            }
            Phase::Following(done) => format!("Following the tracks: {:.0} %", done * 100.0),
            Phase::Cancelled => "Reading was stopped. Reload follows the tracks.".to_owned(),
            Phase::Done
                if session
                    .layer_or_first(shown.inspector.layers.active().id)
                    .annotations()
                    .index()
                    .lines()
                    == 0 =>
            {
                "There are no boxes.".to_owned()
            }
            Phase::Done => "No box has an identity: there are no tracks.".to_owned(),
        };
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(text).color(shown.palette.weak));
            notice::stop(ui, shown);
        });
        return;
    }
    ui.horizontal(|ui| {
        let field = egui::TextEdit::singleline(&mut rows.search).desired_width(130.0);
        let tip = "The beginning of an id, or ids and ranges of ids, such as 3, 7-12";
        ui.add(field.hint_text("Search ids")).on_hover_text(tip).accessible_name("Search ids");
        let tip = "List only tracks that are on this frame";
        ui.checkbox(&mut rows.on_frame, "on this frame").on_hover_text(tip);
    });
    let search = match Search::read(&rows.search) {
        Ok(search) => search,
        Err(reason) => {
            ui.label(RichText::new(reason).color(shown.palette.warning));
            Search::List(IdList::default())
        }
    };
    let boxes = rows.on_frame.then(|| Arc::clone(&shown.look.boxes));
    let wanted = Wanted {
        tracks: Arc::clone(&selection.sieve().tracks),
        on_frame: boxes,
        search,
        field: rows.field,
        descending: rows.descending,
    };
    let Some((tracks, found)) = rows.refresh(ui, wanted) else {
        ui.label(RichText::new("Sorting …").color(shown.palette.weak));
        return;
    };
    if found.rows.is_empty() {
        let text = if rows.on_frame {
            "No track on this frame is like that."
        } else {
            "No track is like that."
        };
        ui.label(RichText::new(text).color(shown.palette.weak));
        return;
    }
    table(ui, shown, rows, &tracks, &found);
}

/// The columns that say something, as wide as their texts are and the room allows; and the room.
fn columns(
    ui: &Ui,
    shown: &Shown<'_>,
    rows: &Rows,
    tracks: &TrackTable,
    found: &Found,
) -> (Vec<Wide>, f32) {
    let first = tracks.tracks().first();
    let has_class = first.is_some_and(|track| track.class.is_some());
    let has_confidence = first.is_some_and(|track| track.confidence.is_some());
    let fields = Field::ALL.into_iter().filter(|(field, ..)| match field {
        Field::Class => has_class,
        Field::Confidence => has_confidence,
        _ => true,
    });
    let status = shown.layer().map(crate::session::Layer::status).unwrap_or_default();
    let classes = status.findings.class_list.iter().take(MOST_CLASSES);
    let names = &shown.look.classes;
    // Numbers are told apart by their last digits; names, by their ends.
    let named = classes.clone().any(|class| names.name(*class).is_some());
    let titles = classes.map(|class| text_width(ui, &names.title(*class)));
    let class = titles.fold(0.0, f32::max).min(WIDEST_CLASS) + CLASS_GAP;
    // As wide as the longest text, that ids and numbers can be told apart.
    let wide_enough = |(field, title, least, tip): (Field, &'static str, f32, _)| {
        let arrow = if field == rows.field { ARROW } else { 0.0 };
        let head = text_width(ui, title) + arrow;
        let swatch = if field == Field::Id { SWATCH + 2.0 } else { 0.0 };
        let text = swatch + text_width(ui, &found.widest[field as usize]);
        let (needed, wanted) = match field {
            // The number of a class comes before its name.
            Field::Class if named => (CLASS_GAP + head.max(LEAST_CLASS), class.max(text)),
            Field::Class => (CLASS_GAP + head.max(class), class.max(text)),
            _ => (head.max(text), text),
        };
        let width = wanted.max(needed).max(least);
        // Thousands stand apart by a blank: numbers of two columns must not be read as one.
        Wide {
            field,
            title,
            tip,
            needed: if field == Field::Class {
                needed
            } else {
                needed.max(text + APART).min(width)
            },
            width,
        }
    };
    let mut fields: Vec<Wide> = fields.map(wide_enough).collect();
    let spacing = ui.spacing().scroll.allocated_width() + GAP * fields.len() as f32;
    let room = (ui.available_width() - spacing).floor();
    make_room(&mut fields, room);
    (fields, room)
}

fn table(ui: &mut Ui, shown: &mut Shown<'_>, rows: &mut Rows, tracks: &TrackTable, found: &Found) {
    let selection = shown.inspector.selection();
    let palette = shown.palette;
    let chosen = selection.id();
    let (fields, room) = columns(ui, shown, rows, tracks, found);
    if fields.iter().map(|wide| wide.width).sum::<f32>() > room {
        // What is beyond the edge is seen to be there.
        ui.spacing_mut().scroll = egui::style::ScrollStyle {
            dormant_background_opacity: 0.4,
            dormant_handle_opacity: 0.6,
            ..egui::style::ScrollStyle::solid()
        };
    }
    let found = &found.rows;
    let mut clicked = None;
    egui::ScrollArea::horizontal().id_salt("tracks").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        let stretch = stretch(ui, fields.iter().map(|wide| wide.width));
        let mut table = TableBuilder::new(ui)
            .id_salt("tracks")
            .striped(true)
            .min_scrolled_height(0.0)
            .animate_scrolling(false)
            .sense(Sense::click())
            .cell_layout(Layout::left_to_right(Align::Center));
        for Wide { width, .. } in &fields {
            // Whole ones: the last digit would be cut at a part of a pixel.
            table = table.column(Column::exact((width * stretch).floor()));
        }
        if rows.scrolled_to != chosen {
            rows.scrolled_to = chosen;
            let place =
                found.iter().position(|at| Some(tracks.tracks()[*at as usize].id) == chosen);
            if let Some(place) = place {
                table = table.scroll_to_row(place, None);
            }
        }
        table
            .header(theme::ROW, |mut row| {
                for Wide { field, title, tip, .. } in &fields {
                    row.col(|ui| head(ui, rows, *field, title, tip));
                }
            })
            .body(|body| {
                body.rows(theme::ROW, found.len(), |mut row| {
                    let track = &tracks.tracks()[found[row.index()] as usize];
                    row.set_selected(Some(track.id) == chosen);
                    for Wide { field, .. } in &fields {
                        row.col(|ui| cell(ui, shown.look, *field, track));
                    }
                    let response = row.response();
                    let name = format!("Track {}", track.id);
                    response.widget_info(|| {
                        egui::WidgetInfo::labeled(egui::Role::Row, true, name.clone())
                    });
                    if response.clicked() {
                        clicked = Some((track.id, track.first, track.last));
                    }
                });
            });
    });
    let left_out = tracks.left_out();
    if left_out > 0 {
        let text = format!("{} boxes of further tracks are not followed.", grouped(left_out));
        ui.label(RichText::new(text).color(palette.warning));
    }
    if let Some((id, first, last)) = clicked {
        let here = (first..=last).contains(&shown.inspector.current);
        shown.command(if here { Command::Select(id) } else { Command::SelectAt(id, first) });
    }
}

/// A column, and the points that it takes and needs.
struct Wide {
    field: Field,
    title: &'static str,
    tip: &'static str,
    /// Without which its head, an id or a number would be cut.
    needed: f32,
    width: f32,
}

/// Where all columns are wider than the room, what is empty in those of numbers goes first, and the names of
/// classes are shortened then: ids and numbers stay whole.
fn make_room(fields: &mut [Wide], room: f32) {
    for of_classes in [false, true] {
        let over = fields.iter().map(|wide| wide.width).sum::<f32>() - room;
        let slack = |wide: &Wide| wide.width - wide.needed;
        let those = |wide: &&mut Wide| (wide.field == Field::Class) == of_classes;
        let all: f32 = fields.iter_mut().filter(those).map(|wide| slack(wide)).sum();
        if over > 0.0 && all > 0.0 {
            let share = (over / all).min(1.0);
            for wide in fields.iter_mut().filter(those) {
                wide.width -= slack(wide) * share;
            }
        }
    }
}

/// Numbers end on the right; names begin on the left, clear of the id.
fn aligned(ui: &mut Ui, field: Field, contents: impl FnOnce(&mut Ui)) {
    if field == Field::Class {
        ui.add_space(CLASS_GAP);
        contents(ui);
    } else {
        ui.with_layout(Layout::right_to_left(Align::Center), contents);
    }
}

fn head(ui: &mut Ui, rows: &mut Rows, field: Field, title: &str, tip: &str) {
    let sorted = rows.field == field;
    aligned(ui, field, |ui| {
        ui.spacing_mut().button_padding.x = 0.0;
        let text = RichText::new(title).font(theme::small());
        let button = egui::Button::selectable(false, text).frame(false);
        let button = button.wrap_mode(egui::TextWrapMode::Extend);
        let button = ui.add(button).on_hover_text(format!("{tip}. Click to sort by it"));
        if sorted {
            let arrow = if rows.descending { ICON_ARROW_DOWNWARD } else { ICON_ARROW_UPWARD };
            ui.label(arrow.rich_text().size(11.0));
        }
        if button.clicked() {
            rows.descending = sorted && !rows.descending;
            rows.field = field;
        }
    });
}

fn cell(ui: &mut Ui, look: &Look, field: Field, track: &Track) {
    if field == Field::Id {
        let (swatch, _) = ui.allocate_exact_size(vec2(SWATCH, SWATCH), Sense::hover());
        ui.painter().rect_filled(swatch, 2.0, theme::color(look.color_of_track(track)));
    }
    aligned(ui, field, |ui| {
        let text = field.text(track, &look.classes);
        // A number is never shortened; a name keeps both ends, and is told whole where the pointer is.
        let width = ui.available_width();
        let shown = if field == Field::Class { elided(ui, &text, width) } else { text.clone() };
        let is_cut = shown != text;
        let shown = RichText::new(shown).font(theme::small());
        let label = ui.add(egui::Label::new(shown).selectable(false).extend());
        if is_cut {
            label.on_hover_text(text);
        }
    });
}

/// The life of the selected track, and what can be done with it.
fn selected(ui: &mut Ui, shown: &mut Shown<'_>) {
    let palette = shown.palette;
    let selection = shown.inspector.selection();
    let Some(id) = selection.id() else {
        let text = "Click a box, a lane or a row to select its track.";
        ui.label(RichText::new(text).color(palette.weak));
        return;
    };
    let track = selection.track().cloned();
    let (isolated, in_view) = (selection.is_isolated(), shown.inspector.in_view);
    egui::Frame::new().fill(palette.well).corner_radius(4).inner_margin(8).show(ui, |ui| {
        let mut beside = true;
        ui.horizontal(|ui| {
            let (swatch, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
            let color = track.as_ref().map_or(track_color(id), |t| shown.look.color_of_track(t));
            ui.painter().rect_filled(swatch, 2.0, theme::color(color));
            let name = RichText::new(format!("Track {id}")).font(theme::strong(theme::TYPE[2]));
            let name = ui.add(egui::Label::new(name).wrap_mode(egui::TextWrapMode::Extend));
            beside = ui.max_rect().right() - name.rect.right() > BUTTONS;
            if beside {
                buttons(ui, shown, in_view, isolated);
            }
        });
        if !beside {
            ui.horizontal(|ui| buttons(ui, shown, in_view, isolated));
        }
        let Some(track) = track else {
            ui.label(RichText::new("It is not followed yet.").color(palette.weak));
            return;
        };
        // Where there is little room, the table comes first.
        if ui.available_height() > ROOM_FOR_LIFE {
            life(ui, shown, &track);
        }
        overlaps(ui, shown, id);
        ui.horizontal_wrapped(|ui| {
            for (text, command) in [
                ("Start", Command::TrackStart),
                ("Previous gap", Command::Gap(Way::Previous)),
                ("Next gap", Command::Gap(Way::Next)),
                ("End", Command::TrackEnd),
            ] {
                let has_gap = track.gaps > 0 || !matches!(command, Command::Gap(_));
                let name = command.info().map_or("", |info| info.label);
                let button = ui.add_enabled(has_gap, egui::Button::new(text).small());
                if button.on_hover_text(command.tooltip()).accessible_name(name).clicked() {
                    shown.command(command);
                }
            }
        });
    });
    ui.add_space(theme::SPACE[1]);
}

/// The tracks of other layers that lie where a track of the active layer does, each a click away.
fn overlaps(ui: &mut Ui, shown: &mut Shown<'_>, id: TrackId) {
    /// More would hide the table.
    const MOST_LAYERS: usize = 4;
    const MOST_TRACKS: usize = 3;
    let active = shown.inspector.layers.active().id;
    let Some(session) = shown.session else { return };
    let Some(found) = session.overlaps(active, id) else { return };
    for (layer, tracks) in found.found.iter().take(MOST_LAYERS) {
        let Some(name) = session.layer(*layer).map(|layer| &layer.name) else { continue };
        ui.horizontal_wrapped(|ui| {
            let name = format!("In {}:", crate::text::line(name));
            let tip = "Tracks that overlap it (IoU at least 0.5), on how much of its frames";
            ui.label(RichText::new(name).color(shown.palette.weak)).on_hover_text(tip);
            if tracks.is_empty() {
                ui.label("none");
            }
            for overlap in tracks.iter().take(MOST_TRACKS) {
                let text = format!("{} ({:.0} %)", overlap.id, overlap.share * 100.0);
                if ui.small_button(text).on_hover_text("Select it").clicked() {
                    shown.command(Command::SelectIn(*layer, overlap.id));
                }
            }
            if let Some(more) = tracks.len().checked_sub(MOST_TRACKS).filter(|more| *more > 0) {
                ui.label(RichText::new(format!("and {more} more")).color(shown.palette.weak));
            }
        });
    }
}

/// What can be done with the selected track, as icons.
fn buttons(ui: &mut Ui, shown: &mut Shown<'_>, in_view: bool, isolated: bool) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        for (icon, command, on) in [
            (ICON_CLOSE, Command::Back, false),
            (ICON_VISIBILITY_OFF, Command::HideTrack, false),
            (ICON_CENTER_FOCUS_STRONG, Command::ToggleInView, in_view),
            (ICON_FILTER_CENTER_FOCUS, Command::ToggleIsolate, isolated),
        ] {
            let face = egui::Button::selectable(on, icon.rich_text().size(16.0));
            let name = command.info().map_or("", |info| info.label);
            let pressed = ui.add(face).on_hover_text(command.tooltip());
            if pressed.accessible_name(name).clicked() {
                shown.command(command);
            }
        }
    });
}

fn life(ui: &mut Ui, shown: &Shown<'_>, track: &Track) {
    let palette = shown.palette;
    let columns = if ui.available_width() < TWO_PAIRS { 2 } else { 4 };
    egui::Grid::new("life").num_columns(columns).spacing([10.0, 2.0]).show(ui, |ui| {
        let mut pairs = 0;
        let mut pair = |ui: &mut Ui, name: &str, value: String| {
            if pairs > 0 && pairs % (columns / 2) == 0 {
                ui.end_row();
            }
            pairs += 1;
            ui.label(RichText::new(name).color(palette.weak));
            ui.label(value);
        };
        let span = u64::from(track.last) - u64::from(track.first) + 1;
        pair(ui, "First", grouped(u64::from(track.first)));
        pair(ui, "Last", grouped(u64::from(track.last)));
        pair(ui, "On", format!("{} of {}", grouped(u64::from(track.frames)), grouped(span)));
        let gaps = format!(
            "{}, {} away",
            grouped(u64::from(track.gaps)),
            grouped(u64::from(track.missing))
        );
        pair(ui, "Gaps", if track.gaps == 0 { "none".to_owned() } else { gaps });
        pair(ui, "Path", format!("{} px", grouped(track.path.round() as u64)));
        pair(ui, "Confidence", track.confidence.map_or("none".to_owned(), |c| format!("{c:.3}")));
        let boxes = &shown.look.boxes.detections;
        if let Some(detection) = boxes.iter().find(|detection| detection.id == track.id) {
            pair(ui, "Left, top", format!("{:.1}, {:.1}", detection.left, detection.top));
            pair(ui, "Size", format!("{:.1} × {:.1}", detection.width, detection.height));
        } else {
            ui.end_row();
            ui.label(RichText::new("Here").color(palette.weak));
            ui.label(RichText::new("not on this frame").color(palette.warning));
        }
        ui.end_row();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Wide> {
        let wide = |field, needed, width| Wide { field, title: "", tip: "", needed, width };
        vec![
            wide(Field::Id, 80.0, 80.0),
            wide(Field::Class, 22.0, 150.0),
            wide(Field::First, 36.0, 46.0),
            wide(Field::Confidence, 34.0, 44.0),
        ]
    }

    fn made(room: f32) -> Vec<f32> {
        let mut columns = columns();
        make_room(&mut columns, room);
        columns.iter().map(|wide| wide.width).collect()
    }

    #[test]
    fn names_of_classes_make_way_for_numbers() {
        assert_eq!(made(400.0), [80.0, 150.0, 46.0, 44.0], "there is room for all");
        assert_eq!(made(310.0), [80.0, 150.0, 41.0, 39.0], "what is empty goes first");
        assert_eq!(made(236.0), [80.0, 86.0, 36.0, 34.0], "then the ends of names");
        assert_eq!(made(172.0), [80.0, 22.0, 36.0, 34.0], "all that are needed fit");
        assert_eq!(made(100.0), [80.0, 22.0, 36.0, 34.0], "and nothing is ever cut that is needed");
    }
}
