//! The only texture uploads. A picture larger than a texture may be is cut into tiles.

use crate::media::Picture;
use egui::{
    self, Color32, ColorImage, Painter, Pos2, Rect, TextureFilter, TextureHandle, TextureOptions,
};
use std::sync::Arc;

/// The picture on the screen.
#[derive(Default)]
pub struct PictureTexture {
    shown: Option<Arc<Picture>>,
    tiles: Vec<Tile>,
}

struct Tile {
    handle: TextureHandle,
    /// Left, top, right, bottom in pixels of the picture.
    bounds: [usize; 4],
}

/// Pixels stay crisp when magnified: people look at them one by one.
const OPTIONS: TextureOptions =
    TextureOptions { magnification: TextureFilter::Nearest, ..TextureOptions::LINEAR };

impl PictureTexture {
    /// Uploads `picture`, if it is not the one uploaded last.
    pub fn set(&mut self, ctx: &egui::Context, picture: &Arc<Picture>) {
        if self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, picture)) {
            return;
        }
        let side = ctx.input(|input| input.max_texture_side).max(1);
        let (width, height) = (picture.width as usize, picture.height as usize);
        let corners =
            (0..height).step_by(side).flat_map(|y| (0..width).step_by(side).map(move |x| (x, y)));
        let mut old = std::mem::take(&mut self.tiles).into_iter();
        for (x, y) in corners {
            let bounds = [x, y, (x + side).min(width), (y + side).min(height)];
            let image = cut(picture, bounds);
            let handle = match old.next() {
                // The texture is written anew in place, not made anew.
                Some(mut tile) => {
                    tile.handle.set(image, OPTIONS);
                    tile.handle
                }
                None => ctx.load_texture("picture", image, OPTIONS),
            };
            self.tiles.push(Tile { handle, bounds });
        }
        self.shown = Some(Arc::clone(picture));
    }

    /// Paints the picture; `place` maps its pixels to points.
    pub fn paint(&self, painter: &Painter, place: impl Fn([f64; 2]) -> Pos2) {
        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        for tile in &self.tiles {
            let [left, top, right, bottom] = tile.bounds.map(|side| side as f64);
            let rect = Rect::from_min_max(place([left, top]), place([right, bottom]));
            painter.image(tile.handle.id(), rect, whole, Color32::WHITE);
        }
    }
}

/// Pictures are opaque, so that there is nothing to multiply.
fn cut(picture: &Picture, [left, top, right, bottom]: [usize; 4]) -> ColorImage {
    let stride = picture.width as usize * 4;
    let size = [right - left, bottom - top];
    if size == [picture.width as usize, picture.height as usize] {
        return ColorImage::from_rgba_premultiplied(size, &picture.rgba);
    }
    let rows = (top..bottom).map(|y| &picture.rgba[y * stride + left * 4..y * stride + right * 4]);
    ColorImage::from_rgba_premultiplied(size, &rows.collect::<Vec<_>>().concat())
}
