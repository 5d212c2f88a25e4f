//! The boxes of one scene, as the window's painter and the one without a display draw them.

#[path = "common/window.rs"]
mod common;

use common::{Window, click, press, settle, shown_frame, until, window_of};
use egui::{self, Key, Modifiers};
use egui_kittest::{
    SnapshotOptions, image_snapshot_options,
    kittest::{NodeT as _, Queryable as _},
};
use image::{RgbaImage, imageops};
use motscope::session::Request;
use std::{path::Path, time::Duration};

/// The demo where a track was taken for another: it is selected, with its trail, and where the other was before
/// is dashed.
fn scene() -> Window {
    let mut window = window_of(Request::demo(), [1100.0, 760.0]);
    settle(&mut window);
    press(&mut window, Key::R);
    let has_former = |window: &Window| {
        window.state().inspector().selection().suspicion().is_some_and(|s| s.former.is_some())
    };
    // Far enough from the beginning for trails to be long.
    let is_there = |window: &Window| has_former(window) && window.state().inspector().current > 40;
    for _ in 0..10 {
        if !is_there(&window) {
            press(&mut window, Key::J);
            settle(&mut window);
        }
    }
    assert!(is_there(&window), "the demo has mistakes in it");
    until(&mut window, "the trails", |app| {
        let trails = app.session().and_then(|session| session.first().trails());
        trails.is_some_and(|trails| Some(trails.frame) == shown_frame(app))
    });
    // Until what was told is told no more.
    window.run_steps(400);
    window
}

/// What the window shows of the picture and its boxes.
fn viewport(window: &mut Window) -> RgbaImage {
    let is_picture = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().label().is_some_and(|label| label.starts_with("Frame "))
    };
    let named = window.query_all_by_label_contains(" with ").find(is_picture);
    let rect = named.expect("the picture").rect();
    let whole = window.render().expect("drawn");
    let [left, top, width, height] =
        [rect.left(), rect.top(), rect.width(), rect.height()].map(|side| side.round() as u32);
    imageops::crop_imm(&whole, left, top, width, height).to_image()
}

/// Saves the view by typing a path.
fn save(window: &mut Window, path: &Path) -> RgbaImage {
    window.state_mut().type_paths();
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(path.display().to_string()));
    window.run_steps(2);
    click(window, "Save");
    for _ in 0..3000 {
        window.step();
        if let Ok(image) = image::open(path) {
            return image.into_rgba8();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{} is not written", path.display());
}

/// The share of the pixels that clearly differ.
fn difference(a: &RgbaImage, b: &RgbaImage) -> f64 {
    /// Of 255: pictures are scaled and edges smoothed by each painter in its own way.
    const CLEAR: u8 = 64;
    let differ = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| {
        a.0.iter().zip(b.0).take(3).any(|(a, b)| a.abs_diff(b) > CLEAR)
    };
    let pixels = a.pixels().zip(b.pixels());
    let all = pixels.len() as f64;
    pixels.filter(|pair| differ(*pair)).count() as f64 / all
}

#[test]
fn both_painters_draw_the_same_scene() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = scene();
    let seen = viewport(&mut window);
    let saved = save(&mut window, &folder.path().join("view.png"));
    assert_eq!(seen.dimensions(), saved.dimensions());
    let between = difference(&seen, &saved);
    assert!(between < 0.005, "{between} of the pixels differ");
    // What is tested makes more of a difference than the painters do.
    window.run_steps(400);
    press(&mut window, Key::Escape);
    window.run_steps(3);
    let deselected = viewport(&mut window);
    let of_selection = difference(&seen, &deselected);
    assert!(between * 2.0 < of_selection, "{between} beside {of_selection}");
    press(&mut window, Key::R);
    window.run_steps(3);
    let of_trails = difference(&deselected, &viewport(&mut window));
    assert!(of_trails > 0.0, "there are trails");
}

#[test]
fn a_selection_its_trail_and_the_box_before_look_as_they_should() {
    let mut window = scene();
    let options = SnapshotOptions::new().threshold(1.5).max_failed_pixels(60);
    image_snapshot_options(&viewport(&mut window), "selection-trail-former", &options);
}
