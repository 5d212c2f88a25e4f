//! A layout from outside, maybe of another version: what is odd in it is left out or put right, and the rest
//! stays as it is.

use super::{
    super::Pane, AT_WORK, SIZE_AT_FIRST, find, group_of, id, put_beside, put_right, put_with,
};
use crate::{
    inspector::{Place, Tab},
    ui::theme,
};
use egui_tiles::{Container, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, de::IgnoredAny};
use std::collections::HashSet;

/// More tiles than this are no layout.
const MOST: usize = 1000;

/// A pane, if this version knows it.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Kept {
    Known(Pane),
    Unknown(IgnoredAny),
}

/// The tree in which every pane is once, at its place if it has one, and every share is a size. `None` where
/// nothing in it is known.
pub fn mended(kept: &Tree<Kept>) -> Option<Tree<Pane>> {
    let root = kept.root().filter(|_| kept.tiles.len() <= MOST)?;
    let tiles = known(kept, root);
    tiles.get(root)?;
    tiles.tiles().any(|tile| matches!(tile, Tile::Pane(_))).then_some(())?;
    let mut tree = Tree::new(id(), root, tiles);
    tree.tiles.recompute_next_tile_id();
    // Only panels are ever put away.
    let is_panel = |tile: &Tile<Pane>| matches!(tile, Tile::Pane(Pane::Panel(_)));
    let panels = tree.tiles.iter().filter(|(_, tile)| is_panel(tile)).map(|(id, _)| *id);
    for panel in panels.collect::<Vec<_>>() {
        tree.set_visible(panel, kept.is_visible(panel));
    }
    if tree.tiles.find_pane(&Pane::Picture).is_none() {
        let picture = tree.tiles.insert_pane(Pane::Picture);
        let fraction = 1.0 - theme::PANEL_WIDTH / SIZE_AT_FIRST.x;
        let linear = Linear::new_binary(LinearDir::Horizontal, [picture, root], fraction);
        tree.root = Some(tree.tiles.insert_container(linear));
    }
    put_right(&mut tree);
    for tab in Tab::ALL {
        if find(&tree, tab).is_none() {
            add(&mut tree, tab);
        }
    }
    put_right(&mut tree);
    Some(tree)
}

/// The tiles below the root that are known, each once.
fn known(kept: &Tree<Kept>, root: TileId) -> Tiles<Pane> {
    let mut tiles = Tiles::default();
    let (mut waiting, mut placed, mut panes) = (vec![root], HashSet::from([root]), HashSet::new());
    while let Some(id) = waiting.pop() {
        let tile = match kept.tiles.get(id) {
            Some(Tile::Pane(Kept::Known(pane))) if panes.insert(*pane) => Tile::Pane(*pane),
            Some(Tile::Container(container)) => {
                let is_new = |child: &TileId| child.0 != u64::MAX && placed.insert(*child);
                let children: Vec<TileId> = container.children().copied().filter(is_new).collect();
                waiting.extend(&children);
                Tile::Container(with(container, children))
            }
            _ => continue,
        };
        tiles.insert(id, tile);
    }
    let there: HashSet<TileId> = tiles.tile_ids().collect();
    for tile in tiles.tiles_mut() {
        if let Tile::Container(container) = tile {
            container.retain(|child| there.contains(&child));
        }
    }
    tiles
}

/// A container with some of its children. There is no way to make a grid: its tiles are tabs.
fn with(container: &Container, children: Vec<TileId>) -> Container {
    match container {
        Container::Linear(linear) => {
            let mut with = Linear::new(linear.dir, children);
            for child in with.children.clone() {
                let share = linear.shares.iter().find(|(id, _)| **id == child);
                let sane = share.filter(|(_, share)| (1e-4..1e4).contains(*share));
                with.shares.set_share(child, sane.map_or(1.0, |(_, share)| *share));
            }
            Container::Linear(with)
        }
        Container::Tabs(tabs) => {
            let active = tabs.active.filter(|active| children.contains(active));
            let mut with = Tabs::new(children);
            with.active = active.or(with.active);
            Container::Tabs(with)
        }
        Container::Grid(_) => Container::Tabs(Tabs::new(children)),
    }
}

/// Adds a panel beside the one that it stands beside at first, behind it.
fn add(tree: &mut Tree<Pane>, tab: Tab) {
    let place = |tab: Tab| Tab::ALL.iter().position(|other| *other == tab).unwrap_or_default();
    let at_work = AT_WORK.contains(&tab);
    let near = |other: &Tab| {
        let after = place(*other) > place(tab);
        (AT_WORK.contains(other) != at_work, after, place(*other).abs_diff(place(tab)))
    };
    let others = Tab::ALL.into_iter().filter(|other| find(tree, *other).is_some());
    let beside = others.min_by_key(near);
    let beside = beside.and_then(|other| Some((find(tree, other)?, place(other) < place(tab))));
    let panel = tree.tiles.insert_pane(Pane::Panel(tab));
    let Some((other, is_before)) = beside else {
        if let Some(picture) = tree.tiles.find_pane(&Pane::Picture) {
            put_beside(tree, picture, panel, Place::Right);
        }
        return;
    };
    let group = group_of(tree, other);
    let tabs = group.and_then(|group| match tree.tiles.get_container(group) {
        Some(Container::Tabs(tabs)) => Some(tabs),
        _ => None,
    });
    let at = tabs.and_then(|tabs| tabs.children.iter().position(|child| *child == other));
    let active = tabs.and_then(|tabs| tabs.active).unwrap_or(other);
    put_with(tree, panel, group.unwrap_or(other), at.unwrap_or(0) + usize::from(is_before));
    if let Some(group) = group_of(tree, panel)
        && let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get_mut(group)
    {
        tabs.active = Some(active);
    }
}
