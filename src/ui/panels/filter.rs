//! Which boxes are shown, how they look, and which pictures belong to them.

use super::{Asked, Shown, counted, grouped};
use crate::{
    inspector::{ColorBy, Command, Filter, IdList, MOST_REACH, TrailSettings},
    media::{Alignment, Pictures, Ratio},
    session::PictureState,
    ui::theme,
};
use egui::{self, RichText, Ui};

/// What is typed into the list of ids, while it is typed.
#[derive(Default)]
pub struct Typed {
    /// And what was in force then: what is set from elsewhere puts it away.
    ids: Option<(String, IdList)>,
}

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, typed: &mut Typed) {
    egui::ScrollArea::vertical().id_salt("filter").auto_shrink(false).show(ui, |ui| {
        heading(ui, "Which boxes");
        let before = shown.inspector.selection().sieve().filter.clone();
        let mut filter = before.clone();
        which(ui, shown, &mut filter, typed);
        if filter != before {
            shown.asked.push(Asked::Filter(filter));
        }
        told(ui, shown);
        ui.add_space(theme::SPACE[2]);
        heading(ui, "How they look");
        looks(ui, shown);
        ui.add_space(theme::SPACE[2]);
        if shown.session.is_some_and(crate::session::Session::has_pictures) {
            heading(ui, "Pictures and frames");
            pictures(ui, shown);
        }
    });
}

fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::strong(theme::TYPE[1])));
}

fn which(ui: &mut Ui, shown: &mut Shown<'_>, filter: &mut Filter, typed: &mut Typed) {
    let [least, most] = shown.look.confidence_range;
    egui::Grid::new("which").num_columns(2).spacing([8.0, 4.0]).show(ui, |ui| {
        let tip = "Least confidence; boxes without one stay";
        let most = most.max(least + 0.01);
        bound(ui, "Confidence from", tip, &mut filter.confidence, least, |value| {
            egui::Slider::new(value, least..=most).fixed_decimals(2)
        });
        ui.label("");
        let tip = "Boxes without a confidence, or with -1 in its stead";
        ui.checkbox(&mut filter.without_confidence, "also those without").on_hover_text(tip);
        ui.end_row();
        let tip = "Least visibility, from 0 to 1; boxes without one stay";
        bound(ui, "Visibility from", tip, &mut filter.visibility, 0.5, |value| {
            egui::Slider::new(value, 0.0..=1.0).fixed_decimals(2)
        });
        let tip = "Least height in pixels";
        let pixels = |value| egui::Slider::new(value, 0.0..=2000.0).logarithmic(true).suffix(" px");
        bound(ui, "Height from", tip, &mut filter.min_height, 20.0, |v| {
            pixels(v).fixed_decimals(0)
        });
        let tip = "Largest height in pixels";
        bound(ui, "Height up to", tip, &mut filter.max_height, 500.0, |v| {
            pixels(v).fixed_decimals(0)
        });
        let mut frames = filter.track_frames.map(f64::from);
        let tip = "Fewest frames that a track must be on";
        bound(ui, "Track of frames from", tip, &mut frames, 10.0, |value| {
            let slider = egui::Slider::new(value, 1.0..=1000.0).logarithmic(true);
            slider.fixed_decimals(0).suffix(" frames")
        });
        filter.track_frames = frames.map(|frames| frames as u32);
        ids(ui, shown, filter, typed);
        region(ui, shown, filter);
    });
    classes(ui, shown, filter);
}

/// A bound that can be set or not.
fn bound<'a>(
    ui: &mut Ui,
    name: &str,
    tip: &str,
    bound: &'a mut Option<f64>,
    first: f64,
    slider: impl FnOnce(&'a mut f64) -> egui::Slider<'a>,
) {
    let mut on = bound.is_some();
    ui.checkbox(&mut on, name).on_hover_text(tip);
    if on != bound.is_some() {
        *bound = on.then_some(first);
    }
    match bound {
        Some(value) => {
            ui.spacing_mut().slider_width = 96.0;
            ui.add(slider(value)).on_hover_text(tip).accessible_name(name);
        }
        None => {
            ui.label("");
        }
    }
    ui.end_row();
}

fn ids(ui: &mut Ui, shown: &Shown<'_>, filter: &mut Filter, typed: &mut Typed) {
    let label = ui.label("Ids");
    ui.vertical(|ui| {
        let kept = typed.ids.take().filter(|(_, of)| *of == filter.ids);
        let in_force = filter.ids.to_string();
        let mut text = kept.map_or_else(|| in_force.clone(), |(text, _)| text);
        let field = egui::TextEdit::singleline(&mut text).desired_width(150.0);
        let tip = "Ids and ranges of ids that are shown, such as 3, 7-12; empty: all";
        let field = ui.add(field.hint_text("all")).on_hover_text(tip).labelled_by(label.id);
        // Nothing was typed: it is what is in force.
        if !field.has_focus() && !field.changed() && text == in_force {
            return;
        }
        let read = IdList::parse(&text);
        // What can't be read stays, with the reason, until it is mended.
        let stays = field.has_focus() || read.is_err();
        match read {
            Ok(ids) if field.changed() => filter.ids = ids,
            Ok(_) => {}
            Err(reason) => {
                ui.label(RichText::new(reason).color(shown.palette.warning));
            }
        }
        typed.ids = stays.then(|| (text, filter.ids.clone()));
    });
    ui.end_row();
}

