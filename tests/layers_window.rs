//! Several annotation files over one picture, in the window.

#[path = "common/window.rs"]
mod common;
#[path = "common/layers.rs"]
mod layers;

use common::{Window, press, settle, until, window_of};
use egui::{Key, Modifiers, accesskit::Role as Kind};
use egui_kittest::kittest::Queryable as _;
use layers::{active, click_at, drawn, on_screen, open, written};
use motscope::{
    inspector::{Command, Tab},
    model::{LayerId, Role, TrackId},
    session::{Phase, Request, Session},
    ui::App,
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

#[test]
fn layers_are_flipped_through_by_key_at_the_same_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    press(&mut window, Key::Num5);
    assert_eq!(drawn(window.state()), [1, 2], "there is no fifth");
    press(&mut window, Key::Space);
    press(&mut window, Key::Space);
    press(&mut window, Key::ArrowRight);
    let frame = window.state().inspector().current;
    press(&mut window, Key::Num2);
    assert_eq!((drawn(window.state()), active(&window)), (vec![2], 2));
    assert_eq!(window.state().inspector().current, frame);
    window.get_by_label_contains(" with 2 boxes");
    assert_eq!(window.state().inspector().selection().tracks().tracks().len(), 2);
    press(&mut window, Key::Num1);
    window.get_by_label_contains(" with 1 box");
    press(&mut window, Key::Num0);
    assert_eq!(drawn(window.state()), [1, 2]);
    window.get_by_label_contains(" with 3 boxes");
}

#[test]
fn a_click_on_a_box_selects_in_its_layer_and_makes_that_active() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let viewport = window.get_by_role_and_label(Kind::Canvas, "Frame 1 with 3 boxes").rect();
    let at = on_screen(&window, viewport, [320.0, 120.0]);
    click_at(&mut window, at);
    assert_eq!(active(&window), 2);
    let id = window.state().inspector().selection().id();
    assert_eq!(id, Some(TrackId::from(8_u32)));
}

#[test]
fn the_panel_hides_reorders_and_removes_layers_and_takes_them_for_something_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::ALT, Key::Num1);
    window.run_steps(3);
    assert_eq!(window.state().inspector().settings.tab, Tab::Layers);
    window.get_by_role_and_label(Kind::Row, "Layer 1: gt.txt");
    window.get_by_role_and_label(Kind::Row, "Layer 2: sort.txt");
    let eyes: Vec<_> = window.get_all_by_label("Hide this layer").collect();
    eyes[1].click();
    window.run_steps(2);
    assert_eq!(drawn(window.state()), [1]);
    window.get_by_label("GT").click();
    window.run_steps(2);
    let role = window.state().session().expect("open").layers()[0].role();
    assert_eq!(role, Role::Detections);
    let removes: Vec<_> = window.get_all_by_label("Remove").collect();
    removes[1].click();
    window.run_steps(3);
    assert_eq!(window.state().session().expect("open").layers().len(), 1);
    assert!(window.query_by_label("Remove").is_none(), "the last one stays");
}

#[test]
fn a_reload_keeps_the_layers_and_how_they_are_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.state_mut().carry_out_for_tests(Command::ToggleLayer(LayerId(2)));
    window.state_mut().carry_out_for_tests(Command::SetOpacity(LayerId(1), 40));
    assert_eq!(drawn(window.state()), [1]);
    let before = window.state().session().expect("open").layers()[0].annotations().file();
    press(&mut window, Key::F5);
    until(&mut window, "both again", |app| {
        app.session().is_some_and(|session| {
            let again = session.layers()[0].annotations().file();
            !std::sync::Arc::ptr_eq(&again, &before) && session.layers().len() == 2
        })
    });
    settle(&mut window);
    assert_eq!(drawn(window.state()), [1]);
    assert_eq!(window.state().inspector().layers.all()[0].opacity, 40);
}

