//! The lives of the tracks, a lane each, under the timeline. Only the lanes that are seen are drawn.

use super::{Shown, counted, grouped};
use crate::{
    analysis::{Track, TrackTable},
    inspector::{Command, Frames, Selection, layer_color, scene::Look, text_on},
    model::{FrameDetections, LayerId, TrackId},
    ui::theme,
};
use egui::{self, Mesh, Pos2, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use std::{collections::HashMap, sync::Arc};

/// Height of a lane in points.
const LANE: f32 = 13.0;
/// Frames that are seen at least.
const NEAREST: f64 = 20.0;

/// The lanes of a layer, one below the other.
struct Group {
    layer: LayerId,
    tracks: Arc<TrackTable>,
    /// The tracks that have a lane, by start, where not all have.
    rows: Option<Arc<[u32]>>,
    /// The row of its head, where it has one, and of its first lane.
    head: Option<usize>,
    begin: usize,
    count: usize,
}

impl Group {
    fn track(&self, row: usize) -> Option<&Track> {
        let row = row.checked_sub(self.begin).filter(|row| *row < self.count)?;
        track_at(&self.tracks, self.rows.as_deref(), row)
    }
}

/// A lane that is seen: where its top is, and the track.
struct Lane<'a> {
    top: f32,
    group: &'a Group,
    track: &'a Track,
}

/// The tracks that have a lane, and what that was found out of.
struct Here {
    boxes: Option<Arc<FrameDetections>>,
    window: Option<[f64; 2]>,
    tracks: Arc<TrackTable>,
    rows: Arc<[u32]>,
}

/// What the lanes keep between repaints.
#[derive(Default)]
pub struct Lanes {
    /// First frame and number of frames that are seen; all where nothing is set.
    window: Option<[f64; 2]>,
    on_frame: bool,
    /// The rows of each layer's tracks that are seen, by start.
    here: HashMap<LayerId, Here>,
    scrolled_to: Option<TrackId>,
    /// The frame that the lanes were last scrolled for.
    followed: Option<u32>,
    /// The part that was seen last, in points.
    seen: (f32, f32),
}

impl Lanes {
    /// Lets go of the last sequence.
    pub fn clear(&mut self) {
        *self = Self { on_frame: self.on_frame, ..Self::default() };
    }

    /// Shows the lanes.
    pub fn show(&mut self, ui: &mut Ui, shown: &mut Shown<'_>) {
        let frames = Arc::clone(&shown.inspector.frames);
        let views = seen(shown);
        let all: usize = views.iter().map(|(_, own)| own.tracks().tracks().len()).sum();
        self.head(ui, shown, all, views.len());
        if all == 0 || frames.is_empty() {
            return;
        }
        self.window = self.kept_in_range(&frames, shown.inspector.current);
        let groups = self.groups(shown, &views);
        let count = groups.last().map_or(0, |group| group.begin + group.count);
        let mut area = ScrollArea::vertical().id_salt("lanes").auto_shrink(false);
        let active = shown.inspector.layers.active().id;
        let own = groups.iter().find(|group| group.layer == active);
        if let Some(row) = own.and_then(|group| self.row_to_see(shown, group, count)) {
            let offset = (row as f32 + 0.5) * LANE - ui.available_height() / 2.0;
            area = area.vertical_scroll_offset(offset.max(0.0));
        }
        area.show_viewport(ui, |ui, seen| {
            self.seen = (seen.top(), seen.bottom());
            ui.set_height(count as f32 * LANE);
            let top = ui.max_rect().top();
            let rect = Rect::from_x_y_ranges(
                ui.max_rect().x_range(),
                top + seen.top()..=top + seen.bottom(),
            );
            let rows = self.lanes_seen(count);
            let top_of = |row: usize| top + row as f32 * LANE;
            let lane = |row: usize| {
                let lane = |group| Some(Lane { top: top_of(row), group, track: group.track(row)? });
                groups.iter().find_map(lane)
            };
            let lanes: Vec<Lane<'_>> = rows.filter_map(lane).collect();
            self.lanes(ui, shown, rect, &lanes, &frames);
            for group in &groups {
                let Some(head) = group.head.map(top_of) else { continue };
                let rect = Rect::from_x_y_ranges(rect.x_range(), head..=head + LANE);
                group_head(ui, shown, group, rect);
            }
        });
    }

