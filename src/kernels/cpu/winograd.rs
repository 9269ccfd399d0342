//! 3x3 convolutions with a quarter of the multiplications: F(4x4, 3x3) of Lavin and Gray 2016 (arXiv:1509.09308).
//!
//! The image is cut into tiles of 4x4 results, each from 6x6 pixels. A tile `d`, the weights `g` and the result are
//! `A^T [(G g G^T) * (B^T d B)] A`: in the middle 36 products of matrices, [tile][channel] by [channel][output]. The gradient of the weights is the same
//! read backwards: `G^T [(B^T d B) * (A y A^T)] G`.

#![allow(clippy::needless_range_loop)] // rows and columns change places

use super::lanes::Lanes;

/// A side of a tile of results.
pub const OUT: usize = 4;
/// A side of the pixels that a tile needs.
pub const IN: usize = 6;
/// Products of matrices.
pub const POINTS: usize = IN * IN;

/// The points at which polynomials are evaluated are 0, `±A`, `±2 A` and infinity, with `A * 2 A = 1`: the matrices are then as even as they can be, and results
/// a third as far off as with the usual 0, ±1, ±2.
const A: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// `B^T` times a column of six.
#[inline(always)]
unsafe fn input<L: Lanes>(d: [L; IN]) -> [L; IN] {
    // SAFETY: the caller promises the features of `L`.
    unsafe {
        let (two, half, middle) = (L::splat(-2.0), L::splat(-0.5), L::splat(-2.5));
        let even = d[4].mul_add(two, d[2]);
        let odd = d[3].mul_add(two, d[1]).mul(L::splat(A));
        let even_two = d[4].mul_add(half, d[2]);
        let odd_two = d[3].mul_add(half, d[1]).mul(L::splat(2.0 * A));
        [
            d[0].add(d[4]).mul_add(middle, d[2]),
            even.add(odd),
            even.sub(odd),
            even_two.add(odd_two),
            even_two.sub(odd_two),
            d[1].add(d[5]).mul_add(middle, d[3]),
        ]
    }
}

/// `A^T` times a column of six.
#[inline(always)]
unsafe fn output<L: Lanes>(m: [L; IN]) -> [L; OUT] {
    // SAFETY: the caller promises the features of `L`.
    unsafe {
        let (sum, difference) = (m[1].add(m[2]), m[1].sub(m[2]));
        let (sum_two, difference_two) = (m[3].add(m[4]), m[3].sub(m[4]));
        [
            m[0].add(sum).add(sum_two),
            difference.mul(L::splat(A)).mul_add(L::splat(2.0 * A), difference_two),
            sum.mul(L::splat(0.5)).mul_add(L::splat(2.0), sum_two),
            m[5].mul_add(L::splat(0.5 * A), difference).mul_add(L::splat(4.0 * A), difference_two),
        ]
    }
}

/// `A` times a column of four: [`output`] transposed.
#[inline(always)]
unsafe fn output_transposed<L: Lanes>(y: [L; OUT]) -> [L; IN] {
    // SAFETY: the caller promises the features of `L`.
    unsafe {
        let even = y[0].mul_add(L::splat(0.5), y[2]);
        let odd = y[1].mul(L::splat(A)).mul_add(L::splat(0.5 * A), y[3]);
        let even_two = y[0].mul_add(L::splat(2.0), y[2]);
        let odd_two = y[1].mul(L::splat(2.0 * A)).mul_add(L::splat(4.0 * A), y[3]);
        [y[0], even.add(odd), even.sub(odd), even_two.add(odd_two), even_two.sub(odd_two), y[3]]
    }
}

/// `B^T d B` of one tile: `pixels[6 * row + column]` point to its channels, of which `channels` (whole vectors) are read; point `p` goes to
/// `to + p * stride`.
///
/// # Safety
/// The features of `L`; every pixel and every point must have room for the channels.
#[inline(always)]
pub unsafe fn transform_input<L: Lanes>(
    pixels: &[*const f32; POINTS],
    channels: usize,
    to: *mut f32,
    stride: usize,
) {
    // SAFETY: all pointers stay within what the caller promises.
    unsafe {
        for c in (0..channels).step_by(L::N) {
            let mut half = [[L::splat(0.0); IN]; IN];
            for x in 0..IN {
                let mut column = [L::splat(0.0); IN];
                for (y, to) in column.iter_mut().enumerate() {
                    *to = L::load(pixels[IN * y + x].add(c));
                }
                half[x] = input(column);
            }
            for y in 0..IN {
                let mut row = [L::splat(0.0); IN];
                for (x, to) in row.iter_mut().enumerate() {
                    *to = half[x][y];
                }
                for (x, value) in input(row).into_iter().enumerate() {
                    value.store(to.add((IN * y + x) * stride + c));
                }
            }
        }
    }
}

