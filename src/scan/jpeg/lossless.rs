//! Lossless process (T.81 annex H).

use super::bits::{Bits, Huffman};
use super::frame::{Frame, ScanHeader, broken};
use crate::error::Result;

pub(super) fn scan(
    frame: &Frame,
    header: &ScanHeader,
    tables: &[Option<Huffman>; 4],
    restart_interval: usize,
    bits: &mut Bits<'_>,
    planes: &mut [Vec<u16>],
) -> Result<()> {
    if !(1..=7).contains(&header.start) || header.shift >= frame.bits {
        return Err(broken("a lossless scan has an impossible predictor"));
    }
    let origin = 1i32 << (frame.bits - header.shift - 1);
    let width = frame.width;
    let (mut left_in_interval, mut restarts) = (restart_interval, 0);
    // The first row after a restart is predicted like the first row of all.
    let mut first_row = 0;
    for y in 0..frame.height {
        for x in 0..width {
            if restart_interval > 0 {
                if left_in_interval == 0 {
                    bits.restart(restarts)?;
                    restarts += 1;
                    left_in_interval = restart_interval;
                    if x != 0 {
                        return Err(broken("a restart marker stands inside a row"));
                    }
                    first_row = y;
                }
                left_in_interval -= 1;
            }
            for &c in &header.components {
                let component = &frame.components[c];
                let table =
                    tables[component.dc].as_ref().ok_or_else(|| broken("a Huffman table is missing"))?;
                let difference = match bits.symbol(table)? {
                    16 => 32_768,
                    n @ 0..16 => bits.signed(u32::from(n)),
                    _ => return Err(broken("a difference is too large")),
                };
                let plane = &mut planes[c];
                let at = y * component.stride + x;
                // Values in the planes are already shifted back up.
                let value = |i: usize| i32::from(plane[i] >> header.shift);
                let prediction = if y == first_row {
                    if x == 0 { origin } else { value(at - 1) }
                } else if x == 0 {
                    value(at - component.stride)
                } else {
                    let (a, b, c) =
                        (value(at - 1), value(at - component.stride), value(at - component.stride - 1));
                    match header.start {
                        1 => a,
                        2 => b,
                        3 => c,
                        4 => a + b - c,
                        5 => a + ((b - c) >> 1),
                        6 => b + ((a - c) >> 1),
                        _ => (a + b) >> 1,
                    }
                };
                // Arithmetic is modulo 2^16 (H.1.2.1).
                plane[at] = ((prediction + difference) as u16) << header.shift;
            }
        }
        if bits.ran_out() {
            return Err(broken("pixels are missing at its end"));
        }
    }
    Ok(())
}
