//! Frames drawn into a video or into pictures, as the window shows them.

use super::trails::{Known, Wish};
use crate::{
    cache::{DataProvider as _, Key},
    inspector::{
        ColorBy, Sieve, TrailSettings, Transform,
        scene::{Look, Meaning},
    },
    media::{Ffmpeg, Picture, Pictures, VideoError},
    mot::{MotError, MotProvider},
    render::{Canvas, EMPTY_CANVAS, Typeface, draw_scene},
};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Read as _, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::Child,
    sync::Arc,
};
use thiserror::Error;

/// Why frames could not be drawn into a file. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum MovieError {
    /// The boxes can't be read.
    #[error(transparent)]
    Annotations(#[from] MotError),
    /// FFmpeg, which makes the video, is missing.
    #[error(transparent)]
    Video(#[from] VideoError),
    /// Something can't be written.
    #[error("{path} can't be written: {reason}.")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Nothing can be drawn at this size.
    #[error("A picture of {0} x {1} pixels can't be drawn.")]
    Size(u32, u32),
}

/// What is drawn over a picture.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Whether there are boxes at all.
    pub boxes: bool,
    /// Whether boxes have labels.
    pub labels: bool,
    /// Which of their fields say something.
    pub meaning: Meaning,
    /// Which of them are shown.
    pub sieve: Arc<Sieve>,
    /// The track that stands out.
    pub selected: Option<i64>,
    /// What they are coloured by.
    pub color_by: ColorBy,
    /// Least and highest confidence, for colours.
    pub confidence_range: [f64; 2],
    /// Their trails.
    pub trails: TrailSettings,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            boxes: true,
            labels: true,
            meaning: Meaning::default(),
            sieve: Arc::default(),
            selected: None,
            color_by: ColorBy::default(),
            confidence_range: [0.0, 1.0],
            trails: TrailSettings::default(),
        }
    }
}

/// Draws frames one after the other.
pub struct Artist {
    /// What is drawn.
    pub drawn: Drawn,
    provider: MotProvider,
    pictures: Option<Pictures>,
    /// Width and height of every frame in pixels.
    size: [u32; 2],
    known: Known,
    typeface: Typeface,
}

impl Artist {
    /// Draws on pictures of `size`, whatever theirs is.
    #[must_use]
    pub fn new(
        drawn: Drawn,
        provider: MotProvider,
        pictures: Option<Pictures>,
        size: [u32; 2],
    ) -> Self {
        Self {
            drawn,
            provider,
            pictures,
            size,
            known: Known::default(),
            typeface: Typeface::default(),
        }
    }

    /// How the boxes of a frame look.
    fn look(&mut self, frame: u32) -> Result<Look, MotError> {
        let drawn = &self.drawn;
        if !drawn.boxes {
            return Ok(Look::default());
        }
        let boxes = Arc::new(self.provider.load_frame(frame)?);
        let (shown, _) = drawn.sieve.sift(&boxes.detections);
        let TrailSettings { on, back, ahead, speed } = drawn.trails;
        let wish = if on { (back, ahead) } else { (1, 0) };
        let trails = (on || drawn.color_by == ColorBy::Speed).then(|| {
            let wish = Wish { frame, back: wish.0, ahead: wish.1 };
            Arc::new(self.known.trails(&self.provider, wish, 0))
        });
        Ok(Look {
            boxes,
            shown: shown.into(),
            meaning: drawn.meaning,
            labels: drawn.labels,
            selected: None,
            selected_is_here: false,
            color_by: drawn.color_by,
            confidence_range: drawn.confidence_range,
            trails,
            draw_trails: on,
            trail_speed: speed,
        }
        .with_selected(drawn.selected))
    }

    /// A frame. Where its picture can't be loaded, its boxes are drawn on an empty canvas.
    ///
    /// # Errors
    /// Where the boxes can't be read, or nothing can be drawn at this size.
    pub fn draw(&mut self, frame: u32) -> Result<Picture, MovieError> {
        let look = self.look(frame)?;
        let picture = self.pictures.as_ref().and_then(|p| p.load(Key::from(frame)).ok());
        let [width, height] = self.size;
        let picture_size = picture.as_ref().map_or(self.size, |p| [p.width, p.height]);
        // One of another size is fitted in.
        let zoom =
            [0, 1].map(|axis| f64::from(self.size[axis]) / f64::from(picture_size[axis].max(1)));
        let zoom = zoom[0].min(zoom[1]);
        let offset = [0, 1]
            .map(|axis| (f64::from(self.size[axis]) - f64::from(picture_size[axis]) * zoom) / 2.0);
        let transform = Transform { zoom, offset };
        let canvas = Canvas {
            picture: picture.as_ref(),
            picture_size,
            size: self.size,
            background: EMPTY_CANVAS,
        };
        let input = look.input(transform, self.size.map(|side| side as f32));
        draw_scene(&canvas, &input, &self.typeface).ok_or(MovieError::Size(width, height))
    }

