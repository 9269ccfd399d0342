//! Blocks of LZ4 (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>) and of BloscLZ, its older relative after FastLZ.

/// Bytes that are read one after the other.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Option<usize> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(usize::from(*first))
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    /// A length that goes on for as long as its bytes are 255.
    fn length(&mut self, short: usize, longest: usize) -> Option<usize> {
        let mut length = short;
        if short == longest {
            loop {
                let more = self.byte()?;
                length += more;
                if more < 255 {
                    break;
                }
            }
        }
        Some(length)
    }
}

/// Repeats `length` bytes that begin `distance` before the end; none if they are not there, or more than `size` would come out.
fn repeat(out: &mut Vec<u8>, distance: usize, length: usize, size: usize) -> Option<()> {
    let from = out.len().checked_sub(distance).filter(|_| distance > 0)?;
    if length > size.saturating_sub(out.len()) {
        return None;
    }
    // They may overlap with what they make.
    for at in from..from + length {
        let byte = out.get(at).copied()?;
        out.push(byte);
    }
    Some(())
}

fn literals(out: &mut Vec<u8>, from: &mut Input<'_>, length: usize, size: usize) -> Option<()> {
    if length > size.saturating_sub(out.len()) {
        return None;
    }
    out.extend_from_slice(from.take(length)?);
    Some(())
}

/// Unpacks a block of LZ4 behind `out`, until it has `size` bytes; none if that is not what the block holds.
pub(super) fn lz4(block: &[u8], out: &mut Vec<u8>, size: usize) -> Option<()> {
    let mut input = Input(block);
    loop {
        let token = input.byte()?;
        let length = input.length(token >> 4, 15)?;
        literals(out, &mut input, length, size)?;
        if input.0.is_empty() {
            return (out.len() == size).then_some(());
        }
        let distance = input.byte()? | (input.byte()? << 8);
        let length = input.length(token & 15, 15)?;
        repeat(out, distance, length + 4, size)?;
    }
}

/// The furthest that BloscLZ says in two bytes.
const NEAR: usize = 8191;

/// The same of BloscLZ.
pub(super) fn blosclz(block: &[u8], out: &mut Vec<u8>, size: usize) -> Option<()> {
    let mut input = Input(block);
    // The first is always of literals.
    let mut control = input.byte()? & 31;
    loop {
        if control < 32 {
            literals(out, &mut input, control + 1, size)?;
        } else {
            let length = input.length((control >> 5) - 1, 6)? + 3;
            let high = control & 31;
            let low = input.byte()?;
            let distance = if high == 31 && low == 255 {
                ((input.byte()? << 8) | input.byte()?) + NEAR
            } else {
                (high << 8) | low
            };
            repeat(out, distance + 1, length, size)?;
        }
        if input.0.is_empty() {
            return (out.len() == size).then_some(());
        }
        control = input.byte()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(block: &[u8], size: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        lz4(block, &mut out, size).map(|()| out)
    }

    #[test]
    fn what_repeats_may_overlap_with_itself() {
        let block = [0x28, b'a', b'b', 2, 0, 0x10, b'c'];
        assert_eq!(unpacked(&block, 15).unwrap(), b"ababababababab\x63");
    }

    #[test]
    fn a_block_that_says_other_than_its_size_is_none() {
        let block = [0x28, b'a', b'b', 2, 0, 0x10, b'c'];
        for size in [0, 2, 14, 16] {
            assert_eq!(unpacked(&block, size), None);
        }
        assert_eq!(unpacked(&[0x28, b'a', b'b', 3, 0, 0x10, b'c'], 15), None, "before the beginning");
        assert_eq!(unpacked(&[0x28, b'a', b'b', 0, 0, 0x10, b'c'], 15), None, "no distance");
        assert_eq!(unpacked(&[0xF0, 255, 255], 600), None, "cut off");
    }
}
