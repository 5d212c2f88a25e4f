use super::*;
use image::{ImageFormat, Luma, Rgba};
use jpeg_encoder::{ColorType, Encoder};
use std::io::Cursor;

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
    assert_eq!(glass.rgba[..4], [200, 100, 0, 255], "its own colour");
    let clear = RgbaImage::from_pixel(3, 2, Rgba([200, 100, 0, 0]));
    let clear = decode(&bytes(DynamicImage::ImageRgba8(clear))).expect("decodes");
    assert_eq!(clear.rgba[..4], [200, 100, 0, 255], "its own colour");
    let deep = image::ImageBuffer::from_fn(2, 1, |x, _| image::LumaA([x as u16 * 9, 7_u16]));
    let deep = decode(&bytes(DynamicImage::ImageLumaA16(deep))).expect("decodes");
    assert_eq!(deep.rgba, [0, 0, 0, 255, 255, 255, 255, 255]);
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

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

/// Each row has a grey of its own, and none is black.
fn rows(height: u32) -> DynamicImage {
    let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761).wrapping_add(y * 97) >> 13) as u8;
    DynamicImage::from(RgbaImage::from_fn(64, height, |x, y| {
        Rgba([y as u8 + 50, noise(x, y) | 1, 9, 255])
    }))
}

#[test]
fn a_jpeg_that_is_cut_off_is_shown_as_far_as_it_goes_and_says_so() {
    let noise = |n: usize| (n.wrapping_mul(2_654_435_761) >> 11) as u8 | 1;
    let pixels: Vec<u8> = (0..256 * 256 * 3).map(noise).collect();
    let bytes = jpeg(&pixels, (256, 256), ColorType::Rgb, None);
    let whole = decode(&bytes).expect("decodes");
    assert_eq!(whole.damage, None);
    let half = decode(&bytes[..bytes.len() / 2]).expect("in part");
    let damage = half.damage.as_deref().expect("said");
    assert!(
        damage.starts_with("it is cut off: about 1")
            && damage.ends_with("of its 256 rows are there"),
        "{damage}"
    );
    assert_eq!(half.rgba[..256 * 4 * 100], whole.rgba[..256 * 4 * 100], "what is there is right");
    assert!(half.rgba.chunks_exact(4).all(|pixel| pixel[3] == 255));
    let end = decode(&bytes[..bytes.len() - 2]).expect("in part");
    assert!(end.damage.expect("said").contains("cut off"));
    let header = bytes.windows(2).position(|two| two == [0xFF, 0xDA]).expect("a scan") + 14;
    assert_eq!(
        decode(&bytes[..header]).err().as_deref(),
        Some("it is cut off before its first row")
    );
}

/// How a file is written.
type Writing<'a> = &'a dyn Fn(&mut Encoder<&mut Vec<u8>>);

