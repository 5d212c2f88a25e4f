//! The pictures of a filmstrip: boxes cut out of pictures that the cache loads ahead, on a thread of its own.

use super::{Session, frame_table::FrameTable, newest::Newest, status::Notify};
use crate::{
    cache::{Cache, Key, KeyState},
    inspector::Filmstrip,
    media::{Picture, Pictures},
    model::{LayerId, TrackId},
};
use image::{ImageBuffer, Rgba, imageops};
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

/// Width and height of a cut-out in pixels.
pub const CUT_OUT: [u32; 2] = [96, 128];
/// How much more than the box is cut out, to see where it stands.
const MARGIN: f64 = 1.2;

/// A filmstrip as far as it is there.
#[derive(Debug)]
pub struct MadeStrip {
    /// What it is of.
    pub strip: Filmstrip,
    /// A row a track, a cell a frame.
    pub rows: Vec<Vec<Cell>>,
}

impl MadeStrip {
    /// Whether the picture of the frame at a place is waited for.
    #[must_use]
    pub fn waits(&self, place: usize) -> bool {
        self.rows.iter().any(|row| matches!(row.get(place), Some(Cell::Waiting)))
    }
}

/// A track on a frame.
#[derive(Clone, Debug)]
pub enum Cell {
    /// The track is not on this frame.
    Absent,
    /// The picture is on its way.
    Waiting,
    /// The frame has no picture, or one that can't be shown.
    NoPicture,
    /// The box and what is around it.
    CutOut(Arc<CutOut>),
}

/// A box and what is around it.
#[derive(Debug)]
pub struct CutOut {
    /// Of the size [`CUT_OUT`].
    pub picture: Picture,
    /// Left, top, right and bottom of the box, as shares of the width and the height.
    pub bounds: [f32; 4],
}

/// What is wished for, and the versions of what it is made of.
#[derive(Clone, PartialEq)]
pub(super) struct StripWish {
    pub strip: Filmstrip,
    /// Of the frames.
    pub frames: u64,
    /// Of what the cache of the pictures holds.
    pub loaded: u64,
}

/// Makes filmstrips.
pub(super) type StripMaker = Newest<StripWish, MadeStrip>;

/// Makes them of the layers and the pictures of a sequence.
pub(super) fn strip_maker(table: &Arc<FrameTable>, notify: Notify) -> StripMaker {
    let mut cutter = Cutter { table: Arc::downgrade(table), ..Cutter::default() };
    Newest::new("filmstrip", notify, move |wish: &StripWish| cutter.make(wish))
}

type Bounds = [f64; 4];

#[derive(Default)]
struct Cutter {
    table: Weak<FrameTable>,
    /// The versions of frames and pictures that what is kept belongs to.
    version: (u64, Option<u64>),
    layer: Option<LayerId>,
    /// Boxes by track and frame.
    boxes: HashMap<(TrackId, u32), Option<Bounds>>,
    cut_out: HashMap<(TrackId, u32), Arc<CutOut>>,
}

impl Cutter {
    fn make(&mut self, wish: &StripWish) -> Option<MadeStrip> {
        let table = self.table.upgrade()?;
        let pictures = table.loaded()?;
        let version = (wish.frames, pictures.provider().version());
        if version != self.version || self.layer != Some(wish.strip.layer) {
            (self.version, self.layer) = (version, Some(wish.strip.layer));
            self.boxes.clear();
            self.cut_out.clear();
        }
        let strip = &wish.strip;
        self.read_boxes(&table, strip)?;
        let cell = |cutter: &mut Self, track, frame| cutter.cell(&pictures, track, frame);
        let row = |track: &TrackId| {
            strip.frames.iter().map(|frame| cell(self, *track, *frame)).collect::<Vec<Cell>>()
        };
        let rows = strip.tracks.iter().map(row).collect();
        let is_of_it = |(track, frame): &(TrackId, u32)| {
            strip.tracks.contains(track) && strip.frames.contains(frame)
        };
        self.boxes.retain(|key, _| is_of_it(key));
        self.cut_out.retain(|key, _| is_of_it(key));
        Some(MadeStrip { strip: strip.clone(), rows })
    }

