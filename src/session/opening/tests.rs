use super::*;
use crate::session::{Change, Phase, reading::Handover, status::LayerWork};
use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    sync::{
        OnceLock, Weak,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(done) = done() {
            return done;
        }
        assert!(Instant::now() < patience, "never happened: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Frames of which 100,000 are long enough for the work to tell how far it is.
fn lines(frames: std::ops::RangeInclusive<u32>) -> String {
    frames.fold(String::new(), |mut text, frame| {
        writeln!(text, "{frame},1,1.{:070},2,30,40,0.5,-1,-1,-1", 0).expect("text");
        text
    })
}

fn append(path: &Path, text: &str) {
    let file = std::fs::OpenOptions::new().append(true).open(path);
    file.expect("opens").write_all(text.as_bytes()).expect("written");
}

/// Opens a file, and calls `at` on the thread that reads it with each news, once the session is there.
fn opened(path: &Path, at: impl Fn(&LayerWork) + Send + Sync + 'static) -> Box<Session> {
    type Known = (Weak<LayerWork>, Handover<Session>);
    let known: Arc<OnceLock<Known>> = Arc::default();
    let taken = Arc::new(AtomicBool::new(false));
    let (heard, was_taken) = (Arc::clone(&known), Arc::clone(&taken));
    let notify = move || {
        // The first news comes from whoever starts it.
        if thread::current().name() != Some("reader") {
            return;
        }
        let (work, result) = heard.wait();
        let ready = was_taken.load(SeqCst) || result.lock().is_some();
        if let Some(work) = work.upgrade().filter(|_| ready) {
            at(&work);
        }
    };
    let opening = Opening::start(Request::path(path), SharedLog::default(), Arc::new(notify));
    let Opening { mut reading, .. } = opening;
    let of_it = (Arc::downgrade(&reading.work), Arc::clone(&reading.result));
    assert!(known.set(of_it).is_ok(), "once");
    until("the session", || match reading.poll() {
        ReadingState::Ready(session) => {
            taken.store(true, SeqCst);
            Some(session)
        }
        ReadingState::Failed(reason) => panic!("{reason}"),
        _ => None,
    })
}

#[test]
fn a_file_whose_indexing_was_stopped_can_still_be_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.txt");
    std::fs::write(&path, lines(1..=100_000)).expect("written");
    let stopped = AtomicBool::new(false);
    let session = opened(&path, move |work| {
        let indexing = matches!(work.status().phase, Phase::Indexing(_));
        if indexing && !stopped.swap(true, SeqCst) {
            work.stop();
        }
    });
    until("it stops", || (session.first().status().phase == Phase::Cancelled).then_some(()));
    assert!(!session.first().status().complete);
    append(&path, &lines(100_001..=100_002));
    until("it is noticed", || {
        matches!(session.first().status().change, Some(Change::Grown(_))).then_some(())
    });
    session.set_follow(true);
    until("all of it is read", || {
        let status = session.first().status();
        let all = session.frames().len() == 100_002 && status.findings.detections == 100_002;
        (all && status.phase == Phase::Done && status.change.is_none()).then_some(())
    });
}

#[test]
fn a_file_whose_check_was_stopped_is_followed_and_not_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.txt");
    std::fs::write(&path, lines(1..=100_000)).expect("written");
    let stopped = AtomicBool::new(false);
    let session = opened(&path, move |work| {
        let checking = matches!(work.status().phase, Phase::Checking(_));
        if checking && !stopped.swap(true, SeqCst) {
            work.stop();
        }
    });
    until("it stops", || (session.first().status().phase == Phase::Cancelled).then_some(()));
    assert!(session.first().status().complete);
    session.set_follow(true);
    append(&path, &lines(100_001..=100_002));
    until("the frames are known", || (session.frames().len() == 100_002).then_some(()));
    assert_eq!(session.first().status().phase, Phase::Cancelled);
    assert!(session.first().status().tracks.tracks().is_empty());
}

#[test]
fn a_reader_that_panics_ends_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gt.txt");
    std::fs::write(&path, lines(1..=100_000)).expect("written");
    let panicked = AtomicBool::new(false);
    let session = opened(&path, move |work| {
        let checking = matches!(work.status().phase, Phase::Checking(_));
        assert!(!checking || panicked.swap(true, SeqCst), "as a fault of ours would");
    });
    let sentence = until("it ends", || session.first().status().failed.clone());
    assert!(sentence.starts_with("The reader failed"), "{sentence}");
    assert_eq!(session.first().status().phase, Phase::Cancelled);
    assert_eq!(session.frames().len(), 100_000, "what is known stays");
}
