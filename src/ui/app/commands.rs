//! What was asked for is carried out, and told.

use super::{App, Told};
use crate::{
    inspector::{Command, Effect, Inspector, LayerShift, Origin, View, Way},
    media::Alignment,
    model::Role,
    output::Inputs,
    session::{LayerFile, Request, Session},
    ui::{
        can,
        dialogs::Kind,
        panels::{self, Asked, grouped, prompt::Saved},
    },
};
use egui::{self, ViewportCommand};
use std::{path::Path, sync::Arc};

impl App {
    pub(super) fn carry_out(&mut self, ctx: &egui::Context, asked: Vec<Asked>, now: f64) {
        let lasting =
            |asked: &Asked| matches!(asked, Asked::Point(_) | Asked::WhatIf(_) | Asked::Strip(_));
        let changes = asked.iter().any(|asked| !lasting(asked));
        let strip = asked.iter().find_map(|asked| match asked {
            Asked::Strip(strip) => Some(strip.clone()),
            _ => None,
        });
        if let Some(session) = &self.session {
            session.ask_strip(strip, self.inspector.is_playing());
        }
        for asked in asked {
            panels::viewport::point(&mut self.viewport, &asked);
            match asked {
                Asked::Command(command) => self.command(ctx, command, now),
                Asked::Open(path) => self.open(Request::path(path)),
                Asked::OpenRecent(path) => {
                    let together = self.inspector.settings.layers_with(&path).iter();
                    let layers = together.map(|(path, role, shift)| LayerFile {
                        path: path.clone(),
                        role: Some(*role),
                        shift: *shift,
                    });
                    let layers = layers.collect();
                    self.open(Request { layers, ..Request::path(path) });
                }
                Asked::OpenSequence(path) => self.open_sequence(path),
                Asked::OpenBeside(path) => self.open(self.beside(path)),
                Asked::AddLayer(path) => self.add_layer(path.into()),
                Asked::Rename(layer, name) => {
                    if let Some(session) = &mut self.session {
                        session.rename(layer, name);
                    }
                }
                Asked::OpenVideo(path) => self.open_video(path),
                Asked::OpenImages(path) => self.open_images(path),
                Asked::OpenStream(stream) => self.open_stream(stream),
                Asked::Dismiss => {
                    // The one that is shown.
                    let shown = self.failure.take().or_else(|| self.notice.take());
                    if shown.is_none() {
                        self.warnings = None;
                    }
                }
                Asked::Ignore => {
                    self.ignored = self.session.as_ref().and_then(|s| s.first().status().change);
                }
                Asked::Save { what, path, replace } => self.save_to(what, path, replace),
                Asked::PutAway(text) => {
                    /// More than are ever told.
                    const MOST: usize = 20;
                    self.put_away.truncate(MOST);
                    self.put_away.insert(0, text);
                }
                Asked::Filter(filter) => self.inspector.set_filter(filter),
                Asked::WhatIf(kind) => {
                    if let Some(session) = &self.session {
                        let what_if = || session.what_if(kind);
                        let of = (session.walked(), session.tuning(kind));
                        let wait = self.what_if.refresh(kind, of, now, &self.wake, what_if);
                        if let Some(wait) = wait {
                            ctx.request_repaint_after_secs(wait as f32);
                        }
                    }
                }
                Asked::Complain(text) => self.failure = Some(text),
                Asked::ForgetRecent => self.inspector.settings.forget_recent(),
                Asked::Point(_) | Asked::Strip(_) => {}
            }
        }
        if changes {
            ctx.request_repaint();
        }
    }

