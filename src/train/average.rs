//! The mean of the networks of many steps: it does better than any one of them, and validations of it jump less.
//!
//! An exponential mean (after Polyak and Juditsky 1992, SIAM J. Control Optim. 30:838; as in Tarvainen and Valpola 2017,
//! arXiv:1703.01780). With it the learning rate need not fall, so that a training can be stopped, or go on, at any step.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

use crate::net::UNet;

/// Steps from one network that is taken in to the next: neighbours hardly differ, and on a GPU each costs some calls.
const EVERY: usize = 5;

/// Networks after which the first ones no longer count.
const MANY: usize = 1000;

/// A mean under way.
#[derive(Clone)]
pub(super) struct Average {
    /// As for inference; statistics of batch normalisation are averaged like weights.
    pub net: UNet,
    /// Networks that were taken in.
    pub taken: usize,
}

impl Average {
    /// Begins with a network that is good already, and lets go of it slowly.
    pub fn of(net: UNet) -> Self {
        Self { net, taken: MANY }
    }

    /// One that was kept.
    pub fn kept(net: UNet, taken: usize) -> Self {
        Self { net, taken: taken.min(MANY) }
    }

    /// The mean after `done` steps. `before`: the mean until now, `None` at the start of a training; `present`: the
    /// network after them, as for inference; `decay`: what the past weighs after one step.
    pub fn after(
        before: Option<Self>,
        present: impl FnOnce() -> UNet,
        decay: f32,
        done: usize,
    ) -> Option<Self> {
        if !done.is_multiple_of(EVERY) {
            return before;
        }
        let present = present();
        let Some(Average { net, taken }) = before else { return Some(Self { net: present, taken: 1 }) };
        // At first there is little past, and that knows less: the mean is then over the last part of the way.
        let past = decay.powi(EVERY as i32).min((1 + taken) as f32 / (10 + taken) as f32);
        let mut values = Values(Vec::new());
        present.visit(&mut values);
        values.0.reverse();
        // Clones of a network share the statistics of batch normalisation, and mapping writes into them: those who keep an
        // earlier mean must keep its statistics too.
        let own = net.valid();
        let net = own.map(&mut Towards { values: values.0, part: 1.0 - past });
        Some(Self { net, taken: (taken + 1).min(MANY) })
    }
}

/// The values of a module in the order in which it is gone through, flat.
struct Values(Vec<Tensor<1>>);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.val().flatten(0, D - 1));
    }
}

/// Moves every value a part of the way to another.
struct Towards {
    /// The last one first.
    values: Vec<Tensor<1>>,
    part: f32,
}

impl ModuleMapper for Towards {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let value = match self.values.pop() {
            // Where both are the same, as in layers that do not learn, this changes no bit.
            Some(to) => value.clone() + (to.reshape(value.dims()) - value).mul_scalar(self.part),
            None => value,
        };
        Param::from_mapped_value(id, value, mapper)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::net::{Preset, he_normal};
    use crate::weights::{NamedTensor, read};

    fn net(seed: u64) -> UNet {
        let mut config = Preset::from_name("small").unwrap().config(1, 1);
        config.width = 2;
        he_normal(UNet::new(&config, &Device::flex()).unwrap(), seed)
    }

    fn values(net: &UNet) -> Vec<NamedTensor> {
        pollster::block_on(read(net)).unwrap()
    }

    #[test]
    fn every_value_is_the_exponential_mean_of_those_of_every_fifth_step() {
        let nets: Vec<UNet> = (0..4).map(net).collect();
        let mut mean = None;
        for done in 1..=20 {
            mean = Average::after(mean, || nets[(done - 1) / 5].clone(), 0.5, done);
            assert_eq!(mean.is_some(), done >= 5);
        }
        let mean = mean.unwrap();
        assert_eq!(mean.taken, 4);
        let all: Vec<Vec<NamedTensor>> = nets.iter().map(values).collect();
        for (i, tensor) in values(&mean.net).iter().enumerate() {
            for (j, value) in tensor.values.iter().enumerate() {
                // 0.5^5 = 1/32 is less than the 2/11, 3/12 and 4/13 of the warm-up.
                let mut expected = f64::from(all[0][i].values[j]);
                for later in &all[1..] {
                    expected += (f64::from(later[i].values[j]) - expected) * (1.0 - 1.0 / 32.0);
                }
                assert!((f64::from(*value) - expected).abs() < 1e-6, "{}", tensor.name);
            }
        }
    }

    #[test]
    fn a_network_that_is_good_already_weighs_as_much_as_many() {
        let mean = Average::after(Some(Average::of(net(0))), || net(1), 0.99, 5).unwrap();
        let (old, new, mean) = (values(&net(0)), values(&net(1)), values(&mean.net));
        let part = 1.0 - 0.99f32.powi(5);
        for (i, tensor) in mean.iter().enumerate() {
            for (j, value) in tensor.values.iter().enumerate() {
                let (old, new) = (old[i].values[j], new[i].values[j]);
                assert!((value - (old + part * (new - old))).abs() < 1e-6, "{}", tensor.name);
            }
        }
    }

    #[test]
    fn an_earlier_mean_that_is_kept_stays_as_it_was() {
        let mean = Average::after(Some(Average::of(net(0))), || net(1), 0.5, 5).unwrap();
        let (kept, before) = (mean.clone(), values(&mean.net));
        // Statistics are the same in two new networks: shift those of one.
        let mut all = Values(Vec::new());
        net(2).visit(&mut all);
        let shifted: Vec<Tensor<1>> = all.0.into_iter().rev().map(|v| v + 1.0).collect();
        let other = net(2).valid().map(&mut Towards { values: shifted, part: 1.0 });
        let later = Average::after(Some(mean), || other, 0.5, 10).unwrap();
        assert_eq!(values(&kept.net), before);
        let moved = |name: &str| {
            let of =
                |all: &[NamedTensor]| all.iter().find(|t| t.name.ends_with(name)).unwrap().values.clone();
            of(&values(&later.net)) != of(&before)
        };
        assert!(moved("running_mean") && moved("weight"));
    }

    #[test]
    fn what_stays_the_same_is_the_same_in_the_mean_to_the_last_bit() {
        let mut mean = None;
        for done in 1..=50 {
            mean = Average::after(mean, || net(7), 0.98, done);
        }
        assert_eq!(values(&mean.unwrap().net), values(&net(7)));
    }
}
