//! The optimiser's step in one kernel: a dozen calls for each parameter take longer than the arithmetic.

use burn::tensor::Tensor;
use cubecl::prelude::*;

use super::launch::{Buffer, UNITS, cubes};
use super::maps::{Gpu, Strided};
use crate::Adam;

impl Gpu {
    /// What becomes of a parameter's values and both moments by their gradient; moments that are not there yet are 0. Nothing if a tensor
    /// lies elsewhere, or not in one piece.
    pub fn adam(
        &self,
        step: Adam,
        value: Tensor<1>,
        gradient: Tensor<1>,
        moments: Option<[Tensor<1>; 2]>,
    ) -> Option<[Tensor<1>; 3]> {
        let (value, gradient) = (whole(value)?, whole(gradient)?);
        let fresh = moments.is_none();
        let [first, second] = match moments {
            Some([first, second]) => [whole(first)?, whole(second)?],
            None => [gradient.clone(), gradient.clone()],
        };
        let length = value.length;
        if [gradient.length, first.length, second.length] != [length; 3] {
            return None;
        }
        let to = [(); 3].map(|()| self.buffer(length));
        let Adam { decay, keep, beta, rate, epsilon } = step;
        // SAFETY: one unit a value, none behind the end; all have the same length.
        unsafe {
            moved::launch_unchecked(
                &self.client,
                cubes(length),
                CubeDim::new_1d(UNITS),
                value.argument(),
                gradient.argument(),
                first.argument(),
                second.argument(),
                to[0].argument(),
                to[1].argument(),
                to[2].argument(),
                decay,
                keep,
                beta[0],
                beta[1],
                rate,
                epsilon,
                fresh,
            );
        }
        Some(to.map(|values| self.as_tensor(values, [length])))
    }
}

/// A tensor's memory, if its values lie one behind the other.
fn whole(tensor: Tensor<1>) -> Option<Buffer> {
    let Strided { values, strides } = Strided::of(tensor)?;
    (strides == [1] || values.length == 1).then_some(values)
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn moved(
    value: &[f32],
    gradient: &[f32],
    first: &[f32],
    second: &[f32],
    new_value: &mut [f32],
    new_first: &mut [f32],
    new_second: &mut [f32],
    decay: f32,
    keep: f32,
    beta_1: f32,
    beta_2: f32,
    rate: f32,
    epsilon: f32,
    #[comptime] fresh: bool,
) {
    let index = ABSOLUTE_POS;
    if index < new_value.len() {
        let x = value[index];
        let g = decay * x + gradient[index];
        let mut m = (1.0 - beta_1) * g;
        let mut v = (1.0 - beta_2) * (g * g);
        if comptime![!fresh] {
            m += beta_1 * first[index];
            v += beta_2 * second[index];
        }
        new_first[index] = m;
        new_second[index] = v;
        new_value[index] = keep * x - rate * (m / (v.sqrt() + epsilon));
    }
}
