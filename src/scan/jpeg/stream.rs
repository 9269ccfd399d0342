//! The marker segments of a JPEG, up to each scan (ITU-T T.81 annex B).

use super::bits::Huffman;
use super::frame::{Component, Frame, ScanHeader, broken};
use crate::error::Result;
use crate::scan::Limits;

/// Reads segments and keeps the tables that they set.
pub(super) struct Stream<'a> {
    pub(super) bytes: &'a [u8],
    /// Where reading goes on; behind a scan header the entropy-coded data begins.
    pub(super) at: usize,
    pub(super) quantisation: [[f32; 64]; 4],
    pub(super) dc: [Option<Huffman>; 4],
    pub(super) ac: [Option<Huffman>; 4],
    pub(super) restart_interval: usize,
    pub(super) frame: Option<Frame>,
    limits: &'a Limits,
}

impl<'a> Stream<'a> {
    pub(super) fn new(bytes: &'a [u8], limits: &'a Limits) -> Self {
        Self {
            bytes,
            at: 2,
            quantisation: [[1.0; 64]; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            restart_interval: 0,
            frame: None,
            limits,
        }
    }

    /// The next scan's header; `None` behind the last one, with or without an end marker.
    pub(super) fn next_scan(&mut self) -> Result<Option<ScanHeader>> {
        loop {
            // Bytes that belong to no segment are passed, as other decoders do.
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(skip) = rest.windows(2).position(|w| matches!(w, [0xFF, 1..=0xFE])) else {
                return Ok(None);
            };
            let marker = rest.get(skip + 1).copied().unwrap_or(0xD9);
            self.at += skip + 2;
            match marker {
                0xD9 => return Ok(None),
                0x01 | 0xD0..=0xD8 => continue,
                _ => {}
            }
            let length = self.bytes.get(self.at..self.at + 2).and_then(|b| b.try_into().ok());
            let end = self.at + usize::from(length.map_or(0, u16::from_be_bytes)).max(2);
            let body = self.bytes.get(self.at + 2..end).ok_or_else(|| broken("a segment is cut off"))?;
            self.at = end;
            match marker {
                0xDB => self.quantisation_tables(body)?,
                0xC4 => self.huffman_tables(body)?,
                0xDD => {
                    let interval = body.get(..2).and_then(|b| b.try_into().ok()).map(u16::from_be_bytes);
                    self.restart_interval = usize::from(interval.unwrap_or(0));
                }
                0xC0..=0xC3 => self.frame_header(marker - 0xC0, body)?,
                0xDA => return self.scan_header(body).map(Some),
                _ => {}
            }
        }
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

    fn frame_header(&mut self, process: u8, body: &[u8]) -> Result<()> {
        let [bits, h1, h0, w1, w0, n, rest @ ..] = body else {
            return Err(broken("its frame header is cut off"));
        };
        if self.frame.is_some() {
            return Err(broken("it has two frame headers"));
        }
        let (height, width) =
            (usize::from(*h1) << 8 | usize::from(*h0), usize::from(*w1) << 8 | usize::from(*w0));
        let bits = u32::from(*bits);
        let impossible = || broken("its frame header is impossible");
        if !(1..=4).contains(n) || width == 0 || height == 0 || !(2..=16).contains(&bits) {
            return Err(impossible());
        }
        if process != 3 && !matches!(bits, 8 | 12) {
            return Err(impossible());
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
        let mut frame = Frame { process, bits, width, height, components };
        self.limits.check(width, height, 1, frame.components.len(), 4)?;
        let (h_max, v_max, unit) = (frame.h_max(), frame.v_max(), if process == 3 { 1 } else { 8 });
        for component in &mut frame.components {
            component.stride = width.div_ceil(h_max * unit) * component.h * unit;
            component.rows = height.div_ceil(v_max * unit) * component.v * unit;
        }
        self.frame = Some(frame);
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
        let [start, end, approximation] =
            rest.get(2 * n..).and_then(|r| r.first_chunk::<3>()).copied().unwrap_or([0, 63, 0]);
        if components.is_empty() || components.len() != n {
            return Err(broken("a scan header is cut off"));
        }
        let (before, shift) = (u32::from(approximation >> 4), u32::from(approximation & 15));
        Ok(ScanHeader { components, start, end, before, shift })
    }
}
