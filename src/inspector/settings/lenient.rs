//! Settings that another version or another hand wrote: what can't be read costs itself alone.

use super::Settings;
use serde_json::Value;

impl Settings {
    /// Reads settings field by field. Whatever can't be read has its default, and its name is told; of a list,
    /// the other entries stay. Fields of later versions are kept as they are.
    ///
    /// # Errors
    /// Where the text is no JSON object at all.
    ///
    /// ```
    /// use motscope::inspector::Settings;
    ///
    /// let (settings, odd) = Settings::read(r#"{"dark": false, "tab": "Scores"}"#)?;
    /// assert_eq!((settings.dark, odd), (false, vec!["tab".to_owned()]));
    /// assert!(Settings::read("oops").is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn read(text: &str) -> Result<(Self, Vec<String>), serde_json::Error> {
        use serde::de::Error as _;
        let stored: Value = serde_json::from_str(text)?;
        if !stored.is_object() {
            return Err(serde_json::Error::custom("it is no object"));
        }
        let mut reading =
            Reading { whole: serde_json::to_value(Self::default())?, odd: Vec::new() };
        reading.fill(&mut Vec::new(), stored);
        let Reading { whole, odd } = reading;
        Ok((serde_json::from_value::<Self>(whole)?.sane(), odd))
    }
}

/// A field's name, or its place in a list.
type Step = String;

struct Reading {
    /// Settings that can be read, always.
    whole: Value,
    odd: Vec<String>,
}

impl Reading {
    fn reads(&self) -> bool {
        serde_json::from_value::<Settings>(self.whole.clone()).is_ok()
    }

    fn at(&mut self, path: &[Step]) -> Option<&mut Value> {
        path.iter().try_fold(&mut self.whole, |place, step| match place {
            Value::Array(list) => list.get_mut(step.parse::<usize>().ok()?),
            other => other.get_mut(step.as_str()),
        })
    }

    /// Puts `stored` where `path` leads, or as much of it as can be read.
    fn fill(&mut self, path: &mut Vec<Step>, stored: Value) {
        let Some(place) = self.at(path) else { return };
        let before = std::mem::replace(place, stored.clone());
        // Whole, with the defaults of what it lacks: what can be read is read as it is.
        if self.reads() {
            return;
        }
        if let Some(place) = self.at(path) {
            *place = before.clone();
        }
        match (before, stored) {
            (Value::Object(before), Value::Object(stored)) => {
                for (name, value) in stored {
                    if before.contains_key(&name) {
                        path.push(name);
                        self.fill(path, value);
                        path.pop();
                    } else if let (true, Value::Object(whole)) = (path.is_empty(), &mut self.whole)
                    {
                        whole.insert(name, value);
                    }
                }
            }
            (Value::Array(before), Value::Array(stored)) if before.is_empty() => {
                for value in stored {
                    self.push(path, value);
                }
            }
            (Value::Array(before), Value::Array(stored)) => {
                if stored.len() != before.len() {
                    self.odd.push(path.join("."));
                }
                for (place, value) in stored.into_iter().take(before.len()).enumerate() {
                    path.push(place.to_string());
                    self.fill(path, value);
                    path.pop();
                }
            }
            _ => self.odd.push(path.join(".")),
        }
    }

