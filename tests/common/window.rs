//! The window under test, and what a person does to it.
#![allow(dead_code, reason = "no test needs all of it")]

use egui::{self, Key};
use egui_kittest::{Harness, kittest::Queryable as _};
use motscope::{
    cache::Stats,
    inspector::CacheKind,
    session::{Phase, Request},
    ui::App,
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub type Window = Harness<'static, App>;

pub fn window(request: Request) -> Window {
    window_of(request, [1100.0, 680.0])
}

pub fn window_of(request: Request, size: [f32; 2]) -> Window {
    Harness::builder()
        .with_size(size)
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(600)
        .with_render_cursor(false)
        .build_eframe(move |cc| App::new(cc, request))
}

/// Repaints until something that other threads are bound to bring about is there.
pub fn until(window: &mut Window, what: &str, mut done: impl FnMut(&App) -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        window.step();
        if done(window.state()) {
            return;
        }
        assert!(Instant::now() < patience, "never happened: {what}; {}", described(window.state()));
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn shown_frame(app: &App) -> Option<u32> {
    Some(app.session()?.showing()?.frame)
}

/// How things stand, for a failure that only other threads can explain.
fn described(app: &App) -> String {
    let Some(session) = app.session() else { return "nothing is open".to_owned() };
    format!(
        "current {} of {}, shown {:?}, {:?}, {} frames known, video {:?}, stats {:?}",
        app.inspector().current,
        app.inspector().frames.len(),
        shown_frame(app),
        session.first().status().phase,
        session.frames().len(),
        session.video_count(),
        CacheKind::ALL.map(|kind| session.stats(kind)),
    )
}

/// Repaints until the current frame is on the screen and nothing is loading any more.
pub fn settle(window: &mut Window) {
    until(window, "the frame is shown, the file is read and the caches rest", |app| {
        let Some(session) = app.session() else { return false };
        let read = session.first().status().phase == Phase::Done;
        // A cache that a sequence does not have never had anything to do.
        let rests = |kind| session.stats(kind).idle || *session.stats(kind) == Stats::default();
        let shown = shown_frame(app) == Some(app.inspector().current);
        // More frames become known as a video is counted.
        let counted = session.video_count().is_none_or(|count| count.complete);
        let known = app.inspector().frames.len() == session.frames().len();
        read && counted && known && shown && CacheKind::ALL.into_iter().all(rests)
    });
    window.run_steps(3);
}

pub fn demo() -> Window {
    let mut window = window(Request::demo());
    settle(&mut window);
    window
}

pub fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    window.run_steps(2);
}

pub fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_steps(2);
}

#[derive(Debug)]
pub struct Dropped(pub PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}