    /// The lanes of layers, one group below the other; of a single one without a head.
    fn groups(&mut self, shown: &Shown<'_>, views: &[(LayerId, &Selection)]) -> Vec<Group> {
        self.here.retain(|layer, _| views.iter().any(|(drawn, _)| drawn == layer));
        let several = views.len() > 1;
        let mut begin = 0;
        let groups = views.iter().map(|&(layer, selection)| {
            let tracks = Arc::clone(&selection.sieve().tracks);
            let rows = self.rows(shown, layer, &tracks);
            let count = rows.as_ref().map_or(tracks.tracks().len(), |rows| rows.len());
            let head = several.then_some(begin);
            begin += usize::from(several);
            let group = Group { layer, tracks, rows, head, begin, count };
            begin += count;
            group
        });
        groups.collect()
    }

    /// The lane to scroll to, if it is out of sight: that of a track just selected or, where none is and
    /// no track that is seen lives on the frame that was just gone to, of the last begun that does.
    fn row_to_see(&mut self, shown: &Shown<'_>, group: &Group, all: usize) -> Option<usize> {
        /// Lanes that are looked at for one; in a long sequence most have ended.
        const NEAR: usize = 4096;
        let (tracks, rows) = (&*group.tracks, group.rows.as_deref());
        let (selection, current) = (shown.inspector.selection(), shown.inspector.current);
        let chosen = selection.id();
        if std::mem::replace(&mut self.scrolled_to, chosen) != chosen {
            let track = selection.track()?;
            let row = match rows {
                Some(rows) => {
                    rows.iter().position(|at| tracks.tracks()[*at as usize].id == track.id)
                }
                None => row_of(tracks, track),
            };
            let row = row.map(|row| row + group.begin);
            let middle = |row: &usize| (*row as f32 + 0.5) * LANE;
            return row.filter(|row| !(self.seen.0..self.seen.1).contains(&middle(row)));
        }
        let lives = |row: &usize| {
            let track = group.track(*row);
            track.is_some_and(|track| (track.first..=track.last).contains(&current))
        };
        // Not before it is known which are seen.
        let went =
            group.count > 0 && self.seen.1 > 0.0 && self.followed.replace(current) != Some(current);
        if !went || chosen.is_some() || self.lanes_seen(all).any(|row| lives(&row)) {
            return None;
        }
        let begun = match rows {
            Some(rows) => rows.partition_point(|at| tracks.tracks()[*at as usize].first <= current),
            None => tracks.begun_before(current.saturating_add(1)),
        };
        (group.begin..group.begin + begun).rev().take(NEAR).find(lives)
    }

    /// Those that were seen last.
    fn lanes_seen(&self, count: usize) -> std::ops::Range<usize> {
        let first = (self.seen.0 / LANE).floor().max(0.0) as usize;
        first..((self.seen.1 / LANE).ceil() as usize).min(count)
    }

    fn head(&mut self, ui: &mut Ui, shown: &mut Shown<'_>, tracks: usize, layers: usize) {
        ui.horizontal(|ui| {
            let title = counted(tracks as u64, "track");
            let title = if layers > 1 { format!("{title} of {layers} layers") } else { title };
            ui.label(RichText::new(title).font(theme::small()).color(shown.palette.weak));
            let tip = "Only lanes of tracks that are on this frame";
            let text = RichText::new("on this frame").font(theme::small());
            ui.checkbox(&mut self.on_frame, text).on_hover_text(tip);
            self.zoom_buttons(ui, shown);
            if let Some([_, span]) = self.window {
                let text = format!("{} in view", counted(span.round() as u64, "frame"));
                ui.label(RichText::new(text).font(theme::small()).color(shown.palette.weak));
                if ui.small_button("All frames").on_hover_text("Show the whole sequence").clicked()
                {
                    self.window = None;
                }
            } else {
                let text = "or with Ctrl and the wheel";
                ui.label(RichText::new(text).font(theme::small()).color(shown.palette.weak));
            }
        });
    }