    /// Another entry of a list, unless it can't be read.
    fn push(&mut self, path: &[Step], value: Value) {
        if let Some(Value::Array(list)) = self.at(path) {
            list.push(value);
        }
        if !self.reads() {
            if let Some(Value::Array(list)) = self.at(path) {
                list.pop();
            }
            self.odd.push(path.join("."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inspector::{PerCache, Tab, Tuning},
        media::Alignment,
        model::Role,
    };
    use serde_json::json;
    use std::path::{Path, PathBuf};

    /// Settings of which nothing is as at first.
    fn other() -> Settings {
        let mut settings = Settings { dark: false, tab: Tab::Filter, ..Settings::default() };
        settings.remember(Path::new("/a.txt"));
        settings.remember(Path::new("/b.txt"));
        settings.keep_together(Path::new("/a.txt"), &[("/c.txt".into(), Role::Detections, 0)]);
        let pairing = [Some(PathBuf::from("/a.txt")), None];
        settings.align(&pairing, Alignment { offset: 3.into(), ..Alignment::default() });
        settings.suspected.kinds[1] = false;
        settings.tuning.pictures.max_keys = 77;
        settings
    }

    fn read(value: &Value) -> (Settings, Vec<String>) {
        Settings::read(&value.to_string()).expect("an object")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let settings = other();
        let value = serde_json::to_value(&settings).expect("JSON");
        assert_eq!(read(&value), (settings, Vec::new()));
    }

    #[test]
    fn an_odd_field_costs_itself_alone() {
        let fields: Vec<String> = match serde_json::to_value(Settings::default()) {
            Ok(Value::Object(fields)) => fields.keys().cloned().collect(),
            other => panic!("{other:?}"),
        };
        let odd =
            [json!(null), json!("Tomorrow"), json!(-1), json!(1e300), json!([[]]), json!({"a": 1})];
        for name in &fields {
            for odd in &odd {
                let mut value = serde_json::to_value(other()).expect("JSON");
                value[name] = odd.clone();
                let (found, _) = read(&value);
                let found = serde_json::to_value(found).expect("JSON");
                let expected = serde_json::to_value(other()).expect("JSON");
                for field in fields.iter().filter(|field| *field != name) {
                    assert_eq!(found[field], expected[field], "{field}, with {name}: {odd}");
                }
            }
        }
    }

    #[test]
    fn one_kind_more_or_less_does_not_cost_the_others() {
        let mut value = serde_json::to_value(other()).expect("JSON");
        let list = |value: &mut Value| value.as_array_mut().expect("a list").clone();
        let mut kinds = list(&mut value["suspected"]["kinds"]);
        kinds.push(json!(true));
        value["suspected"]["kinds"] = json!(kinds);
        let mut tuning = list(&mut value["tuning"]);
        tuning[0]["predictor"] = json!("clairvoyant");
        tuning.push(json!({ "max_keys": 3 }));
        value["tuning"] = json!(tuning);
        let mut alignments = list(&mut value["alignments"]);
        alignments.insert(0, json!("nothing"));
        value["alignments"] = json!(alignments);
        value["recent"] = json!(["/a.txt", 7, "/c.txt"]);
        value["cache"] = json!("Layers");
        let (found, odd) = read(&value);
        assert_eq!(found.suspected, other().suspected);
        assert_eq!(
            found.tuning,
            PerCache { pictures: other().tuning.pictures, ..PerCache::of(Tuning::of) }
        );
        assert_eq!(found.alignments, other().alignments);
        assert_eq!(found.recent, [Path::new("/a.txt"), Path::new("/c.txt")]);
        let expected =
            ["alignments", "cache", "recent", "suspected.kinds", "tuning", "tuning.0.predictor"];
        assert_eq!(odd, expected);
    }

    #[test]
    fn what_a_later_version_keeps_is_kept() {
        for broken in [false, true] {
            let mut value = serde_json::to_value(other()).expect("JSON");
            value["layers"] = json!({ "shown": [1, 2] });
            if broken {
                value["cache"] = json!(7);
            }
            let (found, _) = read(&value);
            let written = serde_json::to_value(&found).expect("JSON");
            assert_eq!(written["layers"], value["layers"]);
            assert_eq!(found.recent, other().recent);
        }
    }

    #[test]
    fn numbers_that_cannot_be_are_brought_within_bounds() {
        let value = json!({
            "playback": { "speed": 1e300, "looping": true },
            "suspected": { "min_score": -4.0 },
            "trails": { "back": 4_000_000_000_u32 },
            "tuning": [{ "max_keys": 0, "workers": 1_000_000 }, {}],
        });
        let (found, odd) = read(&value);
        assert_eq!(odd, [] as [&str; 0]);
        assert_eq!((found.playback.speed, found.playback.looping), (1.0, true));
        assert_eq!(found.suspected.min_certainty, 0.0);
        assert_eq!(found.trails.back, crate::inspector::MOST_REACH);
        assert_eq!(
            (found.tuning.annotations.max_keys, found.tuning.annotations.workers),
            (1, Tuning::MOST_WORKERS)
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "oops", "[]", "7", "{\"dark\": "] {
            assert!(Settings::read(text).is_err(), "{text}");
        }
    }
}
