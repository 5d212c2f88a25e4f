//! The state of the window, and the one place that changes it.

mod apply;

use super::{
    Arrange, Export, Filter, Frames, IdList, LayerViews, Pairing, PickedTrack, Region, Selection,
    Settings, Tab, View, Way, playback::DEFAULT_FRAME_RATE,
};
use crate::{
    analysis::TrackTable,
    formats::mot::Columns,
    media::Alignment,
    model::{FRAME_RATES, LayerId},
};
use std::sync::Arc;

/// Everything that the window shows besides data, which belongs to the session.
#[derive(Clone, Debug)]
pub struct Inspector {
    /// The frames of what is open.
    pub frames: Arc<Frames>,
    /// The frame asked for, which may be absent.
    pub current: u32,
    /// Frames a second, where the sequence says.
    pub frame_rate: Option<f64>,
    /// Zoom and pan.
    pub view: View,
    /// Size of the picture in pixels.
    pub picture_size: [f64; 2],
    /// Size of the viewport in points, as last seen.
    pub viewport_size: [f64; 2],
    /// What is to be shown as soon as it can be: a part of the picture.
    pub wanted_region: Option<Region>,
    /// What is to be selected as soon as its layer is there.
    pub wanted_track: Option<PickedTrack>,
    /// Whether the list of keys is shown.
    pub help: bool,
    /// Whether the list of commands is shown.
    pub palette: bool,
    /// The files that are open.
    pub pairing: Pairing,
    /// Which pictures belong to which frames.
    pub alignment: Alignment,
    /// Which values of pictures are black and white, where somebody chose.
    pub range: Option<[f32; 2]>,
    /// Whether frames may be gone, as pictures were aligned anew.
    pub aligned_anew: bool,
    /// How the layers are seen.
    pub layers: LayerViews,
    /// Whether the view goes along with the selected track.
    pub in_view: bool,
    /// What is kept from one start to the next.
    pub settings: Settings,
}

/// What a command asks of the world outside of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask for a file.
    PickFile,
    /// Ask for a folder.
    PickFolder,
    /// Let a path be typed.
    TypePath,
    /// Ask for a video of what is open.
    PickVideo,
    /// Ask for annotations to add as a layer.
    PickLayer,
    /// Take the boxes of a layer for the next of what boxes can be.
    NextRole(LayerId),
    /// Read a layer with its boxes so many frames later than its lines say.
    ShiftLayer(LayerId, i32),
    /// Let go of a layer.
    RemoveLayer(LayerId),
    /// Let the counting of the video wait, or go on.
    PauseCounting,
    /// Open the next sequence of the benchmark, or the one before.
    Sequence(Way),
    /// Open the same once more.
    Reload,
    /// Open the same once more, with its columns so, or as the file itself tells.
    ReadAs(Option<Columns>),
    /// Open the demo.
    OpenDemo,
    /// Stop opening.
    CancelOpening,
    /// End the program.
    Quit,
    /// Let a frame number be typed.
    TypeFrame,
    /// Ask for a path, and write what happened into it.
    Export(Export),
    /// Load the picture of the current frame once more.
    RetryPicture,
    /// Copy the view to the clipboard.
    CopyView,
    /// Ask for a path, and save the view.
    SaveView,
    /// Copy the command that shows this place.
    CopyLink,
    /// Ask for a path, and save frames as a video.
    RenderFrames,
    /// Put panels elsewhere.
    Arrange(Arrange),
}

impl Default for Inspector {
    fn default() -> Self {
        Self {
            frames: Arc::default(),
            current: 0,
            frame_rate: None,
            view: View::Fit,
            picture_size: [1.0, 1.0],
            viewport_size: [1.0, 1.0],
            wanted_region: None,
            wanted_track: None,
            help: false,
            palette: false,
            pairing: Pairing::default(),
            alignment: Alignment::default(),
            range: None,
            aligned_anew: false,
            layers: LayerViews::default(),
            in_view: false,
            settings: Settings::default(),
        }
    }
}

