//! The window as a whole: input to commands, commands to state, state to panels.

use super::{
    Wake,
    dialogs::{Answer, Dialogs, Kind},
    keys,
    panels::{
        self, Asked, Shown, notice, prompt::PathPrompt, timeline::Bars, transport::FrameField,
        viewport::Viewport,
    },
    theme::{self, Palette},
    what_if::Replays,
};
use crate::{
    inspector::{
        CacheKind, Command, Effect, Export, Inspector, Origin, Samples, Settings,
        export::{self, Format},
    },
    session::{Change, Opening, OpeningState, Request, Session, SharedLog, Target},
};
use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::{self, ThemePreference, Ui, ViewportCommand};
use std::{path::PathBuf, sync::Arc};

/// Where settings are kept.
const SETTINGS: &str = "settings";

/// The window.
pub struct App {
    inspector: Inspector,
    session: Option<Session>,
    opening: Option<Opening>,
    failure: Option<String>,
    samples: [Samples; 2],
    what_if: Replays,
    /// What became of the file, where the person wants to hear no more of it.
    ignored: Option<Change>,
    log: SharedLog,
    wake: Wake,
    dialogs: Dialogs,
    prompt: PathPrompt,
    frame_field: FrameField,
    viewport: Viewport,
    bars: Bars,
    /// What went wrong on other threads.
    failures: (Sender<String>, Receiver<String>),
    /// Since when something is being opened or indexed.
    busy_since: Option<f64>,
    frames_version: u64,
    title: String,
    logged_frame: Option<u32>,
}

