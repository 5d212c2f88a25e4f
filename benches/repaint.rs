//! What a repaint costs, headless: the whole window with all its panels open side by side, laid out
//! and tessellated, on sequences of 100 and of 1,000,000 frames, with 10 and with 1,000 boxes on the frame
//! that is shown, side by side; and with 3 and 12 layers of them. A million frames have 10,000 tracks. Then what
//! the repaint costs that follows a key which shows another layer alone.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use motscope::{
    inspector::Tab,
    session::{Layer, Phase, Request, Session, Target},
    ui::App,
};
use std::{
    fmt::Write as _,
    path::Path,
    time::{Duration, Instant},
};

const RUNS: usize = 300;

/// The first frame has so many boxes, the others 10 at most.
fn file(folder: &Path, frames: u32, boxes: u32) -> Request {
    let mut text = String::new();
    for frame in 1..=frames {
        let boxes = if frame == 1 { boxes } else { boxes.min(10) };
        for number in 0..boxes {
            // Other tracks every 1,000 frames.
            let id = if frame == 1 { number } else { frame / 1000 * 10 + number };
            let (left, top) = (20 * (number % 50), 30 * (number / 50));
            writeln!(text, "{frame},{id},{left},{top},18,25,0.5,-1,-1,-1").expect("text");
        }
    }
    let path = folder.join(format!("{frames}x{boxes}.txt"));
    std::fs::write(&path, text).expect("written");
    Request::path(path)
}

/// The same file as so many layers.
fn layers(request: Request, count: usize) -> Request {
    let Target::Path(path) = request.target.clone() else { return request };
    Request { layers: vec![path.into(); count - 1], ..request }
}

fn window(request: Request) -> Harness<'static, App> {
    let count = request.layers.len() + 1;
    let mut window = Harness::builder()
        .with_size([2560.0, 1440.0])
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |cc| App::new(cc, request));
    let patience = Instant::now() + Duration::from_mins(2);
    let done = |app: &App| {
        let read = |layer: &Layer| layer.status().phase == Phase::Done;
        let layers = app.session().map(Session::layers).unwrap_or_default();
        layers.len() == count && layers.iter().all(read)
    };
    while !done(window.state()) {
        assert!(Instant::now() < patience, "the file is not read");
        window.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    open_panels(&mut window);
    window.run_steps(20);
    window
}

/// Puts every panel beside the picture.
fn open_panels(window: &mut Harness<'static, App>) {
    let places = [Key::ArrowLeft, Key::ArrowDown, Key::ArrowRight, Key::ArrowUp];
    let digits = (1..=9).map(|number| (Modifiers::COMMAND, number));
    let all = digits.chain([(Modifiers::ALT, 2)]);
    for ((modifiers, number), place) in all.zip(places.into_iter().cycle()) {
        let key = Key::from_name(&number.to_string()).expect("a digit");
        window.key_press_modifiers(modifiers, key);
        window.run_steps(2);
        window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, place);
        window.run_steps(2);
    }
    for tab in Tab::ALL {
        assert!(window.state().dock().place_of(Some(tab)).is_some(), "{tab:?} is not open");
    }
}

fn repaint(window: &mut Harness<'static, App>) -> Duration {
    let began = Instant::now();
    window.step();
    let shapes = window.output().shapes.clone();
    std::hint::black_box(window.ctx.tessellate(shapes, 1.0));
    began.elapsed()
}

/// The repaint that shows another layer alone.
fn flip(window: &mut Harness<'static, App>, key: Key) -> Duration {
    window.key_press(key);
    repaint(window)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases = [
        (100, 10, 1),
        (1_000_000, 10, 1),
        (100, 1000, 1),
        (1_000_000, 1000, 1),
        (100, 10, 3),
        (100, 1000, 3),
        (100, 10, 12),
    ];
    let open = |(frames, boxes, count): &(u32, u32, usize)| {
        window(layers(file(folder.path(), *frames, *boxes), *count))
    };
    let mut windows: Vec<_> = cases.iter().map(open).collect();
    let mut times = vec![Vec::new(); cases.len()];
    // In turn, so that whatever else the machine does falls on all alike.
    for _ in 0..RUNS {
        for (window, times) in windows.iter_mut().zip(&mut times) {
            times.push(repaint(window));
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    println!("{:>10} {:>6} {:>6} {:>14} {:>7}", "frames", "boxes", "layers", "repaint us", "ratio");
    for ((frames, boxes, count), time) in cases.iter().zip(&medians) {
        println!("{frames:>10} {boxes:>6} {count:>6} {time:>14.0} {:>7.2}", time / medians[0]);
    }
    for (window, (_, boxes, count)) in windows.iter_mut().zip(&cases) {
        if *count == 3 {
            let keys = [Key::Num1, Key::Num2, Key::Num3].into_iter().cycle().take(RUNS);
            let times = keys.map(|key| flip(window, key)).collect();
            println!("flip between 3 layers of {boxes} boxes: {:.0} us", median(times));
        }
    }
}
