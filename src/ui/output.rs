//! Getting it out: the view as a picture, frames as a video, boxes and tracks as text.

use super::{
    App,
    app::Parts,
    jobs::{Control, Ended},
    layer_looks::LayerLook,
    panels::prompt::Saved,
};
use crate::{
    formats::mot::{MotFile, MotProvider},
    inspector::{BoxFilter, Export, Frames, Viewports, export, export::Format, scene::Look},
    media::{Picture, Pictures},
    output::{Draft, OutputError, Place},
    render::{Canvas, Typeface, draw_layers},
    session::{Artist, Drawn, DrawnLayer, PictureState, film_place, write_kept, write_png},
    text,
};
use std::{
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What is needed to draw the viewports anew, without the window.
pub struct ViewShot {
    viewports: Viewports,
    /// How the layers of each are drawn, and how strongly; the last one on top.
    looks: Vec<Vec<(Look, f32)>>,
    picture: Option<Arc<Picture>>,
    picture_size: [u32; 2],
    transform: crate::inspector::Transform,
    /// Of one of them, in pixels.
    size: [u32; 2],
    background: crate::inspector::Rgb,
}

impl ViewShot {
    /// The viewports as they are.
    #[must_use]
    pub fn of(parts: &Parts<'_>, looks: &[LayerLook]) -> Option<Self> {
        let showing = parts.session.showing()?;
        let inspector = parts.inspector;
        let picture = match &showing.picture {
            PictureState::Ready(picture) => Some(Arc::clone(picture)),
            // None is better than another frame's.
            PictureState::None | PictureState::Failed(_) | PictureState::Outdated(_) => None,
        };
        let viewport = inspector.viewport_size;
        let viewports = inspector.layers.viewports().clone();
        let of_one = |place: usize| {
            let own = looks.iter().filter(|look| viewports.shows(place, look.layer));
            own.map(|look| (look.look.clone(), look.opacity)).collect()
        };
        Some(Self {
            looks: (0..viewports.count()).map(of_one).collect(),
            viewports,
            picture,
            picture_size: inspector.picture_size.map(|side| side as u32),
            transform: inspector.view.transform(inspector.picture_size, viewport),
            size: viewport.map(|side| side.round().max(1.0) as u32),
            background: parts.canvas,
        })
    }

    /// Draws them.
    #[must_use]
    pub fn draw(&self) -> Option<Picture> {
        let drawn: Option<Vec<Picture>> = self.looks.iter().map(|looks| self.one(looks)).collect();
        let drawn = drawn?;
        match &self.viewports {
            Viewports::One => drawn.into_iter().next(),
            Viewports::SideBySide(_) => {
                let width = self.size[0] as usize;
                Some(joined(drawn.iter().map(|picture| (picture, 0..width))))
            }
            Viewports::Wipe(wipe) => {
                let width = self.size[0] as usize;
                let line = ((wipe.at * width as f64).round() as usize).min(width);
                Some(joined(drawn.iter().zip([0..line, line..width])))
            }
        }
    }

    /// One of them.
    fn one(&self, looks: &[(Look, f32)]) -> Option<Picture> {
        let canvas = Canvas {
            picture: self.picture.as_deref(),
            picture_size: self.picture_size,
            size: self.size,
            background: self.background,
        };
        let viewport = self.size.map(|side| side as f32);
        let scenes: Vec<_> = looks
            .iter()
            .map(|(look, opacity)| (look.input(self.transform, viewport), *opacity))
            .collect();
        draw_layers(&canvas, self.transform, &scenes, &Typeface::default())
    }
}

/// Columns of pictures of one height, side by side.
fn joined<'a>(parts: impl Iterator<Item = (&'a Picture, Range<usize>)> + Clone) -> Picture {
    let width: usize = parts.clone().map(|(_, columns)| columns.len()).sum();
    let height = parts.clone().map(|(picture, _)| picture.height).min().unwrap_or(0);
    let mut rgba = Vec::with_capacity(width * height as usize * 4);
    for row in 0..height as usize {
        for (picture, columns) in parts.clone() {
            let begin = row * picture.width as usize;
            rgba.extend_from_slice(
                &picture.rgba[(begin + columns.start) * 4..(begin + columns.end) * 4],
            );
        }
    }
    Picture::new(width as u32, height, rgba)
}

