//! Which frame is on the screen while others are on their way: always the boxes of all layers and the
//! picture of one and the same frame.

use super::{Layer, PictureState, Showing, picture_error};
use crate::{
    cache::{Cache, Key, LoadError, Request},
    media::{Picture, PictureError, Pictures},
    model::{FrameDetections, LayerId, ReadError},
};
use std::{collections::VecDeque, sync::Arc};

/// Frames asked for lately that may still arrive in time to be worth showing.
const MAX_ASKED: usize = 16;

/// What is on the screen.
#[derive(Default)]
pub struct Shown {
    showing: Option<Showing>,
    /// Which version of [`Pictures`] its picture is of.
    version: Option<u64>,
    /// Asked for since the frame that is shown, newest last.
    asked: VecDeque<u32>,
    last_picture_size: Option<[f64; 2]>,
}

type BoxesAnswer = Vec<(LayerId, Request<FrameDetections, ReadError>)>;
type PictureAnswer = Request<Picture, PictureError>;

impl Shown {
    /// Notes that a frame was asked for.
    pub(super) fn asked(&mut self, frame: u32) {
        if self.asked.back() != Some(&frame) {
            if self.asked.len() == MAX_ASKED {
                self.asked.pop_front();
            }
            self.asked.push_back(frame);
        }
    }

    pub(super) fn showing(&self) -> Option<&Showing> {
        self.showing.as_ref()
    }

    pub(super) fn last_picture_size(&self) -> Option<[f64; 2]> {
        self.last_picture_size
    }

    /// Shows the frame asked for if all of it is there, else the newest of those asked for
    /// before it that has arrived since. While somebody scrubs faster than pictures load, those
    /// are what there is to see. `version` is that of the pictures before any was asked for.
    pub(super) fn update(
        &mut self,
        frame: u32,
        version: Option<u64>,
        (boxes, picture): (BoxesAnswer, Option<PictureAnswer>),
        (layers, pictures): (&[Layer], Option<&Cache<Pictures>>),
    ) {
        if let (Some(layers), Some(picture)) = (boxes_of(boxes), picture_of(picture)) {
            self.asked.clear();
            self.set(Showing { frame, layers, picture }, version);
            return;
        }
        for place in (0..self.asked.len()).rev() {
            let frame = self.asked[place];
            let key = Key::from(frame);
            let picture = match pictures {
                Some(pictures) if pictures.provider().has(frame) => pictures.peek(key),
                // It needs no picture, so it was shown when it was asked for.
                _ => None,
            };
            let boxes =
                || layers.iter().map(|layer| Some((layer.id, layer.peek(frame)?))).collect();
            if let Some(picture) = picture
                && let Some(layers) = boxes()
            {
                self.asked.drain(..=place);
                let picture = PictureState::Ready(picture);
                self.set(Showing { frame, layers, picture }, version);
                return;
            }
        }
    }

    /// Marks a picture that belongs to another frame by now. `version` is that of the pictures now.
    pub(super) fn hold_against(&mut self, version: Option<u64>) {
        let Some(showing) = &mut self.showing else { return };
        if let PictureState::Ready(picture) = &showing.picture
            && (version.is_none() || version != self.version)
        {
            showing.picture = PictureState::Outdated(Arc::clone(picture));
        }
    }

    fn set(&mut self, showing: Showing, version: Option<u64>) {
        self.version = version;
        if let PictureState::Ready(picture) = &showing.picture {
            self.last_picture_size = Some([f64::from(picture.width), f64::from(picture.height)]);
        }
        self.showing = Some(showing);
    }
}

/// The boxes of all layers, once none of them is on its way.
fn boxes_of(answers: BoxesAnswer) -> Option<Vec<(LayerId, Arc<FrameDetections>)>> {
    let boxes = |answer| match answer {
        Request::Ready(boxes) => Some(boxes),
        Request::Pending => None,
        // The picture is shown all the same, and the timeline says that the frame failed.
        Request::Failed(LoadError::Provider(_) | LoadError::Panicked(_) | LoadError::Closed) => {
            Some(Arc::default())
        }
    };
    answers.into_iter().map(|(layer, answer)| Some((layer, boxes(answer)?))).collect()
}

fn picture_of(answer: Option<PictureAnswer>) -> Option<PictureState> {
    match answer {
        None => Some(PictureState::None),
        Some(Request::Ready(picture)) => Some(PictureState::Ready(picture)),
        Some(Request::Pending) => None,
        Some(Request::Failed(error)) => Some(PictureState::Failed(picture_error(&error))),
    }
}
