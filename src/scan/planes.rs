//! What the slices of a scan are: channels of a microscope, depths, times.

use super::Scan;

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

impl Scan {
    /// Slice `i` becomes the one that was slice `order[i]`, which has every slice once.
    pub(super) fn in_order(&mut self, order: &[usize]) {
        if order.iter().copied().eq(0..order.len()) {
            return;
        }
        let size = self.width * self.height * self.channels;
        // Which slice is where, and where each is.
        let mut held: Vec<usize> = (0..order.len()).collect();
        let mut at = held.clone();
        for (to, wanted) in order.iter().enumerate() {
            let (Some(from), Some(other)) = (at.get(*wanted).copied(), held.get(to).copied()) else { return };
            self.samples.swap(to, from, size);
            held.swap(to, from);
            at.swap(*wanted, other);
        }
        self.rescale = picked(&self.rescale, order);
        self.frame_windows = picked(&self.frame_windows, order);
        if let Some(source) = &mut self.source {
            source.frames = picked(&source.frames, order);
        }
    }
}

/// In another order; what is not there for each stays.
fn picked<T: Clone>(all: &[T], order: &[usize]) -> Vec<T> {
    if all.len() < order.len() {
        return all.to_vec();
    }
    order.iter().filter_map(|i| all.get(*i).cloned()).collect()
}
