//! How far the boxes of a track are from one frame to the next.

/// Fewer pairs of neighbouring boxes say nothing.
const PAIRS: usize = 20;

/// Left, top, width and height.
pub(super) type Box4 = [f64; 4];

/// How far boxes of one number are from the next, in their sizes, ascending.
pub(super) struct Motion {
    steps: Vec<f64>,
}

impl Motion {
    /// Of boxes, each with when it is and what it is of.
    pub fn of(boxes: impl Iterator<Item = (i128, i128, Box4)>) -> Self {
        /// What was away for longer may be anywhere.
        const AWAY: i128 = 10;
        let mut boxes: Vec<_> = boxes.filter(|(_, id, _)| *id >= 0).collect();
        boxes.sort_unstable_by_key(|(frame, id, _)| (*id, *frame));
        let mut steps = Vec::new();
        for pair in boxes.windows(2) {
            let [(frame, id, one), (next, other, two)] = pair else { continue };
            if id == other && (1..=AWAY).contains(&(next - frame)) {
                steps.push(step(one, two));
            }
        }
        steps.sort_unstable_by(f64::total_cmp);
        Self { steps }
    }

    /// The share of steps up to so many sizes.
    fn share(&self, most: f64) -> f64 {
        let near = self.steps.partition_point(|step| *step <= most);
        near as f64 / self.steps.len().max(1) as f64
    }

    /// Whether there are enough steps to say something.
    pub fn has_enough(&self) -> bool {
        self.steps.len() >= PAIRS
    }

    /// Whether boxes move as objects do.
    pub fn is_smooth(&self) -> bool {
        self.has_enough() && self.share(0.6) >= 0.8
    }

    /// Whether they move as no object does.
    pub fn is_wild(&self) -> bool {
        self.share(0.6) <= 0.4
    }

    /// The middle one of the steps; infinite where there is none.
    pub fn middle(&self) -> f64 {
        self.steps.get(self.steps.len() / 2).copied().unwrap_or(f64::INFINITY)
    }
}

/// How far two boxes are apart, in their size.
fn step(one: &Box4, two: &Box4) -> f64 {
    let middle = |at: usize, bounds: &Box4| bounds[at] + bounds[at + 2] / 2.0;
    let (x, y) = (middle(0, one) - middle(0, two), middle(1, one) - middle(1, two));
    let size = (one[2].abs() + one[3].abs()).max(two[2].abs() + two[3].abs()) / 2.0;
    x.hypot(y) / size.max(f64::MIN_POSITIVE)
}
