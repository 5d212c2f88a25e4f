//! The lines of the boxes that a filter leaves, as they are in the file.

use crate::{
    formats::mot::{Columns, MotFile, Origin},
    inspector::BoxFilter,
};
use std::{io::Write, ops::ControlFlow};

/// Writes the lines before `end` that the sieve keeps, in the input's own columns and order, with its header line if it
/// has one; where it has none, and its columns are not the MOT format's, with one that names them. Answers how many, or `None` where `progress` broke off; it hears the share that is done.
///
/// # Errors
/// The operating system's, in reading or in writing.
pub fn write_kept(
    source: &MotFile,
    sieve: &BoxFilter,
    end: u64,
    out: &mut impl Write,
    mut progress: impl FnMut(f32) -> ControlFlow<()>,
) -> std::io::Result<Option<u64>> {
    /// Lines between two looks at whether to go on.
    const PACE: u64 = 1 << 14;
    let (mut kept, mut lines, mut stopped) = (0, 0_u64, false);
    let mut failed = Ok(());
    let reading = source.reading();
    // What its columns are is written down, unless its readers know by themselves.
    let mut unnamed = match &reading.header {
        Some(header) if reading.origin != Origin::Chosen => {
            let text = header.text.strip_suffix(b"\r").unwrap_or(&header.text);
            out.write_all(text)?;
            out.write_all(b"\n")?;
            false
        }
        _ => !reading.columns.is_usual(),
    };
    source.for_each_line(source.start(), end, &mut Vec::new(), |offset, line| {
        lines += 1;
        if lines.is_multiple_of(PACE) && progress(offset as f32 / end.max(1) as f32).is_break() {
            stopped = true;
            return ControlFlow::Break(());
        }
        let read = source.parse_line(line);
        if let Some((_, _, count)) = read.ok().filter(|(_, detection, _)| sieve.keeps(detection)) {
            kept += 1;
            if std::mem::take(&mut unnamed) {
                failed = out.write_all(header(&reading.columns, count, line).as_bytes());
                if failed.is_err() {
                    return ControlFlow::Break(());
                }
            }
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            failed = out.write_all(line).and_then(|()| out.write_all(b"\n"));
        }
        if failed.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    failed?;
    out.flush()?;
    Ok((!stopped).then_some(kept))
}

/// A line that names the columns of lines like `line`, which has `count` of them.
fn header(columns: &Columns, count: usize, line: &[u8]) -> String {
    let delimiter = [b';', b',', b'\t'].into_iter().find(|delimiter| line.contains(delimiter));
    let names: Vec<&str> = (0..count).map(|at| columns.role(at, count).name()).collect();
    names.join(&char::from(delimiter.unwrap_or(b' ')).to_string()) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{formats::mot::Columns, inspector::Filter};

    #[test]
    fn what_is_kept_is_written_as_it_stands() {
        let text = b"frame;id;x;y;w;h;conf\r\n# a note\r\n2;1;1,5;2;3;4;0,9\r\n1;2;1;2;3;4;0,1\r\nbroken\r\n1;3;1;2;3;4;-1";
        let source = MotFile::from_memory("a.txt", text).and_then(|source| source.recognised(None));
        let source = source.expect("text");
        let filter = Filter { confidence: Some(0.5), ..Filter::default() };
        let sieve = BoxFilter { filter, ..BoxFilter::default() };
        let mut out = Vec::new();
        let kept =
            write_kept(&source, &sieve, source.len(), &mut out, |_| ControlFlow::Continue(()));
        assert_eq!(kept.expect("writes"), Some(2));
        let written = String::from_utf8(out).expect("text");
        assert_eq!(written, "frame;id;x;y;w;h;conf\n2;1;1,5;2;3;4;0,9\n1;3;1;2;3;4;-1\n");
    }
    #[test]
    fn lines_of_edges_are_sifted_by_what_they_mean_and_written_under_their_names() {
        let text = b"1,1,100,100,140,180\n1,2,100,100,140,130\n";
        let source = MotFile::from_memory("a.txt", text).expect("text");
        let source = source.with_columns(Columns::CORNERS);
        let filter = Filter { min_height: Some(50.0), ..Filter::default() };
        let sieve = BoxFilter { filter, ..BoxFilter::default() };
        let mut out = Vec::new();
        let kept =
            write_kept(&source, &sieve, source.len(), &mut out, |_| ControlFlow::Continue(()));
        assert_eq!(kept.expect("writes"), Some(1));
        assert_eq!(out, b"frame,id,left,top,right,bottom\n1,1,100,100,140,180\n");
        let again = MotFile::from_memory("b.txt", out).and_then(|source| source.recognised(None));
        let again = again.expect("it is read again");
        let (_, detection, _) = again.parse_line(b"1,1,100,100,140,180").expect("a box");
        assert_eq!((detection.width, detection.height), (40.0, 80.0));
    }
}
