//! What a scene is made of.

use super::{Emphasis, FAST};
use crate::{
    analysis::{PreviousBox, Track},
    inspector::{
        ColorBy, NO_IDENTITY, Rgb, Trails, Transform, class_color, layer_color, ramp, track_color,
    },
    model::{ClassNames, Detection, FrameDetections, TrackId},
};
use std::sync::Arc;

/// Which fields of a box say something in this file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InformativeFields {
    /// Confidences differ and are no mere flags.
    pub confidence: bool,
    /// There is more than one class.
    pub class: bool,
}

impl InformativeFields {
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

/// The line of a box's outline: it tells layers apart without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineStyle {
    /// In one stroke.
    #[default]
    Solid,
    /// Long dashes.
    Dashed,
    /// Short dashes, no longer than what is between them.
    Dotted,
    /// Long and short dashes in turn.
    DashDotted,
}

impl LineStyle {
    /// That of the layer at a place of the list.
    #[must_use]
    pub fn of_layer(place: usize) -> Self {
        [Self::Solid, Self::Dashed, Self::Dotted, Self::DashDotted][place % 4]
    }

    /// Points that are drawn and left out in turn; empty: all are drawn.
    #[must_use]
    pub fn pattern(self) -> &'static [f32] {
        match self {
            Self::Solid => &[],
            Self::Dashed => &[9.0, 5.0],
            Self::Dotted => &[3.0, 3.0],
            Self::DashDotted => &[9.0, 4.0, 3.0, 4.0],
        }
    }
}

/// What a scene is made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The boxes, in file order.
    pub detections: &'a [Detection],
    /// Which of their fields are worth a place in the label.
    pub meaning: InformativeFields,
    /// The names of their classes.
    pub classes: Option<&'a ClassNames>,
    /// Where the picture lies.
    pub transform: Transform,
    /// Width and height of the viewport in points.
    pub viewport: [f32; 2],
    /// Whether boxes have labels.
    pub labels: bool,
    /// The box pointed at: it is drawn last and always has its label.
    pub hovered: Option<usize>,
    /// For each box whether it is shown; all are where this is empty.
    pub shown: &'a [bool],
    /// The track that stands out.
    pub selected: Option<TrackId>,
    /// Whether it does among these boxes: beside nothing, nothing fades.
    pub selected_is_here: bool,
    /// What boxes are coloured by.
    pub color_by: ColorBy,
    /// The colour of their layer.
    pub layer_color: Rgb,
    /// The line that their layer is drawn in.
    pub line: LineStyle,
    /// Least and highest confidence, for colours.
    pub confidence_range: [f64; 2],
    /// The trails of the boxes.
    pub trails: Option<&'a Trails>,
    /// Whether trails are drawn, and not only used to tell speeds.
    pub draw_trails: bool,
    /// Whether a trail shows speed as colour.
    pub trail_speed: bool,
    /// Where a track was before it looked wrong, and which one.
    pub former: Option<(TrackId, PreviousBox)>,
}

/// How the boxes of a frame are to be drawn, wherever they are.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The boxes.
    pub boxes: Arc<FrameDetections>,
    /// For each whether it is shown; all are where this is empty.
    pub shown: Arc<[bool]>,
    /// Which of their fields say something.
    pub meaning: InformativeFields,
    /// The names of their classes.
    pub classes: Arc<ClassNames>,
    /// Whether they have labels.
    pub labels: bool,
    /// The track that stands out.
    pub selected: Option<TrackId>,
    /// Whether one of the boxes is of it, and shown.
    pub selected_is_here: bool,
    /// What they are coloured by.
    pub color_by: ColorBy,
    /// The colour of their layer.
    pub layer_color: Rgb,
    /// The line that their layer is drawn in.
    pub line: LineStyle,
    /// Least and highest confidence, for colours.
    pub confidence_range: [f64; 2],
    /// Their trails.
    pub trails: Option<Arc<Trails>>,
    /// Whether trails are drawn, and not only used to tell speeds.
    pub draw_trails: bool,
    /// Whether a trail shows speed as colour.
    pub trail_speed: bool,
    /// Where a track was before it looked wrong, and which one.
    pub former: Option<(TrackId, PreviousBox)>,
}

