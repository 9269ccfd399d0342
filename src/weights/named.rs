//! A tensor by its name, as files and networks exchange it.

/// Values of one tensor with its name and shape, row-major, 32-bit.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// PyTorch's name, such as `down.0.c1.weight`.
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}
