//! What other threads, dialogs and drops bring, taken in before a repaint.

use super::{App, Told};
use crate::{
    inspector::{Accesses, CacheKind, Origin, Pace, PerCache},
    session::{AddingState, Companions, OpeningState, Phase, Request, Session, Target},
    storage::absolute,
    ui::{
        can,
        dialogs::{self, Answer, Kind},
        jobs::Ended,
        panels::side::Kept,
        task,
    },
};

use std::sync::Arc;

/// Seconds that something is told.
const TOLD: f64 = 6.0;

impl App {
    pub(super) fn receive(&mut self, ctx: &egui::Context, now: f64) {
        let dropped = ctx
            .input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped {
            self.open_dropped(path);
        }
        match self.dialogs.poll() {
            Some(Answer::Chosen(Kind::Save(saved), path)) => {
                self.save_to(saved, path, dialogs::ASKS_BEFORE_REPLACING);
            }
            Some(Answer::Chosen(Kind::File | Kind::Folder, path)) => self.open(Request::path(path)),
            Some(Answer::Chosen(Kind::Video, path)) => self.open_video(path),
            Some(Answer::Chosen(Kind::Layer, path)) => self.add_layer(path.into()),
            Some(Answer::NoDialog(kind)) => {
                let reason = "No file dialog answered here; type the path instead.";
                let name = self.offered(kind);
                match kind {
                    Kind::Save(saved) => self.prompt.save(saved, &name, reason),
                    Kind::File | Kind::Folder => self.prompt.open(Some(reason)),
                    Kind::Video => self.prompt.open_video(reason),
                    Kind::Layer => self.prompt.add_layer(reason),
                }
            }
            Some(Answer::Cancelled) | None => {}
        }
        match self.saving.poll() {
            Some(Ok((saved, place))) => self.write(saved, place),
            Some(Err(reason)) => self.failure = Some(reason),
            None => {}
        }
        self.what_if.poll();
        self.receive_jobs(ctx, now);
        self.receive_opening(now);
        self.receive_layers();
        self.receive_frames(now);
    }

    /// Takes in layers that were added.
    fn receive_layers(&mut self) {
        let Some(session) = &mut self.session else { return };
        let mut added = Vec::new();
        self.adding.retain_mut(|adding| match adding.poll() {
            AddingState::Working(_) => true,
            AddingState::Ready(layer) => {
                added.push(layer);
                false
            }
            AddingState::Failed(reason) => {
                self.failure = Some(reason);
                false
            }
            AddingState::Over => false,
        });
        let any = !added.is_empty();
        for layer in added {
            self.inspector.layer_added(layer.id);
            session.push(*layer);
        }
        if any {
            self.keep_together();
        }
    }

    /// Keeps which layers are open, so that they open together next time. Layers on their way are waited for.
    pub(super) fn keep_together(&mut self) {
        let Some(session) = self.session.as_ref().filter(|_| self.adding.is_empty()) else {
            return;
        };
        let Target::Path(path) = &session.target else { return };
        let others = session.layers().iter().skip(1);
        let layers: Vec<_> = others
            .filter_map(|layer| Some((absolute(layer.path.as_ref()?), layer.role(), layer.shift())))
            .collect();
        self.inspector.settings.keep_together(&absolute(path), &layers);
    }

    fn receive_jobs(&mut self, ctx: &egui::Context, now: f64) {
        match self.jobs.poll() {
            Some(Ended::Failed(reason)) => self.failure = Some(reason),
            Some(Ended::Done(text)) => {
                self.log.add(Origin::Person, text.clone(), false);
                self.told = Some(Told { text, until: now + TOLD, done: true });
            }
            Some(Ended::Stopped) => self.log.add(Origin::Person, "stopped saving", false),
            None => {}
        }
        if let Some(picture) = task::take(&mut self.copies).flatten() {
            let size = [picture.width as usize, picture.height as usize];
            ctx.copy_image(egui::ColorImage::from_rgba_premultiplied(size, &picture.rgba));
            let text = "Copied the view".to_owned();
            self.told = Some(Told { text, until: now + TOLD, done: true });
        }
        self.told = self.told.take().filter(|told| told.until > now);
        if let Some(told) = &self.told {
            // Each time: a repaint that comes a bit early would leave it standing.
            ctx.request_repaint_after_secs((told.until - now).max(0.02) as f32);
        }
    }

    fn receive_opening(&mut self, now: f64) {
        let Some(opening) = &mut self.opening else { return };
        match opening.poll() {
            OpeningState::Working(_) => {}
            OpeningState::Ready(session) => {
                let request = opening.request.clone();
                self.opening = None;
                let Companions { layers, missing } = session.companions.clone();
                self.begin(*session, &request);
                for file in request.layers.into_iter().chain(layers) {
                    self.add_layer(file);
                }
                if let Some(first) = missing.first() {
                    let (path, more) = (crate::text::path(first), missing.len() - 1);
                    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
                    self.failure =
                        Some(format!("This sequence has no counterpart of {path}{more}."));
                }
                self.tell_reading(now);
            }
            OpeningState::Failed(reason) => {
                self.failure = Some(reason);
                self.opening = None;
            }
            OpeningState::Over => self.opening = None,
        }
    }

