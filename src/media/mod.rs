//! Pictures of frames: folders of images, and video files, decoded on the cache's workers.

mod images;
mod picture;
mod pictures;
mod video;

pub use images::{ImageSequence, frame_number};
pub use picture::{Picture, PictureError, decode};
pub use pictures::{Alignment, Pictures};
pub use video::{
    Count, Ffmpeg, Header, MOST_PROCESSES, News, Options as VideoOptions, Video, VideoError,
    VideoStream, why_not_encoded,
};