impl Inspector {
    /// Begins to show another sequence at `frame`, or at its first.
    pub fn opened(
        &mut self,
        pairing: Pairing,
        frames: Arc<Frames>,
        frame_rate: Option<f64>,
        frame: Option<u32>,
    ) {
        self.current = frame.or_else(|| frames.at_rank(0)).unwrap_or_else(|| frames.first());
        self.frames = frames;
        self.frame_rate = frame_rate.filter(|rate| FRAME_RATES.contains(rate));
        self.view = View::Fit;
        self.in_view = false;
        self.alignment = self.settings.alignment_of(&pairing).unwrap_or_default();
        self.range = self.settings.range_of(&pairing);
        self.pairing = pairing;
        self.layers = LayerViews::default();
        let suspected = self.settings.suspected;
        self.selection_mut().set_suspected(suspected);
        self.settings.playback.pause();
    }

    /// More is known of the tracks of a layer.
    pub fn tracks_changed(&mut self, layer: LayerId, tracks: Arc<TrackTable>) {
        if let Some(view) = self.layers.get_mut(layer) {
            view.selection.set_tracks(tracks);
        }
    }

    /// The viewport is so large now, in points. What was to be shown is, once the size is known.
    pub fn set_viewport_size(&mut self, size: [f64; 2]) {
        self.viewport_size = size;
        if size.iter().all(|side| *side > 1.0)
            && let Some(Region { left, top, width, height }) = self.wanted_region.take()
        {
            let zoom = (size[0] / width).min(size[1] / height);
            self.view = View::Free { zoom, center: [left + width / 2.0, top + height / 2.0] };
        }
    }

    /// The part of the picture that the viewport shows.
    #[must_use]
    pub fn region(&self) -> Region {
        let transform = self.view.transform(self.picture_size, self.viewport_size);
        let [left, top] = transform.to_picture([0.0, 0.0]);
        let [right, bottom] = transform.to_picture(self.viewport_size);
        Region { left, top, width: right - left, height: bottom - top }
    }

    /// The track that is selected, by its layer's place.
    #[must_use]
    pub fn picked(&self) -> Option<PickedTrack> {
        let active = self.layers.active();
        let before = self.layers.all().iter().filter(|view| view.id < active.id).count();
        Some(PickedTrack { layer: before + 1, id: active.selection.id()? })
    }

    /// Selects what was to be, where its layer is there by now.
    pub fn pick_wanted(&mut self) {
        let Some(PickedTrack { layer, id }) = self.wanted_track else { return };
        // Those of a sequence that was just opened are numbered as they were named.
        let layer = LayerId(u32::try_from(layer).unwrap_or(u32::MAX));
        if self.layers.get(layer).is_some() {
            self.wanted_track = None;
            self.layers.activate(layer);
            self.selection_mut().select(Some(id));
        }
    }

    /// A layer was added.
    pub fn layer_added(&mut self, layer: LayerId) {
        self.layers.add(layer);
        if let Some(view) = self.layers.get_mut(layer) {
            view.selection.set_suspected(self.settings.suspected);
        }
        self.pick_wanted();
    }

