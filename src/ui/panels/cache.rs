//! The cache at work: plots over time and numbers.

use super::{Shown, bytes, grouped};
use crate::{
    cache::Stats,
    inspector::{CacheKind, Command, Sample},
    session::Session,
    ui::theme,
};
use egui::{self, RichText, Ui};
use egui_plot::{Line, Plot, PlotPoints};
use std::time::Duration;

/// Seconds that the plots look back.
const LOOK_BACK: f64 = 60.0;
const PLOT_HEIGHT: f32 = 92.0;

/// Shows the tab.
pub fn show(ui: &mut Ui, shown: &mut Shown<'_>) {
    egui::ScrollArea::vertical().id_salt("cache").auto_shrink(false).show(ui, |ui| {
        let kinds = kinds(shown);
        heading(ui, "Hit rate");
        let percent = |sample: &Sample| sample.hit_rate * 100.0;
        plot(ui, shown, "hit rate", &kinds, 100.0, percent, "%");
        heading(ui, "Queue depth");
        plot(ui, shown, "queue depth", &kinds, 4.0, |sample| sample.queue as f64, "");
        ui.add_space(theme::SPACE[2]);
        chooser(ui, shown, &kinds);
        ui.add_space(theme::SPACE[1]);
        let kind = chosen(shown);
        let Some(session) = shown.session else { return };
        match (kind, shown.layer()) {
            (CacheKind::Annotations, Some(layer)) => {
                if session.layers().len() > 1 {
                    layers(ui, shown, session);
                }
                numbers(ui, shown, layer.stats(), layer.snapshot().queued.len());
            }
            _ => numbers(ui, shown, session.stats(kind), session.snapshot(kind).queued.len()),
        }
    });
}

/// The cache whose numbers are shown.
#[must_use]
pub fn chosen(shown: &Shown<'_>) -> CacheKind {
    let kind = shown.inspector.settings.cache;
    if kinds(shown).contains(&kind) { kind } else { CacheKind::Annotations }
}

/// The caches that there are.
#[must_use]
pub fn kinds(shown: &Shown<'_>) -> Vec<CacheKind> {
    let pictures = shown.session.is_some_and(crate::session::Session::has_pictures);
    CacheKind::ALL.into_iter().filter(|kind| pictures || *kind == CacheKind::Annotations).collect()
}

/// Buttons that choose whose numbers are shown, in the colours of the plots.
pub fn chooser(ui: &mut Ui, shown: &mut Shown<'_>, kinds: &[CacheKind]) {
    let chosen = chosen(shown);
    ui.horizontal_wrapped(|ui| {
        for kind in kinds {
            let (swatch, _) = ui.allocate_exact_size(egui::vec2(10.0, 10.0), egui::Sense::hover());
            ui.painter().rect_filled(swatch, 2.0, shown.palette.cache(*kind));
            let hover =
                format!("Show the numbers of the cache of the {}", kind.title().to_lowercase());
            if ui.selectable_label(*kind == chosen, kind.title()).on_hover_text(hover).clicked() {
                shown.command(Command::SelectCache(*kind));
            }
        }
    });
}

/// The caches of the layers, of which the active one's numbers follow; a click makes another active.
fn layers(ui: &mut Ui, shown: &mut Shown<'_>, session: &Session) {
    let active = shown.inspector.layers.active().id;
    let columns = ["Layer", "Hit rate", "Held", "Queued"];
    egui::Grid::new("caches").num_columns(columns.len()).striped(true).show(ui, |ui| {
        for column in columns {
            ui.label(RichText::new(column).font(theme::small()).color(shown.palette.weak));
        }
        ui.end_row();
        for (place, view) in shown.inspector.layers.all().iter().enumerate() {
            let Some(layer) = session.layer(view.id) else { continue };
            let width = (ui.available_width() - 170.0).max(80.0);
            let name = format!("{} {}", place + 1, crate::text::line(&layer.name));
            let name = super::elided(ui, &name, width);
            let row = ui.selectable_label(view.id == active, name);
            if row.on_hover_text("Show the numbers of its cache").clicked() {
                shown.asked.push(super::Asked::Command(Command::Activate(view.id)));
            }
            let stats = layer.stats();
            let rate = stats.hit_rate().map(|rate| format!("{:.1} %", rate * 100.0));
            for value in [
                rate.unwrap_or_else(|| "–".to_owned()),
                grouped(stats.cache_keys as u64),
                grouped(layer.snapshot().queued.len() as u64),
            ] {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.label(value);
                });
            }
            ui.end_row();
        }
    });
    ui.add_space(theme::SPACE[1]);
}

fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::strong(theme::TYPE[1])));
}

