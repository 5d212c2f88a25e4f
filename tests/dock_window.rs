//! Panels that are docked, driven as a person would.

#[path = "common/window.rs"]
mod common;

use common::{Window, click, press, settle, window_of};
use egui::{Key, Modifiers, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use motscope::{inspector::Tab, session::Request};

/// Where a panel is, or the picture.
fn place_of(window: &Window, panel: Option<Tab>) -> Option<Rect> {
    window.state().dock().place_of(panel)
}

#[test]
fn panels_are_docked_by_key_by_menu_and_by_dragging() {
    let mut window = window_of(Request::demo(), [1200.0, 760.0]);
    settle(&mut window);
    let picture = place_of(&window, None).expect("the picture");
    let tracks = place_of(&window, Some(Tab::Tracks)).expect("the tracks");
    assert!(tracks.left() >= picture.right(), "{tracks} {picture}");
    assert_eq!(place_of(&window, Some(Tab::Cache)), None);
    // By key.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowLeft);
    settle(&mut window);
    let current = window.state().inspector().current;
    assert_eq!(current, 1, "the key is not another's, too");
    let cache = place_of(&window, Some(Tab::Cache)).expect("the cache");
    let picture = place_of(&window, None).expect("the picture");
    assert!(cache.right() <= picture.left() && place_of(&window, Some(Tab::Tracks)).is_some());
    // By the menu of the panel.
    click(&mut window, "Put Cache elsewhere");
    window.get_by_label_contains("Below the picture").click();
    settle(&mut window);
    let cache = place_of(&window, Some(Tab::Cache)).expect("the cache");
    assert!(cache.top() >= place_of(&window, None).expect("the picture").bottom());
    // By dragging its tab onto the left of the picture.
    let picture = place_of(&window, None).expect("the picture");
    drag(&mut window, "Cache", picture.left_center() + vec2(picture.width() * 0.26, 0.0));
    let cache = place_of(&window, Some(Tab::Cache)).expect("the cache");
    assert!(cache.right() <= place_of(&window, None).expect("the picture").left());
    // Onto the tracks: a tab among theirs, and in front.
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Home);
    settle(&mut window);
    assert_eq!(place_of(&window, Some(Tab::Cache)), Some(tracks));
    // Closed, and back.
    window.key_press_modifiers(Modifiers::COMMAND, Key::W);
    settle(&mut window);
    assert_eq!(window.query_all_by_label("Cache").count(), 0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    settle(&mut window);
    assert_eq!(place_of(&window, Some(Tab::Cache)), Some(tracks));
    press(&mut window, Key::P);
    settle(&mut window);
    assert_eq!(window.query_all_by_label("Cache").count(), 0);
    assert!(!window.state().inspector().settings.panel);
}

/// Drags the tab of a panel.
fn drag(window: &mut Window, tab: &str, to: Pos2) {
    let from = window.get_by_label(tab).rect().center();
    window.hover_at(from);
    window.run_steps(1);
    window.drag_at(from);
    window.run_steps(1);
    for part in [0.1, 0.5, 1.0] {
        window.hover_at(from.lerp(to, part));
        window.run_steps(2);
    }
    window.drop_at(to);
    settle(window);
}

#[test]
fn a_slip_on_a_tab_changes_nothing_and_tabs_are_reordered() {
    let mut window = window_of(Request::demo(), [1200.0, 760.0]);
    settle(&mut window);
    let tracks = place_of(&window, Some(Tab::Tracks)).expect("the tracks");
    // In reading order: rows of tabs may be broken anywhere.
    let place = |window: &Window, tab: &str| {
        let rect = window.get_by_label(tab).rect();
        (rect.top() as i32, rect.left() as i32)
    };
    let at = window.get_by_label("Boxes").rect().center();
    // On itself, and where nothing takes it.
    for to in [at + vec2(8.0, 2.0), pos2(600.0, 700.0), pos2(300.0, 10.0)] {
        drag(&mut window, "Boxes", to);
        // In front, as a tab is that is pressed.
        assert_eq!(place_of(&window, Some(Tab::Detections)), Some(tracks), "dropped at {to}");
        assert_eq!(window.get_by_label("Boxes").rect().center(), at);
    }
    // Behind the one next to it.
    let next = window.get_by_label("Problems").rect();
    assert!(place(&window, "Boxes") < place(&window, "Problems"));
    drag(&mut window, "Boxes", next.right_center() - vec2(2.0, 0.0));
    assert!(place(&window, "Boxes") > place(&window, "Problems"));
    assert_eq!(place_of(&window, Some(Tab::Detections)), Some(tracks));
    assert_eq!(window.state().inspector().settings.tab, Tab::Detections);
    // From a place of its own into the row.
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowDown);
    settle(&mut window);
    assert_ne!(place_of(&window, Some(Tab::Detections)), Some(tracks));
    let first = window.get_by_label("Problems").rect();
    drag(&mut window, "Boxes", first.left_center() + vec2(2.0, 0.0));
    assert!(place(&window, "Boxes") < place(&window, "Problems"));
    let near = place_of(&window, Some(Tab::Detections)).expect("in front");
    assert!((near.width() - tracks.width()).abs() < 1.0, "{near} {tracks}");
}

