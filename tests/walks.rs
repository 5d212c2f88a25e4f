//! How the adaptive predictor does on walks of the kinds that people make, each with many seeds,
//! on a simulated clock: a load takes 12 ms on average, one worker, 100 keys, 20 planned.

use motscope::cache::{
    Access, AccessPredictor, Asking, Key, Limits, Oldest, Scenario, Stats,
    predictors::{Adaptive, DynamicData, Hints},
    simulate,
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

const JUMPS: [i64; 6] = [-15, -5, -1, 1, 5, 15];
const LAST: i64 = 20_000;
const SEEDS: u64 = 25;

/// A walk in the making.
struct Walk {
    random: ChaCha8Rng,
    events: Vec<Key>,
    accesses: Vec<Access>,
    now: f64,
    at: i64,
}

impl Walk {
    fn new(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let at = random.random_range(3000..17_000);
        let mut walk = Self { random, events: Vec::new(), accesses: Vec::new(), now: 0.0, at };
        walk.go(at);
        walk
    }

    fn go(&mut self, to: i64) {
        self.at = to.clamp(1, LAST);
        let key = self.at.unsigned_abs();
        self.accesses.push(Access { at: Duration::from_secs_f64(self.now / 1000.0), key });
    }

    /// `count` steps, so many milliseconds after each other.
    fn steps(&mut self, count: usize, step: i64, ms: f64) {
        for _ in 0..count {
            self.now += ms;
            self.go(self.at + step);
        }
    }

    fn button(&mut self) {
        let jump = JUMPS[self.random.random_range(0..JUMPS.len())];
        self.now += self.random.random_range(120.0..350.0);
        self.go(self.at + jump);
    }
}

fn play(seed: u64, step: i64) -> Walk {
    let mut walk = Walk::new(seed);
    walk.steps(449, step, 33.3);
    walk
}

/// An arrow key held down, with pauses and turns.
fn step(seed: u64) -> Walk {
    let mut walk = Walk::new(seed);
    let mut direction = 1;
    while walk.accesses.len() < 350 {
        let run = walk.random.random_range(8..45);
        walk.steps(run, direction, 40.0);
        walk.now += walk.random.random_range(200.0..800.0);
        if walk.random.random_bool(0.4) {
            direction = -direction;
        }
    }
    walk
}

/// The jump buttons, each pressed some times in a row.
fn jumps(seed: u64) -> Walk {
    let mut walk = Walk::new(seed);
    while walk.accesses.len() < 120 {
        let jump = JUMPS[walk.random.random_range(0..JUMPS.len())];
        for _ in 0..walk.random.random_range(1..10) {
            walk.now += walk.random.random_range(120.0..350.0);
            walk.go(walk.at + jump);
        }
    }
    walk.accesses.truncate(120);
    walk
}

/// A slider of 800 pixels, 25 frames a pixel, under a hand.
fn scrub(seed: u64) -> Walk {
    let mut walk = Walk::new(seed);
    let (mut pixel, mut velocity) = (400.0_f64, 0.0_f64);
    for _ in 1..400 {
        walk.now += 16.7;
        let noise: f64 = (0..12).map(|_| walk.random.random::<f64>()).sum::<f64>() - 6.0;
        velocity = velocity * 0.97 + noise * 0.5;
        pixel += velocity;
        if !(1.0..799.0).contains(&pixel) {
            velocity = -velocity * 0.6;
            pixel = pixel.clamp(1.0, 799.0);
        }
        walk.go(pixel.round() as i64 * 25);
    }
    walk
}

/// Play, a far jump, some steps back, buttons; four times.
fn mixed(seed: u64) -> Walk {
    let mut walk = Walk::new(seed);
    for _ in 0..4 {
        walk.steps(60, 1, 33.3);
        walk.now += 33.3;
        let far = walk.random.random_range(200..19_800);
        walk.go(far);
        walk.now += 640.0;
        let back = walk.random.random_range(11..15);
        walk.steps(back, -1, 60.0);
        (0..8).for_each(|_| walk.button());
        walk.now += 300.0;
    }
    walk
}

/// Next and previous over a list of events.
fn hop(seed: u64) -> Walk {
    let mut walk = Walk::new(seed);
    let mut events: Vec<Key> = (0..60).map(|_| walk.random.random_range(1..=20_000)).collect();
    events.sort_unstable();
    events.dedup();
    let mut at = 5;
    for _ in 0..80 {
        let ahead = walk.random.random_bool(0.8);
        at = if ahead { (at + 1).min(events.len() - 1) } else { at.saturating_sub(1) };
        walk.now += walk.random.random_range(500.0..900.0);
        walk.go(i64::try_from(events[at]).expect("small"));
    }
    walk.events = events;
    walk
}

fn run(walk: &Walk, predictor: &dyn AccessPredictor) -> Stats {
    let load_time = |key: Key| {
        let place = key.wrapping_mul(2_654_435_761) % 1000;
        Duration::from_millis(12).mul_f64(0.6 + 0.8 * place as f64 / 1000.0)
    };
    let scenario = Scenario {
        asking: Asking::Waits,
        limits: Limits::default(),
        workers: 1,
        predictor,
        eviction: &Oldest,
        load_time: &load_time,
        weight: &|_| 1,
        exists: &|key| (1..=LAST.unsigned_abs()).contains(&key),
    };
    simulate(&walk.accesses, &scenario).stats
}

/// Every seed hits at least as often as said, and loads no more than the Python library's
/// predictor for buttons does.
fn check(name: &str, hit_rate: f64, walk: impl Fn(u64) -> Walk) {
    for seed in 0..SEEDS {
        let walk = walk(seed);
        let adaptive = Adaptive {
            possible_jumps: JUMPS.into(),
            hints: Hints::from(walk.events.clone()),
            ..Adaptive::default()
        };
        let buttons = DynamicData { possible_jumps: JUMPS.into(), ..DynamicData::default() };
        let (ours, theirs) = (run(&walk, &adaptive), run(&walk, &buttons));
        let rate = ours.hit_rate().expect("a walk");
        assert!(rate >= hit_rate, "{name}, seed {seed}: {rate:.3}");
        let (ours, theirs) = (ours.loads, theirs.loads);
        assert!(ours <= theirs, "{name}, seed {seed}: {ours} loads, of theirs {theirs}");
    }
}

#[test]
fn playing_at_any_speed_is_foretold() {
    check("play", 0.99, |seed| play(seed, 1));
    check("play at 4x", 0.98, |seed| play(seed, 4));
    check("reverse", 0.985, |seed| play(seed, -1));
    check("play at an odd speed", 0.98, |seed| play(seed, 7));
}

#[test]
fn a_key_held_down_is_foretold() {
    check("step", 0.985, step);
}

#[test]
fn buttons_are_foretold() {
    check("jumps", 0.99, jumps);
}

#[test]
fn a_slider_is_foretold_half_of_the_time() {
    check("scrub", 0.50, scrub);
}

#[test]
fn a_bit_of_everything_is_foretold() {
    check("mixed", 0.97, mixed);
}

#[test]
fn hints_make_hopping_wait_for_nothing() {
    check("hop", 0.95, hop);
}
