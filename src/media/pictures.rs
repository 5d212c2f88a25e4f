use super::{Count, ImageSequence, Picture, PictureError, Video};
use crate::cache::{DataProvider, Key, Load};
use serde::{Deserialize, Serialize};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

/// Which picture belongs to which frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alignment {
    /// The number of the first frame, which a video's first picture belongs to: 0 or 1; `None`: as the
    /// annotations have it.
    pub first: Option<u32>,
    /// Pictures that are passed over: frame N shows the picture that N + offset would.
    pub offset: i32,
}

/// The pictures of a sequence, by frame. Clones share them.
#[derive(Clone, Debug)]
pub struct Pictures {
    source: Arc<Source>,
    /// Added to a frame's number.
    shift: Arc<AtomicI64>,
}

/// Where pictures come from.
#[derive(Debug)]
enum Source {
    /// Files with a number each.
    Images(ImageSequence),
    /// Numbered from 0.
    Video(Video),
}

impl From<ImageSequence> for Pictures {
    fn from(images: ImageSequence) -> Self {
        Self::new(Source::Images(images), 0)
    }
}

impl From<Video> for Pictures {
    fn from(video: Video) -> Self {
        Self::new(Source::Video(video), -1)
    }
}

impl Pictures {
    fn new(source: Source, shift: i64) -> Self {
        Self { source: Arc::new(source), shift: Arc::new(AtomicI64::new(shift)) }
    }

    /// The same pictures, which stay aligned as they are now.
    #[must_use]
    pub fn frozen(&self) -> Self {
        let shift = AtomicI64::new(self.shift.load(Relaxed));
        Self { source: Arc::clone(&self.source), shift: Arc::new(shift) }
    }

    /// The video, if it is one.
    #[must_use]
    pub fn video(&self) -> Option<&Video> {
        match &*self.source {
            Source::Video(video) => Some(video),
            Source::Images(_) => None,
        }
    }

    /// The picture folder, if it is one.
    #[must_use]
    pub fn images(&self) -> Option<&ImageSequence> {
        match &*self.source {
            Source::Images(images) => Some(images),
            Source::Video(_) => None,
        }
    }

    /// The folder or the video file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &*self.source {
            Source::Images(images) => images.folder(),
            Source::Video(video) => video.path(),
        }
    }

    /// Aligns pictures with frames; `first` is the number of the first annotated frame, where there is
    /// one. Answers whether anything changed.
    #[must_use = "what was loaded may be of other frames"]
    pub fn align(&self, alignment: Alignment, first: Option<u32>) -> bool {
        let numbered_from = match &*self.source {
            // Files say their numbers themselves.
            Source::Images(_) => 0,
            Source::Video(_) => i64::from(Self::first_frame(alignment, first)),
        };
        let shift = i64::from(alignment.offset) - numbered_from;
        self.shift.swap(shift, Relaxed) != shift
    }

    /// The number of the frame that a video's first picture belongs to, without the offset.
    #[must_use]
    pub fn first_frame(alignment: Alignment, first_annotated: Option<u32>) -> u32 {
        alignment.first.unwrap_or(u32::from(first_annotated != Some(0)))
    }

    /// The number of a frame's picture: in the names of files, or counted from 0 in a video.
    #[must_use]
    pub fn number_of(&self, frame: u32) -> Option<u32> {
        u32::try_from(i64::from(frame) + self.shift.load(Relaxed)).ok()
    }

    fn frame_of(&self, number: u32) -> Option<u32> {
        u32::try_from(i64::from(number) - self.shift.load(Relaxed)).ok()
    }

    /// Whether `frame` has a picture, as far as is known.
    #[must_use]
    pub fn has(&self, frame: u32) -> bool {
        self.number_of(frame).is_some_and(|number| match &*self.source {
            Source::Images(images) => images.has(number),
            Source::Video(video) => number < video.frames(),
        })
    }

    /// The frames that have a picture, ascending.
    #[must_use]
    pub fn frames(&self) -> Vec<u32> {
        match &*self.source {
            Source::Images(images) => images.frames().filter_map(|n| self.frame_of(n)).collect(),
            Source::Video(video) => (0..video.frames()).filter_map(|n| self.frame_of(n)).collect(),
        }
    }

    /// Number of pictures, as far as is known.
    #[must_use]
    pub fn len(&self) -> usize {
        match &*self.source {
            Source::Images(images) => images.len(),
            Source::Video(video) => video.frames() as usize,
        }
    }

    /// Whether there is no picture.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The largest size that a picture of these frames has, where that is known without reading them: of
    /// a video that is counted.
    #[must_use]
    pub fn largest(&self, frames: &[u32]) -> Option<[u32; 2]> {
        let sizes = self.video()?.sizes();
        let size_of = |number: u32| {
            let run = sizes.partition_point(|(first, _)| *first <= number);
            Some(sizes.get(run.checked_sub(1)?)?.1)
        };
        let all = frames.iter().filter_map(|frame| size_of(self.number_of(*frame)?));
        all.max_by_key(|[width, height]| u64::from(*width) * u64::from(*height))
    }

    /// How far the counting of a video is.
    #[must_use]
    pub fn count(&self) -> Option<Count> {
        self.video().map(Video::count)
    }

    /// Width and height of a video's pictures in pixels.
    #[must_use]
    pub fn size(&self) -> Option<[u32; 2]> {
        self.video().map(Video::size)
    }
}

