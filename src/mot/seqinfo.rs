//! `seqinfo.ini`: absent, incomplete, fractional or wrong, it never keeps a file from opening.

use crate::text;
use configparser::ini::Ini;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What is known of a sequence besides its boxes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SeqInfo {
    /// Its name.
    pub name: Option<String>,
    /// Frames a second.
    pub frame_rate: Option<f64>,
    /// Number of frames.
    pub length: Option<u32>,
    /// Width of the pictures in pixels.
    pub width: Option<u32>,
    /// Height of the pictures in pixels.
    pub height: Option<u32>,
    /// The folder of the pictures, relative to the sequence's.
    #[serde(skip)]
    pub image_dir: Option<String>,
    /// What is wrong with the file, a sentence each.
    #[serde(skip)]
    pub warnings: Vec<String>,
    /// The file, where there is one.
    #[serde(skip)]
    pub path: Option<PathBuf>,
}

/// The largest file that is read: real ones have about 120 bytes.
const MAX_BYTES: u64 = 64 * 1024;

impl SeqInfo {
    /// Reads `seqinfo.ini`; an absent file says nothing.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let Ok(about) = std::fs::metadata(path) else { return Self::default() };
        let warned = |warning| Self { warnings: vec![warning], ..Self::default() };
        let info = if about.len() > MAX_BYTES {
            warned(format!("{} is too large to be a seqinfo.ini.", text::path(path)))
        } else {
            match std::fs::read(path) {
                Ok(bytes) => Self::parse(&String::from_utf8_lossy(&bytes)),
                Err(error) => warned(format!("{} can't be read: {error}.", text::path(path))),
            }
        };
        Self { path: Some(path.to_owned()), ..info }
    }

    /// Reads the text of a `seqinfo.ini`. What can't be understood is left out with a warning.
    ///
    /// ```
    /// use motscope::mot::SeqInfo;
    ///
    /// let info = SeqInfo::parse("[Sequence]\nname=A\nframeRate=29.97\nseqLength=many\n");
    /// assert_eq!(info.frame_rate, Some(29.97));
    /// assert_eq!(info.length, None);
    /// assert_eq!(info.warnings, ["seqinfo.ini: seqLength is no positive number: 'many'."]);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut ini = Ini::new();
        let mut info = Self::default();
        let text = text.trim_start_matches('\u{feff}');
        if let Err(error) = ini.read(text.to_owned()) {
            info.warnings.push(format!("seqinfo.ini can't be understood: {error}."));
            return info;
        }
        let sections = ini.sections();
        let value = |key: &str| {
            let in_sections = sections.iter().find_map(|section| ini.get(section, key));
            let found = in_sections.or_else(|| ini.get("default", key));
            found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let mut warnings = Vec::new();
        let mut positive = |key: &str| {
            let text = value(key)?;
            let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
            if number.is_none() {
                warnings.push(format!("seqinfo.ini: {key} is no positive number: '{text}'."));
            }
            number
        };
        let whole = |number: Option<f64>| {
            let rounded = number.map(|n| n.round().min(f64::from(u32::MAX)) as u32);
            rounded.filter(|n| *n > 0)
        };
        info.frame_rate = positive("frameRate");
        info.length = whole(positive("seqLength"));
        info.width = whole(positive("imWidth"));
        info.height = whole(positive("imHeight"));
        info.name = value("name");
        info.image_dir = value("imDir");
        info.warnings.extend(warnings);
        info
    }
}
