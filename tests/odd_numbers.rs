//! Every numeric option of the command line, with numbers that cannot be.

use std::{path::Path, process::Command};

/// What no option takes.
const NO_NUMBERS: [&str; 8] = ["nan", "-nan", "inf", "-inf", "1e999", "", "x", "٣"];
/// What some take and others refuse.
const ODD: [&str; 14] = [
    "0",
    "-0",
    "-1",
    "1",
    "0.5",
    "1e-320",
    "1e-20",
    "1e20",
    "1e308",
    "2147483648",
    "4294967295",
    "9223372036854775808",
    "18446744073709551615",
    "99999999999999999999999",
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("a.txt", "1,1,10,20,30,40,0.5\n2,1,11,20,30,40,0.5\n3,2,9,9,9,9,0.1\n");
    write(
        "walk.json",
        r#"{"events": [3], "accesses": [[0, 1], [1, 2], [2, 18446744073709551615]]}"#,
    );
    folder
}

/// Runs a command with a value for an option; panics and signals are no answers.
fn run(folder: &Path, words: &[&str], option: &str, value: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motscope"));
    command.current_dir(folder).args(words.iter().filter(|word| !word.is_empty()));
    if option.starts_with("--") {
        command.arg(format!("{option}={value}"));
    } else {
        command.args(["--", value]);
    }
    let output = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code().unwrap_or(-1);
    let said = format!("{words:?} {option}={value}: code {code}: {text}");
    assert!(!text.contains("panicked") && (0..=2).contains(&code), "{said}");
    assert_eq!(text.is_empty() || text.contains("frames are drawn"), code == 0, "{said}");
    (code, text)
}

#[test]
fn odd_numbers_are_usage_errors_or_taken_and_never_a_panic() {
    let folder = folder();
    let walk = ["profile", "--trace", "walk.json", "--simulated"];
    let walk = |more: &'static str| [&walk[..], &[more]].concat();
    let play = ["profile", "a.txt", "--seconds=0", "--json"];
    let film = ["render", "a.txt", "--frames=1..1", "--out=film", "--force"];
    let one = ["render", "a.txt", "--frame=1", "--out=a.png", "--force"];
    let made = ["generate", "made.txt", "--frames=2", "--force"];
    let small = ["generate", "made.txt", "--frames=2", "--tracks=3", "--force"];
    let crowd = ["generate", "made.txt", "--frames=1", "--force", "--min-track-length=1"];
    let predict = ["predict", "--predictor=adaptive"];
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (vec!["frame", "a.txt"], "N"),
        (vec!["render", "a.txt", "--out=b.png", "--force"], "--frame"),
        (one.to_vec(), "--trails"),
        (one.to_vec(), "--min-confidence"),
        (one.to_vec(), "--min-height"),
        (one.to_vec(), "--min-track"),
        (film.to_vec(), "--rate"),
        (made.to_vec(), "--tracks"),
        (small.to_vec(), "--width"),
        (small.to_vec(), "--height"),
        (small.to_vec(), "--min-track-length"),
        (crowd.to_vec(), "--max-track-length"),
        (small.to_vec(), "--seed"),
        (vec!["generate", "made.txt", "--frames=1", "--force"], "--density"),
        (vec!["profile", "a.txt", "--pattern=jumps"], "--operations"),
        (play.to_vec(), "--play"),
        (vec!["profile", "a.txt", "--play=1000"], "--seconds"),
        (vec!["profile"], "--soak"),
        (walk(""), "--provider-latency-ms"),
        (walk(""), "--workers"),
        (walk(""), "--max-keys-cached"),
        (walk("--predictor=all"), "--max-keys-prefetched"),
        (predict.to_vec(), "--current"),
        ([&predict[..], &["--current=1"]].concat(), "--history"),
    ];
    for (words, option) in &cases {
        for value in NO_NUMBERS {
            let takes_none = (*option == "--history" || *option == "--play") && value.is_empty();
            let (code, text) = run(folder.path(), words, option, value);
            assert!(code == 2 || takes_none, "{words:?} {option}={value}: {code}: {text}");
        }
        for value in ODD {
            // Those take as long as they say.
            let lasts = ["--seconds", "--soak"].contains(option) && ["1", "0.5"].contains(&value);
            if !lasts {
                run(folder.path(), words, option, value);
            }
        }
    }
    // Frames are many at once.
    for value in ["1..4294967296", "-1..2", "nan..", "1..1e3", "99999999999..", "4294967295.."] {
        let (code, text) = run(folder.path(), &["render", "a.txt", "--out=g"], "--frames", value);
        assert_eq!(code, 2, "{value}: {text}");
    }
    for frames in ["0", "100000001", "-1", "nan"] {
        let (code, text) = run(folder.path(), &["generate", "b.txt"], "--frames", frames);
        assert!(code == 2 && text.contains("--frames"), "{frames}: {text}");
    }
    let (code, text) = run(folder.path(), &play, "--play", "1e-20");
    assert!(code == 2 && text.contains("a number from 0.001 to 1000 is wanted"), "{text}");
}

#[test]
fn odd_parameters_of_predictors_are_usage_errors_or_taken() {
    let folder = folder();
    for (predictor, names) in [
        ("distance_decay", &["max_span", "decay"][..]),
        ("dynamic_distance_decay", &["forward_bias", "max_span"]),
        (
            "dynamic_data",
            &[
                "forward_bias",
                "jump_boost",
                "proximity_boost",
                "history_boost",
                "max_span",
                "forward_exp",
                "backward_exp",
                "proximity_range",
                "length",
                "possible_jumps",
            ],
        ),
        ("adaptive", &["max_span", "min_score", "possible_jumps"]),
    ] {
        let predictor = format!("--predictor={predictor}");
        for name in names {
            for value in ["0", "-1", "1e308", "-1e308", "1e-320", "1e999", "null", "[]"] {
                let value = if *name == "possible_jumps" && value != "[]" {
                    "[-9223372036854775808, 9223372036854775807, 0]"
                } else {
                    value
                };
                let words =
                    ["predict", &predictor, "--current=5", "--history=1,18446744073709551615,4"];
                let params = format!("{{\"{name}\": {value}}}");
                let (code, text) = run(folder.path(), &words, "--params", &params);
                assert!(code == 0 || text.contains("--params"), "{params}: {text}");
            }
        }
    }
}

#[test]
fn odd_sizes_of_a_made_picture_do_not_panic() {
    let folder = folder();
    for size in [[32, 16_384], [16_384, 32], [32, 32]] {
        let [width, height] = size.map(|side: u32| side.to_string());
        let words =
            ["generate", "made.txt", "--frames=3", "--tracks=5", "--force", "--width", &width];
        assert_eq!(run(folder.path(), &words, "--height", &height).0, 0, "{size:?}");
    }
}
