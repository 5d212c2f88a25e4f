//! Where the panels are: tiles around the picture, which the person drags, or moves by command.

mod tiles;

use super::{
    panels::{
        Shown,
        side::{self, Head, Kept},
        viewport::Viewport,
    },
    theme,
};
use crate::inspector::{Arrange, Place, Tab};
use egui::{self, Rect, Stroke, Ui, Vec2};
use egui_tiles::{
    Behavior, EditAction, ResizeState, SimplificationOptions, TileId, Tiles, Tree, UiResponse,
};
use serde::{Deserialize, Serialize};

/// What a tile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pane {
    /// The picture with its boxes. There is always one, and never a tab before it.
    Picture,
    /// A panel.
    Panel(Tab),
}

/// The panels' places.
#[derive(Debug)]
pub struct Dock {
    tree: Tree<Pane>,
    /// The size of all when it was shown last, or is to be shown first.
    size: Vec2,
    /// The sizes of the tiles then.
    sizes: tiles::Sizes,
    /// As long as nobody has arranged anything: whether it is for a tall window.
    at_first: Option<bool>,
}

/// As it is kept from one start to the next.
#[derive(Serialize)]
struct Stored<'a> {
    tree: &'a Tree<Pane>,
    size: [f32; 2],
    at_first: Option<bool>,
}

/// Where the picture was drawn.
pub struct Seen {
    /// Its place in the window.
    pub rect: Rect,
    /// Its size in points.
    pub size: [f64; 2],
    /// The panel that was moved just now.
    pub front: Option<Tab>,
}

impl Default for Dock {
    fn default() -> Self {
        Self::at_first(false)
    }
}

impl Dock {
    fn new(tree: Tree<Pane>, size: Vec2) -> Self {
        let sizes = tiles::sizes(&tree, size);
        Self { tree, size, sizes, at_first: None }
    }

    fn at_first(tall: bool) -> Self {
        let dock = Self::new(tiles::at_first(tall), tiles::SIZE_AT_FIRST);
        Self { at_first: Some(tall), ..dock }
    }

    /// What [`Self::stored`] gave, maybe in another version: what is odd in it is put right, and the rest stays.
    /// `None` where there are no tiles in it.
    pub fn restored(text: &str) -> Option<Self> {
        let mut stored: serde_json::Map<_, _> = serde_json::from_str(text).ok()?;
        let mut field = |name| stored.remove(name).unwrap_or_default();
        let tree = tiles::mended(&serde_json::from_value(field("tree")).ok()?)?;
        let size = serde_json::from_value::<[f32; 2]>(field("size")).map(Vec2::from).ok();
        let size = size.filter(|size| size.is_finite() && size.min_elem() >= 1.0);
        let at_first = serde_json::from_value(field("at_first")).unwrap_or_default();
        Some(Self { at_first, ..Self::new(tree, size.unwrap_or(tiles::SIZE_AT_FIRST)) })
    }

    /// As text, for the next start.
    #[must_use]
    pub fn stored(&self) -> Option<String> {
        let (tree, at_first) = (&self.tree, self.at_first);
        let stored = Stored { tree, size: self.size.into(), at_first };
        serde_json::to_string(&stored).ok()
    }

    /// Moves panels. Returns the one that is in front then, if any is left to be seen.
    pub fn arrange(&mut self, arrange: Arrange) -> Option<Tab> {
        self.at_first = self.at_first.filter(|_| matches!(arrange, Arrange::Show(_)));
        let tree = &mut self.tree;
        let tab = match arrange {
            Arrange::Show(tab) => {
                tiles::bring_to_front(tree, tab);
                tab
            }
            Arrange::Move(Some(tab), Place::Together) => {
                tiles::join(tree, tab);
                tiles::bring_to_front(tree, tab);
                tab
            }
            Arrange::Move(Some(tab), place) => {
                tiles::move_to(tree, tab, place);
                tab
            }
            Arrange::Close(Some(tab)) => {
                tiles::set_visible(tree, tab, false);
                tab
            }
            Arrange::Mirror => {
                tiles::mirror(tree);
                Tab::default()
            }
            Arrange::Reset => {
                *self = Self::default();
                Tab::default()
            }
            Arrange::Move(None, _) | Arrange::Close(None) => Tab::default(),
        };
        tiles::in_front(&self.tree, tab)
    }

