//! The commands with their names and keys.

use super::{Arrange, Chord, Command, Export, Group, Key, Place, Tab, Way};
use crate::inspector::{
    Inspector, Viewports,
    chord::{alt, ctrl, ctrl_shift, key, shift},
};

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
    /// Whether what it switches is on, of commands that switch something.
    on: Option<fn(&Inspector) -> bool>,
}

impl CommandInfo {
    /// Whether what it switches is on just now, for menus.
    #[must_use]
    pub fn is_on(&self, inspector: &Inspector) -> bool {
        self.on.is_some_and(|on| on(inspector))
    }
}

macro_rules! commands {
    (@on) => { None };
    (@on $on:expr) => { Some($on) };
    ($($command:expr, $group:ident, $label:literal, $tip:literal, [$($key:expr),*] $(, $on:expr)?;)*) => {
        &[$(CommandInfo {
            command: $command,
            group: Group::$group,
            label: $label,
            tip: $tip,
            keys: &[$($key),*],
            on: commands!(@on $($on)?),
        }),*]
    };
}

/// Every command that has a place in a menu or a key.
pub static COMMANDS: &[CommandInfo] = commands![
    Command::OpenFile, File, "Open file…", "Open a MOT file", [ctrl(Key::Letter('O'))];
    Command::OpenFolder, File, "Open folder…", "Open a sequence folder, or a folder of pictures", [ctrl_shift(Key::Letter('O'))];
    Command::OpenPath, File, "Open path…", "Type the path of a file or folder", [ctrl(Key::Letter('L'))];
    Command::OpenVideo, File, "Add a video…", "Show the boxes that are open over a video", [ctrl_shift(Key::Letter('V'))];
    Command::AddLayers, File, "Add annotations…", "Show another file over the same picture, as a layer", [ctrl_shift(Key::Letter('A'))];
    Command::Reload, File, "Reload", "Read what is open once more from disk", [key(Key::F(5)), ctrl(Key::Letter('R'))];
    Command::ToggleFollow, File, "Follow the file", "Take in lines as they are appended, as tail -f does", [key(Key::Letter('W'))], |i| i.settings.follow;
    Command::PauseCounting, File, "Pause counting", "Let the pictures of the video be counted later, or go on counting", [];
    Command::OpenDemo, File, "Open the demo", "Open the sequence that comes with motscope", [];
    Command::CopyView, File, "Copy the view", "Copy what the viewport shows to the clipboard", [ctrl(Key::Letter('C'))];
    Command::SaveView, File, "Save the view…", "Save a screenshot of what the viewport shows, as PNG", [ctrl(Key::Letter('S'))];
    Command::CopyLink, File, "Copy a link to this place", "Copy the command that opens just this, for somebody else", [ctrl_shift(Key::Letter('C'))];
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
    Command::Sequence(Way::Next), Go, "Next sequence", "Open the next sequence of the benchmark, with the same layers", [ctrl(Key::PageDown)];
    Command::Sequence(Way::Previous), Go, "Previous sequence", "Open the sequence before of the benchmark, with the same layers", [ctrl(Key::PageUp)];
    Command::PlayPause, Play, "Play or pause", "Play from here, or pause", [key(Key::Space)];
    Command::Faster, Play, "Faster", "Play at the next higher speed", [key(Key::CloseBracket), key(Key::Up)];
    Command::Slower, Play, "Slower", "Play at the next lower speed", [key(Key::OpenBracket), key(Key::Down)];
    Command::ToggleLoop, Play, "Loop", "Begin again at the end", [key(Key::Letter('L'))], |i| i.settings.playback.looping;
    Command::Suspicion(Way::Next), Track, "Next suspicion", "Go to the next place that looks wrong", [key(Key::Letter('J'))];
    Command::Suspicion(Way::Previous), Track, "Previous suspicion", "Go to the last place before that looks wrong", [key(Key::Letter('K'))];
    Command::Beginning(Way::Next), Track, "Next track", "Go to where the next track begins, and select it", [shift(Key::PageDown)];
    Command::Beginning(Way::Previous), Track, "Previous track", "Go to where a track began last, and select it", [shift(Key::PageUp)];
    Command::TrackStart, Track, "Start of the track", "Go to the first frame of the selected track", [shift(Key::Home)];
    Command::TrackEnd, Track, "End of the track", "Go to the last frame of the selected track", [shift(Key::End)];
    Command::Gap(Way::Next), Track, "Next gap", "Go to where the selected track is away next", [shift(Key::Down)];
    Command::Gap(Way::Previous), Track, "Previous gap", "Go to where the selected track was away last", [shift(Key::Up)];
    Command::ToggleIsolate, Track, "Isolate", "Show only the selected track, or all again", [key(Key::Letter('I'))], |i| i.selection().is_isolated();
    Command::ToggleInView, Track, "Keep in view", "Keep the selected track in the middle of the view", [key(Key::Letter('V'))], |i| i.in_view;
    Command::HideTrack, Track, "Hide", "Hide the selected track", [key(Key::Letter('X'))];
    Command::ShowAll, Track, "Show every box", "Show what was hidden, and clear the filter", [shift(Key::Letter('X'))];
    Command::ToggleTrails, Track, "Trails", "Draw where the boxes came from", [key(Key::Letter('R'))], |i| i.settings.trails.on;
    Command::NextColors, Track, "Other colours", "Colour boxes by track, layer, class, confidence, speed", [key(Key::Letter('C'))];
    Command::Back, Track, "Select nothing", "Put away what is in front, or select no track", [key(Key::Escape)];
    Command::Fit, View, "Fit the picture", "Show the whole picture", [key(Key::Letter('F'))];
    Command::ActualSize, View, "Actual size", "Show one pixel as one point", [shift(Key::Letter('F'))];
    Command::ZoomIn, View, "Zoom in", "Zoom in at the middle", [key(Key::Plus)];
    Command::ZoomOut, View, "Zoom out", "Zoom out at the middle", [key(Key::Minus)];
    Command::ToggleLabels, View, "Labels", "Show or hide the labels of the boxes", [key(Key::Letter('N'))], |i| i.settings.labels;
    Command::Flip(1), Layers, "Layer 1 alone", "Show layer 1 alone at the same frame", [key(Key::Digit(1))];
    Command::Flip(2), Layers, "Layer 2 alone", "Show layer 2 alone at the same frame", [key(Key::Digit(2))];
    Command::Flip(3), Layers, "Layer 3 alone", "Show layer 3 alone at the same frame", [key(Key::Digit(3))];
    Command::Flip(4), Layers, "Layer 4 alone", "Show layer 4 alone at the same frame", [key(Key::Digit(4))];
    Command::Flip(5), Layers, "Layer 5 alone", "Show layer 5 alone at the same frame", [key(Key::Digit(5))];
    Command::Flip(6), Layers, "Layer 6 alone", "Show layer 6 alone at the same frame", [key(Key::Digit(6))];
    Command::Flip(7), Layers, "Layer 7 alone", "Show layer 7 alone at the same frame", [key(Key::Digit(7))];
    Command::Flip(8), Layers, "Layer 8 alone", "Show layer 8 alone at the same frame", [key(Key::Digit(8))];
    Command::Flip(9), Layers, "Layer 9 alone", "Show layer 9 alone at the same frame", [key(Key::Digit(9))];
    Command::Flip(0), Layers, "All layers", "Show all layers that are visible", [key(Key::Digit(0))];
    Command::SideBySide, Layers, "Side by side", "Show two layers side by side, in one pan and zoom", [key(Key::Letter('D'))], |i| matches!(i.layers.viewports(), Viewports::SideBySide(_));
    Command::Wipe, Layers, "Wipe", "Show two layers on both sides of a line that can be dragged", [shift(Key::Letter('D'))], |i| matches!(i.layers.viewports(), Viewports::Wipe(_));
    Command::ToggleTheme, View, "Dark or light", "Change the theme between dark and light", [key(Key::Letter('T'))];
    Command::TogglePanel, Panels, "Show panels", "Show or hide the panels beside the picture", [key(Key::Letter('P'))], |i| i.settings.panel;
    Command::ToggleLanes, Panels, "Track lanes", "Show or hide the lanes of the tracks", [shift(Key::Letter('L'))], |i| i.settings.lanes;
    Command::ToggleLive, Panels, "Live strip", "Show or hide hit rate and queue depth under the timeline", [shift(Key::Letter('C'))], |i| i.settings.live;
    Command::ShowTab(Tab::Tracks), Panels, "Tracks", "List every track", [ctrl(Key::Digit(1))], |i| i.shows(Tab::Tracks);
    Command::ShowTab(Tab::Suspicions), Panels, "Suspicions", "List what looks wrong", [ctrl(Key::Digit(2))], |i| i.shows(Tab::Suspicions);
    Command::ShowTab(Tab::Filter), Panels, "Filter", "Choose which boxes are shown, and how", [ctrl(Key::Digit(3)), ctrl(Key::Letter('F'))], |i| i.shows(Tab::Filter);
    Command::ShowTab(Tab::Detections), Panels, "Boxes", "List the boxes of the frame", [ctrl(Key::Digit(4))], |i| i.shows(Tab::Detections);
    Command::ShowTab(Tab::Problems), Panels, "Problems", "List the lines that can't be read", [ctrl(Key::Digit(5))], |i| i.shows(Tab::Problems);
    Command::ShowTab(Tab::Cache), Panels, "Cache", "Show the cache at work", [ctrl(Key::Digit(6))], |i| i.shows(Tab::Cache);
    Command::ShowTab(Tab::Predictions), Panels, "Predictions", "Show which frames are expected next", [ctrl(Key::Digit(7))], |i| i.shows(Tab::Predictions);
    Command::ShowTab(Tab::Events), Panels, "Events", "Show what happened", [ctrl(Key::Digit(8))], |i| i.shows(Tab::Events);
    Command::ShowTab(Tab::Tuning), Panels, "Tuning", "Set up the caches, and see how other settings would do", [ctrl(Key::Digit(9))], |i| i.shows(Tab::Tuning);
    Command::ShowTab(Tab::Layers), Panels, "Layers", "List the annotation files over the picture", [alt(Key::Digit(1))], |i| i.shows(Tab::Layers);
    Command::ShowTab(Tab::Filmstrip), Panels, "Filmstrip", "Show the selected track in pictures, to see whether it is one object", [alt(Key::Digit(2))], |i| i.shows(Tab::Filmstrip);
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
