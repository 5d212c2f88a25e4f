//! Other formats, told by what their first lines look like.

use super::sample::{Line, Sample, is_word, number};
use std::collections::HashSet;

/// Whether a line looks like a format, and the format's name.
type Format = (fn(&Line) -> bool, &'static str);

/// Corners in place of boxes.
pub(super) const POLYGONS: &str =
    "text with polygons of four corners; only upright boxes are read: left, top, width and height";

/// A line in so many may be something else.
const ODD: usize = 10;

/// The name of the format that the lines are in, if it is one that is known and no MOT file; for a sentence
/// that begins with 'it is'.
pub(super) fn format(sample: &Sample) -> Option<&'static str> {
    let text = &sample.lines.first()?.text;
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => return Some("JSON (as COCO, BDD100K and others write it)"),
        Some(b'<') => return Some("XML (as CVAT, UA-DETRAC and others write it)"),
        _ => {}
    }
    let most = |is: fn(&Line) -> bool| {
        let odd = sample.lines.iter().filter(|line| !is(line)).count();
        odd * ODD <= sample.lines.len() && odd < sample.lines.len()
    };
    let formats: [Format; 9] = [
        (is_kitti_tracking, "KITTI tracking labels (frame, id, type, truncated, …)"),
        (is_kitti_detection, "KITTI object labels (type, truncated, occluded, …)"),
        (
            is_vatic,
            "VATIC text (id, left, top, right, bottom, frame, lost, occluded, generated, \"label\")",
        ),
        (
            is_vatic_unnamed,
            "VATIC text (id, left, top, right, bottom, frame, lost, occluded, generated)",
        ),
        (is_viame, "VIAME CSV (detection or track, picture, frame, left, top, right, bottom, …)"),
        (is_mots, "MOTS text (frame, id, class, height, width, mask)"),
        (is_polygon, POLYGONS),
        (
            is_single_object,
            "ground truth of a single object (left, top, width, height a frame, as LaSOT, GOT-10k and OTB have it)",
        ),
        (
            is_yolo,
            "YOLO labels (class, then middle and size as shares of the picture), which bear no frame",
        ),
    ];
    if let Some((_, name)) = formats.into_iter().find(|(is, _)| most(*is)) {
        return Some(name);
    }
    if has_decimal_commas(sample) {
        return Some(
            "text whose numbers have commas both inside and between them; write them with points, or with \
             semicolons between",
        );
    }
    is_several_a_line(sample).then_some(
        "text with several objects a line (frame, perhaps their number, then each object, as DarkLabel can \
         write it); export it with one object a line",
    )
}

fn numbers(fields: &[String]) -> bool {
    fields.iter().all(|field| number(field).is_some())
}

fn is_whole(field: &str) -> bool {
    number(field).is_some_and(|number| number.fract() == 0.0)
}

fn by_blanks(line: &Line) -> bool {
    !line.text.iter().any(|byte| matches!(byte, b',' | b';'))
}

fn is_kitti_tracking(line: &Line) -> bool {
    let fields = &line.fields;
    matches!(fields.len(), 17 | 18)
        && is_word(&fields[2])
        && numbers(&fields[..2])
        && numbers(&fields[3..])
}

fn is_kitti_detection(line: &Line) -> bool {
    let fields = &line.fields;
    matches!(fields.len(), 15 | 16) && is_word(&fields[0]) && numbers(&fields[1..])
}

fn is_vatic(line: &Line) -> bool {
    let fields = &line.fields;
    let is_flag = |field: &String| field == "0" || field == "1";
    by_blanks(line)
        && fields.len() >= 10
        && fields[..6].iter().all(|field| is_whole(field))
        && fields[6..9].iter().all(is_flag)
        && (line.text.contains(&b'"') || is_word(&fields[9]))
}

