//! Keys, and keys with modifiers held down.

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named like the keys")]
pub enum Key {
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    Space,
    Plus,
    Minus,
    OpenBracket,
    CloseBracket,
    Escape,
    Digit(u8),
    Letter(char),
    F(u8),
}

/// A key with the modifiers held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// Control, or Command on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt, or Option on a Mac.
    pub alt: bool,
    /// The key.
    pub key: Key,
}

pub(super) const fn key(key: Key) -> Chord {
    Chord { ctrl: false, shift: false, alt: false, key }
}

pub(super) const fn shift(key: Key) -> Chord {
    Chord { ctrl: false, shift: true, alt: false, key }
}

pub(super) const fn ctrl(key: Key) -> Chord {
    Chord { ctrl: true, shift: false, alt: false, key }
}

pub(super) const fn ctrl_shift(key: Key) -> Chord {
    Chord { ctrl: true, shift: true, alt: false, key }
}

pub(super) const fn alt(key: Key) -> Chord {
    Chord { ctrl: false, shift: false, alt: true, key }
}

impl std::fmt::Display for Chord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl+")?;
        }
        if self.alt {
            f.write_str("Alt+")?;
        }
        if self.shift {
            f.write_str("Shift+")?;
        }
        match self.key {
            Key::Plus => f.write_str("+"),
            Key::Minus => f.write_str("-"),
            Key::OpenBracket => f.write_str("["),
            Key::CloseBracket => f.write_str("]"),
            Key::PageUp => f.write_str("Page Up"),
            Key::PageDown => f.write_str("Page Down"),
            Key::Digit(digit) => write!(f, "{digit}"),
            Key::Letter(letter) => write!(f, "{letter}"),
            Key::F(number) => write!(f, "F{number}"),
            other => write!(f, "{other:?}"),
        }
    }
}
