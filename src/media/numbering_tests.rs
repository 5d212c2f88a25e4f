use super::*;
use proptest::prelude::*;

fn numbers(names: &[&str]) -> Vec<Option<u32>> {
    number(names).numbers
}

fn every(numbers: impl IntoIterator<Item = u32>) -> Vec<Option<u32>> {
    numbers.into_iter().map(Some).collect()
}

/// Names made from their numbers, in an order of no meaning.
fn named(numbers: &[u32], name: impl Fn(u32) -> String) -> (Vec<String>, Vec<Option<u32>>) {
    let mut order = numbers.to_vec();
    order.reverse();
    let middle = order.len() / 2;
    order.rotate_left(middle);
    (order.iter().map(|n| name(*n)).collect(), every(order))
}

fn hash(number: u32, length: usize) -> String {
    let mut state = u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let digit = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from_digit((state >> 40) as u32 % 16, 16).unwrap_or('0')
    };
    (0..length).map(digit).collect()
}

#[test]
fn the_run_that_varies_is_the_number_wherever_it_stands() {
    let all: Vec<u32> = (1..=40).collect();
    let forms: [&dyn Fn(u32) -> String; 12] = [
        &|n| format!("{n:06}.jpg"),
        &|n| format!("frame{n}.png"),
        &|n| format!("image_{n:08}_0.png"),
        &|n| format!("rgb_{n:05}_1.jpg"),
        &|n| format!("img{n:05}_640x480.jpg"),
        &|n| format!("cam2_{n:04}_v1.0.bmp"),
        &|n| format!("clip-{n:04}_jpg.rf.{}.jpg", hash(n, 32)),
        &|n| format!("{}_{n:03}.jpg", hash(n, 32)),
        &|n| format!("clip_{n:04}_{}.jpg", hash(n, 8)),
        &|n| format!("{n}_{:08x}-1b2c-4d3e-8f90-0123456789ab.png", n.wrapping_mul(2_654_435_761)),
        &|n| format!("20240131_120000_{n:04}.jpg"),
        &|n| format!("frame ({n}).PNG"),
    ];
    for form in forms {
        let (names, expected) = named(&all, form);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = number(&names);
        assert_eq!(found.numbers, expected, "{}", names[0]);
        assert!(found.notes.is_empty(), "{:?}", found.notes);
    }
}

#[test]
fn of_several_runs_that_are_distinct_the_closest_numbers_are_the_frames() {
    let (names, expected) = named(&[1, 2, 3, 4, 5], |n| format!("f{n:04}_t{}.jpg", 1000 + n * 40));
    assert_eq!(numbers(&names.iter().map(String::as_str).collect::<Vec<_>>()), expected);
    let sizes = ["crop_1_640x480.png", "crop_2_320x240.png", "crop_3_64x48.png"];
    assert_eq!(numbers(&sizes), every([1, 2, 3]));
}

#[test]
fn numbers_beyond_32_bits_and_times_only_order() {
    let stamps = ["1403636579863555584.png", "1403636579763555584.png", "1403636579963555584.png"];
    let found = number(&stamps);
    assert_eq!(found.numbers, every([2, 1, 3]));
    assert!(found.notes[0].contains("counted from 1"), "{:?}", found.notes);
    let clock = [
        "cam_2024-01-31_11-59-59.jpg",
        "cam_2024-01-31_12-00-01.jpg",
        "cam_2024-01-31_12-00-00.jpg",
    ];
    assert_eq!(numbers(&clock), every([1, 3, 2]));
    let joined = ["20240131_120001_250.jpg", "20240131_120001_750.jpg", "20240131_120000_500.jpg"];
    assert_eq!(numbers(&joined), every([2, 3, 1]));
    // The fraction alone would be in another order, and in none that belongs to frames.
    let seconds = ["1305031103.000001.png", "1305031102.175304.png", "1305031102.211214.png"];
    assert_eq!(numbers(&seconds), every([3, 1, 2]));
    assert_eq!(
        numbers(&["1403636579_900.jpg", "1403636579_100.jpg", "1403636579_500.jpg"]),
        every([3, 1, 2])
    );
    assert_eq!(numbers(&["t1.250000.png", "t0.750000.png", "t0.500000.png"]), every([3, 2, 1]));
    assert_eq!(numbers(&["shot01.0001.png", "shot01.0002.png"]), every([1, 2]), "a counter");
    // Seconds since 1970 fit: they are numbers like any other.
    assert_eq!(
        numbers(&["1700000001.jpg", "1700000000.jpg"]),
        every([1_700_000_001, 1_700_000_000])
    );
    assert_eq!(
        numbers(&["4294967295.jpg", "4294967294.jpg"]),
        every([2, 1]),
        "no frame has that number"
    );
}

