//! Pictures as they are found, numbered and aligned: on the command line and in the window.

#[path = "common/window.rs"]
mod common;

use common::{Window, click, press, settle, until, window};
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use motscope::{
    layout::SequencePaths,
    media::{Alignment, Ratio},
    session::{Opening, OpeningState, PictureState, Request, SharedLog},
    ui::App,
};
use std::{
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, bytes).expect("written");
}

/// A picture whose grey is its number times 8.
fn grey(number: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(40, 30, image::Rgb([(number * 8) as u8; 3]));
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
    bytes.into_inner()
}

/// Pictures of these numbers, and boxes on those frames.
fn sequence(
    pictures: impl IntoIterator<Item = (u32, String)>,
    frames: &[u32],
) -> tempfile::TempDir {
    let folder = folder();
    for (grey_of, name) in pictures {
        write(folder.path(), &format!("img1/{name}"), &grey(grey_of));
    }
    let lines: Vec<String> =
        frames.iter().map(|frame| format!("{frame},1,5,5,10,10,1\n")).collect();
    write(folder.path(), "gt/gt.txt", lines.concat().as_bytes());
    folder
}

fn open(folder: &Path) -> Window {
    let mut window = window(Request::path(folder));
    settle(&mut window);
    window
}

/// The number that the grey of the shown picture tells.
fn number(app: &App) -> Option<u32> {
    let PictureState::Ready(picture) = &app.session()?.showing()?.picture else { return None };
    Some((u32::from(picture.rgba[0]) + 4) / 8)
}

