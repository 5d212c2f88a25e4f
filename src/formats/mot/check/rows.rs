//! Whether boxes move as objects do, with the columns as they are read, or with others.

use super::{
    FARTHEST,
    doubt::{Doubt, DoubtKind},
    evidence::is_far,
    motion::{Box4, Motion},
};
use crate::{
    formats::mot::Columns,
    model::{Detection, TrackId},
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Boxes looked at.
const MOST: usize = 4096;
/// Fewer boxes say nothing.
const FEWEST: usize = 20;
/// The share of lines, or of tracks, that has to agree.
const NEARLY_ALL: f64 = 0.95;

/// A box, as the usual columns have it.
struct Row {
    frame: i128,
    id: TrackId,
    /// Columns 3 to 6.
    bounds: [f64; 4],
    seventh: Option<f64>,
    class: Option<i64>,
    visibility: Option<f64>,
    world: Option<[f64; 3]>,
}

impl Row {
    /// Columns 4 to 7 as the box.
    fn shifted(&self) -> Box4 {
        let [_, left, top, width] = self.bounds;
        [left, top, width, self.seventh.unwrap_or(0.0)]
    }
}

/// The first boxes of a file in the usual columns.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
}

impl Rows {
    pub fn add(&mut self, frame: u32, detection: &Detection) {
        if self.rows.len() < MOST {
            let Detection { id, left, top, width, height, .. } = *detection;
            self.rows.push(Row {
                frame: frame.into(),
                id,
                bounds: [left, top, width, height],
                seventh: detection.confidence,
                class: detection.class,
                visibility: detection.visibility,
                world: detection.world.place(),
            });
        }
    }

    /// Whether other columns fit better, in lines of so many, where the class is known to be somewhere.
    pub fn doubt(&self, count: Option<usize>, class: Option<usize>) -> Option<Doubt> {
        if self.rows.len() < FEWEST {
            return None;
        }
        let kind = self.kind(count)?;
        // Behind a box that ends in column 7.
        let rest = match (count, class) {
            (_, Some(7)) => ",class",
            (Some(8..), Some(8)) => ",confidence,class",
            (Some(8..), _) => ",confidence",
            _ => "",
        };
        let text = match kind {
            DoubtKind::Swapped => match class {
                Some(at @ 6..) => {
                    let between = [",confidence", ",_", ",_", ",_", ",_"];
                    let between = between.iter().take(at - 6).copied().collect::<String>();
                    format!("id,frame,left,top,width,height{between},class")
                }
                _ => "id,frame,left,top,width,height,...".to_owned(),
            },
            DoubtKind::FrameThird => "_,id,frame,left,top,width,height".to_owned(),
            DoubtKind::IdThird => format!("frame,_,id,left,top,width,height{rest}"),
            DoubtKind::ClassThird if class.is_some() => {
                format!("frame,id,_,left,top,width,height{rest}")
            }
            DoubtKind::ClassThird if count >= Some(8) && self.fourth_is_share() => {
                "frame,id,class,confidence,left,top,width,height".to_owned()
            }
            DoubtKind::ClassThird => format!("frame,id,class,left,top,width,height{rest}"),
            DoubtKind::ClassSecond => {
                "frame,class,left,top,width,height".to_owned()
                    + if count > Some(6) { ",confidence" } else { "" }
            }
            DoubtKind::NoId => "frame,left,top,width,height,confidence".to_owned(),
            DoubtKind::IdLast if count == Some(7) => {
                "frame,left,top,width,height,confidence,id".to_owned()
            }
            DoubtKind::IdLast => "frame,left,top,width,height,confidence,_,id".to_owned(),
            DoubtKind::VisDrone => "frame,id,left,top,width,height,confidence,class,_,_".to_owned(),
            DoubtKind::ClassSeventh => "frame,id,left,top,width,height,class".to_owned(),
            DoubtKind::Uavdt => "frame,id,left,top,width,height,_,_,class".to_owned(),
            _ => return None,
        };
        Some(Doubt { kind, columns: text.parse::<Columns>().ok() })
    }

