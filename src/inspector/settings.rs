//! What is kept from one start to the next.

mod lenient;

use super::{CacheKind, ColorBy, MOST_REACH, PerCache, Playback, SPEEDS, Suspected, Tab, Tuning};
use crate::{formats::mot::Columns, media::Alignment, model::Role};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Recent paths kept.
pub const MAX_RECENT: usize = 12;
/// Layers that are kept of what was open together.
pub const MAX_TOGETHER: usize = 64;
/// Files whose alignment is kept.
pub const MAX_ALIGNMENTS: usize = 100;
/// Files whose columns are kept.
pub const MAX_READINGS: usize = 100;

/// Which trails are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrailSettings {
    /// Whether there are any.
    pub on: bool,
    /// Frames before.
    pub back: u32,
    /// Frames after.
    pub ahead: u32,
    /// Whether they show speed as colour.
    pub speed: bool,
}

impl Default for TrailSettings {
    fn default() -> Self {
        Self { on: false, back: 30, ahead: 0, speed: false }
    }
}

/// Annotations, and the pictures or the video that is shown under them.
pub type Pairing = [Option<PathBuf>; 2];

/// A layer as it was last open with others: its file, what its boxes are, and how many frames later they are than
/// its lines say.
pub type KeptLayer = (PathBuf, Role, i32);

