//! What the slices of a scan are: channels of a microscope, depths, times.

/// How slices follow each other: the channel changes fastest, then the depth, then the time, whatever the order in the file, so that
/// `slice = channel + channels * (depth + depths * time)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planes {
    /// Names of the channels (dyes, detectors), empty where the file gives none; at least one. These are slices of one grey or
    /// coloured picture each, unlike the channels of a colour picture ([`Scan::channels`](super::Scan::channels)).
    pub channels: Vec<String>,
    /// Depths (focal planes), at least 1. Slices of which nothing is known are depths.
    pub depths: usize,
    /// Times, at least 1.
    pub times: usize,
}

impl Planes {
    /// One channel, one time.
    pub fn stack(depths: usize) -> Self {
        Self { channels: vec![String::new()], depths, times: 1 }
    }

    /// Slices of one channel.
    pub fn of_a_channel(&self) -> usize {
        self.depths * self.times
    }

    /// The slice to show at first: the middle one of the first channel, since the first of a volume is often empty.
    pub fn middle(&self) -> usize {
        self.channels.len() * (self.of_a_channel() / 2)
    }

    /// The slice that has the channel of `slice` and is in the middle of it.
    pub fn middle_of_channel(&self, slice: usize) -> usize {
        self.middle() + slice % self.channels.len().max(1)
    }
}
