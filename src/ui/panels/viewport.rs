//! The picture and the boxes on it.

mod overlay;

use super::{Asked, Shown, counted, grouped};
use crate::{
    inspector::{ColorBy, Command, Filter, View, scene},
    mot::Detection,
    session::{Phase, PictureState, Showing},
    ui::{
        scene_cache::{Key, SceneCache},
        textures::PictureTexture,
        theme,
    },
};
use eframe::egui::{
    self, Align2, Color32, Painter, Pos2, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo,
    vec2,
};
use egui_material_icons::icons::{ICON_BROKEN_IMAGE, ICON_REFRESH};
use overlay::{Region, classes, scale};
use std::path::Path;

/// What the viewport keeps between repaints.
#[derive(Default)]
pub struct Viewport {
    texture: PictureTexture,
    scene: SceneCache,
    /// The box that another panel points at.
    pub pointed: Option<usize>,
    /// Since when the frame asked for is on its way.
    waiting_since: Option<f64>,
    region: Region,
}

impl Viewport {
    /// Lets go of the last sequence.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Shows the picture and its boxes. Returns the size of the viewport in points.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>) -> [f64; 2] {
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        let size = [f64::from(rect.width()), f64::from(rect.height())];
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, shown.palette.canvas);
        if ui.input(|input| !input.raw.hovered_files.is_empty()) {
            drop_target(ui, shown, rect);
        }
        let Some(showing) = shown.session.and_then(|session| session.showing()) else {
            response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Viewport"));
            nothing_open(&painter, shown, rect);
            return size;
        };
        let (frame, boxes) = (showing.frame, showing.boxes.detections.len());
        response.widget_info(|| {
            WidgetInfo::labeled(
                Role::Canvas,
                true,
                format!("Frame {frame} with {}", counted(boxes as u64, "box")),
            )
        });
        navigate(ui, shown, &response, rect, self.region.is_drawn());
        let transform = shown.inspector.view.transform(shown.inspector.picture_size, size);
        let place = |pixel: [f64; 2]| {
            let [x, y] = transform.to_screen(pixel);
            rect.min + vec2(x as f32, y as f32)
        };
        self.picture(ui, shown, showing, &painter, &place);
        let mut key = Key {
            look: shown.look.clone(),
            transform,
            rect,
            hovered: None,
            pixels_per_point: ui.pixels_per_point(),
        };
        let pointer = response.hover_pos().map(|pointer| pointer - rect.min);
        let under = pointer.and_then(|at| scene::hit(&key.input(), [at.x, at.y], 3.0));
        key.hovered = under.or(self.pointed);
        if response.clicked() {
            select(shown, under.and_then(|index| showing.boxes.detections.get(index)));
        }
        self.scene.paint(&painter, &key);
        if let Some([left, top, right, bottom]) = shown.inspector.selection.sieve().filter.region {
            let region = Rect::from_min_max(place([left, top]), place([right, bottom]));
            overlay::region(&painter, shown, region);
        }
        if let Some(detection) = under.and_then(|index| showing.boxes.detections.get(index))
            && !response.dragged()
        {
            details(&response, shown, detection);
        }
        self.messages(ui, shown, showing, rect);
        if let Some(region) = self.region.show(ui, shown, &response, rect, transform) {
            shown.asked.push(Asked::Filter(Filter {
                region: Some(region),
                ..shown.inspector.selection.sieve().filter.clone()
            }));
        }
        size
    }

    fn picture(
        &mut self,
        ui: &Ui,
        shown: &Shown<'_>,
        showing: &Showing,
        painter: &Painter,
        place: &impl Fn([f64; 2]) -> Pos2,
    ) {
        let whole = Rect::from_min_max(place([0.0, 0.0]), place(shown.inspector.picture_size));
        match &showing.picture {
            PictureState::Ready(picture) => {
                self.texture.set(ui.ctx(), picture);
                self.texture.paint(painter, place);
            }
            PictureState::None | PictureState::Failed(_) => {
                painter.rect_filled(whole, 0.0, shown.palette.empty_picture);
            }
        }
    }

    /// What is to be said over the picture.
    fn messages(&mut self, ui: &mut Ui, shown: &mut Shown<'_>, showing: &Showing, rect: Rect) {
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
            ui.ctx().request_repaint_after_secs(theme::PATIENCE as f32);
        } else if !shown.inspector.frames.exists(asked) {
            chips.push((format!("Frame {asked} is not in the file"), palette.text));
        } else if showing.boxes.detections.is_empty() && annotated {
            chips.push((no_boxes(shown, asked), palette.text));
        }
        if !waiting {
            chips.extend(about_pictures(shown, showing, asked));
        }
        let total = showing.boxes.detections.len();
        if shown.hidden > 0 {
            let text = format!(
                "{} of {} hidden",
                grouped(shown.hidden as u64),
                counted(total as u64, "box")
            );
            chips.push((text, palette.warning));
            chips.extend(hidden_track(shown).map(|text| (text, palette.warning)));
        }
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

/// What the boxes lack as long as the file is not read whole.
fn reading(shown: &Shown<'_>) -> Option<&'static str> {
    let status = shown.session?.status();
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
    let index = shown.session.map(|session| session.annotations().index());
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
        return Some((format!("The video could not be counted: {reason}"), palette.warning));
    }
    let unproven = !count.complete && number.is_some_and(|number| number >= count.counted);
    let share = f64::from(count.counted) / f64::from(count.frames.max(1)) * 100.0;
    let text = format!("Picture number as the container says; {share:.0} % of it is counted");
    unproven.then_some((text, palette.weak))
}

