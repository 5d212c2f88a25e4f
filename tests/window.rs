//! The window, driven through its accessibility tree as a screen reader would, and looked at.

#[path = "common/window.rs"]
mod common;

use common::{Dropped, Window, click, demo, press, settle, shown_frame, until, window, window_of};
use egui::{self, Key, Modifiers};
use egui_kittest::{
    SnapshotOptions, SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use motscope::{
    cache::KeyState,
    inspector::{CacheKind, Predictor, Settings, Tab, Tuning, View},
    session::{Change, PictureState, Request},
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// A sequence folder: 40 frames of 3 boxes, one line that can't be read, a picture on some.
fn sequence(folder: &Path) -> PathBuf {
    let mut text = String::new();
    for frame in 1..=40 {
        for id in 1..=3 {
            let left = 10 * id + frame;
            writeln!(text, "{frame},{id},{left},20,30,60,0.{id},-1,-1,-1").expect("text");
        }
    }
    text += "41,oops,1,1,1,1,1,-1,-1,-1\n";
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    };
    write("gt/gt.txt", text.as_bytes());
    write("seqinfo.ini", b"[Sequence]\nname=Yard\nframeRate=10\nimWidth=160\nimHeight=120\n");
    let mut png = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(160, 120, image::Rgb([70, 90, 80]));
    image.write_to(&mut png, image::ImageFormat::Png).expect("encodes");
    for frame in 1..=3 {
        write(&format!("img1/{frame:06}.png"), png.get_ref());
    }
    write("img1/000004.png", b"not a picture");
    folder.to_owned()
}

#[test]
fn the_demo_opens_with_picture_and_boxes_of_the_same_frame() {
    let window = demo();
    let showing = window.state().session().and_then(|s| s.showing()).expect("something is shown");
    assert_eq!(showing.frame, 1);
    assert!(matches!(showing.picture, PictureState::Ready(_)));
    assert!(showing.layers[0].1.detections.len() > 5);
    assert!(window.query_by_label_contains("Frame 1 with").is_some());
}

#[test]
fn buttons_walk_by_their_numbers() {
    let mut window = demo();
    let steps = [
        ("Next frame", 2),
        ("5 frames on", 7),
        ("15 frames on", 22),
        ("Previous frame", 21),
        ("5 frames back", 16),
        ("15 frames back", 1),
        ("Last frame", 100),
        ("First frame", 1),
    ];
    for (label, expected) in steps {
        click(&mut window, label);
        assert_eq!(window.state().inspector().current, expected, "{label}");
        until(&mut window, label, |app| shown_frame(app) == Some(expected));
    }
    // One access is one navigation, however often the window was repainted.
    let stats = window.state().session().expect("open").stats(CacheKind::Annotations).clone();
    assert_eq!(stats.hits + stats.misses, 1 + steps.len() as u64);
}

#[test]
fn keys_walk_play_and_change_the_view() {
    let mut window = demo();
    press(&mut window, Key::ArrowRight);
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    window.run_steps(2);
    assert_eq!(window.state().inspector().current, 22);
    press(&mut window, Key::End);
    assert_eq!(window.state().inspector().current, 100);
    press(&mut window, Key::Home);
    press(&mut window, Key::CloseBracket);
    assert_eq!(window.state().inspector().settings.playback.speed, 2.0);
    press(&mut window, Key::Space);
    assert!(window.state().inspector().is_playing());
    // A second at 25 frames a second and twice the speed.
    window.run_steps(60);
    let reached = window.state().inspector().current;
    assert!((45..=56).contains(&reached), "reached {reached}");
    press(&mut window, Key::Space);
    assert!(!window.state().inspector().is_playing());
    press(&mut window, Key::Plus);
    assert!(matches!(window.state().inspector().view, View::Free { .. }));
    press(&mut window, Key::F);
    assert_eq!(window.state().inspector().view, View::Fit);
    let dark = window.state().inspector().settings.dark;
    press(&mut window, Key::T);
    assert_eq!(window.state().inspector().settings.dark, !dark);
}

#[test]
fn a_frame_number_can_be_typed() {
    let mut window = demo();
    press(&mut window, Key::G);
    let field = window.get_by_role_and_label(egui::Role::TextInput, "Frame");
    assert!(field.accesskit_node().is_focused());
    window.event(egui::Event::Text("57".to_owned()));
    window.run_steps(2);
    press(&mut window, Key::Enter);
    assert_eq!(window.state().inspector().current, 57);
    // Keys are commands again.
    press(&mut window, Key::ArrowRight);
    assert_eq!(window.state().inspector().current, 58);
}

#[test]
fn the_timeline_scrubs_and_the_strip_is_clicked() {
    let mut window = demo();
    let rect = window.get_by_label_contains("Timeline, frame").rect();
    window.drag_at(rect.left_center());
    window.run_steps(2);
    for share in [0.25, 0.5, 0.755] {
        window.hover_at(egui::pos2(rect.left() + rect.width() * share, rect.center().y));
        window.run_steps(2);
    }
    assert_eq!(window.state().inspector().current, 76);
    window.drop_at(egui::pos2(rect.left() + rect.width() * 0.755, rect.center().y));
    window.run_steps(2);
    let strip = window.get_by_label_contains("Frames around frame 76").rect();
    window.drag_at(strip.center_top() + egui::vec2(-44.0, 4.0));
    window.drop_at(strip.center_top() + egui::vec2(-44.0, 4.0));
    window.run_steps(2);
    assert_eq!(window.state().inspector().current, 74);
}

#[test]
fn a_sequence_folder_shows_its_failures_and_its_boxes_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window(Request::path(sequence(folder.path())));
    settle(&mut window);
    assert_eq!(window.state().inspector().picture_size, [160.0, 120.0]);
    for _ in 0..3 {
        press(&mut window, Key::ArrowRight);
    }
    until(&mut window, "the failed picture", |app| shown_frame(app) == Some(4));
    window.run_steps(2);
    let session = window.state().session().expect("open");
    assert_eq!(session.showing().expect("shown").layers[0].1.detections.len(), 3);
    assert_eq!(session.frame_state(4), KeyState::Failed);
    assert!(window.query_by_label_contains("000004.png can't be decoded").is_some());
    // Mended on disk, it loads on request.
    let png = std::fs::read(folder.path().join("img1/000003.png")).expect("read");
    std::fs::write(folder.path().join("img1/000004.png"), png).expect("written");
    click(&mut window, "Retry");
    until(&mut window, "the mended picture", |app| {
        let showing = app.session().and_then(|session| session.showing());
        showing.is_some_and(|s| s.frame == 4 && matches!(s.picture, PictureState::Ready(_)))
    });
    // Frame 20 has no picture: its boxes stand on an empty canvas of the same size.
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    window.run_steps(2);
    until(&mut window, "a frame without picture", |app| shown_frame(app) == Some(19));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    until(&mut window, "the check", |app| {
        app.session().is_some_and(|session| session.first().status().findings.skipped_lines == 1)
    });
    window.run_steps(2);
    let reason = "column 2 (id) is not a number: 'oops'";
    window.get_by_label(reason);
}

