//! What each command does to the state.

use super::{Effect, Inspector};
use crate::inspector::{Arrange, Command, Tuning, View};

/// One press of a zoom key.
const ZOOM_STEP: f64 = 1.25;

impl Inspector {
    /// Carries out a command at time `now`, in seconds. What it asks of the world outside is
    /// returned.
    pub fn apply(&mut self, command: Command, now: f64) -> Option<Effect> {
        let effect = self.carry_out(command, now);
        self.in_view &= self.selection().id().is_some();
        effect
    }

    #[expect(clippy::too_many_lines, reason = "a line for each command, and none forgotten")]
    fn carry_out(&mut self, command: Command, now: f64) -> Option<Effect> {
        let (picture, viewport) = (self.picture_size, self.viewport_size);
        let middle = viewport.map(|side| side / 2.0);
        match command {
            // What is opened and saved.
            Command::OpenFile => return Some(Effect::PickFile),
            Command::OpenFolder => return Some(Effect::PickFolder),
            Command::OpenPath => return Some(Effect::TypePath),
            Command::OpenVideo => return Some(Effect::PickVideo),
            Command::OpenDemo => return Some(Effect::OpenDemo),
            Command::CancelOpening => return Some(Effect::CancelOpening),
            Command::Sequence(way) => return Some(Effect::Sequence(way)),
            Command::Reload => return Some(Effect::Reload),
            Command::ReadAs(columns) => return Some(Effect::ReadAs(columns)),
            Command::PauseCounting => return Some(Effect::PauseCounting),
            Command::RetryPicture => return Some(Effect::RetryPicture),
            Command::Export(export) => return Some(Effect::Export(export)),
            Command::CopyView => return Some(Effect::CopyView),
            Command::SaveView => return Some(Effect::SaveView),
            Command::CopyLink => return Some(Effect::CopyLink),
            Command::RenderFrames => return Some(Effect::RenderFrames),
            Command::Quit => return Some(Effect::Quit),
            Command::ToggleFollow => self.settings.follow ^= true,
            Command::Align(alignment) => self.align(alignment),
            Command::SetRange(range) => {
                self.range = range;
                self.settings.set_range(&self.pairing, range);
            }
            // Layers.
            Command::AddLayers => return Some(Effect::PickLayer),
            Command::NextRole(layer) => return Some(Effect::NextRole(layer)),
            Command::ShiftLayer(layer, by) => return Some(Effect::ShiftLayer(layer, by)),
            Command::RemoveLayer(layer) => {
                self.layers.remove(layer);
                return Some(Effect::RemoveLayer(layer));
            }
            Command::Activate(layer) => self.layers.activate(layer),
            Command::ToggleLayer(layer) => self.layers.toggle(layer),
            Command::Flip(place) => self.layers.flip(place),
            Command::SideBySide => self.layers.toggle_side_by_side(),
            Command::AddViewport => self.layers.add_viewport(),
            Command::CloseViewport(place) => self.layers.viewports_mut().close(place),
            Command::Wipe => self.layers.toggle_wipe(),
            Command::MoveWipe(to) => self.layers.viewports_mut().move_wipe(to),
            Command::ShowIn(place, layer) => self.layers.viewports_mut().toggle_layer(place, layer),
            Command::SetOpacity(layer, percent) => self.layers.set_opacity(layer, percent),
            Command::MoveLayer(layer, place) => self.layers.reorder(layer, place),
            // Frames.
            Command::AskFrame => return Some(Effect::TypeFrame),
            Command::GoTo(frame) => self.scrub_to(frame, now),
            Command::Step(by) => self.walk_to(self.frames.step(self.current, by.into())),
            Command::First => self.walk_to(self.frames.at_rank(0).unwrap_or(self.current)),
            Command::Last => {
                let last = self.frames.len().checked_sub(1);
                let frame = last.and_then(|rank| self.frames.at_rank(rank));
                self.walk_to(frame.unwrap_or(self.current));
            }
            Command::PlayPause => self.play_or_pause(now),
            Command::Faster => self.set_speed(self.settings.playback.next_speed(true), now),
            Command::Slower => self.set_speed(self.settings.playback.next_speed(false), now),
            Command::SetSpeed(speed) => self.set_speed(speed, now),
            Command::ToggleLoop => self.settings.playback.looping ^= true,
            // Tracks.
            Command::Back => self.go_back(),
            Command::Select(id) => self.selection_mut().select(Some(id)),
            Command::SelectIn(layer, id) => {
                self.layers.activate(layer);
                self.selection_mut().select(Some(id));
            }
            Command::SelectAt(id, frame) => {
                self.selection_mut().select(Some(id));
                self.visit(Some(frame), now);
            }
            Command::ToggleIsolate => self.selection_mut().toggle_isolated(),
            Command::ToggleInView => self.in_view ^= true,
            Command::HideTrack => self.selection_mut().hide_selected(),
            Command::ShowAll => self.selection_mut().show_all(),
            Command::TrackStart => {
                self.visit(self.selection().track().map(|track| track.first), now);
            }
            Command::TrackEnd => self.visit(self.selection().track().map(|track| track.last), now),
            Command::Gap(way) => {
                let gap = self.selection().gap(&self.frames, self.current, way.is_next());
                self.visit(gap, now);
            }
            Command::Beginning(way) => {
                let track = self.selection().beginning(self.current, way.is_next());
                let found = track.map(|track| (track.id, track.first));
                if let Some((id, _)) = found {
                    self.selection_mut().select(Some(id));
                }
                self.visit(found.map(|(_, first)| first), now);
            }
            Command::Suspicion(way) => {
                let current = self.current;
                let hop = self.selection_mut().hop(current, way.is_next());
                self.visit(hop, now);
            }
            Command::SuspicionAt(place) => {
                let hop = self.selection_mut().hop_to(place);
                self.visit(hop, now);
            }
            Command::Suspect(suspected) => {
                self.settings.suspected = suspected;
                self.layers.for_each(|view| view.selection.set_suspected(suspected));
            }
            // The view.
            Command::Fit => self.view = View::Fit,
            Command::ActualSize => self.view = self.view.actual_size(picture, viewport),
            Command::ZoomIn => self.view = self.view.zoomed(ZOOM_STEP, middle, picture, viewport),
            Command::ZoomOut => {
                self.view = self.view.zoomed(1.0 / ZOOM_STEP, middle, picture, viewport);
            }
            Command::ZoomAt { factor, at } => {
                self.view = self.view.zoomed(factor, at, picture, viewport);
            }
            Command::Pan(by) => self.view = self.view.panned(by, picture, viewport),
            Command::ToggleLabels => self.settings.labels ^= true,
            Command::ToggleTheme => self.settings.dark ^= true,
            Command::SetColors(by) => self.settings.color_by = by,
            Command::NextColors => self.settings.color_by = self.settings.color_by.next(),
            Command::WholeLife(on) => self.settings.whole_life = on,
            Command::SetTrails(trails) => self.settings.trails = trails,
            Command::ToggleTrails => self.settings.trails.on ^= true,
            // Panels.
            Command::TogglePanel => self.settings.panel ^= true,
            Command::ShowTab(tab) => return Some(self.arrange(Arrange::Show(tab))),
            Command::Arrange(Arrange::Close(_)) if !self.settings.panel => {}
            Command::Arrange(arrange) => return Some(self.arrange(arrange)),
            Command::ToggleLanes => self.settings.lanes ^= true,
            Command::ToggleLive => self.settings.live ^= true,
            Command::ToggleHelp => self.help ^= true,
            Command::TogglePalette => self.palette ^= true,
            Command::Welcomed => self.settings.welcomed = true,
            // The caches.
            Command::SelectCache(kind) => self.settings.cache = kind,
            Command::Tune(kind, tuning) => self.settings.tuning[kind] = tuning.clamped(),
            Command::TuneAsAtFirst(kind) => self.settings.tuning[kind] = Tuning::of(kind),
        }
        None
    }