    /// Shows the picture, and the panels around it where they are wanted.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        shown: &mut Shown<'_>,
        viewport: &mut Viewport,
        kept: &mut Kept,
    ) -> Seen {
        let rect = ui.available_rect_before_wrap();
        if !shown.inspector.settings.panel {
            return Seen { rect, size: viewport.show(ui, shown), front: None };
        }
        let tall = ui.ctx().content_rect().height() >= theme::WITH_TWO_GROUPS;
        if self.at_first.is_some_and(|made_for| made_for != tall) {
            *self = Self::at_first(tall);
            tiles::bring_to_front(&mut self.tree, shown.inspector.settings.tab);
        }
        if !tiles::has_panels(&self.tree) {
            tiles::set_visible(&mut self.tree, shown.inspector.settings.tab, true);
        }
        let roomy = tiles::fit(&mut self.tree, &self.sizes, rect.size());
        let dragged = self.tree.dragged_id(ui);
        let before = dragged.map(|tile| (tile, self.tree.clone()));
        let mut panes = Panes {
            neighbours: tiles::neighbours(&self.tree),
            id: self.tree.id(),
            rect,
            seen: Seen { rect, size: shown.inspector.viewport_size, front: None },
            heads: Vec::new(),
            resized: false,
            dropped: false,
            shown,
            viewport,
            kept,
        };
        self.tree.ui(&mut panes, ui);
        let onto = panes.onto(ui);
        let Panes { mut seen, heads, resized, dropped, .. } = panes;
        // What was dropped has no size yet, and what has no room is to have its own again.
        if (roomy || resized) && !dropped {
            (self.size, self.sizes) = (rect.size(), tiles::sizes(&self.tree, rect.size()));
        }
        if let Some((tile, before)) = before.filter(|_| dropped) {
            match onto {
                Onto::Nothing => self.tree = before,
                Onto::Tabs(head, place) => {
                    self.tree = before;
                    let row: Vec<TileId> = heads[head].tabs.iter().map(|(tile, _)| *tile).collect();
                    tiles::put_in_row(&mut self.tree, tile, &row, place);
                }
                Onto::Tile => {
                    tiles::put_right(&mut self.tree);
                    tiles::size_dropped(&self.tree, tile, rect.size(), &mut self.sizes);
                }
            }
            if let Some(Pane::Panel(tab)) = self.tree.tiles.get_pane(&tile) {
                seen.front = Some(*tab);
            }
        }
        self.at_first = self.at_first.filter(|_| !resized && !dropped);
        seen
    }

    /// Where a panel, or the picture, is drawn, if it is: for tests.
    #[must_use]
    pub fn place_of(&self, panel: Option<Tab>) -> Option<Rect> {
        let pane = panel.map_or(Pane::Picture, Pane::Panel);
        let id = self.tree.tiles.find_pane(&pane)?;
        self.tree.active_tiles().contains(&id).then(|| self.tree.tiles.rect(id))?
    }
}

/// What a tile is dragged onto.
#[derive(Clone, Copy)]
enum Onto {
    /// Nothing that takes it.
    Nothing,
    /// The tabs of a panel, before so many of them.
    Tabs(usize, usize),
    /// A tile, or the border between some.
    Tile,
}

/// How the tiles are drawn.
struct Panes<'a, 'b> {
    shown: &'a mut Shown<'b>,
    viewport: &'a mut Viewport,
    kept: &'a mut Kept,
    neighbours: tiles::Neighbours,
    id: egui::Id,
    rect: Rect,
    seen: Seen,
    /// The tabs of the panels that are seen.
    heads: Vec<Head>,
    /// Whether the person changed sizes.
    resized: bool,
    /// Whether the person dropped a tile somewhere.
    dropped: bool,
}

