use super::*;
use crate::{
    formats::{lines::Index, mot::MotProvider},
    model::{Detection, TrackId},
};
use proptest::strategy::Strategy as _;

fn source(text: impl Into<String>) -> Result<MotFile, MotError> {
    let bytes: &'static [u8] = Box::leak(text.into().into_boxed_str()).as_bytes();
    MotFile::from_memory("test.txt", bytes)?.recognised(None)
}

fn read(text: impl Into<String>) -> MotFile {
    source(text).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: impl Into<String>) -> String {
    source(text).map(|source| source.reading().notes()).expect_err("refused").to_string()
}

/// All boxes, by frame.
fn boxes(source: MotFile) -> Vec<(u32, Detection)> {
    let source = Arc::new(source);
    let index = Arc::new(Index::build(&source, &mut ()).expect("nothing cancels"));
    let provider = MotProvider::new(source, Arc::clone(&index));
    let load = |frame| provider.load_frame(frame).expect("it is there").detections;
    index.iter().flat_map(|(frame, _)| load(frame).into_iter().map(move |d| (frame, d))).collect()
}

fn bounds(detection: &Detection) -> [f64; 4] {
    [detection.left, detection.top, detection.width, detection.height]
}

/// Lines of three objects on 40 frames.
fn lines(line: impl Fn(u32, u32, [f64; 4]) -> String) -> String {
    let at = |frame: u32, id: u32| {
        [f64::from(100 + 200 * id + 3 * frame), f64::from(120 + 40 * id), 60.0, 130.0]
    };
    let all = (0..40).flat_map(|frame| (1..=3).map(move |id| (frame, id)));
    all.map(|(frame, id)| line(frame, id, at(frame, id)) + "\n").collect()
}

