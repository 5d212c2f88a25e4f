//! A place to be shown: a part of the picture, and a track of a layer.

use crate::model::TrackId;
use std::{fmt, str::FromStr};

/// A track of a layer, by the layer's place in the list, counted from 1.
///
/// ```
/// use motscope::inspector::PickedTrack;
///
/// let picked: PickedTrack = "2:17".parse()?;
/// assert_eq!((picked.layer, picked.to_string().as_str()), (2, "2:17"));
/// assert!("17".parse::<PickedTrack>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PickedTrack {
    /// The place of its layer, from 1.
    pub layer: usize,
    /// Its id.
    pub id: TrackId,
}

impl fmt::Display for PickedTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.layer, self.id)
    }
}

impl FromStr for PickedTrack {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("'{text}' is no track like 2:17, the layer's place and the id");
        let (layer, id) = text.split_once(':').ok_or_else(refused)?;
        let layer = layer.parse().ok().filter(|layer| *layer > 0).ok_or_else(refused)?;
        Ok(Self { layer, id: id.parse().map_err(|_| refused())? })
    }
}

/// How many frames later the boxes of a layer are than its lines say, by the layer's place, counted from 1.
///
/// ```
/// use motscope::inspector::LayerShift;
///
/// let shift: LayerShift = "2:-1".parse()?;
/// assert_eq!((shift.layer, shift.frames, shift.to_string().as_str()), (2, -1, "2:-1"));
/// assert!("1".parse::<LayerShift>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerShift {
    /// The place of the layer, from 1.
    pub layer: usize,
    /// Frames later, or where negative, earlier.
    pub frames: i32,
}

impl fmt::Display for LayerShift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.layer, self.frames)
    }
}

impl FromStr for LayerShift {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("'{text}' is no shift like 2:-1, the layer's place and frames");
        let (layer, frames) = text.split_once(':').ok_or_else(refused)?;
        let layer = layer.parse().ok().filter(|layer| *layer > 0).ok_or_else(refused)?;
        Ok(Self { layer, frames: frames.parse().map_err(|_| refused())? })
    }
}

/// A part of the picture, in its pixels.
///
/// ```
/// use motscope::inspector::Region;
///
/// let region: Region = "10,20.5,300,200".parse()?;
/// assert_eq!((region.left, region.height), (10.0, 200.0));
/// assert_eq!(region.to_string(), "10,20.5,300,200");
/// assert!("10,20,0,200".parse::<Region>().is_err(), "it has no width");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width, above 0.
    pub width: f64,
    /// Height, above 0.
    pub height: f64,
}

impl fmt::Display for Region {
    /// With tenths of pixels.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = |number: f64| (number * 10.0).round() / 10.0;
        let [left, top, width, height] = [self.left, self.top, self.width, self.height].map(tenths);
        write!(f, "{left},{top},{width},{height}")
    }
}

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused =
            || format!("'{text}' is no region like 10,20,300,200: left, top, width, height");
        let numbers = text.split(',').map(|number| number.trim().parse::<f64>().ok());
        let numbers: Option<Vec<f64>> = numbers.collect();
        match numbers.as_deref() {
            Some([left, top, width, height])
                if numbers.iter().flatten().all(|number| number.is_finite())
                    && *width > 0.0
                    && *height > 0.0 =>
            {
                Ok(Self { left: *left, top: *top, width: *width, height: *height })
            }
            _ => Err(refused()),
        }
    }
}
