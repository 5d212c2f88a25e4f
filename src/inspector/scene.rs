//! What is drawn over a picture: one list of shapes for every painter, so that a file shows what
//! the window shows.

mod former;
mod input;

pub use input::{InformativeFields, Input, LineStyle, Look};

use super::{Rgb, Trail, ramp, text_on};
use crate::model::{ClassNames, Detection};
use std::collections::HashSet;

/// Height of a label in points.
pub const LABEL_HEIGHT: f32 = 16.0;
/// Size of a label's text in points.
pub const LABEL_TEXT: f32 = 12.0;
/// Between a label's text and its sides, in points.
pub const LABEL_PADDING: f32 = 4.0;
/// Width of a box's outline in points.
pub const OUTLINE: f32 = 2.0;
/// Width and opacity (of 255) of the dark line under an outline, which keeps boxes visible on any
/// picture.
pub const HALO: (f32, u8) = (OUTLINE + 1.5, 110);
/// Radius of the point that a box without area is drawn as.
pub const POINT_RADIUS: f32 = 4.0;
/// Width of a trail in points, and of the trail of a selected track.
pub const TRAIL: [f32; 2] = [2.0, 3.0];
/// Length of a dash and of the gap behind it, in points.
pub const DASH: [f32; 2] = [6.0, 4.0];
/// Opacity (of 255) of boxes beside a selected one.
pub const FADED: u8 = 130;
/// Speed that is drawn as fast, in heights of the box a frame.
pub const FAST: f64 = 0.05;
/// Boxes with labels at most; further ones are drawn without.
const MAX_LABELS: usize = 2000;

/// Nothing is drawn farther out than this, in points.
const FAR: f64 = 1e6;

/// Left, top, right, bottom, in points.
pub type Bounds = [f32; 4];

/// How much a box stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emphasis {
    /// As all others.
    #[default]
    Plain,
    /// Less, beside one that is selected.
    Faded,
    /// It is pointed at.
    Hovered,
    /// It is selected.
    Selected,
}

/// Something to draw, in points of the viewport.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A piece of a trail.
    Trail {
        /// Where it begins.
        from: [f32; 2],
        /// Where it ends.
        to: [f32; 2],
        /// In points.
        width: f32,
        /// Of its track, or of its speed.
        color: Rgb,
        /// Of 255; the farther in time, the less.
        opacity: u8,
    },
    /// The outline of a box.
    Outline {
        /// Where.
        bounds: Bounds,
        /// Of its track, or what else is asked for.
        color: Rgb,
        /// How much it stands out.
        emphasis: Emphasis,
        /// How its line is broken.
        line: LineStyle,
    },
    /// The outline of a box of an earlier frame, dashed.
    PreviousBox {
        /// Where.
        bounds: Bounds,
        /// Of its track.
        color: Rgb,
    },
    /// A box without area.
    Point {
        /// Its middle.
        at: [f32; 2],
        /// Of its track, or what else is asked for.
        color: Rgb,
        /// How much it stands out.
        emphasis: Emphasis,
    },
    /// A chip with text.
    Label {
        /// The chip.
        bounds: Bounds,
        /// Of its track.
        color: Rgb,
        /// Of the text.
        text_color: Rgb,
        /// The text.
        text: String,
        /// How much it stands out.
        emphasis: Emphasis,
    },
}

/// Makes the list. `text_width` measures text of the size [`LABEL_TEXT`], in points.
pub fn build(input: &Input<'_>, mut text_width: impl FnMut(&str) -> f32) -> Vec<Shape> {
    let mut order: Vec<usize> = (0..input.detections.len()).collect();
    order.retain(|index| input.is_shown(*index));
    // Whatever stands out lies on top.
    order.sort_by_key(|index| match input.emphasis(*index) {
        Emphasis::Faded => 0,
        Emphasis::Plain => 1,
        Emphasis::Selected => 2,
        Emphasis::Hovered => 3,
    });
    let mut shapes = Vec::with_capacity(2 * order.len());
    for index in &order {
        trail(input, &input.detections[*index], *index, &mut shapes);
    }
    for index in &order {
        let detection = &input.detections[*index];
        if let Some(shape) = outline(input, detection, input.emphasis(*index)) {
            shapes.push(shape);
        }
    }
    let mut taken = Occupancy::default();
    let mut labels = Vec::new();
    former::add(input, &mut shapes, &mut labels, &mut taken, &mut text_width);
    // The one pointed at first, then the largest: what is nearest to the camera.
    let mut wanting: Vec<usize> = if input.labels { order } else { Vec::new() };
    let stands_out = |index: &usize| input.emphasis(*index) == Emphasis::Selected;
    wanting.sort_by(|a, b| {
        stands_out(b).cmp(&stands_out(a)).then(area(input, *b).total_cmp(&area(input, *a)))
    });
    wanting.truncate(MAX_LABELS);
    wanting.retain(|index| Some(*index) != input.hovered);
    for index in input.hovered.into_iter().filter(|index| input.is_shown(*index)).chain(wanting) {
        let Some(detection) = input.detections.get(index) else { continue };
        let emphasis = input.emphasis(index);
        labels.extend(label(input, detection, emphasis, &mut taken, &mut text_width));
    }
    // What was placed first lies on top.
    shapes.extend(labels.into_iter().rev());
    shapes
}

