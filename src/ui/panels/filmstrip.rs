//! A track in pictures: whether the same id is one and the same object.

use super::{Asked, Shown, grouped, state_name};
use crate::{
    cache::KeyState,
    inspector::{About, Command, Filmstrip},
    model::TrackId,
    session::{CUT_OUT, Cell, CutOut, MadeStrip},
    ui::theme,
};
use egui::{
    self, Align2, Color32, Rect, RichText, Sense, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, pos2, vec2,
};
use std::{collections::HashMap, sync::Arc};

/// Height of a cell's picture in points.
const CELL_HEIGHT: f32 = 96.0;
/// Height of the frame number under it.
const NUMBER: f32 = 15.0;
/// Between cells.
const APART: f32 = 3.0;

/// The cut-outs on the graphics card, by track and frame.
#[derive(Default)]
pub struct Textures(HashMap<(TrackId, u32), (Arc<CutOut>, TextureHandle)>);

impl Textures {
    /// Of one; uploaded where it is another than before.
    fn of(&mut self, ui: &Ui, key: (TrackId, u32), cut_out: &Arc<CutOut>) -> egui::TextureId {
        if let Some((known, texture)) = self.0.get(&key)
            && Arc::ptr_eq(known, cut_out)
        {
            return texture.id();
        }
        let picture = &cut_out.picture;
        let size = [picture.width as usize, picture.height as usize];
        let image = egui::ColorImage::from_rgba_premultiplied(size, &picture.rgba);
        let texture = ui.ctx().load_texture("cut-out", image, TextureOptions::LINEAR);
        let id = texture.id();
        self.0.insert(key, (Arc::clone(cut_out), texture));
        id
    }

    /// Lets go of all that a strip does not show.
    fn retain(&mut self, strip: &Filmstrip) {
        self.0.retain(|(track, frame), _| {
            strip.tracks.contains(track) && strip.frames.contains(frame)
        });
    }
}

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>, textures: &mut Textures) {
    let palette = shown.palette;
    let weak = |text: &str| egui::Label::new(RichText::new(text).color(palette.weak)).wrap();
    let Some(session) = shown.session else { return };
    if !session.has_pictures() {
        let text = "There are no pictures: a filmstrip is cut out of them. Add a video with \
                    Ctrl+Shift+V, or open the sequence's folder.";
        ui.add(weak(text));
        return;
    }
    let Some(strip) = shown.inspector.filmstrip() else {
        textures.0.clear();
        let text = "Select a track, or go to a suspicion (J): here is what it looks like, frame by \
                    frame.";
        ui.add(weak(text));
        return;
    };
    title(ui, shown, &strip);
    textures.retain(&strip);
    let made = session.strip().filter(|made| made.strip == strip);
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        cells(ui, shown, textures, (&strip, made.as_deref()));
    });
    shown.asked.push(Asked::Strip(strip));
}

