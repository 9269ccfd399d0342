//! What a training begins with: the card and the network of a model that goes on learning, or of one that knows nothing yet.

use super::request::Request;
use crate::error::{Error, Result};
use crate::net::{Preset, UNet, UNetConfig, he_normal};
use crate::weights::{Card, Class, Model, NamedTensor, Output, load_into, read};

/// What a training begins with.
pub struct Start {
    pub card: Card,
    /// `None`: the network of the card, from nothing.
    pub net: Option<UNet>,
    /// The title of the model that it goes on from.
    pub from: Option<String>,
}

impl Start {
    /// With the `model` that is there, or with a new network of `channels` if the request names a preset. Without classes in
    /// the request, those of the model serve if the labels, whose highest class is `highest`, need no more; else they are
    /// called by their numbers.
    ///
    /// # Errors
    /// `model.none` without model and preset; `train.classes` with more than 254 classes; `net.preset.unknown`;
    /// `net.config`; `device.read`.
    pub async fn of(
        request: &Request,
        model: Option<&Model>,
        channels: usize,
        highest: usize,
    ) -> Result<Self> {
        let classes = |own: &[Class]| match &request.classes {
            given if !given.is_empty() => given.clone(),
            _ if own.len() >= highest.max(1) => own.to_vec(),
            _ => Class::numbered(&[], highest.max(1)),
        };
        let mut start = match (&request.preset, model) {
            (Some(preset), _) => {
                let classes = classes(&[]);
                let rims = (request.objects && classes.len() == 1).then(Card::boundary_outputs);
                let mut card = untrained(preset, request.width, channels, classes, rims)?;
                if request.objects {
                    card.metrics = vec!["dice".into(), "ap50".into()];
                }
                Self { card, net: None, from: None }
            }
            (None, Some(model)) => {
                let (card, net) = trained_before(model, classes(&model.card.classes), request.seed).await?;
                let from = Some(card.title.clone());
                Self { card, net: Some(net), from }
            }
            (None, None) => {
                return Err(Error::invalid("model.none", "No model is loaded yet; choose one first."));
            }
        };
        if let Some(title) = &request.title {
            start.card.title.clone_from(title);
        }
        Ok(start)
    }
}

/// The card and the network that a training for `classes` begins with: those of `model`, whose last layer is made anew if it
/// knows another number of classes.
///
/// # Errors
/// `train.classes` without classes or with more than 254; `device.read`.
pub async fn trained_before(model: &Model, classes: Vec<Class>, seed: u64) -> Result<(Card, UNet)> {
    checked(&classes)?;
    model.card.check_trainable()?;
    let mut card = model.card.clone();
    if classes.iter().map(|class| &class.name).ne(card.classes.iter().map(|class| &class.name)) {
        // That there is one thing to find was said of what it knew before.
        card.smallest_part = None;
        card.central = false;
    }
    // How sure it is was measured of it as it was: what a person has just taught it is not to be missing from the mask for that.
    card.peak = None;
    if classes.len() == card.classes.len() {
        card.classes = classes;
        return Ok((card, model.net.clone()));
    }
    card.outputs = Card::plain_outputs(if classes.len() == 1 { 1 } else { classes.len() + 1 });
    card.valley = None;
    card.network.outputs = card.outputs.len();
    card.classes = classes;
    let fresh = he_normal(UNet::new(&card.network, &model.device)?, seed);
    let mut tensors = read(&model.net).await?;
    let wanted = fresh.graph().tensors();
    let fits = |t: &NamedTensor| wanted.iter().any(|(name, shape)| *name == t.name && *shape == t.shape);
    tensors.retain(fits);
    let missing =
        read(&fresh).await?.into_iter().filter(|new| tensors.iter().all(|old| old.name != new.name));
    let missing: Vec<NamedTensor> = missing.collect();
    tensors.extend(missing);
    let net = load_into(UNet::new(&card.network, &model.device)?, tensors)?;
    Ok((card, net))
}

/// How deep a valley parts two objects of a network that begins to learn rims: see [`Card::valley`]. Of nuclei it parts more rightly than
/// wrongly from the first hundred steps on (`docs/models.md`).
const VALLEY: f32 = 0.4;