    /// Looks closer or farther around the frame that is shown, as Ctrl and the wheel do at the pointer.
    fn zoom_buttons(&mut self, ui: &mut Ui, shown: &Shown<'_>) {
        let frames = &shown.inspector.frames;
        let all = frames.span() as f64;
        let span = self.window.map_or(all, |[_, span]| span);
        for (face, name, factor) in [("+", "Look closer", 0.5), ("−", "Look farther", 2.0)] {
            let button = ui.small_button(face).on_hover_text(format!("{name} at the lanes"));
            if button.accessible_name(name).clicked() {
                let span = (span * factor).max(NEAREST);
                self.window = Some([f64::from(shown.inspector.current) - span / 2.0, span]);
            }
        }
    }

    /// The window follows the frame that is shown.
    fn kept_in_range(&self, frames: &Frames, current: u32) -> Option<[f64; 2]> {
        let [begin, span] = self.window?;
        let (first, all) = (f64::from(frames.first()), frames.span() as f64);
        if span >= all {
            return None;
        }
        let current = f64::from(current);
        let seen = (begin..begin + span).contains(&current);
        let begin = if seen { begin } else { current - span / 2.0 };
        Some([begin.clamp(first, first + all - span), span])
    }

    /// The tracks that have a lane, by start, where not all have: those on the frame that is shown, and
    /// those in the part of the sequence that is seen.
    fn rows(
        &mut self,
        shown: &Shown<'_>,
        layer: LayerId,
        tracks: &Arc<TrackTable>,
    ) -> Option<Arc<[u32]>> {
        if !self.on_frame && self.window.is_none() {
            return None;
        }
        let showing = shown.session.and_then(|session| session.showing());
        let boxes = self
            .on_frame
            .then(|| showing.and_then(|showing| showing.boxes(layer)).cloned().unwrap_or_default());
        let window = self.window;
        let same = |here: &Here| {
            let same_boxes = match (&here.boxes, &boxes) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            };
            same_boxes && here.window == window && Arc::ptr_eq(&here.tracks, tracks)
        };
        if !self.here.get(&layer).is_some_and(same) {
            let all = tracks.tracks();
            let seen = |at: &u32| {
                let track = &all[*at as usize];
                window.is_none_or(|[begin, span]| {
                    f64::from(track.first) < begin + span && f64::from(track.last) + 1.0 > begin
                })
            };
            let rows = match &boxes {
                None => tracks.by_start().iter().copied().filter(seen).collect(),
                Some(boxes) => {
                    let ids = boxes.detections.iter().map(|detection| detection.id);
                    let places = ids.filter_map(|id| all.binary_search_by_key(&id, |t| t.id).ok());
                    let mut rows: Vec<u32> =
                        places.map(|place| place as u32).filter(seen).collect();
                    rows.sort_by_key(|at| (all[*at as usize].first, *at));
                    rows.dedup();
                    rows
                }
            };
            let tracks = Arc::clone(tracks);
            self.here.insert(layer, Here { boxes, window, tracks, rows: rows.into() });
        }
        self.here.get(&layer).map(|here| Arc::clone(&here.rows))
    }

    fn lanes(
        &mut self,
        ui: &mut Ui,
        shown: &mut Shown<'_>,
        rect: Rect,
        lanes: &[Lane<'_>],
        frames: &Frames,
    ) {
        let response = ui.interact(rect, ui.scope_id().with("lanes"), Sense::click());
        let tracks = shown.inspector.selection().tracks().tracks().len();
        let about = format!("Track lanes, {}", counted(tracks as u64, "track"));
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, about.clone()));
        let scale = Scale::new(rect, frames, self.window);
        let painter = ui.painter_at(rect);
        let active = shown.inspector.layers.active().id;
        let chosen = shown.inspector.selection().id();
        let mut mesh = Mesh::default();
        for Lane { top, group, track } in lanes {
            let lane = Rect::from_x_y_ranges(rect.x_range(), *top + 1.0..=*top + LANE - 1.0);
            let picked = chosen == Some(track.id) && group.layer == active;
            if picked {
                mesh.add_colored_rect(lane.expand2(vec2(0.0, 1.0)), shown.palette.raised);
            }
            let faded = chosen.is_some() && !picked;
            let color = theme::color(look_of(shown, group.layer).color_of_track(track));
            let color = if faded { color.gamma_multiply(0.55) } else { color };
            for piece in group.tracks.pieces(track) {
                let (left, right) = (scale.left_of(piece.first), scale.left_of(piece.last + 1));
                if right < rect.left() || left > rect.right() {
                    continue;
                }
                // However short, it is seen.
                let bar =
                    Rect::from_x_y_ranges(left..=right.max(left + 2.0), lane.y_range().shrink(1.0));
                mesh.add_colored_rect(bar.intersect(rect), color);
            }
            let ends = (scale.left_of(track.first), scale.left_of(track.last + 1));
            if track.gaps > 0 {
                // A thin line across the gaps shows what belongs together.
                let line = Rect::from_x_y_ranges(
                    ends.0.max(rect.left())..=ends.1.min(rect.right()),
                    lane.center().y - 0.5..=lane.center().y + 0.5,
                );
                if line.is_positive() {
                    mesh.add_colored_rect(line, color.gamma_multiply(0.5));
                }
            }
        }
        painter.add(mesh);
        labels(&painter, shown, rect, lanes, &scale);
        let middle = scale
            .left_of(shown.inspector.current)
            .midpoint(scale.left_of(shown.inspector.current.saturating_add(1)));
        painter.vline(middle, rect.y_range(), (1.5, shown.palette.accent));
        self.pointed(ui, shown, &response, lanes, &scale, frames);
    }

    /// Click, hover, and the wheel with Ctrl held down.
    fn pointed(
        &mut self,
        ui: &Ui,
        shown: &mut Shown<'_>,
        response: &egui::Response,
        lanes: &[Lane<'_>],
        scale: &Scale,
        frames: &Frames,
    ) {
        let Some(pointer) = response.hover_pos() else { return };
        let frame = frames.nearest(scale.frame_at(pointer.x));
        let zoom = ui.input(egui::InputState::zoom_delta);
        let sideways = ui.input(|input| input.smooth_scroll_delta().x);
        if zoom != 1.0 || sideways != 0.0 {
            let [begin, span] = scale.window;
            let narrow = (span / f64::from(zoom)).max(NEAREST);
            let share = f64::from((pointer.x - scale.rect.left()) / scale.rect.width().max(1.0));
            let moved = -f64::from(sideways) / f64::from(scale.rect.width()) * span;
            self.window = Some([begin + (span - narrow) * share + moved, narrow]);
        }
        let under = lanes.iter().find(|lane| (lane.top..lane.top + LANE).contains(&pointer.y));
        let Some(Lane { group, track, .. }) = under else { return };
        // Beside its life, where it begins or ends.
        let frame = frame.clamp(track.first, track.last);
        if response.clicked() {
            shown.command(Command::Activate(group.layer));
            shown.command(Command::SelectAt(track.id, frame));
        }
        let gaps = match track.gaps {
            0 => String::new(),
            gaps => format!(", {}", counted(u64::from(gaps), "gap")),
        };
        let text = format!(
            "Track {}: frames {} to {}{gaps}\nClick to go to frame {frame}",
            track.id,
            grouped(u64::from(track.first)),
            grouped(u64::from(track.last)),
        );
        response.clone().on_hover_text_at_pointer(text);
    }
}

