//! `seqinfo.ini`: absent, incomplete, fractional or wrong, it never keeps a file from opening.

use crate::model::{FRAME_RATES, MAX_FRAME};
use crate::text;
use configparser::ini::{Ini, IniDefault};
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

/// The longest side of a picture that can be drawn, in pixels.
const MAX_SIDE: f64 = 16_384.0;
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
                Ok(bytes) if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => {
                    warned(format!("{} is UTF-16 text; save it as UTF-8.", text::path(path)))
                }
                Ok(bytes) => Self::parse(&String::from_utf8_lossy(&bytes)),
                Err(error) => warned(format!("{} can't be read: {error}.", text::path(path))),
            }
        };
        Self { path: Some(path.to_owned()), ..info }
    }

    /// Reads the text of a `seqinfo.ini`. What can't be understood is left out with a warning.
    ///
    /// ```
    /// use motscope::layout::SeqInfo;
    ///
    /// let info = SeqInfo::parse("[Sequence]\nname=A\nframeRate=29.97\nseqLength=many\n");
    /// assert_eq!(info.frame_rate, Some(29.97));
    /// assert_eq!(info.length, None);
    /// assert_eq!(info.warnings, ["seqinfo.ini: seqLength is no positive number: 'many'."]);
    ///
    /// let info = SeqInfo::parse("[Sequence]\nimWidth=640.7\n");
    /// assert_eq!(info.warnings, ["seqinfo.ini: imWidth is no whole number: '640.7'."]);
    /// ```
    #[must_use]
    pub fn parse(content: &str) -> Self {
        let mut defaults = IniDefault::default();
        // A name may hold their signs, as it may for the programs that write these files.
        defaults.enable_inline_comments = false;
        let mut ini = Ini::new_from_defaults(defaults);
        let mut info = Self::default();
        let content = content.trim_start_matches('\u{feff}');
        if let Err(error) = ini.read(content.to_owned()) {
            info.warnings.push(format!("seqinfo.ini can't be understood: {}.", text::line(&error)));
            return info;
        }
        let sections = ini.sections();
        let value = |key: &str| {
            let in_sections = sections.iter().find_map(|section| ini.get(section, key));
            let found = in_sections.or_else(|| ini.get("default", key));
            found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let mut warnings = Vec::new();
        let mut number = |key: &str, most: f64, least: f64, whole: bool| {
            let text = value(key)?;
            let shown = text::line(&text);
            let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
            let warning = match number {
                None => format!("{key} is no positive number: '{shown}'."),
                Some(number) if !(least..=most).contains(&number) => {
                    format!("{key} can't be {shown}: it is from {least} to {most}.")
                }
                Some(number) if whole && number.fract() != 0.0 => {
                    format!("{key} is no whole number: '{shown}'.")
                }
                found => return found,
            };
            warnings.push(format!("seqinfo.ini: {warning}"));
            None
        };
        info.frame_rate = number("frameRate", *FRAME_RATES.end(), *FRAME_RATES.start(), false);
        let mut whole = |key, most| number(key, most, 1.0, true).map(|number| number as u32);
        info.length = whole("seqLength", f64::from(MAX_FRAME));
        info.width = whole("imWidth", MAX_SIDE);
        info.height = whole("imHeight", MAX_SIDE);
        info.name = value("name");
        info.image_dir = value("imDir");
        info.warnings.extend(warnings);
        info
    }

    /// Says which folder the pictures are taken from, where that is not the one within `root` that the file
    /// names.
    pub(super) fn say_where_pictures_are(&mut self, root: &Path, images: Option<&Path>) {
        let Some(named) = &self.image_dir else { return };
        let (named, path) = (text::line(named), root.join(named));
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        if images != Some(&path) {
            let (there, taken) = (path.is_dir(), images.map(text::path));
            let why = if there { "which holds no pictures" } else { "which is no folder here" };
            if let Some(taken) = taken {
                self.warnings.push(format!(
                    "seqinfo.ini: imDir names '{named}', {why}; the pictures are those in {taken}."
                ));
            } else if !there {
                self.warnings.push(format!("seqinfo.ini: imDir names '{named}', {why}."));
            }
        } else if let (Some(found), Some(root)) = (real(&path), real(root))
            && !found.starts_with(root)
        {
            self.warnings.push(format!(
                "The pictures are not in the sequence's folder: seqinfo.ini names '{named}', which \
                 leads to {}.",
                text::path(&found)
            ));
        }
    }
}
