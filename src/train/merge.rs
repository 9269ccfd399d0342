//! Labels that tell the class of a pixel, for a network that has more than one output for a class.
//!
//! A network that tells touching objects apart asks twice about each object: inside, or rim? Labels that a person paints
//! answer neither; they say "nucleus". Its outputs for one class are then taken together, as the probability of either, so
//! that the labels teach what they say and leave the rims to what was learnt before.

use burn::tensor::Tensor;

use super::sample::{Labels, Sample};
use crate::weights::Card;

/// For the background and each class that has outputs, these outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Merge(Vec<Vec<usize>>);

impl Merge {
    /// `None` where nothing is to be merged: each class has one output, or the labels tell objects.
    pub fn of(card: &Card, samples: &[Sample]) -> Option<Self> {
        if samples.iter().any(|s| matches!(s.labels, Labels::Objects(_))) {
            return None;
        }
        let outputs_of = |class: u8| -> Vec<usize> {
            (0..card.outputs.len()).filter(|i| card.outputs[*i].class == class).collect()
        };
        let groups: Vec<_> = (0..=u8::MAX).map(outputs_of).filter(|group| !group.is_empty()).collect();
        groups.iter().any(|group| group.len() > 1).then_some(Self(groups))
    }

    /// From `[batch, outputs, h, w]` to `[batch, classes, h, w]`, whose softmax is the sum of the outputs' softmax.
    pub fn logits(&self, logits: Tensor<4>) -> Tensor<4> {
        self.each(&logits, |group| {
            let largest = group.clone().detach().max_dim(1);
            (group - largest.clone()).exp().sum_dim(1).log() + largest
        })
    }

    /// The same for what is wanted.
    pub fn wanted(&self, wanted: &Tensor<4>) -> Tensor<4> {
        self.each(wanted, |group| group.sum_dim(1))
    }

    fn each(&self, whole: &Tensor<4>, together: impl Fn(Tensor<4>) -> Tensor<4>) -> Tensor<4> {
        let output = |i: &usize| whole.clone().narrow(1, *i, 1);
        let classes = self.0.iter().map(|group| match group.as_slice() {
            [one] => output(one),
            several => together(Tensor::cat(several.iter().map(output).collect(), 1)),
        });
        Tensor::cat(classes.collect(), 1)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::activation::softmax;
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::net::Preset;
    use crate::scan::Image;
    use crate::weights::Class;

    fn sample(labels: Labels) -> Sample {
        Sample::new("a", "", Image::new(2, 1, 1, vec![0.0; 2]).unwrap(), labels).unwrap()
    }

    fn card(outputs: Vec<crate::weights::Output>) -> Card {
        let class = Class { name: "nucleus".into(), colour: "#E69F00".into() };
        Card::new("t", Preset::Small.config(1, outputs.len()), vec![class], outputs)
    }

    #[test]
    fn inside_and_rim_are_one_class_for_labels_that_do_not_tell_them_apart() {
        let merge =
            Merge::of(&card(Card::boundary_outputs()), &[sample(Labels::Classes(vec![0, 1]))]).unwrap();
        assert_eq!(merge.0, [vec![0], vec![1, 2]]);
        let values = vec![0.3f32, -80.0, 1.5, 90.0, -0.7, 88.0];
        let logits = Tensor::from_data(TensorData::new(values, [1, 3, 1, 2]), &Device::flex());
        let apart = softmax(logits.clone(), 1).into_data().convert::<f32>().try_to_vec::<f32>().unwrap();
        let merged =
            softmax(merge.logits(logits), 1).into_data().convert::<f32>().try_to_vec::<f32>().unwrap();
        for pixel in 0..2 {
            assert!((merged[pixel] - apart[pixel]).abs() < 1e-6);
            assert!((merged[2 + pixel] - apart[2 + pixel] - apart[4 + pixel]).abs() < 1e-6);
        }
    }

    #[test]
    fn objects_and_networks_with_one_output_a_class_are_left_as_they_are() {
        let classes = || [sample(Labels::Classes(vec![0, 1]))];
        assert_eq!(Merge::of(&card(Card::plain_outputs(2)), &classes()), None);
        assert_eq!(Merge::of(&card(Card::plain_outputs(1)), &classes()), None);
        let objects = [sample(Labels::Objects(vec![0, 1]))];
        assert_eq!(Merge::of(&card(Card::boundary_outputs()), &objects), None);
    }
}
