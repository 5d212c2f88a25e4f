//! A running decoder: pictures one after the other, each with its time stamp.

use super::{
    VideoError,
    damage::Heard,
    table::{Size, Stamp},
    tools::{Decoding, Ended, Ffmpeg},
    watch::{Watched, Watcher},
};
use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    io::{self, BufRead as _, BufReader, Read},
    process::{ChildStderr, ChildStdout},
    sync::{Arc, Weak},
    thread,
    time::Instant,
};

/// Stamps that may wait; a decoder is never as many pictures ahead of its reader.
const WAITING: usize = 4096;
/// Complaints of a decoder that are kept, newest last.
const COMPLAINTS: usize = 4;

/// What a decoder says of a picture before it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub stamp: Stamp,
    pub size: Size,
}

/// A process whose pictures are read one by one. Dropping it ends it.
pub(super) struct Process {
    watched: Arc<Watched>,
    pub out: BufReader<ChildStdout>,
    told: Receiver<Told>,
    complaints: Arc<Mutex<VecDeque<String>>>,
    heard: Arc<Mutex<Heard>>,
}

impl Process {
    pub fn start(
        ffmpeg: &Ffmpeg,
        what: &Decoding<'_>,
        format: &str,
        watcher: &Watcher,
    ) -> Result<Self, VideoError> {
        let failed = |source| VideoError::Start { source };
        let mut child = Ended(ffmpeg.decoding(what, format).spawn().map_err(failed)?);
        let pipe = || failed(io::Error::other("it has no output"));
        let out = child.0.stdout.take().ok_or_else(pipe)?;
        let err = child.0.stderr.take().ok_or_else(pipe)?;
        let (sender, told) = bounded(WAITING);
        let complaints = Arc::<Mutex<VecDeque<String>>>::default();
        let kept = Arc::clone(&complaints);
        let heard = Arc::<Mutex<Heard>>::default();
        let hearing = Arc::clone(&heard);
        let listen = move || listen(err, &sender, &kept, &hearing);
        thread::Builder::new().name("video-listener".to_owned()).spawn(listen).map_err(failed)?;
        let watched = watcher.watch(child);
        Ok(Self { watched, out: BufReader::with_capacity(1 << 16, out), told, complaints, heard })
    }

    /// What is told of the next picture; `None` at the end.
    pub fn next(&self) -> Option<Told> {
        let _at_work = self.watched.at_work();
        self.told.recv().ok()
    }

    /// Reads all of a picture.
    pub fn read(&mut self, pixels: &mut [u8]) -> io::Result<()> {
        let _at_work = self.watched.at_work();
        self.out.read_exact(pixels)
    }

    /// Whether bytes come that nothing was told of. Waits for the end of the output.
    pub fn has_more(&mut self) -> bool {
        let _at_work = self.watched.at_work();
        self.out.fill_buf().is_ok_and(|rest| !rest.is_empty())
    }

    /// A line of text, without its end; `None` at the end.
    pub fn line(&mut self, line: &mut String) -> Option<()> {
        let _at_work = self.watched.at_work();
        line.clear();
        let read = self.out.read_line(line).ok()?;
        line.truncate(line.trim_end().len());
        (read > 0).then_some(())
    }

    /// Why it ended.
    pub fn reason(&self) -> String {
        if self.watched.was_ended() {
            let seconds = self.watched.limit().as_secs_f64();
            return format!("it gave no picture for {seconds:.0} s and was stopped");
        }
        let complaints = self.complaints.lock();
        complaints.back().cloned().unwrap_or_else(|| "it ended without a reason".to_owned())
    }

    /// What it said of damage so far; all of it, once nothing is told any more.
    pub fn heard(&self) -> Heard {
        self.heard.lock().clone()
    }

    /// Whether it was ended for keeping its reader waiting.
    pub fn was_ended(&self) -> bool {
        self.watched.was_ended()
    }

    /// Whether it came to its end as it should; waits for that.
    pub fn succeeded(&self) -> bool {
        self.watched.succeeded()
    }

    /// To end it from elsewhere.
    pub fn weak(&self) -> Weak<Watched> {
        Arc::downgrade(&self.watched)
    }