fn region(ui: &mut Ui, shown: &Shown<'_>, filter: &mut Filter) {
    ui.label("Region");
    ui.vertical(|ui| {
        if let Some([left, top, right, bottom]) = filter.region {
            ui.label(format!("{left:.0}, {top:.0} to {right:.0}, {bottom:.0}"));
        }
        ui.horizontal(|ui| {
            let tip = "Show only boxes whose middle is in what the viewport shows. With Shift held down, \
                       a region can be drawn in the picture";
            if ui.small_button("As seen").on_hover_text(tip).clicked() {
                let inspector = shown.inspector;
                let size = inspector.viewport_size;
                let transform = inspector.view.transform(inspector.picture_size, size);
                let ([left, top], [right, bottom]) =
                    (transform.to_picture([0.0; 2]), transform.to_picture(size));
                filter.region = Some([left, top, right, bottom].map(f64::round));
            }
            let clear = ui.add_enabled(filter.region.is_some(), egui::Button::new("None").small());
            if clear.on_hover_text("Show boxes wherever they are").clicked() {
                filter.region = None;
            }
        });
    });
    ui.end_row();
}

/// Classes that are told apart by buttons; further ones can't be hidden one by one.
const MOST_CLASSES: usize = 40;

fn classes(ui: &mut Ui, shown: &Shown<'_>, filter: &mut Filter) {
    let Some(session) = shown.session else { return };
    let status = session.layer_or_first(shown.inspector.layers.active().id).status();
    let classes = &status.findings.class_list;
    if classes.len() < 2 {
        return;
    }
    let names = &shown.look.classes;
    ui.horizontal_wrapped(|ui| {
        ui.label("Classes");
        for class in classes.iter().take(MOST_CLASSES) {
            let hidden = filter.hidden_classes.contains(class);
            let button = ui.selectable_label(!hidden, names.title(*class));
            let tip = format!("Show or hide class {}", names.title(*class));
            if button.on_hover_text(tip).clicked() && !filter.hidden_classes.remove(class) {
                filter.hidden_classes.insert(*class);
            }
        }
    });
}

/// What the filter does here, and how to end it.
fn told(ui: &mut Ui, shown: &mut Shown<'_>) {
    let sieve = shown.inspector.selection().sieve();
    let total = shown.look.boxes.detections.len() as u64;
    let text = if sieve.is_off() {
        "Every box is shown.".to_owned()
    } else {
        let hidden = grouped(shown.hidden as u64);
        let tracks = sieve.hidden.len() as u64;
        let by_hand = if tracks > 0 {
            format!("; {} hidden", counted(tracks, "track"))
        } else {
            String::new()
        };
        format!("{hidden} of {} on this frame are hidden{by_hand}.", counted(total, "box"))
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(text).color(shown.palette.weak));
        let off = sieve.is_off();
        let clear = ui.add_enabled(!off, egui::Button::new("Show every box").small());
        if clear.on_hover_text(Command::ShowAll.tooltip()).clicked() {
            shown.command(Command::ShowAll);
        }
    });
}

fn looks(ui: &mut Ui, shown: &mut Shown<'_>) {
    let settings = &shown.inspector.settings;
    let (by, before) = (settings.color_by, settings.trails);
    ui.horizontal_wrapped(|ui| {
        ui.label("Colour by");
        for choice in ColorBy::ALL {
            let tip = Command::NextColors.tooltip();
            if ui.selectable_label(choice == by, choice.title()).on_hover_text(tip).clicked() {
                shown.command(Command::SetColors(choice));
            }
        }
    });
    let mut trails = before;
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut trails.on, "Trails").on_hover_text(Command::ToggleTrails.tooltip());
        let number = |ui: &mut Ui, value: &mut u32, name: &str, tip: &str| {
            let drag = egui::DragValue::new(value).range(0..=MOST_REACH).speed(0.5);
            ui.add(drag).on_hover_text(tip).accessible_name(name);
            ui.label(name);
        };
        number(ui, &mut trails.back, "frames back", "How far trails reach back");
        number(ui, &mut trails.ahead, "ahead", "How far trails reach ahead");
    });
    ui.checkbox(&mut trails.speed, "Trails show speed as colour")
        .on_hover_text("The lighter, the faster");
    if trails != before {
        shown.command(Command::SetTrails(TrailSettings { ..trails }));
    }
}