    /// What is selected and shown of the active layer.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.layers.active().selection
    }

    fn selection_mut(&mut self) -> &mut Selection {
        &mut self.layers.active_mut().selection
    }

    /// As [`Self::opened`], with other annotations of the same sequence, or the same anew: they are
    /// compared at the same place, and by the same filter. Ids are each file's own.
    pub fn opened_beside(
        &mut self,
        pairing: Pairing,
        frames: Arc<Frames>,
        frame_rate: Option<f64>,
        frame: Option<u32>,
    ) {
        let (view, layers) = (self.view, self.layers.reloaded());
        let is_other = pairing[0] != self.pairing[0];
        self.opened(pairing, frames, frame_rate, frame);
        self.view = view;
        self.layers = layers;
        let mut filter = self.selection().sieve().filter.clone();
        if is_other {
            filter.ids = IdList::default();
        }
        let suspected = self.settings.suspected;
        self.selection_mut().set_filter(filter);
        self.selection_mut().set_suspected(suspected);
    }

    /// Shows other boxes.
    pub fn set_filter(&mut self, filter: Filter) {
        self.selection_mut().set_filter(filter);
    }

    /// Keeps the selected track in the middle of the view; `bounds` are left, top, right and bottom of its
    /// box in pixels.
    pub fn keep_in_view(&mut self, [left, top, right, bottom]: [f64; 4]) {
        /// Share of the viewport that a box takes where the whole picture was seen before.
        const SHARE: f64 = 0.25;
        let zoom = match self.view {
            View::Free { zoom, .. } => zoom,
            View::Fit => {
                let fit = View::Fit.transform(self.picture_size, self.viewport_size).zoom;
                let room = self.viewport_size[1] * SHARE / (bottom - top).max(1.0);
                room.clamp(fit, fit.max(4.0))
            }
        };
        let center = [f64::midpoint(left, right), f64::midpoint(top, bottom)];
        self.view = View::Free { zoom, center };
    }

    /// More frames are known now; `grown` says whether the annotations reach further than before.
    pub fn frames_changed(&mut self, frames: Arc<Frames>, grown: bool, now: f64) {
        let was_empty = self.frames.is_empty();
        let last_of = |frames: &Frames| frames.at_rank(frames.len().checked_sub(1)?);
        let (rank, last) = (self.rank(), last_of(&self.frames));
        self.frames = frames;
        let new_last = last_of(&self.frames);
        if grown && self.settings.follow && Some(self.current) == last && !self.is_playing() {
            // Who looks at the end wants to see what comes.
            self.current = new_last.unwrap_or(self.current);
        }
        if was_empty && !self.frames.is_empty() && !self.frames.exists(self.current) {
            self.current = self.frames.at_rank(0).unwrap_or(self.current);
        }
        let within = self.frames.first()..=self.frames.last();
        if std::mem::take(&mut self.aligned_anew) && !within.contains(&self.current) {
            self.current = self.frames.nearest(self.current);
        }
        if self.rank() != rank {
            self.settings.playback.moved(now, self.rank());
        }
    }

    /// Frames a second to play at, before the speed.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.frame_rate.unwrap_or(DEFAULT_FRAME_RATE)
    }

    /// How many existing frames come before the current one.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.frames.rank(self.current)
    }

    /// Whether it plays.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.settings.playback.is_playing()
    }

    /// Lets time pass: while playing, moves to the frame that is due. Returns the seconds until
    /// the next one is due.
    pub fn tick(&mut self, now: f64) -> Option<f64> {
        let rate = self.rate();
        let due = self.settings.playback.tick(now, rate, self.frames.len())?;
        self.current = self.frames.at_rank(due.rank).unwrap_or(self.current);
        due.next_in
    }

    /// Whether a panel is the one that is in front beside the picture.
    #[must_use]
    pub fn shows(&self, tab: Tab) -> bool {
        self.settings.panel && self.settings.tab == tab
    }

    /// Panels were arranged: this one is in front now, or none is left to be seen.
    pub fn arranged(&mut self, front: Option<Tab>) {
        self.settings.panel &= front.is_some();
        self.settings.tab = front.unwrap_or(self.settings.tab);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::{CacheKind, Command, Tuning};

    fn inspector(existing: &[u32]) -> Inspector {
        let counts = existing.iter().map(|frame| (*frame, 1));
        let mut inspector = Inspector::default();
        inspector.opened(
            Pairing::default(),
            Arc::new(Frames::new(counts, std::iter::empty(), None)),
            Some(10.0),
            None,
        );
        inspector
    }

    #[test]
    fn another_file_of_the_sequence_is_seen_at_the_same_place_and_by_the_same_filter() {
        let view = View::Free { zoom: 2.0, center: [10.0, 20.0] };
        let ids = IdList::parse("3").expect("ids");
        let filter = Filter { confidence: Some(0.5), ids, ..Filter::default() };
        let pairing = |name: &str| [Some(name.into()), None];
        for (next, same) in [("a.txt", true), ("b.txt", false)] {
            let mut inspector = inspector(&[1, 2]);
            (inspector.pairing, inspector.view) = (pairing("a.txt"), view);
            inspector.set_filter(filter.clone());
            inspector.opened_beside(pairing(next), Arc::default(), None, Some(2));
            assert_eq!((inspector.view, inspector.current), (view, 2));
            let found = &inspector.selection().sieve().filter;
            assert_eq!(found.confidence, Some(0.5));
            assert_eq!(found.ids == filter.ids, same, "ids are each file's own");
        }
    }

    #[test]
    fn walking_goes_over_existing_frames_and_stops_playing() {
        let mut inspector = inspector(&[3, 5, 8, 13, 21]);
        assert_eq!(inspector.current, 3);
        inspector.apply(Command::PlayPause, 0.0);
        inspector.apply(Command::Step(2), 0.0);
        assert!(inspector.current == 8 && !inspector.is_playing());
        inspector.apply(Command::Last, 0.0);
        assert_eq!(inspector.current, 21);
        inspector.apply(Command::GoTo(6), 0.0);
        assert_eq!(inspector.current, 6, "an absent frame can be looked at");
        inspector.apply(Command::GoTo(4_000_000), 0.0);
        assert_eq!(inspector.current, 21);
    }

    #[test]
    fn playing_follows_the_clock_and_a_scrub_goes_on_from_there() {
        let mut inspector = inspector(&(1..=100).collect::<Vec<u32>>());
        inspector.apply(Command::PlayPause, 50.0);
        assert!(inspector.tick(50.55).is_some());
        assert_eq!(inspector.current, 6);
        inspector.apply(Command::GoTo(70), 50.6);
        inspector.tick(50.71);
        assert_eq!(inspector.current, 71);
        inspector.apply(Command::SetSpeed(8.0), 50.71);
        assert_eq!(inspector.tick(60.0), None);
        assert!(inspector.current == 100 && !inspector.is_playing());
    }

    #[test]
    fn commands_for_the_world_outside_are_returned() {
        let mut inspector = inspector(&[1]);
        assert_eq!(inspector.apply(Command::OpenFile, 0.0), Some(Effect::PickFile));
        assert_eq!(inspector.apply(Command::Step(1), 0.0), None);
    }

    #[test]
    fn following_stays_at_the_end_for_whoever_is_there() {
        let mut inspector = inspector(&[1, 2, 3]);
        let grown =
            |last| Arc::new(Frames::new((1..=last).map(|f| (f, 1)), std::iter::empty(), None));
        inspector.apply(Command::Last, 0.0);
        inspector.frames_changed(grown(5), true, 0.0);
        assert_eq!(inspector.current, 3, "not asked for");
        inspector.apply(Command::ToggleFollow, 0.0);
        inspector.frames_changed(grown(7), true, 0.0);
        assert_eq!(inspector.current, 3, "not at the end");
        inspector.apply(Command::Last, 0.0);
        inspector.frames_changed(grown(8), false, 0.0);
        assert_eq!(inspector.current, 7, "only pictures came");
        inspector.apply(Command::Last, 0.0);
        inspector.frames_changed(grown(9), true, 0.0);
        assert_eq!(inspector.current, 9);
    }

    #[test]
    fn a_cache_is_tuned_within_what_is_possible() {
        let mut inspector = inspector(&[1]);
        let kind = CacheKind::Pictures;
        let odd = Tuning { max_keys: 0, workers: 999, ..Tuning::of(kind) };
        inspector.apply(Command::Tune(kind, odd), 0.0);
        let tuned = inspector.settings.tuning[kind];
        assert_eq!((tuned.max_keys, tuned.workers), (1, Tuning::MOST_WORKERS));
        inspector.apply(Command::TuneAsAtFirst(kind), 0.0);
        assert_eq!(inspector.settings.tuning[kind], Tuning::of(kind));
    }

    #[test]
    fn frames_that_become_known_do_not_move_the_person() {
        let mut inspector = inspector(&[1, 2, 3]);
        inspector.apply(Command::Last, 0.0);
        let more = Frames::new((1..=9).map(|f| (f, 1)), std::iter::empty(), None);
        inspector.frames_changed(Arc::new(more), true, 0.0);
        assert_eq!((inspector.current, inspector.frames.len()), (3, 9));
    }
}
