//! What is opened, added, and opened anew.

use super::{App, target_name};
use crate::{
    formats::mot::Columns,
    inspector::{Command, Origin},
    model::LayerId,
    session::{Layer, LayerFile, Like, NewLayer, Opening, Request, Session, Target},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

impl App {
    /// Begins to open something. What is open stays until it is there.
    pub fn open(&mut self, request: Request) {
        let request = Request { chosen: self.inspector.settings.chosen_columns(), ..request };
        self.failure = None;
        let name = target_name(&request.target);
        self.log.add(Origin::Person, format!("open {name}"), false);
        self.opening = Some(Opening::start(request, self.log.clone(), self.repaints.notify()));
    }

    /// A video that is dropped on boxes without pictures is theirs; all else is opened.
    pub(super) fn open_dropped(&mut self, path: PathBuf) {
        if self.session.is_some() && self.viewport.adds_drops && may_be_a_layer(&path) {
            self.add_layer(path.into());
            return;
        }
        let bare =
            |session: &Session| session.paths.annotations.is_some() && session.pictures().is_none();
        if self.session.as_ref().is_some_and(bare) {
            self.dialogs.look_into(path, Arc::clone(&self.wake));
        } else {
            self.open(Request::path(path));
        }
    }

    /// Begins to add annotations to what is open, as a layer.
    pub fn add_layer(&mut self, file: LayerFile) {
        /// Layers, with those on their way.
        const MOST: usize = 64;
        let Some(session) = &mut self.session else {
            self.open(Request::path(file.path));
            return;
        };
        if session.layers().len() + self.adding.len() >= MOST {
            self.failure = Some(format!("There are {MOST} layers: remove one first."));
            return;
        }
        self.log.add(Origin::Person, format!("add {}", crate::text::path(&file.path)), false);
        let chosen = self.inspector.settings.chosen_columns();
        let new = NewLayer { file, chosen, ..NewLayer::default() };
        self.adding.push(session.add(new, self.log.clone(), self.repaints.notify()));
    }

    /// Begins to read a layer anew, with its boxes so many frames later than its lines say.
    pub(super) fn shift_layer(&mut self, layer: LayerId, by: i32) {
        let Some(session) = &self.session else { return };
        let chosen = self.inspector.settings.chosen_columns();
        let told = (self.log.clone(), self.repaints.notify());
        self.adding.extend(session.shift(layer, by, chosen, told));
    }

    /// Opens what is open with another stream of its video.
    pub(super) fn open_stream(&mut self, stream: usize) {
        let Some(session) = &self.session else { return };
        let Some(video) = session.video().map(|video| video.path().to_owned()) else { return };
        let path = session.paths.annotations.clone().unwrap_or_else(|| video.clone());
        self.open(Request { video: Some(video), images: None, stream, ..self.beside(path) });
    }

    /// Opens the annotations that are open once more, with a video.
    pub(super) fn open_video(&mut self, video: PathBuf) {
        let open = self.session.as_ref().and_then(|session| session.paths.annotations.clone());
        match open {
            Some(annotations) => {
                let request = self.beside(annotations);
                self.open(Request { video: Some(video), images: None, stream: 0, ..request });
            }
            None => self.open(Request::path(video)),
        }
    }

    /// Opens the annotations that are open once more, with a folder of pictures.
    pub(super) fn open_images(&mut self, images: PathBuf) {
        let open = self.session.as_ref().and_then(|session| session.paths.annotations.clone());
        match open {
            Some(annotations) => {
                let request = self.beside(annotations);
                let (images, alignment) = (Some(images), None);
                self.open(Request { images, video: None, alignment, ..request });
            }
            None => self.open(Request::path(images)),
        }
    }

    /// Opens another sequence of the benchmark, with the counterparts of the layers that are open.
    pub(super) fn open_sequence(&mut self, path: PathBuf) {
        let like = self.session.as_ref().and_then(|session| {
            let sequence = session.paths.root.clone()?;
            let layers = session.layers().iter().filter_map(Layer::file).collect();
            Some(Like { sequence, layers })
        });
        self.open(Request { like, ..Request::path(path) });
    }

    /// The same sequence with other annotations, or read anew, at the frame that is shown.
    pub(super) fn beside(&self, path: PathBuf) -> Request {
        let session = self.session.as_ref();
        // What was found from where it was opened may not be found from the annotations alone.
        let named = |named: &Option<PathBuf>, found: &Option<PathBuf>| {
            named.clone().or_else(|| found.clone())
        };
        let others = session.map_or(&[][..], |session| &session.layers()[1..]);
        let layers = others.iter().filter_map(Layer::file);
        Request {
            target: Target::Path(path),
            role: session.map(|session| session.first().role()),
            layers: layers.collect(),
            like: None,
            track: None,
            region: None,
            images: session.and_then(|session| named(&session.named_images, &session.paths.images)),
            video: session.and_then(|session| named(&session.named_video, &session.paths.video)),
            alignment: Some(self.inspector.alignment),
            stream: session.and_then(Session::video).map_or(0, |video| video.header().stream),
            aligned: false,
            frame: Some(self.inspector.current),
            columns: None,
            chosen: Vec::new(),
            beside: session.map(|session| session.paths.choices.clone()).unwrap_or_default(),
        }
    }

    /// Reads the open file's columns otherwise, now and whenever it is opened.
    pub(super) fn read_as(&mut self, columns: Option<Columns>) {
        let annotations = self.session.as_ref().and_then(|s| s.paths.annotations.as_ref());
        if let Some(path) = annotations.and_then(|path| std::path::absolute(path).ok()) {
            self.inspector.settings.read_as(&path, columns);
        }
        self.reload();
    }

    pub(super) fn reload(&mut self) {
        let Some(session) = &self.session else {
            if let Some(request) = self.cancelled.clone() {
                self.open(request);
            }
            return;
        };
        // The annotation file that is open, which may not be the folder's first.
        let request = match (&session.target, &session.paths.annotations) {
            (Target::Path(path), annotations) => {
                let path = annotations.as_ref().unwrap_or(path).clone();
                self.beside(path)
            }
            (Target::Demo, _) => Request { frame: Some(self.inspector.current), ..Request::demo() },
        };
        self.open(request);
    }

    pub(super) fn cancel(&mut self, now: f64) {
        if self.jobs.running().is_some() {
            self.jobs.stop();
            return;
        }
        match (&self.opening, &self.session) {
            (Some(opening), _) => {
                opening.cancel();
                self.cancelled = Some(opening.request.clone());
                self.opening = None;
                self.log.add(Origin::Person, "cancel opening", false);
            }
            (None, Some(session)) => {
                // What is not read is not followed either, until somebody asks for it anew.
                session.set_follow(false);
                session.cancel();
                if self.inspector.settings.follow {
                    self.inspector.apply(Command::ToggleFollow, now);
                }
            }
            (None, None) => {}
        }
    }
}

/// Whether a path's name is that of annotations, and not of a folder or a video.
fn may_be_a_layer(path: &Path) -> bool {
    let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    extension.is_some_and(|extension| ["txt", "csv", "tsv"].iter().any(|known| extension == *known))
}
