//! The JPEG processes that medical files use and that general decoders leave out: 12-bit extended sequential (SOF1)
//! and lossless (SOF3), ITU-T T.81. Eight-bit DCT images go to `zune-jpeg`; here they are decoded too where a DICOM
//! file needs the components as stored.

mod bits;
mod frame;
// Their innermost loops index what the headers were checked for.
#[allow(clippy::indexing_slicing)]
mod lossless;
#[allow(clippy::indexing_slicing)]
mod sequential;

use zune_core::bytestream::ZCursor;
use zune_core::options::DecoderOptions;

use super::Limits;
use super::limits::zeroed;
use crate::error::Result;
use bits::{Bits, Huffman};
use frame::{Component, Frame, ScanHeader, broken, unsupported};

/// A decoded image, components as stored (no colour conversion), side by side.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) components: usize,
    pub(crate) data: Vec<u16>,
    /// What the file itself says about its colours: `Some(true)` for YCbCr, `Some(false)` for RGB.
    pub(crate) ycbcr: Option<bool>,
}

/// Process (the number of the SOF marker) and bits of the first frame header.
fn frame_header(bytes: &[u8]) -> Option<(u8, u8)> {
    let mut at = 2;
    loop {
        while bytes.get(at) == Some(&0xFF) && bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).filter(|_| bytes.get(at) == Some(&0xFF))?;
        let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
        match marker {
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF => return Some((marker - 0xC0, *bytes.get(at + 4)?)),
            0xD9 | 0xDA => return None,
            _ => {}
        }
        at += 2 + usize::from(length);
    }
}

/// 12-bit and lossless images, which `zune-jpeg` cannot read.
pub(crate) fn needs_our_decoder(bytes: &[u8]) -> bool {
    frame_header(bytes).is_some_and(|(process, bits)| process == 3 || (process == 1 && bits != 8))
}

/// Decodes any JPEG that Insitu reads, without colour conversion.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    match frame_header(bytes) {
        // `zune-jpeg` refuses some old files that are only unusual.
        Some((0 | 1, 8)) => eight_bit(bytes, limits).or_else(|_| Decoder::new(bytes).run(limits)),
        Some((2, 8)) => eight_bit(bytes, limits),
        Some((1 | 3, _)) => Decoder::new(bytes).run(limits),
        Some((2, bits)) => Err(unsupported(&format!("progressive JPEG with {bits} bits"))),
        Some((9..=11, _)) => Err(unsupported("arithmetic-coded JPEG")),
        Some((_, bits)) => Err(unsupported(&format!("hierarchical or {bits}-bit JPEG"))),
        None => Err(broken("it has no frame header")),
    }
}

fn eight_bit(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let wrong = |_| broken("its pixels cannot be decoded");
    let options =
        DecoderOptions::default().set_strict_mode(false).set_max_width(65_535).set_max_height(65_535);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(wrong)?;
    let (Some((width, height)), Some(stored)) = (decoder.dimensions(), decoder.input_colorspace()) else {
        return Err(broken("it has no frame header"));
    };
    let components = stored.num_components();
    let n = limits.check(width, height, 1, components, 2)?;
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(stored));
    let mut out = zeroed::<u8>(n)?;
    decoder.decode_into(&mut out).map_err(wrong)?;
    let data = out.iter().map(|v| u16::from(*v)).collect();
    Ok(Picture { width, height, components, data, ycbcr: own_words(bytes) })
}

/// What Adobe's marker or the components' names say about the colours.
fn own_words(bytes: &[u8]) -> Option<bool> {
    let mut at = 2;
    let mut adobe = None;
    loop {
        let marker = *bytes.get(at + 1).filter(|_| bytes.get(at) == Some(&0xFF))?;
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let body = bytes.get(at + 4..at + 2 + length.max(2))?;
        match marker {
            0xEE if body.starts_with(b"Adobe") => adobe = body.get(11).map(|t| *t != 0),
            0xC0..=0xC3 => {
                let ids: Vec<u8> = body.get(6..)?.iter().step_by(3).copied().collect();
                return adobe.or_else(|| (ids == b"RGB").then_some(false));
            }
            0xDA => return adobe,
            _ => {}
        }
        at += 2 + length;
    }
}

struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    quantisation: [[f32; 64]; 4],
    dc: [Option<Huffman>; 4],
    ac: [Option<Huffman>; 4],
    restart_interval: usize,
    frame: Option<Frame>,
    /// One plane of each component.
    planes: Vec<Vec<u16>>,
}

