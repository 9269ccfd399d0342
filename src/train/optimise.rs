//! How steps are taken: the optimiser, and the learning rate over time.

use burn::grad_clipping::GradientClippingConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, ModuleOptimizer, SgdConfig};
use serde::{Deserialize, Serialize};

/// Which optimiser takes the steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimiser {
    /// Adam (Kingma 2015, arXiv:1412.6980), betas 0.9 and 0.999, epsilon 1e-8.
    Adam,
    /// Adam with decoupled weight decay (Loshchilov 2019, arXiv:1711.05101).
    AdamW { weight_decay: f32 },
    /// Stochastic gradient descent with momentum as PyTorch has it: `v = m v + g`, the step is `rate v`. Ronneberger 2015
    /// uses 0.99.
    Sgd { momentum: f64 },
}

impl Optimiser {
    /// Ready for use; gradients whose norm is over `clip` are scaled down to it.
    pub fn init(self, clip: Option<f32>) -> ModuleOptimizer {
        let clip = clip.map(GradientClippingConfig::Norm);
        match self {
            Optimiser::Adam => AdamConfig::new().with_epsilon(1e-8).with_grad_clipping(clip).init(),
            Optimiser::AdamW { weight_decay } => AdamWConfig::new()
                .with_epsilon(1e-8)
                .with_weight_decay(weight_decay)
                .with_grad_clipping(clip)
                .init(),
            Optimiser::Sgd { momentum } => {
                let momentum = MomentumConfig::new().with_momentum(momentum).with_dampening(0.0);
                SgdConfig::new().with_momentum(Some(momentum)).with_gradient_clipping(clip).init()
            }
        }
    }
}

/// How the learning rate changes over time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Rises over the first 50 steps and falls along a cosine to zero at the last one.
    Cosine,
    /// Stays the same.
    Constant,
    /// Is multiplied by `factor` whenever `patience` judgements in a row brought nothing better.
    Plateau { factor: f64, patience: usize },
}

/// Steps over which the learning rate rises.
const WARM_UP: usize = 50;

/// Where a plateau schedule stands; part of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// What the learning rate is multiplied by.
    pub scale: f64,
    /// Judgements since the last one that was better.
    pub stale: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { scale: 1.0, stale: 0 }
    }
}

impl Pace {
    /// Takes note of a judgement.
    pub fn judged(&mut self, better: bool, schedule: Schedule) {
        self.stale = if better { 0 } else { self.stale + 1 };
        if let Schedule::Plateau { factor, patience } = schedule
            && self.stale > patience
        {
            self.scale *= factor;
            self.stale = 0;
        }
    }
}

impl Schedule {
    /// The part of the largest learning rate that step `done` of `steps` takes.
    pub fn part(self, done: usize, steps: usize, pace: Pace) -> f64 {
        match self {
            Schedule::Constant => 1.0,
            Schedule::Plateau { .. } => pace.scale,
            Schedule::Cosine => {
                let rise = ((done + 1) as f64 / WARM_UP as f64).min(1.0);
                let part = (done as f64 / steps.max(1) as f64).min(1.0);
                rise * 0.5 * (1.0 + (std::f64::consts::PI * part).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cosine_rises_and_falls_to_nothing() {
        let part = |done| Schedule::Cosine.part(done, 1000, Pace::default());
        assert!(part(0) < 0.03 && part(49) > 0.9 && part(999) < 1e-4);
        assert!((part(500) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn on_a_plateau_the_rate_falls_after_the_patience_is_used_up() {
        let schedule = Schedule::Plateau { factor: 0.1, patience: 2 };
        let mut pace = Pace::default();
        let mut scales = Vec::new();
        for better in [true, false, false, false, false, true, false, false, false] {
            pace.judged(better, schedule);
            scales.push(schedule.part(0, 1, pace));
        }
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        let expected = [1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01];
        assert!(scales.iter().zip(expected).all(|(a, b)| close(*a, b)), "{scales:?}");
    }
}
