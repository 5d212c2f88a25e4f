//! The tree of tiles, and how it changes.

mod kept;
mod sizes;

use super::Pane;
use crate::{
    inspector::{Place, Tab},
    ui::theme,
};
use egui::{Id, Vec2, vec2};
use egui_tiles::{
    Container, Linear, LinearDir, SimplificationOptions, Tabs, Tile, TileId, Tiles, Tree,
};
pub use kept::mended;
use sizes::{BELOW, part_beside};
pub use sizes::{Sizes, fit, preview, size_dropped, sizes};
use std::collections::HashMap;

/// The size that the tiles are made for at first.
pub const SIZE_AT_FIRST: Vec2 = vec2(1280.0, 480.0);
/// What is tidied up after a move.
pub const TIDY: SimplificationOptions = SimplificationOptions {
    prune_empty_tabs: true,
    prune_empty_containers: true,
    prune_single_child_tabs: true,
    prune_single_child_containers: true,
    all_panes_must_have_tabs: false,
    join_nested_linear_containers: true,
    flatten_tabs_in_tabs: true,
};
/// Which panels are tabs of the same group, for each that is.
pub type Neighbours = HashMap<TileId, Vec<(TileId, Tab)>>;

fn id() -> Id {
    Id::unique("dock")
}

/// The panels that show the program at work rather than the data.
const AT_WORK: [Tab; 4] = [Tab::Cache, Tab::Predictions, Tab::Events, Tab::Tuning];

/// The picture, and all panels as tabs on the right, in two groups where it is `tall`.
pub fn at_first(tall: bool) -> Tree<Pane> {
    let mut tiles = Tiles::default();
    let picture = tiles.insert_pane(Pane::Picture);
    let (at_work, others): (Vec<Tab>, Vec<Tab>) =
        Tab::ALL.into_iter().partition(|tab| tall && AT_WORK.contains(tab));
    let mut group = |tabs: Vec<Tab>| {
        let panes = tabs.into_iter().map(|tab| tiles.insert_pane(Pane::Panel(tab))).collect();
        tiles.insert_tab_tile(panes)
    };
    let (others, at_work) = (group(others), group(at_work));
    // Where there is one group only, the other is empty and goes.
    let column = tiles.insert_vertical_tile(vec![others, at_work]);
    let fraction = 1.0 - theme::PANEL_WIDTH / SIZE_AT_FIRST.x;
    let linear = Linear::new_binary(LinearDir::Horizontal, [picture, column], fraction);
    let root = tiles.insert_container(linear);
    let mut tree = Tree::new(id(), root, tiles);
    tree.simplify(&TIDY);
    tree
}

fn find(tree: &Tree<Pane>, tab: Tab) -> Option<TileId> {
    tree.tiles.find_pane(&Pane::Panel(tab))
}

/// The group of tabs that a panel is in, if it is in one.
fn group_of(tree: &Tree<Pane>, panel: TileId) -> Option<TileId> {
    let is_group =
        |tile: &TileId| matches!(tree.tiles.get_container(*tile), Some(Container::Tabs(_)));
    tree.tiles.parent_of(panel).filter(is_group)
}

/// Whether any panel is to be seen.
pub fn has_panels(tree: &Tree<Pane>) -> bool {
    let mut panels =
        tree.tiles.iter().filter(|(_, tile)| matches!(tile, Tile::Pane(Pane::Panel(_))));
    panels.any(|(id, _)| tree.is_visible(*id))
}

/// Lets a panel be seen, or puts it away.
pub fn set_visible(tree: &mut Tree<Pane>, tab: Tab, visible: bool) {
    if let Some(id) = find(tree, tab) {
        tree.set_visible(id, visible);
    }
}

/// Shows a panel before the tabs beside it.
pub fn bring_to_front(tree: &mut Tree<Pane>, tab: Tab) {
    set_visible(tree, tab, true);
    let Some(id) = find(tree, tab) else { return };
    tree.make_active(|tile, _| tile == id);
}

