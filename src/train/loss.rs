//! The loss: weighted sums of cross-entropy, focal loss and soft Dice.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, relu, sigmoid};

use crate::weights::Loss;

/// The weighted sum of the losses that `how` names.
///
/// `logits`: `[batch, outputs, h, w]`; `wanted`: the same shape, 1 where an output is right and 0 elsewhere (for
/// one output: the mask); `weights`: `[batch, 1, h, w]`, 0 where nothing is labelled. Returns `[1]`.
///
/// - Cross-entropy is `sum(w * ce) / sum(w)`, from logits, so that it stays finite.
/// - The focal loss (Lin 2017, arXiv:1708.02002, without alpha, which the class weights are) is
///   `sum(w * (1 - p)^gamma * ce) / sum(w)`, p being the probability of what is right.
/// - Soft Dice (Milletari 2016, arXiv:1606.04797) is `1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1)` over the labelled
///   pixels of the whole batch, averaged over all outputs but the background.
pub fn loss(logits: Tensor<4>, wanted: Tensor<4>, weights: Tensor<4>, how: &Loss) -> Tensor<1> {
    let [n, outputs, h, w] = logits.dims();
    let total = weights.clone().sum().clamp_min(1.0);
    // 1 where anything is labelled, however little it weighs.
    let labelled = weights.clone().greater_elem(0.0).float();
    let (entropy, probability) = if outputs == 1 {
        // max(x, 0) - x t + ln(1 + e^-|x|)
        let soft = logits.clone().abs().neg().exp().log1p();
        let entropy = relu(logits.clone()) - logits.clone() * wanted.clone() + soft;
        (entropy, sigmoid(logits))
    } else {
        let log = log_softmax(logits, 1);
        let entropy = (log.clone() * wanted.clone()).sum_dim(1).neg(); // [n, 1, h, w]
        (entropy, log.exp())
    };
    let mut sum = (entropy.clone() * weights.clone()).sum() * how.cross_entropy / total.clone();
    if how.focal > 0.0 {
        // e^-ce is the probability of what is right. Kept off 1, where the power has no gradient.
        let wrong = (entropy.clone().neg().exp().neg() + 1.0).clamp_min(1e-6);
        let focal = wrong.powf_scalar(how.focal_gamma) * entropy * weights;
        sum = sum + focal.sum() * how.focal / total;
    }
    if how.dice <= 0.0 {
        return sum;
    }
    let first = usize::from(outputs > 1);
    let mut overlap = Tensor::zeros([1], &sum.device());
    for output in first..outputs {
        let part = [0..n, output..output + 1, 0..h, 0..w];
        let p = probability.clone().slice(part.clone()) * labelled.clone();
        let t = wanted.clone().slice(part) * labelled.clone();
        let both = (p.clone() * t.clone()).sum();
        overlap = overlap + (both * 2.0 + 1.0) / (p.sum() + t.sum() + 1.0);
    }
    let mean = overlap / (outputs - first) as f32;
    sum + (mean.neg() + 1.0) * how.dice
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn tensor(values: &[f32], shape: [usize; 4]) -> Tensor<4> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
    }

    fn value(t: Tensor<1>) -> f32 {
        t.into_scalar::<f32>()
    }

    #[test]
    fn one_output_gives_binary_cross_entropy_from_logits() {
        let x = [2.0f32, -1.0, 0.5, 300.0];
        let t = [1.0f32, 0.0, 0.0, 1.0];
        let w = [1.0f32, 2.0, 0.0, 1.0];
        let by_hand = {
            let bce = |x: f64, t: f64| {
                -(t * (1.0 / (1.0 + (-x).exp())).ln() + (1.0 - t) * (1.0 - 1.0 / (1.0 + (-x).exp())).ln())
            };
            (bce(2.0, 1.0) + 2.0 * bce(-1.0, 0.0)) / 4.0
        };
        let got = value(loss(
            tensor(&x, [1, 1, 2, 2]),
            tensor(&t, [1, 1, 2, 2]),
            tensor(&w, [1, 1, 2, 2]),
            &Loss::cross_entropy(),
        ));
        assert!((f64::from(got) - by_hand).abs() < 1e-6, "{got} {by_hand}");
    }

    #[test]
    fn several_outputs_give_softmax_cross_entropy() {
        let x = [1.0f32, 2.0, 3.0];
        let t = [0.0f32, 0.0, 1.0];
        let got = value(loss(
            tensor(&x, [1, 3, 1, 1]),
            tensor(&t, [1, 3, 1, 1]),
            tensor(&[5.0], [1, 1, 1, 1]),
            &Loss::cross_entropy(),
        ));
        let by_hand = -(3.0f64.exp() / (1.0f64.exp() + 2.0f64.exp() + 3.0f64.exp())).ln();
        assert!((f64::from(got) - by_hand).abs() < 1e-6);
    }

    #[test]
    fn dice_of_a_perfect_answer_is_nearly_nothing_and_of_the_opposite_nearly_one() {
        let t = [1.0f32, 1.0, 0.0, 0.0];
        let w = [1.0f32; 4];
        let of = |x: [f32; 4]| {
            let run = |dice| {
                value(loss(
                    tensor(&x, [1, 1, 2, 2]),
                    tensor(&t, [1, 1, 2, 2]),
                    tensor(&w, [1, 1, 2, 2]),
                    &Loss { dice, ..Loss::cross_entropy() },
                ))
            };
            run(1.0) - run(0.0)
        };
        assert!(of([50.0, 50.0, -50.0, -50.0]).abs() < 1e-5);
        assert!((of([-50.0, -50.0, 50.0, 50.0]) - (1.0 - 1.0 / 5.0)).abs() < 1e-5);
    }

    #[test]
    fn a_batch_without_labels_has_no_loss() {
        let zero = [0.0f32; 4];
        let got = value(loss(
            tensor(&[1.0, -2.0, 3.0, 4.0], [1, 1, 2, 2]),
            tensor(&zero, [1, 1, 2, 2]),
            tensor(&zero, [1, 1, 2, 2]),
            &Loss::default(),
        ));
        assert!(got.abs() < 1e-6);
    }
}
