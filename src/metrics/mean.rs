//! The mean of a score over images.

/// Adds up scores; those that do not exist are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    /// Adds the score of one image, if it has one.
    pub fn add(&mut self, score: impl Into<Option<f64>>) {
        if let Some(score) = score.into() {
            self.sum += score;
            self.count += 1;
        }
    }

    /// The mean of the scores so far; `None` before the first one.
    pub fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    /// How many images had a score.
    pub fn count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_that_do_not_exist_do_not_change_the_mean() {
        let mut mean = Mean::default();
        assert_eq!(mean.value(), None);
        for score in [Some(0.5), None, Some(1.0)] {
            mean.add(score);
        }
        mean.add(0.75);
        assert_eq!((mean.value(), mean.count()), (Some(0.75), 3));
    }
}
