//! Adding a layer to an opened sequence, on a thread of its own.

use super::{
    Layer, SharedLog,
    frame_table::FrameTable,
    layer::LayerParts,
    opening::{OpenError, chosen},
    reader::{File, install},
    reading::{Reader, Reading, ReadingState},
    role::PresumedRole,
    status::Notify,
    tuning::cache,
};
use crate::{
    formats::{
        lines::Index,
        mot::{Columns, MotFile, MotProvider},
    },
    inspector::CacheKind,
    layout::{LayoutError, find_sequence, layer_name},
    model::{LayerId, Role},
};
use std::{path::PathBuf, sync::Arc};

/// An annotation file, and how it is read as a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerFile {
    /// The file.
    pub path: PathBuf,
    /// What its boxes are; `None`: as its name and its ids tell.
    pub role: Option<Role>,
    /// Frames that its boxes are later than its lines say, in the sequence's numbers.
    pub shift: i32,
}

impl From<PathBuf> for LayerFile {
    fn from(path: PathBuf) -> Self {
        Self { path, ..Self::default() }
    }
}

/// A layer to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewLayer {
    /// Its file.
    pub file: LayerFile,
    /// The name of the sequence's folder.
    pub sequence: String,
    /// How the columns of files are read that a person has chosen them for.
    pub chosen: Vec<(PathBuf, Columns)>,
}

/// How adding goes.
pub type AddingState = ReadingState<Layer>;

/// A layer that is being added. Dropping it stops the work.
pub struct Adding {
    /// What the layer will be called.
    pub name: String,
    reading: Reading<Layer>,
}

impl Adding {
    pub(super) fn start(
        new: NewLayer,
        id: LayerId,
        table: Arc<FrameTable>,
        log: SharedLog,
        notify: Notify,
    ) -> Self {
        let name = layer_name(&new.file.path, &new.sequence);
        let reading = Reading::start(log, notify, move |reader| add(&new, id, &table, reader));
        Self { name, reading }
    }

    /// How it goes. Hands over the layer once.
    pub fn poll(&mut self) -> AddingState {
        self.reading.poll()
    }

    /// Done so far, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f32 {
        self.reading.progress()
    }
}

fn add(
    new: &NewLayer,
    id: LayerId,
    table: &Arc<FrameTable>,
    reader: &Reader<Layer>,
) -> Result<(), OpenError> {
    let LayerFile { path, role, shift } = &new.file;
    // A folder stands for its ground truth.
    let path = &if path.is_dir() {
        let found = find_sequence(path, None, None)?.annotations;
        found.ok_or_else(|| LayoutError::NothingInFolder { path: path.clone() })?
    } else {
        path.clone()
    };
    let work = &reader.work;
    let columns = chosen(&new.chosen, path);
    let source = Arc::new(MotFile::open(path)?.recognised(columns)?.with_shift(*shift));
    let provider = MotProvider::new(Arc::clone(&source), Arc::default());
    let annotations = Arc::new(cache(table, &reader.log, provider, CacheKind::Annotations));
    let weak = Arc::downgrade(&annotations);
    let parts = LayerParts {
        id,
        role: PresumedRole::of(*role, Some(path), Role::Result),
        name: layer_name(path, &new.sequence),
        path: Some(path.clone()),
    };
    let mut layer = Some(Box::new(parts.layer(annotations, work, &reader.notify)));
    let hand_over = |index: Index| {
        if layer.is_some() {
            // In place of what was read of it before, from here on.
            table.add(id, weak.clone());
        }
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
