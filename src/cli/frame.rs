use super::{FormArgument, Outcome, frame_number, lines, opened::Opened, print, print_json};
use crate::mot::{Detection, MotProvider};
use serde::Serialize;
use std::{fmt::Write as _, path::PathBuf, sync::Arc};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A MOT file or a sequence folder
    path: PathBuf,
    /// The frame
    #[arg(value_name = "N", value_parser = frame_number)]
    frame: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    form: FormArgument,
}

#[derive(Serialize)]
struct Report<'a> {
    frame: u32,
    detections: &'a [Detection],
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let opened = Opened::open(&arguments.path, None, None, arguments.form.form())?.warned();
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    let loaded = provider.load_frame(arguments.frame)?;
    if arguments.json {
        let report = Report { frame: arguments.frame, detections: &loaded.detections };
        return print_json(&report);
    }
    let mut text = format!(
        "frame {}: {}\n{:>14} {:>10} {:>10} {:>10} {:>10} {:>10} {:>6} {:>10}",
        arguments.frame,
        if opened.paths.annotations.is_none() {
            "there are no annotations".to_owned()
        } else if opened.index.lines_of(arguments.frame) == 0 {
            "it is not in the file".to_owned()
        } else {
            format!("boxes: {}", loaded.detections.len())
        },
        "id",
        "left",
        "top",
        "width",
        "height",
        "confidence",
        "class",
        "visibility",
    );
    for d in &loaded.detections {
        let or_none = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        // Writing into a string can't fail.
        let _ = write!(
            text,
            "\n{:>14} {:>10} {:>10} {:>10} {:>10} {:>10} {:>6} {:>10}",
            d.id,
            d.left,
            d.top,
            d.width,
            d.height,
            or_none(d.confidence.map(|c| c.to_string())),
            or_none(d.class.map(|c| c.to_string())),
            or_none(d.visibility.map(|v| v.to_string())),
        );
    }
    if loaded.unreadable > 0 {
        let unreadable = lines(loaded.unreadable.into());
        let _ = write!(text, "\n{unreadable} of this frame can't be read");
    }
    print(&text)
}
