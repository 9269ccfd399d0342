//! Inference: normalisation and activation go into the convolution before them, a concatenation is two places to read from, and
//! memory is used again as soon as its maps are.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::super::config::Activation;
use super::super::interpolate::Frame;
use super::super::unet::UNet;
use super::by_tensors::ByTensors;
use super::compile::Compiler;
use super::machine::{Machine, Moments};
use super::{Running, Runs};

/// A network as a machine runs it, for one head.
pub(super) struct Network<M: Machine> {
    pub machine: M,
    pub steps: Vec<Step<M>>,
    /// Nodes of the graph.
    pub nodes: usize,
    pub head: usize,
}

/// One piece of work: takes maps, gives those of one node.
pub(super) struct Step<M: Machine> {
    pub work: Work<M>,
    pub from: Vec<usize>,
    pub to: usize,
    /// Maps that nobody needs any more after it.
    pub last: Vec<usize>,
}

pub(super) enum Work<M: Machine> {
    Convolve(Box<M::Convolution>),
    Affine(Moments),
    /// Instance normalisation and an activation.
    Normalise {
        epsilon: f64,
        by: Option<Moments>,
        slope: Option<f32>,
    },
    Activate(Activation),
    MaxPool,
    Enlarge,
    Crop(usize),
    Join,
    ByTensors(ByTensors),
}

impl<M: Machine> Network<M> {
    pub fn new(machine: M, net: &UNet, head: usize) -> Option<Self> {
        Compiler::new(machine, net, head).compile()
    }
}

impl<M> Runs for Network<M>
where
    M: Machine + Send + Sync + 'static,
    M::Convolution: Send + Sync,
    M::Maps: 'static,
{
    fn pass(self: Arc<Self>, input: &[f32], shape: [usize; 4], frame: Frame) -> Box<dyn Running> {
        let mut values: Vec<Option<M::Maps>> = (0..self.nodes).map(|_| None).collect();
        if let Some(first) = values.first_mut() {
            *first = Some(self.machine.input(input, shape));
        }
        Box::new(Pass { network: self, values, next: 0, frame })
    }
}

/// A forward pass under way.
struct Pass<M: Machine> {
    network: Arc<Network<M>>,
    values: Vec<Option<M::Maps>>,
    next: usize,
    frame: Frame,
}

impl<M: Machine> Running for Pass<M> {
    fn left(&self) -> usize {
        let rest = self.network.steps.iter().skip(self.next);
        rest.filter(|step| matches!(step.work, Work::Convolve(_))).count()
    }

    fn step(&mut self) -> bool {
        let network = self.network.clone();
        while let Some(step) = network.steps.get(self.next) {
            self.next += 1;
            step.run(&mut self.values, &network.machine, self.frame);
            if matches!(step.work, Work::Convolve(_)) {
                break;
            }
        }
        self.next < network.steps.len()
    }

    fn finish(mut self: Box<Self>) -> Option<Tensor<4>> {
        while self.step() {}
        let head = self.values.get(self.network.head)?.as_ref()?;
        Some(self.network.machine.tensor(head))
    }
}

impl<M: Machine> Step<M> {
    fn run(&self, values: &mut [Option<M::Maps>], machine: &M, frame: Frame) {
        let result = self.result(values, machine, frame);
        for gone in &self.last {
            values[*gone] = None;
        }
        values[self.to] = result;
    }

    fn result(&self, values: &[Option<M::Maps>], machine: &M, frame: Frame) -> Option<M::Maps> {
        let from: Vec<&M::Maps> = self.from.iter().filter_map(|i| values.get(*i)?.as_ref()).collect();
        let first = from.first()?;
        match &self.work {
            Work::Convolve(convolution) => machine.convolve(convolution, &from),
            Work::Affine(by) => machine.affine(first, by),
            Work::Normalise { epsilon, by, slope } => {
                machine.instance_norm(first, *epsilon, by.as_ref(), *slope)
            }
            Work::Activate(activation) => Some(machine.activate(first, *activation)),
            Work::MaxPool => Some(machine.max_pool(first)),
            Work::Enlarge => Some(machine.enlarge(first)),
            Work::Crop(margin) => Some(machine.crop(first, *margin)),
            Work::Join => machine.concatenate(&from),
            Work::ByTensors(operation) => machine.maps(operation.run(machine.tensor(first), frame)),
        }
    }
}