/// The box under a point, the smallest where several are. `reach` in points widens boxes that
/// are small on the screen.
#[must_use]
pub fn hit(input: &Input<'_>, point: [f32; 2], reach: f32) -> Option<usize> {
    under(input, point, reach).min_by(|a, b| area(input, *a).total_cmp(&area(input, *b)))
}

/// What a click at a point picks: the box that [`hit`] finds or, where one is selected already that lies
/// there, the next larger one behind it.
#[must_use]
pub fn pick(input: &Input<'_>, point: [f32; 2], reach: f32) -> Option<usize> {
    let mut under: Vec<usize> = under(input, point, reach).collect();
    under.sort_by(|a, b| area(input, *a).total_cmp(&area(input, *b)));
    let id = |index: usize| input.detections[index].id;
    let at = under.iter().position(|index| Some(id(*index)) == input.selected);
    let Some(at) = at else { return under.first().copied() };
    let behind = under[at + 1..].iter().chain(&under[..at]).copied();
    // Another track: the same one may be there twice, and boxes without identity can't be selected.
    let mut others =
        behind.filter(|index| id(*index).is_identity() && Some(id(*index)) != input.selected);
    others.next().or(Some(under[at]))
}

fn area(input: &Input<'_>, index: usize) -> f64 {
    let detection = &input.detections[index];
    detection.width.max(0.0) * detection.height.max(0.0)
}

/// The boxes under a point.
fn under<'a>(
    input: &'a Input<'_>,
    point: [f32; 2],
    reach: f32,
) -> impl Iterator<Item = usize> + 'a {
    let covers = move |detection: &Detection| {
        let [left, top, right, bottom] = bounds(input, detection);
        point[0] >= left - reach
            && point[0] <= right + reach
            && point[1] >= top - reach
            && point[1] <= bottom + reach
    };
    let all = input.detections.iter().enumerate();
    all.filter(move |(index, d)| input.is_shown(*index) && covers(d)).map(|(index, _)| index)
}

/// The text on a box's chip.
#[must_use]
pub fn label_text(
    detection: &Detection,
    meaning: InformativeFields,
    classes: Option<&ClassNames>,
) -> String {
    let mut parts: Vec<String> = Vec::new();
    if detection.id.is_identity() {
        parts.push(detection.id.to_string());
    }
    if let Some(class) = detection.class.filter(|_| meaning.class) {
        parts.push(classes.map_or_else(|| format!("c{class}"), |names| names.short(class)));
    }
    if let Some(confidence) = detection.confidence.filter(|_| meaning.confidence) {
        parts.push(format!("{confidence:.2}"));
    }
    parts.join(" · ")
}

fn bounds(input: &Input<'_>, detection: &Detection) -> Bounds {
    let (width, height) = (detection.width.max(0.0), detection.height.max(0.0));
    let [mut left, mut top] = input.transform.to_screen([detection.left, detection.top]);
    let [mut right, mut bottom] =
        input.transform.to_screen([detection.left + width, detection.top + height]);
    if is_point(detection) {
        let middle = [f64::midpoint(left, right), f64::midpoint(top, bottom)];
        [left, top, right, bottom] = [middle[0], middle[1], middle[0], middle[1]];
    }
    // Far outside of any screen a painter's own arithmetic ends.
    [left, top, right, bottom].map(|value| value.clamp(-FAR, FAR) as f32)
}

/// Whether a box has no area.
fn is_point(detection: &Detection) -> bool {
    detection.width <= 0.0 || detection.height <= 0.0
}

fn is_seen(input: &Input<'_>, [left, top, right, bottom]: Bounds) -> bool {
    right >= -8.0
        && bottom >= -8.0
        && left <= input.viewport[0] + 8.0
        && top <= input.viewport[1] + 8.0
}

