//! What each column of a file holds.

mod spelling;

pub use spelling::HeaderError;
pub(in crate::formats::mot) use spelling::of_header;
use std::{fmt, str::FromStr};
use thiserror::Error;

/// Columns that a meaning can be told of.
pub const MAX_COLUMNS: usize = 64;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The number of the frame.
    Frame,
    /// The track's number.
    Id,
    /// The left edge, in pixels.
    Left,
    /// The top edge, in pixels.
    Top,
    /// The width, in pixels.
    Width,
    /// The height, in pixels.
    Height,
    /// The right edge, in pixels.
    Right,
    /// The bottom edge, in pixels.
    Bottom,
    /// Where the middle is from left to right, in pixels.
    CenterX,
    /// Where the middle is from top to bottom, in pixels.
    CenterY,
    /// The confidence.
    Confidence,
    /// The class, as a number or a name.
    Class,
    /// The share that can be seen, from 0 to 1.
    Visibility,
    /// The place in the world, first coordinate.
    WorldX,
    /// The place in the world, second coordinate.
    WorldY,
    /// The place in the world, third coordinate.
    WorldZ,
    /// Something that is passed over.
    Unused,
}

impl Role {
    /// Those that are something, in the usual order of columns.
    pub const ALL: [Self; 16] = [
        Self::Frame,
        Self::Id,
        Self::Left,
        Self::Top,
        Self::Width,
        Self::Height,
        Self::Right,
        Self::Bottom,
        Self::CenterX,
        Self::CenterY,
        Self::Confidence,
        Self::Class,
        Self::Visibility,
        Self::WorldX,
        Self::WorldY,
        Self::WorldZ,
    ];

    /// Its name, as `--columns` takes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Id => "id",
            Self::Left => "left",
            Self::Top => "top",
            Self::Width => "width",
            Self::Height => "height",
            Self::Right => "right",
            Self::Bottom => "bottom",
            Self::CenterX => "cx",
            Self::CenterY => "cy",
            Self::Confidence => "confidence",
            Self::Class => "class",
            Self::Visibility => "visibility",
            Self::WorldX => "world_x",
            Self::WorldY => "world_y",
            Self::WorldZ => "world_z",
            Self::Unused => "_",
        }
    }
}

/// What each column of a file holds, in their order.
///
/// As text they are names between commas: those of [`Role::name`]. `...` behind six columns stands for
/// the further ones of the MOT format: confidence, then class and visibility in lines of 8 and 9 columns,
/// or a place in the world in lines of 10 or more.
///
/// ```
/// use motscope::formats::mot::Columns;
///
/// let columns: Columns = "id,frame,cx,cy,width,height".parse()?;
/// let (frame, detection, _) = columns.parse_line(b"7,3,100,80,40,60").expect("a box");
/// assert_eq!((frame, detection.left, detection.top), (3, 80.0, 50.0));
/// assert_eq!(columns.to_string(), "id,frame,cx,cy,width,height");
///
/// let error = "frame,id,left,top,width".parse::<Columns>().unwrap_err();
/// assert_eq!(error.to_string(), "no column is named height (or bottom)");
/// # Ok::<(), motscope::formats::mot::ColumnsError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    roles: [Role; MAX_COLUMNS],
    count: usize,
    /// Whether the seventh column and those behind it are the MOT format's.
    rest: bool,
}

