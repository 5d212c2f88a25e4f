//! What a layer's boxes are, where nobody says it: as the file's name and its ids tell.

use super::Status;
use crate::{model::Role, session::Phase};
use std::path::Path;

/// What a layer's boxes are, and whether that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PresumedRole {
    pub role: Role,
    /// Whether a person, or the name of the file, says so.
    pub known: bool,
}

impl PresumedRole {
    /// As somebody said, else as the name of the file tells, else `otherwise`.
    pub fn of(said: Option<Role>, path: Option<&Path>, otherwise: Role) -> Self {
        let told = said.or_else(|| role_by_name(path?));
        Self { role: told.unwrap_or(otherwise), known: told.is_some() }
    }

    /// With what was read: boxes of which none has an id are detections, unless it is known what they are.
    pub fn with(self, status: &Status) -> Self {
        let read = status.phase == Phase::Done && status.findings.detections > 0;
        if self.known || !read {
            return self;
        }
        let has_ids = !status.tracks.tracks().is_empty();
        Self { role: if has_ids { self.role } else { Role::Detections }, known: true }
    }
}

/// What a file's boxes are, as its name and its folder tell.
#[must_use]
pub fn role_by_name(path: &Path) -> Option<Role> {
    let named = |name: Option<&std::ffi::OsStr>, wanted: &str| {
        name.is_some_and(|name| name.to_string_lossy().eq_ignore_ascii_case(wanted))
    };
    let stem_begins = |wanted: &str| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        stem.strip_prefix(wanted)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    let folder = path.parent().and_then(Path::file_name);
    if named(folder, "gt") || stem_begins("gt") {
        Some(Role::GroundTruth)
    } else if named(folder, "det") || stem_begins("det") {
        Some(Role::Detections)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analysis::TrackTable, formats::mot::Findings};
    use std::sync::Arc;

    #[test]
    fn names_and_folders_tell_what_boxes_are() {
        let role = |path: &str| role_by_name(Path::new(path));
        let truths = ["seq/gt/gt.txt", "gt.txt", "gt_val.txt"].map(role);
        assert_eq!(truths, [Some(Role::GroundTruth); 3]);
        assert_eq!(["seq/det/det.txt", "det.txt"].map(role), [Some(Role::Detections); 2]);
        let results = ["seq/results/sort.txt", "gtx.txt", "details.txt", "detector/a.txt"];
        assert_eq!(results.map(role), [None; 4]);
    }

    #[test]
    fn without_ids_boxes_are_detections_unless_it_is_known_what_they_are() {
        let findings = Arc::new(Findings { detections: 7, ..Findings::default() });
        let read =
            Status { findings, tracks: Arc::new(TrackTable::default()), ..Status::default() };
        let role = |said, path: &str| {
            let path = Some(Path::new(path));
            PresumedRole::of(said, path, Role::GroundTruth).with(&read).role
        };
        assert_eq!(role(None, "a.txt"), Role::Detections);
        assert_eq!(role(None, "gt.txt"), Role::GroundTruth);
        assert_eq!(role(Some(Role::Result), "a.txt"), Role::Result);
        let presumed = PresumedRole::of(None, None, Role::GroundTruth);
        let unread = Status { phase: Phase::Checking(0.5), ..read.clone() };
        assert_eq!(presumed.with(&unread), presumed);
    }
}