/// Selects the track of the box that was clicked; a click beside all selects none.
fn select(shown: &mut Shown<'_>, detection: Option<&Detection>) {
    match detection {
        Some(detection) if detection.id >= 0 => shown.command(Command::Select(detection.id)),
        None if shown.inspector.selection.id().is_some() => shown.command(Command::Back),
        Some(_) | None => {}
    }
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

/// What to do where there is nothing to show.
fn nothing_open(painter: &Painter, shown: &Shown<'_>, rect: Rect) {
    let (title, how) = match shown.session {
        _ if shown.opening => return,
        Some(session) if shown.inspector.frames.is_empty() => {
            let file = session.paths.annotations.as_deref().and_then(Path::file_name);
            let name = file.map_or("This folder".into(), |name| name.to_string_lossy());
            ("There are no frames to show", format!("{name} holds no boxes."))
        }
        // Its first frame is on its way.
        Some(_) => return,
        None => {
            let how = "or open one with Ctrl+O (file), Ctrl+Shift+O (folder) or Ctrl+L (a path)";
            ("Drop a MOT file or a sequence folder here", how.to_owned())
        }
    };
    let (middle, palette) = (rect.center(), shown.palette);
    let at = middle - vec2(0.0, 16.0);
    painter.text(at, Align2::CENTER_CENTER, title, theme::strong(20.0), palette.text);
    let font = egui::FontId::proportional(theme::TYPE[1]);
    painter.text(middle + vec2(0.0, 14.0), Align2::CENTER_CENTER, how, font, palette.weak);
}

/// What a drop would do, over everything else.
fn drop_target(ui: &Ui, shown: &Shown<'_>, rect: Rect) {
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop target"));
    let painter = ui.ctx().layer_painter(layer);
    painter.rect_filled(rect, 0.0, shown.palette.panel.gamma_multiply(0.85));
    let frame = rect.shrink(12.0);
    let stroke = egui::Stroke::new(2.0, shown.palette.accent);
    painter.rect_stroke(frame, 8.0, stroke, egui::StrokeKind::Inside);
    let font = theme::strong(20.0);
    painter.text(rect.center(), Align2::CENTER_CENTER, "Drop to open", font, shown.palette.text);
}

/// Points of scrolling that double the size.
const DOUBLING: f32 = 200.0;

/// Wheel, drag and double click.
fn navigate(ui: &Ui, shown: &mut Shown<'_>, response: &Response, rect: Rect, marking: bool) {
    if response.double_clicked() {
        shown.command(Command::Fit);
    } else if response.dragged() && !marking && !ui.input(|input| input.modifiers.shift) {
        let delta = response.drag_delta();
        shown.command(Command::Pan([f64::from(delta.x), f64::from(delta.y)]));
    }
    let Some(pointer) = response.hover_pos() else { return };
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
    let factor = (scroll / DOUBLING).exp2() * pinch;
    if factor != 1.0 {
        let at = pointer - rect.min;
        let at = [f64::from(at.x), f64::from(at.y)];
        shown.command(Command::ZoomAt { factor: f64::from(factor), at });
    }
    if response.dragged() {
        ui.set_cursor_icon(egui::CursorIcon::Grabbing);
    }
}

/// All fields of the box pointed at.
fn details(response: &Response, shown: &Shown<'_>, detection: &Detection) {
    let palette = shown.palette;
    egui::Tooltip::for_widget(response).at_pointer().gap(16.0).show(|ui| {
        ui.horizontal(|ui| {
            let (swatch, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
            ui.painter().rect_filled(swatch, 2.0, theme::color(shown.look.color(detection)));
            let title = match u64::try_from(detection.id) {
                Ok(id) => format!("Track {id}"),
                Err(_) => format!("No identity ({})", detection.id),
            };
            ui.label(RichText::new(title).font(theme::strong(theme::TYPE[1])));
        });
        egui::Grid::new("details").num_columns(2).spacing([16.0, 2.0]).show(ui, |ui| {
            let mut row = |name: &str, value: String| {
                ui.label(RichText::new(name).color(palette.weak));
                ui.label(value);
                ui.end_row();
            };
            let [left, top] = [detection.left, detection.top].map(rounded);
            let [width, height] = [detection.width, detection.height].map(rounded);
            row("Left, top", format!("{left}, {top}"));
            row("Width, height", format!("{width} × {height}"));
            if let Some(confidence) = detection.confidence {
                row("Confidence", confidence.to_string());
            }
            if let Some(class) = detection.class {
                row("Class", class.to_string());
            }
            if let Some(visibility) = detection.visibility {
                row("Visibility", visibility.to_string());
            }
            if let Some(place) = detection.world {
                let [x, y, z] = place.map(rounded);
                // Where there is no place in the world, -1 is written.
                let none = if place == [-1.0; 3] { "none: " } else { "" };
                row("World", format!("{none}{x}, {y}, {z}"));
            }
        });
    });
}

/// As exact as anybody sees it: some trackers write what a float holds, to a dozen digits.
fn rounded(pixels: f64) -> f64 {
    (pixels * 1000.0).round() / 1000.0
}

/// Points at a box of the list.
pub fn point(viewport: &mut Viewport, asked: &Asked) {
    if let Asked::Point(index) = asked {
        viewport.pointed = *index;
    }
}