    /// What fits better. The usual reading has to be unlikely, and the other one has to make sense.
    fn kind(&self, count: Option<usize>) -> Option<DoubtKind> {
        if let Some(kind) = self.is_shifted().then(|| self.shifted_kind()).flatten() {
            return Some(kind);
        }
        if self.is_id_last(count) {
            return Some(DoubtKind::IdLast);
        }
        if self.has_no_id() {
            return Some(DoubtKind::NoId);
        }
        if self.is_swapped() {
            return Some(DoubtKind::Swapped);
        }
        if self.is_class_second() {
            return Some(DoubtKind::ClassSecond);
        }
        if count == Some(7) && self.is_class_seventh() {
            return Some(DoubtKind::ClassSeventh);
        }
        if count == Some(10) && self.is_visdrone() {
            return Some(DoubtKind::VisDrone);
        }
        (count == Some(9) && self.is_uavdt()).then_some(DoubtKind::Uavdt)
    }

    /// Whether a box begins in column 2, and the last column of 7 or 8 is an id.
    fn is_id_last(&self, count: Option<usize>) -> bool {
        let last = |row: &Row| match count {
            Some(7) => row.seventh.filter(|id| id.fract() == 0.0).map(|id| id as i128),
            Some(8) => row.class.map(i128::from),
            _ => None,
        };
        let beginning = |row: &Row| {
            let [top, width, height, _] = row.bounds;
            [row.id.number() as f64, top, width, height]
        };
        let fits = |row: &Row| last(row).is_some_and(|id| id >= 0);
        if !self.has_no_id() || !self.rows.iter().all(fits) {
            return false;
        }
        let by_last =
            || self.rows.iter().map(|row| (row.frame, last(row).unwrap_or(-1), beginning(row)));
        let ids: HashSet<i128> = by_last().map(|(_, id, _)| id).collect();
        let as_read =
            Motion::of(self.rows.iter().map(|row| (row.frame, row.id.number(), row.bounds)));
        ids.len() * 2 <= self.rows.len()
            && !as_read.is_smooth()
            && Motion::of(by_last()).is_smooth()
            && makes_sense(by_last())
    }

    /// Whether what is read as a place in the world could be `VisDrone`'s category, truncation and occlusion.
    fn is_visdrone(&self) -> bool {
        let whole =
            |number: f64, most: f64| number.fract() == 0.0 && (0.0..=most).contains(&number);
        let flags = |row: &Row| {
            row.seventh.is_some_and(|score| (0.0..=1.0).contains(&score))
                && row.world.is_some_and(|[category, truncation, occlusion]| {
                    whole(category, 11.0) && whole(truncation, 1.0) && whole(occlusion, 2.0)
                })
        };
        // The same number thrice in every line fills the place for the world.
        let first = self.rows[0].world.unwrap_or_default();
        let filled = first == [first[0]; 3] && self.rows.iter().all(|row| row.world == Some(first));
        let category = |row: &Row| row.world.unwrap_or_default()[0];
        !filled
            && self.rows.iter().all(flags)
            && self.stays_with_track(category).is_some_and(|(_, stays)| stays)
    }

    /// What stands before a box in columns 4 to 7.
    fn shifted_kind(&self) -> Option<DoubtKind> {
        let by = |number: fn(&Row) -> (i128, i128)| {
            self.rows.iter().map(move |row| {
                let (frame, id) = number(row);
                (frame, id, row.shifted())
            })
        };
        let frame_third = |row: &Row| (row.bounds[0] as i128, row.id.number());
        let id_third = |row: &Row| (row.frame, row.bounds[0] as i128);
        if self.has_camera()
            && Motion::of(by(frame_third)).is_smooth()
            && makes_sense(by(frame_third))
        {
            return Some(DoubtKind::FrameThird);
        }
        let first = self.rows[0].id;
        let one_id = first.is_identity() && self.rows.iter().all(|row| row.id == first);
        // One object, of which there is one in every frame.
        let counted = first == 1 && self.thirds().len() == 1;
        if one_id
            && (counted || (self.shared() > 0.4 && self.third_is_dense()))
            && Motion::of(by(id_third)).is_smooth()
            && makes_sense(by(id_third))
        {
            return Some(DoubtKind::IdThird);
        }
        (self.is_class_third() && makes_sense(by(|row| (row.frame, row.id.number()))))
            .then_some(DoubtKind::ClassThird)
    }

    /// Whether column 4 is a share in every line, and a fraction in some.
    fn fourth_is_share(&self) -> bool {
        let shares = || self.rows.iter().map(|row| row.bounds[1]);
        shares().all(|share| (0.0..=1.0).contains(&share))
            && shares().any(|share| share.fract() != 0.0)
    }

