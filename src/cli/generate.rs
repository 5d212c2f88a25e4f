use super::{Failure, ForceArgument, Outcome, report};
use crate::{
    generate::{Artist, Columns, Mistakes, Options, Seen, World, detections, tracker, write_line},
    media::Picture,
    output::{Batch, Draft, Inputs, OutputError, Place, is_direct},
    text,
};
use clap::builder::RangedU64ValueParser;
use indicatif::{ProgressBar, ProgressStyle};
use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to write; a name without extension makes a whole sequence folder: ground truth,
    /// detections, a tracker's result with mistakes, seqinfo.ini
    out: PathBuf,
    /// Number of tracks
    #[arg(long, default_value_t = 100, value_parser = RangedU64ValueParser::<u32>::new().range(..=10_000_000))]
    tracks: u32,
    /// Number of frames
    #[arg(long, default_value_t = 10_000, value_parser = RangedU64ValueParser::<u32>::new().range(1..=100_000_000))]
    frames: u32,
    /// Width of the picture in pixels
    #[arg(long, default_value_t = 1920, value_parser = RangedU64ValueParser::<u32>::new().range(32..=16_384))]
    width: u32,
    /// Height of the picture in pixels
    #[arg(long, default_value_t = 1080, value_parser = RangedU64ValueParser::<u32>::new().range(32..=16_384))]
    height: u32,
    /// Shortest life of a track in frames
    #[arg(long, default_value_t = 10, value_parser = RangedU64ValueParser::<u32>::new().range(1..=100_000_000))]
    min_track_length: u32,
    /// Longest life of a track in frames
    #[arg(long, default_value_t = 200, value_parser = RangedU64ValueParser::<u32>::new().range(1..=100_000_000))]
    max_track_length: u32,
    /// Equal seeds make equal files
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Boxes in every frame, in place of a number of tracks
    #[arg(long, value_name = "BOXES", conflicts_with = "tracks", value_parser = super::number(0.0, 10_000.0))]
    density: Option<f64>,
    /// 9: confidence, class, visibility; 10: confidence and the place on the ground
    #[arg(long, value_name = "COUNT", default_value = "10", value_parser = ["9", "10"])]
    column_count: String,
    /// Draw the pictures too, as JPEG files in this folder
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    #[command(flatten)]
    force: ForceArgument,
}

/// What is written besides pictures.
enum Output {
    /// Ground truth alone.
    File(Draft),
    /// A sequence folder.
    Sequence(Box<Sequence>),
}

struct Sequence {
    batch: Batch,
    truth: Part,
    detections: Part,
    tracker: Part,
    seen_by_detector: Mistakes,
    seen_by_tracker: Mistakes,
}

/// A file of a folder.
struct Part {
    name: &'static str,
    file: BufWriter<File>,
}

const PARTS: [&str; 4] = ["gt/gt.txt", "det/det.txt", "results/tracker.txt", "seqinfo.ini"];

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.min_track_length > arguments.max_track_length {
        let text = "--min-track-length is larger than --max-track-length.";
        return Err(Failure::Usage(text.to_owned()));
    }
    if arguments.images.as_ref() == Some(&arguments.out) {
        let text = "The file and the folder of the pictures have the same name.";
        return Err(Failure::Usage(text.to_owned()));
    }
    let options = options(arguments);
    let (out, force) = (&arguments.out, arguments.force.force);
    let whole_folder = out.extension().is_none() && !is_direct(out);
    let columns =
        if whole_folder || arguments.column_count == "9" { Columns::Nine } else { Columns::Ten };
    let place = if whole_folder {
        Place::folder(out, PARTS, &Inputs::default(), force)?
    } else {
        Place::file_in_new_folder(out, &Inputs::default(), force)?
    };
    let (direct, to_stdout) = (place.is_direct(), place.is_stdout());
    let folder = arguments.images.as_deref();
    let mut pictures = folder.map(|folder| pictures(folder, arguments)).transpose()?;
    let mut output = if whole_folder {
        Output::Sequence(Box::new(Sequence::begin(place, arguments, &options)?))
    } else {
        Output::File(Draft::begin(place)?)
    };
    let mut world = World::new(options);
    let artist = pictures
        .as_ref()
        .and_then(|_| Artist::new(world.camera, arguments.width, arguments.height));
    let progress = progress_bar(arguments.frames);
    let mut lines: u64 = 0;
    while world.advance() {
        let frame = world.frame();
        let seen = world.seen(columns == Columns::Nine);
        output.write(frame, &seen, columns, [arguments.width, arguments.height].map(f64::from))?;
        lines += seen.len() as u64;
        if let (Some(artist), Some(batch)) = (&artist, &mut pictures) {
            let picture = artist.draw(world.walkers());
            batch.add(picture_name(frame), |file| encode(&picture, file))?;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let path = if whole_folder { out.join(PARTS[0]) } else { out.clone() };
    output.keep()?;
    if let Some(batch) = pictures {
        batch.keep()?;
    }
    let bytes = if direct { None } else { fs::metadata(&path).ok() };
    let bytes = bytes.map_or(String::new(), |about| format!("{} bytes, ", about.len()));
    let (path, frames, tracks) = (text::path(&path), arguments.frames, world.tracks());
    report(&format!("{path}: {bytes}{frames} frames, {lines} boxes, {tracks} tracks"), to_stdout)
}

/// Begins the pictures.
fn pictures(folder: &Path, arguments: &Arguments) -> Result<Batch, OutputError> {
    let names = (1..=arguments.frames).map(picture_name);
    let place = Place::folder(folder, names, &Inputs::default(), arguments.force.force)?;
    Batch::begin(place)
}

fn options(arguments: &Arguments) -> Options {
    Options {
        tracks: arguments.tracks,
        frames: arguments.frames,
        width: arguments.width,
        height: arguments.height,
        min_track_length: arguments.min_track_length,
        max_track_length: arguments.max_track_length,
        seed: arguments.seed,
        density: arguments.density,
    }
}

fn progress_bar(frames: u32) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} frames, {eta} left");
    let bar = ProgressBar::new(u64::from(frames));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

