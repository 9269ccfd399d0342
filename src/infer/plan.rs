//! Where tiles lie, which part of each is kept, and what stands beyond the image's border.
//!
//! The result must not depend on the size of the tiles. So every tile starts at the same phase of the pooling
//! grid, and only pixels are kept whose whole context lies inside the tile.

use std::ops::Range;

use crate::net::{Frame, Geometry};
use crate::weights::{Card, Patches};

/// Mirrored pixels around an image for networks with same padding, so that the zeros they pad with stay away
/// from the image. Valid networks need none: their own border is mirrored. Where statistics are of the whole, a margin would
/// change them, and there is none.
const MARGIN: usize = 32;

/// One tile along one axis. All positions are in pixels; `source` may be negative (mirrored).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Image position of the tile's first input pixel.
    pub source: isize,
    /// First kept pixel, counted from the start of the tile's output.
    pub keep: usize,
    /// Where it goes in the image.
    pub target: usize,
    /// How many pixels are kept.
    pub len: usize,
}

/// The tiles of one image: every row span crossed with every column span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TilePlan {
    /// Input of each tile, pixels: height, width.
    pub tile: [usize; 2],
    pub rows: Vec<Span>,
    pub columns: Vec<Span>,
    /// Size of the whole that the tiles are windows of, and the image's place of its first pixel; nothing where each tile is
    /// a whole of its own.
    whole: Option<([usize; 2], isize)>,
    /// Whether what several tiles keep of a pixel is averaged.
    pub averaged: bool,
}

impl TilePlan {
    /// Plans tiles of at most `tile` pixels a side for an image of `width` x `height`. They become smaller where as
    /// many smaller ones do, and larger only if the network's context would leave nothing to keep.
    pub fn new(width: usize, height: usize, tile: usize, geometry: &Geometry) -> Self {
        let (tile_height, rows) = axis(height, tile, geometry);
        let (tile_width, columns) = axis(width, tile, geometry);
        let whole = whole([height, width], geometry);
        Self { tile: [tile_height, tile_width], rows, columns, whole, averaged: false }
    }

    /// A single tile, the smallest that answers the given rows and columns as a pass over the whole image would.
    pub fn around(image: [usize; 2], block: [Range<usize>; 2], geometry: &Geometry) -> Self {
        let [rows, columns] = block;
        let (height, row) = block_axis(image[0], rows, geometry);
        let (width, column) = block_axis(image[1], columns, geometry);
        let whole = whole(image, geometry);
        Self { tile: [height, width], rows: vec![row], columns: vec![column], whole, averaged: false }
    }

    /// Plans patches that overlap, each kept whole: what a pixel gets from all of them is averaged.
    pub fn overlapping(width: usize, height: usize, patches: Patches, geometry: &Geometry) -> Self {
        Self::windows([height, width], patches.sides(), [patches.stride; 2], geometry)
    }

    /// Windows of the given sides, so many pixels from one to the next; rows before columns.
    fn windows(image: [usize; 2], sides: [usize; 2], strides: [usize; 2], geometry: &Geometry) -> Self {
        let axis = |i: usize| overlapping(image[i], sides[i], strides[i], geometry);
        Self { tile: sides, rows: axis(0), columns: axis(1), whole: None, averaged: true }
    }

    /// Where a tile lies in the whole, for networks that interpolate by it ([`Geometry::framed`]); with `flip` (rows, columns)
    /// the whole is reversed.
    pub fn frame(&self, rows: Span, columns: Span, flip: [bool; 2]) -> Option<Frame> {
        let (whole, first) = self.whole?;
        let place = |span: Span, axis: usize| {
            let before = usize::try_from(span.source - first).unwrap_or(0);
            let after = whole[axis].saturating_sub(before + self.tile[axis]);
            if flip[axis] { after } else { before }
        };
        Some(Frame { origin: [place(rows, 0), place(columns, 1)], whole })
    }

