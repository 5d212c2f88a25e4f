//! The layers: the annotation files over the picture.

use super::{Asked, Shown, counted, elided, grouped};
use crate::{
    inspector::{Command, LayerView, Viewports, layer_color, scene::LineStyle},
    model::LayerId,
    session::{Layer, Phase, Session},
    ui::theme,
};
use egui::{self, Pos2, Rect, RichText, Sense, Stroke, Ui, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_CLOSE, ICON_VISIBILITY, ICON_VISIBILITY_OFF};

/// A layer that is being given another name.
pub struct Renamed {
    layer: LayerId,
    name: String,
    /// Whether the text field has the keyboard by now.
    focused: bool,
}

/// Shows the panel.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, renamed: &mut Option<Renamed>) {
    let Some(session) = shown.session else {
        ui.label(RichText::new("Nothing is open.").color(shown.palette.weak));
        return;
    };
    ui.horizontal_wrapped(|ui| {
        if button(ui, ICON_ADD.codepoint, Command::AddLayers, "Add annotations").clicked() {
            shown.command(Command::AddLayers);
        }
        ui.label(RichText::new("Add annotations").color(shown.palette.weak));
        let viewports = shown.inspector.layers.viewports().clone();
        if shown.inspector.layers.all().len() > 1 {
            for (text, command, on) in [
                (
                    "Side by side",
                    Command::SideBySide,
                    matches!(viewports, Viewports::SideBySide(_)),
                ),
                ("Wipe", Command::Wipe, matches!(viewports, Viewports::Wipe(_))),
            ] {
                if ui.selectable_label(on, text).on_hover_text(command.tooltip()).clicked() {
                    shown.command(command);
                }
            }
        }
        if shown.inspector.layers.alone().is_some() {
            let all = ui.button("Show all").on_hover_text(Command::Flip(0).tooltip());
            if all.clicked() {
                shown.command(Command::Flip(0));
            }
        }
    });
    chips(ui, shown, session);
    ui.separator();
    egui::ScrollArea::vertical().id_salt("layers").auto_shrink(false).show(ui, |ui| {
        let views: Vec<LayerView> = shown.inspector.layers.all().to_vec();
        let mut rows = Vec::with_capacity(views.len());
        for (place, view) in views.iter().enumerate() {
            if let Some(layer) = session.layer(view.id) {
                rows.push(row(ui, shown, renamed, (place, view, layer)));
            }
        }
        for (name, done) in shown.adding {
            let text = format!("Adding {}, {:.0} %", crate::text::line(name), done * 100.0);
            ui.label(RichText::new(text).color(shown.palette.weak));
            bar(ui, shown, *done);
        }
        dropped(ui, shown, &rows);
    });
}

/// How far something is read.
fn bar(ui: &mut Ui, shown: &Shown<'_>, done: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 3.0), Sense::hover());
    ui.painter().rect_filled(rect, 1.0, shown.palette.line);
    let part = rect.with_max_x(rect.left() + rect.width() * done.clamp(0.0, 1.0));
    ui.painter().rect_filled(part, 1.0, shown.palette.accent);
}

/// A button with a picture, a tip and a name.
fn button(ui: &mut Ui, icon: &'static str, command: Command, name: &str) -> egui::Response {
    let button = ui.add(egui::Button::new(RichText::new(icon)).frame(false));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    let tip = command.tooltip();
    button.on_hover_text(if tip.is_empty() { name.to_owned() } else { tip })
}

/// The other annotation files of the sequence, each a click away.
fn chips(ui: &mut Ui, shown: &mut Shown<'_>, session: &Session) {
    /// More would fill the panel.
    const MOST: usize = 24;
    let is_there = |path: &std::path::PathBuf| {
        session.layers().iter().any(|layer| layer.path.as_ref() == Some(path))
    };
    let others: Vec<_> = session.paths.choices.iter().filter(|path| !is_there(path)).collect();
    if others.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Beside it:").color(shown.palette.weak));
        for path in others.iter().take(MOST) {
            let chip = ui.small_button(format!("+ {}", session.paths.choice_name(path)));
            let tip = format!("Add it as a layer: {}", crate::text::path(path));
            if chip.on_hover_text(tip).clicked() {
                shown.asked.push(Asked::AddLayer((*path).clone()));
            }
        }
        if others.len() > MOST {
            ui.label(format!("and {} more", grouped((others.len() - MOST) as u64)));
        }
    });
}