/// Ids, where a lane begins and there is room before it, or inside of it.
fn labels(
    painter: &egui::Painter,
    shown: &Shown<'_>,
    rect: Rect,
    lanes: &[Lane<'_>],
    scale: &Scale,
) {
    /// Between an id and its lane.
    const BETWEEN: f32 = 4.0;
    let font = egui::FontId::proportional(10.0);
    for Lane { top, group, track } in lanes {
        let (left, right) = (scale.left_of(track.first), scale.left_of(track.last + 1));
        let middle = top + LANE / 2.0;
        let weak = shown.palette.weak;
        let id = painter.layout_no_wrap(track.id.to_string(), font.clone(), weak);
        let room = id.size().x + 2.0 * BETWEEN;
        let (x, color) = if left - rect.left() > room {
            (left.min(rect.right()) - BETWEEN - id.size().x, weak)
        } else if rect.right() - right > room {
            (right.max(rect.left()) + BETWEEN, weak)
        } else {
            // In the bar itself, where it is seen from side to side.
            let color = look_of(shown, group.layer).color_of_track(track);
            let color = theme::color(text_on(color));
            (left.max(rect.left()) + BETWEEN, color)
        };
        let top = middle - id.size().y / 2.0;
        painter.galley_with_override_text_color(Pos2::new(x, top), id, color);
    }
}

/// The layers that are drawn, in the order of the list; where none is, the active one.
fn seen<'a>(shown: &Shown<'a>) -> Vec<(LayerId, &'a Selection)> {
    let layers = &shown.inspector.layers;
    let drawn = layers.all().iter().filter(|view| layers.is_drawn(view.id));
    let mut views: Vec<_> = drawn.map(|view| (view.id, &view.selection)).collect();
    if views.is_empty() {
        views.push((layers.active().id, &layers.active().selection));
    }
    views
}