    pub fn end(&self) {
        self.watched.end();
    }

    /// Lets it do nothing until [`Self::wake`]. Nobody may wait for it meanwhile.
    pub fn rest(&self) {
        self.watched.rest(true);
    }

    /// Lets it go on.
    pub fn wake(&self) {
        self.watched.rest(false);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A decoder and the number of the picture that comes next.
pub(super) struct Decoder {
    pub process: Process,
    /// `None` until a picture of known number has come by.
    pub next: Option<u32>,
    /// The key frame that it began at, if not at the start.
    pub began_at: Option<u32>,
    /// Whether it hands out nothing before a certain picture.
    pub skips: bool,
    pub last_used: Instant,
    /// Of the table, when it began.
    pub epoch: u32,
}

/// Hands on what is told of pictures, and keeps what a decoder complains of.
fn listen(
    err: ChildStderr,
    sender: &Sender<Told>,
    complaints: &Mutex<VecDeque<String>>,
    heard: &Mutex<Heard>,
) {
    let mut pictures = 0;
    // Titles and names within may be in any encoding.
    let mut line = Vec::new();
    let mut err = BufReader::new(err).take(u64::MAX);
    while err.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&line);
        if let Some(told) = told(&text) {
            if sender.send(told).is_err() {
                return;
            }
            pictures += 1;
            line.clear();
            continue;
        }
        heard.lock().line(&text, pictures);
        if let Some(complaint) = complaint(&text) {
            let mut complaints = complaints.lock();
            if complaints.len() == COMPLAINTS {
                complaints.pop_front();
            }
            complaints.push_back(complaint);
        }
        line.clear();
    }
}

/// `[Parsed_showinfo_1 @ 0x…] [info] n:   3 pts:   1200 pts_time:0.1 … s:768x576 i:P iskey:1 type:I`
fn told(line: &str) -> Option<Told> {
    // A title may say anything, but not at the beginning.
    let rest = line.strip_prefix("[Parsed_showinfo_")?.split_once(" n:")?.1;
    let field = |name: &str| {
        let value = rest.split_once(name)?.1.trim_start();
        value.split_whitespace().next()
    };
    let (width, height) = field(" s:")?.split_once('x')?;
    Some(Told {
        stamp: Stamp { pts: field(" pts:")?.parse().ok(), is_key: field(" iskey:")? == "1" },
        size: [width.parse().ok()?, height.parse().ok()?],
    })
}

/// What a line of a decoder's log tells of a picture: its size, its time stamp and whether it is a key
/// frame. For fuzzing.
#[cfg(fuzzing)]
#[must_use]
pub fn read_showinfo(line: &str) -> Option<([u32; 2], Option<i64>, bool)> {
    complaint(line);
    told(line).map(|Told { stamp, size }| (size, stamp.pts, stamp.is_key))
}

fn complaint(line: &str) -> Option<String> {
    let is_complaint = line.contains("[error]") || line.contains("[fatal]");
    let text = line.rsplit_once("] ").map_or(line, |(_, text)| text).trim();
    (is_complaint && !text.is_empty()).then(|| text.chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_picture_is_understood() {
        let line = "[Parsed_showinfo_1 @ 0x55] [info] n:   3 pts:1002000 pts_time:0.1       \
                    pos:   138626 fmt:rgba sar:0/1 s:768x576 i:P iskey:0 type:P ";
        let stamp = Stamp { pts: Some(1_002_000), is_key: false };
        assert_eq!(told(line), Some(Told { stamp, size: [768, 576] }));
        let none =
            "[Parsed_showinfo_1 @ 0x55] n: 0 pts: NOPTS pts_time:NOPTS fmt:rgba s:2x2 i:P iskey:1";
        assert_eq!(told(none).map(|told| told.stamp), Some(Stamp { pts: None, is_key: true }));
        assert_eq!(told("[Parsed_showinfo_1 @ 0x55] [info] color_range:pc"), None);
        assert_eq!(told("    title : showinfo n: 0 pts: 0 s:9x9 iskey:1"), None);
        let error = "[h264 @ 0x55] [error] decode_slice_header error\n";
        assert_eq!(complaint(error).as_deref(), Some("decode_slice_header error"));
    }
}
