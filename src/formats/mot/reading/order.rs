//! Columns in another order than the MOT format's, where the content leaves no doubt.

use super::{
    Origin,
    sample::{Sample, number},
};
use crate::formats::mot::Columns;
use std::collections::HashSet;

/// Fewer lines say nothing.
const ENOUGH: usize = 12;

/// The columns of lines that begin with something before the frame, or have the class, the confidence or the
/// id elsewhere.
pub(super) fn columns(sample: &Sample) -> Option<(Columns, Origin)> {
    let count = sample.columns();
    let table = Table::of(sample, count).filter(|table| table.lines >= ENOUGH)?;
    let text = match count {
        6 if table.is_id_last() => "frame,left,top,width,height,id",
        // What has fractions is no id in the second column.
        7 if table.is_id_last() && !table.is_count(1) && table.is_share(5) => {
            "frame,left,top,width,height,confidence,id"
        }
        7 if table.is_id_last() && !table.is_count(1) => "frame,left,top,width,height,_,id",
        8 if table.is_id_last() && !table.is_count(1) && table.is_share(5) => {
            "frame,left,top,width,height,confidence,_,id"
        }
        7.. if table.is_frame_second() => match count {
            7 => "_,frame,id,left,top,width,height",
            _ => "_,frame,id,left,top,width,height,confidence",
        },
        7.. if table.is_class_second() => match count {
            7 => "frame,class,id,left,top,width,height",
            _ => "frame,class,id,left,top,width,height,confidence",
        },
        7.. if table.is_confidence_third() => "frame,id,confidence,left,top,width,height",
        8 if table.is_class_before_confidence() => {
            "frame,id,left,top,width,height,class,confidence"
        }
        9 if table.is_class_before_confidence() && table.is_share(8) => {
            "frame,id,left,top,width,height,class,confidence,visibility"
        }
        _ => return None,
    };
    Some((text.parse().ok()?, Origin::Order))
}

/// The numbers of a sample, by column.
struct Table {
    columns: Vec<Vec<f64>>,
    lines: usize,
}

impl Table {
    fn of(sample: &Sample, count: usize) -> Option<Self> {
        let column = |at: usize| {
            let fields = sample.lines.iter().map(|line| {
                Some(&line.fields)
                    .filter(|fields| fields.len() == count)
                    .and_then(|f| number(&f[at]))
            });
            fields.collect::<Option<Vec<f64>>>()
        };
        let columns = (0..count).map(column).collect::<Option<Vec<_>>>()?;
        Some(Self { columns, lines: sample.lines.len() })
    }

    fn all(&self, at: usize, fits: impl Fn(f64) -> bool) -> bool {
        self.columns[at].iter().all(|number| fits(*number))
    }

    fn is_count(&self, at: usize) -> bool {
        self.all(at, |number| number >= 0.0 && number.fract() == 0.0)
    }

    fn is_share(&self, at: usize) -> bool {
        self.all(at, |number| number == -1.0 || (0.0..=1.0).contains(&number))
    }

    fn distinct(&self, at: usize) -> usize {
        self.columns[at].iter().map(|number| number.to_bits()).collect::<HashSet<_>>().len()
    }

    fn pairs(&self, one: usize, other: usize) -> usize {
        let bits = self.columns[one].iter().zip(&self.columns[other]);
        bits.map(|(one, other)| (one.to_bits(), other.to_bits())).collect::<HashSet<_>>().len()
    }

    /// Whether no two lines have the same numbers in two columns.
    fn is_unique(&self, one: usize, other: usize) -> bool {
        self.pairs(one, other) == self.lines
    }

    /// Whether numbers never fall, and rise several times.
    fn runs(&self, at: usize) -> bool {
        self.columns[at].windows(2).all(|two| two[0] <= two[1]) && self.distinct(at) >= 3
    }

    /// Whether a box begins there that is none of shares.
    fn is_box(&self, at: usize) -> bool {
        let is_place = |at: usize| !self.all(at, |number| number <= 1.5);
        let is_size = |at| self.all(at, |number| number > 1.0);
        is_place(at) && is_place(at + 1) && is_size(at + 2) && is_size(at + 3)
    }

