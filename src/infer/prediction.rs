//! What the network says of an image, and the masks that follow from it.

use super::rules::Rules;
use crate::objects::{InstanceOptions, StarGrid, Stars, instances, keep_largest, keep_sure, renumbered};
use crate::scan::{Image, resampled};
use crate::weights::{Card, Role};

/// Probabilities of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Classes without the background.
    pub classes: usize,
    /// `[class 1..][row][column]`, each 0..=1; boundary outputs are part of their class.
    pub probability: Vec<f32>,
    /// Probability that a pixel is the rim of an object, `[row][column]`, if the network tells and it was asked for.
    pub boundary: Option<Vec<f32>>,
    /// Candidates for objects, if the network tells their shapes: masks and objects are then made of these, and `probability` is that
    /// of a pixel to be the middle of one.
    pub stars: Option<Stars>,
    /// What masks and objects are to be made of. Probabilities are as the network says.
    pub rules: Rules,
}

/// Probability above which a candidate for an object is kept, or the card's threshold if that is lower: each is as large as its number of
/// rays, and most pixels are none. A threshold under it finds no more.
const LEAST_HOPE: f32 = 0.1;

impl Prediction {
    /// Probabilities alone, laid out as [`Prediction::probability`]: no rims, no candidates, no piece left out.
    pub fn plain(width: usize, height: usize, classes: usize, probability: Vec<f32>) -> Self {
        let rules = Rules::default();
        Self { width, height, classes, probability, boundary: None, stars: None, rules }
    }

    /// An empty prediction of the card's classes, with a place for rims if they are wanted, or the mask hangs on them.
    pub(crate) fn new(width: usize, height: usize, card: &Card, rims: bool) -> Self {
        let n = width * height;
        Self {
            width,
            height,
            classes: card.classes.len(),
            probability: vec![0.0; n * card.classes.len()],
            boundary: ((rims || card.peak.is_some()) && card.has_boundary()).then(|| vec![0.0; n]),
            stars: card.stars.map(|stars| {
                let (grid, rays, overlap) = (card.grid(), card.rays(), stars.overlap);
                Stars::new(StarGrid { width, height, grid, rays, overlap })
            }),
            rules: Rules::of(card),
        }
    }

    /// Adds `weight` times the probabilities of one pixel, given in the order of the network's outputs.
    pub(crate) fn add(&mut self, pixel: usize, outputs: impl Iterator<Item = f32>, card: &Card, weight: f32) {
        let n = self.width * self.height;
        if let Some(stars) = &mut self.stars {
            return add_star(
                stars,
                &mut self.probability,
                [pixel / self.width, pixel % self.width],
                outputs,
                card,
            );
        }
        for (p, output) in outputs.zip(&card.outputs) {
            if output.class > 0 {
                self.probability[(usize::from(output.class) - 1) * n + pixel] += weight * p;
            }
            if output.role == Role::Boundary
                && let Some(boundary) = &mut self.boundary
            {
                boundary[pixel] += weight * p;
            }
        }
    }

    /// Makes all background that lies outside of `view`, `[row][column]`.
    pub(crate) fn keep_within(&mut self, view: &[bool]) {
        for plane in self.probability.chunks_exact_mut(view.len().max(1)).chain(self.boundary.as_deref_mut())
        {
            for (p, seen) in plane.iter_mut().zip(view) {
                if !seen {
                    *p = 0.0;
                }
            }
        }
        if let Some(stars) = &mut self.stars {
            stars.keep_within(view);
        }
    }

    /// The same for an image of another width and height; nothing if it is the same. There are no candidates for objects in it.
    pub(crate) fn resized(&self, [width, height]: [usize; 2]) -> Option<Self> {
        if [width, height] == [self.width, self.height] {
            return None;
        }
        let of = |data: &Vec<f32>, channels| {
            let planes = Image { width: self.width, height: self.height, channels, data: data.clone() };
            resampled(&planes, width, height).data
        };
        let probability = of(&self.probability, self.classes);
        let boundary = self.boundary.as_ref().map(|rims| of(rims, 1));
        Some(Self { width, height, probability, boundary, stars: None, ..*self })
    }

    /// Multiplies all probabilities.
    pub(crate) fn scale(&mut self, factor: f32) {
        let all = self.probability.iter_mut().chain(self.boundary.iter_mut().flatten());
        all.for_each(|p| *p *= factor);
    }

    /// Numbers that are held.
    pub fn floats(&self) -> usize {
        self.probability.len()
            + self.boundary.as_ref().map_or(0, Vec::len)
            + self.stars.as_ref().map_or(0, Stars::floats)
    }

    /// The probability that a pixel is not background, `[row][column]`.
    pub fn foreground(&self) -> Vec<f32> {
        let n = self.width * self.height;
        let mut sum = self.probability[..n.min(self.probability.len())].to_vec();
        for class in 1..self.classes {
            for (s, p) in sum.iter_mut().zip(&self.probability[class * n..(class + 1) * n]) {
                *s += p;
            }
        }
        sum
    }

