//! CCITT coding of black and white pages: ITU-T T.4 (Group 3, one- and two-dimensional), T.6 (Group 4) and TIFF 6.0
//! section 10 (modified Huffman). The code tables are those of the crate `fax`.

use std::convert::Infallible;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

use super::codes::Compression;

/// Reads `rows` rows of `width` pixels into `out`, 1 bit per pixel, black = 1, each row from a whole byte on.
/// `None` if a code is none or a row is not whole. White rows at the end of Group 4 data may be left out.
///
/// `out` is all zeros before.
pub(super) fn unpack(
    compression: Compression,
    two_dimensional: bool,
    packed: &[u8],
    width: usize,
    rows: usize,
    out: &mut [u8],
) -> Option<()> {
    // The code tables look further ahead than the last code reaches.
    let bytes = packed.iter().copied().chain([0; 4]).map(Ok::<u8, Infallible>);
    let Ok(mut bits) = ByteReader::new(bytes);
    let mut before = Vec::new();
    for line in out.chunks_exact_mut(width.div_ceil(8)).take(rows) {
        let row = match compression {
            // The mark that ends the page, half of it.
            Compression::Fax4 if bits.peek(12) == Some(1) => break,
            Compression::Fax4 => row_2d(&mut bits, &before, width)?,
            Compression::Fax3 => {
                let ends = skip_ends_of_line(&mut bits, two_dimensional)?;
                if two_dimensional && ends.next_is_2d {
                    row_2d(&mut bits, &before, width)?
                } else {
                    row_1d(&mut bits, width)?
                }
            }
            _ => {
                let row = row_1d(&mut bits, width)?;
                let rest = bits.bits_to_byte_boundary();
                bits.consume(rest).ok()?;
                row
            }
        };
        draw(&row, width, line);
        before = row;
    }
    Some(())
}

struct EndsOfLine {
    next_is_2d: bool,
}

/// Skips fill bits and the mark before a row. Files without these marks exist; there the row begins at once.
fn skip_ends_of_line(bits: &mut impl BitReader, two_dimensional: bool) -> Option<EndsOfLine> {
    let mut seen = 0;
    let mut next_is_2d = false;
    // No code has more than seven zeros at its start; the mark is at least eleven and a one.
    while bits.peek(11) == Some(0) {
        while bits.peek(1)? == 0 {
            bits.consume(1).ok()?;
        }
        bits.consume(1).ok()?;
        if two_dimensional {
            next_is_2d = bits.peek(1)? == 0;
            bits.consume(1).ok()?;
        }
        seen += 1;
        // Two marks without a row between them end the page.
        if seen > 1 {
            return None;
        }
    }
    Some(EndsOfLine { next_is_2d })
}

fn run(bits: &mut impl BitReader, is_black: bool, width: usize) -> Option<usize> {
    let mut sum = 0;
    loop {
        let part = if is_black { black::decode(bits) } else { white::decode(bits) }?;
        sum += usize::from(part);
        if part < 64 {
            return Some(sum);
        }
        if sum > width {
            return None;
        }
    }
}

/// Where the colour changes: to black, to white, and so on. Runs without a pixel leave no trace.
fn push(changes: &mut Vec<usize>, at: usize) {
    if changes.last() == Some(&at) {
        changes.pop();
    } else {
        changes.push(at);
    }
}

fn row_1d(bits: &mut impl BitReader, width: usize) -> Option<Vec<usize>> {
    let (mut changes, mut at, mut is_black) = (Vec::new(), 0, false);
    while at < width {
        at += run(bits, is_black, width)?;
        if at > width {
            return None;
        }
        push(&mut changes, at);
        is_black = !is_black;
    }
    Some(changes)
}

/// T.4 section 4.2.
fn row_2d(bits: &mut impl BitReader, before: &[usize], width: usize) -> Option<Vec<usize>> {
    let mut changes = Vec::new();
    let (mut at, mut is_black, mut started) = (0usize, false, false);
    // Changes of the row before are passed in order; a vertical code can step back over two of them.
    let mut first = 0usize;
    while at < width {
        // b1: the first change right of `at` to the colour that `is_black` is not; b2: the one after it.
        first = first.saturating_sub(2);
        while before
            .get(first)
            .is_some_and(|b| (first % 2 == 1) != is_black || *b < at || (*b == at && started))
        {
            first += 1;
        }
        let b1 = before.get(first).copied().unwrap_or(width);
        match mode::decode(bits)? {
            Mode::Pass => at = before.get(first + 1).copied().unwrap_or(width),
            Mode::Horizontal => {
                for colour in [is_black, !is_black] {
                    at += run(bits, colour, width)?;
                    if at > width {
                        return None;
                    }
                    push(&mut changes, at);
                }
            }
            Mode::Vertical(by) => {
                let to = b1.checked_add_signed(isize::from(by))?;
                if to < at || to > width {
                    return None;
                }
                at = to;
                push(&mut changes, at);
                is_black = !is_black;
            }
            Mode::EOF | Mode::Extension => return None,
        }
        started = true;
    }
    Some(changes)
}

fn draw(changes: &[usize], width: usize, line: &mut [u8]) {
    for pair in changes.chunks(2) {
        let (Some(begin), end) = (pair.first(), pair.get(1).copied().unwrap_or(width)) else { continue };
        for x in *begin..end.min(width) {
            if let Some(byte) = line.get_mut(x / 8) {
                *byte |= 0x80 >> (x % 8);
            }
        }
    }
}