    /// Whether numbers are ids that come again in further frames.
    fn comes_again(&self, id: usize) -> bool {
        self.is_count(id) && 2 * self.distinct(id) < self.lines
    }

    /// How far boxes move at most lines from one frame to the next where they keep an id.
    fn motion(&self, frame: usize, id: usize, left: usize) -> Option<f64> {
        let mut order: Vec<usize> = (0..self.lines).collect();
        let key = |at: usize| (self.columns[id][at], self.columns[frame][at]);
        order.sort_by(|a, b| key(*a).partial_cmp(&key(*b)).unwrap_or(std::cmp::Ordering::Equal));
        let way = |at: usize, a: usize, b: usize| (self.columns[at][a] - self.columns[at][b]).abs();
        let next =
            order.windows(2).filter(|two| key(two[0]).0.to_bits() == key(two[1]).0.to_bits());
        let mut moves: Vec<f64> =
            next.map(|two| way(left, two[0], two[1]) + way(left + 1, two[0], two[1])).collect();
        moves.sort_unstable_by(f64::total_cmp);
        moves.get(moves.len() / 2).copied()
    }

    /// A camera or the number of the line, then the frame and the id.
    fn is_frame_second(&self) -> bool {
        let numbered = || self.columns[0].windows(2).all(|two| two[1] == two[0] + 1.0);
        let said_twice = || self.distinct(0) <= 8 && !self.is_unique(0, 1);
        let steady = || match (self.motion(1, 2, 3), self.motion(2, 1, 3)) {
            (Some(these), Some(others)) => 3.0 * these < others,
            _ => false,
        };
        self.is_box(3)
            && self.is_count(1)
            && self.runs(1)
            && self.comes_again(1)
            && self.comes_again(2)
            && self.is_unique(1, 2)
            && (numbered() || said_twice())
            && steady()
    }

    /// A class that stays with the id in the third column.
    fn is_class_second(&self) -> bool {
        self.is_box(3)
            && self.is_count(0)
            && self.runs(0)
            && self.comes_again(1)
            && self.comes_again(2)
            && (2..=100).contains(&self.distinct(1))
            && !self.is_unique(0, 1)
            && self.is_unique(0, 2)
            && self.pairs(1, 2) == self.distinct(2)
            && self.columns.get(7).is_none_or(|_| self.is_share(7))
    }

    /// Shares where the left edge would be.
    fn is_confidence_third(&self) -> bool {
        self.is_box(3)
            && self.is_count(0)
            && (self.all(1, |id| id == -1.0) || (self.is_count(1) && self.is_unique(0, 1)))
            && self.is_share(2)
            && self.columns[2].iter().any(|share| share.fract() != 0.0)
            && self.distinct(2) > 1
    }

    /// Whole numbers in the seventh, of which some can be no confidence, and shares in the eighth, which no class is.
    fn is_class_before_confidence(&self) -> bool {
        /// No list of classes that anybody numbers by hand is longer.
        const MOST: f64 = 1000.0;
        self.is_box(2)
            && 2 * self.distinct(2) > self.lines
            && self.is_count(6)
            && self.all(6, |class| class <= MOST)
            && self.columns[6].iter().any(|class| *class > 1.0)
            && self.distinct(6) <= 100
            && self.is_share(7)
            && self.columns[7].iter().filter(|share| share.fract() != 0.0).count() * 2 > self.lines
    }

    /// A box, and at the end an id. Sizes that are edges are not told for sure, and left alone.
    fn is_id_last(&self) -> bool {
        let id = self.columns.len() - 1;
        let sizes = [3, 4].into_iter().any(|at| {
            self.columns[at].iter().zip(&self.columns[at - 2]).any(|(size, place)| size < place)
        });
        let width = self.columns[3].iter().sum::<f64>() / self.lines as f64;
        self.is_box(1)
            && sizes
            && self.is_count(0)
            && self.distinct(0) >= 3
            && 2 * self.distinct(0) <= self.lines
            && self.comes_again(id)
            && self.distinct(id) > 1
            && self.is_unique(0, id)
            && 2 * self.distinct(1) > self.lines
            && self.motion(0, id, 1).is_some_and(|motion| 2.0 * motion < width)
    }
}
