//! The network run by our own kernels: its graph, operation by operation, instead of Burn's tensors.
//!
//! `machine.rs` is what it is run on: the CPU or a GPU; `by_tensors.rs` what neither has a kernel for.

mod adam;
mod back;
mod by_tensors;
mod compile;
mod cpu;
#[cfg(any(target_arch = "wasm32", feature = "gpu"))]
mod gpu;
mod infer;
mod layers;
mod learn;
mod machine;

use std::sync::Arc;

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use insitu_kernels::cpu::Processor;

pub use self::adam::{Adam, adam};
use self::infer::Network;
use self::machine::Machine;
use super::interpolate::Frame;
use super::unet::UNet;
use crate::error::{Error, Result};

/// A network whose weights are in the order in which the kernels read them, for one head. Later changes of the weights are not seen
/// by it.
#[derive(Clone)]
pub struct Compiled(Arc<dyn Runs>);

/// A forward pass under way.
pub struct CompiledPass(Box<dyn Running>);

/// A pass in which the network learns: results of all nodes are kept for the way back.
pub struct Learning<'a>(Box<dyn Learns + 'a>);

trait Runs: Send + Sync {
    fn pass(self: Arc<Self>, input: &[f32], shape: [usize; 4], frame: Frame) -> Box<dyn Running>;
}

trait Running {
    fn left(&self) -> usize;
    fn step(&mut self) -> bool;
    fn finish(self: Box<Self>) -> Option<Tensor<4>>;
}

trait Learns {
    fn logits(&self) -> Vec<Tensor<4>>;
    fn backward(self: Box<Self>, gradients: Vec<Tensor<4>>) -> GradientsParams;
}

impl Compiled {
    /// The network up to this node of its graph.
    ///
    /// # Errors
    /// `net.device` if its tensors do not lie together.
    pub(super) fn new(net: &UNet, head: usize) -> Result<Self> {
        Self::on_its_machine(net, head).ok_or_else(apart)
    }

    fn on_its_machine(net: &UNet, head: usize) -> Option<Self> {
        fn on<M: Machine + Send + Sync + 'static>(machine: M, net: &UNet, head: usize) -> Option<Compiled>
        where
            M::Maps: 'static,
            M::Convolution: Send + Sync,
        {
            Some(Compiled(Arc::new(Network::new(machine, net, head)?)))
        }
        #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
        if let Some(gpu) = gpu(net) {
            return on(gpu, net, head);
        }
        on(cpu(net)?, net, head)
    }

    /// A pass of `[batch, channel, height, width]`, a legal size of the network.
    pub fn pass(&self, input: &[f32], shape: [usize; 4]) -> CompiledPass {
        self.pass_within(input, shape, None)
    }

    /// The same of tiles that lie so in a whole; without, each is the whole.
    pub fn pass_within(&self, input: &[f32], shape: [usize; 4], frame: Option<Frame>) -> CompiledPass {
        let frame = frame.unwrap_or_else(|| Frame::of([shape[2], shape[3]]));
        CompiledPass(self.0.clone().pass(input, shape, frame))
    }
}

impl CompiledPass {
    /// Convolutions that are still to be computed.
    pub fn left(&self) -> usize {
        self.0.left()
    }

    /// Computes up to the next convolution; whether there is more to do.
    pub fn step(&mut self) -> bool {
        self.0.step()
    }

    /// Computes what is left. The logits, `[batch][output][row][column]`, and their height and width; or what the node gives that the
    /// network was compiled to.
    ///
    /// # Errors
    /// `device.read` if a graphics card stops answering.
    pub async fn finish(self) -> Result<(Vec<f32>, [usize; 2])> {
        let Some(logits) = self.0.finish() else { return Err(apart()) };
        let [_, _, height, width] = logits.dims();
        let lost = || Error::device("device.read", "The graphics card stopped answering while it computed.");
        let data = logits.into_data_async().await.map_err(|e| lost().with_source(e))?;
        let values = data.convert::<f32>().try_into_vec().map_err(|_| lost())?;
        Ok((values, [height, width]))
    }
}

impl<'a> Learning<'a> {
    /// As [`UNet::learning_pass`].
    pub(super) fn forward(net: &'a UNet, input: &[f32], shape: [usize; 4], seed: u64) -> Result<Self> {
        Self::on_its_machine(net, input, shape, seed).ok_or_else(apart)
    }

    fn on_its_machine(net: &'a UNet, input: &[f32], shape: [usize; 4], seed: u64) -> Option<Self> {
        #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
        if let Some(gpu) = gpu(net) {
            return Some(Self(Box::new(learn::Pass::forward(gpu, net, input, shape, seed)?)));
        }
        Some(Self(Box::new(learn::Pass::forward(cpu(net)?, net, input, shape, seed)?)))
    }

    /// The logits of each head, from the shallowest to the deepest: `[batch, output, height, width]`.
    pub fn logits(&self) -> Vec<Tensor<4>> {
        self.0.logits()
    }

    /// The gradients of all parameters that learn, from those of the logits of each head, in the order of [`Learning::logits`].
    pub fn backward(self, gradients: Vec<Tensor<4>>) -> GradientsParams {
        self.0.backward(gradients)
    }
}

/// What a machine could not take.
fn apart() -> Error {
    Error::device(
        "net.device",
        "The parts of this network do not lie on one device, so that it cannot be computed.",
    )
}

fn cpu(net: &UNet) -> Option<cpu::Cpu> {
    let on_cpu = net.convolutions.first()?.weight.val().device() == Device::flex();
    on_cpu.then(|| cpu::Cpu(Processor::here()))
}

#[cfg(any(target_arch = "wasm32", feature = "gpu"))]
fn gpu(net: &UNet) -> Option<insitu_kernels::gpu::Gpu> {
    insitu_kernels::gpu::Gpu::of(layers::plain(net.convolutions.first()?.weight.val()))
}
