//! Where the window opens: wholly on a monitor that there is, though the one it was closed on may have been
//! unplugged since.

use eframe::Frame;
use std::time::Duration;

/// A part of the desktop, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Area {
    left: i32,
    top: i32,
    width: u32,
    height: u32,
}

impl Area {
    /// Where it ends: right, bottom.
    fn end(self) -> (i32, i32) {
        (
            self.left.saturating_add_unsigned(self.width),
            self.top.saturating_add_unsigned(self.height),
        )
    }

    /// How many pixels both have.
    fn common(self, other: Self) -> i64 {
        let ((right, bottom), (others_right, others_bottom)) = (self.end(), other.end());
        let width = i64::from(right.min(others_right)) - i64::from(self.left.max(other.left));
        let height = i64::from(bottom.min(others_bottom)) - i64::from(self.top.max(other.top));
        width.max(0) * height.max(0)
    }

    fn is_within(self, other: Self) -> bool {
        let ((right, bottom), (others_right, others_bottom)) = (self.end(), other.end());
        let begins = self.left >= other.left && self.top >= other.top;
        begins && right <= others_right && bottom <= others_bottom
    }
}

/// Where `window`, its frame included, has to go so that all of it is seen: on the monitor that shows most of
/// it, or else on the first. `None` where it is well placed, or there is no monitor to be known of.
fn moved(window: Area, monitors: &[Area]) -> Option<Area> {
    let monitors = monitors.iter().filter(|monitor| monitor.width > 0 && monitor.height > 0);
    // Of several that show as much, the last is taken.
    let monitor = *monitors.rev().max_by_key(|monitor| monitor.common(window))?;
    if window.is_within(monitor) {
        return None;
    }
    let (width, height) = (window.width.min(monitor.width), window.height.min(monitor.height));
    let (right, bottom) = monitor.end();
    let left = window.left.min(right.saturating_sub_unsigned(width)).max(monitor.left);
    let top = window.top.min(bottom.saturating_sub_unsigned(height)).max(monitor.top);
    Some(Area { left, top, width, height })
}

/// Looks after the place of the window while it opens: the system tells only after a moment how large the frame
/// is that it puts around it.
pub struct Placing {
    looks: u8,
}

impl Default for Placing {
    fn default() -> Self {
        Self { looks: 5 }
    }
}

impl Placing {
    /// Called at every repaint, before anything is drawn. Answers when to call again.
    pub fn look(&mut self, frame: &Frame) -> Option<Duration> {
        let window = frame.winit_window().filter(|_| self.looks > 0)?;
        self.looks -= 1;
        // There the system sees to it, and pixels of several monitors can't be compared.
        let is_placed = window.is_maximized() || window.fullscreen().is_some();
        // Wayland tells nobody where windows are, and places them itself.
        let at = window.outer_position().ok().filter(|_| !is_placed && !cfg!(target_os = "macos"));
        if let Some(at) = at {
            let (mut inner, outer) = (window.inner_size(), window.outer_size());
            let area = |(left, top), (width, height)| Area { left, top, width, height };
            let primary = window.primary_monitor().into_iter();
            let monitors = primary.chain(window.available_monitors()).map(|monitor| {
                let (at, size) = (monitor.position(), monitor.size());
                area((at.x, at.y), (size.width, size.height))
            });
            let monitors: Vec<Area> = monitors.collect();
            let now = area((at.x, at.y), (outer.width, outer.height));
            if let Some(wanted) = moved(now, &monitors) {
                inner.width = inner.width.saturating_sub(now.width - wanted.width);
                inner.height = inner.height.saturating_sub(now.height - wanted.height);
                if (wanted.width, wanted.height) != (now.width, now.height) {
                    // Where it is refused, what can be seen of it is.
                    let _ = window.request_inner_size(inner);
                }
                let mut place = at;
                (place.x, place.y) = (wanted.left, wanted.top);
                window.set_outer_position(place);
            }
        }
        (self.looks > 0).then_some(Duration::from_millis(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(left: i32, top: i32, width: u32, height: u32) -> Area {
        Area { left, top, width, height }
    }

    const MAIN: Area = area(0, 0, 1920, 1080);

    #[test]
    fn a_window_that_is_seen_stays() {
        let second = area(1920, -200, 2560, 1440);
        assert_eq!(moved(area(100, 100, 1280, 800), &[MAIN]), None);
        assert_eq!(moved(area(2000, -150, 1280, 800), &[MAIN, second]), None);
        assert_eq!(moved(MAIN, &[MAIN]), None);
    }

    #[test]
    fn what_was_on_a_monitor_that_is_gone_comes_to_the_first() {
        let there = moved(area(2500, 300, 1280, 800), &[MAIN]);
        assert_eq!(there, Some(area(640, 280, 1280, 800)));
        let there = moved(area(-3000, -900, 1280, 800), &[MAIN, area(1920, 0, 800, 600)]);
        assert_eq!(there, Some(area(0, 0, 1280, 800)));
        // The one left is elsewhere.
        let there = moved(area(100, 100, 1280, 800), &[area(-1920, 500, 1920, 1080)]);
        assert_eq!(there, Some(area(-1280, 500, 1280, 800)));
    }

    #[test]
    fn what_sticks_out_is_moved_on_the_monitor_that_shows_most_of_it() {
        let second = area(1920, 0, 1920, 1080);
        let there = moved(area(1500, 500, 1280, 800), &[MAIN, second]);
        assert_eq!(there, Some(area(1920, 280, 1280, 800)));
        assert_eq!(moved(area(10, -25, 800, 600), &[MAIN]), Some(area(10, 0, 800, 600)));
    }

    #[test]
    fn what_is_larger_than_the_monitor_shrinks_to_it() {
        let small = area(0, 0, 1280, 720);
        assert_eq!(moved(area(0, 0, 1280, 820), &[small]), Some(small));
        assert_eq!(moved(area(4000, 50, 3000, 400), &[small]), Some(area(0, 50, 1280, 400)));
    }

    #[test]
    fn where_no_monitor_is_known_nothing_moves() {
        let window = area(i32::MAX, i32::MIN, u32::MAX, u32::MAX);
        assert_eq!(moved(window, &[]), None);
        assert_eq!(moved(window, &[area(0, 0, 0, 0)]), None);
        assert_eq!(moved(window, &[MAIN]), Some(MAIN));
    }
}
