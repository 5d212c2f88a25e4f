//! Pictures of the square.

use super::world::{Camera, Walker};
use crate::media::Picture;
use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LinearGradient, Paint, PathBuilder, Pixmap, Point,
    Rect, SpreadMode, Stroke, Transform,
};

/// Draws frames; the empty square is drawn once.
pub struct Artist {
    camera: Camera,
    background: Pixmap,
}

type Rgb = [u8; 3];

const SHIRTS: [Rgb; 10] = [
    [0xB8, 0x3B, 0x3B],
    [0x2F, 0x5D, 0x8A],
    [0xE0, 0xA8, 0x2E],
    [0x3E, 0x7C, 0x59],
    [0x7A, 0x4B, 0x8F],
    [0xD9, 0xD4, 0xC7],
    [0x37, 0x41, 0x51],
    [0xC7, 0x6B, 0x3F],
    [0x4A, 0x9A, 0xA8],
    [0x8C, 0x2F, 0x54],
];
const TROUSERS: [Rgb; 6] = [
    [0x2B, 0x33, 0x44],
    [0x4B, 0x43, 0x3A],
    [0x1F, 0x22, 0x28],
    [0x5C, 0x64, 0x70],
    [0x3B, 0x4A, 0x66],
    [0x6B, 0x5B, 0x4A],
];
const SKINS: [Rgb; 4] =
    [[0xF0, 0xC8, 0xA8], [0xC6, 0x8E, 0x66], [0x8D, 0x5B, 0x3E], [0xE3, 0xB0, 0x8A]];
const HAIRS: [Rgb; 5] = [
    [0x2A, 0x1F, 0x18],
    [0x5A, 0x3A, 0x22],
    [0xC9, 0xA2, 0x5B],
    [0x18, 0x18, 0x1C],
    [0x8A, 0x8A, 0x8A],
];

fn paint(color: Rgb) -> Paint<'static> {
    faint(color, 255)
}

fn faint([r, g, b]: Rgb, alpha: u8) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, alpha);
    paint
}

fn scaled(color: Rgb, by: f64) -> Rgb {
    color.map(|c| (f64::from(c) * by).clamp(0.0, 255.0) as u8)
}

impl Artist {
    /// An artist for pictures of this size; `None` where a side is 0 or too large to draw.
    #[must_use]
    pub fn new(camera: Camera, width: u32, height: u32) -> Option<Self> {
        let mut background = Pixmap::new(width, height)?;
        draw_square(&mut background, &camera);
        Some(Self { camera, background })
    }

    /// The picture with these people, who are sorted farthest first.
    #[must_use]
    pub fn draw(&self, walkers: &[Walker]) -> Picture {
        let mut canvas = self.background.clone();
        for walker in walkers {
            self.shadow(&mut canvas, walker);
        }
        for walker in walkers {
            self.person(&mut canvas, walker);
        }
        Picture::new(canvas.width(), canvas.height(), canvas.take())
    }

    fn shadow(&self, canvas: &mut Pixmap, walker: &Walker) {
        let [x, y] = self.camera.project(walker.x, 0.0, walker.depth);
        let scale = self.camera.focal / walker.depth;
        // The sun stands to the left: a long, soft shadow to the right.
        for (reach, alpha) in [(0.95, 26), (0.8, 30)] {
            let rect = Rect::from_xywh(
                (x - 0.25 * scale) as f32,
                (y - 0.09 * scale) as f32,
                (1.5 * reach * scale) as f32,
                (0.18 * reach * scale) as f32,
            );
            if let Some(path) = rect.and_then(PathBuilder::from_oval) {
                canvas.fill_path(
                    &path,
                    &faint([20, 22, 40], alpha),
                    FillRule::Winding,
                    Transform::identity(),
                    None,
                );
            }
        }
    }

