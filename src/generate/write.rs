//! Lines of a MOT file.

use super::world::Seen;
use std::io::{self, Write};

/// Which columns lines have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// Confidence 1, class 1, visibility: as ground truth of MOT16 and later.
    Nine,
    /// Confidence and the place on the ground in metres: as MOT15, and as the Python generator.
    #[default]
    Ten,
}

/// Writes the line of a box.
///
/// # Errors
/// Where `out` can't be written to.
pub fn write_line(
    out: &mut impl Write,
    frame: u32,
    seen: &Seen,
    columns: Columns,
) -> io::Result<()> {
    let [left, top, width, height] = seen.bounds;
    write!(out, "{frame},{},{left:.1},{top:.1},{width:.1},{height:.1}", seen.id)?;
    match columns {
        Columns::Nine => writeln!(out, ",1,1,{:.3}", seen.visibility),
        Columns::Ten => {
            let [x, depth] = seen.place;
            writeln!(out, ",{:.5},{x:.2},{depth:.2},0.0", seen.confidence)
        }
    }
}
