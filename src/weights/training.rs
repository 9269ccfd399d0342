//! What a card says of how its weights came to be.

use serde::{Deserialize, Serialize};

use super::curve::Curve;
use super::loss::Loss;
use super::method::Method;

/// How the weights came to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Training {
    /// What it was trained on.
    pub data: String,
    /// Licence and attribution of the data.
    #[serde(default)]
    pub attribution: String,
    pub images: usize,
    pub seed: u64,
    pub steps: usize,
    pub loss: Loss,
    /// Wall-clock seconds of the training.
    pub seconds: f64,
    /// The device it ran on, in words.
    pub device: String,
    /// The command that does it again; several, a line each, if one training went on from another.
    #[serde(default)]
    pub command: String,
    /// Optimiser, schedule, patches and their changes; older models do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The title of the model that it went on from; absent for a network that knew nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Labelled pixels that it learnt from, of the background and of each class; empty where nobody counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pixels: Vec<u64>,
    /// Losses and validations on the way, at most [`Curve::MAX_ENTRIES`] of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<Curve>,
}

impl Training {
    /// A training on `data` of which nothing else is known yet.
    pub fn of(data: &str) -> Self {
        Self {
            data: data.into(),
            attribution: String::new(),
            images: 0,
            seed: 0,
            steps: 0,
            loss: Loss::default(),
            seconds: 0.0,
            device: String::new(),
            command: String::new(),
            method: None,
            from: None,
            pixels: Vec::new(),
            curve: None,
        }
    }

    /// The whole history of a model that had `before`, and then this: the steps, the time, the commands and the curve of both,
    /// and the attribution of all data.
    pub fn following(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return self };
        self.steps = self.steps.saturating_add(before.steps);
        self.seconds += before.seconds;
        let both = |first: &str, joint: &str, second: String| match (first, second.as_str()) {
            ("", _) => second,
            (first, "") => first.to_string(),
            // Taught again with the same.
            (first, second) if first.ends_with(second) => first.to_string(),
            (first, second) => format!("{first}{joint}{second}"),
        };
        self.data = both(&before.data, ", then ", self.data);
        self.attribution = both(&before.attribution, "; ", self.attribution);
        if !(before.command.is_empty() && self.command.is_empty()) {
            self.command = format!("{}\n{}", before.command, self.command).trim_matches('\n').to_string();
        }
        // A model that goes on under its own name comes from where it came from.
        self.from = self.from.or_else(|| before.from.clone());
        if let Some(earlier) = &before.curve {
            self.curve = Some(self.curve.unwrap_or_default().following(earlier, before.steps));
        }
        self.curve = self.curve.map(|curve| curve.thinned());
        self
    }
}
