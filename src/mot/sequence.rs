//! What belongs to a path: annotations, pictures and `seqinfo.ini`.

use super::{MotError, SeqInfo, holds_video};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// The parts of a sequence, as found on disk. Finding them reads folders, and no more than the first
/// bytes of a file.
#[derive(Clone, Debug, Default)]
pub struct SequencePaths {
    /// The folder of the sequence, where there is one.
    pub root: Option<PathBuf>,
    /// The annotation file to open.
    pub annotations: Option<PathBuf>,
    /// All annotation files of the sequence, the one to open among them.
    pub choices: Vec<PathBuf>,
    /// The folder of the pictures.
    pub images: Option<PathBuf>,
    /// The video, where there is one and no folder of pictures.
    pub video: Option<PathBuf>,
    /// What `seqinfo.ini` says.
    pub info: SeqInfo,
}

/// Annotation files listed at most for one sequence.
const MAX_CHOICES: usize = 200;
/// Text files that are no annotations.
const NOT_ANNOTATIONS: [&str; 4] = ["labels.txt", "seqmap.txt", "readme.txt", "classes.txt"];
/// How the names of videos end, in lower case.
pub const VIDEO_EXTENSIONS: [&str; 40] = [
    "mp4", "m4v", "mkv", "avi", "mov", "webm", "mpg", "mpeg", "ts", "mts", "m2ts", "wmv", "flv",
    "ogv", "3gp", "y4m", "vob", "mxf", "h264", "264", "avc", "h265", "265", "hevc", "mjpeg",
    "mjpg", "asf", "ivf", "ogg", "ogm", "f4v", "qt", "3g2", "m2v", "m1v", "divx", "nut", "rm",
    "obu", "dv",
];
const IMAGE_EXTENSIONS: [&str; 9] =
    ["jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff", "jpe", "jfif"];

impl SequencePaths {
    /// Finds what belongs to `path`: a MOT file, a video, a sequence folder or a folder of pictures.
    /// `images` overrides the picture folder.
    ///
    /// # Errors
    /// Where `path` can't be looked at, or is a folder with neither annotations nor pictures.
    pub fn find(path: &Path, images: Option<&Path>) -> Result<Self, MotError> {
        let about = std::fs::metadata(path)
            .map_err(|source| MotError::Open { path: path.to_owned(), source })?;
        let mut found = if about.is_dir() {
            in_folder(path)?
        } else if is_video(path) || holds_video(path) {
            around_video(path)
        } else {
            around_file(path)
        };
        if let Some(root) = &found.root
            && images.is_none()
        {
            found.info.say_where_pictures_are(root, found.images.as_deref());
        }
        if let Some(images) = images {
            let refused = |source| MotError::Open { path: images.to_owned(), source };
            if !std::fs::metadata(images).map_err(refused)?.is_dir() {
                return Err(refused(std::io::Error::other("it is no folder")));
            }
            found.images = Some(images.to_owned());
            found.video = None;
        }
        Ok(found)
    }

    /// The same with a certain video in place of the pictures that were found.
    ///
    /// # Errors
    /// Where there is no such file.
    pub fn with_video(mut self, video: Option<&Path>) -> Result<Self, MotError> {
        if let Some(video) = video {
            let refused = |source| MotError::Open { path: video.to_owned(), source };
            if std::fs::metadata(video).map_err(refused)?.is_dir() {
                return Err(refused(std::io::Error::other("it is a folder")));
            }
            self.images = None;
            self.video = Some(video.to_owned());
        }
        Ok(self)
    }

    /// A video, and what lies with it.
    #[must_use]
    pub fn of_video(path: &Path) -> Self {
        around_video(path)
    }

    /// The name to show: of the folder, else of the file.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = [&self.root, &self.annotations, &self.images, &self.video];
        let named = parts.into_iter().find_map(|part| part.as_deref());
        let shown = named.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let name = self.info.name.clone().or(shown).unwrap_or_else(|| "sequence".to_owned());
        crate::text::line(&name).into_owned()
    }
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

fn in_folder(path: &Path) -> Result<SequencePaths, MotError> {
    let info = SeqInfo::read(&path.join("seqinfo.ini"));
    let choices = annotation_files(path)?;
    let images = images_of(path, &info).or_else(|| has_images(path).then(|| path.to_owned()));
    let video = images.is_none().then(|| video_of(path, &info, None)).flatten();
    if choices.is_empty() && images.is_none() && video.is_none() {
        // A folder of sequences is opened at its only one.
        return match &sequences_in(path)[..] {
            [only] => in_folder(only),
            [] => Err(match videos_in(path) {
                videos if videos.is_empty() => MotError::NothingInFolder { path: path.to_owned() },
                videos => MotError::SeveralVideos { path: path.to_owned(), videos },
            }),
            several => Err(MotError::SeveralInFolder {
                path: path.to_owned(),
                sequences: several.to_vec(),
            }),
        };
    }
    // `img1` itself was opened: its sequence is the folder above.
    if choices.is_empty()
        && images.as_deref() == Some(path)
        && let Some(parent) = parent_of(path).filter(|parent| parent.join("seqinfo.ini").exists())
    {
        return in_folder(&parent);
    }
    Ok(SequencePaths {
        root: Some(path.to_owned()),
        annotations: choices.first().cloned(),
        choices,
        images,
        video,
        info,
    })
}

/// The sequences right below a folder.
fn sequences_in(folder: &Path) -> Vec<PathBuf> {
    /// Things looked at in a folder.
    const MOST: usize = 2000;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST);
    let is_sequence = |path: &PathBuf| {
        ["seqinfo.ini", "gt/gt.txt", "det/det.txt", "img1"]
            .iter()
            .any(|part| path.join(part).exists())
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_sequence).collect();
    found.sort();
    found
}

