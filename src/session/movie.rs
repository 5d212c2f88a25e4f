//! Frames drawn into a video or into pictures, as the window shows them.

use super::{
    draft::Draft,
    trails::{Known, Wish},
};
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
    thread::{self, JoinHandle},
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
            former: None,
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
                return Ok(false);
            }
            let drawn = self.draw(*frame)?;
            film.add(*frame, &drawn)?;
        }
        film.finish()?;
        Ok(true)
    }
}

/// What frames are written into. Dropped before it is finished, it leaves nothing.
enum Film {
    Video { path: PathBuf, draft: Draft, encoder: Encoder },
    Pictures { folder: PathBuf, written: Vec<PathBuf>, finished: bool },
}

/// FFmpeg, taking pictures.
struct Encoder {
    child: Child,
    /// What it complains of, read as it comes: it would wait for that.
    complaint: Option<JoinHandle<String>>,
}

fn refused(path: &Path, reason: &dyn std::fmt::Display) -> MovieError {
    MovieError::Write { path: path.to_owned(), reason: reason.to_string() }
}

/// Whether a name ends as files do, and not as folders such as `run.2`.
fn looks_like_a_file(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
    extension.is_some_and(|e| {
        (1..=4).contains(&e.len()) && e.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

impl Film {
    fn begin(out: &Path, size: [u32; 2], rate: f64) -> Result<Self, MovieError> {
        if crate::mot::is_video(out) {
            let draft = Draft::of(out);
            let encoder = Encoder::start(draft.part(), size, rate)?;
            return Ok(Self::Video { path: out.to_owned(), draft, encoder });
        }
        if !out.is_dir() && looks_like_a_file(out) {
            let reason = "that is no kind of video; name one such as boxes.mp4, or a new folder";
            return Err(refused(out, &reason));
        }
        fs::create_dir_all(out).map_err(|error| refused(out, &error))?;
        let mut within = fs::read_dir(out).map_err(|error| refused(out, &error))?;
        if within.next().is_some() {
            let reason = "the folder is not empty; name a new one, or a video such as boxes.mp4";
            return Err(refused(out, &reason));
        }
        Ok(Self::Pictures { folder: out.to_owned(), written: Vec::new(), finished: false })
    }

    fn add(&mut self, frame: u32, picture: &Picture) -> Result<(), MovieError> {
        match self {
            Self::Video { path, encoder, .. } => encoder.add(picture).map_err(|_| {
                // It ended, and says why.
                let reason =
                    encoder.close().err().unwrap_or_else(|| "it ended too soon".to_owned());
                refused(path, &reason)
            }),
            Self::Pictures { folder, written, .. } => {
                let path = folder.join(format!("{frame:06}.png"));
                write_png(&path, picture).map_err(|error| refused(&path, &error))?;
                written.push(path);
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Result<(), MovieError> {
        match &mut self {
            Self::Video { path, draft, encoder } => {
                encoder.close().map_err(|reason| refused(path, &reason))?;
                let whole = std::mem::replace(draft, Draft::of(path));
                whole.keep().map_err(|error| refused(path, &error))
            }
            Self::Pictures { finished, .. } => {
                *finished = true;
                Ok(())
            }
        }
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        if let Self::Pictures { written, finished: false, .. } = self {
            for path in written {
                // What can't be deleted stays.
                let _ = fs::remove_file(path);
            }
        }
    }
}

impl Encoder {
    fn start(path: &Path, size: [u32; 2], rate: f64) -> Result<Self, VideoError> {
        let mut command = Ffmpeg::find()?.encoding(path, size, rate);
        let mut child = command.spawn().map_err(|source| VideoError::Start { source })?;
        let err = child.stderr.take();
        let listen = move || {
            let mut text = String::new();
            if let Some(mut err) = err {
                // Enough to tell why; the rest is read so that nothing waits for it.
                let _ = (&mut err).take(1 << 16).read_to_string(&mut text);
                let _ = io::copy(&mut err, &mut io::sink());
            }
            text
        };
        let listening = thread::Builder::new().name("film-listener".to_owned()).spawn(listen);
        Ok(Self { child, complaint: listening.ok() })
    }

    fn add(&mut self, picture: &Picture) -> io::Result<()> {
        let pipe = self.child.stdin.as_mut();
        pipe.ok_or(io::ErrorKind::BrokenPipe)?.write_all(&picture.rgba)
    }

    /// Ends it in good order. The error is its reason.
    fn close(&mut self) -> Result<(), String> {
        drop(self.child.stdin.take());
        let complaint = self.complaint.take().and_then(|thread| thread.join().ok());
        let ended = self.child.wait().map_err(|error| error.to_string())?;
        if ended.success() {
            return Ok(());
        }
        let complaint = complaint.unwrap_or_default();
        let last = complaint.lines().next_back();
        Err(last.unwrap_or("FFmpeg failed without a reason").to_owned())
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a picture as PNG.
///
/// # Errors
/// The operating system's, or the encoder's.
pub fn write_png(path: &Path, picture: &Picture) -> io::Result<()> {
    let draft = Draft::of(path);
    let mut file = BufWriter::new(File::create(draft.part())?);
    PngEncoder::new(&mut file)
        .write_image(&picture.rgba, picture.width, picture.height, ExtendedColorType::Rgba8)
        .map_err(io::Error::other)?;
    file.flush()?;
    draft.keep()
}
