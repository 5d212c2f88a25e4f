//! What the command line writes: never over what it reads, whole or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

fn motscope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motscope"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// What a command answers: its code, standard output and standard error.
fn run_in(folder: &Path, arguments: &[&str]) -> (i32, Vec<u8>, String) {
    said(motscope().current_dir(folder).args(arguments).output().expect("it starts"))
}

fn said(output: Output) -> (i32, Vec<u8>, String) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), output.stdout, text)
}

/// All files below a folder, hidden ones too, and what is in them.
fn all(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.push((path.clone(), Vec::new()));
            found.extend(all(&path));
        } else {
            found.push((path.clone(), fs::read(&path).expect("read")));
        }
    }
    found.sort();
    found
}

/// A sequence of three frames with pictures.
fn sequence(folder: &Path) {
    let made = run_in(
        folder,
        &[
            "generate",
            "yard",
            "--images",
            "yard/img1",
            "--frames",
            "3",
            "--density",
            "4",
            "--width",
            "320",
            "--height",
            "180",
        ],
    );
    assert_eq!(made.0, 0, "{}", made.2);
}

/// A video of 8 small pictures.
fn video(path: &Path) {
    let source = "testsrc=size=64x48:rate=10:duration=0.8";
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", "ffv1"])
        .arg(path)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_over_what_is_read() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    sequence(folder.path());
    fs::create_dir(at("videos")).expect("a folder");
    video(&at("videos/clip.mkv"));
    symlink("videos/clip.mkv", at("link.mkv")).expect("a link");
    fs::hard_link(at("videos/clip.mkv"), at("hard.mkv")).expect("a link");
    symlink("videos", at("other")).expect("a link");
    for name in ["one.png", "link.png"] {
        symlink("yard/img1/000001.jpg", at(name)).expect("a link");
    }
    fs::hard_link(at("yard/img1/000002.jpg"), at("hard.png")).expect("a link");
    fs::create_dir(at("out")).expect("a folder");
    fs::hard_link(at("yard/img1/000002.jpg"), at("out/000002.png")).expect("a link");
    let before = all(folder.path());
    let video = "videos/clip.mkv";
    let full = at(video).display().to_string();
    let mut cases: Vec<(&str, &str, &str)> = Vec::new();
    for out in [video, "link.mkv", "hard.mkv", "other/clip.mkv", "videos/../other/clip.mkv", &full]
    {
        cases.push((video, "1..4", out));
    }
    cases.push(("link.mkv", "1..4", video));
    for out in ["one.png", "hard.png"] {
        cases.push(("yard", "1", out));
    }
    for out in ["yard/img1", "out"] {
        cases.push(("yard", "1..2", out));
    }
    for (input, frames, out) in cases {
        let which = if frames.contains("..") { "--frames" } else { "--frame" };
        for force in [&[][..], &["--force"]] {
            let arguments = [&["render", input, which, frames, "--out", out][..], force].concat();
            let (code, _, text) = run_in(folder.path(), &arguments);
            assert_eq!(code, 1, "{arguments:?}: {text}");
            assert!(text.contains("is not written: it is"), "{arguments:?}: {text}");
            assert!(all(folder.path()) == before, "{arguments:?}");
        }
    }
}

