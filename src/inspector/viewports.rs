//! How viewports stand over one picture: one, several side by side, or one that is wiped between two layers.

use crate::model::LayerId;

/// How viewports stand. All of them have one pan, one zoom and one playhead.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Viewports {
    /// One, with all layers.
    #[default]
    One,
    /// From [`MIN_SIDE_BY_SIDE`] to [`MAX_SIDE_BY_SIDE`], each with some of the layers.
    SideBySide(Vec<Vec<LayerId>>),
    /// One that is divided by an upright line.
    Wipe(Wipe),
}

/// A viewport that is divided by a line, with one layer on each side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wipe {
    /// The layers on the left and on the right.
    pub sides: [LayerId; 2],
    /// Where the line is, as a share of the width from the left, from 0 to 1.
    pub at: f64,
}

/// Viewports side by side at least.
pub const MIN_SIDE_BY_SIDE: usize = 2;
/// Viewports side by side at most: more would be too narrow to see anything.
pub const MAX_SIDE_BY_SIDE: usize = 4;

impl Viewports {
    /// How many there are, where a wiped one counts for both of its sides.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::One => 1,
            Self::SideBySide(each) => each.len(),
            Self::Wipe(_) => 2,
        }
    }

    /// Whether the viewport at a place, or the side of a wiped one, is to show a layer.
    #[must_use]
    pub fn shows(&self, place: usize, layer: LayerId) -> bool {
        match self {
            Self::One => true,
            Self::SideBySide(each) => each.get(place).is_some_and(|own| own.contains(&layer)),
            Self::Wipe(wipe) => wipe.sides.get(place) == Some(&layer),
        }
    }

    /// Whether any of them is to show a layer.
    #[must_use]
    pub fn shows_anywhere(&self, layer: LayerId) -> bool {
        (0..self.count()).any(|place| self.shows(place, layer))
    }

    /// Two side by side with a layer each, or one again.
    pub(super) fn toggle_side_by_side(&mut self, pair: [LayerId; 2]) {
        *self = match self {
            Self::SideBySide(_) => Self::One,
            Self::Wipe(wipe) => Self::SideBySide(wipe.sides.map(|side| vec![side]).to_vec()),
            Self::One => Self::SideBySide(pair.map(|side| vec![side]).to_vec()),
        };
    }

    /// One that is divided between two layers, or one again.
    pub(super) fn toggle_wipe(&mut self, pair: [LayerId; 2]) {
        *self = match self {
            Self::Wipe(_) => Self::One,
            Self::One | Self::SideBySide(_) => Self::Wipe(Wipe { sides: pair, at: 0.5 }),
        };
    }

    /// Moves the line that divides the viewport.
    pub(super) fn move_wipe(&mut self, to: f64) {
        if let Self::Wipe(wipe) = self
            && to.is_finite()
        {
            wipe.at = to.clamp(0.0, 1.0);
        }
    }

    /// One of those side by side shows a layer too, or no longer; a side of a wiped one shows that layer.
    pub(super) fn toggle_layer(&mut self, place: usize, layer: LayerId) {
        match self {
            Self::One => {}
            Self::SideBySide(each) => {
                let Some(own) = each.get_mut(place) else { return };
                match own.iter().position(|known| *known == layer) {
                    Some(at) => drop(own.remove(at)),
                    None => own.push(layer),
                }
            }
            Self::Wipe(wipe) => {
                if wipe.sides.get(1 - place.min(1)) == Some(&layer) {
                    wipe.sides.swap(0, 1);
                } else if let Some(side) = wipe.sides.get_mut(place) {
                    *side = layer;
                }
            }
        }
    }

    /// One more beside the others, with a layer that none of them shows yet.
    pub(super) fn add(&mut self, layers: impl Iterator<Item = LayerId>) {
        let mut layers = layers;
        let next = layers.find(|layer| !self.shows_anywhere(*layer));
        if let Self::SideBySide(each) = self
            && each.len() < MAX_SIDE_BY_SIDE
        {
            each.push(next.into_iter().collect());
        }
    }

    /// Takes one away from beside the others.
    pub(super) fn close(&mut self, place: usize) {
        if let Self::SideBySide(each) = self
            && each.len() > MIN_SIDE_BY_SIDE
            && place < each.len()
        {
            each.remove(place);
        }
    }

    /// A layer is gone: what showed it alone is gone with it.
    pub(super) fn forget(&mut self, layer: LayerId) {
        match self {
            Self::One => {}
            Self::SideBySide(each) => {
                let lost = |own: &Vec<LayerId>| own.contains(&layer) && own.len() == 1;
                each.retain(|own| !lost(own));
                for own in each.iter_mut() {
                    own.retain(|known| *known != layer);
                }
                if each.len() < MIN_SIDE_BY_SIDE {
                    *self = Self::One;
                }
            }
            Self::Wipe(wipe) => {
                if wipe.sides.contains(&layer) {
                    *self = Self::One;
                }
            }
        }
    }

    /// The same of layers that have other numbers now.
    pub(super) fn renumbered(&self, number: impl Fn(LayerId) -> LayerId) -> Self {
        match self {
            Self::One => Self::One,
            Self::SideBySide(each) => {
                let own = |own: &Vec<LayerId>| own.iter().map(|layer| number(*layer)).collect();
                Self::SideBySide(each.iter().map(own).collect())
            }
            Self::Wipe(wipe) => Self::Wipe(Wipe { sides: wipe.sides.map(number), ..*wipe }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: LayerId = LayerId(1);
    const B: LayerId = LayerId(2);
    const C: LayerId = LayerId(3);

    #[test]
    fn viewports_come_and_go_within_their_limits() {
        let mut viewports = Viewports::One;
        viewports.toggle_side_by_side([A, B]);
        assert_eq!(viewports, Viewports::SideBySide(vec![vec![A], vec![B]]));
        viewports.close(0);
        assert_eq!(viewports.count(), 2, "side by side are two at least");
        viewports.add([A, B, C].into_iter());
        assert!(viewports.shows(2, C) && !viewports.shows(2, A));
        (0..9).for_each(|_| viewports.add([A, B, C].into_iter()));
        assert_eq!(viewports.count(), MAX_SIDE_BY_SIDE);
        viewports.toggle_side_by_side([A, B]);
        assert_eq!(viewports, Viewports::One);
    }

    #[test]
    fn a_layer_can_be_in_several_and_goes_from_all() {
        let mut viewports = Viewports::SideBySide(vec![vec![A], vec![B], vec![C]]);
        viewports.toggle_layer(0, C);
        viewports.toggle_layer(1, B);
        assert!(viewports.shows(0, C) && !viewports.shows(1, B), "one may be empty");
        viewports.forget(C);
        assert_eq!(viewports, Viewports::SideBySide(vec![vec![A], vec![]]));
        viewports.forget(A);
        assert_eq!(viewports, Viewports::One);
    }

    #[test]
    fn a_wiped_viewport_has_two_sides_that_never_show_the_same() {
        let mut viewports = Viewports::One;
        viewports.toggle_wipe([A, B]);
        viewports.toggle_layer(0, B);
        assert_eq!(viewports, Viewports::Wipe(Wipe { sides: [B, A], at: 0.5 }));
        viewports.toggle_layer(1, C);
        viewports.move_wipe(7.0);
        viewports.move_wipe(f64::NAN);
        assert_eq!(viewports, Viewports::Wipe(Wipe { sides: [B, C], at: 1.0 }));
        assert!(viewports.shows(0, B) && !viewports.shows_anywhere(A));
        viewports.forget(B);
        assert_eq!(viewports, Viewports::One);
    }
}