impl DataProvider for Pictures {
    type Value = Picture;
    type Error = PictureError;

    fn load(&self, key: Key) -> Result<Picture, PictureError> {
        // Whoever asks in this way waits, and has no use for others.
        Load::detached(|load| self.load_with(key, load))
    }

    fn load_with(&self, key: Key, load: &Load<'_, Picture>) -> Result<Picture, PictureError> {
        let absent = PictureError::Absent { frame: key };
        let number = u32::try_from(key).ok().and_then(|frame| self.number_of(frame));
        let number = number.ok_or(absent)?;
        match &*self.source {
            Source::Images(images) => images.picture(number),
            Source::Video(video) => {
                let also = |number: u32, picture| {
                    if let Some(frame) = self.frame_of(number) {
                        load.also(Key::from(frame), picture);
                    }
                };
                Ok(video.picture(number, load, also)?)
            }
        }
    }

    fn contains(&self, key: Key) -> bool {
        u32::try_from(key).is_ok_and(|frame| self.has(frame))
    }

    fn weight(&self, picture: &Picture) -> u64 {
        picture.rgba.capacity() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&'static str]) -> Pictures {
        let files = names.iter().map(|name| (*name, &b""[..]));
        ImageSequence::embedded("here", files).into()
    }

    #[test]
    fn pictures_move_under_the_frames_by_an_offset() {
        let pictures = named(&["3.jpg", "4.jpg", "9.jpg"]);
        assert_eq!(pictures.frames(), [3, 4, 9]);
        let offset = |offset| Alignment { offset, ..Alignment::default() };
        assert!(pictures.align(offset(2), Some(1)));
        assert_eq!((pictures.frames(), pictures.number_of(1)), (vec![1, 2, 7], Some(3)));
        assert!(pictures.has(7) && !pictures.has(9) && pictures.contains(2));
        assert!(!pictures.align(offset(2), Some(0)), "files say their numbers themselves");
        // Those that would come before frame 0 are out.
        assert!(pictures.align(offset(4), None));
        assert_eq!((pictures.frames(), pictures.number_of(0)), (vec![0, 5], Some(4)));
        assert!(pictures.align(offset(-5), None));
        assert_eq!((pictures.frames(), pictures.number_of(4)), (vec![8, 9, 14], None));
    }

    #[test]
    fn frames_are_numbered_as_the_annotations_have_it_unless_somebody_says() {
        let said = |first| Alignment { first, ..Alignment::default() };
        assert_eq!(Pictures::first_frame(said(None), Some(0)), 0);
        assert_eq!(Pictures::first_frame(said(None), Some(7)), 1);
        assert_eq!(Pictures::first_frame(said(None), None), 1);
        assert_eq!(Pictures::first_frame(said(Some(0)), Some(1)), 0);
        assert_eq!(Pictures::first_frame(said(Some(1)), Some(0)), 1);
    }
}