    /// Draws frames into a video, where `out` has the ending of one, else as numbered pictures into a
    /// folder. `progress` hears how many are done, and may break off: what was written is then deleted, and
    /// the answer `false`.
    ///
    /// # Errors
    /// Where a frame can't be drawn, FFmpeg is missing, or something can't be written.
    pub fn film(
        &mut self,
        frames: &[u32],
        rate: f64,
        out: &Path,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<bool, MovieError> {
        let mut film = Film::begin(out, self.size, rate)?;
        for (done, frame) in frames.iter().enumerate() {
            if progress(done as u64).is_break() {
                film.discard();
                return Ok(false);
            }
            let drawn = self.draw(*frame)?;
            film.add(*frame, &drawn)?;
        }
        film.finish()?;
        Ok(true)
    }
}

/// What frames are written into.
enum Film {
    Video { path: PathBuf, child: Option<Child> },
    Pictures { folder: PathBuf, written: Vec<PathBuf> },
}

fn refused(path: &Path, reason: &dyn std::fmt::Display) -> MovieError {
    MovieError::Write { path: path.to_owned(), reason: reason.to_string() }
}

impl Film {
    fn begin(out: &Path, size: [u32; 2], rate: f64) -> Result<Self, MovieError> {
        if crate::mot::is_video(out) {
            let mut command = Ffmpeg::find()?.encoding(out, size, rate);
            let child = command.spawn().map_err(|source| VideoError::Start { source })?;
            return Ok(Self::Video { path: out.to_owned(), child: Some(child) });
        }
        fs::create_dir_all(out).map_err(|error| refused(out, &error))?;
        Ok(Self::Pictures { folder: out.to_owned(), written: Vec::new() })
    }

    fn add(&mut self, frame: u32, picture: &Picture) -> Result<(), MovieError> {
        match self {
            Self::Video { child, .. } => {
                let pipe = child.as_mut().and_then(|child| child.stdin.as_mut());
                let written = pipe.map(|pipe| pipe.write_all(&picture.rgba));
                // It ended, and says why.
                if matches!(written, Some(Ok(()))) { Ok(()) } else { self.close() }
            }
            Self::Pictures { folder, written } => {
                let path = folder.join(format!("{frame:06}.png"));
                write_png(&path, picture).map_err(|error| refused(&path, &error))?;
                written.push(path);
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Result<(), MovieError> {
        self.close()
    }

    fn close(&mut self) -> Result<(), MovieError> {
        let Self::Video { path, child } = self else { return Ok(()) };
        let Some(mut child) = child.take() else { return Ok(()) };
        drop(child.stdin.take());
        let mut complaint = String::new();
        if let Some(err) = child.stderr.take() {
            // What can't be read of it is not told.
            let _ = err.take(1 << 16).read_to_string(&mut complaint);
        }
        let ended = child.wait().map_err(|error| refused(path, &error))?;
        if ended.success() {
            return Ok(());
        }
        let reason = complaint.lines().next_back().unwrap_or("FFmpeg failed without a reason");
        Err(refused(path, &reason))
    }

    fn discard(mut self) {
        match &mut self {
            Self::Video { path, child } => {
                if let Some(mut child) = child.take() {
                    // It may have ended by itself.
                    let _ = child.kill();
                    let _ = child.wait();
                }
                let _ = fs::remove_file(path);
            }
            Self::Pictures { written, .. } => {
                for path in written {
                    let _ = fs::remove_file(path);
                }
            }
        }
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        if let Self::Video { child: Some(child), .. } = self {
            // Broken off by an error.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Writes a picture as PNG.
///
/// # Errors
/// The operating system's, or the encoder's.
pub fn write_png(path: &Path, picture: &Picture) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    PngEncoder::new(&mut file)
        .write_image(&picture.rgba, picture.width, picture.height, ExtendedColorType::Rgba8)
        .map_err(io::Error::other)?;
    file.flush()
}
