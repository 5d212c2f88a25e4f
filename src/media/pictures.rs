use super::{
    Advice, Alignment, Count, ImageSequence, Picture, PictureError, Place, Ratio, Video,
    VideoError, advise, alignment::Mapping,
};
use crate::cache::{DataProvider, Key, Load};
use parking_lot::{Mutex, RwLock};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
};

/// The pictures of a sequence, by frame. Clones share them.
#[derive(Clone, Debug)]
pub struct Pictures {
    source: Arc<Source>,
    mapping: Arc<RwLock<Mapping>>,
    changes: Arc<Changes>,
    troubles: Arc<Mutex<Arc<Troubles>>>,
}

/// Pictures that can't be shown, or only in part, as far as they were asked for: by number, with the reason,
/// a sentence.
pub type Troubles = BTreeMap<u32, String>;

/// Pictures of which that is kept.
const MOST_TROUBLES: usize = 500;

/// Changes of which picture belongs to which frame.
#[derive(Debug, Default)]
struct Changes {
    /// Twice as many as there were; odd while there is one.
    count: AtomicU64,
    one: Mutex<()>,
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
        Self::new(Source::Video(video), 1)
    }
}

impl Pictures {
    fn new(source: Source, first: u32) -> Self {
        let mapping = Mapping { step: Ratio::ONE, offset: Ratio::ZERO, first };
        Self {
            source: Arc::new(source),
            mapping: Arc::new(RwLock::new(mapping)),
            changes: Arc::default(),
            troubles: Arc::default(),
        }
    }

