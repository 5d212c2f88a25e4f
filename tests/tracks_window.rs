//! Tracks, suspicions, filters, videos and output in the window, driven as a person would.

#[path = "common/window.rs"]
mod common;

use common::{Window, click, press, settle, until, window, window_of};
use egui::{Key, Modifiers, Pos2, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use motscope::{
    formats::mot::Columns,
    inspector::{ColorBy, Tab, View},
    session::{PictureState, Request},
    ui::App,
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// 30 frames of 160 x 120: 1 walks to the right and is away on 10 to 12, 2 stands still until it jumps at
/// 20, 3 ends at 14 where 4 begins at 15.
fn sequence(folder: &Path) -> PathBuf {
    let mut text = String::new();
    for frame in 1..=30 {
        let mut line = |id: u32, [x, y]: [u32; 2]| {
            writeln!(text, "{frame},{id},{x},{y},10,20,0.{id},-1,-1,-1").expect("text");
        };
        if !(10..=12).contains(&frame) {
            line(1, [10 + frame, 10]);
        }
        line(2, if frame < 20 { [30, 80] } else { [120, 80] });
        line(if frame < 15 { 3 } else { 4 }, [60 + frame, 50]);
        // Far out, so that the others are inside.
        line(8, [0, 0]);
        line(9, [150, 100]);
    }
    let path = folder.join("walk.txt");
    std::fs::write(&path, text).expect("written");
    std::fs::write(folder.join("seqinfo.ini"), "[Sequence]\nimWidth=160\nimHeight=120\n")
        .expect("written");
    path
}

fn open(folder: &Path) -> Window {
    let mut window = window_of(Request::path(sequence(folder)), [1100.0, 900.0]);
    settle(&mut window);
    window
}

/// Where a pixel of the picture is on the screen.
fn place(window: &Window, pixel: [f64; 2]) -> Pos2 {
    let viewport = window.get_by_label_contains(" with 5 box").rect();
    let inspector = window.state().inspector();
    let size = [f64::from(viewport.width()), f64::from(viewport.height())];
    let [x, y] = inspector.view.transform(inspector.picture_size, size).to_screen(pixel);
    viewport.min + vec2(x as f32, y as f32)
}

fn click_at(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.run_steps(1);
    window.drag_at(at);
    window.run_steps(1);
    window.drop_at(at);
    window.run_steps(2);
}

fn selected(window: &Window) -> Option<i128> {
    window.state().inspector().selection().id().map(motscope::model::TrackId::number)
}

fn current(window: &Window) -> u32 {
    window.state().inspector().current
}

fn shifted(window: &mut Window, key: Key) {
    window.key_press_modifiers(Modifiers::SHIFT, key);
    window.run_steps(2);
}

#[test]
fn a_click_on_a_box_holds_on_to_its_track() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let at = place(&window, [16.0, 20.0]);
    click_at(&mut window, at);
    assert_eq!(selected(&window), Some(1));
    assert!(window.query_all_by_label("Track 1").count() > 0);
    window.get_by_label("27 of 30");
    window.get_by_label("1, 3 away");
    shifted(&mut window, Key::ArrowDown);
    assert_eq!(current(&window), 10, "the gap begins");
    shifted(&mut window, Key::End);
    assert_eq!(current(&window), 30);
    shifted(&mut window, Key::ArrowUp);
    assert_eq!(current(&window), 10);
    settle(&mut window);
    window.get_by_label("not on this frame");
    shifted(&mut window, Key::Home);
    shifted(&mut window, Key::PageDown);
    assert_eq!((current(&window), selected(&window)), (15, Some(4)), "the next track begins");
    press(&mut window, Key::Escape);
    assert_eq!(selected(&window), None);
    window.get_by_label_contains("Click a box, a lane or a row");
}

#[test]
fn a_click_in_the_list_of_boxes_holds_on_to_a_track_and_what_is_hidden_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    window.run_steps(2);
    window.get_by_label("Frame 1: 5 boxes");
    click(&mut window, "Box of track 3");
    assert_eq!(selected(&window), Some(3));
    press(&mut window, Key::X);
    window.get_by_label("Frame 1: 5 boxes, 1 hidden by the filter");
}

