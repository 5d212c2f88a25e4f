//! The layers of a session: which there are, and how they come and go.

use super::{Adding, Layer, LayerFile, NewLayer, Notify, Session, SharedLog};
use crate::{formats::mot::Columns, model::LayerId};
use std::{path::PathBuf, sync::Arc};

impl Session {
    /// The layers, in the order in which they are listed.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layer whose frame numbers are the sequence's.
    #[must_use]
    pub fn first(&self) -> &Layer {
        &self.layers[0]
    }

    /// A layer by its number.
    #[must_use]
    pub fn layer(&self, id: LayerId) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }

    /// A layer by its number, or the first where it is gone.
    #[must_use]
    pub fn layer_or_first(&self, id: LayerId) -> &Layer {
        self.layer(id).unwrap_or_else(|| self.first())
    }

    /// Begins to add a layer. What it comes to is to be handed to [`Self::push`].
    #[must_use]
    pub fn add(&mut self, new: NewLayer, log: SharedLog, notify: impl Into<Notify>) -> Adding {
        self.last_layer.0 += 1;
        let new = NewLayer { sequence: self.paths.sequence(), ..new };
        Adding::start(new, self.last_layer, Arc::clone(&self.table), log, notify.into())
    }

    /// Takes in a layer that was added. Layers stand in the order in which they were asked for.
    pub fn push(&mut self, layer: Layer) {
        let at = self.layers.partition_point(|known| known.id < layer.id);
        match self.layers.get_mut(at).filter(|known| known.id == layer.id) {
            Some(known) => {
                let mut layer = layer;
                layer.name = std::mem::take(&mut known.name);
                let before = std::mem::replace(known, layer);
                // Giving back hundreds of megabytes takes a moment. Where no thread can be had, it goes here.
                let work = move || drop(before);
                let _ = std::thread::Builder::new().name("farewell".to_owned()).spawn(work);
            }
            None => self.layers.insert(at, layer),
        }
    }

    /// Begins to read a layer anew, with its boxes so many frames later than its lines say. What it comes to is
    /// to be handed to [`Self::push`]; until then the layer stays as it is.
    #[must_use]
    pub fn shift(
        &self,
        id: LayerId,
        shift: i32,
        chosen: Vec<(PathBuf, Columns)>,
        (log, notify): (SharedLog, impl Into<Notify>),
    ) -> Option<Adding> {
        let file = LayerFile { shift, ..self.layer(id)?.file()? };
        let new = NewLayer { file, sequence: self.paths.sequence(), chosen };
        Some(Adding::start(new, id, Arc::clone(&self.table), log, notify.into()))
    }

    /// Gives a layer another name.
    pub fn rename(&mut self, id: LayerId, name: String) {
        if let Some(layer) = self.layers.iter_mut().find(|layer| layer.id == id) {
            layer.name = name;
        }
    }

    /// Takes the boxes of a layer for the next of what boxes can be.
    pub fn next_role(&mut self, id: LayerId) {
        if let Some(layer) = self.layers.iter_mut().find(|layer| layer.id == id) {
            layer.set_role(layer.role().next());
        }
    }

    /// Lets go of a layer, unless it is the only one. Its frames are forgotten soon after.
    pub fn remove(&mut self, id: LayerId) {
        if self.layers.len() > 1
            && let Some(at) = self.layers.iter().position(|layer| layer.id == id)
        {
            let layer = self.layers.remove(at);
            self.table.remove(id);
            let table = Arc::clone(&self.table);
            let work = move || {
                drop(layer);
                table.put_together();
            };
            // Where there is no thread to be had, the next change of the frames does it.
            let _ = std::thread::Builder::new().name("frames".to_owned()).spawn(work);
        }
    }
}
