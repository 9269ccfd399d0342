//! Short names of weights, and the natural order of paths.

use std::cmp::Ordering;

use super::config::LayerConfig;
use crate::weights::NamedTensor;

/// What Keras 1 appended to a layer's name, and the names of today. Its `running_std` is a variance, too: it was handed
/// to `K.batch_normalization` as such, and Keras 2 loads it unchanged (`keras/layers/normalization.py` of Keras 1.2).
const OLD: [(&str, &str); 9] = [
    ("_W", "kernel"),
    ("_b", "bias"),
    ("_gamma", "gamma"),
    ("_beta", "beta"),
    ("_running_mean", "moving_mean"),
    ("_running_std", "moving_variance"),
    ("_running_var", "moving_variance"),
    ("_alphas", "alpha"),
    ("_embeddings", "embeddings"),
];

/// The short name of a weight, and whether only Keras 1 would have called it so:
/// `unet/conv2d_1/kernel:0` is a `kernel`, and so is `convolution2d_1_W`.
pub(super) fn short_name(stored: &str) -> (String, bool) {
    let last = stored.rsplit('/').next().unwrap_or(stored);
    // TensorFlow numbers the outputs of an operation.
    let plain = match last.rsplit_once(':') {
        Some((plain, number)) if number.bytes().all(|b| b.is_ascii_digit()) => plain,
        _ => last,
    };
    match OLD.iter().find(|(suffix, _)| plain.ends_with(suffix)) {
        Some((_, name)) => ((*name).to_string(), true),
        None => (plain.to_string(), plain.starts_with("param_")),
    }
}

/// Gives names to weights that the file only numbers (`vars/0` of Keras 3, `param_0` of early ones): the order in which
/// Keras creates them.
///
/// Source: `save_own_variables` of `keras/src/layers/layer.py` writes trainable variables first, then the others.
pub(super) fn name_by_order(
    class: Option<&str>,
    config: Option<LayerConfig<'_>>,
    weights: &mut [NamedTensor],
) {
    let count = weights.len();
    let names: Vec<&str> = match class {
        Some("SeparableConv1D" | "SeparableConv2D") => vec!["depthwise_kernel", "pointwise_kernel", "bias"],
        Some("PReLU") => vec!["alpha"],
        Some("Embedding") => vec!["embeddings"],
        Some("LayerNormalization" | "GroupNormalization") if count == 2 => vec!["gamma", "beta"],
        Some("RMSNormalization") => vec!["scale"],
        Some("BatchNormalization") => {
            let flag = |name: &str| config.and_then(|c| c.flag(name));
            // Three without a word about which is left out: `scale=False` (as in Inception) is far more common, because
            // the next layer scales anyway.
            let scale = flag("scale").unwrap_or(count >= 4);
            let center = flag("center").unwrap_or(count >= 3);
            let all = [("gamma", scale), ("beta", center), ("moving_mean", true), ("moving_variance", true)];
            all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
        }
        Some(class) if (class.contains("Conv") || class.contains("Dense")) && count <= 2 => {
            vec!["kernel", "bias"]
        }
        _ => vec![],
    };
    for (weight, name) in weights.iter_mut().zip(names) {
        weight.name = name.to_string();
    }
}

/// Compares names so that numbers count as numbers: `conv2d` < `conv2d_2` < `conv2d_10`.
pub(super) fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (da, db) = (digits(a), digits(b));
        if da > 0 && db > 0 {
            let (na, nb) = (number(a, da), number(b, db));
            // Longer without leading zeros is larger.
            let order = na.len().cmp(&nb.len()).then_with(|| na.cmp(nb));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (a.get(da..).unwrap_or_default(), b.get(db..).unwrap_or_default());
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (Some((x, rest_a)), Some((y, rest_b))) if x == y => (a, b) = (rest_a, rest_b),
            (x, y) => return x.map(|(x, _)| x).cmp(&y.map(|(y, _)| y)),
        }
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

fn number(text: &[u8], digits: usize) -> &[u8] {
    let all = text.get(..digits).unwrap_or_default();
    all.get(all.iter().take_while(|b| **b == b'0').count()..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names =
            vec!["conv2d_10", "conv2d", "conv2d_2", "batch", "conv2d_transpose", "conv2d_02", "10", "9"];
        names.sort_by(|a, b| natural_order(a, b));
        let wanted = ["9", "10", "batch", "conv2d", "conv2d_2", "conv2d_02", "conv2d_10", "conv2d_transpose"];
        assert_eq!(names, wanted);
    }

    #[test]
    fn weights_of_all_generations_get_the_same_short_names() {
        assert_eq!(short_name("conv2d_1/kernel:0"), ("kernel".into(), false));
        assert_eq!(short_name("unet/conv2d_1/bias"), ("bias".into(), false));
        assert_eq!(short_name("convolution2d_1_W"), ("kernel".into(), true));
        assert_eq!(short_name("convolution2d_1_b:0"), ("bias".into(), true));
        assert_eq!(short_name("batchnormalization_4_running_std"), ("moving_variance".into(), true));
        assert_eq!(short_name("batch_normalization/moving_variance:0"), ("moving_variance".into(), false));
        assert_eq!(short_name("param_1"), ("param_1".into(), true));
    }
}