/// `A y A^T` of one tile of gradients, from 4x4 pixels; as [`transform_input`].
///
/// # Safety
/// As for [`transform_input`].
#[inline(always)]
pub unsafe fn transform_gradient<L: Lanes>(
    pixels: &[*const f32; OUT * OUT],
    channels: usize,
    to: *mut f32,
    stride: usize,
) {
    // SAFETY: all pointers stay within what the caller promises.
    unsafe {
        for c in (0..channels).step_by(L::N) {
            let mut half = [[L::splat(0.0); IN]; OUT];
            for x in 0..OUT {
                let mut column = [L::splat(0.0); OUT];
                for (y, to) in column.iter_mut().enumerate() {
                    *to = L::load(pixels[OUT * y + x].add(c));
                }
                half[x] = output_transposed(column);
            }
            for y in 0..IN {
                let mut row = [L::splat(0.0); OUT];
                for (x, to) in row.iter_mut().enumerate() {
                    *to = half[x][y];
                }
                for (x, value) in output_transposed(row).into_iter().enumerate() {
                    value.store(to.add((IN * y + x) * stride + c));
                }
            }
        }
    }
}

/// `A^T m A` of one tile and one vector of channels, row by row.
///
/// # Safety
/// The features of `L`; every point must have a vector.
#[inline(always)]
pub unsafe fn transform_output<L: Lanes>(from: *const f32, stride: usize) -> [[L; OUT]; OUT] {
    // SAFETY: all pointers stay within what the caller promises.
    unsafe {
        let mut half = [[L::splat(0.0); OUT]; IN];
        for x in 0..IN {
            let mut column = [L::splat(0.0); IN];
            for (y, to) in column.iter_mut().enumerate() {
                *to = L::load(from.add((IN * y + x) * stride));
            }
            half[x] = output(column);
        }
        let mut result = [[L::splat(0.0); OUT]; OUT];
        for (y, to) in result.iter_mut().enumerate() {
            let mut row = [L::splat(0.0); IN];
            for (x, to) in row.iter_mut().enumerate() {
                *to = half[x][y];
            }
            *to = output(row);
        }
        result
    }
}

/// `G`.
const WEIGHTS: [[f32; 3]; IN] = [
    [1.0, 0.0, 0.0],
    [-2.0 / 3.0, -2.0 / 3.0 * A, -1.0 / 3.0],
    [-2.0 / 3.0, 2.0 / 3.0 * A, -1.0 / 3.0],
    [1.0 / 6.0, 1.0 / 3.0 * A, 1.0 / 3.0],
    [1.0 / 6.0, -1.0 / 3.0 * A, 1.0 / 3.0],
    [0.0, 0.0, 1.0],
];

/// `G g G^T` of a vector of kernels, row by row.
///
/// # Safety
/// The features of `L`.
#[inline(always)]
pub unsafe fn transform_weights<L: Lanes>(g: [L; 9]) -> [L; POINTS] {
    // SAFETY: as the caller promises.
    unsafe {
        let mut half = [[L::splat(0.0); 3]; IN];
        for (row, half) in WEIGHTS.iter().zip(&mut half) {
            for (x, to) in half.iter_mut().enumerate() {
                *to = combined(*row, [g[x], g[3 + x], g[6 + x]]);
            }
        }
        let mut points = [L::splat(0.0); POINTS];
        for (y, half) in half.into_iter().enumerate() {
            for (x, row) in WEIGHTS.iter().enumerate() {
                points[IN * y + x] = combined(*row, half);
            }
        }
        points
    }
}

/// `G^T u G`: from the points back to the gradients of a vector of kernels.
///
/// # Safety
/// The features of `L`.
#[inline(always)]
pub unsafe fn gradient_of_weights<L: Lanes>(u: [L; POINTS]) -> [L; 9] {
    // SAFETY: as the caller promises.
    unsafe {
        let mut half = [[L::splat(0.0); 3]; IN];
        for (y, half) in half.iter_mut().enumerate() {
            for (x, row) in WEIGHTS.iter().enumerate() {
                for (to, factor) in half.iter_mut().zip(row) {
                    *to = to.mul_add(L::splat(*factor), u[IN * y + x]);
                }
            }
        }
        let mut gradient = [L::splat(0.0); 9];
        for (y, row) in WEIGHTS.iter().enumerate() {
            for (k, factor) in row.iter().enumerate() {
                for x in 0..3 {
                    gradient[3 * k + x] = gradient[3 * k + x].mul_add(L::splat(*factor), half[y][x]);
                }
            }
        }
        gradient
    }
}

#[inline(always)]
unsafe fn combined<L: Lanes>(factors: [f32; 3], values: [L; 3]) -> L {
    // SAFETY: the caller promises the features of `L`.
    unsafe {
        values[0]
            .mul(L::splat(factors[0]))
            .mul_add(L::splat(factors[1]), values[1])
            .mul_add(L::splat(factors[2]), values[2])
    }
}