/// How the boxes of a layer are drawn.
fn look_of<'a>(shown: &Shown<'a>, layer: LayerId) -> &'a Look {
    let drawn = shown.looks.iter().find(|look| look.layer == layer);
    drawn.map_or(shown.look, |drawn| &drawn.look)
}

/// The name of the layer whose lanes follow.
fn group_head(ui: &Ui, shown: &Shown<'_>, group: &Group, rect: Rect) {
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
    painter.rect_filled(rect, 0.0, shown.palette.panel);
    let place = shown.inspector.layers.all().iter().position(|view| view.id == group.layer);
    let layer = shown.session.and_then(|session| session.layer(group.layer));
    let (Some(place), Some(layer)) = (place, layer) else { return };
    let swatch = Rect::from_min_size(rect.min + vec2(2.0, 3.0), vec2(8.0, LANE - 6.0));
    painter.rect_filled(swatch, 1.0, theme::color(layer_color(place)));
    let name = crate::text::line(&layer.name);
    let text = format!("{} {name}, {}", place + 1, counted(group.count as u64, "track"));
    let at = Pos2::new(swatch.right() + 4.0, rect.center().y);
    let is_active = shown.inspector.layers.active().id == group.layer;
    let color = if is_active { shown.palette.text } else { shown.palette.weak };
    painter.text(at, egui::Align2::LEFT_CENTER, text, egui::FontId::proportional(10.0), color);
}

/// The track of a lane, where these have one, or all.
fn track_at<'t>(tracks: &'t TrackTable, rows: Option<&[u32]>, row: usize) -> Option<&'t Track> {
    match rows {
        Some(rows) => tracks.tracks().get(*rows.get(row)? as usize),
        None => tracks.at_start_rank(row),
    }
}

/// The lane of a track, where all are listed.
fn row_of(tracks: &TrackTable, track: &Track) -> Option<usize> {
    let from = tracks.begun_before(track.first);
    let same = tracks.by_start().get(from..)?;
    let offset = same.iter().position(|at| tracks.tracks()[*at as usize].id == track.id)?;
    Some(from + offset)
}

/// Frames to points.
struct Scale {
    rect: Rect,
    window: [f64; 2],
}

impl Scale {
    fn new(rect: Rect, frames: &Frames, window: Option<[f64; 2]>) -> Self {
        let all = [f64::from(frames.first()), frames.span() as f64];
        Self { rect, window: window.unwrap_or(all) }
    }

    fn left_of(&self, frame: u32) -> f32 {
        let [begin, span] = self.window;
        let share = (f64::from(frame) - begin) / span.max(1.0);
        self.rect.left() + (share * f64::from(self.rect.width())) as f32
    }

    fn frame_at(&self, x: f32) -> u32 {
        let [begin, span] = self.window;
        let share = f64::from((x - self.rect.left()) / self.rect.width().max(1.0));
        (begin + share * span).floor().clamp(0.0, f64::from(u32::MAX)) as u32
    }
}
