//! The frames around the current one, each with its state.

use super::{Shown, counted, legend::absent, state_name};
use crate::{
    inspector::Command,
    ui::theme::{STRIP_CELL, STRIP_HEIGHT, small},
};
use egui::{Align2, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// Shows the strip.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    let size = vec2(ui.available_width(), STRIP_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let current = shown.inspector.current;
    let enabled = ui.is_enabled() && shown.session.is_some();
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Group, enabled, format!("Frames around frame {current}"))
    });
    let Some(session) = shown.session.filter(|_| !shown.inspector.frames.is_empty()) else {
        return;
    };
    let (painter, palette) = (ui.painter_at(rect), shown.palette);
    let frames = &shown.inspector.frames;
    let pointer = response.hover_pos();
    let mut pointed = None;
    let around = (rect.width() / STRIP_CELL / 2.0) as i64;
    for offset in -around..=around {
        let Ok(frame) = u32::try_from(i64::from(current) + offset) else { continue };
        if !(frames.first()..=frames.last()).contains(&frame) {
            continue;
        }
        let left = (rect.center().x + offset as f32 * STRIP_CELL - STRIP_CELL / 2.0).round();
        let cell = Rect::from_min_size(Pos2::new(left, rect.top()), vec2(STRIP_CELL, STRIP_HEIGHT));
        let face = Rect::from_min_max(
            cell.min + vec2(1.0, 0.0),
            Pos2::new(cell.right() - 1.0, cell.top() + 11.0),
        );
        let exists = frames.exists(frame);
        if exists {
            let color = palette.state(session.frame_state(frame)).unwrap_or(palette.raised);
            painter.rect_filled(face, 2.0, color);
        } else {
            absent(&painter, face, palette.weak);
        }
        if offset == 0 {
            painter.rect_stroke(
                face.expand(0.5),
                3.0,
                Stroke::new(2.0, palette.accent),
                StrokeKind::Outside,
            );
        }
        if offset == 0 || frame.is_multiple_of(5) {
            let color = if offset == 0 { palette.text } else { palette.weak };
            let at = Pos2::new(cell.center().x, cell.bottom());
            // Its neighbours' numbers would run into the current one's.
            if offset == 0 || offset.abs() > 2 {
                painter.text(at, Align2::CENTER_BOTTOM, frame, small(), color);
            }
        }
        if pointer.is_some_and(|pointer| cell.contains(pointer)) {
            pointed = Some((frame, exists));
        }
    }
    if let Some((frame, exists)) = pointed {
        if response.clicked() {
            shown.command(Command::GoTo(frame));
        }
        let text = if exists {
            let boxes = counted(
                u64::from(
                    session.layer_or_first(shown.inspector.layers.active().id).boxes_of(frame),
                ),
                "box",
            );
            format!("Frame {frame}: {boxes}, {}", state_name(session.frame_state(frame)))
        } else {
            format!("There is no frame {frame}")
        };
        response.on_hover_text_at_pointer(text);
    }
}
