//! Every command: its label, what it does, and its keys, in one table for menus, tooltips, key
//! handling and the help window.

use super::{Export, Tuning};

/// Something that a person can tell the inspector to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Asks for a file with a dialog.
    OpenFile,
    /// Asks for a folder with a dialog.
    OpenFolder,
    /// Lets a path be typed.
    OpenPath,
    /// Opens what is open once more, as it is on disk now.
    Reload,
    /// Opens the sequence that comes with the program.
    OpenDemo,
    /// Stops opening or indexing.
    CancelOpening,
    /// Ends the program.
    Quit,
    /// Goes so many existing frames on, or back.
    Step(i32),
    /// Goes to the first frame.
    First,
    /// Goes to the last frame.
    Last,
    /// Lets a frame number be typed.
    AskFrame,
    /// Goes to a frame by number.
    GoTo(u32),
    /// Plays or pauses.
    PlayPause,
    /// Plays faster.
    Faster,
    /// Plays slower.
    Slower,
    /// Plays at a multiple of the frame rate.
    SetSpeed(f64),
    /// Begins again at the end, or stops there.
    ToggleLoop,
    /// Shows the whole picture.
    Fit,
    /// Shows one pixel of the picture as one point of the screen.
    ActualSize,
    /// Zooms in at the middle.
    ZoomIn,
    /// Zooms out at the middle.
    ZoomOut,
    /// Zooms by a factor at a point of the viewport.
    ZoomAt {
        /// Larger than 1 zooms in.
        factor: f64,
        /// In points from the viewport's top left corner.
        at: [f64; 2],
    },
    /// Moves the picture by so many points.
    Pan([f64; 2]),
    /// Shows or hides the labels of the boxes.
    ToggleLabels,
    /// Shows or hides the panel on the right.
    TogglePanel,
    /// Shows one of the panel's tabs.
    ShowTab(Tab),
    /// Chooses whose numbers the cache panel shows.
    SelectCache(CacheKind),
    /// Changes between dark and light.
    ToggleTheme,
    /// Shows or hides the list of keys.
    ToggleHelp,
    /// Takes in lines that are appended to the file as they come, or no longer.
    ToggleFollow,
    /// Sets up a cache in another way.
    Tune(CacheKind, Tuning),
    /// Sets up a cache as it was at first.
    TuneAsAtFirst(CacheKind),
    /// Writes what happened into a file.
    Export(Export),
    /// Loads a picture that failed once more.
    RetryPicture,
}

/// A tab of the panel on the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Tab {
    /// The cache at work.
    #[default]
    Cache,
    /// What the predictor expects.
    Predictions,
    /// What happened.
    Events,
    /// The boxes of the frame.
    Detections,
    /// Lines that can't be read.
    Problems,
    /// How the caches are set up, and how others would do.
    Tuning,
}

impl Tab {
    /// In the order of the tabs.
    pub const ALL: [Self; 6] = [
        Self::Cache,
        Self::Predictions,
        Self::Events,
        Self::Detections,
        Self::Problems,
        Self::Tuning,
    ];

    /// The tab's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Cache => "Cache",
            Self::Predictions => "Predictions",
            Self::Events => "Events",
            Self::Detections => "Boxes",
            Self::Problems => "Problems",
            Self::Tuning => "Tuning",
        }
    }
}

/// The caches of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum CacheKind {
    /// Boxes by frame.
    #[default]
    Annotations,
    /// Pictures by frame.
    Pictures,
}

impl CacheKind {
    /// Both, annotations first.
    pub const ALL: [Self; 2] = [Self::Annotations, Self::Pictures];

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Annotations => "Annotations",
            Self::Pictures => "Pictures",
        }
    }
}

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
    /// The key.
    pub key: Key,
}

const fn key(key: Key) -> Chord {
    Chord { ctrl: false, shift: false, key }
}

const fn shift(key: Key) -> Chord {
    Chord { ctrl: false, shift: true, key }
}

const fn ctrl(key: Key) -> Chord {
    Chord { ctrl: true, shift: false, key }
}

const fn ctrl_shift(key: Key) -> Chord {
    Chord { ctrl: true, shift: true, key }
}

impl std::fmt::Display for Chord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl+")?;
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

/// Where a command stands in menus and in the help window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Opening and ending.
    File,
    /// Walking through the frames.
    Go,
    /// Playing.
    Play,
    /// What is seen.
    View,
    /// Help.
    Help,
}

impl Group {
    /// In the order of the menus.
    pub const ALL: [Self; 5] = [Self::File, Self::Go, Self::Play, Self::View, Self::Help];