    /// Whether column 1 says little: boxes of an id share it many times, and column 3 counts.
    fn has_camera(&self) -> bool {
        /// Boxes that share column 1 and the id, on average.
        const MANY: usize = 4;
        let keys: HashSet<_> = self.rows.iter().map(|row| (row.frame, row.id)).collect();
        keys.len() * MANY <= self.rows.len() && self.third_is_even()
    }

    /// Column 3, each number once, ascending.
    fn thirds(&self) -> Vec<i128> {
        let thirds: BTreeSet<i128> = self.rows.iter().map(|row| row.bounds[0] as i128).collect();
        thirds.into_iter().collect()
    }

    /// Whether column 3 goes on in nearly even steps, as frames do.
    fn third_is_even(&self) -> bool {
        let thirds = self.thirds();
        let mut steps: Vec<i128> = thirds.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_unstable();
        let Some(step) = steps.get(steps.len() / 2) else { return false };
        let span = thirds[thirds.len() - 1] - thirds[0];
        (span / step) as f64 <= 1.2 * thirds.len() as f64
    }

    /// Whether column 3 holds several numbers that are close together, as ids are.
    fn third_is_dense(&self) -> bool {
        let thirds = self.thirds();
        let span = thirds[thirds.len() - 1] - thirds[0];
        thirds.len() > 1 && span <= 20 * thirds.len() as i128
    }

    /// Whether column 3 is the same in all of a track, and rather a class than where the track stands.
    fn is_class_third(&self) -> bool {
        let kinds = self.thirds();
        let most = kinds[kinds.len() - 1];
        let Some((tracks, true)) = self.stays_with_track(|row| row.bounds[0]) else { return false };
        let few = kinds.len() <= 80 && (kinds.len() * 2 <= tracks + 1 || most <= 20);
        let sizes = self.rows.iter().filter(|row| row.seventh.is_some_and(is_far)).count();
        if sizes * 20 > self.rows.len() {
            return few && most <= 1000;
        }
        // What looks like sizes may be percents: then all but column 3 has to move.
        let moves = self.stays_with_track(|row| row.bounds[1]).is_some_and(|(_, stays)| !stays);
        few && most <= 100 && tracks > 1 && moves
    }

    /// Whether column 1 is the id and column 2 the frame.
    fn is_swapped(&self) -> bool {
        let swapped = || self.rows.iter().map(|row| (row.id.number(), row.frame, row.bounds));
        if !self.rows.iter().all(|row| u32::try_from(row.id.number()).is_ok()) {
            return false;
        }
        let as_read =
            Motion::of(self.rows.iter().map(|row| (row.frame, row.id.number(), row.bounds)));
        let other = Motion::of(swapped());
        // One frame, as it is read, may well be a row of people.
        let far_better = as_read.has_enough()
            && as_read.is_wild()
            && other.is_smooth()
            && other.middle() <= 0.25;
        far_better && makes_sense(swapped())
    }

    /// Whether something stands before the box that is a whole number, and the box ends in column 7.
    fn is_shifted(&self) -> bool {
        let nearly_all = |is: fn(&Row) -> bool| {
            self.rows.iter().filter(|row| is(row)).count() as f64
                >= NEARLY_ALL * self.rows.len() as f64
        };
        let whole = |row: &Row| row.bounds[0].fract() == 0.0 && row.bounds[0] >= -1.0;
        self.rows.iter().all(whole) && nearly_all(|row| row.seventh.is_some_and(|size| size > 1.5))
    }

    /// Whether what is read as heights are confidences, and the sizes stand before them.
    fn has_no_id(&self) -> bool {
        let all = |is: fn(f64) -> bool| self.rows.iter().all(|row| is(row.bounds[3]));
        let sizes = self.rows.iter().filter(|row| row.bounds[1] > 1.5 && row.bounds[2] > 1.5);
        let many = sizes.count() as f64 >= NEARLY_ALL * self.rows.len() as f64;
        many && all(|height| height == -1.0 || (0.0..=1.0).contains(&height))
    }