/// What the strip is of.
fn title(ui: &mut Ui, shown: &mut Shown<'_>, strip: &Filmstrip) {
    ui.horizontal_wrapped(|ui| {
        for (place, track) in strip.tracks.iter().enumerate() {
            let (swatch, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
            ui.painter().rect_filled(swatch, 2.0, theme::color(color(*track)));
            let text = if place == 0 { format!("Track {track}") } else { format!("and {track}") };
            ui.label(RichText::new(text).font(theme::strong(theme::TYPE[1])));
        }
        if strip.about == About::Suspicion {
            ui.label(RichText::new("before and after").color(shown.palette.weak));
            return;
        }
        for (whole, text, tip) in [
            (true, "Whole life", "Frames of the track as far apart as they can be"),
            (false, "Around this frame", "5 frames before the current one, and 5 after"),
        ] {
            let on = shown.inspector.settings.whole_life == whole;
            if ui.selectable_label(on, text).on_hover_text(tip).clicked() {
                shown.command(Command::WholeLife(whole));
            }
        }
    });
}

fn color(track: TrackId) -> crate::inspector::Rgb {
    crate::inspector::track_color(track)
}

/// As many cells in a row as fit, the tracks above each other.
fn cells(
    ui: &mut Ui,
    shown: &mut Shown<'_>,
    textures: &mut Textures,
    (strip, made): (&Filmstrip, Option<&MadeStrip>),
) {
    let [width, height] = CUT_OUT.map(|side| side as f32);
    let cell = vec2((CELL_HEIGHT * width / height).round(), CELL_HEIGHT);
    let in_a_row = ((ui.available_width() + APART) / (cell.x + APART)).floor().max(1.0) as usize;
    for (chunk, frames) in strip.frames.chunks(in_a_row).enumerate() {
        let first = chunk * in_a_row;
        // Where a track is on none of these frames, its row would be empty.
        let is_there = |row: &usize| {
            let own = made.and_then(|made| made.rows.get(*row)?.get(first..first + frames.len()));
            own.is_none_or(|own| own.iter().any(|cell| !matches!(cell, Cell::Absent)))
        };
        let mut there: Vec<usize> = (0..strip.tracks.len()).filter(is_there).collect();
        if there.is_empty() {
            there.push(0);
        }
        let rows = there.len();
        let size = vec2(
            frames.len() as f32 * (cell.x + APART) - APART,
            rows as f32 * (cell.y + APART) + NUMBER,
        );
        let (area, _) = ui.allocate_exact_size(size, Sense::hover());
        for (column, frame) in frames.iter().enumerate() {
            let left = area.left() + column as f32 * (cell.x + APART);
            let whole = Rect::from_min_size(pos2(left, area.top()), vec2(cell.x, size.y));
            if !ui.is_rect_visible(whole) {
                continue;
            }
            for (at, row) in there.iter().enumerate() {
                let top = area.top() + at as f32 * (cell.y + APART);
                let rect = Rect::from_min_size(pos2(left, top), cell);
                let known = made.and_then(|made| made.rows.get(*row)?.get(first + column));
                let key = (strip.tracks[*row], *frame);
                picture(ui, shown, textures, (rect, key, known));
            }
            number(ui, shown, whole, *frame);
        }
        ui.add_space(APART);
    }
}

/// A track on a frame.
fn picture(
    ui: &Ui,
    shown: &Shown<'_>,
    textures: &mut Textures,
    (rect, key, cell): (Rect, (TrackId, u32), Option<&Cell>),
) {
    let palette = shown.palette;
    let painter = ui.painter_at(rect.expand(1.0));
    let text = |text: &str| {
        painter.rect_filled(rect, 2.0, palette.empty_picture);
        painter.text(rect.center(), Align2::CENTER_CENTER, text, theme::small(), palette.weak);
    };
    match cell {
        Some(Cell::CutOut(cut_out)) => {
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            let texture = textures.of(ui, key, cut_out);
            painter.image(texture, rect, whole, Color32::WHITE);
            let [left, top, right, bottom] = cut_out.bounds;
            let place = |x: f32, y: f32| rect.min + vec2(x * rect.width(), y * rect.height());
            let outline = Rect::from_min_max(place(left, top), place(right, bottom));
            let dark = Stroke::new(2.5, Color32::from_black_alpha(110));
            painter.rect_stroke(outline, 0.0, dark, StrokeKind::Middle);
            let stroke = Stroke::new(1.0, theme::color(color(key.0)));
            painter.rect_stroke(outline, 0.0, stroke, StrokeKind::Middle);
        }
        Some(Cell::Absent) => {
            painter.rect_stroke(
                rect,
                2.0,
                Stroke::new(1.0, palette.empty_picture),
                StrokeKind::Inside,
            );
            let font = theme::small();
            painter.text(rect.center(), Align2::CENTER_CENTER, "not here", font, palette.weak);
        }
        Some(Cell::NoPicture) => text("no picture"),
        Some(Cell::Waiting) | None => text("…"),
    }
}

/// The number of a frame, and the click that goes there.
fn number(ui: &mut Ui, shown: &mut Shown<'_>, whole: Rect, frame: u32) {
    let palette = shown.palette;
    let is_current = shown.inspector.current == frame;
    let id = ui.scope_id().with(("cell", frame));
    let response = ui.interact(whole, id, Sense::click());
    let name = format!("Go to frame {frame}");
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_current, &name));
    let color = if is_current { palette.accent } else { palette.text };
    let at = whole.center_bottom();
    let text = grouped(u64::from(frame));
    ui.painter().text(at, Align2::CENTER_BOTTOM, text, theme::small(), color);
    if is_current || response.hovered() {
        let width = if is_current { 2.0 } else { 1.0 };
        let stroke = Stroke::new(width, palette.accent);
        ui.painter().rect_stroke(whole.expand(1.0), 2.0, stroke, StrokeKind::Middle);
    }
    let state = shown.session.map_or(KeyState::Absent, |session| session.frame_state(frame));
    let response = response.on_hover_text(format!("{name}: {}", state_name(state)));
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        shown.command(Command::GoTo(frame));
    }
}
