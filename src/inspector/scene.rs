//! What is drawn over a picture: one list of shapes for every painter, so that a file shows what
//! the window shows.

use super::{Rgb, Transform, text_on, track_color};
use crate::mot::Detection;
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
/// Boxes with labels at most; further ones are drawn without.
const MAX_LABELS: usize = 2000;

/// Nothing is drawn farther out than this, in points.
const FAR: f64 = 1e6;

/// Left, top, right, bottom, in points.
pub type Bounds = [f32; 4];

/// Something to draw, in points of the viewport.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// The outline of a box.
    Outline {
        /// Where.
        bounds: Bounds,
        /// Of its track.
        color: Rgb,
        /// Whether it is pointed at.
        hovered: bool,
    },
    /// A box without area.
    Point {
        /// Its middle.
        at: [f32; 2],
        /// Of its track.
        color: Rgb,
        /// Whether it is pointed at.
        hovered: bool,
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
    },
}

/// Which fields of a box say something in this file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Confidences differ and are no mere flags.
    pub confidence: bool,
    /// There is more than one class.
    pub class: bool,
}

impl Meaning {
    /// Judges by some of a file's boxes.
    #[must_use]
    pub fn of<'a>(detections: impl Iterator<Item = &'a Detection>) -> Self {
        let mut meaning = Self::default();
        let mut first_class = None;
        for detection in detections {
            // -1, 0 and 1 are written where there is no confidence, and as flags.
            let confidence = detection.confidence;
            meaning.confidence |= confidence.is_some_and(|c| c != -1.0 && c != 0.0 && c != 1.0);
            if let Some(class) = detection.class.filter(|class| *class >= 0) {
                meaning.class |= *first_class.get_or_insert(class) != class;
            }
        }
        meaning
    }

    /// What either judges to say something.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { confidence: self.confidence || other.confidence, class: self.class || other.class }
    }
}

/// What a scene is made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The boxes, in file order.
    pub detections: &'a [Detection],
    /// Which of their fields are worth a place in the label.
    pub meaning: Meaning,
    /// Where the picture lies.
    pub transform: Transform,
    /// Width and height of the viewport in points.
    pub viewport: [f32; 2],
    /// Whether boxes have labels.
    pub labels: bool,
    /// The box pointed at: it is drawn last and always has its label.
    pub hovered: Option<usize>,
}

/// Makes the list. `text_width` measures text of the size [`LABEL_TEXT`], in points.
pub fn build(input: &Input<'_>, mut text_width: impl FnMut(&str) -> f32) -> Vec<Shape> {
    let mut order: Vec<usize> = (0..input.detections.len()).collect();
    if let Some(hovered) = input.hovered.filter(|hovered| *hovered < order.len()) {
        order.remove(hovered);
        order.push(hovered);
    }
    let mut shapes = Vec::with_capacity(2 * order.len());
    for index in &order {
        let detection = &input.detections[*index];
        if let Some(shape) = outline(input, detection, Some(*index) == input.hovered) {
            shapes.push(shape);
        }
    }
    let mut taken = Occupancy::default();
    // The one pointed at first, then the largest: what is nearest to the camera.
    let mut wanting: Vec<usize> = if input.labels { order } else { Vec::new() };
    let area = |index: &usize| {
        let detection = &input.detections[*index];
        detection.width.max(0.0) * detection.height.max(0.0)
    };
    wanting.sort_by(|a, b| area(b).total_cmp(&area(a)));
    wanting.truncate(MAX_LABELS);
    wanting.retain(|index| Some(*index) != input.hovered);
    let mut labels = Vec::new();
    for index in input.hovered.into_iter().chain(wanting) {
        let Some(detection) = input.detections.get(index) else { continue };
        let always = Some(index) == input.hovered;
        labels.extend(label(input, detection, always, &mut taken, &mut text_width));
    }
    // What was placed first lies on top.
    shapes.extend(labels.into_iter().rev());
    shapes
}

/// The box under a point, the smallest where several are. `reach` in points widens boxes that
/// are small on the screen.
#[must_use]
pub fn hit(input: &Input<'_>, point: [f32; 2], reach: f32) -> Option<usize> {
    let covers = |detection: &Detection| {
        let [left, top, right, bottom] = bounds(input, detection);
        point[0] >= left - reach
            && point[0] <= right + reach
            && point[1] >= top - reach
            && point[1] <= bottom + reach
    };
    let area = |detection: &Detection| detection.width.max(0.0) * detection.height.max(0.0);
    let under = input.detections.iter().enumerate().filter(|(_, d)| covers(d));
    under.min_by(|(_, a), (_, b)| area(a).total_cmp(&area(b))).map(|(index, _)| index)
}

/// The text on a box's chip.
#[must_use]
pub fn label_text(detection: &Detection, meaning: Meaning) -> String {
    let mut parts: Vec<String> = Vec::new();
    if detection.id >= 0 {
        parts.push(detection.id.to_string());
    }
    if let Some(class) = detection.class.filter(|_| meaning.class) {
        parts.push(format!("c{class}"));
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

fn outline(input: &Input<'_>, detection: &Detection, hovered: bool) -> Option<Shape> {
    let bounds = bounds(input, detection);
    let color = track_color(detection.id);
    is_seen(input, bounds).then(|| {
        if is_point(detection) {
            let at = [bounds[0], bounds[1]];
            Shape::Point { at, color, hovered }
        } else {
            Shape::Outline { bounds, color, hovered }
        }
    })
}

fn label(
    input: &Input<'_>,
    detection: &Detection,
    always: bool,
    taken: &mut Occupancy,
    text_width: &mut impl FnMut(&str) -> f32,
) -> Option<Shape> {
    let of_box = bounds(input, detection);
    if !is_seen(input, of_box) {
        return None;
    }
    let text = label_text(detection, input.meaning);
    if text.is_empty() {
        return None;
    }
    let width = text_width(&text) + 2.0 * LABEL_PADDING;
    let places = places(input, of_box, width);
    let free = places.into_iter().find(|place| taken.take(*place));
    let chip = free.or(always.then_some(places[0]))?;
    let color = track_color(detection.id);
    Some(Shape::Label { bounds: chip, color, text_color: text_on(color), text })
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

    fn detection(id: i64, [left, top, width, height]: [f64; 4]) -> Detection {
        Detection {
            id,
            left,
            top,
            width,
            height,
            confidence: Some(0.5),
            class: Some(2),
            visibility: None,
            world: None,
        }
    }

    fn input(detections: &[Detection]) -> Input<'_> {
        Input {
            detections,
            meaning: Meaning::default(),
            transform: Transform { zoom: 0.5, offset: [10.0, 20.0] },
            viewport: [800.0, 600.0],
            labels: true,
            hovered: None,
        }
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
        let meaning = Meaning { confidence: true, class: true };
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
        assert_eq!(Meaning::of(flags.iter()), Meaning::default());
        let mut told = [detection(1, [0.0; 4]), detection(1, [0.0; 4])];
        told[1].class = Some(3);
        assert_eq!(Meaning::of(told.iter()), Meaning { confidence: true, class: true });
    }

    #[test]
    fn boxes_beyond_all_measure_are_drawn_within_reason() {
        let boxes = [detection(1, [-1e300, -1e300, f64::MAX, f64::MAX])];
        let shapes = build(&input(&boxes), |_| 20.0);
        let Some(Shape::Outline { bounds, .. }) = shapes.first() else { panic!("an outline") };
        assert!(bounds.iter().all(|value| value.abs() <= 1e6));
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