/// Why columns are not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ColumnsError {
    /// A name means nothing.
    #[error("'{0}' is no name of a column: there are {names} and _ for what is passed over", names = all_names())]
    Unknown(String),
    /// A name stands twice.
    #[error("two columns are named {0}")]
    Twice(&'static str),
    /// A name that is needed is not there.
    #[error("no column is named {0}")]
    Missing(&'static str),
    /// Three names where two say all.
    #[error("{0} say the same thing twice: name two of them")]
    Contradiction(String),
    /// `...` stands where it says nothing.
    #[error("... stands for the seventh column and those behind it: it comes last, behind six")]
    Rest,
    /// There are more columns than can be named.
    #[error("only {MAX_COLUMNS} columns can be named")]
    TooMany,
}

fn all_names() -> String {
    Role::ALL.map(Role::name).join(", ")
}

/// Two of which say where a box is from left to right, and from top to bottom.
const HORIZONTAL: [Role; 4] = [Role::Left, Role::Width, Role::Right, Role::CenterX];
const VERTICAL: [Role; 4] = [Role::Top, Role::Height, Role::Bottom, Role::CenterY];

impl Columns {
    /// As the MOT format has them.
    pub const USUAL: Self =
        Self::six([Role::Frame, Role::Id, Role::Left, Role::Top, Role::Width, Role::Height]);

    /// With edges where the MOT format has sizes.
    pub const CORNERS: Self =
        Self::six([Role::Frame, Role::Id, Role::Left, Role::Top, Role::Right, Role::Bottom]);

    const fn six(first: [Role; 6]) -> Self {
        let mut roles = [Role::Unused; MAX_COLUMNS];
        let mut at = 0;
        while at < first.len() {
            roles[at] = first[at];
            at += 1;
        }
        Self { roles, count: first.len(), rest: true }
    }

    /// Columns that hold `roles`; with `rest`, further ones are the MOT format's.
    ///
    /// # Errors
    /// Where they don't say which frame and where a box is, or say it twice.
    pub fn new(roles: &[Role], rest: bool) -> Result<Self, ColumnsError> {
        if rest && roles.len() != Self::USUAL.count {
            return Err(ColumnsError::Rest);
        }
        let used = roles.iter().rposition(|role| *role != Role::Unused).map_or(0, |last| last + 1);
        if used > MAX_COLUMNS {
            return Err(ColumnsError::TooMany);
        }
        let mut known = Self { roles: [Role::Unused; MAX_COLUMNS], count: 0, rest };
        for (at, role) in roles[..used].iter().enumerate() {
            if *role != Role::Unused && known.place(*role).is_some() {
                return Err(ColumnsError::Twice(role.name()));
            }
            known.roles[at] = *role;
            known.count = at + 1;
        }
        if rest {
            known.count = roles.len();
        }
        known.complete()
    }

    /// Whether they say what is needed, and nothing twice.
    fn complete(self) -> Result<Self, ColumnsError> {
        if self.place(Role::Frame).is_none() {
            return Err(ColumnsError::Missing("frame"));
        }
        for (span, missing) in [
            (HORIZONTAL, ["left (or right, or cx)", "width (or right)", "width (or left)"]),
            (VERTICAL, ["top (or bottom, or cy)", "height (or bottom)", "height (or top)"]),
        ] {
            let named: Vec<Role> =
                span.into_iter().filter(|role| self.place(*role).is_some()).collect();
            match named[..] {
                [] => return Err(ColumnsError::Missing(missing[0])),
                [one] if one == span[1] => return Err(ColumnsError::Missing(missing[0])),
                [one] if one == span[2] => return Err(ColumnsError::Missing(missing[2])),
                [_] => return Err(ColumnsError::Missing(missing[1])),
                [_, _] => {}
                _ => {
                    let names: Vec<&str> = named.iter().map(|role| role.name()).collect();
                    return Err(ColumnsError::Contradiction(names.join(", ")));
                }
            }
        }
        Ok(self)
    }

    /// Whether they are the MOT format's own.
    #[must_use]
    #[inline]
    pub fn is_usual(&self) -> bool {
        *self == Self::USUAL
    }

    /// Whether the meaning of the seventh column and those behind it depends on how many there are.
    #[must_use]
    pub fn has_rest(&self) -> bool {
        self.rest
    }

    /// What the columns hold that are named one by one.
    #[must_use]
    pub fn named(&self) -> &[Role] {
        &self.roles[..self.count]
    }

    /// How many columns a line has at least.
    #[must_use]
    pub fn least(&self) -> usize {
        self.count
    }

    /// Which column holds something, from 0.
    #[must_use]
    pub fn place(&self, role: Role) -> Option<usize> {
        self.roles[..self.count].iter().position(|known| *known == role)
    }

    /// What a column holds, counted from 0, in a line of `count` columns.
    #[must_use]
    #[inline]
    pub fn role(&self, at: usize, count: usize) -> Role {
        match (at, count) {
            (at, _) if at < self.count => self.roles[at],
            _ if !self.rest => Role::Unused,
            (6, _) => Role::Confidence,
            (7, ..=9) => Role::Class,
            (8, ..=9) => Role::Visibility,
            (7, _) => Role::WorldX,
            (8, _) => Role::WorldY,
            (9, _) => Role::WorldZ,
            _ => Role::Unused,
        }
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self::USUAL
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, role) in self.roles[..self.count].iter().enumerate() {
            write!(f, "{}{}", if at > 0 { "," } else { "" }, role.name())?;
        }
        f.write_str(if self.rest { ",..." } else { "" })
    }
}

impl fmt::Debug for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Columns({self})")
    }
}

impl FromStr for Columns {
    type Err = ColumnsError;

    fn from_str(text: &str) -> Result<Self, ColumnsError> {
        let mut roles = Vec::new();
        let mut rest = false;
        for name in text.split(',').map(str::trim) {
            if rest {
                return Err(ColumnsError::Rest);
            }
            if matches!(name, "..." | "…") {
                rest = true;
            } else if name == "_" || name.is_empty() {
                roles.push(Role::Unused);
            } else {
                let role = spelling::role(name);
                roles.push(role.ok_or_else(|| ColumnsError::Unknown(name.to_owned()))?);
            }
        }
        Self::new(&roles, rest)
    }
}

#[cfg(test)]
mod tests;