/// Whether names that are given in their order get ascending numbers, all of them.
fn in_order(names: &[String]) -> bool {
    let found = numbers(&names.iter().map(String::as_str).collect::<Vec<_>>());
    found.iter().all(Option::is_some) && found.is_sorted_by(|a, b| a < b)
}

#[test]
fn numbers_of_several_parts_order_by_all_of_them() {
    let decimals: Vec<String> =
        (1..=60).map(|n| format!("{:.2}.jpg", f64::from(n) * 0.04)).collect();
    let short: Vec<String> =
        (1..=30).filter(|n| n % 8 > 0).map(|n| format!("{}.jpg", f64::from(n) * 0.125)).collect();
    let tenths: Vec<String> = (1..=12).map(|n| format!("{}.{}.jpg", n / 10, n % 10)).collect();
    let suffixed: Vec<String> =
        (1..=60).map(|n| format!("1{}.{}0s.png", 2 + n / 10, n % 10)).collect();
    let minutes: Vec<String> = (0..60).map(|n| format!("{:02}_{}0.jpg", n / 6, n % 6)).collect();
    let groups: Vec<String> = (0..60).map(|n| format!("gop{}_{}.jpg", n / 10, n % 10)).collect();
    let bursts: Vec<String> =
        (0..60).map(|n| format!("DSC_{:04}_BURST{:03}.jpg", n / 10, n % 10)).collect();
    let days = |form: &dyn Fn(u32, u32) -> String| -> Vec<String> {
        (20..60).map(|n| form(1 + n / 31, 1 + n % 31)).collect()
    };
    let phone: Vec<String> = (0..40)
        .map(|n| format!("PXL_20240105_1059{:02}{:03}.jpg", 20 + n, (n * 281) % 1000))
        .collect();
    for names in [
        decimals,
        short,
        tenths,
        suffixed,
        minutes,
        groups,
        bursts,
        days(&|month, day| format!("2024-{month:02}-{day:02}.jpg")),
        days(&|month, day| format!("{day:02}-{month:02}-2024.jpg")),
        days(&|month, day| format!("{month:02}-{day:02}-2024.jpg")),
        phone,
    ] {
        assert!(in_order(&names), "{}", names[0]);
    }
}

#[test]
fn cameras_stay_apart() {
    let kept = |names: Vec<String>| {
        let found = numbers(&names.iter().map(String::as_str).collect::<Vec<_>>());
        found.iter().flatten().count()
    };
    let of = |cameras: u32, name: &dyn Fn(u32, u32) -> String| -> Vec<String> {
        (0..cameras).flat_map(|c| (1..=12).map(move |n| (c, n))).map(|(c, n)| name(c, n)).collect()
    };
    assert_eq!(kept(of(2, &|c, n| format!("{n:06}_{c}.png"))), 12);
    assert_eq!(kept(of(4, &|c, n| format!("{c}_{n:06}.png"))), 12);
    assert_eq!(kept(of(8, &|c, n| format!("cam{c}_{n:06}.png"))), 12);
    assert_eq!(kept(of(8, &|c, n| format!("{n:06}_Camera_{c}.png"))), 12);
}

#[test]
fn a_size_is_never_the_number() {
    let names: Vec<String> =
        (1..=60).map(|n| format!("img_{n}_{}x{}.jpg", 640 + n, 480 + n)).collect();
    let found = numbers(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found, every(1..=60));
}

#[test]
fn wide_digits_are_digits() {
    let wide = |n: u32| -> String {
        n.to_string().chars().filter_map(|c| char::from_u32(c as u32 - 0x30 + 0xFF10)).collect()
    };
    let names: Vec<String> = (1..=12).map(|n| format!("画像{}.png", wide(n))).collect();
    assert!(in_order(&names), "{names:?}");
}

#[test]
fn names_without_numbers_are_counted_in_their_natural_order() {
    let found = number(&["banana.jpg", "apple.jpg", "cherry.jpg"]);
    assert_eq!(found.numbers, every([2, 1, 3]));
    assert!(found.notes[0].contains("no frame number"), "{:?}", found.notes);
    assert_eq!(
        numbers(&["cat10.jpg", "cat9.jpg", "dog1.jpg", "cow1.jpg", "bee1.jpg"]),
        every([3, 2, 5, 4, 1])
    );
    let hashes: Vec<String> = (0..9).map(|n| format!("{}.jpg", hash(n, 32))).collect();
    let names: Vec<&str> = hashes.iter().map(String::as_str).collect();
    let mut found: Vec<u32> = numbers(&names).into_iter().flatten().collect();
    found.sort_unstable();
    assert_eq!(found, (1..=9).collect::<Vec<_>>());
}