/// The same without a label, with a box that has a right and a bottom edge in every line.
fn is_vatic_unnamed(line: &Line) -> bool {
    let fields = &line.fields;
    let is_flag = |field: &String| field == "0" || field == "1";
    let at = |at: usize| number(&fields[at]).unwrap_or_default();
    by_blanks(line)
        && fields.len() == 9
        && fields[..6].iter().all(|field| is_whole(field))
        && fields[6..].iter().all(is_flag)
        && at(3) > at(1)
        && at(4) > at(2)
        && at(5) >= 0.0
}

fn is_viame(line: &Line) -> bool {
    let fields = &line.fields;
    fields.len() >= 9
        && line.text.contains(&b',')
        && is_whole(&fields[0])
        && number(&fields[1]).is_none()
        && is_whole(&fields[2])
        && numbers(&fields[3..9])
        && fields.get(9).is_none_or(|kind| number(kind).is_none())
}

fn is_mots(line: &Line) -> bool {
    let fields = &line.fields;
    fields.len() == 6
        && fields[..5].iter().all(|field| is_whole(field))
        && number(&fields[5]).is_none()
        && fields[5].len() > 3
}

/// Four corners as eight numbers, behind the frame and the id: the middles of both diagonals are one.
fn is_polygon(line: &Line) -> bool {
    /// Corners are rounded.
    const NEAR: f64 = 2.0;
    let fields = &line.fields;
    let Some(corners) = fields.get(2..10).filter(|corners| numbers(corners)) else { return false };
    let at = |at: usize| number(&corners[at]).unwrap_or_default();
    let across = |axis: usize| (at(axis) + at(axis + 4) - at(axis + 2) - at(axis + 6)).abs();
    let is_wide = |axis: usize| {
        let all = [0, 2, 4, 6].map(|corner| at(axis + corner));
        all.iter().any(|value| (value - all[0]).abs() > 2.0 * NEAR)
    };
    [0, 1].into_iter().all(|axis| across(axis) <= NEAR && is_wide(axis))
}

/// Digits alone, in pairs of which the second is a fraction of one or two digits; some of these begin with 0, as
/// no number of its own does.
fn has_decimal_commas(sample: &Sample) -> bool {
    /// The fractions of left, top, width and height.
    const FRACTIONS: [usize; 4] = [3, 5, 7, 9];
    let is_digits =
        |field: &String| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |line: &Line| {
        let fields = &line.fields;
        line.text.contains(&b',')
            && fields.len() >= 10
            && fields.iter().all(is_digits)
            && FRACTIONS.iter().all(|at| fields[*at].len() <= 2)
    };
    let with_zero = |line: &Line| {
        FRACTIONS.iter().any(|at| line.fields[*at].len() == 2 && line.fields[*at].starts_with('0'))
    };
    sample.lines.iter().all(fits) && sample.lines.iter().any(with_zero)
}

fn is_single_object(line: &Line) -> bool {
    line.fields.len() == 4 && numbers(&line.fields)
}

/// Middle and size as shares; then perhaps a confidence and the id of a track.
fn is_yolo(line: &Line) -> bool {
    let fields = &line.fields;
    let share = |field: &String| number(field).is_some_and(|number| (0.0..=1.0).contains(&number));
    by_blanks(line)
        && (5..=7).contains(&fields.len())
        && is_whole(&fields[0])
        && fields[1..5].iter().all(share)
        && fields[1..5].iter().any(|field| !is_whole(field))
}

/// Whether lines are a frame, perhaps how many objects follow, and the same fields for each of these.
fn is_several_a_line(sample: &Sample) -> bool {
    counted_objects(sample) || uncounted_objects(sample) || as_many_objects(sample)
}

