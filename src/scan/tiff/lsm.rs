//! Zeiss LSM: the structure of the tag CZ_LSMINFO ("LSM 5 Image Format Description").

use super::ifd::Ifd;
use super::tags;
use crate::scan::Spacing;
use crate::scan::samples::Endian;

/// Channels whose names are looked for.
const MAX_NAMES: usize = 64;

/// What of it counts here.
pub(super) struct Lsm {
    /// DimensionZ, DimensionChannels, DimensionTime.
    pub(super) counts: [usize; 3],
    /// VoxelSizeX, VoxelSizeY, VoxelSizeZ, in mm.
    pub(super) spacing: Option<Spacing>,
    /// Of the channels, if there are any.
    pub(super) names: Vec<String>,
    /// Of the channels, red, green, blue.
    pub(super) colours: Vec<[u8; 3]>,
}

impl Lsm {
    pub(super) fn of(ifd: &Ifd<'_>) -> Option<Self> {
        let info = ifd.bytes(tags::CZ_LSMINFO)?;
        let endian = ifd.file().endian;
        let number = |at: usize| number(info, endian, at);
        if !matches!(number(0)?, 0x0030_0494 | 0x0040_0494 | 0x0300_494C | 0x0400_494C) {
            return None;
        }
        let size = |at: usize| {
            let bytes = info.get(at..at + 8)?.try_into().ok()?;
            Some(f64::from_bits(endian.u64(bytes)) * 1000.0)
        };
        let count = |at| number(at).map_or(1, |n| n as usize).max(1);
        let spacing = || Some(Spacing { x: size(40)?, y: size(48)?, z: size(56) });
        let (names, colours) = number(108).and_then(|at| looks(ifd, at)).unwrap_or_default();
        Some(Self { counts: [count(16), count(20), count(24)], spacing: spacing(), names, colours })
    }
}

fn number(bytes: &[u8], endian: Endian, at: usize) -> Option<u32> {
    Some(endian.u32(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// OffsetChannelColors: its own size, the numbers of colours and of names, and where these begin within it. Each name has its length
/// before it and a zero behind it; a colour is four bytes, the last of them unused.
fn looks(ifd: &Ifd<'_>, at: u32) -> Option<(Vec<String>, Vec<[u8; 3]>)> {
    let file = ifd.file();
    let head = file.slice(Some(u64::from(at)).filter(|at| *at > 0)?, 24)?;
    let part = |i| number(head, file.endian, i);
    let block = file.slice(u64::from(at), u64::from(part(0)?))?;
    let (count, mut from) = (part(8)? as usize, part(16)? as usize);
    let mut names = Vec::new();
    for _ in 0..count.min(MAX_NAMES) {
        let length = number(block, file.endian, from)? as usize;
        from = from.checked_add(4)?;
        let name = block.get(from..from.checked_add(length)?)?;
        let end = name.iter().position(|b| *b == 0).unwrap_or(name.len());
        names.push(String::from_utf8_lossy(name.get(..end)?).into_owned());
        from += length;
    }
    let colours = block.get(part(12)? as usize..).unwrap_or_default().as_chunks::<4>().0;
    let colours = colours.iter().take((part(4)? as usize).min(MAX_NAMES)).map(|[r, g, b, _]| [*r, *g, *b]);
    Some((names, colours.collect()))
}