/// The trail of a box, piece by piece, the fainter the farther in time.
fn trail(input: &Input<'_>, detection: &Detection, index: usize, shapes: &mut Vec<Shape>) {
    let Some(trails) = input.trails.filter(|_| input.draw_trails) else { return };
    let Some(Trail { points, .. }) = trails.get(detection.id) else { return };
    let emphasis = input.emphasis(index);
    let color = input.color(detection);
    let width = TRAIL[usize::from(matches!(emphasis, Emphasis::Selected | Emphasis::Hovered))];
    let most = if emphasis == Emphasis::Faded { FADED } else { 230 };
    for pair in points.windows(2) {
        let [before, after] = [&pair[0], &pair[1]];
        if !after.linked {
            continue;
        }
        let reach = if after.steps <= 0 { trails.reach.0 } else { trails.reach.1 };
        let far = after.steps.unsigned_abs() as f32 / (reach + 1) as f32;
        let opacity = (f32::from(most) * (1.0 - far).clamp(0.08, 1.0)) as u8;
        let speed = || {
            let went = (after.at[0] - before.at[0]).hypot(after.at[1] - before.at[1]);
            ramp(went / detection.height.max(1.0) / FAST)
        };
        let place =
            |at: [f64; 2]| input.transform.to_screen(at).map(|value| value.clamp(-FAR, FAR) as f32);
        let (from, to) = (place(before.at), place(after.at));
        let around =
            [from[0].min(to[0]), from[1].min(to[1]), from[0].max(to[0]), from[1].max(to[1])];
        if is_seen(input, around) {
            let color = if input.trail_speed { speed() } else { color };
            shapes.push(Shape::Trail { from, to, width, color, opacity });
        }
    }
}

fn outline(input: &Input<'_>, detection: &Detection, emphasis: Emphasis) -> Option<Shape> {
    let bounds = bounds(input, detection);
    let color = input.color(detection);
    is_seen(input, bounds).then(|| {
        if is_point(detection) {
            let at = [bounds[0], bounds[1]];
            Shape::Point { at, color, emphasis }
        } else {
            Shape::Outline { bounds, color, emphasis, line: input.line }
        }
    })
}

fn label(
    input: &Input<'_>,
    detection: &Detection,
    emphasis: Emphasis,
    taken: &mut Occupancy,
    text_width: &mut impl FnMut(&str) -> f32,
) -> Option<Shape> {
    let of_box = bounds(input, detection);
    if !is_seen(input, of_box) {
        return None;
    }
    let text = label_text(detection, input.meaning, input.classes);
    if text.is_empty() {
        return None;
    }
    let width = text_width(&text) + 2.0 * LABEL_PADDING;
    let places = places(input, of_box, width);
    let free = places.into_iter().find(|place| taken.take(*place));
    let always = matches!(emphasis, Emphasis::Hovered | Emphasis::Selected);
    let chip = free.or(always.then_some(places[0]))?;
    let color = input.color(detection);
    Some(Shape::Label { bounds: chip, color, text_color: text_on(color), text, emphasis })
}

/// Where a label may be, best first: above the box's left edge, above its right edge, inside at
/// the top, and below.
fn places(input: &Input<'_>, [left, top, right, bottom]: Bounds, width: f32) -> [Bounds; 4] {
    let half = OUTLINE / 2.0;
    let above = top - half - LABEL_HEIGHT;
    let inside = (top - half).max(0.0);
    let above = if above >= 0.0 { above } else { inside };
    let at = |x: f32, y: f32| {
        // Whole points, so that text stays sharp.
        let x = x.min(input.viewport[0] - width).max(0.0).round();
        let y = y.round();
        [x, y, x + width, y + LABEL_HEIGHT]
    };
    let left = left - half;
    [at(left, above), at(right + half - width, above), at(left, inside), at(left, bottom + half)]
}

/// Which parts of the viewport have a label, in cells smaller than one.
#[derive(Default)]
struct Occupancy(HashSet<(i32, i32)>);

impl Occupancy {
    const CELL: f32 = 8.0;

