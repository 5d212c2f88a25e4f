//! Every kind of file: sizes that change, streams, names that say nothing, pixels that are transparent.

use super::*;

/// Makes a video out of two, one behind the other as they are.
fn joined(folder: &Path, name: &str, parts: [(&str, &str); 2], codec: &[&str]) -> PathBuf {
    let mut whole = Vec::new();
    for (at, (size, options)) in parts.into_iter().enumerate() {
        let part = folder.join(format!("{at}-{name}"));
        let source = format!("testsrc2=size={size}:rate=10:duration=3");
        let offset = (at * 3).to_string();
        let made = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &source])
            .args(options.split_whitespace())
            .args(codec)
            .args(["-output_ts_offset", &offset])
            .arg(&part)
            .status()
            .expect("ffmpeg runs");
        assert!(made.success(), "{name} is made");
        whole.extend(fs::read(part).expect("made"));
    }
    let path = folder.join(name);
    fs::write(&path, whole).expect("written");
    path
}

#[test]
fn a_size_that_changes_in_mid_stream_leaves_each_picture_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "2"];
    for (name, codec) in [
        ("change.ts", &h264[..]),
        ("change.h264", &h264[..]),
        ("change.mpg", &["-c:v", "mpeg2video", "-f", "mpeg"][..]),
    ] {
        for sizes in [["96x64", "64x48"], ["64x48", "160x120"]] {
            let parts = sizes.map(|size| (size, ""));
            let path = joined(folder.path(), name, parts, codec);
            let video = Video::open(&path).expect(name);
            let expected = sums(&video);
            // One is lost where a decoder finds out late that another size begins.
            let lost = u32::from(name.ends_with("mpg"));
            let (at, frames) = (30 - lost, 60 - lost);
            assert_eq!(expected.len(), frames as usize, "{name}");
            let [first, second] = sizes.map(|size| {
                let (width, height) = size.split_once('x').expect("a size");
                [width.parse().expect("a width"), height.parse().expect("a height")]
            });
            assert_eq!(video.sizes(), [(0, first), (at, second)], "{name}");
            for frame in shuffled(frames) {
                let size = if frame < at { first } else { second };
                let picture = picture(&video, frame).expect(name);
                assert_eq!([picture.width, picture.height], size, "{name}, {frame}");
                assert_eq!(checksum(&picture.rgba), expected[frame as usize], "{name}, {frame}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_do_not_go_with_the_sizes_are_an_error_of_that_video() {
    let folder = tempfile::tempdir().expect("a folder");
    let codec = ["-c:v", "libx264", "-pix_fmt", "yuv420p"];
    let path = joined(folder.path(), "change.ts", [("96x64", ""), ("64x48", "")], &codec);
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).expect("a folder");
    // As a version would that scales all pictures to the size of the first.
    let scales = "for a; do shift; [ \"$a\" = -autoscale ] && a=-autoscale && set -- \"$@\" \"$a\" \
                  && continue; [ \"$a\" = 0 ] && a=1; set -- \"$@\" \"$a\"; done; exec ffmpeg \"$@\"";
    let video = Video::open_with(&path, stand_ins(&programs, scales), Options::default());
    let video = video.expect("opens");
    let count = video.counted();
    let reason = count.broken_off.expect("says why");
    assert!(reason.contains("64 x 48 pixels"), "{reason}");
    assert_eq!((count.counted, count.complete), (30, false));
    assert_eq!(picture(&video, 29).expect("certain").width, 96);
    let error = picture(&video, 30).expect_err("not certain");
    assert!(matches!(error, VideoError::Sizes { picture: 30, .. }), "{error}");
    assert!(error.to_string().contains("can't be shown from picture 31 on"), "{error}");
}

#[test]
fn a_video_is_known_by_what_is_in_it_and_what_is_none_says_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"];
    let mpeg4 = ["-c:v", "mpeg4"];
    let cases: [(&str, Vec<&str>); 8] = [
        ("raw.h264", h264.to_vec()),
        ("a.gif", vec!["-vf", "format=rgb8"]),
        ("a.mjpeg", vec!["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-f", "mjpeg"]),
        ("a.asf", mpeg4.to_vec()),
        ("a.ivf", vec!["-c:v", "libvpx"]),
        ("a.ogg", vec!["-c:v", "libtheora"]),
        ("plain", vec!["-c:v", "mpeg4", "-f", "matroska"]),
        ("wrong.txt", vec!["-c:v", "mpeg4", "-f", "avi"]),
    ];
    for (name, options) in cases {
        let path = make(folder.path(), name, &options);
        assert!(Video::is_media(&path), "{name}");
        let video = Video::open(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(video.counted().frames, 60, "{name}");
        assert_eq!(video.size(), [96, 64], "{name}");
    }
    let flat = fs::read(make(folder.path(), "flat.mp4", &mpeg4)).expect("made");
    let sound = folder.path().join("sound.mp4");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac"])
        .arg(&sound)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    let picture = make(folder.path(), "one.png", &["-frames:v", "1"]);
    fs::write(folder.path().join("cut.mp4"), &flat[..flat.len() / 2]).expect("written");
    fs::write(folder.path().join("empty.mp4"), "").expect("written");
    fs::copy(&picture, folder.path().join("one.mp4")).expect("copied");
    fs::write(folder.path().join("noise.mp4"), [7, 0, 3, 9].repeat(500)).expect("written");
    fs::write(folder.path().join("latin.mp4"), b"caf\xE9 \x1B[31m1,1,1,1\n".repeat(50))
        .expect("written");
    for (name, reason) in [
        ("cut.mp4", "its index was never written"),
        ("empty.mp4", "the file is empty"),
        ("sound.mp4", "it holds sound, and no pictures"),
        ("noise.mp4", "it does not begin as a video does"),
        ("one.png", "it is a single picture"),
        ("one.mp4", "it is a single picture"),
    ] {
        let error = Video::open(&folder.path().join(name)).expect_err(name).to_string();
        assert!(error.contains(reason), "{name}: {error}");
    }
    let latin = folder.path().join("latin.mp4");
    assert!(!Video::is_media(&latin) && Video::open(&latin).is_err());
}

#[test]
fn one_of_several_streams_can_be_chosen_and_a_cover_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two.mkv");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64:duration=1"])
        .args(["-f", "lavfi", "-i", "testsrc2=size=64x48:duration=2", "-f", "lavfi", "-i"])
        .args(["sine=duration=1", "-map", "2", "-map", "0", "-map", "1", "-c:v", "mpeg4"])
        .args(["-disposition:v:0", "0", "-disposition:v:1", "default"])
        .arg(&path)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    let open = |stream| {
        let options = Options { stream, ..Options::default() };
        Video::open_with(&path, Ffmpeg::find().expect("it is there"), options)
    };
    let sizes = [[96, 64], [64, 48]];
    for (stream, size) in sizes.into_iter().enumerate() {
        let video = open(stream).expect("opens");
        assert_eq!((video.size(), video.counted().frames), (size, 25 * (stream as u32 + 1)));
        let streams = &video.header().streams;
        assert_eq!(streams.iter().map(|s| s.size).collect::<Vec<_>>(), sizes);
        assert_eq!(streams.iter().map(|s| s.is_default).collect::<Vec<_>>(), [false, true]);
        assert_eq!(checksum(&picture(&video, 20).expect("decodes").rgba), sums(&video)[20]);
    }
    let error = open(2).expect_err("there are two").to_string();
    assert!(error.contains("has 2 streams of pictures; there is no stream 3"), "{error}");
    let covered = folder.path().join("covered.mp4");
    let cover = make(folder.path(), "cover.png", &["-frames:v", "1"]);
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i"])
        .args(["testsrc2=size=96x64:duration=1", "-i"])
        .arg(cover)
        .args(["-map", "1", "-map", "0", "-c:v:0", "png", "-c:v:1", "mpeg4"])
        .args(["-disposition:v:0", "attached_pic"])
        .arg(&covered)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    let video = Video::open(&covered).expect("opens");
    assert_eq!((video.header().streams.len(), video.counted().frames), (1, 25));
}

