//! Frames drawn into a video or into pictures, as the window shows them.

use super::trails::{Known, TrailRequest};
use crate::{
    cache::{DataProvider as _, Key},
    formats::mot::MotProvider,
    inspector::{
        BoxFilter, ColorBy, TrailSettings, Transform, layer_color,
        scene::{InformativeFields, LineStyle, Look},
    },
    media::{Ffmpeg, Picture, PictureError, Pictures, VideoError, why_not_encoded},
    model::{ReadError, TrackId},
    output::{Batch, Draft, Inputs, OutputError, Place, Process},
    render::{Canvas, EMPTY_CANVAS, Typeface, draw_layers},
    storage::DRAWN,
};
use std::{
    io::{self, Read as _, Write},
    ops::ControlFlow,
    path::Path,
    process::ChildStdin,
    sync::Arc,
    thread::{self, JoinHandle},
};
use thiserror::Error;

/// Why frames could not be drawn into a file. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum MovieError {
    /// The boxes can't be read.
    #[error(transparent)]
    Annotations(#[from] ReadError),
    /// FFmpeg, which makes the video, is missing.
    #[error(transparent)]
    Video(#[from] VideoError),
    /// Something can't be written.
    #[error(transparent)]
    Output(#[from] OutputError),
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
    pub meaning: InformativeFields,
    /// Which of them are shown.
    pub sieve: Arc<BoxFilter>,
    /// The track that stands out.
    pub selected: Option<TrackId>,
    /// What they are coloured by.
    pub color_by: ColorBy,
    /// Least and highest confidence, for colours.
    pub confidence_range: [f64; 2],
    /// Their trails.
    pub trails: TrailSettings,
    /// The place of their layer in the list, from 0: it gives the line and the colour.
    pub place: usize,
    /// How strongly they are drawn, from 0 to 1.
    pub opacity: f32,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            boxes: true,
            labels: true,
            meaning: InformativeFields::default(),
            sieve: Arc::default(),
            selected: None,
            color_by: ColorBy::default(),
            confidence_range: [0.0, 1.0],
            trails: TrailSettings::default(),
            place: 0,
            opacity: 1.0,
        }
    }
}

/// A layer that is drawn.
pub struct DrawnLayer {
    drawn: Drawn,
    provider: MotProvider,
    known: Known,
}

impl DrawnLayer {
    /// The boxes that `provider` loads, drawn in a certain way.
    #[must_use]
    pub fn new(drawn: Drawn, provider: MotProvider) -> Self {
        Self { drawn, provider, known: Known::default() }
    }

    /// How many boxes of a frame are shown.
    ///
    /// # Errors
    /// Where they can't be read.
    pub fn shown(&self, frame: u32) -> Result<usize, ReadError> {
        let boxes = self.provider.load_frame(frame)?.detections;
        Ok(boxes.iter().filter(|detection| self.drawn.sieve.keeps(detection)).count())
    }

    /// How the boxes of a frame look.
    fn look(&mut self, frame: u32) -> Result<Look, ReadError> {
        let drawn = &self.drawn;
        if !drawn.boxes {
            return Ok(Look::default());
        }
        let boxes = Arc::new(self.provider.load_frame(frame)?);
        let (shown, _) = drawn.sieve.sift(&boxes.detections);
        let TrailSettings { on, back, ahead, speed } = drawn.trails;
        let wish = if on { (back, ahead) } else { (1, 0) };
        let trails = (on || drawn.color_by == ColorBy::Speed).then(|| {
            let wish = TrailRequest { frame, back: wish.0, ahead: wish.1 };
            Arc::new(self.known.trails(&self.provider, wish, 0))
        });
        Ok(Look {
            boxes,
            shown: shown.into(),
            meaning: drawn.meaning,
            classes: Arc::clone(&self.provider.file().reading().classes),
            labels: drawn.labels,
            selected: None,
            selected_is_here: false,
            color_by: drawn.color_by,
            layer_color: layer_color(drawn.place),
            line: LineStyle::of_layer(drawn.place),
            confidence_range: drawn.confidence_range,
            trails,
            draw_trails: on,
            former: None,
            trail_speed: speed,
        }
        .with_selected(drawn.selected))
    }
}

/// Draws frames one after the other.
pub struct Artist {
    /// What is drawn, the last one on top.
    layers: Vec<DrawnLayer>,
    pictures: Option<Pictures>,
    /// Width and height of every frame in pixels.
    size: [u32; 2],
    typeface: Typeface,
    missing: Missing,
}

