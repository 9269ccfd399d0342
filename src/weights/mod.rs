//! The model file: one `.safetensors` with PyTorch's names and layouts, and a card in its metadata; and the weight files of
//! other programs, whose networks are recognised.

mod card;
mod conventions;
mod curve;
mod file;
mod fit;
mod flow;
pub mod foreign;
mod input;
mod introduction;
mod keras;
mod loss;
mod method;
mod named;
pub mod onnx;
mod plan;
mod public;
mod recognise;
mod sequence;
mod stars;
mod tensors;
mod training;
mod widen;
mod wrapped;

pub use card::{COLOURS, Card, Class, FieldOfView, Output, Patches, Role};
pub use curve::Curve;
pub use file::{Model, Precision};
pub use input::Input;
pub use loss::Loss;
pub use method::{Augmentation, Method, Optimiser, Schedule};
pub use named::NamedTensor;
pub use recognise::{Recognised, Told, recognise};
pub use sequence::{Hints, Kind, LayerWeights, recognise_layers};
pub use stars::StarShapes;
pub(crate) use tensors::floats;
pub use tensors::{load_into, read};
pub use training::Training;
