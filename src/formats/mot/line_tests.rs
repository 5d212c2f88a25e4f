use super::*;
use crate::{
    formats::lines::{Block, read_block},
    model::WorldPoint,
};
use proptest::prelude::*;

fn read(line: &str) -> (u32, Detection, usize) {
    parse_line(line.as_bytes()).unwrap_or_else(|error| panic!("{line:?}: {error}"))
}

/// As the quick reader must not differ from.
fn thoroughly(line: &[u8]) -> Result<(u32, Detection, usize), LineError> {
    parse_any(line, &Columns::USUAL, None)
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
    assert_eq!(
        (ten.class, ten.visibility, ten.world.place()),
        (None, None, Some([16.5, 7.0, 0.0]))
    );
    assert_eq!(read("1,2,3,4,5,6,1,-1,-1,-1,9,9,9").2, 13);
    assert_eq!(read("1,2,3,4,5,6,1,a,b,person").1.world, WorldPoint::NONE);
}

#[test]
fn the_frame_alone_is_read_as_with_the_rest() {
    assert_eq!(parse_frame(b"7,3,1,2,3,4").ok(), Some(7));
    assert_eq!(parse_frame(b" 12 ; 3").ok(), Some(12));
    assert_eq!(parse_frame(b"x,3").expect_err("no number").column, 1);
}

#[test]
fn a_word_is_no_class_where_nothing_says_that_it_is_one() {
    let error = parse_line(b"1,2,3,4,5,6,1,car,1").expect_err("a word");
    assert_eq!(error.to_string(), "column 8 (class) is not a number: 'car'");
    let named: Columns = "frame,id,left,top,width,height,confidence,class".parse().expect("good");
    assert!(named.parse_line(b"1,2,3,4,5,6,1,car").is_ok(), "its names are kept elsewhere");
}

#[test]
fn columns_that_are_named_are_as_many_as_a_line_may_have() {
    let names = ClassNames::default();
    let columns: Columns = "id,frame,left,top,width,height,confidence".parse().expect("good");
    let mapped = Mapped { columns: &columns, names: &names, most: 7 };
    let (frame, detection, count) = mapped.parse(b"3,7,1,2,30,40,0.5").expect("all of them");
    assert_eq!((frame, detection.id.number(), count), (7, 3, 7));
    assert_eq!(mapped.parse(b"3,7,1,2,30,40,0.5,9").expect_err("more").column, 8);
    assert!(mapped.parse(b"3,7,1,2,30,40,0.5,").is_ok(), "what is empty is no value");
    assert!(mapped.parse(b"3,7,1,2,30,40").is_ok(), "the confidence may be missing");
    let quick = |line: &[u8], frame| mapped.quick(line, 0, frame);
    assert!(quick(b"3,7,1,2,30,40,0.5\n", 7).is_some());
    assert!(quick(b"3,7,1,2,30,40,0.5\n", 3).is_none(), "another frame");
    assert!(quick(b"3,7,1,2,30,40,0.5,9\n", 7).is_none(), "more than are named");
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
            "column 10 (world_z) has a carriage return inside",
        ),
        ("1,2,3,4,5,6,1,-1,-\0\0,-1", "column 9 (world_y) is not a number: '-\\0\\0'"),
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
        prop_assert_eq!((read_frame, detection.id, columns), (frame, id.into(), 7));
        prop_assert_eq!([detection.left, detection.top, detection.width, detection.height], bounds);
        prop_assert_eq!(detection.confidence, Some(confidence));
    }
}

fn plain_at_start(text: &str) -> Option<plain::Plain> {
    plain::parse(text.as_bytes(), 0)
}