fn motscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_motscope")).args(arguments).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn info(folder: &Path) -> String {
    let output = motscope(&["info", &folder.display().to_string()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The grey of what is rendered, as a number.
fn rendered(folder: &Path, options: &[&str]) -> (Option<u32>, String) {
    let out = folder.join("out.png");
    let _ = std::fs::remove_file(&out);
    let (path, out_name) = (folder.display().to_string(), out.display().to_string());
    let mut arguments = vec!["render", &path, "--out", &out_name];
    arguments.extend(options);
    let output = motscope(&arguments);
    let picture = image::open(&out).ok().map(image::DynamicImage::into_rgb8);
    (picture.map(|p| (u32::from(p.get_pixel(39, 29).0[0]) + 4) / 8), text(&output.stderr))
}

#[test]
fn stereo_pairs_are_numbered_by_their_time_and_the_other_camera_is_told() {
    let pictures = (1..=4).flat_map(|n| {
        [(n, format!("image_{n:08}_0.png")), (n + 10, format!("image_{n:08}_1.png"))]
    });
    let folder = sequence(pictures, &[1, 2, 3, 4]);
    let info = info(folder.path());
    assert!(info.contains("pictures    4 in"), "{info}");
    assert!(info.contains("named image_<frame>_0"), "{info}");
    assert!(info.contains("4 pictures are left out, such as image_00000001_1.png"), "{info}");
    assert_eq!(rendered(folder.path(), &["--frame", "3"]).0, Some(3));
    let mut window = open(folder.path());
    press(&mut window, Key::End);
    settle(&mut window);
    assert_eq!(number(window.state()), Some(4));
    window.get_by_label_contains("4 pictures are left out");
    click(&mut window, "Put away");
    assert!(window.query_by_label_contains("4 pictures are left out").is_none());
}

#[test]
fn a_shift_is_noticed_and_one_click_aligns() {
    let folder = sequence((0..12).map(|n| (n, format!("frame{n}.png"))), &[1, 2, 3, 5, 12]);
    let said = info(folder.path());
    assert!(said.contains("1 of 5 frames with boxes have no picture"), "{said}");
    assert!(said.contains("--offset -1 would show picture 0 under frame 1."), "{said}");
    assert_eq!(rendered(folder.path(), &["--frame", "3"]).0, Some(3), "nothing shifts by itself");
    assert_eq!(rendered(folder.path(), &["--frame", "3", "--offset", "-1"]).0, Some(2));
    let mut window = open(folder.path());
    window.get_by_label_contains("no picture.");
    click(&mut window, "Show picture 0 under frame 1");
    until(&mut window, "the shifted picture", |app| number(app) == Some(0));
    assert!(window.query_by_label("Show picture 0 under frame 1").is_none());
    let offset = window.state().inspector().alignment.offset;
    assert_eq!(offset, Ratio::from(-1));
    let kept = &window.state().inspector().settings.alignments;
    assert_eq!(kept[0].1, Alignment { offset, ..Alignment::default() }, "for the next time");
    press(&mut window, Key::End);
    settle(&mut window);
    assert_eq!((number(window.state()), window.state().inspector().current), (Some(11), 12));
}

#[test]
fn a_step_is_noticed_and_frames_between_say_so() {
    let sparse = sequence((0..5).map(|n| (n, format!("{:08}.png", n * 5))), &[0, 1, 2, 3, 4]);
    assert!(info(sparse.path()).contains("--step 5 would show picture 0 under frame 0, step 5."));
    let mut window = open(sparse.path());
    click(&mut window, "Show picture 0 under frame 0, step 5");
    press(&mut window, Key::End);
    until(&mut window, "the last picture", |app| number(app) == Some(4));
    let dense = sequence((0..5).map(|n| (n, format!("{n}.png"))), &[0, 5, 10, 15, 20]);
    assert!(info(dense.path()).contains("--step 1/5 would show"));
    let (grey, said) = rendered(dense.path(), &["--frame", "13", "--step", "1/5"]);
    assert_eq!(grey, Some(2));
    assert!(
        said.contains("Frame 13 lies between two pictures: the one before, 2, is drawn."),
        "{said}"
    );
    write(dense.path(), "gt/gt.txt", b"0,1,5,5,10,10,1\n4,1,5,5,10,10,1\n5,1,5,5,10,10,1\n");
    let path = dense.path().display().to_string();
    let film = dense.path().join("film").display().to_string();
    let film = motscope(&["render", &path, "--frames", "0..5", "--step", "1/5", "--out", &film]);
    let said = text(&film.stderr);
    assert!(film.status.success() && said.contains("1 of 3 frames lie between two"), "{said}");
}

#[test]
fn odd_steps_are_refused() {
    let folder = sequence([(1, "1.png".to_owned())], &[1]);
    let path = folder.path().display().to_string();
    for step in ["0", "-1", "nan", "1/0", "x", "99999999999"] {
        assert_eq!(motscope(&["info", &path, "--step", step]).status.code(), Some(2), "{step}");
    }
    assert!(motscope(&["info", &path, "--step", "0.5", "--offset", "-1/5"]).status.success());
}

#[test]
fn nothing_odd_nothing_said() {
    let folder = sequence((1..=9).map(|n| (n, format!("{n:06}.png"))), &[3, 4, 7]);
    let info = info(folder.path());
    assert!(!info.contains("frames with boxes") && !info.contains("left out"), "{info}");
}

#[test]
fn a_picture_that_is_another_frames_by_now_is_never_shown_as_the_right_one() {
    let folder = sequence((0..30).map(|n| (n, format!("{n}.png"))), &(0..30).collect::<Vec<_>>());
    let request = Request::path(folder.path());
    let mut opening = Opening::start(request, SharedLog::default(), Arc::new(|| ()));
    let mut session = loop {
        match opening.poll() {
            OpeningState::Ready(session) => break session,
            OpeningState::Failed(reason) => panic!("{reason}"),
            _ => std::thread::yield_now(),
        }
    };
    for offset in (0..25).chain([3, 17, 0]) {
        session.align(Alignment { offset: offset.into(), ..Alignment::default() });
        // From the first look on: the right picture, or one that is marked.
        let mut looks = 0;
        loop {
            let showing = session.show(1).map(|showing| showing.picture.clone());
            looks += 1;
            match showing {
                Some(PictureState::Ready(picture)) => {
                    let number = (u32::from(picture.rgba[0]) + 4) / 8;
                    assert_eq!(number, 1 + offset as u32, "look {looks} after offset {offset}");
                    if looks > 50 {
                        break;
                    }
                }
                Some(PictureState::Failed(reason)) => panic!("{reason}"),
                _ => std::thread::yield_now(),
            }
        }
    }
}

#[test]
fn names_that_begin_with_a_dot_are_no_content() {
    let folder = sequence((1..=3).map(|n| (n, format!("{n:06}.png"))), &[1, 2, 3]);
    for shadow in [
        "img1/._000001.png",
        "img1/._000009.png",
        "gt/._gt.txt",
        "results/._mine.txt",
        "._seqinfo.ini",
        "._clip.mp4",
    ] {
        write(folder.path(), shadow, b"\0\x05\x16\x07 what another system keeps");
    }
    write(folder.path(), ".trash/gt/gt.txt", b"1,1,1,1,1,1\n");
    let info = info(folder.path());
    assert!(info.contains("pictures    3 in") && info.contains("frames      3 (1 to 3)"), "{info}");
    let window = open(folder.path());
    let paths = &window.state().session().expect("open").paths;
    assert_eq!(paths.choices, [folder.path().join("gt/gt.txt")]);
    assert_eq!(paths.video, None);
}

fn found(path: &Path) -> SequencePaths {
    SequencePaths::find(path, None).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_only_folder_of_numbered_pictures_is_found_from_either_side() {
    let cam = folder();
    write(cam.path(), "gt/gt.txt", b"1,1,5,5,10,10,1\n");
    write(cam.path(), "CAM1/000001.png", &grey(1));
    write(cam.path(), "notes/todo.txt", b"");
    for from in ["", "gt/gt.txt", "CAM1"] {
        let paths = found(&cam.path().join(from));
        assert!(paths.images.as_ref().is_some_and(|p| p.ends_with("CAM1")), "{from}: {paths:?}");
        assert!(
            paths.annotations.as_ref().is_some_and(|p| p.ends_with("gt/gt.txt")),
            "{from}: {paths:?}"
        );
    }
    let drone = folder();
    for name in ["uav1", "uav2"] {
        write(drone.path(), &format!("annotations/{name}.txt"), b"1,1,5,5,10,10,1\n");
        write(drone.path(), &format!("sequences/{name}/0000001.png"), &grey(1));
    }
    for from in ["annotations/uav2.txt", "sequences/uav2"] {
        let paths = found(&drone.path().join(from));
        assert!(
            paths.images.as_ref().is_some_and(|p| p.ends_with("sequences/uav2")),
            "{from}: {paths:?}"
        );
        assert!(
            paths.annotations.as_ref().is_some_and(|p| p.ends_with("annotations/uav2.txt")),
            "{from}"
        );
    }
    let several = SequencePaths::find(drone.path(), None).expect_err("several").to_string();
    assert!(several.contains("2 sequences") && several.contains("uav1, uav2"), "{several}");
    let beside = folder();
    write(beside.path(), "boxes.txt", b"1,1,5,5,10,10,1\n");
    write(beside.path(), "0001.png", &grey(1));
    assert_eq!(found(&beside.path().join("boxes.txt")).images.as_deref(), Some(beside.path()));
}

#[test]
fn where_several_folders_may_hold_the_pictures_they_are_offered() {
    let two = folder();
    write(two.path(), "gt/gt.txt", b"1,1,5,5,10,10,1\n");
    write(two.path(), "left/1.png", &grey(1));
    write(two.path(), "right/1.png", &grey(2));
    let said = info(two.path());
    assert!(said.contains("left or") && said.contains("--images"), "{said}");
    let mut window = open(two.path());
    window.get_by_label_contains("2 folders may hold the pictures");
    let label = format!("{}/right", two.path().file_name().expect("a name").display());
    click(&mut window, &label);
    until(&mut window, "the right picture", |app| number(app) == Some(2));
}

#[test]
fn a_damaged_picture_is_told_over_it_in_the_list_and_by_render() {
    let folder = sequence((1..=3).map(|n| (n, format!("{n}.png"))), &[1, 2, 3]);
    let noisy = image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([(x * 91 + y * 57) as u8; 3]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    noisy.write_to(&mut bytes, image::ImageFormat::Bmp).expect("encodes");
    let cut = &bytes.get_ref()[..bytes.get_ref().len() / 2];
    write(folder.path(), "img1/2.png", cut);
    write(folder.path(), "img1/3.png", b"nothing of a picture");
    let (picture, said) = rendered(folder.path(), &["--frame", "2"]);
    assert!(picture.is_some() && said.contains("The picture of frame 2 is damaged: "), "{said}");
    let out = folder.path().join("three.png").display().to_string();
    let path = folder.path().display().to_string();
    let missing = motscope(&["render", &path, "--frame", "3", "--out", &out]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        text(&missing.stderr).contains("3.png can't be decoded: it is no JPEG"),
        "{}",
        text(&missing.stderr)
    );
    assert!(Path::new(&out).exists(), "the boxes are worth having");
    let asked_for =
        motscope(&["render", &path, "--frame", "3", "--no-pictures", "--out", &out, "--force"]);
    assert!(
        asked_for.status.success() && asked_for.stderr.is_empty(),
        "{}",
        text(&asked_for.stderr)
    );
    let film = folder.path().join("film").display().to_string();
    let film = motscope(&["render", &path, "--frames", "..", "--out", &film]);
    assert_eq!(film.status.code(), Some(1));
    let said = text(&film.stderr);
    assert!(
        said.contains("The picture of frame 2 is damaged")
            && said.contains("Frame 3 is drawn without"),
        "{said}"
    );
    let mut window = open(folder.path());
    press(&mut window, Key::ArrowRight);
    settle(&mut window);
    let troubles =
        window.state().session().and_then(|s| s.pictures()).expect("pictures").troubles();
    assert_eq!(troubles.keys().copied().collect::<Vec<_>>(), [2, 3]);
    window.key_press_modifiers(egui::Modifiers::COMMAND, Key::Num5);
    window.run_steps(3);
    window.get_by_label_contains("2 pictures of those looked at can't be shown");
    window.get_by_label_contains("2: 2.png is damaged");
}

#[test]
fn fine_values_look_alike_in_all_of_a_sequence_and_can_be_set() {
    let folder = folder();
    for (n, level) in [(1, 1000_u16), (2, 2000), (3, 3000)] {
        let image = image::ImageBuffer::from_pixel(40, 30, image::Luma([level]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
        write(folder.path(), &format!("img1/{n}.png"), bytes.get_ref());
    }
    let levels = |options: &[&str]| -> Vec<u8> {
        (1..=3_u32)
            .map(|frame| {
                let frame = frame.to_string();
                let mut all = vec!["--no-boxes", "--frame", &frame];
                all.extend(options);
                let out = folder.path().join("out.png");
                assert!(rendered(folder.path(), &all).0.is_some());
                image::open(out).expect("a picture").into_rgb8().get_pixel(0, 0).0[0]
            })
            .collect()
    };
    // Each alone would be of one grey.
    assert_eq!(levels(&[]), [0, 128, 255]);
    assert_eq!(levels(&["--range", "0..4000"]), [64, 128, 191]);
    let path = folder.path().display().to_string();
    assert_eq!(
        motscope(&["render", &path, "--frame", "1", "--range", "5..5", "--out", "x.png"])
            .status
            .code(),
        Some(2)
    );
}
