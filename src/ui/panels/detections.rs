//! The boxes of the frame that is shown, as a table.

use super::{Asked, Shown, counted, stretch};
use crate::{inspector::track_color, mot::Detection, ui::theme};
use eframe::egui::{self, RichText, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    let palette = shown.palette;
    let Some(showing) = shown.session.and_then(|session| session.showing()) else { return };
    let boxes = &showing.boxes.detections;
    let summary = format!("Frame {}: {}", showing.frame, counted(boxes.len() as u64, "box"));
    ui.label(RichText::new(summary).font(theme::strong(theme::TYPE[1])));
    if showing.boxes.unreadable > 0 {
        let text = format!(
            "{} lines of this frame can't be read; see Problems.",
            showing.boxes.unreadable
        );
        ui.label(RichText::new(text).color(palette.warning));
    }
    if boxes.is_empty() {
        ui.label(RichText::new("Nothing was detected on this frame.").color(palette.weak));
        return;
    }
    let has = |field: fn(&Detection) -> bool| boxes.iter().any(field);
    let mut columns: Vec<Field> = FIELDS[..5].to_vec();
    columns.extend(FIELDS[5..].iter().filter(|field| has(field.exists)).copied());
    let mut pointed = None;
    egui::ScrollArea::horizontal().id_salt("boxes").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        pointed = table(ui, shown, &columns, boxes);
    });
    shown.asked.push(Asked::Point(pointed));
}

/// The table. Returns the box pointed at.
fn table(ui: &mut Ui, shown: &Shown<'_>, columns: &[Field], boxes: &[Detection]) -> Option<usize> {
    let palette = shown.palette;
    // As wide as the longest id, that ids can be told apart.
    let largest = boxes.iter().map(|d| d.id.unsigned_abs()).max().unwrap_or(0);
    let digits = (largest.checked_ilog10().unwrap_or(0) + 2) as f32;
    let widths = columns.iter().enumerate().map(|(place, field)| {
        if place == 0 { (16.0 + 7.2 * digits).max(field.width) } else { field.width }
    });
    let stretch = stretch(ui, widths.clone());
    let mut table = TableBuilder::new(ui)
        .id_salt("boxes")
        .striped(true)
        .min_scrolled_height(0.0)
        .sense(Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center));
    for width in widths {
        // Whole ones: the last digit would be cut at a part of a pixel.
        table = table.column(Column::exact((width * stretch).floor()));
    }
    let mut pointed = None;
    table
        .header(theme::ROW, |mut row| {
            for field in columns {
                row.col(|ui| {
                    right(ui, |ui| {
                        ui.label(
                            RichText::new(field.title).font(theme::small()).color(palette.weak),
                        );
                    });
                });
            }
        })
        .body(|body| {
            body.rows(theme::ROW, boxes.len(), |mut row| {
                let index = row.index();
                let detection = &boxes[index];
                for (place, field) in columns.iter().enumerate() {
                    row.col(|ui| {
                        if place == 0 {
                            let (swatch, _) =
                                ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                            let color = theme::color(track_color(detection.id));
                            ui.painter().rect_filled(swatch, 2.0, color);
                        }
                        right(ui, |ui| {
                            let text = RichText::new((field.text)(detection)).font(theme::small());
                            ui.add(egui::Label::new(text).selectable(false));
                        });
                    });
                }
                if row.response().hovered() {
                    pointed = Some(index);
                }
            });
        });
    pointed
}

fn right(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), add);
}

/// A column.
#[derive(Clone, Copy)]
struct Field {
    title: &'static str,
    width: f32,
    exists: fn(&Detection) -> bool,
    text: fn(&Detection) -> String,
}

const FIELDS: [Field; 8] = [
    Field { title: "Id", width: 46.0, exists: |_| true, text: |d| d.id.to_string() },
    Field { title: "Left", width: 42.0, exists: |_| true, text: |d| format!("{:.1}", d.left) },
    Field { title: "Top", width: 42.0, exists: |_| true, text: |d| format!("{:.1}", d.top) },
    Field { title: "Width", width: 40.0, exists: |_| true, text: |d| format!("{:.1}", d.width) },
    Field { title: "Height", width: 40.0, exists: |_| true, text: |d| format!("{:.1}", d.height) },
    Field {
        title: "Conf.",
        width: 36.0,
        exists: |d| d.confidence.is_some(),
        text: |d| d.confidence.map_or(String::new(), |c| format!("{c:.2}")),
    },
    Field {
        title: "Class",
        width: 34.0,
        exists: |d| d.class.is_some(),
        text: |d| d.class.map_or(String::new(), |c| c.to_string()),
    },
    Field {
        title: "Vis.",
        width: 34.0,
        exists: |d| d.visibility.is_some(),
        text: |d| d.visibility.map_or(String::new(), |v| format!("{v:.2}")),
    },
];