#[test]
fn what_is_dropped_at_the_edge_is_as_wide_as_what_is_put_there_by_key() {
    let mut window = window_of(Request::demo(), [1200.0, 760.0]);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowLeft);
    settle(&mut window);
    let by_key = place_of(&window, Some(Tab::Cache)).expect("the cache").width();
    let tracks = place_of(&window, Some(Tab::Tracks)).expect("the tracks");
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Home);
    settle(&mut window);
    for to in [pos2(6.0, 300.0), pos2(120.0, 300.0)] {
        drag(&mut window, "Filter", to);
        let filter = place_of(&window, Some(Tab::Filter)).expect("docked");
        assert!(
            (filter.width() - by_key).abs() < 4.0,
            "{filter}, by key {by_key}, dropped at {to}"
        );
        assert!(filter.right() <= place_of(&window, None).expect("the picture").left());
        let others = place_of(&window, Some(Tab::Cache)).or(place_of(&window, Some(Tab::Tracks)));
        assert!((others.expect("seen").width() - tracks.width()).abs() < 1.0, "they keep theirs");
        window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Home);
        settle(&mut window);
    }
}

#[test]
fn escape_ends_a_drag_and_nothing_else() {
    let mut window = window_of(Request::demo(), [1200.0, 760.0]);
    settle(&mut window);
    press(&mut window, Key::J);
    settle(&mut window);
    let selected = |window: &Window| window.state().inspector().selection().id();
    assert!(selected(&window).is_some());
    let from = window.get_by_label("Filter").rect().center();
    window.hover_at(from);
    window.run_steps(1);
    window.drag_at(from);
    window.run_steps(1);
    window.hover_at(pos2(300.0, 400.0));
    window.run_steps(2);
    press(&mut window, Key::Escape);
    window.drop_at(pos2(300.0, 400.0));
    settle(&mut window);
    assert!(selected(&window).is_some(), "the drag alone was given up");
    assert_eq!(place_of(&window, Some(Tab::Filter)), None);
    assert_eq!(window.get_by_label("Filter").rect().center(), from);
    press(&mut window, Key::Escape);
    assert!(selected(&window).is_none());
}

