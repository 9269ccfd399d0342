//! Voxels as a research program stores them, in axes of any order, to a [`Scan`] as the patient lies: for NIfTI, NRRD and MetaImage.

use super::geometry::Geometry;
use super::limits::zeroed;
use super::orientation::{turn_of, turned};
use super::samples::{SampleType, Samples};
use super::{Format, Limits, Planes, Scan, Spacing, Turn};
use crate::error::{Error, Result};

/// Values of a voxel that is no colour: each is a plane that a person can choose.
const MOST_PLANES: usize = 4096;

/// What an axis of the file is. Columns, rows and depths are the file's own first, second and third axis in space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Column,
    Row,
    Depth,
    Time,
    /// What a voxel has several of: colours, parts of a vector.
    Component,
}

/// The axes of a file, sizes and places by [`Role`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    sizes: [usize; 5],
    /// Samples from one voxel to the next along each.
    strides: [usize; 5],
    kind: SampleType,
    /// Components are red, green, blue, and alpha, which is dropped.
    colour: bool,
}

impl Grid {
    /// Of axes from the fastest to the slowest. Axes of the same role must follow each other, and count as one. `colour`: components
    /// are colours, if there are as many as colours have.
    ///
    /// # Errors
    /// `scan.shape` for axes that are empty or cannot be put together; `scan.limit.*`.
    pub(super) fn new(
        axes: impl IntoIterator<Item = (Role, usize)>,
        kind: SampleType,
        colour: bool,
        limits: &Limits,
    ) -> Result<Self> {
        let impossible =
            |what: &str| Error::invalid("scan.shape", format!("This file's axes make no image: {what}."));
        let (mut sizes, mut strides) = ([1usize; 5], [0usize; 5]);
        let mut stored = 1usize;
        let mut last = None;
        for (role, n) in axes {
            if n == 0 {
                return Err(impossible("one of them is empty"));
            }
            let (Some(size), Some(stride)) = (sizes.get_mut(role as usize), strides.get_mut(role as usize))
            else {
                continue;
            };
            if *stride == 0 {
                *stride = stored;
            } else if last != Some(role) && n > 1 {
                return Err(impossible("two of them, apart from each other, are the same"));
            }
            let (Some(longer), Some(more)) = (size.checked_mul(n), stored.checked_mul(n)) else {
                return Err(impossible("it would be larger than any memory"));
            };
            (*size, stored, last) = (longer, more, Some(role));
        }
        let [columns, rows, depths, times, components] = sizes;
        let colour = colour && matches!(components, 3 | 4);
        let (slices, planes) = (depths.saturating_mul(times), if colour { 1 } else { components });
        if planes > MOST_PLANES {
            return Err(impossible("a voxel has thousands of values"));
        }
        let slices_shown = slices.saturating_mul(planes);
        limits.check(columns, rows, slices_shown, 1, 1)?;
        limits.check(columns, rows, slices, components, kind.bytes())?;
        // For the place of each row.
        limits.check(columns.max(rows), 1, slices_shown, 1, size_of::<usize>())?;
        Ok(Self { sizes, strides, kind, colour })
    }

    /// Samples in all.
    pub(super) fn samples(&self) -> usize {
        self.sizes.iter().product()
    }

    /// Bytes in all.
    pub(super) fn bytes(&self) -> usize {
        self.samples() * self.kind.bytes()
    }

    pub(super) fn kind(&self) -> SampleType {
        self.kind
    }

    /// Columns, rows and depths of the file.
    pub(super) fn space(&self) -> [usize; 3] {
        let [columns, rows, depths, ..] = self.sizes;
        [columns, rows, depths]
    }

    /// The scan, turned as the patient lies. `file`: where the file's own voxels lie, if it tells; `sizes`: of a voxel along the
    /// file's columns, rows and depths, mm.
    pub(super) fn scan(
        &self,
        format: Format,
        samples: Samples,
        file: Option<Geometry>,
        sizes: Option<[f64; 3]>,
    ) -> Result<Scan> {
        let [.., times, components] = self.sizes;
        let turn = file.as_ref().and_then(turn_of);
        let geometry = file.filter(|at| turn.is_some() && at.origin.iter().all(|v| v.is_finite()));
        let turn = turn.unwrap_or_default();
        let [columns, rows, depths] = self.space();
        let [width, height] = turn.size([columns, rows]);
        let (channels, planes) = match (self.colour, components) {
            (true, _) => (3, 1),
            (false, planes) => (1, planes),
        };
        let slices = planes * depths * times;
        let samples = self.turned(samples, turn, [channels, width, height, planes])?;
        let mut scan = Scan::from_samples(format, width, height, slices, channels, samples)?;
        scan.planes = Planes { channels: vec![String::new(); planes], depths, times };
        scan.geometry = geometry.map(|at| turned(at, turn, [width, height, depths]));
        let size =
            |axis: usize| sizes?.get(axis).copied().map(f64::abs).filter(|v| v.is_finite() && *v > 0.0);
        let (x, y) = if turn.transposed { (1, 0) } else { (0, 1) };
        scan.spacing = match (size(x), size(y)) {
            (Some(x), Some(y)) => Some(Spacing { x, y, z: size(2).filter(|_| slices > 1) }),
            _ => None,
        };
        scan.turn = turn;
        Ok(scan)
    }