impl<'a> Decoder<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 2,
            quantisation: [[1.0; 64]; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            restart_interval: 0,
            frame: None,
            planes: Vec::new(),
        }
    }

    fn run(mut self, limits: &Limits) -> Result<Picture> {
        let mut scanned = [false; 4];
        loop {
            while self.bytes.get(self.at) == Some(&0xFF) && self.bytes.get(self.at + 1) == Some(&0xFF) {
                self.at += 1;
            }
            let marker = match self.bytes.get(self.at..self.at + 2) {
                Some([0xFF, marker]) => *marker,
                _ => return Err(broken("a marker is missing")),
            };
            self.at += 2;
            if marker == 0xD9 {
                break;
            }
            let length =
                self.bytes.get(self.at..self.at + 2).and_then(|b| b.try_into().ok()).map(u16::from_be_bytes);
            let end = self.at + usize::from(length.unwrap_or(0)).max(2);
            let body = self.bytes.get(self.at + 2..end).ok_or_else(|| broken("a segment is cut off"))?;
            self.at = end;
            match marker {
                0xDB => self.quantisation_tables(body)?,
                0xC4 => self.huffman_tables(body)?,
                0xDD => {
                    let interval = body.get(..2).and_then(|b| b.try_into().ok()).map(u16::from_be_bytes);
                    self.restart_interval = usize::from(interval.unwrap_or(0));
                }
                0xC0 | 0xC1 | 0xC3 => self.frame_header(marker - 0xC0, body, limits)?,
                0xDA => {
                    let header = self.scan_header(body)?;
                    for i in &header.components {
                        if let Some(component) = scanned.get_mut(*i) {
                            *component = true;
                        }
                    }
                    self.scan(&header)?;
                    let wanted = self.frame.as_ref().map_or(0, |f| f.components.len());
                    if scanned.iter().take(wanted).all(|s| *s) {
                        break;
                    }
                }
                _ => {}
            }
        }
        let ycbcr = own_words(self.bytes);
        let frame = self.frame.ok_or_else(|| broken("it has no frame header"))?;
        if !scanned.iter().take(frame.components.len()).all(|s| *s) {
            return Err(broken("a component is missing"));
        }
        let (width, height, n) = (frame.width, frame.height, frame.components.len());
        let h_max = frame.components.iter().map(|c| c.h).max().unwrap_or(1);
        let v_max = frame.components.iter().map(|c| c.v).max().unwrap_or(1);
        let mut data = zeroed::<u16>(width * height * n)?;
        for (c, (component, plane)) in frame.components.iter().zip(&self.planes).enumerate() {
            for (y, line) in data.chunks_exact_mut(width * n).enumerate() {
                let row = plane.get(y * component.v / v_max * component.stride..).unwrap_or(&[]);
                for (x, to) in line.iter_mut().skip(c).step_by(n).enumerate() {
                    *to = row.get(x * component.h / h_max).copied().unwrap_or(0);
                }
            }
        }
        Ok(Picture { width, height, components: n, data, ycbcr })
    }

    fn quantisation_tables(&mut self, mut body: &[u8]) -> Result<()> {
        while let [head, rest @ ..] = body {
            let size = if head >> 4 == 0 { 64 } else { 128 };
            let (values, behind) =
                rest.split_at_checked(size).ok_or_else(|| broken("a quantisation table is cut off"))?;
            if let Some(table) = self.quantisation.get_mut(usize::from(head & 3)) {
                if size == 64 {
                    table.iter_mut().zip(values).for_each(|(to, v)| *to = f32::from(*v));
                } else {
                    let values = values.as_chunks::<2>().0.iter();
                    table.iter_mut().zip(values).for_each(|(to, v)| *to = f32::from(u16::from_be_bytes(*v)));
                }
            }
            body = behind;
        }
        Ok(())
    }

    fn huffman_tables(&mut self, mut body: &[u8]) -> Result<()> {
        while let Some((head, rest)) = body.split_first() {
            let counts: &[u8; 16] = rest.first_chunk().ok_or_else(|| broken("a Huffman table is cut off"))?;
            let n: usize = counts.iter().map(|c| usize::from(*c)).sum();
            let (symbols, behind) = rest
                .get(16..)
                .and_then(|rest| rest.split_at_checked(n))
                .ok_or_else(|| broken("a Huffman table is cut off"))?;
            let tables = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let table = Some(Huffman::new(counts, symbols)?);
            if let Some(place) = tables.get_mut(usize::from(head & 3)) {
                *place = table;
            }
            body = behind;
        }
        Ok(())
    }

    fn frame_header(&mut self, process: u8, body: &[u8], limits: &Limits) -> Result<()> {
        let [bits, h1, h0, w1, w0, n, rest @ ..] = body else {
            return Err(broken("its frame header is cut off"));
        };
        if self.frame.is_some() {
            return Err(broken("it has two frame headers"));
        }
        let (height, width) =
            (usize::from(*h1) << 8 | usize::from(*h0), usize::from(*w1) << 8 | usize::from(*w0));
        let bits = u32::from(*bits);
        if !(1..=4).contains(n) || width == 0 || height == 0 || !(2..=16).contains(&bits) {
            return Err(broken("its frame header is impossible"));
        }
        if process != 3 && !matches!(bits, 8 | 12) {
            return Err(broken("its frame header is impossible"));
        }
        let mut components = Vec::new();
        for part in rest.as_chunks::<3>().0.iter().take(usize::from(*n)) {
            let [id, hv, q] = *part;
            let (h, v) = (usize::from(hv >> 4), usize::from(hv & 15));
            if !(1..=4).contains(&h) || !(1..=4).contains(&v) || q > 3 {
                return Err(broken("a component is impossible"));
            }
            let quantisation = usize::from(q);
            components.push(Component { id, h, v, quantisation, dc: 0, ac: 0, stride: 0, rows: 0 });
        }
        if components.len() != usize::from(*n) {
            return Err(broken("its frame header is cut off"));
        }
        let h_max = components.iter().map(|c| c.h).max().unwrap_or(1);
        let v_max = components.iter().map(|c| c.v).max().unwrap_or(1);
        if process == 3 && (h_max > 1 || v_max > 1) {
            return Err(unsupported("lossless JPEG with subsampled components"));
        }
        limits.check(width, height, 1, components.len(), 4)?;
        let unit = if process == 3 { 1 } else { 8 };
        for component in &mut components {
            component.stride = width.div_ceil(h_max * unit) * component.h * unit;
            component.rows = height.div_ceil(v_max * unit) * component.v * unit;
            self.planes.push(zeroed(component.stride * component.rows)?);
        }
        self.frame = Some(Frame { process, bits, width, height, components });
        Ok(())
    }

    fn scan_header(&mut self, body: &[u8]) -> Result<ScanHeader> {
        let frame = self.frame.as_mut().ok_or_else(|| broken("a scan comes before the frame header"))?;
        let [n, rest @ ..] = body else { return Err(broken("a scan header is cut off")) };
        let n = usize::from(*n);
        let mut components = Vec::new();
        for [id, tables] in rest.as_chunks::<2>().0.iter().take(n) {
            let found = frame.components.iter_mut().enumerate().find(|(_, c)| c.id == *id);
            let (place, component) = found
                .filter(|(place, _)| !components.contains(place))
                .ok_or_else(|| broken("a scan names no component"))?;
            component.dc = usize::from(tables >> 4 & 3);
            component.ac = usize::from(tables & 3);
            components.push(place);
        }
        let [start, _end, approximation] =
            rest.get(2 * n..).and_then(|r| r.first_chunk::<3>()).copied().unwrap_or([0, 63, 0]);
        if components.is_empty() || components.len() != n {
            return Err(broken("a scan header is cut off"));
        }
        Ok(ScanHeader { components, start, shift: u32::from(approximation & 15) })
    }

    fn scan(&mut self, header: &ScanHeader) -> Result<()> {
        let frame = self.frame.as_ref().ok_or_else(|| broken("a scan comes before the frame header"))?;
        let mut bits = Bits::new(self.bytes, self.at);
        if frame.process == 3 {
            lossless::scan(frame, header, &self.dc, self.restart_interval, &mut bits, &mut self.planes)?;
        } else {
            let tables = sequential::Tables { quantisation: &self.quantisation, dc: &self.dc, ac: &self.ac };
            sequential::scan(frame, header, &tables, self.restart_interval, &mut bits, &mut self.planes)?;
        }
        self.at = bits.end();
        Ok(())
    }
}
