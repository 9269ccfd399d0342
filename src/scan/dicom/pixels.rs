//! Pixel data: fragments to frames, frames to numbers (PS3.3 C.7.6.3, PS3.5 chapter 8 and annex A).

use super::colour;
use super::dataset::{Dataset, Element, broken, items};
use super::layout::{Layout, PhotometricInterpretation};
use super::rle;
use super::tags;
use super::transfer_syntax::{Compression, TransferSyntax};
use crate::error::Result;
use crate::scan::limits::zeroed;
use crate::scan::samples::{Endian, SampleType, Samples};
use crate::scan::{Limits, jpeg, jpeg2000, jpegls};

/// All frames, samples side by side, colours as RGB.
pub(super) fn decode(
    dataset: &Dataset<'_>,
    transfer: TransferSyntax,
    layout: &Layout,
    limits: &Limits,
) -> Result<Samples> {
    let (element, floats) = element(dataset)?;
    let n = limits.check(layout.width, layout.height, layout.frames, layout.samples, layout.kind.bytes())?;
    // Decoders and colour conversion work frame by frame, in 32 bits.
    limits.check(layout.width, layout.height, 1, layout.samples, 4)?;
    let encapsulated = element.undefined || transfer.compression != Compression::None;
    let samples = if floats {
        let bytes = enough(element, n * layout.kind.bytes())?;
        Samples::from_bytes(layout.kind, bytes, n, element.encoding.endian)?
    } else if !encapsulated {
        native(element, layout, n)?
    } else {
        let mut all: Option<Samples> = None;
        for frame in frames(element, layout.frames)? {
            let frame = one(&frame, transfer.compression, layout, limits)?;
            match &mut all {
                None => all = Some(frame),
                Some(all) => {
                    all.append(frame);
                }
            }
        }
        all.unwrap_or(Samples::U8(Vec::new()))
    };
    if samples.len() < n { Err(broken("pixels are missing at its end")) } else { Ok(samples) }
}

fn element<'d, 'a>(dataset: &'d Dataset<'a>) -> Result<(&'d Element<'a>, bool)> {
    // Integer, float and double float pixel data.
    if let Some(element) = dataset.find(tags::PIXEL_DATA) {
        return Ok((element, false));
    }
    let float = dataset.find(tags::FLOAT_PIXEL_DATA).or_else(|| dataset.find(tags::DOUBLE_FLOAT_PIXEL_DATA));
    float.map(|e| (e, true)).ok_or_else(|| broken("it has no pixels"))
}

fn enough<'a>(element: &Element<'a>, bytes: usize) -> Result<&'a [u8]> {
    element.bytes.get(..bytes).ok_or_else(|| broken("pixels are missing at its end"))
}

fn native(element: &Element<'_>, layout: &Layout, n: usize) -> Result<Samples> {
    if layout.allocated == 1 {
        return single_bits(enough(element, n.div_ceil(8))?, n);
    }
    let endian = element.encoding.endian;
    let size = layout.kind.bytes();
    let swapped;
    let mut bytes = element.bytes;
    if endian == Endian::Big && size == 1 && &element.vr == b"OW" {
        // Bytes in big-endian words (PS3.5 annex A.3).
        swapped = bytes.as_chunks::<2>().0.iter().flat_map(|[a, b]| [*b, *a]).collect::<Vec<u8>>();
        bytes = &swapped;
    }
    let frame_pixels = layout.pixels();
    if layout.shares_colours() && layout.kind == SampleType::U8 {
        let bytes = bytes.get(..frame_pixels * 2 * layout.frames);
        return colour::unshare(
            bytes.ok_or_else(|| broken("pixels are missing at its end"))?,
            layout.frames,
            frame_pixels,
        );
    }
    let bytes = bytes.get(..n * size).ok_or_else(|| broken("pixels are missing at its end"))?;
    let mut samples = Samples::from_bytes(layout.kind, bytes, n, endian)?;
    if layout.planar && layout.samples > 1 {
        let (pixels, per) = (frame_pixels, layout.samples);
        samples = samples.gather(n, |i| {
            let (frame, rest) = (i / (pixels * per), i % (pixels * per));
            (frame * per + rest % per) * pixels + rest / per
        })?;
    }
    used_bits(&mut samples, layout);
    colour::to_rgb(samples, layout, None)
}

/// One bit each, lowest first, without gaps between rows or frames (PS3.5 8.1.1).
fn single_bits(bytes: &[u8], n: usize) -> Result<Samples> {
    let mut out = zeroed::<u8>(n)?;
    for (eight, byte) in out.chunks_mut(8).zip(bytes) {
        for (i, to) in eight.iter_mut().enumerate() {
            *to = byte >> i & 1;
        }
    }
    Ok(Samples::U8(out))
}

