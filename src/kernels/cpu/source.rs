//! What a direct convolution reads: maps as they are, or a copy with zeros around.

use super::buffer::Buffer;
use super::maps::Maps;

/// Maps with zeros around, channels without padding.
pub(super) struct Padded {
    data: Buffer,
    height: usize,
    width: usize,
}

impl Padded {
    fn new(maps: &Maps, [top, left, bottom, right]: [usize; 4]) -> Self {
        let (height, width) = (maps.height + top + bottom, maps.width + left + right);
        let (channels, pitch) = (maps.channels, maps.pitch());
        let mut data = Buffer::zeros(maps.batch * height * width * channels);
        for image in 0..maps.batch {
            for y in 0..maps.height {
                let from =
                    &maps.data()[(image * maps.height + y) * maps.width * pitch..][..maps.width * pitch];
                let to = ((image * height + y + top) * width + left) * channels;
                let to = &mut data[to..to + maps.width * channels];
                for (from, to) in from.chunks_exact(pitch).zip(to.chunks_exact_mut(channels)) {
                    to.copy_from_slice(&from[..channels]);
                }
            }
        }
        Self { data, height, width }
    }
}

/// What is read, row by row.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub data: &'a [f32],
    pub height: usize,
    pub width: usize,
    /// Floats from pixel to pixel.
    pub pitch: usize,
}

/// The source as a convolution reads it; `space` keeps what had to be copied.
pub(super) fn source<'a>(
    padding: Option<[usize; 4]>,
    maps: &'a Maps,
    space: &'a mut Option<Padded>,
) -> Source<'a> {
    match padding {
        Some(padding) => {
            let padded = space.insert(Padded::new(maps, padding));
            Source { data: &padded.data, height: padded.height, width: padded.width, pitch: maps.channels }
        }
        None => Source { data: maps.data(), height: maps.height, width: maps.width, pitch: maps.pitch() },
    }
}
