//! How large tiles are, and where there is room for one that is dropped.

use super::Pane;
use crate::ui::theme;
use egui::{Rect, Vec2};
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tree};
use std::collections::HashMap;

/// Share of the picture's height that a panel above or below it takes.
pub const BELOW: f32 = 0.35;

/// The part of what is so wide that a panel takes beside it.
pub fn part_beside(width: f32) -> f32 {
    (theme::PANEL_WIDTH / width.max(1.0)).clamp(0.1, 0.5)
}

/// How wide or high a panel is that is put beside the picture, where both have so much.
fn room_beside(size: Vec2, axis: usize) -> f32 {
    size[axis] * if axis == 0 { part_beside(size.x) } else { BELOW }
}

/// Gives a panel that was dropped beside the picture the room that one has which was put there by key: the
/// library gives it as much as all others.
pub fn size_dropped(tree: &Tree<Pane>, tile: TileId, size: Vec2, known: &mut Sizes) {
    let mut inner = tree.tiles.find_pane(&Pane::Picture);
    while let Some(outer) = inner.and_then(|inner| tree.tiles.parent_of(inner)) {
        if let Some(Container::Linear(linear)) = tree.tiles.get_container(outer)
            && linear.children.contains(&tile)
        {
            let room = room_beside(size, axis(linear));
            known.entry(outer).or_default().insert(tile, room);
        }
        inner = Some(outer);
    }
}

/// Where what is dropped will be, of what the library says: it does not know of its size, and what is dropped
/// on the middle of the picture goes to the right.
pub fn preview(place: Rect, picture: Rect, all: Rect) -> Rect {
    /// At the edge of the window, it shows a strip.
    const STRIP: f32 = 40.0;
    if place.contains_rect(picture.shrink(2.0)) {
        return place.with_min_x(place.right() - room_beside(place.size(), 0));
    }
    let on_picture = picture.expand(2.0).contains_rect(place);
    let beside = |axis: usize| {
        let (whole, along) = (all.size()[1 - axis], place.size()[axis]);
        let strip = along < STRIP && place.size()[1 - axis] > 0.9 * whole;
        let half = on_picture && place.size()[1 - axis] > 0.9 * picture.size()[1 - axis];
        strip || half
    };
    let Some(axis) = [0, 1].into_iter().find(|axis| beside(*axis)) else { return place };
    let room = room_beside(all.size(), axis);
    let outer = if on_picture { picture } else { all };
    let first = place.center()[axis] < outer.center()[axis];
    let (mut min, mut max) = (place.min, place.max);
    if first {
        max[axis] = min[axis] + room;
    } else {
        min[axis] = max[axis] - room;
    }
    Rect::from_min_max(min, max)
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
/// Returns whether there is room for that: otherwise all are smaller.
pub fn fit(tree: &mut Tree<Pane>, known: &Sizes, mut size: Vec2) -> bool {
    // From the picture up to the root.
    let mut path: Vec<TileId> = tree.tiles.find_pane(&Pane::Picture).into_iter().collect();
    while let Some(parent) = path.last().and_then(|tile| tree.tiles.parent_of(*tile)) {
        path.push(parent);
    }
    let mut roomy = true;
    for pair in path.windows(2).rev() {
        let [inner, outer] = [pair[0], pair[1]];
        let Some(Container::Linear(linear)) = tree.tiles.get_container(outer) else { continue };
        let axis = axis(linear);
        let known = known.get(&outer);
        let known_of = |child: &TileId| known.and_then(|known| known.get(child)).copied();
        // Points of a share, for the tiles of which nothing else is known. Not by the picture: it
        // may just have given of its share.
        let mut points =
            linear.children.iter().filter(|child| **child != inner).filter_map(|child| {
                let share = linear.shares[*child];
                known_of(child).filter(|_| share > 0.0).map(|known| known / share)
            });
        let seen = seen_in(tree, linear);
        let sum: f32 = seen.iter().map(|child| linear.shares[*child]).sum();
        let points = points.next().unwrap_or(size[axis] / sum.max(1e-3));
        let all = linear.children.iter();
        let mut along: Vec<(TileId, f32)> = all
            .map(|child| (*child, known_of(child).unwrap_or(points * linear.shares[*child])))
            .collect();
        let is_seen = |child: &TileId| seen.contains(child);
        let others: f32 = along
            .iter()
            .filter(|(child, _)| is_seen(child) && *child != inner)
            .map(|(_, a)| a)
            .sum();
        let least = theme::PANEL_LEAST.min(size[axis] / 3.0);
        let rest = size[axis] - others;
        roomy &= rest >= least;
        // The others share what the picture leaves them.
        let part = if rest < least { (size[axis] - least) / others.max(1.0) } else { 1.0 };
        for (child, along) in &mut along {
            *along = if *child == inner { rest.max(least) } else { *along * part };
        }
        // Of one on average, as the library has it.
        let mean = size[axis] / seen.len().max(1) as f32;
        size[axis] = rest.max(least);
        if let Some(Tile::Container(Container::Linear(linear))) = tree.tiles.get_mut(outer) {
            for (child, along) in along {
                linear.shares.set_share(child, (along / mean).clamp(1e-3, 1e3));
            }
        }
    }
    roomy
}
