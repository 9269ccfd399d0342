//! What tools write, and over what.

use super::UNLABELLED;

/// What a tool writes, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    /// A class, [`BACKGROUND`](super::BACKGROUND), or [`UNLABELLED`].
    pub value: u8,
    pub over: Over,
}

/// Which pixels a tool may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// All of them.
    Everything,
    /// Those that have this value.
    Only(u8),
}

impl Over {
    /// Pixels that nobody labelled, so that what was painted stays.
    pub const NOTHING: Over = Over::Only(UNLABELLED);
}

impl Ink {
    /// Takes labels away wherever they are.
    pub const ERASER: Ink = Ink::new(UNLABELLED);

    /// Writes `value` over everything.
    pub const fn new(value: u8) -> Self {
        Self { value, over: Over::Everything }
    }

    /// Whether a pixel of value `old` becomes another.
    pub(super) fn changes(&self, old: u8) -> bool {
        old != self.value
            && match self.over {
                Over::Everything => true,
                Over::Only(value) => old == value,
            }
    }
}
