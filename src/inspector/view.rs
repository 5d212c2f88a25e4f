//! The part of the picture that is seen: zoom and pan. Coordinates of the picture are its
//! pixels, those of the screen are points from the viewport's top left corner.

/// Zoom is kept between these, in points a pixel.
const ZOOM_RANGE: std::ops::RangeInclusive<f64> = 0.01..=64.0;

/// How the picture lies in the viewport.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum View {
    /// All of it, as large as fits, in the middle.
    #[default]
    Fit,
    /// As the person put it.
    Free {
        /// Points a pixel.
        zoom: f64,
        /// The pixel in the middle of the viewport.
        center: [f64; 2],
    },
}

/// Maps pixels of the picture to points of the viewport.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    /// Points a pixel.
    pub zoom: f64,
    /// Where the picture's top left corner lies, in points.
    pub offset: [f64; 2],
}

impl Transform {
    /// Pixels to points.
    #[must_use]
    pub fn to_screen(&self, pixel: [f64; 2]) -> [f64; 2] {
        [pixel[0] * self.zoom + self.offset[0], pixel[1] * self.zoom + self.offset[1]]
    }

    /// Points to pixels.
    #[must_use]
    pub fn to_picture(&self, point: [f64; 2]) -> [f64; 2] {
        [(point[0] - self.offset[0]) / self.zoom, (point[1] - self.offset[1]) / self.zoom]
    }
}

impl View {
    /// The mapping for a picture and a viewport of these sizes.
    #[must_use]
    pub fn transform(&self, picture: [f64; 2], viewport: [f64; 2]) -> Transform {
        let picture = picture.map(|side| side.max(1.0));
        let (zoom, center) = match self {
            Self::Fit => {
                let zoom = (viewport[0] / picture[0]).min(viewport[1] / picture[1]).max(1e-6);
                (zoom, picture.map(|side| side / 2.0))
            }
            Self::Free { zoom, center } => (*zoom, *center),
        };
        let offset = [0, 1].map(|axis| viewport[axis] / 2.0 - center[axis] * zoom);
        Transform { zoom, offset }
    }

    /// Zooms by `factor`, keeping what is under `pointer` (in points) where it is.
    #[must_use]
    pub fn zoomed(
        self,
        factor: f64,
        pointer: [f64; 2],
        picture: [f64; 2],
        viewport: [f64; 2],
    ) -> Self {
        let before = self.transform(picture, viewport);
        let anchor = before.to_picture(pointer);
        let zoom = (before.zoom * factor).clamp(*ZOOM_RANGE.start(), *ZOOM_RANGE.end());
        let center =
            [0, 1].map(|axis| anchor[axis] - (pointer[axis] - viewport[axis] / 2.0) / zoom);
        Self::Free { zoom, center }.kept_in_reach(picture)
    }

    /// Moves the picture by so many points.
    #[must_use]
    pub fn panned(self, by: [f64; 2], picture: [f64; 2], viewport: [f64; 2]) -> Self {
        let Transform { zoom, .. } = self.transform(picture, viewport);
        let middle = viewport.map(|side| side / 2.0);
        let center =
            self.transform(picture, viewport).to_picture([middle[0] - by[0], middle[1] - by[1]]);
        Self::Free { zoom, center }.kept_in_reach(picture)
    }

    /// One pixel a point, keeping the middle.
    #[must_use]
    pub fn actual_size(self, picture: [f64; 2], viewport: [f64; 2]) -> Self {
        let middle = viewport.map(|side| side / 2.0);
        let center = self.transform(picture, viewport).to_picture(middle);
        Self::Free { zoom: 1.0, center }.kept_in_reach(picture)
    }

    /// The middle of the viewport stays within one picture's size around the picture, so that it
    /// can't be lost.
    fn kept_in_reach(self, picture: [f64; 2]) -> Self {
        match self {
            Self::Fit => Self::Fit,
            Self::Free { zoom, center } => {
                let reach = |axis: usize| center[axis].clamp(-picture[axis], 2.0 * picture[axis]);
                Self::Free { zoom, center: [reach(0), reach(1)] }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PICTURE: [f64; 2] = [1920.0, 1080.0];
    const VIEWPORT: [f64; 2] = [960.0, 700.0];

    #[test]
    fn fit_shows_all_of_it_in_the_middle() {
        let transform = View::Fit.transform(PICTURE, VIEWPORT);
        assert_eq!(transform.zoom, 0.5);
        assert_eq!(transform.to_screen([0.0, 0.0]), [0.0, 80.0]);
        assert_eq!(transform.to_screen(PICTURE), [960.0, 620.0]);
    }

    proptest! {
        #[test]
        fn what_is_under_the_pointer_stays_there(
            steps in prop::collection::vec((0.8..1.5_f64, 0.0..960.0_f64, 100.0..600.0_f64), 1..6),
        ) {
            let mut view = View::Fit;
            for (factor, x, y) in steps {
                let before = view.transform(PICTURE, VIEWPORT).to_picture([x, y]);
                let zoomed = view.zoomed(factor, [x, y], PICTURE, VIEWPORT);
                let after = zoomed.transform(PICTURE, VIEWPORT).to_picture([x, y]);
                let inside = |p: [f64; 2]| (0.0..1920.0).contains(&p[0]) && (0.0..1080.0).contains(&p[1]);
                if inside(before) {
                    prop_assert!((before[0] - after[0]).abs() < 1e-6, "{:?} {:?}", before, after);
                }
                view = zoomed;
            }
        }

        #[test]
        fn panning_moves_by_as_much(x in -200.0..200.0_f64, y in -200.0..200.0_f64) {
            let before = View::Fit.transform(PICTURE, VIEWPORT).to_screen([100.0, 100.0]);
            let panned = View::Fit.panned([x, y], PICTURE, VIEWPORT);
            let after = panned.transform(PICTURE, VIEWPORT).to_screen([100.0, 100.0]);
            prop_assert!((after[0] - before[0] - x).abs() < 1e-6);
            prop_assert!((after[1] - before[1] - y).abs() < 1e-6);
        }
    }
}
