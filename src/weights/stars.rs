//! Cards of networks that tell objects by their shape: how far each pixel is from the rim of its object along many rays.

use serde::{Deserialize, Serialize};

use super::card::{Card, Output, Role};
use crate::error::{Error, Result};
use crate::net::{Architecture, Norm};

/// How objects are made of distances to their rims: StarDist (Schmidt 2018, arXiv:1806.03535). The first output of the network is the
/// probability that a pixel is the middle of an object (a sigmoid); the others are the distances from it to the rim in pixels, along rays
/// at angles of `2 pi k / rays` from the direction of columns to that of rows. Its points are as many pixels apart as the network is
/// coarse ([`crate::net::Stages::coarse`]).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct StarShapes {
    /// Overlap with a likelier object, as a part of the smaller of the two, from which an object is suppressed: 0 to 1.
    pub overlap: f32,
}

impl StarShapes {
    /// The overlap of StarDist where its files do not tell one.
    pub const OVERLAP: f32 = 0.4;
    /// Its threshold of the probability there.
    pub const THRESHOLD: f32 = 0.5;
    /// Rays, at least: fewer enclose nothing.
    pub const MIN_RAYS: usize = 3;
}

impl Card {
    /// The outputs of a network that tells objects of class 1 by so many rays.
    pub fn star_outputs(rays: usize) -> Vec<Output> {
        let mut outputs = vec![Output { class: 1, role: Role::Interior }];
        outputs.resize(1 + rays, Output { class: 1, role: Role::Distance });
        outputs
    }

    /// Rays of each object; 0 if the network does not tell of any.
    pub fn rays(&self) -> usize {
        self.outputs.iter().filter(|o| o.role == Role::Distance).count()
    }

    /// Pixels from one point at which the network speaks of an object to the next.
    pub fn grid(&self) -> usize {
        1 << self.network.coarse().min(30)
    }

    /// Whether what the card says of distances agrees with the rest of it; if not, what does not, in words.
    pub(super) fn stars_differ(&self) -> Option<&'static str> {
        let Some(StarShapes { overlap }) = self.stars else {
            return (self.rays() > 0)
                .then_some("it has distances and does not say how objects are made of them");
        };
        let plain = self.network.architecture == Architecture::UNet
            && !matches!(self.network.norm, Norm::Instance { .. })
            && !self.flips
            && self.patches.is_none();
        match () {
            () if self.rays() < StarShapes::MIN_RAYS || self.outputs != Self::star_outputs(self.rays()) => {
                Some("objects of rays need a probability and then at least three distances")
            }
            () if self.classes.len() != 1 => Some("objects of rays are of one class"),
            () if !plain => Some("distances cannot be averaged over flips, patches or windows of the image"),
            () if !(0.0..=1.0).contains(&overlap) => Some("the overlap of objects is not between 0 and 1"),
            () => None,
        }
    }

    /// Refuses a training of a network that tells distances: its losses are not written here.
    ///
    /// # Errors
    /// `train.unsupported.stars`.
    pub fn check_trainable(&self) -> Result<()> {
        match self.stars {
            None => Ok(()),
            Some(_) => Err(Error::unsupported(
                "train.unsupported.stars",
                "A StarDist network learns distances to the rims of objects, which Insitu does not train; it computes them only. Train \
                 it in StarDist, or choose another model to go on from.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;
    use crate::weights::{Class, Patches};

    fn card() -> Card {
        let outputs = Card::star_outputs(8);
        let mut card = Card::new("Stars", Preset::Small.config(1, 9), Class::numbered(&[], 1), outputs);
        card.stars = Some(StarShapes { overlap: 0.4 });
        card
    }

    #[test]
    fn what_cannot_be_made_of_stars_is_refused() {
        let good = card();
        good.validate().unwrap();
        assert_eq!((good.rays(), good.grid()), (8, 1));
        assert_eq!(good.check_trainable().unwrap_err().code(), "train.unsupported.stars");
        let of = |change: &dyn Fn(&mut Card)| {
            let mut card = card();
            change(&mut card);
            card.validate().unwrap_err().to_string()
        };
        assert!(of(&|c| c.stars = None).contains("does not say"));
        assert!(of(&|c| c.flips = true).contains("averaged"));
        assert!(of(&|c| c.patches = Some(Patches::square(32, 16))).contains("averaged"));
        assert!(of(&|c| c.network.norm = Norm::Instance { affine: false }).contains("averaged"));
        assert!(of(&|c| c.stars = Some(StarShapes { overlap: f32::NAN })).contains("between 0 and 1"));
        assert!(of(&|c| c.classes = Class::numbered(&[], 2)).contains("one class"));
        assert!(of(&|c| c.outputs[0].role = Role::Background).contains("a probability"));
    }

    #[test]
    fn older_cards_have_none() {
        let mut card = card();
        card.stars = None;
        assert!(!serde_json::to_string(&card).unwrap().contains("stars"));
    }
}
