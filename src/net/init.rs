//! Seeded initialisation on the host, so that a seed means the same network on every device.

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::{Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::unet::UNet;

/// He initialisation (He et al. 2015, arXiv:1502.01852): convolution weights normal with variance `2 / fan_in`,
/// biases 0, batch normalisation at identity. The same `seed` gives the same weights on every device.
pub fn he_normal(net: UNet, seed: u64) -> UNet {
    struct He {
        rng: Xoshiro256PlusPlus,
    }
    impl ModuleMapper for He {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            if D != 4 {
                return param;
            }
            let dims = param.lazy_shape().dims::<D>();
            let fan_in: usize = dims.iter().skip(1).product();
            let std = (2.0 / fan_in as f64).sqrt();
            let values: Vec<f32> =
                (0..dims.iter().product::<usize>()).map(|_| (normal(&mut self.rng) * std) as f32).collect();
            let value = Tensor::from_data(TensorData::new(values, dims), &param.lazy_device());
            let id = param.id;
            param.transform_for_load(value, id)
        }
    }
    net.map(&mut He { rng: Xoshiro256PlusPlus::seed_from_u64(seed) })
}

/// Gives every parameter an identity that depends on its place in the network alone, so that the state of an
/// optimiser, which is kept by identity, can be stored and found again.
pub fn stable_ids(net: UNet) -> UNet {
    struct Ids {
        next: u64,
    }
    impl ModuleMapper for Ids {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            self.next += 1;
            let (_, value, mapper) = param.consume();
            Param::from_mapped_value(ParamId::from(self.next), value, mapper)
        }
    }
    net.map(&mut Ids { next: 0 })
}

/// A standard normal variate by Box and Muller; plain arithmetic, so that it is the same on every platform.
fn normal(rng: &mut Xoshiro256PlusPlus) -> f64 {
    let u: f64 = 1.0 - rng.random::<f64>();
    let v: f64 = rng.random::<f64>();
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
