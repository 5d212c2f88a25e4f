//! The window as a whole: input to commands, commands to state, state to panels.

use super::{
    Wake,
    dialogs::{Answer, Dialogs, Kind},
    jobs::{Control, Ended, Jobs},
    keys,
    output::ViewShot,
    panels::{
        self, Asked, Shown,
        lanes::Lanes,
        notice,
        palette::Palette as CommandPalette,
        prompt::{PathPrompt, Saved},
        side::Kept,
        timeline::Bars,
        transport::FrameField,
        viewport::Viewport,
    },
    theme::{self, Palette},
    what_if::Replays,
};
use crate::{
    inspector::{
        CacheKind, ColorBy, Command, Effect, Inspector, Origin, Pace, Rgb, Samples, Settings,
        Sieve, scene::Look,
    },
    media::Picture,
    mot::{FrameDetections, TrackTable},
    session::{Change, Opening, OpeningState, Phase, Request, Session, SharedLog, Target},
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
    lanes: Lanes,
    kept: Kept,
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
            palette: CommandPalette::default(),
            jobs: Jobs::default(),
            told: None,
            copies: bounded(1),
            pace: Pace::default(),
            look: Look::default(),
            hidden: 0,
            sifted: None,
            tracks: None,
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

    // ---- before a repaint -----------------------------------------------------------------

    fn receive(&mut self, ctx: &egui::Context, now: f64) {
        let dropped = ctx
            .input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped {
            self.open_dropped(path);
        }
        match self.dialogs.poll() {
            Some(Answer::Chosen(Kind::Save(export), path)) => self.export(export, path),
            Some(Answer::Chosen(Kind::SaveView, path)) => self.save_view(path),
            Some(Answer::Chosen(Kind::Film, path)) => self.film(path),
            Some(Answer::Chosen(Kind::File | Kind::Folder, path)) => self.open(Request::path(path)),
            Some(Answer::Chosen(Kind::Video, path)) => self.open_video(path),
            Some(Answer::NoDialog(kind)) => {
                let reason = "No file dialog answered here; type the path instead.";
                match kind {
                    Kind::Save(export) => self.prompt.save(Saved::Export(export), reason),
                    Kind::SaveView => self.prompt.save(Saved::View, reason),
                    Kind::Film => self.prompt.save(Saved::Film, reason),
                    Kind::File | Kind::Folder => self.prompt.open(Some(reason)),
                    Kind::Video => self.prompt.open_video(reason),
                }
            }
            Some(Answer::Cancelled) | None => {}
        }
        self.what_if.poll();
        self.receive_jobs(ctx, now);
        self.receive_opening();
        self.receive_frames(now);
    }

    fn receive_jobs(&mut self, ctx: &egui::Context, now: f64) {
        /// Seconds that the end of a job is told.
        const TOLD: f64 = 6.0;
        match self.jobs.poll() {
            Some(Ended::Failed(reason)) => self.failure = Some(reason),
            Some(Ended::Done(text)) => {
                self.log.add(Origin::Person, text.clone(), false);
                self.told = Some((text, now + TOLD));
                ctx.request_repaint_after_secs(TOLD as f32);
            }
            Some(Ended::Stopped) => self.log.add(Origin::Person, "stopped saving", false),
            None => {}
        }
        self.told = self.told.take().filter(|(_, until)| *until > now);
        if let Ok(picture) = self.copies.1.try_recv() {
            let size = [picture.width as usize, picture.height as usize];
            ctx.copy_image(egui::ColorImage::from_rgba_premultiplied(size, &picture.rgba));
            self.told = Some(("Copied the view".to_owned(), now + TOLD));
            ctx.request_repaint_after_secs(TOLD as f32);
        }
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
        self.lanes.clear();
        self.kept = Kept::default();
        (self.tracks, self.hinted, self.sifted) = (None, None, None);
        self.pace = Pace::default();
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
        session.align(self.inspector.alignment);
        let status = session.status();
        if self.tracks.as_ref().is_none_or(|tracks| !Arc::ptr_eq(tracks, &status.tracks)) {
            self.tracks = Some(Arc::clone(&status.tracks));
            self.inspector.tracks_changed(Arc::clone(&status.tracks));
        }
        // Places that are listed are places that a person hops to.
        let listed = self.inspector.selection.listed();
        let same = |(hinted, version): &(Arc<[u32]>, u64)| {
            Arc::ptr_eq(hinted, listed) && *version == status.frames_version
        };
        if status.phase == Phase::Done && !self.hinted.as_ref().is_some_and(same) {
            self.hinted = Some((Arc::clone(listed), status.frames_version));
            session.hint(&self.inspector.selection.suspicious_frames());
        }
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

    /// Decides how the boxes that are shown look.
    fn set_look(&mut self) {
        let Some(session) = &self.session else {
            self.look = Look::default();
            return;
        };
        let settings = &self.inspector.settings;
        let Some(showing) = session.showing() else { return };
        let sieve = self.inspector.selection.sieve();
        let same = |(boxes, of): &(Arc<FrameDetections>, Arc<Sieve>)| {
            Arc::ptr_eq(boxes, &showing.boxes) && Arc::ptr_eq(of, sieve)
        };
        if !self.sifted.as_ref().is_some_and(same) {
            let (shown, hidden) = sieve.sift(&showing.boxes.detections);
            (self.look.shown, self.hidden) = (shown.into(), hidden);
            self.sifted = Some((Arc::clone(&showing.boxes), Arc::clone(sieve)));
        }
        let trails = settings.trails;
        let speed = settings.color_by == ColorBy::Speed;
        if trails.on {
            session.ask_trails(trails.back, trails.ahead);
        } else if speed {
            session.ask_trails(1, 1);
        }
        self.look = Look {
            boxes: Arc::clone(&showing.boxes),
            shown: Arc::clone(&self.look.shown),
            meaning: session.meaning(),
            labels: settings.labels,
            selected: None,
            selected_is_here: false,
            color_by: settings.color_by,
            confidence_range: confidence_range(session),
            trails: if trails.on || speed { session.trails() } else { None },
            draw_trails: trails.on,
            trail_speed: trails.speed,
        }
        .with_selected(self.inspector.selection.id());
        self.keep_in_view();
    }

    fn keep_in_view(&mut self) {
        let id = self.inspector.selection.id().filter(|_| self.inspector.in_view);
        let boxes = &self.look.boxes.detections;
        if let Some(d) = id.and_then(|id| boxes.iter().find(|detection| detection.id == id)) {
            let (right, bottom) = (d.left + d.width.max(0.0), d.top + d.height.max(0.0));
            self.inspector.keep_in_view([d.left, d.top, right, bottom]);
        }
    }

    /// What output is made from.
    pub(super) fn parts(&self) -> Option<Parts<'_>> {
        let session = self.session.as_ref()?;
        let canvas = Palette::of(self.inspector.settings.dark).canvas;
        Some(Parts {
            session,
            inspector: &self.inspector,
            samples: &self.samples,
            log: &self.log,
            canvas: [canvas.r(), canvas.g(), canvas.b()],
            confidence_range: confidence_range(session),
        })
    }

    /// The viewport, to be drawn without the window.
    pub(super) fn shot(&self) -> Option<ViewShot> {
        ViewShot::of(&self.parts()?, &self.look)
    }

    /// Begins work that takes a while, unless some is under way.
    pub(super) fn start_job(
        &mut self,
        name: String,
        work: impl FnOnce(&Control) -> Ended + Send + 'static,
    ) {
        if !self.jobs.start(name, &self.wake.clone(), work) {
            self.failure =
                Some("Something is being saved already; wait for it, or cancel it.".to_owned());
        }
    }

    /// Draws the view on another thread, and copies it when it is there.
    fn copy_view(&mut self) {
        let Some(shot) = self.shot() else { return };
        let (send, wake) = (self.copies.0.clone(), self.wake.clone());
        let draw = move || {
            if let Some(drawn) = shot.draw() {
                // One that is not taken yet is newer than none.
                let _ = send.try_send(drawn);
                wake();
            }
        };
        // Where no thread can be had, nothing is copied, and nothing says so.
        let _ = std::thread::Builder::new().name("copy".to_owned()).spawn(draw);
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

    // ---- the repaint ----------------------------------------------------------------------

    fn panels(&mut self, ui: &mut Ui, now: f64) -> Vec<Asked> {
        let mut asked = Vec::new();
        let mut shown = Shown {
            inspector: &self.inspector,
            session: self.session.as_ref(),
            opening: self.opening.is_some(),
            look: &self.look,
            hidden: self.hidden,
            pace: &self.pace,
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
        let job = self.jobs.running().map(|(name, done)| (name.to_owned(), done));
        if let Some((text, done)) = job.or(opening).or_else(|| notice::work(&shown)) {
            // A bar for an instant would only make everything jump.
            let since = *self.busy_since.get_or_insert(now);
            if now - since > theme::PATIENCE {
                bar("progress").show(ui, |ui| notice::progress(ui, &mut shown, &text, done));
            }
        } else {
            self.busy_since = None;
        }
        let has_tracks = !self.inspector.selection.tracks().tracks().is_empty();
        // In a small window the picture comes first.
        if self.inspector.settings.lanes && has_tracks && ui.available_height() > theme::WITH_LANES
        {
            let lanes = &mut self.lanes;
            egui::Panel::bottom("lanes")
                .resizable(true)
                .default_size((ui.available_height() * 0.14).max(theme::LANES_HEIGHT))
                .size_range(54.0..=(ui.available_height() * 0.5).max(55.0))
                .show(ui, |ui| lanes.show(ui, &mut shown));
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
            let left = self.inspector.settings.panel_left;
            let side =
                if left { egui::Panel::left("side-left") } else { egui::Panel::right("side") };
            let kept = &mut self.kept;
            side.default_size(theme::PANEL_WIDTH)
                .size_range(260.0..=(ui.available_width() * 0.5).max(261.0))
                .show(ui, |ui| panels::side::show(ui, &mut shown, kept));
        }
        let viewport = &mut self.viewport;
        let central = egui::CentralPanel::no_frame().show(ui, |ui| viewport.show(ui, &mut shown));
        let size = central.inner;
        panels::welcome::show(ui, &mut shown, central.response.rect);
        if let Some((text, _)) = &self.told {
            notice::told(ui, &shown, text, central.response.rect);
        }
        if self.inspector.help {
            panels::help::show(ui, &mut shown);
        }
        self.palette.show(ui, &mut shown);
        self.prompt.show(ui, &mut shown);
        self.inspector.viewport_size = size;
        asked
    }
}

/// What output is made from.
pub(super) struct Parts<'a> {
    pub session: &'a Session,
    pub inspector: &'a Inspector,
    pub samples: &'a [Samples; 2],
    pub log: &'a SharedLog,
    /// The colour around the picture.
    pub canvas: Rgb,
    pub confidence_range: [f64; 2],
}

/// Least and highest confidence, as far as the file was read.
fn confidence_range(session: &Session) -> [f64; 2] {
    session.status().findings.confidence_range.unwrap_or([0.0, 1.0])
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
    }
}