/// The card of a network that knows nothing yet. `outputs` say what each output stands for; without them one output stands for
/// each class, or as many as the preset was published with if there is one class only.
///
/// # Errors
/// `train.classes` as in [`trained_before`]; `net.preset.unknown`; `net.config`.
pub fn untrained(
    preset: &str,
    width: Option<usize>,
    channels: usize,
    classes: Vec<Class>,
    outputs: Option<Vec<Output>>,
) -> Result<Card> {
    checked(&classes)?;
    let kind = Preset::from_name(preset)?;
    let (_, published, _) = kind.published();
    let plain = || Card::plain_outputs(if classes.len() == 1 { published } else { classes.len() + 1 });
    let outputs = outputs.unwrap_or_else(plain);
    let network = new_network(kind, width, channels, outputs.len())?;
    let mut card = Card::new("Untitled model", network, classes, outputs);
    card.preset = Some(kind.name().into());
    card.valley = card.has_boundary().then_some(VALLEY);
    Ok(card)
}

/// A preset's network, `width` channels wide at full resolution if that is asked for.
///
/// # Errors
/// `net.config`.
pub fn new_network(
    kind: Preset,
    width: Option<usize>,
    channels: usize,
    outputs: usize,
) -> Result<UNetConfig> {
    let mut network = kind.config(channels, outputs);
    network.width = width.unwrap_or(network.width);
    network.validate()?;
    Ok(network)
}

fn checked(classes: &[Class]) -> Result<()> {
    if (1..=Class::MAX_COUNT).contains(&classes.len()) {
        return Ok(());
    }
    Err(Error::invalid("train.classes", "A network learns at least one class, and at most 254."))
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn classes(n: usize) -> Vec<Class> {
        (1..=n).map(|i| Class { name: format!("class {i}"), colour: "#E69F00".into() }).collect()
    }

    fn model(outputs: usize) -> Model {
        let card = untrained("small", Some(2), 1, classes(outputs), None).unwrap();
        let device = Device::flex();
        let net = he_normal(UNet::new(&card.network, &device).unwrap(), 5);
        Model { card, net, device }
    }

    #[test]
    fn a_network_with_as_many_classes_goes_on_as_it_is() {
        let model = model(1);
        let renamed = vec![Class { name: "axon".into(), colour: "#009E73".into() }];
        let (card, net) = pollster::block_on(trained_before(&model, renamed.clone(), 1)).unwrap();
        assert_eq!((card.classes, card.network.outputs), (renamed, 1));
        assert_eq!(pollster::block_on(read(&net)).unwrap(), pollster::block_on(read(&model.net)).unwrap());
    }

    #[test]
    fn that_there_is_one_thing_to_find_is_forgotten_with_its_name() {
        let mut model = model(1);
        model.card.smallest_part = Some(1.0);
        let taught =
            |classes| pollster::block_on(trained_before(&model, classes, 1)).unwrap().0.smallest_part;
        assert_eq!(taught(classes(1)), Some(1.0));
        assert_eq!(taught(vec![Class { name: "axon".into(), colour: "#009E73".into() }]), None);
        assert_eq!(taught(classes(2)), None);
    }

    #[test]
    fn how_sure_a_model_is_is_forgotten_with_its_weights() {
        let mut model = model(1);
        model.card.peak = Some(0.9);
        let (card, _) = pollster::block_on(trained_before(&model, classes(1), 1)).unwrap();
        assert_eq!(card.peak, None);
    }

    #[test]
    fn a_network_that_learns_rims_parts_objects_at_valleys_while_it_has_rims() {
        let card = untrained("small", Some(2), 1, classes(1), Some(Card::boundary_outputs())).unwrap();
        assert_eq!((card.valley, card.validate().is_ok()), (Some(VALLEY), true));
        assert_eq!(untrained("small", Some(2), 1, classes(1), None).unwrap().valley, None);
        let device = Device::flex();
        let net = he_normal(UNet::new(&card.network, &device).unwrap(), 5);
        let model = Model { card, net, device };
        let taught = |classes| pollster::block_on(trained_before(&model, classes, 1)).unwrap().0.valley;
        assert_eq!((taught(classes(1)), taught(classes(2))), (Some(VALLEY), None));
    }

    #[test]
    fn for_another_number_of_classes_the_last_layer_alone_is_new() {
        let model = model(1);
        let before = pollster::block_on(read(&model.net)).unwrap();
        let (card, net) = pollster::block_on(trained_before(&model, classes(3), 1)).unwrap();
        assert!(card.validate().is_ok());
        assert_eq!(card.network.outputs, 4);
        for tensor in pollster::block_on(read(&net)).unwrap() {
            let old = before.iter().find(|t| t.name == tensor.name).unwrap();
            assert_eq!(*old == tensor, !tensor.name.starts_with("head."), "{}", tensor.name);
        }
    }
}
