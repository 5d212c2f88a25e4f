//! What lies over the picture besides boxes: the scale of the colours, and a region that is drawn.

use crate::{
    inspector::{NO_IDENTITY, Transform, class_color, ramp},
    session::Phase,
    ui::{panels::Shown, theme},
};
use egui::{self, Painter, Pos2, Rect, Response, Ui, vec2};

/// Which quantity the colours show.
pub(super) fn scale(
    painter: &Painter,
    shown: &Shown<'_>,
    rect: Rect,
    name: &str,
    [least, most]: [f64; 2],
    unit: &str,
) {
    const BAR: egui::Vec2 = vec2(120.0, 8.0);
    /// Before its name.
    const NONE: f32 = 12.0 + BAR.y + 4.0;
    let palette = shown.palette;
    let font = theme::small();
    let text = |text: String| painter.layout_no_wrap(text, font.clone(), palette.text);
    let (title, least, most, none) = (
        text(name.to_owned()),
        text(format!("{least:.2}")),
        text(format!("{most:.2} {unit}").trim().to_owned()),
        text("none".to_owned()),
    );
    let width = BAR.x + least.size().x + most.size().x + none.size().x + 12.0 + NONE;
    let size = vec2(width.max(title.size().x) + 16.0, title.size().y + BAR.y + 22.0);
    let frame = Rect::from_min_size(rect.left_bottom() + vec2(10.0, -size.y - 10.0), size);
    painter.rect_filled(frame, 4.0, palette.panel.gamma_multiply(0.92));
    painter.galley(frame.min + vec2(8.0, 4.0), title, palette.text);
    let row = frame.bottom() - 16.0;
    let bar = Rect::from_min_size(
        Pos2::new(frame.left() + 14.0 + least.size().x, row - BAR.y / 2.0),
        BAR,
    );
    painter.galley(Pos2::new(frame.left() + 8.0, row - least.size().y / 2.0), least, palette.text);
    let after = bar.right() + 6.0 + most.size().x;
    painter.galley(Pos2::new(bar.right() + 6.0, row - most.size().y / 2.0), most, palette.text);
    // Boxes that do not have it.
    let swatch = Rect::from_min_size(Pos2::new(after + 12.0, bar.top()), vec2(BAR.y, BAR.y));
    painter.rect_filled(swatch, 1.0, theme::color(NO_IDENTITY));
    let at = Pos2::new(swatch.right() + 4.0, row - none.size().y / 2.0);
    painter.galley(at, none, palette.text);
    let mut mesh = egui::Mesh::default();
    for step in 0..24 {
        let share = step as f32 / 24.0;
        let left = bar.left() + share * BAR.x;
        let piece = Rect::from_min_size(Pos2::new(left, bar.top()), vec2(BAR.x / 24.0, BAR.y));
        mesh.add_colored_rect(piece, theme::color(ramp(f64::from(share))));
    }
    painter.add(mesh);
}

/// Which colour is which class.
pub(super) fn classes(painter: &Painter, shown: &Shown<'_>, rect: Rect) {
    /// Further ones are counted.
    const MOST: usize = 12;
    const SWATCH: f32 = 10.0;
    const APART: f32 = 12.0;
    let palette = shown.palette;
    let Some(status) = shown.layer().map(crate::session::Layer::status) else { return };
    let all = &status.findings.class_list;
    let text = |text: String| painter.layout_no_wrap(text, theme::small(), palette.text);
    let title = text("Class".to_owned());
    let read = !matches!(status.phase, Phase::Indexing(_) | Phase::Checking(_));
    let entries: Vec<_> = match all.len() {
        0 if read => vec![(None, text("none in this file".to_owned()))],
        0 => vec![(None, text("not known yet".to_owned()))],
        number => {
            let listed = all.iter().take(MOST);
            let named = listed.map(|class| (Some(*class), text(shown.look.classes.title(*class))));
            let more = number.checked_sub(MOST).filter(|more| *more > 0);
            let more = more.map(|more| (None, text(format!("and {more} more"))));
            named.chain(more).collect()
        }
    };
    let width_of = |(class, name): &(Option<i64>, std::sync::Arc<egui::Galley>)| {
        name.size().x + APART + if class.is_some() { SWATCH + 4.0 } else { 0.0 }
    };
    let width = title.size().x + APART + entries.iter().map(width_of).sum::<f32>();
    let size = vec2(width - APART + 16.0, title.size().y + 10.0);
    let frame = Rect::from_min_size(rect.left_bottom() + vec2(10.0, -size.y - 10.0), size);
    painter.rect_filled(frame, 4.0, palette.panel.gamma_multiply(0.92));
    let mut at = frame.min + vec2(8.0, 5.0);
    let first = at.x + title.size().x + APART;
    painter.galley(at, title, palette.weak);
    at.x = first;
    for entry in entries {
        let next = at.x + width_of(&entry);
        let (class, name) = entry;
        if class.is_some() {
            let middle = Pos2::new(at.x + SWATCH / 2.0, frame.center().y);
            let swatch = Rect::from_center_size(middle, vec2(SWATCH, SWATCH));
            painter.rect_filled(swatch, 2.0, theme::color(class_color(class)));
            at.x += SWATCH + 4.0;
        }
        painter.galley(at, name, palette.text);
        at.x = next;
    }
}

/// Where boxes must be to be shown.
pub(super) fn region(painter: &Painter, shown: &Shown<'_>, region: Rect) {
    const DASH: (f32, f32) = (8.0, 5.0);
    let corners = [
        region.left_top(),
        region.right_top(),
        region.right_bottom(),
        region.left_bottom(),
        region.left_top(),
    ];
    let stroke = egui::Stroke::new(1.5, shown.palette.warning);
    painter.extend(egui::Shape::dashed_line(&corners, stroke, DASH.0, DASH.1));
}

/// A region that is drawn with Shift held down.
#[derive(Default)]
pub(super) struct Region {
    from: Option<Pos2>,
}

impl Region {
    /// Left, top, right and bottom in pixels, once it is drawn.
    pub fn show(
        &mut self,
        ui: &Ui,
        shown: &Shown<'_>,
        response: &Response,
        rect: Rect,
        transform: Transform,
    ) -> Option<[f64; 4]> {
        if response.drag_started() && ui.input(|input| input.modifiers.shift) {
            // Where it was pressed, not where it was when that had become a drag.
            self.from = ui.input(|input| input.pointer.press_origin());
        }
        let from = self.from?;
        let to = ui.input(|input| input.pointer.latest_pos()).unwrap_or(from);
        let drawn = Rect::from_two_pos(from, to);
        let stroke = egui::Stroke::new(1.5, shown.palette.accent);
        ui.painter().rect_stroke(drawn, 0.0, stroke, egui::StrokeKind::Middle);
        if !response.drag_stopped() {
            return None;
        }
        self.from = None;
        let pixel = |at: Pos2| {
            let at = at - rect.min;
            transform.to_picture([f64::from(at.x), f64::from(at.y)]).map(f64::round)
        };
        let ([left, top], [right, bottom]) = (pixel(drawn.min), pixel(drawn.max));
        (drawn.width() > 4.0 && drawn.height() > 4.0).then_some([left, top, right, bottom])
    }

    pub fn is_drawn(&self) -> bool {
        self.from.is_some()
    }
}
