//! A network with more channels that answers as the narrower one did, so that what was learnt is not learnt again.

use super::file::Model;
use super::named::NamedTensor;
use super::tensors::{load_into, read};
use crate::error::{Error, Result};
use crate::net::{Activation, Graph, Op, UNet, UNetConfig, he_normal};

/// For each channel of the wide network the one of the narrow network that it continues; `None` if it is new.
type Channels = Vec<Option<usize>>;

impl Model {
    /// The same model with `width` channels at full resolution, and accordingly more at the others. The channels that it had are computed
    /// as before. New ones have drawn weights (He et al. 2015; from `seed`), and weights of zero where the old ones and the outputs read
    /// them: the network answers as before, and learns what to do with them. (Chen et al. 2016, Net2Net, arXiv:1511.05641, copies
    /// channels instead, which then learn alike.)
    ///
    /// # Errors
    /// `net.config` if it is not wider than it was; `device.read`.
    pub async fn widened(self, width: usize, seed: u64) -> Result<Self> {
        let Self { mut card, net, device } = self;
        if width <= card.network.width {
            return Err(Error::invalid(
                "net.config",
                format!(
                    "A network {} channels wide can be made wider only, not {width}.",
                    card.network.width
                ),
            ));
        }
        let config = UNetConfig { width, ..card.network.clone() };
        let wide = he_normal(UNet::new(&config, &device)?, seed);
        let channels = continued(net.graph(), wide.graph());
        let (narrow, mut tensors) = (read(&net).await?, read(&wide).await?);
        let find = |name: &str, among: &[NamedTensor]| among.iter().position(|tensor| tensor.name == name);
        for (i, node) in wide.graph().nodes.iter().enumerate() {
            let inputs: Channels = joined(net.graph(), &channels, &node.inputs);
            for (name, _) in wide.graph().tensors_of(node) {
                let (Some(new), Some(old)) = (find(&name, &tensors), find(&name, &narrow)) else { continue };
                let (new, old) = (&mut tensors[new], &narrow[old]);
                let kernel = node.op.is_convolution() && name.ends_with(".weight");
                if kernel && node.op.is_transposed() {
                    blend(new, old, &inputs, &channels[i], Reads::Rows);
                } else if kernel {
                    blend(new, old, &channels[i], &inputs, Reads::Columns);
                } else if node.op == Op::Activation(Activation::PRelu) {
                    new.values.clone_from(&old.values);
                } else {
                    for (value, from) in new.values.iter_mut().zip(&channels[i]) {
                        *value = from.and_then(|from| old.values.get(from)).copied().unwrap_or(*value);
                    }
                }
            }
        }
        card.network = config;
        Ok(Self { card, net: load_into(wide, tensors)?, device })
    }
}

/// Which axis of a kernel are the channels that it reads.
#[derive(Clone, Copy, PartialEq)]
enum Reads {
    Rows,
    Columns,
}

/// The channels of each node's result.
fn continued(narrow: &Graph, wide: &Graph) -> Vec<Channels> {
    let mut channels: Vec<Channels> = Vec::with_capacity(wide.nodes.len());
    for (i, node) in wide.nodes.iter().enumerate() {
        let own = if node.op.is_convolution() || node.op == Op::Input {
            let before = narrow.nodes[i].channels;
            (0..node.channels).map(|channel| (channel < before).then_some(channel)).collect()
        } else {
            joined(narrow, &channels, &node.inputs)
        };
        channels.push(own);
    }
    channels
}

/// The channels of several nodes, one after the other, as a node reads them.
fn joined(narrow: &Graph, channels: &[Channels], inputs: &[usize]) -> Channels {
    let mut all = Vec::new();
    let mut before = 0;
    for input in inputs {
        all.extend(channels[*input].iter().map(|from| from.map(|from| before + from)));
        before += narrow.nodes[*input].channels;
    }
    all
}

/// Puts an old kernel into a new one, and zeros where old channels would read new ones.
fn blend(new: &mut NamedTensor, old: &NamedTensor, rows: &Channels, columns: &Channels, reads: Reads) {
    let taps: usize = new.shape.iter().skip(2).product();
    let width = old.shape.get(1).copied().unwrap_or(1);
    for (r, row) in rows.iter().enumerate() {
        for (c, column) in columns.iter().enumerate() {
            let start = (r * columns.len() + c) * taps;
            let place = &mut new.values[start..start + taps];
            let (read, written) = if reads == Reads::Rows { (row, column) } else { (column, row) };
            match (row, column) {
                (Some(row), Some(column)) => {
                    let start = (row * width + column) * taps;
                    place.copy_from_slice(&old.values[start..start + taps]);
                }
                _ if read.is_none() && written.is_some() => place.fill(0.0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Geometry, Preset};
    use crate::weights::{Card, Class};
    use burn::tensor::Device;

    fn answer(net: &UNet, config: &UNetConfig) -> Vec<f32> {
        let (side, channels) = (Geometry::of(config).legal_at_least(64), config.input_channels);
        let values: Vec<f32> = (0..channels * side * side).map(|i| ((i * 37) % 101) as f32 / 101.0).collect();
        let pass = net.compiled(None).unwrap().pass(&values, [1, channels, side, side]);
        pollster::block_on(pass.finish()).unwrap().0
    }

    #[test]
    fn a_network_that_is_made_wider_answers_as_before() {
        let device = Device::default();
        for preset in Preset::ALL {
            let mut config = preset.config(2, 3);
            config.width = 4;
            let net = he_normal(UNet::new(&config, &device).unwrap(), 3);
            // Running statistics that are not those of a new network.
            let mut tensors = pollster::block_on(read(&net)).unwrap();
            for (i, tensor) in tensors.iter_mut().enumerate().filter(|(_, t)| t.shape.len() == 1) {
                tensor.values.iter_mut().enumerate().for_each(|(j, v)| *v += ((i + j) % 5) as f32 * 0.05);
            }
            let net = load_into(net, tensors).unwrap();
            let before = answer(&net, &config);
            let card = Card::new("t", config.clone(), Class::numbered(&[], 2), Card::plain_outputs(3));
            let model = Model { card, net, device: device.clone() };
            let wide = pollster::block_on(model.widened(6, 1)).unwrap();
            assert_eq!(wide.card.network.width, 6);
            for (a, b) in answer(&wide.net, &config).iter().zip(&before) {
                assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{}: {a} {b}", preset.name());
            }
            let again = pollster::block_on(wide.widened(6, 1));
            assert_eq!(again.err().map(|e| e.code().to_string()).as_deref(), Some("net.config"));
        }
    }
}
