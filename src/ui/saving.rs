//! Saving, before anything is written: the place is looked at on another thread, and a person is asked before
//! something is replaced.

use super::{
    Wake,
    panels::{
        Asked, Shown,
        prompt::{PathPrompt, Saved},
    },
    task::{Polled, Task},
    theme,
};
use crate::output::{OutputError, Place};
use egui::{self, Id, Ui};
use std::path::PathBuf;

/// What is to be written where.
type Wanted = (Saved, PathBuf);

/// What is about to be saved.
#[derive(Default)]
pub struct Saving {
    looking: Option<(Wanted, Task<Result<Place, OutputError>>)>,
    question: Option<(Wanted, String)>,
}

impl Saving {
    /// Looks, on another thread, whether something may be written.
    pub fn look(
        &mut self,
        what: Saved,
        path: PathBuf,
        wake: &Wake,
        look: impl FnOnce() -> Result<Place, OutputError> + Send + 'static,
    ) {
        self.looking = Some(((what, path), Task::start("place", wake, look)));
    }

    /// Where to write now, or why nothing is written, once it is known. Until a question is answered, it is not.
    pub fn poll(&mut self) -> Option<Result<(Saved, Place), String>> {
        let (_, found) = self.looking.as_ref()?;
        let found = match found.poll() {
            Polled::Running => return None,
            Polled::Lost => Err("Nothing could be saved; try again.".to_owned()),
            Polled::Done(found) => Ok(found),
        };
        let (wanted, _) = self.looking.take()?;
        match found {
            Ok(Ok(place)) => Some(Ok((wanted.0, place))),
            Ok(Err(error @ OutputError::Exists { .. })) => {
                self.question = Some((wanted, error.to_string()));
                None
            }
            Ok(Err(error)) => Some(Err(error.to_string())),
            Err(reason) => Some(Err(reason)),
        }
    }

    /// Whether a question is open, so that keys are for it.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.question.is_some()
    }

    /// Asks the question, if there is one.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>, prompt: &mut PathPrompt) {
        let Some((wanted, text)) = &self.question else { return };
        let (mut replace, mut other) = (false, false);
        let modal = egui::Modal::new(Id::unique("replace")).show(ui.ctx(), |ui| {
            ui.set_width(420.0);
            ui.heading("Replace?");
            ui.label(text);
            ui.add_space(theme::SPACE[2]);
            ui.horizontal(|ui| {
                let cancel = ui.button("Cancel").on_hover_text("Save nothing");
                // A key that is pressed without a look replaces nothing.
                if ui.memory(|memory| memory.focused().is_none()) {
                    cancel.request_focus();
                }
                other = ui.button("Another name").on_hover_text("Type another path").clicked();
                replace = ui
                    .button("Replace")
                    .on_hover_text("What is there is gone when the new is whole")
                    .clicked();
                if cancel.clicked() || other || replace {
                    ui.close();
                }
            });
        });
        if !modal.should_close() {
            return;
        }
        let (what, path) = wanted.clone();
        if replace {
            shown.asked.push(Asked::Save { what, path, replace });
        } else if other {
            prompt.save_as(what, &path);
        }
        self.question = None;
    }
}
