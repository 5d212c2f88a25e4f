//! How programs spell the names of columns in a header.
//!
//! Upper and lower case, blanks, underscores and units in brackets make no difference. What a name means
//! has a rank: where two columns bear names for one thing, the lower rank is meant (`track_id` before `id`).

use super::{Columns, ColumnsError, HORIZONTAL, MAX_COLUMNS, Role, VERTICAL};
use thiserror::Error;

/// Why a header can't be followed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// Nothing is named as what is needed.
    #[error("no column is named {0}")]
    Missing(&'static str),
    /// Two columns are named as the same.
    #[error("both '{1}' and '{2}' could be the {0}")]
    Twice(&'static str, String, String),
    /// What is needed stands too far behind.
    #[error("only the first {MAX_COLUMNS} columns are looked at")]
    TooMany,
}

/// The spellings of each role, by rank.
const SPELLINGS: [(Role, &[&[&str]]); 16] = [
    (
        Role::Frame,
        &[
            &[
                "frame",
                "frameid",
                "frameindex",
                "frameidx",
                "framenumber",
                "framenum",
                "frameno",
                "framenr",
                "fn",
            ],
            &["frames", "fr", "imageid", "imgid", "imageindex", "imagenumber", "imageidx"],
            &["timestep", "framecounter"],
        ],
    ),
    (
        Role::Id,
        &[
            &["trackid", "trackerid", "trackingid", "trackletid", "tid"],
            &[
                "objectid",
                "objid",
                "targetid",
                "identity",
                "instanceid",
                "personid",
                "playerid",
                "vehicleid",
                "pid",
            ],
            &["id", "ids", "track", "target", "tracklet", "trackno", "tracknumber", "trackindex"],
        ],
    ),
    (
        Role::Left,
        &[
            &[
                "left", "xmin", "minx", "x1", "xtl", "xleft", "leftx", "topleftx", "xtopleft",
                "tlx", "lefttopx",
            ],
            &["x"],
        ],
    ),
    (
        Role::Top,
        &[
            &[
                "top", "ymin", "miny", "y1", "ytl", "ytop", "topy", "toplefty", "ytopleft", "tly",
                "lefttopy",
            ],
            &["y"],
        ],
    ),
    (Role::Width, &[&["width", "w", "boxwidth", "bwidth"]]),
    (Role::Height, &[&["height", "h", "boxheight", "bheight"]]),
    (
        Role::Right,
        &[&[
            "right",
            "xmax",
            "maxx",
            "x2",
            "xbr",
            "xright",
            "rightx",
            "bottomrightx",
            "xbottomright",
            "brx",
        ]],
    ),
    (
        Role::Bottom,
        &[&[
            "bottom",
            "ymax",
            "maxy",
            "y2",
            "ybr",
            "ybottom",
            "bottomy",
            "bottomrighty",
            "ybottomright",
            "bry",
        ]],
    ),
    (
        Role::CenterX,
        &[&[
            "cx",
            "xc",
            "xcenter",
            "centerx",
            "xcentre",
            "centrex",
            "ctrx",
            "xctr",
            "midx",
            "xmid",
            "centroidx",
            "xcentroid",
        ]],
    ),
    (
        Role::CenterY,
        &[&[
            "cy",
            "yc",
            "ycenter",
            "centery",
            "ycentre",
            "centrey",
            "ctry",
            "yctr",
            "midy",
            "ymid",
            "centroidy",
            "ycentroid",
        ]],
    ),
    (
        Role::Confidence,
        &[&["confidence", "conf", "score", "confidencescore", "probability", "prob", "scores"]],
    ),
    (
        Role::Class,
        &[
            &["classid", "clsid", "categoryid", "labelid", "classindex", "classidx"],
            &[
                "class",
                "cls",
                "category",
                "label",
                "objecttype",
                "type",
                "clase",
                "classe",
                "klass",
            ],
            &["classname", "clsname", "categoryname", "labelname", "classlabel", "name"],
        ],
    ),
    (Role::Visibility, &[&["visibility", "vis", "visibilityratio", "visible"]]),
    (Role::WorldX, &[&["worldx", "xworld", "x3d", "wx"]]),
    (Role::WorldY, &[&["worldy", "yworld", "y3d", "wy"]]),
    (Role::WorldZ, &[&["worldz", "zworld", "z3d", "wz"]]),
];

/// What stands before some names and says nothing more.
const PREFIXES: [&str; 10] =
    ["boundingbox", "bbox", "bb", "box", "rect", "roi", "detection", "det", "object", "obj"];
/// What stands behind some names and says nothing more.
const SUFFIXES: [&str; 4] = ["pixels", "pixel", "pix", "px"];

/// A name without case and all that is no letter or digit.
fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a name means, and its rank.
fn meaning(name: &str) -> Option<(Role, usize)> {
    let exact = |name: &str| {
        SPELLINGS.iter().find_map(|(role, ranks)| {
            let rank = ranks.iter().position(|names| names.contains(&name))?;
            Some((*role, rank))
        })
    };
    let name = squeezed(name);
    let bare = |name: &str| {
        exact(name).or_else(|| {
            let short = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix))?;
            // The number of a detection says nothing of tracks.
            exact(short).filter(|(role, _)| *role != Role::Id || !name.starts_with("det"))
        })
    };
    bare(&name).or_else(|| {
        let short = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix))?;
        bare(short)
    })
}

