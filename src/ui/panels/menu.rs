//! The menu bar, made from the command table.

use super::{Asked, Shown, counted};
use crate::{
    inspector::{COMMANDS, Command, CommandInfo, Export, Group, Way},
    media::Header,
    session::{Session, Target},
    ui::{can, theme},
};
use egui::{self, RichText, Ui};
use egui_material_icons::icons::ICON_ARROW_DROP_DOWN;

/// Shows the bar.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    egui::MenuBar::new().ui(ui, |ui| {
        for group in Group::ALL {
            ui.menu_button(group.title(), |ui| {
                ui.set_min_width(220.0);
                for info in COMMANDS.iter().filter(|info| info.group == group) {
                    if matches!(
                        info.command,
                        Command::CopyView | Command::Export(Export::Walk) | Command::Quit
                    ) {
                        ui.separator();
                    }
                    item(ui, shown, info);
                    if info.command == Command::OpenPath {
                        recent(ui, shown);
                        beside(ui, shown);
                    }
                }
            });
        }
        ui.separator();
        about(ui, shown);
    });
}

fn item(ui: &mut Ui, shown: &mut Shown<'_>, info: &CommandInfo) {
    let keys = info.keys.first().map(ToString::to_string).unwrap_or_default();
    let hindrance = can::hindrance(info.command, shown.session, shown.cancelled);
    let paused =
        info.command == Command::PauseCounting && can::counting(shown.session) == Some(true);
    let on = hindrance.is_none() && (paused || info.is_on(shown.inspector));
    let label = if on { format!("✓  {}", info.label) } else { info.label.to_owned() };
    let button = egui::Button::selectable(false, label).shortcut_text(keys);
    let button = ui.add_enabled(hindrance.is_none(), button).on_hover_text(info.tip);
    if button.on_disabled_hover_text(hindrance.unwrap_or_default()).clicked() {
        shown.command(info.command);
        ui.close();
    }
}

fn recent(ui: &mut Ui, shown: &mut Shown<'_>) {
    let settings = &shown.inspector.settings;
    let paths = &settings.recent;
    ui.add_enabled_ui(!paths.is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            for path in paths {
                let with = match settings.layers_with(path).len() {
                    0 => String::new(),
                    1 => "  with 1 more layer".to_owned(),
                    others => format!("  with {others} more layers"),
                };
                if ui.button(format!("{}{with}", crate::text::path(path))).clicked() {
                    shown.asked.push(Asked::OpenRecent(path.clone()));
                    ui.close();
                }
            }
            ui.separator();
            if ui.button("Forget these").clicked() {
                shown.asked.push(Asked::ForgetRecent);
                ui.close();
            }
        });
    });
}

/// Ground truth, detections and results of the same sequence.
fn beside(ui: &mut Ui, shown: &mut Shown<'_>) {
    let Some(session) = shown.session.filter(|session| session.paths.choices.len() > 1) else {
        return;
    };
    ui.menu_button("Annotations of this sequence", |ui| choices(ui, shown, session));
}

fn choices(ui: &mut Ui, shown: &mut Shown<'_>, session: &Session) {
    egui::ScrollArea::vertical().max_height(400.0).show(ui, |ui| {
        for choice in &session.paths.choices {
            let open = session.paths.annotations.as_ref() == Some(choice);
            let label = ui.selectable_label(open, session.paths.choice_name(choice));
            if label.on_hover_text(crate::text::path(choice).to_string()).clicked() {
                shown.asked.push(Asked::OpenBeside(choice.clone()));
                ui.close();
            }
        }
    });
}

