//! Moments of an object's pixels: its middle, and the ellipse with the same second moments.

use std::f64::consts::FRAC_PI_4;

use super::Region;

/// Sums over the pixels, exact.
pub struct Moments {
    area: i128,
    /// Of columns and of rows, counted from `origin`.
    sums: [i128; 2],
    /// Of their squares.
    squares: [i128; 2],
    /// Of their products.
    product: i128,
    origin: [usize; 2],
}

impl Moments {
    pub fn of(region: &Region) -> Self {
        let origin = [region.bounds.left, region.bounds.top];
        let mut all = Self { area: 0, sums: [0; 2], squares: [0; 2], product: 0, origin };
        // 0 + 1 + ... and 0 + 1 + 4 + ... under n.
        let sum = |n: i128| n * (n - 1) / 2;
        let squares = |n: i128| n * (n - 1) * (2 * n - 1) / 6;
        for (y, from, to) in region.runs() {
            let [from, to] = [from, to].map(|x| (x - origin[0]) as i128);
            let (y, n, xs) = ((y - origin[1]) as i128, to - from, sum(to) - sum(from));
            all.area += n;
            all.sums[0] += xs;
            all.sums[1] += n * y;
            all.squares[0] += squares(to) - squares(from);
            all.squares[1] += n * y * y;
            all.product += xs * y;
        }
        all
    }

    /// Pixels.
    pub fn area(&self) -> usize {
        self.area as usize
    }

    /// Column and row of the middle.
    pub fn centroid(&self) -> [f64; 2] {
        [0, 1].map(|axis| self.origin[axis] as f64 + self.sums[axis] as f64 / self.area as f64)
    }

    /// Variances of columns and rows, and their covariance, each times the area's square: exact.
    fn central(&self) -> [i128; 3] {
        let [x, y] = [0, 1].map(|axis| self.area * self.squares[axis] - self.sums[axis] * self.sums[axis]);
        [x, y, self.area * self.product - self.sums[0] * self.sums[1]]
    }

    /// Variances along the two axes, the larger first.
    fn variances(&self) -> [f64; 2] {
        let scale = (self.area * self.area) as f64;
        let [x, y, xy] = self.central().map(|v| v as f64 / scale);
        let half = ((x - y) * (x - y) / 4.0 + xy * xy).sqrt();
        [(x + y) / 2.0 + half, ((x + y) / 2.0 - half).max(0.0)]
    }

    /// Lengths of the axes, the major one first: four times the standard deviations.
    pub fn axes(&self) -> [f64; 2] {
        self.variances().map(|variance| 4.0 * variance.sqrt())
    }

    /// 0 of a circle, towards 1 of a line.
    pub fn eccentricity(&self) -> f64 {
        let [major, minor] = self.variances();
        if major == 0.0 { 0.0 } else { (1.0 - minor / major).sqrt() }
    }

    /// Angle from the axis of rows to the major axis, radians.
    pub fn orientation(&self) -> f64 {
        let [x, y, xy] = self.central();
        if x == y {
            return if xy > 0 { FRAC_PI_4 } else { -FRAC_PI_4 };
        }
        0.5 * (2.0 * xy as f64).atan2((y - x) as f64)
    }
}