/// The folder that a path lies in; for a bare name that is `.`, above that is `..`.
fn parent_of(path: &Path) -> Option<PathBuf> {
    if path == Path::new(".") {
        return Some("..".into());
    }
    if path.ends_with("..") {
        return Some(path.join(".."));
    }
    let parent = path.parent()?;
    Some(if parent.as_os_str().is_empty() { ".".into() } else { parent.to_owned() })
}

fn around_file(path: &Path) -> SequencePaths {
    let near = parent_of(path);
    let far = near.as_deref().and_then(parent_of);
    let folders = near.iter().chain(far.iter()).map(PathBuf::as_path);
    let root = folders
        .map(Path::to_owned)
        .find(|folder| folder.join("seqinfo.ini").is_file() || folder.join("img1").is_dir());
    let root = root.as_deref();
    let info = root.map(|root| SeqInfo::read(&root.join("seqinfo.ini"))).unwrap_or_default();
    let images = root.and_then(|root| images_of(root, &info));
    let beside = root.or(near.as_deref());
    let none = images.is_none();
    let video =
        beside.filter(|_| none).and_then(|folder| video_of(folder, &info, path.file_stem()));
    let mut choices = root.and_then(|root| annotation_files(root).ok()).unwrap_or_default();
    if !choices.iter().any(|choice| choice == path) {
        choices.insert(0, path.to_owned());
    }
    SequencePaths {
        root: root.map(Path::to_owned),
        annotations: Some(path.to_owned()),
        choices,
        images,
        video,
        info,
    }
}

/// A video, and the annotations that bear its name or lie with it alone.
fn around_video(path: &Path) -> SequencePaths {
    let folder = parent_of(path);
    let info = folder.as_deref().map(|folder| SeqInfo::read(&folder.join("seqinfo.ini")));
    let named = ["txt", "csv"].map(|extension| path.with_extension(extension));
    let named = named.into_iter().find(|annotations| annotations.is_file());
    let alone = folder.as_deref().filter(|folder| videos_in(folder).len() == 1);
    let mut choices = alone.and_then(|folder| annotation_files(folder).ok()).unwrap_or_default();
    if let Some(named) = named.as_ref().filter(|named| !choices.contains(named)) {
        choices.insert(0, named.clone());
    }
    SequencePaths {
        root: None,
        annotations: named.or_else(|| choices.first().cloned()),
        choices,
        images: None,
        video: Some(path.to_owned()),
        info: info.unwrap_or_default(),
    }
}

/// Things in a folder that is about one sequence.
const FEW: usize = 40;
/// Videos looked at in a folder.
const MAX_VIDEOS: usize = 1000;

fn videos_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let videos = entries.map(|entry| entry.path()).filter(|path| is_video(path));
    let mut videos: Vec<PathBuf> = videos.take(MAX_VIDEOS).collect();
    videos.sort();
    videos
}

/// The video of a sequence: the one that bears its name, in its folder or beside that; else the only
/// one in its folder.
fn video_of(folder: &Path, info: &SeqInfo, stem: Option<&OsStr>) -> Option<PathBuf> {
    let full = std::path::absolute(folder).ok();
    let own = full.as_deref().and_then(Path::file_name);
    let names = [info.name.as_deref().map(OsStr::new), stem, own];
    let within = videos_in(folder);
    let bears = |name: &OsStr| {
        let named = within.iter().find(|video| video.file_stem() == Some(name));
        named.cloned()
    };
    let found = names.into_iter().flatten().find_map(bears);
    let beside = || {
        let above = full.as_deref().and_then(Path::parent)?;
        videos_in(above).into_iter().find(|video| video.file_stem() == own)
    };
    // In a folder of many things, one video says nothing.
    let few = || std::fs::read_dir(folder).is_ok_and(|all| all.take(FEW + 1).count() <= FEW);
    let only = || (within.len() == 1 && few()).then(|| within[0].clone());
    found.or_else(only).or_else(beside)
}

fn images_of(root: &Path, info: &SeqInfo) -> Option<PathBuf> {
    let named = info.image_dir.as_deref().map(|name| root.join(name));
    named.into_iter().chain([root.join("img1")]).find(|folder| folder.is_dir())
}

/// Annotation files of a sequence: ground truth first, then what trackers made of it, then the
/// detections that they began with, then the others.
fn annotation_files(root: &Path) -> Result<Vec<PathBuf>, MotError> {
    let in_root = text_files(root)?;
    let within = |folder: &str| text_files(&root.join(folder)).unwrap_or_default();
    let named = |names: [&str; 2]| {
        names.map(|name| root.join(name)).into_iter().filter(|path| path.is_file())
    };
    let mut found: Vec<PathBuf> = Vec::new();
    let all = named(["gt/gt.txt", "gt.txt"])
        .chain(within("results"))
        .chain(named(["det/det.txt", "det.txt"]))
        .chain(in_root)
        .chain(within("gt"))
        .chain(within("det"));
    for path in all {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found.truncate(MAX_CHOICES);
    Ok(found)
}

fn text_files(folder: &Path) -> Result<Vec<PathBuf>, MotError> {
    let refused = |source| MotError::Open { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(refused)?.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let text = extension.is_some_and(|extension| extension == "txt" || extension == "csv");
        if text && !NOT_ANNOTATIONS.contains(&name.as_str()) && path.is_file() {
            files.push(path);
        }
        if files.len() == MAX_CHOICES {
            break;
        }
    }
    files.sort();
    Ok(files)
}

fn has_images(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.take(1000).any(|entry| is_image(&entry.path()))
}
