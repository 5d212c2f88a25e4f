//! What is to be said over the picture.

use super::{
    Viewport,
    overlay::{classes, scale},
};
use crate::{
    formats::mot::Doubt,
    inspector::{ColorBy, Command, View},
    session::{Phase, PictureState, Showing},
    ui::{
        panels::{Shown, counted, grouped},
        theme,
    },
};
use egui::{self, Color32, Painter, Pos2, Rect, RichText, Ui, vec2};
use egui_material_icons::icons::{ICON_BROKEN_IMAGE, ICON_REFRESH};

impl Viewport {
    /// What is to be said over the picture.
    pub(super) fn messages(
        &mut self,
        ui: &mut Ui,
        shown: &mut Shown<'_>,
        showing: &Showing,
        rect: Rect,
    ) {
        let palette = shown.palette;
        let asked = shown.inspector.current;
        let waiting = showing.frame != asked;
        let annotated = shown.session.is_some_and(|s| s.paths.annotations.is_some());
        let since = *self.waiting_since.get_or_insert(shown.now);
        if !waiting {
            self.waiting_since = None;
        }
        let mut chips: Vec<(String, Color32)> = Vec::new();
        if waiting {
            // At once said which frame this is; that it takes long, only if it does.
            let late = shown.now - since > theme::PATIENCE;
            let text = if late {
                format!("Frame {} is shown, frame {asked} is loading …", showing.frame)
            } else {
                format!("Frame {}", showing.frame)
            };
            chips.push((text, if late { palette.warning } else { palette.text }));
            if !late {
                let wait = theme::PATIENCE - (shown.now - since);
                ui.ctx().request_repaint_after_secs(wait.max(0.02) as f32);
            }
        } else if !shown.inspector.frames.exists(asked) {
            chips.push((format!("Frame {asked} is not in the file"), palette.text));
        } else if shown.look.boxes.detections.is_empty() && annotated {
            chips.push((no_boxes(shown, asked), palette.text));
        }
        if matches!(showing.picture, PictureState::Outdated(_)) {
            let text = "This is another frame's picture: the right one is loading …";
            chips.push((text.to_owned(), palette.warning));
        } else if !waiting {
            chips.extend(about_pictures(shown, showing, asked));
        }
        chips.extend(between(shown, showing).map(|text| (text, palette.warning)));
        if let PictureState::Ready(picture) = &showing.picture {
            let damage = picture.damage.iter();
            chips.extend(damage.map(|d| (format!("The picture is damaged: {d}"), palette.error)));
        }
        let total = shown.look.boxes.detections.len();
        if shown.hidden > 0 {
            let text = format!(
                "{} of {} hidden",
                grouped(shown.hidden as u64),
                counted(total as u64, "box")
            );
            chips.push((text, palette.warning));
            chips.extend(hidden_track(shown).map(|text| (text, palette.warning)));
        }
        chips.extend(other_size(shown, showing).map(|text| (text, palette.warning)));
        chips.extend(changed_size(shown, showing).map(|text| (text, palette.warning)));
        chips.extend(doubts(shown).into_iter().map(|text| (text.to_owned(), palette.warning)));
        chips.extend(reading(shown).map(|text| (text.to_owned(), palette.warning)));
        let mut at = rect.left_top() + vec2(10.0, 10.0);
        for (text, color) in chips {
            let chip = chip(ui.painter(), at, &text, color, palette.panel);
            at.y = chip.bottom() + 6.0;
        }
        corner(ui.painter(), shown, rect);
        if let Some((name, range, unit)) = shown.look.scale() {
            scale(ui.painter(), shown, rect, name, range, unit);
        } else if shown.look.color_by == ColorBy::Class {
            classes(ui.painter(), shown, rect);
        }
        if let PictureState::Failed(reason) = &showing.picture {
            failed(ui, shown, reason, rect);
        }
    }
}

/// That the track that is held on to is here, and can't be seen.
fn hidden_track(shown: &Shown<'_>) -> Option<String> {
    let id = shown.look.selected.filter(|_| !shown.look.selected_is_here)?;
    let here = shown.look.boxes.detections.iter().any(|detection| detection.id == id);
    let key = Command::ShowAll.info()?.keys.first()?;
    here.then(|| format!("Track {id} is here, but hidden ({key} shows every box)"))
}

/// That the pictures are not those that the boxes were made for.
fn other_size(shown: &Shown<'_>, showing: &Showing) -> Option<String> {
    let info = &shown.session?.paths.info;
    let (width, height) = info.width.zip(info.height)?;
    let PictureState::Ready(picture) = &showing.picture else { return None };
    let differs = (picture.width, picture.height) != (width, height);
    differs.then(|| {
        format!(
            "The picture is {} × {}, seqinfo.ini says {width} × {height}: boxes may not fit",
            picture.width, picture.height
        )
    })
}

/// That the video has changed its size before this picture.
fn changed_size(shown: &Shown<'_>, showing: &Showing) -> Option<String> {
    let [width, height] = shown.session?.video()?.size();
    let PictureState::Ready(picture) = &showing.picture else { return None };
    let differs = [picture.width, picture.height] != [width, height];
    differs.then(|| {
        format!(
            "The picture is {} × {}: the video began with {width} × {height}",
            picture.width, picture.height
        )
    })
}

