//! Who is where: walkers on a plane, and the camera that sees them.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Number of tracks, where `density` is not set.
    pub tracks: u32,
    /// Number of frames, counted from 1.
    pub frames: u32,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Shortest life of a track in frames.
    pub min_track_length: u32,
    /// Longest life of a track in frames.
    pub max_track_length: u32,
    /// Equal seeds make equal files.
    pub seed: u64,
    /// Boxes in every frame; decides the number of tracks.
    pub density: Option<f64>,
}

impl Default for Options {
    /// As the Python generator.
    fn default() -> Self {
        Self {
            tracks: 100,
            frames: 10_000,
            width: 1920,
            height: 1080,
            min_track_length: 10,
            max_track_length: 200,
            seed: 42,
            density: None,
        }
    }
}

/// Frames a second of what is made.
pub const FRAME_RATE: f64 = 25.0;

/// A pinhole camera above the square, looking along it.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// Pixels a metre at one metre's distance.
    pub focal: f64,
    /// The row of the horizon in pixels.
    pub horizon: f64,
    /// Above the ground, in metres.
    pub elevation: f64,
    /// The column of the middle in pixels.
    pub middle: f64,
    /// The nearest and the farthest ground that people walk on, in metres.
    pub depths: [f64; 2],
}

impl Camera {
    /// The camera for pictures of this size.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (f64::from(width), f64::from(height));
        let (focal, horizon, elevation) = (1.05 * width, 0.24 * height, 5.5);
        // People at the nearest depth stand with their feet just inside the picture.
        let nearest = focal * elevation / (0.98 * height - horizon);
        Self { focal, horizon, elevation, middle: width / 2.0, depths: [nearest, nearest * 4.0] }
    }

    /// Where a point `up` metres above the ground is seen, in pixels.
    #[must_use]
    pub fn project(&self, x: f64, up: f64, depth: f64) -> [f64; 2] {
        let scale = self.focal / depth;
        [self.middle + x * scale, self.horizon + (self.elevation - up) * scale]
    }

    /// Half of the width that is seen at a depth, in metres.
    #[must_use]
    pub fn half_width(&self, depth: f64) -> f64 {
        self.middle * depth / self.focal
    }
}

/// A person, now.
#[derive(Clone, Copy, Debug)]
pub struct Walker {
    /// Track id, from 1.
    pub id: u32,
    /// Metres to the right of the middle.
    pub x: f64,
    /// Metres from the camera.
    pub depth: f64,
    /// Metres a frame, to the right and away.
    pub velocity: [f64; 2],
    /// Metres from foot to crown.
    pub height: f64,
    /// Where in a stride, in radians.
    pub stride: f64,
    /// A detector's usual confidence.
    pub confidence: f64,
    ends: u32,
}

/// The box of a person in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Track id.
    pub id: u32,
    /// Left, top, width, height in pixels.
    pub bounds: [f64; 4],
    /// From 0 to 1.
    pub confidence: f64,
    /// Share that nobody nearer covers, from 0 to 1.
    pub visibility: f64,
    /// Metres to the right, metres away.
    pub place: [f64; 2],
}

/// The square, frame by frame.
pub struct World {
    /// What sees it.
    pub camera: Camera,
    options: Options,
    random: ChaCha8Rng,
    frame: u32,
    walkers: Vec<Walker>,
    next_id: u32,
    /// First frames of the tracks to come, the last to come first.
    starts: Vec<u32>,
}

