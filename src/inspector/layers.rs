//! How the layers over the picture are seen: which are drawn, how strongly, and which one is worked with.

use super::{Filter, Selection, Viewports};
use crate::model::LayerId;

/// How a layer is seen.
#[derive(Clone, Debug)]
pub struct LayerView {
    /// The layer.
    pub id: LayerId,
    /// Whether it is drawn, unless one is flipped to.
    pub visible: bool,
    /// How strongly it is drawn, in percent, from [`LayerView::LEAST_OPACITY`] to 100.
    pub opacity: u8,
    /// Its selected track, its filter and its suspicions.
    pub selection: Selection,
}

impl LayerView {
    /// Less could not be told from not at all.
    pub const LEAST_OPACITY: u8 = 10;

    fn new(id: LayerId) -> Self {
        Self { id, visible: true, opacity: 100, selection: Selection::default() }
    }
}

/// The layers, in the order in which they are listed; one of them is active: panels and keys are about it.
/// There is always one.
#[derive(Clone, Debug)]
pub struct LayerViews {
    views: Vec<LayerView>,
    active: usize,
    alone: Option<LayerId>,
    viewports: Viewports,
    /// How the layers were seen before a reload, in the order of their numbers.
    before: Vec<Seen>,
    /// The layer that was active before a reload, as long as it is not back.
    was_active: Option<LayerId>,
}

/// How a layer was seen.
#[derive(Clone, Debug)]
struct Seen {
    /// Its place in the list.
    place: usize,
    visible: bool,
    opacity: u8,
    filter: Filter,
}

impl Seen {
    fn of(place: usize, view: &LayerView) -> Self {
        let filter = view.selection.sieve().filter.clone();
        Self { place, visible: view.visible, opacity: view.opacity, filter }
    }
}

impl Default for LayerViews {
    fn default() -> Self {
        Self::only(LayerId::FIRST)
    }
}

impl LayerViews {
    /// A single layer.
    #[must_use]
    pub fn only(id: LayerId) -> Self {
        Self {
            views: vec![LayerView::new(id)],
            active: 0,
            alone: None,
            viewports: Viewports::One,
            before: Vec::new(),
            was_active: None,
        }
    }

    /// All of them, in the order in which they are listed.
    #[must_use]
    pub fn all(&self) -> &[LayerView] {
        &self.views
    }

    /// The one that panels and keys are about.
    #[must_use]
    pub fn active(&self) -> &LayerView {
        &self.views[self.active]
    }

    /// The same, to be changed.
    pub fn active_mut(&mut self) -> &mut LayerView {
        &mut self.views[self.active]
    }

    /// A layer by its number.
    #[must_use]
    pub fn get(&self, id: LayerId) -> Option<&LayerView> {
        self.views.iter().find(|view| view.id == id)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, id: LayerId) -> Option<&mut LayerView> {
        self.views.iter_mut().find(|view| view.id == id)
    }

    /// Changes all of them.
    pub fn for_each(&mut self, change: impl FnMut(&mut LayerView)) {
        self.views.iter_mut().for_each(change);
    }

    /// Draws a layer more or less strongly.
    pub fn set_opacity(&mut self, id: LayerId, percent: u8) {
        if let Some(view) = self.get_mut(id) {
            view.opacity = percent.clamp(LayerView::LEAST_OPACITY, 100);
        }
    }

    /// The layer that alone is shown, if one is flipped to.
    #[must_use]
    pub fn alone(&self) -> Option<LayerId> {
        // After a reload it may not be back yet.
        self.alone.filter(|id| self.get(*id).is_some())
    }

    /// Whether a layer is drawn.
    #[must_use]
    pub fn is_drawn(&self, id: LayerId) -> bool {
        match self.alone() {
            Some(alone) => alone == id,
            None => {
                self.get(id).is_some_and(|view| view.visible) && self.viewports.shows_anywhere(id)
            }
        }
    }

    /// How viewports stand: one alone while a layer is flipped to.
    #[must_use]
    pub fn viewports(&self) -> &Viewports {
        const ONE: &Viewports = &Viewports::One;
        if self.alone().is_some() { ONE } else { &self.viewports }
    }

    /// Changes how viewports stand. What is flipped to ends: it would be alone in all of them.
    pub(super) fn viewports_mut(&mut self) -> &mut Viewports {
        self.alone = None;
        &mut self.viewports
    }

