//! A sequence as the subcommands need it: opened at once, on this thread.

use super::{AlignArgument, Failure, StreamArgument, complain};
use crate::{
    formats::{
        lines::Index,
        mot::{Columns, MotFile},
    },
    layout::{SequencePaths, find_sequence},
    media::{Ffmpeg, ImageSequence, PictureError, Pictures, Video, VideoError, VideoOptions},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub(super) struct Opened {
    pub paths: SequencePaths,
    pub source: Arc<MotFile>,
    pub index: Arc<Index>,
    /// Further annotations over the same pictures: their paths, and what was read of them.
    pub layers: Vec<(PathBuf, Arc<MotFile>, Arc<Index>)>,
    /// Which of the streams of pictures in a video, counted from 0.
    stream: usize,
    /// Whether somebody named the folder of the pictures, or the video.
    named: bool,
}

impl Opened {
    /// Opens the annotations; pictures are found, and not opened yet.
    pub fn open(
        path: &Path,
        images: Option<&Path>,
        video: Option<&Path>,
        columns: Option<Columns>,
    ) -> Result<Self, Failure> {
        let mut paths = find_sequence(path, images, video)?;
        let source = match &paths.annotations {
            Some(annotations) => MotFile::open(annotations)?.recognised(columns),
            None => MotFile::from_memory("", b""),
        };
        let source = match source {
            // Whoever opens a video or pictures did not ask for what lies beside them.
            Err(reason) if paths.is_of_pictures(path) => {
                complain(&reason.to_string());
                paths.annotations = None;
                MotFile::from_memory("", b"")?
            }
            opened => opened?,
        };
        // The observer never breaks off.
        let index = Index::build(&source, &mut ()).unwrap_or_default();
        let named = images.is_some() || video.is_some();
        let (source, index, layers) = (Arc::new(source), Arc::new(index), Vec::new());
        Ok(Self { paths, source, index, layers, stream: 0, named })
    }

    /// The same; what is wrong with `seqinfo.ini` goes to standard error.
    pub fn warned(self) -> Self {
        self.paths.info.warnings.iter().for_each(|warning| complain(warning));
        self
    }

    /// The same, with further annotations over it.
    pub fn with_layers(mut self, paths: &[PathBuf]) -> Result<Self, Failure> {
        for path in paths {
            let source = Arc::new(MotFile::open(path)?.recognised(None)?);
            let index = Index::build(&source, &mut ()).unwrap_or_default();
            self.layers.push((path.clone(), source, Arc::new(index)));
        }
        Ok(self)
    }

    /// The same, with a certain stream of its video.
    pub fn with_stream(self, stream: &StreamArgument) -> Self {
        Self { stream: stream.counted_from_0(), ..self }
    }

    /// A video that is counted as fast as it goes, and only once.
    fn open_video(&self, path: &Path) -> Result<Video, VideoError> {
        let (stream, kept_in) = (self.stream, Video::usual_folder());
        let options = VideoOptions { stream, kept_in, ..VideoOptions::default() };
        Video::open_with(path, Ffmpeg::find()?, options)
    }

    /// The pictures, if there are any. Where a video that nobody named can't be opened, the reason goes
    /// to standard error, and what is left to show is shown.
    pub fn pictures(&self, align: &AlignArgument) -> Result<Option<Pictures>, Failure> {
        let images = ImageSequence::of(self.paths.images.as_deref(), self.named)?;
        let pictures = match (images, &self.paths.video) {
            (Some(images), _) => Pictures::from(images),
            (None, Some(video)) => match self.open_video(video) {
                Ok(video) => Pictures::from(video),
                Err(error) if self.paths.annotations.is_some() && !self.named => {
                    complain(&error.to_string());
                    return Ok(None);
                }
                Err(error) => return Err(PictureError::from(error).into()),
            },
            (None, None) => return Ok(None),
        };
        let alignment = align.alignment().unwrap_or_default();
        // Nothing was loaded yet.
        pictures.align(alignment, self.index.range().map(|(first, _)| first), || ());
        Ok(Some(pictures))
    }

    /// What is to be told of pictures: what is left out, and whether they fit the boxes, unless somebody said
    /// how they do.
    pub fn about(&self, pictures: Option<&Pictures>, align: &AlignArgument) -> Vec<String> {
        let Some(pictures) = pictures else {
            return self.paths.which_pictures().into_iter().collect();
        };
        let images = pictures.images();
        let mut notes = images.map(|images| images.notes().to_vec()).unwrap_or_default();
        if align.alignment().is_none() {
            let annotated = self.index.iter().filter(|(_, boxes)| *boxes > 0);
            let annotated: Vec<u32> = annotated.map(|(frame, _)| frame).collect();
            notes.extend(pictures.advice(&annotated).map(|advice| match advice.better {
                Some(better) => {
                    let (options, title) = (better.options(), better.title());
                    format!("{} {options} would show {title}.", advice.text)
                }
                None => advice.text,
            }));
        }
        notes
    }
}
