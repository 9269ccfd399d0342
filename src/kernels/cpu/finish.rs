//! What is done to a result before it is stored: bias, activation, a scale behind it.

use super::buffer::Buffer;
use super::lanes::Lanes;
use super::maps::PITCH;

/// An activation that multiplies what is below 0 with a slope.
///
/// # Safety
/// The features of `L`.
#[inline(always)]
pub(super) unsafe fn activated<L: Lanes>(value: L, slope: f32) -> L {
    // SAFETY: as the caller promises.
    unsafe {
        let zero = L::splat(0.0);
        if slope == 0.0 { value.max(zero) } else { value.max(zero).mul_add(L::splat(slope), value.min(zero)) }
    }
}

/// `scale * activation(x + bias) + shift`, each by channel.
#[derive(Clone, Default)]
pub struct Finish {
    pub(super) bias: Buffer,
    /// Factor of values below 0; none keeps all as they are.
    slope: Option<f32>,
    behind: Option<[Buffer; 2]>,
}

impl Finish {
    /// `bias` by channel; `slope`: of an activation that multiplies what is below 0 (0 for ReLU); `behind`: scale and shift
    /// after it.
    pub fn new(bias: &[f32], slope: Option<f32>, behind: Option<[&[f32]; 2]>) -> Self {
        let padded = |values: &[f32]| {
            let mut buffer = Buffer::zeros(values.len().next_multiple_of(PITCH));
            buffer[..values.len()].copy_from_slice(values);
            buffer
        };
        Self { bias: padded(bias), slope, behind: behind.map(|b| b.map(padded)) }
    }

    /// For as many channels as `pitch`.
    pub(super) fn check(&self, pitch: usize) {
        assert_eq!(self.bias.len(), pitch);
        assert!(self.behind.iter().flatten().all(|b| b.len() == pitch));
    }

    /// Channels `c` and the following.
    ///
    /// # Safety
    /// The features of `L`, and channels that [`Finish::check`] saw.
    #[inline(always)]
    pub(super) unsafe fn apply<L: Lanes>(&self, value: L, c: usize) -> L {
        // SAFETY: as the caller promises.
        unsafe {
            let mut value = value.add(L::load(self.bias.as_ptr().add(c)));
            if let Some(slope) = self.slope {
                value = activated(value, slope);
            }
            if let Some([scale, shift]) = &self.behind {
                value = L::load(shift.as_ptr().add(c)).mul_add(value, L::load(scale.as_ptr().add(c)));
            }
            value
        }
    }
}
