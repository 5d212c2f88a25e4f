//! The window. Panels are functions of the state that push commands; [`App`] applies them.

mod app;
mod dialogs;
mod dock;
mod jobs;
mod keys;
mod output;
mod panels;
mod repaints;
mod saving;
mod scene_cache;
mod storage;
mod textures;
mod theme;
mod what_if;

pub use app::App;

use crate::session::Request;
use eframe::egui;
use std::sync::Arc;

/// Wakes the window from another thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

static ICON: &[u8] = include_bytes!("../../assets/icon.png");

/// What can be done all the same.
const WITHOUT_DISPLAY: &str =
    "Without one, 'motscope render PATH --frame N --out FILE.png' draws a frame.";

/// Opens the window and stays until it is closed.
///
/// # Errors
/// A sentence, where no window can be opened.
pub fn run(request: Request) -> Result<(), String> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err(format!(
            "No window can be opened: there is no display here. {WITHOUT_DISPLAY}"
        ));
    }
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("motscope")
        .with_app_id(storage::APP_ID)
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([780.0, 480.0])
        .with_drag_and_drop(true);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(ICON) {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    // Before it is read.
    let notice = storage::file().and_then(|file| storage::put_right(&file));
    let start = move |cc: &eframe::CreationContext<'_>| {
        let app = App::new(cc, request).with_notice(notice);
        Ok(Box::new(app) as Box<dyn eframe::App>)
    };
    eframe::run_native("motscope", options, Box::new(start))
        .map_err(|error| format!("No window can be opened: {error}. {WITHOUT_DISPLAY}"))
}
