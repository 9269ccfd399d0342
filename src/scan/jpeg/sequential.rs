//! Sequential DCT process with Huffman codes, 8 or 12 bits (T.81 annexes A and F).

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use super::bits::{Bits, Huffman};
use super::frame::{Frame, ScanHeader, broken};
use crate::error::Result;

pub(super) struct Tables<'a> {
    pub(super) quantisation: &'a [[f32; 64]; 4],
    pub(super) dc: &'a [Option<Huffman>; 4],
    pub(super) ac: &'a [Option<Huffman>; 4],
}

/// Where the k-th coefficient of the stream belongs (T.81 figure 5).
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

pub(super) fn scan(
    frame: &Frame,
    header: &ScanHeader,
    tables: &Tables<'_>,
    restart_interval: usize,
    bits: &mut Bits<'_>,
    planes: &mut [Vec<u16>],
) -> Result<()> {
    let cosines = cosines();
    let mut before = [0i32; 4];
    let single = header.components.len() == 1;
    let (across, down) = frame.units(&header.components);
    let (mut left_in_interval, mut restarts) = (restart_interval, 0);
    for y in 0..down {
        for x in 0..across {
            if restart_interval > 0 {
                if left_in_interval == 0 {
                    bits.restart(restarts)?;
                    restarts += 1;
                    before = [0; 4];
                    left_in_interval = restart_interval;
                }
                left_in_interval -= 1;
            }
            for &c in &header.components {
                let component = &frame.components[c];
                let (h, v) = if single { (1, 1) } else { (component.h, component.v) };
                for block in 0..h * v {
                    let (bx, by) = (x * h + block % h, y * v + block / h);
                    let quantisation = &tables.quantisation[component.quantisation];
                    let mut coefficients = [0f32; 64];
                    let dc = tables.dc[component.dc]
                        .as_ref()
                        .ok_or_else(|| broken("a Huffman table is missing"))?;
                    let ac = tables.ac[component.ac]
                        .as_ref()
                        .ok_or_else(|| broken("a Huffman table is missing"))?;
                    let size = u32::from(bits.symbol(dc)?);
                    if size > 16 {
                        return Err(broken("a coefficient is too large"));
                    }
                    before[c] = before[c].wrapping_add(bits.signed(size));
                    coefficients[0] = before[c] as f32 * quantisation[0];
                    let mut k = 1;
                    while k < 64 {
                        let symbol = bits.symbol(ac)?;
                        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                        if size == 0 {
                            if run < 15 {
                                break;
                            }
                            k += 16;
                            continue;
                        }
                        k += run;
                        if k > 63 {
                            return Err(broken("a block has too many coefficients"));
                        }
                        coefficients[usize::from(ZIGZAG[k])] = bits.signed(size) as f32 * quantisation[k];
                        k += 1;
                    }
                    let at = by * 8 * component.stride + bx * 8;
                    if let Some(to) = planes[c].get_mut(at..) {
                        inverse(&coefficients, &cosines, frame.bits, to, component.stride);
                    }
                }
            }
        }
        if bits.ran_out() {
            return Err(broken("pixels are missing at its end"));
        }
    }
    Ok(())
}

/// `cosines[x][u] = C(u) / 2 * cos((2x + 1) u pi / 16)` (A.3.3).
fn cosines() -> [[f32; 8]; 8] {
    let mut table = [[0.0; 8]; 8];
    for (x, row) in table.iter_mut().enumerate() {
        for (u, value) in row.iter_mut().enumerate() {
            let scale = if u == 0 { FRAC_1_SQRT_2 } else { 1.0 };
            *value = scale / 2.0 * ((2 * x + 1) as f32 * u as f32 * PI / 16.0).cos();
        }
    }
    table
}

/// Inverse DCT and level shift of one block, written with `stride`.
fn inverse(coefficients: &[f32; 64], cosines: &[[f32; 8]; 8], bits: u32, to: &mut [u16], stride: usize) {
    let mut rows = [0f32; 64];
    for (from, to) in coefficients.as_chunks::<8>().0.iter().zip(rows.as_chunks_mut::<8>().0) {
        for (value, cosine) in to.iter_mut().zip(cosines) {
            *value = from.iter().zip(cosine).map(|(a, b)| a * b).sum();
        }
    }
    let (shift, top) = ((1u32 << (bits - 1)) as f32, ((1u32 << bits) - 1) as f32);
    for (y, cosine) in cosines.iter().enumerate() {
        for x in 0..8 {
            let sum: f32 = (0..8).map(|v| rows[v * 8 + x] * cosine[v]).sum();
            if let Some(place) = to.get_mut(y * stride + x) {
                *place = (sum + shift).round().clamp(0.0, top) as u16;
            }
        }
    }
}