#[test]
fn a_place_that_is_named_opens_just_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = written(folder.path(), "gt.txt", &[(1, 100)]);
    let result = written(folder.path(), "sort.txt", &[(7, 200), (8, 300)]);
    let request = Request {
        layers: vec![result.into()],
        frame: Some(5),
        track: Some("2:8".parse().expect("a track")),
        region: Some("250,80,100,100".parse().expect("a region")),
        ..Request::path(truth)
    };
    let mut window = window_of(request, [1100.0, 800.0]);
    until(&mut window, "the track", |app| app.inspector().selection().id().is_some());
    settle(&mut window);
    let inspector = window.state().inspector();
    assert_eq!((inspector.current, inspector.layers.active().id), (5, LayerId(2)));
    assert_eq!(inspector.picked().map(|picked| picked.to_string()).as_deref(), Some("2:8"));
    let region = inspector.region();
    assert!(region.left <= 250.0 && region.left + region.width >= 350.0, "{region}");
    assert!(region.top <= 80.0 && region.top + region.height >= 180.0, "{region}");
    let middle = region.left + region.width / 2.0;
    assert!((middle - 300.0).abs() < 0.5, "{region}");
}

#[test]
fn what_was_open_together_opens_together_from_the_recent_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let opened = folder.path().join("gt.txt").display().to_string();
    let menu = |window: &mut Window| {
        window.get_by_label("File").click();
        window.run_steps(3);
        window.get_by_label_contains("Open recent").click();
        window.run_steps(3);
    };
    let layers = |app: &App| app.session().map_or(0, |session| session.layers().len());
    let other = written(folder.path(), "other.txt", &[(3, 10)]);
    window.state_mut().open(Request::path(other));
    until(&mut window, "another file", |app| layers(app) == 1);
    settle(&mut window);
    menu(&mut window);
    window.get_by_label(&format!("{opened}  with 1 more layer")).click();
    until(&mut window, "both layers", |app| layers(app) == 2);
    settle(&mut window);
    let session = window.state().session().expect("open");
    assert_eq!(session.layers()[1].role(), Role::Result);
    assert!(session.layers()[1].path.as_ref().is_some_and(|path| path.ends_with("sort.txt")));

    window.key_press_modifiers(Modifiers::ALT, Key::Num1);
    window.run_steps(3);
    let removes: Vec<_> = window.get_all_by_label("Remove").collect();
    removes[1].click();
    window.run_steps(3);
    assert_eq!(layers(window.state()), 1);
    menu(&mut window);
    window.get_by_label(&opened);
}

/// Two people who walk, 60 frames from `first` on.
fn walking(folder: &Path, name: &str, first: u32, ids: [u32; 2]) -> PathBuf {
    let mut text = String::new();
    for step in 0..60 {
        let frame = first + step;
        for (id, left) in [(ids[0], 10 + 4 * step), (ids[1], 340 - 4 * step)] {
            writeln!(text, "{frame},{id},{left},{},40,60,1,-1,-1,-1", 20 + 60 * (id % 2))
                .expect("text");
        }
    }
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

fn show_layers(window: &mut Window) {
    window.key_press_modifiers(Modifiers::ALT, Key::Num1);
    window.run_steps(3);
}

#[test]
fn a_result_that_counts_from_0_is_said_to_fit_shifted_and_a_click_shifts_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = walking(folder.path(), "gt.txt", 1, [1, 2]);
    let result = walking(folder.path(), "sort.txt", 0, [1, 2]);
    let request = Request { layers: vec![result.into()], ..Request::path(truth) };
    let mut window = window_of(request, [1100.0, 800.0]);
    let told = "The boxes of sort.txt fit those of gt.txt better one frame later.";
    until(&mut window, "it is found out", |app| {
        app.session().is_some_and(|session| session.better_shifts() == [(LayerId(2), 1)])
    });
    window.run_steps(3);
    window.get_by_label(told);
    let range = |app: &App| app.session()?.layer(LayerId(2))?.annotations().index().range();
    assert_eq!(range(window.state()), Some((0, 59)), "nothing is shifted in silence");
    window.get_by_label("Shift them to +1").click();
    until(&mut window, "it is shifted", |app| range(app) == Some((1, 60)));
    settle(&mut window);
    assert!(window.query_by_label(told).is_none());
    let frames = &window.state().inspector().frames;
    assert_eq!((frames.first(), frames.last()), (1, 60));
    until(&mut window, "its tracks", |app| {
        let view = app.inspector().layers.get(LayerId(2));
        view.is_some_and(|v| v.selection.tracks().tracks().first().is_some_and(|t| t.first == 1))
    });

    show_layers(&mut window);
    window.get_by_label("frames +1");
    window.get_by_label("A frame later").click();
    until(&mut window, "shifted by hand", |app| range(app) == Some((2, 61)));
    press(&mut window, Key::F5);
    until(&mut window, "read anew", |app| {
        app.session().is_some_and(|session| session.layers().len() == 2)
            && range(app) == Some((2, 61))
    });
}

