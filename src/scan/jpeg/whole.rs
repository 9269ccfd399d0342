//! Whether all of a JPEG of the DCT processes is there (ITU-T T.81 annexes F and G): every scan's codes are read, and
//! nothing is done with them. General decoders fill what a damaged file lacks with grey, or go on with what
//! they find behind the damage; neither may pass for tissue.

use super::bits::{Bits, Huffman};
use super::frame::{Frame, ScanHeader, broken};
use super::stream::Stream;
use crate::error::{Error, Result};
use crate::scan::Limits;
use crate::scan::limits::zeroed;

/// As many zero bytes are no picture, unless they mean blocks without any detail.
const MAX_ZEROS: usize = 32;

/// What the scans so far told of a component.
#[derive(Clone)]
struct Seen {
    /// For each block a bit for each coefficient that is not 0; kept for progressive files only.
    set: Vec<u64>,
    across: usize,
    /// For each coefficient the point transform of its last scan.
    shift: [Option<u32>; 64],
}

/// What reading a scan needs, and where it is.
struct Scan<'a> {
    frame: &'a Frame,
    header: &'a ScanHeader,
    stream: &'a Stream<'a>,
    bits: Bits<'a>,
    /// The last DC value of each component.
    before: [i32; 4],
    /// Blocks that follow without a coefficient in this scan (G.1.2.2).
    run: u32,
}

/// Checks a baseline, extended or progressive JPEG.
///
/// # Errors
/// `jpeg.invalid` with how many rows can be read if data is missing or damaged, in any of its scans.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<()> {
    let mut stream = Stream::new(bytes, limits);
    let mut seen: Vec<Seen> = Vec::new();
    let mut scans = 0;
    while let Some(header) = stream.next_scan()? {
        let frame = stream.frame.as_ref().ok_or_else(|| broken("a scan comes before the frame header"))?;
        let progressive = frame.process == 2;
        if seen.is_empty() {
            for c in &frame.components {
                let blocks = if progressive { c.stride / 8 * (c.rows / 8) } else { 0 };
                seen.push(Seen { set: zeroed(blocks)?, across: c.stride / 8, shift: [None; 64] });
            }
        }
        note(&header, progressive, &mut seen)?;
        scans += 1;
        let bits = Bits::new(bytes, stream.at);
        let scan = Scan { frame, header: &header, stream: &stream, bits, before: [0; 4], run: 0 };
        let next = scan.read(&mut seen).map_err(|(row, why)| told(frame, &header, scans, row, why))?;
        stream.at = next;
        // A sequential file is at its end with its last component, whatever follows.
        if !progressive && seen.iter().all(|c| c.shift[0].is_some()) {
            return Ok(());
        }
    }
    if seen.is_empty() || seen.iter().any(|c| c.shift[0].is_none()) {
        return Err(broken("a component is missing"));
    }
    if seen.iter().flat_map(|c| c.shift).flatten().any(|shift| shift > 0) {
        return Err(broken("its last scans are missing, so that only a coarser image could be read"));
    }
    Ok(())
}

/// Keeps which coefficients a scan brings.
fn note(header: &ScanHeader, progressive: bool, seen: &mut [Seen]) -> Result<()> {
    let (start, end) = if progressive { (header.start, header.end) } else { (0, 63) };
    let shift = if progressive { header.shift } else { 0 };
    let ac = start > 0;
    if end > 63
        || start > end
        || shift > 13
        || (ac && header.components.len() > 1)
        || (!ac && progressive && end > 0)
    {
        return Err(broken("a scan header is impossible"));
    }
    for place in &header.components {
        let Some(component) = seen.get_mut(*place) else { continue };
        for slot in component.shift.iter_mut().take(usize::from(end) + 1).skip(usize::from(start)) {
            *slot = Some(shift);
        }
    }
    Ok(())
}

/// The error of a scan that ended in this row of MCUs.
fn told(frame: &Frame, header: &ScanHeader, scan: usize, row: usize, why: Error) -> Error {
    let (_, down) = frame.units(&header.components);
    let rows = (frame.height * row / down.max(1)).min(frame.height);
    let what = if frame.process == 2 {
        format!("only {rows} of {} rows of its scan {scan} can be read", frame.height)
    } else {
        format!("only {rows} of its {} rows can be read", frame.height)
    };
    broken(&what).with_source(why)
}

