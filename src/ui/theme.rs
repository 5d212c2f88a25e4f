//! The only colours, sizes and fonts of the window.

use crate::{
    cache::KeyState,
    inspector::{CacheKind, Rgb},
};
use egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke,
    Style, TextStyle, Theme as EguiTheme, Visuals,
};
use std::sync::Arc;

/// The spacing scale, in points.
pub const SPACE: [f32; 5] = [2.0, 4.0, 8.0, 12.0, 16.0];
/// The type scale, in points: small, body, title.
pub const TYPE: [f32; 3] = [11.5, 13.0, 16.0];
/// Height of a row in lists.
pub const ROW: f32 = 20.0;
/// Height of the timeline.
pub const TIMELINE_HEIGHT: f32 = 52.0;
/// Height of the strip of frames.
pub const STRIP_HEIGHT: f32 = 26.0;
/// Width of a frame in the strip.
pub const STRIP_CELL: f32 = 22.0;
/// Height of the live strip of the caches.
pub const LIVE_HEIGHT: f32 = 34.0;
/// Height of a window that has room for it.
pub const WITH_LIVE: f32 = 600.0;
/// Height of a window that has room for lanes.
pub const WITH_LANES: f32 = 560.0;
/// Height of a window that has room for two groups of panels, one below the other.
pub const WITH_TWO_GROUPS: f32 = 1150.0;
/// Height of the lanes of the tracks.
pub const LANES_HEIGHT: f32 = 104.0;
/// Width of a panel beside the picture, as long as nobody changes it.
pub const PANEL_WIDTH: f32 = 356.0;
/// The least width and height of a panel, and of the picture.
pub const PANEL_LEAST: f32 = 110.0;
/// Seconds before a picture on its way is said to be.
pub const PATIENCE: f64 = 0.3;

static SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf");

/// The colours of one theme.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Behind the panels.
    pub panel: Color32,
    /// Behind the picture.
    pub canvas: Color32,
    /// The picture's place where there is none.
    pub empty_picture: Color32,
    /// Fields and lists.
    pub well: Color32,
    /// Buttons.
    pub raised: Color32,
    /// Lines between things.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text that matters less.
    pub weak: Color32,
    /// The one accent: where you are, and what is chosen.
    pub accent: Color32,
    /// Something went wrong.
    pub error: Color32,
    /// Something may be wrong.
    pub warning: Color32,
    /// Bars of the profile.
    pub profile: Color32,
    cached: Color32,
    loading: Color32,
    queued: Color32,
}

const DARK: Palette = Palette {
    panel: Color32::from_rgb(0x17, 0x19, 0x1E),
    canvas: Color32::from_rgb(0x0C, 0x0D, 0x10),
    empty_picture: Color32::from_rgb(0x1B, 0x1E, 0x24),
    well: Color32::from_rgb(0x10, 0x12, 0x16),
    raised: Color32::from_rgb(0x26, 0x2A, 0x32),
    line: Color32::from_rgb(0x2C, 0x31, 0x3A),
    text: Color32::from_rgb(0xDD, 0xE1, 0xE8),
    weak: Color32::from_rgb(0x93, 0x9B, 0xA8),
    accent: Color32::from_rgb(0x5A, 0xA2, 0xFF),
    error: Color32::from_rgb(0xF2, 0x6D, 0x64),
    warning: Color32::from_rgb(0xE8, 0xB0, 0x4A),
    profile: Color32::from_rgb(0x56, 0x60, 0x70),
    cached: Color32::from_rgb(0x3F, 0xB2, 0x7F),
    loading: Color32::from_rgb(0xE8, 0xB0, 0x4A),
    queued: Color32::from_rgb(0x8B, 0x7C, 0xE8),
};

