//! The loss: a sum of cross-entropy, focal loss and soft Dice, weighted pixel by pixel.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, relu, sigmoid};

use crate::weights::Loss;

/// What `how` says, of one batch.
///
/// `logits`: `[batch, outputs, h, w]`; `wanted`: the same shape, 1 where an output is right and 0 elsewhere (for
/// one output: the mask); `weights`: `[batch, 1, h, w]`, where nothing is labelled [`Loss::unlabelled`]: with 0, such pixels take part in nothing.
/// Returns `[1]`. Several outputs are a softmax whose first output is the background; a single one is a sigmoid.
///
/// The parts, each times its factor; the mean of x is `sum(w x) / sum(w)`, logarithms are taken of logits, so that they stay
/// finite:
/// - cross-entropy: the mean of `-ln p`, p being the probability of the right answer;
/// - binary cross-entropy: each output by itself a sigmoid, the mean over pixels and outputs;
/// - focal (Lin 2017, arXiv:1708.02002): the mean of `-alpha (1 - p)^gamma ln p`, with `1 - alpha` for the background;
/// - soft Dice (after Milletari 2016, arXiv:1606.04797): `1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1)` over the labelled
///   pixels of the whole batch, each counting 1, averaged over all outputs but the background.
pub fn loss(logits: Tensor<4>, wanted: Tensor<4>, weights: Tensor<4>, how: &Loss) -> Tensor<1> {
    let outputs = logits.dims()[1];
    // A labelled pixel may weigh less than 1; of a batch without any, every part is 0.
    let total = weights.clone().sum().clamp_min(1e-6);
    let mean = |each: Tensor<4>| (each * weights.clone()).sum() / total.clone();
    let mut parts = Vec::new();
    let (entropy, probability) = if outputs == 1 {
        (binary(logits.clone(), wanted.clone()), sigmoid(logits.clone()))
    } else {
        let log = log_softmax(logits.clone(), 1);
        let entropy = (log.clone() * wanted.clone()).sum_dim(1).neg(); // [n, 1, h, w]
        (entropy, log.exp())
    };
    if how.cross_entropy > 0.0 {
        parts.push(mean(entropy.clone()) * how.cross_entropy);
    }
    if how.binary > 0.0 {
        let each = binary(logits.clone(), wanted.clone()).sum_dim(1) / outputs as f32;
        parts.push(mean(each) * how.binary);
    }
    if how.focal > 0.0 {
        // 1 - p as a sum of what is small, not as a difference of ones; kept off 0, where powers have no gradient.
        let wrong = if outputs == 1 {
            sigmoid(logits * (wanted.clone() * -2.0 + 1.0))
        } else {
            (probability.clone() * (wanted.clone().neg() + 1.0)).sum_dim(1)
        };
        let mut each = wrong.clamp_min(1e-12).powf_scalar(how.focal_gamma) * entropy;
        if let Some(alpha) = how.focal_alpha {
            let first = wanted.clone().narrow(1, 0, 1);
            let foreground = if outputs == 1 { first } else { first.neg() + 1.0 };
            each = each * (foreground * (2.0 * alpha - 1.0) + (1.0 - alpha));
        }
        parts.push(mean(each) * how.focal);
    }
    if how.dice > 0.0 {
        let labelled = weights.clone().greater_scalar(how.unlabelled).float();
        parts.push(dice(probability, wanted, labelled) * how.dice);
    }
    let sum = parts.into_iter().reduce(|sum, part| sum + part);
    sum.unwrap_or_else(|| Tensor::zeros([1], &total.device()))
}

/// Binary cross-entropy of each output: `max(x, 0) - x t + ln(1 + e^-|x|)`.
fn binary(logits: Tensor<4>, wanted: Tensor<4>) -> Tensor<4> {
    let soft = logits.clone().abs().neg().exp().log1p();
    relu(logits.clone()) - logits * wanted + soft
}

/// Soft Dice of probabilities; `labelled` is `[batch, 1, h, w]`, 0 or 1.
fn dice(probability: Tensor<4>, wanted: Tensor<4>, labelled: Tensor<4>) -> Tensor<1> {
    let [n, outputs, h, w] = probability.dims();
    let first = usize::from(outputs > 1);
    let mut overlap = Tensor::zeros([1], &probability.device());
    for output in first..outputs {
        let part = [0..n, output..output + 1, 0..h, 0..w];
        let p = probability.clone().slice(part.clone()) * labelled.clone();
        let t = wanted.clone().slice(part) * labelled.clone();
        let both = (p.clone() * t.clone()).sum();
        overlap = overlap + (both * 2.0 + 1.0) / (p.sum() + t.sum() + 1.0);
    }
    let mean = overlap / (outputs - first) as f32;
    mean.neg() + 1.0
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
        let all = Loss { binary: 1.0, focal: 1.0, focal_alpha: Some(0.25), ..Loss::default() };
        let got = value(loss(
            tensor(&[1.0, -2.0, 3.0, 4.0], [1, 1, 2, 2]),
            tensor(&zero, [1, 1, 2, 2]),
            tensor(&zero, [1, 1, 2, 2]),
            &all,
        ));
        assert!(got.abs() < 1e-6);
    }
}