impl Scan<'_> {
    /// Reads all codes and tells where the data behind them begins; or the row of MCUs that could not be read.
    fn read(mut self, seen: &mut [Seen]) -> std::result::Result<usize, (usize, Error)> {
        let (across, down) = self.frame.units(&self.header.components);
        let interval = self.stream.restart_interval;
        let mut done = 0;
        for y in 0..down {
            for x in 0..across {
                if interval > 0 && done > 0 && done % interval == 0 {
                    self.restart(done / interval - 1).map_err(|e| (y, e))?;
                }
                self.unit(x, y, seen).map_err(|e| (y, e))?;
                done += 1;
            }
        }
        if self.run > 0 {
            return Err((down, broken("a run goes beyond the last block")));
        }
        // Where data is left over or was too short, codes were lost before, and nobody knows where.
        self.bits.end().map_err(|e| (0, e))
    }

    fn restart(&mut self, count: usize) -> Result<()> {
        if self.run > 0 {
            return Err(broken("a run goes beyond a restart marker"));
        }
        self.before = [0; 4];
        self.bits.restart(count)
    }

    /// One MCU.
    fn unit(&mut self, x: usize, y: usize, seen: &mut [Seen]) -> Result<()> {
        let single = self.header.components.len() == 1;
        for place in &self.header.components {
            let (Some(c), Some(seen)) = (self.frame.components.get(*place), seen.get_mut(*place)) else {
                continue;
            };
            let (h, v) = if single { (1, 1) } else { (c.h, c.v) };
            for block in 0..h * v {
                let detail = if self.frame.process == 2 {
                    let at = (y * v + block / h) * seen.across + x * h + block % h;
                    let set = seen.set.get_mut(at).ok_or_else(|| broken("a block lies outside the image"))?;
                    self.progressive(*place, set)?
                } else {
                    self.dc(*place)?;
                    self.first(*place, 1, 63)? != 0
                };
                if detail && self.bits.last(MAX_ZEROS).iter().all(|b| *b == 0) {
                    return Err(broken("a part of it is zeros"));
                }
            }
        }
        if self.bits.ran_out() { Err(broken("pixels are missing at its end")) } else { Ok(()) }
    }

    /// One block of a progressive scan; whether it brought new coefficients beside the first.
    fn progressive(&mut self, place: usize, set: &mut u64) -> Result<bool> {
        let (start, end) = (self.header.start, self.header.end.min(63));
        match (start, self.header.before) {
            (0, 0) => self.dc(place)?,
            (0, _) => {
                self.bits.take(1);
            }
            (_, 0) => {
                let new = self.first(place, start, end)?;
                *set |= new;
                return Ok(new != 0);
            }
            _ => self.refine(place, start, end, set)?,
        }
        Ok(false)
    }

    fn table(tables: &[Option<Huffman>; 4], index: usize) -> Result<&Huffman> {
        let table = tables.get(index).and_then(Option::as_ref);
        table.ok_or_else(|| broken("a Huffman table is missing"))
    }

    /// The largest number that a coefficient can be once it is multiplied: twice what an 8- or 12-bit picture has.
    fn plausible(&self, place: usize, k: usize, value: i32) -> Result<()> {
        let table = self.frame.components.get(place).map_or(0, |c| c.quantisation);
        let step = self.stream.quantisation.get(table).and_then(|t| t.get(k)).copied().unwrap_or(1.0);
        let value = (value as f32) * (1u32 << self.header.shift.min(13)) as f32 * step;
        let most = (1u32 << (self.frame.bits + 3)) as f32 + 2.0 * step;
        if value.abs() > most { Err(broken("a coefficient is too large")) } else { Ok(()) }
    }

    fn dc(&mut self, place: usize) -> Result<()> {
        let index = self.frame.components.get(place).map_or(0, |c| c.dc);
        let size = self.bits.symbol(Self::table(&self.stream.dc, index)?)?;
        if size > 16 {
            return Err(broken("a coefficient is too large"));
        }
        let difference = self.bits.signed(u32::from(size));
        let Some(before) = self.before.get_mut(place) else { return Ok(()) };
        *before = before.wrapping_add(difference);
        let value = *before;
        self.plausible(place, 0, value)
    }

    /// The coefficients `start..=end` for the first time, as a bit for each that is not 0.
    fn first(&mut self, place: usize, start: u8, end: u8) -> Result<u64> {
        if self.run > 0 {
            self.run -= 1;
            return Ok(0);
        }
        let stream = self.stream;
        let table = Self::table(&stream.ac, self.frame.components.get(place).map_or(0, |c| c.ac))?;
        let mut set = 0u64;
        let mut k = start;
        while k <= end {
            let symbol = self.bits.symbol(table)?;
            let (zeros, size) = (symbol >> 4, symbol & 15);
            if size == 0 && zeros < 15 {
                // Only progressive scans have runs of more than this block.
                if zeros > 0 && self.frame.process != 2 {
                    return Err(broken("a code is unknown"));
                }
                self.run = (1 << zeros) - 1 + self.bits.take(u32::from(zeros));
                break;
            }
            k += zeros;
            if size > 0 {
                if k > end {
                    return Err(broken("a block has too many coefficients"));
                }
                let value = self.bits.signed(u32::from(size));
                self.plausible(place, usize::from(k), value)?;
                set |= 1 << k;
            }
            k += 1;
        }
        Ok(set)
    }

    /// One more bit of the coefficients `start..=end` (G.1.2.3).
    fn refine(&mut self, place: usize, start: u8, end: u8, set: &mut u64) -> Result<()> {
        let stream = self.stream;
        let table = Self::table(&stream.ac, self.frame.components.get(place).map_or(0, |c| c.ac))?;
        let mut k = start;
        while self.run == 0 && k <= end {
            let symbol = self.bits.symbol(table)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            match size {
                0 if zeros < 15 => {
                    self.run = (1 << zeros) + self.bits.take(u32::from(zeros));
                    break;
                }
                0 => {}
                1 => {
                    self.bits.take(1);
                }
                _ => return Err(broken("a code is unknown")),
            }
            while k <= end {
                if *set >> k & 1 == 1 {
                    self.bits.take(1);
                } else if zeros == 0 {
                    break;
                } else {
                    zeros -= 1;
                }
                k += 1;
            }
            if size == 1 {
                if k > end {
                    return Err(broken("a block has too many coefficients"));
                }
                *set |= 1 << k;
            }
            k += 1;
        }
        if self.run > 0 {
            while k <= end {
                if *set >> k & 1 == 1 {
                    self.bits.take(1);
                }
                k += 1;
            }
            self.run -= 1;
        }
        Ok(())
    }
}
