//! Every command: its label, what it does, and its keys, in one table for menus, tooltips, key
//! handling and the help window.

use super::{
    Chord, ColorBy, Export, Key, Suspected, TrailSettings, Tuning,
    chord::{ctrl, ctrl_shift, key, shift},
};
use crate::{media::Alignment, mot::Form};

/// Something that a person can tell the inspector to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Asks for a file with a dialog.
    OpenFile,
    /// Asks for a folder with a dialog.
    OpenFolder,
    /// Lets a path be typed.
    OpenPath,
    /// Asks for a video that belongs to the boxes that are open.
    OpenVideo,
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
    /// Shows or hides the panels beside the picture.
    TogglePanel,
    /// Shows a panel.
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
    /// Aligns pictures with frames.
    Align(Alignment),
    /// Reads columns 5 and 6 as something else.
    ReadAs(Form),
    /// Lists every command, to search in.
    TogglePalette,
    /// Puts away what is in front; with nothing there, selects no track.
    Back,
    /// Selects a track.
    Select(i64),
    /// Selects a track and goes to one of its frames.
    SelectAt(i64, u32),
    /// Shows only the selected track, or all.
    ToggleIsolate,
    /// Keeps the selected track in the middle of the view, or no longer.
    ToggleInView,
    /// Hides the selected track.
    HideTrack,
    /// Shows every box again.
    ShowAll,
    /// Goes to the first frame of the selected track.
    TrackStart,
    /// Goes to the last frame of the selected track.
    TrackEnd,
    /// Goes to the next gap of the selected track, or the one before.
    Gap(Way),
    /// Goes to where the next track begins, or the one before, and selects it.
    Beginning(Way),
    /// Goes to the next suspicion, or the one before.
    Suspicion(Way),
    /// Goes to a suspicion by its place in the list.
    SuspicionAt(usize),
    /// Lists other suspicions.
    Suspect(Suspected),
    /// Draws other trails.
    SetTrails(TrailSettings),
    /// Draws trails, or none.
    ToggleTrails,
    /// Colours boxes by the next thing.
    NextColors,
    /// Colours boxes by something.
    SetColors(ColorBy),
    /// Shows or hides the lanes of the tracks.
    ToggleLanes,
    /// Puts panels elsewhere.
    Arrange(Arrange),
    /// Copies the view to the clipboard.
    CopyView,
    /// Saves the view as a picture.
    SaveView,
    /// Saves frames as a video or as pictures.
    RenderFrames,
    /// Puts the hints of the first start away.
    Welcomed,
}

/// To what comes next, or to what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On.
    Next,
    /// Back.
    Previous,
}

impl Way {
    /// Whether it goes on.
    #[must_use]
    pub fn is_next(self) -> bool {
        self == Self::Next
    }
}

/// What becomes of the panels beside the picture. Where no panel is named, it is the one that was
/// shown last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrange {
    /// One is brought to the front.
    Show(Tab),
    /// One moves.
    Move(Option<Tab>, Place),
    /// One is put away.
    Close(Option<Tab>),
    /// All go to the other side.
    Mirror,
    /// All go back to where they were at first.
    Reset,
}

impl Arrange {
    /// With the panel that is meant where none is named.
    #[must_use]
    pub fn of(self, tab: Tab) -> Self {
        match self {
            Self::Move(named, place) => Self::Move(named.or(Some(tab)), place),
            Self::Close(named) => Self::Close(named.or(Some(tab))),
            Self::Show(_) | Self::Mirror | Self::Reset => self,
        }
    }
}

/// A place for a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the left of the picture.
    Left,
    /// On the right of the picture.
    Right,
    /// Above the picture.
    Above,
    /// Below the picture.
    Below,
    /// As a tab among the others.
    Together,
}

/// A panel beside the picture.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Tab {
    /// The cache at work.
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
    /// Every track.
    #[default]
    Tracks,
    /// What looks wrong.
    Suspicions,
    /// Which boxes are shown, and how.
    Filter,
}

