//! A model that is ready to run.

use std::cell::RefCell;
use std::ops::Deref;

use crate::error::Result;
use crate::net::Compiled;
use crate::weights::Model;

/// A model, and its network in the order in which our kernels read it: made when it is first used, and kept for the head that was
/// asked last.
pub(super) struct Ready {
    model: Model,
    /// The same for the same file, however often it is loaded; another one for other weights.
    pub identity: u64,
    kept: RefCell<Option<Kept>>,
}

struct Kept {
    head: Option<usize>,
    compiled: Compiled,
}

impl Ready {
    pub fn new(model: Model, identity: u64) -> Self {
        Self { model, identity, kept: RefCell::default() }
    }

    /// As [`crate::net::UNet::compiled`]; `head` as in [`crate::infer::Options::head`].
    pub fn compiled(&self, head: Option<usize>) -> Result<Compiled> {
        let mut kept = self.kept.borrow_mut();
        if let Some(kept) = kept.as_ref().filter(|kept| kept.head == head) {
            return Ok(kept.compiled.clone());
        }
        // The one before goes first: two at a time are not needed.
        *kept = None;
        let compiled = self.model.net.compiled(head)?;
        *kept = Some(Kept { head, compiled: compiled.clone() });
        Ok(compiled)
    }
}

impl Deref for Ready {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}
