//! Lines that can't be read, as the full check finds them.

use super::{Shown, counted, elided, grouped, notice, text_width};
use crate::{
    formats::mot::{Columns, Doubt, DoubtKind, Findings, Origin},
    inspector::Command,
    media::{ImageSequence, Video},
    session::{Phase, Session, Target},
    ui::theme,
};
use egui::{self, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// The longest text in each column, kept between repaints.
#[derive(Default)]
pub struct Widest {
    of: Option<Arc<Findings>>,
    line: String,
    frame: String,
}

impl Widest {
    fn refresh(&mut self, findings: &Arc<Findings>) {
        if self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, findings)) {
            return;
        }
        let skipped = &findings.skipped;
        let line = skipped.iter().map(|skipped| skipped.line).max();
        let frame = skipped.iter().filter_map(|skipped| skipped.frame).max();
        self.line = line.map_or(String::new(), |line| line.to_string());
        self.frame = frame.map_or(String::new(), |frame| frame.to_string());
        self.of = Some(Arc::clone(findings));
    }
}

/// What a button says that reads the columns as a doubt has it.
fn offered(doubt: Doubt, columns: Columns) -> String {
    match doubt.kind {
        DoubtKind::Corners => "Read them as right and bottom edges".to_owned(),
        _ => format!("Read them as {columns}"),
    }
}

/// How the columns were taken, where that is not the usual way, and a way back.
fn reading(ui: &mut Ui, shown: &mut Shown<'_>) {
    let Some(session) = shown.session else { return };
    let source = session.layer_or_first(shown.inspector.layers.active().id).annotations().file();
    let reading = source.reading();
    for note in reading.notes() {
        let text = RichText::new(note).color(shown.palette.text);
        ui.add(egui::Label::new(text).wrap());
    }
    match reading.origin {
        Origin::Usual => {}
        Origin::Chosen => offer(ui, shown, "Read them as the file itself tells", None),
        _ => offer(ui, shown, "Read them in the MOT format's order", Some(Columns::USUAL)),
    }
}

/// A button that reads the file once more, with other columns.
fn offer(ui: &mut Ui, shown: &mut Shown<'_>, text: &str, columns: Option<Columns>) {
    let button = ui.button(text);
    if button.on_hover_text("Reads the file once more; it is not changed").clicked() {
        shown.command(Command::ReadAs(columns));
    }
}

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, widest: &mut Widest) {
    let Some(session) = shown.session else { return };
    let palette = shown.palette;
    let status = session.layer_or_first(shown.inspector.layers.active().id).status();
    let findings = &status.findings;
    for warning in &session.paths.info.warnings {
        ui.label(RichText::new(warning).color(palette.warning));
    }
    pictures(ui, shown, session);
    let read = !matches!(status.phase, Phase::Indexing(_) | Phase::Checking(_));
    for doubt in findings.doubts.iter().filter(|_| read) {
        ui.label(RichText::new(doubt.title()).font(theme::strong(theme::TYPE[1])));
        ui.add(egui::Label::new(RichText::new(doubt.about()).color(palette.warning)).wrap());
        if let Some(columns) = doubt.columns {
            offer(ui, shown, &offered(*doubt, columns), Some(columns));
        }
    }
    reading(ui, shown);
    if findings.without_area > 0 {
        let number = counted(findings.without_area, "box");
        let text = format!("{number} without width or height: drawn as points.");
        ui.label(RichText::new(text).color(palette.warning));
    }
    let state = match status.phase {
        Phase::Indexing(_) => {
            "The check of every line begins when the frames are found.".to_owned()
        }
        Phase::Checking(done) => format!("Reading every line: {:.0} %", done * 100.0),
        Phase::Following(_) => "Every line is read.".to_owned(),
        Phase::Cancelled => "The check was stopped.".to_owned(),
        Phase::Done if findings.skipped_lines == 0 && findings.detections == 0 => {
            match (&session.paths.annotations, &session.target) {
                (None, Target::Path(_)) => "There are no annotations.".to_owned(),
                _ => "There are no boxes.".to_owned(),
            }
        }
        Phase::Done if findings.skipped_lines == 0 => {
            format!("All {} lines with boxes can be read.", grouped(findings.detections))
        }
        Phase::Done => format!("{} boxes can be read.", grouped(findings.detections)),
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(state).color(palette.weak));
        notice::stop(ui, shown);
    });
    if findings.skipped_lines == 0 {
        return;
    }
    let text = format!("{} can't be read:", counted(findings.skipped_lines, "line"));
    ui.label(RichText::new(text).font(theme::strong(theme::TYPE[1])));
    widest.refresh(findings);
    let widths = [&widest.line, &widest.frame].map(|text| text_width(ui, text));
    let mut go = None;
    egui::ScrollArea::horizontal().id_salt("problems").auto_shrink(false).show(ui, |ui| {
        TableBuilder::new(ui)
            .id_salt("problems")
            .striped(true)
            .min_scrolled_height(0.0)
            .sense(Sense::click())
            .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
            .column(Column::exact(widths[0].max(60.0)))
            .column(Column::exact(widths[1].max(60.0)))
            .column(Column::remainder().at_least(120.0))
            .header(theme::ROW, |mut row| {
                for title in ["Line", "Frame", "Reason"] {
                    row.col(|ui| {
                        ui.label(RichText::new(title).font(theme::small()).color(palette.weak));
                    });
                }
            })
            .body(|body| {
                body.rows(theme::ROW, findings.skipped.len(), |mut row| {
                    let skipped = &findings.skipped[row.index()];
                    let reason = skipped.error.to_string();
                    let cell = |ui: &mut Ui, text: &str| {
                        let text = RichText::new(text).font(theme::small());
                        ui.add(egui::Label::new(text).selectable(false).extend());
                    };
                    row.col(|ui| cell(ui, &skipped.line.to_string()));
                    let frame = skipped.frame.map_or("?".to_owned(), |frame| frame.to_string());
                    row.col(|ui| cell(ui, &frame));
                    row.col(|ui| {
                        let reason = elided(ui, &reason, ui.available_width());
                        cell(ui, &reason);
                    });
                    let hover = match skipped.frame {
                        Some(frame) => format!("{reason}\nClick to go to frame {frame}"),
                        None => reason,
                    };
                    if row.response().on_hover_text(hover).clicked() {
                        go = skipped.frame;
                    }
                });
            });
    });
    if let Some(frame) = go {
        shown.command(Command::GoTo(frame));
    }
}

