//! Asking for a path: with the system's dialog, and by typing where none answers.

use super::{
    Wake,
    panels::prompt::Saved,
    task::{Polled, Task},
};
use crate::{
    media::{VIDEO_EXTENSIONS, is_video},
    storage::holds_video,
};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// Nobody finds and presses 'cancel' this fast: there was no dialog.
const NO_DIALOG: Duration = Duration::from_millis(350);

/// Text files that are looked for first.
const TEXT: [&str; 3] = ["txt", "csv", "tsv"];
/// What FFmpeg plays and is mostly used for pictures or sound.
const ALSO: [&str; 1] = ["gif"];

/// How the names of videos end, for a dialog. What bears another name is found among all files.
fn videos() -> Vec<&'static str> {
    VIDEO_EXTENSIONS.into_iter().chain(ALSO).collect()
}

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A video of what is open.
    Video,
    /// Annotations to add to what is open.
    Layer,
    /// Where to write something.
    Save(Saved),
}

/// Whether the system's dialog has asked before it answers the name of a file that is there. On Linux some do
/// and some do not, and none says so.
pub const ASKS_BEFORE_REPLACING: bool = cfg!(any(target_os = "windows", target_os = "macos"));

/// What a dialog answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// A path was chosen.
    Chosen(Kind, PathBuf),
    /// The person changed their mind.
    Cancelled,
    /// No dialog service answered.
    NoDialog(Kind),
}

/// At most one dialog at a time.
#[derive(Default)]
pub struct Dialogs {
    /// Whether paths are typed even where a dialog would answer.
    pub typed: bool,
    answer: Option<(Kind, Task<Answer>)>,
}

impl Dialogs {
    /// Opens the system's dialog, unless one is open. It begins in `folder`, and offers `name` for what
    /// is saved.
    pub fn ask(&mut self, kind: Kind, folder: Option<PathBuf>, name: &str, wake: Wake) {
        if self.answer.is_some() {
            return;
        }
        if self.typed {
            self.answer = Some((kind, Task::done(Answer::NoDialog(kind))));
            return;
        }
        let mut dialog = rfd::AsyncFileDialog::new();
        if let Some(folder) = folder {
            dialog = dialog.set_directory(folder);
        }
        // Made on this thread, as some systems want it; waited for on another.
        let future: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> =
            match kind {
                Kind::File => Box::pin(
                    dialog
                        .set_title("Open a MOT file or a video")
                        .add_filter("MOT files and videos", &[&TEXT[..], &videos()].concat())
                        .add_filter("All files", &["*"])
                        .pick_file(),
                ),
                Kind::Video => Box::pin(
                    dialog
                        .set_title("Choose the video of these boxes")
                        .add_filter("Videos", &videos())
                        .add_filter("All files", &["*"])
                        .pick_file(),
                ),
                Kind::Layer => Box::pin(
                    dialog
                        .set_title("Choose annotations of the same pictures")
                        .add_filter("MOT files", &TEXT)
                        .add_filter("All files", &["*"])
                        .pick_file(),
                ),
                Kind::Folder => Box::pin(dialog.set_title("Open a sequence folder").pick_folder()),
                Kind::Save(saved) => {
                    let title = match saved {
                        Saved::View => "Save the view".to_owned(),
                        Saved::Film => "Save as video".to_owned(),
                        Saved::Export(export) => format!("Export: {}", export.title()),
                    };
                    Box::pin(dialog.set_title(title).set_file_name(name).save_file())
                }
            };
        let began = Instant::now();
        let task = Task::start("dialog", &wake, move || match pollster::block_on(future) {
            Some(chosen) => Answer::Chosen(kind, chosen.path().to_owned()),
            None if began.elapsed() < NO_DIALOG => Answer::NoDialog(kind),
            None => Answer::Cancelled,
        });
        self.answer = Some((kind, task));
    }

    /// Finds out what a dropped file is, and answers as if it had been chosen: as a video of what is open,
    /// or as a file.
    pub fn look_into(&mut self, path: PathBuf, wake: Wake) {
        let task = Task::start("drop", &wake, move || {
            let of_boxes = is_video(&path) || holds_video(&path);
            let kind = if of_boxes { Kind::Video } else { Kind::File };
            Answer::Chosen(kind, path)
        });
        self.answer = Some((Kind::File, task));
    }

    /// The answer, once there is one.
    pub fn poll(&mut self) -> Option<Answer> {
        let (kind, task) = self.answer.as_ref()?;
        let answer = match task.poll() {
            Polled::Running => return None,
            Polled::Done(answer) => answer,
            Polled::Lost => Answer::NoDialog(*kind),
        };
        self.answer = None;
        Some(answer)
    }
}
