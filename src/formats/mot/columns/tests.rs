use super::*;
use proptest::prelude::*;

fn columns(text: &str) -> Columns {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> String {
    text.parse::<Columns>().expect_err(text).to_string()
}

fn header(text: &str) -> Result<Option<String>, String> {
    let names: Vec<String> = text.split(',').map(str::to_owned).collect();
    of_header(&names).map(|c| c.map(|c| c.to_string())).map_err(|error| error.to_string())
}

#[test]
fn what_is_missing_or_said_twice_is_named() {
    assert_eq!(refused("id,left,top,width,height"), "no column is named frame");
    assert_eq!(refused("frame,id"), "no column is named left (or right, or cx)");
    assert_eq!(refused("frame,left"), "no column is named width (or right)");
    assert_eq!(refused("frame,right,top,height"), "no column is named width (or left)");
    assert_eq!(refused("frame,width,top,height"), "no column is named left (or right, or cx)");
    assert_eq!(refused("frame,left,top,width"), "no column is named height (or bottom)");
    assert_eq!(refused("frame,id,id,left,top,width,height"), "two columns are named id");
    assert_eq!(
        refused("frame,left,width,right,top,height"),
        "left, width, right say the same thing twice: name two of them"
    );
    assert!(
        refused("frame,what").starts_with("'what' is no name of a column: there are frame, id,")
    );
    assert!(refused("frame,id,left,...").starts_with("... stands for the seventh column"));
    assert!(refused("frame,...,id,left,top,width,height").starts_with("... stands for"));
    assert!(refused(&("_,".repeat(64) + "frame,left,top,width,height")).contains("only 64"));
    assert!(refused("").starts_with("no column is named frame"));
}

#[test]
fn they_are_written_as_they_are_read() {
    assert!(columns("frame,id,left,top,width,height,...").is_usual());
    assert_eq!(columns(&Columns::CORNERS.to_string()), Columns::CORNERS);
    let odd = "_,id,frame,cx,top,_,width,bottom,world_x,visibility";
    assert_eq!(columns(odd).to_string(), odd);
    assert_eq!(columns("frame, id ,x1,y1,x2,y2,_,_"), columns("frame,id,left,top,right,bottom"));
}

#[test]
fn names_are_understood_as_programs_write_them() {
    for (names, taken) in [
        // Supervision's CSVSink.
        (
            "x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,class_name,frame_index",
            "left,top,right,bottom,class,confidence,id,_,frame",
        ),
        // Pandas, with a column for the number of the row.
        (",frame,track_id,x1,y1,x2,y2,score", "_,frame,id,left,top,right,bottom,confidence"),
        // MOTChallenge's own names.
        (
            "frame,id,bb_left,bb_top,bb_width,bb_height,conf,x,y,z",
            "frame,id,left,top,width,height,...",
        ),
        (
            "FrameId,Id,X,Y,Width,Height,Confidence,ClassId,Visibility",
            "frame,id,left,top,width,height,confidence,class,visibility",
        ),
        (
            "Frame Number,Object ID,Left (px),Top (px),Width [px],Height [px]",
            "frame,id,left,top,width,height,...",
        ),
        ("frame_id,xc,yc,w,h,track", "frame,cx,cy,width,height,id"),
        (
            "image_id,category_id,bbox_x,bbox_y,bbox_w,bbox_h,id",
            "frame,class,left,top,width,height,id",
        ),
        ("frame,id,xtl,ytl,xbr,ybr,label", "frame,id,left,top,right,bottom,class"),
        ("frame,x0,y0,x1,y1", "frame,left,top,right,bottom"),
        ("frame,bbox_x0,bbox_y0,bbox_x1,bbox_y1,prob", "frame,left,top,right,bottom,confidence"),
        // The picture's size, and the row's number, are not the box's.
        (
            "filename,width,height,class,xmin,ymin,xmax,ymax,frame",
            "_,_,_,class,left,top,right,bottom,frame",
        ),
        ("id,track_id,frame,left,top,width,height", "_,id,frame,left,top,width,height"),
        (
            "frame,name,confidence,x1,y1,x2,y2,track_id,class",
            "frame,_,confidence,left,top,right,bottom,id,class",
        ),
        ("frame,clase,x,y,w,h", "frame,class,left,top,width,height"),
    ] {
        assert_eq!(header(names), Ok(Some(taken.to_owned())), "{names}");
    }
    let detections = "frame_number,detection_id,x,y,width,height,confidence";
    let expected = "frame,_,left,top,width,height,confidence";
    assert_eq!(header(detections), Ok(Some(expected.to_owned())));
    assert_eq!(header("a,b,c,d,e,f"), Ok(None));
}

#[test]
fn a_header_that_lacks_something_is_refused_by_its_name() {
    for (names, error) in [
        ("id,x,y,w,h", "no column is named frame"),
        ("filename,width,height,class,xmin,ymin,xmax,ymax", "no column is named frame"),
        ("frame,id,x,y", "no column is named width (or right)"),
        ("frame,id,x,y,w", "no column is named height (or bottom)"),
        ("frame,id,class", "no column is named left (or right, or cx)"),
        ("frame,frame_id,x,y,w,h", "both 'frame' and 'frame_id' could be the frame"),
    ] {
        assert_eq!(header(names), Err(error.to_owned()), "{names}");
    }
}

/// Names of columns that say everything, in some order, with others between them.
fn any_columns() -> impl Strategy<Value = Vec<Role>> {
    let spans = prop_oneof![
        Just([Role::Left, Role::Top, Role::Width, Role::Height]),
        Just([Role::Left, Role::Top, Role::Right, Role::Bottom]),
        Just([Role::CenterX, Role::CenterY, Role::Width, Role::Height]),
        Just([Role::Right, Role::Bottom, Role::Width, Role::Height]),
        Just([Role::CenterX, Role::CenterY, Role::Right, Role::Bottom]),
        Just([Role::Left, Role::Top, Role::CenterX, Role::CenterY]),
    ];
    (spans, 0..4_usize, 0..3_usize).prop_flat_map(|(span, further, unused)| {
        let mut roles = vec![Role::Frame, Role::Id];
        roles.extend(span);
        roles.extend(&[Role::Confidence, Role::Class, Role::Visibility][..further]);
        roles.extend(vec![Role::Unused; unused]);
        Just(roles).prop_shuffle()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_columns_are_written_as_they_are_read(roles in any_columns()) {
        let made = Columns::new(&roles, false).expect("they say everything");
        prop_assert_eq!(columns(&made.to_string()), made);
        // And a header of the same names says the same.
        let names: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
        let read = of_header(&names).expect("nothing is missing").expect("names are known");
        if read != Columns::USUAL {
            prop_assert_eq!(read, made);
        }
    }

    /// Whatever the order of the columns, a line says the same box as in the usual order.
    #[test]
    fn lines_in_another_order_read_the_same(
        roles in any_columns(),
        (frame, id, class) in (0..99_999_u32, -1..99_999_i64, 0..90_i64),
        sides in prop::array::uniform4(0..4000_i32),
        (confidence, visibility) in (0..=100_u32, 0..=100_u32),
        delimiter in prop::sample::select(vec![",", ";", "\t", " ", ", "]),
        quoted in any::<bool>(),
    ) {
        // In halves, so that middles are exact.
        let [left, top, width, height] = sides.map(|side| f64::from(side) / 2.0);
        let shares = [confidence, visibility].map(|share| f64::from(share) / 100.0);
        let value = |role: &Role| match role {
            Role::Frame => frame.to_string(),
            Role::Id => id.to_string(),
            Role::Left => left.to_string(),
            Role::Top => top.to_string(),
            Role::Width => width.to_string(),
            Role::Height => height.to_string(),
            Role::Right => (left + width).to_string(),
            Role::Bottom => (top + height).to_string(),
            Role::CenterX => (left + width / 2.0).to_string(),
            Role::CenterY => (top + height / 2.0).to_string(),
            Role::Confidence => shares[0].to_string(),
            Role::Class => class.to_string(),
            Role::Visibility => shares[1].to_string(),
            _ => "7".to_owned(),
        };
        let quote = |text: String| if quoted { format!("\"{text}\"") } else { text };
        let fields: Vec<String> = roles.iter().map(value).map(quote).collect();
        let line = fields.join(delimiter);
        let columns = Columns::new(&roles, false).expect("they say everything");
        let (read_frame, read, count) = columns.parse_line(line.as_bytes()).expect("a box");
        prop_assert_eq!((read_frame, read.id, count), (frame, id.into(), roles.len()), "{}", line);
        prop_assert_eq!([read.left, read.top, read.width, read.height], [left, top, width, height]);
        let has = |role: Role| roles.contains(&role);
        prop_assert_eq!(read.confidence, has(Role::Confidence).then_some(shares[0]));
        prop_assert_eq!(read.class, has(Role::Class).then_some(class));
        prop_assert_eq!(read.visibility, has(Role::Visibility).then_some(shares[1]));
        // The quick way reads the same, and so does a source.
        let source = crate::formats::mot::MotFile::from_memory("a.txt", b"").expect("text");
        let source = source.with_columns(columns);
        prop_assert_eq!(source.parse_line(line.as_bytes()), Ok((frame, read, count)));
        prop_assert_eq!(source.frame_of(line.as_bytes()), Some(frame));
    }
}
