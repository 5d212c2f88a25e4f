//! Several who ask for neighbouring pictures at once, counting that gives way, and counts that are kept.

use super::*;
use crate::{
    cache::{Cache, Request, predictors::Adaptive},
    media::Pictures,
};

const FRAMES: u32 = 200;

fn long(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let source = format!("testsrc2=size=96x64:rate=25:duration={}", FRAMES / 25);
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", &source])
        .args(["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "100", "-sc_threshold", "0"])
        .arg(&path)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    path
}

/// Goes through frames as a window does that plays, with so many workers. Answers how many pictures came
/// out of decoders.
fn played(path: &Path, workers: usize, frames: impl Iterator<Item = u32>) -> u64 {
    let video = Video::open(path).expect("opens");
    assert_eq!(video.counted().frames, FRAMES);
    let pictures = Pictures::from(video);
    let shown = pictures.clone();
    let cache = Cache::builder(shown, Adaptive::default())
        .workers(workers)
        .max_keys_cached(FRAMES as usize)
        .build();
    for frame in frames {
        while !matches!(cache.request(u64::from(frame)), Request::Ready(_)) {
            thread::sleep(Duration::from_millis(1));
        }
    }
    pictures.video().expect("it is one").decoded()
}

#[test]
fn several_workers_decode_each_picture_about_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = long(folder.path(), "play.mp4");
    // At most a few are decoded anew, where a worker is told to stop in between.
    let most = u64::from(FRAMES) + u64::from(FRAMES) / 10;
    let decoded = played(&path, 4, 1..=FRAMES);
    assert!((u64::from(FRAMES)..=most).contains(&decoded), "{decoded} forwards");
    // Each group of pictures is gone through once, and what comes by is kept.
    let decoded = played(&path, 4, (1..=FRAMES).rev());
    assert!((u64::from(FRAMES)..=most).contains(&decoded), "{decoded} backwards");
}

#[test]
fn who_waits_for_a_picture_that_comes_by_gets_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = long(folder.path(), "wait.mp4");
    let video = Video::open(&path).expect("opens");
    let expected = sums(&video);
    // All of them in one group of pictures, asked for at once.
    let asked = [190, 120, 150, 110, 199, 101];
    thread::scope(|scope| {
        let running = asked.map(|frame| {
            let video = &video;
            scope.spawn(move || checksum(&picture(video, frame).expect("decodes").rgba))
        });
        for (frame, thread) in asked.into_iter().zip(running) {
            let sum = thread.join().expect("no panic");
            assert_eq!(sum, expected[frame as usize], "{frame}");
        }
    });
    assert!(video.inner.pool.lock().is_quiet(), "nobody is after anything any more");
}

#[test]
fn counting_rests_while_it_is_paused_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = long(folder.path(), "pause.mp4");
    let options = Options { polite: true, ..Options::default() };
    let open = || Video::open_with(&path, Ffmpeg::find().expect("it is there"), options.clone());
    let video = open().expect("opens");
    video.set_playing(true);
    video.pause_counting(true);
    assert!(video.count().paused);
    // Pictures come all the same.
    let last = checksum(&picture(&video, FRAMES - 1).expect("decodes").rgba);
    let before = video.count().counted;
    assert_eq!(video.count().counted, before);
    video.pause_counting(false);
    video.set_playing(false);
    while !video.count().complete {
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(last, video.inner.table.lock().sum(FRAMES - 1).expect("counted"));
    // A process that rests ends with its video, too.
    let video = open().expect("opens");
    video.pause_counting(true);
    let inner = Arc::downgrade(&video.inner);
    drop(video);
    while inner.strong_count() > 0 {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_second_opening_needs_no_counting() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = long(folder.path(), "again.mp4");
    let kept_in = Some(folder.path().join("kept"));
    let options = Options { kept_in: kept_in.clone(), ..Options::default() };
    let open = || {
        let ffmpeg = Ffmpeg::find().expect("it is there");
        Video::open_with(&path, ffmpeg, options.clone()).expect("opens")
    };
    let first = open();
    let expected = sums(&first);
    // It is written right after the end of the count.
    let kept = |inner: &Weak<Inner>| inner.strong_count() == 0;
    let inner = Arc::downgrade(&first.inner);
    drop(first);
    while !kept(&inner) {
        thread::sleep(Duration::from_millis(5));
    }
    let again = open();
    assert_eq!(
        again.count(),
        Count { counted: 200, frames: 200, complete: true, ..Count::default() }
    );
    assert!(again.inner.table.lock().is_from_before() && again.size() == [96, 64]);
    for frame in shuffled(FRAMES).take(20) {
        let sum = checksum(&picture(&again, frame).expect("decodes").rgba);
        assert_eq!(sum, expected[frame as usize], "{frame}");
    }
    // What was kept is of other pixels, as of a file that was changed and made to look as before.
    let identity = kept::Identity::of(&path, 0, again.inner.ffmpeg.version()).expect("there");
    let mut other = kept::Kept::of(&again.inner.table.lock());
    other.sums.iter_mut().for_each(|sum| *sum ^= 1);
    drop(again);
    kept::write(kept_in.as_deref().expect("set"), &identity, &other);
    let anew = open();
    assert!(anew.inner.table.lock().is_from_before());
    assert_eq!(checksum(&picture(&anew, 150).expect("decodes").rgba), expected[150]);
    assert_eq!(sums(&anew), expected, "counted anew");
}
