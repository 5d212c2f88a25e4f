//! Opening a path on a thread of its own, while what was open stays open.

use super::{
    LayerFile, PictureTrack, Session, SharedLog, Shown,
    comparing::Comparing,
    filmstrip::strip_maker,
    frame_table::FrameTable,
    layer::LayerParts,
    reader::{File, install},
    reading::{Reader, Reading, ReadingState},
    role::PresumedRole,
    status::Notify,
    tuning::{Walk, cache},
};
use crate::{
    cache::{Cache, Snapshot, Stats},
    formats::{
        lines::Index,
        mot::{Columns, MotError, MotFile, MotProvider},
    },
    inspector::{CacheKind, Origin, PickedTrack, Region, Tuning},
    layout::{Benchmark, LayoutError, SequencePaths, counterpart, find_sequence, layer_name},
    media::{
        Alignment, Ffmpeg, ImageSequence, News, PictureError, Pictures, Video, VideoError,
        VideoOptions,
    },
    model::{LayerId, Role},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use thiserror::Error;

/// What to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file or folder.
    Path(PathBuf),
    /// The sequence that comes with the program.
    Demo,
}

/// What was open of a sequence, to open the same of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    /// The folder of the sequence.
    pub sequence: PathBuf,
    /// The layers that were open, the first of them first.
    pub layers: Vec<LayerFile>,
}

/// What to open, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What.
    pub target: Target,
    /// What the boxes of the target are; `None`: as its name tells.
    pub role: Option<Role>,
    /// Further annotations, to be added as layers once it is open.
    pub layers: Vec<LayerFile>,
    /// The sequence that was open before, where this is another of its benchmark: what is the same of both is
    /// opened.
    pub like: Option<Like>,
    /// The track to be selected.
    pub track: Option<PickedTrack>,
    /// The part of the picture to be shown.
    pub region: Option<Region>,
    /// A picture folder in place of the one that is found.
    pub images: Option<PathBuf>,
    /// A video in place of the pictures that are found.
    pub video: Option<PathBuf>,
    /// Which of the streams of pictures in a video, counted from 0.
    pub stream: usize,
    /// The frame to begin at.
    pub frame: Option<u32>,
    /// Which pictures belong to which frames, where that was set before.
    pub alignment: Option<Alignment>,
    /// Whether that goes before what is kept for the files.
    pub aligned: bool,
    /// What the columns of the annotations hold, where a person says so.
    pub columns: Option<Columns>,
    /// What was chosen for annotation files before, by absolute paths.
    pub chosen: Vec<(PathBuf, Columns)>,
    /// Other annotation files that are known to belong to the same sequence.
    pub beside: Vec<PathBuf>,
}

impl Request {
    /// Opens a path at its first frame.
    #[must_use]
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::of(Target::Path(path.into()))
    }

    /// Opens the demo.
    #[must_use]
    pub fn demo() -> Self {
        Self::of(Target::Demo)
    }

    fn of(target: Target) -> Self {
        Self {
            target,
            role: None,
            layers: Vec::new(),
            like: None,
            track: None,
            region: None,
            images: None,
            video: None,
            stream: 0,
            frame: None,
            alignment: None,
            aligned: false,
            columns: None,
            chosen: Vec::new(),
            beside: Vec::new(),
        }
    }
}

/// Why nothing was opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The annotations can't be read.
    #[error(transparent)]
    Annotations(#[from] MotError),
    /// It can't be found out what belongs to the path.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The pictures can't be listed.
    #[error(transparent)]
    Pictures(#[from] PictureError),
}

/// How opening goes.
pub type OpeningState = ReadingState<Session>;

/// A sequence that is being opened. Dropping it stops the work.
pub struct Opening {
    /// What is being opened.
    pub request: Request,
    reading: Reading<Session>,
}

impl Opening {
    /// Begins to open. `notify` is called whenever there is something new to show, now and as long as the
    /// session lives.
    #[must_use]
    pub fn start(request: Request, log: SharedLog, notify: impl Into<Notify>) -> Self {
        let asked = request.clone();
        let read = move |reader: &Reader<Session>| Job { request: &asked, reader }.open();
        Self { request, reading: Reading::start(log, notify.into(), read) }
    }

    /// How it goes. Hands over the session once.
    pub fn poll(&mut self) -> OpeningState {
        self.reading.poll()
    }

    /// Done so far, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f32 {
        self.reading.progress()
    }

    /// Stops the work.
    pub fn cancel(&self) {
        self.reading.cancel();
    }
}

