//! What can be found out about annotations, without reading a file.

mod tracks;

pub use tracks::{
    Follower, Former, MOST_PIECES, MOST_SUSPICIONS, MOST_TRACKS, Piece, Suspicion, SuspicionKind,
    Track, TrackObserver, TrackTable,
};