#[test]
fn what_cannot_be_opened_is_named_and_what_was_open_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = folder.path().join("odd.txt");
    std::fs::write(&odd, "Car 0 0 1.5\nVan 1 1 2\n").expect("written");
    let mut window = demo();
    press(&mut window, Key::ArrowRight);
    window.input_mut().dropped_files.push(Arc::new(Dropped(odd.clone())));
    until(&mut window, "the failure", |app| app.failure().is_some());
    window.run_steps(2);
    let failure = window.state().failure().expect("a failure").to_owned();
    assert!(failure.starts_with(&format!("{} does not look like a MOT file", odd.display())));
    assert!(window.query_by_label_contains("does not look like a MOT file").is_some());
    assert_eq!(shown_frame(window.state()), Some(2));
    click(&mut window, "Dismiss");
    assert!(window.state().failure().is_none());
}

#[test]
fn a_dropped_file_opens_and_is_remembered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = sequence(folder.path());
    let mut window = demo();
    window.input_mut().dropped_files.push(Arc::new(Dropped(path.clone())));
    until(&mut window, "the dropped folder", |app| app.inspector().frames.len() == 41);
    assert_eq!(window.state().inspector().settings.recent, [path]);
}

#[test]
fn what_was_open_can_be_reloaded_left_and_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = sequence(folder.path());
    std::fs::create_dir(path.join("det")).expect("a folder");
    std::fs::write(path.join("det/det.txt"), "1,-1,1,1,5,5\n2,-1,1,1,5,5\n").expect("written");
    let mut window = window(Request::path(&path));
    settle(&mut window);
    for _ in 0..2 {
        press(&mut window, Key::ArrowRight);
    }
    // A tracker has gone on writing meanwhile.
    let truth = path.join("gt/gt.txt");
    let more = std::fs::read_to_string(&truth).expect("read") + "50,1,1,1,5,5,1,-1,-1,-1\n";
    std::fs::write(&truth, more).expect("written");
    press(&mut window, Key::F5);
    until(&mut window, "the new line", |app| app.inspector().frames.len() == 42);
    settle(&mut window);
    assert_eq!(window.state().inspector().current, 3, "the frame stays");
    press(&mut window, Key::Plus);
    let view = window.state().inspector().view;
    assert_ne!(view, View::Fit);

    window.get_by_label_contains("gt.txt (2)").click();
    window.run_steps(3);
    click(&mut window, "det/det.txt");
    until(&mut window, "the detections", |app| {
        let paths = app.session().map(|session| &session.paths);
        paths.and_then(|paths| paths.annotations.as_deref()) == Some(&path.join("det/det.txt"))
    });
    assert_eq!(window.state().inspector().view, view, "seen at the same place");

    window.key_press_modifiers(Modifiers::COMMAND, Key::L);
    press(&mut window, Key::Escape);
    click(&mut window, "File");
    window.get_by_label_contains("Open recent").click();
    window.run_steps(3);
    let name = path.display().to_string();
    window.get_by_label(&name).click();
    until(&mut window, "the recent folder", |app| app.inspector().frames.len() == 42);
}

