//! How large inputs and outputs of a U-Net are, and how far an output pixel looks: what tiling needs to know.

use super::config::{Norm, Padding, UNetConfig, Upsampling};
use super::graph::Graph;
use super::op::Op;

/// The geometry of one configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Pixels of the input under one pixel of the bottom level. Tiles must start at multiples of it, or the
    /// pooling windows of neighbouring tiles would not agree.
    pub stride: usize,
    /// Pixels that an output depends on, beyond a block of `stride` x `stride` outputs, on every side.
    pub context: usize,
    /// Pixels that the output is smaller than the input on every side (0 with same padding).
    pub border: usize,
    /// Whether an output depends on where it lies in the whole image, too: see [`super::Frame`].
    pub framed: bool,
    /// Whether an output depends on all of the input, since instance normalisation takes its statistics of it: tiles then say
    /// something else than the whole, and the context tells only how far convolutions look.
    pub whole: bool,
    padding: Padding,
    levels: usize,
}

impl Geometry {
    /// Works the geometry out from the layers.
    pub fn of(config: &UNetConfig) -> Self {
        let border = match config.padding {
            Padding::Same => 0,
            Padding::Valid => {
                // Two pixels a side for each double convolution, in input pixels: going down and coming up.
                let down: usize = (0..config.levels).map(|l| 2usize << l).sum();
                let up: usize = (0..config.levels - 1).map(|l| 2usize << l).sum();
                down + up
            }
        };
        Self {
            stride: 1 << (config.levels - 1),
            context: context(&Graph::of(config)),
            border,
            framed: config.upsampling == Upsampling::BilinearAligned,
            whole: matches!(config.norm, Norm::Instance { .. }),
            padding: config.padding,
            levels: config.levels,
        }
    }

    /// Whether an input `size` pixels long survives every pooling without a remainder and leaves an output.
    pub fn is_legal(&self, size: usize) -> bool {
        match self.padding {
            Padding::Same => size > 0 && size.is_multiple_of(self.stride),
            Padding::Valid => {
                let mut n = size;
                for _ in 0..self.levels - 1 {
                    if n < 5 || !(n - 4).is_multiple_of(2) {
                        return false;
                    }
                    n = (n - 4) / 2;
                }
                n > 4 && size > 2 * self.border
            }
        }
    }

    /// The smallest legal input of at least `size` pixels.
    pub fn legal_at_least(&self, size: usize) -> usize {
        // Legal sizes repeat every `stride`, so the search is short.
        let mut n = size.max(1).max(2 * self.border + 1);
        while !self.is_legal(n) {
            n += 1;
        }
        n
    }

    /// The largest legal input of at most `size` pixels, or the smallest legal one if there is none.
    pub fn legal_at_most(&self, size: usize) -> usize {
        let smallest = self.legal_at_least(1);
        let mut n = size.max(smallest);
        while !self.is_legal(n) {
            n -= 1;
        }
        n
    }

    /// The output that belongs to a legal input.
    pub fn output_size(&self, input: usize) -> usize {
        input.saturating_sub(2 * self.border)
    }
}

/// How far beyond an aligned block of outputs the needed part of the input extends, in pixels.
fn context(graph: &Graph) -> usize {
    // Walk from the output back to the input; each reach is in pixels of the node's own level.
    let mut reach = vec![0usize; graph.nodes.len()];
    for (i, node) in graph.nodes.iter().enumerate().rev() {
        let needed = match node.op {
            Op::Convolution { kernel, .. } => reach[i] + kernel / 2,
            Op::TransposedConvolution | Op::UpsampleNearest => reach[i].div_ceil(2),
            // Of the two pixels that it lies between, one is beyond; of the two that reach an odd pixel, too.
            Op::UpsampleBilinear { .. } | Op::WideTransposedConvolution => reach[i] / 2 + 1,
            Op::MaxPool => 2 * reach[i],
            Op::StridedConvolution => 2 * reach[i] + 1,
            _ => reach[i],
        };
        for input in &node.inputs {
            reach[*input] = reach[*input].max(needed);
        }
    }
    reach[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;

    #[test]
    fn the_paper_turns_572_into_388() {
        let g = Geometry::of(&Preset::Ronneberger2015.config(1, 2));
        assert!(g.is_legal(572));
        assert!(!g.is_legal(570));
        assert_eq!(g.output_size(572), 388);
        assert_eq!(g.legal_at_least(560), 572);
        assert_eq!(g.legal_at_most(600), 588);
    }

    #[test]
    fn same_padding_keeps_the_size_and_wants_multiples_of_the_stride() {
        let g = Geometry::of(&Preset::Small.config(1, 1));
        assert_eq!((g.stride, g.border), (16, 0));
        assert_eq!(g.legal_at_least(100), 112);
        assert_eq!(g.legal_at_most(100), 96);
        assert_eq!(g.legal_at_most(3), 16);
        assert_eq!(g.output_size(64), 64);
    }

    #[test]
    fn the_context_of_the_small_preset_is_the_sum_of_its_layers() {
        // By hand: decoder 2, 3, 4, 4 (halved and rounded up on the way down), bottom 2 + 2, then doubled and
        // two more at each level: 10, 22, 46, 94.
        assert_eq!(Geometry::of(&Preset::Small.config(1, 1)).context, 94);
    }
}
