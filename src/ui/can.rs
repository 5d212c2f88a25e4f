//! Which commands can be carried out just now, and why others can't: for menus and keys alike.

use crate::{
    inspector::{Command, Group},
    session::{Session, Target},
};

/// Whether there are annotations in a file, to which lines may be appended.
#[must_use]
pub fn can_grow(session: &Session) -> bool {
    session.first().annotations().file().storage().metadata().is_some()
}

/// Whether counting is paused, where a video is being counted.
#[must_use]
pub fn counting(session: Option<&Session>) -> Option<bool> {
    let count = session?.video_count()?;
    (!count.complete && count.broken_off.is_none()).then_some(count.paused)
}

/// Why a command can't be carried out, in a sentence; `None` where it can. `cancelled` says whether something
/// was not opened to its end, that can be again.
#[must_use]
pub fn hindrance(
    command: Command,
    session: Option<&Session>,
    cancelled: bool,
) -> Option<&'static str> {
    let group = command.info().map(|info| info.group);
    match (command, session) {
        (Command::PauseCounting, _) if counting(session).is_none() => {
            Some("No video is being counted")
        }
        (Command::Reload, None) if !cancelled => Some("Nothing is open that could be read anew"),
        (Command::ToggleFollow, Some(open)) if !can_grow(open) => Some(match open.target {
            Target::Demo => "The demo can't be followed: it is no file that grows",
            Target::Path(_) => "There is no annotation file here that could grow",
        }),
        (
            Command::OpenVideo
            | Command::AddLayers
            | Command::Flip(_)
            | Command::Export(_)
            | Command::CopyView
            | Command::CopyLink
            | Command::SaveView
            | Command::RenderFrames,
            None,
        ) => Some("Open a sequence first"),
        (Command::Sequence(way), Some(open)) => match &open.benchmark {
            None => Some("There is no other sequence beside this one"),
            Some(all) if all.beside(way.is_next()).is_some() => None,
            Some(_) if way.is_next() => Some("This is the last sequence of the benchmark"),
            Some(_) => Some("This is the first sequence of the benchmark"),
        },
        (Command::SideBySide | Command::Wipe, open)
            if open.is_none_or(|open| open.layers().len() < 2) =>
        {
            Some("There is one layer: add annotations to compare it with (Ctrl+Shift+A)")
        }
        (_, None) if matches!(group, Some(Group::Go | Group::Play)) => {
            Some("Open a sequence first")
        }
        _ => None,
    }
}
