//! The window. Panels are functions of the state that push commands; [`App`] applies them.

mod app;
mod can;
mod dialogs;
pub mod dock;
mod jobs;
mod keys;
pub mod layer_looks;
mod output;
mod panels;
mod place;
mod repaints;
mod saving;
mod scene_cache;
mod storage;
mod task;
mod textures;
mod theme;
mod what_if;

pub use app::App;

use crate::session::Request;
use eframe::egui_wgpu::WgpuSetup;
use std::sync::Arc;

/// Wakes the window from another thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

static ICON: &[u8] = include_bytes!("../../assets/icon.png");

/// What can be done all the same.
const WITHOUT_DISPLAY: &str =
    "Without a window, 'motscope render PATH --frame N --out FILE.png' draws a frame.";

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
    // Whatever draws best goes first, also without a graphics card; a driver that is there and fails may
    // leave OpenGL.
    match open(request.clone(), None) {
        Err(eframe::Error::Wgpu(_)) => open(request, Some(eframe::wgpu::Backends::GL)),
        outcome => outcome,
    }
    .map_err(|error| refused(&error))
}

/// Opens the window with any of the system's ways to draw, or with those named.
fn open(request: Request, backends: Option<eframe::wgpu::Backends>) -> eframe::Result {
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("motscope")
        .with_app_id(storage::APP_ID)
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([780.0, 480.0])
        .with_drag_and_drop(true);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(ICON) {
        viewport = viewport.with_icon(icon);
    }
    let mut options = eframe::NativeOptions { viewport, ..Default::default() };
    if let (Some(backends), WgpuSetup::CreateNew(setup)) =
        (backends, &mut options.wgpu_options.wgpu_setup)
    {
        setup.instance_descriptor.backends = backends;
    }
    // Before it is read.
    let notice = storage::file().and_then(|file| storage::put_right(&file));
    let start = move |cc: &eframe::CreationContext<'_>| {
        let app = App::new(cc, request).with_notice(notice);
        Ok(Box::new(app) as Box<dyn eframe::App>)
    };
    eframe::run_native("motscope", options, Box::new(start))
}

/// Why there is no window, and what to do, in a sentence.
fn refused(error: &eframe::Error) -> String {
    let reason = match error {
        eframe::Error::Wgpu(_) if cfg!(target_os = "linux") => {
            "no graphics driver works here; install one, on Debian and Ubuntu with 'apt install \
             mesa-vulkan-drivers', which needs no graphics card"
                .to_owned()
        }
        eframe::Error::Wgpu(_) => "no graphics driver works here; update it".to_owned(),
        eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => {
            let display = std::env::var("WAYLAND_DISPLAY").or_else(|_| std::env::var("DISPLAY"));
            let named = display.map_or(String::new(), |display| format!(" '{display}'"));
            format!("the display{named} does not answer")
        }
        eframe::Error::AppCreation(reason) => reason.to_string(),
    };
    format!("No window can be opened: {reason}. {WITHOUT_DISPLAY}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_driver_a_sentence_says_what_to_install() {
        let error = eframe::Error::Wgpu(eframe::egui_wgpu::WgpuError::NoSurfaceFormatsAvailable);
        let sentence = refused(&error);
        assert!(sentence.starts_with("No window can be opened: no graphics driver works here; "));
        assert!(!cfg!(target_os = "linux") || sentence.contains("mesa-vulkan-drivers"));
        assert!(sentence.contains("motscope render"), "{sentence}");
    }
}