/// The second column says how many objects follow, of as many fields each.
fn counted_objects(sample: &Sample) -> bool {
    let object = |line: &Line| {
        let objects = line.fields.get(1)?.parse::<usize>().ok()?;
        let rest = line.fields.len() - 2;
        match objects {
            0 => Some(None).filter(|_| rest == 0),
            _ => (rest.is_multiple_of(objects)).then_some(Some(rest / objects)),
        }
    };
    let Some(objects) = sample.lines.iter().map(object).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let several =
        sample.lines.iter().any(|line| line.fields[1].parse::<usize>().is_ok_and(|n| n > 1));
    let mut sizes = objects.into_iter().flatten();
    let Some(size) = sizes.next() else { return false };
    // A single track with the id 2, and ten columns, is no two boxes: the last columns are no sides of any.
    let is_box = |object: &[String]| {
        let is_side = |side: &String| side.parse::<f64>().is_ok_and(|side| side > 1.0);
        object.get(2..4).is_some_and(|sides| sides.iter().all(is_side))
    };
    let are_boxes = size > 4 || {
        let objects = |line: &Line| line.fields[2..].chunks(size).all(is_box);
        sample.lines.iter().all(objects)
    };
    several && (4..=8).contains(&size) && are_boxes && sizes.all(|other| other == size)
}

/// Lines have a frame, and more or fewer times the same fields: numbers and words alternate alike.
fn uncounted_objects(sample: &Sample) -> bool {
    let counts = || sample.lines.iter().map(|line| line.fields.len());
    let differ = counts().min() < counts().max();
    let fits = |lead: usize, size: usize| {
        let alike = |line: &Line| {
            let Some(rest) = line.fields.get(lead..) else { return false };
            let first = rest.get(..size.min(rest.len())).unwrap_or_default();
            let same = |object: &[String]| {
                object.iter().zip(first).all(|(field, first)| is_word(field) == is_word(first))
            };
            rest.len().is_multiple_of(size) && rest.chunks(size).all(same)
        };
        let several = counts().any(|count| count >= lead + 2 * size);
        let has_words = sample.lines.iter().any(|line| {
            line.fields.get(lead..).is_some_and(|rest| rest.iter().any(|field| is_word(field)))
        });
        several && (differ || has_words) && sample.lines.iter().all(alike)
    };
    [(1, 6), (1, 5), (1, 7), (2, 5), (2, 6), (2, 4)]
        .into_iter()
        .any(|(lead, size)| fits(lead, size))
}

/// Every line has the same number of objects: a frame, or one before each of them, then an id, a box, perhaps a
/// confidence and a class. No id is there twice in a frame, and further numbers of one object are no such boxes.
fn as_many_objects(sample: &Sample) -> bool {
    /// Fewer lines say nothing.
    const ENOUGH: usize = 3;
    let count = sample.columns();
    let alike = sample.lines.iter().all(|line| line.fields.len() == count);
    let Some(columns) = (0..count).map(|at| sample.numbers(at)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let fits = |lead: usize, size: usize| {
        let own_frame = 1 - lead;
        if count < lead + 2 * size || !(count - lead).is_multiple_of(size) {
            return false;
        }
        let mut seen = HashSet::new();
        (lead..count).step_by(size).all(|from| {
            let object = &columns[from..from + size];
            let at = |column: usize| &object[own_frame + column];
            let is_id = at(0).iter().all(|id| *id >= 0.0 && id.fract() == 0.0);
            let above = |column: usize, least: f64| at(column).iter().all(|number| *number > least);
            let is_place = |column| at(column).iter().any(|number| *number > 1.5);
            let confidence = object.get(own_frame + 5);
            let is_share = |numbers: &Vec<f64>| {
                numbers.iter().all(|share| *share == -1.0 || (0.0..=1.0).contains(share))
            };
            let same_frame = own_frame == 0 || object[0] == columns[0];
            let mut once =
                columns[0].iter().zip(at(0)).map(|(frame, id)| (frame.to_bits(), id.to_bits()));
            same_frame
                && is_id
                && is_place(1)
                && is_place(2)
                && above(3, 1.0)
                && above(4, 1.0)
                && confidence.is_none_or(is_share)
                && once.all(|one| seen.insert(one))
        })
    };
    let kinds = [(1, 5), (1, 6), (1, 7), (0, 6), (0, 7), (0, 8)];
    alike && sample.lines.len() >= ENOUGH && kinds.into_iter().any(|(lead, size)| fits(lead, size))
}
