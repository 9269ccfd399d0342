//! The learning rate over time.

use serde::{Deserialize, Serialize};

use crate::weights::Schedule;

/// Steps over which the learning rate of [`Schedule::Cosine`] and [`Schedule::WarmUp`] rises.
const WARM_UP: usize = 50;

/// Where [`Schedule::Plateau`] stands; part of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// What the largest learning rate is multiplied by.
    pub scale: f64,
    /// Validations since the last one that was better than the best.
    pub stale: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { scale: 1.0, stale: 0 }
    }
}

impl Pace {
    /// Takes note of a validation, as PyTorch's `ReduceLROnPlateau` with a threshold of 0 does.
    pub fn validated(&mut self, better: bool, schedule: Schedule) {
        self.stale = if better { 0 } else { self.stale.saturating_add(1) };
        if let Schedule::Plateau { factor, patience } = schedule
            && self.stale > patience
        {
            self.scale *= factor;
            self.stale = 0;
        }
    }
}

impl Schedule {
    /// The learning rate of the step after `done` of `steps`, `largest` being the one that was asked for.
    pub fn rate(self, largest: f64, done: usize, steps: usize, pace: Pace) -> f64 {
        match self {
            Schedule::Constant => largest,
            Schedule::WarmUp => largest * (0.5 + 0.5 * (done as f64 / WARM_UP as f64).min(1.0)),
            Schedule::Plateau { .. } => largest * pace.scale,
            Schedule::Cosine => {
                let rise = ((done + 1) as f64 / WARM_UP as f64).min(1.0);
                let part = (done as f64 / steps.max(1) as f64).min(1.0);
                largest * rise * 0.5 * (1.0 + (std::f64::consts::PI * part).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cosine_rises_over_fifty_steps_and_falls_to_nothing() {
        let rate = |done| Schedule::Cosine.rate(2.0, done, 1000, Pace::default());
        assert!((rate(0) - 0.04).abs() < 1e-6);
        assert!((1..50).all(|done| rate(done) > rate(done - 1)));
        assert!((50..1000).all(|done| rate(done) < rate(done - 1)));
        assert!((rate(500) - 1.0).abs() < 1e-9 && rate(1000) < 1e-9);
    }

    #[test]
    fn a_warm_up_rises_from_a_half_over_fifty_steps() {
        let rate = |done| Schedule::WarmUp.rate(2.0, done, 10, Pace::default());
        assert_eq!([rate(0), rate(25), rate(50), rate(5000)], [1.0, 1.5, 2.0, 2.0]);
    }

    #[test]
    fn a_constant_rate_stays() {
        assert_eq!(Schedule::Constant.rate(0.3, 0, 10, Pace::default()), 0.3);
        assert_eq!(Schedule::Constant.rate(0.3, 9, 10, Pace::default()), 0.3);
    }

    #[test]
    fn only_a_plateau_changes_the_pace() {
        let mut pace = Pace::default();
        for _ in 0..20 {
            pace.validated(false, Schedule::Cosine);
        }
        assert_eq!(pace.scale, 1.0);
    }
}