#[test]
fn a_file_of_right_and_bottom_edges_is_told_and_read_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = String::new();
    for frame in 1..=30 {
        for (id, left) in [(1, 10 + frame), (2, 400), (3, 900)] {
            let top = left / 2;
            writeln!(text, "{frame},{id},{left},{top},{},{},1", left + 40, top + 80).expect("text");
        }
    }
    let path = folder.path().join("edges.txt");
    std::fs::write(&path, text).expect("written");
    let mut window = window_of(Request::path(&path), [1100.0, 760.0]);
    settle(&mut window);
    press(&mut window, Key::ArrowRight);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    window.run_steps(2);
    let columns = |app: &App| {
        app.session().map(|session| session.first().annotations().file().reading().columns)
    };
    click(&mut window, "Read them as right and bottom edges");
    until(&mut window, "read as edges", |app| columns(app) == Some(Columns::CORNERS));
    settle(&mut window);
    let of = |window: &Window| {
        let session = window.state().session().expect("open");
        let boxes = &session.showing().expect("shown").layers[0].1.detections;
        boxes.iter().map(|d| (d.left, d.width, d.height)).collect::<Vec<_>>()
    };
    assert_eq!(of(&window), [(12.0, 40.0, 80.0), (400.0, 40.0, 80.0), (900.0, 40.0, 80.0)]);
    assert_eq!(current(&window), 2, "the frame stays");
    std::fs::write(&path, "2,1,5,5,45,85,1\n".repeat(60)).expect("written");
    press(&mut window, Key::F5);
    until(&mut window, "reloaded", |app| app.inspector().frames.len() == 1);
    settle(&mut window);
    assert_eq!(of(&window)[0], (5.0, 40.0, 80.0), "reloaded as it was read");
    click(&mut window, "Read them as the file itself tells");
    until(&mut window, "read as sizes", |app| columns(app) == Some(Columns::USUAL));
    settle(&mut window);
    assert_eq!(of(&window)[0], (5.0, 45.0, 85.0));
}

#[test]
fn a_header_is_followed_said_and_overruled_and_the_choice_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sink.csv");
    let rows = (0..30).map(|frame| format!("5,10,45,90,1,{frame}\n6,10,45,90,2,{frame}\n"));
    let text = rows.collect::<Vec<_>>().concat();
    std::fs::write(&path, format!("x_min,y_min,x_max,y_max,id,frame_index\n{text}"))
        .expect("written");
    let mut window = window_of(Request::path(&path), [1100.0, 760.0]);
    settle(&mut window);
    window.get_by_label_contains("Columns are read by the file's header: see Problems");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    window.run_steps(2);
    window.get_by_label_contains("frame = frame_index, id, left = x_min, top = y_min");
    let columns = |app: &App| {
        let source = app.session().expect("open").first().annotations().file();
        source.reading().columns.to_string()
    };
    assert_eq!(columns(window.state()), "left,top,right,bottom,id,frame");
    assert_eq!(window.state().inspector().frames.len(), 30);
    click(&mut window, "Read them in the MOT format's order");
    let usual = "frame,id,left,top,width,height,...";
    until(&mut window, "read as usual", |app| columns(app) == usual);
    settle(&mut window);
    assert_eq!(window.state().inspector().frames.len(), 2);
    // Opened once more, it is read as it was chosen, until that is taken back.
    press(&mut window, Key::F5);
    settle(&mut window);
    assert_eq!(columns(window.state()), usual);
    click(&mut window, "Read them as the file itself tells");
    until(&mut window, "read by its header", |app| columns(app) != usual);
    assert!(window.state().inspector().settings.readings.is_empty());
}