    /// The same pictures, which stay aligned as they are now.
    #[must_use]
    pub fn frozen(&self) -> Self {
        let mapping = *self.mapping.read();
        Self { mapping: Arc::new(RwLock::new(mapping)), ..self.clone() }
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
    /// one. Where that changes anything, `drop_loaded` is called, as what was loaded is of other frames.
    pub fn align(&self, alignment: Alignment, first: Option<u32>, drop_loaded: impl FnOnce()) {
        let first = match &*self.source {
            // Files say their numbers themselves.
            Source::Images(_) => 0,
            Source::Video(_) => Self::first_frame(alignment, first),
        };
        let step = if alignment.step.is_positive() { alignment.step } else { Ratio::ONE };
        let mapping = Mapping { step, offset: alignment.offset, first };
        if *self.mapping.read() != mapping {
            self.change(|| {
                *self.mapping.write() = mapping;
                drop_loaded();
            });
        }
    }

    /// Does what makes pictures belong to other frames, so that [`Self::version`] tells.
    pub fn change(&self, change: impl FnOnce()) {
        let _one = self.changes.one.lock();
        self.changes.count.fetch_add(1, SeqCst);
        change();
        self.changes.count.fetch_add(1, SeqCst);
    }

    /// Grows with each change of which picture belongs to which frame. `None` while there is one: a picture
    /// that was asked for now may be of the frame or not.
    #[must_use]
    pub fn version(&self) -> Option<u64> {
        Some(self.changes.count.load(SeqCst)).filter(|count| count.is_multiple_of(2))
    }

    /// Whether the frames that have boxes, ascending, have pictures, and how they would. Nothing is known of a
    /// video that is not counted.
    #[must_use]
    pub fn advice(&self, annotated: &[u32]) -> Option<Advice> {
        let numbers: Vec<u32> = match &*self.source {
            Source::Images(images) => images.numbers().collect(),
            Source::Video(video) if video.count().complete => (0..video.frames()).collect(),
            Source::Video(_) => return None,
        };
        advise(annotated, &numbers, *self.mapping.read(), self.video().is_some())
    }

    /// Sets which values are black and white, as [`ImageSequence::set_range`] does.
    pub fn set_range(&self, range: Option<[f32; 2]>, drop_loaded: impl FnOnce()) {
        if self.images().is_some_and(|images| images.set_range(range)) {
            drop_loaded();
        }
    }

    /// What is wrong with pictures that were asked for so far.
    #[must_use]
    pub fn troubles(&self) -> Arc<Troubles> {
        Arc::clone(&self.troubles.lock())
    }

    /// Notes how a picture was found.
    fn note(&self, number: u32, found: &Result<Picture, PictureError>) {
        let trouble = match found {
            Ok(picture) => picture.damage.as_ref().map(|damage| {
                let name = self.images().and_then(|images| images.name_of(number));
                format!("{} is damaged: {damage}.", name.unwrap_or_default())
            }),
            // Nobody waited for it, or there is none.
            Err(PictureError::Video(VideoError::GivenUp | VideoError::PastEnd { .. })) => return,
            Err(error) => Some(error.to_string()),
        };
        let mut troubles = self.troubles.lock();
        match trouble {
            Some(text) if troubles.len() < MOST_TROUBLES => {
                Arc::make_mut(&mut troubles).insert(number, text);
            }
            None if troubles.contains_key(&number) => {
                Arc::make_mut(&mut troubles).remove(&number);
            }
            _ => {}
        }
    }

    /// The number of the frame that a video's first picture belongs to, without the offset.
    #[must_use]
    pub fn first_frame(alignment: Alignment, first_annotated: Option<u32>) -> u32 {
        alignment.first.unwrap_or(u32::from(first_annotated != Some(0)))
    }

    /// The picture of a frame by its number: in the names of files, or counted from 0 in a video.
    #[must_use]
    pub fn place_of(&self, frame: u32) -> Option<Place> {
        self.mapping.read().place(frame)
    }

    /// The number of [`Self::place_of`].
    #[must_use]
    pub fn number_of(&self, frame: u32) -> Option<u32> {
        self.place_of(frame).map(|place| place.number)
    }

    /// The frame whose own a picture is.
    #[must_use]
    pub fn frame_of(&self, number: u32) -> Option<u32> {
        self.mapping.read().frame(number)
    }

    /// Whether `frame` has a picture, its own or the one before, as far as is known.
    #[must_use]
    pub fn has(&self, frame: u32) -> bool {
        self.number_of(frame).is_some_and(|number| match &*self.source {
            Source::Images(images) => images.has(number),
            Source::Video(video) => number < video.frames(),
        })
    }

    /// The frames that have a picture of their own, ascending.
    #[must_use]
    pub fn frames(&self) -> Vec<u32> {
        let mapping = *self.mapping.read();
        match &*self.source {
            Source::Images(images) => images.numbers().filter_map(|n| mapping.frame(n)).collect(),
            Source::Video(video) => (0..video.frames()).filter_map(|n| mapping.frame(n)).collect(),
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

    /// The largest size that a picture of these frames has. Files are read up to their pixels; of a video it is
    /// known what is counted.
    #[must_use]
    pub fn largest(&self, frames: &[u32]) -> Option<[u32; 2]> {
        let sizes = self.video().map(Video::sizes).unwrap_or_default();
        let size_of = |number: u32| match &*self.source {
            Source::Images(images) => images.size(number),
            Source::Video(_) => {
                let run = sizes.partition_point(|(first, _)| *first <= number);
                Some(sizes.get(run.checked_sub(1)?)?.1)
            }
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
        let found = match &*self.source {
            Source::Images(images) => images.picture(number),
            Source::Video(video) => {
                let also = |number: u32, picture| {
                    if let Some(frame) = self.frame_of(number) {
                        load.also(Key::from(frame), picture);
                    }
                };
                video.picture(number, load, also).map_err(PictureError::from)
            }
        };
        self.note(number, &found);
        found
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
        let align = |offset: i32, first| {
            let mut changed = false;
            let offset = offset.into();
            pictures.align(Alignment { offset, ..Alignment::default() }, first, || changed = true);
            changed
        };
        assert!(align(2, Some(1)));
        assert_eq!((pictures.frames(), pictures.number_of(1)), (vec![1, 2, 7], Some(3)));
        assert!(pictures.has(7) && !pictures.has(9) && pictures.contains(2));
        assert!(!align(2, Some(0)), "files say their numbers themselves");
        // Those that would come before frame 0 are out.
        assert!(align(4, None));
        assert_eq!((pictures.frames(), pictures.number_of(0)), (vec![0, 5], Some(4)));
        assert!(align(-5, None));
        assert_eq!((pictures.frames(), pictures.number_of(4)), (vec![8, 9, 14], None));
    }

    #[test]
    fn frames_between_have_the_picture_before_and_none_of_their_own() {
        let pictures = named(&["0.jpg", "1.jpg", "2.jpg"]);
        let step = Ratio::new(1, 5);
        pictures.align(Alignment { step, ..Alignment::default() }, Some(0), || ());
        assert_eq!(pictures.frames(), [0, 5, 10]);
        assert_eq!(
            (pictures.number_of(14), pictures.has(14), pictures.has(15)),
            (Some(2), true, false)
        );
        assert!(!pictures.place_of(14).expect("a place").exact);
    }

    #[test]
    fn a_change_is_seen_while_it_lasts_and_after() {
        let pictures = named(&["3.jpg"]);
        let before = pictures.version();
        let film = pictures.frozen();
        let alignment = Alignment { offset: 2.into(), ..Alignment::default() };
        pictures.align(alignment, None, || assert_eq!(pictures.version(), None));
        assert!(before.is_some() && pictures.version() > before);
        assert_eq!((pictures.number_of(1), film.number_of(1)), (Some(3), Some(1)));
        let after = pictures.version();
        pictures.align(alignment, Some(1), || panic!("nothing changes"));
        assert_eq!(pictures.version(), after);
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