/// Noise, as a photograph has it, with bytes that make a file of some size.
fn photograph(change: impl Fn(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let noise = |n: usize| (n.wrapping_mul(2_654_435_761) >> 11) as u8;
    let pixels: Vec<u8> = (0..256 * 256 * 3).map(|n| noise(n) / 2 + (n / 3 % 97) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    change(&mut encoder);
    encoder.encode(&pixels, 256, 256, ColorType::Rgb).expect("encodes");
    bytes
}

#[test]
fn a_jpeg_that_is_damaged_within_says_so() {
    let kinds: [(&str, Writing); 3] = [
        ("plain", &|_| ()),
        ("halved", &|e| e.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2)),
        ("restarts", &|e| e.set_restart_interval(16)),
    ];
    for (kind, change) in kinds {
        let bytes = photograph(change);
        assert_eq!(decode(&bytes).expect("decodes").damage, None, "{kind}");
        let middle = bytes.len() / 2;
        let mut zeroed = bytes.clone();
        zeroed[middle..middle + 4096].fill(0);
        let inserted = [&bytes[..middle], &bytes[1000..1700], &bytes[middle..]].concat();
        let missing = [&bytes[..middle], &bytes[middle + 1500..]].concat();
        let cut = [&bytes[..middle], &[0xFF, 0xD9]].concat();
        let repeated = [&bytes[..bytes.len() - 2], &bytes[bytes.len() - 3000..]].concat();
        let all = [zeroed, inserted, missing, cut, repeated];
        let names = ["zeroed", "inserted", "missing", "cut", "repeated"];
        for (name, damaged) in names.iter().zip(&all) {
            let damage = decode(damaged).expect("in part").damage;
            let damage = damage.unwrap_or_else(|| panic!("{kind}, {name}: not a word"));
            assert!(damage.starts_with("it is "), "{kind}, {name}: {damage}");
        }
    }
}

#[test]
fn devices_that_write_more_than_they_need_do_no_damage() {
    let bytes = photograph(|_| ());
    let end = bytes.len() - 2;
    for more in [&[0; 200][..], &[0xFF; 9], &[0, 0, 0xFF, 0xFF]] {
        let odd = [&bytes[..end], more, &bytes[end..]].concat();
        assert_eq!(decode(&odd).expect("decodes").damage, None, "{more:?}");
    }
    let progressive = photograph(|encoder| encoder.set_progressive(true));
    assert_eq!(decode(&progressive).expect("decodes").damage, None);
    // Rows of a single colour take next to no bytes.
    for size in [8, 16, 40, 200] {
        let flat =
            jpeg(&vec![77; size * size * 3], (size as u16, size as u16), ColorType::Rgb, None);
        assert_eq!(decode(&flat).expect("decodes").damage, None, "{size}");
    }
}

#[test]
fn a_picture_in_steps_whose_last_ones_are_missing_is_said_to_be_coarse() {
    let bytes = photograph(|encoder| encoder.set_progressive(true));
    let scans: Vec<usize> = memchr::memmem::find_iter(&bytes, b"\xFF\xDA").collect();
    assert!(scans.len() > 3, "it is drawn in steps");
    for (number, scan) in scans.iter().enumerate().skip(1) {
        let cut = [&bytes[..*scan], b"\xFF\xD9"].concat();
        let damage = decode(&cut).expect("coarsely").damage;
        let damage = damage.unwrap_or_else(|| panic!("before scan {number}: not a word"));
        assert!(damage.contains("its last scans are missing"), "before scan {number}: {damage}");
    }
}

#[test]
fn inks_are_right_up_to_the_right_edge_however_they_are_written() {
    // Left to right: cyan, red, black's half, no ink. Of an odd width.
    let inks = |x: usize| match x / 10 {
        0 => [255, 0, 0, 0],
        1 => [0, 255, 255, 0],
        2 => [0, 0, 0, 128],
        _ => [0; 4],
    };
    let row: Vec<u8> = (0..37).flat_map(inks).collect();
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let picture = decode(&jpeg(&row.repeat(9), (37, 9), kind, None)).expect("decodes");
        let right = [[0, 255, 255, 255], [255, 0, 0, 255], [127, 127, 127, 255], [255; 4]];
        for (y, x, expected) in [(0, 3, 0), (8, 15, 1), (4, 25, 2), (8, 36, 3)]
            .map(|(y, x, at): (usize, usize, usize)| (y, x, right[at]))
        {
            let pixel = &picture.rgba[(y * 37 + x) * 4..][..4];
            let near = pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(b) < 16);
            assert!(near, "{kind:?} {x}: {pixel:?}");
        }
    }
    // Without Adobe's mark, 0 is no ink.
    let mut plain = jpeg(&[0, 0, 255, 255].repeat(64), (8, 8), ColorType::Cmyk, None);
    let mark = plain.windows(5).position(|five| five == b"Adobe").expect("a mark");
    plain[mark] = b'X';
    let picture = decode(&plain).expect("decodes");
    assert!(near(&picture.rgba[..4], [0, 0, 255, 255]), "{:?}", &picture.rgba[..4]);
}

#[test]
fn what_belongs_behind_a_jpeg_or_before_it_is_no_damage() {
    let bytes = jpeg(&[99; 64 * 64 * 3], (64, 64), ColorType::Rgb, None);
    let thumbnail = jpeg(&[9; 8 * 8 * 3], (8, 8), ColorType::Rgb, None);
    let followed = [&bytes[..], b"more of the same file", &[0; 40]].concat();
    assert_eq!(decode(&followed).expect("decodes").damage, None);
    // A thumbnail of its own, with an end of its own, stands before.
    let exif = [b"Exif\0\0", &thumbnail[..]].concat();
    let within = jpeg(&[99; 64 * 64 * 3], (64, 64), ColorType::Rgb, Some(&exif));
    assert_eq!(decode(&within).expect("decodes").damage, None);
    let cut = decode(&within[..within.len() - 4]).expect("in part");
    assert!(cut.damage.is_some());
}