    /// How many tracks have several boxes, and whether a number is the same in all boxes of nearly all of
    /// them. `None` where no track has several.
    fn stays_with_track(&self, number: impl Fn(&Row) -> f64) -> Option<(usize, bool)> {
        let mut tracks: HashMap<TrackId, (f64, bool, bool)> = HashMap::new();
        for row in self.rows.iter().filter(|row| row.id.is_identity()) {
            let value = number(row);
            tracks
                .entry(row.id)
                .and_modify(|(first, several, same)| {
                    *several = true;
                    *same &= *first == value;
                })
                .or_insert((value, false, true));
        }
        let several = tracks.values().filter(|(_, several, _)| *several);
        let (all, same) =
            several.fold((0, 0), |(all, same), (.., is)| (all + 1, same + usize::from(*is)));
        (all > 0).then_some((all, same as f64 >= NEARLY_ALL * all as f64))
    }

    /// The share of boxes with an id that is another box's of their frame. A line that stands there twice
    /// is no other box.
    fn shared(&self) -> f64 {
        let mut boxes: HashMap<(i128, TrackId), HashSet<[u64; 4]>> = HashMap::new();
        for row in &self.rows {
            let bounds = row.bounds.map(f64::to_bits);
            boxes.entry((row.frame, row.id)).or_default().insert(bounds);
        }
        let sizes = || boxes.values().map(HashSet::len);
        let shared: usize = sizes().filter(|boxes| *boxes > 1).sum();
        shared as f64 / sizes().sum::<usize>() as f64
    }

    /// Whether many boxes of a frame share one of few ids.
    fn is_class_second(&self) -> bool {
        let known = self.rows.iter().filter(|row| row.id.is_identity());
        let kinds: HashSet<TrackId> = known.clone().map(|row| row.id).collect();
        // Lines without an identity share none.
        !kinds.is_empty()
            && kinds.len() <= 100
            && known.count() as f64 >= NEARLY_ALL * self.rows.len() as f64
            && self.shared() >= 0.4
    }

    /// Whether what is read as the confidence is a whole number that stays with a track.
    fn is_class_seventh(&self) -> bool {
        let values: Vec<f64> = self.rows.iter().filter_map(|row| row.seventh).collect();
        let kinds: HashSet<u64> = values.iter().map(|value| value.to_bits()).collect();
        let is_class = |value: &f64| value.fract() == 0.0 && (0.0..=1000.0).contains(value);
        let with_ids =
            self.rows.iter().filter(|row| row.id.is_identity()).count() * 2 > self.rows.len();
        let stays = self.stays_with_track(|row| row.seventh.unwrap_or(0.0));
        let Some((tracks, true)) = stays.filter(|(tracks, _)| *tracks > 1) else { return false };
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        // A tracker may give each track a percentage, which is seldom low.
        let no_percents = most <= 20.0 || (least <= 10.0 && kinds.len() * 2 <= tracks);
        values.iter().all(is_class) && most > 1.0 && kinds.len() > 1 && with_ids && no_percents
    }

    /// Whether what is read as the class is UAVDT's occlusion: it changes within tracks, and mostly there is
    /// none, which is 1.
    fn is_uavdt(&self) -> bool {
        let ones = self.rows.iter().all(|row| {
            row.seventh == Some(1.0)
                && row.visibility == Some(1.0)
                && row.class.is_some_and(|class| (1..=4).contains(&class))
        });
        let class = |row: &Row| row.class.unwrap_or(0) as f64;
        if !ones || self.stays_with_track(class).is_none_or(|(_, stays)| stays) {
            return false;
        }
        let mut tracks: HashMap<TrackId, HashSet<Option<i64>>> = HashMap::new();
        for row in self.rows.iter().filter(|row| row.id.is_identity()) {
            tracks.entry(row.id).or_default().insert(row.class);
        }
        let change = || tracks.values().filter(|classes| classes.len() > 1);
        let from_none = change().filter(|classes| classes.contains(&Some(1))).count();
        from_none as f64 >= NEARLY_ALL * change().count() as f64
    }
}

/// Whether boxes, each with its frame and its id, could be what a person has drawn: sizes above 0, within a
/// picture, and each id once in a frame.
fn makes_sense(boxes: impl Iterator<Item = (i128, i128, Box4)>) -> bool {
    let (mut all, mut good) = (0_u32, 0_u32);
    let mut seen = HashSet::new();
    for (frame, id, [left, top, width, height]) in boxes {
        let inside = left.min(top) >= -FARTHEST && (left + width).max(top + height) <= FARTHEST;
        let once = id < 0 || seen.insert((frame, id));
        all += 1;
        good += u32::from(inside && once && frame >= 0 && width > 0.0 && height > 0.0);
    }
    f64::from(good) >= NEARLY_ALL * f64::from(all)
}
