use super::*;
use proptest::prelude::*;

fn read(line: &str) -> (u32, Detection, usize) {
    parse_line(line.as_bytes()).unwrap_or_else(|error| panic!("{line:?}: {error}"))
}

fn reason(line: &str) -> String {
    parse_line(line.as_bytes()).expect_err(line).to_string()
}

#[test]
fn every_delimiter_reads_the_same() {
    let plain = read("7,3,113.84,274.5,57.307,130.05,-1,-1,-1,-1");
    for line in [
        "7, 3, 113.84, 274.5, 57.307, 130.05, -1, -1, -1, -1",
        "7 3 113.84 274.5 57.307 130.05 -1 -1 -1 -1",
        "7  3   113.84 \t 274.5 57.307 130.05 -1 -1 -1 -1",
        "7\t3\t113.84\t274.5\t57.307\t130.05\t-1\t-1\t-1\t-1",
        "7;3;113.84;274.5;57.307;130.05;-1;-1;-1;-1",
        "7;3;113,84;274,5;57,307;130,05;-1;-1;-1;-1",
        "  7,3,113.84,274.5,57.307,130.05,-1,-1,-1,-1  \r",
        "7,3,113.84,274.5,57.307,130.05,-1,-1,-1,-1,",
        "+7,+3,+113.84,+274.5,+57.307,+130.05,-1,-1,-1,-1",
        "7.000,3.0,113.840000,2.745e2,57.307,130.05,-1.0,-1,-1,-1",
        "\"7\",\"3\",\"113.84\",\"274.5\",\"57.307\",\"130.05\",\"-1\",\"-1\",\"-1\",\"-1\"",
    ] {
        assert_eq!(read(line), plain, "{line:?}");
    }
}

#[test]
fn the_number_of_columns_decides_what_they_mean() {
    let six = read("1,2,3,4,5,6").1;
    assert_eq!((six.confidence, six.class, six.visibility), (None, None, None));
    assert_eq!(read("1,2,3,4,5,6,0.5").1.confidence, Some(0.5));
    assert_eq!(read("1,2,3,4,5,6,1,7").1.class, Some(7));
    let nine = read("1,2,3,4,5,6,1,7,2.6772e-05").1;
    assert_eq!((nine.class, nine.visibility), (Some(7), Some(2.6772e-05)));
    let ten = read("1,2,3,4,5,6,1,16.5,7,0").1;
    assert_eq!((ten.class, ten.visibility, ten.world), (None, None, Some([16.5, 7.0, 0.0])));
    assert_eq!(read("1,2,3,4,5,6,1,-1,-1,-1,9,9,9").2, 13);
    assert_eq!(read("1,2,3,4,5,6,1,a,b,person").1.world, None);
}

#[test]
fn odd_values_are_kept() {
    assert_eq!(read("0,-1,-5,-6,0,-2").1.width, 0.0);
    assert_eq!(read("1,1000000000000,1,1,1,1").1.id, 1_000_000_000_000);
    assert_eq!(read("1,1,1,1,1,1,nan").1.confidence, None);
}

#[test]
fn what_cannot_be_read_is_named() {
    for (line, expected) in [
        ("1,2,3,4,5", "column 6 (height) is missing"),
        ("1,2,,4,5,6", "column 3 (left) is missing"),
        ("1,Unripe,3,4,5,6", "column 2 (id) is not a number: 'Unripe'"),
        ("1,1.5,3,4,5,6", "column 2 (id) is not a whole number: '1.5'"),
        ("1,2,nan,4,5,6", "column 3 (left) is not a finite number: 'nan'"),
        ("1,2,3,4,inf,6", "column 5 (width) is not a finite number: 'inf'"),
        ("-4,2,3,4,5,6", "column 1 (frame) is outside 0..4294967294: '-4'"),
        ("1,2,3,4,5,6,high", "column 7 (confidence) is not a number: 'high'"),
        (
            "1,2,3,4,5,6,1,-1,-1,-1\r2,2,3,4,5,6,1,-1,-1,-1",
            "column 10 (z) has a carriage return inside",
        ),
        ("", "column 1 (frame) is missing"),
    ] {
        assert_eq!(reason(line), expected);
    }
}

#[test]
fn comments_blanks_and_headers_are_told_apart() {
    assert!(is_blank_or_comment(b"  \t\r"));
    assert!(is_blank_or_comment(b"  # exported"));
    assert!(!is_blank_or_comment(b"1,2"));
    assert!(is_header(b"frame,id,bb_left,bb_top"));
    assert!(is_header(b"\"frame\",\"id\""));
    assert!(!is_header(b"25,Unripe_,1,6"));
    assert!(!is_header(b"nan,1,2,3"));
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_and_no_panic(line in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = (parse_line(&line), parse_frame(&line), is_header(&line), is_blank_or_comment(&line));
    }

    #[test]
    fn any_line_of_numberlike_bytes_agrees_on_its_frame(line in "[0-9+.,; \t\"e-]{0,60}") {
        if let Ok((frame, ..)) = parse_line(line.as_bytes()) {
            prop_assert_eq!(parse_frame(line.as_bytes()), Ok(frame));
        }
    }

    #[test]
    fn what_is_written_is_read(
        frame in 0..=MAX_FRAME, id in any::<i64>(),
        bounds in prop::array::uniform4(-1e9..1e9_f64), confidence in -10.0..10.0_f64,
    ) {
        let [left, top, width, height] = bounds;
        let (read_frame, detection, columns) =
            read(&format!("{frame},{id},{left},{top},{width},{height},{confidence}"));
        prop_assert_eq!((read_frame, detection.id, columns), (frame, id, 7));
        prop_assert_eq!([detection.left, detection.top, detection.width, detection.height], bounds);
        prop_assert_eq!(detection.confidence, Some(confidence));
    }
}
