//! Pictures of frames: folders of images, decoded on the cache's workers.

mod images;
mod picture;

pub use images::{ImageSequence, frame_number};
pub use picture::{Picture, PictureError, decode};
