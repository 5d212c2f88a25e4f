//! A window in which nobody does anything, and nothing happens behind, is not painted.

#[path = "common/window.rs"]
mod common;

use common::{Window, settle, window};
use motscope::session::Request;
use std::process::Command;

/// Repaints as long as something wants it. Answers how often.
fn rest(window: &mut Window) -> usize {
    /// Seconds of the window's clock.
    const STEPS: usize = 1200;
    (0..STEPS)
        .find(|_| {
            window.step();
            !window.ctx.has_requested_repaint()
        })
        .expect("the window comes to rest")
}

#[test]
fn the_demo_rests() {
    let mut window = window(Request::demo());
    settle(&mut window);
    rest(&mut window);
    assert!(!window.ctx.has_requested_repaint());
}

#[test]
fn a_video_that_is_counted_rests() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.mp4");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:duration=3"])
        .args(["-c:v", "mpeg4"])
        .arg(&path)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    let mut window = window(Request::path(path));
    settle(&mut window);
    rest(&mut window);
    assert!(!window.ctx.has_requested_repaint());
}
