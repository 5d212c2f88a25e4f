//! What all boxes of a file have in common that boxes of its kind seldom have.

use super::{
    doubt::{Doubt, DoubtKind},
    rows::Rows,
};
use crate::{
    formats::mot::{Columns, Origin, Reading, Role, columns::of_header, line::fields},
    model::Detection,
};

/// Fewer boxes say nothing.
const ENOUGH: u64 = 50;

/// What says already that column 7 and those behind it hold something else.
const SHIFTED: [DoubtKind; 7] = [
    DoubtKind::ClassThird,
    DoubtKind::IdThird,
    DoubtKind::FrameThird,
    DoubtKind::ClassSeventh,
    DoubtKind::NoId,
    DoubtKind::IdLast,
    DoubtKind::Uavdt,
];

/// What has been seen of all boxes so far.
#[derive(Default)]
pub(super) struct Evidence {
    boxes: u64,
    /// Boxes whose width is not larger than their left, or whose height is not larger than their top.
    no_corners: u64,
    beyond_a_pixel: u64,
    /// The largest left, top, width and height.
    largest: [f64; 4],
    across: Across,
    odd: Odd,
    rows: Rows,
    late_header: bool,
    second_header: bool,
    columns: Columns,
    origin: Origin,
}

/// How columns 3 and 5 go together.
#[derive(Default)]
struct Across {
    boxes: f64,
    left: f64,
    width: f64,
    left_left: f64,
    left_width: f64,
    width_width: f64,
}

impl Across {
    fn add(&mut self, left: f64, width: f64) {
        self.boxes += 1.0;
        self.left += left;
        self.width += width;
        self.left_left += left * left;
        self.left_width += left * width;
        self.width_width += width * width;
    }

    /// Whether the one grows with the other, as a right edge does with the left one, and a width does not.
    fn go_together(&self) -> bool {
        let of = |sum: f64, one: f64, two: f64| sum - one * two / self.boxes;
        let both = of(self.left_width, self.left, self.width);
        let one = of(self.left_left, self.left, self.left);
        let two = of(self.width_width, self.width, self.width);
        both >= 0.8 * (one * two).sqrt() && both > 0.0
    }
}

/// Values that can't be what they are read as.
#[derive(Default)]
struct Odd {
    /// Confidences, those beyond 100, and whether one is so far out that no scale reaches it.
    confidences: u64,
    beyond_percents: u64,
    confidence: bool,
    class: bool,
    visibility: bool,
    lines: u64,
    /// Lines that do not fit the format that the first lines are in.
    unfit: u64,
}

/// Whether a confidence is more than a percentage.
pub(super) fn is_far(confidence: f64) -> bool {
    confidence.abs() > 100.0
}

impl Evidence {
    /// Takes in a box.
    pub fn add(&mut self, reading: &Reading, frame: u32, detection: &Detection) {
        if self.boxes == 0 {
            (self.columns, self.origin) = (reading.columns, reading.origin);
        }
        let Detection { left, top, width, height, .. } = *detection;
        self.boxes += 1;
        self.no_corners += u64::from(!(width > left && height > top));
        let inside = |value: f64| (-0.5..=1.5).contains(&value);
        self.beyond_a_pixel += u64::from(![left, top, width, height].into_iter().all(inside));
        let values = [left, top, width, height];
        for (largest, value) in self.largest.iter_mut().zip(values) {
            *largest = largest.max(value);
        }
        self.across.add(left, width);
        self.odd.add(detection);
        // Where the first six are taken in the usual order, without anybody saying so.
        let first_six = self.columns.named().get(..6) == Some(Columns::USUAL.named());
        let unsaid = matches!(self.origin, Origin::Usual | Origin::NoClass | Origin::Words);
        if (unsaid || self.origin == Origin::Header) && first_six {
            self.rows.add(frame, detection);
        }
    }

    /// Takes in a header that was not there when it was decided how lines are read.
    pub fn header(&mut self, line: &[u8]) {
        self.late_header = match of_header(&fields(line)) {
            Ok(named) => named.is_some_and(|columns| !columns.is_usual()),
            Err(_) => true,
        };
    }

    /// Takes in a header between the lines.
    pub fn further_header(&mut self, reading: &Reading, line: &[u8]) {
        let names = fields(line);
        let role = |columns: &Columns| -> Vec<Role> {
            (0..names.len()).map(|at| columns.role(at, names.len())).collect()
        };
        if let Ok(Some(named)) = of_header(&names) {
            self.second_header |= role(&named) != role(&reading.columns);
        }
    }

    /// Takes in a line, whether it can be read or not.
    pub fn line(&mut self, origin: Origin, line: &[u8]) {
        if matches!(origin, Origin::VisDrone | Origin::Uavdt | Origin::ClassAlone) {
            self.odd.lines += 1;
            self.odd.unfit += u64::from(!fits(origin, line));
        }
    }