/// Which picture belongs to which frame, and what was assumed.
fn pictures(ui: &mut Ui, shown: &mut Shown<'_>) {
    let Some(session) = shown.session else { return };
    let Some(pictures) = session.pictures() else { return };
    let before = shown.inspector.alignment;
    let mut alignment = before;
    let is_video = pictures.video().is_some();
    if is_video {
        ui.horizontal_wrapped(|ui| {
            ui.label("The first picture is frame");
            for (value, text, tip) in [
                (None, "automatic", "0 where the annotations have a frame 0, else 1"),
                (Some(0), "0", "Frames are numbered from 0"),
                (Some(1), "1", "Frames are numbered from 1, as MOT does"),
            ] {
                if ui.selectable_label(alignment.first == value, text).on_hover_text(tip).clicked()
                {
                    alignment.first = value;
                }
            }
        });
        let assumed = if alignment.first.is_none() { " (assumed)" } else { "" };
        let offset = if alignment.offset == Ratio::ZERO {
            String::new()
        } else {
            format!(", moved by {}", alignment.offset)
        };
        // Counted as people do.
        let shifted =
            pictures.frame_of(0).map_or("no frame's".to_owned(), |frame| format!("frame {frame}"));
        let text = format!("Picture 1 of the video is {shifted}{assumed}{offset}.");
        ui.label(RichText::new(text).color(shown.palette.weak));
    }
    ui.horizontal_wrapped(|ui| {
        let tip = "Added to a frame's number for the number of its picture; may be a fraction such as -1/5";
        ratio(ui, &mut alignment.offset, "Offset", tip);
        let tip = "Pictures that a frame goes on by: 5 where every fifth was annotated, 1/5 where every fifth \
                   became a picture";
        ratio(ui, &mut alignment.step, "Step", tip);
        if !alignment.step.is_positive() {
            alignment.step = before.step;
        }
        let changed = alignment != Alignment::default();
        let none = ui.add_enabled(changed, egui::Button::new("None").small());
        if none.on_hover_text("Pictures and frames as they were found").clicked() {
            alignment = Alignment::default();
        }
    });
    if let Some(text) = which_picture(shown, pictures) {
        ui.add(egui::Label::new(RichText::new(text).color(shown.palette.weak)).wrap());
    }
    range(ui, shown);
    if let Some(count) = session.video_count() {
        let text = if count.complete {
            format!("{} counted.", counted(u64::from(count.frames), "picture"))
        } else {
            format!(
                "{} of {} counted so far.",
                grouped(u64::from(count.counted)),
                counted(u64::from(count.frames), "picture")
            )
        };
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(text).color(shown.palette.weak));
            if !count.complete && count.broken_off.is_none() {
                let name = if count.paused { "Go on" } else { "Pause" };
                let button = ui.small_button(name);
                if button.on_hover_text(Command::PauseCounting.tooltip()).clicked() {
                    shown.command(Command::PauseCounting);
                }
            }
        });
    }
    if alignment != before {
        shown.command(Command::Align(alignment));
    }
}

/// A number that is dragged to whole ones, and may be typed as a fraction.
fn ratio(ui: &mut Ui, value: &mut Ratio, name: &str, tip: &str) {
    let label = ui.label(name);
    let mut number = value.value();
    let drag = egui::DragValue::new(&mut number)
        .speed(0.1)
        .custom_formatter(|number, _| Ratio::near(number).to_string())
        .custom_parser(|text| text.parse::<Ratio>().ok().map(Ratio::value));
    let response = ui.add(drag).on_hover_text(tip).labelled_by(label.id);
    if response.changed() {
        *value = Ratio::near(if response.dragged() { number.round() } else { number });
    }
}

/// Which values are black and white, where they are finer than a screen shows.
fn range(ui: &mut Ui, shown: &mut Shown<'_>) {
    let showing = shown.session.and_then(|session| session.showing());
    let Some(PictureState::Ready(picture)) = showing.map(|showing| &showing.picture) else {
        return;
    };
    let Some(before) = picture.range else { return };
    let [mut low, mut high] = before;
    let mut as_found = false;
    ui.horizontal_wrapped(|ui| {
        let speed = f64::from(high - low) / 200.0;
        let level = |ui: &mut Ui, value: &mut f32, name: &str, tip: &str| {
            let label = ui.label(name);
            ui.add(egui::DragValue::new(value).speed(speed))
                .on_hover_text(tip)
                .labelled_by(label.id);
        };
        level(ui, &mut low, "Black is", "The value that is shown as black, as is what is below");
        level(ui, &mut high, "white", "The value that is shown as white, as is what is above");
        let chosen = shown.inspector.range.is_some();
        let tip = "As the first, the middle and the last picture have it";
        as_found = ui
            .add_enabled(chosen, egui::Button::new("As found").small())
            .on_hover_text(tip)
            .clicked();
    });
    if as_found {
        shown.command(Command::SetRange(None));
    } else if [low, high] != before && low < high {
        shown.command(Command::SetRange(Some([low, high])));
    }
}

/// Which picture the frame has that is shown, and how its number was found.
fn which_picture(shown: &Shown<'_>, pictures: &Pictures) -> Option<String> {
    let frame = shown.session?.showing()?.frame;
    let images = pictures.images()?;
    let shows = match pictures.number_of(frame).and_then(|number| images.name_of(number)) {
        Some(name) => format!("Frame {frame} shows {name}."),
        None => format!("Frame {frame} has no picture."),
    };
    Some(match images.pattern() {
        Some(pattern) if pattern != "<frame>" => format!("{shows} Names are read as {pattern}."),
        _ => shows,
    })
}
