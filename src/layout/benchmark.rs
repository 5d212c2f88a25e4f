//! Many sequences and many results that belong together: where the others of a sequence's benchmark are, and
//! where trackers' results of a sequence lie.
//!
//! Results are found in the folders that `TrackEval` has, `trackers/…/NAME/data/SEQUENCE.txt` beside
//! `gt/…/SEQUENCE`, and in `trackers` or `results` near the sequence, with or without the benchmark's name:
//! `results/NAME/SEQUENCE.txt`. Only folders are read, and of each the first [`MOST`] things.

use super::sequence::{is_sequence, parent_of, within};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// Things looked at in a folder, and results that are found.
const MOST: usize = 200;
/// Folders above a result that are looked at.
const MOST_ABOVE: usize = 6;

/// The sequences of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benchmark {
    /// Their folders, sorted by name; two at least.
    pub sequences: Vec<PathBuf>,
    /// The one that is meant.
    pub current: usize,
}

impl Benchmark {
    /// The benchmark that a sequence's folder lies in, where there are others beside it.
    #[must_use]
    pub fn around(sequence: &Path) -> Option<Self> {
        let full = crate::storage::absolute(sequence);
        let sequences = super::sequence::sequences_in(full.parent()?);
        let current = sequences.iter().position(|other| *other == full)?;
        (sequences.len() > 1).then_some(Self { sequences, current })
    }

    /// The name of a sequence.
    #[must_use]
    pub fn name(&self, place: usize) -> String {
        self.sequences.get(place).map(|path| crate::text::name(path)).unwrap_or_default()
    }

    /// The sequence after the current one, or before it.
    #[must_use]
    pub fn beside(&self, next: bool) -> Option<&Path> {
        let place =
            if next { self.current.checked_add(1)? } else { self.current.checked_sub(1)? };
        self.sequences.get(place).map(PathBuf::as_path)
    }
}

