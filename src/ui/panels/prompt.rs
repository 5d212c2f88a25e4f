//! Typing a path, for where no dialog answers and for those who like to type.

use super::{Asked, Shown};
use crate::{inspector::Export, ui::theme};
use egui::{self, Id, RichText, Ui};
use std::path::{Path, PathBuf};

/// What a person may save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Text.
    Export(Export),
    /// The view.
    View,
    /// All frames.
    Film,
}

/// What a path is typed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Purpose {
    /// To open what is there.
    #[default]
    Open,
    /// To open it as the video of what is open.
    Video,
    /// To add it to what is open, as a layer.
    Layer,
    /// To write there.
    Save(Saved),
}

impl Purpose {
    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Open => (
                "Open a path",
                "The path of a MOT file, a video, a sequence folder or a folder of pictures:",
                "Open",
            ),
            Self::Video => ("Add a video", "The path of the video of these boxes:", "Open"),
            Self::Layer => {
                ("Add annotations", "The path of a MOT file of the same pictures:", "Add")
            }
            Self::Save(saved) => ("Save to a path", saved.asks(), "Save"),
        }
    }

    fn asked(self, path: PathBuf) -> Asked {
        match self {
            Self::Open => Asked::Open(path),
            Self::Video => Asked::OpenVideo(path),
            Self::Layer => Asked::AddLayer(path),
            Self::Save(what) => Asked::Save { what, path, replace: false },
        }
    }
}

impl Saved {
    /// The name that is offered, of what is open at a frame: files of several do not get in one
    /// another's way, and it is none of those that are `taken`.
    #[must_use]
    pub fn file_name(self, of: &str, frame: u32, taken: &[String]) -> String {
        let name = match self {
            Self::Export(export) => format!("{of}-{}", export.file_name()),
            Self::View => format!("{of}-{frame:06}.png"),
            Self::Film => format!("{of}-boxes.mp4"),
        };
        let is_free = |name: &String| !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let others = (2_u64..).map(|number| format!("{stem}-{number}.{ending}"));
        std::iter::once(name.clone()).chain(others).find(is_free).unwrap_or_default()
    }

    fn asks(self) -> &'static str {
        match self {
            Self::Export(Export::Boxes) => "The path of the text file to write:",
            Self::Export(_) => "The path of the file to write, .json or .csv:",
            Self::View => "The path of the PNG file to write:",
            Self::Film => "The path of the video to write, or of a folder for pictures:",
        }
    }
}

/// What is typed.
#[derive(Default)]
pub struct PathPrompt {
    text: String,
    open: bool,
    begun: bool,
    /// Why it opened by itself.
    reason: Option<&'static str>,
    purpose: Purpose,
}

impl PathPrompt {
    /// Whether it is open, so that keys are for it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens the prompt.
    pub fn open(&mut self, reason: Option<&'static str>) {
        self.open = true;
        self.text.clear();
        self.begun = false;
        self.reason = reason;
        self.purpose = Purpose::Open;
    }

    /// Opens the prompt for a video of what is open.
    pub fn open_video(&mut self, reason: &'static str) {
        self.open(Some(reason));
        self.purpose = Purpose::Video;
    }

    /// Opens the prompt for annotations to add.
    pub fn add_layer(&mut self, reason: &'static str) {
        self.open(Some(reason));
        self.purpose = Purpose::Layer;
    }

    /// Opens the prompt for where to write.
    pub fn save(&mut self, saved: Saved, name: &str, reason: &'static str) {
        self.open(Some(reason));
        self.text = format!("~/{name}");
        self.purpose = Purpose::Save(saved);
    }

    /// Opens the prompt for another place than `path`.
    pub fn save_as(&mut self, saved: Saved, path: &Path) {
        self.open(None);
        self.text = path.display().to_string();
        self.purpose = Purpose::Save(saved);
    }

    /// Shows the prompt while it is open.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>) {
        if !self.open {
            return;
        }
        let modal = egui::Modal::new(Id::unique("path prompt")).show(ui.ctx(), |ui| {
            ui.set_width(480.0);
            let (title, asks, verb) = self.purpose.texts();
            ui.heading(title);
            if let Some(reason) = self.reason {
                ui.label(RichText::new(reason).color(shown.palette.warning));
            }
            let name = ui.label(asks);
            let edit = egui::TextEdit::singleline(&mut self.text).desired_width(f32::INFINITY);
            let field = ui.add(edit.hint_text("/data/MOT17-02-FRCNN")).labelled_by(name.id);
            if !std::mem::replace(&mut self.begun, true) {
                field.request_focus();
                // What is offered goes when something else is typed.
                let all = egui::text::CCursorRange::two(
                    egui::text::CCursor::default(),
                    egui::text::CCursor::new(self.text.chars().count()),
                );
                let mut state = egui::TextEdit::load_state(ui.ctx(), field.id).unwrap_or_default();
                state.cursor.set_char_range(Some(all));
                state.store(ui.ctx(), field.id);
            }
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            ui.add_space(theme::SPACE[2]);
            let mut chosen = entered;
            ui.horizontal(|ui| {
                chosen |= ui.button(verb).clicked();
                if ui.button("Cancel").clicked() {
                    ui.close();
                }
            });
            let path = self.text.trim().trim_matches('"');
            if chosen && !path.is_empty() {
                shown.asked.push(self.purpose.asked(with_home(path)));
                ui.close();
            }
        });
        if modal.should_close() {
            self.open = false;
        }
    }
}

/// `~` is the home folder, as in a shell.
fn with_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_named_after_what_is_open() {
        let name = |saved: Saved, taken: &[&str]| {
            let taken: Vec<String> = taken.iter().map(|name| (*name).to_owned()).collect();
            saved.file_name("Yard", 40, &taken)
        };
        assert_eq!(name(Saved::View, &[]), "Yard-000040.png");
        assert_eq!(name(Saved::Film, &["Yard.mp4"]), "Yard-boxes.mp4");
        let boxes = Saved::Export(Export::Boxes);
        assert_eq!(name(boxes, &[]), "Yard-boxes.txt");
        assert_eq!(name(boxes, &["yard-boxes.txt", "Yard-boxes-2.txt"]), "Yard-boxes-3.txt");
    }
}
