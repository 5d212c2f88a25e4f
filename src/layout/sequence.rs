//! What belongs to a path: annotations, pictures and `seqinfo.ini`.

mod pictures;

use super::{LayoutError, SeqInfo, layer_name, results_of, sequence_of};
use crate::{
    media::{Video, is_hidden, is_image, is_video},
    storage::{holds_video, is_binary, is_drawn},
};
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
    /// Folders that may hold the pictures, where nothing tells which of them does.
    pub image_choices: Vec<PathBuf>,
    /// The video, where there is one and no folder of pictures.
    pub video: Option<PathBuf>,
    /// What `seqinfo.ini` says.
    pub info: SeqInfo,
}

/// Annotation files listed at most for one sequence.
const MAX_CHOICES: usize = 200;
/// Text files that are no annotations.
const NOT_ANNOTATIONS: [&str; 4] = ["labels.txt", "seqmap.txt", "readme.txt", "classes.txt"];
/// As [`SequencePaths::find`], with a certain video where there is one. What is neither text nor begins
/// as a well-known kind of video is shown to FFmpeg, which takes a moment.
///
/// # Errors
/// As [`SequencePaths::find`] and [`SequencePaths::with_video`].
pub fn find_sequence(
    path: &Path,
    images: Option<&Path>,
    video: Option<&Path>,
) -> Result<SequencePaths, LayoutError> {
    let mut found = SequencePaths::find(path, images)?;
    let is_unknown = found.annotations.as_deref() == Some(path) && is_binary(path);
    if is_unknown && Video::is_media(path) {
        found = SequencePaths::of_video(path);
    }
    found.with_video(video)
}