    pub(super) fn command(&mut self, ctx: &egui::Context, command: Command, now: f64) {
        let cancelled = self.cancelled.is_some();
        if let Some(why) = can::hindrance(command, self.session.as_ref(), cancelled) {
            self.tell(ctx, why, now);
            return;
        }
        // Where walking leads is logged as the frame that it leads to.
        if let Some(info) = command.info()
            && !matches!(command, Command::Step(_) | Command::First | Command::Last)
        {
            self.log.add(Origin::Person, info.tip.to_lowercase(), false);
        }
        // What failed is in front of all else; a frame that was found ends the search for it.
        let ends = matches!(command, Command::Back | Command::GoTo(_));
        let failed = self.failure.take_if(|_| ends);
        if command == Command::Back && failed.is_some() {
            return;
        }
        let had_track = self.inspector.selection().id().is_some();
        let before = self.inspector.current;
        let hop = self.inspector.selection().at();
        let effect = self.inspector.apply(command, now);
        match command {
            Command::Suspicion(way) => {
                let went =
                    (before, hop) != (self.inspector.current, self.inspector.selection().at());
                self.tell_hop(ctx, way, went, now);
            }
            Command::Step(by) if self.inspector.current == before => self.tell_end(ctx, by, now),
            Command::ToggleFollow if self.inspector.settings.follow => {
                self.tell(ctx, "Following: lines that are appended are taken in", now);
            }
            Command::ToggleFollow => self.tell(ctx, "No longer following the file", now),
            other if other.needs_track() && !had_track => {
                self.tell(ctx, "Select a track first: click its box", now);
            }
            _ => {}
        }
        match effect {
            Some(effect) => self.effect(ctx, effect),
            None if command == Command::ToggleTheme => self.set_theme(ctx),
            None => {}
        }
    }

    /// Does what a command asks of the world outside the state.
    fn effect(&mut self, ctx: &egui::Context, effect: Effect) {
        match effect {
            Effect::PickFile => self.ask_path(Kind::File),
            Effect::PickFolder => self.ask_path(Kind::Folder),
            Effect::PickVideo => self.ask_path(Kind::Video),
            Effect::PickLayer => self.ask_path(Kind::Layer),
            Effect::NextRole(layer) => {
                if let Some(session) = &mut self.session {
                    session.next_role(layer);
                }
                self.keep_together();
            }
            Effect::ShiftLayer(layer, by) => self.shift_layer(layer, by),
            Effect::RemoveLayer(layer) => {
                if let Some(session) = &mut self.session {
                    session.remove(layer);
                }
                self.keep_together();
            }
            Effect::TypePath => self.prompt.open(None),
            Effect::TypeFrame => self.frame_field.focus = true,
            Effect::OpenDemo => self.open(Request::demo()),
            Effect::Sequence(way) => {
                let benchmark = self.session.as_ref().and_then(|s| s.benchmark.as_ref());
                let path = benchmark.and_then(|all| all.beside(way.is_next()));
                if let Some(path) = path.map(Path::to_owned) {
                    self.open_sequence(path);
                }
            }
            Effect::Reload => self.reload(),
            Effect::ReadAs(columns) => self.read_as(columns),
            Effect::CancelOpening => self.cancel(ctx.input(|input| input.time)),
            Effect::Export(export) => self.ask_path(Kind::Save(Saved::Export(export))),
            Effect::CopyView => self.copy_view(),
            Effect::CopyLink => {
                if let Some(session) = &self.session {
                    ctx.copy_text(link(session, &self.inspector));
                    let now = ctx.input(|input| input.time);
                    self.tell(ctx, "Copied the command that opens this place", now);
                }
            }
            Effect::SaveView => self.ask_path(Kind::Save(Saved::View)),
            Effect::RenderFrames => self.ask_path(Kind::Save(Saved::Film)),
            Effect::Arrange(arrange) => {
                let front = self.dock.arrange(arrange);
                self.inspector.arranged(front);
            }
            Effect::PauseCounting => {
                if let Some(session) = &self.session {
                    let paused = session.video_count().is_some_and(|count| count.paused);
                    session.pause_counting(!paused);
                }
            }
            Effect::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Effect::RetryPicture => {
                if let Some(session) = &self.session {
                    session.retry_picture(self.inspector.current);
                }
            }
        }
    }

    /// Tells what is wrong.
    pub(in crate::ui) fn complain(&mut self, text: impl Into<String>) {
        self.failure = Some(text.into());
    }

    /// Says why a step led nowhere.
    fn tell_end(&mut self, ctx: &egui::Context, by: i32, now: f64) {
        if !self.inspector.frames.is_empty() {
            let side = if by > 0 { "after" } else { "before" };
            self.tell(ctx, format!("There is no frame {side} this one"), now);
        }
    }