    fn person(&self, canvas: &mut Pixmap, walker: &Walker) {
        let pick = |list: &[Rgb], salt: u32| {
            list[(walker.id.wrapping_mul(2_654_435_761).rotate_left(salt) % list.len() as u32)
                as usize]
        };
        let (shirt, trousers) = (pick(&SHIRTS, 3), pick(&TROUSERS, 11));
        let (skin, hair) = (pick(&SKINS, 17), pick(&HAIRS, 23));
        let scale = self.camera.focal / walker.depth * walker.height / 1.75;
        let [x, ground] = self.camera.project(walker.x, 0.0, walker.depth);
        let at = |dx: f64, up: f64| [(x + dx * scale) as f32, (ground - up * scale) as f32];
        let facing = walker.velocity[0].signum();
        // Seen from the side a stride is wide, seen from behind it is not.
        let sideways =
            walker.velocity[0].abs() / walker.velocity[0].hypot(walker.velocity[1]).max(1e-9);
        let swing = walker.stride.sin() * (0.10 + 0.16 * sideways);
        let bob = 0.02 * (walker.stride * 2.0).cos();
        let line = |canvas: &mut Pixmap, from: [f32; 2], to: [f32; 2], width: f64, color: Rgb| {
            let mut path = PathBuilder::new();
            path.move_to(from[0], from[1]);
            path.line_to(to[0], to[1]);
            let stroke = Stroke {
                width: (width * scale) as f32,
                line_cap: LineCap::Round,
                ..Stroke::default()
            };
            if let Some(path) = path.finish() {
                canvas.stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
            }
        };
        // The far limbs first, a little darker.
        line(canvas, at(0.06, 1.38 + bob), at(0.08 + swing * 0.9, 0.88), 0.10, scaled(shirt, 0.7));
        line(canvas, at(0.03, 0.86), at(-swing + 0.03, 0.06), 0.16, scaled(trousers, 0.75));
        line(canvas, at(-0.03, 0.86), at(swing - 0.03, 0.05), 0.17, trousers);
        line(
            canvas,
            at(swing - 0.03, 0.04),
            at(swing - 0.03 + 0.12 * facing, 0.03),
            0.08,
            [0x22, 0x1E, 0x1C],
        );
        line(canvas, at(0.0, 0.92 + bob), at(0.0, 1.32 + bob), 0.40, shirt);
        line(canvas, at(-0.07, 0.95 + bob), at(-0.07, 1.30 + bob), 0.12, scaled(shirt, 1.18));
        line(
            canvas,
            at(-0.08, 1.38 + bob),
            at(-0.10 - swing * 0.9, 0.88),
            0.11,
            scaled(shirt, 0.9),
        );
        line(canvas, at(0.0, 1.50 + bob), at(0.0, 1.54 + bob), 0.10, scaled(skin, 0.85));
        let head = at(0.02 * facing, 1.63 + bob);
        disc(canvas, head, 0.125 * scale, hair);
        disc(canvas, at(0.045 * facing, 1.61 + bob), 0.105 * scale, skin);
    }
}

fn disc(canvas: &mut Pixmap, at: [f32; 2], radius: f64, color: Rgb) {
    if let Some(path) = PathBuilder::from_circle(at[0], at[1], radius as f32) {
        canvas.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
    }
}

fn polygon(canvas: &mut Pixmap, corners: &[[f64; 2]], paint: &Paint<'_>) {
    let mut path = PathBuilder::new();
    for (place, corner) in corners.iter().enumerate() {
        let [x, y] = corner.map(|value| value as f32);
        if place == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.close();
    if let Some(path) = path.finish() {
        canvas.fill_path(&path, paint, FillRule::Winding, Transform::identity(), None);
    }
}

fn gradient(from: (f64, Rgb), to: (f64, Rgb)) -> Paint<'static> {
    let stop = |at: f32, [r, g, b]: Rgb| GradientStop::new(at, Color::from_rgba8(r, g, b, 255));
    let shader = LinearGradient::new(
        Point::from_xy(0.0, from.0 as f32),
        Point::from_xy(0.0, to.0 as f32),
        vec![stop(0.0, from.1), stop(1.0, to.1)],
        SpreadMode::Pad,
        Transform::identity(),
    );
    Paint {
        shader: shader.unwrap_or(tiny_skia::Shader::SolidColor(Color::WHITE)),
        anti_alias: true,
        ..Paint::default()
    }
}