    /// Tells how the columns are read, where that is not the usual way.
    fn tell_reading(&mut self, now: f64) {
        let source = self.session.as_ref().map(|session| session.first().annotations().file());
        let Some(summary) = source.as_ref().and_then(|source| source.reading().summary()) else {
            return;
        };
        for note in source.iter().flat_map(|source| source.reading().notes()) {
            self.log.add(Origin::Reader, note, false);
        }
        let text = format!("{summary}: see Problems");
        self.told = Some(Told { text, until: now + TOLD, done: false });
    }

    fn begin(&mut self, session: Session, request: &Request) {
        let known_frames = session.known();
        let frame_rate = session.frame_rate();
        let pictures = session.paths.video.as_ref().or(session.paths.images.as_ref());
        let pairing = [session.paths.annotations.as_ref(), pictures]
            .map(|path| path.map(|path| absolute(path)));
        let known = self.inspector.settings.alignment_of(&pairing);
        let frames = Arc::clone(&known_frames.frames);
        if request.beside.is_empty() {
            self.inspector.opened(pairing, frames, frame_rate, request.frame);
        } else {
            self.inspector.opened_beside(pairing, frames, frame_rate, request.frame);
        }
        // What was set for these files goes before what was set for others of the sequence.
        if let Some(alignment) = request.alignment.filter(|_| request.aligned || known.is_none()) {
            self.inspector.alignment = alignment;
        }
        (self.inspector.wanted_track, self.inspector.wanted_region) =
            (request.track, request.region);
        self.inspector.pick_wanted();
        self.inspector.settings.cache = session.leading_cache();
        self.frames_version = known_frames.version;
        if let (Some(path), Some(columns)) = (&self.inspector.pairing[0], request.columns) {
            let path = path.clone();
            self.inspector.settings.read_as(&path, Some(columns));
        }
        if let Target::Path(path) = &request.target {
            self.inspector.settings.remember(&absolute(path));
        }
        self.failure.clone_from(&session.trouble);
        let warnings = &session.paths.info.warnings;
        self.warnings = (!warnings.is_empty()).then(|| warnings.join("\n"));
        self.viewport.clear();
        self.samples = PerCache::default();
        self.accesses = Accesses::default();
        self.what_if.clear();
        self.lanes.clear();
        self.kept = Kept::default();
        (self.hinted, self.adding) = (None, Vec::new());
        self.tracks.clear();
        self.looks.clear();
        self.pace = Pace::default();
        self.ignored = None;
        self.failure_told = false;
        self.logged_frame = None;
        // Giving back hundreds of megabytes takes a moment, which the window does not have.
        let old = self.session.replace(session);
        // Where no thread can be had, it goes right here.
        let _ = std::thread::Builder::new().name("farewell".to_owned()).spawn(move || drop(old));
    }

    fn receive_frames(&mut self, now: f64) {
        let Some(session) = &mut self.session else { return };
        let settings = &self.inspector.settings;
        session.set_follow(settings.follow && can::can_grow(session));
        for kind in CacheKind::ALL {
            let tuning = settings.tuning[kind];
            if session.tuning(kind) != tuning {
                session.tune(kind, tuning);
            }
        }
        session.align(self.inspector.alignment);
        session.set_range(self.inspector.range);
        let active = self.inspector.layers.active().id;
        let (known, status) = (session.known(), session.layer_or_first(active).status());
        if let Some(failed) = status.failed.as_ref().filter(|_| !self.failure_told) {
            self.failure_told = true;
            self.failure = Some(failed.to_string());
        }
        for layer in session.layers() {
            let tracks = layer.status().tracks.clone();
            if !self.tracks.get(&layer.id).is_some_and(|known| Arc::ptr_eq(known, &tracks)) {
                self.tracks.insert(layer.id, Arc::clone(&tracks));
                self.inspector.tracks_changed(layer.id, tracks);
            }
        }
        // Places that are listed are places that a person hops to.
        let listed = self.inspector.selection().listed();
        let same = |(hinted, version): &(Arc<[u32]>, u64)| {
            Arc::ptr_eq(hinted, listed) && *version == known.version
        };
        if status.phase == Phase::Done && !self.hinted.as_ref().is_some_and(same) {
            self.hinted = Some((Arc::clone(listed), known.version));
            session.hint(&self.inspector.selection().suspicious_frames());
        }
        if known.version != self.frames_version {
            self.frames_version = known.version;
            let last = session.first().annotations().index().range().map(|(_, last)| last);
            let grown = std::mem::replace(&mut self.annotated, last) < last;
            self.inspector.frames_changed(Arc::clone(&known.frames), grown, now);
        }
    }
}
