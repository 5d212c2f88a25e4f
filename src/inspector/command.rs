//! Every command: its label, what it does, and its keys, in one table for menus, tooltips, key
//! handling and the help window.

mod table;

pub use table::{COMMANDS, CommandInfo};

use super::{Chord, ColorBy, Export, Key, Suspected, TrailSettings, Tuning};
use crate::{
    formats::mot::Columns,
    media::Alignment,
    model::{LayerId, TrackId},
};

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
    /// Asks for annotations to add to what is open, as a layer.
    AddLayers,
    /// Makes panels and keys be about a layer.
    Activate(LayerId),
    /// Draws a layer, or no longer.
    ToggleLayer(LayerId),
    /// Shows the layer at a place of the list alone, counted from 1; 0: all that are visible.
    Flip(u8),
    /// Two viewports side by side, each with some of the layers, or one again.
    SideBySide,
    /// One viewport more beside the others.
    AddViewport,
    /// Takes the viewport at a place away from beside the others, counted from 0.
    CloseViewport(usize),
    /// A viewport with one layer on each side of a line, or one with all.
    Wipe,
    /// Moves that line to a share of the width, from 0 to 1.
    MoveWipe(f64),
    /// The viewport at a place, counted from 0, shows a layer too, or no longer; a side of a wiped one shows
    /// that layer.
    ShowIn(usize, LayerId),
    /// Draws a layer more or less strongly, in percent.
    SetOpacity(LayerId, u8),
    /// Moves a layer to a place of the list, counted from 0.
    MoveLayer(LayerId, usize),
    /// Takes the boxes of a layer for the next of ground truth, detections and result.
    NextRole(LayerId),
    /// Reads a layer with its boxes so many frames later than its lines say, or where negative, earlier.
    ShiftLayer(LayerId, i32),
    /// Lets go of a layer.
    RemoveLayer(LayerId),
    /// Selects a track of a layer, which panels and keys are about from now on.
    SelectIn(LayerId, TrackId),
    /// Opens the next sequence of the benchmark, or the one before.
    Sequence(Way),
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
    /// Lets the counting of the video wait, or go on.
    PauseCounting,
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
    /// Sets which values of pictures are black and white, where they are finer than a screen shows; none: as
    /// the pictures have it.
    SetRange(Option<[f32; 2]>),
    /// Reads the file's columns so, or as the file itself tells.
    ReadAs(Option<Columns>),
    /// Lists every command, to search in.
    TogglePalette,
    /// Puts away what is in front; with nothing there, selects no track.
    Back,
    /// Selects a track.
    Select(TrackId),
    /// Selects a track and goes to one of its frames.
    SelectAt(TrackId, u32),
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
    /// Shows a track's whole life as a filmstrip, or only what is around the current frame.
    WholeLife(bool),
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
    /// Shows or hides the live strip of the caches.
    ToggleLive,
    /// Puts panels elsewhere.
    Arrange(Arrange),
    /// Copies the view to the clipboard.
    CopyView,
    /// Saves the view as a picture.
    SaveView,
    /// Copies a command line that shows this place: the layers, the frame, the track and the view.
    CopyLink,
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
    /// The annotation files over the picture.
    Layers,
    /// A track in pictures.
    Filmstrip,
}

impl Tab {
    /// In the order of the tabs.
    pub const ALL: [Self; 11] = [
        Self::Tracks,
        Self::Layers,
        Self::Suspicions,
        Self::Filmstrip,
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
            Self::Layers => "Layers",
            Self::Filmstrip => "Filmstrip",
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
    /// The annotation files over the picture.
    Layers,
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
    pub const ALL: [Self; 8] = [
        Self::File,
        Self::Go,
        Self::Play,
        Self::Layers,
        Self::Track,
        Self::View,
        Self::Panels,
        Self::Help,
    ];

    /// The menu's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Go => "Go",
            Self::Play => "Play",
            Self::Layers => "Layers",
            Self::Track => "Track",
            Self::View => "View",
            Self::Panels => "Panels",
            Self::Help => "Help",
        }
    }
}

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