/// Mostly plain, with something odd here and there.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "-?[0-9]{1,7}",
        6 => "-?[0-9]{1,5}\\.[0-9]{1,9}",
        2 => " {1,2}-?[0-9]{1,4}(\\.[0-9]{1,20})?",
        2 => "-?[0-9]{1,10}\\.0{1,8}",
        1 => "[0-9]{14,18}(\\.[0-9]{1,3})?",
        2 => "-?[0-9]{1,4}\\.[0-9]{9,18}",
        1 => "[+-]?[0-9]{0,2}\\.?[0-9]{0,2}(e-?[0-9])?",
        1 => " ?[0-9.,;-]{0,5}[ \r]?",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// What the quick reader takes, it reads as the thorough one does.
    #[test]
    fn plain_lines_read_the_same_either_way(
        fields in prop::collection::vec(field(), 1..12),
        nowhere in prop::sample::select(vec!["", "", ",-1,-1,-1", ",-1,-1,-15", ",-1,-1,-1.5", ",-1.0,-1.0,-1.0"]),
        end in prop::sample::select(vec!["", "\r", ",", ",\r", " "]),
    ) {
        let line = fields.join(",") + nowhere + end;
        let plain = plain_at_start(&line).filter(|plain| plain.next >= line.len());
        if let Some(plain) = plain {
            let read = (plain.frame, plain.detection, plain.columns);
            prop_assert_eq!(Ok(read), thoroughly(line.as_bytes()), "{:?}", line);
        }
        // What follows the line changes nothing.
        let more = line.clone() + "\n9,9,9";
        let (alone, followed) = (plain_at_start(&line), plain_at_start(&more));
        let read = |plain: Option<plain::Plain>| {
            plain.filter(|plain| plain.next >= line.len()).map(|plain| (plain.frame, plain.detection))
        };
        prop_assert_eq!(read(alone), read(followed), "{:?}", line);
    }

    /// Whatever is behind a block, its lines are read as they are one by one.
    #[test]
    fn blocks_read_as_their_lines_do(
        rows in prop::collection::vec((0_u32..3, prop::collection::vec(field(), 3..9)), 1..6),
        ends in any::<bool>(),
        behind in "[0-9.,-]{0,100}\\PC{0,3}",
    ) {
        let lines: Vec<String> =
            rows.iter().map(|(frame, fields)| format!("{frame},{}", fields.join(","))).collect();
        let text = lines.join("\n") + if ends { "\n" } else { "" };
        let more = text.clone() + if ends { "" } else { "\0" } + &behind;
        let block = Block { text: more.as_bytes(), end: text.len() };
        let (mut read, mut expected) = (Vec::new(), Vec::new());
        let other = |line: &[u8], read: &mut Vec<Detection>| {
            read.extend(thoroughly(line).ok().filter(|(of, ..)| *of == 1).map(|(_, read, _)| read));
        };
        read_block(Usual, block, b'\n', 1, &mut read, other);
        for line in &lines {
            other(line.as_bytes(), &mut expected);
        }
        prop_assert_eq!(read, expected, "{:?}", more);
    }

    /// That a line begins as its frame's lines do is enough to know whose it is.
    #[test]
    fn a_line_of_a_known_frame_reads_the_same(
        frame in prop_oneof![0_u32..20, any::<u32>()],
        other in prop::sample::select(vec!["", "0", "1", "1.0", "-"]),
        fields in prop::collection::vec(field(), 0..9),
    ) {
        let frame = frame.min(MAX_FRAME);
        let line = format!("{frame}{other},{}", fields.join(","));
        let known = plain::parse_of(line.as_bytes(), 0, Beginning::of(frame));
        if let Some((detection, next)) = known
            && next >= line.len()
        {
            let read = thoroughly(line.as_bytes());
            prop_assert_eq!(read.map(|(of, read, _)| (of, read)), Ok((frame, detection)), "{:?}", line);
        }
        let usual = format!("{frame},3,1.5,2,30,40,1");
        let read = plain::parse_of(usual.as_bytes(), 0, Beginning::of(frame));
        prop_assert_eq!(read.map(|(detection, _)| detection.id), Some(3.into()));
    }
}

proptest! {
    #[test]
    fn frame_numbers_read_the_same_either_way(number in 0_u32..100_000_000, rest in "[,; \t.a]?.{0,8}") {
        let line = format!("{number}{rest}");
        if let Some(frame) = plain::leading_digits(line.as_bytes()) {
            let first = Fields::new(line.as_bytes()).next().unwrap_or_default();
            prop_assert_eq!(Ok(frame), frame_number(first, 1), "{:?}", line);
        }
    }
}

/// A number as long as its halves, quarters and so on make it: exactly an `f64`, or exactly between
/// two, or next to such a one.
fn binary_fraction() -> impl Strategy<Value = String> {
    let number = (1_u64 << 50..1 << 55, 1_u32..12, -1_i32..=1);
    number.prop_map(|(bits, places, off)| {
        let fraction = u128::from(bits & ((1 << places) - 1)) * 5_u128.pow(places);
        let number = format!("{}.{fraction:0places$}", bits >> places, places = places as usize);
        let last = number.len() - 1;
        let digit = i32::from(number.as_bytes()[last] - b'0') + off;
        format!("{}{}", &number[..last], digit.clamp(0, 9))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn long_numbers_are_rounded_to_the_nearest(
        numbers in prop::array::uniform4(prop_oneof![
            binary_fraction().boxed(),
            any::<f32>().prop_map(|number| f64::from(number % 8192.0).to_string()).boxed(),
            (0.0..1e4_f64).prop_map(|number| number.to_string()).boxed(),
            (0.0..1.0_f64).prop_map(|number| number.to_string()).boxed(),
        ]),
    ) {
        let line = format!("1,1,{}", numbers.join(","));
        if let Some(plain) = plain_at_start(&line) {
            let Detection { left, top, width, height, .. } = plain.detection;
            let expected = numbers.each_ref().map(|number| number.parse::<f64>().unwrap());
            prop_assert_eq!([left, top, width, height], expected, "{}", line);
        }
    }
}

#[test]
fn lines_as_trackers_write_them_take_the_quick_way() {
    for line in [
        "7,3,113.84,274.5,57.307,130.05,-1,-1,-1,-1",
        "1,1,912,484,97,109,0,7,1",
        "1,1,912,484,97,109,1,1,0.86173\r",
        "12,-1,1.5,2,3,4,",
        "1,1000000000000,1,1,1,1",
        "50,1,1341.0,457.3200073242188,78.9969482421875,210.92999267578125,0.9864913000000001,-1.0,-1.0,-1.0",
        "7, 1, 116, 276, 82, 131, 1, 1, 1",
        "1,1,586.469970703125,444.6300048828125,85.74603271484375,265.2299804687501,0.08855962300109863,-1.0,-1.0,-1.0",
        "1,1,9007199254740.993,4503599627370.4965,.5,0.125,0.5,-1,-1,-1",
        "15.000000,10.000000,502.810000,180.540000,102.790000,233.260000,-1.000000,-1.000000,-1.000000,-1.000000",
    ] {
        assert!(plain_at_start(line).is_some(), "{line:?}");
        let whole = !line.starts_with("15.0");
        assert_eq!(plain::leading_digits(line.as_bytes()).is_some(), whole, "{line:?}");
    }
}
