//! How large patches and batches can be: nobody should have to ask what fits into a graphics card.

use serde::Serialize;

use crate::device::Kind;
use crate::net::{Geometry, UNetConfig};

/// Patches in a step, and pixels a side of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PatchPlan {
    pub batch: usize,
    pub patch: usize,
}

/// What a step may cost in convolutions of the highest level: `width^2` multiply-adds times 9 for every pixel. On one
/// thread of a processor this is about 0.3 seconds in a page, forward and back.
const CPU_BUDGET: u64 = 16 * 16 * 9 * 4 * 128 * 128;

impl PatchPlan {
    /// The largest patch that helps, and as many as fit.
    ///
    /// `largest_buffer`: the GPU's largest single allocation in bytes, `None` on the CPU. `side`: the smallest side of the
    /// images, pixels; no patch is larger than needed to cover it.
    ///
    /// A training step keeps the activations of all layers for the way back, so one tensor may take less than in
    /// inference: an eighth of the largest buffer for where a skip connection joins.
    pub fn of(kind: Kind, largest_buffer: Option<u64>, side: usize, network: &UNetConfig) -> Self {
        let geometry = Geometry::of(network);
        let least = geometry.legal_at_least(2 * geometry.border + geometry.stride);
        // No patch is larger than this anyway, and sums stay within bounds.
        let covering = geometry.legal_at_least(side.min(1024) + 2 * geometry.border).max(least);
        let width = network.width.max(1) as u64;
        let pixels = match kind {
            Kind::Cpu => CPU_BUDGET / (width * width * 9).max(1),
            Kind::WebGpu => (largest_buffer.unwrap_or(128 << 20) / 8 / (2 * width * 4)).min(8 * 256 * 256),
        };
        // Two patches or more in a step steady the gradient; beyond 256 pixels more patches serve better than larger ones.
        let square = ((pixels / 2) as f64).sqrt() as usize;
        let wanted = geometry.legal_at_most(square.min(256 + 2 * geometry.border));
        let patch = wanted.max(least).min(covering);
        let batch = (pixels / (patch * patch).max(1) as u64).clamp(1, 8) as usize;
        Self { batch, patch }
    }

    /// Seconds of a step on one thread of a processor, about: for a first guess, before any was taken.
    pub fn seconds(self, network: &UNetConfig) -> f64 {
        let width = network.width.max(1) as f64;
        0.3 * width * width * 9.0 * (self.batch * self.patch * self.patch) as f64 / CPU_BUDGET as f64
    }

    /// Half of it, after the device ran out of memory: fewer patches, then smaller ones. `None` if it cannot be halved.
    pub fn halved(self, network: &UNetConfig) -> Option<Self> {
        let geometry = Geometry::of(network);
        if self.batch > 1 {
            return Some(Self { batch: self.batch / 2, ..self });
        }
        let least = geometry.legal_at_least(2 * geometry.border + geometry.stride);
        let patch = geometry.legal_at_most(self.patch / 2).max(least);
        (patch < self.patch).then_some(Self { patch, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;

    #[test]
    fn a_wider_network_gets_less_and_a_larger_card_gives_more() {
        let network = |width| UNetConfig { width, ..Preset::Small.config(1, 1) };
        let pixels = |p: PatchPlan| p.batch * p.patch * p.patch;
        for side in [64, 512, 4096] {
            let cpu = |width| pixels(PatchPlan::of(Kind::Cpu, None, side, &network(width)));
            assert!(cpu(8) >= cpu(16) && cpu(16) >= cpu(64), "{side}");
            let gpu = |bytes| pixels(PatchPlan::of(Kind::WebGpu, Some(bytes), side, &network(16)));
            assert!(gpu(128 << 20) <= gpu(2 << 30));
        }
        let plan = PatchPlan::of(Kind::Cpu, None, 512, &network(16));
        assert_eq!(plan, PatchPlan { batch: 2, patch: 176 });
        assert!((0.2..0.4).contains(&plan.seconds(&network(16))));
        assert!(plan.seconds(&network(32)) > plan.seconds(&network(16)));
    }

    #[test]
    fn every_network_gets_a_legal_patch_and_halving_ends() {
        for preset in Preset::ALL {
            let (channels, outputs, _) = preset.published();
            let network = preset.config(channels, outputs);
            for side in [1, 48, 512] {
                let mut plan = PatchPlan::of(Kind::Cpu, None, side, &network);
                let mut halvings = 0;
                loop {
                    assert!(Geometry::of(&network).is_legal(plan.patch), "{preset:?} {plan:?}");
                    let Some(half) = plan.halved(&network) else { break };
                    assert!(half.batch * half.patch < plan.batch * plan.patch);
                    (plan, halvings) = (half, halvings + 1);
                }
                assert!(halvings < 16);
            }
        }
    }
}
