//! The window as a whole: input to commands, commands to state, state to panels.

mod commands;
mod layout;
mod look;
mod opening;
mod receive;

pub(super) use look::Parts;

use super::{
    Wake,
    dialogs::Dialogs,
    dock::Dock,
    jobs::Jobs,
    keys,
    layer_looks::LayerLooks,
    panels::{
        lanes::Lanes, live::Live, palette::Palette as CommandPalette, prompt::PathPrompt,
        side::Kept, timeline::Bars, transport::FrameField, viewport::Viewport,
    },
    place::Placing,
    repaints::Repaints,
    saving::Saving,
    storage::{LAYOUT, SETTINGS},
    task::Task,
    theme,
    what_if::Replays,
};
use crate::{
    analysis::TrackTable,
    inspector::{
        Accesses, CacheKind, Command, Inspector, Origin, Pace, PerCache, Samples, Settings,
        scene::Look,
    },
    media::Picture,
    model::LayerId,
    session::{Adding, Change, Opening, Request, Session, SharedLog, Target},
};
use egui::{self, ThemePreference, Ui, ViewportCommand};
use std::{collections::HashMap, sync::Arc};

/// What is told for a while.
struct Told {
    text: String,
    until: f64,
    /// Whether it is that something was done.
    done: bool,
}