impl Tab {
    /// In the order of the tabs.
    pub const ALL: [Self; 9] = [
        Self::Tracks,
        Self::Suspicions,
        Self::Filter,
        Self::Detections,
        Self::Problems,
        Self::Cache,
        Self::Predictions,
        Self::Events,
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
            Self::Tracks => "Tracks",
            Self::Suspicions => "Suspicions",
            Self::Filter => "Filter",
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

/// Where a command stands in menus and in the help window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Opening and ending.
    File,
    /// Walking through the frames.
    Go,
    /// Playing.
    Play,
    /// Tracks, and what looks wrong with them.
    Track,
    /// What is seen.
    View,
    /// What is beside the picture.
    Panels,
    /// Help.
    Help,
}

impl Group {
    /// In the order of the menus.
    pub const ALL: [Self; 7] =
        [Self::File, Self::Go, Self::Play, Self::Track, Self::View, Self::Panels, Self::Help];

    /// The menu's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Go => "Go",
            Self::Play => "Play",
            Self::Track => "Track",
            Self::View => "View",
            Self::Panels => "Panels",
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
    Command::OpenVideo, File, "Add a video…", "Show the boxes that are open over a video", [ctrl_shift(Key::Letter('V'))];
    Command::Reload, File, "Reload", "Read what is open once more from disk", [key(Key::F(5)), ctrl(Key::Letter('R'))];
    Command::ToggleFollow, File, "Follow the file", "Take in lines as they are appended, as tail -f does", [key(Key::Letter('W'))];
    Command::OpenDemo, File, "Open the demo", "Open the sequence that comes with motscope", [];
    Command::CopyView, File, "Copy the view", "Copy what the viewport shows to the clipboard", [ctrl(Key::Letter('C'))];
    Command::SaveView, File, "Save the view…", "Save a screenshot of what the viewport shows, as PNG", [ctrl(Key::Letter('S'))];
    Command::RenderFrames, File, "Save as video…", "Save all frames as a video, as they are shown", [ctrl(Key::Letter('E'))];
    Command::Export(Export::Boxes), File, "Export the boxes…", "Save the lines of the boxes that the filter leaves, as they are in the file", [];
    Command::Export(Export::Tracks), File, "Export the tracks…", "Save the table of all tracks, hidden ones too, as CSV or JSON", [];
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
    Command::Suspicion(Way::Next), Track, "Next suspicion", "Go to the next place that looks wrong", [key(Key::Letter('J'))];
    Command::Suspicion(Way::Previous), Track, "Previous suspicion", "Go to the last place before that looks wrong", [key(Key::Letter('K'))];
    Command::Beginning(Way::Next), Track, "Next track", "Go to where the next track begins, and select it", [shift(Key::PageDown)];
    Command::Beginning(Way::Previous), Track, "Previous track", "Go to where a track began last, and select it", [shift(Key::PageUp)];
    Command::TrackStart, Track, "Start of the track", "Go to the first frame of the selected track", [shift(Key::Home)];
    Command::TrackEnd, Track, "End of the track", "Go to the last frame of the selected track", [shift(Key::End)];
    Command::Gap(Way::Next), Track, "Next gap", "Go to where the selected track is away next", [shift(Key::Down)];
    Command::Gap(Way::Previous), Track, "Previous gap", "Go to where the selected track was away last", [shift(Key::Up)];
    Command::ToggleIsolate, Track, "Isolate", "Show only the selected track, or all again", [key(Key::Letter('I'))];
    Command::ToggleInView, Track, "Keep in view", "Keep the selected track in the middle of the view", [key(Key::Letter('V'))];
    Command::HideTrack, Track, "Hide", "Hide the selected track", [key(Key::Letter('X'))];
    Command::ShowAll, Track, "Show every box", "Show what was hidden, and clear the filter", [shift(Key::Letter('X'))];
    Command::ToggleTrails, Track, "Trails", "Draw where the boxes came from", [key(Key::Letter('R'))];
    Command::NextColors, Track, "Other colours", "Colour boxes by track, class, confidence or speed", [key(Key::Letter('C'))];
    Command::Back, Track, "Select nothing", "Put away what is in front, or select no track", [key(Key::Escape)];
    Command::Fit, View, "Fit the picture", "Show the whole picture", [key(Key::Letter('F'))];
    Command::ActualSize, View, "Actual size", "Show one pixel as one point", [key(Key::Digit(1))];
    Command::ZoomIn, View, "Zoom in", "Zoom in at the middle", [key(Key::Plus)];
    Command::ZoomOut, View, "Zoom out", "Zoom out at the middle", [key(Key::Minus)];
    Command::ToggleLabels, View, "Labels", "Show or hide the labels of the boxes", [key(Key::Letter('N'))];
    Command::ToggleTheme, View, "Dark or light", "Change the theme between dark and light", [key(Key::Letter('T'))];
    Command::TogglePanel, Panels, "Show panels", "Show or hide the panels beside the picture", [key(Key::Letter('P'))];
    Command::ToggleLanes, Panels, "Track lanes", "Show or hide the lanes of the tracks", [shift(Key::Letter('L'))];
    Command::ShowTab(Tab::Tracks), Panels, "Tracks", "List every track", [ctrl(Key::Digit(1))];
    Command::ShowTab(Tab::Suspicions), Panels, "Suspicions", "List what looks wrong", [ctrl(Key::Digit(2))];
    Command::ShowTab(Tab::Filter), Panels, "Filter", "Choose which boxes are shown, and how", [ctrl(Key::Digit(3)), ctrl(Key::Letter('F'))];
    Command::ShowTab(Tab::Detections), Panels, "Boxes", "List the boxes of the frame", [ctrl(Key::Digit(4))];
    Command::ShowTab(Tab::Problems), Panels, "Problems", "List the lines that can't be read", [ctrl(Key::Digit(5))];
    Command::ShowTab(Tab::Cache), Panels, "Cache", "Show the cache at work", [ctrl(Key::Digit(6))];
    Command::ShowTab(Tab::Predictions), Panels, "Predictions", "Show which frames are expected next", [ctrl(Key::Digit(7))];
    Command::ShowTab(Tab::Events), Panels, "Events", "Show what happened", [ctrl(Key::Digit(8))];
    Command::ShowTab(Tab::Tuning), Panels, "Tuning", "Set up the caches, and see how other settings would do", [ctrl(Key::Digit(9))];
    Command::Arrange(Arrange::Move(None, Place::Left)), Panels, "To the left of the picture", "Put the panel to the left of the picture", [ctrl_shift(Key::Left)];
    Command::Arrange(Arrange::Move(None, Place::Right)), Panels, "To the right of the picture", "Put the panel to the right of the picture", [ctrl_shift(Key::Right)];
    Command::Arrange(Arrange::Move(None, Place::Above)), Panels, "Above the picture", "Put the panel above the picture", [ctrl_shift(Key::Up)];
    Command::Arrange(Arrange::Move(None, Place::Below)), Panels, "Below the picture", "Put the panel below the picture", [ctrl_shift(Key::Down)];
    Command::Arrange(Arrange::Move(None, Place::Together)), Panels, "Among the other tabs", "Make the panel a tab among the others", [ctrl_shift(Key::Home)];
    Command::Arrange(Arrange::Close(None)), Panels, "Close the panel", "Put the panel away", [ctrl(Key::Letter('W'))];
    Command::Arrange(Arrange::Mirror), Panels, "All to the other side", "Put all panels to the other side of the picture", [];
    Command::Arrange(Arrange::Reset), Panels, "All as at first", "Put all panels back to where they were at first", [];
    Command::TogglePalette, Help, "All commands…", "Search every command by name", [ctrl(Key::Letter('P')), ctrl_shift(Key::Letter('P'))];
    Command::ToggleHelp, Help, "Keys", "List every key", [key(Key::F(1)), key(Key::Letter('H'))];
];

impl Command {
    /// The command's row in the table, if it has one.
    #[must_use]
    pub fn info(self) -> Option<&'static CommandInfo> {
        COMMANDS.iter().find(|info| info.command == self)
    }

    /// Whether it is about the selected track.
    #[must_use]
    pub fn needs_track(self) -> bool {
        matches!(
            self,
            Self::ToggleIsolate
                | Self::ToggleInView
                | Self::HideTrack
                | Self::TrackStart
                | Self::TrackEnd
                | Self::Gap(_)
        )
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