    /// Two viewports side by side, or one again.
    pub fn toggle_side_by_side(&mut self) {
        if let Some(pair) = self.pair() {
            self.viewports_mut().toggle_side_by_side(pair);
        }
    }

    /// A viewport that is wiped between two layers, or one with all.
    pub fn toggle_wipe(&mut self) {
        if let Some(pair) = self.pair() {
            self.viewports_mut().toggle_wipe(pair);
        }
    }

    /// One viewport more beside the others.
    pub fn add_viewport(&mut self) {
        let ids: Vec<LayerId> = self.views.iter().map(|view| view.id).collect();
        self.viewports_mut().add(ids.into_iter());
    }

    /// The first layer and the active one, or the second where that is the first: what is compared.
    fn pair(&self) -> Option<[LayerId; 2]> {
        let first = self.views.first()?.id;
        let second = self.views.get(self.active.max(1))?.id;
        Some([first, second])
    }

    /// Takes in a layer, behind the others. After a reload it is seen as the layer that was added as the same
    /// in turn was before.
    pub fn add(&mut self, id: LayerId) {
        if self.get(id).is_some() {
            return;
        }
        let mut view = LayerView::new(id);
        let place_of = |id: LayerId| Self::seen(&self.before, id).map(|seen| seen.place);
        let behind = |place: usize| {
            let before = |view: &LayerView| place_of(view.id).is_some_and(|other| other > place);
            self.views.iter().position(before)
        };
        // Else behind those that were named before, whichever was read first.
        let named_later = || self.views.iter().position(|view| view.id > id);
        let at = match place_of(id) {
            Some(place) => behind(place),
            None => named_later(),
        };
        let at = at.unwrap_or(self.views.len());
        let active = self.was_active.take_if(|was| *was == id).unwrap_or(self.active().id);
        Self::see_again(&self.before, &mut view);
        self.views.insert(at, view);
        self.active = self.place(active).unwrap_or(0);
    }

    /// The first of these layers anew; it and those that are added are seen as these are.
    #[must_use]
    pub fn reloaded(&self) -> Self {
        let mut ids: Vec<LayerId> = self.views.iter().map(|view| view.id).collect();
        ids.sort_unstable();
        // They are numbered anew, in the same order.
        let number = |id: LayerId| {
            ids.iter().zip(1..).find(|(old, _)| **old == id).map_or(id, |(_, new)| LayerId(new))
        };
        let seen = |id: &LayerId| {
            let place = self.place(*id)?;
            Some(Seen::of(place, &self.views[place]))
        };
        let before = ids.iter().filter_map(seen).collect();
        let viewports = self.viewports.renumbered(number);
        let alone = self.alone.map(number);
        let was_active = Some(number(self.active().id)).filter(|id| *id != LayerId::FIRST);
        let mut again = Self { alone, viewports, before, was_active, ..Self::default() };
        Self::see_again(&again.before, &mut again.views[0]);
        again
    }

    fn seen(before: &[Seen], id: LayerId) -> Option<&Seen> {
        before.get((id.0 as usize).checked_sub(1)?)
    }

    fn see_again(before: &[Seen], view: &mut LayerView) {
        if let Some(seen) = Self::seen(before, view.id) {
            (view.visible, view.opacity) = (seen.visible, seen.opacity);
            view.selection.set_filter(seen.filter.clone());
        }
    }

    /// Lets go of a layer, unless it is the only one.
    pub fn remove(&mut self, id: LayerId) {
        let active = self.active().id;
        if self.views.len() > 1 {
            self.views.retain(|view| view.id != id);
            self.viewports.forget(id);
        }
        self.alone = self.alone.filter(|alone| *alone != id);
        self.active = self.place(active).unwrap_or(0);
    }

    /// Makes panels and keys be about a layer. While one alone is shown, it is this one from now on.
    pub fn activate(&mut self, id: LayerId) {
        if let Some(place) = self.place(id) {
            self.active = place;
            self.alone = self.alone.map(|_| id);
        }
    }

    /// Shows the layer at a place of the list alone, counted from 1; 0 shows all that are visible. A place
    /// without a layer changes nothing.
    pub fn flip(&mut self, place: u8) {
        let Some(place) = usize::from(place).checked_sub(1) else {
            self.alone = None;
            return;
        };
        if let Some(view) = self.views.get(place) {
            (self.alone, self.active) = (Some(view.id), place);
        }
    }

