//! Whether boxes move as objects do, with the columns as they are read, or with others.

use super::doubt::{Doubt, DoubtKind};
use crate::mot::{Columns, Detection, TrackId};
use std::collections::{HashMap, HashSet};

/// Boxes looked at.
const MOST: usize = 4096;
/// Fewer pairs of neighbouring boxes say nothing.
const PAIRS: usize = 20;
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
}

/// The first boxes of a file in the usual columns.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
}

/// How far boxes of one number are from the next.
#[derive(Default)]
struct Motion {
    pairs: usize,
    near: usize,
}

impl Motion {
    /// Of boxes, each with when it is and what it is of.
    fn of(boxes: impl Iterator<Item = (i128, i128, [f64; 4])>) -> Self {
        /// What was away for longer may be anywhere.
        const AWAY: i128 = 10;
        let mut boxes: Vec<_> = boxes.filter(|(_, id, _)| *id >= 0).collect();
        boxes.sort_unstable_by_key(|(frame, id, _)| (*id, *frame));
        let mut motion = Self::default();
        for pair in boxes.windows(2) {
            let [(frame, id, one), (next, other, two)] = pair else { continue };
            if id == other && (1..=AWAY).contains(&(next - frame)) {
                motion.pairs += 1;
                motion.near += usize::from(are_near(one, two));
            }
        }
        motion
    }

    fn is_smooth(&self) -> bool {
        self.pairs >= PAIRS && self.near as f64 >= 0.8 * self.pairs as f64
    }

    fn is_wild(&self) -> bool {
        self.near as f64 <= 0.4 * self.pairs as f64
    }
}

/// Whether two boxes of left, top, width and height could be one object, a frame later.
fn are_near(one: &[f64; 4], two: &[f64; 4]) -> bool {
    let middle = |at: usize, bounds: &[f64; 4]| bounds[at] + bounds[at + 2] / 2.0;
    let (x, y) = (middle(0, one) - middle(0, two), middle(1, one) - middle(1, two));
    let size = (one[2].abs() + one[3].abs()).max(two[2].abs() + two[3].abs()) / 2.0;
    x.hypot(y) <= 0.6 * size
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
            });
        }
    }

    /// Whether other columns fit better, in lines of so many, where the class is known to be somewhere.
    pub fn doubt(&self, count: Option<usize>, class: Option<usize>) -> Option<Doubt> {
        if self.rows.len() < PAIRS {
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
            DoubtKind::ClassThird => format!("frame,id,class,left,top,width,height{rest}"),
            DoubtKind::ClassSecond => {
                "frame,class,left,top,width,height".to_owned()
                    + if count > Some(6) { ",confidence" } else { "" }
            }
            DoubtKind::NoId => "frame,left,top,width,height,confidence".to_owned(),
            DoubtKind::ClassSeventh => "frame,id,left,top,width,height,class".to_owned(),
            DoubtKind::Uavdt => "frame,id,left,top,width,height,_,_,class".to_owned(),
            _ => return None,
        };
        Some(Doubt { kind, columns: text.parse::<Columns>().ok() })
    }

    fn kind(&self, count: Option<usize>) -> Option<DoubtKind> {
        let usual = || self.rows.iter().map(|row| (row.frame, row.id.number(), row.bounds));
        if self.is_shifted() {
            // Columns 4 to 7 as the box.
            let shifted = |row: &Row| {
                let [_, left, top, width] = row.bounds;
                [left, top, width, row.seventh.unwrap_or(0.0)]
            };
            let by_third =
                self.rows.iter().map(|row| (row.bounds[0] as i128, row.id.number(), shifted(row)));
            if Motion::of(by_third).is_smooth() && !self.stays_with_track(|row| row.bounds[0]) {
                return Some(DoubtKind::FrameThird);
            }
            let second: HashSet<TrackId> = self.rows.iter().map(|row| row.id).collect();
            let third: HashSet<u64> = self.rows.iter().map(|row| row.bounds[0].to_bits()).collect();
            if second.len() == 1 && third.len() > 1 && self.is_unique(|row| row.bounds[0] as i128) {
                return Some(DoubtKind::IdThird);
            }
            let few = third.len() <= 80 && self.rows.iter().all(|row| row.bounds[0] <= 1000.0);
            if few && self.stays_with_track(|row| row.bounds[0]) {
                return Some(DoubtKind::ClassThird);
            }
        }
        if self.has_no_id() {
            return Some(DoubtKind::NoId);
        }
        let as_read = Motion::of(usual());
        let swapped = Motion::of(usual().map(|(frame, id, bounds)| (id, frame, bounds)));
        let frames_fit = self.rows.iter().all(|row| u32::try_from(row.id.number()).is_ok());
        if frames_fit && swapped.is_smooth() && as_read.is_wild() {
            return Some(DoubtKind::Swapped);
        }
        if self.is_class_second() {
            return Some(DoubtKind::ClassSecond);
        }
        if count == Some(7) && self.is_class_seventh() {
            return Some(DoubtKind::ClassSeventh);
        }
        (count == Some(9) && self.is_uavdt()).then_some(DoubtKind::Uavdt)
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

    /// Whether boxes of one frame never share a number.
    fn is_unique(&self, number: impl Fn(&Row) -> i128) -> bool {
        let mut seen = HashSet::new();
        self.rows.iter().all(|row| seen.insert((row.frame, number(row))))
    }

    /// Whether a number is the same in all of a track's boxes, for nearly all tracks that have several.
    fn stays_with_track(&self, number: impl Fn(&Row) -> f64) -> bool {
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
        same as f64 >= NEARLY_ALL * f64::from(all)
    }

    /// Whether many boxes of a frame share one of few ids.
    fn is_class_second(&self) -> bool {
        let mut boxes: HashMap<(i128, TrackId), u32> = HashMap::new();
        let known = self.rows.iter().filter(|row| row.id.is_identity());
        known.for_each(|row| *boxes.entry((row.frame, row.id)).or_default() += 1);
        let kinds: HashSet<TrackId> = boxes.keys().map(|(_, id)| *id).collect();
        let total: u32 = boxes.values().sum();
        let shared: u32 = boxes.values().filter(|boxes| **boxes > 1).sum();
        kinds.len() <= 100 && f64::from(shared) >= 0.4 * f64::from(total) && shared > 0
    }

    /// Whether what is read as the confidence is a whole number that stays with a track.
    fn is_class_seventh(&self) -> bool {
        let values: Vec<f64> = self.rows.iter().filter_map(|row| row.seventh).collect();
        let kinds: HashSet<u64> = values.iter().map(|value| value.to_bits()).collect();
        let is_class = |value: &f64| value.fract() == 0.0 && (0.0..=1000.0).contains(value);
        let with_ids =
            self.rows.iter().filter(|row| row.id.is_identity()).count() * 2 > self.rows.len();
        values.iter().all(is_class)
            && values.iter().any(|value| *value > 1.0)
            && kinds.len() > 1
            && with_ids
            && self.stays_with_track(|row| row.seventh.unwrap_or(0.0))
    }

    /// Whether what is read as the class is UAVDT's occlusion.
    fn is_uavdt(&self) -> bool {
        let ones = self.rows.iter().all(|row| {
            row.seventh == Some(1.0)
                && row.visibility == Some(1.0)
                && row.class.is_some_and(|class| (1..=4).contains(&class))
        });
        let class = |row: &Row| row.class.unwrap_or(0) as f64;
        ones && self.rows.iter().any(|row| row.class > Some(1)) && !self.stays_with_track(class)
    }
}