struct Job<'a> {
    request: &'a Request,
    reader: &'a Reader<Session>,
}

/// The parts of a sequence, found and not yet indexed.
struct Parts {
    found: Found,
    source: Arc<MotFile>,
    pictures: Option<Pictures>,
}

/// What was found of a sequence.
#[derive(Default)]
struct Found {
    paths: SequencePaths,
    /// Why pictures that are there can't be shown.
    trouble: Option<String>,
    benchmark: Option<Benchmark>,
    companions: Companions,
}

/// Layers to be opened with a sequence, as they were with another of its benchmark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Companions {
    /// Their counterparts.
    pub layers: Vec<LayerFile>,
    /// Those that have none.
    pub missing: Vec<PathBuf>,
}

impl Job<'_> {
    fn open(&self) -> Result<(), OpenError> {
        let Parts { found, source, pictures } = self.find()?;
        let paths = &found.paths;
        for warning in &paths.info.warnings {
            self.reader.log.add(Origin::Reader, warning.clone(), true);
        }
        let images = pictures.as_ref().and_then(Pictures::images);
        for note in images.into_iter().flat_map(ImageSequence::notes) {
            self.reader.log.add(Origin::Reader, note.clone(), false);
        }
        let alignment = self.request.alignment.unwrap_or_default();
        let notify = self.reader.notify.clone();
        let table =
            Arc::new(FrameTable::new(pictures.clone(), paths.info.length, alignment, notify));
        let provider = MotProvider::new(Arc::clone(&source), Arc::default());
        let annotations =
            Arc::new(cache(&table, &self.reader.log, provider, CacheKind::Annotations));
        let weak = Arc::downgrade(&annotations);
        table.add(LayerId::FIRST, weak.clone());
        let loaded = pictures.map(|pictures| {
            Arc::new(cache(&table, &self.reader.log, pictures, CacheKind::Pictures))
        });
        if let Some(loaded) = &loaded {
            table.set_loaded(Arc::downgrade(loaded));
        }
        self.listen_to_video(&table);
        let session = self.session(found, annotations, loaded, Arc::clone(&table));
        let mut session = Some(Box::new(session));
        let hand_over = |index: Index| {
            install(&self.reader.work, &weak, &table, index);
            if let Some(session) = session.take() {
                self.reader.hand_over(session);
            }
        };
        let file = File {
            work: &self.reader.work,
            annotations: weak.clone(),
            table: Arc::clone(&table),
            source: &source,
            log: &self.reader.log,
        };
        file.read(hand_over);
        Ok(())
    }

    fn find(&self) -> Result<Parts, OpenError> {
        let path = match &self.request.target {
            Target::Demo => {
                return crate::demo::parts()
                    .map(|(paths, source, images)| Parts {
                        found: Found { paths, ..Found::default() },
                        source,
                        pictures: Some(images.into()),
                    })
                    .map_err(OpenError::from);
            }
            Target::Path(path) => path,
        };
        let request = &self.request;
        let (images, video) = (request.images.as_deref(), request.video.as_deref());
        let (same, companions) = self.companions(path);
        let path = same.as_ref().unwrap_or(path);
        let (mut paths, benchmark) = match find_sequence(path, images, video) {
            // A benchmark is opened at its first sequence.
            Err(LayoutError::SeveralInFolder { sequences, .. }) if sequences.len() > 1 => {
                let paths = find_sequence(&sequences[0], images, video)?;
                (paths, Some(Benchmark { sequences, current: 0 }))
            }
            found => {
                let paths = found?;
                let benchmark = paths.root.as_deref().and_then(Benchmark::around);
                (paths, benchmark)
            }
        };
        if self.request.beside.contains(path) {
            paths.choices.clone_from(&self.request.beside);
        }
        let mut trouble = None;
        let source = match &paths.annotations {
            Some(annotations) => MotFile::open(annotations)?.recognised(
                self.request.columns.or_else(|| chosen(&self.request.chosen, annotations)),
            ),
            None => MotFile::from_memory("", b""),
        };
        let source = match source {
            // Whoever opens a video or pictures did not ask for what lies beside them.
            Err(reason) if paths.is_of_pictures(path) => {
                trouble = Some(reason.to_string());
                paths.annotations = None;
                MotFile::from_memory("", b"")?
            }
            opened => opened?,
        };
        let images = ImageSequence::of(paths.images.as_deref(), request.images.is_some())?;
        let mut pictures = images.map(Pictures::from);
        if let (None, Some(video)) = (&pictures, &paths.video) {
            match self.open_video(video) {
                Ok(video) => pictures = Some(video.into()),
                // The boxes are worth showing all the same.
                Err(error) if paths.annotations.is_some() => trouble = Some(error.to_string()),
                Err(error) => return Err(PictureError::from(error).into()),
            }
        }
        let source = Arc::new(source);
        Ok(Parts { found: Found { paths, trouble, benchmark, companions }, source, pictures })
    }

    /// What is the same in this sequence as was open of another: in place of its folder, and besides.
    fn companions(&self, path: &Path) -> (Option<PathBuf>, Companions) {
        let Some(like) = &self.request.like else { return (None, Companions::default()) };
        let counterpart = |layer: &LayerFile| counterpart(&layer.path, &like.sequence, path);
        let same = like.layers.first().and_then(counterpart);
        let mut found = Companions::default();
        for layer in like.layers.iter().skip(1) {
            match counterpart(layer) {
                Some(path) => found.layers.push(LayerFile { path, ..layer.clone() }),
                None => found.missing.push(layer.path.clone()),
            }
        }
        (same, found)
    }

    /// A video that is counted while nobody waits, and only once.
    fn open_video(&self, path: &Path) -> Result<Video, VideoError> {
        let options = VideoOptions {
            stream: self.request.stream,
            polite: true,
            kept_in: Video::usual_folder(),
            ..VideoOptions::default()
        };
        Video::open_with(path, Ffmpeg::find()?, options)
    }

    /// Takes in what becomes known of a video, as long as the session lives.
    fn listen_to_video(&self, table: &Arc<FrameTable>) {
        let Some(video) = table.pictures.as_ref().and_then(Pictures::video) else { return };
        let (weak, log) = (Arc::downgrade(table), self.reader.log.clone());
        video.on_news(move |news| {
            let Some(table) = weak.upgrade() else { return };
            if news == News::Renumbered {
                let text = "the video holds other pictures than its container says; counted anew";
                log.add(Origin::Reader, text, false);
                table.drop_pictures();
            }
            table.put_together_anew();
        });
    }

    fn session(
        &self,
        found: Found,
        annotations: Arc<Cache<MotProvider>>,
        pictures: Option<Arc<Cache<Pictures>>>,
        table: Arc<FrameTable>,
    ) -> Session {
        let Found { paths, trouble, benchmark, companions } = found;
        let path = paths.annotations.clone();
        let sequence = paths.sequence();
        let name = path.as_deref().map_or_else(|| paths.name(), |path| layer_name(path, &sequence));
        // Of several files the first is what the others are held against.
        let several = !self.request.layers.is_empty();
        let otherwise = if several { Role::GroundTruth } else { Role::Result };
        let layer = LayerParts {
            id: LayerId::FIRST,
            role: PresumedRole::of(self.request.role, path.as_deref(), otherwise),
            name,
            path,
        };
        let layer = layer.layer(annotations, &self.reader.work, &self.reader.notify);
        let pictures = pictures.map(|cache| PictureTrack {
            cache,
            tuning: Tuning::of(CacheKind::Pictures),
            snapshot: Snapshot::default(),
            stats: Stats::default(),
        });
        Session {
            target: self.request.target.clone(),
            named_images: self.request.images.clone(),
            named_video: self.request.video.clone(),
            trouble,
            paths,
            benchmark,
            companions,
            layers: vec![layer],
            last_layer: LayerId::FIRST,
            pictures,
            strips: strip_maker(&table, self.reader.notify.clone()),
            comparing: Comparing::new(&table, &self.reader.notify),
            table,
            shown: Shown::default(),
            walk: Walk::default(),
            nothing: Default::default(),
        }
    }
}

/// The columns that a person has chosen for a file before.
pub(super) fn chosen(before: &[(PathBuf, Columns)], annotations: &Path) -> Option<Columns> {
    let path = std::path::absolute(annotations).ok()?;
    before.iter().find(|(known, _)| *known == path).map(|(_, columns)| *columns)
}

#[cfg(test)]
mod tests;
