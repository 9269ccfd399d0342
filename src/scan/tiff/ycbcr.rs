//! YCbCr that no JPEG holds (TIFF 6.0 section 21).

use super::ifd::broken;
use super::page::ColourTags;
use crate::error::Result;
use crate::scan::limits::zeroed;

/// Blocks of `h` x `v` Y, one Cb and one Cr to three bytes for each of `width` x `rows` pixels.
pub(super) fn spread(bytes: &[u8], width: usize, rows: usize, (h, v): (usize, usize)) -> Result<Vec<u8>> {
    let short = || broken("a strip or tile is not whole");
    let size = h * v + 2;
    let across = width.div_ceil(h);
    let mut out = zeroed::<u8>(width * rows * 3)?;
    for (i, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        let (x, y) = (i % width, i / width);
        let block = (y / v * across + x / h) * size;
        let block = bytes.get(block..block + size).ok_or_else(short)?;
        let luma = block.get(y % v * h + x % h).ok_or_else(short)?;
        let [.., cb, cr] = block else { return Err(short()) };
        *pixel = [*luma, *cb, *cr];
    }
    Ok(out)
}

/// Red, green and blue (0 to 255, not rounded) of one pixel.
pub(super) fn rgb(tags: &ColourTags, [y, cb, cr]: [f64; 3]) -> [f64; 3] {
    let [y0, y1, cb0, cb1, cr0, cr1] = tags.black_white;
    let y = (y - y0) * 255.0 / (y1 - y0);
    let cb = (cb - cb0) * 127.0 / (cb1 - cb0);
    let cr = (cr - cr0) * 127.0 / (cr1 - cr0);
    let [red, green, blue] = tags.luma;
    let r = y + cr * (2.0 - 2.0 * red);
    let b = y + cb * (2.0 - 2.0 * blue);
    [r, (y - blue * b - red * r) / green, b]
}
