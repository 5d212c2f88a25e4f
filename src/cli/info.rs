use super::{
    AlignArgument, ColumnsArgument, Outcome, StreamArgument, complain, lines, opened::Opened,
    print, print_json,
};
use crate::{
    formats::mot::{Doubt, DoubtKind, Findings, Origin, Reading, Role, check},
    layout::SeqInfo,
    media::{Pictures, Video},
    model::ClassNames,
};
use serde::Serialize;
use std::{fmt::Write as _, path::PathBuf};

/// Skipped lines listed at most.
const MAX_LISTED: usize = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A MOT file or a sequence folder
    path: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    stream: StreamArgument,
    #[command(flatten)]
    columns: ColumnsArgument,
    #[command(flatten)]
    align: AlignArgument,
}

#[derive(Serialize)]
struct Report {
    path: PathBuf,
    #[serde(skip)]
    is_annotated: bool,
    format: &'static str,
    columns: Option<usize>,
    bytes: u64,
    frames: u64,
    first_frame: Option<u32>,
    last_frame: Option<u32>,
    detections: u64,
    tracks: u64,
    skipped_lines: u64,
    skipped: Vec<Skipped>,
    sequence: Sequence,
    images: Option<Images>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<VideoReport>,
    /// How the columns are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<ReadingReport>,
    /// What is left out of the pictures, and whether they fit the boxes; a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    about_pictures: Vec<String>,
    /// In which other form the file seems to be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<DoubtKind>,
    /// What is wrong with `seqinfo.ini`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    /// All that looks odd, and what would fit better.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<Doubt>,
    /// The classes, and what they are called, where some has a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    classes: Vec<ClassReport>,
}

/// A class, and what it is called.
#[derive(Serialize)]
struct ClassReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<std::sync::Arc<str>>,
}

/// How the columns are read, where that is not the usual way or a header says so.
#[derive(Serialize)]
struct ReadingReport {
    columns: String,
    by: Origin,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_line: Option<u64>,
    /// What the header calls the columns that are passed over.
    passed_over: Vec<String>,
}

impl ReadingReport {
    fn of(reading: &Reading) -> Option<Self> {
        if reading.origin == Origin::Usual && reading.header.is_none() {
            return None;
        }
        let names = reading.header.as_ref().map_or(&[][..], |header| &header.names);
        let passed =
            (0..names.len()).filter(|at| reading.columns.role(*at, names.len()) == Role::Unused);
        Some(Self {
            columns: reading.columns.to_string(),
            by: reading.origin,
            header_line: reading.header.as_ref().map(|header| header.line),
            passed_over: passed.map(|at| names[at].clone()).collect(),
        })
    }
}

#[derive(Serialize)]
struct Skipped {
    line: u64,
    reason: String,
}

#[derive(Serialize)]
struct Sequence {
    name: Option<String>,
    frame_rate: Option<f64>,
    length: Option<u32>,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Serialize)]
struct Images {
    dir: PathBuf,
    count: usize,
    /// Pictures that have no number.
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
    /// How their names are read, where they hold more than a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<String>,
}

#[derive(Serialize)]
struct VideoReport {
    path: PathBuf,
    codec: String,
    frame_rate: Option<f64>,
    width: u32,
    height: u32,
    /// Pictures that it decodes to.
    frames: u32,
    /// Pictures that its header speaks of.
    frames_said: Option<u32>,
    /// What is wrong with it, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
    /// Sizes of its pictures, where it has several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sizes: Vec<SizeReport>,
    /// Which of its streams of pictures this is, counted from 1, and all of them, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    streams: Vec<StreamReport>,
}

