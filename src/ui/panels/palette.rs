//! Every command by name: typed, found, done.

use super::Shown;
use crate::{
    inspector::{COMMANDS, Command, CommandInfo},
    ui::theme,
};
use egui::{self, Id, Key, RichText, Ui};

/// What is typed, and which row is chosen.
#[derive(Default)]
pub struct Palette {
    text: String,
    chosen: usize,
    open: bool,
}

impl Palette {
    /// Shows the list while it is asked for.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>) {
        if !shown.inspector.palette {
            self.open = false;
            return;
        }
        let begins = !std::mem::replace(&mut self.open, true);
        if begins {
            (self.text, self.chosen) = (String::new(), 0);
        }
        let mut picked = None;
        let modal = egui::Modal::new(Id::unique("palette")).show(ui.ctx(), |ui| {
            ui.set_width(460.0);
            let found = matching(&self.text);
            let moved = ui.input_mut(|input| {
                let down = input.consume_key(egui::Modifiers::NONE, Key::ArrowDown);
                let up = input.consume_key(egui::Modifiers::NONE, Key::ArrowUp);
                isize::from(down) - isize::from(up)
            });
            let last = found.len().saturating_sub(1);
            self.chosen = self.chosen.saturating_add_signed(moved).min(last);
            let entered = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Enter));
            let field = egui::TextEdit::singleline(&mut self.text).desired_width(f32::INFINITY);
            let field = ui.add(field.hint_text("Type what to do")).accessible_name("Command");
            if begins {
                field.request_focus();
            }
            if field.changed() {
                self.chosen = 0;
            }
            ui.add_space(theme::SPACE[1]);
            // Always as high: a dialog remembers how little room it took.
            let height = (ui.ctx().content_rect().height() * 0.5).min(340.0);
            let list = egui::ScrollArea::vertical().min_scrolled_height(height).max_height(height);
            list.auto_shrink(false).show(ui, |ui| {
                if found.is_empty() {
                    let text = "No command is named like that.";
                    ui.label(RichText::new(text).color(shown.palette.weak));
                }
                for (place, info) in found.iter().enumerate() {
                    let response = row(ui, shown, info, place == self.chosen);
                    if place == self.chosen && moved != 0 {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() || (entered && place == self.chosen) {
                        picked = Some(info.command);
                    }
                }
            });
        });
        if picked.is_some() || modal.should_close() {
            shown.command(Command::TogglePalette);
        }
        if let Some(command) = picked.filter(|command| *command != Command::TogglePalette) {
            shown.command(command);
        }
    }
}

fn row(ui: &mut Ui, shown: &Shown<'_>, info: &CommandInfo, chosen: bool) -> egui::Response {
    let keys = info.keys.first().map(ToString::to_string).unwrap_or_default();
    let label = RichText::new(format!("{}   {}", info.group.title(), info.label));
    let label = if chosen { label.color(shown.palette.text) } else { label };
    let button = egui::Button::selectable(chosen, label).shortcut_text(keys);
    ui.add_sized([ui.available_width(), 24.0], button).on_hover_text(info.tip)
}

/// The commands whose name, group or description holds every word that is typed; first those whose name
/// begins with it.
fn matching(text: &str) -> Vec<&'static CommandInfo> {
    let text = text.trim().to_lowercase();
    let holds = |info: &&CommandInfo| {
        let about = format!("{} {} {}", info.group.title(), info.label, info.tip).to_lowercase();
        text.split_whitespace().all(|word| about.contains(word))
    };
    let mut found: Vec<&CommandInfo> = COMMANDS.iter().filter(holds).collect();
    found.sort_by_key(|info| {
        let label = info.label.to_lowercase();
        (!label.starts_with(&text), !label.contains(&text))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_by_any_of_their_words() {
        let first = |text: &str| matching(text).first().map(|info| info.command);
        assert_eq!(first("isol"), Some(Command::ToggleIsolate));
        assert_eq!(first("next susp"), Some(Command::Suspicion(crate::inspector::Way::Next)));
        assert_eq!(first("loop"), Some(Command::ToggleLoop));
        assert_eq!(matching("").len(), COMMANDS.len());
        assert!(matching("no such thing").is_empty());
    }
}
