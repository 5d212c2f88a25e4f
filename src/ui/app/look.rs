//! How the boxes look, and what output is made from.

use super::App;
use crate::{
    analysis::Former,
    inspector::{ColorBy, Inspector, Rgb, Samples, Sieve, scene::Look},
    model::{FrameDetections, TrackId},
    output::{OutputError, Place},
    session::{Session, SharedLog},
    ui::{
        jobs::{Control, Ended},
        output::ViewShot,
        panels::prompt::Saved,
        theme::Palette,
    },
};
use std::{path::PathBuf, sync::Arc};

impl App {
    /// Decides how the boxes that are shown look.
    pub(super) fn set_look(&mut self) {
        let Some(session) = &self.session else {
            self.look = Look::default();
            return;
        };
        let settings = &self.inspector.settings;
        let Some(showing) = session.showing() else { return };
        let sieve = self.inspector.selection.sieve();
        let same = |(boxes, of): &(Arc<FrameDetections>, Arc<Sieve>)| {
            Arc::ptr_eq(boxes, &showing.boxes) && Arc::ptr_eq(of, sieve)
        };
        if !self.sifted.as_ref().is_some_and(same) {
            let (shown, hidden) = sieve.sift(&showing.boxes.detections);
            (self.look.shown, self.hidden) = (shown.into(), hidden);
            self.sifted = Some((Arc::clone(&showing.boxes), Arc::clone(sieve)));
        }
        let trails = settings.trails;
        let speed = settings.color_by == ColorBy::Speed;
        if trails.on {
            session.ask_trails(trails.back, trails.ahead);
        } else if speed {
            session.ask_trails(1, 1);
        }
        self.look = Look {
            boxes: Arc::clone(&showing.boxes),
            shown: Arc::clone(&self.look.shown),
            meaning: session.first().meaning(),
            classes: session.first().class_names(),
            labels: settings.labels,
            selected: None,
            selected_is_here: false,
            color_by: settings.color_by,
            confidence_range: confidence_range(session),
            trails: if trails.on || speed { session.first().trails() } else { None },
            draw_trails: trails.on,
            trail_speed: trails.speed,
            former: former(&self.inspector, showing.frame),
        }
        .with_selected(self.inspector.selection.id());
        self.keep_in_view();
    }

    fn keep_in_view(&mut self) {
        let id = self.inspector.selection.id().filter(|_| self.inspector.in_view);
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
            confidence_range: confidence_range(session),
        })
    }

    /// The viewport, to be drawn without the window.
    pub(in crate::ui) fn shot(&self) -> Option<ViewShot> {
        ViewShot::of(&self.parts()?, &self.look)
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
        let (send, wake) = (self.copies.0.clone(), self.wake.clone());
        let draw = move || {
            if let Some(drawn) = shot.draw() {
                // One that is not taken yet is newer than none.
                let _ = send.try_send(drawn);
                wake();
            }
        };
        // Where no thread can be had, nothing is copied, and nothing says so.
        let _ = std::thread::Builder::new().name("copy".to_owned()).spawn(draw);
    }
}

/// What output is made from.
pub(in crate::ui) struct Parts<'a> {
    pub session: &'a Session,
    pub inspector: &'a Inspector,
    pub samples: &'a [Samples; 2],
    pub log: &'a SharedLog,
    /// The colour around the picture.
    pub canvas: Rgb,
    pub confidence_range: [f64; 2],
}

/// Where the track that looks wrong on this frame was before.
fn former(inspector: &Inspector, frame: u32) -> Option<(TrackId, Former)> {
    let suspicion = inspector.selection.suspicion().filter(|s| s.frame == frame)?;
    // Whoever has chosen another track since does not ask about this one any more.
    let of = suspicion.other.unwrap_or(suspicion.id);
    let asked = inspector.selection.id() == Some(of);
    suspicion.former.filter(|_| asked).map(|former| (suspicion.id, former))
}

/// Least and highest confidence, as far as the file was read.
fn confidence_range(session: &Session) -> [f64; 2] {
    session.first().status().findings.confidence_range.unwrap_or([0.0, 1.0])
}