#[test]
fn tracks_of_other_layers_that_lie_over_the_selected_one_are_a_click_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = walking(folder.path(), "gt.txt", 1, [1, 2]);
    let result = walking(folder.path(), "sort.txt", 1, [7, 8]);
    let request = Request { layers: vec![result.into()], ..Request::path(truth) };
    let mut window = window_of(request, [1100.0, 900.0]);
    until(&mut window, "the tracks", |app| {
        let layers = app.inspector().layers.all();
        layers.len() == 2 && layers.iter().all(|view| view.selection.tracks().tracks().len() == 2)
    });
    window.state_mut().carry_out_for_tests(Command::Select(TrackId::from(1_u32)));
    until(&mut window, "they are found", |app| {
        let session = app.session().expect("open");
        session.overlaps(LayerId(1), TrackId::from(1_u32)).is_some()
    });
    window.run_steps(3);
    window.get_by_label("In sort.txt:");
    window.get_by_label("7 (100 %)").click();
    window.run_steps(3);
    assert_eq!(active(&window), 2);
    let id = window.state().inspector().selection().id();
    assert_eq!(id, Some(TrackId::from(7_u32)));
}

#[test]
fn a_layer_is_shown_alone_and_named_otherwise_from_its_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    show_layers(&mut window);
    window.get_by_label("Layer 2 alone").click();
    window.run_steps(2);
    assert_eq!(drawn(window.state()), [2]);
    window.get_by_label("Layer 2 alone").click();
    window.run_steps(2);
    assert_eq!(drawn(window.state()), [1, 2]);

    let name = window.get_by_label("sort.txt").rect().center();
    // A third click in a row is no double click.
    window.run_steps(30);
    window.hover_at(name);
    (0..2).for_each(|_| {
        window.drag_at(name);
        window.drop_at(name);
    });
    window.run_steps(3);
    assert!(window.query_by_label("sort.txt").is_none(), "it is a field now");
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text("My tracker".to_owned()));
    window.run_steps(2);
    press(&mut window, Key::Enter);
    window.run_steps(2);
    assert_eq!(window.state().session().expect("open").layers()[1].name, "My tracker");
    window.get_by_role_and_label(Kind::Row, "Layer 2: My tracker");
}

#[test]
fn boxes_without_ids_are_detections_and_the_first_of_several_files_is_the_truth() {
    let folder = tempfile::tempdir().expect("a folder");
    let roles = |first: &str, first_ids: [u32; 2]| {
        let first = walking(folder.path(), first, 1, first_ids);
        let boxes = (1..20).map(|frame| format!("{frame},-1,10,10,40,60,0.9,-1,-1,-1\n"));
        let found = folder.path().join("found.txt");
        std::fs::write(&found, boxes.collect::<String>()).expect("written");
        let request = Request { layers: vec![found.into()], ..Request::path(first) };
        let mut window = window_of(request, [1100.0, 800.0]);
        until(&mut window, "both are read", |app| {
            let read = |session: &Session| {
                let layers = session.layers();
                layers.len() == 2 && layers.iter().all(|l| l.status().phase == Phase::Done)
            };
            app.session().is_some_and(read)
        });
        window.run_steps(2);
        let session = window.state().session().expect("open");
        [session.layers()[0].role(), session.layers()[1].role()]
    };
    assert_eq!(roles("people.txt", [1, 2]), [Role::GroundTruth, Role::Detections]);
}

/// A benchmark of three sequences with results of two trackers, of which one lacks the last.
fn benchmark(folder: &Path) -> PathBuf {
    let train = folder.join("train");
    for (name, id) in [("S1", 1), ("S2", 2), ("S3", 3)] {
        let sequence = train.join(name);
        std::fs::create_dir_all(sequence.join("gt")).expect("made");
        written(&sequence.join("gt"), "gt.txt", &[(id, 100)]);
        std::fs::remove_file(sequence.join("gt/seqinfo.ini")).expect("removed");
        let info = format!("[Sequence]\nname={name}\nimWidth=400\nimHeight=200\n");
        std::fs::write(sequence.join("seqinfo.ini"), info).expect("written");
        for tracker in ["sort", "byte"] {
            if (tracker, name) != ("byte", "S3") {
                let data = folder.join("trackers").join(tracker).join("data");
                std::fs::create_dir_all(&data).expect("made");
                written(&data, &format!("{name}.txt"), &[(id + 10, 200)]);
                std::fs::remove_file(data.join("seqinfo.ini")).expect("removed");
            }
        }
    }
    train
}

