//! The mean of what a network says of the same voxels in three orientations.

use super::labels::voxels_of;
use super::plane::Plane;
use crate::error::Result;
use crate::scan::zeroed;

/// A third of the largest sum: a probability of 1.
const ONE: f32 = 21_845.0;

/// The mean of up to three probabilities of each voxel, `[slice][row][column]`, in 16 bits a voxel: it is wrong by less than 0.00003.
pub struct Mean3 {
    size: [usize; 3],
    sums: Vec<u16>,
    /// Planes that were added along each axis.
    added: [usize; 3],
}

impl Mean3 {
    /// # Errors
    /// `volume.size`, `scan.limit.memory`.
    pub fn new(size: [usize; 3]) -> Result<Self> {
        Ok(Self { size, sums: zeroed(voxels_of(size)?)?, added: [0; 3] })
    }

    /// Adds probabilities (0 to 1; NaN is 0) of a plane, `[y][x]` of `plane.size`. Each plane of an orientation is added once; planes
    /// outside the volume and of another size are left out.
    pub fn add(&mut self, plane: &Plane, index: usize, probabilities: &[f32]) {
        let [width, height] = plane.size;
        if probabilities.len() != width * height
            || !plane.lies_in(self.size)
            || index >= self.size[plane.normal]
        {
            return;
        }
        let [columns, rows, _] = self.size;
        for (y, line) in probabilities.chunks_exact(width.max(1)).enumerate() {
            for (x, probability) in line.iter().enumerate() {
                let [column, row, slice] = plane.voxel([x, y], index);
                let sum = &mut self.sums[(slice * rows + row) * columns + column];
                *sum = sum.saturating_add((probability.clamp(0.0, 1.0) * ONE).round() as u16);
            }
        }
        self.added[plane.normal] += 1;
    }

    /// The mean of the orientations that were added in full, `[row][column]` of a slice; 0 while there is none.
    ///
    /// # Panics
    /// If `to` does not hold `columns * rows` values.
    pub fn slice(&self, slice: usize, to: &mut [f32]) {
        let [columns, rows, _] = self.size;
        assert_eq!(to.len(), columns * rows, "a slice has the size of its volume");
        let whole = (0..3).filter(|axis| self.added[*axis] >= self.size[*axis]).count();
        let scale = 1.0 / (ONE * whole.max(1) as f32);
        let sums = self.sums.iter().skip(slice * columns * rows);
        for (to, sum) in to.iter_mut().zip(sums) {
            *to = f32::from(*sum) * scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_orientations_make_their_mean() {
        let size = [5, 4, 3];
        let of = |axis: usize, voxel: [usize; 3]| {
            let i = (voxel[2] * 4 + voxel[1]) * 5 + voxel[0];
            ((i * (7 + axis) + 3 * axis) % 61) as f32 / 60.0
        };
        let mut mean = Mean3::new(size).unwrap();
        for axis in 0..3 {
            let plane = Plane::stored(size, axis);
            for index in 0..size[axis] {
                let [width, height] = plane.size;
                let all = (0..width * height).map(|i| of(axis, plane.voxel([i % width, i / width], index)));
                mean.add(&plane, index, &all.collect::<Vec<_>>());
            }
            let mut slice = vec![0.0; 20];
            mean.slice(1, &mut slice);
            for (i, got) in slice.into_iter().enumerate() {
                let sum: f32 = (0..=axis).map(|axis| of(axis, [i % 5, i / 5, 1])).sum();
                assert!((got - sum / (axis + 1) as f32).abs() < 3e-5);
            }
        }
        mean.add(&Plane::stored([6, 4, 3], 2), 0, &[1.0; 24]);
        mean.add(&Plane::stored(size, 2), 0, &[f32::NAN; 20]);
    }
}