#[test]
fn a_path_can_be_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = sequence(folder.path());
    let mut window = demo();
    window.key_press_modifiers(Modifiers::COMMAND, Key::L);
    window.run_steps(3);
    window.event(egui::Event::Text(path.display().to_string()));
    window.run_steps(2);
    press(&mut window, Key::Enter);
    until(&mut window, "the typed path", |app| app.inspector().frames.len() == 41);
}

#[test]
fn an_empty_file_opens_as_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("empty.txt");
    std::fs::write(&path, "").expect("written");
    let mut window = window(Request::path(&path));
    until(&mut window, "the empty file", |app| app.session().is_some());
    window.run_steps(5);
    for key in [Key::ArrowRight, Key::Space, Key::End, Key::F] {
        press(&mut window, key);
    }
    assert!(window.state().failure().is_none() && window.state().inspector().frames.is_empty());
    look(&mut window, "empty-file");
}

#[test]
fn every_control_has_a_name() {
    let mut window = demo();
    press(&mut window, Key::J);
    for key in [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Num8,
        Key::Num9,
    ] {
        window.key_press_modifiers(Modifiers::COMMAND, key);
        window.run_steps(3);
        assert!(window.unnamed_widgets().is_empty(), "{key:?}: {:?}", window.unnamed_widgets());
    }
    window.key_press_modifiers(Modifiers::COMMAND, Key::L);
    window.run_steps(3);
    assert!(window.unnamed_widgets().is_empty(), "{:?}", window.unnamed_widgets());
    press(&mut window, Key::Escape);
    for menu in ["File", "Go", "Play", "Track", "View", "Help"] {
        // The menu 'Play' comes before the button.
        window.get_all_by_label(menu).next().expect("a menu").click();
        window.run_steps(2);
        assert!(window.unnamed_widgets().is_empty(), "{menu}: {:?}", window.unnamed_widgets());
        press(&mut window, Key::Escape);
    }
    // Icons have names too: what a screen reader would read out.
    let names = ["First frame", "Last frame", "Play", "Loop", "Speed", "Frame", "Next frame"];
    for name in names {
        assert!(window.query_all_by_label(name).count() > 0, "{name}");
    }
}

#[test]
fn a_picture_larger_than_a_texture_is_shown_in_tiles() {
    let folder = tempfile::tempdir().expect("a folder");
    // The harness takes textures of at most 2048 pixels a side.
    let wide = image::RgbImage::from_fn(4100, 60, |x, _| image::Rgb([(x / 20) as u8, 90, 120]));
    let named = folder.path().join("wide");
    std::fs::create_dir(&named).expect("a folder");
    wide.save(named.join("000001.png")).expect("written");
    let mut window = window_of(Request::path(named), [700.0, 460.0]);
    settle(&mut window);
    let showing = window.state().session().and_then(|s| s.showing()).expect("shown");
    assert!(matches!(&showing.picture, PictureState::Ready(picture) if picture.width == 4100));
    look(&mut window, "tiles");
}