    /// Object numbers, `[row][column]`, borders given back to their objects: see [`instances`]. Of a network that tells shapes, see
    /// [`Stars::objects`]: all options but the threshold are without effect.
    pub fn instances(&self, options: &InstanceOptions) -> Vec<u32> {
        if let Some(stars) = &self.stars {
            return stars.objects(options.threshold);
        }
        let options = &self.options(options);
        instances(
            &self.within_mask(options.threshold),
            self.boundary.as_deref(),
            self.width,
            self.height,
            options,
        )
    }

    fn options(&self, options: &InstanceOptions) -> InstanceOptions {
        let threshold = above_zero(options.threshold);
        let (peak, valley) = (self.rules.peak(threshold), self.rules.valley);
        InstanceOptions {
            threshold,
            peak: peak.or(options.peak),
            valley: valley.or(options.valley),
            ..*options
        }
    }

    /// The probability that a pixel is inside of an object, its rim left out where it is told, `[row][column]`.
    fn inside(&self) -> Vec<f32> {
        let mut inside = self.foreground();
        let rims = self.boundary.iter().flatten();
        inside.iter_mut().zip(rims).for_each(|(p, rim)| *p -= rim);
        inside
    }

    /// [`Prediction::foreground`], 0 in pieces that are not in the mask.
    fn within_mask(&self, threshold: f32) -> Vec<f32> {
        let mut foreground = self.foreground();
        if self.rules.leave_out() {
            let mask = self.labels(threshold);
            foreground.iter_mut().zip(&mask).filter(|(_, class)| **class == 0).for_each(|(p, _)| *p = 0.0);
        }
        foreground
    }

    /// Object numbers as [`Prediction::instances`] gives them; of a network with several classes each object is of one of them: where two
    /// classes touch, one object ends and another begins.
    pub fn objects(&self, options: &InstanceOptions) -> Vec<u32> {
        if self.classes < 2 || self.stars.is_some() {
            return self.instances(options);
        }
        let options = &self.options(options);
        let (classes, foreground) = (self.labels(options.threshold), self.foreground());
        let mut all = vec![0; foreground.len()];
        let mut highest = 0;
        for class in (1..=self.classes).filter_map(|class| u8::try_from(class).ok()) {
            let own: Vec<f32> =
                foreground.iter().zip(&classes).map(|(p, c)| if *c == class { *p } else { 0.0 }).collect();
            let found = instances(&own, self.boundary.as_deref(), self.width, self.height, options);
            for (to, number) in all.iter_mut().zip(&found).filter(|(_, number)| **number > 0) {
                *to = highest + number;
            }
            highest += found.iter().copied().max().unwrap_or(0);
        }
        renumbered(&all)
    }

    /// Class indices, `[row][column]`: 0 where the foreground's probability is 0 or under `threshold`, else the most
    /// probable class; without the pieces that the card leaves out. Of a network that tells shapes, 1 wherever there is an object.
    pub fn labels(&self, threshold: f32) -> Vec<u8> {
        if let Some(stars) = &self.stars {
            return stars.objects(threshold).iter().map(|n| u8::from(*n > 0)).collect();
        }
        let threshold = above_zero(threshold);
        let mut labels = labels(&self.probability, self.width * self.height, self.classes, threshold);
        if let Some(peak) = self.rules.peak(threshold) {
            keep_sure(&mut labels, &self.inside(), self.width, self.height, peak);
        }
        if let Some(largest) = self.rules.largest {
            keep_largest(&mut labels, self.width, self.height, largest);
        }
        labels
    }
}

/// Takes what a network says of a pixel (row, column): a probability, and then distances. Each pixel is seen once.
fn add_star(
    stars: &mut Stars,
    probability: &mut [f32],
    pixel: [usize; 2],
    mut outputs: impl Iterator<Item = f32>,
    card: &Card,
) {
    let Some(p) = outputs.next() else { return };
    if let Some(here) = probability.get_mut(pixel[0] * stars.width() + pixel[1]) {
        *here = p;
    }
    if p > card.threshold.min(LEAST_HOPE) && stars.is_point(pixel) {
        stars.add(pixel, p, outputs);
    }
}

/// What is certainly background (outside of the view, without a value) is so at any threshold.
fn above_zero(threshold: f32) -> f32 {
    threshold.max(f32::MIN_POSITIVE)
}