#[test]
fn suspicions_are_hopped_through_by_key_and_by_click() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.run_steps(2);
    let mut seen = Vec::new();
    for _ in 0..3 {
        press(&mut window, Key::J);
        seen.push((current(&window), selected(&window)));
    }
    assert_eq!(seen, [(15, Some(4)), (20, Some(2)), (20, Some(2))], "the end stays");
    press(&mut window, Key::K);
    assert_eq!(current(&window), 15);
    // Where they lead is waited for by the caches.
    let session = window.state().session().expect("open");
    assert_eq!(session.events(), [15, 20]);
    window.get_by_label("3 → 4");
    click(&mut window, "Jump 1");
    window.get_by_label("1 of 1 place, of 2 in all");
    press(&mut window, Key::J);
    assert_eq!(current(&window), 15, "jumps are not listed any more");
}

#[test]
fn what_is_filtered_is_hidden_and_said_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run_steps(2);
    assert_eq!(window.state().inspector().settings.tab, Tab::Filter);
    window.get_by_role_and_label(Role::TextInput, "Ids").focus();
    window.run_steps(2);
    window.event(egui::Event::Text("2-3".to_owned()));
    window.run_steps(3);
    window.get_by_label_contains("3 of 5 boxes on this frame are hidden");
    window.get_by_label("Filter on");
    // A box that is hidden is not there to be clicked.
    let at = place(&window, [16.0, 20.0]);
    click_at(&mut window, at);
    assert_eq!(selected(&window), None);
    shifted(&mut window, Key::X);
    assert!(window.state().inspector().selection().sieve().is_off());
    window.get_by_label("Every box is shown.");
}

#[test]
fn a_track_is_isolated_hidden_and_kept_in_view() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let at = place(&window, [35.0, 90.0]);
    click_at(&mut window, at);
    assert_eq!(selected(&window), Some(2));
    press(&mut window, Key::I);
    assert_eq!(window.state().inspector().selection().sieve().only, Some(2.into()));
    press(&mut window, Key::I);
    press(&mut window, Key::V);
    window.run_steps(2);
    let middle = |window: &Window| match window.state().inspector().view {
        View::Free { center, .. } => center,
        View::Fit => [f64::NAN; 2],
    };
    assert_eq!(middle(&window), [35.0, 90.0]);
    press(&mut window, Key::End);
    settle(&mut window);
    assert_eq!(middle(&window), [125.0, 90.0], "it went there");
    press(&mut window, Key::X);
    assert!(window.state().inspector().selection().sieve().hidden.contains(&2.into()));
    assert_eq!(selected(&window), None);
}

#[test]
fn every_command_is_found_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.run_steps(3);
    window.event(egui::Event::Text("other col".to_owned()));
    window.run_steps(2);
    assert!(window.unnamed_widgets().is_empty(), "{:?}", window.unnamed_widgets());
    press(&mut window, Key::Enter);
    assert_eq!(window.state().inspector().settings.color_by, ColorBy::Class);
    assert!(!window.state().inspector().palette);
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.run_steps(3);
    press(&mut window, Key::Escape);
    window.run_steps(2);
    assert!(!window.state().inspector().palette, "escape puts it away");
}

#[test]
fn the_first_start_shows_three_hints_until_they_are_put_away() {
    let mut window = window(Request::demo());
    settle(&mut window);
    window.get_by_label_contains("Play, and walk frame by frame");
    click(&mut window, "Got it");
    assert!(window.query_by_label("Got it").is_none());
    assert!(window.state().inspector().settings.welcomed);
}

#[test]
fn a_lane_is_clicked_to_go_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let lanes = window.get_by_label_contains("Track lanes").rect();
    // The second lane from the top, in its middle.
    let at = Pos2::new(lanes.center().x, lanes.top() + 13.0 * 1.5);
    click_at(&mut window, at);
    assert_eq!((selected(&window), current(&window)), (Some(2), 16));
    click(&mut window, "Look closer");
    window.get_by_label("20 frames in view");
    click(&mut window, "Look farther");
    window.run_steps(2);
    assert!(window.query_by_label_contains("frames in view").is_none(), "all 30 frames are seen");
    shifted(&mut window, Key::L);
    assert!(window.query_by_label_contains("Track lanes").is_none());
}

