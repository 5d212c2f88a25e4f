use super::{Failure, Outcome, opened::Opened, print};
use crate::{
    cache::{DataProvider as _, Key},
    inspector::scene::Meaning,
    mot::{MotProvider, check},
    render::{Typeface, draw},
};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use std::{fs::File, io::BufWriter, path::PathBuf, sync::Arc};

/// The longest side of a canvas that is made up for boxes without pictures, in pixels.
const MAX_SIDE: f64 = 16_384.0;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A MOT file or a sequence folder
    path: PathBuf,
    /// The folder of the pictures, where it is not found by itself
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The frame
    #[arg(long, value_name = "N")]
    frame: u32,
    /// The PNG file to write
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.out.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("png")) {
        return Err(Failure::Usage("--out takes the name of a .png file.".to_owned()));
    }
    let opened = Opened::open(&arguments.path, arguments.images.as_deref(), None)?;
    let findings = check(&opened.source, &opened.index, &mut ()).unwrap_or_default();
    let meaning = Meaning { confidence: findings.confidence_varies, class: findings.classes > 1 };
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    let loaded = provider.load_frame(arguments.frame)?;
    let pictures = opened.pictures()?;
    let images = pictures.as_ref().filter(|pictures| pictures.has(arguments.frame));
    if images.is_none() && opened.index.lines_of(arguments.frame) == 0 {
        eprintln!("motscope: Frame {} has neither boxes nor a picture.", arguments.frame);
    }
    let picture = images.map(|images| images.load(Key::from(arguments.frame)));
    let picture = picture.and_then(|loaded| {
        // The boxes are worth drawing all the same.
        loaded.inspect_err(|error| eprintln!("motscope: {error} Boxes are drawn without it.")).ok()
    });
    let info = &opened.paths.info;
    let size = info.width.zip(info.height).map_or_else(
        || {
            let status = crate::session::Status { findings: findings.into(), ..Default::default() };
            status.extent_size()
        },
        |(width, height)| [f64::from(width), f64::from(height)],
    );
    let size = size.map(|side| side.clamp(1.0, MAX_SIDE) as u32);
    let drawn = draw(picture.as_ref(), size, &loaded.detections, meaning, &Typeface::default());
    let drawn =
        drawn.ok_or_else(|| Failure::Work("The picture is too large to draw on.".to_owned()))?;
    let refused = |error: &dyn std::fmt::Display| {
        Failure::Work(format!("{} can't be written: {error}.", arguments.out.display()))
    };
    let file = File::create(&arguments.out).map_err(|error| refused(&error))?;
    PngEncoder::new(BufWriter::new(file))
        .write_image(&drawn.rgba, drawn.width, drawn.height, ExtendedColorType::Rgba8)
        .map_err(|error| refused(&error))?;
    print(&format!(
        "{}: frame {}, {} x {} pixels, boxes: {}",
        arguments.out.display(),
        arguments.frame,
        drawn.width,
        drawn.height,
        loaded.detections.len()
    ))
}
