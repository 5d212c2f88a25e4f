//! The state of the inspector, without a window: commands, playback, view, settings, and what is
//! to be drawn. Nothing here reads a file, waits, or asks for the time.

mod accesses;
mod chord;
mod color;
mod command;
pub mod export;
mod filmstrip;
mod filter;
mod frames;
mod layers;
mod log;
mod pace;
mod per_cache;
mod place;
mod playback;
mod samples;
pub mod scene;
mod selection;
mod settings;
mod state;
mod trails;
mod tuning;
mod view;
mod viewports;

pub use accesses::{Accessed, Accesses, Answered, MAX_ACCESSES};
pub use chord::{Chord, Key};
pub use color::{ColorBy, NO_IDENTITY, Rgb, class_color, layer_color, ramp, text_on, track_color};
pub use command::{Arrange, COMMANDS, CacheKind, Command, CommandInfo, Group, Place, Tab, Way};
pub use export::Export;
pub use filmstrip::{AROUND, About, Filmstrip, MAX_OF_LIFE};
pub use filter::{Filter, IdList, MOST_HIDDEN, Sieve};
pub use frames::{Bin, Frames, Profile};
pub use layers::{LayerView, LayerViews};
pub use log::{Entry, Log, MAX_ENTRIES, Origin};
pub use pace::Pace;
pub use per_cache::PerCache;
pub use place::{LayerShift, PickedTrack, Region};
pub use playback::{DEFAULT_FRAME_RATE, Due, Playback, SPEEDS};
pub use samples::{Sample, Samples};
pub use selection::{Selection, Suspected};
pub use settings::{MAX_RECENT, Pairing, Settings, TrailSettings};
pub use state::{Effect, Inspector};
pub use trails::{Feet, MOST_REACH, Trail, TrailPoint, Trails, feet};
pub use tuning::{Eviction, Predictor, Tuning};
pub use view::{Transform, View};
pub use viewports::{MAX_SIDE_BY_SIDE, MIN_SIDE_BY_SIDE, Viewports, Wipe};