#[test]
fn menus_are_made_from_the_table_and_work() {
    let mut window = demo();
    click(&mut window, "Go");
    window.get_by_label_contains("15 frames on Ctrl+Right").click();
    window.run_steps(3);
    assert_eq!(window.state().inspector().current, 16);
    click(&mut window, "Help");
    window.get_by_label_contains("Keys F1").click();
    window.run_steps(3);
    assert!(window.state().inspector().help);
    assert!(window.query_by_label("Play from here, or pause").is_some());
    press(&mut window, Key::Escape);
    assert!(!window.state().inspector().help);
}

#[test]
fn hovering_a_box_shows_all_its_fields() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window(Request::path(sequence(folder.path())));
    settle(&mut window);
    press(&mut window, Key::P);
    let viewport = window.get_by_label_contains("Frame 1 with 3 boxes").rect();
    let size = [f64::from(viewport.width()), f64::from(viewport.height())];
    let transform = window.state().inspector().view.transform([160.0, 120.0], size);
    let [x, y] = transform.to_screen([55.0, 70.0]);
    window.hover_at(viewport.min + egui::vec2(x as f32, y as f32));
    window.run_steps(4);
    window.get_by_label("Track 3");
    window.get_by_label("31, 20");
    window.get_by_label("30 × 60");
    window.get_by_label("0.3");
}

#[test]
fn wheel_zooms_at_the_pointer_and_dragging_moves() {
    let mut window = demo();
    let rect = window.get_by_label_contains("Frame 1 with").rect();
    let pointer = rect.min + rect.size() * egui::vec2(0.3, 0.4);
    let under = |window: &Window| {
        let inspector = window.state().inspector();
        let size = [f64::from(rect.width()), f64::from(rect.height())];
        let transform = inspector.view.transform(inspector.picture_size, size);
        let at = pointer - rect.min;
        (transform.to_picture([f64::from(at.x), f64::from(at.y)]), transform.zoom)
    };
    window.hover_at(pointer);
    window.run_steps(2);
    let (before, zoom) = under(&window);
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 120.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    window.run_steps(40);
    let (after, zoomed) = under(&window);
    assert!(zoomed > zoom * 1.2, "{zoom} to {zoomed}");
    assert!((before[0] - after[0]).abs() < 0.5 && (before[1] - after[1]).abs() < 0.5);
    window.drag_at(pointer);
    window.run_steps(2);
    window.hover_at(pointer + egui::vec2(30.0, 10.0));
    window.run_steps(2);
    window.drop_at(pointer + egui::vec2(30.0, 10.0));
    window.run_steps(2);
    let (dragged, _) = under(&window);
    assert!((after[0] - dragged[0] - 30.0 / zoomed).abs() < 1.0);
}

#[test]
fn a_cache_is_tuned_while_it_runs_and_others_are_tried_on_the_walk() {
    let mut window = window_of(Request::demo(), [1100.0, 1100.0]);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num9);
    window.run_steps(2);
    window.get_by_label_contains("Walk through some frames first");
    for _ in 0..12 {
        press(&mut window, Key::ArrowRight);
        settle(&mut window);
    }
    let replayed =
        |window: &Window| window.query_by_label_contains("Your last 13 navigations").is_some();
    let patience = Instant::now() + Duration::from_secs(30);
    while !replayed(&window) {
        assert!(Instant::now() < patience, "the walk is never replayed");
        window.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    // A row a predictor and policy.
    assert_eq!(window.query_all_by_label("Smallest").count(), 5);
    let kind = CacheKind::Pictures;
    assert_eq!(window.state().inspector().settings.cache, kind);
    let row = window.query_all_by_label("None").next().expect("a row").rect().center();
    window.drag_at(row);
    window.run_steps(2);
    window.drop_at(row);
    window.run_steps(3);
    let settings = &window.state().inspector().settings;
    assert_eq!(settings.tuning[kind].predictor, Predictor::None);
    let session = window.state().session().expect("open");
    assert_eq!(session.tuning(kind), settings.tuning[kind]);
    // Nothing is expected any more, so a far frame is loaded when it is asked for, and alone.
    let loads = session.stats(kind).loads;
    press(&mut window, Key::End);
    settle(&mut window);
    assert_eq!(window.state().session().expect("open").stats(kind).loads, loads + 1);
    click(&mut window, "As at first");
    let settings = &window.state().inspector().settings;
    assert_eq!(settings.tuning[kind], Tuning::of(kind));
}

