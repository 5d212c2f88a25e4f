//! The command line: one file a subcommand, thin over the library.

mod frame;
#[cfg(feature = "generate")]
mod generate;
mod info;
mod opened;
mod pictures;
mod play;
mod predict;
mod profile;
mod render;
mod replay;
#[cfg(feature = "generate")]
mod soak;

use crate::{
    formats::mot::Columns,
    inspector::{LayerShift, PickedTrack, Region},
    media::{Alignment, Ratio},
    output,
    output::OutputError,
    session::MovieError,
    text,
};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use std::{
    error::Error,
    fmt,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Inspect multiple object tracking files, frame by frame, without ever waiting.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    window: WindowArguments,
}

#[derive(Debug, Args)]
struct WindowArguments {
    /// A MOT file, a sequence folder or a folder of pictures; without it the demo is opened. Further MOT files are
    /// shown over the same pictures, as layers
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The ground truth, which comes first
    #[arg(long, value_name = "FILE")]
    gt: Option<PathBuf>,
    /// The folder of the pictures, where it is not found by itself
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The video, where it is not found by itself
    #[arg(long, value_name = "FILE", conflicts_with = "images")]
    video: Option<PathBuf>,
    /// The frame to begin at
    #[arg(long, value_name = "N", value_parser = frame_number)]
    frame: Option<u32>,
    /// The track to select: the place of its layer, counted from 1, and its id
    #[arg(long, value_name = "LAYER:ID")]
    select: Option<PickedTrack>,
    /// Frames that the boxes of a layer are later than its lines say: the place of the layer, counted from 1, and
    /// how many, as 2:-1
    #[arg(long, value_name = "LAYER:FRAMES")]
    shift: Vec<LayerShift>,
    /// The part of the picture to show, in its pixels
    #[arg(long, value_name = "LEFT,TOP,WIDTH,HEIGHT", allow_hyphen_values = true)]
    view: Option<Region>,
    #[command(flatten)]
    stream: StreamArgument,
    #[command(flatten)]
    columns: ColumnsArgument,
    #[command(flatten)]
    align: AlignArgument,
}

/// Picture number = step x frame + offset.
#[derive(Debug, Args)]
struct AlignArgument {
    /// Frame N shows picture STEP x N + OFFSET; a whole number or a fraction such as 1/5
    #[arg(long, value_name = "STEP", value_parser = step, allow_hyphen_values = true)]
    step: Option<Ratio>,
    /// Frame N shows picture STEP x N + OFFSET; a video's pictures count from 0, its frames from the first
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    offset: Option<Ratio>,
}

impl AlignArgument {
    /// What somebody chose.
    fn alignment(&self) -> Option<Alignment> {
        (self.step.is_some() || self.offset.is_some()).then(|| Alignment {
            first: None,
            step: self.step.unwrap_or(Ratio::ONE),
            offset: self.offset.unwrap_or(Ratio::ZERO),
        })
    }
}

fn step(text: &str) -> Result<Ratio, String> {
    let step: Ratio = text.parse()?;
    if step.is_positive() { Ok(step) } else { Err("a step is above 0".to_owned()) }
}

#[derive(Debug, Args)]
struct StreamArgument {
    /// Which of the streams of pictures in a video, counted from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    stream: Option<u16>,
}

impl StreamArgument {
    fn counted_from_0(&self) -> usize {
        usize::from(self.stream.unwrap_or(1)) - 1
    }
}

#[derive(Debug, Args)]
struct ColumnsArgument {
    /// What each column holds, whatever the file itself tells: frame, id, left, top, width, height, right, bottom, cx, cy,
    /// confidence, class, visibility, _ for what is passed over; ... behind six: the rest as in MOT files
    #[arg(long, value_name = "NAME,NAME,...", allow_hyphen_values = true)]
    columns: Option<Columns>,
    /// Columns 5 and 6 are the right and the bottom edge, not width and height
    #[arg(long, hide = true, conflicts_with = "columns")]
    corners: bool,
}

