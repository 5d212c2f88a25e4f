use super::{
    AlignArgument, ColumnsArgument, Failure, ForceArgument, Outcome, StreamArgument, complain,
    finite, frame_number, number, opened::Opened, report,
};
use crate::{
    analysis::TrackTable,
    cache::{DataProvider as _, Key},
    formats::mot::{Findings, MotProvider, check},
    inspector::{
        BoxFilter, ColorBy, Filter, Frames, IdList, MOST_REACH, TrailSettings,
        scene::InformativeFields,
    },
    media::{Picture, PictureError, Pictures, Video},
    output::{OutputError, Place, is_direct},
    session::{Artist, Drawn, DrawnLayer, Status, film_place, inputs, write_png},
    text,
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{ops::ControlFlow, path::PathBuf, sync::Arc};

/// The longest side of a canvas that is made up for boxes without pictures, in pixels.
const MAX_SIDE: f64 = 16_384.0;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A MOT file, a sequence folder, a video or a folder of pictures
    path: PathBuf,
    /// The folder of the pictures, where it is not found by itself
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The video, where it is not found by itself
    #[arg(long, value_name = "FILE", conflicts_with = "images")]
    video: Option<PathBuf>,
    /// Draw the boxes of another file as well, over those before
    #[arg(long = "layer", value_name = "FILE", conflicts_with = "no_boxes")]
    layers: Vec<PathBuf>,
    /// Draw the boxes alone, where there are pictures too
    #[arg(long, conflicts_with_all = ["images", "video", "no_boxes"])]
    no_pictures: bool,
    /// The frame
    #[arg(long, value_name = "N", required_unless_present = "frames", value_parser = frame_number)]
    frame: Option<u32>,
    /// The first and the last of many frames, or .. for all
    #[arg(long, value_name = "A..B", conflicts_with = "frame", value_parser = range)]
    frames: Option<Range>,
    /// The PNG file to write; with --frames a video, or a folder for pictures
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Draw the picture alone
    #[arg(long)]
    no_boxes: bool,
    /// Draw boxes without labels
    #[arg(long)]
    no_labels: bool,
    /// Draw trails that reach back so many frames
    #[arg(long, value_name = "FRAMES", value_parser = clap::value_parser!(u32).range(0..=MOST_REACH.into()))]
    trails: Option<u32>,
    /// What boxes are coloured by
    #[arg(long, value_enum, default_value = "track")]
    color_by: Colors,
    /// Draw only boxes of at least this confidence, and those without one
    #[arg(long, value_name = "C", value_parser = finite)]
    min_confidence: Option<f64>,
    /// Draw only boxes of at least this height in pixels
    #[arg(long, value_name = "PIXELS", value_parser = finite)]
    min_height: Option<f64>,
    /// Draw only tracks that are on at least so many frames
    #[arg(long, value_name = "FRAMES")]
    min_track: Option<u32>,
    /// Draw only these ids, such as 3,7-12
    #[arg(long, value_parser = some_ids)]
    ids: Option<IdList>,
    /// Which values are black and white, in pictures of more than 8 bits, such as 0..4095
    #[arg(long, value_name = "LOW..HIGH", value_parser = levels, allow_hyphen_values = true)]
    range: Option<[f32; 2]>,
    /// Frames a second, where the sequence does not say or says otherwise
    #[arg(long, value_name = "FPS", value_parser = number(0.001, 1000.0))]
    rate: Option<f64>,
    #[command(flatten)]
    stream: StreamArgument,
    #[command(flatten)]
    columns: ColumnsArgument,
    #[command(flatten)]
    align: AlignArgument,
    #[command(flatten)]
    force: ForceArgument,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Colors {
    Track,
    Class,
    Confidence,
    Speed,
    Layer,
}

/// First and last, where they are given.
type Range = (Option<u32>, Option<u32>);

fn range(text: &str) -> Result<Range, String> {
    let refused = || format!("'{text}' is no range like 10..200");
    let (first, last) = text.split_once("..").ok_or_else(refused)?;
    let number = |text: &str| match text {
        "" => Ok(None),
        digits => frame_number(digits).map(Some),
    };
    let (first, last) = (number(first)?, number(last.trim_start_matches('='))?);
    if first.zip(last).is_some_and(|(first, last)| first > last) {
        return Err(format!("'{text}' runs backwards: write the lower frame first"));
    }
    Ok((first, last))
}

fn levels(text: &str) -> Result<[f32; 2], String> {
    let number = |text: &str| text.trim().parse::<f32>().ok().filter(|value| value.is_finite());
    let levels = text.split_once("..").and_then(|(low, high)| Some([number(low)?, number(high)?]));
    levels
        .filter(|[low, high]| low < high)
        .ok_or("a range is like 0..4095, the lower value first".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let is_png = arguments.out.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    if arguments.frames.is_none() && !is_png && !is_direct(&arguments.out) {
        return Err(Failure::Usage("--out takes the name of a .png file.".to_owned()));
    }
    if arguments.frames.is_some() && is_png && !arguments.out.is_dir() {
        let text = "--frames makes a video or a folder of pictures: --out takes the name of one. \
                    A .png file is made with --frame.";
        return Err(Failure::Usage(text.to_owned()));
    }
    let (images, video) = (arguments.images.as_deref(), arguments.video.as_deref());
    let opened = Opened::open(&arguments.path, images, video, arguments.columns.chosen())?
        .warned()
        .with_stream(&arguments.stream)
        .with_layers(&arguments.layers)?;
    // Before any work: what is not to be written need not be drawn.
    place(arguments, &opened, &[])?;
    let pictures = if arguments.no_pictures { None } else { opened.pictures(&arguments.align)? };
    if let Some(pictures) = &pictures {
        pictures.set_range(arguments.range, || ());
    }
    opened.about(pictures.as_ref(), &arguments.align).iter().for_each(|note| complain(note));
    if let Some(video) = pictures.as_ref().and_then(Pictures::video) {
        say_stream(arguments, video);
    }
    if let (Some(frame), true) = (arguments.frame, arguments.no_boxes) {
        let picture = pictures.map(|pictures| pictures.load(Key::from(frame)));
        let none = || Failure::Work("There are no pictures here.".to_owned());
        let picture = picture.ok_or_else(none)??;
        tell(frame, &picture);
        return write_frame(arguments, &opened, frame, &picture, None);
    }
    let findings = check(&opened.source, &opened.index, &mut ()).unwrap_or_default();
    let layers = layers(arguments, &opened, &findings)?;
    let size = size(&opened, pictures.as_ref(), findings);
    match (arguments.frame, arguments.frames) {
        (Some(frame), _) => one(arguments, &opened, pictures, layers, size, frame),
        (None, Some(range)) => many(arguments, &opened, pictures, layers, size, range),
        (None, None) => Ok(()),
    }
}

/// Says that there are other streams of pictures, where nobody chose one.
fn say_stream(arguments: &Arguments, video: &Video) {
    let streams = video.header().streams.len();
    if streams > 1 && arguments.stream.stream.is_none() {
        let path = text::path(video.path());
        complain(&format!(
            "{path} holds {streams} streams of pictures; the first is drawn, and --stream N takes another."
        ));
    }
}

/// What the options ask for: the boxes of the sequence, and those of further files over them.
fn layers(
    arguments: &Arguments,
    opened: &Opened,
    findings: &Findings,
) -> Result<Vec<DrawnLayer>, Failure> {
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    let mut layers = vec![layer(arguments, provider, findings, 0)?];
    for (place, (_, source, index)) in opened.layers.iter().enumerate() {
        let findings = check(source, index, &mut ()).unwrap_or_default();
        let provider = MotProvider::new(Arc::clone(source), Arc::clone(index));
        layers.push(layer(arguments, provider, &findings, place + 1)?);
    }
    Ok(layers)
}

/// A layer at a place of the list.
fn layer(
    arguments: &Arguments,
    provider: MotProvider,
    findings: &Findings,
    place: usize,
) -> Result<DrawnLayer, Failure> {
    let filter = Filter {
        confidence: arguments.min_confidence,
        min_height: arguments.min_height,
        track_frames: arguments.min_track,
        ids: arguments.ids.clone().unwrap_or_default(),
        ..Filter::default()
    };
    let tracks = if arguments.min_track.is_some() {
        TrackTable::read(&provider, &mut ())?.unwrap_or_default()
    } else {
        TrackTable::default()
    };
    let back = arguments.trails.unwrap_or(0);
    let drawn = Drawn {
        boxes: !arguments.no_boxes,
        labels: !arguments.no_labels,
        meaning: InformativeFields {
            confidence: findings.confidence_varies,
            class: findings.classes > 1,
        },
        sieve: Arc::new(BoxFilter { filter, tracks: Arc::new(tracks), ..BoxFilter::default() }),
        color_by: match arguments.color_by {
            Colors::Track => ColorBy::Track,
            Colors::Class => ColorBy::Class,
            Colors::Confidence => ColorBy::Confidence,
            Colors::Speed => ColorBy::Speed,
            Colors::Layer => ColorBy::Layer,
        },
        confidence_range: findings.confidence_range.unwrap_or([0.0, 1.0]),
        trails: TrailSettings { on: back > 0, back, ..TrailSettings::default() },
        place,
        ..Drawn::default()
    };
    Ok(DrawnLayer::new(drawn, provider))
}

/// Width and height of what is drawn on, unless a frame's picture says otherwise.
fn size(opened: &Opened, pictures: Option<&Pictures>, findings: Findings) -> [u32; 2] {
    let info = &opened.paths.info;
    let known =
        pictures.and_then(Pictures::size).or(info.width.zip(info.height).map(<[u32; 2]>::from));
    let size = known.map_or_else(
        || Status { findings: findings.into(), ..Status::default() }.extent_size(),
        |size| size.map(f64::from),
    );
    if size.iter().any(|side| *side > MAX_SIDE) {
        let [width, height] = size;
        let most = format!("what is beyond the first {MAX_SIDE} is not drawn");
        complain(&format!("The boxes reach over {width} x {height} pixels; {most}."));
    }
    size.map(|side| side.clamp(1.0, MAX_SIDE) as u32)
}

/// The frames that have boxes or a picture.
fn all_frames(opened: &Opened, pictures: Option<&Pictures>) -> Frames {
    let with_pictures = pictures.map(Pictures::frames).unwrap_or_default();
    Frames::new(opened.index.iter(), with_pictures.into_iter(), None)
}

fn one(
    arguments: &Arguments,
    opened: &Opened,
    pictures: Option<Pictures>,
    layers: Vec<DrawnLayer>,
    size: [u32; 2],
    frame: u32,
) -> Outcome {
    // Of a video it is not known before all of it is counted.
    let may_have = |pictures: &&Pictures| pictures.video().is_some() || pictures.has(frame);
    let there = pictures.as_ref().filter(may_have);
    if there.is_none() && opened.index.lines_of(frame) == 0 {
        let text = format!("Frame {frame} has neither boxes nor a picture");
        let all = all_frames(opened, pictures.as_ref());
        if all.is_empty() || !(all.first()..=all.last()).contains(&frame) {
            let there_are = if all.is_empty() {
                "none".to_owned()
            } else {
                format!("frames {} to {}", all.first(), all.last())
            };
            return Err(Failure::Work(format!("{text}: there are {there_are}.")));
        }
        complain(&format!("{text}."));
    }
    let loaded = there.map(|pictures| pictures.load(Key::from(frame)));
    // Whoever says which picture belongs to it means that there is one.
    let aligned = arguments.align.alignment().is_some();
    let (size, missing) = match loaded {
        Some(Ok(picture)) => {
            tell(frame, &picture);
            ([picture.width, picture.height], None)
        }
        Some(Err(error)) => (size, Some(error)),
        None if pictures.as_ref().is_some_and(|pictures| aligned || is_gap(pictures, frame)) => {
            (size, Some(PictureError::Absent { frame: frame.into() }))
        }
        None => (size, None),
    };
    if let Some(damage) = pictures.as_ref().and_then(|p| p.video()?.told_of_damage()) {
        complain(&damage);
    }
    if let Some(pictures) = pictures.as_ref().filter(|_| missing.is_none()) {
        tell_place(pictures, frame, there.is_some());
    }
    let shown = layers.iter().map(|layer| layer.shown(frame)).sum::<Result<usize, _>>()?;
    let mut artist = Artist::new(layers, pictures, size);
    let picture = artist.draw(frame)?;
    write_frame(arguments, opened, frame, &picture, Some(shown))?;
    // The boxes are worth drawing all the same.
    missing.map_or(Ok(()), |error| {
        Err(Failure::Work(format!("{error} The boxes were drawn without it.")))
    })
}

/// Whether a frame has no picture though those before and after it have.
fn is_gap(pictures: &Pictures, frame: u32) -> bool {
    let frames = pictures.frames();
    let range = frames.first().zip(frames.last());
    !pictures.has(frame) && range.is_some_and(|(first, last)| (first..=last).contains(&&frame))
}

/// Says that a picture is shown only in part.
fn tell(frame: u32, picture: &Picture) {
    if let Some(damage) = &picture.damage {
        complain(&format!("The picture of frame {frame} is damaged: {damage}."));
    }
}

/// Says that a frame has no picture, or not one of its own.
fn tell_place(pictures: &Pictures, frame: u32, has_one: bool) {
    if !has_one {
        complain(&format!(
            "There is no picture of frame {frame}: its boxes are drawn without one."
        ));
    } else if let Some(place) = pictures.place_of(frame).filter(|place| !place.exact) {
        let number = place.number;
        let text = "lies between two pictures: the one before,";
        complain(&format!("Frame {frame} {text} {number}, is drawn."));
    }
}

/// Where it is written: nothing that is read, and nothing that is there unless that was asked for.
fn place(arguments: &Arguments, opened: &Opened, frames: &[u32]) -> Result<Place, OutputError> {
    let (out, inputs) = (
        &arguments.out,
        inputs(&opened.paths, opened.layers.iter().map(|(path, ..)| path.as_path())),
    );
    match arguments.frames {
        None => Place::file(out, &inputs, arguments.force.force),
        Some(_) => film_place(out, frames, &inputs, arguments.force.force),
    }
}

fn write_frame(
    arguments: &Arguments,
    opened: &Opened,
    frame: u32,
    picture: &Picture,
    boxes: Option<usize>,
) -> Outcome {
    let place = place(arguments, opened, &[])?;
    let to_stdout = place.is_stdout();
    write_png(place, picture)?;
    let boxes = boxes.map_or(String::new(), |boxes| format!(", boxes: {boxes}"));
    let (out, size) = (text::path(&arguments.out), [picture.width, picture.height]);
    report(&format!("{out}: frame {frame}, {} x {} pixels{boxes}", size[0], size[1]), to_stdout)
}

fn many(
    arguments: &Arguments,
    opened: &Opened,
    pictures: Option<Pictures>,
    layers: Vec<DrawnLayer>,
    size: [u32; 2],
    (first, last): Range,
) -> Outcome {
    if let Some(video) = pictures.as_ref().and_then(Pictures::video) {
        // The last frame is known when all are counted.
        let _ = video.counted();
    }
    let all = all_frames(opened, pictures.as_ref());
    let wanted = first.unwrap_or(0)..=last.unwrap_or(u32::MAX);
    let frames: Vec<u32> = (0..all.len())
        .filter_map(|rank| all.at_rank(rank))
        .filter(|frame| wanted.contains(frame))
        .collect();
    if frames.is_empty() {
        let text =
            format!("There are frames {} to {}, and none of these.", all.first(), all.last());
        return Err(Failure::Work(text));
    }
    let place = place(arguments, opened, &frames)?;
    let of_video = pictures.as_ref().and_then(|p| p.video()?.header().frame_rate);
    let rate = arguments.rate.or(opened.paths.info.frame_rate).or(of_video);
    let rate = rate.unwrap_or(crate::inspector::DEFAULT_FRAME_RATE);
    let largest = pictures.as_ref().and_then(|pictures| pictures.largest(&frames));
    let first_picture = || {
        let picture = pictures.as_ref()?.load(Key::from(frames[0])).ok()?;
        Some([picture.width, picture.height])
    };
    let size = largest.or_else(first_picture).unwrap_or(size);
    let bar = ProgressBar::new(frames.len() as u64);
    // The form is fixed, and right.
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    let is_between = |frame: &&u32| {
        let place = pictures.as_ref().and_then(|pictures| pictures.place_of(**frame));
        place.is_some_and(|place| !place.exact)
    };
    let between = frames.iter().filter(is_between).count();
    let has_pictures = pictures.is_some();
    let mut artist = Artist::new(layers, pictures, size);
    artist.film(&frames, rate, place, |done| {
        bar.set_position(done);
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    if between > 0 {
        let text = "lie between two pictures, and show the one before";
        complain(&format!("{between} of {} frames {text}.", frames.len()));
    }
    let missing = artist.missing();
    if let Some(damaged) = missing.told_of_damage() {
        complain(&damaged);
    }
    let none_at_all = missing.frames == frames.len() as u64;
    let failed = missing.failed > 0 || (none_at_all && has_pictures);
    let mut wrong: Vec<String> = Vec::new();
    for (told, is_wrong) in
        [(missing.told(), failed), (missing.video.clone(), missing.video_is_damaged)]
    {
        let Some(told) = told else { continue };
        if is_wrong {
            wrong.push(told);
        } else {
            complain(&told);
        }
    }
    let (out, frames) = (text::path(&arguments.out), frames.len());
    report(&format!("{out}: {frames} frames, {} x {} pixels", size[0], size[1]), false)?;
    // All was written; but not all that should be there is.
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Work(wrong.join(" "))) }
}

/// Ids that were named; none at all would be no filter.
fn some_ids(text: &str) -> Result<IdList, String> {
    if text.trim().is_empty() {
        return Err("no id is named".to_owned());
    }
    IdList::parse(text)
}
