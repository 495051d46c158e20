//! Files that are kept with records: judged by their content, never by their name. Pictures are decoded, turned upright, made
//! smaller and written anew, so that nothing but the picture is left (no place, time or owner of the camera).
//!
//! This is the only home of the `image` crate. Decoding is bounded in pixels and memory; call it on a thread that may block.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use std::io::Cursor;

/// Bytes of a picture before it is made smaller, at most.
pub const PICTURE_BYTES_MAX: usize = 20 << 20;
/// Bytes of what is kept, at most.
const KEPT_BYTES_MAX: usize = 8 << 20;
/// Longer side of a picture that is kept, in pixels.
const SIDE_MAX: u32 = 1_600;
/// Pixels of a picture that is decoded, at most (a camera of 50 megapixels).
const PIXELS_MAX: u64 = 50_000_000;
/// Longer side of a picture that is decoded, in pixels.
const DECODED_SIDE_MAX: u32 = 16_000;
/// Memory that decoding may take, in bytes.
const DECODING_BYTES_MAX: u64 = 256 << 20;
const JPEG_QUALITY: u8 = 82;

/// A file ready to be kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Prepared {
    pub media: &'static str,
    /// Ending that its name gets.
    pub ending: &'static str,
    pub content: Vec<u8>,
}

/// Why a file is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    #[error("the file is empty")]
    Empty,
    #[error("the file is too large")]
    TooLarge,
    #[error("the file is neither a JPEG, PNG or WebP picture nor a PDF")]
    OtherKind,
    #[error("the picture has more pixels than are decoded")]
    TooManyPixels,
    #[error("the picture cannot be decoded")]
    Broken,
}

/// Prepares a file for keeping: a JPEG of at most 1600 pixels a side without any other data, or a PDF as it is.
///
/// # Errors
/// [`PictureFault`]: what is wrong with the file.
pub fn prepare(content: Vec<u8>) -> Result<Prepared, PictureFault> {
    if content.is_empty() {
        return Err(PictureFault::Empty);
    }
    if content.starts_with(b"%PDF-") {
        let fits = content.len() <= KEPT_BYTES_MAX;
        return if fits {
            Ok(Prepared { media: "application/pdf", ending: "pdf", content })
        } else {
            Err(PictureFault::TooLarge)
        };
    }
    let format = format_of(&content).ok_or(PictureFault::OtherKind)?;
    if content.len() > PICTURE_BYTES_MAX {
        return Err(PictureFault::TooLarge);
    }
    let picture = smaller(upright(&content, format)?);
    let mut written = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut written, JPEG_QUALITY);
    on_white(picture).write_with_encoder(encoder).map_err(|_| PictureFault::Broken)?;
    match written.len() {
        0..=KEPT_BYTES_MAX => Ok(Prepared { media: "image/jpeg", ending: "jpg", content: written }),
        _ => Err(PictureFault::TooLarge),
    }
}

/// The format that the first bytes say.
fn format_of(content: &[u8]) -> Option<ImageFormat> {
    match content {
        [0xFF, 0xD8, 0xFF, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// The decoded picture as it was held, whatever way the camera was turned.
fn upright(content: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureFault> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(DECODED_SIDE_MAX);
    limits.max_image_height = Some(DECODED_SIDE_MAX);
    limits.max_alloc = Some(DECODING_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits);
    let judged = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => PictureFault::TooManyPixels,
        _ => PictureFault::Broken,
    };
    let mut decoder = reader.into_decoder().map_err(judged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureFault::TooManyPixels);
    }
    // A picture whose notes cannot be read is taken as it lies.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(judged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn smaller(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= SIDE_MAX {
        return picture;
    }
    picture.resize(SIDE_MAX, SIDE_MAX, FilterType::Triangle)
}