/// Frames that were drawn without their picture, of a sequence that has pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// How many.
    pub frames: u64,
    /// The first of them.
    pub first: u32,
    /// Why it has none, as a sentence.
    pub reason: String,
    /// How many of them have one that can't be shown.
    pub failed: u64,
    /// Frames whose picture is shown only in part, the first of them, and what is wrong with it.
    pub damaged: (u64, u32, String),
    /// What is wrong with the video that pictures came from, as a sentence.
    pub video: Option<String>,
    /// Whether FFmpeg complained of it, or its file is cut off: pictures may then be others than those of
    /// their frames, or incomplete.
    pub video_is_damaged: bool,
}

impl Missing {
    fn count(&mut self, frame: u32, loaded: &Result<Picture, PictureError>) {
        match loaded {
            Ok(picture) => {
                let Some(damage) = &picture.damage else { return };
                let (frames, first, reason) = &mut self.damaged;
                if *frames == 0 {
                    (*first, *reason) = (frame, damage.to_string());
                }
                *frames += 1;
            }
            Err(error) => {
                if self.frames == 0 {
                    (self.first, self.reason) = (frame, error.to_string());
                }
                self.frames += 1;
                self.failed += u64::from(!error.is_absent());
            }
        }
    }

    /// What is to be told of those that are shown in part.
    #[must_use]
    pub fn told_of_damage(&self) -> Option<String> {
        let (frames, first, reason) = &self.damaged;
        match frames {
            0 => None,
            1 => Some(format!("The picture of frame {first} is damaged: {reason}.")),
            _ => Some(format!(
                "{frames} pictures are damaged, that of frame {first} first: {reason}."
            )),
        }
    }

    /// What is to be told of them, if there are any: one sentence, or two.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let Self { frames, first, reason, .. } = self;
        match frames {
            0 => None,
            1 => Some(format!("Frame {first} is drawn without its picture. {reason}")),
            _ => Some(format!(
                "{frames} frames are drawn without their pictures, frame {first} first. {reason}"
            )),
        }
    }
}

impl Artist {
    /// Draws layers, the last one on top, on pictures of `size`, whatever theirs is.
    #[must_use]
    pub fn new(layers: Vec<DrawnLayer>, pictures: Option<Pictures>, size: [u32; 2]) -> Self {
        Self { layers, pictures, size, typeface: Typeface::default(), missing: Missing::default() }
    }

    /// A frame. Where its picture can't be loaded, its boxes are drawn on an empty canvas.
    ///
    /// # Errors
    /// Where the boxes can't be read, or nothing can be drawn at this size.
    pub fn draw(&mut self, frame: u32) -> Result<Picture, MovieError> {
        let looks =
            self.layers.iter_mut().map(|layer| Ok((layer.look(frame)?, layer.drawn.opacity)));
        let looks: Vec<(Look, f32)> = looks.collect::<Result<_, ReadError>>()?;
        let loaded = self.pictures.as_ref().map(|pictures| pictures.load(Key::from(frame)));
        if let Some(loaded) = &loaded {
            self.missing.count(frame, loaded);
        }
        let picture = loaded.and_then(Result::ok);
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
        let viewport = self.size.map(|side| side as f32);
        let scenes =
            looks.iter().map(|(look, opacity)| (look.input(transform, viewport), *opacity));
        let scenes: Vec<_> = scenes.collect();
        draw_layers(&canvas, transform, &scenes, &self.typeface)
            .ok_or(MovieError::Size(width, height))
    }

    /// What is known of the video, when all of it was counted.
    fn ask_for_damage(&mut self) {
        let Some(video) = self.pictures.as_ref().and_then(Pictures::video) else { return };
        self.missing.video = video.told_of_damage();
        let damage = video.count().damage;
        self.missing.video_is_damaged =
            damage.is_some_and(|damage| damage.said.is_some() || damage.no_end);
    }

    /// The frames that were drawn without their picture so far.
    #[must_use]
    pub fn missing(&self) -> &Missing {
        &self.missing
    }