fn saved(path: &Path) -> Ended {
    Ended::Done(format!("Saved {}", text::path(path)))
}

fn ended(path: &Path, written: Result<(), OutputError>) -> Ended {
    written.map_or_else(|error| Ended::Failed(error.to_string()), |()| saved(path))
}

/// Draws a view and writes it.
fn save_view(shot: &ViewShot, place: Place) -> Ended {
    let Some(drawn) = shot.draw() else {
        return Ended::Failed("The view is too large to draw.".to_owned());
    };
    let path = place.path().to_owned();
    ended(&path, write_png(place, &drawn))
}

/// The largest size of the pictures. Waits until those of a video are counted, unless somebody stops it.
fn whole_size(
    pictures: Option<&Pictures>,
    frames: &[u32],
    control: &Control,
) -> ControlFlow<(), Option<[u32; 2]>> {
    const LOOK: Duration = Duration::from_millis(50);
    if let Some(video) = pictures.and_then(Pictures::video) {
        while video.counted_within(LOOK).is_none() {
            control.progress(0.0)?;
        }
    }
    ControlFlow::Continue(pictures.and_then(|pictures| pictures.largest(frames)))
}

impl App {
    /// Saves something to a path, where nothing is open that it would replace; a person is asked before other
    /// files are, unless they may be replaced.
    pub(super) fn save_to(&mut self, what: Saved, mut path: PathBuf, mut replace: bool) {
        let Some(session) = self.session() else { return };
        let (inputs, frames) = (session.inputs(), Arc::clone(&self.inspector().frames));
        if what == Saved::View {
            if path.extension().is_none() {
                // Nobody was asked about this name.
                path = path.with_extension("png");
                replace = false;
            }
            if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
                self.complain("A view is saved as PNG: give the file a name that ends in .png.");
                return;
            }
        }
        let wanted = path.clone();
        let look = move || match what {
            Saved::View | Saved::Export(_) => Place::file(&wanted, &inputs, replace),
            Saved::Film => film_place(&wanted, &all(&frames), &inputs, replace),
        };
        self.look_at_place(what, path, look);
    }

    /// Writes something where it may be written.
    pub(super) fn write(&mut self, what: Saved, place: Place) {
        match what {
            Saved::Export(export) => self.export(export, place),
            Saved::View => {
                if let Some(shot) = self.shot() {
                    self.start_job(saving(&place), move |_| save_view(&shot, place));
                }
            }
            Saved::Film => self.film(place),
        }
    }

    /// Writes what happened, boxes or tracks into a file.
    fn export(&mut self, export: Export, place: Place) {
        let Some(parts) = self.parts() else { return };
        let format = Format::of(place.path());
        match export {
            Export::Boxes => {
                let source = parts.layer().annotations().file();
                let sieve = Arc::clone(parts.inspector.selection().sieve());
                let end = parts.layer().read_up_to();
                self.start_job(saving(&place), move |control| {
                    export_boxes(&source, &sieve, end, place, control)
                });
            }
            Export::Tracks => {
                let tracks = Arc::clone(&parts.inspector.selection().sieve().tracks);
                let names = parts.layer().class_names();
                self.write_text(place, move || export::tracks(&tracks, &names, format));
            }
            Export::Walk => {
                let (walk, events) = (parts.session.walk(), parts.session.events());
                self.write_text(place, move || export::walk(&walk, &events, format));
            }
            Export::Samples => {
                let text = export::samples(parts.samples, format);
                self.write_text(place, move || text);
            }
            Export::Events => {
                let log = parts.log.clone();
                self.write_text(place, move || log.read(|log| export::events(log, format)));
            }
        }
    }

    fn write_text(&mut self, place: Place, text: impl FnOnce() -> String + Send + 'static) {
        self.start_job(saving(&place), move |_| {
            let path = place.path().to_owned();
            ended(&path, Draft::write(place, text()))
        });
    }

    /// Saves all frames as a video, or as pictures into a folder.
    fn film(&mut self, place: Place) {
        let Some(parts) = self.parts() else { return };
        let (session, inspector) = (parts.session, parts.inspector);
        let settings = &inspector.settings;
        let drawn = |look: &LayerLook| {
            let layer = session.layer(look.layer)?;
            let view = inspector.layers.get(look.layer)?;
            let drawn = Drawn {
                boxes: true,
                labels: look.look.labels,
                meaning: layer.meaning(),
                sieve: Arc::clone(view.selection.sieve()),
                selected: view.selection.id(),
                color_by: settings.color_by,
                confidence_range: look.look.confidence_range,
                trails: settings.trails,
                place: look.place,
                opacity: look.opacity,
            };
            // Its own, that the cache's figures are of its loads alone.
            let annotations = layer.annotations();
            let provider = MotProvider::new(annotations.file(), annotations.index());
            Some(DrawnLayer::new(drawn, provider))
        };
        let layers: Vec<DrawnLayer> = self.looks().iter().filter_map(drawn).collect();
        let size = session.canvas_size().map(|side| (side as u32).max(1));
        // Whoever aligns pictures and frames in another way meanwhile does not mean this film.
        let pictures = session.pictures().map(Pictures::frozen);
        let (frames, rate) = (Arc::clone(&inspector.frames), inspector.rate());
        self.start_job(saving(&place), move |control: &Control| {
            let all = all(&frames);
            let size = match whole_size(pictures.as_ref(), &all, control) {
                ControlFlow::Continue(largest) => largest.unwrap_or(size),
                ControlFlow::Break(()) => return Ended::Stopped,
            };
            let total = all.len().max(1) as f32;
            let out = place.path().to_owned();
            let mut artist = Artist::new(layers, pictures, size);
            let filmed =
                artist.film(&all, rate, place, |done| control.progress(done as f32 / total));
            match filmed {
                Ok(true) => {
                    let missing = artist.missing();
                    let told = [missing.told(), missing.told_of_damage(), missing.video.clone()];
                    let told = told.into_iter().flatten().map(|told| format!(". {told}"));
                    let (out, told) = (text::path(&out), told.collect::<Vec<_>>().concat());
                    Ended::Done(format!("Saved {} frames to {out}{told}", all.len()))
                }
                Ok(false) => Ended::Stopped,
                Err(error) => Ended::Failed(error.to_string()),
            }
        });
    }
}