/// What a name means by itself.
pub(super) fn role(name: &str) -> Option<Role> {
    meaning(name).map(|(role, _)| role)
}

/// The columns that a header names; `None` where none of its names means anything.
///
/// # Errors
/// Where what is needed is not named, or not clearly.
pub(in crate::formats::mot) fn of_header(names: &[String]) -> Result<Option<Columns>, HeaderError> {
    let meanings = meanings(names);
    if meanings.iter().all(Option::is_none) {
        return Ok(None);
    }
    let mut roles = vec![Role::Unused; names.len()];
    for role in Role::ALL {
        let rank = |at: &usize| {
            meanings[*at].filter(|(known, _)| *known == role).map(|(_, rank)| (rank, *at))
        };
        let mut named: Vec<(usize, usize)> = (0..names.len()).filter_map(|at| rank(&at)).collect();
        named.sort_unstable();
        let Some((best, at)) = named.first().copied() else { continue };
        let says_where = role == Role::Frame
            || role == Role::Id
            || HORIZONTAL.contains(&role)
            || VERTICAL.contains(&role);
        if says_where && let Some((_, other)) = named.get(1).filter(|(rank, _)| *rank == best) {
            let (one, other) = (names[at].clone(), names[*other].clone());
            return Err(HeaderError::Twice(role.name(), one, other));
        }
        roles[at] = role;
    }
    for span in [HORIZONTAL, VERTICAL] {
        let [low, size, high, middle] =
            span.map(|role| roles.iter().position(|known| *known == role));
        // Edges before a size: that may be the picture's.
        let passed = match (low, size, high, middle) {
            (Some(_), size, Some(_), middle) => [size, middle],
            (Some(_), Some(_), None, middle) => [middle, None],
            (None, Some(_), high, Some(_)) => [high, None],
            _ => [None, None],
        };
        for at in passed.into_iter().flatten() {
            roles[at] = Role::Unused;
        }
    }
    name_place(names, &mut roles);
    if roles.len() > MAX_COLUMNS {
        let far = roles.split_off(MAX_COLUMNS);
        let needed = |role: &Role| HORIZONTAL.contains(role) || VERTICAL.contains(role);
        if far.iter().any(|role| *role == Role::Frame || needed(role)) {
            return Err(HeaderError::TooMany);
        }
    }
    let columns = Columns::new(&roles, false).map_err(|error| match error {
        ColumnsError::Missing(name) => HeaderError::Missing(name),
        // Taken care of above.
        _ => HeaderError::TooMany,
    })?;
    Ok(Some(as_usual(columns, names.len())))
}

/// What each name means, where `x0` and `x1` are the left and the right edge, too.
fn meanings(names: &[String]) -> Vec<Option<(Role, usize)>> {
    let from_zero = |letter: char| {
        names.iter().any(|name| {
            let name = squeezed(name);
            PREFIXES.iter().fold(&*name, |name, prefix| name.strip_prefix(prefix).unwrap_or(name))
                == format!("{letter}0")
        })
    };
    let (x, y) = (from_zero('x'), from_zero('y'));
    let known = names.iter().map(|name| {
        let name = squeezed(name);
        let edge = |role| Some((role, 0));
        match &*name {
            name if x && name.ends_with("x0") => edge(Role::Left),
            name if x && name.ends_with("x1") => edge(Role::Right),
            name if y && name.ends_with("y0") => edge(Role::Top),
            name if y && name.ends_with("y1") => edge(Role::Bottom),
            name => meaning(name),
        }
    });
    known.collect()
}

/// `x`, `y` and `z` are a place in the world where the box is named otherwise.
fn name_place(names: &[String], roles: &mut [Role]) {
    let place = ["x", "y", "z"].map(|name| names.iter().position(|known| squeezed(known) == name));
    let free = |at: Option<usize>| at.filter(|at| roles[*at] == Role::Unused);
    if let [Some(x), Some(y), Some(z)] = place.map(free)
        && !roles.contains(&Role::WorldX)
    {
        (roles[x], roles[y], roles[z]) = (Role::WorldX, Role::WorldY, Role::WorldZ);
    }
}

/// The MOT format's own columns, where a header of so many names says just these.
fn as_usual(columns: Columns, names: usize) -> Columns {
    let same = |at: usize| columns.role(at, names) == Columns::USUAL.role(at, names);
    // A class that is named may be a word.
    let has_class = columns.place(Role::Class).is_some();
    let whole = (Columns::USUAL.least()..=10).contains(&names) && !has_class;
    if whole && (0..names).all(same) { Columns::USUAL } else { columns }
}