/// Keeps the stored bits of each value (overlays may sit in the others) and its sign.
fn used_bits(samples: &mut Samples, layout: &Layout) {
    if layout.stored == layout.allocated {
        return;
    }
    let up = layout.allocated - 1 - layout.high_bit;
    let down = layout.allocated - layout.stored;
    macro_rules! trim {
        ($values:expr) => {
            for v in $values {
                *v = (*v << up) >> down;
            }
        };
    }
    match samples {
        Samples::U8(v) => trim!(v),
        Samples::I8(v) => trim!(v),
        Samples::U16(v) => trim!(v),
        Samples::I16(v) => trim!(v),
        Samples::U32(v) => trim!(v),
        Samples::I32(v) => trim!(v),
        _ => {}
    }
}

/// The packed bytes of each frame (PS3.5 A.4): the first item is the offset table.
fn frames<'a>(element: &Element<'a>, wanted: usize) -> Result<Vec<std::borrow::Cow<'a, [u8]>>> {
    let all = items(element);
    let Some((table, fragments)) = all.split_first() else {
        return Err(broken("its pixel data has no fragments"));
    };
    if fragments.len() < wanted {
        return Err(broken("frames are missing"));
    }
    if fragments.len() == wanted {
        return Ok(fragments.iter().map(|f| (*f).into()).collect());
    }
    if wanted == 1 {
        return Ok(vec![fragments.concat().into()]);
    }
    // Several fragments per frame: the table tells where frames begin, or else the codecs' start markers.
    let offsets: Vec<usize> =
        table.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b) as usize).collect();
    let mut starts = Vec::new();
    let mut at = 0;
    for (i, fragment) in fragments.iter().enumerate() {
        let by_marker =
            fragment.starts_with(&[0xFF, 0xD8]) || fragment.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]);
        if if offsets.len() == wanted { offsets.contains(&at) } else { by_marker } {
            starts.push(i);
        }
        at += fragment.len() + 8;
    }
    if starts.len() != wanted || starts.first() != Some(&0) {
        return Err(broken("its fragments cannot be told apart"));
    }
    let ends = starts.iter().skip(1).copied().chain([fragments.len()]);
    let frame = |(from, to): (&usize, usize)| fragments.get(*from..to).unwrap_or_default().concat().into();
    Ok(starts.iter().zip(ends).map(frame).collect())
}

fn one(packed: &[u8], compression: Compression, layout: &Layout, limits: &Limits) -> Result<Samples> {
    let (pixels, n) = (layout.pixels(), layout.pixels() * layout.samples);
    let size = layout.kind.bytes();
    let (width, height) = (layout.width, layout.height);
    let fits = |w: usize, h: usize, c: usize| {
        if (w, h, c) == (width, height, layout.samples) {
            Ok(())
        } else {
            Err(broken(&format!(
                "its header promises {width} x {height} pixels and the compressed image has {w} x {h}"
            )))
        }
    };
    match compression {
        Compression::None | Compression::Encapsulated | Compression::Rle if layout.allocated == 1 => {
            let packed_bytes = n.div_ceil(8);
            let bytes = if compression == Compression::Rle {
                rle::frame(packed, packed_bytes, 1, 1)?
            } else {
                packed.to_vec()
            };
            let bytes = bytes.get(..packed_bytes).ok_or_else(|| broken("pixels are missing at its end"))?;
            single_bits(bytes, n)
        }
        Compression::None | Compression::Encapsulated => {
            let bytes = packed.get(..n * size).ok_or_else(|| broken("pixels are missing at its end"))?;
            let mut samples = Samples::from_bytes(layout.kind, bytes, n, Endian::Little)?;
            used_bits(&mut samples, layout);
            colour::to_rgb(samples, layout, None)
        }
        Compression::Rle => {
            let bytes = rle::frame(packed, pixels, layout.samples, size)?;
            let mut samples = Samples::from_bytes(layout.kind, &bytes, n, Endian::Little)?;
            used_bits(&mut samples, layout);
            colour::to_rgb(samples, layout, None)
        }
        Compression::Jpeg => {
            let picture = jpeg::decode(packed, limits)?;
            fits(picture.width, picture.height, picture.components)?;
            let samples = colour::narrow(picture.data.into_iter().map(i64::from), n, layout.stored, layout)?;
            colour::to_rgb(samples, layout, picture.ycbcr)
        }
        Compression::JpegLs => {
            let picture = jpegls::decode(packed, limits)?;
            fits(picture.width, picture.height, picture.components)?;
            let samples = colour::narrow(picture.data.into_iter().map(i64::from), n, picture.bits, layout)?;
            colour::to_rgb(samples, layout, None)
        }
        Compression::Jpeg2000 => {
            let picture = jpeg2000::decode(packed, limits)?;
            fits(picture.width, picture.height, picture.components)?;
            // The codestream knows its precision and may disagree with the header; the header knows the sign.
            let samples = colour::narrow(picture.data.into_iter().map(i64::from), n, picture.bits, layout)?;
            // The codestream's own transform has been undone already. YBR_ICT and YBR_RCT name such a transform, so that
            // without one the values are colours.
            let stored = matches!(
                layout.photometric,
                PhotometricInterpretation::YbrFull | PhotometricInterpretation::YbrFull422
            );
            colour::to_rgb(samples, layout, Some(stored && !picture.rgb))
        }
    }
}
