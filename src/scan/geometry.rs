//! Where the voxels of a volume lie in the patient.

use super::Spacing;

/// A point or a step in the patient, mm, in DICOM's coordinates (PS3.3 C.7.6.2.1.1, LPS): to the left, to the back (posterior), to the
/// head (superior).
pub type Vector = [f64; 3];

/// Voxel `(column, row, slice)` lies at `origin + column * steps[0] + row * steps[1] + slice * steps[2]`. Steps need not be at right
/// angles: a tilted gantry shears the volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// The centre of the first voxel.
    pub origin: Vector,
    /// To the next column, to the next row, to the next slice.
    pub steps: [Vector; 3],
}

impl Geometry {
    /// Columns run to the left, rows to the back, slices to the head.
    pub fn plain(spacing: [f64; 3]) -> Self {
        let [x, y, z] = spacing;
        Self { origin: [0.0; 3], steps: [[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]] }
    }

    /// From an affine matrix whose rows are the world's axes and whose fourth column is the origin; `ras`: NIfTI's world (to the right,
    /// to the front, to the head).
    pub fn from_affine([x, y, z]: [[f64; 4]; 3], ras: bool) -> Self {
        let sign = if ras { -1.0 } else { 1.0 };
        let [[xi, xj, xk, xo], [yi, yj, yk, yo], [zi, zj, zk, zo]] =
            [x.map(|v| v * sign), y.map(|v| v * sign), z];
        Self { origin: [xo, yo, zo], steps: [[xi, yi, zi], [xj, yj, zj], [xk, yk, zk]] }
    }

    /// The other way round.
    pub fn affine(&self, ras: bool) -> [[f64; 4]; 3] {
        let sign = if ras { -1.0 } else { 1.0 };
        let [[xi, yi, zi], [xj, yj, zj], [xk, yk, zk]] = self.steps;
        let [xo, yo, zo] = self.origin;
        [[xi, xj, xk, xo].map(|v| v * sign), [yi, yj, yk, yo].map(|v| v * sign), [zi, zj, zk, zo]]
    }

    /// Where a voxel's centre lies; parts of voxels are between them.
    pub fn at(&self, voxel: Vector) -> Vector {
        self.steps.iter().zip(voxel).fold(self.origin, |at, (step, n)| add(at, scaled(*step, n)))
    }

    /// The voxel at a point, in parts of voxels; none of a geometry that is flat.
    pub fn voxel_of(&self, point: Vector) -> Option<Vector> {
        let [a, b, c] = self.steps;
        let volume = dot(a, cross(b, c));
        if !(volume.is_finite() && volume.abs() > 1e-12) {
            return None;
        }
        let from = add(point, scaled(self.origin, -1.0));
        Some([cross(b, c), cross(c, a), cross(a, b)].map(|normal| dot(from, normal) / volume))
    }

    /// Lengths of the steps: between columns, rows and slices, mm.
    pub fn spacing(&self) -> [f64; 3] {
        self.steps.map(length)
    }

    /// The same as [`Spacing`].
    pub fn distances(&self) -> Spacing {
        let [x, y, z] = self.spacing();
        Spacing { x, y, z: Some(z) }
    }

    /// The volume of a voxel, mm³.
    pub fn voxel_volume(&self) -> f64 {
        let [a, b, c] = self.steps;
        dot(a, cross(b, c)).abs()
    }

    /// The direction that stands upright on the slices, of length 1: columns to rows as thumb of the right hand.
    pub fn normal(&self) -> Vector {
        let [a, b, _] = self.steps;
        unit(cross(a, b))
    }

    /// The angle between the slices' normal and the way from slice to slice, degrees: 0 unless the gantry was tilted.
    pub fn tilt(&self) -> f64 {
        let [_, _, along] = self.steps;
        dot(self.normal(), unit(along)).abs().clamp(0.0, 1.0).acos().to_degrees()
    }

    /// Of each axis: the patient's axis that it is closest to (0 right to left, 1 front to back, 2 feet to head), and whether it runs
    /// along it. The three are told apart together, so that an oblique volume has each once.
    pub fn directions(&self) -> [(usize, bool); 3] {
        const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let steps = self.steps.map(unit);
        let part = |axis: usize, world: usize| {
            steps.get(axis).and_then(|step| step.get(world)).copied().unwrap_or(0.0)
        };
        let along = |order: &[usize; 3]| {
            order.iter().enumerate().map(|(axis, world)| part(axis, *world).abs()).sum::<f64>()
        };
        // Of equals the first.
        let best =
            ORDERS.into_iter().reduce(|best, order| if along(&order) > along(&best) { order } else { best });
        let [a, b, c] = best.unwrap_or([0, 1, 2]);
        [(a, part(0, a) >= 0.0), (b, part(1, b) >= 0.0), (c, part(2, c) >= 0.0)]
    }

