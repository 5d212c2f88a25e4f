//! Where a track was before it looked wrong: a dashed box, with its frame, and a line to where it is.

use super::{
    Emphasis, FADED, FAR, Input, LABEL_PADDING, Occupancy, Shape, TRAIL, bounds, is_seen, places,
};
use crate::inspector::{ColorBy, NO_IDENTITY, text_on, track_color};

/// How far beyond the viewport it is drawn, in points.
const OUTSIDE: f32 = 16.0;

/// Adds it to the shapes and the labels, if there is one to be seen.
pub(super) fn add(
    input: &Input<'_>,
    shapes: &mut Vec<Shape>,
    labels: &mut Vec<Shape>,
    taken: &mut Occupancy,
    text_width: &mut impl FnMut(&str) -> f32,
) {
    let Some((id, former)) = input.former else { return };
    let [left, top, width, height] = former.bounds.map(f64::from);
    let screen = |at: [f64; 2]| input.transform.to_screen(at).map(|v| v.clamp(-FAR, FAR) as f32);
    let ([left, top], [right, bottom]) =
        (screen([left, top]), screen([left + width, top + height]));
    let dashed = [left, top, right, bottom];
    if dashed.iter().any(|value| value.is_nan()) {
        return;
    }
    let color = if input.color_by == ColorBy::Track { track_color(id) } else { NO_IDENTITY };
    let mut all = input.detections.iter().enumerate();
    let now = all.find(|(_, detection)| Some(detection.id) == input.selected);
    if let Some((_, now)) = now.filter(|(index, _)| input.is_shown(*index)) {
        let middle = |[left, top, right, bottom]: [f32; 4]| {
            [f32::midpoint(left, right), f32::midpoint(top, bottom)]
        };
        let (from, to) = (middle(dashed), middle(bounds(input, now)));
        shapes.push(Shape::Trail { from, to, width: TRAIL[0], color, opacity: FADED });
    }
    if !is_seen(input, dashed) {
        return;
    }
    // What is out of sight has no dashes, of which there could be any number.
    let inside = |at: f32, axis: usize| at.clamp(-OUTSIDE, input.viewport[axis] + OUTSIDE);
    let bounds = [inside(left, 0), inside(top, 1), inside(right, 0), inside(bottom, 1)];
    shapes.push(Shape::PreviousBox { bounds, color });
    if input.labels {
        let text = format!("{id} on frame {}", former.frame);
        let width = text_width(&text) + 2.0 * LABEL_PADDING;
        let places = places(input, dashed, width);
        let free = places.into_iter().find(|place| taken.take(*place));
        labels.push(Shape::Label {
            bounds: free.unwrap_or(places[0]),
            color,
            text_color: text_on(color),
            text,
            emphasis: Emphasis::Faded,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::PreviousBox,
        formats::mot::parse_line,
        inspector::{Transform, scene::build},
    };

    #[test]
    fn a_former_box_is_dashed_named_and_tied_to_the_one_that_is_now() {
        let (_, now, _) = parse_line(b"30,7,300,100,40,80").expect("a box");
        let boxes = [now];
        let former = PreviousBox { frame: 29, bounds: [100.0, 100.0, 40.0, 80.0] };
        let transform = Transform { zoom: 1.0, offset: [0.0; 2] };
        let plain = Input::plain(&boxes, transform, [800.0, 600.0]);
        let input = Input { former: Some((7.into(), former)), selected: Some(7.into()), ..plain };
        let shapes = build(&input, |_| 20.0);
        let bounds = [100.0, 100.0, 140.0, 180.0];
        assert!(shapes.contains(&Shape::PreviousBox { bounds, color: track_color(7) }));
        assert!(shapes.iter().any(|shape| matches!(
            shape,
            Shape::Trail { from: [120.0, 140.0], to: [320.0, 140.0], .. }
        )));
        assert!(
            shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Label { text, .. } if text == "7 on frame 29"))
        );
        // However near one looks, there are no more dashes than fit on the screen.
        let near = Transform { zoom: 1e4, offset: [-1_200_000.0, -1_400_000.0] };
        let shapes = build(&Input { transform: near, ..input }, |_| 20.0);
        let bounds = [-OUTSIDE, -OUTSIDE, 800.0 + OUTSIDE, 600.0 + OUTSIDE];
        assert!(shapes.contains(&Shape::PreviousBox { bounds, color: track_color(7) }));
        assert!(!build(&plain, |_| 20.0).iter().any(|s| matches!(s, Shape::PreviousBox { .. })));
    }
}
