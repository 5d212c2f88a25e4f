//! Makes sequences: people who cross a square, seen by a camera on a pole. Boxes, and pictures
//! of them on request, reproducible by seed.

mod art;
mod mistakes;
mod world;
mod write;

pub use art::Artist;
pub use mistakes::{Mistakes, detections, tracker};
pub use world::{Camera, FRAME_RATE, Options, Seen, Walker, World};
pub use write::{Columns, write_line};