    /// Samples in the order of a scan: channel, column, row, plane, depth, time.
    fn turned(
        &self,
        samples: Samples,
        turn: Turn,
        [channels, width, height, planes]: [usize; 4],
    ) -> Result<Samples> {
        let [_, _, depths, times, _] = self.sizes;
        let [a, b, c, time, component] = self.strides;
        let (a, b) = if turn.transposed { (b, a) } else { (a, b) };
        // Steps back are so long a way ahead that they come out there.
        let [across, down, along] = turn.reversed;
        let axis = |n: usize, step: usize, reversed: bool| {
            if reversed { ((n - 1) * step, step.wrapping_neg()) } else { (0, step) }
        };
        let (first, across) = axis(width, a, across);
        let (top, down) = axis(height, b, down);
        let (front, along) = axis(depths, c, along);
        let mut rows = zeroed::<usize>(times * depths * planes * height)?;
        for (i, row) in rows.iter_mut().enumerate() {
            let (slice, y) = (i / height, i % height);
            let (slice, plane) = (slice / planes, slice % planes);
            let start = first + top + front + plane * component + slice / depths * time;
            *row =
                start.wrapping_add((slice % depths).wrapping_mul(along)).wrapping_add(y.wrapping_mul(down));
        }
        let line = width * channels;
        let n = rows.len() * line;
        let natural = (width == 1 || across == channels) && (channels == 1 || component == 1);
        if natural && n == samples.len() && rows.iter().enumerate().all(|(i, row)| *row == i * line) {
            return Ok(samples);
        }
        samples.gather(n, |i| {
            let (x, channel) = (i % line / channels, i % channels);
            let row = rows.get(i / line).copied().unwrap_or_default();
            row.wrapping_add(x.wrapping_mul(across)).wrapping_add(channel * component)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grid(axes: &[(Role, usize)], colour: bool) -> Result<Grid> {
        Grid::new(axes.iter().copied(), SampleType::U8, colour, &Limits::default())
    }

    fn scan(axes: &[(Role, usize)], colour: bool) -> Scan {
        let grid = grid(axes, colour).unwrap();
        let samples = Samples::U8((0..grid.samples()).map(|i| i as u8).collect());
        grid.scan(Format::Nrrd, samples, None, None).unwrap()
    }

    #[test]
    fn components_are_channels_wherever_their_axis_is() {
        use Role::{Column, Component, Depth, Row, Time};
        let last = scan(&[(Column, 2), (Row, 2), (Depth, 3), (Time, 2), (Component, 2)], false);
        assert_eq!((last.planes.channels.len(), last.planes.depths, last.planes.times), (2, 3, 2));
        // channel + channels * (depth + depths * time)
        assert_eq!(last.value_at(1 + 2 * (2 + 3), 1, 0), Some(vec![(24 + 12 + 8 + 1) as f32]));
        let first = scan(&[(Component, 2), (Column, 2), (Row, 2)], false);
        assert_eq!([first.value_at(0, 1, 0), first.value_at(1, 1, 0)], [Some(vec![2.0]), Some(vec![3.0])]);
        let colours = scan(&[(Column, 2), (Row, 2), (Component, 4)], true);
        assert_eq!((colours.channels, colours.value_at(0, 1, 1)), (3, Some(vec![3.0, 7.0, 11.0])));
    }

    #[test]
    fn axes_that_make_no_image_are_refused() {
        use Role::{Column, Row, Time};
        for axes in [&[(Column, 2), (Row, 0)][..], &[(Time, 2), (Column, 2), (Time, 3)]] {
            assert_eq!(grid(axes, false).unwrap_err().code(), "scan.shape");
        }
        let most = usize::MAX;
        assert_eq!(grid(&[(Column, most), (Row, most)], false).unwrap_err().code(), "scan.shape");
        assert_eq!(
            grid(&[(Column, 1 << 20), (Row, 1 << 20)], false).unwrap_err().code(),
            "scan.limit.pixels"
        );
    }

    proptest! {
        #[test]
        fn every_value_comes_once_in_the_order_of_the_planes(
            order in Just([Role::Column, Role::Row, Role::Depth, Role::Time, Role::Component]).prop_shuffle(),
            sizes in prop::array::uniform5(1usize..4),
            steps in Just([[0.5, 0.1, 0.0], [0.0, 0.0, -2.0], [0.1, 3.0, 0.2]]).prop_shuffle(),
            signs in prop::array::uniform3(prop_oneof![Just(1.0), Just(-1.0)]),
        ) {
            let axes: Vec<(Role, usize)> = order.iter().copied().zip(sizes).collect();
            let grid = grid(&axes, false).unwrap();
            let samples = Samples::U8((0..grid.samples()).map(|i| i as u8).collect());
            let mut directed = steps;
            for (step, sign) in directed.iter_mut().zip(signs) {
                *step = step.map(|v| v * sign);
            }
            let file = Geometry { origin: [1.0, 2.0, 3.0], steps: directed };
            let scan = grid.scan(Format::Nrrd, samples, Some(file), None).unwrap();
            let geometry = scan.geometry.unwrap();
            let (planes, depths) = (scan.planes.channels.len(), scan.planes.depths);
            for slice in 0..scan.slices {
                for (x, y) in (0..scan.width).flat_map(|x| (0..scan.height).map(move |y| (x, y))) {
                    let (channel, z, time) = (slice % planes, slice / planes % depths, slice / planes / depths);
                    let place = geometry.at([x as f64, y as f64, z as f64]);
                    let [i, j, k] = file.voxel_of(place).unwrap().map(|v| v.round() as usize);
                    // Where the file has it.
                    let mut at = [(Role::Column, i), (Role::Row, j), (Role::Depth, k), (Role::Time, time), (Role::Component, channel)];
                    at.sort_by_key(|(role, _)| order.iter().position(|r| r == role));
                    let stored = at.iter().zip(sizes).rev().fold(0, |sum, ((_, i), n)| sum * n + i);
                    prop_assert_eq!(scan.value_at(slice, x, y), Some(vec![stored as f32]));
                }
            }
        }
    }
}
