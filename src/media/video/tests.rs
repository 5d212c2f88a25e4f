//! Videos that FFmpeg makes here, decoded in any order and held against the decoding from the start.

use super::*;
use std::{
    fs,
    process::{Command, Stdio},
    time::Instant,
};

mod kinds;
mod sharing;

/// Makes a video of a moving test picture. The programs are installed by `scripts/test`.
fn make(folder: &Path, name: &str, options: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let source = "testsrc2=size=96x64:rate=10:duration=6";
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", source])
        .args(options)
        .arg(format!("file:{}", path.display()))
        .status()
        .expect("ffmpeg runs");
    assert!(made.success(), "{name} is made");
    path
}

fn picture(video: &Video, frame: u32) -> Result<Picture, VideoError> {
    Load::detached(|load| video.picture(frame, load, |_, _| {}))
}

/// Checksums of all pictures, as a decoding from the start has them.
fn sums(video: &Video) -> Vec<u32> {
    let count = video.counted();
    (0..count.frames).map(|frame| video.inner.table.lock().sum(frame).expect("counted")).collect()
}

/// An order in which neighbours are far apart.
fn shuffled(frames: u32) -> impl Iterator<Item = u32> {
    let step = (1..frames).rev().find(|step| gcd(*step, frames) == 1 && *step < frames * 2 / 3);
    let step = step.unwrap_or(1);
    (0..frames).map(move |n| n * step % frames)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[test]
fn any_order_shows_the_pixels_of_decoding_from_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "12"];
    let cases: [(&str, Vec<&str>); 5] = [
        ("b-frames.mp4", [&h264[..], &["-bf", "3"]].concat()),
        ("open-gop.mkv", [&h264[..], &["-bf", "3", "-x264-params", "open-gop=1"]].concat()),
        ("one-key.avi", vec!["-c:v", "mpeg4", "-g", "600"]),
        ("motion.avi", vec!["-c:v", "mjpeg"]),
        // Every third picture is left out, so that their times are uneven.
        ("uneven.mp4", {
            let uneven = ["-vf", "select=mod(n\\,3)", "-fps_mode", "vfr"];
            [&uneven[..], &h264[..]].concat()
        }),
    ];
    for (name, options) in cases {
        let video = Video::open(&make(folder.path(), name, &options)).expect(name);
        let expected = sums(&video);
        assert_eq!(expected.len(), if name.starts_with("uneven") { 40 } else { 60 }, "{name}");
        let distinct: std::collections::HashSet<&u32> = expected.iter().collect();
        assert!(distinct.len() > 30, "{name} moves");
        for frame in shuffled(video.count().frames) {
            let picture = picture(&video, frame).expect(name);
            assert_eq!([picture.width, picture.height], [96, 64]);
            assert_eq!(checksum(&picture.rgba), expected[frame as usize], "{name}, {frame}");
        }
        let past = picture(&video, 60).expect_err("past the end");
        assert!(matches!(past, VideoError::PastEnd { .. }), "{past}");
    }
}

#[test]
fn a_picture_may_be_asked_for_before_the_count_has_come_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path =
        make(folder.path(), "long.mp4", &["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "10"]);
    let video = Video::open(&path).expect("opens");
    let early = picture(&video, 55).expect("decodes");
    assert_eq!(checksum(&early.rgba), sums(&video)[55]);
    assert_eq!(
        video.count(),
        Count { counted: 60, frames: 60, complete: true, ..Count::default() }
    );
}

#[test]
fn what_is_passed_on_the_way_is_handed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let path =
        make(folder.path(), "way.mp4", &["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "20"]);
    let video = Video::open(&path).expect("opens");
    let expected = sums(&video);
    let passed = Mutex::new(Vec::new());
    let also = |frame, picture: Picture| passed.lock().push((frame, checksum(&picture.rgba)));
    Load::detached(|load| video.picture(47, load, also)).expect("decodes");
    let passed = passed.into_inner();
    let wanted: Vec<u32> = (40..47).collect();
    let frames: Vec<u32> = passed.iter().map(|(frame, _)| *frame).filter(|f| *f >= 40).collect();
    assert_eq!(frames, wanted);
    assert!(passed.iter().all(|(frame, sum)| expected[*frame as usize] == *sum));
}

#[test]
fn a_turned_video_is_seen_upright() {
    let folder = tempfile::tempdir().expect("a folder");
    let flat = make(folder.path(), "flat.mp4", &["-c:v", "mpeg4"]);
    let turned = folder.path().join("turned.mp4");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(&flat)
        .args(["-c", "copy", "-metadata:s:v:0", "rotate=90"])
        .arg(&turned)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
    let video = Video::open(&turned).expect("opens");
    // Newer versions of FFmpeg no longer write this mark.
    let size = video.size();
    assert!(size == [64, 96] || size == [96, 64]);
    let picture = picture(&video, 3).expect("decodes");
    assert_eq!([picture.width, picture.height], size);
}

#[test]
fn odd_names_open_and_what_is_no_video_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let flat = make(folder.path(), "flat.mp4", &["-c:v", "mpeg4"]);
    for name in ["-i.mp4", "http:x.mp4", "a b'%03d.mp4", "concat:a|b.mp4"] {
        let odd = folder.path().join(name);
        fs::copy(&flat, &odd).expect("copied");
        let video = Video::open(&odd).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(video.counted().frames, 60, "{name}");
    }
    let text = folder.path().join("text.mp4");
    fs::write(&text, "1,1,1,1,1,1\n".repeat(500)).expect("written");
    let error = Video::open(&text).expect_err("no video").to_string();
    assert!(error.contains("text.mp4 can't be opened as a video: it is text"), "{error}");
    // A play list that reaches out is not followed.
    let list = folder.path().join("list.mp4");
    let m3u8 = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n";
    fs::write(&list, m3u8).expect("written");
    assert!(Video::open(&list).is_err());
}

/// Programs of our own in place of FFmpeg's: what they do is a line of shell.
#[cfg(unix)]
fn stand_ins(folder: &Path, ffmpeg: &str) -> Arc<Ffmpeg> {
    use std::os::unix::fs::PermissionsExt as _;
    let script = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made to run");
    };
    script("ffprobe", "#!/bin/sh\nexec /usr/bin/env -S ffprobe \"$@\"\n".to_owned());
    let version = "case \"$1\" in -version) echo ffmpeg version 5.1; exit;; esac";
    script("ffmpeg", format!("#!/bin/sh\n{version}\n{ffmpeg}\n"));
    Arc::new(Ffmpeg::at(folder).expect("they answer"))
}