/// That the picture is that of a frame before, as the step says.
fn between(shown: &Shown<'_>, showing: &Showing) -> Option<String> {
    let PictureState::Ready(_) = showing.picture else { return None };
    let place = shown.session?.pictures()?.place_of(showing.frame).filter(|place| !place.exact)?;
    let (frame, number) = (showing.frame, place.number);
    Some(format!("Frame {frame} lies between two pictures: the one before, {number}, is shown"))
}

/// What makes the boxes look wrong, all of them.
fn doubts(shown: &Shown<'_>) -> Vec<&'static str> {
    let Some(status) = shown.layer().map(crate::session::Layer::status) else {
        return Vec::new();
    };
    let read = !matches!(status.phase, Phase::Indexing(_) | Phase::Checking(_));
    status.findings.doubts.iter().filter(|_| read).map(Doubt::title).collect()
}

/// What the boxes lack as long as the file is not read whole.
fn reading(shown: &Shown<'_>) -> Option<&'static str> {
    let status = shown.layer()?.status();
    match (status.whole, status.phase == Phase::Cancelled) {
        (false, false) => Some("Not sorted by frame: boxes are complete when all is read"),
        (false, true) => Some("Reading was stopped: frames lack boxes. Reload reads them"),
        (true, true) if !status.complete => Some("Reading was stopped: later frames are missing"),
        (true, _) => None,
    }
}

/// The zoom, and the frames that came late.
fn corner(painter: &Painter, shown: &Shown<'_>, rect: Rect) {
    let palette = shown.palette;
    if shown.inspector.is_playing() && shown.pace.late() > 0 {
        let text = format!(
            "{} of {} late",
            grouped(shown.pace.late()),
            counted(shown.pace.frames(), "frame")
        );
        let at = rect.right_top() + vec2(-150.0, 40.0);
        chip(painter, at, &text, palette.warning, palette.panel);
    }
    if let View::Free { zoom, .. } = shown.inspector.view {
        let text = format!("{:.0} %", zoom * 100.0);
        let at = rect.right_top() + vec2(-70.0, 10.0);
        chip(painter, at, &text, palette.weak, palette.panel);
    }
}

/// Why a frame has no boxes.
fn no_boxes(shown: &Shown<'_>, frame: u32) -> String {
    let index = shown.layer().map(|layer| layer.annotations().index());
    match index.and_then(|index| index.range()) {
        Some((_, last)) if frame > last => format!("The annotations end at frame {last}"),
        Some((first, _)) if frame < first => format!("The annotations begin at frame {first}"),
        _ => format!("No boxes on frame {frame}"),
    }
}

/// What is to be said of the picture, or of there being none.
fn about_pictures(shown: &Shown<'_>, showing: &Showing, frame: u32) -> Option<(String, Color32)> {
    let palette = shown.palette;
    let session = shown.session?;
    let pictures = session.pictures()?;
    let Some(count) = session.video_count() else {
        let has_none = matches!(showing.picture, PictureState::None);
        let text = format!("There is no picture of frame {frame}");
        return has_none.then_some((text, palette.text));
    };
    let number = pictures.number_of(frame);
    if number.is_none_or(|number| number >= count.frames) {
        let end = u64::from(count.frames);
        let text = match number {
            None => "The video begins after this frame".to_owned(),
            Some(_) if count.complete => {
                format!("The video ends before this frame: it has {}", counted(end, "picture"))
            }
            Some(_) => "The video is not counted as far as this frame".to_owned(),
        };
        return Some((text, palette.warning));
    }
    if let Some(reason) = &count.broken_off {
        let reason = crate::text::line(reason);
        return Some((format!("The video could not be counted: {reason}"), palette.warning));
    }
    let unproven = !count.complete && number.is_some_and(|number| number >= count.counted);
    let share = f64::from(count.counted) / f64::from(count.frames.max(1)) * 100.0;
    let paused = if count.paused { ", and counting is paused" } else { "" };
    let text = format!(
        "Making sure that this is the right picture: {share:.0} % of the video is counted{paused}"
    );
    unproven.then_some((text, palette.weak))
}

fn chip(painter: &Painter, at: Pos2, text: &str, color: Color32, fill: Color32) -> Rect {
    let galley =
        painter.layout_no_wrap(text.to_owned(), egui::FontId::proportional(theme::TYPE[1]), color);
    let rect = Rect::from_min_size(at, galley.size() + vec2(16.0, 8.0));
    painter.rect_filled(rect, 4.0, fill.gamma_multiply(0.92));
    painter.galley(at + vec2(8.0, 4.0), galley, color);
    rect
}

/// The reason of a picture that failed, and a button to try once more. The boxes stay.
fn failed(ui: &mut Ui, shown: &mut Shown<'_>, reason: &str, rect: Rect) {
    let width = (rect.width() - 40.0).clamp(120.0, 520.0);
    let area = Rect::from_min_size(
        Pos2::new(rect.center().x - width / 2.0, rect.bottom() - 92.0),
        vec2(width, 80.0),
    );
    ui.scope_builder(egui::UiBuilder::new().max_rect(area), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(width - 16.0);
            ui.horizontal_top(|ui| {
                ui.label(RichText::from(ICON_BROKEN_IMAGE).color(shown.palette.error).size(18.0));
                ui.vertical(|ui| {
                    ui.add(egui::Label::new(reason).wrap());
                    let retry = ui.button((ICON_REFRESH.rich_text(), "Retry"));
                    if retry
                        .on_hover_text("Load the picture once more")
                        .accessible_name("Retry")
                        .clicked()
                    {
                        shown.command(Command::RetryPicture);
                    }
                });
            });
        });
    });
}
