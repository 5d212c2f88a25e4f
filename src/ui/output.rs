//! Getting it out: the view as a picture, frames as a video, boxes and tracks as text.

use super::{
    App,
    app::Parts,
    jobs::{Control, Ended},
};
use crate::{
    inspector::{
        Export,
        export::{self, Format},
        scene::Look,
    },
    media::Picture,
    mot::MotProvider,
    render::{Canvas, Typeface, draw_scene},
    session::{Artist, Draft, Drawn, PictureState, write_kept, write_png},
};
use std::{fs::File, io::BufWriter, path::PathBuf, sync::Arc};

/// What is needed to draw the viewport anew, without the window.
pub struct ViewShot {
    look: Look,
    picture: Option<Arc<Picture>>,
    picture_size: [u32; 2],
    transform: crate::inspector::Transform,
    size: [u32; 2],
    background: crate::inspector::Rgb,
}

impl ViewShot {
    /// The viewport as it is.
    #[must_use]
    pub fn of(parts: &Parts<'_>, look: &Look) -> Option<Self> {
        let showing = parts.session.showing()?;
        let inspector = parts.inspector;
        let picture = match &showing.picture {
            PictureState::Ready(picture) => Some(Arc::clone(picture)),
            PictureState::None | PictureState::Failed(_) => None,
        };
        let viewport = inspector.viewport_size;
        Some(Self {
            look: look.clone(),
            picture,
            picture_size: inspector.picture_size.map(|side| side as u32),
            transform: inspector.view.transform(inspector.picture_size, viewport),
            size: viewport.map(|side| side.round().max(1.0) as u32),
            background: parts.canvas,
        })
    }

    /// Draws it.
    #[must_use]
    pub fn draw(&self) -> Option<Picture> {
        let canvas = Canvas {
            picture: self.picture.as_deref(),
            picture_size: self.picture_size,
            size: self.size,
            background: self.background,
        };
        let input = self.look.input(self.transform, self.size.map(|side| side as f32));
        draw_scene(&canvas, &input, &Typeface::default())
    }
}

fn refused(path: &std::path::Path, error: &dyn std::fmt::Display) -> Ended {
    Ended::Failed(format!("{} can't be written: {error}.", path.display()))
}

fn saved(path: &std::path::Path) -> Ended {
    Ended::Done(format!("Saved {}", path.display()))
}

/// Draws a view and writes it.
pub fn save_view(shot: &ViewShot, path: &std::path::Path) -> Ended {
    let Some(drawn) = shot.draw() else {
        return Ended::Failed("The view is too large to draw.".to_owned());
    };
    match write_png(path, &drawn) {
        Ok(()) => saved(path),
        Err(error) => refused(path, &error),
    }
}

impl App {
    /// Writes what happened, boxes or tracks into a file.
    pub(super) fn export(&mut self, export: Export, path: PathBuf) {
        let Some(parts) = self.parts() else { return };
        let format = Format::of(&path);
        let name = format!("Saving {}", path.display());
        match export {
            Export::Boxes => {
                let source = parts.session.annotations().source();
                let sieve = Arc::clone(parts.inspector.selection.sieve());
                let end = parts.session.read_up_to();
                self.start_job(name, move |control| {
                    let draft = Draft::of(&path);
                    let file = match File::create(draft.part()) {
                        Ok(file) => file,
                        Err(error) => return refused(&path, &error),
                    };
                    let mut out = BufWriter::new(file);
                    let written =
                        write_kept(&source, &sieve, end, &mut out, |done| control.progress(done));
                    match written {
                        Ok(Some(lines)) => {
                            if let Err(error) = draft.keep() {
                                return refused(&path, &error);
                            }
                            Ended::Done(format!("Saved {lines} boxes to {}", path.display()))
                        }
                        Ok(None) => Ended::Stopped,
                        Err(error) => refused(&path, &error),
                    }
                });
            }
            Export::Tracks => {
                let tracks = Arc::clone(&parts.inspector.selection.sieve().tracks);
                self.write_text(name, path, move || export::tracks(&tracks, format));
            }
            Export::Walk => {
                let (walk, events) = (parts.session.walk(), parts.session.events());
                self.write_text(name, path, move || export::walk(&walk, &events, format));
            }
            Export::Samples => {
                let text = export::samples(parts.samples, format);
                self.write_text(name, path, move || text);
            }
            Export::Events => {
                let log = parts.log.clone();
                self.write_text(name, path, move || log.read(|log| export::events(log, format)));
            }
        }
    }

    fn write_text(
        &mut self,
        name: String,
        path: PathBuf,
        text: impl FnOnce() -> String + Send + 'static,
    ) {
        self.start_job(name, move |_| match Draft::write(&path, text()) {
            Ok(()) => saved(&path),
            Err(error) => refused(&path, &error),
        });
    }

    /// Saves the view as a picture.
    pub(super) fn save_view(&mut self, path: PathBuf) {
        let path = if path.extension().is_none() { path.with_extension("png") } else { path };
        if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
            self.complain("A view is saved as PNG: give the file a name that ends in .png.");
            return;
        }
        if let Some(shot) = self.shot() {
            self.start_job(format!("Saving {}", path.display()), move |_| save_view(&shot, &path));
        }
    }

    /// Saves all frames as a video, or as pictures into a folder.
    pub(super) fn film(&mut self, out: PathBuf) {
        let Some(parts) = self.parts() else { return };
        let (session, inspector) = (parts.session, parts.inspector);
        let annotations = session.annotations();
        // Its own, that the cache's figures are of its loads alone.
        let provider = MotProvider::new(annotations.source(), annotations.index());
        let settings = &inspector.settings;
        let drawn = Drawn {
            boxes: true,
            labels: settings.labels,
            meaning: session.meaning(),
            sieve: Arc::clone(inspector.selection.sieve()),
            selected: inspector.selection.id(),
            color_by: settings.color_by,
            confidence_range: parts.confidence_range,
            trails: settings.trails,
        };
        let size = session.canvas_size().map(|side| (side as u32).max(1));
        let pictures = session.pictures().cloned();
        if pictures.as_ref().is_some_and(|pictures| pictures.path() == out) {
            self.complain("That is where the pictures come from; name another file.");
            return;
        }
        let (frames, rate) = (Arc::clone(&inspector.frames), inspector.rate());
        let name = format!("Saving {}", out.display());
        self.start_job(name, move |control: &Control| {
            let all: Vec<u32> = (0..frames.len()).filter_map(|rank| frames.at_rank(rank)).collect();
            let total = all.len().max(1) as f32;
            let mut artist = Artist::new(drawn, provider, pictures, size);
            let filmed =
                artist.film(&all, rate, &out, |done| control.progress(done as f32 / total));
            match filmed {
                Ok(true) => Ended::Done(format!("Saved {} frames to {}", all.len(), out.display())),
                Ok(false) => Ended::Stopped,
                Err(error) => Ended::Failed(error.to_string()),
            }
        });
    }
}
