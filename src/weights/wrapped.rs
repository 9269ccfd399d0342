//! Names in state dicts as wrappers make them: what stands before all of them, and what stands beside the network.

use super::conventions::Convention;
use super::named::NamedTensor;
use super::public;

/// What trainers keep beside a network under these names, and what is no part of it.
const ASIDE: [&str; 8] = ["loss", "criterion", "metric", "train_", "val_", "test_", "valid_", "pos_weight"];

/// Takes off what wrappers put before the names of a network (`module.`, `_orig_mod.`, `model.net.`, whatever they are called), and
/// takes out what a trainer keeps beside it, whose names are given back. What else there is stays, under its whole name.
pub(super) fn unwrapped(tensors: &mut Vec<NamedTensor>) -> Vec<String> {
    let marks = || Convention::MARKS.iter().map(|(mark, _)| *mark).chain(public::MARKS);
    let prefixes = tensors.iter().flat_map(|t| marks().filter_map(|mark| t.name.strip_suffix(mark)));
    // Networks may hold parts of themselves a second time, further inside.
    let prefix = prefixes.filter(|p| p.is_empty() || p.ends_with('.')).min_by_key(|p| p.len());
    let prefix = prefix.map(str::to_string);
    let Some(prefix) = prefix else { return Vec::new() };
    let mut left_out = Vec::new();
    tensors.retain_mut(|tensor| {
        if let Some(rest) = tensor.name.strip_prefix(&prefix).filter(|_| !prefix.is_empty()) {
            tensor.name = rest.to_string();
            return true;
        }
        let aside = ASIDE.iter().any(|word| tensor.name.split('.').any(|part| part.starts_with(word)));
        if aside {
            left_out.push(tensor.name.clone());
        }
        !aside
    });
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(names: &[&str]) -> (Vec<String>, Vec<String>) {
        let tensor = |name: &&str| NamedTensor { name: name.to_string(), shape: vec![1], values: vec![0.0] };
        let mut tensors: Vec<_> = names.iter().map(tensor).collect();
        let left_out = unwrapped(&mut tensors);
        (tensors.into_iter().map(|t| t.name).collect(), left_out)
    }

    #[test]
    fn wrappers_are_taken_off_and_losses_left_out() {
        let (kept, left_out) = taken(&[
            "_orig_mod.module.model.inc.double_conv.0.weight",
            "_orig_mod.module.model.outc.conv.weight",
            "loss.pos_weight",
            "criterion.weight",
            "teacher.weight",
        ]);
        assert_eq!(kept, ["inc.double_conv.0.weight", "outc.conv.weight", "teacher.weight"]);
        assert_eq!(left_out, ["loss.pos_weight", "criterion.weight"]);
    }

    #[test]
    fn names_without_a_wrapper_and_of_strange_networks_stay() {
        assert_eq!(taken(&["inc.double_conv.0.weight", "up1.x"]).0, ["inc.double_conv.0.weight", "up1.x"]);
        assert_eq!(taken(&["loss.weight", "unknown"]).0, ["loss.weight", "unknown"]);
        assert_eq!(taken(&["breakdown.0.c1.weight"]).0, ["breakdown.0.c1.weight"]);
    }
}
