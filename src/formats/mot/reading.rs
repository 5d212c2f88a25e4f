//! How the lines of a file are to be read: decided once, from its first lines, before any box is drawn.
//!
//! What a person chose goes before a header, a header before what the content shows. What is another format
//! is refused by its name.

mod content;
mod foreign;
mod header;
mod order;
mod sample;

use super::{Columns, HeaderError, MotError, MotFile, Role, check::refuse_unreadable};
use crate::{formats::class_lists, model::ClassNames, text};
use sample::Sample;
use std::sync::Arc;

/// Why columns are read as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// They are the MOT format's.
    #[default]
    Usual,
    /// A person said so.
    Chosen,
    /// The file's header says so.
    Header,
    /// They are `VisDrone`'s: score, category, truncation and occlusion in 7 to 10.
    VisDrone,
    /// They are those of UAVDT's `gt_whole`: out-of-view, occlusion and category in 7 to 9.
    Uavdt,
    /// One of them holds words.
    Words,
    /// The eighth holds whole numbers, and the ninth and tenth -1: a class, and no place in the world.
    ClassAlone,
    /// The eighth can be no class.
    NoClass,
    /// They stand in another order, as what they hold shows.
    Order,
}

/// A line that names the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its number in the file, from 1.
    pub line: u64,
    /// As it stands in the file, without its end.
    pub text: Vec<u8>,
    /// The names, from the first column of the lines on.
    pub names: Vec<String>,
    /// Lines before it that are passed over: a title, or what tells Excel the delimiter. Numbers and texts.
    pub before: Vec<(u64, Vec<u8>)>,
    /// Whether some of the first lines have as many values as there are names, and others more.
    pub ragged: bool,
}

/// How the lines of a file are read, and why so.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What the columns hold.
    pub columns: Columns,
    /// Why.
    pub origin: Origin,
    /// The header, if the file has one; it is no box.
    pub header: Option<Header>,
    /// The names of classes.
    pub classes: Arc<ClassNames>,
    /// Why a list of names that is there is not used, as a sentence.
    pub unused_list: Option<String>,
}

impl Reading {
    /// How the columns were taken, in whole sentences; empty where there is nothing to be said.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match self.origin {
            Origin::Header => notes.extend(self.header.as_ref().map(|h| self.taken(h))),
            Origin::Usual => notes.extend(self.header.as_ref().map(|header| {
                format!(
                    "Line {} is a header, and its names say nothing known: {}. The columns are read in \
                     the MOT format's order.",
                    header.line,
                    listed(header.names.iter().map(String::as_str)),
                )
            })),
            Origin::Chosen => notes.push(format!("The columns are read as asked: {}.", self.columns)),
            Origin::VisDrone => notes.push(
                "Columns 7 to 10 are read as VisDrone's: score, category (the class), truncation and \
                 occlusion (passed over)."
                    .to_owned(),
            ),
            Origin::Uavdt => notes.push(
                "Columns 7 to 9 are read as UAVDT's: out-of-view, occlusion (both passed over) and \
                 category (the class)."
                    .to_owned(),
            ),
            Origin::Words => notes.push(match self.columns.place(Role::Class) {
                Some(place) => format!(
                    "Column {} holds words, and is read as the class. The columns: {}.",
                    place + 1,
                    self.columns
                ),
                None => format!("A column holds words, and is passed over. The columns: {}.", self.columns),
            }),
            Origin::ClassAlone => notes.push(
                "Column 8 is read as the class: columns 9 and 10 are -1, so that it is no place in the world."
                    .to_owned(),
            ),
            Origin::Order => notes.push(format!(
                "What the columns hold shows that they are not in the MOT format's order. The columns: {}.",
                self.columns
            )),
            Origin::NoClass => notes.push(format!(
                "Column 8 is passed over: it holds fractions, which no class is. The columns: {}.",
                self.columns
            )),
        }
        let before = self.header.iter().flat_map(|header| &header.before);
        notes.extend(before.map(|(number, text)| {
            format!("Line {number} is passed over: '{}'.", quoted(&String::from_utf8_lossy(text)))
        }));
        if self.columns.place(Role::Id).is_none() {
            notes.push("No column is an id: no box has an identity.".to_owned());
        }
        notes.extend(self.unused_list.clone());
        notes
    }

    /// That the columns are not read in the usual way, in a few words.
    #[must_use]
    pub fn summary(&self) -> Option<&'static str> {
        Some(match self.origin {
            Origin::Usual => {
                self.header.as_ref()?;
                "There is a header, but its names are not known: columns are read in the usual order"
            }
            Origin::Chosen => "Columns are read as they were chosen for this file",
            Origin::Header => "Columns are read by the file's header",
            Origin::VisDrone => "Columns 7 to 10 are read as VisDrone's",
            Origin::Uavdt => "Columns 7 to 9 are read as UAVDT's",
            Origin::Words => "A column of words is read as the class",
            Origin::Order => "Columns are not in the usual order, as what they hold shows",
            Origin::ClassAlone => "Column 8 is read as the class",
            Origin::NoClass => "Column 8 holds fractions, and is passed over",
        })
    }

    /// What a header's columns were taken for.
    fn taken(&self, header: &Header) -> String {
        let count = header.names.len();
        let role = |at: usize| self.columns.role(at, count);
        let shown =
            |name: &str| if name.is_empty() { "(no name)".to_owned() } else { quoted(name) };
        let of = |wanted: Role| (0..count).find(|at| role(*at) == wanted);
        let taken = Role::ALL.iter().filter_map(|wanted| {
            let name = shown(&header.names[of(*wanted)?]);
            Some(if name == wanted.name() { name } else { format!("{} = {name}", wanted.name()) })
        });
        let taken: Vec<String> = taken.collect();
        let passed: Vec<String> = (0..count)
            .filter(|at| role(*at) == Role::Unused)
            .map(|at| shown(&header.names[at]))
            .collect();
        let mut text =
            format!("The header (line {}) names the columns: {}", header.line, taken.join(", "));
        if !passed.is_empty() {
            text += "; passed over: ";
            text += &listed(passed.iter().map(String::as_str));
        }
        text + "."
    }
}

