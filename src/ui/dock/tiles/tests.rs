use super::*;
use crate::{inspector::Arrange, ui::dock::Dock};
use proptest::prelude::*;

/// The tree, in words: `h` and `v` for tiles in a row, `t` for tabs.
fn told(tree: &Tree<Pane>) -> String {
    fn tell(tree: &Tree<Pane>, id: TileId) -> String {
        match tree.tiles.get(id) {
            Some(Tile::Pane(Pane::Picture)) => "*".to_owned(),
            Some(Tile::Pane(Pane::Panel(tab))) => tab.title().to_owned(),
            Some(Tile::Container(container)) => {
                let name = match container {
                    Container::Linear(linear) if linear.dir == LinearDir::Horizontal => "h",
                    Container::Linear(_) => "v",
                    Container::Tabs(_) => "t",
                    Container::Grid(_) => "grid",
                };
                let inner: Vec<String> = container.children().map(|id| tell(tree, *id)).collect();
                format!("{name}({})", inner.join(" "))
            }
            None => "?".to_owned(),
        }
    }
    tell(tree, tree.root().expect("a root"))
}

const REST: &str =
    "Layers Suspicions Filmstrip Filter Boxes Problems Cache Predictions Events Tuning";

#[test]
fn panels_go_where_they_are_told() {
    let mut tree = at_first(false);
    assert_eq!(told(&tree), format!("h(* t(Tracks {REST}))"));
    let tall = "h(* v(t(Tracks Layers Suspicions Filmstrip Filter Boxes Problems) t(Cache Predictions Events Tuning)))";
    assert_eq!(told(&at_first(true)), tall);
    move_to(&mut tree, Tab::Tracks, Place::Left);
    assert_eq!(told(&tree), format!("h(Tracks * t({REST}))"));
    move_to(&mut tree, Tab::Cache, Place::Below);
    let rest = REST.replace("Cache ", "");
    assert_eq!(told(&tree), format!("h(Tracks v(* Cache) t({rest}))"));
    mirror(&mut tree);
    assert_eq!(told(&tree), format!("h(t({rest}) v(* Cache) Tracks)"));
    join(&mut tree, Tab::Tracks);
    join(&mut tree, Tab::Cache);
    assert_eq!(told(&tree), format!("h(t({rest} Tracks Cache) *)"));
    move_to(&mut tree, Tab::Events, Place::Above);
    move_to(&mut tree, Tab::Events, Place::Right);
    let rest = rest.replace("Events ", "");
    assert_eq!(told(&tree), format!("h(t({rest} Tracks Cache) * Events)"));
}

#[test]
fn what_is_dropped_on_the_picture_takes_its_part_of_it_and_no_other() {
    let mut tree = at_first(false);
    let size = Vec2::new(1280.0, 500.0);
    let first = sizes(&tree, SIZE_AT_FIRST);
    fit(&mut tree, &first, size);
    let known = sizes(&tree, size);
    let width = |tree: &Tree<Pane>, tile: TileId| {
        sizes(tree, size).values().find_map(|row| row.get(&tile).copied())
    };
    let picture = tree.tiles.find_pane(&Pane::Picture).expect("there");
    let panels = tree.tiles.parent_of(find(&tree, Tab::Cache).expect("there")).expect("a group");
    let (wide, before) = (width(&tree, picture).expect("seen"), width(&tree, panels));
    let panel = find(&tree, Tab::Filter).expect("there");
    take_out(&mut tree, panel);
    let group = tree.tiles.insert_tab_tile(Vec::new());
    replace(&mut tree, picture, group);
    tree.tiles.insert(group, Tile::Container(Container::Tabs(Tabs::new(vec![picture, panel]))));
    put_right(&mut tree);
    assert!(fit(&mut tree, &known, size));
    let taken = width(&tree, panel).expect("seen");
    assert!((taken / wide - part_beside(SIZE_AT_FIRST.x)).abs() < 0.01, "{taken} of {wide}");
    let after = width(&tree, panels);
    assert!((after.expect("seen") - before.expect("seen")).abs() < 1.0, "{after:?} {before:?}");
}

