//! What a container says of its video, which is not always so.

use super::{
    VideoError,
    damage::Promise,
    table::Expected,
    tools::{Ffmpeg, answer},
};
use crate::storage::holds_video;
use serde::{Deserialize, Deserializer};
use std::{fs, path::Path, time::Duration};

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Name of the codec, as FFmpeg has it.
    pub codec: String,
    /// Pictures a second, on average.
    pub frame_rate: Option<f64>,
    /// Number of pictures.
    pub frames: Option<u32>,
    /// All streams of pictures, in the order of the file. Cover pictures of sound are none.
    pub streams: Vec<VideoStream>,
    /// Which of them this is, counted from 0.
    pub stream: usize,
    /// Seconds in a unit of the time stamps.
    pub(super) time_base: f64,
    /// Whether pixels can't be transparent.
    pub(super) opaque: bool,
    /// How much it says there is.
    pub(super) promise: Promise,
}

/// One of the streams of pictures in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VideoStream {
    /// Name of the codec, as FFmpeg has it.
    pub codec: String,
    /// Width and height in pixels, as stored.
    pub size: [u32; 2],
    /// Whether the file says that players should begin with it.
    pub is_default: bool,
    /// Its number among all streams of the file.
    pub(super) index: u32,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Default, Deserialize)]
struct Format {
    #[serde(default, rename = "format_name")]
    name: String,
    #[serde(default)]
    probe_score: u32,
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    #[serde(default)]
    index: u32,
    #[serde(default)]
    codec_type: String,
    #[serde(default)]
    codec_name: String,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    #[serde(default)]
    pix_fmt: String,
    #[serde(default, deserialize_with = "ratio")]
    avg_frame_rate: Option<f64>,
    #[serde(default, deserialize_with = "ratio")]
    r_frame_rate: Option<f64>,
    #[serde(default, deserialize_with = "ratio")]
    time_base: Option<f64>,
    nb_frames: Option<String>,
    #[serde(default)]
    disposition: Disposition,
}

#[derive(Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    default: u8,
    #[serde(default)]
    attached_pic: u8,
}

/// `30000/1001`; `0/0` where nothing is known.
fn ratio<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let text = String::deserialize(from)?;
    let parts = text.split_once('/').map(|(a, b)| (a.parse::<f64>(), b.parse::<f64>()));
    Ok(match parts {
        Some((Ok(over), Ok(under))) if over > 0.0 && under > 0.0 => Some(over / under),
        _ => None,
    })
}

/// A header on a slow drive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks for the header; `stream` is the one to be shown, counted from 0.
pub(super) fn header(ffmpeg: &Ffmpeg, path: &Path, stream: usize) -> Result<Header, VideoError> {
    let refused = |reason: String| VideoError::NoVideo { path: path.to_owned(), reason };
    let Answer { streams, format } = ask(ffmpeg, path).map_err(refused)?;
    if format.name == "webp_pipe" && is_moving_webp(path) {
        return Err(refused("it is a WebP that moves, which this FFmpeg can't decode".to_owned()));
    }
    if let Some(reason) = no_video(&format.name, &streams, || has_several(ffmpeg, path)) {
        return Err(refused(reason.to_owned()));
    }
    let videos: Vec<Stream> = streams.into_iter().filter(is_video).collect();
    let Some(shown) = videos.get(stream) else {
        let (asked, there) = (stream + 1, videos.len());
        return Err(VideoError::NoStream { path: path.to_owned(), asked, there });
    };
    Ok(Header {
        codec: shown.codec_name.clone(),
        frame_rate: shown.avg_frame_rate.or(shown.r_frame_rate).filter(|rate| *rate < 1000.0),
        frames: shown.nb_frames.as_ref().and_then(|frames| frames.parse().ok()),
        stream,
        time_base: shown.time_base.unwrap_or(1.0),
        opaque: is_opaque(&shown.pix_fmt),
        promise: promise(shown, &format),
        streams: videos
            .iter()
            .map(|stream| VideoStream {
                codec: stream.codec_name.clone(),
                size: [stream.width, stream.height],
                is_default: stream.disposition.default != 0,
                index: stream.index,
            })
            .collect(),
    })
}

