//! How a cache is set up, and how other settings would have done on the same walk.

use super::{
    Asked, Shown,
    cache::{chooser, chosen, kinds},
    counted, grouped, text_width,
};
use crate::{
    inspector::{CacheKind, Command, Eviction, Export, Predictor, Tuning},
    session::{Replayed, megabytes},
    ui::theme,
};
use egui::{self, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// How much wider the text of this table is than small text.
const BODY: f32 = theme::TYPE[1] / theme::TYPE[0];

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    egui::ScrollArea::vertical().id_salt("tuning").auto_shrink(false).show(ui, |ui| {
        chooser(ui, shown, &kinds(shown));
        ui.add_space(theme::SPACE[1]);
        let kind = chosen(shown);
        settings(ui, shown, kind);
        ui.add_space(theme::SPACE[2]);
        ui.label(RichText::new("What if").font(theme::strong(theme::TYPE[1])));
        what_if(ui, shown, kind);
        ui.add_space(theme::SPACE[2]);
        ui.label(RichText::new("Export").font(theme::strong(theme::TYPE[1])));
        ui.horizontal_wrapped(|ui| {
            for export in Export::OF_CACHE {
                let button = ui.button(format!("{}…", export.title()));
                let hover = format!("{}, as JSON or CSV", export.about());
                if button.on_hover_text(hover).clicked() {
                    shown.command(Command::Export(export));
                }
            }
        });
    });
}

fn settings(ui: &mut Ui, shown: &mut Shown<'_>, kind: CacheKind) {
    let before = shown.inspector.settings.tuning[kind];
    let mut tuning = before;
    let width = ui.available_width();
    egui::Grid::new("settings").num_columns(2).min_col_width(width / 2.0 - 8.0).show(ui, |ui| {
        row(ui, shown, "Predictor", "Guesses which frames are wanted next", |ui| {
            predictors(ui, &mut tuning.predictor)
        });
        row(ui, shown, "Evicts first", "Among frames that are equally unlikely", |ui| {
            evictions(ui, &mut tuning.eviction)
        });
        let tip = "Most frames kept in memory";
        row(ui, shown, "Frames held", tip, |ui| {
            ui.add(number(&mut tuning.max_keys).range(1..=Tuning::MOST_KEYS).speed(5))
        });
        row(
            ui,
            shown,
            "Memory",
            "Most memory that they may take; 0: an eighth of what the machine has",
            |ui| {
                let value = number(&mut tuning.max_megabytes);
                ui.add(
                    value
                        .range(0..=Tuning::MOST_MEGABYTES)
                        .speed(4)
                        .suffix(" MB")
                        .custom_formatter(|value, _| {
                            let automatic = Tuning { max_megabytes: 0, ..before };
                            match value as u64 {
                                0 => format!("automatic, {}", grouped(megabytes(automatic))),
                                set => grouped(set),
                            }
                        }),
                )
            },
        );
        row(ui, shown, "Frames ahead", "Frames planned ahead; 0 loads nothing ahead", |ui| {
            ui.add(number(&mut tuning.ahead).range(0..=Tuning::MOST_AHEAD).speed(0.2))
        });
        let tip = "Threads that load; 0: as many as the machine has cores, but one";
        row(ui, shown, "Workers", tip, |ui| {
            let value = number(&mut tuning.workers).range(0..=Tuning::MOST_WORKERS);
            ui.add(value.speed(0.05).custom_formatter(|workers, _| {
                if workers == 0.0 { "automatic".to_owned() } else { workers.to_string() }
            }))
        });
    });
    if tuning != before {
        shown.command(Command::Tune(kind, tuning));
    }
    let changed = before != Tuning::of(kind);
    let button = ui.add_enabled(changed, egui::Button::new("As at first").small());
    if button.on_hover_text("Put these settings back to what they were at first").clicked() {
        shown.command(Command::TuneAsAtFirst(kind));
    }
}

/// A number that is typed takes hold when it is whole.
fn number<N: egui::emath::Numeric>(value: &mut N) -> egui::DragValue<'_> {
    egui::DragValue::new(value).update_while_editing(false)
}

fn row(
    ui: &mut Ui,
    shown: &Shown<'_>,
    name: &str,
    tip: &str,
    control: impl FnOnce(&mut Ui) -> egui::Response,
) {
    let label = ui.label(RichText::new(name).color(shown.palette.weak)).on_hover_text(tip);
    control(ui).labelled_by(label.id).on_hover_text(tip);
    ui.end_row();
}

fn predictors(ui: &mut Ui, chosen: &mut Predictor) -> egui::Response {
    let combo = egui::ComboBox::from_id_salt("predictor").selected_text(chosen.title());
    let shown = combo.show_ui(ui, |ui| {
        for predictor in Predictor::ALL {
            let value = ui.selectable_value(chosen, predictor, predictor.title());
            value.on_hover_text(predictor.about());
        }
    });
    shown.response
}