    /// Reads where the tracks are. `None` where their layer is gone.
    fn read_boxes(&mut self, table: &FrameTable, strip: &Filmstrip) -> Option<()> {
        let annotations = table.annotations(strip.layer)?;
        for frame in &strip.frames {
            let known = |track: &TrackId| self.boxes.contains_key(&(*track, *frame));
            if strip.tracks.iter().all(known) {
                continue;
            }
            // A frame that can't be read has no boxes to show.
            let loaded = annotations.provider().load_frame(*frame).unwrap_or_default();
            for track in &strip.tracks {
                let own = loaded.detections.iter().find(|detection| detection.id == *track);
                let bounds = own.map(|d| [d.left, d.top, d.width.max(1.0), d.height.max(1.0)]);
                self.boxes.insert((*track, *frame), bounds);
            }
        }
        Some(())
    }

    fn cell(&mut self, pictures: &Cache<Pictures>, track: TrackId, frame: u32) -> Cell {
        let Some(Some(bounds)) = self.boxes.get(&(track, frame)).copied() else {
            return Cell::Absent;
        };
        if let Some(known) = self.cut_out.get(&(track, frame)) {
            return Cell::CutOut(Arc::clone(known));
        }
        let key = Key::from(frame);
        if !pictures.provider().has(frame) {
            return Cell::NoPicture;
        }
        let Some(picture) = pictures.peek(key) else {
            let failed = pictures.key_state(key) == KeyState::Failed;
            return if failed { Cell::NoPicture } else { Cell::Waiting };
        };
        match cut_out(&picture, bounds) {
            Some(cut_out) => {
                let cut_out = Arc::new(cut_out);
                self.cut_out.insert((track, frame), Arc::clone(&cut_out));
                Cell::CutOut(cut_out)
            }
            None => Cell::NoPicture,
        }
    }
}

/// A box with some of what is around it. `None` where it lies wholly outside of the picture.
fn cut_out(picture: &Picture, [left, top, width, height]: Bounds) -> Option<CutOut> {
    let [wide, high] = CUT_OUT.map(f64::from);
    // As much as it takes, in the shape of the cell.
    let scale = (wide / (width * MARGIN)).min(high / (height * MARGIN));
    let side = [wide / scale, high / scale];
    let from = [left + (width - side[0]) / 2.0, top + (height - side[1]) / 2.0];
    let size = [f64::from(picture.width), f64::from(picture.height)];
    // The part of it that lies within the picture, in whole pixels.
    let begin = [0, 1].map(|axis| from[axis].max(0.0).floor());
    let end = [0, 1].map(|axis| (from[axis] + side[axis]).min(size[axis]).ceil());
    let part = [0, 1].map(|axis| end[axis] - begin[axis]);
    if !(from.iter().all(|at| at.is_finite()) && part[0] >= 1.0 && part[1] >= 1.0) {
        return None;
    }
    let [x, y] = begin.map(|at| at as u32);
    let [w, h] = part.map(|side| side as u32);
    let whole = ImageBuffer::<Rgba<u8>, &[u8]>::from_raw(
        picture.width,
        picture.height,
        picture.rgba.as_slice(),
    )?;
    let seen = imageops::crop_imm(&whole, x, y, w, h);
    let [to_width, to_height] =
        [0, 1].map(|axis| ((part[axis] * scale).round() as u32).clamp(1, CUT_OUT[axis]));
    let seen = imageops::resize(&*seen, to_width, to_height, imageops::FilterType::Triangle);
    let mut cell = ImageBuffer::from_pixel(CUT_OUT[0], CUT_OUT[1], Rgba([0, 0, 0, 255]));
    let at = [0, 1].map(|axis| ((begin[axis] - from[axis]) * scale).round() as i64);
    imageops::overlay(&mut cell, &seen, at[0], at[1]);
    let share = |value: f64, axis: usize| ((value - from[axis]) / side[axis]) as f32;
    let bounds = [share(left, 0), share(top, 1), share(left + width, 0), share(top + height, 1)];
    Some(CutOut { picture: Picture::new(CUT_OUT[0], CUT_OUT[1], cell.into_raw()), bounds })
}