impl SequencePaths {
    /// Finds what belongs to `path`: a MOT file, a video, a sequence folder or a folder of pictures.
    /// `images` overrides the picture folder.
    ///
    /// # Errors
    /// Where `path` can't be looked at, or is a folder with neither annotations nor pictures.
    pub fn find(path: &Path, images: Option<&Path>) -> Result<Self, LayoutError> {
        let about = std::fs::metadata(path)
            .map_err(|source| LayoutError::Open { path: path.to_owned(), source })?;
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
            let refused = |source| LayoutError::Open { path: images.to_owned(), source };
            if !std::fs::metadata(images).map_err(refused)?.is_dir() {
                return Err(refused(std::io::Error::other("it is no folder")));
            }
            found.images = Some(images.to_owned());
            found.image_choices = Vec::new();
            found.video = None;
        }
        Ok(found)
    }

    /// The same with a certain video in place of the pictures that were found.
    ///
    /// # Errors
    /// Where there is no such file.
    pub fn with_video(mut self, video: Option<&Path>) -> Result<Self, LayoutError> {
        if let Some(video) = video {
            let refused = |source| LayoutError::Open { path: video.to_owned(), source };
            if std::fs::metadata(video).map_err(refused)?.is_dir() {
                return Err(refused(std::io::Error::other("it is a folder")));
            }
            self.images = None;
            self.image_choices = Vec::new();
            self.video = Some(video.to_owned());
        }
        Ok(self)
    }

    /// A video, and what lies with it.
    #[must_use]
    pub fn of_video(path: &Path) -> Self {
        around_video(path)
    }

    /// Whether `path` is the video or the folder of the pictures, and not the sequence's or its annotations.
    #[must_use]
    pub fn is_of_pictures(&self, path: &Path) -> bool {
        [&self.video, &self.images].into_iter().any(|part| part.as_deref() == Some(path))
    }

    /// Where there are folders that may hold the pictures, a sentence that names them.
    #[must_use]
    pub fn which_pictures(&self) -> Option<String> {
        let names: Vec<String> =
            self.image_choices.iter().map(|folder| folder.display().to_string()).collect();
        let (last, others) = names.split_last()?;
        let others = others.join(", ");
        Some(format!("The pictures may be in {others} or {last}: name the folder with --images."))
    }

    /// What one of the annotation files is called in a list of them: its place in the sequence's folder, or the
    /// tracker that it is of.
    #[must_use]
    pub fn choice_name(&self, choice: &Path) -> String {
        let within = self.root.as_deref().and_then(|root| choice.strip_prefix(root).ok());
        match within {
            Some(within) => crate::text::path(within).to_string(),
            None if self.root.is_some() => layer_name(choice, &self.sequence()),
            None => crate::text::path(choice).to_string(),
        }
    }

    /// The name of its folder, which results of trackers are called by; empty where there is none.
    #[must_use]
    pub fn sequence(&self) -> String {
        let root = self.root.as_deref().map(crate::storage::absolute);
        let name = root.as_deref().and_then(Path::file_name);
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
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

/// What a folder holds, but for what is hidden, and the paths of it.
pub(super) fn within(folder: &Path) -> std::io::Result<impl Iterator<Item = PathBuf> + use<>> {
    let entries = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    Ok(entries.filter(|path| !is_hidden(path)))
}

fn in_folder(path: &Path) -> Result<SequencePaths, LayoutError> {
    let info = SeqInfo::read(&path.join("seqinfo.ini"));
    let choices = annotation_files(path)?;
    let own = images_of(path, &info).or_else(|| has_images(path).then(|| path.to_owned()));
    let (images, mut image_choices) = only(own, || pictures::folders_in(path));
    if choices.is_empty() && image_choices.len() > 1 {
        // Without annotations, each is a sequence of its own.
        return several(path, std::mem::take(&mut image_choices));
    }
    let video = images.is_none().then(|| video_of(path, &info, None)).flatten();
    if choices.is_empty() && images.is_none() && video.is_none() {
        // A folder of sequences is opened at its only one.
        return match &sequences_in(path)[..] {
            [only] => in_folder(only),
            [] => match (&pictures::sequences_below(path)[..], videos_in(path)) {
                ([], videos) if videos.is_empty() => {
                    Err(LayoutError::NothingInFolder { path: path.to_owned() })
                }
                ([only], videos) if videos.is_empty() => in_folder(only),
                (below, videos) if videos.is_empty() => several(path, below.to_vec()),
                (_, videos) => Err(LayoutError::SeveralVideos { path: path.to_owned(), videos }),
            },
            all => several(path, all.to_vec()),
        };
    }
    // `img1` itself was opened: its sequence is the folder above.
    if choices.is_empty()
        && images.as_deref() == Some(path)
        && let Some(parent) = parent_of(path).filter(|parent| parent.join("seqinfo.ini").exists())
    {
        return in_folder(&parent);
    }
    let mut choices = choices;
    if choices.is_empty() && images.as_deref() == Some(path) {
        choices = around_pictures(path);
    }
    Ok(SequencePaths {
        root: Some(path.to_owned()),
        annotations: choices.first().cloned(),
        choices,
        images,
        image_choices,
        video,
        info,
    })
}

fn several(path: &Path, sequences: Vec<PathBuf>) -> Result<SequencePaths, LayoutError> {
    Err(LayoutError::SeveralInFolder { path: path.to_owned(), sequences })
}

/// What is known, else the only one of those that are found; else all of them.
fn only(
    known: Option<PathBuf>,
    find: impl FnOnce() -> Vec<PathBuf>,
) -> (Option<PathBuf>, Vec<PathBuf>) {
    if known.is_some() {
        return (known, Vec::new());
    }
    match &find()[..] {
        [only] => (Some(only.clone()), Vec::new()),
        several => (None, several.to_vec()),
    }
}

/// The annotations of a folder of pictures that was opened itself: those that bear its name, else those of
/// the sequence that it lies in.
fn around_pictures(path: &Path) -> Vec<PathBuf> {
    let named = pictures::annotations_of(path);
    if !named.is_empty() {
        return named;
    }
    let above = parent_of(path).filter(|above| {
        ["gt/gt.txt", "gt.txt", "det/det.txt"].iter().any(|name| above.join(name).is_file())
    });
    above.and_then(|above| annotation_files(&above).ok()).unwrap_or_default()
}

/// Whether a folder is that of a sequence.
pub(super) fn is_sequence(folder: &Path) -> bool {
    let parts = ["seqinfo.ini", "gt/gt.txt", "det/det.txt", "img1"];
    parts.iter().any(|part| folder.join(part).exists())
}

/// The sequences right below a folder.
pub(super) fn sequences_in(folder: &Path) -> Vec<PathBuf> {
    /// Things looked at in a folder.
    const MOST: usize = 2000;
    let entries = within(folder).into_iter().flatten().take(MOST);
    let mut found: Vec<PathBuf> = entries.filter(|path| is_sequence(path)).collect();
    found.sort();
    found
}

/// The folder that a path lies in; for a bare name that is `.`, above that is `..`.
pub(super) fn parent_of(path: &Path) -> Option<PathBuf> {
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
        .find(|folder| folder.join("seqinfo.ini").is_file() || folder.join("img1").is_dir())
        .or_else(|| sequence_of(path));
    let root = root.as_deref();
    let info = root.map(|root| SeqInfo::read(&root.join("seqinfo.ini"))).unwrap_or_default();
    let own = root.and_then(|root| images_of(root, &info));
    let guessed = || if has_video(path) { Vec::new() } else { pictures::of_file(path) };
    let (images, image_choices) = only(own, guessed);
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
        image_choices,
        video,
        info,
    }
}

/// Whether a video of the same name lies beside annotations, which says more than a folder of any name.
fn has_video(annotations: &Path) -> bool {
    let folder = parent_of(annotations);
    let mut videos = folder.as_deref().map(videos_in).unwrap_or_default().into_iter();
    videos.any(|video| video.file_stem() == annotations.file_stem() && !is_drawn(&video))
}