fn evictions(ui: &mut Ui, chosen: &mut Eviction) -> egui::Response {
    let combo = egui::ComboBox::from_id_salt("eviction").selected_text(chosen.title());
    let shown = combo.show_ui(ui, |ui| {
        for eviction in Eviction::ALL {
            ui.selectable_value(chosen, eviction, eviction.title());
        }
    });
    shown.response
}

fn what_if(ui: &mut Ui, shown: &mut Shown<'_>, kind: CacheKind) {
    let weak = |text: String| RichText::new(text).font(theme::small()).color(shown.palette.weak);
    let walked = shown.session.map_or(0, crate::session::Session::walked);
    if walked < 2 {
        ui.label(weak("Walk through some frames first; they are replayed here.".to_owned()));
        return;
    }
    shown.asked.push(Asked::WhatIf(kind));
    let Some((of, results)) = shown.what_if.of(kind) else {
        ui.label(weak("Replaying…".to_owned()));
        return;
    };
    if results.is_empty() {
        ui.label(weak("The replay failed; please report it.".to_owned()));
        return;
    }
    let text = format!(
        "Your last {}, replayed with the load times measured here. Click a row to use it.",
        counted(of as u64, "navigation")
    );
    ui.label(weak(text));
    let by_products = shown.session.map_or(0, |session| session.stats(kind).by_products);
    if by_products > 0 {
        let text = "Pictures that a video hands over on the way to another are not replayed: there are \
                    fewer hits here than the cache had.";
        ui.label(weak(text.to_owned()));
    }
    if let Some(used) = table(ui, shown, kind, results) {
        let tuning = shown.inspector.settings.tuning[kind];
        let Replayed { predictor, eviction, .. } = used;
        shown.command(Command::Tune(kind, Tuning { predictor, eviction, ..tuning }));
    }
}

/// Answers which row was clicked.
fn table(
    ui: &mut Ui,
    shown: &Shown<'_>,
    kind: CacheKind,
    results: &[Replayed],
) -> Option<Replayed> {
    let palette = shown.palette;
    let current = shown.inspector.settings.tuning[kind];
    let mut clicked = None;
    let right = Layout::right_to_left(egui::Align::Center);
    let most = |of: fn(&Replayed) -> u64| results.iter().map(of).max().unwrap_or(0);
    let most = [most(|result| result.loads), most(|result| result.wasted)];
    let numbers = most.map(|number| (text_width(ui, &grouped(number)) * BODY).max(54.0));
    let titles = Predictor::ALL.iter().map(|predictor| text_width(ui, predictor.title()) * BODY);
    let title = titles.fold(64.0, f32::max);
    egui::ScrollArea::horizontal().id_salt("what if").auto_shrink([false, true]).show(ui, |ui| {
        TableBuilder::new(ui)
            .id_salt("what if")
            .striped(true)
            .vscroll(false)
            .sense(Sense::click())
            .cell_layout(Layout::left_to_right(egui::Align::Center))
            .column(Column::remainder().at_least(title))
            .column(Column::exact(58.0))
            .column(Column::exact(58.0))
            .column(Column::exact(numbers[0]))
            .column(Column::exact(numbers[1]))
            .header(theme::ROW, |mut row| {
                let names = ["Predictor", "Evicts", "Hits", "Loads", "Unread"];
                for (place, name) in names.into_iter().enumerate() {
                    row.col(|ui| {
                        let text = RichText::new(name).font(theme::small()).color(palette.weak);
                        if place < 2 {
                            ui.label(text);
                        } else {
                            ui.with_layout(right, |ui| ui.label(text));
                        }
                    });
                }
            })
            .body(|body| {
                body.rows(theme::ROW, results.len(), |mut row| {
                    let result = results[row.index()];
                    let is_current = (result.predictor, result.eviction)
                        == (current.predictor, current.eviction);
                    row.set_selected(is_current);
                    let text = |ui: &mut Ui, text: String| {
                        ui.add(egui::Label::new(text).selectable(false).extend());
                    };
                    row.col(|ui| text(ui, result.predictor.title().to_owned()));
                    row.col(|ui| text(ui, result.eviction.title().to_owned()));
                    for number in [
                        format!("{:.1} %", result.hit_rate * 100.0),
                        grouped(result.loads),
                        grouped(result.wasted),
                    ] {
                        row.col(|ui| {
                            ui.with_layout(right, |ui| text(ui, number));
                        });
                    }
                    let hover = if is_current { "In use" } else { "Click to use it" };
                    if row.response().on_hover_text(hover).clicked() {
                        clicked = Some(result);
                    }
                });
            });
    });
    clicked
}