impl Session {
    /// Asks for the pictures of a filmstrip, which come soon after; or for none, where nobody looks at one. While
    /// somebody plays, only what is in memory is cut out: nothing is loaded that could keep the next frame waiting.
    pub fn ask_strip(&self, strip: Option<Filmstrip>, playing: bool) {
        let Some(track) = &self.pictures else { return };
        let made = self.strips.made().filter(|made| strip.as_ref() == Some(&made.strip));
        let waits = |place: usize| !playing && made.as_ref().is_none_or(|made| made.waits(place));
        let frames = strip.iter().flat_map(|strip| strip.frames.iter().enumerate());
        let frames = frames.filter(|(place, _)| waits(*place)).map(|(_, frame)| Key::from(*frame));
        // What is there already makes room for the rest.
        if !self.table.looked_at.get().iter().copied().eq(frames.clone()) {
            self.table.looked_at.set(frames);
            track.cache.replan();
        }
        if let Some(strip) = strip {
            let (frames, loaded) = (self.table.known().version, track.snapshot.version);
            self.strips.ask(StripWish { strip, frames, loaded });
        }
    }

    /// The filmstrip that was made last, which may be of another one than was asked for.
    #[must_use]
    pub fn strip(&self) -> Option<Arc<MadeStrip>> {
        self.strips.made()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grey picture with a red block.
    fn picture(block: [u32; 4]) -> Picture {
        let [left, top, width, height] = block;
        let pixel = |x: u32, y: u32| {
            let within = (left..left + width).contains(&x) && (top..top + height).contains(&y);
            if within { [200, 0, 0, 255] } else { [90, 90, 90, 255] }
        };
        let rgba = (0..100).flat_map(|y| (0..200).flat_map(move |x| pixel(x, y))).collect();
        Picture::new(200, 100, rgba)
    }

    fn at(cut: &CutOut, [x, y]: [f32; 2]) -> [u8; 3] {
        let column = (x * CUT_OUT[0] as f32) as usize;
        let row = (y * CUT_OUT[1] as f32) as usize;
        let begin = (row * CUT_OUT[0] as usize + column) * 4;
        [0, 1, 2].map(|channel| cut.picture.rgba[begin + channel])
    }

    #[test]
    fn a_box_fills_its_cell_with_something_around_it() {
        let cut = cut_out(&picture([50, 20, 30, 60]), [50.0, 20.0, 30.0, 60.0]).expect("within");
        let [left, top, right, bottom] = cut.bounds;
        assert!((bottom - top - 1.0 / 1.2).abs() < 1e-5, "it is taller than the cell");
        assert!((left + right - 1.0).abs() < 1e-5 && left > 0.1);
        assert_eq!(at(&cut, [0.5, 0.5]), [200, 0, 0]);
        assert_eq!(at(&cut, [0.05, 0.5]), [90, 90, 90]);
        let inside = at(&cut, [left + 0.05, top + 0.05]);
        assert_eq!(inside, [200, 0, 0]);
    }

    #[test]
    fn what_lies_outside_of_the_picture_is_black_and_all_outside_is_none() {
        let cut = cut_out(&picture([0, 0, 20, 20]), [-10.0, -10.0, 20.0, 20.0]).expect("some");
        assert_eq!((at(&cut, [0.1, 0.1]), at(&cut, [0.6, 0.6])), ([0, 0, 0], [200, 0, 0]));
        assert!(cut_out(&picture([0; 4]), [500.0, 0.0, 20.0, 20.0]).is_none());
        assert!(cut_out(&picture([0; 4]), [f64::NAN, 0.0, 20.0, 20.0]).is_none());
        assert!(cut_out(&picture([0; 4]), [0.0, 0.0, 1e300, 1e300]).is_some());
    }
}