impl App {
    /// A window that opens `request`.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext<'_>, request: Request) -> Self {
        theme::install(&cc.egui_ctx);
        let stored = cc.storage.and_then(|storage| storage.get_string(SETTINGS));
        // Settings that can't be read any more are replaced by the defaults.
        let settings = stored.and_then(|text| serde_json::from_str::<Settings>(&text).ok());
        let settings = settings.map(Settings::sane);
        let ctx = cc.egui_ctx.clone();
        let mut app = Self {
            inspector: Inspector { settings: settings.unwrap_or_default(), ..Inspector::default() },
            session: None,
            opening: None,
            failure: None,
            samples: Default::default(),
            what_if: Replays::default(),
            ignored: None,
            log: SharedLog::default(),
            wake: Arc::new(move || ctx.request_repaint()),
            dialogs: Dialogs::default(),
            prompt: PathPrompt::default(),
            frame_field: FrameField::default(),
            viewport: Viewport::default(),
            bars: Bars::default(),
            failures: bounded(4),
            busy_since: None,
            frames_version: 0,
            title: String::new(),
            logged_frame: None,
        };
        app.set_theme(&cc.egui_ctx);
        app.open(request);
        app
    }

    /// The state, for tests.
    #[must_use]
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// What is open, for tests.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The message of the last failure, for tests.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Begins to open something. What is open stays until it is there.
    pub fn open(&mut self, request: Request) {
        self.failure = None;
        let name = target_name(&request.target);
        self.log.add(Origin::Person, format!("open {name}"), false);
        self.opening = Some(Opening::start(request, self.log.clone(), Arc::clone(&self.wake)));
    }

    fn set_theme(&self, ctx: &egui::Context) {
        let dark = self.inspector.settings.dark;
        ctx.set_theme(if dark { ThemePreference::Dark } else { ThemePreference::Light });
    }

    // ---- before a repaint -----------------------------------------------------------------

    fn receive(&mut self, ctx: &egui::Context, now: f64) {
        let dropped = ctx
            .input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped {
            self.open(Request::path(path));
        }
        match self.dialogs.poll() {
            Some(Answer::Chosen(Kind::Save(export), path)) => self.save(export, path),
            Some(Answer::Chosen(Kind::File | Kind::Folder, path)) => self.open(Request::path(path)),
            Some(Answer::NoDialog(kind)) => {
                let reason = "No file dialog answered here; type the path instead.";
                match kind {
                    Kind::Save(export) => self.prompt.save(export, reason),
                    Kind::File | Kind::Folder => self.prompt.open(Some(reason)),
                }
            }
            Some(Answer::Cancelled) | None => {}
        }
        self.what_if.poll();
        if let Ok(failure) = self.failures.1.try_recv() {
            self.failure = Some(failure);
        }
        self.receive_opening();
        self.receive_frames(now);
    }

    fn receive_opening(&mut self) {
        let Some(opening) = &mut self.opening else { return };
        match opening.poll() {
            OpeningState::Working(_) => {}
            OpeningState::Ready(session) => {
                let request = opening.request.clone();
                self.opening = None;
                self.begin(*session, &request);
            }
            OpeningState::Failed(reason) => {
                self.failure = Some(reason);
                self.opening = None;
            }
            OpeningState::Over => self.opening = None,
        }
    }

    fn begin(&mut self, session: Session, request: &Request) {
        let status = session.status();
        let frame_rate = session.frame_rate();
        self.inspector.opened(Arc::clone(&status.frames), frame_rate, request.frame);
        self.inspector.settings.cache = session.leading_cache();
        self.frames_version = status.frames_version;
        if let Target::Path(path) = &request.target {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            self.inspector.settings.remember(&path);
        }
        self.failure.clone_from(&session.trouble);
        self.viewport.clear();
        self.samples = Default::default();
        self.what_if.clear();
        self.ignored = None;
        self.logged_frame = None;
        // Giving back hundreds of megabytes takes a moment, which the window does not have.
        let old = self.session.replace(session);
        // Where no thread can be had, it goes right here.
        let _ = std::thread::Builder::new().name("farewell".to_owned()).spawn(move || drop(old));
    }

    fn receive_frames(&mut self, now: f64) {
        let Some(session) = &mut self.session else { return };
        let settings = &self.inspector.settings;
        session.set_follow(settings.follow);
        for kind in CacheKind::ALL {
            let tuning = settings.tuning[kind as usize];
            if session.tuning(kind) != tuning {
                session.tune(kind, tuning);
            }
        }
        let status = session.status();
        if status.frames_version != self.frames_version {
            self.frames_version = status.frames_version;
            self.inspector.frames_changed(Arc::clone(&status.frames), now);
        }
    }

    /// Asks for the current frame and takes over what the caches did.
    fn ask(&mut self, ctx: &egui::Context, now: f64) {
        let Some(session) = &mut self.session else { return };
        if !self.inspector.frames.is_empty() {
            session.show(self.inspector.current);
            if self.logged_frame.replace(self.inspector.current) != Some(self.inspector.current) {
                let text = format!("go to frame {}", self.inspector.current);
                self.log.add(Origin::Person, text, false);
            }
        }
        session.refresh();
        self.inspector.picture_size = session.canvas_size();
        for kind in CacheKind::ALL {
            let stats = session.stats(kind);
            let behind = self.samples[kind as usize].take(now, stats);
            if let Some(wait) = behind {
                ctx.request_repaint_after_secs(wait as f32);
            }
        }
    }

    fn set_title(&mut self, ctx: &egui::Context) {
        let title = match &self.session {
            Some(session) => {
                let frame =
                    session.showing().map_or(self.inspector.current, |showing| showing.frame);
                format!("{} — frame {frame} — motscope", session.paths.name())
            }
            None => "motscope".to_owned(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    // ---- commands -------------------------------------------------------------------------

    fn carry_out(&mut self, ctx: &egui::Context, asked: Vec<Asked>, now: f64) {
        let changes =
            asked.iter().any(|asked| !matches!(asked, Asked::Point(_) | Asked::WhatIf(_)));
        for asked in asked {
            panels::viewport::point(&mut self.viewport, &asked);
            match asked {
                Asked::Command(command) => self.command(ctx, command, now),
                Asked::Open(path) => self.open(Request::path(path)),
                Asked::OpenBeside(path) => self.open(self.beside(path)),
                Asked::Dismiss => self.failure = None,
                Asked::Ignore => {
                    self.ignored = self.session.as_ref().and_then(|s| s.status().change);
                }
                Asked::Save(export, path) => self.save(export, path),
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
                Asked::ForgetRecent => self.inspector.settings.recent.clear(),
                Asked::Point(_) => {}
            }
        }
        if changes {
            ctx.request_repaint();
        }
    }

    /// The same sequence with other annotations, or read anew, at the frame that is shown.
    fn beside(&self, path: PathBuf) -> Request {
        let session = self.session.as_ref();
        Request {
            target: Target::Path(path),
            images: session.and_then(|session| session.named_images.clone()),
            video: session.and_then(|session| session.named_video.clone()),
            frame: Some(self.inspector.current),
            beside: session.map(|session| session.paths.choices.clone()).unwrap_or_default(),
        }
    }

    fn command(&mut self, ctx: &egui::Context, command: Command, now: f64) {
        // Where walking leads is logged as the frame that it leads to.
        if let Some(info) = command.info()
            && !matches!(command, Command::Step(_) | Command::First | Command::Last)
        {
            self.log.add(Origin::Person, info.tip.to_lowercase(), false);
        }
        let Some(effect) = self.inspector.apply(command, now) else {
            if command == Command::ToggleTheme {
                self.set_theme(ctx);
            }
            return;
        };
        match effect {
            Effect::PickFile => self.ask_path(Kind::File),
            Effect::PickFolder => self.ask_path(Kind::Folder),
            Effect::TypePath => self.prompt.open(None),
            Effect::TypeFrame => self.frame_field.focus = true,
            Effect::OpenDemo => self.open(Request::demo()),
            Effect::Reload => self.reload(),
            Effect::CancelOpening => self.cancel(),
            Effect::Export(export) => self.ask_path(Kind::Save(export)),
            Effect::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Effect::RetryPicture => {
                if let Some(session) = &self.session {
                    session.retry_picture(self.inspector.current);
                }
            }
        }
    }

    /// Asks for a path, beginning where the open one lies.
    fn ask_path(&mut self, kind: Kind) {
        let recent = self.inspector.settings.recent.first();
        let folder = recent.and_then(|path| path.parent()).map(std::path::Path::to_owned);
        self.dialogs.ask(kind, folder, Arc::clone(&self.wake));
    }

    /// Writes what happened into a file, on a thread of its own; the log says how it went.
    fn save(&mut self, export: Export, path: PathBuf) {
        let Some(session) = &self.session else { return };
        let format = Format::of(&path);
        let text = match export {
            Export::Walk => export::walk(&session.walk(), &session.events(), format),
            Export::Samples => export::samples(&self.samples, format),
            Export::Events => self.log.read(|log| export::events(log, format)),
        };
        let (failures, log, wake) = (self.failures.0.clone(), self.log.clone(), self.wake.clone());
        let write = move || {
            match std::fs::write(&path, text) {
                Ok(()) => log.add(Origin::Person, format!("exported {}", path.display()), false),
                Err(error) => {
                    // Whoever does not take it up has others to read.
                    let _ =
                        failures.try_send(format!("{} can't be written: {error}.", path.display()));
                }
            }
            wake();
        };
        if std::thread::Builder::new().name("export".to_owned()).spawn(write).is_err() {
            self.failure = Some("The system has no thread to spare for the export.".to_owned());
        }
    }

    fn reload(&mut self) {
        let Some(session) = &self.session else { return };
        // The annotation file that is open, which may not be the folder's first.
        let request = match (&session.target, &session.paths.annotations) {
            (Target::Path(path), annotations) => {
                self.beside(annotations.clone().unwrap_or_else(|| path.clone()))
            }
            (Target::Demo, _) => Request { frame: Some(self.inspector.current), ..Request::demo() },
        };
        self.open(request);
    }

    fn cancel(&mut self) {
        match (&self.opening, &self.session) {
            (Some(opening), _) => {
                opening.cancel();
                self.opening = None;
                self.log.add(Origin::Person, "cancel opening", false);
            }
            (None, Some(session)) => session.cancel(),
            (None, None) => {}
        }
    }

    // ---- the repaint ----------------------------------------------------------------------

    fn panels(&mut self, ui: &mut Ui, now: f64) -> Vec<Asked> {
        let mut asked = Vec::new();
        let mut shown = Shown {
            inspector: &self.inspector,
            session: self.session.as_ref(),
            opening: self.opening.is_some(),
            samples: &self.samples,
            what_if: &self.what_if,
            log: &self.log,
            palette: Palette::of(self.inspector.settings.dark),
            now,
            asked: &mut asked,
        };
        let bar =
            |name: &'static str| egui::Panel::top(name).show_separator_line(false).resizable(false);
        bar("menu").show(ui, |ui| panels::menu::show(ui, &mut shown));
        if let Some(failure) = &self.failure {
            bar("failure").show(ui, |ui| notice::failure(ui, &mut shown, failure));
        }
        let change = shown.session.and_then(|session| session.status().change);
        // A file that grows and grows is the same news.
        let kind = |change: Change| std::mem::discriminant(&change);
        let is_news = |change: &Change| self.ignored.map(kind) != Some(kind(*change));
        if let Some(change) = change.filter(is_news) {
            let path = shown.session.and_then(|session| session.paths.annotations.as_deref());
            let name = path.and_then(|path| path.file_name()).unwrap_or_default();
            let name = name.to_string_lossy();
            bar("change").show(ui, |ui| notice::change(ui, &mut shown, &name, change));
        }
        let opening = self.opening.as_mut().map(|opening| {
            let done = opening.progress();
            (format!("Opening {}", target_name(&opening.request.target)), done)
        });
        if let Some((text, done)) = opening.or_else(|| notice::work(&shown)) {
            // A bar for an instant would only make everything jump.
            let since = *self.busy_since.get_or_insert(now);
            if now - since > theme::PATIENCE {
                bar("progress").show(ui, |ui| notice::progress(ui, &mut shown, &text, done));
            }
        } else {
            self.busy_since = None;
        }
        let (field, bars) = (&mut self.frame_field, &mut self.bars);
        egui::Panel::bottom("transport").resizable(false).show(ui, |ui| {
            ui.add_space(theme::SPACE[1]);
            let with_legend = panels::transport::show(ui, &mut shown, field);
            ui.add_space(theme::SPACE[0]);
            panels::timeline::show(ui, &mut shown, bars);
            panels::strip::show(ui, &mut shown);
            if !with_legend {
                ui.horizontal_wrapped(|ui| panels::legend::show(ui, &shown));
            }
            ui.add_space(theme::SPACE[0]);
        });
        if self.inspector.settings.panel {
            egui::Panel::right("side")
                .default_size(theme::PANEL_WIDTH)
                .size_range(260.0..=(ui.available_width() * 0.5).max(261.0))
                .show(ui, |ui| panels::side::show(ui, &mut shown));
        }
        let viewport = &mut self.viewport;
        let size =
            egui::CentralPanel::no_frame().show(ui, |ui| viewport.show(ui, &mut shown)).inner;
        if self.inspector.help {
            panels::help::show(ui, &mut shown);
        }
        self.prompt.show(ui, &mut shown);
        self.inspector.viewport_size = size;
        asked
    }
}

fn target_name(target: &Target) -> String {
    match target {
        Target::Demo => "the demo".to_owned(),
        Target::Path(path) => path.display().to_string(),
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let now = ctx.input(|input| input.time);
        self.receive(&ctx, now);
        for command in keys::commands(&ctx) {
            self.command(&ctx, command, now);
        }
        if let Some(wait) = self.inspector.tick(now) {
            ctx.request_repaint_after_secs(wait as f32);
        }
        self.ask(&ctx, now);
        self.set_title(&ctx);
        let asked = self.panels(ui, now);
        self.carry_out(&ctx, asked, now);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if let Ok(text) = serde_json::to_string(&self.inspector.settings) {
            storage.set_string(SETTINGS, text);
        }
    }
}