impl Panes<'_, '_> {
    fn panel(&mut self, ui: &mut Ui, tile: TileId, tab: Tab) {
        let alone = [(tile, tab)];
        let row = self.neighbours.get(&tile).map_or(&alone[..], Vec::as_slice);
        let frame = egui::Frame::side_top_panel(ui.style()).fill(self.shown.palette.panel);
        let head = frame.show(ui, |ui| side::show(ui, self.shown, self.kept, tab, row)).inner;
        if let Some(dragged) = head.dragged {
            ui.ctx().set_dragged_id(dragged.egui_id(self.id));
        }
        self.heads.push(head);
    }

    fn onto(&self, ctx: &egui::Context) -> Onto {
        let Some(pointer) = ctx.input(|input| input.pointer.interact_pos()) else {
            return Onto::Nothing;
        };
        if !self.rect.contains(pointer) {
            return Onto::Nothing;
        }
        let head = self.heads.iter().position(|head| head.rect.contains(pointer));
        head.map_or(Onto::Tile, |head| Onto::Tabs(head, self.heads[head].before(pointer)))
    }
}

impl Behavior<Pane> for Panes<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, tile: TileId, pane: &mut Pane) -> UiResponse {
        // Known by what they are, not by where: what is typed and scrolled stays when they move.
        let own = egui::UiBuilder::new().scope_id(egui::Id::unique(("pane", *pane)));
        ui.scope_builder(own, |ui| match *pane {
            Pane::Picture => {
                let rect = ui.available_rect_before_wrap();
                self.seen = Seen { rect, size: self.viewport.show(ui, self.shown), front: None };
            }
            Pane::Panel(tab) => self.panel(ui, tile, tab),
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> egui::WidgetText {
        match pane {
            Pane::Picture => "Picture".into(),
            Pane::Panel(tab) => tab.title().into(),
        }
    }

    /// The panels draw their own, in several rows where one is too short.
    fn is_tab_bar_visible(&self, _: TileId, _: &egui_tiles::Tabs) -> bool {
        false
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        0.0
    }

    fn min_size(&self) -> f32 {
        theme::PANEL_LEAST.min(self.rect.size().min_elem() / 3.0)
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        1.0
    }

    fn resize_stroke(&self, style: &egui::Style, state: ResizeState) -> Stroke {
        match state {
            ResizeState::Idle => Stroke::new(1.0, self.shown.palette.line),
            ResizeState::Hovering => style.visuals.widgets.hovered.fg_stroke,
            ResizeState::Dragging => style.visuals.widgets.active.fg_stroke,
        }
    }

    fn drag_preview_stroke(&self, _: &egui::Visuals) -> Stroke {
        Stroke::new(1.5, self.shown.palette.accent)
    }

    fn drag_preview_color(&self, _: &egui::Visuals) -> egui::Color32 {
        self.shown.palette.accent.gamma_multiply(0.25)
    }

    fn paint_drag_preview(
        &self,
        visuals: &egui::Visuals,
        painter: &egui::Painter,
        _: Option<Rect>,
        place: Rect,
    ) {
        let stroke = self.drag_preview_stroke(visuals);
        match self.onto(painter.ctx()) {
            Onto::Nothing => {}
            Onto::Tabs(head, before) => {
                let [top, bottom] = self.heads[head].caret(before);
                painter.line_segment([top, bottom], Stroke::new(2.0, stroke.color));
            }
            Onto::Tile => {
                let place = tiles::preview(place, self.seen.rect, self.rect);
                let fill = self.drag_preview_color(visuals);
                painter.rect(place, 2.0, fill, stroke, egui::StrokeKind::Inside);
            }
        }
    }

    fn is_tile_draggable(&self, _: &Tiles<Pane>, tile: TileId) -> bool {
        self.neighbours.contains_key(&tile)
    }

    fn simplification_options(&self) -> SimplificationOptions {
        tiles::TIDY
    }

    fn cycle_tabs_with_keyboard(&self) -> bool {
        false
    }

    fn on_edit(&mut self, action: EditAction) {
        self.resized |= action == EditAction::TileResized;
        self.dropped |= action == EditAction::TileDropped;
    }
}
