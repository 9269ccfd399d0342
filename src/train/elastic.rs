//! Smooth random deformation: displacements on a coarse grid, interpolated by bicubic splines.
//!
//! Ronneberger 2015, section 3.1: random displacement vectors on a coarse 3 x 3 grid, normal with 10 pixels
//! standard deviation, per-pixel displacements by bicubic interpolation. The paper leaves open which cubic and where the
//! grid lies: here it is Keys' (1981, IEEE Trans. ASSP 29:1153) with a = -1/2, and the outer control points lie on the
//! patch's outermost pixels and repeat beyond them.

use rand::{Rng, RngExt};

/// Control points along an axis.
const GRID: usize = 3;

/// Displacements of a square patch.
#[derive(Clone, Debug, PartialEq)]
pub struct Elastic {
    dx: [[f32; GRID]; GRID],
    dy: [[f32; GRID]; GRID],
}

impl Elastic {
    /// A deformation with given displacements in pixels at the control points, `[row][column]`.
    pub fn new(dx: [[f32; GRID]; GRID], dy: [[f32; GRID]; GRID]) -> Self {
        Self { dx, dy }
    }

    /// Draws a deformation with displacements of `sigma` pixels standard deviation at the control points.
    pub fn random(sigma: f32, rng: &mut impl Rng) -> Self {
        let mut grid = || std::array::from_fn(|_| std::array::from_fn(|_| normal(rng) * sigma));
        Self { dx: grid(), dy: grid() }
    }

    /// The displacement (dx, dy) in pixels at (u, v), both 0..=1 over the patch.
    pub fn at(&self, u: f32, v: f32) -> (f32, f32) {
        let (i, wu) = weights(u);
        let (j, wv) = weights(v);
        let mut sum = (0.0, 0.0);
        for (b, wv) in wv.iter().enumerate() {
            let row = clamped(j + b);
            for (a, wu) in wu.iter().enumerate() {
                let column = clamped(i + a);
                sum.0 += wu * wv * self.dx[row][column];
                sum.1 += wu * wv * self.dy[row][column];
            }
        }
        sum
    }
}

/// Index into the grid of a neighbour counted from one before the first (the border control points repeat).
fn clamped(i: usize) -> usize {
    i.saturating_sub(1).min(GRID - 1)
}

/// First neighbour (shifted by one) and the four Catmull-Rom weights at `t` along the axis.
fn weights(t: f32) -> (usize, [f32; 4]) {
    let position = t.clamp(0.0, 1.0) * (GRID - 1) as f32;
    let cell = (position as usize).min(GRID - 2);
    let t = position - cell as f32;
    let (t2, t3) = (t * t, t * t * t);
    let w = [
        0.5 * (-t3 + 2.0 * t2 - t),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (-3.0 * t3 + 4.0 * t2 + t),
        0.5 * (t3 - t2),
    ];
    (cell, w)
}

/// A standard normal variate (Box and Muller).
pub(super) fn normal(rng: &mut impl Rng) -> f32 {
    let u: f32 = 1.0 - rng.random::<f32>();
    let v: f32 = rng.random::<f32>();
    (-2.0 * u.max(f32::MIN_POSITIVE).ln()).sqrt() * (std::f32::consts::TAU * v).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deformation_passes_through_its_control_points_and_is_smooth_between() {
        let mut e = Elastic { dx: [[0.0; 3]; 3], dy: [[0.0; 3]; 3] };
        e.dx[1][1] = 10.0;
        e.dy[0][2] = -4.0;
        assert!((e.at(0.5, 0.5).0 - 10.0).abs() < 1e-5);
        assert!((e.at(1.0, 0.0).1 + 4.0).abs() < 1e-5);
        assert!(e.at(0.0, 0.0).0.abs() < 1e-5);
        let (a, b) = (e.at(0.499, 0.5).0, e.at(0.501, 0.5).0);
        assert!((a - b).abs() < 0.01);
    }
}