    /// Draws a layer, or no longer.
    pub fn toggle(&mut self, id: LayerId) {
        if let Some(view) = self.get_mut(id) {
            view.visible ^= true;
        }
        // Whoever looks at eyes wants to see what they say.
        self.alone = None;
    }

    /// Moves a layer to a place of the list, counted from 0.
    pub fn reorder(&mut self, id: LayerId, to: usize) {
        let active = self.active().id;
        if let Some(from) = self.place(id) {
            let view = self.views.remove(from);
            self.views.insert(to.min(self.views.len()), view);
            self.active = self.place(active).unwrap_or(0);
        }
    }

    fn place(&self, id: LayerId) -> Option<usize> {
        self.views.iter().position(|view| view.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> LayerViews {
        let mut layers = LayerViews::only(LayerId(1));
        (2..=3).for_each(|id| layers.add(LayerId(id)));
        layers
    }

    fn drawn(layers: &LayerViews) -> Vec<u32> {
        layers
            .all()
            .iter()
            .map(|view| view.id)
            .filter(|id| layers.is_drawn(*id))
            .map(|id| id.0)
            .collect()
    }

    #[test]
    fn flipping_shows_one_alone_and_back_all_that_were_visible() {
        let mut layers = three();
        layers.toggle(LayerId(2));
        assert_eq!(drawn(&layers), [1, 3]);
        layers.flip(2);
        assert_eq!((drawn(&layers), layers.active().id), (vec![2], LayerId(2)), "hidden or not");
        layers.flip(9);
        assert_eq!(drawn(&layers), [2], "there is none");
        layers.activate(LayerId(3));
        assert_eq!(drawn(&layers), [3]);
        layers.flip(0);
        assert_eq!((drawn(&layers), layers.active().id), (vec![1, 3], LayerId(3)));
    }

    #[test]
    fn what_is_flipped_to_is_alone_in_one_viewport_and_the_others_come_back() {
        let mut layers = three();
        layers.activate(LayerId(3));
        layers.toggle_side_by_side();
        assert_eq!((layers.viewports().count(), drawn(&layers)), (2, vec![1, 3]));
        layers.flip(2);
        assert_eq!((layers.viewports().count(), drawn(&layers)), (1, vec![2]));
        layers.flip(0);
        assert_eq!((layers.viewports().count(), drawn(&layers)), (2, vec![1, 3]));
        layers.toggle(LayerId(3));
        assert_eq!(drawn(&layers), [1], "an eye is of all viewports");
        let mut one = LayerViews::only(LayerId(1));
        one.toggle_wipe();
        assert_eq!(one.viewports(), &Viewports::One, "there is nothing to compare with");
    }

    #[test]
    fn after_a_reload_layers_are_seen_in_the_same_order_and_viewports() {
        let mut layers = three();
        layers.remove(LayerId(2));
        layers.add(LayerId(4));
        layers.reorder(LayerId(4), 0);
        layers.set_opacity(LayerId(4), 30);
        layers.activate(LayerId(3));
        layers.toggle_wipe();
        // 4, 1, 3 by their order: now they are 3, 1, 2.
        let mut again = layers.reloaded();
        again.add(LayerId(3));
        again.add(LayerId(2));
        assert_eq!(again.active().id, LayerId(2), "it was the one with the number 3");
        let order: Vec<(u32, u8)> = again.all().iter().map(|v| (v.id.0, v.opacity)).collect();
        assert_eq!(order, [(3, 30), (1, 100), (2, 100)]);
        assert_eq!(drawn(&again), [3, 2]);
        layers.flip(1);
        let mut again = layers.reloaded();
        again.add(LayerId(2));
        assert_eq!(drawn(&again), [2], "the one that is flipped to is not back, nor one side");
        again.add(LayerId(3));
        assert_eq!((drawn(&again), again.active().id), (vec![3], LayerId(3)));
    }

    #[test]
    fn the_active_layer_stays_so_where_others_come_go_and_move() {
        let mut layers = three();
        layers.activate(LayerId(2));
        layers.reorder(LayerId(3), 0);
        assert_eq!(layers.all().iter().map(|view| view.id.0).collect::<Vec<_>>(), [3, 1, 2]);
        assert_eq!(layers.active().id, LayerId(2));
        layers.remove(LayerId(3));
        assert_eq!(layers.active().id, LayerId(2));
        layers.remove(LayerId(2));
        assert_eq!(layers.active().id, LayerId(1));
        layers.remove(LayerId(1));
        assert_eq!(layers.all().len(), 1, "the last one stays");
    }
}