#[test]
fn what_is_dropped_anywhere_is_put_right() {
    // On the picture, and on everything.
    let mut tree = at_first(false);
    let panel = find(&tree, Tab::Tracks).expect("there");
    let picture = tree.tiles.find_pane(&Pane::Picture).expect("there");
    take_out(&mut tree, panel);
    let group = tree.tiles.insert_tab_tile(Vec::new());
    replace(&mut tree, picture, group);
    tree.tiles.insert(group, Tile::Container(Container::Tabs(Tabs::new(vec![picture, panel]))));
    put_right(&mut tree);
    assert_eq!(told(&tree), format!("h(* Tracks t({REST}))"));
    let root = tree.root().expect("a root");
    let panel = find(&tree, Tab::Events).expect("there");
    take_out(&mut tree, panel);
    tree.root = Some(tree.tiles.insert_tab_tile(vec![root, panel]));
    put_right(&mut tree);
    let rest = REST.replace("Events ", "");
    assert_eq!(told(&tree), format!("h(* Tracks t({rest}) Events)"));
    // Tiles in a row as a tab.
    let (one, other) = (find(&tree, Tab::Tracks).expect("there"), find(&tree, Tab::Events));
    let other = other.expect("there");
    take_out(&mut tree, one);
    take_out(&mut tree, other);
    let row = tree.tiles.insert_vertical_tile(vec![one, other]);
    let group = tree.tiles.parent_of(find(&tree, Tab::Cache).expect("there")).expect("a group");
    if let Some(Tile::Container(container)) = tree.tiles.get_mut(group) {
        container.add_child(row);
    }
    put_right(&mut tree);
    assert_eq!(told(&tree), format!("h(* v(t(Tracks {rest}) Events))"));
    // On the column of both groups.
    let mut tree = at_first(true);
    let panel = find(&tree, Tab::Events).expect("there");
    let host = tree.tiles.parent_of(panel).and_then(|group| tree.tiles.parent_of(group));
    let host = host.expect("a column");
    take_out(&mut tree, panel);
    let group = tree.tiles.insert_tab_tile(Vec::new());
    replace(&mut tree, host, group);
    tree.tiles.insert(group, Tile::Container(Container::Tabs(Tabs::new(vec![host, panel]))));
    put_right(&mut tree);
    let groups = "t(Tracks Layers Suspicions Filmstrip Filter Boxes Problems Events) t(Cache Predictions Tuning)";
    assert_eq!(told(&tree), format!("h(* v({groups}))"));
    // On a row of tabs, before the second.
    let row: Vec<TileId> = [Tab::Cache, Tab::Predictions, Tab::Tuning]
        .map(|tab| find(&tree, tab).expect("there"))
        .to_vec();
    put_in_row(&mut tree, panel, &row, 1);
    let groups = "t(Tracks Layers Suspicions Filmstrip Filter Boxes Problems) t(Cache Events Predictions Tuning)";
    assert_eq!(told(&tree), format!("h(* v({groups}))"));
    put_in_row(&mut tree, row[0], &[row[0], panel, row[1], row[2]], 4);
    let groups =
        groups.replace("Cache Events Predictions Tuning", "Events Predictions Tuning Cache");
    assert_eq!(told(&tree), format!("h(* v({groups}))"));
}

/// The sizes in the row of the root, and in the column of the picture.
fn row_and_column(tree: &Tree<Pane>, size: Vec2) -> (Vec<f32>, Vec<f32>) {
    let sizes = sizes(tree, size);
    let along = |id: TileId| {
        let children = tree.tiles.get_container(id).map(Container::children_vec);
        children.unwrap_or_default().iter().map(|child| sizes[&id][child]).collect::<Vec<_>>()
    };
    let picture = tree.tiles.find_pane(&Pane::Picture).expect("there");
    (along(tree.root().expect("a root")), along(tree.tiles.parent_of(picture).expect("a column")))
}

