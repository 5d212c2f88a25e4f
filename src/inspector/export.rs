//! What happened, as text for other programs: as JSON or as CSV.

use super::{CacheKind, Log, PerCache, Samples};
use crate::{analysis::TrackTable, model::ClassNames};
use serde_json::{Value, json};
use std::path::Path;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Where the person went, and when: a trace for `motscope profile --trace`.
    Walk,
    /// The samples behind the plots.
    Samples,
    /// The events listed.
    Events,
    /// The lines of the boxes that the filter leaves.
    Boxes,
    /// The table of tracks.
    Tracks,
}

impl Export {
    /// What is told of the cache.
    pub const OF_CACHE: [Self; 3] = [Self::Walk, Self::Samples, Self::Events];

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Walk => "Walk",
            Self::Samples => "Samples",
            Self::Events => "Events",
            Self::Boxes => "Boxes",
            Self::Tracks => "Tracks",
        }
    }

    /// What it holds, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Walk => {
                "The frames that you went to, and when: as JSON a trace for 'motscope profile'"
            }
            Self::Samples => "Hit rate and queue depth over time, as plotted",
            Self::Events => "The events that the tab lists",
            Self::Boxes => "The lines of the boxes that the filter leaves, as they are in the file",
            Self::Tracks => {
                "Every track: id, class, first, last, frames, gaps, mean confidence, path"
            }
        }
    }

    /// The name that is offered.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Walk => "walk.json",
            Self::Samples => "samples.csv",
            Self::Events => "events.csv",
            Self::Boxes => "boxes.txt",
            Self::Tracks => "tracks.csv",
        }
    }
}

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

impl Format {
    /// As the ending of the name says; CSV unless it is `.json`.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Csv }
    }
}

/// A walk: seconds and frames, and the frames that were known to be of interest.
#[must_use]
pub fn walk(accesses: &[(f64, u32)], events: &[u32], format: Format) -> String {
    let ms = |seconds: f64| (seconds * 1e6).round() / 1e3;
    match format {
        Format::Json => {
            let accesses: Vec<Value> =
                accesses.iter().map(|(time, frame)| json!([ms(*time), frame])).collect();
            json!({ "events": events, "accesses": accesses }).to_string()
        }
        Format::Csv => {
            let rows =
                accesses.iter().map(|(time, frame)| vec![ms(*time).to_string(), frame.to_string()]);
            csv(&["time_ms", "frame"], rows)
        }
    }
}

/// The samples of both caches.
#[must_use]
pub fn samples(samples: &PerCache<Samples>, format: Format) -> String {
    let name = |kind: CacheKind| kind.title().to_lowercase();
    let all = CacheKind::ALL
        .into_iter()
        .flat_map(|kind| samples[kind].iter().map(move |sample| (name(kind), *sample)));
    match format {
        Format::Json => all
            .map(|(cache, s)| {
                // JSON has no NaN: before the first access there is no rate.
                let rate = Some(s.hit_rate).filter(|rate| rate.is_finite());
                json!({ "cache": cache, "time_s": s.time, "hit_rate": rate, "queue": s.queue })
            })
            .collect::<Value>()
            .to_string(),
        Format::Csv => {
            let rows = all.map(|(cache, s)| {
                let rate =
                    if s.hit_rate.is_finite() { s.hit_rate.to_string() } else { String::new() };
                vec![cache, format!("{:.3}", s.time), rate, s.queue.to_string()]
            });
            csv(&["cache", "time_s", "hit_rate", "queue"], rows)
        }
    }
}

/// The events that are kept.
#[must_use]
pub fn events(log: &Log, format: Format) -> String {
    let entries = log.entries().iter();
    match format {
        Format::Json => entries
            .map(|entry| {
                let origin = entry.origin.title();
                json!({ "time_s": entry.time, "origin": origin, "event": entry.text, "error": entry.is_error })
            })
            .collect::<Value>()
            .to_string(),
        Format::Csv => {
            let rows = entries.map(|entry| {
                let time = format!("{:.3}", entry.time);
                let origin = entry.origin.title().to_owned();
                vec![time, origin, entry.text.clone(), entry.is_error.to_string()]
            });
            csv(&["time_s", "origin", "event", "error"], rows)
        }
    }
}

/// Every track.
#[must_use]
pub fn tracks(table: &TrackTable, names: &ClassNames, format: Format) -> String {
    let tracks = table.tracks().iter();
    match format {
        Format::Json => tracks
            .map(|t| {
                json!({
                    "id": t.id, "class": t.class.and_then(ClassNames::in_file),
                    "class_name": t.class.and_then(|class| names.name(class)), "first": t.first, "last": t.last,
                    "frames": t.frames, "gaps": t.gaps, "missing": t.missing,
                    "confidence": t.confidence, "path": t.path,
                })
            })
            .collect::<Value>()
            .to_string(),
        Format::Csv => {
            let or_none = |value: Option<String>| value.unwrap_or_default();
            let rows = tracks.map(|t| {
                vec![
                    t.id.to_string(),
                    or_none(t.class.map(|class| match ClassNames::in_file(class) {
                        Some(number) => number.to_string(),
                        None => names.title(class),
                    })),
                    t.first.to_string(),
                    t.last.to_string(),
                    t.frames.to_string(),
                    t.gaps.to_string(),
                    t.missing.to_string(),
                    or_none(t.confidence.map(|c| format!("{c:.4}"))),
                    format!("{:.1}", t.path),
                ]
            });
            let header =
                ["id", "class", "first", "last", "frames", "gaps", "missing", "confidence", "path"];
            csv(&header, rows)
        }
    }
}

fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    // Into memory nothing fails.
    let _ = table.write_record(header);
    for row in rows {
        let _ = table.write_record(row);
    }
    let bytes = table.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::{Entry, Origin, Standing};

    #[test]
    fn a_walk_is_a_trace() {
        let json = walk(&[(0.0, 5), (0.0333, 6)], &[9], Format::Json);
        let read: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read, json!({ "events": [9], "accesses": [[0.0, 5], [33.3, 6]] }));
        assert_eq!(walk(&[(1.5, 7)], &[], Format::Csv), "time_ms,frame\n1500,7\n");
    }

    #[test]
    fn samples_without_a_rate_have_none() {
        let mut both = PerCache::<Samples>::default();
        both.pictures.take(2.0, Standing::default());
        assert_eq!(samples(&both, Format::Csv), "cache,time_s,hit_rate,queue\npictures,2.000,,0\n");
        let read: Value = serde_json::from_str(&samples(&both, Format::Json)).expect("JSON");
        assert_eq!(read[0]["hit_rate"], Value::Null);
    }

    #[test]
    fn events_are_quoted_where_they_must_be() {
        let mut log = Log::default();
        let text = "said \"no\", twice".to_owned();
        log.push(Entry { time: 1.0, origin: Origin::Reader, text, is_error: true });
        let csv = events(&log, Format::Csv);
        assert!(csv.ends_with("1.000,file,\"said \"\"no\"\", twice\",true\n"), "{csv}");
        assert!(events(&log, Format::Json).contains(r#""error":true"#));
        assert_eq!(Format::of(Path::new("a.JSON")), Format::Json);
    }
}
