//! Where boxes came from and where they go: the paths of their foot points around a frame.

use crate::model::{Detection, TrackId};
use std::collections::HashMap;

/// Frames to each side of a trail at most.
pub const MOST_REACH: u32 = 300;
/// Points of all trails of a frame at most; further ones are left out, the farthest first.
const MOST_POINTS: usize = 100_000;

/// Where a box stands on one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrailPoint {
    /// Annotated frames from the one that is shown; negative: before.
    pub steps: i32,
    /// The middle of the lower edge, in pixels.
    pub at: [f64; 2],
    /// Whether the track was there on the annotated frame before, so that a line leads here from the
    /// point before.
    pub linked: bool,
}

/// The trail of one track.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// The track.
    pub id: TrackId,
    /// Ascending in time.
    pub points: Vec<TrailPoint>,
    /// Pixels a frame on the frame that is shown, where it was seen on the frame before or after.
    pub speed: Option<f64>,
}

/// The foot points of a frame, by id.
pub type Feet = Vec<(TrackId, [f64; 2])>;

/// The trails of the boxes of one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trails {
    /// The frame.
    pub frame: u32,
    /// Frames before and after.
    pub reach: (u32, u32),
    /// Ascending by id.
    list: Vec<Trail>,
}

/// The foot points of boxes that have an identity.
#[must_use]
pub fn feet(detections: &[Detection]) -> Feet {
    let known = detections.iter().filter(|detection| detection.id.is_identity());
    known.map(|d| (d.id, [d.left + d.width / 2.0, d.top + d.height])).collect()
}

impl Trails {
    /// Joins the foot points of neighbouring annotated frames, ascending, each with its distance in
    /// frames from the one that is shown. Only tracks of that frame have a trail.
    #[must_use]
    pub fn new<'a>(
        frame: u32,
        reach: (u32, u32),
        around: impl Iterator<Item = (i32, &'a Feet)> + Clone,
    ) -> Self {
        let here = around.clone().find(|(steps, _)| *steps == 0).map(|(_, feet)| feet);
        let mut trails: HashMap<TrackId, Trail> = HashMap::new();
        for (id, _) in here.into_iter().flatten() {
            trails.insert(*id, Trail { id: *id, points: Vec::new(), speed: None });
        }
        let nearest = MOST_POINTS / trails.len().max(1);
        for (steps, feet) in around.filter(|(steps, _)| steps.unsigned_abs() as usize <= nearest) {
            for (id, at) in feet {
                let Some(trail) = trails.get_mut(id) else { continue };
                let before = trail.points.last();
                // Of two boxes with one id the first counts.
                if before.is_some_and(|before| before.steps == steps) {
                    continue;
                }
                let linked = before.is_some_and(|before| before.steps + 1 == steps);
                trail.points.push(TrailPoint { steps, at: *at, linked });
            }
        }
        let mut trails: Vec<Trail> = trails.into_values().collect();
        for trail in &mut trails {
            trail.speed = speed(&trail.points);
        }
        trails.sort_by_key(|trail| trail.id);
        Self { frame, reach, list: trails }
    }

    /// The trail of a track.
    #[must_use]
    pub fn get(&self, id: impl Into<TrackId>) -> Option<&Trail> {
        let at = self.list.binary_search_by_key(&id.into(), |trail| trail.id).ok()?;
        self.list.get(at)
    }

    /// All trails, ascending by id.
    pub fn iter(&self) -> impl Iterator<Item = &Trail> {
        self.list.iter()
    }
}

/// Pixels a frame around the frame that is shown.
fn speed(points: &[TrailPoint]) -> Option<f64> {
    let near = |from: i32, to: i32| {
        let at = |steps: i32| points.iter().find(|point| point.steps == steps);
        let (a, b) = (at(from)?, at(to)?);
        Some((b.at[0] - a.at[0]).hypot(b.at[1] - a.at[1]))
    };
    near(-1, 0).or_else(|| near(0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_is_broken_where_the_track_is_away() {
        let frames: Vec<(i32, Feet)> = vec![
            (-3, vec![(7.into(), [0.0, 0.0]), (8.into(), [9.0, 9.0])]),
            (-2, vec![(7.into(), [3.0, 4.0])]),
            (-1, vec![]),
            (0, vec![(7.into(), [10.0, 4.0]), (7.into(), [99.0, 99.0])]),
            (1, vec![(7.into(), [10.0, 10.0])]),
        ];
        let trails = Trails::new(5, (3, 1), frames.iter().map(|(steps, feet)| (*steps, feet)));
        assert_eq!(trails.iter().count(), 1, "8 is not on the frame");
        let trail = trails.get(7).expect("is");
        let links: Vec<(i32, bool)> = trail.points.iter().map(|p| (p.steps, p.linked)).collect();
        assert_eq!(links, [(-3, false), (-2, true), (0, false), (1, true)]);
        assert_eq!(trail.speed, Some(6.0));
    }

    #[test]
    fn the_foot_is_in_the_middle_of_the_lower_edge() {
        let (_, detection, _) = crate::formats::mot::parse_line(b"1,7,10,20,30,40").expect("good");
        assert_eq!(feet(&[detection]), [(7.into(), [25.0, 60.0])]);
    }
}
