//! Seeded initialisation on the host, so that a seed means the same network on every device.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::unet::UNet;
use crate::sorting::sort_by_key;

/// He initialisation (He et al. 2015, arXiv:1502.01852): convolution weights normal with variance `2 / fan_in`,
/// biases 0, batch normalisation at identity. The same `seed` gives the same weights on every device.
pub fn he_normal(net: UNet, seed: u64) -> UNet {
    struct Shapes(Vec<Vec<usize>>);
    impl ModuleVisitor for Shapes {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push(param.lazy_shape().dims::<D>().to_vec());
        }
    }
    struct Fill {
        drawn: HashMap<usize, Vec<f32>>,
        next: usize,
    }
    impl ModuleMapper for Fill {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let values = self.drawn.remove(&self.next);
            self.next += 1;
            let Some(values) = values else { return param };
            let data = TensorData::new(values, param.lazy_shape().dims::<D>());
            let value = Tensor::from_data(data, &param.lazy_device());
            let id = param.id;
            param.transform_for_load(value, id)
        }
    }
    let mut shapes = Shapes(Vec::new());
    net.visit(&mut shapes);
    let mut kernels: Vec<usize> = (0..shapes.0.len()).filter(|i| shapes.0[*i].len() == 4).collect();
    // The order of the draws is part of what a seed means: down, up, then what joins and judges.
    let names = net.tensor_names();
    sort_by_key(&mut kernels, |i| {
        let name = names[*i].as_str();
        ["down.", "up.", "upconv.", "dec.", "x."].iter().position(|p| name.starts_with(p)).unwrap_or(5)
    });
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let drawn = kernels
        .into_iter()
        .map(|i| {
            let fan_in: usize = shapes.0[i].iter().skip(1).product();
            let std = (2.0 / fan_in as f64).sqrt();
            let n = shapes.0[i].iter().product::<usize>();
            (i, (0..n).map(|_| (normal(&mut rng) * std) as f32).collect())
        })
        .collect();
    net.map(&mut Fill { drawn, next: 0 })
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