    /// Takes the cells under `bounds`, unless one is taken.
    fn take(&mut self, [left, top, right, bottom]: Bounds) -> bool {
        let cell = |value: f32| (value / Self::CELL).floor() as i32;
        // A shared border is no overlap.
        let columns = cell(left)..=cell(right - 1.0);
        let rows = cell(top)..=cell(bottom - 1.0);
        let cells = || rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y)));
        let free = cells().all(|cell| !self.0.contains(&cell));
        if free {
            self.0.extend(cells());
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inspector::{ColorBy, NO_IDENTITY, Trails, Transform},
        model::TrackId,
    };

    fn detection(id: i64, [left, top, width, height]: [f64; 4]) -> Detection {
        Detection {
            id: id.into(),
            left,
            top,
            width,
            height,
            confidence: Some(0.5),
            class: Some(2),
            visibility: None,
            world: crate::model::WorldPoint::NONE,
        }
    }

    fn input(detections: &[Detection]) -> Input<'_> {
        let transform = Transform { zoom: 0.5, offset: [10.0, 20.0] };
        Input::plain(detections, transform, [800.0, 600.0])
    }

    fn texts(shapes: &[Shape]) -> Vec<&str> {
        let mut texts = Vec::new();
        for shape in shapes {
            if let Shape::Label { text, .. } = shape {
                texts.push(text.as_str());
            }
        }
        texts
    }

    #[test]
    fn boxes_lie_where_the_picture_lies() {
        let boxes =
            [detection(1, [100.0, 200.0, 60.0, 80.0]), detection(2, [40.0, 40.0, 0.0, -3.0])];
        let shapes = build(&input(&boxes), |_| 20.0);
        let Shape::Outline { bounds, .. } = &shapes[0] else { panic!("an outline") };
        assert_eq!(*bounds, [60.0, 120.0, 90.0, 160.0]);
        assert!(matches!(shapes[1], Shape::Point { at: [30.0, 40.0], .. }));
    }

    #[test]
    fn crowded_labels_are_thinned_and_the_one_pointed_at_stays() {
        let boxes: Vec<Detection> =
            (0..50).map(|n| detection(n, [400.0, 400.0, 50.0 + n as f64, 90.0])).collect();
        let all = build(&input(&boxes), |_| 20.0);
        assert_eq!(texts(&all), ["48", "49"], "the largest have the room, above and below");
        let pointed = build(&Input { hovered: Some(3), ..input(&boxes) }, |_| 20.0);
        assert!(texts(&pointed).contains(&"3"));
        let hidden = build(&Input { labels: false, ..input(&boxes) }, |_| 20.0);
        assert!(texts(&hidden).is_empty() && hidden.len() == 50);
    }

    #[test]
    fn labels_say_what_means_something_and_stay_inside() {
        let one = [detection(7, [0.0, -20.0, 90.0, 90.0])];
        let meaning = InformativeFields { confidence: true, class: true };
        let transform = Transform { zoom: 1.0, offset: [0.0; 2] };
        let shapes = build(&Input { meaning, transform, ..input(&one) }, |_| 50.0);
        assert_eq!(texts(&shapes), ["7 · c2 · 0.50"]);
        let Some(Shape::Label { bounds, .. }) = shapes.last() else { panic!("a label") };
        assert_eq!(*bounds, [0.0, 0.0, 58.0, LABEL_HEIGHT]);
    }

    #[test]
    fn meaning_is_judged_by_the_boxes() {
        let flags = [Some(-1.0), Some(1.0), Some(0.0), None];
        let flags: Vec<Detection> =
            flags.map(|confidence| Detection { confidence, ..detection(1, [0.0; 4]) }).into();
        assert_eq!(InformativeFields::of(flags.iter()), InformativeFields::default());
        let mut told = [detection(1, [0.0; 4]), detection(1, [0.0; 4])];
        told[1].class = Some(3);
        assert_eq!(
            InformativeFields::of(told.iter()),
            InformativeFields { confidence: true, class: true }
        );
    }

    #[test]
    fn what_lies_behind_a_selected_box_is_picked_next() {
        let boxes = [
            detection(1, [0.0, 0.0, 300.0, 300.0]),
            detection(2, [50.0, 50.0, 50.0, 50.0]),
            detection(3, [0.0, 0.0, 200.0, 200.0]),
        ];
        // 80, 80 in the picture.
        let pick = |selected: Option<i64>| {
            let selected = selected.map(TrackId::from);
            pick(&Input { selected, ..input(&boxes) }, [50.0, 60.0], 0.0)
        };
        assert_eq!(pick(None), Some(1));
        assert_eq!([Some(2), Some(3), Some(1)].map(pick), [Some(2), Some(0), Some(1)]);
        assert_eq!(pick(Some(77)), Some(1), "one elsewhere does not matter");
    }

    #[test]
    fn doubles_and_boxes_without_identity_are_passed_over() {
        let of = |id: i64, side: f64| detection(id, [0.0, 0.0, side, side]);
        let picked = |boxes: &[Detection], selected: Option<i64>| {
            let selected = selected.map(TrackId::from);
            let picked = pick(&Input { selected, ..input(boxes) }, [30.0, 40.0], 0.0);
            picked.map(|index| boxes[index].id.number())
        };
        let doubles = [of(5, 50.0), of(5, 60.0), of(7, 70.0)];
        assert_eq!([Some(5), Some(7)].map(|id| picked(&doubles, id)), [Some(7), Some(5)]);
        let nameless = [of(-1, 50.0), of(5, 60.0), of(7, 70.0)];
        assert_eq!([Some(5), Some(7)].map(|id| picked(&nameless, id)), [Some(7), Some(5)]);
        assert_eq!(picked(&[of(5, 50.0)], Some(5)), Some(5));
        assert_eq!(picked(&[], Some(5)), None);
    }

    #[test]
    fn boxes_beyond_all_measure_are_drawn_within_reason() {
        let boxes = [detection(1, [-1e300, -1e300, f64::MAX, f64::MAX])];
        let shapes = build(&input(&boxes), |_| 20.0);
        let Some(Shape::Outline { bounds, .. }) = shapes.first() else { panic!("an outline") };
        assert!(bounds.iter().all(|value| value.abs() <= 1e6));
    }

    #[test]
    fn a_selected_track_stands_out_and_what_is_hidden_is_neither_drawn_nor_hit() {
        let boxes = [
            detection(1, [0.0, 0.0, 100.0, 100.0]),
            detection(2, [300.0, 0.0, 100.0, 100.0]),
            detection(3, [600.0, 0.0, 100.0, 100.0]),
        ];
        let shown = &[true, true, false];
        let input =
            Input { selected: Some(2.into()), selected_is_here: true, shown, ..input(&boxes) };
        let emphases: Vec<Emphasis> = build(&input, |_| 20.0)
            .iter()
            .filter_map(|shape| match shape {
                Shape::Outline { emphasis, .. } => Some(*emphasis),
                _ => None,
            })
            .collect();
        assert_eq!(emphases, [Emphasis::Faded, Emphasis::Selected]);
        assert_eq!(hit(&input, [320.0, 30.0], 2.0), None);
        assert_eq!(hit(&input, [180.0, 30.0], 2.0), Some(1));
    }

    #[test]
    fn trails_fade_and_have_gaps() {
        let boxes = [detection(1, [0.0, 0.0, 100.0, 100.0])];
        let feet: Vec<Vec<(TrackId, [f64; 2])>> = (0..6)
            .map(|n| if n == 2 { vec![] } else { vec![(1.into(), [50.0 + f64::from(n), 100.0])] })
            .collect();
        let around = feet.iter().enumerate().map(|(n, feet)| (n as i32 - 5, feet));
        let trails = Trails::new(6, (5, 0), around);
        let input = Input { trails: Some(&trails), draw_trails: true, ..input(&boxes) };
        let opacities: Vec<u8> = build(&input, |_| 20.0)
            .iter()
            .filter_map(|shape| match shape {
                Shape::Trail { opacity, .. } => Some(*opacity),
                _ => None,
            })
            .collect();
        // From 1 to 2, and from 4 to 6.
        assert_eq!(opacities.len(), 3);
        assert!(opacities.is_sorted());
    }

    #[test]
    fn colours_tell_what_is_asked_for() {
        let mut boxes = [detection(1, [0.0; 4]), detection(2, [0.0; 4]), detection(3, [0.0; 4])];
        boxes[1].confidence = Some(-1.0);
        boxes[2].confidence = Some(2.5);
        let range = [0.5, 2.5];
        let by = |color_by| Input { color_by, confidence_range: range, ..input(&boxes) };
        let confidence = by(ColorBy::Confidence);
        let colors: Vec<Rgb> = boxes.iter().map(|b| confidence.color(b)).collect();
        assert_eq!(colors, [ramp(0.0), NO_IDENTITY, ramp(1.0)]);
        assert_eq!(by(ColorBy::Class).color(&boxes[0]), by(ColorBy::Class).color(&boxes[1]));
        assert_eq!(by(ColorBy::Speed).color(&boxes[0]), NO_IDENTITY, "not known yet");
    }

    #[test]
    fn what_is_out_of_sight_is_not_drawn_and_the_smallest_is_hit() {
        let boxes = [
            detection(1, [9000.0, 0.0, 10.0, 10.0]),
            detection(2, [0.0, 0.0, 400.0, 400.0]),
            detection(3, [100.0, 100.0, 20.0, 20.0]),
        ];
        assert_eq!(build(&input(&boxes), |_| 20.0).len(), 4);
        assert_eq!(hit(&input(&boxes), [65.0, 75.0], 2.0), Some(2));
        assert_eq!(hit(&input(&boxes), [20.0, 30.0], 2.0), Some(1));
        assert_eq!(hit(&input(&boxes), [700.0, 590.0], 2.0), None);
    }
}