/// What is left out of the pictures, and those that can't be shown, or only in part, as far as they were asked
/// for.
fn pictures(ui: &mut Ui, shown: &mut Shown<'_>, session: &Session) {
    /// Points; what is below is scrolled to.
    const HEIGHT: f32 = 140.0;
    /// Pictures that are listed.
    const MOST: usize = 100;
    let Some(pictures) = session.pictures() else { return };
    // They are all of one folder, which need not be said of each.
    let folder = pictures.images().map(|images| {
        format!("{}{}", crate::text::path(images.folder()), std::path::MAIN_SEPARATOR)
    });
    let notes = pictures.images().map_or(&[][..], ImageSequence::notes);
    for note in notes {
        ui.add(egui::Label::new(RichText::new(note).color(shown.palette.warning)).wrap());
    }
    if let Some(damage) = pictures.video().and_then(Video::told_of_damage) {
        ui.add(egui::Label::new(RichText::new(damage).color(shown.palette.warning)).wrap());
    }
    let troubles = pictures.troubles();
    if troubles.is_empty() {
        return;
    }
    let number = counted(troubles.len() as u64, "picture");
    let text = format!("{number} of those looked at can't be shown, or only in part:");
    ui.label(RichText::new(text).font(theme::strong(theme::TYPE[1])));
    let area = egui::ScrollArea::vertical().id_salt("damaged").max_height(HEIGHT);
    area.show(ui, |ui| {
        for (number, reason) in troubles.iter().take(MOST) {
            let frame = pictures.frame_of(*number);
            let named = folder.as_ref().map_or(reason.clone(), |folder| reason.replace(folder, ""));
            let text = frame.map_or(named.clone(), |frame| format!("{frame}: {named}"));
            let row = egui::Label::new(RichText::new(text).font(theme::small())).wrap();
            let row = ui.add(row.selectable(false).sense(Sense::click()));
            let row = row.on_hover_text(reason);
            if let Some(frame) = frame.filter(|_| row.clicked()) {
                shown.command(Command::GoTo(frame));
            }
        }
        if troubles.len() > MOST {
            ui.label(format!("… and {} more", troubles.len() - MOST));
        }
    });
}