#[test]
fn what_is_left_out_is_told_with_its_reason() {
    let stereo: Vec<String> =
        (1..=3).flat_map(|n| (0..2).map(move |c| format!("i_{n:04}_{c}.png"))).collect();
    let found = number(&stereo.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found.numbers, [Some(1), None, Some(2), None, Some(3), None]);
    assert_eq!(found.notes.len(), 1);
    assert!(
        found.notes[0].starts_with("3 pictures are left out, such as i_0001_1.png:"),
        "{:?}",
        found.notes
    );
    let cameras = ["left_1.jpg", "right_1.jpg", "left_2.jpg", "right_2.jpg", "cover.jpg"];
    let found = number(&cameras);
    assert_eq!(found.numbers, [Some(1), None, Some(2), None, None]);
    assert!(
        found.notes[0].contains("2 pictures are left out, such as right_1.jpg"),
        "{:?}",
        found.notes
    );
    assert!(
        found.notes[1].contains("1 picture is left out, such as cover.jpg"),
        "{:?}",
        found.notes
    );
    let twice = number(&["1.jpg", "1.png", "2.jpg", "2.png"]);
    assert_eq!(twice.numbers, [Some(1), None, Some(2), None]);
    assert!(twice.notes[0].contains("2 pictures are left out, such as 1.png"), "{:?}", twice.notes);
    let padded = number(&["1.jpg", "01.jpg", "2.jpg"]);
    assert_eq!(padded.numbers, [None, Some(1), Some(2)]);
    assert!(padded.notes[0].contains("another has the same number"), "{:?}", padded.notes);
}

#[test]
fn other_forms_join_where_no_number_is_taken() {
    let found = number(&["img_00007.png", "000002.png", "000003.jpg", "9.PNG"]);
    assert_eq!(found.numbers, every([7, 2, 3, 9]));
    assert!(found.notes[0].contains("img_00007.png"), "{:?}", found.notes);
}

#[test]
fn a_single_name_is_read_with_care() {
    for (name, number) in [
        ("image_00000012_0.png", 12),
        ("img00012_640x480.jpg", 12),
        ("frame12_640x480.jpg", 12),
        ("cam2_frame_000010.png", 10),
        ("clip-0012_jpg.rf.c30f7472766d25af1dc80b3ffc9a58c7.jpg", 12),
        ("7.jpg", 7),
    ] {
        assert_eq!(numbers(&[name]), [Some(number)], "{name}");
    }
    assert_eq!(numbers(&["cover.jpg"]), [Some(1)]);
    assert_eq!(numbers(&[]), []);
}

#[test]
fn the_pattern_says_which_digits_were_taken() {
    let pattern = |names: &[&str]| number(names).pattern.unwrap_or_default();
    assert_eq!(pattern(&["i_1_0.png", "i_2_0.png"]), "i_<frame>_0");
    let hashed = [format!("c_1.rf.{}.png", hash(1, 32)), format!("c_2.rf.{}.png", hash(2, 32))];
    assert_eq!(pattern(&hashed.each_ref().map(String::as_str)), "c_<frame>.rf.*");
    assert_eq!(pattern(&["c_2024-01-31_12-00-00.png", "c_2024-01-31_12-01-00.png"]), "c_<frame>");
    assert_eq!(
        pattern(&["f1_t40", "f2_t80"].map(|n| format!("{n}.jpg")).each_ref().map(String::as_str)),
        "f<frame>_t*"
    );
    assert_eq!(pattern(&["\u{202E}a1.png", "\u{202E}a2.png"]), "\\u{202e}a<frame>");
}

#[test]
fn a_million_names_are_numbered() {
    let names: Vec<String> = (0..1_000_000).map(|n| format!("img_{n:07}_640x480.jpg")).collect();
    let found = number(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found.numbers[999_999], Some(999_999));
    assert!(found.notes.is_empty());
}

proptest! {
    #[test]
    fn any_names_are_numbered_once_or_told(
        names in prop::collection::btree_set("[a-f0-9_x.é-]{0,9}[0-9]{0,12}\\.(jpg|png)", 0..30),
    ) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = number(&names);
        prop_assert_eq!(found.numbers.len(), names.len());
        let mut numbers: Vec<u32> = found.numbers.iter().copied().flatten().collect();
        let kept = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), kept, "a number belongs to one picture");
        prop_assert_eq!(kept < names.len(), found.notes.iter().any(|n| n.contains("left out")));
        prop_assert!(names.is_empty() || kept > 0);
    }
}