/// A row of the list; returns its layer and where it is.
fn row(
    ui: &mut Ui,
    shown: &mut Shown<'_>,
    renamed: &mut Option<Renamed>,
    (place, view, layer): (usize, &LayerView, &Layer),
) -> (LayerId, Rect) {
    let is_active = shown.inspector.layers.active().id == view.id;
    let fill = if is_active {
        shown.palette.accent.gamma_multiply(0.22)
    } else {
        egui::Color32::TRANSPARENT
    };
    let frame = egui::Frame::new().fill(fill).corner_radius(4.0).inner_margin(4.0);
    // Behind what is in the row.
    let sense = egui::UiBuilder::new().id_salt(("layer", view.id.0)).sense(Sense::click_and_drag());
    let row = ui.scope_builder(sense, |ui| {
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let eye = if view.visible { ICON_VISIBILITY } else { ICON_VISIBILITY_OFF };
                let name = if view.visible { "Hide this layer" } else { "Show this layer" };
                if button(ui, eye.codepoint, Command::ToggleLayer(view.id), name).clicked() {
                    shown.command(Command::ToggleLayer(view.id));
                }
                sample(ui, place);
                alone(ui, shown, place, view.id);
                let role = RichText::new(layer.role().short()).small();
                let role = ui.add(egui::Button::new(role).small());
                let tip = format!("{}\nClick: it is something else", layer.role().title());
                if role.on_hover_text(tip).clicked() {
                    shown.command(Command::NextRole(view.id));
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let many = shown.inspector.layers.all().len() > 1;
                    if many
                        && button(ui, ICON_CLOSE.codepoint, Command::RemoveLayer(view.id), "Remove")
                            .clicked()
                    {
                        shown.command(Command::RemoveLayer(view.id));
                    }
                    let mut opacity = view.opacity;
                    let slider = egui::DragValue::new(&mut opacity)
                        .range(LayerView::LEAST_OPACITY..=100)
                        .suffix(" %");
                    let slider = ui.add(slider).on_hover_text("How strongly it is drawn");
                    if slider.changed() {
                        shown.command(Command::SetOpacity(view.id, opacity));
                    }
                    let left_to_right = egui::Layout::left_to_right(egui::Align::Center);
                    ui.with_layout(left_to_right, |ui| name_of(ui, shown, renamed, layer));
                });
            });
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(about(layer)).small().color(shown.palette.weak));
                if layer.path.is_some() && shown.session.is_some_and(|s| s.first().id != view.id) {
                    shift(ui, shown, layer);
                }
            });
            let phase = layer.status().phase;
            if !matches!(phase, Phase::Done | Phase::Cancelled) {
                bar(ui, shown, phase.done());
            }
        })
    });
    let response = row.response;
    let rect = response.rect;
    response.widget_info(|| {
        let name = format!("Layer {}: {}", place + 1, layer.name);
        egui::WidgetInfo::selected(egui::Role::Row, true, is_active, name)
    });
    if response.clicked() {
        shown.command(Command::Activate(view.id));
    }
    response.dnd_set_drag_payload(view.id);
    (view.id, rect)
}

/// Its number, which is its key: a click shows it alone, or all again.
fn alone(ui: &mut Ui, shown: &mut Shown<'_>, place: usize, layer: LayerId) {
    let is_alone = shown.inspector.layers.alone() == Some(layer);
    let number = RichText::new((place + 1).to_string());
    let number = if is_alone { number.strong() } else { number.color(shown.palette.weak) };
    let button = ui.add(egui::Button::selectable(is_alone, number).small());
    let name = format!("Layer {} alone", place + 1);
    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_alone, &name));
    let key = if place < 9 { format!(" ({})", place + 1) } else { String::new() };
    if button.on_hover_text(format!("Show it alone at the same frame{key}")).clicked() {
        let to = u8::try_from(place + 1).unwrap_or(u8::MAX);
        shown.command(Command::Flip(if is_alone { 0 } else { to }));
    }
}

