//! One layer of a configuration: its class, what it takes, and its settings.

use serde_json::Value;

use crate::weights::foreign::keras::class_of_today;

/// Settings that are looked at, or that change nothing in inference.
const KNOWN: &[&str] = &[
    "name",
    "trainable",
    "dtype",
    "batch_input_shape",
    "batch_shape",
    "input_dtype",
    "optional",
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "dilation_rate",
    "groups",
    "activation",
    "use_bias",
    "output_padding",
    "axis",
    "momentum",
    "renorm_momentum",
    "epsilon",
    "center",
    "scale",
    "fused",
    "virtual_batch_size",
    "synchronized",
    "pool_size",
    "size",
    "interpolation",
    "rate",
    "noise_shape",
    "seed",
    "stddev",
    "factor",
    "negative_slope",
    "max_value",
    "threshold",
    "alpha",
    "offset",
    "cropping",
    "target_shape",
    "dims",
    "nb_filter",
    "nb_row",
    "nb_col",
    "init",
    "border_mode",
    "subsample",
    "dim_ordering",
    "bias",
    "atrous_rate",
    "mode",
    "concat_axis",
    "dot_axes",
    "output_shape",
    "output_mask",
    "arguments",
    "node_indices",
    "tensor_indices",
    "p",
    "sigma",
    "gamma_init",
    "beta_init",
];

/// How deep references to other layers lie in lists.
const MAX_DEPTH: usize = 8;

/// One layer.
pub(super) struct Settings<'a> {
    pub name: &'a str,
    class: &'a str,
    config: &'a Value,
    inbound: Option<&'a Value>,
}

impl<'a> Settings<'a> {
    pub fn new(layer: &'a Value) -> Option<Self> {
        let config = layer.get("config")?;
        let name = config.get("name").or_else(|| layer.get("name")).and_then(Value::as_str);
        let class = layer.get("class_name").and_then(Value::as_str)?;
        Some(Self { name: name.unwrap_or_default(), class, config, inbound: layer.get("inbound_nodes") })
    }

    /// By the names of Keras 2 and 3. Classes of one's own have a package in front, and stay strange.
    pub fn class(&self) -> &'a str {
        class_of_today(self.class)
    }

    /// For people.
    pub fn told(&self) -> String {
        format!("the layer {} ({})", self.name, self.class)
    }

    /// A setting, unless it is null.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.config.get(key).filter(|v| !v.is_null())
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// What of it may change the result and is not known here: a setting, use in training mode, or several uses.
    pub fn strange(&self) -> Option<String> {
        let neutral = |key: &str, value: &Value| {
            KNOWN.contains(&key)
                || key.ends_with("initializer")
                || key.ends_with("regularizer")
                || key.ends_with("constraint")
                || matches!(value, Value::Null | Value::Bool(false))
                || matches!(value, Value::Array(list) if list.is_empty())
        };
        let settings = self.config.as_object().into_iter().flatten();
        // What is not known at all is told by its class.
        let mut strange = settings.filter(|(key, value)| !neutral(key, value));
        if let Some((key, _)) = strange.next() {
            return Some(format!("the setting '{key}'"));
        }
        let nodes = self.inbound.and_then(Value::as_array).map_or(0, Vec::len);
        if nodes > 1 {
            return Some("more than one use".into());
        }
        self.inbound.is_some_and(|v| trains(v, MAX_DEPTH)).then(|| "training=True".into())
    }

    /// The names of the layers whose results it takes, in order.
    pub fn inbound(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        if let Some(value) = self.inbound {
            references(value, MAX_DEPTH, &mut names);
        }
        names
    }

    /// Whether channels stand before rows and columns, if it says so.
    pub fn channels_first(&self) -> Option<bool> {
        match self.text("data_format").or(self.text("dim_ordering"))? {
            "channels_first" | "th" => Some(true),
            "channels_last" | "tf" => Some(false),
            _ => None,
        }
    }

    /// A number; nothing if it is absent or null.
    pub fn number(&self, key: &str) -> Result<Option<f64>, Option<String>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        // Some versions wrote numbers of NumPy.
        let inner = value.get("value").or_else(|| value.pointer("/config/value")).unwrap_or(value);
        let first = inner.as_array().and_then(|list| match list.as_slice() {
            [first, rest @ ..] if rest.iter().all(|v| v == first) => first.as_f64(),
            _ => None,
        });
        let number = inner.as_f64().or(first);
        number.map(Some).ok_or_else(|| Some(format!("the setting '{key}' of {value}")))
    }

    pub fn whole(&self, key: &str) -> Result<Option<usize>, Option<String>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let whole = value.as_u64().and_then(|n| usize::try_from(n).ok());
        whole.map(Some).ok_or_else(|| Some(format!("the setting '{key}' of {value}")))
    }

    /// Rows and columns.
    pub fn pair(&self, key: &str) -> Result<Option<[usize; 2]>, Option<String>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let whole = |v: &Value| v.as_u64().and_then(|n| usize::try_from(n).ok());
        let pair = match value.as_array().map(Vec::as_slice) {
            Some([rows, columns]) => whole(rows).zip(whole(columns)),
            Some(_) => None,
            None => whole(value).map(|n| (n, n)),
        };
        match pair {
            Some((rows, columns)) => Ok(Some([rows, columns])),
            None => Err(Some(format!("the setting '{key}' of {value}"))),
        }
    }

    /// Top, left, bottom, right.
    pub fn sides(&self, key: &str) -> Result<[usize; 4], Option<String>> {
        let wrong = || Some(format!("the setting '{key}'"));
        let Some(value) = self.get(key) else { return Err(wrong()) };
        let whole = |v: Option<&Value>| v.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let both = |v: Option<&Value>| match v.and_then(Value::as_array) {
            Some(list) => whole(list.first()).zip(whole(list.get(1))),
            None => whole(v).map(|n| (n, n)),
        };
        let (rows, columns) = match value.as_array() {
            Some(list) => (both(list.first()), both(list.get(1))),
            None => (both(Some(value)), both(Some(value))),
        };
        match (rows, columns) {
            (Some((top, bottom)), Some((left, right))) => Ok([top, left, bottom, right]),
            _ => Err(wrong()),
        }
    }

    /// An axis, also in a list of one.
    pub fn axis(&self, key: &str) -> Result<Option<i64>, Option<String>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let one = value.as_array().and_then(|list| if list.len() == 1 { list.first() } else { None });
        let axis = value.as_i64().or_else(|| one.and_then(Value::as_i64));
        axis.map(Some).ok_or_else(|| Some(format!("the axes {value}")))
    }
}

