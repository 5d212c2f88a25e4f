//! Pictures of frames: folders of images, and video files, decoded on the cache's workers.

mod alignment;
mod images;
mod names;
mod numbering;
mod picture;
mod pictures;
mod video;

use alignment::advise;
pub use alignment::{Advice, Alignment, Better, Place, Ratio};
pub use images::ImageSequence;
pub use names::{VIDEO_EXTENSIONS, is_hidden, is_image, is_video};
pub use picture::{Picture, PictureError, decode};
pub use pictures::{Pictures, Troubles};
pub use video::{
    Count, Damage, Ffmpeg, Header, MOST_PROCESSES, News, Options as VideoOptions, Video,
    VideoError, VideoStream, why_not_encoded,
};

#[cfg(fuzzing)]
pub use video::read_showinfo;