/// Settings of the window. Unknown fields of later versions are kept, absent ones have their defaults; see
/// [`Settings::read`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Dark or light.
    pub dark: bool,
    /// Whether boxes have labels.
    pub labels: bool,
    /// Whether the panels beside the picture are seen.
    pub panel: bool,
    /// The panel that was shown last.
    pub tab: Tab,
    /// Whose numbers the cache panel shows.
    pub cache: CacheKind,
    /// Speed and looping.
    pub playback: Playback,
    /// Whether lines that are appended to the file are taken in as they come.
    pub follow: bool,
    /// How the caches are set up, annotations first.
    pub tuning: PerCache<Tuning>,
    /// What boxes are coloured by.
    pub color_by: ColorBy,
    /// Which trails are drawn.
    pub trails: TrailSettings,
    /// Whether the lanes of the tracks are seen.
    pub lanes: bool,
    /// Whether a filmstrip shows a track's whole life, and not only what is around the current frame.
    pub whole_life: bool,
    /// Whether the live strip of the caches is seen.
    pub live: bool,
    /// Which suspicions are listed.
    pub suspected: Suspected,
    /// Whether the hints of the first start were put away.
    pub welcomed: bool,
    /// What was opened, newest first.
    pub recent: Vec<PathBuf>,
    /// The layers that were last open with a recent path: newest first.
    pub together: Vec<(PathBuf, Vec<KeptLayer>)>,
    /// Which pictures belong to which frames, where the person set that: newest first.
    pub alignments: Vec<(Pairing, Alignment)>,
    /// How the columns of annotation files are read, where the person chose that: newest first. As text, so
    /// that what is no longer understood costs that file's alone.
    pub readings: Vec<(PathBuf, String)>,
    /// Which values of the pictures of a folder are black and white, where the person set that: newest first.
    pub ranges: Vec<(PathBuf, [f32; 2])>,
    /// Fields of later versions, as they stand.
    #[serde(flatten)]
    pub later: BTreeMap<String, serde_json::Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dark: true,
            labels: true,
            panel: true,
            tab: Tab::default(),
            cache: CacheKind::default(),
            playback: Playback::default(),
            follow: false,
            color_by: ColorBy::default(),
            trails: TrailSettings::default(),
            lanes: true,
            whole_life: true,
            live: true,
            suspected: Suspected::default(),
            welcomed: false,
            tuning: PerCache::of(Tuning::of),
            recent: Vec::new(),
            together: Vec::new(),
            alignments: Vec::new(),
            readings: Vec::new(),
            ranges: Vec::new(),
            later: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Within what is possible, whoever wrote them.
    #[must_use]
    pub fn sane(self) -> Self {
        let TrailSettings { back, ahead, .. } = self.trails;
        let trails = TrailSettings {
            back: back.min(MOST_REACH),
            ahead: ahead.min(MOST_REACH),
            ..self.trails
        };
        let Suspected { kinds, min_certainty } = self.suspected;
        let suspected = Suspected { kinds, min_certainty: min_certainty.clamp(0.0, 1.0) };
        let mut playback = self.playback;
        if !SPEEDS.contains(&playback.speed) {
            playback.speed = Playback::default().speed;
        }
        Self { tuning: self.tuning.map(Tuning::clamped), trails, suspected, playback, ..self }
    }

    /// Which pictures belong to which frames, where the person has set that.
    #[must_use]
    pub fn alignment_of(&self, pairing: &Pairing) -> Option<Alignment> {
        let known = self.alignments.iter().find(|(known, _)| known == pairing);
        known.map(|(_, alignment)| *alignment)
    }

    /// Keeps which pictures belong to which frames.
    pub fn align(&mut self, pairing: &Pairing, alignment: Alignment) {
        self.alignments.retain(|(known, _)| known != pairing);
        // Other names can't be written down.
        let is_text = pairing.iter().flatten().all(|path| path.to_str().is_some());
        if is_text && alignment != Alignment::default() {
            self.alignments.insert(0, (pairing.clone(), alignment));
            self.alignments.truncate(MAX_ALIGNMENTS);
        }
    }

    /// Keeps how the columns of an annotation file are read; `None`: as the file itself tells.
    pub fn read_as(&mut self, path: &Path, columns: Option<Columns>) {
        self.readings.retain(|(known, _)| known != path);
        // Other names can't be written down.
        if let Some(columns) = columns.filter(|_| path.to_str().is_some()) {
            self.readings.insert(0, (path.to_owned(), columns.to_string()));
            self.readings.truncate(MAX_READINGS);
        }
    }

    /// The columns of annotation files that the person has chosen.
    #[must_use]
    pub fn chosen_columns(&self) -> Vec<(PathBuf, Columns)> {
        let read = |(path, text): &(PathBuf, String)| Some((path.clone(), text.parse().ok()?));
        self.readings.iter().filter_map(read).collect()
    }

    /// Which values are black and white, where the person has set that.
    #[must_use]
    pub fn range_of(&self, [_, pictures]: &Pairing) -> Option<[f32; 2]> {
        let known = self.ranges.iter().find(|(known, _)| Some(known) == pictures.as_ref());
        known.map(|(_, range)| *range)
    }

    /// Keeps which values are black and white.
    pub fn set_range(&mut self, [_, pictures]: &Pairing, range: Option<[f32; 2]>) {
        // Other names can't be written down.
        let Some(path) = pictures.as_ref().filter(|path| path.to_str().is_some()) else { return };
        self.ranges.retain(|(known, _)| known != path);
        if let Some(range) = range {
            self.ranges.insert(0, (path.clone(), range));
            self.ranges.truncate(MAX_ALIGNMENTS);
        }
    }

    /// Puts a path at the head of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        // Other names can't be written down.
        if path.to_str().is_none() {
            return;
        }
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(MAX_RECENT);
        let Self { recent, together, .. } = self;
        together.retain(|(known, _)| recent.contains(known));
    }

    /// Keeps which layers are open with a recent path.
    pub fn keep_together(&mut self, path: &Path, layers: &[KeptLayer]) {
        self.together.retain(|(known, _)| known != path);
        // Other names can't be written down.
        let is_text = |(path, ..): &&KeptLayer| path.to_str().is_some();
        let layers: Vec<_> = layers.iter().filter(is_text).take(MAX_TOGETHER).cloned().collect();
        if self.recent.iter().any(|recent| recent == path) && !layers.is_empty() {
            self.together.insert(0, (path.to_owned(), layers));
        }
    }

    /// The layers that were last open with a recent path.
    #[must_use]
    pub fn layers_with(&self, path: &Path) -> &[KeptLayer] {
        let known = self.together.iter().find(|(known, _)| known == path);
        known.map_or(&[], |(_, layers)| layers)
    }

    /// Forgets what was opened.
    pub fn forget_recent(&mut self) {
        self.recent.clear();
        self.together.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_paths_are_few_distinct_and_newest_first() {
        let mut settings = Settings::default();
        for number in 0..20 {
            settings.remember(Path::new(&format!("/{}", number % 15)));
        }
        assert_eq!(settings.recent.len(), MAX_RECENT);
        assert_eq!(settings.recent[0], Path::new("/4"));
        assert_eq!(settings.recent.iter().filter(|p| *p == Path::new("/4")).count(), 1);
    }

    #[test]
    fn layers_are_kept_with_recent_paths_alone() {
        let mut settings = Settings::default();
        let [gt, other] = ["/gt.txt", "/other.txt"].map(Path::new);
        let layers = [(PathBuf::from("/sort.txt"), Role::Result, -1)];
        settings.remember(gt);
        settings.keep_together(gt, &layers);
        settings.keep_together(other, &layers);
        assert_eq!(settings.layers_with(gt), layers);
        assert_eq!(settings.layers_with(other), [], "it was never opened");
        settings.keep_together(gt, &[]);
        assert_eq!(settings.together, [], "all layers but the first were removed");
        settings.keep_together(gt, &layers);
        for number in 0..MAX_RECENT {
            settings.remember(Path::new(&format!("/{number}")));
        }
        assert_eq!(settings.together, [], "it is no longer recent");
        settings.remember(gt);
        settings.keep_together(gt, &layers);
        settings.forget_recent();
        assert_eq!((settings.recent.len(), settings.together.len()), (0, 0));
    }

    #[test]
    fn alignments_are_kept_a_file_and_few() {
        let mut settings = Settings::default();
        let pairing = |number| [Some(PathBuf::from(format!("/{number}"))), None];
        let aligned = |offset: i32| Alignment { offset: offset.into(), ..Alignment::default() };
        for number in 0..150 {
            settings.align(&pairing(number), aligned(number + 1));
        }
        assert_eq!(settings.alignments.len(), MAX_ALIGNMENTS);
        assert_eq!(settings.alignment_of(&pairing(149)), Some(aligned(150)));
        assert_eq!(settings.alignment_of(&pairing(3)), None);
        settings.align(&pairing(149), Alignment::default());
        assert_eq!(settings.alignments.len(), MAX_ALIGNMENTS - 1);
    }

    #[test]
    fn columns_are_kept_a_file_and_few() {
        let mut settings = Settings::default();
        for number in 0..150 {
            settings.read_as(Path::new(&format!("/{number}")), Some(Columns::CORNERS));
        }
        assert_eq!(settings.readings.len(), MAX_READINGS);
        settings.readings.push(("/odd".into(), "frame,what".to_owned()));
        let text = serde_json::to_string(&settings).expect("writes");
        let mut settings: Settings = serde_json::from_str(&text).expect("reads");
        let chosen = settings.chosen_columns();
        assert_eq!(chosen.len(), MAX_READINGS, "what is not understood is left out");
        assert_eq!(chosen[0], ("/149".into(), Columns::CORNERS));
        settings.read_as(Path::new("/149"), None);
        assert_eq!(settings.chosen_columns()[0].0, Path::new("/148"));
    }

    #[test]
    fn ranges_are_kept_a_folder() {
        let mut settings = Settings::default();
        let pairing = |name: &str| [None, Some(PathBuf::from(name))];
        settings.set_range(&pairing("/a"), Some([1.0, 2.0]));
        settings.set_range(&pairing("/b"), Some([3.0, 4.0]));
        assert_eq!(settings.range_of(&pairing("/a")), Some([1.0, 2.0]));
        settings.set_range(&pairing("/a"), None);
        assert_eq!((settings.range_of(&pairing("/a")), settings.ranges.len()), (None, 1));
        assert_eq!(settings.range_of(&[None, None]), None);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_do_not_keep_the_rest_from_being_written() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let path = Path::new(OsStr::from_bytes(b"/odd-\xFF"));
        let mut settings = Settings::default();
        settings.remember(path);
        let pairing = [None, Some(path.to_owned())];
        settings.align(&pairing, Alignment { offset: 3.into(), ..Alignment::default() });
        assert!(serde_json::to_string(&settings).is_ok());
    }

    #[test]
    fn settings_of_other_versions_still_open() {
        let settings: Settings =
            serde_json::from_str(r#"{"dark": false, "later": 3}"#).expect("reads");
        let later = settings.later.clone();
        assert_eq!(later.get("later"), Some(&serde_json::json!(3)));
        assert_eq!(settings, Settings { dark: false, later, ..Settings::default() });
    }
}
