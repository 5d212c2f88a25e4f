//! A sequence with two layers, and what a person does to it.
#![allow(dead_code, reason = "no test needs all of it")]

use super::common::{Window, settle, until, window_of};
use egui::{Pos2, Rect, vec2};
use motscope::{model::Role, session::Request, ui::App};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// 20 frames of boxes of 40 by 40 pixels in a picture of 400 by 200, by id and left edge.
pub fn written(folder: &Path, name: &str, boxes: &[(u32, u32)]) -> PathBuf {
    let mut text = String::new();
    for frame in 1..=20 {
        for (id, left) in boxes {
            writeln!(text, "{frame},{id},{left},100,40,40,1,-1,-1,-1").expect("text");
        }
    }
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    std::fs::write(folder.join("seqinfo.ini"), "[Sequence]\nimWidth=400\nimHeight=200\n")
        .expect("written");
    path
}

/// Ground truth with track 1, and a result with tracks 7 and 8 of which one lies elsewhere.
pub fn open(folder: &Path) -> Window {
    let truth = written(folder, "gt.txt", &[(1, 100)]);
    let result = written(folder, "sort.txt", &[(7, 200), (8, 300)]);
    let request = Request {
        role: Some(Role::GroundTruth),
        layers: vec![result.into()],
        ..Request::path(truth)
    };
    let mut window = window_of(request, [1100.0, 800.0]);
    until(&mut window, "both layers", |app| {
        app.session().is_some_and(|session| session.layers().len() == 2)
            && app.inspector().layers.all().len() == 2
    });
    until(&mut window, "the tracks", |app| {
        let layers = app.inspector().layers.all();
        layers.iter().all(|view| !view.selection.tracks().tracks().is_empty())
    });
    settle(&mut window);
    until(&mut window, "the boxes of both", |app| {
        app.session().and_then(|s| s.showing()).is_some_and(|showing| {
            let boxes = showing.layers.iter().map(|(_, boxes)| boxes.detections.len());
            showing.layers.len() == 2 && boxes.sum::<usize>() == 3
        })
    });
    window.run_steps(2);
    window
}

/// The layers that are drawn, by their numbers.
pub fn drawn(app: &App) -> Vec<u32> {
    let layers = &app.inspector().layers;
    layers
        .all()
        .iter()
        .map(|view| view.id)
        .filter(|id| layers.is_drawn(*id))
        .map(|id| id.0)
        .collect()
}

/// The layer that panels and keys are about.
pub fn active(window: &Window) -> u32 {
    window.state().inspector().layers.active().id.0
}

/// Where a pixel of the picture is on the screen, in a viewport there.
pub fn on_screen(window: &Window, viewport: Rect, pixel: [f64; 2]) -> Pos2 {
    let inspector = window.state().inspector();
    let size = [f64::from(viewport.width()), f64::from(viewport.height())];
    let [x, y] = inspector.view.transform(inspector.picture_size, size).to_screen(pixel);
    viewport.min + vec2(x as f32, y as f32)
}

pub fn click_at(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.run_steps(1);
    window.drag_at(at);
    window.run_steps(1);
    window.drop_at(at);
    window.run_steps(2);
}