/// A video, and the annotations that bear its name or lie with it alone.
fn around_video(path: &Path) -> SequencePaths {
    let folder = parent_of(path);
    let info = folder.as_deref().map(|folder| SeqInfo::read(&folder.join("seqinfo.ini")));
    let named = ["txt", "csv"].map(|extension| path.with_extension(extension));
    let named = named.into_iter().find(|annotations| annotations.is_file() && annotations != path);
    let alone = folder.as_deref().filter(|folder| videos_in(folder).len() == 1);
    let mut choices = alone.and_then(|folder| annotation_files(folder).ok()).unwrap_or_default();
    choices.retain(|choice| choice != path);
    if let Some(named) = named.as_ref().filter(|named| !choices.contains(named)) {
        choices.insert(0, named.clone());
    }
    SequencePaths {
        root: None,
        annotations: named.or_else(|| choices.first().cloned()),
        choices,
        images: None,
        image_choices: Vec::new(),
        video: Some(path.to_owned()),
        info: info.unwrap_or_default(),
    }
}

/// Things in a folder that is about one sequence.
const FEW: usize = 40;
/// Videos looked at in a folder.
const MAX_VIDEOS: usize = 1000;
/// Videos of a folder that are looked into.
const MAX_FILMS: usize = 10;

fn videos_in(folder: &Path) -> Vec<PathBuf> {
    let entries = within(folder).into_iter().flatten();
    let videos = entries.filter(|path| is_video(path));
    let mut videos: Vec<PathBuf> = videos.take(MAX_VIDEOS).collect();
    videos.sort();
    videos
}

/// The video of a sequence: the one that bears its name, in its folder or beside that; else the only
/// one in its folder. Films that boxes were drawn on are none.
fn video_of(folder: &Path, info: &SeqInfo, stem: Option<&OsStr>) -> Option<PathBuf> {
    let full = std::path::absolute(folder).ok();
    let own = full.as_deref().and_then(Path::file_name);
    let names = [info.name.as_deref().map(OsStr::new), stem, own];
    let mut videos = videos_in(folder);
    // Each is looked into, and of many none is the only one.
    if videos.len() <= MAX_FILMS {
        videos.retain(|video| !is_drawn(video));
    }
    let bears = |name: &OsStr| {
        let named = videos.iter().find(|video| video.file_stem() == Some(name));
        named.cloned()
    };
    let found = names.into_iter().flatten().find_map(bears);
    let beside = || {
        let above = full.as_deref().and_then(Path::parent)?;
        videos_in(above).into_iter().find(|video| video.file_stem() == own)
    };
    // In a folder of many things, one video says nothing.
    let few = || within(folder).is_ok_and(|all| all.take(FEW + 1).count() <= FEW);
    let only = || (videos.len() == 1 && few()).then(|| videos[0].clone());
    found.or_else(only).or_else(beside)
}

/// The folder of the pictures: the one that `seqinfo.ini` names, else `img1`. Where none of the two holds
/// pictures, the first that is there.
fn images_of(root: &Path, info: &SeqInfo) -> Option<PathBuf> {
    let named = info.image_dir.as_deref().map(|name| root.join(name));
    let folders = || named.clone().into_iter().chain([root.join("img1")]);
    folders().find(|folder| has_images(folder)).or_else(|| folders().find(|folder| folder.is_dir()))
}

/// Annotation files of a sequence: ground truth first, then what trackers made of it, then the
/// detections that they began with, then the others.
fn annotation_files(root: &Path) -> Result<Vec<PathBuf>, LayoutError> {
    let in_root = text_files(root)?;
    let texts = |folder: &str| text_files(&root.join(folder)).unwrap_or_default();
    let named = |names: [&str; 2]| {
        names.map(|name| root.join(name)).into_iter().filter(|path| path.is_file())
    };
    let mut found: Vec<PathBuf> = Vec::new();
    let all = named(["gt/gt.txt", "gt.txt"])
        .chain(texts("results"))
        .chain(named(["det/det.txt", "det.txt"]))
        .chain(in_root)
        .chain(texts("gt"))
        .chain(texts("det"));
    let elsewhere = if is_sequence(root) { results_of(root) } else { Vec::new() };
    for path in all.chain(elsewhere) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found.truncate(MAX_CHOICES);
    Ok(found)
}

fn text_files(folder: &Path) -> Result<Vec<PathBuf>, LayoutError> {
    let refused = |source| LayoutError::Open { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for path in within(folder).map_err(refused)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
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

/// A single moving picture is a video.
fn has_images(folder: &Path) -> bool {
    let still = |path: &PathBuf| !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gif"));
    let images = within(folder).into_iter().flatten().take(1000).filter(|path| is_image(path));
    images.take(2).enumerate().any(|(before, path)| before > 0 || still(&path))
}