#[test]
fn what_is_cut_off_is_shown_as_far_as_it_goes_in_every_format() {
    for (format, least) in [(ImageFormat::Png, 20), (ImageFormat::Bmp, 40), (ImageFormat::Pnm, 40)]
    {
        let image = DynamicImage::from(rows(100).into_rgb8());
        let bytes = encoded(&image, format);
        let whole = decode(&bytes).expect("decodes");
        assert_eq!((whole.damage.as_deref(), whole.rgba[0]), (None, 50));
        let half =
            decode(&bytes[..bytes.len() / 2]).unwrap_or_else(|why| panic!("{format:?}: {why}"));
        let damage = half.damage.as_deref().expect("said");
        assert!(damage.contains("of its 100 rows are there"), "{format:?}: {damage}");
        let there = |row: usize| half.rgba[row * 64 * 4] > 0;
        let same =
            |row: usize| half.rgba[row * 64 * 4..][..256] == whole.rgba[row * 64 * 4..][..256];
        let found = (0..100).filter(|row| there(*row)).count();
        assert!((least..60).contains(&found), "{format:?}: {found}");
        let wrong = (0..100).filter(|row| there(*row) && !same(*row)).count();
        assert!(wrong <= 1, "{format:?}: {wrong}, but for the row that breaks off");
        assert!(decode(&bytes[..10]).is_err());
        assert!(!damage.contains("buffer"), "in words for people: {damage}");
    }
}

#[test]
fn pictures_of_portable_formats_and_moving_ones_are_read() {
    for text in ["P1\n2 1\n0 1\n", "P2\n2 1\n15\n15 0\n", "P3\n2 1\n255\n255 255 255 0 0 0\n"] {
        let picture = decode(text.as_bytes()).expect("decodes");
        assert_eq!(picture.rgba, [255, 255, 255, 255, 0, 0, 0, 255], "{text:?}");
    }
    let gif = encoded(&rows(8), ImageFormat::Gif);
    assert_eq!(decode(&gif).expect("decodes").height, 8);
    assert!(decode(b"GARBAGE").expect_err("refused").contains("GIF or PNM"));
}

#[test]
fn fine_values_are_spread_from_the_least_to_the_largest() {
    let image = image::ImageBuffer::from_fn(3, 1, |x, _| Luma([1000 + x as u16 * 1000]));
    let picture =
        decode(&encoded(&DynamicImage::ImageLuma16(image), ImageFormat::Png)).expect("decodes");
    assert_eq!(picture.range, Some([1000.0, 3000.0]));
    let greys: Vec<u8> = picture.rgba.chunks_exact(4).map(|pixel| pixel[0]).collect();
    assert_eq!(greys, [0, 128, 255]);
    let pgm = [b"P5\n2 1\n4095\n".as_slice(), &[0x01, 0x00, 0x0F, 0xFF]].concat();
    let picture = decode(&pgm).expect("decodes");
    assert_eq!((picture.rgba[0], picture.rgba[4]), (0, 255));
}

#[test]
fn fractions_signs_and_palettes_of_tiff_are_read() {
    use ::tiff::encoder::{
        TiffEncoder,
        colortype::{Gray32Float, GrayI16},
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).expect("begins");
    encoder.write_image::<Gray32Float>(3, 1, &[-0.5, f32::NAN, 0.5]).expect("encodes");
    let picture = decode(bytes.get_ref()).expect("decodes");
    assert_eq!(
        (picture.range, picture.rgba[0], picture.rgba[4], picture.rgba[8]),
        (Some([-0.5, 0.5]), 0, 0, 255)
    );
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).expect("begins");
    encoder.write_image::<GrayI16>(3, 1, &[-100, 0, 100]).expect("encodes");
    let picture = decode(bytes.get_ref()).expect("decodes");
    assert_eq!((picture.rgba[0], picture.rgba[4], picture.rgba[8]), (0, 128, 255));
    let picture = decode(&palette()).expect("decodes");
    assert_eq!(picture.rgba, [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
}

#[test]
fn the_kind_of_tiff_with_room_for_more_is_read_as_the_other_is() {
    use ::tiff::encoder::{
        TiffEncoder,
        colortype::{Gray8, RGB8},
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new_big(&mut bytes).expect("begins");
    encoder.write_image::<Gray8>(2, 1, &[100, 130]).expect("encodes");
    let picture = decode(bytes.get_ref()).expect("decodes");
    assert_eq!((picture.rgba, picture.range), (vec![100, 100, 100, 255, 130, 130, 130, 255], None));
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new_big(&mut bytes).expect("begins");
    encoder.write_image::<RGB8>(1, 1, &[200, 40, 90]).expect("encodes");
    assert_eq!(decode(bytes.get_ref()).expect("decodes").rgba, [200, 40, 90, 255]);
}

/// Two strips of two rows of red, green and blue, the table of what is in it first.
fn strips() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut entry = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        entry.extend(count.to_le_bytes());
        entry.extend(value.to_le_bytes());
        entry
    };
    let values = 8 + 2 + 9 * 12 + 4;
    let entries = [
        entry(256, 3, 1, 4),
        entry(257, 3, 1, 4),
        entry(258, 3, 3, values),
        entry(259, 3, 1, 1),
        entry(262, 3, 1, 2),
        entry(273, 4, 2, values + 6),
        entry(277, 3, 1, 3),
        entry(278, 3, 1, 2),
        entry(279, 4, 2, values + 14),
    ];
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend(entries.concat());
    bytes.extend([0; 4]);
    bytes.extend([8, 0, 8, 0, 8, 0]);
    for number in [values + 22, values + 22 + 24, 24, 24] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([200; 48]);
    bytes
}

