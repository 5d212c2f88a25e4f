//! Why it can't be found out what belongs to a path.

use std::{io, path::PathBuf};
use thiserror::Error;

/// Why it can't be found out what belongs to a path. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum LayoutError {
    /// The path can't be looked at.
    #[error("{path} can't be opened: {source}.", path = crate::text::path(.path))]
    Open {
        /// The path.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A folder holds several sequences.
    #[error(
        "{path} holds {} sequences; open one of them: {}.",
        .sequences.len(), names(.sequences), path = crate::text::path(.path)
    )]
    SeveralInFolder {
        /// The folder.
        path: PathBuf,
        /// The folders of the sequences.
        sequences: Vec<PathBuf>,
    },
    /// A folder holds several videos, and nothing that says which.
    #[error(
        "{path} holds several videos ({}): open one of them.",
        names(videos), path = crate::text::path(.path)
    )]
    SeveralVideos {
        /// The folder.
        path: PathBuf,
        /// The videos.
        videos: Vec<PathBuf>,
    },
    /// A folder holds nothing that could be shown.
    #[error(
        "{path} holds neither annotations (gt/gt.txt, det/det.txt or another .txt) nor pictures or a video.",
        path = crate::text::path(.path)
    )]
    NothingInFolder {
        /// The folder.
        path: PathBuf,
    },
}

/// The first few names.
fn names(sequences: &[PathBuf]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> =
        sequences.iter().take(MOST).map(|path| crate::text::name(path)).collect();
    let more = if sequences.len() > MOST { ", …" } else { "" };
    shown.join(", ") + more
}