    /// The letter of where an axis begins and of where it runs (`R` right, `L` left, `A` front, `P` back, `S` head, `I` feet), as
    /// [`Geometry::directions`] tells it.
    pub fn letters(&self, axis: usize) -> [char; 2] {
        let (world, rising) = self.directions().get(axis).copied().unwrap_or((0, true));
        let (low, high) = [('R', 'L'), ('A', 'P'), ('I', 'S')].get(world).copied().unwrap_or(('R', 'L'));
        if rising { [low, high] } else { [high, low] }
    }

    /// The same volume read from the other end of an axis that has `count` voxels.
    #[must_use]
    pub fn reversed(mut self, axis: usize, count: usize) -> Self {
        if let Some(step) = self.steps.get_mut(axis) {
            let last = scaled(*step, count.saturating_sub(1) as f64);
            self.origin = add(self.origin, last);
            *step = scaled(*step, -1.0);
        }
        self
    }

    /// The same volume with columns and rows exchanged.
    #[must_use]
    pub fn transposed(mut self) -> Self {
        self.steps.swap(0, 1);
        self
    }
}

pub(crate) fn add([a, b, c]: Vector, [d, e, f]: Vector) -> Vector {
    [a + d, b + e, c + f]
}

pub(crate) fn scaled(v: Vector, by: f64) -> Vector {
    v.map(|x| x * by)
}

pub(crate) fn dot([a, b, c]: Vector, [d, e, f]: Vector) -> f64 {
    a * d + b * e + c * f
}

pub(crate) fn cross([a, b, c]: Vector, [d, e, f]: Vector) -> Vector {
    [b * f - c * e, c * d - a * f, a * e - b * d]
}

pub(crate) fn length(v: Vector) -> f64 {
    dot(v, v).sqrt()
}

/// Of length 1; what has no length stays.
pub(crate) fn unit(v: Vector) -> Vector {
    let length = length(v);
    if length > 0.0 { scaled(v, 1.0 / length) } else { v }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tilted() -> Geometry {
        let affine = [[-0.7, 0.1, 0.0, 90.0], [0.1, -0.7, -0.6, 120.0], [0.0, 0.2, 2.5, -40.0]];
        Geometry::from_affine(affine, true)
    }

    #[test]
    fn a_point_is_found_again_and_an_affine_comes_back() {
        let geometry = tilted();
        let voxel = [3.0, 5.5, 7.0];
        let back = geometry.voxel_of(geometry.at(voxel)).unwrap();
        assert!(voxel.iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!(Geometry::from_affine(geometry.affine(true), true), geometry);
        assert_eq!(Geometry { steps: [[1.0, 0.0, 0.0]; 3], ..geometry }.voxel_of([0.0; 3]), None);
    }

    #[test]
    fn the_last_voxel_is_the_first_of_the_reversed() {
        let geometry = tilted();
        let reversed = geometry.reversed(2, 9);
        let close = |a: Vector, b: Vector| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close(reversed.at([1.0, 2.0, 0.0]), geometry.at([1.0, 2.0, 8.0])));
        assert!(close(geometry.transposed().at([1.0, 2.0, 3.0]), geometry.at([2.0, 1.0, 3.0])));
    }

    #[test]
    fn letters_and_the_tilt_follow_the_steps() {
        let plain = Geometry::plain([0.5, 0.5, 3.0]);
        assert_eq!([0, 1, 2].map(|axis| plain.letters(axis)), [['R', 'L'], ['A', 'P'], ['I', 'S']]);
        assert_eq!(plain.reversed(0, 4).letters(0), ['L', 'R']);
        assert_eq!(plain.tilt(), 0.0);
        assert!((plain.voxel_volume() - 0.75).abs() < 1e-12);
        let mut sheared = plain;
        sheared.steps[2] = [0.0, 3.0, 3.0];
        assert!((sheared.tilt() - 45.0).abs() < 1e-9);
    }
}
