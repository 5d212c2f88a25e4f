use super::{ColumnsArgument, Outcome, frame_number, lines, opened::Opened, print, print_json};
use crate::{
    formats::mot::MotProvider,
    model::{ClassNames, Detection},
};
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
    columns: ColumnsArgument,
}

#[derive(Serialize)]
struct Report<'a> {
    frame: u32,
    detections: Vec<Named<'a>>,
}

/// A box, and what its class is called.
#[derive(Serialize)]
struct Named<'a> {
    #[serde(flatten)]
    detection: &'a Detection,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_name: Option<Arc<str>>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let opened = Opened::open(&arguments.path, None, None, arguments.columns.chosen())?.warned();
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    let loaded = provider.load_frame(arguments.frame)?;
    let classes = &opened.source.reading().classes;
    if arguments.json {
        let boxes: Vec<(Detection, _)> =
            loaded.detections.iter().map(|d| named(d, classes)).collect();
        let detections = boxes
            .iter()
            .map(|(detection, class_name)| Named { detection, class_name: class_name.clone() });
        let report = Report { frame: arguments.frame, detections: detections.collect() };
        return print_json(&report);
    }
    // As wide as the longest name.
    let title = |d: &Detection| d.class.map_or("-".to_owned(), |class| classes.title(class));
    let wide = loaded.detections.iter().map(|d| title(d).chars().count()).max().unwrap_or(0).max(6);
    let mut text = format!(
        "frame {}: {}\n{:>14} {:>10} {:>10} {:>10} {:>10} {:>10} {:>wide$} {:>10}",
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
            "\n{:>14} {:>10} {:>10} {:>10} {:>10} {:>10} {:>wide$} {:>10}",
            d.id,
            d.left,
            d.top,
            d.width,
            d.height,
            or_none(d.confidence.map(|c| c.to_string())),
            title(d),
            or_none(d.visibility.map(|v| v.to_string())),
        );
    }
    if loaded.unreadable > 0 {
        let unreadable = lines(loaded.unreadable.into());
        let _ = write!(text, "\n{unreadable} of this frame can't be read");
    }
    print(&text)
}

/// A box as its line says it, and the name of its class: a class that the file only names has no number.
fn named(detection: &Detection, classes: &ClassNames) -> (Detection, Option<Arc<str>>) {
    let name = detection.class.and_then(|class| classes.name(class));
    (Detection { class: detection.class.and_then(ClassNames::in_file), ..*detection }, name)
}