    /// What it comes to, where there are so many tracks, and lines of so many columns.
    pub fn doubts(&self, tracks: u64, count: Option<usize>) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        if self.late_header {
            doubts.push(Doubt { kind: DoubtKind::LateHeader, columns: None });
        }
        if self.second_header {
            doubts.push(Doubt { kind: DoubtKind::SecondHeader, columns: None });
        }
        if self.odd.unfit > 0 {
            // A few lines may be damaged.
            let columns = (self.odd.unfit * 50 > self.odd.lines).then_some(Columns::USUAL);
            doubts.push(Doubt { kind: DoubtKind::Beginning, columns });
        }
        if self.boxes >= ENOUGH {
            let elsewhere = self.rows.doubt(count, self.columns.place(Role::Class));
            // What a header says is only doubted where frames and ids are plainly each other's.
            let is_plain =
                |doubt: &Doubt| self.origin != Origin::Header || doubt.kind == DoubtKind::Swapped;
            let elsewhere = elsewhere.filter(is_plain);
            doubts.extend(elsewhere.or_else(|| self.geometry(tracks)));
        }
        let shifted = doubts.iter().any(|doubt| SHIFTED.contains(&doubt.kind));
        if !shifted {
            let odd = self.odd.told();
            let roles: Vec<Role> = odd.iter().map(|(_, role)| *role).collect();
            let columns = self.without(&roles, count);
            doubts.extend(odd.into_iter().map(|(kind, _)| Doubt { kind, columns }));
        }
        doubts
    }

    /// Shares, or edges.
    fn geometry(&self, tracks: u64) -> Option<Doubt> {
        if self.beyond_a_pixel == 0 {
            return Some(Doubt { kind: DoubtKind::Shares, columns: None });
        }
        let [left, top, right, bottom] = self.largest;
        // Some begin far out, or they may all be at the corner.
        let spread = left > 0.6 * right && top > 0.4 * bottom;
        // One or two tracks may well be large, and near the upper left corner. Detections have none.
        let many = !(1..=2).contains(&tracks);
        let corners = self.no_corners == 0 && spread && many && self.across.go_together();
        corners.then(|| Doubt { kind: DoubtKind::Corners, columns: self.with_edges() })
    }

    /// The same columns with edges for sizes.
    fn with_edges(&self) -> Option<Columns> {
        let edges = |role| match role {
            Role::Width => Role::Right,
            Role::Height => Role::Bottom,
            other => other,
        };
        let roles = self.columns.named().iter().map(|role| edges(*role));
        Columns::new(&roles.collect::<Vec<_>>(), self.columns.has_rest()).ok()
    }

    /// The same columns without some, in lines of so many columns.
    fn without(&self, odd: &[Role], count: Option<usize>) -> Option<Columns> {
        let count = count?;
        let roles = (0..count).map(|at| self.columns.role(at, count));
        let roles = roles.map(|known| if odd.contains(&known) { Role::Unused } else { known });
        Columns::new(&roles.collect::<Vec<_>>(), false).ok()
    }
}

impl Odd {
    fn add(&mut self, detection: &Detection) {
        /// No scale of confidence goes so far; few detections of a detector are beyond 100.
        const FARTHEST_CONFIDENCE: f64 = 255.0;
        /// No list of classes is so long.
        const MANY: i64 = 10_000;
        if let Some(confidence) = detection.confidence {
            self.confidences += 1;
            self.beyond_percents += u64::from(is_far(confidence));
            self.confidence |= confidence.abs() > FARTHEST_CONFIDENCE;
        }
        let class = detection.class.and_then(crate::model::ClassNames::in_file);
        self.class |= class.is_some_and(|class| !(-1..=MANY).contains(&class));
        self.visibility |= detection
            .visibility
            .is_some_and(|share| share != -1.0 && !(-1e-6..=1.0 + 1e-6).contains(&share));
    }

    /// The columns that hold what can't be.
    fn told(&self) -> Vec<(DoubtKind, Role)> {
        let confidence = self.confidence || self.beyond_percents * 20 > self.confidences;
        [
            (confidence, DoubtKind::Confidence, Role::Confidence),
            (self.class, DoubtKind::Class, Role::Class),
            (self.visibility, DoubtKind::Visibility, Role::Visibility),
        ]
        .into_iter()
        .filter_map(|(is_odd, kind, role)| is_odd.then_some((kind, role)))
        .collect()
    }
}

/// Whether a line fits a format that was told from the first lines.
fn fits(origin: Origin, line: &[u8]) -> bool {
    let Ok((_, usual, _)) = crate::formats::mot::parse_line(line) else { return true };
    let whole = |number: f64, most: f64| number.fract() == 0.0 && (0.0..=most).contains(&number);
    match (origin, usual.world.place()) {
        (Origin::VisDrone, Some([category, truncation, occlusion])) => {
            whole(category, 11.0) && whole(truncation, 1.0) && whole(occlusion, 2.0)
        }
        (Origin::ClassAlone, Some([_, second, third])) => second == -1.0 && third == -1.0,
        (Origin::Uavdt, _) => {
            let outside = usual.confidence.is_some_and(|number| whole(number, 3.0));
            outside
                && usual.class.is_some_and(|number| (1..=4).contains(&number))
                && usual.visibility.is_some_and(|number| whole(number, 3.0))
        }
        _ => true,
    }
}