    /// The menu's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Go => "Go",
            Self::Play => "Play",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct CommandInfo {
    /// What it is.
    pub command: Command,
    /// Where it stands.
    pub group: Group,
    /// Its name in menus, and for screen readers.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub tip: &'static str,
    /// Its keys, the main one first.
    pub keys: &'static [Chord],
}

macro_rules! commands {
    ($($command:expr, $group:ident, $label:literal, $tip:literal, [$($key:expr),*];)*) => {
        &[$(CommandInfo {
            command: $command, group: Group::$group, label: $label, tip: $tip, keys: &[$($key),*],
        }),*]
    };
}

/// Every command that has a place in a menu or a key.
pub static COMMANDS: &[CommandInfo] = commands![
    Command::OpenFile, File, "Open file…", "Open a MOT file", [ctrl(Key::Letter('O'))];
    Command::OpenFolder, File, "Open folder…", "Open a sequence folder, or a folder of pictures", [ctrl_shift(Key::Letter('O'))];
    Command::OpenPath, File, "Open path…", "Type the path of a file or folder", [ctrl(Key::Letter('L'))];
    Command::Reload, File, "Reload", "Read what is open once more from disk", [key(Key::F(5)), ctrl(Key::Letter('R'))];
    Command::ToggleFollow, File, "Follow the file", "Take in lines as they are appended, as tail -f does", [key(Key::Letter('W'))];
    Command::OpenDemo, File, "Open the demo", "Open the sequence that comes with motscope", [];
    Command::Export(Export::Walk), File, "Export the walk…", "Save the frames that you went to, and when", [];
    Command::Export(Export::Samples), File, "Export the samples…", "Save what is plotted: hit rate and queue depth", [];
    Command::Export(Export::Events), File, "Export the events…", "Save the events that are listed", [];
    Command::Quit, File, "Quit", "Close motscope", [ctrl(Key::Letter('Q'))];
    Command::Step(1), Go, "Next frame", "Go 1 frame on", [key(Key::Right)];
    Command::Step(-1), Go, "Previous frame", "Go 1 frame back", [key(Key::Left)];
    Command::Step(5), Go, "5 frames on", "Go 5 frames on", [shift(Key::Right)];
    Command::Step(-5), Go, "5 frames back", "Go 5 frames back", [shift(Key::Left)];
    Command::Step(15), Go, "15 frames on", "Go 15 frames on", [ctrl(Key::Right), key(Key::PageDown)];
    Command::Step(-15), Go, "15 frames back", "Go 15 frames back", [ctrl(Key::Left), key(Key::PageUp)];
    Command::First, Go, "First frame", "Go to the first frame", [key(Key::Home)];
    Command::Last, Go, "Last frame", "Go to the last frame", [key(Key::End)];
    Command::AskFrame, Go, "Go to frame…", "Type the number of a frame", [key(Key::Letter('G')), ctrl(Key::Letter('G'))];
    Command::PlayPause, Play, "Play or pause", "Play from here, or pause", [key(Key::Space)];
    Command::Faster, Play, "Faster", "Play at the next higher speed", [key(Key::CloseBracket), key(Key::Up)];
    Command::Slower, Play, "Slower", "Play at the next lower speed", [key(Key::OpenBracket), key(Key::Down)];
    Command::ToggleLoop, Play, "Loop", "Begin again at the end", [key(Key::Letter('L'))];
    Command::Fit, View, "Fit the picture", "Show the whole picture", [key(Key::Letter('F'))];
    Command::ActualSize, View, "Actual size", "Show one pixel as one point", [key(Key::Digit(1))];
    Command::ZoomIn, View, "Zoom in", "Zoom in at the middle", [key(Key::Plus)];
    Command::ZoomOut, View, "Zoom out", "Zoom out at the middle", [key(Key::Minus)];
    Command::ToggleLabels, View, "Labels", "Show or hide the labels of the boxes", [key(Key::Letter('N'))];
    Command::TogglePanel, View, "Side panel", "Show or hide the panel on the right", [key(Key::Letter('P'))];
    Command::ShowTab(Tab::Cache), View, "Cache", "Show the cache at work", [ctrl(Key::Digit(1))];
    Command::ShowTab(Tab::Predictions), View, "Predictions", "Show which frames are expected next", [ctrl(Key::Digit(2))];
    Command::ShowTab(Tab::Events), View, "Events", "Show what happened", [ctrl(Key::Digit(3))];
    Command::ShowTab(Tab::Detections), View, "Boxes", "List the boxes of the frame", [ctrl(Key::Digit(4))];
    Command::ShowTab(Tab::Problems), View, "Problems", "List the lines that can't be read", [ctrl(Key::Digit(5))];
    Command::ShowTab(Tab::Tuning), View, "Tuning", "Set up the caches, and see how other settings would do", [ctrl(Key::Digit(6))];
    Command::ToggleTheme, View, "Dark or light", "Change between dark and light", [key(Key::Letter('T'))];
    Command::ToggleHelp, Help, "Keys", "List every key", [key(Key::F(1)), key(Key::Letter('H'))];
];

impl Command {
    /// The command's row in the table, if it has one.
    #[must_use]
    pub fn info(self) -> Option<&'static CommandInfo> {
        COMMANDS.iter().find(|info| info.command == self)
    }

    /// What it does and its main key, for a tooltip.
    #[must_use]
    pub fn tooltip(self) -> String {
        let Some(info) = self.info() else { return String::new() };
        info.keys.first().map_or_else(|| info.tip.to_owned(), |key| format!("{} ({key})", info.tip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn no_key_does_two_things() {
        let mut seen: HashMap<Chord, &str> = HashMap::new();
        for info in COMMANDS {
            for chord in info.keys {
                if let Some(other) = seen.insert(*chord, info.label) {
                    panic!("{chord} does both '{other}' and '{}'", info.label);
                }
            }
        }
    }

    #[test]
    fn every_command_stands_once_and_says_what_it_does() {
        let mut labels = HashSet::new();
        for info in COMMANDS {
            assert!(labels.insert((info.group.title(), info.label)), "{} twice", info.label);
            assert!(info.tip.len() > 5 && !info.tip.ends_with('.'), "{}", info.tip);
        }
    }

    #[test]
    fn the_buttons_of_the_transport_bar_have_keys() {
        for by in [-15, -5, -1, 1, 5, 15] {
            assert!(!Command::Step(by).info().expect("in the table").keys.is_empty());
        }
        assert_eq!(Command::Step(5).tooltip(), "Go 5 frames on (Shift+Right)");
    }
}