/// What it is called; a double click lets that be changed.
fn name_of(ui: &mut Ui, shown: &mut Shown<'_>, renamed: &mut Option<Renamed>, layer: &Layer) {
    if let Some(typed) = renamed.as_mut().filter(|typed| typed.layer == layer.id) {
        let field = egui::TextEdit::singleline(&mut typed.name).desired_width(ui.available_width());
        let field = ui.add(field).on_hover_text("Enter takes it over, Escape leaves it");
        if !std::mem::replace(&mut typed.focused, true) {
            field.request_focus();
        } else if field.lost_focus() {
            let name = typed.name.trim().to_owned();
            if ui.input(|input| input.key_pressed(egui::Key::Enter)) && !name.is_empty() {
                shown.asked.push(Asked::Rename(layer.id, name));
            }
            *renamed = None;
        }
        return;
    }
    let is_active = shown.inspector.layers.active().id == layer.id;
    let name = elided(ui, &crate::text::line(&layer.name), ui.available_width());
    let text = if is_active { RichText::new(name).strong() } else { RichText::new(name) };
    let label = egui::Label::new(text).selectable(false).truncate().sense(Sense::click());
    let label = ui.add(label);
    if label.double_clicked() {
        let (layer, name) = (layer.id, layer.name.clone());
        *renamed = Some(Renamed { layer, name, focused: false });
    } else if label.clicked() {
        shown.command(Command::Activate(layer.id));
    }
    let path = layer.path.as_deref().map(|path| crate::text::path(path).to_string());
    label.on_hover_text(format!("{}\nDouble click: another name", path.unwrap_or_default()));
}

/// Frames that its boxes are later than its lines say, to be changed.
fn shift(ui: &mut Ui, shown: &mut Shown<'_>, layer: &Layer) {
    let shift = layer.shift();
    let weak = shown.palette.weak;
    let color = if shift == 0 { weak } else { shown.palette.warning };
    ui.label(RichText::new(format!("frames {shift:+}")).small().color(color))
        .on_hover_text("Frames that its boxes are later than its lines say");
    for (text, by, name) in [("−", -1, "A frame earlier"), ("+", 1, "A frame later")] {
        let button = ui.add(egui::Button::new(text).small());
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
        if button.on_hover_text(name).clicked() {
            shown.command(Command::ShiftLayer(layer.id, shift.saturating_add(by)));
        }
    }
}

/// What a layer holds, or how far reading it is.
fn about(layer: &Layer) -> String {
    let status = layer.status();
    let boxes = counted(status.findings.detections, "box");
    let tracks = counted(status.tracks.tracks().len() as u64, "track");
    let text = match status.phase {
        Phase::Indexing(done) => format!("finding its frames, {:.0} %", done * 100.0),
        Phase::Checking(done) => format!("reading, {:.0} %", done * 100.0),
        Phase::Following(done) => format!("{boxes}, following tracks, {:.0} %", done * 100.0),
        Phase::Done if status.findings.detections == 0 => "no boxes".to_owned(),
        Phase::Done if status.tracks.tracks().is_empty() => format!("{boxes} without identity"),
        Phase::Done => format!("{boxes}, {tracks}"),
        Phase::Cancelled => format!("{boxes}, not read to the end"),
    };
    match status.findings.skipped_lines {
        0 => text,
        lines => format!("{text}, {} can't be read", counted(lines, "line")),
    }
}

/// The colour of a layer and its line.
fn sample(ui: &mut Ui, place: usize) {
    let (rect, _) = ui.allocate_exact_size(vec2(26.0, 12.0), Sense::hover());
    let color = theme::color(layer_color(place));
    let points =
        [Pos2::new(rect.left(), rect.center().y), Pos2::new(rect.right(), rect.center().y)];
    let stroke = Stroke::new(2.5, color);
    match LineStyle::of_layer(place).pattern() {
        [] => {
            ui.painter().line_segment(points, stroke);
        }
        pattern => {
            let (dashes, gaps): (Vec<f32>, Vec<f32>) =
                pattern.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
            let dashed = egui::Shape::dashed_line_with_offset(&points, stroke, &dashes, &gaps, 0.0);
            ui.painter().extend(dashed);
        }
    }
}

/// Moves the layer that was let go of over a row to that row's place.
fn dropped(ui: &Ui, shown: &mut Shown<'_>, rows: &[(LayerId, Rect)]) {
    let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
    let Some(place) = rows.iter().position(|(_, rect)| rect.contains(pointer)) else { return };
    let Some(dragged) = egui::DragAndDrop::payload::<LayerId>(ui.ctx()) else { return };
    if rows[place].0 == *dragged {
        return;
    }
    let line = rows[place].1.top();
    let stroke = Stroke::new(2.0, shown.palette.accent);
    ui.painter().hline(rows[place].1.x_range(), line, stroke);
    if ui.input(|input| input.pointer.any_released()) {
        egui::DragAndDrop::clear_payload(ui.ctx());
        shown.command(Command::MoveLayer(*dragged, place));
    }
}
