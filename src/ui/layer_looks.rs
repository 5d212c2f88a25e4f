//! How the boxes of the layers are drawn on the frame that is shown.

use crate::{
    inspector::{
        BoxFilter, ColorBy, Inspector, LayerView, Viewports, layer_color,
        scene::{LineStyle, Look},
    },
    model::{FrameDetections, LayerId},
    session::{Layer, Session, Showing},
};
use std::sync::Arc;

/// How the boxes of a layer are drawn.
#[derive(Clone, Debug)]
pub struct LayerLook {
    /// The layer.
    pub layer: LayerId,
    /// What it is called.
    pub name: String,
    /// Its place in the list, from 0.
    pub place: usize,
    /// How.
    pub look: Look,
    /// How strongly, from 0 to 1.
    pub opacity: f32,
    /// How many of its boxes are not shown.
    pub hidden: usize,
    /// What `hidden` was counted of.
    sifted: (Arc<FrameDetections>, Arc<BoxFilter>),
}

/// Those of all layers that are drawn, the active one last: it lies on top.
#[derive(Debug, Default)]
pub struct LayerLooks(Vec<LayerLook>);

impl std::ops::Deref for LayerLooks {
    type Target = [LayerLook];

    fn deref(&self) -> &[LayerLook] {
        &self.0
    }
}

impl LayerLooks {
    /// Lets go of the last sequence.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes in the frame that is shown. What did not change is not looked through again.
    pub fn take(&mut self, inspector: &Inspector, session: &Session, showing: &Showing) {
        let active = inspector.layers.active().id;
        let drawn = inspector.layers.all().iter().enumerate();
        let drawn = drawn.filter(|(_, view)| inspector.layers.is_drawn(view.id));
        let mut looks: Vec<LayerLook> = drawn
            .filter_map(|(place, view)| {
                let layer = session.layer(view.id)?;
                let boxes = showing.boxes(view.id)?;
                let before = self.0.iter().position(|look| look.layer == view.id);
                let before = before.map(|at| self.0.swap_remove(at));
                let scene = Scene { inspector, layer, view, place, is_active: view.id == active };
                Some(scene.look(showing.frame, boxes, before))
            })
            .collect();
        // In the order of the list, the first on top, and the active one above all.
        looks.reverse();
        looks.sort_by_key(|look| look.layer == active);
        self.0 = looks;
    }

    /// That of a layer, if it is drawn.
    #[must_use]
    pub fn of(&self, layer: LayerId) -> Option<&LayerLook> {
        self.0.iter().find(|look| look.layer == layer)
    }
}

/// A layer on a frame.
struct Scene<'a> {
    inspector: &'a Inspector,
    layer: &'a Layer,
    view: &'a LayerView,
    /// Its place in the list.
    place: usize,
    is_active: bool,
}

impl Scene<'_> {
    fn look(
        &self,
        frame: u32,
        boxes: &Arc<FrameDetections>,
        before: Option<LayerLook>,
    ) -> LayerLook {
        /// Others than the active one make room for it.
        const DIMMED: f32 = 0.6;
        let Self { inspector, layer, view, .. } = self;
        let settings = &inspector.settings;
        // Layers that do not lie over each other need not make room.
        let apart = *inspector.layers.viewports() != Viewports::One;
        let sieve = view.selection.sieve();
        let same = |look: &LayerLook| {
            Arc::ptr_eq(&look.sifted.0, boxes) && Arc::ptr_eq(&look.sifted.1, sieve)
        };
        let (shown, hidden) = if let Some(before) = before.filter(same) {
            (before.look.shown, before.hidden)
        } else {
            let (shown, hidden) = sieve.sift(&boxes.detections);
            (shown.into(), hidden)
        };
        let trails = settings.trails;
        let with_trails = trails.on || settings.color_by == ColorBy::Speed;
        let look = Look {
            boxes: Arc::clone(boxes),
            shown,
            meaning: layer.meaning(),
            classes: layer.class_names(),
            labels: settings.labels && (self.is_active || apart),
            selected: None,
            selected_is_here: false,
            color_by: settings.color_by,
            layer_color: layer_color(self.place),
            line: LineStyle::of_layer(self.place),
            confidence_range: confidence_range(layer),
            trails: if with_trails { layer.trails() } else { None },
            draw_trails: trails.on,
            trail_speed: trails.speed,
            former: view.selection.suspicion_at(frame).and_then(|s| Some((s.id, s.former?))),
        }
        .with_selected(view.selection.id());
        let by_layer = settings.color_by == ColorBy::Layer;
        let dimmed = if self.is_active || by_layer || apart { 1.0 } else { DIMMED };
        LayerLook {
            layer: view.id,
            name: layer.name.clone(),
            place: self.place,
            look,
            opacity: f32::from(view.opacity) / 100.0 * dimmed,
            hidden,
            sifted: (Arc::clone(boxes), Arc::clone(sieve)),
        }
    }
}

/// Least and highest confidence of a layer, for colours.
fn confidence_range(layer: &Layer) -> [f64; 2] {
    layer.status().findings.confidence_range.unwrap_or([0.0, 1.0])
}
