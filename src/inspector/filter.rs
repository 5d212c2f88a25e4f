//! Which boxes are shown.

use crate::{
    analysis::TrackTable,
    model::{Detection, TrackId},
};
use std::{collections::BTreeSet, fmt, ops::RangeInclusive, sync::Arc};

/// Ranges in a list of ids at most.
const MOST_RANGES: usize = 1000;
/// Tracks that can be hidden one by one.
pub const MOST_HIDDEN: usize = 1000;

/// What boxes must be like to be shown. Without anything set, all are.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Least confidence. Where there is none, or -1 in its stead, a box is kept.
    pub confidence: Option<f64>,
    /// Whether boxes without a confidence, or with -1 in its stead, are kept.
    pub without_confidence: bool,
    /// Least visibility, from 0 to 1; a box without is kept.
    pub visibility: Option<f64>,
    /// Least height in pixels.
    pub min_height: Option<f64>,
    /// Largest height in pixels.
    pub max_height: Option<f64>,
    /// Fewest frames that a track must be on. Boxes without identity, and tracks that are not known yet,
    /// are kept.
    pub track_frames: Option<u32>,
    /// Classes that are hidden.
    pub hidden_classes: BTreeSet<i64>,
    /// The ids that are kept, where there is a list.
    pub ids: IdList,
    /// Left, top, right, bottom in pixels: a box's middle must be inside.
    pub region: Option<[f64; 4]>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            confidence: None,
            without_confidence: true,
            visibility: None,
            min_height: None,
            max_height: None,
            track_frames: None,
            hidden_classes: BTreeSet::new(),
            ids: IdList::default(),
            region: None,
        }
    }
}

impl Filter {
    /// Whether it keeps everything.
    #[must_use]
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a box is kept.
    #[must_use]
    pub fn keeps(&self, detection: &Detection, tracks: &TrackTable) -> bool {
        let at_least = |least: Option<f64>, value: f64| least.is_none_or(|least| value >= least);
        let confident = match detection.confidence.filter(|c| *c != -1.0) {
            Some(confidence) => at_least(self.confidence, confidence),
            None => self.without_confidence,
        };
        let long_enough = self
            .track_frames
            .is_none_or(|least| tracks.get(detection.id).is_none_or(|track| track.frames >= least));
        let inside = self.region.is_none_or(|[left, top, right, bottom]| {
            let x = detection.left + detection.width / 2.0;
            let y = detection.top + detection.height / 2.0;
            (left..=right).contains(&x) && (top..=bottom).contains(&y)
        });
        confident
            && detection.visibility.is_none_or(|visibility| at_least(self.visibility, visibility))
            && at_least(self.min_height, detection.height)
            && self.max_height.is_none_or(|most| detection.height <= most)
            && long_enough
            && detection.class.is_none_or(|class| !self.hidden_classes.contains(&class))
            && self.ids.contains(detection.id)
            && inside
    }
}

/// A list of ids and ranges of ids, as a person types it; an empty one contains every id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdList(Vec<RangeInclusive<TrackId>>);

impl IdList {
    /// Reads `3, 7-12 40`.
    ///
    /// # Errors
    /// A sentence that names what is no id.
    ///
    /// ```
    /// use motscope::inspector::IdList;
    ///
    /// let ids = IdList::parse("3, 7-12 40")?;
    /// assert!(ids.contains(9.into()) && ids.contains(40.into()) && !ids.contains(4.into()));
    /// assert!(IdList::parse("")?.contains(4.into()));
    /// assert_eq!(IdList::parse("3, x").unwrap_err(), "'x' is no id and no range like 7-12.");
    /// assert!(IdList::parse("12-7").is_err());
    /// # Ok::<(), String>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        let mut ranges = Vec::new();
        for word in words.filter(|word| !word.is_empty()) {
            if ranges.len() == MOST_RANGES {
                return Err(format!("At most {MOST_RANGES} ids and ranges can be listed."));
            }
            let refused = || format!("'{word}' is no id and no range like 7-12.");
            // A minus sign at the beginning belongs to the number.
            let dash = word.char_indices().skip(1).find(|(_, c)| *c == '-');
            let (first, last) = dash.map_or((word, word), |(at, _)| (&word[..at], &word[at + 1..]));
            let id = |text: &str| text.parse::<TrackId>().map_err(|_| refused());
            let (first, last) = (id(first)?, id(last)?);
            if first > last {
                return Err(format!("'{word}' runs backwards: write the lower id first."));
            }
            ranges.push(first..=last);
        }
        Ok(Self(ranges))
    }

    /// Whether an id is in it.
    #[must_use]
    pub fn contains(&self, id: TrackId) -> bool {
        self.0.is_empty() || self.0.iter().any(|range| range.contains(&id))
    }
}