#[test]
fn trails_come_soon_after_the_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    press(&mut window, Key::End);
    press(&mut window, Key::R);
    until(&mut window, "the trails", |app: &App| {
        let trails = app.session().and_then(|session| session.first().trails());
        trails.is_some_and(|trails| {
            trails.frame == 30 && trails.get(1).is_some_and(|trail| trail.points.len() == 27)
        })
    });
}

/// A video of 30 pictures, each of one grey that its number tells.
fn video(folder: &Path) -> PathBuf {
    let path = folder.join("walk.avi");
    let source = "color=black:size=160x120:rate=10:duration=3,format=gray,geq=lum=8*N";
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", "ffv1"])
        .arg(&path)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
    path
}

/// The number that the grey of the shown picture tells.
fn number(app: &App) -> Option<u32> {
    let showing = app.session()?.showing()?;
    let PictureState::Ready(picture) = &showing.picture else { return None };
    Some((u32::from(picture.rgba[0]) + 4) / 8)
}

#[test]
fn a_video_beside_the_annotations_shows_the_frame_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    video(folder.path());
    let mut window = open(folder.path());
    window.get_by_label("with walk.avi");
    assert_eq!(number(window.state()), Some(0), "frame 1 is the first picture");
    for (key, expected) in [(Key::End, 29), (Key::ArrowLeft, 28), (Key::Home, 0)] {
        press(&mut window, key);
        settle(&mut window);
        assert_eq!(number(window.state()), Some(expected));
    }
    // An offset moves the pictures under the boxes.
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run_steps(2);
    window.get_by_label_contains("Picture 1 of the video is frame 1 (assumed).");
    click(&mut window, "0");
    until(&mut window, "the second picture", |app| number(app) == Some(1));
    press(&mut window, Key::End);
    settle(&mut window);
    let showing = window.state().session().and_then(|session| session.showing()).expect("shown");
    assert!(matches!(showing.picture, PictureState::None), "frame 30 would be the 31st picture");
    assert_eq!(showing.layers[0].1.detections.len(), 5);
}

#[test]
fn a_video_that_is_dropped_on_boxes_is_theirs() {
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    press(&mut window, Key::ArrowRight);
    let dropped = common::Dropped(video(elsewhere.path()));
    window.input_mut().dropped_files.push(std::sync::Arc::new(dropped));
    until(&mut window, "the second picture", |app| number(app) == Some(1));
    settle(&mut window);
    let showing = window.state().session().and_then(|session| session.showing()).expect("shown");
    assert_eq!((showing.frame, showing.layers[0].1.detections.len()), (2, 5));
}

#[test]
fn a_video_alone_is_walked_without_boxes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = video(folder.path());
    let mut window = window(Request::path(path));
    settle(&mut window);
    assert_eq!(window.state().inspector().frames.len(), 30);
    assert_eq!(window.state().inspector().frame_rate, Some(10.0));
    press(&mut window, Key::End);
    settle(&mut window);
    assert_eq!((number(window.state()), current(&window)), (Some(29), 30));
}

#[test]
fn a_video_that_is_none_leaves_the_boxes_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("walk.mp4"), [0, 1, 2, 3].repeat(400)).expect("written");
    let mut window = open(folder.path());
    assert_eq!(window.state().session().map(motscope::session::Session::has_pictures), Some(false));
    let failure = window.state().failure().expect("it is told");
    assert!(failure.contains("walk.mp4 can't be opened as a video"), "{failure}");
    press(&mut window, Key::ArrowRight);
    assert_eq!(current(&window), 2);
}

