use super::*;
use image::{ImageFormat, Luma, Rgba};
use jpeg_encoder::{ColorType, Encoder};

fn jpeg(pixels: &[u8], size: (u16, u16), color: ColorType, exif: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    if let Some(exif) = exif {
        encoder.add_app_segment(1, exif.to_vec()).expect("short");
    }
    encoder.encode(pixels, size.0, size.1, color).expect("encodes");
    bytes
}

fn near(pixel: &[u8], expected: [u8; 4]) -> bool {
    pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 6)
}

#[test]
fn jpegs_of_every_colour_come_as_rgba() {
    let rgb: Vec<u8> = [200, 40, 90].repeat(16 * 8);
    let picture = decode(&jpeg(&rgb, (16, 8), ColorType::Rgb, None)).expect("decodes");
    assert_eq!((picture.width, picture.height, picture.rgba.len()), (16, 8, 16 * 8 * 4));
    assert!(near(&picture.rgba[..4], [200, 40, 90, 255]), "{:?}", &picture.rgba[..4]);
    let grey = decode(&jpeg(&[120; 64], (8, 8), ColorType::Luma, None)).expect("decodes");
    assert!(near(&grey.rgba[..4], [120, 120, 120, 255]), "{:?}", &grey.rgba[..4]);
    // Half of the cyan, and no other ink.
    let cmyk: Vec<u8> = [128, 0, 0, 0].repeat(64);
    let printed = decode(&jpeg(&cmyk, (8, 8), ColorType::Cmyk, None)).expect("decodes");
    let [r, g, b, a] = printed.rgba[..4] else { panic!("a pixel") };
    assert!(r.abs_diff(127) < 12 && g > 240 && b > 240 && a == 255, "{r} {g} {b}");
}

#[test]
fn a_turned_jpeg_is_seen_upright() {
    // TIFF, big endian, one entry: orientation 6, to be turned to the right.
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    // The left half is white, and comes to lie at the top.
    let row: Vec<u8> = [[255; 24], [0; 24]].concat();
    let bytes = jpeg(&row.repeat(8), (16, 8), ColorType::Rgb, Some(exif));
    let picture = decode(&bytes).expect("decodes");
    assert_eq!((picture.width, picture.height), (8, 16));
    assert!(near(&picture.rgba[..4], [255; 4]));
    assert!(near(&picture.rgba[picture.rgba.len() - 4..], [0, 0, 0, 255]));
}

#[test]
fn deep_and_transparent_pictures_work() {
    let bytes = |image: DynamicImage| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).expect("encodes");
        bytes.into_inner()
    };
    let deep = image::ImageBuffer::from_pixel(3, 2, Luma([0x8000_u16]));
    let deep = decode(&bytes(DynamicImage::ImageLuma16(deep))).expect("decodes");
    assert!(near(&deep.rgba[..4], [128, 128, 128, 255]));
    let glass = RgbaImage::from_pixel(3, 2, Rgba([200, 100, 0, 128]));
    let glass = decode(&bytes(DynamicImage::ImageRgba8(glass))).expect("decodes");
    assert!(near(&glass.rgba[..4], [100, 50, 0, 255]), "on black");
}

#[test]
fn what_is_cut_off_or_hostile_works_or_says_why() {
    let pixels: Vec<u8> = (0..64 * 64 * 3).map(|n| (n % 251) as u8).collect();
    let whole = jpeg(&pixels, (64, 64), ColorType::Rgb, None);
    for length in [0, 2, 3, 20, whole.len() / 2, whole.len() - 2] {
        match decode(&whole[..length]) {
            Ok(picture) => assert_eq!(picture.rgba.len(), 64 * 64 * 4),
            Err(reason) => assert!(!reason.is_empty()),
        }
    }
    // A frame header that claims 65,535 x 65,535 pixels.
    let mut huge = whole;
    let header = huge.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a header");
    huge[header + 5..header + 9].copy_from_slice(&[0xFF; 4]);
    let reason = decode(&huge).expect_err("refused");
    assert!(reason.contains("larger than 16384 pixels"), "{reason}");
}