    /// Draws frames into a video, where `place` has the ending of one, else as numbered pictures into a
    /// folder: see [`film_place`]. `progress` hears how many are done, and may break off: what was written is
    /// then deleted, and the answer `false`.
    ///
    /// # Errors
    /// Where a frame can't be drawn, FFmpeg is missing, or something can't be written.
    pub fn film(
        &mut self,
        frames: &[u32],
        rate: f64,
        place: Place,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<bool, MovieError> {
        let mut film = Film::begin(place, self.size, rate)?;
        for (done, frame) in frames.iter().enumerate() {
            if progress(done as u64).is_break() {
                return Ok(false);
            }
            let drawn = self.draw(*frame)?;
            film.add(*frame, &drawn)?;
        }
        film.finish()?;
        self.ask_for_damage();
        Ok(true)
    }
}

/// Where a film of `frames` may be written: a video, where `out` has the ending of one, else numbered pictures
/// in a folder, there or not. `replace` says whether files of the same names may be replaced.
///
/// # Errors
/// Where it is an input, is there and is not to be replaced, or can't be written.
pub fn film_place(
    out: &Path,
    frames: &[u32],
    inputs: &Inputs,
    replace: bool,
) -> Result<Place, OutputError> {
    if crate::media::is_video(out) {
        return Place::file(out, inputs, replace);
    }
    let is_file = !out.is_dir() && (out.exists() || looks_like_a_file(out));
    if is_file && inputs.hit(out).is_none() {
        let reason = "that is no kind of video; name one such as boxes.mp4, or a folder";
        return Err(OutputError::refused(out, reason));
    }
    Place::folder(out, frames.iter().map(|frame| picture_name(*frame)), inputs, replace)
}

fn picture_name(frame: u32) -> String {
    format!("{frame:06}.png")
}

/// Whether a name ends as files do, and not as folders such as `run.2`.
fn looks_like_a_file(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
    extension.is_some_and(|e| {
        (1..=4).contains(&e.len()) && e.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// What frames are written into. Dropped before it is finished, it leaves nothing.
enum Film {
    // The encoder ends before what it writes goes.
    Video { encoder: Encoder, draft: Draft },
    Pictures(Batch),
}

impl Film {
    fn begin(place: Place, size: [u32; 2], rate: f64) -> Result<Self, MovieError> {
        if !crate::media::is_video(place.path()) {
            return Ok(Self::Pictures(Batch::begin(place)?));
        }
        let seekable = !place.is_direct();
        let draft = Draft::begin(place)?;
        let encoder = Encoder::start(draft.path(), size, rate, seekable)?;
        Ok(Self::Video { encoder, draft })
    }

    fn add(&mut self, frame: u32, picture: &Picture) -> Result<(), MovieError> {
        match self {
            Self::Video { encoder, draft } => encoder.add(picture).map_err(|_| {
                // It ended, and says why.
                let reason =
                    encoder.close().err().unwrap_or_else(|| "it ended too soon".to_owned());
                OutputError::refused(draft.name(), reason).into()
            }),
            Self::Pictures(batch) => {
                Ok(batch.add(picture_name(frame), |file| encode_png(file, picture))?)
            }
        }
    }

    fn finish(self) -> Result<(), MovieError> {
        match self {
            Self::Video { mut encoder, draft } => {
                let closed = encoder.close();
                closed.map_err(|reason| OutputError::refused(draft.name(), reason))?;
                Ok(draft.keep()?)
            }
            Self::Pictures(batch) => Ok(batch.keep()?),
        }
    }
}

/// FFmpeg, taking pictures.
struct Encoder {
    process: Process,
    pictures: Option<ChildStdin>,
    /// What it complains of, read as it comes: it would wait for that.
    complaint: Option<JoinHandle<String>>,
}

impl Encoder {
    fn start(path: &Path, size: [u32; 2], rate: f64, seekable: bool) -> Result<Self, VideoError> {
        let command = Ffmpeg::find()?.encoding(path, size, rate, seekable);
        let process = Process::spawn(command).map_err(|source| VideoError::Start { source })?;
        let (pictures, err) = process.pipes();
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
        Ok(Self { process, pictures, complaint: listening.ok() })
    }

    fn add(&mut self, picture: &Picture) -> io::Result<()> {
        self.pictures.as_mut().ok_or(io::ErrorKind::BrokenPipe)?.write_all(&picture.rgba)
    }

    /// Ends it in good order. The error is its reason.
    fn close(&mut self) -> Result<(), String> {
        drop(self.pictures.take());
        // It is told to its end, and nothing keeps the process then.
        let complaint = self.complaint.take().and_then(|thread| thread.join().ok());
        let ended = self.process.wait().map_err(|error| error.to_string())?;
        if ended.success() {
            return Ok(());
        }
        let complaint = complaint.unwrap_or_default();
        let unsaid = || format!("FFmpeg ended without a reason ({ended})");
        Err(why_not_encoded(&complaint).map_or_else(unsaid, str::to_owned))
    }
}

/// Writes a picture as PNG.
///
/// # Errors
/// Where it can't be written.
pub fn write_png(place: Place, picture: &Picture) -> Result<(), OutputError> {
    let mut draft = Draft::begin(place)?;
    let written = encode_png(&mut draft, picture);
    draft.keep_if(written)
}

fn encode_png(out: &mut impl Write, picture: &Picture) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder
        .add_text_chunk("Software".to_owned(), DRAWN.to_owned())
        .and_then(|()| encoder.write_header())
        .and_then(|mut writer| writer.write_image_data(&picture.rgba));
    written.map_err(io::Error::other)?;
    // Out of the encoder's hands, the system's reason comes as it is.
    out.write_all(&bytes)
}
