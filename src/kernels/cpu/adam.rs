//! The optimiser's step: one way through a parameter's values instead of one for each operation.

use super::parallel::{Shared, parts};
use crate::Adam;

/// Values of one part.
const PART: usize = 1 << 14;

/// Moves the values of a parameter, and both moments, by their gradient.
///
/// # Panics
/// If they are not equally many.
#[inline(never)]
pub fn adam(step: Adam, value: &mut [f32], gradient: &[f32], [first, second]: [&mut [f32]; 2]) {
    let length = gradient.len();
    assert_eq!([value.len(), first.len(), second.len()], [length; 3]);
    let all = [value, first, second].map(|values| Shared(values.as_mut_ptr()));
    parts(length.div_ceil(PART), |part| {
        let begin = part * PART;
        let count = PART.min(length - begin);
        // SAFETY: each part has a piece of its own, which ends before the values do.
        let pieces = all.map(|v| unsafe { std::slice::from_raw_parts_mut(v.pointer().add(begin), count) });
        moved(step, pieces, &gradient[begin..][..count]);
    });
}

fn moved(step: Adam, [value, first, second]: [&mut [f32]; 3], gradient: &[f32]) {
    let Adam { decay, keep, beta: [b1, b2], rate, epsilon } = step;
    for (((x, m), v), g) in value.iter_mut().zip(first).zip(second).zip(gradient) {
        let g = decay * *x + g;
        *m = b1 * *m + (1.0 - b1) * g;
        *v = b2 * *v + (1.0 - b2) * (g * g);
        *x = keep * *x - rate * (*m / (v.sqrt() + epsilon));
    }
}
