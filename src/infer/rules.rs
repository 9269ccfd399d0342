//! What masks and objects are made of beside probabilities: which pieces count, and what parts two objects.

use crate::objects::Largest;
use crate::weights::Card;

/// What a card asks of pieces and objects. Nothing by default; probabilities are untouched by it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rules {
    /// Which pieces of its classes a mask keeps: see [`Card::smallest_part`].
    pub largest: Option<Largest>,
    /// How much surer than of its pixels the network has to be of a piece somewhere, as a ratio of odds: see [`Card::peak`].
    pub surer: Option<f32>,
    /// What parts two objects: see [`Card::valley`].
    pub valley: Option<f32>,
}

impl Rules {
    /// Those of a card.
    pub(super) fn of(card: &Card) -> Self {
        Self {
            largest: card.smallest_part.map(|part| Largest { part, central: card.central }),
            surer: card.peak.map(|peak| odds(peak) / odds(card.threshold)),
            valley: card.valley,
        }
    }

    /// What pieces of the mask have to reach somewhere, if the card asks for it: it rises and falls with the threshold, so that less is asked
    /// of a piece, too, where a person asks less of a pixel.
    pub(super) fn peak(&self, threshold: f32) -> Option<f32> {
        self.surer.map(|surer| from_odds(odds(threshold) * surer))
    }

    /// Whether any piece may be left out.
    pub(super) fn leave_out(&self) -> bool {
        self.largest.is_some() || self.surer.is_some()
    }
}

/// The odds of a probability that is neither none nor certainty: those have no finite ones.
pub(super) fn odds(probability: f32) -> f32 {
    let p = probability.clamp(1e-4, 1.0 - 1e-4);
    p / (1.0 - p)
}

fn from_odds(odds: f32) -> f32 {
    odds / (1.0 + odds)
}
