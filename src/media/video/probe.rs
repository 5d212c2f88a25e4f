//! What a container says of its video, which is not always so.

use super::{
    VideoError,
    table::Expected,
    tools::{Ffmpeg, answer},
};
use serde::{Deserialize, Deserializer};
use std::{path::Path, time::Duration};

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Name of the codec, as FFmpeg has it.
    pub codec: String,
    /// Pictures a second, on average.
    pub frame_rate: Option<f64>,
    /// Number of pictures.
    pub frames: Option<u32>,
    /// Seconds in a unit of the time stamps.
    pub(super) time_base: f64,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Stream {
    #[serde(default)]
    codec_name: String,
    #[serde(default, deserialize_with = "ratio")]
    avg_frame_rate: Option<f64>,
    #[serde(default, deserialize_with = "ratio")]
    r_frame_rate: Option<f64>,
    #[serde(default, deserialize_with = "ratio")]
    time_base: Option<f64>,
    nb_frames: Option<String>,
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

/// Asks for the header.
pub(super) fn header(ffmpeg: &Ffmpeg, path: &Path) -> Result<Header, VideoError> {
    /// A header on a slow drive.
    const PATIENCE: Duration = Duration::from_secs(30);
    let refused = |reason: String| VideoError::NoVideo { path: path.to_owned(), reason };
    let entries = "stream=codec_name,avg_frame_rate,r_frame_rate,time_base,nb_frames";
    let text = answer(ffmpeg.probe(path, entries, "json"), PATIENCE, || false)
        .map_err(|error| refused(without_name(&error.to_string())))?;
    let answer: Answer = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
    let stream = answer.streams.into_iter().next();
    let stream = stream.ok_or_else(|| refused("it holds no pictures".to_owned()))?;
    Ok(Header {
        codec: stream.codec_name,
        frame_rate: stream.avg_frame_rate.or(stream.r_frame_rate).filter(|rate| *rate < 1000.0),
        frames: stream.nb_frames.and_then(|frames| frames.parse().ok()),
        time_base: stream.time_base.unwrap_or(1.0),
    })
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
    stopped: impl Fn() -> bool,
) -> Option<Expected> {
    /// All of a large file is read.
    const PATIENCE: Duration = Duration::from_mins(10);
    let command = ffmpeg.probe(path, "packet=pts,flags", "csv=p=0");
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
        assert_eq!(without_name(reason), "invalid data found when processing input");
    }
}
