//! The two inner loops: a tile of results that stays in registers while sums are added up.

use super::lanes::Lanes;

/// Rows of a matrix whose row `i` is the `k` floats at `from + i * step`.
#[derive(Clone, Copy)]
pub struct Rows {
    pub from: *const f32,
    pub step: usize,
    pub k: usize,
}

/// `M` rows times `V` vectors of columns: the sum over all parts of `A`, whose columns follow each other, times `b`,
/// packed `[k][V * N]`.
///
/// # Safety
/// The features of `L`; every part must hold `M` rows, and `b` all their columns.
#[inline(always)]
pub unsafe fn dot<L: Lanes, const M: usize, const V: usize>(
    parts: &[Rows],
    mut b: *const f32,
) -> [[L; V]; M] {
    // SAFETY: all pointers stay within what the caller promises.
    unsafe {
        let mut sums = [[L::splat(0.0); V]; M];
        for part in parts {
            let mut a = part.from;
            for _ in 0..part.k {
                let mut right = [L::splat(0.0); V];
                for (v, to) in right.iter_mut().enumerate() {
                    *to = L::load(b.add(v * L::N));
                }
                for (row, sums) in sums.iter_mut().enumerate() {
                    let left = L::splat(*a.add(row * part.step));
                    for (sum, right) in sums.iter_mut().zip(right) {
                        *sum = sum.mul_add(left, right);
                    }
                }
                a = a.add(1);
                b = b.add(V * L::N);
            }
        }
        sums
    }
}

/// The outer product of two matrices, added up over `n` steps: row `i` is `rows[i][step]`, columns are the `V` vectors at
/// `b + step * pitch`. What `to` holds, row `i` at `to + i * to_step`, is added to.
///
/// # Safety
/// The features of `L`; every row must hold `n` floats `step` apart, `b` as many rows of `V` vectors, `to` `M` of them.
#[inline(always)]
pub unsafe fn outer<L: Lanes, const M: usize, const V: usize>(
    rows: [*const f32; M],
    step: usize,
    b: *const f32,
    pitch: usize,
    n: usize,
    to: *mut f32,
    to_step: usize,
) {
    // SAFETY: all pointers stay within what the caller promises.
    unsafe {
        let mut sums = [[L::splat(0.0); V]; M];
        for i in 0..n {
            let mut right = [L::splat(0.0); V];
            for (v, to) in right.iter_mut().enumerate() {
                *to = L::load(b.add(i * pitch + v * L::N));
            }
            for (row, sums) in rows.iter().zip(&mut sums) {
                let left = L::splat(*row.add(i * step));
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = sum.mul_add(left, right);
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            for (v, sum) in sums.into_iter().enumerate() {
                let to = to.add(row * to_step + v * L::N);
                L::load(to).add(sum).store(to);
            }
        }
    }
}
