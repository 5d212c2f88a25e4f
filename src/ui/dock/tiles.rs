//! The tree of tiles, and how it changes.

use super::Pane;
use crate::{
    inspector::{Place, Tab},
    ui::theme,
};
use eframe::egui::{Id, Vec2, vec2};
use egui_tiles::{
    Container, Linear, LinearDir, SimplificationOptions, Tabs, Tile, TileId, Tiles, Tree,
};
use std::collections::{HashMap, HashSet};

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
/// Share of the picture's height that a panel above or below it takes.
const BELOW: f32 = 0.35;

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

/// A tree from outside, if it is one: every pane is in it once, and every share is a size.
pub fn checked(tree: Tree<Pane>) -> Option<Tree<Pane>> {
    let root = tree.root()?;
    let (mut waiting, mut seen, mut panes) = (vec![root], HashSet::new(), Vec::new());
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            return None;
        }
        match tree.tiles.get(id)? {
            Tile::Pane(pane) => panes.push(*pane),
            Tile::Container(container) => {
                waiting.extend(container.children());
                let shares: Vec<f32> = match container {
                    Container::Linear(linear) => linear.shares.iter().map(|(_, s)| *s).collect(),
                    Container::Tabs(_) => Vec::new(),
                    // There is no way to make one.
                    Container::Grid(_) => return None,
                };
                if shares.iter().any(|share| !(1e-4..1e4).contains(share)) {
                    return None;
                }
            }
        }
    }
    let wanted = Tab::ALL.map(Pane::Panel);
    let whole = panes.len() == wanted.len() + 1
        && panes.contains(&Pane::Picture)
        && wanted.iter().all(|pane| panes.contains(pane))
        && seen.len() == tree.tiles.len();
    let mut tree = whole.then(|| Tree::new(id(), root, tree.tiles))?;
    // Never put away.
    let picture = tree.tiles.find_pane(&Pane::Picture)?;
    tree.set_visible(picture, true);
    put_right(&mut tree);
    Some(tree)
}

fn find(tree: &Tree<Pane>, tab: Tab) -> Option<TileId> {
    tree.tiles.find_pane(&Pane::Panel(tab))
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
        Place::Left | Place::Right => (LinearDir::Horizontal, theme::PANEL_WIDTH / size.x.max(1.0)),
        Place::Above | Place::Below | Place::Together => (LinearDir::Vertical, BELOW),
    };
    let part = part.clamp(0.1, 0.5);
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
            tabs.children.iter().filter(|child| **child != panel).count()
        }
        Some(Tile::Pane(Pane::Panel(_))) if *id != panel => 1,
        _ => 0,
    };
    let Some(host) = tree.tiles.tile_ids().max_by_key(others).filter(|id| others(id) > 0) else {
        return;
    };
    take_out(tree, panel);
    if let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get_mut(host) {
        tabs.add_child(panel);
    } else {
        let group = tree.tiles.insert_container(Tabs::default());
        replace(tree, host, group);
        let tabs = Tabs::new(vec![host, panel]);
        tree.tiles.insert(group, Tile::Container(Container::Tabs(tabs)));
    }
    tree.simplify(&TIDY);
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
    for id in tree.tiles.tile_ids().collect::<Vec<_>>() {
        flatten(tree, id);
    }
    tree.simplify(&TIDY);
}

/// Makes tabs of all panels in a group of tabs, however deep they are in it.
fn flatten(tree: &mut Tree<Pane>, group: TileId) {
    let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get(group) else { return };
    let (mut waiting, mut panels) = (tabs.children.clone(), Vec::new());
    waiting.reverse();
    let mut active = tabs.active;
    while let Some(tile) = waiting.pop() {
        let Some(Tile::Container(container)) = tree.tiles.get(tile) else {
            panels.push(tile);
            continue;
        };
        waiting.extend(container.children_vec().into_iter().rev());
        active = active.filter(|active| *active != tile);
        tree.tiles.remove(tile);
    }
    if let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get_mut(group) {
        tabs.active = active.or(panels.last().copied());
        tabs.children = panels;
    }
}

/// How large the tiles of each row and column are, in points along it.
pub type Sizes = HashMap<TileId, HashMap<TileId, f32>>;

fn seen_in(tree: &Tree<Pane>, linear: &Linear) -> Vec<TileId> {
    linear.children.iter().copied().filter(|child| tree.is_visible_in_layout(*child)).collect()
}

fn axis(linear: &Linear) -> usize {
    usize::from(linear.dir == LinearDir::Vertical)
}

/// The sizes of all tiles that are seen, in a tree of that size.
pub fn sizes(tree: &Tree<Pane>, size: Vec2) -> Sizes {
    let mut found = Sizes::new();
    let mut waiting: Vec<(TileId, Vec2)> =
        tree.root().map(|root| (root, size)).into_iter().collect();
    while let Some((tile, size)) = waiting.pop() {
        let Some(Container::Linear(linear)) = tree.tiles.get_container(tile) else { continue };
        let seen = seen_in(tree, linear);
        let along = linear.shares.split(&seen, size[axis(linear)]);
        for (child, along) in seen.iter().zip(&along) {
            let mut inner = size;
            inner[axis(linear)] = *along;
            waiting.push((*child, inner));
        }
        found.insert(tile, seen.into_iter().zip(along).collect());
    }
    found
}

/// Panels keep the sizes that are `known` of them; what there is more, or less, is the picture's.
pub fn fit(tree: &mut Tree<Pane>, known: &Sizes, mut size: Vec2) {
    // From the picture up to the root.
    let mut path: Vec<TileId> = tree.tiles.find_pane(&Pane::Picture).into_iter().collect();
    while let Some(parent) = path.last().and_then(|tile| tree.tiles.parent_of(*tile)) {
        path.push(parent);
    }
    for pair in path.windows(2).rev() {
        let [inner, outer] = [pair[0], pair[1]];
        let Some(Container::Linear(linear)) = tree.tiles.get_container(outer) else { continue };
        let (seen, axis) = (seen_in(tree, linear), axis(linear));
        let mut along = linear.shares.split(&seen, size[axis]);
        let Some(place) = seen.iter().position(|child| *child == inner) else { return };
        for (child, along) in seen.iter().zip(&mut along) {
            *along =
                known.get(&outer).and_then(|known| known.get(child)).copied().unwrap_or(*along);
        }
        let others = along.iter().sum::<f32>() - along[place];
        along[place] = (size[axis] - others).max(theme::PANEL_LEAST);
        // Of one on average, as the library has it.
        let mean = along.iter().sum::<f32>() / seen.len() as f32;
        size[axis] = along[place];
        if let Some(Tile::Container(Container::Linear(linear))) = tree.tiles.get_mut(outer) {
            for (child, along) in seen.iter().zip(along) {
                linear.shares.set_share(*child, (along / mean).clamp(1e-3, 1e3));
            }
        }
    }
}

#[cfg(test)]
mod tests;