impl World {
    /// The square before its first frame.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        let mut starts = Vec::new();
        if options.density.is_none() {
            let latest = options.frames.saturating_sub(options.min_track_length).max(1);
            starts.extend((0..options.tracks).map(|_| random.random_range(1..=latest)));
            starts.sort_unstable_by(|a, b| b.cmp(a));
        }
        let camera = Camera::new(options.width, options.height);
        Self { camera, options, random, frame: 0, walkers: Vec::new(), next_id: 1, starts }
    }

    /// The frame that [`Self::advance`] came to.
    #[must_use]
    pub fn frame(&self) -> u32 {
        self.frame
    }

    /// How many tracks began so far.
    #[must_use]
    pub fn tracks(&self) -> u32 {
        self.next_id - 1
    }

    /// The people on the square, farthest first.
    #[must_use]
    pub fn walkers(&self) -> &[Walker] {
        &self.walkers
    }

    /// Goes on to the next frame; `false` behind the last.
    pub fn advance(&mut self) -> bool {
        if self.frame == self.options.frames {
            return false;
        }
        self.frame += 1;
        let frame = self.frame;
        for walker in &mut self.walkers {
            walker.x += walker.velocity[0];
            walker.depth += walker.velocity[1];
            // A stride of 1.5 metres.
            let [right, away] = walker.velocity;
            walker.stride += right.hypot(away) / 1.5 * std::f64::consts::TAU;
        }
        let camera = self.camera;
        self.walkers.retain(|walker| {
            let [nearest, farthest] = camera.depths;
            let aside = camera.half_width(walker.depth) + 0.4;
            frame <= walker.ends
                && walker.x.abs() <= aside
                && (nearest..=farthest).contains(&walker.depth)
        });
        self.spawn();
        self.walkers.sort_by(|a, b| b.depth.total_cmp(&a.depth));
        true
    }

    fn spawn(&mut self) {
        match self.options.density {
            Some(density) => {
                // A fractional density alternates between its neighbours.
                let step = |frame: u32| (f64::from(frame) * density).floor();
                let wanted = (step(self.frame) - step(self.frame - 1)) as usize;
                while self.walkers.len() > wanted {
                    self.walkers.pop();
                }
                while self.walkers.len() < wanted {
                    self.add();
                }
            }
            None => {
                while self.starts.last().is_some_and(|start| *start <= self.frame) {
                    self.starts.pop();
                    self.add();
                }
            }
        }
    }

    /// One more person: anywhere in the first frame, later from the side.
    fn add(&mut self) {
        let camera = self.camera;
        let random = &mut self.random;
        let [nearest, farthest] = camera.depths;
        // Even in the picture's rows, so that not all crowd at the back.
        let inverse = random.random_range(1.0 / (farthest * 0.97)..1.0 / (nearest * 1.03));
        let depth = 1.0 / inverse;
        let aside = camera.half_width(depth) + 0.35;
        let speed = random.random_range(0.8..1.7) / FRAME_RATE;
        let turn: f64 = random.random_range(-0.6..0.6);
        let side = if random.random_bool(0.5) { 1.0 } else { -1.0 };
        let length =
            random.random_range(self.options.min_track_length..=self.options.max_track_length);
        let x = if self.frame == 1 { random.random_range(-aside..aside) } else { -side * aside };
        self.walkers.push(Walker {
            id: self.next_id,
            x,
            depth,
            velocity: [side * speed * turn.cos(), speed * turn.sin()],
            height: random.random_range(1.55..1.95),
            stride: random.random_range(0.0..std::f64::consts::TAU),
            confidence: random.random_range(0.55..0.97),
            ends: self.frame + length - 1,
        });
        self.next_id += 1;
    }

    /// The boxes of this frame. Visibility is worked out on request only.
    pub fn seen(&mut self, with_visibility: bool) -> Vec<Seen> {
        let mut seen: Vec<Seen> = Vec::with_capacity(self.walkers.len());
        for walker in &self.walkers {
            let [middle, top] = self.camera.project(walker.x, walker.height, walker.depth);
            let [_, bottom] = self.camera.project(walker.x, 0.0, walker.depth);
            let height = bottom - top;
            // Legs apart widen the box.
            let width = height * (0.36 + 0.06 * walker.stride.sin().abs());
            let wave = 0.06 * (f64::from(self.frame) * 0.1 + f64::from(walker.id)).sin();
            let noise = self.random.random_range(-0.03..0.03);
            seen.push(Seen {
                id: walker.id,
                bounds: [middle - width / 2.0, top, width, height],
                confidence: (walker.confidence + wave + noise).clamp(0.05, 1.0),
                visibility: 1.0,
                place: [walker.x, walker.depth],
            });
        }
        if with_visibility {
            self.cover(&mut seen);
        }
        seen
    }

    /// Works out visibilities: walkers are sorted by depth, so later boxes are nearer.
    fn cover(&self, seen: &mut [Seen]) {
        /// Points looked at in each box, across and down.
        const GRID: [usize; 2] = [4, 8];
        let size = [f64::from(self.options.width), f64::from(self.options.height)];
        for at in 0..seen.len() {
            let (far, near) = seen.split_at_mut(at + 1);
            let Some(target) = far.last_mut() else { continue };
            let [left, top, width, height] = target.bounds;
            let covering: Vec<[f64; 4]> = near
                .iter()
                .map(|other| other.bounds)
                .filter(|b| {
                    b[0] < left + width
                        && b[0] + b[2] > left
                        && b[1] < top + height
                        && b[1] + b[3] > top
                })
                .collect();
            let mut free = 0;
            for (column, row) in
                (0..GRID[0]).flat_map(|column| (0..GRID[1]).map(move |row| (column, row)))
            {
                let x = left + width * (column as f64 + 0.5) / GRID[0] as f64;
                let y = top + height * (row as f64 + 0.5) / GRID[1] as f64;
                let inside = (0.0..size[0]).contains(&x) && (0.0..size[1]).contains(&y);
                let covered = covering
                    .iter()
                    .any(|b| (b[0]..b[0] + b[2]).contains(&x) && (b[1]..b[1] + b[3]).contains(&y));
                free += u32::from(inside && !covered);
            }
            target.visibility = f64::from(free) / (GRID[0] * GRID[1]) as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn small(density: Option<f64>) -> Options {
        Options { frames: 300, tracks: 40, density, ..Options::default() }
    }

    fn all(options: Options) -> Vec<(u32, Vec<Seen>)> {
        let mut world = World::new(options);
        let mut frames = Vec::new();
        while world.advance() {
            let seen = world.seen(false);
            frames.push((world.frame(), seen));
        }
        frames
    }

    #[test]
    fn equal_seeds_make_equal_worlds() {
        assert_eq!(all(small(None)), all(small(None)));
        assert_ne!(all(small(None)), all(Options { seed: 1, ..small(None) }));
    }

    #[test]
    fn density_is_the_number_of_boxes() {
        for (frame, seen) in all(small(Some(12.0))) {
            assert_eq!(seen.len(), 12, "frame {frame}");
        }
        let total: usize = all(small(Some(2.5))).iter().map(|(_, seen)| seen.len()).sum();
        assert_eq!(total, 750);
    }

    #[test]
    fn tracks_move_a_little_a_frame_and_last_as_long_as_asked() {
        let options = Options { min_track_length: 20, max_track_length: 50, ..small(None) };
        let mut lives: HashMap<u32, Vec<(u32, [f64; 4])>> = HashMap::new();
        for (frame, seen) in all(options) {
            for s in &seen {
                lives.entry(s.id).or_default().push((frame, s.bounds));
            }
        }
        assert_eq!(lives.len(), 40);
        for life in lives.values() {
            assert!(life.len() <= 50);
            for pair in life.windows(2) {
                assert_eq!(pair[1].0, pair[0].0 + 1, "no gaps");
                let moved = (pair[1].1[0] - pair[0].1[0]).abs();
                assert!(moved < pair[0].1[2], "a box moves less than its width");
            }
        }
        let moving = lives.values().filter(|life| life.len() > 5);
        assert!(moving.clone().count() > 20);
        for life in moving {
            assert!(life[0].1 != life[life.len() - 1].1);
        }
    }

    #[test]
    fn those_behind_others_are_less_visible() {
        let mut world =
            World::new(Options { frames: 50, density: Some(60.0), ..Options::default() });
        let mut lowest = 1.0_f64;
        while world.advance() {
            let seen = world.seen(true);
            assert!(seen.iter().all(|s| (0.0..=1.0).contains(&s.visibility)));
            lowest = seen.iter().fold(lowest, |low, s| low.min(s.visibility));
        }
        assert!(lowest < 0.5);
    }
}