impl ColumnsArgument {
    fn chosen(&self) -> Option<Columns> {
        self.columns.or(self.corners.then_some(Columns::CORNERS))
    }
}

#[derive(Debug, Args)]
struct ForceArgument {
    /// Replace files that are there; what is read is never written over
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what a file or sequence holds
    Info(info::Arguments),
    /// List the boxes of a frame
    Frame(frame::Arguments),
    /// Score the keys that a predictor expects next
    Predict(predict::Arguments),
    /// Measure the cache over a file
    Profile(profile::Arguments),
    #[cfg(feature = "generate")]
    /// Make a sequence: people crossing a square
    Generate(generate::Arguments),
    /// Draw a frame into a PNG file, without a display
    Render(render::Arguments),
}

/// Why a subcommand failed.
#[derive(Debug)]
enum Failure {
    /// The words of the call are off.
    Usage(String),
    /// The work could not be done; a whole sentence.
    Work(String),
    /// Nobody listens any more, which is no error.
    BrokenPipe,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Work(text) => f.write_str(text),
            Self::BrokenPipe => f.write_str("nobody listens"),
        }
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let any: &(dyn Error + 'static) = &error;
        if any.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) {
            return Self::BrokenPipe;
        }
        let output = match any.downcast_ref() {
            Some(MovieError::Output(error)) => Some(error),
            _ => any.downcast_ref(),
        };
        match output {
            Some(OutputError::NobodyReads(_)) => Self::BrokenPipe,
            Some(OutputError::Exists { .. }) => {
                Self::Work(format!("{error} Name another place, or replace with --force."))
            }
            _ => Self::Work(error.to_string()),
        }
    }
}

type Outcome = Result<(), Failure>;

/// Runs the program with the arguments it was started with.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Where not even the usage can be written, the exit code tells.
            let _ = error.print();
            if code != 0 {
                suggest();
            }
            return ExitCode::from(code);
        }
    };
    let outcome = run(&arguments);
    // What runs still, on another thread, is not waited for.
    output::abandon();
    match outcome {
        Ok(()) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure.to_string());
            if arguments.command.is_none() {
                suggest();
            }
            ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
        }
    }
}

fn run(arguments: &Arguments) -> Outcome {
    match &arguments.command {
        None => open_window(&arguments.window),
        Some(Command::Info(arguments)) => info::run(arguments),
        Some(Command::Frame(arguments)) => frame::run(arguments),
        Some(Command::Predict(arguments)) => predict::run(arguments),
        Some(Command::Profile(arguments)) => profile::run(arguments),
        #[cfg(feature = "generate")]
        Some(Command::Generate(arguments)) => generate::run(arguments),
        Some(Command::Render(arguments)) => render::run(arguments),
    }
}

/// Where the first word is nothing that is there, but nearly a subcommand, says which.
fn suggest() {
    /// From 0 to 1.
    const ALIKE: f64 = 0.8;
    let Some(word) = std::env::args_os().nth(1) else { return };
    let is_word = |typed: &&str| typed.bytes().all(|byte| byte.is_ascii_alphabetic());
    let typed = word.to_str().filter(is_word).filter(|typed| !Path::new(typed).exists());
    let Some(typed) = typed else { return };
    let arguments = Arguments::command();
    let names = arguments.get_subcommands().map(clap::Command::get_name);
    let alike = names.map(|name| (strsim::jaro(typed, name), name));
    let nearest = alike.max_by(|(a, _), (b, _)| a.total_cmp(b));
    if let Some((_, name)) = nearest.filter(|(alike, _)| (ALIKE..1.0).contains(alike)) {
        eprintln!("  tip: there is a subcommand '{name}'");
    }
}

/// Reads the number of a frame.
fn frame_number(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|frame| *frame <= crate::model::MAX_FRAME)
        .ok_or_else(|| format!("a frame is a whole number from 0 to {}", crate::model::MAX_FRAME))
}

