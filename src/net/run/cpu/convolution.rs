//! Convolutions of all kinds, and their ways back, as the two that the CPU has: over tiles of 3x3 ones, and directly.
//!
//! A 3x3 convolution with stride 2 is, where it learns, every second pixel of one without; its transposed one reads maps with
//! zeros between their pixels. Both take four times the multiplications that are needed, and are rare.

use insitu_kernels::cpu::{self, Finish, Kind, Maps, Processor, Way, Weights3x3, WeightsDirect};

use super::super::super::op::Op;

/// Input channels below which tiles bring nothing: they would be transformed for few multiplications.
const FEW: usize = 4;

/// A 3x3 convolution that keeps the size.
const SAME: Kind = Kind::Same { kernel: 3, padding: [1; 4] };

/// A convolution ready to run.
pub struct Convolution {
    weights: Weights,
    finish: Finish,
    /// Whether it reads maps with zeros between their pixels.
    spread: bool,
}

enum Weights {
    Tiles { weights: Weights3x3, padding: usize },
    Direct(WeightsDirect, Kind),
}

/// How an operation is computed, if it is a convolution that is computed as it is.
fn kind(op: Op) -> Option<Kind> {
    match op {
        Op::Convolution { kernel: kernel @ 1..=3, padding } => Some(Kind::Same { kernel, padding }),
        Op::StridedConvolution => Some(Kind::Strided),
        Op::TransposedConvolution => Some(Kind::Doubling),
        _ => None,
    }
}

/// The padding of a 3x3 convolution that goes over tiles.
fn over_tiles(kind: Kind, inputs: usize) -> Option<usize> {
    match kind {
        Kind::Same { kernel: 3, padding } if inputs >= FEW && padding[0] <= 1 => {
            padding.iter().all(|p| *p == padding[0]).then_some(padding[0])
        }
        _ => None,
    }
}

/// The weight of the 3x3 convolution that a wide transposed one is of spread maps, and back: `[a][b][3][3]` to `[b][a][3][3]`, turned by
/// half a turn.
fn turned(weight: &[f32], [first, second]: [usize; 2]) -> Vec<f32> {
    let mut turned = Vec::with_capacity(weight.len());
    for b in 0..second {
        for a in 0..first {
            turned.extend(weight[(a * second + b) * 9..][..9].iter().rev());
        }
    }
    turned
}

fn spread(from: &Maps, [height, width]: [usize; 2]) -> Maps {
    let mut to = Maps::unwritten(from.batch, height, width, from.channels);
    cpu::spread(from, &mut to);
    to
}

fn doubled(from: &Maps) -> Maps {
    spread(from, from.size().map(|n| 2 * n))
}

impl Convolution {
    /// `weight` as PyTorch has it, of this shape; `inputs`: channels of each of the maps that it reads.
    pub fn new(
        processor: Processor,
        op: Op,
        weight: &[f32],
        [first, second, _, _]: [usize; 4],
        inputs: &[usize],
        finish: impl FnOnce(usize) -> Finish,
    ) -> Option<Self> {
        if op == Op::WideTransposedConvolution {
            let weights = Weights::new(SAME, &turned(weight, [first, second]), inputs, second, processor);
            return Some(Self { weights, finish: finish(second), spread: true });
        }
        let outputs = if op.is_transposed() { second } else { first };
        let weights = Weights::new(kind(op)?, weight, inputs, outputs, processor);
        Some(Self { weights, finish: finish(outputs), spread: false })
    }

    /// Whether several maps are read as they are.
    pub fn joins(&self) -> bool {
        matches!(self.weights, Weights::Tiles { .. })
    }

    pub fn run(&self, processor: Processor, from: &[&Maps]) -> Option<Maps> {
        if !self.spread {
            return self.weights.run(processor, from, &self.finish);
        }
        let spread: Vec<Maps> = from.iter().map(|maps| doubled(maps)).collect();
        self.weights.run(processor, &spread.iter().collect::<Vec<_>>(), &self.finish)
    }
}

/// From the gradient of a convolution's result to that of what it read, maps of this size.
pub fn gradient(
    processor: Processor,
    op: Op,
    weight: &[f32],
    [first, second, _, _]: [usize; 4],
    gradient: &Maps,
    size: [usize; 2],
) -> Option<Maps> {
    let inputs = if op.is_transposed() { first } else { second };
    let back = |kind, weight: &[f32], gradient: &Maps| {
        let weights = Weights::backward(kind, weight, inputs, gradient.channels, processor);
        weights.run(processor, &[gradient], &Finish::new(&vec![0.0; inputs], None, None))
    };
    match op {
        Op::StridedConvolution => back(SAME, weight, &spread(gradient, size)),
        Op::WideTransposedConvolution => {
            let whole = back(SAME, &turned(weight, [first, second]), gradient)?;
            let mut to = Maps::unwritten(whole.batch, size[0], size[1], whole.channels);
            cpu::every_second(&whole, &mut to);
            Some(to)
        }
        op => back(kind(op)?, weight, gradient),
    }
}