/// What is open, on the right.
fn about(ui: &mut Ui, shown: &mut Shown<'_>) {
    let Some(session) = shown.session else { return };
    let layer = session.layer_or_first(shown.inspector.layers.active().id);
    let status = layer.status();
    let name = match &session.target {
        Target::Demo => "demo".to_owned(),
        Target::Path(_) => session.paths.name(),
    };
    let path = layer.path.as_deref();
    let file = path.map(crate::text::name);
    let layers = session.layers().len();
    let known = session.frames();
    let frames = (known.len() as u64).saturating_sub(status.findings.empty_frames);
    let mut parts = vec![if known.span() > frames && frames > 0 {
        format!("{} of {}", super::grouped(frames), counted(known.span(), "frame"))
    } else {
        counted(frames, "frame")
    }];
    if status.findings.detections > 0 {
        parts.push(counted(status.findings.detections, "box"));
        parts.push(counted(status.findings.tracks, "track"));
    }
    title(ui, shown, session, &name);
    if let (Some(file), Some(path)) = (file, path) {
        if layers > 1 {
            let text = RichText::new(format!("{file}, one of {layers} layers"));
            let label = ui.label(text.color(shown.palette.weak));
            label.on_hover_text(format!("The active layer: {}", crate::text::path(path)));
        } else if session.paths.choices.len() > 1 {
            let text = RichText::new(format!("{file} ({})", session.paths.choices.len()));
            let face = (text, ICON_ARROW_DROP_DOWN.rich_text());
            let button = ui.menu_button(face, |ui| choices(ui, shown, session));
            button.response.on_hover_text("Choose another annotation file of this sequence");
        } else if file != name {
            let label = ui.label(RichText::new(file).color(shown.palette.weak));
            label.on_hover_text(crate::text::path(path).to_string());
        }
    }
    if let Some(video) = session.pictures().and_then(|pictures| pictures.video()) {
        let file = crate::text::name(video.path());
        if file != name {
            let label = ui.label(RichText::new(format!("with {file}")).color(shown.palette.weak));
            label.on_hover_text(crate::text::path(video.path()).to_string());
        }
        streams(ui, shown, video.header());
    }
    // Whole numbers or none: those that are cut would be others.
    let all = parts.join(" · ");
    let font = egui::TextStyle::Body.resolve(ui.style());
    let fits = |ui: &Ui, text: &str| {
        let galley =
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), egui::Color32::PLACEHOLDER);
        galley.size().x <= ui.available_width()
    };
    while !parts.is_empty() && !fits(ui, &parts.join(" · ")) {
        parts.pop();
    }
    if !parts.is_empty() {
        let counts = RichText::new(parts.join(" · ")).color(shown.palette.weak);
        ui.add(egui::Label::new(counts).extend()).on_hover_text(all);
    }
}

/// The name of what is open, and where it is one of many sequences, the others to choose from.
fn title(ui: &mut Ui, shown: &mut Shown<'_>, session: &Session, name: &str) {
    let title = RichText::new(name).font(theme::strong(theme::TYPE[1]));
    let Some(benchmark) = &session.benchmark else {
        ui.label(title);
        return;
    };
    let (place, all) = (benchmark.current + 1, benchmark.sequences.len());
    let face = (
        title,
        RichText::new(format!("{place} of {all}")).color(shown.palette.weak),
        ICON_ARROW_DROP_DOWN.rich_text(),
    );
    let button = ui.menu_button(face, |ui| {
        egui::ScrollArea::vertical().max_height(480.0).show(ui, |ui| {
            for (place, path) in benchmark.sequences.iter().enumerate() {
                let open = place == benchmark.current;
                if ui.selectable_label(open, benchmark.name(place)).clicked() {
                    shown.asked.push(Asked::OpenSequence(path.clone()));
                    ui.close();
                }
            }
        });
    });
    let tip = [Way::Next, Way::Previous].map(|way| Command::Sequence(way).tooltip()).join("\n");
    button.response.on_hover_text(tip);
}

/// Which of several streams of pictures is shown, and the others to choose from.
fn streams(ui: &mut Ui, shown: &mut Shown<'_>, header: &Header) {
    if header.streams.len() < 2 {
        return;
    }
    let text = RichText::new(format!("stream {} of {}", header.stream + 1, header.streams.len()));
    let face = (text.color(shown.palette.warning), ICON_ARROW_DROP_DOWN.rich_text());
    let button = ui.menu_button(face, |ui| {
        for (at, stream) in header.streams.iter().enumerate() {
            let [width, height] = stream.size;
            let default = if stream.is_default { ", marked as default" } else { "" };
            let text = format!(
                "{}: {width} × {height}, {}{default}",
                at + 1,
                crate::text::line(&stream.codec)
            );
            if ui.selectable_label(at == header.stream, text).clicked() {
                shown.asked.push(Asked::OpenStream(at));
                ui.close();
            }
        }
    });
    button.response.on_hover_text("The video holds several streams of pictures: choose another");
}