/// A name as it can be shown.
fn quoted(name: &str) -> String {
    const LONGEST: usize = 32;
    let short: String = name.chars().take(LONGEST).collect();
    let more = if short.len() < name.len() { "…" } else { "" };
    format!("{}{more}", text::line(&short))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let mut names: Vec<String> = names.take(MOST + 1).map(quoted).collect();
    if names.len() > MOST {
        "…".clone_into(&mut names[MOST]);
    }
    names.join(", ")
}

/// What a file begins with.
struct Beginning {
    reading: Reading,
    /// Where the lines behind a header begin, and how many there are before.
    start: u64,
    lines_before: u64,
}

impl MotFile {
    /// Decides how the lines are to be read, with `chosen` columns or by what the file begins with.
    ///
    /// # Errors
    /// Where it is another format, names what can't be followed, or can't be read.
    pub fn recognised(self, chosen: Option<Columns>) -> Result<Self, MotError> {
        let mut sample = Sample::read(&self)
            .map_err(|source| MotError::Open { path: self.path().to_owned(), source })?;
        if sample.lines.is_empty() {
            return refuse_unreadable(self);
        }
        let Beginning { mut reading, start, lines_before } = self.begin(&mut sample, chosen)?;
        let (listed, unused) = class_lists::beside(self.path());
        reading.unused_list = unused;
        reading.classes = match reading.origin {
            Origin::VisDrone => Arc::new(ClassNames::visdrone()),
            Origin::Uavdt => Arc::new(ClassNames::uavdt()),
            _ => match listed {
                Some(names) => Arc::new(names),
                None if sample.is_mot16(&reading.columns, self.path()) => {
                    Arc::new(ClassNames::mot16())
                }
                None => Arc::default(),
            },
        };
        let source = self.with_reading(reading, start, lines_before);
        // Names of classes get their numbers in the order of the file.
        for line in &sample.lines {
            let _ = source.parse_line(&line.text);
        }
        refuse_unreadable(source)
    }

    fn begin(&self, sample: &mut Sample, chosen: Option<Columns>) -> Result<Beginning, MotError> {
        let header = sample.take_header();
        if chosen.is_none()
            && header.is_none()
            && let Some(format) = foreign::format(sample)
        {
            return Err(MotError::OtherFormat { path: self.path().to_owned(), format });
        }
        if chosen.is_none() && header.as_ref().is_some_and(|(header, _)| header.has_corners()) {
            let (path, format) = (self.path().to_owned(), foreign::POLYGONS);
            return Err(MotError::OtherFormat { path, format });
        }
        let (start, lines_before) = match &header {
            Some((header, end)) => (*end, header.line),
            None => (self.start(), 0),
        };
        let header = header.map(|(header, _)| header);
        let reading = |columns, origin| Reading {
            columns,
            origin,
            header: header.clone(),
            ..Reading::default()
        };
        let reading = match (chosen, &header) {
            (Some(columns), _) => reading(columns, Origin::Chosen),
            (None, Some(known)) => match header::columns_of(known) {
                Ok(Some(columns)) => reading(columns, Origin::Header),
                Ok(None) => reading(Columns::USUAL, Origin::Usual),
                Err(error) => return Err(self.refused_header(known, error)),
            },
            (None, None) => {
                if let Some((named, columns)) = sample.commented_header() {
                    Reading { header: Some(named), ..reading(columns, Origin::Header) }
                } else {
                    let (columns, origin) = content::columns(sample).unwrap_or_default();
                    reading(columns, origin)
                }
            }
        };
        Ok(Beginning { reading, start, lines_before })
    }

    fn refused_header(&self, header: &Header, error: HeaderError) -> MotError {
        MotError::Header {
            path: self.path().to_owned(),
            line: header.line,
            names: listed(header.names.iter().map(String::as_str)),
            error,
        }
    }
}

#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod tests;