#[test]
fn the_last_panel_that_is_closed_leaves_the_picture_alone() {
    let mut window = window_of(Request::demo(), [1000.0, 700.0]);
    settle(&mut window);
    for number in 1..=9 {
        let key = Key::from_name(&number.to_string()).expect("a digit");
        window.key_press_modifiers(Modifiers::COMMAND, key);
        window.run_steps(2);
        window.key_press_modifiers(Modifiers::COMMAND, Key::W);
        window.run_steps(2);
    }
    for key in [Key::Num1, Key::Num2] {
        window.key_press_modifiers(Modifiers::ALT, key);
        window.run_steps(2);
        window.key_press_modifiers(Modifiers::COMMAND, Key::W);
        window.run_steps(2);
    }
    assert!(!window.state().inspector().settings.panel);
    press(&mut window, Key::P);
    settle(&mut window);
    assert!(window.state().inspector().settings.panel);
    assert!(Tab::ALL.iter().any(|tab| place_of(&window, Some(*tab)).is_some()));
}

/// How many shapes are filled with a colour.
fn filled(window: &Window, color: egui::Color32) -> usize {
    let is_filled = |shape: &&egui::epaint::ClippedShape| match &shape.shape {
        egui::Shape::Rect(rect) => rect.fill == color,
        _ => false,
    };
    window.output().shapes.iter().filter(is_filled).count()
}

#[test]
fn the_theme_changes_everywhere_in_one_repaint() {
    let mut window = common::demo();
    let panel = |theme| window.ctx.style_of(theme).visuals.panel_fill;
    let (dark, light) = (panel(egui::Theme::Dark), panel(egui::Theme::Light));
    assert!(filled(&window, dark) > 0 && filled(&window, light) == 0);
    window.key_down(Key::T);
    window.step();
    assert!(!window.state().inspector().settings.dark);
    assert!(filled(&window, light) > 0);
    assert_eq!(filled(&window, dark), 0, "something is dark still");
}

#[test]
fn arrows_walk_a_menu_that_is_open_and_change_nothing_behind_it() {
    let mut window = common::demo();
    window.get_by_label("View").click();
    window.run_steps(2);
    assert!(egui::Popup::is_any_open(&window.ctx));
    let before = window.state().inspector().settings.playback.speed;
    let frame = window.state().inspector().current;
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::ArrowRight, Key::End] {
        press(&mut window, key);
    }
    let inspector = window.state().inspector();
    assert_eq!((inspector.settings.playback.speed, inspector.current), (before, frame));
    press(&mut window, Key::Escape);
    press(&mut window, Key::ArrowDown);
    assert!(window.state().inspector().settings.playback.speed < before);
}

#[test]
fn what_the_menu_does_not_offer_a_key_refuses_by_its_reason() {
    let mut window = common::demo();
    press(&mut window, Key::W);
    assert!(!window.state().inspector().settings.follow);
    let _ = window.get_by_label_contains("The demo can't be followed");
    assert!(window.query_by_label_contains("Following: lines").is_none());
}

/// As the first version left them, with the paths of another machine.
#[test]
fn settings_and_panels_of_the_first_version_are_carried_over() {
    let settings = include_str!("fixtures/settings-0.1.json");
    let (settings, odd) = motscope::inspector::Settings::read(settings).expect("it is read");
    assert_eq!(odd, Vec::<String>::new());
    assert!(!settings.dark && !settings.labels);
    assert_eq!(settings.recent, [std::path::PathBuf::from("/data/TUD-Campus")]);
    let pairing =
        ["gt.txt", "clip.mp4"].map(|name| Some(format!("/data/TUD-Campus/{name}").into()));
    let alignment = settings.alignment_of(&pairing).expect("it is kept");
    assert_eq!((alignment.first, alignment.offset.to_string().as_str()), (Some(1), "-12"));
    assert_eq!(
        (settings.tuning.annotations.max_keys, settings.tuning.pictures.max_keys),
        (1000, 4000)
    );
    let dock = motscope::ui::dock::Dock::restored(include_str!("fixtures/layout-0.1.json"))
        .expect("it is read");
    let told = dock.stored().expect("text");
    assert!(told.contains("Layers"), "what is new has a place: {told}");
}
