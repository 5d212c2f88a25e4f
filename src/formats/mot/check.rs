//! The full check: every line read whole, behind the index, off the UI thread.

mod doubt;
mod evidence;
mod motion;
mod rows;

pub use doubt::{Doubt, DoubtKind};

use super::{MotError, MotFile, Origin, SkippedLine, line};
use crate::model::Detection;
use crate::{formats::lines::Index, model::TrackId};
use evidence::Evidence;
use rustc_hash::FxHashSet;
use std::{collections::HashMap, ops::ControlFlow};

/// Skipped lines kept for showing; further ones are only counted.
pub const MAX_SKIPPED_KEPT: usize = 10_000;

/// No camera has more pixels a side.
pub const FARTHEST: f64 = 32_768.0;

/// Distinct classes told apart at most.
pub const MAX_CLASSES: usize = 1000;

/// What the full check of a file found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Boxes: lines that can be read.
    pub detections: u64,
    /// Lines that can't be read.
    pub skipped_lines: u64,
    /// The first [`MAX_SKIPPED_KEPT`] of them.
    pub skipped: Vec<SkippedLine>,
    /// Distinct ids that are not negative.
    pub tracks: u64,
    /// Columns of every line, where all have the same number.
    pub columns: Option<usize>,
    /// Frames whose lines can all not be read.
    pub empty_frames: u64,
    /// First and last frame with a readable line.
    pub range: Option<(u32, u32)>,
    /// Left, top, right, bottom of all boxes that end within [`FARTHEST`] pixels.
    pub extent: Option<[f64; 4]>,
    /// Whether some confidence is other than -1, 0 and 1, which are flags.
    pub confidence_varies: bool,
    /// Least and highest confidence other than -1.
    pub confidence_range: Option<[f64; 2]>,
    /// The classes that are not negative, ascending, up to [`MAX_CLASSES`].
    pub class_list: Vec<i64>,
    /// Distinct classes that are not negative, counted up to [`MAX_CLASSES`].
    pub classes: usize,
    /// Boxes without width or height.
    pub without_area: u64,
    /// What makes it look as if the columns held something else, the weightiest first.
    pub doubts: Vec<Doubt>,
    /// Whether one header line was passed over.
    pub header: bool,
    /// Why the file could not be read to its end, if so.
    pub broken_off: Option<String>,
}

/// Hears how the check goes.
pub trait CheckObserver {
    /// Called every few megabytes with what was found so far; `Break` ends the work.
    fn progress(&mut self, done: u64, total: u64, so_far: &Findings) -> ControlFlow<()>;
}