impl Sequence {
    fn begin(place: Place, arguments: &Arguments, options: &Options) -> Result<Self, OutputError> {
        let out = &arguments.out;
        let name = out.file_name().map_or_else(|| "generated".to_owned(), |_| text::name(out));
        let seqinfo = format!(
            "[Sequence]\nname={name}\nimDir=img1\nframeRate={}\nseqLength={}\nimWidth={}\nimHeight={}\nimExt=.jpg\n",
            crate::generate::FRAME_RATE,
            options.frames,
            options.width,
            options.height
        );
        let mut batch = Batch::begin(place)?;
        batch.add("seqinfo.ini", |file| file.write_all(seqinfo.as_bytes()))?;
        let mut part = |name| Ok::<_, OutputError>(Part { name, file: batch.create(name)? });
        let (truth, detections, tracker) =
            (part("gt/gt.txt")?, part("det/det.txt")?, part("results/tracker.txt")?);
        Ok(Self {
            batch,
            truth,
            detections,
            tracker,
            seen_by_detector: Mistakes::new(options.seed ^ 0xDE7),
            seen_by_tracker: Mistakes::new(options.seed ^ 0x7AC),
        })
    }

    /// What a detector and a tracker make of a frame.
    fn derive(&mut self, frame: u32, seen: &[Seen], size: [f64; 2]) -> Result<(), OutputError> {
        for found in detections(&mut self.seen_by_detector, seen, size) {
            let ([left, top, width, height], sure) = (found.bounds, found.confidence);
            self.detections.write(&self.batch, |file| {
                writeln!(file, "{frame},-1,{left:.1},{top:.1},{width:.1},{height:.1},{sure:.3}")
            })?;
        }
        for found in tracker(&mut self.seen_by_tracker, frame, seen) {
            let ([left, top, width, height], sure) = (found.bounds, found.confidence);
            let id = found.id;
            self.tracker.write(&self.batch, |file| {
                writeln!(
                    file,
                    "{frame},{id},{left:.1},{top:.1},{width:.1},{height:.1},{sure:.3},-1,-1,-1"
                )
            })?;
        }
        Ok(())
    }
}

impl Part {
    fn write(
        &mut self,
        batch: &Batch,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        write(&mut self.file).map_err(|error| batch.refused(Path::new(self.name), &error))
    }
}

impl Output {
    fn write(
        &mut self,
        frame: u32,
        seen: &[Seen],
        columns: Columns,
        size: [f64; 2],
    ) -> Result<(), OutputError> {
        match self {
            Self::File(draft) => {
                let mut lines = seen.iter();
                let written =
                    lines.try_for_each(|person| write_line(draft, frame, person, columns));
                written.map_err(|error| draft.refused(&error))
            }
            Self::Sequence(sequence) => {
                let Sequence { batch, truth, .. } = &mut **sequence;
                for person in seen {
                    truth.write(batch, |file| write_line(file, frame, person, columns))?;
                }
                sequence.derive(frame, seen, size)
            }
        }
    }

    fn keep(self) -> Result<(), OutputError> {
        match self {
            Self::File(draft) => draft.keep(),
            Self::Sequence(sequence) => {
                let Sequence { batch, truth, detections, tracker, .. } = *sequence;
                for mut part in [truth, detections, tracker] {
                    part.write(&batch, BufWriter::flush)?;
                }
                batch.keep()
            }
        }
    }
}

fn picture_name(frame: u32) -> String {
    format!("{frame:06}.jpg")
}

fn encode(picture: &Picture, out: &mut BufWriter<File>) -> io::Result<()> {
    const QUALITY: u8 = 66;
    let mut encoder = Encoder::new(out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_progressive(true);
    // The command line takes no side above 16,384 pixels.
    let [width, height] = [picture.width, picture.height].map(|side| side as u16);
    encoder.encode(&picture.rgba, width, height, ColorType::Rgba).map_err(|error| match error {
        EncodingError::IoError(error) => error,
        other => io::Error::other(other),
    })
}