    /// The plan for a model: patches if its card asks for them, else tiles of at most `tile` pixels a side. Where statistics are of
    /// the whole ([`Geometry::whole`]), an image that does not go through in one pass is covered by tiles that overlap by half,
    /// whose results are averaged: no seam shows where neighbours differ.
    pub fn of(card: &Card, width: usize, height: usize, tile: usize) -> Self {
        let geometry = Geometry::of(&card.network);
        let whole = [height, width].map(|n| extended(n, &geometry));
        let largest = geometry.legal_at_least(tile);
        match card.patches {
            Some(patches) => Self::overlapping(width, height, patches, &geometry),
            None if geometry.whole && whole.iter().any(|n| *n > largest) => {
                let sizes = whole.map(|n| n.min(largest));
                Self::windows([height, width], sizes, sizes.map(|size| size.div_ceil(2)), &geometry)
            }
            None => Self::new(width, height, tile, &geometry),
        }
    }

    /// How many tiles go through the network together: one, or as many small patches as cover a tile of `tile` pixels a
    /// side, since each alone would leave the device idle.
    pub fn batch(&self, tile: usize) -> usize {
        if !self.averaged {
            return 1;
        }
        let [height, width] = self.tile;
        ((tile / height.max(1)) * (tile / width.max(1))).max(1)
    }

    /// What a pixel from one tile counts: one over the number of tiles that keep it, which is the product of the value
    /// of its row and that of its column.
    pub fn weights(&self) -> [Vec<f32>; 2] {
        [&self.rows, &self.columns].map(|spans| {
            let n = spans.iter().map(|s| s.target + s.len).max().unwrap_or(0);
            let mut count = vec![0u32; n];
            for span in spans {
                count[span.target..span.target + span.len].iter_mut().for_each(|c| *c += 1);
            }
            count.into_iter().map(|c| 1.0 / c.max(1) as f32).collect()
        })
    }

    /// Pixels from one window to the next, where windows overlap and are averaged.
    pub fn step(&self) -> Option<usize> {
        let of = |spans: &[Span]| Some(spans.get(1)?.target - spans.first()?.target);
        self.averaged.then(|| of(&self.columns).or_else(|| of(&self.rows)).unwrap_or(self.tile[1]))
    }

    /// The number of tiles.
    pub fn len(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tiles row by row: (rows, columns).
    pub fn tiles(&self) -> impl Iterator<Item = (Span, Span)> + '_ {
        self.rows.iter().flat_map(|r| self.columns.iter().map(|c| (*r, *c)))
    }
}

/// Size of the whole that tiles of an image are windows of, and the image's place of its first pixel, where that counts.
fn whole(image: [usize; 2], geometry: &Geometry) -> Option<([usize; 2], isize)> {
    geometry.framed.then(|| (image.map(|n| extended(n, geometry)), -(margin(geometry) as isize)))
}

fn axis(n: usize, tile: usize, geometry: &Geometry) -> (usize, Vec<Span>) {
    if geometry.border == 0 { same(n, tile, geometry) } else { valid(n, tile, geometry) }
}

/// Mirrored pixels before the image. Where a pixel's place in the whole counts, the whole is the image, as it was in training.
fn margin(geometry: &Geometry) -> usize {
    if geometry.framed || geometry.whole { 0 } else { MARGIN.next_multiple_of(geometry.stride) }
}

/// Size of the whole that a network with same padding sees of `n` pixels.
fn extended(n: usize, geometry: &Geometry) -> usize {
    (n + 2 * margin(geometry)).next_multiple_of(geometry.stride)
}

