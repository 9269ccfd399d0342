//! The model file: one `.safetensors` with PyTorch's names and layouts, and a card in its metadata.

mod card;
mod file;
pub mod foreign;
mod recognise;
mod tensors;

pub use card::{COLOURS, Card, Class, Input, Loss, Output, Role, Training};
pub use file::{Model, Precision};
pub use recognise::recognise;
pub(crate) use tensors::floats;
pub use tensors::{NamedTensor, load_into, read};