#[test]
fn a_benchmark_is_walked_sequence_by_sequence_with_the_same_trackers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window_of(Request::path(benchmark(folder.path())), [1200.0, 800.0]);
    let open = |app: &App, sequence: &str, layers: usize| {
        app.session().is_some_and(|s| s.paths.name() == sequence && s.layers().len() == layers)
            && app.inspector().layers.all().len() == layers
    };
    until(&mut window, "the first sequence", |app| open(app, "S1", 1));
    settle(&mut window);
    window.get_by_label_contains("1 of 3");
    show_layers(&mut window);
    window.get_by_label("+ byte").click();
    until(&mut window, "a tracker's result", |app| open(app, "S1", 2));
    window.run_steps(3);
    window.get_by_label("+ sort").click();
    until(&mut window, "another's", |app| open(app, "S1", 3));
    window.run_steps(3);
    window.get_by_role_and_label(Kind::Row, "Layer 2: byte");

    window.key_press_modifiers(Modifiers::COMMAND, Key::PageUp);
    window.run_steps(3);
    window.get_by_label_contains("This is the first sequence");
    window.key_press_modifiers(Modifiers::COMMAND, Key::PageDown);
    until(&mut window, "the next sequence", |app| open(app, "S2", 3));
    let names = |app: &App| -> Vec<String> {
        app.session().expect("open").layers().iter().map(|layer| layer.name.clone()).collect()
    };
    assert_eq!(names(window.state()), ["gt.txt", "byte", "sort"]);
    let session = window.state().session().expect("open");
    assert_eq!(session.layers()[0].role(), Role::GroundTruth);
    assert!(
        session.layers()[2].path.as_ref().is_some_and(|path| path.ends_with("sort/data/S2.txt"))
    );

    settle(&mut window);
    window.get_by_label_contains("2 of 3").click();
    window.run_steps(3);
    window.get_by_label("S3").click();
    until(&mut window, "the last sequence", |app| open(app, "S3", 2));
    window.run_steps(3);
    assert_eq!(names(window.state()), ["gt.txt", "sort"]);
    window.get_by_label_contains("This sequence has no counterpart of ");
}

#[test]
fn a_result_in_a_trackers_folder_finds_its_sequence() {
    let folder = tempfile::tempdir().expect("a folder");
    benchmark(folder.path());
    let result = folder.path().join("trackers/sort/data/S2.txt");
    let mut window = window_of(Request::path(result), [1200.0, 800.0]);
    settle(&mut window);
    let session = window.state().session().expect("open");
    assert_eq!((session.paths.name(), session.first().name.as_str()), ("S2".to_owned(), "sort"));
    assert!(session.paths.choices.iter().any(|path| path.ends_with("S2/gt/gt.txt")));
    assert_eq!(session.benchmark.as_ref().map(|all| all.current), Some(1));
}

#[test]
fn lanes_are_grouped_by_layer_and_each_cache_stands_in_its_panel() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let lanes = window.get_by_label_contains("Track lanes, ").rect();
    // The first layer's name and its track, then the second's and its tracks.
    let at = |row: f32| lanes.left_top() + egui::vec2(200.0, (row + 0.5) * 13.0);
    click_at(&mut window, at(3.0));
    assert_eq!(active(&window), 2);
    assert_eq!(window.state().inspector().selection().id(), Some(TrackId::from(7_u32)));
    click_at(&mut window, at(1.0));
    assert_eq!(active(&window), 1);
    assert_eq!(window.state().inspector().selection().id(), Some(TrackId::from(1_u32)));

    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    window.run_steps(3);
    window.get_by_label("1 gt.txt");
    window.get_by_label("2 sort.txt").click();
    window.run_steps(2);
    assert_eq!(active(&window), 2);
}
