//! Feature maps in memory: channels last, padded with zeros to whole vectors.

use super::buffer::Buffer;

/// Channels are padded to a multiple of this many, so that no kernel meets a part of a vector.
pub const PITCH: usize = if cfg!(target_arch = "wasm32") { 4 } else { 16 };

/// `[image][row][column][channel]`, the channels of a pixel [`Maps::pitch`] floats apart; those that are not there are 0.
#[derive(Clone)]
pub struct Maps {
    pub batch: usize,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    data: Buffer,
}

impl Maps {
    /// Zeros.
    pub fn zeros(batch: usize, height: usize, width: usize, channels: usize) -> Self {
        let mut maps = Self::unwritten(batch, height, width, channels);
        maps.data.fill(0.0);
        maps
    }

    /// For a kernel that writes all of it: holds whatever was there before.
    pub fn unwritten(batch: usize, height: usize, width: usize, channels: usize) -> Self {
        let data = Buffer::reused(batch * height * width * channels.next_multiple_of(PITCH));
        Self { batch, height, width, channels, data }
    }

    /// From PyTorch's order, `[image][channel][row][column]`.
    #[inline(never)]
    pub fn from_planes(planes: &[f32], [batch, channels, height, width]: [usize; 4]) -> Self {
        let mut maps = Self::zeros(batch, height, width, channels);
        let (pitch, area) = (maps.pitch(), height * width);
        for (image, to) in planes.chunks_exact(channels * area).zip(maps.data.chunks_exact_mut(area * pitch))
        {
            for (channel, plane) in image.chunks_exact(area).enumerate() {
                for (value, to) in plane.iter().zip(to.iter_mut().skip(channel).step_by(pitch)) {
                    *to = *value;
                }
            }
        }
        maps
    }

    /// In PyTorch's order, `[image][channel][row][column]`.
    #[inline(never)]
    pub fn planes(&self) -> Vec<f32> {
        let (pitch, area) = (self.pitch(), self.height * self.width);
        let mut planes = Vec::with_capacity(self.batch * self.channels * area);
        for image in self.data.chunks_exact(area * pitch) {
            for channel in 0..self.channels {
                planes.extend(image.iter().skip(channel).step_by(pitch));
            }
        }
        planes
    }

    /// From one pixel to the next, floats.
    pub fn pitch(&self) -> usize {
        self.channels.next_multiple_of(PITCH)
    }

    /// Pixels of all images.
    pub fn pixels(&self) -> usize {
        self.batch * self.height * self.width
    }

    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        [self.height, self.width]
    }

    /// All floats, padding included.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// All floats; what is padding must stay 0.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }
}

impl Drop for Maps {
    fn drop(&mut self) {
        std::mem::take(&mut self.data).give_back();
    }
}