#[test]
fn what_is_there_is_replaced_only_by_force() {
    let folder = folder();
    sequence(folder.path());
    let commands: [&[&str]; 4] = [
        &["render", "yard", "--frame", "1", "--out", "one.png"],
        &["render", "yard", "--frames", "1..2", "--out", "film.mp4"],
        &["render", "yard", "--frames", "2..3", "--out", "pictures"],
        &["generate", "made.txt", "--frames", "5", "--images", "drawn"],
    ];
    for command in commands {
        let (code, _, text) = run_in(folder.path(), command);
        assert_eq!(code, 0, "{command:?}: {text}");
        let before = all(folder.path());
        let (code, _, text) = run_in(folder.path(), command);
        assert!(code == 1 && text.contains("there already. "), "{command:?}: {text}");
        assert!(text.ends_with(" Name another place, or replace with --force.\n"), "{text}");
        assert!(all(folder.path()) == before, "{command:?}");
        let (code, _, text) = run_in(folder.path(), &[command, &["--force"]].concat());
        assert_eq!(code, 0, "{command:?}: {text}");
        assert_eq!(all(folder.path()).len(), before.len(), "{command:?}");
    }
    // In a folder, files of the same names ask; others do not, and stay.
    let into = |frames, force: &[&str]| {
        let command = ["render", "yard", "--frames", frames, "--out", "pictures"];
        run_in(folder.path(), &[&command[..], force].concat())
    };
    let (code, _, text) = into("..", &[]);
    assert!(code == 1 && text.contains("000002.png and 1 other file of these names"), "{text}");
    assert_eq!(into("1..1", &[]).0, 0);
    assert_eq!(all(&folder.path().join("pictures")).len(), 3);
    // A sequence that is there as well.
    let again = ["generate", "yard", "--frames", "3"];
    let (code, _, text) = run_in(folder.path(), &again);
    assert!(code == 1 && text.contains("gt.txt and 3 other files"), "{text}");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_written_to_as_they_are() {
    let folder = folder();
    sequence(folder.path());
    let one = ["render", "yard", "--frame", "1", "--out"];
    let (code, picture, text) = run_in(folder.path(), &[&one[..], &["/dev/stdout"]].concat());
    assert_eq!(code, 0, "{text}");
    assert_eq!(image::load_from_memory(&picture).expect("a picture").width(), 320);
    assert!(text.contains("/dev/stdout: frame 1, 320 x 180 pixels"), "{text}");
    let (code, _, text) = run_in(folder.path(), &[&one[..], &["/dev/full"]].concat());
    assert!(code == 1 && text.contains("/dev/full can't be written: No space left"), "{text}");
    let made = ["generate", "/dev/stdout", "--frames", "2", "--density", "3"];
    let (code, lines, text) = run_in(folder.path(), &made);
    assert_eq!((code, String::from_utf8_lossy(&lines).lines().count()), (0, 6), "{text}");
    // Whoever has read enough may go.
    let script =
        r#""$0" render yard --frame 1 --out /dev/stdout | head -c 8; echo "${PIPESTATUS[0]}""#;
    let mut shell = Command::new("bash");
    let (_, out, text) = said(
        shell
            .current_dir(folder.path())
            .args(["-c", script, env!("CARGO_BIN_EXE_motscope")])
            .output()
            .expect("bash runs"),
    );
    assert!(out.starts_with(b"\x89PNG\r\n\x1a\n") && out.ends_with(b"0\n"), "{text}");
    // A pipe that has a name, as a picture and as a video.
    for (name, frames) in [("pipe.png", "--frame=1"), ("pipe.mp4", "--frames=1..3")] {
        let pipe = folder.path().join(name);
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let reading = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).expect("read")
        });
        let (code, _, text) = run_in(folder.path(), &["render", "yard", frames, "--out", name]);
        assert_eq!(code, 0, "{text}");
        assert!(reading.join().expect("it ends").len() > 500, "{name}");
    }
    // What standard output goes to is known as well.
    let input = folder.path().join("yard/img1/000001.jpg");
    let before = fs::read(&input).expect("read");
    let to = fs::OpenOptions::new().append(true).open(&input).expect("opens");
    let mut command = motscope();
    command.current_dir(folder.path()).args([&one[..], &["/dev/stdout"]].concat()).stdout(to);
    let (code, _, text) = said(command.output().expect("it starts"));
    assert!(code == 1 && text.contains("is not written: it is"), "{text}");
    assert!(fs::read(&input).expect("read") == before);
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_what_was_there() {
    let folder = folder();
    sequence(folder.path());
    for (name, frames) in
        [("one.png", "--frame 1"), ("film.avi", "--frames .."), ("pictures", "--frames ..")]
    {
        let out = folder.path().join(name);
        if name != "pictures" {
            fs::write(&out, "old").expect("written");
        }
        let before = all(folder.path());
        // No file may be larger than this, in blocks of 1024 bytes.
        let script = format!(
            "trap '' XFSZ; ulimit -f 8; exec \"$0\" render yard {frames} --out {name} --force"
        );
        let mut shell = Command::new("bash");
        shell.current_dir(folder.path()).args(["-c", &script, env!("CARGO_BIN_EXE_motscope")]);
        let (code, _, text) = said(shell.output().expect("bash runs"));
        assert!(code == 1 && text.contains("can't be written: "), "{name}: {text}");
        assert!(text.lines().count() == 1 && text.contains("File too large"), "{name}: {text}");
        assert!(all(folder.path()) == before, "{name}");
    }
}

