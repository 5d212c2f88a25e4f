//! Finding what belongs together, in folders made here.

use super::*;
use std::path::Path;

#[test]
fn seqinfo_that_is_wrong_says_nothing_and_never_fails() {
    for text in
        ["", "[Sequence]\nseqLength=0.4\nimWidth=-5\nframeRate=inf\n", "\0\0", "[[", "a=b=c"]
    {
        let info = SeqInfo::parse(text);
        let known = (info.length, info.width, info.frame_rate);
        assert_eq!(known, (None, None, None), "{text:?}");
    }
    assert_eq!(SeqInfo::parse("[Sequence]\nseqLength=600.0\n\n").length, Some(600));
}

#[test]
fn numbers_of_a_sequence_that_cannot_be_are_said_and_not_clipped() {
    let text = "[Sequence]\nseqLength=99999999999\nimWidth=-5\nimHeight=0\nframeRate=1e-300\n";
    let info = SeqInfo::parse(text);
    assert_eq!((info.length, info.width, info.height, info.frame_rate), (None, None, None, None));
    assert_eq!(
        info.warnings,
        [
            "seqinfo.ini: frameRate can't be 1e-300: it is from 0.001 to 100000.",
            "seqinfo.ini: seqLength can't be 99999999999: it is from 1 to 4294967294.",
            "seqinfo.ini: imWidth is no positive number: '-5'.",
            "seqinfo.ini: imHeight is no positive number: '0'.",
        ]
    );
    let wide =
        SeqInfo::parse("[Sequence]\nimWidth=4000000\nframeRate=nan\nname=\u{1b}[31mA\u{202e}\n");
    assert_eq!((wide.width, wide.warnings.len()), (None, 2), "{:?}", wide.warnings);
    let paths = SequencePaths { info: wide, ..SequencePaths::default() };
    assert_eq!(paths.name(), r"\u{1b}[31mA\u{202e}");
}

#[test]
fn pictures_outside_of_the_sequence_are_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for name in ["seq/gt", "seq/img1", "seq/inside", "far"] {
        std::fs::create_dir_all(at(name)).expect("a folder");
    }
    for name in ["seq/img1", "seq/inside", "far"] {
        std::fs::write(at(name).join("000001.jpg"), "").expect("written");
    }
    std::fs::write(at("seq/gt/gt.txt"), "1,1,1,1,1,1\n").expect("written");
    let said = |dir: &str| {
        let text = format!("[Sequence]\nimDir={dir}\n");
        std::fs::write(at("seq/seqinfo.ini"), text).expect("written");
        let found = SequencePaths::find(&at("seq"), None).expect("found");
        let images = found.images.clone().expect("pictures");
        (images, found.info.warnings.join(" "))
    };
    let inside = said("inside");
    assert_eq!(inside, (at("seq/inside"), String::new()));
    assert_eq!(said("inside/../inside").1, "");
    let far = at("far").display().to_string();
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("far"), at("seq/link")).expect("a link");
    for dir in ["../far", &far, "link"].into_iter().filter(|dir| cfg!(unix) || *dir != "link") {
        let (images, text) = said(dir);
        assert_eq!(images.canonicalize().expect("there"), at("far").canonicalize().expect("there"));
        assert!(text.starts_with("The pictures are not in the sequence's folder"), "{text}");
    }
    std::fs::create_dir(at("seq/empty")).expect("folder");
    let (images, text) = said("empty");
    assert!(
        images.ends_with("img1") && text.contains("'empty', which holds no pictures"),
        "{text}"
    );
    let (images, text) = said("nowhere");
    assert!(
        images.ends_with("img1") && text.contains("'nowhere', which is no folder here"),
        "{text}"
    );
}

#[test]
fn a_sequence_folder_is_found_from_every_side() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
        std::fs::write(&path, text).expect("file");
        path
    };
    write("seqinfo.ini", "[Sequence]\nname=Street\nimDir=frames\nframeRate=14\n\n");
    let truth = write("gt/gt.txt", "1,1,1,1,1,1\n");
    let detections = write("det/det.txt", "1,-1,1,1,1,1\n");
    write("frames/000001.jpg", "");
    let from_folder = SequencePaths::find(root, None).expect("found");
    assert_eq!(from_folder.annotations.as_deref(), Some(truth.as_path()));
    assert_eq!(from_folder.choices, [truth.clone(), detections.clone()]);
    assert_eq!(from_folder.name(), "Street");
    for inside in [truth.as_path(), detections.as_path(), &root.join("frames")] {
        let found = SequencePaths::find(inside, None).expect("found");
        assert_eq!(found.images.as_deref(), Some(root.join("frames").as_path()));
        assert_eq!(found.info.frame_rate, Some(14.0));
    }
    // Without ground truth, what a tracker made comes before what it began with.
    let result = write("results/tracker.txt", "1,1,1,1,1,1\n");
    let choices = || SequencePaths::find(root, None).expect("found").choices;
    assert_eq!(choices(), [truth.clone(), result.clone(), detections.clone()]);
    std::fs::remove_file(&truth).expect("removed");
    assert_eq!(choices(), [result, detections]);
    let error = SequencePaths::find(Path::new("/no/such/file"), None).expect_err("refused");
    assert!(error.to_string().starts_with("/no/such/file can't be opened: "), "{error}");
    std::fs::create_dir(root.join("empty")).expect("folder");
    let error = SequencePaths::find(&root.join("empty"), None).expect_err("refused");
    assert!(error.to_string().contains("neither annotations"), "{error}");
}

#[test]
fn a_folder_of_sequences_opens_its_only_one_or_names_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let sequence = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.join("gt")).expect("a folder");
        std::fs::write(path.join("gt/gt.txt"), "1,1,1,1,1,1\n").expect("written");
        path
    };
    let only = sequence("A-01");
    let found = SequencePaths::find(folder.path(), None).expect("found");
    assert_eq!(found.annotations, Some(only.join("gt/gt.txt")));
    sequence("A-02");
    let error = SequencePaths::find(folder.path(), None).expect_err("which one?").to_string();
    assert!(error.ends_with("holds 2 sequences; open one of them: A-01, A-02."), "{error}");
}