/// Same padding: the network sees the image with a mirrored margin as one extended line; tiles are windows of it.
fn same(n: usize, tile: usize, geometry: &Geometry) -> (usize, Vec<Span>) {
    let stride = geometry.stride;
    let (margin, extended) = (margin(geometry), extended(n, geometry));
    let halo = geometry.context.next_multiple_of(stride);
    let tile = geometry.legal_at_least(tile).max(2 * halo + stride);
    let origin = -(margin as isize);
    if extended <= tile {
        return (extended, vec![Span { source: origin, keep: margin, target: 0, len: n }]);
    }
    // As few tiles as the size allows, then all of them as small as that number allows: less overlap, less work.
    let count = (extended - 2 * halo).div_ceil(tile - 2 * halo);
    let tile = (extended + 2 * halo * (count - 1)).div_ceil(count).next_multiple_of(stride);
    let mut spans = Vec::new();
    let (mut start, mut kept) = (0, margin);
    loop {
        let last = start + tile >= extended;
        let start_here = if last { extended - tile } else { start };
        let end = if last { margin + n } else { (start_here + tile - halo).min(margin + n) };
        if end > kept {
            spans.push(Span {
                source: origin + start_here as isize,
                keep: kept - start_here,
                target: kept - margin,
                len: end - kept,
            });
            kept = end;
        }
        if last {
            return (tile, spans);
        }
        start = start_here + tile - 2 * halo;
    }
}

/// Valid convolutions: each tile's output is whole; the step is a multiple of the stride to keep the phase.
fn valid(n: usize, tile: usize, geometry: &Geometry) -> (usize, Vec<Span>) {
    let enough = geometry.legal_at_least(n + 2 * geometry.border);
    let least = geometry.legal_at_least(2 * geometry.border + geometry.stride);
    let tile = geometry.legal_at_most(tile).max(least).min(enough.max(least));
    let output = geometry.output_size(tile);
    let step = if output >= n { n } else { output / geometry.stride * geometry.stride };
    let spans = (0..n)
        .step_by(step.max(1))
        .map(|target| Span {
            source: target as isize - geometry.border as isize,
            keep: 0,
            target,
            len: step.min(n - target),
        })
        .collect();
    (tile, spans)
}

/// The smallest tile that keeps `block` whole: it starts at the phase of the pooling grid, and has the context of all of the block.
fn block_axis(n: usize, block: Range<usize>, geometry: &Geometry) -> (usize, Span) {
    let stride = geometry.stride;
    let (target, len) = (block.start, block.len());
    if geometry.border > 0 {
        let start = target / stride * stride;
        let reach = (target + len - start).next_multiple_of(stride);
        let source = start as isize - geometry.border as isize;
        return (
            geometry.legal_at_least(2 * geometry.border + reach),
            Span { source, keep: target - start, target, len },
        );
    }
    let (margin, extended) = (margin(geometry), extended(n, geometry));
    let halo = geometry.context.next_multiple_of(stride);
    let start = (target + margin).saturating_sub(halo) / stride * stride;
    let end = (target + margin + len + halo).next_multiple_of(stride).min(extended);
    let source = start as isize - margin as isize;
    (end - start, Span { source, keep: target + margin - start, target, len })
}

/// Patches a stride apart; the last lies at the end of the axis, or reaches beyond an axis shorter than itself.
fn overlapping(n: usize, size: usize, stride: usize, geometry: &Geometry) -> Vec<Span> {
    let output = geometry.output_size(size);
    let last = n.saturating_sub(output);
    (0..last)
        .step_by(stride.max(1))
        .chain([last])
        .map(|target| Span {
            source: target as isize - geometry.border as isize,
            keep: 0,
            target,
            len: output.min(n - target),
        })
        .collect()
}