impl Look {
    /// Whether both draw the same.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        let same_trails = match (&self.trails, &other.trails) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        Arc::ptr_eq(&self.boxes, &other.boxes)
            && Arc::ptr_eq(&self.shown, &other.shown)
            && same_trails
            && self.meaning == other.meaning
            && Arc::ptr_eq(&self.classes, &other.classes)
            && self.labels == other.labels
            && self.selected == other.selected
            && self.selected_is_here == other.selected_is_here
            && self.color_by == other.color_by
            && self.layer_color == other.layer_color
            && self.line == other.line
            && self.confidence_range == other.confidence_range
            && self.draw_trails == other.draw_trails
            && self.trail_speed == other.trail_speed
            && self.former == other.former
    }

    /// The same with a track that stands out.
    #[must_use]
    pub fn with_selected(self, selected: Option<TrackId>) -> Self {
        let is_it = |(index, detection): (usize, &Detection)| {
            Some(detection.id) == selected && self.shown.get(index).copied().unwrap_or(true)
        };
        let selected_is_here =
            selected.is_some() && self.boxes.detections.iter().enumerate().any(is_it);
        Self { selected, selected_is_here, ..self }
    }

    /// What a scene is made of.
    #[must_use]
    pub fn input(&self, transform: Transform, viewport: [f32; 2]) -> Input<'_> {
        Input {
            meaning: self.meaning,
            classes: Some(&self.classes),
            labels: self.labels,
            shown: &self.shown,
            selected: self.selected,
            selected_is_here: self.selected_is_here,
            color_by: self.color_by,
            layer_color: self.layer_color,
            line: self.line,
            confidence_range: self.confidence_range,
            trails: self.trails.as_deref(),
            draw_trails: self.draw_trails,
            trail_speed: self.trail_speed,
            former: self.former,
            ..Input::plain(&self.boxes.detections, transform, viewport)
        }
    }

    /// What a box is drawn in.
    #[must_use]
    pub fn color(&self, detection: &Detection) -> Rgb {
        self.colors().of(detection)
    }

    /// What a track is drawn in, as its boxes are on the whole. Speed is of a box on a frame; there, a
    /// track has its own colour.
    #[must_use]
    pub fn color_of_track(&self, track: &Track) -> Rgb {
        match self.color_by {
            ColorBy::Track | ColorBy::Speed => track_color(track.id),
            ColorBy::Class => class_color(track.class),
            ColorBy::Layer => self.layer_color,
            ColorBy::Confidence => self.colors().of_confidence(track.confidence),
        }
    }

    fn colors(&self) -> Colors<'_> {
        Colors {
            by: self.color_by,
            layer: self.layer_color,
            confidence_range: self.confidence_range,
            trails: self.trails.as_deref(),
        }
    }

    /// Whether colours show a quantity, whose scale should be told.
    #[must_use]
    pub fn scale(&self) -> Option<(&'static str, [f64; 2], &'static str)> {
        match self.color_by {
            ColorBy::Confidence => Some(("Confidence", self.confidence_range, "")),
            ColorBy::Speed => Some(("Speed", [0.0, FAST], "heights a frame")),
            _ if self.draw_trails && self.trail_speed => {
                Some(("Speed of trails", [0.0, FAST], "heights a frame"))
            }
            _ => None,
        }
    }
}

impl<'a> Input<'a> {
    /// Boxes over a picture, with nothing special about any.
    #[must_use]
    pub fn plain(detections: &'a [Detection], transform: Transform, viewport: [f32; 2]) -> Self {
        Self {
            detections,
            meaning: InformativeFields::default(),
            classes: None,
            transform,
            viewport,
            labels: true,
            hovered: None,
            shown: &[],
            selected: None,
            selected_is_here: false,
            color_by: ColorBy::default(),
            layer_color: layer_color(0),
            line: LineStyle::default(),
            confidence_range: [0.0, 1.0],
            trails: None,
            draw_trails: false,
            trail_speed: false,
            former: None,
        }
    }

    pub(super) fn is_shown(&self, index: usize) -> bool {
        self.shown.get(index).copied().unwrap_or(true)
    }

    pub(super) fn emphasis(&self, index: usize) -> Emphasis {
        let id = self.detections.get(index).map(|detection| detection.id);
        if self.hovered == Some(index) {
            Emphasis::Hovered
        } else if self.selected.is_some() && self.selected == id {
            Emphasis::Selected
        } else if self.selected.is_some() && self.selected_is_here {
            Emphasis::Faded
        } else {
            Emphasis::Plain
        }
    }

    /// What a box is drawn in.
    #[must_use]
    pub fn color(&self, detection: &Detection) -> Rgb {
        let Self { color_by: by, layer_color: layer, confidence_range, trails, .. } = *self;
        Colors { by, layer, confidence_range, trails }.of(detection)
    }
}

/// What colours say.
struct Colors<'a> {
    by: ColorBy,
    layer: Rgb,
    confidence_range: [f64; 2],
    trails: Option<&'a Trails>,
}

impl Colors<'_> {
    fn of(&self, detection: &Detection) -> Rgb {
        match self.by {
            ColorBy::Track => track_color(detection.id),
            ColorBy::Class => class_color(detection.class),
            ColorBy::Layer => self.layer,
            ColorBy::Confidence => self.of_confidence(detection.confidence),
            ColorBy::Speed => {
                let speed = self.trails.and_then(|trails| trails.get(detection.id)?.speed);
                speed.map_or(NO_IDENTITY, |speed| ramp(speed / detection.height.max(1.0) / FAST))
            }
        }
    }

    fn of_confidence(&self, confidence: Option<f64>) -> Rgb {
        let [least, most] = self.confidence_range;
        let confidence = confidence.filter(|c| *c != -1.0);
        confidence.map_or(NO_IDENTITY, |c| ramp((c - least) / (most - least).max(1e-9)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::TrackTable,
        formats::{
            lines::Index,
            mot::{MotFile, MotProvider},
        },
    };

    #[test]
    fn a_track_has_the_colour_that_its_boxes_have() {
        let source = MotFile::from_memory("a.txt", b"1,5,0,0,10,20,0.5,7,1\n1,6,0,0,10,20,1\n");
        let source = Arc::new(source.expect("text"));
        let index = Arc::new(Index::build(&source, &mut ()).expect("nothing cancels"));
        let provider = MotProvider::new(source, index);
        let table = TrackTable::read(&provider, &mut ()).expect("reads").expect("whole");
        let boxes = provider.load_frame(1).expect("reads").detections;
        for color_by in [ColorBy::Track, ColorBy::Class, ColorBy::Confidence] {
            let look = Look { color_by, confidence_range: [0.0, 1.0], ..Look::default() };
            for (track, detection) in table.tracks().iter().zip(&boxes) {
                assert_eq!(look.color_of_track(track), look.color(detection), "{color_by:?}");
            }
        }
        let by_class = Look { color_by: ColorBy::Class, ..Look::default() };
        let colors: Vec<Rgb> =
            table.tracks().iter().map(|track| by_class.color_of_track(track)).collect();
        assert_eq!(colors, [track_color(7), NO_IDENTITY]);
    }
}
