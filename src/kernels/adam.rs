//! Adam, the numbers of one step: the arithmetic is in `cpu` and `gpu`.

/// One step of Adam (Kingma and Ba 2015, algorithm 1, with the corrections drawn into the rate as at the end of its section 2) or AdamW
/// (Loshchilov and Hutter 2019) on the values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Times the value, added to the gradient: Adam's weight decay.
    pub decay: f32,
    /// What the value is multiplied with beside: 1, or less with AdamW's weight decay.
    pub keep: f32,
    /// Decay of the first and of the second moment.
    pub beta: [f32; 2],
    /// The learning rate, corrected for the beginning of a training.
    pub rate: f32,
    /// What keeps the division finite, corrected too.
    pub epsilon: f32,
}
