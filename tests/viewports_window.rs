//! Viewports side by side, and one that is wiped between two layers.

#[path = "common/window.rs"]
mod common;
#[path = "common/layers.rs"]
mod layers;

use common::{Window, press};
use egui::{Key, Modifiers, Rect, accesskit::Role as Kind, pos2};
use egui_kittest::kittest::Queryable as _;
use layers::{active, click_at, drawn, on_screen, open};
use motscope::{
    inspector::{Command, View, Viewports},
    model::TrackId,
};

fn viewports(window: &Window) -> Viewports {
    window.state().inspector().layers.viewports().clone()
}

/// The left and the right half of the canvas, as they are side by side.
fn halves(window: &Window) -> [Rect; 2] {
    let canvas = window.get_by_role_and_label(Kind::Canvas, "Frame 1 with 3 boxes").rect();
    let width = window.state().inspector().viewport_size[0] as f32;
    let left = Rect::from_min_size(canvas.min, egui::vec2(width, canvas.height()));
    [left, Rect::from_min_max(pos2(canvas.right() - width, canvas.top()), canvas.max)]
}

#[test]
fn side_by_side_each_viewport_has_its_own_layers_and_all_one_view() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let whole = window.state().inspector().viewport_size[0];
    press(&mut window, Key::D);
    window.run_steps(2);
    assert_eq!(viewports(&window).count(), 2);
    let [left, right] = halves(&window);
    assert!(f64::from(left.width()) < whole / 2.0 && left.right() < right.left());

    // Where track 7 of the second layer is, there is nothing of the first.
    let at = on_screen(&window, left, [220.0, 120.0]);
    click_at(&mut window, at);
    assert_eq!(window.state().inspector().selection().id(), None);
    let at = on_screen(&window, right, [220.0, 120.0]);
    click_at(&mut window, at);
    let id = window.state().inspector().selection().id();
    assert_eq!((active(&window), id), (2, Some(TrackId::from(7_u32))));

    let at = on_screen(&window, right, [220.0, 120.0]);
    window.hover_at(at);
    window.run_steps(1);
    window.event(egui::Event::Zoom(2.0));
    window.run_steps(2);
    let View::Free { .. } = window.state().inspector().view else { panic!("zoomed") };
    let after = on_screen(&window, right, [220.0, 120.0]);
    assert!((after - at).length() < 1.0, "what is pointed at stays: {at} {after}");
}

#[test]
fn the_heads_choose_layers_and_viewports_come_and_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    press(&mut window, Key::D);
    window.get_by_label("Layer 2 in viewport 1").click();
    window.run_steps(2);
    window.get_by_label("Layer 2 in viewport 2").click();
    window.run_steps(2);
    let shows = |window: &Window, place| {
        let layers = window.state().inspector().layers.all().iter();
        let ids = layers.map(|view| view.id).filter(|id| viewports(window).shows(place, *id));
        ids.map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!((shows(&window, 0), shows(&window, 1)), (vec![1, 2], vec![]));
    window.get_by_label("Add a viewport").click();
    window.run_steps(2);
    assert_eq!(viewports(&window).count(), 3);
    window.get_by_label("Layer 2 in viewport 3").click();
    window.run_steps(2);
    let closes: Vec<_> = window.get_all_by_label("Close this viewport").collect();
    closes[0].click();
    window.run_steps(2);
    assert_eq!((viewports(&window).count(), drawn(window.state())), (2, vec![2]));
    press(&mut window, Key::D);
    assert_eq!((viewports(&window), drawn(window.state())), (Viewports::One, vec![1, 2]));
}

#[test]
fn a_viewport_is_wiped_between_two_layers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.key_press_modifiers(Modifiers::SHIFT, Key::D);
    window.run_steps(3);
    let line = window.get_by_label("The line between both layers").rect().center();
    let canvas = window.get_by_role_and_label(Kind::Canvas, "Frame 1 with 3 boxes").rect();
    // Track 7 of the second layer is right of the middle by a little.
    let of_second = on_screen(&window, canvas, [225.0, 120.0]);
    assert!(of_second.x > line.x + 6.0);
    click_at(&mut window, of_second);
    assert_eq!(window.state().inspector().selection().id(), Some(TrackId::from(7_u32)));
    press(&mut window, Key::Escape);

    let to = pos2(canvas.left() + canvas.width() * 0.9, line.y);
    window.hover_at(line);
    window.run_steps(1);
    window.drag_at(line);
    window.run_steps(1);
    window.hover_at(to);
    window.run_steps(2);
    window.drop_at(to);
    window.run_steps(2);
    let Viewports::Wipe(wipe) = viewports(&window) else { panic!("still wiped") };
    assert!((wipe.at - 0.9).abs() < 0.02, "{}", wipe.at);
    click_at(&mut window, of_second);
    assert_eq!(window.state().inspector().selection().id(), None, "it is wiped away");
    let of_first = on_screen(&window, canvas, [120.0, 120.0]);
    click_at(&mut window, of_first);
    assert_eq!(window.state().inspector().selection().id(), Some(TrackId::from(1_u32)));
}

#[test]
fn with_one_layer_there_is_nothing_to_compare_and_it_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    window.state_mut().carry_out_for_tests(Command::Wipe);
    window.key_press_modifiers(Modifiers::ALT, Key::Num1);
    window.run_steps(3);
    let removes: Vec<_> = window.get_all_by_label("Remove").collect();
    removes[1].click();
    window.run_steps(3);
    assert_eq!(viewports(&window), Viewports::One, "its side is gone");
    press(&mut window, Key::D);
    assert_eq!(viewports(&window), Viewports::One);
    window.get_by_label_contains("There is one layer");
}