/// Programs that stand in for FFmpeg's; `encode` is what the encoder does.
#[cfg(unix)]
fn ffmpeg(folder: &Path, encode: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).expect("a folder");
    let script = format!("#!/bin/sh\n[ \"$1\" = -version ] && exit 0\n{encode}\n");
    for name in ["ffmpeg", "ffprobe"] {
        fs::write(programs.join(name), &script).expect("written");
        let runs = fs::Permissions::from_mode(0o755);
        fs::set_permissions(programs.join(name), runs).expect("set");
    }
    programs
}

#[cfg(unix)]
#[test]
fn an_encoder_that_dies_leaves_what_was_there() {
    let folder = folder();
    sequence(folder.path());
    fs::write(folder.path().join("film.mp4"), "old").expect("written");
    let film = ["render", "yard", "--frames", "..", "--out", "film.mp4", "--force"];
    for (encode, reason) in [
        ("cat > /dev/null; echo 'it is tired' >&2; exit 1", "can't be written: it is tired."),
        ("kill -KILL $$", "can't be written: FFmpeg ended without a reason"),
        ("printf 'red \\033[31m' >&2; exit 3", r"can't be written: red \u{1b}[31m."),
    ] {
        let programs = ffmpeg(folder.path(), encode);
        let before = all(folder.path());
        let mut command = motscope();
        command.current_dir(folder.path()).args(film).env("MOTSCOPE_FFMPEG", programs);
        let (code, _, text) = said(command.output().expect("it starts"));
        assert!(code == 1 && text.contains(reason), "{encode}: {text}");
        assert!(all(folder.path()) == before, "{encode}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_leaves_nothing_half_done() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = folder();
    sequence(folder.path());
    fs::write(folder.path().join("film.mp4"), "old").expect("written");
    // It tells who it is, takes no pictures, and never ends by itself.
    let programs = ffmpeg(folder.path(), "echo $$ > encoder.pid; exec sleep 600");
    let pid = folder.path().join("encoder.pid");
    let told = || fs::read_to_string(&pid).unwrap_or_default();
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let before = all(folder.path());
        // Whoever started the tests may have them outlive their terminal.
        let mut command = Command::new("env");
        command.args(["--default-signal=HUP", env!("CARGO_BIN_EXE_motscope")]);
        command.current_dir(folder.path()).env("MOTSCOPE_FFMPEG", &programs);
        command.args(["render", "yard", "--frames", "..", "--out", "film.mp4", "--force"]);
        let mut child = command.stderr(Stdio::null()).spawn().expect("it starts");
        while !told().ends_with('\n') {
            std::thread::yield_now();
        }
        let kill = |what: &[&str]| Command::new("kill").args(what).output().expect("kill runs");
        assert!(kill(&["-s", signal, &child.id().to_string()]).status.success());
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.signal(), Some(number), "{signal}: {ended:?}");
        assert!(!kill(&["-0", told().trim()]).status.success(), "the encoder has ended");
        fs::remove_file(&pid).expect("removed");
        assert!(all(folder.path()) == before, "{signal}");
    }
}

/// Pictures are drawn on while the signal is heeded.
#[cfg(unix)]
#[test]
fn a_signal_leaves_no_pictures_that_are_half_done() {
    let folder = folder();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo");
    let parts = || {
        let hidden = all(folder.path()).into_iter().map(|(path, _)| path);
        hidden.filter(|path| path.extension().is_some_and(|e| e == "png")).count()
    };
    for wanted in [1, 2, 3, 5, 8, 13] {
        let mut child = motscope()
            .args(["render", demo, "--frames", "..", "--out"])
            .arg(folder.path().join("pictures"))
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        while parts() < wanted {
            std::thread::yield_now();
        }
        let told = Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        child.wait().expect("it ends");
        assert_eq!(all(folder.path()), [], "after {wanted} pictures");
    }
}

