//! The exact Euclidean distance transform.
//!
//! Felzenszwalb, Huttenlocher: Distance transforms of sampled functions, Theory of Computing 8 (2012): the lower
//! envelope of parabolas, one pass along columns and one along rows.

/// The squared distance of each pixel to the nearest pixel that `is` set, between pixel centres, in pixels^2;
/// 0 on set pixels, infinite everywhere if none is set. `is` holds `width * height` values, row by row.
pub fn squared_distance(is: &[bool], width: usize, height: usize) -> Vec<f32> {
    squared_distance_spaced(is, width, height, [1.0; 2])
}

/// The same where pixels are `spacing` apart, along a row and along a column, in any unit: in that unit, squared.
pub fn squared_distance_spaced(is: &[bool], width: usize, height: usize, spacing: [f64; 2]) -> Vec<f32> {
    debug_assert_eq!(is.len(), width * height);
    let mut d: Vec<f32> = is.iter().map(|set| if *set { 0.0 } else { f32::INFINITY }).collect();
    let longest = width.max(height);
    let mut pass =
        Pass { vertex: vec![0; longest], bound: vec![0.0; longest + 1], line: vec![0.0; longest], area: 1.0 };
    let [across, down] = spacing.map(|s| s * s);
    pass.area = down;
    for x in 0..width {
        for y in 0..height {
            pass.line[y] = d[y * width + x];
        }
        pass.run(height, |y, v| d[y * width + x] = v);
    }
    pass.area = across;
    for y in 0..height {
        let row = y * width..(y + 1) * width;
        pass.line[..width].copy_from_slice(&d[row.clone()]);
        let out = &mut d[row];
        pass.run(width, |x, v| out[x] = v);
    }
    d
}

struct Pass {
    /// Positions of the parabolas of the lower envelope, and where each takes over from the one before.
    vertex: Vec<usize>,
    bound: Vec<f64>,
    line: Vec<f32>,
    /// The square of a step.
    area: f64,
}

impl Pass {
    /// `min over q of (p - q)^2 * area + line[q]` for each p.
    fn run(&mut self, n: usize, mut put: impl FnMut(usize, f32)) {
        let mut count = 0;
        for q in (0..n).filter(|q| self.line[*q].is_finite()) {
            let height = |v: usize| f64::from(self.line[v]) + (v * v) as f64 * self.area;
            let mut from = f64::NEG_INFINITY;
            while count > 0 {
                let v = self.vertex[count - 1];
                from = (height(q) - height(v)) / (2.0 * (q - v) as f64 * self.area);
                if from > self.bound[count - 1] {
                    break;
                }
                count -= 1;
                from = f64::NEG_INFINITY;
            }
            self.vertex[count] = q;
            self.bound[count] = from;
            count += 1;
        }
        if count == 0 {
            return;
        }
        let mut k = 0;
        for p in 0..n {
            while k + 1 < count && self.bound[k + 1] < p as f64 {
                k += 1;
            }
            let v = self.vertex[k];
            let d = p.abs_diff(v);
            put(p, ((d * d) as f64 * self.area) as f32 + self.line[v]);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_equals_the_search_over_all_pixels(
            (w, h, is) in (1usize..12, 1usize..12).prop_flat_map(|(w, h)| {
                (Just(w), Just(h), prop::collection::vec(prop::bool::weighted(0.15), w * h))
            })
        ) {
            let got = squared_distance(&is, w, h);
            for (i, got) in got.into_iter().enumerate() {
                let expected = (0..w * h)
                    .filter(|j| is[*j])
                    .map(|j| ((i % w).abs_diff(j % w).pow(2) + (i / w).abs_diff(j / w).pow(2)) as f32)
                    .fold(f32::INFINITY, f32::min);
                prop_assert_eq!(got, expected);
            }
            // Steps whose squares are whole numbers of sixteenths: nothing is rounded.
            for (i, got) in squared_distance_spaced(&is, w, h, [0.75, 2.5]).into_iter().enumerate() {
                let apart = |j: usize| [(i % w).abs_diff(j % w) as f32 * 0.75, (i / w).abs_diff(j / w) as f32 * 2.5];
                let far = |j: usize| apart(j).into_iter().map(|d| d * d).sum();
                let expected = (0..w * h).filter(|j| is[*j]).map(far).fold(f32::INFINITY, f32::min);
                prop_assert_eq!(got, expected);
            }
        }
    }
}