impl CheckObserver for () {
    fn progress(&mut self, _: u64, _: u64, _: &Findings) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

const STRIDE: u64 = 4 << 20;

/// Reads every line of a file.
///
/// `None` where the observer broke off.
pub fn check(
    source: &MotFile,
    index: &Index,
    observer: &mut impl CheckObserver,
) -> Option<Findings> {
    Checker::default().read_on(source, source.len(), index, observer)
}

/// Refuses a file of whose first lines none or few can be read.
///
/// # Errors
/// [`MotError::NotMot`] with the first reasons.
pub(super) fn refuse_unreadable(source: MotFile) -> Result<MotFile, MotError> {
    /// Lines looked at.
    const SAMPLE: u64 = 500;
    /// One line in so many must be readable.
    const FEW: u64 = 10;
    let mut checker = Checker::default();
    checker.begin(&source);
    let read = source.for_each_line(source.start(), source.len(), &mut Vec::new(), |_, line| {
        checker.read(&source, line);
        if checker.content_lines >= SAMPLE {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    read.map_err(|error| MotError::Open { path: source.path().to_owned(), source: error })?;
    let good = checker.findings.detections;
    let seen = good + checker.findings.skipped_lines;
    let named = source.reading().origin == Origin::Header;
    if good * FEW >= seen && (good > 0 || !checker.findings.header || named) {
        return Ok(source);
    }
    let path = source.path().to_owned();
    if source.looks_binary() {
        return Err(MotError::Binary { path });
    }
    Err(MotError::NotMot { path, good, seen, first: checker.findings.skipped })
}

/// How many columns lines have.
#[derive(Default)]
enum ColumnCount {
    #[default]
    Unknown,
    Same(usize),
    Mixed,
}

/// A check that can be gone on with when the file has grown.
#[derive(Default)]
pub struct Checker {
    findings: Findings,
    /// Up to where it was read.
    read: u64,
    line: u64,
    content_lines: u64,
    ids: FxHashSet<TrackId>,
    last_id: Option<TrackId>,
    classes: FxHashSet<i64>,
    columns: ColumnCount,
    evidence: Evidence,
    unreadable_by_frame: HashMap<u32, u32>,
}

impl Checker {
    /// Reads every line that begins before `end` and was not read yet, and tells what was found in
    /// all of the file. `index` knows as much of it.
    ///
    /// `None` where the observer broke off.
    pub fn read_on(
        &mut self,
        source: &MotFile,
        end: u64,
        index: &Index,
        observer: &mut impl CheckObserver,
    ) -> Option<Findings> {
        self.begin(source);
        let from = self.read.max(source.start());
        let mut next = from + STRIDE;
        let mut cancelled = false;
        let read = source.for_each_line(from, end, &mut Vec::new(), |offset, line| {
            if offset >= next {
                next = offset + STRIDE;
                cancelled = observer.progress(offset, end, self.findings()).is_break();
                if cancelled {
                    return ControlFlow::Break(());
                }
            }
            self.read(source, line);
            ControlFlow::Continue(())
        });
        self.read = end;
        self.findings.broken_off = read.err().map(|error| error.to_string());
        (!cancelled).then(|| self.finish(index))
    }

    /// Takes over what is known before the first line.
    fn begin(&mut self, source: &MotFile) {
        self.line = self.line.max(source.lines_before());
        self.findings.header = source.reading().header.is_some();
    }

    fn read(&mut self, source: &MotFile, line: &[u8]) {
        self.line += 1;
        if line::is_blank_or_comment(line) {
            return;
        }
        self.content_lines += 1;
        self.evidence.line(source.reading().origin, line);
        match source.parse_line(line) {
            Ok((frame, detection, columns)) => {
                self.evidence.add(source.reading(), frame, &detection);
                self.good(frame, &detection, columns);
            }
            Err(_) if self.content_lines == 1 && !self.findings.header && line::is_header(line) => {
                self.findings.header = true;
                self.evidence.header(line);
            }
            Err(error) => {
                if line::is_header(line) {
                    self.evidence.further_header(source.reading(), line);
                }
                let frame = source.frame_of(line);
                self.findings.skipped_lines += 1;
                if let Some(frame) = frame {
                    *self.unreadable_by_frame.entry(frame).or_default() += 1;
                }
                if self.findings.skipped.len() < MAX_SKIPPED_KEPT {
                    self.findings.skipped.push(SkippedLine { line: self.line, frame, error });
                }
            }
        }
    }

    fn good(&mut self, frame: u32, detection: &Detection, columns: usize) {
        self.findings.detections += 1;
        let (first, last) = self.findings.range.unwrap_or((frame, frame));
        self.findings.range = Some((first.min(frame), last.max(frame)));
        if detection.id.is_identity() && self.last_id != Some(detection.id) {
            self.last_id = Some(detection.id);
            self.ids.insert(detection.id);
        }
        let confidence = detection.confidence;
        self.findings.confidence_varies |=
            confidence.is_some_and(|c| c != -1.0 && c != 0.0 && c != 1.0);
        if let Some(confidence) = confidence.filter(|c| *c != -1.0) {
            let [least, most] = self.findings.confidence_range.unwrap_or([confidence; 2]);
            self.findings.confidence_range = Some([least.min(confidence), most.max(confidence)]);
        }
        if let Some(class) = detection.class.filter(|class| *class >= 0)
            && self.classes.len() < MAX_CLASSES
        {
            self.classes.insert(class);
        }
        match &mut self.columns {
            ColumnCount::Unknown => self.columns = ColumnCount::Same(columns),
            ColumnCount::Same(same) if *same != columns => self.columns = ColumnCount::Mixed,
            ColumnCount::Same(_) | ColumnCount::Mixed => {}
        }
        let without_area = detection.width <= 0.0 || detection.height <= 0.0;
        self.findings.without_area += u64::from(without_area);
        self.stretch(detection);
    }

    /// Widens the extent, unless by a box so far out that all others would be dwarfed.
    fn stretch(&mut self, detection: &Detection) {
        let right = detection.left + detection.width.max(0.0);
        let bottom = detection.top + detection.height.max(0.0);
        if right > FARTHEST || bottom > FARTHEST {
            return;
        }
        let extent =
            self.findings.extent.get_or_insert([detection.left, detection.top, right, bottom]);
        *extent = [
            extent[0].min(detection.left),
            extent[1].min(detection.top),
            extent[2].max(right),
            extent[3].max(bottom),
        ];
    }

    fn findings(&mut self) -> &Findings {
        self.findings.tracks = self.ids.len() as u64;
        self.findings.columns = match self.columns {
            ColumnCount::Same(columns) => Some(columns),
            ColumnCount::Unknown | ColumnCount::Mixed => None,
        };
        if self.findings.classes != self.classes.len() {
            self.findings.class_list = self.classes.iter().copied().collect();
            self.findings.class_list.sort_unstable();
        }
        self.findings.classes = self.classes.len();
        &self.findings
    }

    fn finish(&mut self, index: &Index) -> Findings {
        self.findings();
        self.findings.doubts = self.evidence.doubts(self.findings.tracks, self.findings.columns);
        let hopeless = self.unreadable_by_frame.iter();
        self.findings.empty_frames =
            hopeless.filter(|(frame, lines)| index.lines_of(**frame) == **lines).count() as u64;
        self.findings.clone()
    }
}
