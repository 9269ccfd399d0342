//! What stands beside the weights of a checkpoint: settings, as plain values.

use serde_json::{Map, Number, Value as Json};

use super::super::pickle::{Id, Pickle, Value};

/// Values of all settings together, and how deep they lie in each other: plans of nnU-Net have a few hundred, eight deep.
const MAX_VALUES: usize = 20_000;
const MAX_DEPTH: usize = 16;
/// Characters of a text; longer ones are left out.
const MAX_TEXT: usize = 1000;

/// The values under these keys of the outermost dictionary.
pub(super) fn settings(pickle: &Pickle, keys: &[&str]) -> Map<String, Json> {
    let mut settings = Map::new();
    let Value::Dict(items) = pickle.root() else { return settings };
    let mut left = MAX_VALUES;
    for (key, value) in items {
        if let Value::Text(key) = pickle.value(*key)
            && keys.contains(&&**key)
        {
            settings.insert(key.to_string(), plain(pickle, *value, MAX_DEPTH, &mut left));
        }
    }
    settings
}

/// A value without what is no setting. Values may be shared, and hold themselves: the limits end that.
fn plain(pickle: &Pickle, id: Id, depth: usize, left: &mut usize) -> Json {
    let (Some(depth), Some(rest)) = (depth.checked_sub(1), left.checked_sub(1)) else { return Json::Null };
    *left = rest;
    match pickle.value(id) {
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => i64::try_from(*value).map_or(Json::Null, Json::from),
        Value::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::Text(text) if text.len() <= MAX_TEXT => Json::String(text.to_string()),
        Value::Tuple(items) | Value::List(items) => {
            let mut list = Vec::new();
            for item in items {
                if *left == 0 {
                    break;
                }
                list.push(plain(pickle, *item, depth, left));
            }
            Json::Array(list)
        }
        Value::Dict(items) => {
            let mut map = Map::new();
            for (key, value) in items {
                let key = match pickle.value(*key) {
                    Value::Text(key) if key.len() <= MAX_TEXT => key.to_string(),
                    Value::Int(key) => key.to_string(),
                    _ => continue,
                };
                if *left == 0 {
                    break;
                }
                map.insert(key, plain(pickle, *value, depth, left));
            }
            Json::Object(map)
        }
        _ => Json::Null,
    }
}