#[cfg(unix)]
#[test]
fn a_decoder_that_hangs_is_ended_and_started_anew_when_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = make(folder.path(), "flat.mp4", &["-c:v", "mpeg4"]);
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).expect("a folder");
    let switch = folder.path().join("hang");
    // Counting works; decoding hangs as long as the switch is there.
    let hang = format!(
        "case \"$*\" in *rawvideo*) [ -e '{}' ] && exec sleep 1000;; esac; exec ffmpeg \"$@\"",
        switch.display()
    );
    let ffmpeg = stand_ins(&programs, &hang);
    fs::write(&switch, "").expect("written");
    // Long enough for a program to begin on a machine that is busy.
    let options = Options { patience: Duration::from_secs(4), ..Options::default() };
    let video = Video::open_with(&path, ffmpeg, options).expect("opens");
    let error = picture(&video, 5).expect_err("hangs").to_string();
    assert!(error.contains("gave no picture for"), "{error}");
    fs::remove_file(&switch).expect("removed");
    assert_eq!(checksum(&picture(&video, 5).expect("decodes").rgba), sums(&video)[5]);
}

#[cfg(unix)]
#[test]
fn a_decoder_that_dies_is_reported_and_started_anew_when_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = make(folder.path(), "flat.mp4", &["-c:v", "mpeg4"]);
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).expect("a folder");
    let switch = folder.path().join("die");
    let die = format!(
        "case \"$*\" in *rawvideo*) [ -e '{}' ] && {{ echo '[error] out of luck' >&2; exit 3; }};; esac; \
         exec ffmpeg \"$@\"",
        switch.display()
    );
    let video =
        Video::open_with(&path, stand_ins(&programs, &die), Options::default()).expect("opens");
    let sums = sums(&video);
    fs::write(&switch, "").expect("written");
    let error = picture(&video, 50).expect_err("dies").to_string();
    assert!(error.contains("flat.mp4: out of luck."), "{error}");
    fs::remove_file(&switch).expect("removed");
    assert_eq!(checksum(&picture(&video, 50).expect("decodes").rgba), sums[50]);
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_outlives_the_video() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = make(folder.path(), "flat.mp4", &["-c:v", "mpeg4"]);
    let with_name = || {
        let name = path.display().to_string();
        let running = Command::new("pgrep").args(["-f", &name]).stdout(Stdio::piped()).output();
        String::from_utf8_lossy(&running.expect("pgrep runs").stdout).lines().count()
    };
    let video = Video::open(&path).expect("opens");
    for frame in [50, 3, 30, 59, 1] {
        picture(&video, frame).expect("decodes");
        assert!(with_name() <= MOST_PROCESSES + 2, "bounded");
    }
    let inner = Arc::downgrade(&video.inner);
    let _ = video.counted();
    drop(video);
    let patience = Instant::now() + Duration::from_secs(10);
    while with_name() > 0 || inner.strong_count() > 0 {
        assert!(Instant::now() < patience, "processes and threads end");
        thread::sleep(Duration::from_millis(5));
    }
}
