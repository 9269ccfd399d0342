//! Whether a file's tensors are those that a network wants, and what to say if not.

use std::collections::BTreeMap;

use super::named::NamedTensor;
use crate::error::{Error, Result};

/// How many names a sentence lists.
const MAX_SHOWN: usize = 4;

/// The tensors that are `wanted`, in that order and under those names. `in_file` gives the name that a wanted tensor
/// has in the file.
///
/// # Errors
/// `model.tensors` with the names that are missing, left over, and the first shape that differs, as the file has them.
pub(super) fn fit(
    wanted: &[(String, Vec<usize>)],
    tensors: Vec<NamedTensor>,
    in_file: impl Fn(&str) -> String,
) -> Result<Vec<NamedTensor>> {
    let mut there: BTreeMap<String, NamedTensor> = tensors
        .into_iter()
        // PyTorch counts batches beside each batch normalisation; nothing depends on it.
        .filter(|t| !t.name.ends_with("num_batches_tracked"))
        .map(|t| (t.name.clone(), t))
        .collect();
    let mut found = Vec::with_capacity(wanted.len());
    let mut missing = Vec::new();
    let mut differs = None;
    for (name, shape) in wanted {
        let theirs = in_file(name);
        match there.remove(&theirs) {
            None => missing.push(theirs),
            Some(tensor) if tensor.shape != *shape => {
                differs.get_or_insert(format!(
                    "{theirs} is {:?} in the file and {shape:?} in the network",
                    tensor.shape
                ));
            }
            Some(tensor) => found.push(NamedTensor { name: name.clone(), ..tensor }),
        }
    }
    let left: Vec<String> = there.into_keys().collect();
    if missing.is_empty() && left.is_empty() && differs.is_none() {
        return Ok(found);
    }
    let mut parts = Vec::new();
    if !missing.is_empty() {
        parts.push(format!("missing: {}", listed(&missing)));
    }
    if !left.is_empty() {
        parts.push(format!("left over: {}", listed(&left)));
    }
    parts.extend(differs);
    Err(Error::invalid(
        "model.tensors",
        format!("These weights do not fit the network; {}.", parts.join("; ")),
    ))
}

/// The first names of a list, and how many more there are.
pub(super) fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(MAX_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MAX_SHOWN {
        text.push_str(&format!(" and {} more", names.len() - MAX_SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(name: &str, shape: &[usize]) -> NamedTensor {
        NamedTensor { name: name.into(), shape: shape.to_vec(), values: vec![0.0; shape.iter().product()] }
    }

    #[test]
    fn what_does_not_fit_is_listed_in_the_names_of_the_file() {
        let wanted = [("a.weight".to_string(), vec![2, 3]), ("b.weight".to_string(), vec![4])];
        let theirs = |name: &str| format!("theirs.{name}");
        let fits = vec![tensor("theirs.b.weight", &[4]), tensor("theirs.a.weight", &[2, 3])];
        let found = fit(&wanted, fits, theirs).unwrap();
        assert_eq!(found.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a.weight", "b.weight"]);

        let others = vec![tensor("theirs.a.weight", &[3, 2]), tensor("else", &[1])];
        let error = fit(&wanted, others, theirs).unwrap_err();
        assert_eq!(error.code(), "model.tensors");
        let text = error.to_string();
        for part in [
            "missing: theirs.b.weight",
            "left over: else",
            "theirs.a.weight is [3, 2] in the file and [2, 3]",
        ] {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    }
}