fn near(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| (a - b).abs() < 0.1)
}

#[test]
fn the_window_grows_for_the_picture() {
    let mut tree = at_first(false);
    move_to(&mut tree, Tab::Tracks, Place::Left);
    move_to(&mut tree, Tab::Cache, Place::Below);
    let (wide, high) = row_and_column(&tree, SIZE_AT_FIRST);
    let known = sizes(&tree, SIZE_AT_FIRST);
    let more = SIZE_AT_FIRST + vec2(500.0, 300.0);
    fit(&mut tree, &known, more);
    let (wider, higher) = row_and_column(&tree, more);
    assert!(near(&wider, &[wide[0], wide[1] + 500.0, wide[2]]), "{wide:?} {wider:?}");
    assert!(near(&higher, &[high[0] + 300.0, high[1]]), "{high:?} {higher:?}");
    // Too small for all: the picture keeps some of it.
    let known = sizes(&tree, more);
    fit(&mut tree, &known, vec2(300.0, 200.0));
    let (wide, _) = row_and_column(&tree, vec2(300.0, 200.0));
    assert!(wide[1] > 30.0, "{wide:?}");
}

#[test]
fn what_a_panel_leaves_is_the_pictures() {
    let mut tree = at_first(false);
    move_to(&mut tree, Tab::Tracks, Place::Left);
    let size = SIZE_AT_FIRST;
    let (wide, _) = row_and_column(&tree, size);
    let known = sizes(&tree, size);
    join(&mut tree, Tab::Tracks);
    fit(&mut tree, &known, size);
    let (alone, _) = row_and_column(&tree, size);
    assert!(near(&alone, &[wide[0] + wide[1], wide[2]]), "{wide:?} {alone:?}");
}

#[test]
fn sizes_come_back_when_there_is_room_again_and_when_panels_come_back() {
    let mut tree = at_first(false);
    move_to(&mut tree, Tab::Tracks, Place::Left);
    let wanted = sizes(&tree, SIZE_AT_FIRST);
    let (wide, _) = row_and_column(&tree, SIZE_AT_FIRST);
    // As the dock does: what has no room is not taken over.
    for _ in 0..50 {
        assert!(!fit(&mut tree, &wanted, vec2(500.0, 300.0)));
    }
    let (narrow, _) = row_and_column(&tree, vec2(500.0, 300.0));
    assert!((narrow.iter().sum::<f32>() - 500.0).abs() < 0.1 && narrow[1] > 100.0, "{narrow:?}");
    assert!(fit(&mut tree, &wanted, SIZE_AT_FIRST));
    assert!(near(&row_and_column(&tree, SIZE_AT_FIRST).0, &wide));
    let mut known = wanted;
    for _ in 0..5 {
        for visible in [false, true] {
            set_visible(&mut tree, Tab::Tracks, visible);
            assert!(fit(&mut tree, &known, SIZE_AT_FIRST));
            known = sizes(&tree, SIZE_AT_FIRST);
        }
    }
    assert!(near(&row_and_column(&tree, SIZE_AT_FIRST).0, &wide), "{wide:?} {known:?}");
}

