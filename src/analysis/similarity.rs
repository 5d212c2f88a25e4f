//! How much two boxes are alike.

use crate::model::Detection;

/// Intersection over union: from 0, where two boxes do not overlap, to 1, where they are the same. Of boxes
/// without area it is 0.
///
/// ```
/// use motscope::{analysis::iou, formats::mot::parse_line};
///
/// let (_, a, _) = parse_line(b"1,1,0,0,10,10")?;
/// let (_, b, _) = parse_line(b"1,2,5,0,10,10")?;
/// assert!((iou(&a, &b) - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), motscope::formats::mot::LineError>(())
/// ```
#[must_use]
pub fn iou(a: &Detection, b: &Detection) -> f64 {
    let shared =
        |a: (f64, f64), b: (f64, f64)| ((a.0 + a.1).min(b.0 + b.1) - a.0.max(b.0)).max(0.0);
    let intersection =
        shared((a.left, a.width), (b.left, b.width)) * shared((a.top, a.height), (b.top, b.height));
    let area = |of: &Detection| of.width.max(0.0) * of.height.max(0.0);
    let union = area(a) + area(b) - intersection;
    if union > 0.0 { intersection / union } else { 0.0 }
}