/// Results of trackers for a sequence, that lie outside of its folder: sorted by path.
#[must_use]
pub fn results_of(sequence: &Path) -> Vec<PathBuf> {
    let full = crate::storage::absolute(sequence);
    let (Some(name), Some(benchmark)) = (full.file_name(), full.parent()) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = Vec::new();
    // TrackEval's: what is below 'gt' for the sequences is below 'trackers' for the results.
    for above in benchmark.ancestors().skip(1).filter(|above| above.ends_with("gt")) {
        if let (Some(data), Ok(below)) = (above.parent(), benchmark.strip_prefix(above)) {
            folders.push(data.join("trackers").join(below));
        }
    }
    let near = [Some(benchmark), benchmark.parent()].into_iter().flatten();
    for folder in near.flat_map(|near| ["trackers", "results"].map(|kind| near.join(kind))) {
        folders.extend(benchmark.file_name().map(|own| folder.join(own)));
        folders.push(folder);
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in folders {
        for file in results_in(&folder, name) {
            if !found.contains(&file) && found.len() < MOST {
                found.push(file);
            }
        }
    }
    found
}

/// The results of a sequence in a folder of trackers.
fn results_in(folder: &Path, sequence: &OsStr) -> Vec<PathBuf> {
    let file = PathBuf::from(sequence);
    let named = |folder: &Path| {
        let texts = ["txt", "csv"].map(|extension| {
            let mut name = file.clone().into_os_string();
            name.push(".");
            name.push(extension);
            folder.join(name)
        });
        texts.into_iter().find(|path| path.is_file())
    };
    let mut trackers: Vec<PathBuf> =
        within(folder).into_iter().flatten().take(MOST).filter(|path| path.is_dir()).collect();
    trackers.sort();
    let own = named(folder).into_iter();
    own.chain(
        trackers
            .iter()
            .filter_map(|tracker| named(&tracker.join("data")).or_else(|| named(tracker))),
    )
    .collect()
}

/// The folder of the sequence that a file of results is named after.
#[must_use]
pub fn sequence_of(result: &Path) -> Option<PathBuf> {
    let full = crate::storage::absolute(result);
    let name = full.file_stem()?;
    let folder = full.parent()?;
    for above in folder.ancestors().take(MOST_ABOVE) {
        let own = above.join(name);
        if own.is_dir() && is_sequence(&own) {
            return Some(own);
        }
        if above.ends_with("trackers")
            && let Some(data) = above.parent()
        {
            // NAME/data/SEQUENCE.txt, or NAME/SEQUENCE.txt, below the benchmark's own folder.
            let tracker = if folder.ends_with("data") { folder.parent()? } else { folder };
            let below = tracker.parent().and_then(|folder| folder.strip_prefix(above).ok());
            let own = below.map(|below| data.join("gt").join(below).join(name));
            if let Some(own) = own.filter(|own| is_sequence(own)) {
                return Some(own);
            }
        }
        // A benchmark beside the results.
        let beside = within(above).into_iter().flatten().take(MOST).map(|folder| folder.join(name));
        if let Some(own) = beside.into_iter().find(|own| own.is_dir() && is_sequence(own)) {
            return Some(own);
        }
    }
    None
}

/// What a layer is called: a tracker, where its file is named after the sequence, else the file. Of `TrackEval`'s
/// `NAME/data/SEQUENCE.txt` that is `NAME`. The `gt/gt.txt` of another sequence bears that one's name, too.
#[must_use]
pub fn layer_name(path: &Path, sequence: &str) -> String {
    let folder = parent_of(path).filter(|folder| folder.file_name().is_some());
    let of_truth = folder.as_deref().filter(|folder| folder.ends_with("gt"));
    let other = of_truth.and_then(Path::parent).and_then(Path::file_name);
    if let Some(other) = other.filter(|other| !sequence.is_empty() && *other != sequence) {
        return format!("{} {}", crate::text::name(Path::new(other)), crate::text::name(path));
    }
    let is_named = path.file_stem().is_some_and(|stem| stem == sequence);
    let Some(folder) = folder.filter(|_| is_named) else { return crate::text::name(path) };
    let above =
        folder.parent().filter(|above| folder.ends_with("data") && above.file_name().is_some());
    crate::text::name(above.unwrap_or(&folder))
}

/// The file of another sequence that is to it what `path` is to the sequence in the folder `from`: the same place
/// in its folder, or the same folder of results.
#[must_use]
pub fn counterpart(path: &Path, from: &Path, to: &Path) -> Option<PathBuf> {
    let [path, from, to] = [path, from, to].map(crate::storage::absolute);
    let (old, new) = (from.file_name()?, to.file_name()?);
    let found = if let Ok(within) = path.strip_prefix(&from) {
        to.join(within)
    } else if path.file_stem() == Some(old) {
        let mut name = new.to_owned();
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    } else {
        return None;
    };
    found.is_file().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(root: &Path, name: &str) -> PathBuf {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, "1,1,0,0,9,9\n").expect("written");
        path
    }

    #[test]
    fn results_in_trackevals_folders_are_found_from_either_side() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let truth = file(root, "gt/mot_challenge/MOT17-train/MOT17-02/gt/gt.txt");
        let sequence = truth.parent().and_then(Path::parent).expect("a folder");
        let trackers = "trackers/mot_challenge/MOT17-train";
        let a = file(root, &format!("{trackers}/A/data/MOT17-02.txt"));
        let b = file(root, &format!("{trackers}/B/data/MOT17-02.txt"));
        file(root, &format!("{trackers}/B/data/MOT17-04.txt"));
        assert_eq!(results_of(sequence), [a.clone(), b]);
        assert_eq!(sequence_of(&a).as_deref(), Some(sequence));
        assert_eq!(layer_name(&a, "MOT17-02"), "A");
        assert_eq!(layer_name(&truth, "MOT17-02"), "gt.txt");
        assert_eq!(layer_name(&truth, "MOT17-04"), "MOT17-02 gt.txt", "another sequence's");
    }

    #[test]
    fn results_beside_a_benchmark_are_found_from_either_side() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let truth = file(root, "MOT17/train/S1/gt/gt.txt");
        let sequence = truth.parent().and_then(Path::parent).expect("a folder");
        let near = file(root, "MOT17/results/sort/S1.txt");
        let own = file(root, "MOT17/train/results/S1.txt");
        let named = file(root, "MOT17/results/train/bytetrack/S1.csv");
        let found = results_of(sequence);
        assert_eq!(found, [own, named, near.clone()]);
        assert_eq!(sequence_of(&near).as_deref(), Some(sequence));
        assert_eq!(layer_name(&near, "S1"), "sort");
        assert_eq!(sequence_of(&file(root, "elsewhere/S9.txt")), None);
    }

    #[test]
    fn the_sequences_of_a_benchmark_are_walked_with_their_results() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let sequences = ["A", "B", "C"].map(|name| {
            file(root, &format!("train/{name}/gt/gt.txt"));
            root.join("train").join(name)
        });
        let benchmark = Benchmark::around(&sequences[1]).expect("several");
        assert_eq!((benchmark.current, benchmark.name(2)), (1, "C".to_owned()));
        assert_eq!(benchmark.beside(true), Some(&*sequences[2]));
        assert_eq!(benchmark.beside(false), Some(&*sequences[0]));
        let last = Benchmark::around(&sequences[2]).expect("several");
        assert_eq!(last.beside(true), None);

        let [of_a, of_b] = ["A", "B"].map(|name| file(root, &format!("results/sort/{name}.txt")));
        let within = ["A", "B"].map(|name| file(root, &format!("train/{name}/det/det.txt")));
        let to_b = |path: &Path| counterpart(path, &sequences[0], &sequences[1]);
        assert_eq!(to_b(&of_a), Some(of_b));
        assert_eq!(to_b(&within[0]).as_ref(), Some(&within[1]));
        assert_eq!(counterpart(&of_a, &sequences[0], &sequences[2]), None, "there is none");
        assert_eq!(to_b(&file(root, "other.txt")), None);
    }
}
