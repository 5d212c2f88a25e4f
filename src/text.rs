//! Text that came from outside, made fit to be shown: what would steer a terminal, or turn the direction of
//! reading, is shown as an escape such as `\u{1b}`.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    path::Path,
};

/// Whether a letter would not be seen as itself, but do something: control characters, separators of
/// lines, and marks of direction.
///
/// ```
/// use motscope::text::is_hidden;
///
/// assert!(is_hidden('\u{1b}') && is_hidden('\u{202e}') && is_hidden('\u{9b}'));
/// assert!(!is_hidden('é') && !is_hidden('字') && !is_hidden(' '));
/// ```
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}')
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|letter| is_hidden(letter) && !keep(letter)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_hidden(letter) && !keep(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// A line of text, with everything hidden in it escaped.
///
/// ```
/// use motscope::text::line;
///
/// assert_eq!(line("Yard"), "Yard");
/// assert_eq!(line("\u{1b}[31mred\n\u{202e}txt"), r"\u{1b}[31mred\n\u{202e}txt");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// Text of several lines, with everything hidden in it escaped but the ends of lines.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| letter == '\n')
}

/// A path as a line of text.
#[must_use]
pub fn path(path: &Path) -> Shown<'_> {
    Shown(path)
}

/// The last part of a path as a line of text.
#[must_use]
pub fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    line(&name).into_owned()
}

/// JSON in which what a terminal would heed is written as escapes; it says the same.
///
/// ```
/// assert_eq!(motscope::text::json("\"\u{9b}31m\u{202e}\""), r#""\u009b31m\u202e""#);
/// ```
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    let heeded = |letter: char| is_hidden(letter) && letter != '\n';
    if !text.chars().any(heeded) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if heeded(letter) {
            // Only within strings, where the form is free.
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing into a string can't fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// A path that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(&'a Path);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&line(&self.0.to_string_lossy()))
    }
}