#[test]
fn what_is_transparent_keeps_its_colour() {
    let folder = tempfile::tempdir().expect("a folder");
    let red = "color=c=red@0.25:size=32x32:rate=5:duration=1";
    for (name, options) in [
        ("a.mov", vec!["-vf", "format=rgba", "-c:v", "png"]),
        ("p.mov", vec!["-vf", "format=yuva444p10le", "-c:v", "prores_ks"]),
        ("a.webm", vec!["-vf", "format=yuva420p", "-c:v", "libvpx-vp9"]),
        ("a.mkv", vec!["-vf", "format=gbrap", "-c:v", "ffv1"]),
    ] {
        let path = folder.path().join(name);
        let made = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", red])
            .args(options)
            .arg(&path)
            .status();
        assert!(made.expect("ffmpeg runs").success(), "{name} is made");
        let video = Video::open(&path).expect(name);
        let seen = picture(&video, 2).expect(name);
        for pixel in seen.rgba.chunks_exact(4) {
            assert!(pixel[0] >= 250 && pixel[1] < 5 && pixel[3] == 255, "{name}: {pixel:?}");
        }
    }
}

#[test]
fn a_gif_that_is_cut_off_says_so_and_a_whole_one_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = make(folder.path(), "whole.gif", &[]);
    let bytes = fs::read(&whole).expect("made");
    let told = |path: &Path| {
        let video = Video::open(path).expect("opens");
        let frames = sums(&video).len();
        (frames, video.told_of_damage())
    };
    assert_eq!(told(&whole), (60, None));
    let cut = folder.path().join("cut.gif");
    for end in [bytes.len() / 2, bytes.len() - 1] {
        fs::write(&cut, &bytes[..end]).expect("written");
        let (frames, damage) = told(&cut);
        let damage = damage.unwrap_or_else(|| panic!("cut at {end}"));
        assert!(damage.contains("cut.gif is cut off"), "{damage}");
        assert!(damage.contains(&format!("{frames} pictures are there")), "{damage}");
    }
}