/// The groups of tabs, without those put away.
pub fn neighbours(tree: &Tree<Pane>) -> Neighbours {
    let panel = |id: &TileId| match tree.tiles.get(*id) {
        Some(Tile::Pane(Pane::Panel(tab))) if tree.is_visible(*id) => Some((*id, *tab)),
        _ => None,
    };
    let mut found = Neighbours::new();
    for (id, tile) in tree.tiles.iter() {
        let group: Vec<(TileId, Tab)> = match tile {
            Tile::Container(Container::Tabs(tabs)) => {
                tabs.children.iter().filter_map(panel).collect()
            }
            Tile::Pane(_) => panel(id).into_iter().collect(),
            Tile::Container(_) => Vec::new(),
        };
        for (member, _) in &group {
            let known = found.entry(*member).or_default();
            if known.len() < group.len() {
                known.clone_from(&group);
            }
        }
    }
    found
}

/// Puts `new` in the place of `old`, which stays in the tree.
fn replace(tree: &mut Tree<Pane>, old: TileId, new: TileId) {
    match tree.tiles.parent_of(old).filter(|parent| *parent != new) {
        Some(parent) => {
            if let Some(Tile::Container(container)) = tree.tiles.get_mut(parent) {
                let _ = container.replace_child(old, new);
            }
        }
        None => tree.root = Some(new),
    }
}

/// Puts `new` beside `old`, where it takes a fraction of its place.
fn put_beside(tree: &mut Tree<Pane>, old: TileId, new: TileId, place: Place) {
    let size = tree.tiles.rect(old).map_or(SIZE_AT_FIRST, |rect| rect.size());
    let (dir, part) = match place {
        Place::Left | Place::Right => (LinearDir::Horizontal, part_beside(size.x)),
        Place::Above | Place::Below | Place::Together => (LinearDir::Vertical, BELOW),
    };
    let first = matches!(place, Place::Left | Place::Above);
    let (both, fraction) = if first { ([new, old], part) } else { ([old, new], 1.0 - part) };
    // The place is known by the tile that is there now.
    let wrapper = tree.tiles.insert_container(Linear::new(dir, Vec::new()));
    replace(tree, old, wrapper);
    let linear = Linear::new_binary(dir, both, fraction);
    tree.tiles.insert(wrapper, Tile::Container(Container::Linear(linear)));
    tree.simplify(&TIDY);
}

/// Takes a tile out of its container.
fn take_out(tree: &mut Tree<Pane>, tile: TileId) {
    if let Some(parent) = tree.tiles.parent_of(tile)
        && let Some(Tile::Container(container)) = tree.tiles.get_mut(parent)
    {
        container.remove_child(tile);
    }
}

/// Puts a panel beside the picture.
pub fn move_to(tree: &mut Tree<Pane>, tab: Tab, place: Place) {
    set_visible(tree, tab, true);
    let panel = find(tree, tab);
    if let (Some(panel), Some(picture)) = (panel, tree.tiles.find_pane(&Pane::Picture)) {
        take_out(tree, panel);
        put_beside(tree, picture, panel, place);
    }
}

/// Makes a panel a tab beside another: of the largest group of tabs.
pub fn join(tree: &mut Tree<Pane>, tab: Tab) {
    let Some(panel) = find(tree, tab) else { return };
    let others = |id: &TileId| match tree.tiles.get(*id) {
        Some(Tile::Container(Container::Tabs(tabs))) => {
            let is_other = |child: &&TileId| **child != panel && tree.is_visible(**child);
            tabs.children.iter().filter(is_other).count()
        }
        Some(Tile::Pane(Pane::Panel(_))) if *id != panel && tree.is_visible(*id) => 1,
        _ => 0,
    };
    let largest = tree.tiles.tile_ids().max_by_key(|id| (others(id), id.0));
    if let Some(host) = largest.filter(|id| others(id) > 0) {
        put_with(tree, panel, host, usize::MAX);
    }
}

/// Makes a panel a tab of a group, or of another panel, before so many others.
fn put_with(tree: &mut Tree<Pane>, panel: TileId, host: TileId, before: usize) {
    take_out(tree, panel);
    if let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get_mut(host) {
        tabs.children.insert(before.min(tabs.children.len()), panel);
        tabs.active = Some(panel);
    } else {
        let group = tree.tiles.insert_container(Tabs::default());
        replace(tree, host, group);
        let mut tabs = Tabs::new(if before == 0 { vec![panel, host] } else { vec![host, panel] });
        tabs.active = Some(panel);
        tree.tiles.insert(group, Tile::Container(Container::Tabs(tabs)));
    }
    tree.simplify(&TIDY);
}