/// Asks to save something, and types the path.
fn save_to(window: &mut Window, path: &Path, ask: impl Fn(&mut Window)) {
    window.state_mut().type_paths();
    ask(window);
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(path.display().to_string()));
    window.run_steps(2);
    click(window, "Save");
    let mut tries = 0;
    let told = format!("{}", path.display());
    let is_told = |window: &Window| {
        window.query_all_by_label_contains("Saved").any(|node| {
            // The text of a label is its value.
            let node = node.accesskit_node();
            [node.label(), node.value()].into_iter().flatten().any(|text| text.contains(&told))
        })
    };
    while !is_told(window) {
        tries += 1;
        assert!(tries < 3000, "{} is written", path.display());
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn view_video_boxes_and_tracks_are_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let view = folder.path().join("out/view.png");
    std::fs::create_dir(folder.path().join("out")).expect("a folder");
    let press_ctrl = |key| {
        move |window: &mut Window| {
            window.key_press_modifiers(Modifiers::COMMAND, key);
            window.run_steps(2);
        }
    };
    save_to(&mut window, &view, press_ctrl(Key::S));
    let size = window.state().inspector().viewport_size.map(|side| side.round() as u32);
    assert_eq!(image::image_dimensions(&view).expect("a picture"), (size[0], size[1]));

    window.event(egui::Event::Copy);
    let mut tries = 0;
    while window.query_by_label_contains("Copied the view").is_none() {
        tries += 1;
        assert!(tries < 3000, "the view is copied");
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }

    let film = folder.path().join("out/film.mp4");
    save_to(&mut window, &film, press_ctrl(Key::E));
    assert!(std::fs::metadata(&film).expect("a file").len() > 1000);

    for (entry, name, expected) in [
        ("Export the boxes…", "boxes.txt", "1,1,11,10,10,20,0.1,-1,-1,-1\n"),
        (
            "Export the tracks…",
            "tracks.csv",
            "id,class,first,last,frames,gaps,missing,confidence,path\n1,,1,30,27,1,3,",
        ),
    ] {
        let path = folder.path().join("out").join(name);
        save_to(&mut window, &path, |window| {
            click(window, "File");
            window.get_by_label_contains(entry).click();
            window.run_steps(2);
        });
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.starts_with(expected), "{text}");
    }
}

/// Types a path to save boxes to, and waits for what is answered.
fn save_boxes(window: &mut Window, path: &Path, answer: &str) {
    window.state_mut().type_paths();
    click(window, "File");
    window.get_by_label_contains("Export the boxes…").click();
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(path.display().to_string()));
    window.run_steps(2);
    click(window, "Save");
    let mut tries = 0;
    while window.query_all_by_value(answer).next().is_none()
        && window.query_all_by_label_contains(answer).next().is_none()
    {
        tries += 1;
        assert!(tries < 3000, "'{answer}' is told; failure: {:?}", window.state().failure());
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    window.run_steps(2);
}

#[test]
fn the_window_asks_before_it_replaces_and_never_replaces_what_is_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let text = |path: &Path| std::fs::read_to_string(path).expect("text");
    let read = window.state().session().and_then(|s| s.paths.annotations.clone()).expect("boxes");
    let before = text(&read);
    // What is open, by another name.
    let same = folder.path().join("same.txt");
    std::fs::hard_link(&read, &same).expect("a link");
    for path in [&read, &same] {
        save_boxes(&mut window, path, "is not written: it is");
        click(&mut window, "Dismiss");
        assert_eq!(text(&read), before);
    }
    let path = folder.path().join("mine.txt");
    std::fs::write(&path, "mine").expect("written");
    save_boxes(&mut window, &path, "mine.txt is there already.");
    press(&mut window, Key::Escape);
    assert_eq!(text(&path), "mine");
    // A key pressed without a look replaces nothing, nor does it walk.
    save_boxes(&mut window, &path, "mine.txt is there already.");
    press(&mut window, Key::Enter);
    assert_eq!(text(&path), "mine");
    save_boxes(&mut window, &path, "mine.txt is there already.");
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::Escape);
    assert_eq!((text(&path).as_str(), current(&window)), ("mine", 1));
    save_boxes(&mut window, &path, "mine.txt is there already.");
    click(&mut window, "Replace");
    let mut tries = 0;
    while text(&path) == "mine" {
        tries += 1;
        assert!(tries < 3000, "it is replaced");
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(text(&path).starts_with("1,1,11,10,10,20,"), "{}", text(&path));
}