/// Names of layers in `inbound_nodes`: `["name", 0, 0, {}]` of Keras 1 and 2, `keras_history` of Keras 3.
fn references<'a>(value: &'a Value, depth: usize, names: &mut Vec<&'a str>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(list) => match list.as_slice() {
            [Value::String(name), Value::Number(_), ..] => names.push(name),
            _ => list.iter().for_each(|v| references(v, depth, names)),
        },
        Value::Object(map) => map.values().for_each(|v| references(v, depth, names)),
        _ => {}
    }
}

/// Whether a layer is called as in training.
fn trains(value: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match value {
        Value::Array(list) => list.iter().any(|v| trains(v, depth)),
        Value::Object(map) => {
            map.get("training") == Some(&Value::Bool(true)) || map.values().any(|v| trains(v, depth))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inbound(nodes: Value) -> Vec<String> {
        let layer =
            json!({ "class_name": "Add", "name": "a", "config": { "name": "a" }, "inbound_nodes": nodes });
        Settings::new(&layer).unwrap().inbound().into_iter().map(String::from).collect()
    }

    #[test]
    fn inputs_are_found_as_every_keras_writes_them() {
        let (first, second) = ("conv2d_1", "up");
        assert_eq!(inbound(json!([[[first, 0, 0], [second, 0, 0]]])), [first, second]);
        assert_eq!(inbound(json!([[[first, 0, 0, {}], [second, 0, 0, {}]]])), [first, second]);
        let tensor = |name: &str| {
            json!({ "class_name": "__keras_tensor__", "config": {
                "shape": [null, 8, 8, 2], "dtype": "float32", "keras_history": [name, 0, 0] } })
        };
        assert_eq!(
            inbound(json!([{ "args": [[tensor(first), tensor(second)]], "kwargs": {} }])),
            [first, second]
        );
        assert!(inbound(json!([])).is_empty());
    }

    #[test]
    fn what_changes_nothing_is_not_strange_and_what_is_not_known_is() {
        let strange = |class: &str, config: Value, nodes: Value| {
            let layer = json!({ "class_name": class, "config": config, "inbound_nodes": nodes });
            Settings::new(&layer).unwrap().strange()
        };
        let once = json!([[["x", 0, 0, {}]]]);
        let known = json!({ "name": "c", "kernel_initializer": { "class_name": "HeNormal" }, "kernel_regularizer": "l2",
            "lora_rank": null, "renorm": false, "rate": 0.5 });
        assert_eq!(strange("Conv2D", known, once.clone()), None);
        assert!(strange("Conv2D", json!({ "spectral": true }), once.clone()).unwrap().contains("'spectral'"));
        let twice = json!([[["x", 0, 0, {}]], [["y", 0, 0, {}]]]);
        assert!(strange("Conv2D", json!({}), twice).unwrap().contains("more than one use"));
        let training = json!([[["x", 0, 0, { "training": true }]]]);
        assert!(strange("Dropout", json!({}), training).unwrap().contains("training"));
    }

    #[test]
    fn numbers_of_every_version_are_read() {
        let layer = json!({ "class_name": "LeakyReLU", "config": {
            "plain": 0.3, "numpy": { "class_name": "__numpy__", "config": { "value": 0.3 } },
            "old": { "type": "ndarray", "value": 0.3 }, "same": [2.0, 2.0], "each": [1.0, 2.0], "none": null } });
        let settings = Settings::new(&layer).unwrap();
        for key in ["plain", "numpy", "old"] {
            assert_eq!(settings.number(key), Ok(Some(0.3)), "{key}");
        }
        assert_eq!((settings.number("same"), settings.number("none")), (Ok(Some(2.0)), Ok(None)));
        assert!(settings.number("each").is_err());
    }
}
