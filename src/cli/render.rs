use super::{Failure, Outcome, opened::Opened, print};
use crate::{
    cache::{DataProvider as _, Key},
    inspector::scene::Meaning,
    media::{Picture, Pictures},
    mot::{MotProvider, check},
    render::{Typeface, draw},
};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
    sync::Arc,
};

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
    /// The video, where it is not found by itself
    #[arg(long, value_name = "FILE", conflicts_with = "images")]
    video: Option<PathBuf>,
    /// Draw the picture alone
    #[arg(long)]
    no_boxes: bool,
    /// The PNG file to write
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.out.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("png")) {
        return Err(Failure::Usage("--out takes the name of a .png file.".to_owned()));
    }
    let (images, video) = (arguments.images.as_deref(), arguments.video.as_deref());
    let opened = Opened::open(&arguments.path, images, video)?;
    let pictures = opened.pictures()?;
    if arguments.no_boxes {
        let picture = pictures.map(|pictures| pictures.load(Key::from(arguments.frame)));
        let none = || Failure::Work("There are no pictures here.".to_owned());
        let picture = picture.ok_or_else(none)??;
        write_png(&arguments.out, &picture)?;
        return told(arguments, &picture, None);
    }
    let findings = check(&opened.source, &opened.index, &mut ()).unwrap_or_default();
    let meaning = Meaning { confidence: findings.confidence_varies, class: findings.classes > 1 };
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    let loaded = provider.load_frame(arguments.frame)?;
    // Of a video it is not known before all of it is counted.
    let may_have =
        |pictures: &&Pictures| pictures.video().is_some() || pictures.has(arguments.frame);
    let there = pictures.as_ref().filter(may_have);
    if there.is_none() && opened.index.lines_of(arguments.frame) == 0 {
        eprintln!("motscope: Frame {} has neither boxes nor a picture.", arguments.frame);
    }
    let picture = there.and_then(|pictures| {
        // The boxes are worth drawing all the same.
        let loaded = pictures.load(Key::from(arguments.frame));
        loaded.inspect_err(|error| eprintln!("motscope: {error} Boxes are drawn without it.")).ok()
    });
    let info = &opened.paths.info;
    let of_pictures = pictures.as_ref().and_then(Pictures::size);
    let size = of_pictures.or(info.width.zip(info.height).map(<[u32; 2]>::from));
    let size = size.map_or_else(
        || {
            let status = crate::session::Status { findings: findings.into(), ..Default::default() };
            status.extent_size()
        },
        |size| size.map(f64::from),
    );
    let size = size.map(|side| side.clamp(1.0, MAX_SIDE) as u32);
    let drawn = draw(picture.as_ref(), size, &loaded.detections, meaning, &Typeface::default());
    let drawn =
        drawn.ok_or_else(|| Failure::Work("The picture is too large to draw on.".to_owned()))?;
    write_png(&arguments.out, &drawn)?;
    told(arguments, &drawn, Some(loaded.detections.len()))
}

fn write_png(path: &Path, picture: &Picture) -> Outcome {
    let refused = |error: &dyn std::fmt::Display| {
        Failure::Work(format!("{} can't be written: {error}.", path.display()))
    };
    let file = File::create(path).map_err(|error| refused(&error))?;
    PngEncoder::new(BufWriter::new(file))
        .write_image(&picture.rgba, picture.width, picture.height, ExtendedColorType::Rgba8)
        .map_err(|error| refused(&error))
}

fn told(arguments: &Arguments, drawn: &Picture, boxes: Option<usize>) -> Outcome {
    let boxes = boxes.map_or(String::new(), |boxes| format!(", boxes: {boxes}"));
    print(&format!(
        "{}: frame {}, {} x {} pixels{boxes}",
        arguments.out.display(),
        arguments.frame,
        drawn.width,
        drawn.height,
    ))
}
