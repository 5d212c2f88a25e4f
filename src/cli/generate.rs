use super::{Failure, Outcome, print};
use crate::generate::{Artist, Columns, Mistakes, Options, World, detections, tracker, write_line};
use crate::media::Picture;
use clap::builder::RangedU64ValueParser;
use indicatif::{ProgressBar, ProgressStyle};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to write; a name without extension makes a whole sequence folder: ground truth,
    /// detections, a tracker's result with mistakes, seqinfo.ini
    out: PathBuf,
    /// Number of tracks
    #[arg(long, default_value_t = 100)]
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
    #[arg(long, default_value_t = 10, value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    min_track_length: u32,
    /// Longest life of a track in frames
    #[arg(long, default_value_t = 200, value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    max_track_length: u32,
    /// Equal seeds make equal files
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Boxes in every frame, in place of a number of tracks
    #[arg(long, value_name = "BOXES", conflicts_with = "tracks", value_parser = density)]
    density: Option<f64>,
    /// 9: confidence, class, visibility; 10: confidence and the place on the ground
    #[arg(long, default_value = "10", value_parser = ["9", "10"])]
    columns: String,
    /// Draw the pictures too, as JPEG files in this folder
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
}

fn density(text: &str) -> Result<f64, String> {
    let density: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if (0.0..=10_000.0).contains(&density) {
        Ok(density)
    } else {
        Err("it is not in 0..10000".to_owned())
    }
}

/// A file being written, and its path for messages.
struct Output {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Output {
    fn create(path: PathBuf) -> Result<Self, Failure> {
        make_folder(path.parent())?;
        let file = File::create(&path).map_err(|error| cannot_write(&path, &error))?;
        Ok(Self { path, file: BufWriter::new(file) })
    }

    fn finish(mut self) -> Outcome {
        self.file.flush().map_err(|error| cannot_write(&self.path, &error))
    }
}

fn make_folder(folder: Option<&Path>) -> Outcome {
    let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))
}

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Work(format!("{} can't be written: {error}.", path.display()))
}

/// The files of a sequence folder besides the ground truth.
struct Derived {
    detections: Output,
    tracker: Output,
    seen_by_detector: Mistakes,
    seen_by_tracker: Mistakes,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.min_track_length > arguments.max_track_length {
        let text = "--min-track-length is larger than --max-track-length.";
        return Err(Failure::Usage(text.to_owned()));
    }
    let options = options(arguments);
    let whole_folder = arguments.out.extension().is_none();
    let (truth, columns) = if whole_folder {
        (arguments.out.join("gt/gt.txt"), Columns::Nine)
    } else {
        let nine = arguments.columns == "9";
        (arguments.out.clone(), if nine { Columns::Nine } else { Columns::Ten })
    };
    let mut truth = Output::create(truth)?;
    let mut derived = whole_folder.then(|| derived(arguments, &options)).transpose()?;
    let mut world = World::new(options);
    let artist = match &arguments.images {
        Some(folder) => {
            make_folder(Some(folder))?;
            Artist::new(world.camera, arguments.width, arguments.height)
        }
        None => None,
    };
    let progress = progress_bar(arguments.frames);
    let mut lines: u64 = 0;
    while world.advance() {
        let frame = world.frame();
        let seen = world.seen(columns == Columns::Nine);
        for person in &seen {
            write_line(&mut truth.file, frame, person, columns)
                .map_err(|error| cannot_write(&truth.path, &error))?;
        }
        lines += seen.len() as u64;
        if let Some(derived) = &mut derived {
            derived.write(frame, &seen, [arguments.width, arguments.height].map(f64::from))?;
        }
        if let (Some(artist), Some(folder)) = (&artist, &arguments.images) {
            write_picture(&artist.draw(world.walkers()), folder, frame)?;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let path = truth.path.clone();
    truth.finish()?;
    if let Some(derived) = derived {
        derived.detections.finish()?;
        derived.tracker.finish()?;
    }
    let bytes = fs::metadata(&path).map_err(|error| cannot_write(&path, &error))?.len();
    print(&format!(
        "{}: {bytes} bytes, {} frames, {lines} boxes, {} tracks",
        path.display(),
        arguments.frames,
        world.tracks()
    ))
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

fn derived(arguments: &Arguments, options: &Options) -> Result<Derived, Failure> {
    let out = &arguments.out;
    let mut seqinfo = Output::create(out.join("seqinfo.ini"))?;
    let name = out.file_name().map_or("generated".into(), |name| name.to_string_lossy());
    write!(
        seqinfo.file,
        "[Sequence]\nname={name}\nimDir=img1\nframeRate={}\nseqLength={}\nimWidth={}\nimHeight={}\nimExt=.jpg\n",
        crate::generate::FRAME_RATE,
        options.frames,
        options.width,
        options.height
    )?;
    seqinfo.finish()?;
    Ok(Derived {
        detections: Output::create(out.join("det/det.txt"))?,
        tracker: Output::create(out.join("results/tracker.txt"))?,
        seen_by_detector: Mistakes::new(options.seed ^ 0xDE7),
        seen_by_tracker: Mistakes::new(options.seed ^ 0x7AC),
    })
}

impl Derived {
    fn write(&mut self, frame: u32, seen: &[crate::generate::Seen], size: [f64; 2]) -> Outcome {
        for found in detections(&mut self.seen_by_detector, seen, size) {
            let [left, top, width, height] = found.bounds;
            writeln!(
                self.detections.file,
                "{frame},-1,{left:.1},{top:.1},{width:.1},{height:.1},{:.3}",
                found.confidence
            )?;
        }
        for found in tracker(&mut self.seen_by_tracker, frame, seen) {
            let [left, top, width, height] = found.bounds;
            writeln!(
                self.tracker.file,
                "{frame},{},{left:.1},{top:.1},{width:.1},{height:.1},{:.3},-1,-1,-1",
                found.id, found.confidence
            )?;
        }
        Ok(())
    }
}

fn write_picture(picture: &Picture, folder: &Path, frame: u32) -> Outcome {
    const QUALITY: u8 = 66;
    let path = folder.join(format!("{frame:06}.jpg"));
    let file = File::create(&path).map_err(|error| cannot_write(&path, &error))?;
    let mut out = BufWriter::new(file);
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_progressive(true);
    // The command line takes no side above 16,384 pixels.
    let [width, height] = [picture.width, picture.height].map(|side| side as u16);
    encoder
        .encode(&picture.rgba, width, height, ColorType::Rgba)
        .map_err(|error| cannot_write(&path, &error))?;
    out.flush().map_err(|error| cannot_write(&path, &error))
}
