//! How a training went, step by step: what a model file keeps of it.

use serde::{Deserialize, Serialize};

/// Losses and validations by step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct Curve {
    /// Step and loss; thinned, the mean loss of the steps since the entry before.
    pub loss: Vec<(usize, f32)>,
    /// Step and Dice, 0 to 1, on what was held out.
    pub dice: Vec<(usize, f64)>,
}

impl Curve {
    /// Entries of either kind that a model file keeps, at most.
    pub const MAX_ENTRIES: usize = 200;

    /// Forgets what came after a step.
    pub fn cut(&mut self, step: usize) {
        self.loss.retain(|(at, _)| *at <= step);
        self.dice.retain(|(at, _)| *at <= step);
    }

    /// `before`, which took `steps`, and then this.
    pub fn following(mut self, before: &Self, steps: usize) -> Self {
        let (mut loss, mut dice) = (before.loss.clone(), before.dice.clone());
        loss.extend(self.loss.drain(..).map(|(at, v)| (at.saturating_add(steps), v)));
        dice.extend(self.dice.drain(..).map(|(at, v)| (at.saturating_add(steps), v)));
        Self { loss, dice }
    }

    /// At most [`Curve::MAX_ENTRIES`] entries of either kind, the last of each among them.
    pub fn thinned(&self) -> Self {
        let every = self.loss.len().div_ceil(Self::MAX_ENTRIES).max(1);
        let mean = |run: &[(usize, f32)]| {
            let sum: f64 = run.iter().map(|(_, v)| f64::from(*v)).sum();
            run.last().map(|(at, _)| (*at, (sum / run.len() as f64) as f32))
        };
        let apart = self.dice.len().div_ceil(Self::MAX_ENTRIES).max(1);
        // Counted from the end, so that the last one stays.
        let mut dice: Vec<_> = self.dice.iter().rev().step_by(apart).copied().collect();
        dice.reverse();
        Self { loss: self.loss.chunks(every).filter_map(mean).collect(), dice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn straight(steps: usize) -> Curve {
        Curve {
            loss: (1..=steps).map(|i| (i, i as f32)).collect(),
            dice: (1..=steps / 10).map(|i| (10 * i, i as f64 / steps as f64)).collect(),
        }
    }

    #[test]
    fn a_long_curve_is_thinned_to_means_and_keeps_its_end() {
        let thin = straight(1000).thinned();
        assert_eq!((thin.loss.len(), thin.loss[0], thin.loss[199]), (200, (5, 3.0), (1000, 998.0)));
        assert_eq!(thin.dice.len(), 100);
        let long = straight(30_010).thinned();
        assert!(long.loss.len() <= Curve::MAX_ENTRIES && long.dice.len() <= Curve::MAX_ENTRIES);
        assert_eq!((long.loss.last().unwrap().0, long.dice.last().unwrap().0), (30_010, 30_010));
        assert_eq!(Curve::default().thinned(), Curve::default());
    }

    #[test]
    fn what_came_before_stands_in_front_and_a_cut_forgets_what_came_after() {
        let mut both = straight(20).following(&straight(40), 40);
        assert_eq!((both.loss.len(), both.loss[40].0, both.dice[4].0), (60, 41, 50));
        // A model file may say any number.
        assert_eq!(straight(20).following(&straight(40), usize::MAX).loss[59].0, usize::MAX);
        both.cut(45);
        assert_eq!((both.loss.len(), both.dice.len()), (45, 4));
    }
}