fn usual() -> Vec<(u32, Detection)> {
    boxes(read(lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},0.9"))))
}

#[test]
fn a_header_says_what_the_columns_are_in_any_order() {
    let corners = |f, id, [l, t, w, h]: [f64; 4]| {
        format!("{l},{t},{},{},7,0.9,{id},\"a, b\",{f}", l + w, t + h)
    };
    let names = "x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,note,frame_index";
    for head in [
        names.to_owned(),
        names.to_uppercase(),
        format!("\u{feff}{names}"),
        format!("# ours\n{names}"),
    ] {
        let source = read(format!("{head}\n{}", lines(corners)));
        let notes = source.reading().notes();
        let shown = head.trim_start_matches(['\u{feff}']).lines().last().expect("names");
        let shown: Vec<&str> = shown.split(',').collect();
        assert!(
            notes[0].contains(&format!("frame = {}, id = {}", shown[8], shown[6])),
            "{notes:?}"
        );
        assert!(notes[0].ends_with(&format!("; passed over: {}.", shown[7])), "{notes:?}");
        let with_class = |(frame, d): (u32, Detection)| (frame, Detection { class: Some(7), ..d });
        assert_eq!(boxes(source), usual().into_iter().map(with_class).collect::<Vec<_>>());
    }
}

#[test]
fn headers_of_other_programs_are_followed() {
    let expected = usual();
    for (head, line) in [
        ("id,frame,x,y,w,h,score", "{id},{f},{l},{t},{w},{h},0.9"),
        (",frame,id,x,y,w,h,score", "5,{f},{id},{l},{t},{w},{h},0.9"),
        // Row names without a name, as R writes them.
        ("frame id x y w h score", "5 {f} {id} {l} {t} {w} {h} 0.9"),
        ("frame;id;x;y;w;h;score", "{f};{id};{l},0;{t};{w};{h};0,9"),
        (
            "\"frame\"\t\"id\"\t\"x\"\t\"y\"\t\"w\"\t\"h\"\t\"score\"",
            "{f}\t{id}\t{l}\t{t}\t{w}\t{h}\t0.9",
        ),
        ("% frame, id, cx, cy, w, h, score", "{f},{id},{cx},{cy},{w},{h},0.9"),
        ("#id,frame,x,y,w,h,score", "{id},{f},{l},{t},{w},{h},0.9"),
        // Both kinds of edges, and a decimal comma in the first column.
        ("frame,id,x,y,w,h,x1,y1,x2,y2,score", "{f},{id},{cx},{cy},{w},{h},{l},{t},{r},{b},0.9"),
        ("time;frame;id;x;y;w;h;score", "0,04;{f};{id};{l};{t};{w};{h};0,9"),
        // Pandas, of a table without names.
        ("0,1,2,3,4,5,6", "{f},{id},{l},{t},{w},{h},0.9"),
        // MATLAB, of a table without names.
        ("Var1,Var2,Var3,Var4,Var5,Var6,Var7", "{f},{id},{l},{t},{w},{h},0.9"),
    ] {
        let filled = lines(|f, id, [l, t, w, h]| {
            let (cx, cy) = (l + w / 2.0, t + h / 2.0);
            let values = [
                ("{f}", f.to_string()),
                ("{id}", id.to_string()),
                ("{l}", l.to_string()),
                ("{t}", t.to_string()),
                ("{w}", w.to_string()),
                ("{h}", h.to_string()),
                ("{r}", (l + w).to_string()),
                ("{b}", (t + h).to_string()),
                ("{cx}", cx.to_string()),
                ("{cy}", cy.to_string()),
            ];
            values.iter().fold(line.to_owned(), |line, (name, value)| line.replace(name, value))
        });
        let source = read(format!("{head}\n{filled}"));
        assert!(!source.reading().notes().is_empty(), "{head}");
        assert_eq!(boxes(source), expected, "{head}");
    }
}

/// The roles that a header names, and the first box.
fn headed(text: &str) -> (String, [f64; 4], Vec<String>) {
    let source = read(text);
    let (columns, notes) = (source.reading().columns.to_string(), source.reading().notes());
    (columns, bounds(&boxes(source)[0].1), notes)
}

#[test]
fn a_value_more_than_there_are_names_shifts_no_column() {
    for (names, further) in [
        ("frame,id,left,top,width,height", "0.9"),
        ("frame,id,left,top,width,height", "7"),
        ("frame,id,left,top,width,height,conf", "1,7"),
        ("frame,id,left,top,width,height,conf", "0.9,0.5"),
        ("frame,id,left,top,width,height,conf,x,y", "1,-1,-1,-1"),
    ] {
        for per_frame in [1, 3] {
            let line = |at: u32| {
                let (frame, id) = (1 + at / per_frame, 1 + at % per_frame);
                format!("{frame},{id},{},51,60,130,{further}\n", 103 + 10 * at)
            };
            let text = format!("{names}\n{}", (0..12).map(line).collect::<String>());
            let (columns, first, notes) = headed(&text);
            assert!(columns.starts_with("frame,id,left,top,width,height"), "{names}: {columns}");
            assert_eq!(first, [103.0, 51.0, 60.0, 130.0], "{names} {further}");
            assert!(
                notes[0].contains("passed over: (no name)") || notes[0].contains(", (no name)"),
                "{notes:?}"
            );
        }
    }
}

#[test]
fn names_of_rows_as_r_writes_them_are_passed_over() {
    for (head, quote, delimiter) in [
        ("\"\",\"frame\",\"id\",\"x\",\"y\",\"w\",\"h\"", "\"", ","),
        ("\"frame\" \"id\" \"x\" \"y\" \"w\" \"h\"", "\"", " "),
        ("frame id x y w h", "", " "),
        ("frame,id,x,y,w,h", "", ","),
    ] {
        let row = |at: u32| {
            let values = [1 + at / 3, 1 + at % 3, 103 + at, 51, 60, 130].map(|n| n.to_string());
            format!("{quote}{}{quote}{delimiter}{}\n", at + 1, values.join(delimiter))
        };
        let text = format!("{head}\n{}", (0..12).map(row).collect::<String>());
        let (columns, first, _) = headed(&text);
        assert_eq!(columns, "_,frame,id,left,top,width,height", "{head}");
        assert_eq!(first, [103.0, 51.0, 60.0, 130.0], "{head}");
    }
}

#[test]
fn pandas_index_without_a_name_is_passed_over_before_numbered_columns() {
    let rows = "0,1,1,103,51,60,130,0.9\n1,1,2,203,51,60,130,0.9\n2,2,1,104,51,60,130,0.9\n";
    let (columns, first, notes) = headed(&format!(",0,1,2,3,4,5,6\n{rows}"));
    assert_eq!(columns, "_,frame,id,left,top,width,height,confidence");
    assert_eq!(first, [103.0, 51.0, 60.0, 130.0]);
    assert!(notes[0].ends_with("passed over: (no name)."), "{notes:?}");
}

#[test]
fn a_header_is_found_behind_what_is_none() {
    for before in [
        "sep=;\n",
        "Tracking results\n",
        "// made by a program\n",
        "\"My video, first half\"\n\nsep=;\n",
        "",
    ] {
        let text = format!(
            "{before}id;frame;left;top;width;height\n3;1;101;51;60;130\n4;1;201;51;60;130\n"
        );
        let (columns, first, notes) = headed(&text);
        assert_eq!(columns, "id,frame,left,top,width,height", "{before}");
        assert_eq!(first, [101.0, 51.0, 60.0, 130.0]);
        assert_eq!(
            notes.len(),
            1 + before.lines().filter(|line| !line.is_empty()).count(),
            "{notes:?}"
        );
    }
    let noted = "// id,frame,left,top,width,height\n3,1,101,51,60,130\n4,1,201,51,60,130\n";
    assert_eq!(headed(noted).0, "id,frame,left,top,width,height");
    let formal =
        "<frame>, <id>, <bb_left>, <bb_top>, <bb_width>, <bb_height>, <conf>, <x>, <y>, <z>\n";
    let (columns, first, _) = headed(&format!("{formal}1,1,101,51,60,130,1,-1,-1,-1\n"));
    assert_eq!(
        (columns.as_str(), first),
        ("frame,id,left,top,width,height,...", [101.0, 51.0, 60.0, 130.0])
    );
}

#[test]
fn doubled_quotes_are_undone() {
    let source = read("label,frame,id,x,y,w,h\n\"say \"\"hi\"\", you\",1,1,2,3,4,5\n");
    let names = Arc::clone(&source.reading().classes);
    let first = boxes(source)[0].1;
    assert_eq!(names.title(first.class.expect("has one")), "say \"hi\", you");
    assert_eq!(bounds(&first), [2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn a_header_that_lacks_something_is_refused_with_its_name() {
    let text = refused(format!("id,x,y,w,h\n{}", lines(|_, id, _| format!("{id},1,2,3,4"))));
    assert!(
        text.starts_with(
            "test.txt has a header (line 1: id, x, y, w, h), but no column is named frame."
        ),
        "{text}"
    );
    assert!(text.contains("--columns"), "{text}");
    // Without an id, boxes have no identity, which is said.
    let source = read("frame,x,y,w,h\n3,10,20,30,40\n");
    assert_eq!(source.reading().notes()[1], "No column is an id: no box has an identity.");
    assert!(boxes(source).iter().all(|(frame, d)| *frame == 3 && d.id == TrackId::NONE));
    // A table with no rows yet.
    assert_eq!(boxes(read("frame,id,x,y,w,h\n")), []);
}

#[test]
fn what_a_program_writes_for_nothing_is_nothing() {
    let text = "frame,id,x,y,w,h,score,class\n1,,1,2,3,4,,\n1,nan,1,2,3,4,nan,NaN\n1,None,1,2,3,4,None,None\n";
    for (_, detection) in boxes(read(text)) {
        assert_eq!((detection.id, detection.confidence), (TrackId::NONE, None));
        assert_eq!(detection.class, None);
    }
    assert_eq!(boxes(read(text)).len(), 3);
}

#[test]
fn a_class_may_be_a_name() {
    let text = "frame,id,x,y,w,h,class\n1,1,1,2,3,4,person\n1,2,1,2,3,4,\"traffic light\"\n2,1,1,2,3,4,person\n";
    let source = read(text);
    let names = Arc::clone(&source.reading().classes);
    let title = |detection: &Detection| names.title(detection.class.expect("has one"));
    let titles: Vec<String> = boxes(source).iter().map(|(_, d)| title(d)).collect();
    assert_eq!(titles, ["person", "traffic light", "person"]);
    // The names of pictures are no frame numbers.
    let pictures = lines(|f, id, [l, t, w, h]| format!("{f:06}.jpg,{id},{l},{t},{w},{h},0.9"));
    assert!(refused(pictures).contains("column 1 (frame) is not a number: '000000.jpg'"));
    // Without a header, too, wherever the word stands.
    for (line, at) in [
        ("{f},{id},{l},{t},{w},{h},0.9,car", "frame,id,left,top,width,height,confidence,class"),
        ("{f},car,{id},{l},{t},{w},{h},0.9", "frame,class,id,left,top,width,height,confidence"),
        ("{f},car,{l},{t},{w},{h},0.9", "frame,class,left,top,width,height,confidence"),
        ("video 1.mp4,{f},{id},{l},{t},{w},{h},0.9", "_,frame,id,left,top,width,height,confidence"),
    ] {
        let source = read(lines(|f, id, [l, t, w, h]| {
            let values = [
                ("{f}", f64::from(f)),
                ("{id}", f64::from(id)),
                ("{l}", l),
                ("{t}", t),
                ("{w}", w),
                ("{h}", h),
            ];
            values
                .iter()
                .fold(line.to_owned(), |line, (name, value)| line.replace(name, &value.to_string()))
        }));
        assert_eq!(source.reading().columns.to_string(), at, "{line}");
        let read: Vec<_> = boxes(source).iter().map(|(frame, d)| (*frame, bounds(d))).collect();
        assert_eq!(read, usual().iter().map(|(frame, d)| (*frame, bounds(d))).collect::<Vec<_>>());
    }
}

#[test]
fn columns_of_visdrone_and_uavdt_are_told_from_the_places_of_mot() {
    let of = |further: fn(u32, u32) -> String| {
        let text =
            lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},{}", further(f, id)));
        let source = read(text);
        let origin = source.reading().origin;
        let first = boxes(source)[0].1;
        (origin, first.class, first.world.place())
    };
    assert_eq!(of(|f, id| format!("1,{},{},0", id + 3, f % 2)), (Origin::VisDrone, Some(4), None));
    assert_eq!(of(|_, _| "1,1,0,0".to_owned()), (Origin::VisDrone, Some(1), None));
    // A number of each track's own may be where it stands, as long as nothing beside it varies.
    let places = of(|_, id| format!("1,{id},0,0"));
    assert_eq!(places, (Origin::Usual, None, Some([1.0, 0.0, 0.0])));
    assert_eq!(of(|_, id| format!("1,{},0,0", 1 + id / 3)), (Origin::VisDrone, Some(1), None));
    assert_eq!(of(|f, _| format!("0,0,{},0", f % 2)), (Origin::VisDrone, Some(0), None));
    // A place in the world of whole numbers.
    let world = of(|f, id| format!("1,{},0,0", (f + id) % 10));
    assert_eq!(world, (Origin::Usual, None, Some([1.0, 0.0, 0.0])));
    assert_eq!(of(|_, id| format!("0.75,{id},-1,-1")), (Origin::ClassAlone, Some(1), None));
    for place in ["-1,-1,-1", "0,0,0", "1,1,1"] {
        let text = lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,{place}"));
        assert_eq!(read(text).reading().origin, Origin::Usual, "{place}");
    }
    assert_eq!(
        of(|f, _| format!("1,{}.5,7,0", f % 9)),
        (Origin::Usual, None, Some([0.5, 7.0, 0.0]))
    );
    assert_eq!(
        of(|f, id| format!("{},{},{id}", 1 + f % 2, 1 + f % 4)),
        (Origin::Uavdt, Some(1), None)
    );
    assert_eq!(of(|_, id| format!("1,{id},0.5")), (Origin::Usual, Some(1), None));
    assert_eq!(of(|_, id| format!("1,{id},1")), (Origin::Usual, Some(1), None));
    assert_eq!(of(|f, _| format!("0.9,0.{}", 10 + f)), (Origin::NoClass, None, None));
}

#[test]
fn another_order_is_read_where_it_is_sure() {
    type Write<'a> = &'a dyn Fn(u32, u32, String) -> String;
    let of = |line: &dyn Fn(u32, u32, String) -> String| {
        let text = lines(|f, id, bounds| line(f, id, bounds.map(|n| n.to_string()).join(",")));
        let source = read(text);
        let (origin, columns) = (source.reading().origin, source.reading().columns.to_string());
        let places: Vec<_> = boxes(source).iter().map(|(f, d)| (*f, d.id, bounds(d))).collect();
        (origin, columns, places)
    };
    let usual: Vec<_> = usual().iter().map(|(frame, d)| (*frame, d.id, bounds(d))).collect();
    let cases: [(Write<'_>, &str); 6] = [
        (
            &|f, id, b| format!("7,{f},{id},{b},-1,-1,-1"),
            "_,frame,id,left,top,width,height,confidence",
        ),
        (&|f, id, b| format!("7,{f},{id},{b}"), "_,frame,id,left,top,width,height"),
        (
            &|f, id, b| format!("{},{f},{id},{b},0.9", 3 * f + id - 1),
            "_,frame,id,left,top,width,height,confidence",
        ),
        (
            &|f, id, b| format!("{f},{},{id},{b},0.9", id % 2),
            "frame,class,id,left,top,width,height,confidence",
        ),
        (
            &|f, id, b| format!("{f},{id},0.{},{b}", 10 + f),
            "frame,id,confidence,left,top,width,height",
        ),
        (&|f, id, b| format!("{f},{b},{id}"), "frame,left,top,width,height,id"),
    ];
    for (line, columns) in cases {
        assert_eq!(of(line), (Origin::Order, columns.to_owned(), usual.clone()));
    }
    // Usual, or not sure: small pictures, a score of 100, new ids, the frame third, a class third.
    let unsure: [Write<'_>; 7] = [
        &|f, id, b| format!("{f},{id},{b}"),
        &|f, id, b| format!("{f},{id},{b},57,1,0.5"),
        &|f, _, b| format!("{f},-1,{b},57"),
        &|f, id, b| format!("{f},{},{b}", 3 * f + id),
        &|f, id, b| format!("7,{id},{f},{b},-1,-1"),
        &|f, id, b| format!("{f},{id},{},{b}", id % 2),
        &|f, id, _| format!("{f},{id},{},{},28,28,1,-1,-1,-1", id + f % 5, 7 * id),
    ];
    for line in unsure {
        assert_eq!(of(line).0, Origin::Usual);
    }
}

#[test]
fn other_formats_are_refused_by_their_names() {
    let kitti = "0 -1 DontCare -1 -1 -10 219.3 188.4 245.5 218.5 -1000 -1000 -1000 -10 -1 -1 -1\n";
    let visual = "1,1.png,2,10,50,20,35,1,-1,fish,0.7\n2,,3,10,50,20,35,1,-1,fish,0.7\n";
    for (text, name) in [
        (kitti.to_owned(), "KITTI tracking labels"),
        ("Car 0 0 -1.7 10 20 30 40 1 1 1 1 1 1 0.5\n".to_owned(), "KITTI object labels"),
        (
            "0 412 0 842 124 0 0 0 0 \"worker\"\n1 412 0 842 124 1 0 0 1 \"pc\" \"a\"\n".to_owned(),
            "VATIC",
        ),
        (visual.to_owned(), "VIAME CSV"),
        ("52 1005 1 375 1242 WSV:2d;1O10000O\n".to_owned(), "MOTS text"),
        ("367,101,41,16\n366,103,45,16\n".to_owned(), "single object"),
        ("0 0.5 0.25 0.1 0.2\n7 0.5 0.75 0.1 0.2\n".to_owned(), "YOLO labels"),
        ("0 0.5 0.25 0.1 0.2 0.9 3\n7 0.5 0.75 0.1 0.2 0.8 4\n".to_owned(), "YOLO labels"),
        ("[{\"name\": 1}]\n".to_owned(), "JSON"),
        ("  <annotations>\n".to_owned(), "XML"),
    ] {
        let error = refused(text.clone());
        assert!(error.contains(" is ") && error.contains(name), "{text}: {error}");
    }
}

#[test]
fn several_objects_a_line_are_never_taken_for_one() {
    let object = |id: u32| format!(",{id},{},20,60,130", 100 * id);
    let objects = |number: u32| (0..number).map(object).collect::<Vec<_>>().concat();
    let lines = |line: &dyn Fn(u32) -> String| (0..9).map(line).collect::<Vec<_>>().join("\n");
    for text in [
        lines(&|frame| format!("{frame},2{}", objects(2))),
        lines(&|frame| format!("{frame},2{},person{},person", object(0), object(1))),
        lines(&|frame| format!("{frame},{}{}", frame % 3, objects(frame % 3))),
        lines(&|frame| format!("{frame}{}", objects(1 + frame % 3))),
        lines(&|frame| format!("{frame}{},car{},car", object(0), object(1))),
        // As many in every line, and nothing says how many.
        lines(&|frame| format!("{frame}{}{}", object(1), object(2))),
        lines(&|frame| format!("{frame}{}{}{}", object(1), object(2), object(3))),
        lines(&|frame| format!("{frame}{},0.9{},0.8", object(1), object(2))),
        lines(&|frame| format!("{frame}{},{frame}{}", object(1), object(2))),
    ] {
        let error = refused(text.clone());
        assert!(error.contains("several objects a line"), "{text}: {error}");
    }
}

#[test]
fn a_single_track_is_none_whatever_its_id() {
    for id in 1..=8 {
        let lines = (1..=9).map(|frame| format!("{frame},{id},100,100,40,40,1,-1,-1,-1\n"));
        assert_eq!(boxes(read(lines.collect::<String>())).len(), 9, "id {id}");
    }
    let two = (1..=9).map(|frame| format!("{frame},2,10,20,60,130,200,20,60,130\n"));
    assert!(refused(two.collect::<String>()).contains("several objects a line"));
}

#[test]
fn further_numbers_of_one_object_are_no_further_objects() {
    for further in [
        "1,12.5,7.25,0,3",
        "1,5,7,2,3",
        "0.9,-1,-1,-1,3,4,5",
        "0.9,2,100,120,60,130,0.8",
        "0.9,2,0.5,12,40,3,1",
        "0.9,0.12,0.5,-0.3,0.7,0.1",
        "1,1,0.8,640,480",
    ] {
        let text = lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},{further}"));
        assert_eq!(boxes(read(text)).len(), 120, "{further}");
    }
}

#[test]
fn what_is_chosen_goes_before_a_header_and_before_the_content() {
    let text = "frame,id,x,y,w,h\n1,2,10,20,30,60\n";
    let source = MotFile::from_memory("a.txt", text.as_bytes()).expect("text");
    let source = source.recognised(Some(Columns::CORNERS)).expect("reads");
    assert_eq!(
        source.reading().notes()[0],
        "The columns are read as asked: frame,id,left,top,right,bottom,...."
    );
    assert_eq!(bounds(&boxes(source)[0].1), [10.0, 20.0, 20.0, 40.0]);
}

#[test]
fn ids_of_64_bits_are_read_exactly() {
    let ids = [
        "9223372036854776104",
        "18446744073709551614",
        "2250211554593079296.0",
        "2.250211554593079297e18",
        "-7",
    ];
    let text = ids.map(|id| format!("1,{id},1,2,3,4\n")).concat();
    let read: Vec<String> = boxes(read(text)).iter().map(|(_, d)| d.id.to_string()).collect();
    assert_eq!(read, [ids[0], ids[1], "2250211554593079296", "2250211554593079297", "-7"]);
    assert_eq!(boxes(self::read("1,18446744073709551615,1,2,3,4\n"))[0].1.id, TrackId::NONE);
    // The same, through a float.
    for id in ["1.8446744073709552e+19", "1.8446744073709552e19", "18446744073709551616.000000"] {
        assert_eq!(boxes(self::read(format!("1,{id},1,2,3,4\n")))[0].1.id, TrackId::NONE, "{id}");
    }
    let error = refused("1,18446744073709551616,1,2,3,4\n");
    assert!(
        error.contains("column 2 (id) is larger than 64 bits hold: '18446744073709551616'"),
        "{error}"
    );
}

#[test]
fn classes_are_named_where_their_names_are_known() {
    let gt = |classes: [u32; 3]| {
        lines(|f, id, [l, t, w, h]| {
            format!("{f},{id},{l},{t},{w},{h},1,{},0.5", classes[id as usize - 1])
        })
    };
    let names = read(gt([1, 7, 12])).reading().classes.clone();
    assert_eq!(
        (names.title(7), names.title(12)),
        ("7 static person".into(), "12 reflection".into())
    );
    // Of another data set, perhaps.
    assert_eq!(read(gt([1, 1, 1])).reading().classes.title(1), "1");
    assert_eq!(read(gt([1, 7, 80])).reading().classes.title(1), "1");
    let visdrone =
        read(lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,{id},0,{}", f % 3)));
    assert_eq!(visdrone.reading().classes.title(3), "3 bicycle");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]

    /// A file in another order of columns holds the boxes of the usual one, whatever the order of its lines.
    #[test]
    fn a_file_in_another_order_holds_the_same_boxes(
        rows in proptest::collection::vec((0..30_u32, -1..9_i64, proptest::array::uniform4(0..2000_u32)), 1..80),
        order in proptest::prelude::Just([0, 1, 2, 3, 4, 5, 6]).prop_shuffle(),
        sorted in proptest::bool::ANY,
        end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
        delimiter in proptest::sample::select(vec![",", ";", "\t"]),
        odd in proptest::bool::ANY,
    ) {
        let mut rows = rows;
        if sorted {
            rows.sort_by_key(|(frame, ..)| *frame);
        }
        let names = ["frame", "track_id", "x", "y", "w", "h", "conf"];
        let usual: Vec<[String; 7]> = rows
            .iter()
            .map(|(frame, id, [l, t, w, h])| {
                // Some are left to the thorough reader.
                let shown = |number: &u32| if odd { format!("{number}e0") } else { number.to_string() };
                [frame.to_string(), id.to_string(), shown(l), shown(t), shown(w), shown(h), "0.5".into()]
            })
            .collect();
        let text = |order: &[usize; 7], head: bool| {
            let line = |fields: &dyn Fn(usize) -> String| {
                order.iter().map(|at| fields(*at)).collect::<Vec<_>>().join(delimiter) + end
            };
            let head = if head { line(&|at| names[at].to_owned()) } else { String::new() };
            head + &usual.iter().map(|row| line(&|at| row[at].clone())).collect::<Vec<_>>().concat()
        };
        let expected = boxes(read(text(&[0, 1, 2, 3, 4, 5, 6], false)));
        proptest::prop_assert_eq!(boxes(read(text(&order, true))), expected.clone());
        let columns = order.map(|at| ["frame", "id", "left", "top", "width", "height", "confidence"][at]);
        let bytes: &'static [u8] = Box::leak(text(&order, false).into_boxed_str()).as_bytes();
        let source = MotFile::from_memory("a.txt", bytes).expect("text");
        let chosen = columns.join(",").parse().expect("columns");
        let read = boxes(source.recognised(Some(chosen)).expect("reads"));
        proptest::prop_assert_eq!(read, expected);
    }
}

#[test]
fn a_named_class_may_be_a_word_whatever_the_order_of_the_columns() {
    for (header, class, rest) in [
        ("frame,id,left,top,width,height,confidence,class", "non motorized vehicle", ""),
        ("frame,id,left,top,width,height,confidence,class,visibility", "car", ",1"),
        ("id,frame,left,top,width,height,confidence,class", "car", ""),
    ] {
        let line = format!("1,1,10,20,30,40,0.9,{class}{rest}");
        let text = format!("{header}\n{line}\n2,2,10,20,30,40,0.9,bus{rest}\n");
        let source = MotFile::from_memory("a.csv", text.into_bytes()).expect("text");
        let source = source.recognised(None).expect(header);
        let (_, detection, _) = source.parse_line(line.as_bytes()).expect(header);
        let names = &source.reading().classes;
        assert_eq!(names.title(detection.class.expect("a class")), class, "{header}");
        assert_eq!(detection.confidence, Some(0.9));
    }
}

#[test]
fn lines_with_more_values_than_others_are_named_and_not_read() {
    let lines = (1..30).map(|frame| {
        let thousands = if frame % 2 == 0 { "1,250" } else { "950" };
        format!("{frame},7,{thousands},40,60,130\n{frame},8,100,40,60,130,\n")
    });
    let text = "frame,id,left,top,width,height\n".to_owned() + &lines.collect::<String>();
    let source = MotFile::from_memory("thousands.csv", text.into_bytes()).expect("text");
    let source = source.recognised(None).expect("half of it can be read");
    let (_, detection, _) = source.parse_line(b"1,7,950,40,60,130").expect("a box");
    assert_eq!((detection.left, detection.height), (950.0, 130.0));
    assert!(source.parse_line(b"1,8,100,40,60,130,").is_ok(), "what is empty is no value");
    let error = source.parse_line(b"2,7,1,250,40,60,130").expect_err("which are which?");
    assert_eq!(error.to_string(), "column 7 is one more than the header names");
}

#[test]
fn an_id_in_the_last_of_seven_or_eight_columns_is_read_where_the_second_can_be_none() {
    let of = |further: fn(u32, u32) -> String| {
        let text = lines(|f, id, [l, t, w, h]| {
            format!("{f},{}.5,{t},{w},{h},{}", l - f64::from(f % 2), further(f, id))
        });
        let source = read(text);
        let origin = source.reading().origin;
        let (frame, first) = boxes(source)[0];
        (origin, frame, first.id, first.left, first.height, first.confidence)
    };
    let right = (Origin::Order, 0, TrackId::from(1), 300.5, 130.0, Some(0.75));
    assert_eq!(of(|_, id| format!("0.75,{id}")), right);
    assert_eq!(of(|_, id| format!("0.75,4,{id}")), right);
    assert_eq!(of(|_, id| format!("44,{id}")), (right.0, 0, right.2, 300.5, 130.0, None));
}

#[test]
fn kitti_with_commas_and_vatic_without_labels_are_refused() {
    let refused = |line: fn(u32, u32, [f64; 4]) -> String| {
        let source = MotFile::from_memory("a.txt", lines(line).into_bytes()).expect("text");
        source.recognised(None).expect_err("another format").to_string()
    };
    let kitti = refused(|f, id, [l, t, w, h]| {
        format!("{f},{id},Car,0,0,-1.5,{l},{t},{},{},1.5,1.6,3.9,1,1.5,20,-1.5", l + w, t + h)
    });
    assert!(kitti.contains("KITTI tracking labels"), "{kitti}");
    let vatic = refused(|f, id, [l, t, w, h]| {
        format!("{id} {l} {t} {} {} {f} 0 {} 0", l + w, t + h, f % 2)
    });
    assert!(vatic.contains("VATIC text"), "{vatic}");
}
