//! motscope: a desktop inspector for multiple object tracking files that never makes you wait,
//! and the libraries under it.
//!
//! - [`cache`]: a predictive prefetching cache, usable for anything that is slow to load.
//! - [`model`]: the vocabulary of annotations, whatever format they come from.
//! - [`storage`] and [`formats`]: bytes, and text formats of tracking data, at the speed of the disk.
//! - [`analysis`]: what can be found out about annotations.
//! - [`layout`]: which files belong together.
//! - [`media`]: the pictures of frames.
//! - [`inspector`]: the state of the window, without a window.
//! - [`session`]: an opened sequence, which joins all of these.
//! - [`render`], [`generate`], [`demo`]: frames drawn without a display, made sequences, and the
//!   one that comes with the program.
//! - [`output`]: files that are written, never over what is open, and whole or not at all.
//! - [`text`]: text from outside, made fit to be shown.
//! - [`ui`] and [`cli`]: the program.
//!
//! # The house
//! Rooms use those below them and none above; `tests/architecture.rs` keeps it so.
//! ```text
//! cli ─────────────── ui                           the program
//!  │                   │
//!  ├── generate     session ── demo                an opened sequence: layers, pictures, frames
//!  │                   │
//!  │      render ── inspector                      drawing without a display; state and commands
//!  │                   │
//!  │       ┌───────────┼──────────┐
//!  │    layout      analysis   formats             which files belong together; tracks; text by lines
//!  │       │           │          │
//!  └──── media ────────┴── model ─┤                pictures and video; boxes, tracks, classes, layers
//!          │                      │
//!        cache                 storage             reading ahead; bytes
//! ```
//! `text` and `output` are used by all that show or write something. A format of lines is a folder of
//! [`formats`] with a [`LineParser`](formats::lines::LineParser); whoever asks for boxes sees an
//! [`AnnotationSource`](model::AnnotationSource).
//!
//! # Features
//! Without any, there is the [`cache`] alone, with few dependencies and neither egui nor a picture decoder.
//! `annotations` adds `storage`, `model`, `formats` and `analysis`; `media` all rooms below the program; `window` and
//! `cli` the program, and `generate` made sequences. By default there is everything.
//!
//! # Example
//! The boxes of a file, read ahead of their time:
//! ```
//! use motscope::{
//!     cache::{Cache, predictors::DynamicData},
//!     formats::{lines::Index, mot::MotProvider},
//! };
//! use std::sync::Arc;
//!
//! let source = Arc::new(motscope::demo::source()?);
//! let index = Arc::new(Index::build(&source, &mut ()).expect("nobody cancels it"));
//! let provider = MotProvider::new(source, index);
//! let cache = Cache::builder(provider, DynamicData::default()).build();
//! for frame in 1..=20 {
//!     let boxes = &cache.get(frame)?.detections;
//!     assert!(!boxes.is_empty());
//! }
//! let stats = cache.stats();
//! assert_eq!(stats.hits + stats.misses, 20);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "annotations")]
pub mod analysis;
pub mod cache;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "media")]
pub mod demo;
#[cfg(feature = "annotations")]
pub mod formats;
#[cfg(feature = "generate")]
pub mod generate;
#[cfg(feature = "media")]
pub mod inspector;
#[cfg(feature = "media")]
pub mod layout;
#[cfg(feature = "media")]
pub mod media;
#[cfg(feature = "annotations")]
pub mod model;
#[cfg(feature = "media")]
pub mod output;
#[cfg(feature = "media")]
pub mod render;
#[cfg(feature = "media")]
pub mod session;
#[cfg(feature = "annotations")]
pub mod storage;
#[cfg(feature = "annotations")]
pub mod text;
#[cfg(feature = "window")]
pub mod ui;

/// The example in the README runs as well.
#[cfg(all(doctest, feature = "media"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