/// Puts a panel that was dropped on a row of tabs among them.
pub fn put_in_row(tree: &mut Tree<Pane>, panel: TileId, row: &[TileId], before: usize) {
    let Some(other) = row.iter().find(|tile| **tile != panel) else { return };
    let group = group_of(tree, *other);
    // Panels that are put away are in the group, too.
    let next = row[before.min(row.len())..].iter().find(|tile| **tile != panel).copied();
    take_out(tree, panel);
    let children =
        group.and_then(|group| tree.tiles.get_container(group)).map(Container::children_vec);
    let place = next.and_then(|next| children?.iter().position(|child| *child == next));
    let alone = usize::from(before > 0);
    let place = if group.is_some() { place.unwrap_or(usize::MAX) } else { alone };
    put_with(tree, panel, group.unwrap_or(*other), place);
}

/// The panel that a person sees where `tab` was, or else any.
pub fn in_front(tree: &Tree<Pane>, tab: Tab) -> Option<Tab> {
    let seen = tree.active_tiles();
    let panel = |id: &TileId| match tree.tiles.get(*id) {
        Some(Tile::Pane(Pane::Panel(tab))) if seen.contains(id) => Some(*tab),
        _ => None,
    };
    let own = find(tree, tab);
    if let Some(own) = own.and_then(|own| panel(&own)) {
        return Some(own);
    }
    let group = own.and_then(|own| tree.tiles.parent_of(own));
    let group = group.and_then(|group| tree.tiles.get_container(group));
    let beside = group.and_then(|group| group.children().find_map(panel));
    beside.or_else(|| seen.iter().find_map(panel))
}

/// What is on the left goes to the right.
pub fn mirror(tree: &mut Tree<Pane>) {
    for tile in tree.tiles.tiles_mut() {
        if let Tile::Container(Container::Linear(linear)) = tile
            && linear.dir == LinearDir::Horizontal
        {
            linear.children.reverse();
        }
    }
}

/// Puts right what dropping a tile just anywhere leaves behind: the picture is never behind a tab, and
/// tabs are panels.
pub fn put_right(tree: &mut Tree<Pane>) {
    let mut inner = tree.tiles.find_pane(&Pane::Picture);
    while let Some(tile) = inner {
        let group = tree.tiles.parent_of(tile);
        if let Some(group) = group
            && let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get_mut(group)
        {
            tabs.children.retain(|child| *child != tile);
            tabs.active = tabs.children.last().copied();
            let has_others = !tabs.children.is_empty();
            replace(tree, group, tile);
            if has_others {
                put_beside(tree, tile, group, Place::Right);
            }
            inner = tree.tiles.find_pane(&Pane::Picture);
        } else {
            inner = group;
        }
    }
    tree.simplify(&TIDY);
    let mut groups: Vec<TileId> = tree.tiles.tile_ids().collect();
    groups.sort_unstable_by_key(|id| id.0);
    for group in groups {
        unwrap(tree, group);
    }
    tree.simplify(&TIDY);
}

/// What was dropped on a row or column of panels goes among the tabs of the first of them.
fn unwrap(tree: &mut Tree<Pane>, group: TileId) {
    let Some(Container::Tabs(tabs)) = tree.tiles.get_container(group) else { return };
    let is_container = |tile: &TileId| tree.tiles.get_container(*tile).is_some();
    let (inner, others): (Vec<TileId>, Vec<TileId>) =
        tabs.children.iter().copied().partition(is_container);
    let Some((&inner, more)) = inner.split_first() else { return };
    let mut panels: Vec<TileId> = more.iter().flat_map(|tile| panels_in(tree, *tile)).collect();
    panels.extend(others);
    let Some(first) = panels_in(tree, inner).first().copied() else { return };
    if let Some(Tile::Container(container)) = tree.tiles.get_mut(group) {
        container.retain(|_| false);
    }
    replace(tree, group, inner);
    for panel in panels {
        let host = group_of(tree, first).unwrap_or(first);
        put_with(tree, panel, host, usize::MAX);
    }
}

/// The panels in a tile, in their order.
fn panels_in(tree: &Tree<Pane>, tile: TileId) -> Vec<TileId> {
    let (mut waiting, mut panels) = (vec![tile], Vec::new());
    while let Some(tile) = waiting.pop() {
        match tree.tiles.get_container(tile) {
            Some(container) => waiting.extend(container.children_vec().into_iter().rev()),
            None => panels.push(tile),
        }
    }
    panels
}

#[cfg(test)]
mod tests;
