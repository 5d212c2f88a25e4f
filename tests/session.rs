//! Opening sequences without a window.

use motscope::{
    cache::KeyState,
    inspector::CacheKind,
    session::{Opening, OpeningState, Phase, PictureState, Request, Session, SharedLog},
};
use std::{
    fmt::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

fn open(path: &Path) -> Opening {
    Opening::start(Request::path(path), SharedLog::default(), Arc::new(|| {}))
}

fn until<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(value) = ready() {
            return value;
        }
        assert!(Instant::now() < patience, "never happened: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn session(path: &Path) -> Box<Session> {
    let mut opening = open(path);
    until("opening", || match opening.poll() {
        OpeningState::Ready(session) => Some(session),
        OpeningState::Failed(reason) => panic!("{reason}"),
        OpeningState::Working(_) | OpeningState::Over => None,
    })
}

/// Ground truth as MOT16 and later write it: all frames of the first track, then of the second.
fn sorted_by_id(tracks: u32, frames: u32) -> String {
    let mut text = String::new();
    for id in 1..=tracks {
        for frame in 1..=frames {
            writeln!(text, "{frame},{id},{id},{frame},10,20,1,1,1").expect("text");
        }
    }
    text
}

#[test]
fn frames_of_a_file_sorted_by_id_are_whole_in_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gt.txt");
    // The first track alone is long enough to be handed out before the second is met.
    std::fs::write(&path, sorted_by_id(5, 20_000)).expect("written");
    let mut session = session(&path);
    // Whatever was asked for while it was only a part must not stay in the cache.
    session.show(7);
    until("the check", || (session.first().status().phase == Phase::Done).then_some(()));
    let boxes = until("the frame", || {
        let showing = session.show(7)?;
        (showing.frame == 7 && showing.layers[0].1.detections.len() == 5)
            .then(|| showing.layers[0].1.clone())
    });
    let ids: Vec<i128> = boxes.detections.iter().map(|d| d.id.number()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    let status = session.first().status();
    assert!(status.whole && status.complete && session.frames().len() == 20_000);
    assert_eq!((status.findings.detections, status.findings.tracks), (100_000, 5));
}

#[test]
fn opening_can_be_cancelled_and_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gt.txt");
    std::fs::write(&path, sorted_by_id(3, 50_000)).expect("written");
    drop(open(&path));
    let mut opening = open(&path);
    opening.cancel();
    // It may have been ready before it heard; then nobody takes it.
    until("the end", || match opening.poll() {
        OpeningState::Working(_) => None,
        OpeningState::Over | OpeningState::Ready(_) => Some(()),
        OpeningState::Failed(reason) => panic!("{reason}"),
    });
}

#[test]
fn failures_are_sentences() {
    let folder = tempfile::tempdir().expect("a folder");
    let fails = |path: &Path| {
        let mut opening = open(path);
        until("the failure", || match opening.poll() {
            OpeningState::Failed(reason) => Some(reason),
            _ => None,
        })
    };
    let absent = folder.path().join("absent.txt");
    assert!(fails(&absent).starts_with(&format!("{} can't be opened: ", absent.display())));
    let reason = fails(folder.path());
    assert!(reason.ends_with("nor pictures or a video."), "{reason}");
}

#[cfg(unix)]
#[test]
fn while_a_picture_is_on_its_way_the_last_frame_stays_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let images = folder.path().join("img1");
    std::fs::create_dir(&images).expect("a folder");
    std::fs::write(folder.path().join("gt.txt"), sorted_by_id(2, 2)).expect("written");
    let mut png = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(8, 6, image::Rgb([1, 2, 3]));
    image.write_to(&mut png, image::ImageFormat::Png).expect("encodes");
    std::fs::write(images.join("000001.png"), png.get_ref()).expect("written");
    // A pipe is a picture that does not arrive until somebody sends it.
    let pipe = images.join("000002.png");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());

    let mut session = session(folder.path());
    let shown = |session: &mut Session, frame: u32| session.show(frame).map(|s| s.frame);
    until("frame 1", || (shown(&mut session, 1) == Some(1)).then_some(()));
    for _ in 0..50 {
        let showing = session.show(2).expect("something is shown");
        assert_eq!(showing.frame, 1, "never boxes of one frame over the picture of another");
        assert!(matches!(&showing.picture, PictureState::Ready(picture) if picture.width == 8));
    }
    until("a worker is at it", || {
        session.refresh();
        (session.frame_state(2) == KeyState::Loading).then_some(())
    });
    assert_eq!(session.stats(CacheKind::Pictures).misses, 2);
    std::fs::write(&pipe, png.get_ref()).expect("sent");
    until("frame 2", || (shown(&mut session, 2) == Some(2)).then_some(()));
}

#[test]
fn a_frame_asked_for_before_it_is_known_gets_its_boxes_in_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.txt");
    let mut text = String::new();
    for frame in 1..=60_000 {
        writeln!(text, "{frame},1,1,2,30,40,0.5,-1,-1,-1").expect("text");
    }
    std::fs::write(&path, text).expect("written");
    let mut session = session(&path);
    // The session is handed over when the first frames are known; this one is the last.
    session.show(60_000);
    until("all is read", || {
        session.show(60_000);
        (session.first().status().phase == Phase::Done).then_some(())
    });
    until("the box", || {
        let showing = session.show(60_000)?;
        (showing.frame == 60_000 && showing.layers[0].1.detections.len() == 1).then_some(())
    });
}