/// JPEG knows no transparency: what shows through is white.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        ((colour * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        Rgb([blend(red, alpha), blend(green, alpha), blend(blue, alpha)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let left_is_dark = |x: u32, _| if x < width / 2 { Rgb([10, 10, 10]) } else { Rgb([250, 250, 250]) };
        let mut out = Cursor::new(Vec::new());
        RgbImage::from_fn(width, height, left_is_dark).write_to(&mut out, format).expect("encodes");
        out.into_inner()
    }

    /// A JPEG with an EXIF part behind its first marker: turned by a quarter, with a place and an owner in it.
    fn jpeg_with_exif(width: u32, height: u32) -> Vec<u8> {
        let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
        tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
        tiff.extend([0x01, 0x3B, 0, 2, 0, 0, 0, 12, 0, 0, 0, 38]);
        tiff.extend([0, 0, 0, 0]);
        tiff.extend(b"GPS 30.123N\0");
        let mut part = b"Exif\0\0".to_vec();
        part.extend(tiff);
        let plain = encoded(width, height, ImageFormat::Jpeg);
        let length = u16::try_from(part.len() + 2).expect("short").to_be_bytes();
        [&plain[..2], &[0xFF, 0xE1], &length, &part, &plain[2..]].concat()
    }

    fn decoded(content: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(content, ImageFormat::Jpeg).expect("decodes").into_rgb8()
    }

    fn holds(content: &[u8], part: &[u8]) -> bool {
        content.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn pictures_are_turned_upright_and_lose_what_the_camera_wrote() {
        let content = jpeg_with_exif(40, 20);
        assert!(holds(&content, b"GPS 30.123N") && holds(&content, b"Exif"));
        let kept = prepare(content).expect("is kept");
        assert_eq!((kept.media, kept.ending), ("image/jpeg", "jpg"));
        assert!(!holds(&kept.content, b"GPS") && !holds(&kept.content, b"Exif"), "nothing but the picture is left");
        let picture = decoded(&kept.content);
        assert_eq!(picture.dimensions(), (20, 40), "turned by a quarter");
        assert!(picture.get_pixel(10, 2).0[0] < 60 && picture.get_pixel(10, 37).0[0] > 200, "the dark side is up");
    }

    #[test]
    fn large_pictures_are_made_smaller_and_small_ones_stay() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            for ((width, height), side) in [((2000, 40), (1600, 32)), ((300, 200), (300, 200))] {
                let kept = prepare(encoded(width, height, format)).expect("is kept");
                assert_eq!(decoded(&kept.content).dimensions(), side, "{format:?}");
            }
        }
    }

    #[test]
    fn what_shows_through_is_white() {
        let mut out = Cursor::new(Vec::new());
        let clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0]));
        clear.write_to(&mut out, ImageFormat::Png).expect("encodes");
        let kept = prepare(out.into_inner()).expect("is kept");
        assert!(decoded(&kept.content).get_pixel(4, 4).0.iter().all(|colour| *colour > 245));
    }

    #[test]
    fn bombs_are_refused_before_they_are_decoded() {
        // A PNG of some hundred bytes that says it is 30,000 pixels wide and high.
        let mut bomb = encoded(1, 1, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        let checksum = crc32(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&checksum);
        assert_eq!(prepare(bomb), Err(PictureFault::TooManyPixels));
        // Within the sides, too many pixels in all.
        let mut wide = encoded(1, 1, ImageFormat::Png);
        wide[16..24].copy_from_slice(&[0, 0, 0x3E, 0x80, 0, 0, 0x3E, 0x80]);
        let checksum = crc32(&wide[12..29]).to_be_bytes();
        wide[29..33].copy_from_slice(&checksum);
        assert_eq!(prepare(wide), Err(PictureFault::TooManyPixels));
    }

    #[test]
    fn the_content_decides_and_not_the_name() {
        let cases: [(&[u8], Result<&str, PictureFault>); 7] = [
            (b"", Err(PictureFault::Empty)),
            (b"MZ\x90\0", Err(PictureFault::OtherKind)),
            (b"<svg onload=alert(1)>", Err(PictureFault::OtherKind)),
            (b"GIF89a", Err(PictureFault::OtherKind)),
            (b"\xFF\xD8\xFF\xE0 no picture", Err(PictureFault::Broken)),
            (b"RIFF\0\0\0\0WEBP", Err(PictureFault::Broken)),
            (b"%PDF-1.7\n", Ok("application/pdf")),
        ];
        for (content, expected) in cases {
            let kept = prepare(content.to_vec()).map(|kept| kept.media);
            assert_eq!(kept, expected, "{:?}", String::from_utf8_lossy(content));
        }
        let large = [b"%PDF-".to_vec(), vec![b' '; KEPT_BYTES_MAX]].concat();
        assert_eq!(prepare(large), Err(PictureFault::TooLarge));
        let large = [encoded(8, 8, ImageFormat::Png), vec![0; PICTURE_BYTES_MAX]].concat();
        assert_eq!(prepare(large), Err(PictureFault::TooLarge));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        };
        !bytes.iter().fold(u32::MAX, step)
    }
}
