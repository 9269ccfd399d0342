//! Dropout drawn on the host, so that a seed means the same training on every device.

use burn::tensor::{Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Draws which activations one training step drops.
pub(super) struct Drops(Xoshiro256PlusPlus);

impl Drops {
    pub(super) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// 0 with probability `rate`, else `1 / (1 - rate)`, for so many values: multiplied with them, their expectation stays
    /// (Srivastava 2014, inverted as in PyTorch and Keras).
    pub(super) fn mask(&mut self, values: usize, rate: f64) -> Vec<f32> {
        let kept = (1.0 / (1.0 - rate)) as f32;
        (0..values).map(|_| if self.0.random::<f64>() < rate { 0.0 } else { kept }).collect()
    }

    /// The values times a mask ([`Drops::mask`]). `x` may have any shape.
    pub(super) fn applied(&mut self, x: Tensor<4>, rate: f64) -> Tensor<4> {
        if rate <= 0.0 {
            return x;
        }
        let shape = x.dims();
        let mask = self.mask(shape.iter().product(), rate);
        let mask = Tensor::from_data(TensorData::new(mask, shape), &x.device());
        x * mask
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn dropout_keeps_the_expectation_and_follows_its_seed() {
        let ones = || Tensor::<4>::ones([1, 4, 32, 32], &Device::flex());
        let drawn = |seed| Drops::new(seed).applied(ones(), 0.2).into_data().try_into_vec::<f32>().unwrap();
        let values = drawn(3);
        assert!(values.iter().all(|v| *v == 0.0 || *v == 1.25));
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        assert_eq!(values, drawn(3));
        assert_ne!(values, drawn(4));
    }
}
