//! The names that may stand in a pickle, and the sentence about all others.

use super::value::{Name, broken};
use crate::error::{Error, Result};

/// More of a name than a sentence can show.
const MAX_SHOWN: usize = 80;
/// The longest kind of a storage.
const MAX_KIND_LENGTH: usize = 64;

/// What a name stands for.
///
/// # Errors
/// `weights.pickle.forbidden` for all names but those of data.
pub(super) fn allowed(module: &str, name: &str) -> Result<Name> {
    Ok(match (module, name) {
        // Schedulers of learning rates keep counters.
        ("collections", "OrderedDict" | "Counter") => Name::Dict,
        // Python 2 and 3; pickles before protocol 4 have no instructions for these.
        ("__builtin__" | "builtins", "set" | "frozenset" | "list") => Name::List,
        ("__builtin__" | "builtins", "bytes" | "bytearray") | ("_codecs", "encode") => Name::Bytes,
        ("torch", "Size") => Name::Tuple,
        ("torch", "device") | ("torch.serialization", "_get_layout") => Name::Nothing,
        // The two modules of NumPy 1 and 2; a number is `scalar(dtype, bytes)`.
        ("numpy.core.multiarray" | "numpy._core.multiarray", "scalar" | "_reconstruct")
        | ("numpy", "dtype" | "ndarray") => Name::Inert,
        ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Name::Tensor,
        ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => Name::Parameter,
        ("torch", kind) if kind.ends_with("Storage") && plain(kind) => Name::Storage(kind.into()),
        _ => return Err(forbidden_name(module, name)),
    })
}

fn plain(kind: &str) -> bool {
    kind.len() <= MAX_KIND_LENGTH && kind.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A whole name in the words in which a program would say it.
fn forbidden_name(module: &str, name: &str) -> Error {
    if module.starts_with("torch.nn.") {
        return Error::invalid(
            "weights.pickle.forbidden",
            format!(
                "This file is a whole model that was saved with its Python code ({}); opening it would run that code, so \
                 Insitu does not. Save its weights alone: torch.save(model.state_dict(), \"weights.pth\").",
                shown(&format!("{module}.{name}"))
            ),
        );
    }
    let module = match module {
        // The names behind the usual ones, and those of Python 2, which Python 3 translates.
        "posix" | "nt" => "os",
        "commands" => "subprocess",
        "__builtin__" => "builtins",
        other => other,
    };
    forbidden(&shown(&format!("{module}.{name}")))
}

pub(super) fn forbidden(what: &str) -> Error {
    Error::invalid(
        "weights.pickle.forbidden",
        format!(
            "This file wants Python to run {what}. Insitu runs nothing from a file and reads weights only. If the model is \
             yours, save them alone: torch.save(model.state_dict(), \"weights.pth\")."
        ),
    )
}

/// A name from a file as it can stand in a sentence.
fn shown(name: &str) -> String {
    let mut text: String = name.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect();
    if name.chars().nth(MAX_SHOWN).is_some() {
        text.push('…');
    }
    text
}

/// The name of an instruction that names a class itself (INST).
pub(super) fn refused(module: &str, name: &str) -> Error {
    match allowed(module, name) {
        Ok(_) => broken("it builds a value as PyTorch does not"),
        Err(error) => error,
    }
}
