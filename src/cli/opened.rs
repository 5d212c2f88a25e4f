//! A sequence as the subcommands need it: opened at once, on this thread.

use super::Failure;
use crate::{
    media::ImageSequence,
    mot::{Index, SequencePaths, Source, check::refuse_other_formats},
};
use std::{path::Path, sync::Arc};

pub(super) struct Opened {
    pub paths: SequencePaths,
    pub source: Arc<Source>,
    pub index: Arc<Index>,
    pub images: Option<ImageSequence>,
}

impl Opened {
    pub fn open(path: &Path, images: Option<&Path>) -> Result<Self, Failure> {
        let paths = SequencePaths::find(path, images)?;
        let source = match &paths.annotations {
            Some(annotations) => Source::open(annotations)?,
            None => Source::from_static("", b"")?,
        };
        refuse_other_formats(&source)?;
        // The observer never breaks off.
        let index = Index::build(&source, &mut ()).unwrap_or_default();
        let images = ImageSequence::of(paths.images.as_deref(), images.is_some())?;
        Ok(Self { paths, source: Arc::new(source), index: Arc::new(index), images })
    }
}
