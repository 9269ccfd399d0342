//! RLE Lossless (PS3.5 annex G): each byte of each sample is a segment of PackBits.

use super::dataset::broken;
use crate::error::Result;
use crate::scan::limits::zeroed;

/// One frame: `pixels * samples` values of `bytes` bytes each, little endian, samples side by side.
pub(super) fn frame(packed: &[u8], pixels: usize, samples: usize, bytes: usize) -> Result<Vec<u8>> {
    let number = |i: usize| {
        packed
            .get(4 * i..4 * i + 4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_le_bytes)
            .map(|n| n as usize)
    };
    let segments = number(0).unwrap_or(0);
    if segments != samples * bytes || segments > 15 {
        return Err(broken("an RLE frame has the wrong number of segments"));
    }
    let mut out = zeroed::<u8>(pixels * samples * bytes)?;
    for segment in 0..segments {
        let begin = number(1 + segment).unwrap_or(0);
        let next = if segment + 1 < segments { number(2 + segment) } else { None };
        let end = next.unwrap_or(packed.len()).min(packed.len());
        let segment_bytes =
            packed.get(begin..end).ok_or_else(|| broken("an RLE segment lies outside its frame"))?;
        // The first segment of a sample is its most significant byte.
        let (sample, weight) = (segment / bytes, bytes - 1 - segment % bytes);
        let places = out.iter_mut().skip(sample * bytes + weight).step_by(samples * bytes);
        unpack(segment_bytes, places, pixels)?;
    }
    Ok(out)
}

fn unpack<'a>(packed: &[u8], mut places: impl Iterator<Item = &'a mut u8>, n: usize) -> Result<()> {
    let mut done = 0;
    let mut rest = packed;
    while done < n {
        let [head, tail @ ..] = rest else { return Err(broken("an RLE segment is cut off")) };
        rest = tail;
        let head = *head as i8;
        if head >= 0 {
            let run = head as usize + 1;
            let literal = rest.get(..run.min(n - done)).ok_or_else(|| broken("an RLE segment is cut off"))?;
            for (value, place) in literal.iter().zip(&mut places) {
                *place = *value;
            }
            rest = rest.get(run..).unwrap_or(&[]);
            done += run;
        } else if head != -128 {
            let run = (1 - isize::from(head)) as usize;
            let [value, tail @ ..] = rest else { return Err(broken("an RLE segment is cut off")) };
            for place in places.by_ref().take(run.min(n - done)) {
                *place = *value;
            }
            rest = tail;
            done += run;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_significant_byte_comes_first() {
        let mut packed = vec![0; 64];
        packed[0] = 2;
        packed[4] = 64;
        packed[8] = 66;
        // Three times 1, then the bytes 5, 6, 7.
        packed.extend([0xFE, 1, 2, 5, 6, 7]);
        assert_eq!(frame(&packed, 3, 1, 2).unwrap(), [5, 1, 6, 1, 7, 1]);
        assert!(frame(&packed[..68], 3, 1, 2).is_err());
        assert!(frame(&packed, 3, 3, 2).is_err());
    }
}
