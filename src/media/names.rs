//! What files are by their names.

use std::path::Path;

/// How the names of videos end, in lower case.
pub const VIDEO_EXTENSIONS: [&str; 40] = [
    "mp4", "m4v", "mkv", "avi", "mov", "webm", "mpg", "mpeg", "ts", "mts", "m2ts", "wmv", "flv",
    "ogv", "3gp", "y4m", "vob", "mxf", "h264", "264", "avc", "h265", "265", "hevc", "mjpeg",
    "mjpg", "asf", "ivf", "ogg", "ogm", "f4v", "qt", "3g2", "m2v", "m1v", "divx", "nut", "rm",
    "obu", "dv",
];
const IMAGE_EXTENSIONS: [&str; 14] = [
    "jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff", "jpe", "jfif", "gif", "pgm", "ppm", "pbm",
    "pnm",
];

/// Whether a name begins with a dot: what systems keep beside files, such as `._000001.jpg`. In a folder, it
/// is no content.
#[must_use]
pub fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a file's name is that of a picture.
#[must_use]
pub fn is_image(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|e| IMAGE_EXTENSIONS.contains(&e.as_str()))
}

/// Whether a file's name is that of a video.
#[must_use]
pub fn is_video(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|e| VIDEO_EXTENSIONS.contains(&e.as_str()))
}