const LIGHT: Palette = Palette {
    panel: Color32::from_rgb(0xF3, 0xF4, 0xF6),
    canvas: Color32::from_rgb(0xD4, 0xD8, 0xDE),
    empty_picture: Color32::from_rgb(0xE6, 0xE9, 0xEE),
    well: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    raised: Color32::from_rgb(0xE2, 0xE6, 0xEC),
    line: Color32::from_rgb(0xCC, 0xD2, 0xDB),
    text: Color32::from_rgb(0x1B, 0x1F, 0x26),
    weak: Color32::from_rgb(0x5A, 0x63, 0x71),
    accent: Color32::from_rgb(0x1A, 0x66, 0xD9),
    error: Color32::from_rgb(0xC5, 0x30, 0x2A),
    warning: Color32::from_rgb(0x9A, 0x65, 0x00),
    profile: Color32::from_rgb(0xA9, 0xB2, 0xC0),
    cached: Color32::from_rgb(0x1F, 0x8A, 0x5B),
    loading: Color32::from_rgb(0xC9, 0x86, 0x00),
    queued: Color32::from_rgb(0x6A, 0x58, 0xD6),
};

impl Palette {
    /// The colours of the dark or the light theme.
    #[must_use]
    pub fn of(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colour of a frame's state; `None` where nothing is drawn.
    #[must_use]
    pub fn state(&self, state: KeyState) -> Option<Color32> {
        match state {
            KeyState::Cached => Some(self.cached),
            KeyState::Loading => Some(self.loading),
            KeyState::Queued => Some(self.queued),
            KeyState::Failed => Some(self.error),
            KeyState::Absent => None,
        }
    }

    /// The colour of a cache in plots.
    #[must_use]
    pub fn cache(&self, kind: CacheKind) -> Color32 {
        match kind {
            CacheKind::Annotations => self.accent,
            CacheKind::Pictures => self.warning,
        }
    }
}

/// A track's colour for egui.
#[must_use]
pub fn color([r, g, b]: Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

/// Small text.
#[must_use]
pub fn small() -> FontId {
    FontId::proportional(TYPE[0])
}

/// Semibold text.
#[must_use]
pub fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("semibold".into()))
}

/// Installs fonts and both themes.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [("plex", crate::render::REGULAR), ("plex-semibold", SEMIBOLD)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    proportional.insert(0, "plex".to_owned());
    let mut semibold = proportional.clone();
    semibold.insert(0, "plex-semibold".to_owned());
    fonts.families.insert(FontFamily::Name("semibold".into()), semibold);
    ctx.set_fonts(fonts);
    egui_material_icons::initialize(ctx);
    for (theme, palette) in [(EguiTheme::Dark, &DARK), (EguiTheme::Light, &LIGHT)] {
        ctx.style_mut_of(theme, |style| apply(style, palette, theme == EguiTheme::Dark));
    }
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}

fn apply(style: &mut Style, palette: &Palette, dark: bool) {
    style.text_styles = [
        (TextStyle::Small, FontId::proportional(TYPE[0])),
        (TextStyle::Body, FontId::proportional(TYPE[1])),
        (TextStyle::Button, FontId::proportional(TYPE[1])),
        (TextStyle::Monospace, FontId::monospace(12.0)),
        (TextStyle::Heading, strong(TYPE[2])),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(SPACE[2], SPACE[1]);
    style.spacing.button_padding = egui::vec2(SPACE[2], 3.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.interact_size.y = 22.0;
    style.visuals = visuals(palette, dark);
}

fn visuals(palette: &Palette, dark: bool) -> Visuals {
    let mut visuals = if dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.extreme_bg_color = palette.well;
    visuals.faint_bg_color = palette.well;
    visuals.hyperlink_color = palette.accent;
    visuals.error_fg_color = palette.error;
    visuals.warn_fg_color = palette.warning;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.weak_text_color = Some(palette.weak);
    visuals.selection.bg_fill = palette.accent.gamma_multiply(if dark { 0.35 } else { 0.25 });
    visuals.selection.stroke = Stroke::new(1.0, palette.text);
    let radius = CornerRadius::same(4);
    let hover = palette.raised.lerp_to_gamma(palette.text, 0.12);
    let widgets = &mut visuals.widgets;
    for (widget, fill, text) in [
        (&mut widgets.noninteractive, palette.panel, palette.text),
        (&mut widgets.inactive, palette.raised, palette.text),
        (&mut widgets.hovered, hover, palette.text),
        (&mut widgets.active, palette.accent.gamma_multiply(0.6), palette.text),
        (&mut widgets.open, hover, palette.text),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.bg_stroke = Stroke::NONE;
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.line);
    visuals
}