fn saving(place: &Place) -> String {
    format!("Saving {}", text::path(place.path()))
}

fn all(frames: &Frames) -> Vec<u32> {
    (0..frames.len()).filter_map(|rank| frames.at_rank(rank)).collect()
}

fn export_boxes(
    source: &MotFile,
    sieve: &BoxFilter,
    end: u64,
    place: Place,
    control: &Control,
) -> Ended {
    let mut draft = match Draft::begin(place) {
        Ok(draft) => draft,
        Err(error) => return Ended::Failed(error.to_string()),
    };
    let written = write_kept(source, sieve, end, &mut draft, |done| control.progress(done));
    let out = text::path(draft.name()).to_string();
    let (lines, written) = match written {
        Ok(Some(lines)) => (lines, Ok(())),
        Ok(None) => return Ended::Stopped,
        Err(error) => (0, Err(error)),
    };
    match draft.keep_if(written) {
        Ok(()) => Ended::Done(format!("Saved {lines} boxes to {out}")),
        Err(error) => Ended::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_pictures_are_put_side_by_side() {
        let picture = |first: u8| {
            let pixels = (0..6).flat_map(|n| [first + n; 4]).collect();
            Picture::new(3, 2, pixels)
        };
        let (left, right) = (picture(10), picture(20));
        let joined = joined([(&left, 0..1), (&right, 1..3)].into_iter());
        let reds: Vec<u8> = joined.rgba.iter().step_by(4).copied().collect();
        assert_eq!(([joined.width, joined.height], reds), ([3, 2], vec![10, 21, 22, 13, 24, 25]));
    }
}