#[test]
fn a_file_that_is_written_on_is_noticed_and_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("result.txt");
    let line = |frame: u32| format!("{frame},1,10,10,20,40,0.5,-1,-1,-1\n");
    std::fs::write(&path, (1..=5).map(line).collect::<String>()).expect("written");
    let append = |text: &str| {
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("opens");
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
    };
    let mut window = window(Request::path(&path));
    settle(&mut window);
    press(&mut window, Key::End);
    append(&(line(6) + "7,1,"));
    let change =
        |app: &motscope::ui::App| app.session().and_then(|session| session.first().status().change);
    until(&mut window, "the news", |app| matches!(change(app), Some(Change::Grown(_))));
    window.run_steps(2);
    window.get_by_label_contains("result.txt has grown by");
    click(&mut window, "Follow");
    until(&mut window, "the new end", |app| shown_frame(app) == Some(6));
    append("10,10,20,40\n8,2,1,1,5,5\n");
    until(&mut window, "more of it", |app| shown_frame(app) == Some(8));
    let session = window.state().session().expect("open");
    until_detections(session, 8);
    // Written anew: no longer what it was, and no reason to lose what is on the screen.
    std::fs::write(&path, line(1)).expect("written");
    until(&mut window, "the news", |app| change(app) == Some(Change::Cut));
    window.run_steps(2);
    assert_eq!(shown_frame(window.state()), Some(8));
    click(&mut window, "Ignore");
    assert!(window.query_by_label_contains("has become shorter").is_none());
    press(&mut window, Key::F5);
    until(&mut window, "it is read anew", |app| app.inspector().frames.len() == 1);
}