/// A build without the window says so.
#[cfg(not(feature = "window"))]
fn open_window(_: &WindowArguments) -> Outcome {
    Err(Failure::Usage("This build has no window; 'motscope --help' lists the subcommands.".into()))
}

/// Reads a number of a range.
fn number(least: f64, most: f64) -> impl Fn(&str) -> Result<f64, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("a number from {least} to {most} is wanted"))
    }
}

/// Reads any number.
fn finite(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "a number is wanted".to_owned())
}

/// A path that is not there is told where it was typed, not in a window.
#[cfg(feature = "window")]
fn open_window(window: &WindowArguments) -> Outcome {
    let mut paths = window.gt.iter().chain(&window.paths);
    if let Some(path) = paths.next() {
        match crate::layout::SequencePaths::find(path, window.images.as_deref()) {
            // They are listed in the window.
            Err(crate::layout::LayoutError::SeveralInFolder { .. }) => {}
            found => drop(found?.with_video(window.video.as_deref())?),
        }
    }
    let mut count = 1;
    for layer in paths {
        crate::layout::SequencePaths::find(layer, None)?;
        count += 1;
    }
    for LayerShift { layer, .. } in &window.shift {
        if *layer == 1 {
            let text = "--shift can't move layer 1: its frame numbers are those of the sequence; --offset aligns \
                        pictures with them.";
            return Err(Failure::Usage(text.to_owned()));
        }
        if *layer > count {
            return Err(Failure::Usage(format!("--shift: there is no layer {layer}.")));
        }
    }
    crate::ui::run(start_request(window)).map_err(Failure::Work)
}

#[cfg(feature = "window")]
fn start_request(window: &WindowArguments) -> crate::session::Request {
    use crate::{
        model::Role,
        session::{LayerFile, Request, Target, role_by_name},
    };
    let mut paths: Vec<PathBuf> = window.gt.iter().chain(&window.paths).cloned().collect();
    let is_truth = |path: &PathBuf| role_by_name(path) == Some(Role::GroundTruth);
    if window.gt.is_none()
        && let Some(truth) = paths.iter().position(is_truth)
    {
        // It comes first, as what the others are held against.
        paths[..=truth].rotate_right(1);
    }
    let mut paths = paths.into_iter();
    let target = paths.next().map_or(Target::Demo, Target::Path);
    let shift_of = |place: usize| {
        let shifts = window.shift.iter().rev();
        shifts.filter(|shift| shift.layer == place).map(|shift| shift.frames).next().unwrap_or(0)
    };
    let layers =
        paths.zip(2..).map(|(path, place)| LayerFile { path, role: None, shift: shift_of(place) });
    Request {
        target,
        role: window.gt.is_some().then_some(Role::GroundTruth),
        layers: layers.collect(),
        track: window.select,
        region: window.view,
        images: window.images.clone(),
        video: window.video.clone(),
        stream: window.stream.counted_from_0(),
        frame: window.frame,
        columns: window.columns.chosen(),
        alignment: window.align.alignment(),
        aligned: true,
        ..Request::demo()
    }
}

/// Writes to standard output, so that a closed pipe is noticed. What would steer the terminal is escaped.
fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(text::lines(text).as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// Says something on standard error, under the program's name. What would steer the terminal is escaped.
fn complain(text: &str) {
    eprintln!("motscope: {}", text::lines(text));
}

/// Tells what was written, beside what went to standard output itself.
fn report(text: &str, to_stdout: bool) -> Outcome {
    if to_stdout {
        complain(text);
        return Ok(());
    }
    print(text)
}

fn lines(number: u64) -> String {
    format!("{number} line{}", if number == 1 { "" } else { "s" })
}

fn print_json(value: &impl serde::Serialize) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(text::json(&serde_json::to_string_pretty(value)?).as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}
