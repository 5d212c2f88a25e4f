//! A panel beside the picture: the tabs of its group, and what the chosen one shows.

use super::Shown;
use crate::{
    inspector::{Arrange, COMMANDS, Command, Tab},
    session::Session,
};
use egui::{self, PointerButton, Pos2, Rect, RichText, Sense, Ui};
use egui_material_icons::icons::ICON_MORE_VERT;
use egui_tiles::TileId;

/// What the panels keep between repaints.
#[derive(Default)]
pub struct Kept {
    /// The rows of the track table.
    pub tracks: super::tracks::Rows,
    /// The list of suspicions.
    pub suspicion: super::suspicions::Rows,
    /// The columns of the lines that can't be read.
    pub problems: super::problems::Widest,
    /// The layer that is being given another name.
    pub renamed: Option<super::layers::Renamed>,
    /// The cut-outs of the filmstrip.
    pub filmstrip: super::filmstrip::Textures,
    /// What is typed into the filter.
    pub filter: super::filter::Typed,
}

/// The tabs of a group, as they were drawn.
pub struct Head {
    /// All of them.
    pub rect: Rect,
    /// Each of them.
    pub tabs: Vec<(TileId, Rect)>,
    /// The one that begins to be dragged.
    pub dragged: Option<TileId>,
}

impl Head {
    /// How many tabs are before a point.
    #[must_use]
    pub fn before(&self, point: Pos2) -> usize {
        let is_before = |rect: &Rect| {
            rect.bottom() <= point.y || (rect.top() <= point.y && rect.center().x < point.x)
        };
        self.tabs.iter().filter(|(_, rect)| is_before(rect)).count()
    }

    /// The line before which so many tabs are.
    #[must_use]
    pub fn caret(&self, before: usize) -> [Pos2; 2] {
        let next = self.tabs.get(before).map(|(_, rect)| [rect.left_top(), rect.left_bottom()]);
        let last = self.tabs.last().map(|(_, rect)| [rect.right_top(), rect.right_bottom()]);
        next.or(last).unwrap_or([self.rect.left_top(), self.rect.left_bottom()])
    }
}

/// Shows the panel that is `chosen` of a group.
pub fn show(
    ui: &mut Ui,
    shown: &mut Shown<'_>,
    kept: &mut Kept,
    chosen: Tab,
    group: &[(TileId, Tab)],
) -> Head {
    ui.add_space(4.0);
    let row = ui.horizontal_wrapped(|ui| head(ui, shown, chosen, group));
    let (tabs, dragged) = row.inner;
    let head = Head { rect: row.response.rect, tabs, dragged };
    ui.separator();
    match chosen {
        Tab::Cache => super::cache::show(ui, shown),
        Tab::Predictions => super::predictions::show(ui, shown),
        Tab::Events => super::events::show(ui, shown),
        Tab::Detections => super::detections::show(ui, shown),
        Tab::Problems => super::problems::show(ui, shown, &mut kept.problems),
        Tab::Tuning => super::tuning::show(ui, shown),
        Tab::Tracks => super::tracks::show(ui, shown, kept),
        Tab::Suspicions => super::suspicions::show(ui, shown, &mut kept.suspicion),
        Tab::Filter => super::filter::show(ui, shown, &mut kept.filter),
        Tab::Layers => super::layers::show(ui, shown, &mut kept.renamed),
        Tab::Filmstrip => super::filmstrip::show(ui, shown, &mut kept.filmstrip),
    }
    ui.take_available_space();
    head
}

fn head(
    ui: &mut Ui,
    shown: &mut Shown<'_>,
    chosen: Tab,
    group: &[(TileId, Tab)],
) -> (Vec<(TileId, Rect)>, Option<TileId>) {
    ui.spacing_mut().item_spacing.x = 0.0;
    ui.spacing_mut().button_padding.x = 3.0;
    let (mut tabs, mut dragged) = (Vec::with_capacity(group.len()), None);
    for (tile, tab) in group {
        let command = Command::ShowTab(*tab);
        let mut title = RichText::new(title(*tab, shown));
        let filters = *tab == Tab::Filter && !shown.inspector.selection().sieve().is_off();
        if (*tab == Tab::Problems && problems(shown) > 0) || filters {
            title = title.color(shown.palette.warning);
        }
        let button = egui::Button::selectable(*tab == chosen, title).sense(Sense::click_and_drag());
        let tip = format!("{}\nDrag it to another place", command.tooltip());
        let button = ui.add(button).on_hover_text(tip);
        if button.clicked() {
            shown.command(command);
        }
        if button.drag_started_by(PointerButton::Primary) {
            dragged = Some(*tile);
        }
        tabs.push((*tile, button.rect));
        button.context_menu(|ui| places(ui, shown, *tab));
    }
    let more = ui.menu_button(ICON_MORE_VERT.rich_text(), |ui| places(ui, shown, chosen));
    let name = format!("Put {} elsewhere", chosen.title());
    more.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    more.response.on_hover_text(name);
    (tabs, dragged)
}

/// Where a panel can go.
fn places(ui: &mut Ui, shown: &mut Shown<'_>, tab: Tab) {
    for info in COMMANDS {
        let Command::Arrange(arrange) = info.command else { continue };
        if matches!(arrange, Arrange::Close(_)) {
            ui.separator();
        }
        let keys = info.keys.first().map(ToString::to_string).unwrap_or_default();
        let button = egui::Button::new(info.label).shortcut_text(keys);
        if ui.add(button).on_hover_text(info.tip).clicked() {
            shown.command(Command::Arrange(arrange.of(tab)));
            ui.close();
        }
    }
}

fn problems(shown: &Shown<'_>) -> u64 {
    let of_pictures = |session: &Session| session.pictures().map_or(0, |p| p.troubles().len());
    shown.session.map_or(0, |session| {
        session.layer_or_first(shown.inspector.layers.active().id).status().findings.skipped_lines
            + of_pictures(session) as u64
    })
}

fn title(tab: Tab, shown: &Shown<'_>) -> String {
    let selection = shown.inspector.selection();
    let number = match tab {
        Tab::Problems => problems(shown),
        Tab::Layers => shown.session.map_or(0, |session| session.layers().len() as u64),
        Tab::Suspicions => selection.listed().len() as u64,
        Tab::Tracks => selection.tracks().tracks().len() as u64,
        _ => 0,
    };
    if number > 0 {
        return format!("{} {}", tab.title(), super::grouped(number));
    }
    let filters = tab == Tab::Filter && !selection.sieve().is_off();
    if filters { format!("{} on", tab.title()) } else { tab.title().to_owned() }
}
