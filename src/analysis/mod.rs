//! What can be found out about annotations, without reading a file.

mod fit;
mod overlap;
mod similarity;
mod tracks;

pub use fit::better_shift;
pub use overlap::{Overlap, overlapping};
pub use similarity::iou;
pub use tracks::{
    Follower, MOST_PIECES, MOST_SUSPICIONS, MOST_TRACKS, Piece, PreviousBox, Suspicion,
    SuspicionKind, Track, TrackObserver, TrackTable,
};