fn labels(probability: &[f32], n: usize, classes: usize, threshold: f32) -> Vec<u8> {
    (0..n)
        .map(|i| {
            let (mut total, mut best, mut class) = (0.0, f32::NEG_INFINITY, 0);
            for c in 0..classes {
                let p = probability[c * n + i];
                total += p;
                if p > best {
                    (best, class) = (p, c + 1);
                }
            }
            if total >= threshold { class.min(255) as u8 } else { 0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::rules::odds;
    use super::*;
    use crate::objects::Largest;

    /// The same probabilities, with other rules.
    fn ruled(all: &Prediction, rules: Rules) -> Prediction {
        Prediction { rules, ..all.clone() }
    }

    /// Of a threshold of 0.5, for pieces that are to reach 0.9.
    fn surer() -> Rules {
        Rules { surer: Some(odds(0.9) / odds(0.5)), ..Rules::default() }
    }

    #[test]
    fn a_pixel_takes_its_likeliest_class_once_the_foreground_passes_the_threshold() {
        // Pixel 0: clear class 2. Pixel 1: background. Pixel 2: foreground split between two classes.
        let probability = [0.1, 0.1, 0.3, 0.8, 0.2, 0.25];
        assert_eq!(labels(&probability, 3, 2, 0.5), [2, 0, 1]);
        assert_eq!(labels(&probability, 3, 2, 0.6), [2, 0, 0]);
    }

    #[test]
    fn masks_and_objects_leave_out_small_pieces_and_probabilities_do_not() {
        let probability = vec![0.9, 0.9, 0.1, 0.8, 0.1, 0.7];
        let all = Prediction::plain(6, 1, 1, probability);
        let alone = Rules { largest: Some(Largest { part: 1.0, central: false }), ..Rules::default() };
        let largest = ruled(&all, alone);
        let whole = InstanceOptions { min_pixels: 0, ..InstanceOptions::default() };
        assert_eq!(all.labels(0.5), [1, 1, 0, 1, 0, 1]);
        assert_eq!(largest.labels(0.5), [1, 1, 0, 0, 0, 0]);
        assert_eq!(all.objects(&whole), [1, 1, 0, 2, 0, 3]);
        assert_eq!(largest.objects(&whole), [1, 1, 0, 0, 0, 0]);
        assert_eq!(largest.foreground(), all.foreground());
        // What is the largest is told at the threshold of the mask.
        assert_eq!(largest.labels(0.1), [1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn pieces_that_the_network_is_nowhere_sure_of_are_in_no_mask_and_are_asked_less_where_the_threshold_asks_less()
     {
        let all = Prediction::plain(6, 1, 1, vec![0.6, 0.95, 0.1, 0.7, 0.1, 0.8]);
        let sure = ruled(&all, surer());
        let whole = InstanceOptions { min_pixels: 0, ..InstanceOptions::default() };
        assert_eq!(sure.labels(0.5), [1, 1, 0, 0, 0, 0]);
        assert_eq!(sure.objects(&whole), [1, 1, 0, 0, 0, 0]);
        assert_eq!(sure.foreground(), all.foreground());
        // At 0.3 a piece has to reach 0.79.
        assert_eq!(sure.labels(0.3), [1, 1, 0, 0, 0, 1]);
        assert_eq!((sure.labels(0.05), all.labels(0.05)), (vec![1; 6], vec![1; 6]));
        // A rim is not what the network is to be sure of.
        let rims = Prediction { boundary: Some(vec![0.0, 0.5, 0.0, 0.0, 0.0, 0.0]), ..sure };
        assert_eq!(rims.labels(0.5), [0; 6]);
    }

    #[test]
    fn a_seed_that_the_network_is_nowhere_sure_of_is_no_object_of_its_own() {
        // Two insides with a rim between them, the second one doubtful.
        let inside = [0.95, 0.95, 0.3, 0.7, 0.7];
        let boundary = vec![0.0, 0.0, 0.6, 0.2, 0.2];
        let probability = inside.iter().zip(&boundary).map(|(p, rim)| p + rim).collect();
        let all = Prediction { boundary: Some(boundary), ..Prediction::plain(5, 1, 1, probability) };
        let whole = InstanceOptions { min_pixels: 0, min_seed_pixels: 0, ..InstanceOptions::default() };
        assert_eq!(all.objects(&whole), [1, 1, 1, 2, 2]);
        let sure = ruled(&all, surer());
        assert_eq!(sure.objects(&whole), [1; 5]);
        assert_eq!(sure.labels(0.5), [1; 5]);
    }

    #[test]
    fn objects_are_parted_at_valleys_where_the_card_asks_for_it() {
        let boundary = Some(vec![0.0, 0.4, 0.0]);
        let all = Prediction { boundary, ..Prediction::plain(3, 1, 1, vec![1.0; 3]) };
        let whole = InstanceOptions { min_pixels: 0, min_seed_pixels: 0, ..InstanceOptions::default() };
        assert_eq!(all.objects(&whole), [1; 3]);
        let parted = ruled(&all, Rules { valley: Some(0.5), ..Rules::default() });
        assert_eq!(parted.objects(&whole).iter().max(), Some(&2));
        assert_eq!(parted.labels(0.5), [1; 3]);
    }

    #[test]
    fn no_threshold_and_no_peak_is_out_of_reach() {
        for (threshold, surer) in [(0.0, 1e8), (1.0, 1e-8), (0.5, 1e8), (1.0, 1e8)] {
            let rules = Rules { surer: Some(surer), ..Rules::default() };
            let sure = ruled(&Prediction::plain(1, 1, 1, vec![1.0]), rules);
            assert!(rules.peak(threshold).is_some_and(|p| (0.0..=1.0).contains(&p)));
            assert_eq!(sure.labels(threshold), [1]);
        }
    }
}