#[derive(Serialize)]
struct SizeReport {
    /// The first picture that has it, counted from 1.
    from_picture: u32,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct StreamReport {
    codec: String,
    width: u32,
    height: u32,
    default: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let opened = Opened::open(&arguments.path, None, None, arguments.columns.chosen())?
        .with_stream(&arguments.stream);
    let findings = check(&opened.source, &opened.index, &mut ()).unwrap_or_default();
    let pictures = opened.pictures(&arguments.align)?;
    let mut report = report(arguments.path.clone(), &opened, pictures.as_ref(), &findings);
    report.about_pictures = opened.about(pictures.as_ref(), &arguments.align);
    if arguments.json {
        return print_json(&report);
    }
    let mut notes = opened.paths.info.warnings.clone();
    notes.extend(report.about_pictures.iter().cloned());
    notes.extend(class_note(&opened, &findings));
    notes.extend(opened.source.reading().notes());
    let doubts = findings.doubts.iter();
    notes.extend(doubts.map(|doubt| format!("{}. {}", doubt.title(), doubt.about())));
    let without_area = findings.without_area;
    notes.extend(
        (without_area > 0).then(|| format!("boxes without width or height: {without_area}")),
    );
    print(&describe(&report, &notes))
}

/// The classes by their names, if some has one.
fn class_note(opened: &Opened, findings: &Findings) -> Option<String> {
    const MOST: usize = 20;
    let (names, classes) = (&opened.source.reading().classes, &findings.class_list);
    let (named, others): (Vec<i64>, Vec<i64>) =
        classes.iter().partition(|class| names.name(**class).is_some());
    let listed = |classes: &[i64]| {
        let titles = classes.iter().take(MOST).map(|class| names.title(*class));
        let more = if classes.len() > MOST { ", …" } else { "" };
        titles.collect::<Vec<_>>().join(", ") + more
    };
    if named.is_empty() {
        return None;
    }
    let origin = names.origin().map_or(String::new(), |origin| format!(" ({origin})"));
    let others = if others.is_empty() {
        String::new()
    } else {
        format!("; without a name: {}", listed(&others))
    };
    Some(format!("classes     {}{origin}{others}", listed(&named)))
}

fn report(
    path: PathBuf,
    opened: &Opened,
    pictures: Option<&Pictures>,
    findings: &Findings,
) -> Report {
    let SeqInfo { name, frame_rate, length, width, height, .. } = opened.paths.info.clone();
    let skipped = findings.skipped.iter().take(MAX_LISTED);
    let names = &opened.source.reading().classes;
    let named = findings.class_list.iter().any(|class| names.name(*class).is_some());
    let classes = findings
        .class_list
        .iter()
        .filter(|_| named)
        .map(|class| ClassReport { number: ClassNames::in_file(*class), name: names.name(*class) });
    Report {
        path: opened.paths.annotations.clone().unwrap_or(path),
        is_annotated: opened.paths.annotations.is_some(),
        format: "mot",
        columns: findings.columns,
        bytes: opened.source.len(),
        frames: opened.index.frames() as u64 - findings.empty_frames,
        first_frame: findings.range.map(|(first, _)| first),
        last_frame: findings.range.map(|(_, last)| last),
        detections: findings.detections,
        tracks: findings.tracks,
        skipped_lines: findings.skipped_lines,
        skipped: skipped.map(|s| Skipped { line: s.line, reason: s.error.to_string() }).collect(),
        sequence: Sequence { name, frame_rate, length, width, height },
        images: pictures.and_then(Pictures::images).map(|images| Images {
            dir: images.folder().to_owned(),
            count: images.len(),
            left_out: images.left_out(),
            names: images.pattern().filter(|names| *names != "<frame>").map(str::to_owned),
        }),
        about_pictures: Vec::new(),
        video: pictures.and_then(Pictures::video).map(video_report),
        warnings: opened.paths.info.warnings.clone(),
        reading: ReadingReport::of(opened.source.reading()),
        doubt: findings.doubts.first().map(|doubt| doubt.kind),
        doubts: findings.doubts.clone(),
        classes: classes.collect(),
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Decodes all of it, to count.
fn video_report(video: &Video) -> VideoReport {
    let [width, height] = video.size();
    let header = video.header().clone();
    let count = video.counted();
    if let Some(reason) = &count.broken_off {
        complain(&format!("The video could not be counted to its end: {reason}."));
    }
    let sizes = video.sizes();
    let sizes = sizes.iter().map(|(first, [width, height])| SizeReport {
        from_picture: first + 1,
        width: *width,
        height: *height,
    });
    let several = header.streams.len() > 1;
    let streams = header.streams.iter().map(|stream| StreamReport {
        codec: stream.codec.clone(),
        width: stream.size[0],
        height: stream.size[1],
        default: stream.is_default,
    });
    VideoReport {
        path: video.path().to_owned(),
        codec: header.codec.clone(),
        frame_rate: header.frame_rate,
        width,
        height,
        frames: count.counted,
        frames_said: header.frames,
        damage: video.told_of_damage(),
        sizes: if sizes.len() > 1 { sizes.collect() } else { Vec::new() },
        stream: several.then_some(header.stream + 1),
        streams: if several { streams.collect() } else { Vec::new() },
    }
}

fn describe(report: &Report, notes: &[String]) -> String {
    let or_unknown = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
    let range = report.first_frame.zip(report.last_frame);
    let columns = report
        .columns
        .map_or(if report.detections == 0 { "none" } else { "mixed" }.to_owned(), |columns| {
            columns.to_string()
        });
    let mut text = crate::text::path(&report.path).to_string();
    // Writing into a string can't fail.
    let _ = if report.is_annotated {
        write!(
            text,
            "\n  {} bytes, columns: {columns}\n  frames      {}{}\n  detections  {}\n  tracks      {}",
            report.bytes,
            report.frames,
            range.map_or(String::new(), |(first, last)| format!(" ({first} to {last})")),
            report.detections,
            report.tracks,
        )
    } else {
        write!(text, "\n  no annotations")
    };
    let sequence = &report.sequence;
    let size = sequence.width.zip(sequence.height).map(|(w, h)| format!("{w} x {h}"));
    // Nothing is known of a file that stands alone.
    if sequence.name.is_some() || sequence.frame_rate.is_some() || size.is_some() {
        let _ = write!(
            text,
            "\n  sequence    {}, {} frames a second, {} frames, {}",
            or_unknown(sequence.name.as_deref().map(|name| crate::text::line(name).into_owned())),
            or_unknown(sequence.frame_rate.map(|rate| rate.to_string())),
            or_unknown(sequence.length.map(|length| length.to_string())),
            or_unknown(size),
        );
    }
    if let Some(images) = &report.images {
        let names = images.names.as_deref();
        let named = names.map_or(String::new(), |names| format!(", named {names}"));
        let dir = crate::text::path(&images.dir);
        let _ = write!(text, "\n  pictures    {} in {dir}{named}", images.count);
    }
    if let Some(video) = &report.video {
        let said = video.frames_said.filter(|said| *said != video.frames);
        let said = said.map_or(String::new(), |said| format!(" (its header says {said})"));
        let rate = or_unknown(video.frame_rate.map(|rate| format!("{rate:.3}")));
        let _ = write!(
            text,
            "\n  video       {} pictures{said}, {} x {}, {}, {rate} a second: {}",
            video.frames,
            video.width,
            video.height,
            video.codec,
            crate::text::path(&video.path)
        );
        about_streams(&mut text, video);
        if let Some(damage) = &video.damage {
            let _ = write!(text, "\n  {damage}");
        }
    }
    for note in notes {
        let _ = write!(text, "\n  {note}");
    }
    if report.skipped_lines > 0 {
        let _ = write!(text, "\n  {} can't be read:", lines(report.skipped_lines));
        for skipped in &report.skipped {
            let _ = write!(text, "\n    line {}: {}", skipped.line, skipped.reason);
        }
        let unlisted = report.skipped_lines - report.skipped.len() as u64;
        if unlisted > 0 {
            let _ = write!(text, "\n    and {unlisted} more");
        }
    }
    text
}

/// What few videos have: several sizes, and several streams.
fn about_streams(text: &mut String, video: &VideoReport) {
    /// Changes of the size that are listed.
    const MOST: usize = 10;
    // Writing into a string can't fail.
    if !video.sizes.is_empty() {
        let listed = video.sizes.iter().take(MOST);
        let listed: Vec<String> = listed
            .map(|size| {
                format!("{} x {} from picture {}", size.width, size.height, size.from_picture)
            })
            .collect();
        let more = if video.sizes.len() > MOST { ", …" } else { "" };
        let _ = write!(text, "\n  its size changes: {}{more}", listed.join(", "));
    }
    if let Some(stream) = video.stream {
        let all: Vec<String> = video
            .streams
            .iter()
            .enumerate()
            .map(|(at, stream)| {
                let default = if stream.default { ", marked as default" } else { "" };
                format!(
                    "{}: {} x {}, {}{default}",
                    at + 1,
                    stream.width,
                    stream.height,
                    stream.codec
                )
            })
            .collect();
        let (count, all) = (all.len(), all.join("; "));
        let _ = write!(
            text,
            "\n  it holds {count} streams of pictures ({all}); this is stream {stream}, --stream N takes another"
        );
    }
}