    fn align(&mut self, alignment: crate::media::Alignment) {
        self.aligned_anew |= self.alignment != alignment;
        self.alignment = alignment;
        self.settings.align(&self.pairing, alignment);
    }

    /// Goes to a frame, and plays on from there where it plays.
    fn scrub_to(&mut self, frame: u32, now: f64) {
        self.current = frame.clamp(self.frames.first(), self.frames.last());
        self.settings.playback.moved(now, self.rank());
    }

    /// A step by hand ends playing: the person wants to look.
    fn walk_to(&mut self, frame: u32) {
        self.settings.playback.pause();
        self.current = frame;
    }

    /// Goes to a place that was found, if one was, to look at it.
    fn visit(&mut self, frame: Option<u32>, now: f64) {
        if let Some(frame) = frame {
            self.settings.playback.pause();
            self.scrub_to(frame, now);
        }
    }

    fn play_or_pause(&mut self, now: f64) {
        let (rank, frames) = (self.rank(), self.frames.len());
        let playback = &mut self.settings.playback;
        if playback.is_playing() {
            playback.pause();
        } else {
            playback.play(now, rank, frames);
        }
    }

    fn set_speed(&mut self, speed: f64, now: f64) {
        let rank = self.rank();
        self.settings.playback.set_speed(speed, now, rank);
    }

    /// Puts away what is in front, one at a time.
    fn go_back(&mut self) {
        if self.palette {
            self.palette = false;
        } else if self.help {
            self.help = false;
        } else {
            self.in_view = false;
            self.selection_mut().select(None);
        }
    }

    /// Names the panel that is meant. What is arranged is to be seen, unless it is put away.
    fn arrange(&mut self, arrange: Arrange) -> Effect {
        self.settings.panel |= !matches!(arrange, Arrange::Close(_));
        if let Arrange::Show(tab) | Arrange::Move(Some(tab), _) = arrange {
            self.settings.tab = tab;
        }
        Effect::Arrange(arrange.of(self.settings.tab))
    }
}
