//! Which tracks of another file lie where a track does.

use super::iou;
use crate::model::{AnnotationSource, ReadError, TrackId};
use std::collections::HashMap;

/// A track of another file, and how often it overlaps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// The other track.
    pub id: TrackId,
    /// Frames with an overlap of at least 0.5, as a share of those that were looked at, from 0 to 1.
    pub share: f64,
}

/// The least overlap that counts.
const LEAST_IOU: f64 = 0.5;

/// The tracks of `other` that overlap a track of `source` on some of `frames`, with an overlap of at least 0.5; the
/// one first that does on most. On each frame the box counts that overlaps most.
///
/// # Errors
/// Where a file can't be read any more.
pub fn overlapping(
    (source, track): (&dyn AnnotationSource, TrackId),
    other: &dyn AnnotationSource,
    frames: &[u32],
) -> Result<Vec<Overlap>, ReadError> {
    let mut times: HashMap<TrackId, u32> = HashMap::new();
    let mut seen = 0;
    for frame in frames {
        let own = source.load(*frame)?.detections;
        let Some(own) = own.iter().find(|detection| detection.id == track) else { continue };
        seen += 1;
        let others = other.load(*frame)?.detections;
        let with_ids = others.iter().filter(|detection| detection.id.is_identity());
        let overlaps = with_ids.map(|detection| (iou(own, detection), detection.id));
        let best = overlaps.max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, id)) = best.filter(|(overlap, _)| *overlap >= LEAST_IOU) {
            *times.entry(id).or_default() += 1;
        }
    }
    let share = |(id, times)| Overlap { id, share: f64::from(times) / f64::from(seen) };
    let mut found: Vec<Overlap> = times.into_iter().map(share).collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
    Ok(found)
}