impl fmt::Display for IdList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, range) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            if range.start() == range.end() {
                write!(f, "{comma}{}", range.start())?;
            } else {
                write!(f, "{comma}{}-{}", range.start(), range.end())?;
            }
        }
        Ok(())
    }
}

/// Everything that decides which boxes are shown.
#[derive(Clone, Debug, Default)]
pub struct BoxFilter {
    /// What boxes must be like.
    pub filter: Filter,
    /// Tracks that are hidden one by one, at most [`MOST_HIDDEN`].
    pub hidden: BTreeSet<TrackId>,
    /// The only track that is shown.
    pub only: Option<TrackId>,
    /// What is known of tracks.
    pub tracks: Arc<TrackTable>,
}

impl BoxFilter {
    /// Whether it keeps everything.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.filter.is_off() && self.hidden.is_empty() && self.only.is_none()
    }

    /// Whether a box is shown.
    #[must_use]
    pub fn keeps(&self, detection: &Detection) -> bool {
        self.only.is_none_or(|only| only == detection.id)
            && (self.hidden.is_empty() || !self.hidden.contains(&detection.id))
            && self.filter.keeps(detection, &self.tracks)
    }

    /// For each box whether it is shown, and how many are not.
    #[must_use]
    pub fn sift(&self, detections: &[Detection]) -> (Vec<bool>, usize) {
        if self.is_off() {
            return (vec![true; detections.len()], 0);
        }
        let kept: Vec<bool> = detections.iter().map(|detection| self.keeps(detection)).collect();
        let hidden = kept.iter().filter(|kept| !**kept).count();
        (kept, hidden)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detection(confidence: Option<f64>) -> Detection {
        let line = b"1,7,10,20,30,40,0.5,2,0.25";
        Detection { confidence, ..crate::formats::mot::parse_line(line).expect("good").1 }
    }

    fn keeps(filter: Filter, detection: &Detection) -> bool {
        filter.keeps(detection, &TrackTable::default())
    }

    #[test]
    fn without_anything_set_all_are_kept() {
        assert!(Filter::default().is_off() && BoxFilter::default().is_off());
        for confidence in [None, Some(-1.0), Some(0.0), Some(7.0)] {
            assert!(keeps(Filter::default(), &detection(confidence)));
        }
    }

    #[test]
    fn no_confidence_does_not_vanish_by_itself() {
        let least = Filter { confidence: Some(0.4), ..Filter::default() };
        assert!(keeps(least.clone(), &detection(Some(0.5))));
        assert!(!keeps(least.clone(), &detection(Some(0.3))));
        assert!(
            keeps(least.clone(), &detection(Some(-1.0))) && keeps(least.clone(), &detection(None))
        );
        let strict = Filter { without_confidence: false, ..least };
        assert!(!keeps(strict.clone(), &detection(Some(-1.0))) && !keeps(strict, &detection(None)));
    }

    #[test]
    fn each_field_counts() {
        let one = detection(Some(0.5));
        let off = Filter::default;
        assert!(!keeps(Filter { visibility: Some(0.3), ..off() }, &one));
        assert!(!keeps(Filter { min_height: Some(41.0), ..off() }, &one));
        assert!(!keeps(Filter { max_height: Some(39.0), ..off() }, &one));
        assert!(!keeps(Filter { hidden_classes: [2].into(), ..off() }, &one));
        assert!(!keeps(Filter { ids: IdList::parse("8-9").expect("good"), ..off() }, &one));
        assert!(keeps(Filter { region: Some([0.0, 0.0, 30.0, 50.0]), ..off() }, &one));
        assert!(!keeps(Filter { region: Some([0.0, 0.0, 24.0, 50.0]), ..off() }, &one));
        let sieve = BoxFilter { hidden: [7.into()].into(), ..BoxFilter::default() };
        assert_eq!(sieve.sift(&[one, one]), (vec![false, false], 2));
        assert!(!BoxFilter { only: Some(8.into()), ..BoxFilter::default() }.keeps(&one));
    }

    #[test]
    fn lists_of_ids_are_read_as_they_are_shown() {
        let ids = IdList::parse(" 5;-1 ,10-12,-3--2 ").expect("good");
        assert_eq!(ids.to_string(), "5, -1, 10-12, -3--2");
        assert_eq!(IdList::parse(&ids.to_string()), Ok(ids));
    }
}
