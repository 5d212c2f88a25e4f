//! A sequence as the subcommands need it: opened at once, on this thread.

use super::{Failure, complain};
use crate::{
    media::{Alignment, ImageSequence, PictureError, Pictures, Video},
    mot::{Form, Index, SequencePaths, Source, check::refuse_other_formats},
};
use std::{path::Path, sync::Arc};

pub(super) struct Opened {
    pub paths: SequencePaths,
    pub source: Arc<Source>,
    pub index: Arc<Index>,
    /// Whether somebody named the folder of the pictures, or the video.
    named: bool,
}

impl Opened {
    /// Opens the annotations; pictures are found, and not opened yet.
    pub fn open(
        path: &Path,
        images: Option<&Path>,
        video: Option<&Path>,
        form: Form,
    ) -> Result<Self, Failure> {
        let mut paths = SequencePaths::find(path, images)?.with_video(video)?;
        let source = match &paths.annotations {
            Some(annotations) => Source::open(annotations)?.with_form(form),
            None => Source::from_memory("", b"")?,
        };
        let source = match refuse_other_formats(&source) {
            // Whoever opens a video did not ask for what lies beside it.
            Err(_) if paths.video.as_deref() == Some(path) => {
                paths.annotations = None;
                Source::from_memory("", b"")?
            }
            judged => {
                judged?;
                source
            }
        };
        // The observer never breaks off.
        let index = Index::build(&source, &mut ()).unwrap_or_default();
        let named = images.is_some() || video.is_some();
        Ok(Self { paths, source: Arc::new(source), index: Arc::new(index), named })
    }

    /// The pictures, if there are any. Where a video that nobody named can't be opened, the reason goes
    /// to standard error, and what is left to show is shown.
    pub fn pictures(&self) -> Result<Option<Pictures>, Failure> {
        let images = ImageSequence::of(self.paths.images.as_deref(), self.named)?;
        let pictures = match (images, &self.paths.video) {
            (Some(images), _) => Pictures::from(images),
            (None, Some(video)) => match Video::open(video) {
                Ok(video) => Pictures::from(video),
                Err(error) if self.paths.annotations.is_some() && !self.named => {
                    complain(&error.to_string());
                    return Ok(None);
                }
                Err(error) => return Err(PictureError::from(error).into()),
            },
            (None, None) => return Ok(None),
        };
        // Nothing was loaded yet.
        let _ = pictures.align(Alignment::default(), self.index.range().map(|(first, _)| first));
        Ok(Some(pictures))
    }
}
