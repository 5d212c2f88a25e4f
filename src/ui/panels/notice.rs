//! What the person should know: what could not be opened, and how opening goes.

use super::{Asked, Shown};
use crate::{
    inspector::Command,
    media::{Alignment, Better, Pictures, Video},
    session::{Change, Phase, Session},
    ui::theme,
};
use std::path::PathBuf;

use egui::{self, Align2, Color32, Rect, RichText, Stroke, Ui, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE, ICON_ERROR, ICON_INFO, ICON_SYNC};

/// Lines that are longer are hard to read, in points.
const WIDEST: f32 = 680.0;

/// Shows notices over the picture, near its top: bars that come and go would make everything jump.
pub fn over(ui: &Ui, picture: Rect, add: impl FnOnce(&mut Ui)) {
    /// What is said of the picture stands above, in its corners.
    const BELOW: f32 = 44.0;
    let space = theme::SPACE[2];
    let width = (picture.width() - 2.0 * space).clamp(200.0, WIDEST);
    egui::Area::new(egui::Id::unique("notices"))
        .pivot(Align2::CENTER_TOP)
        .fixed_pos(picture.center_top() + vec2(0.0, BELOW))
        .constrain_to(ui.ctx().content_rect())
        .show(ui.ctx(), |ui| {
            ui.set_width(width);
            add(ui);
        });
}

/// One notice among others.
fn notice(ui: &mut Ui, edge: Color32, add: impl FnOnce(&mut Ui)) {
    egui::Frame::popup(ui.style()).stroke(Stroke::new(1.0, edge)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}

/// Shows the message of a failure until it is dismissed.
pub fn failure(ui: &mut Ui, shown: &mut Shown<'_>, text: &str) {
    let palette = shown.palette;
    notice(ui, palette.error, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(RichText::from(ICON_ERROR).color(palette.error).size(16.0));
            let room = ui.available_width() - 40.0;
            ui.allocate_ui(egui::vec2(room, 0.0), |ui| {
                ui.set_width(room);
                ui.add(egui::Label::new(crate::text::lines(text)).wrap());
            });
            let close = ui.add(egui::Button::new(ICON_CLOSE.rich_text()).frame(false));
            if close.on_hover_text("Dismiss").accessible_name("Dismiss").clicked() {
                shown.asked.push(Asked::Dismiss);
            }
        });
    });
}

/// Says what became of the file since it was read, and offers what can be done.
pub fn change(ui: &mut Ui, shown: &mut Shown<'_>, change: Change) {
    let path = shown.session.and_then(|session| session.paths.annotations.as_deref());
    let name = path.map(crate::text::name).unwrap_or_default();
    let (text, follow) = match change {
        Change::Grown(more) => (format!("{name} has grown by {}.", super::bytes(more)), true),
        Change::Cut => (format!("{name} has become shorter since it was read."), false),
        Change::Rewritten => (format!("{name} was written anew since it was read."), false),
        Change::Gone => (format!("{name} is gone. What was read of it stays."), false),
    };
    notice(ui, shown.palette.warning, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::from(ICON_SYNC).color(shown.palette.warning).size(16.0));
            ui.label(text);
            let mut offer = |ui: &mut Ui, name: &str, command: Command| {
                if ui.button(name).on_hover_text(command.tooltip()).clicked() {
                    shown.command(command);
                }
            };
            if follow {
                offer(ui, "Follow", Command::ToggleFollow);
            }
            if change != Change::Gone {
                offer(ui, "Reload", Command::Reload);
            }
            let close = ui.add(egui::Button::new(ICON_CLOSE.rich_text()).frame(false));
            if close.on_hover_text("Go on with what was read").accessible_name("Ignore").clicked() {
                shown.asked.push(Asked::Ignore);
            }
        });
    });
}

/// What a person should know of the pictures, and what can be done about it.
pub struct About {
    /// What is told.
    pub text: String,
    /// What is offered.
    offers: Vec<(String, Asked)>,
}

/// All that is to be told of the pictures: what is left out of the folder, and whether they fit the boxes.
#[must_use]
pub fn about_pictures(shown: &Shown<'_>) -> Vec<About> {
    let Some(session) = shown.session else { return Vec::new() };
    let notes = session.pictures().and_then(Pictures::images).map_or(&[][..], |i| i.notes());
    let mut all: Vec<About> =
        notes.iter().map(|note| About { text: note.clone(), offers: Vec::new() }).collect();
    let damage = session.video().and_then(Video::told_of_damage);
    all.extend(damage.map(|text| About { text, offers: Vec::new() }));
    let folders = &session.paths.image_choices;
    if !folders.is_empty() {
        /// More would hide what is behind.
        const MOST: usize = 8;
        let name = |folder: &PathBuf| {
            let parts: Vec<_> = folder.components().rev().take(2).collect();
            let parts: Vec<_> =
                parts.iter().rev().map(|p| p.as_os_str().to_string_lossy()).collect();
            parts.join("/")
        };
        let offer = |folder: &PathBuf| (name(folder), Asked::OpenImages(folder.clone()));
        let offers = folders.iter().take(MOST).map(offer).collect();
        let text = format!("{} folders may hold the pictures. Show those of", folders.len());
        all.push(About { text, offers });
    }
    let chosen = shown.inspector.alignment != Alignment::default();
    if let Some(advice) = session.known().advice.as_ref().filter(|_| !chosen) {
        let align = |better: &Better| {
            let asked = Asked::Command(Command::Align(better.alignment));
            (format!("Show {}", better.title()), asked)
        };
        let offers = advice.better.iter().map(align).collect();
        all.push(About { text: advice.text.clone(), offers });
    }
    all.extend(about_shifts(shown, session));
    all
}