/// How many pictures the header says there are.
fn promise(shown: &Stream, format: &Format) -> Promise {
    /// Containers whose header tells the duration; of others FFmpeg works it out from what is there.
    const TELL_DURATION: [&str; 2] = ["matroska", "flv"];
    /// They also count pictures that an edit leaves out.
    const COUNT_HIDDEN: &str = "mov,mp4";
    let name = &format.name;
    if let Some(said) = shown.nb_frames.as_ref().and_then(|said| said.parse().ok()) {
        return Promise { frames: Some(said), sure: !name.starts_with(COUNT_HIDDEN) };
    }
    let tells = TELL_DURATION.iter().any(|tells| name.starts_with(tells));
    let duration = format.duration.as_ref().filter(|_| tells);
    let seconds = duration.and_then(|duration| duration.parse::<f64>().ok());
    let frames = seconds.zip(shown.avg_frame_rate).map(|(seconds, rate)| (seconds * rate) as u32);
    Promise { frames, sure: false }
}

/// Whether FFmpeg is sure that a file of any name holds pictures or sound. Waits for its answer.
pub(super) fn is_media(ffmpeg: &Ffmpeg, path: &Path) -> bool {
    /// Of 100.
    const SURE: u32 = 25;
    ask(ffmpeg, path).is_ok_and(|Answer { streams, format }| {
        let shown = |stream: &Stream| matches!(&*stream.codec_type, "video" | "audio");
        let sure = format.probe_score >= SURE && format.name != "tty";
        sure && streams.iter().any(shown)
    })
}

fn ask(ffmpeg: &Ffmpeg, path: &Path) -> Result<Answer, String> {
    if fs::metadata(path).is_ok_and(|about| about.len() == 0) {
        return Err("the file is empty".to_owned());
    }
    let entries = "format=format_name,probe_score,duration:stream=index,codec_type,codec_name,width,height,\
                   pix_fmt,avg_frame_rate,r_frame_rate,time_base,nb_frames:\
                   stream_disposition=default,attached_pic";
    let text = answer(ffmpeg.probe(path, None, entries, "json"), PATIENCE, || false);
    let text = text.map_err(|error| reason_of(&error.to_string(), holds_video(path)))?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// Whether the header of a WebP says that it moves; FFmpeg takes it for a single picture.
fn is_moving_webp(path: &Path) -> bool {
    /// Where the header of the extended kind has its flags, and the flag.
    const FLAGS: (usize, u8) = (20, 0b10);
    let head = crate::storage::Storage::open(path).and_then(|storage| storage.head(FLAGS.0 + 1));
    head.is_ok_and(|head| {
        head.get(12..16) == Some(b"VP8X")
            && head.get(FLAGS.0).is_some_and(|flags| flags & FLAGS.1 != 0)
    })
}

fn is_video(stream: &Stream) -> bool {
    stream.codec_type == "video" && stream.disposition.attached_pic == 0
}

/// Why what FFmpeg can open is no video all the same. `several` tells whether there is more than one
/// picture.
fn no_video(format: &str, streams: &[Stream], several: impl Fn() -> bool) -> Option<&'static str> {
    if format == "tty" {
        // FFmpeg would draw its letters.
        return Some("it is text");
    }
    let is_picture = format == "image2" || format.ends_with("_pipe");
    if is_picture && !several() {
        return Some("it is a single picture; open the folder that it lies in");
    }
    let kind = |kind: &str| streams.iter().any(|stream| stream.codec_type == kind);
    match streams.iter().any(is_video) {
        true => None,
        false if kind("video") => Some("it holds sound with a cover picture, and no video"),
        false if kind("audio") => Some("it holds sound, and no pictures"),
        false => Some("it holds no pictures"),
    }
}

fn has_several(ffmpeg: &Ffmpeg, path: &Path) -> bool {
    let mut command = ffmpeg.probe(path, Some(0), "packet=size", "csv=p=0");
    command.args(["-read_intervals", "%+#2"]);
    answer(command, PATIENCE, || false).is_ok_and(|text| text.lines().count() > 1)
}

/// Whether pixels in this form have no opacity of their own, so that it need not be taken off.
fn is_opaque(pixels: &str) -> bool {
    const OPAQUE: [&str; 10] =
        ["yuv4", "yuvj4", "gray", "nv1", "nv2", "p01", "rgb24", "bgr24", "yuyv", "uyvy"];
    let planes = pixels.starts_with("gbrp") && !pixels.starts_with("gbrap");
    planes || OPAQUE.iter().any(|opaque| pixels.starts_with(opaque))
}

