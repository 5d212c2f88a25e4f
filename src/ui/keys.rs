//! Keys of the command table to keys of egui.

use crate::inspector::{COMMANDS, Chord, Command, Key};
use egui::{self, text_selection::LabelSelectionState};

fn to_egui(key: Key) -> Option<egui::Key> {
    Some(match key {
        Key::Left => egui::Key::ArrowLeft,
        Key::Right => egui::Key::ArrowRight,
        Key::Up => egui::Key::ArrowUp,
        Key::Down => egui::Key::ArrowDown,
        Key::Home => egui::Key::Home,
        Key::End => egui::Key::End,
        Key::PageUp => egui::Key::PageUp,
        Key::PageDown => egui::Key::PageDown,
        Key::Space => egui::Key::Space,
        Key::Escape => egui::Key::Escape,
        Key::Plus => egui::Key::Plus,
        Key::Minus => egui::Key::Minus,
        Key::OpenBracket => egui::Key::OpenBracket,
        Key::CloseBracket => egui::Key::CloseBracket,
        Key::Digit(digit) => egui::Key::from_name(&digit.to_string())?,
        Key::Letter(letter) => egui::Key::from_name(&letter.to_string())?,
        Key::F(number) => egui::Key::from_name(&format!("F{number}"))?,
    })
}

fn matches(chord: Chord, key: egui::Key, modifiers: egui::Modifiers) -> bool {
    // '+' needs Shift on many keyboards, and '=' is the same key.
    let same =
        to_egui(chord.key) == Some(key) || (chord.key == Key::Plus && key == egui::Key::Equals);
    let shift = chord.shift == modifiers.shift || chord.key == Key::Plus;
    same && chord.ctrl == modifiers.command && shift && chord.alt == modifiers.alt
}

/// Takes the keys of commands out of the input, unless somebody is typing. A key held down
/// repeats; that walks, and must not toggle. `dragging` says that something was being dragged.
pub fn commands(ctx: &egui::Context, dragging: bool) -> Vec<Command> {
    // A menu that is open hears Escape first, and so does what is dragged; and it is walked with the arrows.
    let in_menu = egui::Popup::is_any_open(ctx);
    let heard = dragging || in_menu;
    if ctx.text_edit_focused() {
        return Vec::new();
    }
    // Marked text is what is copied, where there is any.
    let marked = ctx.plugin::<LabelSelectionState>().lock().has_selection();
    let mut found = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            // The system's keys for copying arrive as this.
            if *event == egui::Event::Copy && !marked {
                found.push(Command::CopyView);
                return false;
            }
            let egui::Event::Key { key, pressed: true, repeat, modifiers, .. } = event else {
                return true;
            };
            let of_key = |chord: &Chord| matches(*chord, *key, *modifiers);
            if heard && *key == egui::Key::Escape || in_menu && walks_a_menu(*key) {
                return true;
            }
            let info = COMMANDS.iter().find(|info| info.keys.iter().any(of_key));
            if let Some(info) = info
                && (!repeat || matches!(info.command, Command::Step(_)))
            {
                found.push(info.command);
            }
            info.is_none()
        });
    });
    found
}

/// Keys that choose in a menu that is open.
fn walks_a_menu(key: egui::Key) -> bool {
    use egui::Key::{
        ArrowDown, ArrowLeft, ArrowRight, ArrowUp, End, Enter, Home, PageDown, PageUp, Space, Tab,
    };
    let arrow = matches!(key, ArrowUp | ArrowDown | ArrowLeft | ArrowRight);
    arrow || matches!(key, Home | End | PageUp | PageDown | Space | Enter | Tab)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_exists() {
        for info in COMMANDS {
            for chord in info.keys {
                assert!(to_egui(chord.key).is_some(), "{chord}");
            }
        }
    }
}
