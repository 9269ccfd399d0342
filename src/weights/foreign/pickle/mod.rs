//! Python's pickle format (protocols 0 to 5), read as data: nothing that a file names is ever called.
//!
//! A pickle is a program for a small stack machine that can call any Python function. This machine has no functions: it knows
//! the few names of which PyTorch makes tensors and dictionaries, builds plain values from them, and refuses a file at the
//! first other name. Values live in one list and refer to each other by number, so that no nesting is too deep to be freed and
//! a value that holds itself is no more than a number.

mod machine;
mod names;
mod objects;
mod value;

use self::machine::Machine;
use self::value::too_much;
pub(super) use self::value::{Id, Pickle, Tensor, Value};
use crate::error::Result;

/// Bytes of one pickle; those of large networks have a few hundred kilobytes, since values lie elsewhere.
pub(super) const MAX_BYTES: usize = 100 << 20;

/// Reads one pickle from the beginning of `bytes`.
///
/// # Errors
/// `weights.pickle.invalid`; `weights.pickle.forbidden` with the name that the file wanted; `weights.pickle.limit`.
pub(super) fn read(bytes: &[u8]) -> Result<Pickle> {
    let mut machine = Machine::new(bytes.get(..MAX_BYTES).unwrap_or(bytes));
    match machine.run() {
        Ok(root) => Ok(Pickle::new(root, machine.used(), machine.into_values())),
        // It goes on where we stopped reading.
        Err(_) if machine.starved() && bytes.len() > MAX_BYTES => Err(too_much()),
        Err(error) => Err(error),
    }
}