fn until_detections(session: &motscope::session::Session, detections: u64) {
    let patience = Instant::now() + Duration::from_secs(30);
    while session.first().status().findings.detections != detections {
        assert!(Instant::now() < patience, "{:?}", session.first().status().findings);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn settings_round_trip_as_they_are_stored() {
    let mut window = demo();
    press(&mut window, Key::L);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num8);
    window.run_steps(2);
    let settings = &window.state().inspector().settings;
    assert!(settings.playback.looping && settings.tab == Tab::Events);
    let stored = serde_json::to_string(settings).expect("stored");
    assert_eq!(serde_json::from_str::<Settings>(&stored).expect("read"), *settings);
}

/// Compares with `tests/snapshots`; a handful of pixels may differ between drivers.
/// How deep a queue was seen to be is a matter of luck.
fn put_the_strip_away(window: &mut Window) {
    if window.state().inspector().settings.live {
        window.key_press_modifiers(Modifiers::SHIFT, Key::C);
        window.run_steps(2);
    }
}

fn look(window: &mut Window, name: &str) {
    put_the_strip_away(window);
    window.snapshot_options(name, &SnapshotOptions::new().threshold(1.5).max_failed_pixels(60));
}

#[test]
fn every_tab_looks_as_it_should() {
    let mut results = SnapshotResults::new();
    for (tab, key, name) in [
        (Tab::Predictions, Key::Num7, "tab-predictions"),
        (Tab::Tracks, Key::Num1, "tab-tracks"),
        (Tab::Suspicions, Key::Num2, "tab-suspicions"),
        (Tab::Filter, Key::Num3, "tab-filter"),
        (Tab::Detections, Key::Num4, "tab-boxes"),
        (Tab::Problems, Key::Num5, "tab-problems"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut window = window_of(Request::path(sequence(folder.path())), [820.0, 520.0]);
        settle(&mut window);
        press(&mut window, Key::ArrowRight);
        window.key_press_modifiers(Modifiers::COMMAND, key);
        settle(&mut window);
        assert_eq!(window.state().inspector().settings.tab, tab);
        look(&mut window, name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn the_cache_tab_looks_as_it_should() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window_of(Request::path(sequence(folder.path())), [820.0, 860.0]);
    settle(&mut window);
    press(&mut window, Key::ArrowRight);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    settle(&mut window);
    // The picture that can't be shown is read ahead, and told beside the line that can't be read.
    until(&mut window, "the damaged picture is known", |app| {
        let pictures = app.session().and_then(|session| session.pictures());
        pictures.is_some_and(|pictures| !pictures.troubles().is_empty())
    });
    window.run_steps(3);
    put_the_strip_away(&mut window);
    // What depends on the machine's speed is covered.
    for plot in ["Plot of the hit rate over time", "Plot of the queue depth over time"] {
        let rect = window.get_by_label(plot).rect();
        // With the numbers beside it.
        window.mask(rect.with_min_x(rect.left() - 48.0).expand(4.0));
    }
    let row = window.get_by_label("Load time").rect();
    window.mask(row.with_max_x(820.0));
    look(&mut window, "tab-cache");
}

#[test]
fn the_help_window_and_the_light_theme_look_as_they_should() {
    let mut window = window_of(Request::demo(), [1000.0, 640.0]);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    press(&mut window, Key::T);
    settle(&mut window);
    look(&mut window, "light");
    press(&mut window, Key::F1);
    settle(&mut window);
    look(&mut window, "help");
}

#[test]
fn the_caches_are_in_sight_from_the_first_second_and_a_click_opens_their_panel() {
    let mut window = window_of(Request::demo(), [1280.0, 720.0]);
    settle(&mut window);
    let strip = |window: &Window| {
        let strip = window.query_by_label_contains("Caches at work");
        strip.map(|strip| (strip.rect(), strip.accesskit_node().label().unwrap_or_default()))
    };
    let (rect, told) = strip(&window).expect("it is there");
    assert!(rect.height() <= 48.0 && rect.max.y < 720.0 && rect.width() > 1200.0, "{rect:?}");
    assert!(told.contains("Hit rate: Annotations 0.0 %, Pictures 0.0 %"), "{told}");
    assert!(told.contains("Queue depth: Annotations 0, Pictures 0"), "{told}");
    press(&mut window, Key::ArrowRight);
    settle(&mut window);
    let (_, told) = strip(&window).expect("it is there");
    assert!(told.contains("Hit rate: Annotations 50.0 %, Pictures 50.0 %"), "{told}");
    // Nothing is asked any more: nothing is drawn any more.
    window.run_steps(120);
    assert!(!window.ctx.has_requested_repaint());
    click(&mut window, "Put the strip of the caches away");
    assert!(strip(&window).is_none() && !window.state().inspector().settings.live);
    window.key_press_modifiers(Modifiers::SHIFT, Key::C);
    window.run_steps(2);
    assert!(strip(&window).is_some());
    window.get_by_label_contains("Caches at work").click();
    window.run_steps(3);
    assert_eq!(window.state().inspector().settings.tab, Tab::Cache);
}

#[test]
fn what_happens_is_listed() {
    // Tall enough for every event: the list shows the newest.
    let mut window = window_of(Request::demo(), [1000.0, 2400.0]);
    settle(&mut window);
    press(&mut window, Key::ArrowRight);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num8);
    settle(&mut window);
    window.get_by_label("go to frame 2");
    assert!(window.query_all_by_label_contains("prefetch_success").count() > 3);
}

#[test]
fn names_out_of_files_are_shown_as_they_are_and_odd_numbers_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = sequence(folder.path());
    let info = "[Sequence]\nname=Yard\u{202e}\u{1b}[31m\nseqLength=99999999999\nimWidth=-5\n";
    std::fs::write(path.join("seqinfo.ini"), info).expect("written");
    let mut window = window(Request::path(&path));
    settle(&mut window);
    assert!(window.query_by_label(r"Yard\u{202e}\u{1b}[31m").is_some(), "the name in the menu bar");
    let notice = window.query_all_by_label_contains("seqLength can't be 99999999999").next();
    assert!(notice.is_some(), "it is said");
    assert!(window.state().inspector().frames.last() < 1000, "the timeline is not stretched");
    click(&mut window, "Dismiss");
    assert!(window.query_all_by_label_contains("seqLength can't be").next().is_none());
}

#[test]
fn what_is_told_of_the_start_stays_until_it_is_put_away() {
    let told = "The settings can't be read.";
    let mut window =
        egui_kittest::Harness::builder().with_size([1100.0, 680.0]).build_eframe(move |cc| {
            motscope::ui::App::new(cc, Request::demo()).with_notice(Some(told.to_owned()))
        });
    settle(&mut window);
    assert!(window.query_all_by_label_contains(told).next().is_some());
    click(&mut window, "Dismiss");
    assert!(window.query_all_by_label_contains(told).next().is_none());
}