/// Layers that fit the first one better a frame later, or earlier.
fn about_shifts<'a>(
    shown: &'a Shown<'_>,
    session: &'a Session,
) -> impl Iterator<Item = About> + use<'a> {
    let several = shown.inspector.layers.all().len() > 1;
    let better = if several { session.better_shifts() } else { Vec::new() };
    better.into_iter().filter_map(|(id, shift)| {
        let layer = session.layer(id)?;
        let [name, first] =
            [&layer.name, &session.first().name].map(|name| crate::text::line(name));
        let later = if shift > layer.shift() { "later" } else { "earlier" };
        let text = format!("The boxes of {name} fit those of {first} better one frame {later}.");
        let asked = Asked::Command(Command::ShiftLayer(id, shift));
        Some(About { text, offers: vec![(format!("Shift them to {shift:+}"), asked)] })
    })
}

/// Shows it until it is put away, or done.
pub fn pictures(ui: &mut Ui, shown: &mut Shown<'_>, about: &About) {
    notice(ui, shown.palette.warning, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::from(ICON_INFO).color(shown.palette.warning).size(16.0));
            ui.label(&about.text);
            for (title, asked) in &about.offers {
                if ui.button(title).clicked() {
                    shown.asked.push(asked.clone());
                }
            }
            let close = ui.add(egui::Button::new(ICON_CLOSE.rich_text()).frame(false));
            if close.on_hover_text("Leave it so").accessible_name("Put away").clicked() {
                shown.asked.push(Asked::PutAway(about.text.clone()));
            }
        });
    });
}

/// Tells how something ended that was asked for; `done` says that it was.
pub fn told(ui: &Ui, shown: &Shown<'_>, text: &str, done: bool, viewport: egui::Rect) {
    /// Letters that stand in one line.
    const SHORT: usize = 80;
    // Over the picture: a bar that comes and goes would make everything jump.
    let (at, pivot) = if super::welcome::is_shown(shown) {
        // Those are on the right.
        (viewport.left_bottom() + vec2(12.0, -12.0), Align2::LEFT_BOTTOM)
    } else {
        (viewport.center_bottom() - vec2(0.0, 12.0), Align2::CENTER_BOTTOM)
    };
    let area = egui::Area::new(egui::Id::unique("told")).pivot(pivot);
    area.fixed_pos(at).show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.horizontal(|ui| {
                let icon = if done { ICON_CHECK } else { ICON_INFO };
                ui.label(RichText::from(icon).color(shown.palette.accent).size(16.0));
                let text = crate::text::line(text);
                // A path may be long, and reasons are.
                if text.chars().count() > SHORT {
                    ui.set_max_width(WIDEST.min(viewport.width() - 24.0));
                    ui.add(egui::Label::new(text).wrap());
                } else {
                    ui.add(egui::Label::new(text).extend());
                }
            });
        });
    });
}

/// Shows how opening or indexing goes, with a button to stop it.
pub fn progress(ui: &mut Ui, shown: &mut Shown<'_>, text: &str, done: f32) {
    notice(ui, shown.palette.line, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(text);
            if ui.button("Cancel").on_hover_text("Stop; what is known stays").clicked() {
                shown.command(Command::CancelOpening);
            }
            let bar = egui::ProgressBar::new(done).show_percentage();
            ui.add(bar.desired_width(ui.available_width().min(420.0)).desired_height(16.0))
                .accessible_name("Progress");
        });
    });
}

/// A button that stops the check of every line and the following of tracks, while they go on.
pub fn stop(ui: &mut Ui, shown: &mut Shown<'_>) {
    let phase = shown.layer().map(|layer| layer.status().phase);
    if !matches!(phase, Some(Phase::Checking(_) | Phase::Following(_))) {
        return;
    }
    if ui.button("Stop").on_hover_text("Stop the check; what is known stays").clicked() {
        shown.command(Command::CancelOpening);
    }
}

/// The work that goes on behind an opened sequence, while it does.
#[must_use]
pub fn work(shown: &Shown<'_>) -> Option<(String, f32)> {
    match shown.layer()?.status().phase {
        Phase::Indexing(done) => Some(("Finding the frames".to_owned(), done)),
        // The check is in nobody's way, and the tabs that wait for it say so.
        Phase::Checking(_) | Phase::Following(_) | Phase::Done | Phase::Cancelled => None,
    }
}