    /// Says where a hop led, as the list may not be in sight.
    fn tell_hop(&mut self, ctx: &egui::Context, way: Way, went: bool, now: f64) {
        let selection = self.inspector.selection();
        let (at, listed) = (selection.at(), selection.listed());
        let suspicion = selection.suspicion().filter(|_| went);
        let text = match (suspicion, at) {
            (Some(s), Some(at)) => {
                let who = s.other.map_or(s.id.to_string(), |other| format!("{} → {other}", s.id));
                let kind = s.kind.title();
                let before = s.former.map_or(String::new(), |before| {
                    format!(", dashed: frame {}", grouped(u64::from(before.frame)))
                });
                let (certainty, at, of) = (s.certainty, at + 1, listed.len());
                format!("{kind}, track {who}, certainty {certainty:.2}{before} ({at} of {of})")
            }
            _ if listed.is_empty() => "The checks found nothing that is listed".to_owned(),
            _ if way.is_next() => "The checks found nothing after this".to_owned(),
            _ => "The checks found nothing before this".to_owned(),
        };
        self.tell(ctx, text, now);
    }

    /// Tells something for a while.
    fn tell(&mut self, ctx: &egui::Context, text: impl Into<String>, now: f64) {
        /// Seconds.
        const TOLD: f64 = 3.0;
        self.told = Some(Told { text: text.into(), until: now + TOLD, done: false });
        ctx.request_repaint();
    }

    /// Asks for a path, beginning where the open one lies.
    fn ask_path(&mut self, kind: Kind) {
        let recent = self.inspector.settings.recent.first();
        let mut folder = recent.and_then(|path| path.parent()).map(Path::to_owned);
        let name = self.offered(kind);
        // Among the pictures, what is saved would be one of them.
        if let Some(session) = self.session.as_ref().filter(|_| !name.is_empty())
            && session.inputs().folders().any(|pictures| Some(pictures) == folder.as_deref())
        {
            folder = folder.and_then(|folder| folder.parent().map(Path::to_owned));
        }
        self.dialogs.ask(kind, folder, &name, Arc::clone(&self.wake));
    }

    /// The file name that is offered for what is saved; empty for what is opened.
    pub(super) fn offered(&self, kind: Kind) -> String {
        let Kind::Save(saved) = kind else { return String::new() };
        let open = self.session.as_ref().map(|session| session.paths.name());
        // Of a file, its name without its extension.
        let stem = open.as_deref().and_then(|name| Path::new(name).file_stem()?.to_str());
        let taken = self.session.as_ref().map(|session| names(&session.inputs()));
        let taken = taken.unwrap_or_default();
        saved.file_name(stem.unwrap_or("motscope"), self.inspector.current, &taken)
    }
}

/// The command that opens what is open, at the place that is shown.
fn link(session: &Session, inspector: &Inspector) -> String {
    let full = |path: &Path| {
        let path = crate::storage::absolute(path);
        quoted(&path.display().to_string())
    };
    let mut words = vec!["motscope".to_owned()];
    for layer in session.layers() {
        let Some(path) = &layer.path else { continue };
        // Of several, the first is the ground truth by itself.
        if layer.role() == Role::GroundTruth && words.len() == 1 {
            words.push("--gt".to_owned());
        }
        words.push(full(path));
    }
    match (&session.paths.video, &session.paths.images) {
        (Some(video), _) if words.len() > 1 => words.extend(["--video".to_owned(), full(video)]),
        (Some(video), _) => words.push(full(video)),
        (None, Some(images)) if words.len() > 1 => {
            words.extend(["--images".to_owned(), full(images)]);
        }
        (None, Some(images)) => words.push(full(images)),
        (None, None) => {}
    }
    let alignment = inspector.alignment;
    if alignment != Alignment::default() {
        words.push(format!("--step={}", alignment.step));
        words.push(format!("--offset={}", alignment.offset));
    }
    for (layer, place) in session.layers().iter().zip(1..) {
        let shift = LayerShift { layer: place, frames: layer.shift() };
        words.extend((shift.frames != 0).then(|| format!("--shift={shift}")));
    }
    words.push(format!("--frame {}", inspector.current));
    words.extend(inspector.picked().map(|picked| format!("--select {picked}")));
    if inspector.view != View::Fit {
        words.push(format!("--view={}", inspector.region()));
    }
    words.join(" ")
}

/// A word as a shell takes it, whatever is in it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+=:@%,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with('-') {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The names of files that are open.
fn names(inputs: &Inputs) -> Vec<String> {
    let names = inputs.files().filter_map(Path::file_name);
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_or_heed_them() {
        assert_eq!(quoted("/data/MOT17-02/gt.txt"), "/data/MOT17-02/gt.txt");
        assert_eq!(quoted("/my data/it's.txt"), "'/my data/it'\\''s.txt'");
        assert_eq!([quoted("-x"), quoted(""), quoted("$HOME")], ["'-x'", "''", "'$HOME'"]);
    }
}