fn plot(
    ui: &mut Ui,
    shown: &Shown<'_>,
    name: &str,
    kinds: &[CacheKind],
    at_least: f64,
    value: impl Fn(&Sample) -> f64,
    unit: &'static str,
) {
    let now = shown.now;
    let label = move |mark: egui_plot::GridMark, _: &std::ops::RangeInclusive<f64>| {
        format!("{}{unit}", mark.value.round())
    };
    let time = |mark: egui_plot::GridMark, _: &std::ops::RangeInclusive<f64>| match mark.value {
        0.0 => "now".to_owned(),
        seconds => format!("{seconds} s"),
    };
    let response = Plot::new(name)
        .height(PLOT_HEIGHT)
        .include_y(0.0)
        .include_y(at_least)
        .include_x(-LOOK_BACK)
        .include_x(0.0)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .show_x(false)
        .show_grid([false, true])
        .x_grid_spacer(|_| marks(&[-60.0, -45.0, -30.0, -15.0, 0.0], 15.0))
        .y_grid_spacer(move |input| {
            // The finest of these steps that leaves room for labels.
            let span = input.bounds.1 - input.bounds.0;
            let steps = [1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1000.0];
            let step = steps.into_iter().find(|step| span / step < 3.0).unwrap_or(10_000.0);
            let values = (0..5).map(|n| f64::from(n) * step);
            let values: Vec<f64> = values.filter(|value| *value <= input.bounds.1).collect();
            marks(&values, step)
        })
        .grid_spacing(4.0..=16.0)
        .grid_color(shown.palette.line)
        .set_margin_fraction(egui::vec2(0.04, 0.08))
        .y_axis_min_width(48.0)
        .y_axis_formatter(label)
        .x_axis_formatter(time)
        .label_formatter(|_| None)
        .show(ui, |plot| {
            for kind in kinds {
                let samples = shown.samples[*kind].iter();
                let recent = samples.filter(|sample| now - sample.time <= LOOK_BACK);
                let mut points: Vec<[f64; 2]> =
                    recent.map(|s| [s.time - now, value(s)]).filter(|p| p[1].is_finite()).collect();
                // Since the last sample nothing happened.
                if let Some(last) = points.last().copied() {
                    points.push([0.0, last[1]]);
                }
                let line = Line::new(kind.title(), PlotPoints::new(points));
                // Where both run together, the wider one is seen under the other.
                let width = if *kind == CacheKind::Annotations { 4.0 } else { 1.75 };
                plot.line(line.color(shown.palette.cache(*kind)).width(width).allow_band(false));
            }
        });
    response.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Image, true, format!("Plot of the {name} over time"))
    });
}

fn marks(values: &[f64], step_size: f64) -> Vec<egui_plot::GridMark> {
    values.iter().map(|value| egui_plot::GridMark { value: *value, step_size }).collect()
}

fn numbers(ui: &mut Ui, shown: &Shown<'_>, stats: &Stats, queued: usize) {
    let hit_rate =
        stats.hit_rate().map_or("none yet".to_owned(), |rate| format!("{:.1} %", rate * 100.0));
    let rows = [
        ("Hit rate", hit_rate, "Share of the navigations that found their frame in memory"),
        ("Hits", grouped(stats.hits), "Navigations to a frame that was in memory"),
        ("Misses", grouped(stats.misses), "Navigations to a frame that had to be loaded"),
        ("Evictions", grouped(stats.evictions), "Frames that had to make room"),
        ("Never read", grouped(stats.wasted), "Evicted frames that nobody had looked at"),
        (
            "Prefetch errors",
            grouped(stats.prefetch_errors),
            "Loads ahead of their time that failed",
        ),
        (
            "Frames held",
            format!("{} of {}", grouped(stats.cache_keys as u64), grouped(stats.max_keys as u64)),
            "Frames in memory, and their limit",
        ),
        (
            "Memory",
            format!("{} of {}", bytes(stats.bytes + stats.bytes_in_flight), bytes(stats.max_bytes)),
            "Memory taken by frames held and being loaded, and its limit",
        ),
        ("Queued", grouped(queued as u64), "Frames planned and waiting for a worker"),
        ("In flight", grouped(stats.in_flight as u64), "Frames being loaded"),
        ("Loads", grouped(stats.loads), "Loads begun since the start"),
        (
            "Load time",
            format!("{} · 95 % below {}", time(stats.load_median), time(stats.load_p95)),
            "Median of the last loads, and the time that 95 % of them stayed below",
        ),
        (
            "Late",
            format!("{} of {} played", grouped(shown.pace.late()), grouped(shown.pace.frames())),
            "Frames that were not on the screen when the next one was due",
        ),
    ];
    for (name, value, tip) in rows {
        number(ui, shown, name, value, tip);
    }
}

/// A name on the left, and its value on the right: below the name where both don't fit beside each other, and
/// on several lines where it alone does not.
fn number(ui: &mut Ui, shown: &Shown<'_>, name: &str, value: String, tip: &str) {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let width = |text: &str| {
        let galley =
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), egui::Color32::PLACEHOLDER);
        galley.size().x.ceil()
    };
    let room = ui.available_width();
    let beside = width(name) + theme::SPACE[2] + width(&value) <= room;
    let label = |ui: &mut Ui| {
        ui.label(RichText::new(name).color(shown.palette.weak)).on_hover_text(tip);
    };
    if !beside {
        label(ui);
    }
    let row = egui::vec2(room, theme::ROW - theme::SPACE[0]);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(row, layout, |ui| {
        if beside {
            label(ui);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add(egui::Label::new(value).wrap().halign(egui::Align::RIGHT));
        });
    });
}

fn time(duration: Duration) -> String {
    let micros = duration.as_secs_f64() * 1e6;
    if micros < 1000.0 { format!("{micros:.0} µs") } else { format!("{:.1} ms", micros / 1000.0) }
}
