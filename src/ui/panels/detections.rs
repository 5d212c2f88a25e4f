//! The boxes of the frame that is shown, as a table.

use super::{Asked, Shown, counted, grouped, stretch, text_width, widest};
use crate::{
    inspector::Command,
    model::{ClassNames, Detection},
    ui::theme,
};
use egui::{self, RichText, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};

/// Side of the square in a box's colour.
const SWATCH: f32 = 10.0;

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    let palette = shown.palette;
    let Some(showing) = shown.session.and_then(|session| session.showing()) else { return };
    let boxes = &shown.look.boxes.detections;
    let hidden = match shown.hidden {
        0 => String::new(),
        hidden => format!(", {} hidden by the filter", grouped(hidden as u64)),
    };
    let number = counted(boxes.len() as u64, "box");
    let summary = format!("Frame {}: {number}{hidden}", grouped(u64::from(showing.frame)));
    ui.label(RichText::new(summary).font(theme::strong(theme::TYPE[1])));
    if shown.look.boxes.unreadable > 0 {
        let text = format!(
            "{} lines of this frame can't be read; see Problems.",
            shown.look.boxes.unreadable
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
    let mut used = Used::default();
    egui::ScrollArea::horizontal().id_salt("boxes").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        used = table(ui, shown, &columns, boxes);
    });
    shown.asked.push(Asked::Point(used.pointed));
    if let Some(id) = used.clicked.and_then(|index| boxes.get(index)).map(|clicked| clicked.id)
        && id.is_identity()
    {
        shown.command(Command::Select(id));
    }
}

/// The boxes that a person pointed at and clicked.
#[derive(Default)]
struct Used {
    pointed: Option<usize>,
    clicked: Option<usize>,
}

fn table(ui: &mut Ui, shown: &Shown<'_>, columns: &[Field], boxes: &[Detection]) -> Used {
    let palette = shown.palette;
    // As wide as the longest text, that ids and numbers can be told apart.
    let names = &shown.look.classes;
    let widths = columns.iter().enumerate().map(|(place, field)| {
        if field.title == FIELDS[CLASS].title {
            let titles = boxes.iter().filter_map(|d| Some(names.title(d.class?)));
            let longest = titles.max_by_key(|title| title.chars().count()).unwrap_or_default();
            return text_width(ui, &longest).clamp(field.width, WIDEST_CLASS);
        }
        let order = |a: &Detection, b: &Detection| (field.size)(a).total_cmp(&(field.size)(b));
        let widest = widest(boxes.iter(), order, |detection| (field.text)(detection, names));
        let swatch = if place == 0 { SWATCH + 2.0 } else { 0.0 };
        (swatch + text_width(ui, &widest)).max(field.width)
    });
    let widths: Vec<f32> = widths.collect();
    let stretch = stretch(ui, widths.iter().copied());
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
    let mut used = Used::default();
    let chosen = shown.inspector.selection().id();
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
                let is_shown = shown.look.shown.get(index).copied().unwrap_or(true);
                row.set_selected(chosen == Some(detection.id));
                for (place, field) in columns.iter().enumerate() {
                    row.col(|ui| {
                        if place == 0 {
                            swatch(ui, shown, detection, is_shown);
                        }
                        let color = if is_shown { palette.text } else { palette.weak };
                        let text = RichText::new((field.text)(detection, &shown.look.classes))
                            .font(theme::small());
                        let label = egui::Label::new(text.color(color)).selectable(false);
                        right(ui, |ui| drop(ui.add(label)));
                    });
                }
                let response = row.response();
                let id = detection.id;
                let name = if id.is_identity() {
                    format!("Box of track {id}")
                } else {
                    "Box without identity".to_owned()
                };
                response
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Row, true, name.clone()));
                if response.hovered() {
                    used.pointed = Some(index);
                }
                if response.clicked() {
                    used.clicked = Some(index);
                }
                if !is_shown {
                    response.on_hover_text("Hidden by the filter");
                }
            });
        });
    used
}

/// The colour of a box, or a hollow place where the filter hides it.
fn swatch(ui: &mut Ui, shown: &Shown<'_>, detection: &Detection, is_shown: bool) {
    let (swatch, _) = ui.allocate_exact_size(vec2(SWATCH, SWATCH), Sense::hover());
    if is_shown {
        ui.painter().rect_filled(swatch, 2.0, theme::color(shown.look.color(detection)));
    } else {
        let stroke = egui::Stroke::new(1.0, shown.palette.weak);
        ui.painter().rect_stroke(swatch, 2.0, stroke, egui::StrokeKind::Inside);
    }
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
    /// What it is, as far as the length of its text goes.
    size: fn(&Detection) -> f64,
    text: fn(&Detection, &ClassNames) -> String,
}

/// Which of them is the class.
const CLASS: usize = 6;
/// Longer names of classes are cut.
const WIDEST_CLASS: f32 = 150.0;

const FIELDS: [Field; 8] = [
    Field {
        title: "Id",
        width: 46.0,
        exists: |_| true,
        size: |d| d.id.number() as f64,
        text: |d, _| d.id.to_string(),
    },
    number("Left", 42.0, |d| d.left, |d, _| format!("{:.1}", d.left)),
    number("Top", 42.0, |d| d.top, |d, _| format!("{:.1}", d.top)),
    number("Width", 40.0, |d| d.width, |d, _| format!("{:.1}", d.width)),
    number("Height", 40.0, |d| d.height, |d, _| format!("{:.1}", d.height)),
    Field {
        title: "Conf.",
        width: 36.0,
        exists: |d| d.confidence.is_some(),
        size: |d| d.confidence.unwrap_or(0.0),
        text: |d, _| d.confidence.map_or(String::new(), |c| format!("{c:.2}")),
    },
    Field {
        title: "Class",
        width: 34.0,
        exists: |d| d.class.is_some(),
        size: |d| d.class.map_or(0.0, |class| class as f64),
        text: |d, names| d.class.map_or(String::new(), |c| names.title(c)),
    },
    Field {
        title: "Vis.",
        width: 34.0,
        exists: |d| d.visibility.is_some(),
        size: |d| d.visibility.unwrap_or(0.0),
        text: |d, _| d.visibility.map_or(String::new(), |v| format!("{v:.2}")),
    },
];

const fn number(
    title: &'static str,
    width: f32,
    size: fn(&Detection) -> f64,
    text: fn(&Detection, &ClassNames) -> String,
) -> Field {
    Field { title, width, exists: |_| true, size, text }
}
