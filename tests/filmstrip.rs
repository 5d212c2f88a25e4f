//! The filmstrip: a track in pictures.

#[path = "common/window.rs"]
mod common;

use common::{Window, press, settle, until, window_of};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use motscope::{
    inspector::{Command, Tab},
    model::TrackId,
    session::{Cell, MadeStrip, Request},
    ui::App,
};
use std::{fmt::Write as _, path::Path, sync::Arc};

const FRAMES: u32 = 60;

/// Pictures of which each is of another grey, and a track of which frames 20 to 29 are missing.
fn sequence(folder: &Path) {
    let mut text = String::new();
    for frame in 1..=FRAMES {
        if !(20..30).contains(&frame) {
            writeln!(text, "{frame},7,{},20,20,40,1,-1,-1,-1", 10 + frame).expect("text");
        }
        writeln!(text, "{frame},9,5,5,10,10,1,-1,-1,-1").expect("text");
    }
    std::fs::create_dir_all(folder.join("gt")).expect("a folder");
    std::fs::create_dir_all(folder.join("img1")).expect("a folder");
    std::fs::write(folder.join("gt/gt.txt"), text).expect("written");
    for frame in 1..=FRAMES {
        let grey = image::Rgb([frame as u8 * 4; 3]);
        let picture = image::RgbImage::from_pixel(120, 80, grey);
        picture.save(folder.join(format!("img1/{frame:06}.png"))).expect("written");
    }
}

fn open(folder: &Path) -> Window {
    sequence(folder);
    let mut window = window_of(Request::path(folder), [1100.0, 900.0]);
    until(&mut window, "the tracks", |app| {
        !app.inspector().selection().tracks().tracks().is_empty()
    });
    settle(&mut window);
    window
}

fn whole(app: &App) -> Option<Arc<MadeStrip>> {
    let made = app.session()?.strip()?;
    let asked = app.inspector().filmstrip()?;
    let waits = made.rows.iter().flatten().any(|cell| matches!(cell, Cell::Waiting));
    (made.strip == asked && !waits).then_some(made)
}

#[test]
fn a_track_is_seen_along_its_life_and_a_click_goes_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::ALT, Key::Num2);
    window.run_steps(3);
    assert_eq!(window.state().inspector().settings.tab, Tab::Filmstrip);
    window.get_by_label_contains("Select a track");
    window.state_mut().carry_out_for_tests(Command::Select(TrackId::from(7_u32)));
    until(&mut window, "all cells", |app| whole(app).is_some());
    let made = whole(window.state()).expect("made");
    let frames = &made.strip.frames;
    assert_eq!((frames.first(), frames.last()), (Some(&1), Some(&FRAMES)));
    assert!(frames.iter().all(|frame| !(20..30).contains(frame)), "{frames:?}");
    for (cell, frame) in made.rows[0].iter().zip(frames) {
        let Cell::CutOut(cut_out) = cell else { panic!("frame {frame} is there") };
        let [width, height] = [cut_out.picture.width, cut_out.picture.height];
        let middle = ((height / 2 * width + width / 2) * 4) as usize;
        let grey = i32::from(cut_out.picture.rgba[middle]);
        assert!((grey - *frame as i32 * 4).abs() <= 1, "frame {frame} is cut out of its picture");
    }
    let stats =
        window.state().session().expect("open").stats(motscope::inspector::CacheKind::Pictures);
    assert_eq!(stats.hits + stats.misses, 1, "it was no navigation");
    let third = frames[2];
    window.get_by_label(&format!("Go to frame {third}")).click();
    window.run_steps(2);
    assert_eq!(window.state().inspector().current, third);
}

#[test]
fn around_a_frame_cells_are_empty_where_the_track_is_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::ALT, Key::Num2);
    window.state_mut().carry_out_for_tests(Command::Select(TrackId::from(7_u32)));
    window.run_steps(3);
    window.get_by_label("Around this frame").click();
    window.state_mut().carry_out_for_tests(Command::GoTo(19));
    until(&mut window, "all cells", |app| {
        app.inspector().current == 19 && whole(app).is_some_and(|made| made.strip.frames[0] == 14)
    });
    let made = whole(window.state()).expect("made");
    assert_eq!(made.strip.frames, (14..=24).collect::<Vec<u32>>());
    let absent = |cell: &Cell| matches!(cell, Cell::Absent);
    let there: Vec<bool> = made.rows[0].iter().map(|cell| !absent(cell)).collect();
    assert_eq!(there, (14..=24).map(|frame| frame < 20).collect::<Vec<bool>>());
}

#[test]
fn without_pictures_it_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    sequence(folder.path());
    std::fs::remove_dir_all(folder.path().join("img1")).expect("removed");
    let mut window = window_of(Request::path(folder.path().join("gt/gt.txt")), [1100.0, 900.0]);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::ALT, Key::Num2);
    window.run_steps(3);
    press(&mut window, Key::ArrowRight);
    window.get_by_label_contains("There are no pictures: a filmstrip is cut out of them");
}