/// The window.
pub struct App {
    inspector: Inspector,
    session: Option<Session>,
    opening: Option<Opening>,
    /// What somebody did not want to be opened to its end, the last time.
    cancelled: Option<Request>,
    failure: Option<String>,
    /// What is told of the start, until it is put away.
    notice: Option<String>,
    /// Whether it was told that the work behind the session failed.
    failure_told: bool,
    /// What is wrong with the `seqinfo.ini` of what is open, until it is put away.
    warnings: Option<String>,
    samples: PerCache<Samples>,
    accesses: Accesses,
    what_if: Replays,
    /// What became of the file, where the person wants to hear no more of it.
    ignored: Option<Change>,
    /// What was told of the pictures, and put away.
    put_away: Vec<String>,
    log: SharedLog,
    wake: Wake,
    repaints: Repaints,
    dialogs: Dialogs,
    prompt: PathPrompt,
    saving: Saving,
    frame_field: FrameField,
    viewport: Viewport,
    bars: Bars,
    lanes: Lanes,
    live: Live,
    placing: Placing,
    kept: Kept,
    dock: Dock,
    /// Whether something was being dragged when the window was last drawn.
    dragging: bool,
    palette: CommandPalette,
    jobs: Jobs,
    told: Option<Told>,
    /// A view on its way to the clipboard.
    copies: Option<Task<Option<Picture>>>,
    pace: Pace,
    /// How the boxes of the active layer are drawn.
    look: Look,
    /// How those of the layers that are drawn are.
    looks: LayerLooks,
    tracks: HashMap<LayerId, Arc<TrackTable>>,
    /// Layers that are being added.
    adding: Vec<Adding>,
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
        // A file without any that can be read was put aside before.
        let settings = stored.and_then(|text| Settings::read(&text).ok());
        let (settings, odd) = settings.unwrap_or_default();
        let layout = cc.storage.and_then(|storage| storage.get_string(LAYOUT));
        let layout = layout.and_then(|text| Dock::restored(&text));
        let ctx = cc.egui_ctx.clone();
        let repaints = Repaints::new(ctx.clone(), is_software(cc));
        let mut app = Self {
            inspector: Inspector { settings, ..Inspector::default() },
            session: None,
            opening: None,
            cancelled: None,
            failure: None,
            notice: None,
            failure_told: false,
            warnings: None,
            samples: PerCache::default(),
            accesses: Accesses::default(),
            what_if: Replays::default(),
            ignored: None,
            put_away: Vec::new(),
            log: SharedLog::default(),
            wake: Arc::new(move || ctx.request_repaint()),
            repaints,
            dialogs: Dialogs::default(),
            prompt: PathPrompt::default(),
            saving: Saving::default(),
            frame_field: FrameField::default(),
            viewport: Viewport::default(),
            bars: Bars::default(),
            lanes: Lanes::default(),
            live: Live::default(),
            placing: Placing::default(),
            kept: Kept::default(),
            dock: layout.unwrap_or_default(),
            dragging: false,
            palette: CommandPalette::default(),
            jobs: Jobs::default(),
            told: None,
            copies: None,
            pace: Pace::default(),
            look: Look::default(),
            looks: LayerLooks::default(),
            tracks: HashMap::new(),
            adding: Vec::new(),
            annotated: None,
            hinted: None,
            busy_since: None,
            frames_version: 0,
            title: String::new(),
            logged_frame: None,
        };
        app.set_theme(&cc.egui_ctx);
        for name in odd {
            let text = format!("a setting can't be read and is as at first: {name}");
            app.log.add(Origin::Reader, text, true);
        }
        app.open(request);
        app
    }

    /// With something to tell of the start.
    #[must_use]
    pub fn with_notice(mut self, notice: Option<String>) -> Self {
        self.notice = notice;
        self
    }

    /// Carries out a command that has no key, for tests.
    pub fn carry_out_for_tests(&mut self, command: Command) {
        // Nothing that is asked of the world outside.
        let _ = self.inspector.apply(command, 0.0);
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

    fn set_theme(&self, ctx: &egui::Context) {
        let dark = self.inspector.settings.dark;
        ctx.set_theme(if dark { ThemePreference::Dark } else { ThemePreference::Light });
        ctx.request_repaint();
    }

    /// Asks for the current frame and takes over what the caches did.
    fn ask(&mut self, now: f64) {
        let Some(session) = &mut self.session else { return };
        session.set_playing(self.inspector.is_playing());
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
        let inspector = &self.inspector;
        let selected = inspector.selection().track().map(|track| track.id);
        let selected = selected.map(|id| (inspector.layers.active().id, id));
        session.compare(selected, || inspector.some_of_life(COMPARED));
        self.inspector.picture_size = session.canvas_size();
        let standing = PerCache::of(|kind| session.standing(kind));
        self.accesses.take(self.inspector.current, standing);
        for kind in CacheKind::ALL {
            let behind = self.samples[kind].take(now, standing[kind]);
            if behind.is_some() {
                self.repaints.behind();
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
}

/// Frames of a track on which it is held against those of other layers.
const COMPARED: usize = 100;

/// Whether the processor paints, for want of a graphics card.
fn is_software(cc: &eframe::CreationContext<'_>) -> bool {
    let state = cc.wgpu_render_state.as_ref();
    state.is_some_and(|state| state.adapter.get_info().device_type == eframe::wgpu::DeviceType::Cpu)
}

fn target_name(target: &Target) -> String {
    match target {
        Target::Demo => "the demo".to_owned(),
        Target::Path(path) => crate::text::path(path).to_string(),
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.repaints.painted();
        let ctx = ui.ctx().clone();
        if let Some(wait) = self.placing.look(frame) {
            ctx.request_repaint_after(wait);
        }
        let now = ctx.input(|input| input.time);
        self.receive(&ctx, now);
        // While a path is typed or a question is open, keys are for it alone.
        let kept = self.prompt.is_open() || self.saving.is_asking();
        let commands = if kept { Vec::new() } else { keys::commands(&ctx, self.dragging) };
        for command in commands {
            self.command(&ctx, command, now);
        }
        if let Some(wait) = self.inspector.tick(now) {
            ctx.request_repaint_after_secs(wait as f32);
        }
        // Of the theme that was chosen just now, and not of the one that the pass began with.
        ui.set_style(ctx.global_style());
        self.ask(now);
        self.set_look();
        self.set_title(&ctx);
        let asked = self.panels(ui, now);
        self.dragging = ctx.dragged_id().is_some();
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
