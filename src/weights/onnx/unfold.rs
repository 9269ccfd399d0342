//! Exporters fold batch normalisation into the convolution before it, and leave that behind a transposed convolution as it is:
//! half a network with normalisation. Where normalisation was folded away, one that changes nothing is put back.

use super::read::{OnnxLayer, OnnxOp};
use crate::weights::flow::{Step, StepKind};
use crate::weights::named::NamedTensor;

/// The same computation with normalisation between every convolution and its ReLU, if there is some already.
pub(super) fn unfolded(layers: Vec<OnnxLayer>, steps: Vec<Step>) -> (Vec<OnnxLayer>, Vec<Step>) {
    let epsilon = layers.iter().find_map(|l| match l.op {
        OnnxOp::BatchNorm { epsilon } => Some(epsilon),
        _ => None,
    });
    let Some(epsilon) = epsilon else { return (layers, steps) };
    let mut folded = vec![false; layers.len()];
    for step in steps.iter().filter(|s| s.what == StepKind::Relu) {
        let before = step.inputs.first().and_then(|i| steps.get(*i));
        if let Some(StepKind::Layer(layer)) = before.map(|s| &s.what)
            && let (Some(folded), Some(layer)) = (folded.get_mut(*layer), layers.get(*layer))
        {
            *folded = matches!(layer.op, OnnxOp::Convolution(_));
        }
    }
    // The new numbers of the layers.
    let numbers: Vec<usize> = folded
        .iter()
        .scan(0, |next, folded| {
            let number = *next;
            *next += 1 + usize::from(*folded);
            Some(number)
        })
        .collect();
    let mut all = Vec::with_capacity(layers.len());
    for (layer, folded) in layers.into_iter().zip(&folded) {
        let norm = folded.then(|| neutral(&layer, epsilon));
        all.push(layer);
        all.extend(norm);
    }
    (all, renumbered(steps, &folded, &numbers))
}

fn renumbered(steps: Vec<Step>, folded: &[bool], numbers: &[usize]) -> Vec<Step> {
    let mut all = Vec::with_capacity(steps.len());
    // Where the result of each step is found now.
    let mut places: Vec<usize> = Vec::with_capacity(steps.len());
    for Step { what, inputs } in steps {
        let inputs = inputs.into_iter().filter_map(|i| places.get(i).copied()).collect();
        match what {
            StepKind::Layer(layer) => {
                let number = numbers.get(layer).copied().unwrap_or(layer);
                all.push(Step { what: StepKind::Layer(number), inputs });
                if folded.get(layer) == Some(&true) {
                    let convolution = all.len() - 1;
                    all.push(Step { what: StepKind::Layer(number + 1), inputs: vec![convolution] });
                }
            }
            what => all.push(Step { what, inputs }),
        }
        places.push(all.len() - 1);
    }
    all
}

/// Normalisation that gives what it is given.
fn neutral(convolution: &OnnxLayer, epsilon: f32) -> OnnxLayer {
    let channels = convolution.tensors.first().and_then(|t| t.shape.first()).copied().unwrap_or(0);
    let name = format!("{} (folded)", convolution.name);
    let tensor = |(part, value): (&str, f32)| NamedTensor {
        name: format!("{name} {part}"),
        shape: vec![channels],
        values: vec![value; channels],
    };
    let parts = [("weight", 1.0), ("bias", 0.0), ("mean", 0.0), ("variance", 1.0 - epsilon)];
    OnnxLayer { tensors: parts.map(tensor).into(), op: OnnxOp::BatchNorm { epsilon }, name }
}