/// The image position that stands at `i` when an axis of `n` pixels is mirrored at its first and last pixel
/// (`... 2 1 | 0 1 2 ... n-1 | n-2 ...`), as often as it takes.
pub fn mirror(i: isize, n: usize) -> usize {
    if n <= 1 {
        return 0;
    }
    let period = 2 * (n - 1);
    let i = i.rem_euclid(period as isize) as usize;
    if i < n { i } else { period - i }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::net::{Norm, Padding, Preset, UNetConfig, Upsampling};

    #[test]
    fn the_border_is_mirrored_without_repeating_the_edge() {
        let line: Vec<usize> = (-4..7).map(|i| mirror(i, 3)).collect();
        assert_eq!(line, [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]);
        assert_eq!(mirror(-5, 1), 0);
    }

    fn config(levels: usize, padding: Padding) -> UNetConfig {
        UNetConfig {
            levels,
            padding,
            norm: Norm::None,
            upsampling: Upsampling::Transposed,
            up_activation: false,
            ..Preset::Small.config(1, 1)
        }
    }

    proptest! {
        #[test]
        fn every_pixel_is_kept_once_with_its_context(
            n in 1usize..2000, wanted in 1usize..800, levels in 2usize..6, valid in any::<bool>()
        ) {
            let padding = if valid { Padding::Valid } else { Padding::Same };
            let geometry = Geometry::of(&config(levels, padding));
            let (tile, spans) = axis(n, wanted, &geometry);
            prop_assert!(geometry.is_legal(tile));
            prop_assert!(valid || tile <= geometry.legal_at_least(wanted).max(2 * geometry.context + 3 * geometry.stride));
            let output = geometry.output_size(tile);
            let mut next = 0;
            let phase = spans[0].source.rem_euclid(geometry.stride as isize);
            for (i, s) in spans.iter().enumerate() {
                prop_assert_eq!(s.target, next);
                prop_assert!(s.len > 0 && s.keep + s.len <= output);
                prop_assert_eq!(s.source.rem_euclid(geometry.stride as isize), phase);
                prop_assert_eq!(s.source + (geometry.border + s.keep) as isize, s.target as isize);
                if !valid {
                    prop_assert!(i == 0 || s.keep >= geometry.context);
                    prop_assert!(i + 1 == spans.len() || s.keep + s.len + geometry.context <= tile);
                }
                next += s.len;
            }
            prop_assert_eq!(next, n);
        }

        #[test]
        fn a_block_is_kept_whole_with_its_context_or_up_to_the_edge(
            (n, from, len) in (1usize..600).prop_flat_map(|n| (Just(n), 0..n)).prop_flat_map(|(n, from)| (Just(n), Just(from), 1..=n - from)),
            levels in 2usize..6, valid in any::<bool>()
        ) {
            let padding = if valid { Padding::Valid } else { Padding::Same };
            let geometry = Geometry::of(&config(levels, padding));
            let (tile, span) = block_axis(n, from..from + len, &geometry);
            prop_assert!(geometry.is_legal(tile));
            prop_assert_eq!((span.target, span.len), (from, len));
            prop_assert!(span.keep + len <= geometry.output_size(tile));
            prop_assert_eq!(span.source + (geometry.border + span.keep) as isize, from as isize);
            let (_, whole) = axis(n, n, &geometry);
            let phase = |s: &Span| s.source.rem_euclid(geometry.stride as isize);
            prop_assert_eq!(phase(&span), phase(&whole[0]));
            if !valid {
                let end = span.source + tile as isize;
                let last = extended(n, &geometry) as isize - margin(&geometry) as isize;
                prop_assert!(span.keep >= geometry.context || span.source == -(margin(&geometry) as isize));
                prop_assert!(span.keep + len + geometry.context <= tile || end == last);
            }
        }

        #[test]
        fn patches_leave_no_gap_and_what_they_count_sums_up_to_one(
            (n, size, stride, valid) in (1usize..300, 1usize..16, any::<bool>()).prop_flat_map(|(n, blocks, valid)| {
                let geometry = Geometry::of(&config(3, if valid { Padding::Valid } else { Padding::Same }));
                let size = geometry.legal_at_least(4 * blocks);
                (Just(n), Just(size), 1..=geometry.output_size(size), Just(valid))
            })
        ) {
            let geometry = Geometry::of(&config(3, if valid { Padding::Valid } else { Padding::Same }));
            let plan = TilePlan::overlapping(n, 7, Patches::square(size, stride), &geometry);
            let [_, weights] = plan.weights();
            let mut sum = vec![0.0f32; n];
            for span in &plan.columns {
                prop_assert_eq!(span.source + geometry.border as isize, span.target as isize);
                prop_assert!(span.keep + span.len <= geometry.output_size(size));
                for x in span.target..span.target + span.len {
                    sum[x] += weights[x];
                }
            }
            prop_assert!(plan.columns.is_sorted_by(|a, b| a.target < b.target));
            prop_assert!(sum.iter().all(|s| (s - 1.0).abs() < 1e-5), "{sum:?}");
        }
    }
}