#[test]
fn pictures_that_somebody_asks_for_and_that_are_not_there_are_a_failure() {
    let folder = folder();
    sequence(folder.path());
    for frames in [["--frame", "2", "a.png"], ["--frames", "1..3", "a.mkv"]] {
        let [which, frames, out] = frames;
        let arguments = ["render", "yard", which, frames, "--offset=-1000", "--out", out];
        let (code, _, text) = run_in(folder.path(), &arguments);
        assert_eq!(code, 1, "{text}");
        assert!(folder.path().join(out).is_file(), "the boxes are drawn all the same: {text}");
    }
    let alone = ["render", "yard", "--frame", "2", "--no-pictures", "--out", "b.png"];
    assert_eq!(run_in(folder.path(), &alone).0, 0);
}

#[test]
fn layers_are_drawn_and_not_written_over() {
    let folder = folder();
    sequence(folder.path());
    fs::write(folder.path().join("other.txt"), "1,7,10,20,30,40\n").expect("written");
    fs::hard_link(folder.path().join("other.txt"), folder.path().join("c.png")).expect("linked");
    let draw = |out: &str, layers: &[&str]| {
        let drawn = ["render", "yard", "--frame", "1", "--out", out, "--force"];
        run_in(folder.path(), &[&drawn[..], layers].concat())
    };
    assert_eq!(draw("one.png", &[]).0, 0);
    assert_eq!(draw("two.png", &["--layer", "other.txt"]).0, 0);
    let file = |name: &str| fs::read(folder.path().join(name)).expect("read");
    assert_ne!(file("one.png"), file("two.png"));
    let (code, _, text) = draw("c.png", &["--layer", "other.txt"]);
    assert!(code == 1 && text.contains("other.txt"), "{text}");
    assert_eq!(file("other.txt"), b"1,7,10,20,30,40\n");
}

#[test]
fn a_list_of_class_names_is_read_and_not_written_over() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.txt"), "1,1,10,20,30,40,1,1,1\n").expect("written");
    fs::write(at("labels.txt"), "car\nbus\n").expect("written");
    fs::hard_link(at("labels.txt"), at("out.png")).expect("linked");
    let drawn = ["render", "a.txt", "--frame", "1", "--out", "out.png", "--force"];
    let (code, _, text) = run_in(folder.path(), &drawn);
    assert!(code == 1 && text.contains("the same as") && text.contains("labels.txt"), "{text}");
    assert_eq!(fs::read_to_string(at("labels.txt")).expect("it is there"), "car\nbus\n");
}

#[test]
fn a_film_tells_which_frames_had_no_picture() {
    let folder = folder();
    sequence(folder.path());
    fs::remove_file(folder.path().join("yard/img1/000002.jpg")).expect("removed");
    fs::write(folder.path().join("yard/img1/000003.jpg"), "no picture").expect("written");
    let film = ["render", "yard", "--frames", "..", "--out", "film"];
    let (_, _, text) = run_in(folder.path(), &film);
    let expected = "motscope: 2 frames are drawn without their pictures, frame 2 first. There is no picture of frame 2.\n";
    assert_eq!(text, expected);
    assert_eq!(all(&folder.path().join("film")).len(), 3);
}

#[test]
fn a_picture_that_should_be_there_and_is_not_is_an_error() {
    let folder = folder();
    sequence(folder.path());
    fs::remove_file(folder.path().join("yard/img1/000002.jpg")).expect("removed");
    let one = ["render", "yard", "--frame", "2", "--out", "two.png"];
    let (code, _, text) = run_in(folder.path(), &one);
    let expected = "motscope: There is no picture of frame 2. The boxes were drawn without it.\n";
    assert_eq!((code, text.as_str()), (1, expected));
    assert!(folder.path().join("two.png").exists());
}
