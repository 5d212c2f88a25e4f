//! The buttons that walk and play.

use super::{Asked, Shown, grouped, legend};
use crate::{
    inspector::{Command, SPEEDS},
    ui::theme,
};
use egui::{self, RichText, Ui};
use egui_material_icons::{
    MaterialIcon,
    icons::{ICON_FIRST_PAGE, ICON_LAST_PAGE, ICON_PAUSE, ICON_PLAY_ARROW, ICON_REPEAT},
};

/// What a person types into the field of the frame number, while they do.
#[derive(Default)]
pub struct FrameField {
    typed: Option<String>,
    /// Whether to begin typing at the next repaint.
    pub focus: bool,
}

/// Height of the row.
const BUTTONS: f32 = 28.0;
/// In less width, everything in it moves together.
const NARROW: f32 = 800.0;
/// What follows the range while a video is counted.
const COUNTING: &str = " …";
/// Points that what follows the range of the frames takes.
const AFTER_RANGE: f32 = 140.0;

/// Shows the buttons, and the legend where there is room; answers whether there was.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, field: &mut FrameField) -> bool {
    let enabled = shown.session.is_some() && !shown.inspector.frames.is_empty();
    let narrow = ui.available_width() < NARROW;
    ui.horizontal(|ui| {
        if narrow {
            ui.spacing_mut().item_spacing.x = theme::SPACE[1];
        }
        // From the start, or what comes before the tallest button would sit higher.
        ui.set_min_height(BUTTONS);
        ui.add_enabled_ui(enabled, |ui| {
            ui.set_min_height(BUTTONS);
            icon(ui, shown, Command::First, ICON_FIRST_PAGE, false);
            for by in [-15, -5, -1] {
                step(ui, shown, by, narrow);
            }
            let playing = shown.inspector.is_playing();
            let face = if playing { ICON_PAUSE } else { ICON_PLAY_ARROW };
            play(ui, shown, face, playing);
            for by in [1, 5, 15] {
                step(ui, shown, by, narrow);
            }
            icon(ui, shown, Command::Last, ICON_LAST_PAGE, false);
            ui.separator();
            frame_field(ui, shown, field);
            ui.separator();
            speed(ui, shown);
            icon(
                ui,
                shown,
                Command::ToggleLoop,
                ICON_REPEAT,
                shown.inspector.settings.playback.looping,
            );
        });
        let spare = ui.available_width() - legend::WIDTH;
        if spare > 0.0 {
            ui.add_space(spare);
            legend::show(ui, shown);
        }
        spare > 0.0
    })
    .inner
}

fn step(ui: &mut Ui, shown: &mut Shown<'_>, by: i32, narrow: bool) {
    let command = Command::Step(by);
    // A true minus sign is as wide as the plus.
    let text = if by < 0 { format!("−{}", -by) } else { format!("+{by}") };
    let width = if narrow { 30.0 } else { 36.0 };
    let button = egui::Button::new(text).min_size(egui::vec2(width, BUTTONS));
    let name = command.info().map_or("", |info| info.label);
    if ui.add(button).on_hover_text(command.tooltip()).accessible_name(name).clicked() {
        shown.command(command);
    }
}

fn icon(ui: &mut Ui, shown: &mut Shown<'_>, command: Command, face: MaterialIcon, chosen: bool) {
    let button = egui::Button::selectable(chosen, face.rich_text().size(16.0));
    let button = button.min_size(egui::vec2(28.0, BUTTONS));
    let name = command.info().map_or("", |info| info.label);
    if ui.add(button).on_hover_text(command.tooltip()).accessible_name(name).clicked() {
        shown.command(command);
    }
}

fn play(ui: &mut Ui, shown: &mut Shown<'_>, face: MaterialIcon, playing: bool) {
    let palette = shown.palette;
    let text = face.rich_text().size(18.0).color(palette.panel);
    let button = egui::Button::new(text).fill(palette.accent).min_size(egui::vec2(44.0, BUTTONS));
    let name = if playing { "Pause" } else { "Play" };
    let hover = Command::PlayPause.tooltip();
    if ui.add(button).on_hover_text(hover).accessible_name(name).clicked() {
        shown.command(Command::PlayPause);
    }
}

