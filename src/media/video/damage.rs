//! What FFmpeg says while all of a video is decoded, and whether that, or what the header promises, means
//! that the video is damaged. No processes, no threads.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Letters of what FFmpeg said that are kept.
const MOST_LETTERS: usize = 160;

/// Something that FFmpeg said, and how many pictures had come before.
type Saying = (u32, String);

/// What FFmpeg said of damage while it decoded: the first of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heard {
    /// Before any picture came.
    early: Option<Saying>,
    /// That the file ends too soon.
    cut: Option<Saying>,
    /// That something can't be decoded as it should.
    broken: Option<Saying>,
    /// That a packet is damaged or missing, which is also said where two recordings were joined.
    packet: Option<Saying>,
    /// That a picture has no end. Some cameras never write one.
    endless: Option<Saying>,
    /// How often that was said.
    endless_times: u32,
}

/// How much the header says there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Promise {
    /// Number of pictures.
    pub frames: Option<u32>,
    /// Whether a much smaller number means by itself that some are lost: some containers count pictures
    /// that are not to be shown, and for others it is worked out from the duration.
    pub sure: bool,
}

impl Heard {
    /// Takes in a line of FFmpeg's log, after so many pictures.
    pub fn line(&mut self, line: &str, pictures: u32) {
        let Some((is_error, text)) = complaint(line) else { return };
        let has = |part: &str| text.contains(part);
        let kind = if has("partial file") || has("ended prematurely") {
            &mut self.cut
        } else if has("corrupt input packet") {
            &mut self.packet
        } else if has("EOI missing") {
            self.endless_times += u32::from(pictures > 0);
            &mut self.endless
        } else if (is_error && !is_harmless(text)) || has("corrupt decoded frame") {
            &mut self.broken
        } else {
            return;
        };
        let kind = if pictures == 0 { &mut self.early } else { kind };
        kind.get_or_insert_with(|| (pictures, text.chars().take(MOST_LETTERS).collect()));
    }

    /// What that means for a video of so many pictures. `no_end` says that the file ends before its
    /// container does, `gap` tells before which picture time stamps leave some out.
    pub fn damage(
        &self,
        promise: Promise,
        counted: u32,
        no_end: bool,
        gap: impl FnOnce() -> Option<u32>,
    ) -> Option<Damage> {
        let promised = promise.frames.filter(|promised| *promised > counted);
        let missing = promised.map_or(0, |promised| promised - counted);
        // One at the beginning is often lost, and nobody misses it.
        let few = 1;
        let early = self.early.as_ref().filter(|_| promise.sure && missing > few);
        let endless = self.endless.as_ref().filter(|_| self.endless_times < counted.div_ceil(2));
        let packet = || {
            let (_, text) = self.packet.as_ref()?;
            Some((gap()?, text.clone()))
        };
        let said = self.cut.as_ref().or(self.broken.as_ref()).or(endless).or(early);
        let said = said.cloned().or_else(packet);
        let much = promise.sure && missing > 2 + counted.saturating_add(missing) / 20;
        if said.is_none() && !much && !no_end {
            return None;
        }
        let ends_early = self.cut.is_some() || ((much || no_end) && said.is_none());
        let promised = promised.filter(|_| missing > few);
        Some(Damage { ends_early, no_end, said, counted, promised })
    }
}

/// What is wrong with a video. Displayed as a sentence that the name of the file begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Whether it is cut off, and no more.
    pub ends_early: bool,
    /// Whether the file ends before its container does.
    pub no_end: bool,
    /// What FFmpeg said first, and after how many pictures, about; `None` where only pictures, or the
    /// end of the file, are missing.
    pub said: Option<(u32, String)>,
    /// Pictures that are there.
    pub counted: u32,
    /// Pictures that its header promises, where those are clearly more.
    pub promised: Option<u32>,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ends_early, no_end: _, said, counted, promised } = self;
        let there = promised.map(|promised| {
            format!("{counted} of the {promised} pictures that its header promises are there")
        });
        let (picture, said) = said.as_ref().map_or((0, ""), |(after, said)| (after + 1, said));
        let said = crate::text::line(said.trim_end_matches('.'));
        match (ends_early, there) {
            (true, Some(there)) => write!(f, "is cut off: {there}."),
            (true, None) if said.is_empty() => write!(
                f,
                "is cut off: the file ends before its container does. {counted} pictures are there; the \
                 last may be incomplete."
            ),
            (true, None) => {
                write!(f, "is cut off: FFmpeg said \"{said}\", and {counted} pictures are there.")
            }
            (false, there) => {
                let there = there.map_or(String::new(), |there| format!("; {there}"));
                write!(
                    f,
                    "is damaged: FFmpeg said \"{said}\" near picture {picture}: pictures behind the \
                     damage may be others than those of their frames{there}."
                )
            }
        }
    }
}

