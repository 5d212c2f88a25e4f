//! Colours of the four inks that are printed with.

/// Makes opaque colours of cyan, magenta, yellow and black, four bytes a pixel. `ycck` says that the first three
/// are brightness and two differences of colour, and `inverted` that 255 is no ink, as Adobe writes it.
pub(super) fn on_paper(pixels: &mut [u8], ycck: bool, inverted: bool) {
    for pixel in pixels.chunks_exact_mut(4) {
        let [mut inks @ .., black] = [pixel[0], pixel[1], pixel[2], pixel[3]];
        if ycck {
            inks = rgb(inks).map(|light| 255 - light);
        }
        let light = |ink: u8| u16::from(if inverted { ink } else { 255 - ink });
        for (channel, ink) in pixel.iter_mut().zip(inks) {
            *channel = ((light(ink) * light(black) + 127) / 255) as u8;
        }
        pixel[3] = 255;
    }
}

fn rgb([y, blue, red]: [u8; 3]) -> [u8; 3] {
    let [y, blue, red] = [f32::from(y), f32::from(blue) - 128.0, f32::from(red) - 128.0];
    [y + 1.402 * red, y - 0.344_136 * blue - 0.714_136 * red, y + 1.772 * blue]
        .map(|light| light.round() as u8)
}
