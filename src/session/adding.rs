//! Adding a layer to an opened sequence, on a thread of its own.

use super::{
    Layer, SharedLog,
    frame_table::FrameTable,
    layer::LayerParts,
    opening::chosen,
    reader::{File, install},
    status::{LayerWork, Notify, Phase},
    tuning::cache,
};
use crate::{
    formats::{
        lines::Index,
        mot::{Columns, MotError, MotFile, MotProvider},
    },
    inspector::{CacheKind, Origin},
    model::{LayerId, Role},
};
use parking_lot::Mutex;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

/// A layer to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewLayer {
    /// Its file.
    pub path: PathBuf,
    /// What its boxes are; `None`: as its name tells.
    pub role: Option<Role>,
    /// How the columns of files are read that a person has chosen them for.
    pub chosen: Vec<(PathBuf, Columns)>,
}

/// How adding goes.
pub enum AddingState {
    /// Still at it; done so far, from 0 to 1.
    Working(f32),
    /// Its first frames can be walked.
    Ready(Box<Layer>),
    /// Nothing was added; the sentence says why.
    Failed(String),
    /// Somebody stopped it, or its result was taken already.
    Over,
}

type Handover = Arc<Mutex<Option<Result<Box<Layer>, String>>>>;

/// A layer that is being added. Dropping it stops the work.
pub struct Adding {
    /// Its file.
    pub path: PathBuf,
    work: Arc<LayerWork>,
    handed_over: bool,
    result: Handover,
}

impl Adding {
    pub(super) fn start(
        new: NewLayer,
        id: LayerId,
        table: Arc<FrameTable>,
        log: SharedLog,
        notify: Notify,
    ) -> Self {
        let work = Arc::new(LayerWork::new(notify.clone()));
        work.change(|status| status.phase = Phase::Indexing(0.0));
        let (path, result) = (new.path.clone(), Handover::default());
        let job = Job {
            new,
            id,
            table,
            work: Arc::clone(&work),
            result: Arc::clone(&result),
            log,
            notify,
        };
        let started = thread::Builder::new().name("reader".to_owned()).spawn(move || job.run());
        if let Err(error) = started {
            *result.lock() = Some(Err(format!("No thread can be had to read the file: {error}.")));
        }
        Self { path, work, handed_over: false, result }
    }

    /// How it goes. Hands over the layer once.
    pub fn poll(&mut self) -> AddingState {
        match self.result.lock().take() {
            Some(Ok(layer)) => {
                self.handed_over = true;
                AddingState::Ready(layer)
            }
            Some(Err(reason)) => {
                self.handed_over = true;
                AddingState::Failed(reason)
            }
            None if self.handed_over || self.work.is_closed() => AddingState::Over,
            None => AddingState::Working(self.work.status().phase.done()),
        }
    }
}

impl Drop for Adding {
    fn drop(&mut self) {
        if !self.handed_over {
            self.work.close();
        }
    }
}

struct Job {
    new: NewLayer,
    id: LayerId,
    table: Arc<FrameTable>,
    work: Arc<LayerWork>,
    result: Handover,
    log: SharedLog,
    notify: Notify,
}

impl Job {
    fn run(self) {
        let reason = match catch_unwind(AssertUnwindSafe(|| self.add())) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            // A fault of ours, which must not look like work that goes on for ever.
            Err(_) => {
                let sentence = "The reader failed; please report the file that it failed on.";
                self.work.failed(sentence);
                sentence.to_owned()
            }
        };
        self.log.add(Origin::Reader, reason.clone(), true);
        *self.result.lock() = Some(Err(reason));
        (self.notify.asked)();
    }

    fn add(&self) -> Result<(), MotError> {
        let path = &self.new.path;
        let columns = chosen(&self.new.chosen, path);
        let source = Arc::new(MotFile::open(path)?.recognised(columns)?);
        let provider = MotProvider::new(Arc::clone(&source), Arc::default());
        let annotations = Arc::new(cache(&self.table, &self.log, provider, CacheKind::Annotations));
        let weak = Arc::downgrade(&annotations);
        let parts = LayerParts {
            id: self.id,
            role: self.new.role.unwrap_or_else(|| role_of(Some(path))),
            name: crate::text::name(path),
            path: Some(path.clone()),
        };
        let mut layer = Some(Box::new(parts.layer(annotations, &self.work, &self.notify)));
        self.table.add(self.id, weak.clone());
        let hand_over = |index: Index| {
            install(&self.work, &weak, &self.table, index);
            if let Some(layer) = layer.take() {
                *self.result.lock() = Some(Ok(layer));
                (self.notify.asked)();
            }
        };
        let file = File {
            work: &self.work,
            annotations: weak.clone(),
            table: Arc::clone(&self.table),
            source: &source,
            log: &self.log,
        };
        file.read(hand_over);
        Ok(())
    }
}

/// What a file's boxes are, as its name and its folder tell.
pub(super) fn role_of(path: Option<&Path>) -> Role {
    let Some(path) = path else { return Role::Result };
    let named = |name: Option<&std::ffi::OsStr>, wanted: &str| {
        name.is_some_and(|name| name.to_string_lossy().eq_ignore_ascii_case(wanted))
    };
    let stem_begins = |wanted: &str| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        stem.strip_prefix(wanted)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    let folder = path.parent().and_then(Path::file_name);
    if named(folder, "gt") || stem_begins("gt") {
        Role::GroundTruth
    } else if named(folder, "det") || stem_begins("det") {
        Role::Detections
    } else {
        Role::Result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_folders_tell_what_boxes_are() {
        let role = |path: &str| role_of(Some(Path::new(path)));
        assert_eq!(["seq/gt/gt.txt", "gt.txt", "gt_val.txt"].map(role), [Role::GroundTruth; 3]);
        assert_eq!(["seq/det/det.txt", "det.txt"].map(role), [Role::Detections; 2]);
        let results = ["seq/results/sort.txt", "gtx.txt", "details.txt", "detector/a.txt"];
        assert_eq!(results.map(role), [Role::Result; 4]);
    }
}