/// The gradient of a weight of this shape.
pub fn weight_gradient(
    processor: Processor,
    op: Op,
    from: &[&Maps],
    gradient: &Maps,
    shape: [usize; 4],
) -> Option<Vec<f32>> {
    let count = shape.iter().product();
    match op {
        Op::StridedConvolution => {
            let gradient = spread(gradient, from.first()?.size());
            of_weight(processor, SAME, from, &gradient, count)
        }
        Op::WideTransposedConvolution => {
            let spread: Vec<Maps> = from.iter().map(|maps| doubled(maps)).collect();
            let found = of_weight(processor, SAME, &spread.iter().collect::<Vec<_>>(), gradient, count)?;
            Some(turned(&found, [shape[1], shape[0]]))
        }
        op => of_weight(processor, kind(op)?, from, gradient, count),
    }
}

fn of_weight(
    processor: Processor,
    kind: Kind,
    from: &[&Maps],
    gradient: &Maps,
    count: usize,
) -> Option<Vec<f32>> {
    let outputs = gradient.channels;
    let inputs: usize = from.iter().map(|m| m.channels).sum();
    let mut of_weight = vec![0.0; count];
    match over_tiles(kind, inputs) {
        Some(padding) => cpu::weight_gradient(processor, from, gradient, padding, &mut of_weight),
        None => {
            let taps = of_weight.len() / (inputs * outputs);
            let add = |output, input, tap, value| {
                let at = match kind {
                    Kind::Doubling => input * outputs + output,
                    _ => output * inputs + input,
                };
                of_weight[at * taps + tap] += value;
            };
            cpu::weight_gradient_direct(processor, kind, from.first()?, gradient, add);
        }
    }
    Some(of_weight)
}

impl Weights {
    /// `inputs`: channels of each source.
    fn new(kind: Kind, weight: &[f32], inputs: &[usize], outputs: usize, processor: Processor) -> Self {
        let total: usize = inputs.iter().sum();
        let lanes = processor.lanes();
        if let Some(padding) = over_tiles(kind, total) {
            let weights = Weights3x3::new(processor, weight, inputs, outputs, Way::Forward);
            return Self::Tiles { weights, padding };
        }
        let taps = weight.len() / (total * outputs);
        let weights = WeightsDirect::new(kind, total, outputs, lanes, |output, input, tap| {
            let at = if kind == Kind::Doubling { input * outputs + output } else { output * total + input };
            weight[at * taps + tap]
        });
        Self::Direct(weights, kind)
    }

    /// Those that take the gradient of a convolution's result to that of what it read.
    fn backward(kind: Kind, weight: &[f32], inputs: usize, outputs: usize, processor: Processor) -> Self {
        let lanes = processor.lanes();
        if let Some(padding) = over_tiles(kind, inputs) {
            let weights = Weights3x3::new(processor, weight, &[inputs], outputs, Way::Backward);
            return Self::Tiles { weights, padding: 2 - padding };
        }
        let taps = weight.len() / (inputs * outputs);
        let turned = match kind {
            Kind::Same { kernel, padding } => Kind::Same { kernel, padding: padding.map(|p| kernel - 1 - p) },
            _ => Kind::Halving,
        };
        let weights = WeightsDirect::new(turned, outputs, inputs, lanes, |input, output, tap| match kind {
            Kind::Same { .. } => weight[(output * inputs + input) * taps + taps - 1 - tap],
            _ => weight[(input * outputs + output) * taps + tap],
        });
        Self::Direct(weights, turned)
    }

    fn run(&self, processor: Processor, from: &[&Maps], finish: &Finish) -> Option<Maps> {
        let first = from.first()?;
        let (size, outputs) = match self {
            Self::Tiles { weights, padding } => (first.size().map(|n| n + 2 * padding - 2), weights.outputs),
            Self::Direct(weights, kind) => (kind.result(first.size()), weights.outputs),
        };
        let mut to = Maps::unwritten(first.batch, size[0], size[1], outputs);
        match self {
            Self::Tiles { weights, padding } => {
                cpu::convolve(processor, from, weights, *padding, finish, &mut to);
            }
            Self::Direct(weights, _) => cpu::convolve_direct(processor, first, weights, finish, &mut to),
        }
        Some(to)
    }
}