#[test]
fn one_odd_thing_in_a_layout_costs_that_alone() {
    let mut dock = Dock::default();
    dock.arrange(Arrange::Move(Some(Tab::Tracks), Place::Left));
    dock.arrange(Arrange::Move(Some(Tab::Cache), Place::Below));
    dock.arrange(Arrange::Close(Some(Tab::Filter)));
    dock.arrange(Arrange::Show(Tab::Detections));
    let stored = dock.stored().expect("text");
    let whole = told(&dock.tree);
    assert_eq!(
        whole,
        "h(Tracks v(* Cache) t(Layers Suspicions Filmstrip Filter Boxes Problems Predictions Events Tuning))"
    );
    for (what, odd, expected) in [
        // A panel of a later version, in the place of one that is missing then.
        ("\"Events\"", "\"Later\"", whole.clone()),
        ("{\"Panel\":\"Events\"}", "{\"Later\":{\"Of\":[1,2]}}", whole.clone()),
        ("\"Events\"", "\"Boxes\"", whole.clone()),
        ("\"Events\"", "\"Tuning\"", whole.clone()),
        // It stood alone, and comes back where it is at first: beside others.
        (
            "\"Cache\"",
            "\"Later\"",
            "h(Tracks * t(Layers Suspicions Filmstrip Filter Boxes Problems Cache Predictions Events Tuning))"
                .to_owned(),
        ),
        (
            "{\"Panel\":\"Tracks\"}",
            "7",
            "h(v(* Cache) t(Tracks Layers Suspicions Filmstrip Filter Boxes Problems Predictions Events Tuning))"
                .to_owned(),
        ),
        ("480.0", "-1.0", whole.clone()),
        ("480.0", "\"high\"", whole.clone()),
        ("\"at_first\":null", "\"at_first\":\"maybe\"", whole.clone()),
        ("\"at_first\":null", "\"later\":{\"version\":3}", whole.clone()),
    ] {
        let broken = stored.replace(what, odd);
        assert!(broken != stored, "nothing was broken in {stored}");
        let restored = Dock::restored(&broken).expect(&broken);
        assert_eq!(told(&restored.tree), expected, "{what} was {odd}");
        let tree = &restored.tree;
        let is_seen = |tab| tree.active_tiles().contains(&find(tree, tab).expect("there"));
        assert!(is_seen(Tab::Detections), "{what} was {odd}");
        assert!(!tree.is_visible(find(tree, Tab::Filter).expect("there")));
    }
    // Without the picture there is one all the same.
    let restored = Dock::restored(&stored.replace("\"Picture\"", "\"Later\"")).expect("mended");
    assert_eq!(told(&restored.tree).matches('*').count(), 1);
    for nothing in ["", "{}", "null", &stored.replace("\"root\":", "\"roots\":")] {
        assert!(Dock::restored(nothing).is_none(), "{nothing}");
    }
}

fn change() -> impl Strategy<Value = Arrange> {
    let tab = || prop::sample::select(Tab::ALL.to_vec());
    let place = prop::sample::select(vec![
        Place::Left,
        Place::Right,
        Place::Above,
        Place::Below,
        Place::Together,
    ]);
    prop_oneof![
        4 => (tab(), place).prop_map(|(tab, place)| Arrange::Move(Some(tab), place)),
        1 => tab().prop_map(Arrange::Show),
        1 => tab().prop_map(|tab| Arrange::Close(Some(tab))),
        1 => Just(Arrange::Mirror),
    ]
}

proptest! {
    /// Whatever is moved, every panel is there once and can be brought to the front.
    #[test]
    fn nothing_is_lost_however_panels_are_moved(changes in prop::collection::vec(change(), 0..40)) {
        let mut dock = Dock::default();
        for change in changes {
            dock.arrange(change);
            fit(&mut dock.tree, &dock.sizes, vec2(900.0, 700.0));
            dock.sizes = sizes(&dock.tree, vec2(900.0, 700.0));
        }
        let text = told(&dock.tree);
        prop_assert_eq!(text.matches('*').count(), 1);
        prop_assert!(!text.contains('?') && !text.contains("grid"));
        let restored = Dock::restored(&dock.stored().expect("text")).expect("whole");
        prop_assert_eq!(&told(&restored.tree), &text);
        for tab in Tab::ALL {
            prop_assert_eq!(text.matches(tab.title()).count(), 1, "{}", text);
            prop_assert_eq!(dock.arrange(Arrange::Show(tab)), Some(tab));
            let id = find(&dock.tree, tab).expect("there");
            prop_assert!(dock.tree.active_tiles().contains(&id), "{}", text);
        }
        let picture = dock.tree.tiles.find_pane(&Pane::Picture).expect("there");
        prop_assert!(dock.tree.active_tiles().contains(&picture));
    }
}
