//! The window as a whole: input to commands, commands to state, state to panels.

mod layout;
mod look;
mod receive;

pub(super) use look::Parts;

use super::{
    Wake,
    dialogs::{Dialogs, Kind},
    dock::Dock,
    jobs::Jobs,
    keys,
    panels::{
        self, Asked, lanes::Lanes, palette::Palette as CommandPalette, prompt::PathPrompt,
        side::Kept, timeline::Bars, transport::FrameField, viewport::Viewport,
    },
    theme::{self},
    what_if::Replays,
};
use crate::{
    inspector::{
        CacheKind, Command, Effect, Inspector, Origin, Pace, Samples, Settings, Sieve, Way,
        scene::Look,
    },
    media::Picture,
    mot::{FrameDetections, TrackTable},
    session::{Change, Opening, Request, Session, SharedLog, Target},
};
use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::{self, ThemePreference, Ui, ViewportCommand};
use std::{path::PathBuf, sync::Arc};

/// Where settings are kept.
const SETTINGS: &str = "settings";
/// Where the places of the panels are kept.
const LAYOUT: &str = "layout";

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
    lanes: Lanes,
    kept: Kept,
    dock: Dock,
    palette: CommandPalette,
    jobs: Jobs,
    /// What a job told last, and until when it is shown.
    told: Option<(String, f64)>,
    /// A view on its way to the clipboard.
    copies: (Sender<Picture>, Receiver<Picture>),
    pace: Pace,
    look: Look,
    /// How many boxes of the frame that is shown are not, and of what that was counted.
    hidden: usize,
    sifted: Option<(Arc<FrameDetections>, Arc<Sieve>)>,
    tracks: Option<Arc<TrackTable>>,
    /// The last annotated frame.
    annotated: Option<u32>,
    hinted: Option<(Arc<[u32]>, u64)>,
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
        let layout = cc.storage.and_then(|storage| storage.get_string(LAYOUT));
        let layout = layout.and_then(|text| Dock::restored(&text));
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
            lanes: Lanes::default(),
            kept: Kept::default(),
            dock: layout.unwrap_or_default(),
            palette: CommandPalette::default(),
            jobs: Jobs::default(),
            told: None,
            copies: bounded(1),
            pace: Pace::default(),
            look: Look::default(),
            hidden: 0,
            sifted: None,
            tracks: None,
            annotated: None,
            hinted: None,
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

    /// Where the panels are, for tests.
    #[must_use]
    pub fn dock(&self) -> &Dock {
        &self.dock
    }

    /// The message of the last failure, for tests.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Lets paths be typed, even where a dialog of the system would answer: for tests.
    pub fn type_paths(&mut self) {
        self.dialogs.typed = true;
    }

    /// Begins to open something. What is open stays until it is there.
    pub fn open(&mut self, request: Request) {
        self.failure = None;
        let name = target_name(&request.target);
        self.log.add(Origin::Person, format!("open {name}"), false);
        self.opening = Some(Opening::start(request, self.log.clone(), Arc::clone(&self.wake)));
    }

    /// A video that is dropped on boxes without pictures is theirs; all else is opened.
    fn open_dropped(&mut self, path: PathBuf) {
        let bare =
            |session: &Session| session.paths.annotations.is_some() && session.pictures().is_none();
        if crate::mot::is_video(&path) && self.session.as_ref().is_some_and(bare) {
            self.open_video(path);
        } else {
            self.open(Request::path(path));
        }
    }

    /// Opens the annotations that are open once more, with a video.
    pub(super) fn open_video(&mut self, video: PathBuf) {
        let open = self.session.as_ref().and_then(|session| session.paths.annotations.clone());
        match open {
            Some(annotations) => {
                let request = self.beside(annotations);
                self.open(Request { video: Some(video), images: None, ..request });
            }
            None => self.open(Request::path(video)),
        }
    }

    fn set_theme(&self, ctx: &egui::Context) {
        let dark = self.inspector.settings.dark;
        ctx.set_theme(if dark { ThemePreference::Dark } else { ThemePreference::Light });
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
        let shown = session.showing().map(|showing| showing.frame);
        self.pace.look(&self.inspector, shown, now);
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
                Asked::OpenVideo(path) => self.open_video(path),
                Asked::Dismiss => self.failure = None,
                Asked::Ignore => {
                    self.ignored = self.session.as_ref().and_then(|s| s.status().change);
                }
                Asked::Save(export, path) => self.export(export, path),
                Asked::SaveView(path) => self.save_view(path),
                Asked::Render(path) => self.film(path),
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
        // What was found from where it was opened may not be found from the annotations alone.
        let named = |named: &Option<PathBuf>, found: &Option<PathBuf>| {
            named.clone().or_else(|| found.clone())
        };
        Request {
            target: Target::Path(path),
            images: session.and_then(|session| named(&session.named_images, &session.paths.images)),
            video: session.and_then(|session| named(&session.named_video, &session.paths.video)),
            alignment: Some(self.inspector.alignment),
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
        let had_track = self.inspector.selection.id().is_some();
        let effect = self.inspector.apply(command, now);
        match command {
            Command::Suspicion(way) => self.tell_hop(ctx, way, now),
            Command::ToggleFollow if self.inspector.settings.follow => {
                self.tell(ctx, "Following: lines that are appended are taken in", now);
            }
            Command::ToggleFollow => self.tell(ctx, "No longer following the file", now),
            other if other.needs_track() && !had_track => {
                self.tell(ctx, "Select a track first: click its box", now);
            }
            _ => {}
        }
        let Some(effect) = effect else {
            if command == Command::ToggleTheme {
                self.set_theme(ctx);
            }
            return;
        };
        match effect {
            Effect::PickFile => self.ask_path(Kind::File),
            Effect::PickFolder => self.ask_path(Kind::Folder),
            Effect::PickVideo => self.ask_path(Kind::Video),
            Effect::TypePath => self.prompt.open(None),
            Effect::TypeFrame => self.frame_field.focus = true,
            Effect::OpenDemo => self.open(Request::demo()),
            Effect::Reload => self.reload(),
            Effect::CancelOpening => self.cancel(),
            Effect::Export(export) => self.ask_path(Kind::Save(export)),
            Effect::CopyView => self.copy_view(),
            Effect::SaveView => self.ask_path(Kind::SaveView),
            Effect::RenderFrames => self.ask_path(Kind::Film),
            Effect::Arrange(arrange) => {
                let front = self.dock.arrange(arrange);
                self.inspector.arranged(front);
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
    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.failure = Some(text.into());
    }

    /// Says where a hop led, as the list may not be in sight.
    fn tell_hop(&mut self, ctx: &egui::Context, way: Way, now: f64) {
        let selection = &self.inspector.selection;
        let (at, listed) = (selection.at(), selection.listed());
        let here = |at: usize| selection.tracks().suspicions().get(*listed.get(at)? as usize);
        let suspicion = at.and_then(here).filter(|s| s.frame == self.inspector.current);
        let text = match (suspicion, at) {
            (Some(s), Some(at)) => {
                let who = s.other.map_or(s.id.to_string(), |other| format!("{} → {other}", s.id));
                let kind = s.kind.title();
                format!(
                    "{kind}, track {who}, score {:.2} ({} of {})",
                    s.score,
                    at + 1,
                    listed.len()
                )
            }
            _ if listed.is_empty() => "Nothing that is listed looks wrong".to_owned(),
            _ if way.is_next() => "Nothing looks wrong after this frame".to_owned(),
            _ => "Nothing looks wrong before this frame".to_owned(),
        };
        self.tell(ctx, text, now);
    }

    /// Tells something for a while.
    fn tell(&mut self, ctx: &egui::Context, text: impl Into<String>, now: f64) {
        /// Seconds.
        const TOLD: f64 = 3.0;
        self.told = Some((text.into(), now + TOLD));
        ctx.request_repaint_after_secs(TOLD as f32);
    }

    /// Asks for a path, beginning where the open one lies.
    fn ask_path(&mut self, kind: Kind) {
        let recent = self.inspector.settings.recent.first();
        let folder = recent.and_then(|path| path.parent()).map(std::path::Path::to_owned);
        self.dialogs.ask(kind, folder, Arc::clone(&self.wake));
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
        if self.jobs.running().is_some() {
            self.jobs.stop();
            return;
        }
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
        // While a path is typed, keys are for it alone.
        let commands = if self.prompt.is_open() { Vec::new() } else { keys::commands(&ctx) };
        for command in commands {
            self.command(&ctx, command, now);
        }
        if let Some(wait) = self.inspector.tick(now) {
            ctx.request_repaint_after_secs(wait as f32);
        }
        self.ask(&ctx, now);
        self.set_look();
        self.set_title(&ctx);
        let asked = self.panels(ui, now);
        self.carry_out(&ctx, asked, now);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if let Ok(text) = serde_json::to_string(&self.inspector.settings) {
            storage.set_string(SETTINGS, text);
        }
        if let Some(text) = self.dock.stored() {
            storage.set_string(LAYOUT, text);
        }
    }
}
