//! The state of the inspector, without a window: commands, playback, view, settings, and what is
//! to be drawn. Nothing here reads a file, waits, or asks for the time.

mod color;
mod command;
pub mod export;
mod frames;
mod log;
mod pace;
mod playback;
mod samples;
pub mod scene;
mod settings;
mod state;
mod tuning;
mod view;

pub use color::{NO_IDENTITY, Rgb, text_on, track_color};
pub use command::{COMMANDS, CacheKind, Chord, Command, CommandInfo, Group, Key, Tab};
pub use export::Export;
pub use frames::{Bin, Frames, Profile};
pub use log::{Entry, Log, MAX_ENTRIES, Origin};
pub use pace::Pace;
pub use playback::{DEFAULT_FRAME_RATE, Due, Playback, SPEEDS};
pub use samples::{Sample, Samples};
pub use settings::{MAX_RECENT, Settings};
pub use state::{Effect, Inspector};
pub use tuning::{Eviction, Predictor, Tuning};
pub use view::{Transform, View};
