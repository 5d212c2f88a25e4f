//! Where the panels are.

use super::{App, Told, target_name};
use crate::{
    inspector::Accesses,
    session::Change,
    ui::{
        panels::{
            self, Asked, Shown, lanes::Lanes, live::Live, notice, timeline::Bars,
            transport::FrameField,
        },
        theme::{self, Palette},
    },
};
use egui::{self, Ui};

impl App {
    pub(super) fn panels(&mut self, ui: &mut Ui, now: f64) -> Vec<Asked> {
        let mut asked = Vec::new();
        let active = self.inspector.layers.active().id;
        let adding = self.adding.iter().map(|adding| (adding.name.clone(), adding.progress()));
        let adding: Vec<(String, f32)> = adding.collect();
        let mut shown = Shown {
            inspector: &self.inspector,
            session: self.session.as_ref(),
            opening: self.opening.is_some(),
            cancelled: self.cancelled.is_some(),
            adding: &adding,
            look: &self.look,
            looks: &self.looks,
            hidden: self.looks.of(active).map_or(0, |look| look.hidden),
            pace: &self.pace,
            samples: &self.samples,
            what_if: &self.what_if,
            log: &self.log,
            palette: Palette::of(self.inspector.settings.dark),
            now,
            asked: &mut asked,
        };
        let bar = egui::Panel::top("menu").show_separator_line(false).resizable(false);
        bar.show(ui, |ui| panels::menu::show(ui, &mut shown));
        let height = ui.available_height();
        lanes(ui, &mut shown, &mut self.lanes);
        let live = (height > theme::WITH_LIVE).then_some((&mut self.live, &self.accesses));
        transport(ui, &mut shown, &mut self.frame_field, &mut self.bars, live);
        let (dock, viewport, kept) = (&mut self.dock, &mut self.viewport, &mut self.kept);
        let central = egui::CentralPanel::no_frame();
        let picture = central.show(ui, |ui| dock.show(ui, &mut shown, viewport, kept)).inner;
        panels::welcome::show(ui, &mut shown, picture.rect);
        let change = shown.layer().and_then(|layer| layer.status().change);
        // A file that grows and grows is the same news.
        let kind = |change: Change| std::mem::discriminant(&change);
        let change = change.filter(|change| self.ignored.map(kind) != Some(kind(*change)));
        let opening = self.opening.as_mut().map(|opening| {
            let done = opening.progress();
            (format!("Opening {}", target_name(&opening.request.target)), done)
        });
        let job = self.jobs.running().map(|(name, done)| (name.to_owned(), done));
        let busy = job.or(opening).or_else(|| notice::work(&shown));
        let since = busy.is_some().then(|| self.busy_since.unwrap_or(now));
        self.busy_since = since;
        // A bar for an instant would only flicker.
        let busy = busy.filter(|_| since.is_some_and(|since| now - since > theme::PATIENCE));
        let told = [&self.failure, &self.notice, &self.warnings];
        let failure = told.into_iter().find_map(Option::as_deref);
        let mut told = notice::about_pictures(&shown);
        told.retain(|about| !self.put_away.contains(&about.text));
        if failure.is_some() || change.is_some() || busy.is_some() || !told.is_empty() {
            notice::over(ui, picture.rect, |ui| {
                if let Some(failure) = failure {
                    notice::failure(ui, &mut shown, failure);
                }
                if let Some(change) = change {
                    notice::change(ui, &mut shown, change);
                }
                for about in &told {
                    notice::pictures(ui, &mut shown, about);
                }
                if let Some((text, done)) = busy {
                    notice::progress(ui, &mut shown, &text, done);
                }
            });
        }
        if let Some(Told { text, done, .. }) = &self.told {
            notice::told(ui, &shown, text, *done, picture.rect);
        }
        if self.inspector.help {
            panels::help::show(ui, &mut shown);
        }
        self.palette.show(ui, &mut shown);
        self.saving.show(ui, &mut shown, &mut self.prompt);
        self.prompt.show(ui, &mut shown);
        self.inspector.set_viewport_size(picture.size);
        if picture.front.is_some() {
            self.inspector.arranged(picture.front);
        }
        asked
    }
}

/// The lanes of the tracks; in a small window the picture comes first.
fn lanes(ui: &mut Ui, shown: &mut Shown<'_>, lanes: &mut Lanes) {
    let layers = &shown.inspector.layers;
    let has_tracks = layers.all().iter().any(|view| !view.selection.tracks().tracks().is_empty());
    let height = ui.available_height();
    if !shown.inspector.settings.lanes || !has_tracks || height <= theme::WITH_LANES {
        return;
    }
    egui::Panel::bottom("lanes")
        .resizable(true)
        .default_size((height * 0.14).max(theme::LANES_HEIGHT))
        .size_range(54.0..=(height * 0.5).max(55.0))
        .show(ui, |ui| lanes.show(ui, shown));
}

/// Buttons, timeline, strip of frames, and in a window that has room for it the live strip of the caches.
fn transport(
    ui: &mut Ui,
    shown: &mut Shown<'_>,
    field: &mut FrameField,
    bars: &mut Bars,
    live: Option<(&mut Live, &Accesses)>,
) {
    egui::Panel::bottom("transport").resizable(false).show(ui, |ui| {
        ui.add_space(theme::SPACE[1]);
        let with_legend = panels::transport::show(ui, shown, field);
        ui.add_space(theme::SPACE[0]);
        panels::timeline::show(ui, shown, bars);
        panels::strip::show(ui, shown);
        if !with_legend {
            ui.horizontal_wrapped(|ui| panels::legend::show(ui, shown));
        }
        if let Some((live, accesses)) = live.filter(|_| shown.inspector.settings.live) {
            live.show(ui, shown, accesses);
        }
        ui.add_space(theme::SPACE[0]);
    });
}
