//! Adding a layer to an opened sequence, on a thread of its own.

use super::{
    Layer, SharedLog,
    frame_table::FrameTable,
    layer::LayerParts,
    opening::chosen,
    reader::{File, install},
    reading::{Reader, Reading, ReadingState},
    status::Notify,
    tuning::cache,
};
use crate::{
    formats::{
        lines::Index,
        mot::{Columns, MotError, MotFile, MotProvider},
    },
    inspector::CacheKind,
    model::{LayerId, Role},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
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
pub type AddingState = ReadingState<Layer>;

/// A layer that is being added. Dropping it stops the work.
pub struct Adding(Reading<Layer>);

impl Adding {
    pub(super) fn start(
        new: NewLayer,
        id: LayerId,
        table: Arc<FrameTable>,
        log: SharedLog,
        notify: Notify,
    ) -> Self {
        Self(Reading::start(log, notify, move |reader| add(&new, id, &table, reader)))
    }

    /// How it goes. Hands over the layer once.
    pub fn poll(&mut self) -> AddingState {
        self.0.poll()
    }
}

fn add(
    new: &NewLayer,
    id: LayerId,
    table: &Arc<FrameTable>,
    reader: &Reader<Layer>,
) -> Result<(), MotError> {
    let (path, work) = (&new.path, &reader.work);
    let columns = chosen(&new.chosen, path);
    let source = Arc::new(MotFile::open(path)?.recognised(columns)?);
    let provider = MotProvider::new(Arc::clone(&source), Arc::default());
    let annotations = Arc::new(cache(table, &reader.log, provider, CacheKind::Annotations));
    let weak = Arc::downgrade(&annotations);
    let parts = LayerParts {
        id,
        role: new.role.unwrap_or_else(|| role_of(Some(path))),
        name: crate::text::name(path),
        path: Some(path.clone()),
    };
    let mut layer = Some(Box::new(parts.layer(annotations, work, &reader.notify)));
    table.add(id, weak.clone());
    let hand_over = |index: Index| {
        install(work, &weak, table, index);
        if let Some(layer) = layer.take() {
            reader.hand_over(layer);
        }
    };
    let table = Arc::clone(table);
    let file = File { work, annotations: weak.clone(), table, source: &source, log: &reader.log };
    file.read(hand_over);
    Ok(())
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