/// The empty square: sky, houses along its far side, paving, trees and a fountain.
fn draw_square(canvas: &mut Pixmap, camera: &Camera) {
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    let far = camera.depths[1] * 1.25;
    let [_, edge] = camera.project(0.0, 0.0, far);
    let whole = |top: f64, bottom: f64| [[0.0, top], [width, top], [width, bottom], [0.0, bottom]];
    polygon(
        canvas,
        &whole(0.0, edge),
        &gradient((0.0, [0x8F, 0xB4, 0xD6]), (edge, [0xE6, 0xE4, 0xDA])),
    );
    polygon(
        canvas,
        &whole(edge, height),
        &gradient((edge, [0xA9, 0xA3, 0x98]), (height, [0xC9, 0xC1, 0xB2])),
    );
    paving(canvas, camera, far);
    houses(canvas, camera, far);
    for x in [-0.62, -0.2, 0.36, 0.78] {
        tree(canvas, camera, x * camera.half_width(far), far * 0.93);
    }
    fountain(
        canvas,
        camera,
        camera.half_width(camera.depths[1] * 0.9) * 0.25,
        camera.depths[1] * 0.9,
    );
}

/// Slabs of four metres, drawn as their joints.
fn paving(canvas: &mut Pixmap, camera: &Camera, far: f64) {
    let near = camera.depths[0] * 0.8;
    let reach = camera.half_width(far);
    let mut joint = |from: [f64; 2], to: [f64; 2], depth: f64| {
        let mut path = PathBuilder::new();
        path.move_to(from[0] as f32, from[1] as f32);
        path.line_to(to[0] as f32, to[1] as f32);
        let width = (0.035 * camera.focal / depth).max(0.6) as f32;
        if let Some(path) = path.finish() {
            let stroke = Stroke { width, ..Stroke::default() };
            canvas.stroke_path(
                &path,
                &faint([0x6E, 0x68, 0x60], 70),
                &stroke,
                Transform::identity(),
                None,
            );
        }
    };
    let mut depth = near;
    while depth < far {
        let [_, y] = camera.project(0.0, 0.0, depth);
        joint([0.0, y], [2.0 * camera.middle, y], depth);
        depth += 4.0;
    }
    let mut x = -(reach / 4.0).ceil() * 4.0;
    while x <= reach {
        joint(camera.project(x, 0.0, far), camera.project(x, 0.0, near), camera.depths[0] * 2.0);
        x += 4.0;
    }
}

