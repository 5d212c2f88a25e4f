//! How the boxes look, and what output is made from.

use super::App;
use crate::{
    inspector::{ColorBy, Inspector, PerCache, Rgb, Samples, scene::Look},
    output::{OutputError, Place},
    session::{Layer, Session, SharedLog},
    ui::{
        jobs::{Control, Ended},
        layer_looks::LayerLook,
        output::ViewShot,
        panels::prompt::Saved,
        task::Task,
        theme::Palette,
    },
};
use std::path::PathBuf;

impl App {
    /// Decides how the boxes that are shown look.
    pub(super) fn set_look(&mut self) {
        let Some(session) = &self.session else {
            self.look = Look::default();
            self.looks.clear();
            return;
        };
        let Some(showing) = session.showing() else { return };
        let settings = &self.inspector.settings;
        let trails = settings.trails;
        if trails.on {
            session.ask_trails(trails.back, trails.ahead);
        } else if settings.color_by == ColorBy::Speed {
            session.ask_trails(1, 1);
        }
        self.looks.take(&self.inspector, session, showing);
        let active = self.inspector.layers.active().id;
        // A layer that is not drawn has its lists all the same, in its colours.
        self.look = match self.looks.of(active) {
            Some(drawn) => drawn.look.clone(),
            None => Look {
                boxes: showing.boxes(active).cloned().unwrap_or_default(),
                color_by: settings.color_by,
                ..Look::default()
            },
        };
        self.keep_in_view();
    }

    fn keep_in_view(&mut self) {
        let id = self.inspector.selection().id().filter(|_| self.inspector.in_view);
        let id = id.filter(|_| self.look.selected_is_here);
        let boxes = &self.look.boxes.detections;
        if let Some(d) = id.and_then(|id| boxes.iter().find(|detection| detection.id == id)) {
            let (right, bottom) = (d.left + d.width.max(0.0), d.top + d.height.max(0.0));
            self.inspector.keep_in_view([d.left, d.top, right, bottom]);
        }
    }

    /// What output is made from.
    pub(in crate::ui) fn parts(&self) -> Option<Parts<'_>> {
        let session = self.session.as_ref()?;
        let canvas = Palette::of(self.inspector.settings.dark).canvas;
        Some(Parts {
            session,
            inspector: &self.inspector,
            samples: &self.samples,
            log: &self.log,
            canvas: [canvas.r(), canvas.g(), canvas.b()],
        })
    }

    /// The viewport, to be drawn without the window.
    /// How the layers that are drawn are, the active one last.
    pub(in crate::ui) fn looks(&self) -> &[LayerLook] {
        &self.looks
    }

    pub(in crate::ui) fn shot(&self) -> Option<ViewShot> {
        ViewShot::of(&self.parts()?, &self.looks)
    }

    /// Looks whether something may be written, and then writes it, or asks, or says why not.
    pub(in crate::ui) fn look_at_place(
        &mut self,
        what: Saved,
        path: PathBuf,
        look: impl FnOnce() -> Result<Place, OutputError> + Send + 'static,
    ) {
        self.saving.look(what, path, &self.wake, look);
    }

    /// Begins work that takes a while, unless some is under way.
    pub(in crate::ui) fn start_job(
        &mut self,
        name: String,
        work: impl FnOnce(&Control) -> Ended + Send + 'static,
    ) {
        if !self.jobs.start(name, &self.wake.clone(), &self.repaints.notify().behind, work) {
            self.failure =
                Some("Something is being saved already; wait for it, or cancel it.".to_owned());
        }
    }

    /// Draws the view on another thread, and copies it when it is there.
    pub(super) fn copy_view(&mut self) {
        let Some(shot) = self.shot() else { return };
        // Instead of one that is not taken yet.
        self.copies = Some(Task::start("copy", &self.wake, move || shot.draw()));
    }
}

/// What output is made from.
pub(in crate::ui) struct Parts<'a> {
    pub session: &'a Session,
    pub inspector: &'a Inspector,
    pub samples: &'a PerCache<Samples>,
    pub log: &'a SharedLog,
    /// The colour around the picture.
    pub canvas: Rgb,
}

impl<'a> Parts<'a> {
    /// The active layer.
    pub fn layer(&self) -> &'a Layer {
        self.session.layer_or_first(self.inspector.layers.active().id)
    }
}