/// What FFmpeg complained of, in words for a person.
fn reason_of(complaints: &str, begins_as_video: bool) -> String {
    // Of what only bears the name of such a file, FFmpeg says the same.
    if complaints.contains("moov atom not found") && begins_as_video {
        return "its index was never written: the recording was cut off, or is still going on"
            .to_owned();
    }
    if complaints.contains("moov atom not found") {
        return "it does not begin as a video does".to_owned();
    }
    without_name(complaints.lines().next_back().unwrap_or("it failed without a reason"))
}

/// FFmpeg begins its reasons with the path, which the message has already.
fn without_name(reason: &str) -> String {
    let reason = reason.rsplit_once(": ").map_or(reason, |(_, reason)| reason);
    let mut letters = reason.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// Reads the packets without decoding any: what pictures there should be.
pub(super) fn packets(
    ffmpeg: &Ffmpeg,
    path: &Path,
    stream: u32,
    stopped: impl Fn() -> bool,
) -> Option<Expected> {
    /// All of a large file is read.
    const PATIENCE: Duration = Duration::from_mins(10);
    let command = ffmpeg.probe(path, Some(stream), "packet=pts,flags", "csv=p=0");
    let text = answer(command, PATIENCE, stopped).ok()?;
    let mut packets = Vec::new();
    for line in text.lines() {
        let (pts, flags) = line.split_once(',')?;
        // Those with a D are decoded and not shown.
        if !flags.contains('D') {
            packets.push((pts.parse().ok()?, flags.contains('K')));
        }
    }
    Expected::new(packets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_what_it_leaves_out() {
        let text = r#"{"streams": [{"codec_name": "h264", "avg_frame_rate": "30000/1001",
            "r_frame_rate": "0/0", "time_base": "1/30000"}]}"#;
        let answer: Answer = serde_json::from_str(text).expect("reads");
        let stream = &answer.streams[0];
        assert!(stream.avg_frame_rate.is_some_and(|rate| (rate - 29.97).abs() < 0.01));
        assert_eq!((stream.r_frame_rate, &stream.nb_frames), (None, &None));
        let empty: Answer = serde_json::from_str("{}").expect("reads");
        assert!(empty.streams.is_empty());
    }

    #[test]
    fn reasons_do_not_name_the_file_twice() {
        let reason = "file:/a/b: x.mp4: Invalid data found when processing input";
        assert_eq!(reason_of(reason, true), "invalid data found when processing input");
        let cut = "[mov,mp4 @ 0x55] moov atom not found\nfile:/a/b.mp4: Invalid data found";
        assert!(reason_of(cut, true).starts_with("its index was never written"));
        assert_eq!(reason_of(cut, false), "it does not begin as a video does");
    }

    #[test]
    fn what_is_no_video_has_its_own_reason() {
        let stream = |kind: &str, attached_pic| Stream {
            disposition: Disposition { attached_pic, ..Disposition::default() },
            ..serde_json::from_str(&format!(r#"{{"codec_type": "{kind}"}}"#)).expect("reads")
        };
        let reason = |format: &str, streams: &[Stream], several| {
            no_video(format, streams, || several).unwrap_or("a video")
        };
        let video = [stream("video", 0)];
        assert_eq!(reason("avi", &video, true), "a video");
        assert_eq!(reason("tty", &video, true), "it is text");
        assert!(reason("png_pipe", &video, false).starts_with("it is a single picture"));
        assert_eq!(reason("jpeg_pipe", &video, true), "a video");
        let cover = [stream("audio", 0), stream("video", 1)];
        assert_eq!(
            reason("mp3", &cover, true),
            "it holds sound with a cover picture, and no video"
        );
        assert_eq!(reason("mp3", &cover[..1], true), "it holds sound, and no pictures");
        assert_eq!(reason("srt", &[], true), "it holds no pictures");
    }

    #[test]
    fn only_forms_without_opacity_are_taken_as_they_are() {
        for opaque in ["yuv420p", "yuvj444p", "gray", "nv12", "rgb24", "gbrp10le", "yuv420p10le"] {
            assert!(is_opaque(opaque), "{opaque}");
        }
        for not in ["yuva420p", "rgba", "bgra", "gbrap", "ya8", "pal8", "bgr0", ""] {
            assert!(!is_opaque(not), "{not}");
        }
    }
}