fn houses(canvas: &mut Pixmap, camera: &Camera, far: f64) {
    const WALLS: [Rgb; 6] = [
        [0xD8, 0xB4, 0x8A],
        [0xC9, 0x8F, 0x72],
        [0xE0, 0xD0, 0xA8],
        [0xA8, 0xB3, 0xA6],
        [0xCF, 0xA6, 0x9A],
        [0xBF, 0xBB, 0xAE],
    ];
    let reach = camera.half_width(far);
    let wide = reach * 2.0 / 7.0;
    for number in 0..7 {
        let left = -reach + wide * f64::from(number);
        let tall = [6.4, 7.6, 5.9, 8.2, 6.8, 7.2, 6.1][number as usize];
        let wall = WALLS[number as usize % WALLS.len()];
        let corner = |x: f64, up: f64| camera.project(x, up, far);
        let face = [
            corner(left, 0.0),
            corner(left, tall),
            corner(left + wide, tall),
            corner(left + wide, 0.0),
        ];
        polygon(canvas, &face, &paint(wall));
        let roof = [
            corner(left - 0.2, tall),
            corner(left + wide * 0.12, tall + 1.3),
            corner(left + wide * 0.88, tall + 1.3),
            corner(left + wide + 0.2, tall),
        ];
        polygon(canvas, &roof, &paint([0x7A, 0x4E, 0x40]));
        for (column, floor) in (0..3).flat_map(|c| (0..2).map(move |f| (c, f))) {
            let x = left + wide * (0.16 + 0.27 * f64::from(column));
            let up = 3.2 + 2.1 * f64::from(floor);
            if up + 1.3 > tall {
                continue;
            }
            let pane = |grow: f64| {
                [
                    corner(x - grow, up - grow),
                    corner(x - grow, up + 1.2 + grow),
                    corner(x + wide * 0.15 + grow, up + 1.2 + grow),
                    corner(x + wide * 0.15 + grow, up - grow),
                ]
            };
            polygon(canvas, &pane(0.12), &paint([0xF0, 0xEA, 0xDC]));
            polygon(canvas, &pane(0.0), &paint([0x4E, 0x60, 0x74]));
        }
        let shop = [
            corner(left + wide * 0.1, 0.0),
            corner(left + wide * 0.1, 2.3),
            corner(left + wide * 0.9, 2.3),
            corner(left + wide * 0.9, 0.0),
        ];
        polygon(canvas, &shop, &paint([0x3F, 0x46, 0x4E]));
        let awning = [
            corner(left + wide * 0.06, 2.7),
            corner(left + wide * 0.94, 2.7),
            corner(left + wide * 0.98, 2.2),
            corner(left + wide * 0.02, 2.2),
        ];
        polygon(canvas, &awning, &paint(SHIRTS[(number as usize * 3 + 1) % SHIRTS.len()]));
    }
}

fn tree(canvas: &mut Pixmap, camera: &Camera, x: f64, depth: f64) {
    let scale = camera.focal / depth;
    let trunk = [
        camera.project(x - 0.14, 0.0, depth),
        camera.project(x - 0.1, 2.4, depth),
        camera.project(x + 0.1, 2.4, depth),
        camera.project(x + 0.14, 0.0, depth),
    ];
    polygon(canvas, &trunk, &paint([0x5D, 0x4A, 0x38]));
    for (dx, up, radius, color) in [
        (0.0, 3.3, 1.25, [0x4C, 0x73, 0x4A]),
        (-0.7, 2.9, 0.85, [0x43, 0x68, 0x44]),
        (0.75, 3.0, 0.9, [0x43, 0x68, 0x44]),
        (-0.3, 3.8, 0.8, [0x5D, 0x86, 0x55]),
    ] {
        let at = camera.project(x + dx, up, depth);
        disc(canvas, at.map(|value| value as f32), radius * scale, color);
    }
}

fn fountain(canvas: &mut Pixmap, camera: &Camera, x: f64, depth: f64) {
    let scale = camera.focal / depth;
    let oval = |canvas: &mut Pixmap, up: f64, wide: f64, deep: f64, color: Rgb| {
        let [cx, cy] = camera.project(x, up, depth);
        let rect = Rect::from_xywh(
            (cx - wide * scale) as f32,
            (cy - deep * scale) as f32,
            (2.0 * wide * scale) as f32,
            (2.0 * deep * scale) as f32,
        );
        if let Some(path) = rect.and_then(PathBuilder::from_oval) {
            canvas.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
        }
    };
    oval(canvas, 0.1, 2.3, 0.42, [0x86, 0x80, 0x78]);
    oval(canvas, 0.45, 2.2, 0.40, [0xDD, 0xD7, 0xCB]);
    oval(canvas, 0.47, 1.95, 0.33, [0x6F, 0x9F, 0xB8]);
    let column = [
        camera.project(x - 0.16, 0.45, depth),
        camera.project(x - 0.1, 1.7, depth),
        camera.project(x + 0.1, 1.7, depth),
        camera.project(x + 0.16, 0.45, depth),
    ];
    polygon(canvas, &column, &paint([0xC9, 0xC2, 0xB4]));
    oval(canvas, 1.7, 0.75, 0.13, [0xDD, 0xD7, 0xCB]);
}