#[test]
fn a_tiff_that_is_cut_off_is_shown_up_to_its_last_whole_row() {
    let bytes = strips();
    let whole = decode(&bytes).expect("decodes");
    assert_eq!((whole.damage, whole.rgba[15 * 4]), (None, 200));
    let half = decode(&bytes[..bytes.len() - 5]).expect("in part");
    assert_eq!(half.damage.as_deref(), Some("3 of its 4 rows are there"));
    assert_eq!((half.rgba[11 * 4], half.rgba[15 * 4]), (200, 0));
    let one = decode(&bytes[..bytes.len() - 24 - 7]).expect("in part");
    assert_eq!(one.damage.as_deref(), Some("1 of its 4 rows are there"));
    let none = decode(&bytes[..bytes.len() - 40]).expect_err("nothing is there");
    assert!(none.contains("cut off"), "{none}");
}

#[test]
fn a_deep_tiff_of_one_strip_that_is_cut_off_is_shown_as_far_as_it_goes() {
    use ::tiff::encoder::{TiffEncoder, colortype::GrayI16};
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).expect("begins");
    let levels: Vec<i16> = (0..40).flat_map(|row| [row * 10; 30]).collect();
    encoder.write_image::<GrayI16>(30, 40, &levels).expect("encodes");
    let whole = bytes.into_inner();
    assert_eq!(decode(&whole).expect("decodes").damage, None);
    // The table of what is in it, moved before the pixels, as many programs write it.
    let table = u32::from_le_bytes(whole[4..8].try_into().expect("four")) as usize;
    let (pixels, rest) = (&whole[8..table], &whole[table..]);
    let mut moved = whole[..4].to_vec();
    moved.extend(8_u32.to_le_bytes());
    let mut entries = rest.to_vec();
    let count = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
    for entry in entries[2..2 + 12 * count].chunks_exact_mut(12) {
        if u16::from_le_bytes([entry[0], entry[1]]) == 273 && entry[4] == 1 {
            let begin = 8 + rest.len() as u32;
            entry[2..4].copy_from_slice(&4_u16.to_le_bytes());
            entry[8..12].copy_from_slice(&begin.to_le_bytes());
        }
    }
    moved.extend(&entries);
    moved.extend(&pixels[..pixels.len() / 2 + 7]);
    let half = decode(&moved).expect("in part");
    assert_eq!(half.damage.as_deref(), Some("20 of its 40 rows are there"));
    assert!(half.rgba[19 * 30 * 4] > half.rgba[30 * 4], "what is there is drawn");
}

#[test]
fn a_webp_or_a_header_that_is_cut_off_is_said_to_be() {
    let webp = encoded(&rows(64), ImageFormat::WebP);
    assert_eq!(decode(&webp[..webp.len() / 2]).err().as_deref(), Some("it is cut off"));
    let bytes = jpeg(&[99; 64 * 64 * 3], (64, 64), ColorType::Rgb, None);
    for length in [4, 30, 200, 300] {
        let reason = decode(&bytes[..length]).expect_err("nothing is there");
        assert_eq!(reason, "it is cut off before its first row", "{length}");
    }
}

#[test]
fn the_size_is_known_from_the_header() {
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let turned = jpeg(&[9; 16 * 8 * 3], (16, 8), ColorType::Rgb, Some(exif));
    assert_eq!(size_of(&turned), Some([8, 16]));
    assert_eq!(size_of(&encoded(&rows(9), ImageFormat::Png)), Some([64, 9]));
    assert_eq!(size_of(b"none"), None);
}

/// Three pixels of 4 bits: red, green and blue.
fn palette() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut entry = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        entry.extend(count.to_le_bytes());
        entry.extend(value.to_le_bytes());
        entry
    };
    let entries = [
        entry(256, 3, 1, 3),
        entry(257, 3, 1, 1),
        entry(258, 3, 1, 4),
        entry(259, 3, 1, 1),
        entry(262, 3, 1, 3),
        entry(273, 4, 1, 8),
        entry(277, 3, 1, 1),
        entry(278, 3, 1, 1),
        entry(279, 4, 1, 2),
        entry(320, 3, 48, 10 + 2 + 10 * 12 + 4),
    ];
    let mut bytes = b"II*\0\x0A\0\0\0\x01\x20".to_vec();
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend(entries.concat());
    bytes.extend([0; 4]);
    for channel in 0..3 {
        bytes
            .extend((0..16).flat_map(|color| if color == channel { [0xFF, 0xFF] } else { [0, 0] }));
    }
    bytes
}