fn frame_field(ui: &mut Ui, shown: &mut Shown<'_>, field: &mut FrameField) {
    let current = shown.inspector.current;
    let mut text = field.typed.clone().unwrap_or_else(|| current.to_string());
    let digits = shown.inspector.frames.last().to_string().len() as f32;
    let width = (20.0 + 8.0 * digits).max(56.0);
    let name = ui.label(RichText::new("Frame").color(shown.palette.weak));
    let edit = egui::TextEdit::singleline(&mut text).desired_width(width).char_limit(10);
    let edit = edit.align(egui::Align2::RIGHT_CENTER).id_salt("frame");
    let output = edit.show(ui);
    let response = output.response.response.labelled_by(name.id);
    let response =
        response.on_hover_text(format!("{}; {}", Command::AskFrame.tooltip(), range_of(shown)));
    if std::mem::take(&mut field.focus) {
        response.request_focus();
        field.typed = Some(String::new());
    }
    if response.changed() {
        field.typed = Some(text.clone());
    }
    if response.lost_focus() {
        let entered = ui.input(|input| input.key_pressed(egui::Key::Enter));
        let typed = field.typed.take().filter(|typed| entered && !typed.trim().is_empty());
        if let Some(typed) = typed {
            shown.asked.push(go_to(typed.trim(), shown));
        }
    }
    let count = shown.session.and_then(crate::session::Session::video_count);
    let counting = count.as_ref().is_some_and(|count| !count.complete);
    let paused = count.as_ref().is_some_and(|count| count.paused && !count.complete);
    let more = match (counting, paused) {
        (_, true) => " …, paused",
        (true, false) => COUNTING,
        (false, _) => "",
    };
    let font = egui::TextStyle::Body.resolve(ui.style());
    let laid_out = |ui: &Ui, more: &str| {
        let range = format!("{}{more}", range_of(shown));
        ui.painter().layout_no_wrap(range, font.clone(), shown.palette.weak)
    };
    let galley = laid_out(ui, more);
    // Of a video, what follows stays where it is when all is counted.
    let kept = if count.is_some() { laid_out(ui, COUNTING).size().x } else { 0.0 };
    let spare = (kept - galley.size().x).max(0.0);
    // In a narrow window what can be pressed comes first; the field tells it, too.
    if galley.size().x + spare + AFTER_RANGE > ui.available_width() {
        return;
    }
    let label = ui.label(galley);
    ui.add_space(spare);
    if counting {
        let text = if paused {
            "Counting the pictures of the video is paused (File, Pause counting)"
        } else {
            "The pictures of the video are being counted"
        };
        label.on_hover_text(text);
    }
}

/// Which frames there are.
fn range_of(shown: &Shown<'_>) -> String {
    let frames = &shown.inspector.frames;
    let [first, last] = [frames.first(), frames.last()].map(|frame| grouped(u64::from(frame)));
    format!("in {first} – {last}")
}

/// Where a typed number leads, or why it leads nowhere.
fn go_to(typed: &str, shown: &Shown<'_>) -> Asked {
    let range = shown.inspector.frames.first()..=shown.inspector.frames.last();
    match typed.parse() {
        Ok(frame) if range.contains(&frame) => Asked::Command(Command::GoTo(frame)),
        of_no_frame => {
            let what = if of_no_frame.is_ok() { "There is no frame" } else { "No frame number:" };
            Asked::Complain(format!(
                "{what} '{typed}': the frames are {} to {}.",
                range.start(),
                range.end()
            ))
        }
    }
}

fn speed(ui: &mut Ui, shown: &mut Shown<'_>) {
    let current = shown.inspector.settings.playback.speed;
    let name = |speed: f64| format!("{speed}×");
    let rate = shown.inspector.rate();
    let known = shown.inspector.frame_rate.is_some();
    let assumed = if known { "" } else { ", assumed: the sequence does not say" };
    let chosen = egui::ComboBox::from_id_salt("speed")
        .width(64.0)
        .selected_text(name(current))
        .show_ui(ui, |ui| {
            for speed in SPEEDS {
                if ui.selectable_label(speed == current, name(speed)).clicked() {
                    shown.command(Command::SetSpeed(speed));
                }
            }
        });
    let hover =
        format!("Speed, as a multiple of {rate} frames a second{assumed} ([ slower, ] faster)");
    chosen.response.on_hover_text(hover).accessible_name("Speed");
}