/// Whether a line complains of an error, rather than warning of one, and its text.
fn complaint(line: &str) -> Option<(bool, &str)> {
    // What is written in the file itself is indented.
    let line = line.strip_prefix('[').map(|_| line.trim_end())?;
    let after = |level: &str| line.split_once(level).map(|(_, text)| text);
    let error = after("[error] ").or_else(|| after("[fatal] "));
    let is_error = error.is_some();
    let text = error.or_else(|| after("[warning] "))?;
    // The name of the file is known.
    let text = if text.starts_with("file:") { text.rsplit_once(": ")?.1 } else { text };
    Some((is_error, text))
}

/// Errors that leave every picture as it was.
fn is_harmless(text: &str) -> bool {
    const HARMLESS: [&str; 4] = ["mmco:", "number of reference frames", "SEI type", "co located"];
    HARMLESS.iter().any(|harmless| text.contains(harmless))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &[(u32, &str)]) -> Heard {
        let mut heard = Heard::default();
        for (pictures, line) in lines {
            heard.line(line, *pictures);
        }
        heard
    }

    fn told(lines: &[(u32, &str)], promise: (Option<u32>, bool), counted: u32) -> Option<String> {
        let promise = Promise { frames: promise.0, sure: promise.1 };
        heard(lines).damage(promise, counted, false, || None).map(|damage| damage.to_string())
    }

    #[test]
    fn a_video_that_ends_too_soon_is_cut_off() {
        let line = "[matroska,webm @ 0x55] [error] File ended prematurely\n";
        let cut = told(&[(15, line)], (Some(60), false), 17).expect("told");
        assert_eq!(cut, "is cut off: 17 of the 60 pictures that its header promises are there.");
        let unknown = told(&[(15, line)], (None, false), 17).expect("told");
        let text = "is cut off: FFmpeg said \"File ended prematurely\", and 17 pictures are there.";
        assert_eq!(unknown, text);
        // Without a word of FFmpeg, where the header is to be believed.
        assert!(told(&[], (Some(444), true), 68).expect("told").contains("68 of the 444"));
        assert_eq!(told(&[], (Some(444), false), 68), None, "they may be hidden");
    }

    #[test]
    fn a_file_without_its_end_is_cut_off_where_ffmpeg_says_nothing() {
        let told = |heard: &Heard| heard.damage(Promise::default(), 7, true, || None);
        let silent = told(&Heard::default()).expect("told").to_string();
        assert_eq!(
            silent,
            "is cut off: the file ends before its container does. 7 pictures are there; the last may \
             be incomplete."
        );
        // Damage within is worse, and is what is told.
        let within = heard(&[(3, "[h264 @ 0x55] [error] Invalid NAL unit size (0 > 32).")]);
        assert!(told(&within).expect("told").to_string().starts_with("is damaged"));
    }

    #[test]
    fn what_can_not_be_decoded_is_damage() {
        let line = "[h264 @ 0x55] [error] Invalid NAL unit size (0 > 32).\n";
        let text = told(&[(14, line)], (Some(60), false), 60).expect("told");
        assert_eq!(
            text,
            "is damaged: FFmpeg said \"Invalid NAL unit size (0 > 32)\" near picture 15: pictures \
             behind the damage may be others than those of their frames."
        );
        let fewer = told(&[(14, line)], (Some(60), false), 40).expect("told");
        assert!(fewer.ends_with("; 40 of the 60 pictures that its header promises are there."));
        let corrupt = "[warning] file:/a: b.asf: corrupt decoded frame in stream 0";
        let text = told(&[(36, corrupt)], (None, false), 37).expect("told");
        assert!(text.contains("said \"corrupt decoded frame in stream 0\" near picture 37"));
    }

    #[test]
    fn good_videos_of_which_ffmpeg_complains_are_no_alarm() {
        let first = "[h264 @ 0x55] [error] decode_slice_header error";
        assert_eq!(told(&[(0, first)], (Some(456), false), 455), None);
        let eoi = "[mjpeg @ 0x55] [warning] EOI missing, emulating";
        assert_eq!(told(&[(0, eoi)], (Some(60), true), 60), None, "said while it was looked at");
        let always: Vec<(u32, &str)> = (0..60).map(|n| (n, eoi)).collect();
        assert_eq!(told(&always, (Some(60), true), 60), None, "a camera that writes no end");
        assert!(told(&[(5, eoi)], (Some(60), true), 60).is_some());
        for harmless in [
            "[framecrc @ 0x55] [warning] Non-monotonous DTS in output stream 0:0",
            "[h264 @ 0x55] [error] mmco: unref short failure",
            "    title           : [error] partial file",
            "[swscaler @ 0x55] [warning] deprecated pixel format used",
        ] {
            assert_eq!(told(&[(9, harmless)], (Some(60), true), 60), None, "{harmless}");
        }
    }

    #[test]
    fn packets_that_are_missing_are_damage_where_times_leave_pictures_out() {
        let line = "[warning] file:/a.ts: corrupt input packet in stream 0";
        let heard = heard(&[(0, line), (14, line)]);
        assert_eq!(heard.damage(Promise::default(), 60, false, || None), None, "joined recordings");
        let damage = heard.damage(Promise::default(), 52, false, || Some(37)).expect("damaged");
        assert!(damage.to_string().contains("stream 0\" near picture 38"), "{damage}");
    }
}
