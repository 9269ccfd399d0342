//! The first nodes of an exported graph: what [`crate::scan::Image::normalised`] does to an image.

use super::nodes::{
    Attribute::{Int, Ints},
    Nodes,
};
use crate::scan::{LEAST_DEVIATION, Normalisation};

/// Scales the value `image`, `[batch, channel, height, width]`, each image of the batch for itself. Gives the name of the
/// result, which has the same shape.
pub(super) fn scaled(nodes: &mut Nodes<'_>, image: &str, how: Normalisation) -> String {
    let zero = nodes.float("scaling.zero", 0.0);
    let largest = nodes.float("scaling.largest", f32::MAX);
    // Not larger than the largest number: false for NaN and for the infinities, which become 0.
    let size = nodes.push("Abs", "scaling.size", &[image], &[]);
    let is_finite = nodes.push("LessOrEqual", "scaling.is_finite", &[&size, &largest], &[]);
    let finite = nodes.push("Where", "scaling.finite", &[&is_finite, image, &zero], &[]);
    let finite = match how {
        Normalisation::Clipped { low, high, .. } => {
            let (low, high) = (nodes.float("scaling.low", low), nodes.float("scaling.high", high));
            let above = nodes.push("Max", "scaling.above", &[&finite, &low], &[]);
            nodes.push("Min", "scaling.clipped", &[&above, &high], &[])
        }
        _ => finite,
    };
    let (subtract, divide) = match how {
        Normalisation::ZScore => z_score(nodes, &finite),
        Normalisation::Clipped { subtract, divide, .. } | Normalisation::Fixed { subtract, divide } => {
            let divide = if divide.abs() > f32::MIN_POSITIVE { divide } else { 1.0 };
            (nodes.float("scaling.subtract", subtract), nodes.float("scaling.divide", divide))
        }
        Normalisation::Percentile { low, high } => percentiles(nodes, &finite, low, high),
    };
    let moved = nodes.push("Sub", "scaling.moved", &[&finite, &subtract], &[]);
    nodes.push("Div", "scaling.scaled", &[&moved, &divide], &[])
}

/// Mean and standard deviation of each channel, `[batch, channel, 1, 1]` both.
fn z_score(nodes: &mut Nodes<'_>, finite: &str) -> (String, String) {
    let over = [("axes", Ints(&[2, 3])), ("keepdims", Int(1))];
    let mean = nodes.push("ReduceMean", "scaling.mean", &[finite], &over);
    let centred = nodes.push("Sub", "scaling.centred", &[finite, &mean], &[]);
    let square = nodes.push("Mul", "scaling.square", &[&centred, &centred], &[]);
    let variance = nodes.push("ReduceMean", "scaling.variance", &[&square], &over);
    let deviation = nodes.push("Sqrt", "scaling.deviation", &[&variance], &[]);
    let least = nodes.float("scaling.least", LEAST_DEVIATION);
    (mean, nodes.push("Max", "scaling.divide", &[&deviation, &least], &[]))
}

/// What is subtracted and by what is divided, `[batch, 1, 1, 1]` both.
fn percentiles(nodes: &mut Nodes<'_>, finite: &str, low: f32, high: f32) -> (String, String) {
    // All channels of an image together: [batch, values].
    let rows = nodes.ints("scaling.rows", &[0, -1]);
    let values = nodes.push("Reshape", "scaling.values", &[finite, &rows], &[]);
    let shape = nodes.push("Shape", "scaling.shape", &[&values], &[]);
    let second = nodes.ints("scaling.second", &[1]);
    let count = nodes.push("Gather", "scaling.count", &[&shape, &second], &[]);
    let one = nodes.ints("scaling.one", &[1]);
    let last = nodes.push("Sub", "scaling.last_rank", &[&count, &one], &[]);
    let last = nodes.push("Cast", "scaling.last_rank.double", &[&last], &[("to", Int(DOUBLE))]);
    let count = Count { values, count, one, last };
    let low = nearest_rank(nodes, &count, "scaling.low", low);
    let high = nearest_rank(nodes, &count, "scaling.high", high);
    let range = nodes.push("Sub", "scaling.range", &[&high, &low], &[]);
    // A constant image stays constant instead of becoming infinite.
    let least = nodes.float("scaling.least", f32::MIN_POSITIVE);
    let unit = nodes.float("scaling.unit", 1.0);
    let size = nodes.push("Abs", "scaling.range.size", &[&range], &[]);
    let varies = nodes.push("Greater", "scaling.varies", &[&size, &least], &[]);
    let divide = nodes.push("Where", "scaling.divide", &[&varies, &range, &unit], &[]);
    (low, divide)
}

/// `TensorProto.DataType` as `Cast` takes it.
const DOUBLE: i64 = 11;
const INT64: i64 = 7;

/// Names of the values of each image, of how many there are, of the number 1, and of the last rank as a double.
struct Count {
    values: String,
    count: String,
    one: String,
    last: String,
}

/// The value at the rank nearest to a percentile, `[batch, 1, 1, 1]`: the last of so many smallest or largest values, whichever
/// are fewer.
fn nearest_rank(nodes: &mut Nodes<'_>, of: &Count, name: &str, percent: f32) -> String {
    let fraction = if percent.is_nan() { 0.0 } else { f64::from(percent.clamp(0.0, 100.0)) / 100.0 };
    let at = |what: &str| format!("{name}.{what}");
    let fraction = nodes.double(at("fraction"), fraction);
    let half = nodes.double("scaling.half", 0.5);
    let place = nodes.push("Mul", at("place"), &[&of.last, &fraction], &[]);
    // Casting cuts off, so this rounds halves up, as `f64::round` does for what is not negative. (`Round` rounds them to even.)
    let place = nodes.push("Add", at("rounded"), &[&place, &half], &[]);
    let rank = nodes.push("Cast", at("rank"), &[&place], &[("to", Int(INT64))]);
    let largest = percent > 50.0;
    let k = if largest {
        nodes.push("Sub", at("k"), &[&of.count, &rank], &[])
    } else {
        nodes.push("Add", at("k"), &[&rank, &of.one], &[])
    };
    let (sorted, places) = (at("sorted"), at("places"));
    let attributes = [("axis", Int(1)), ("largest", Int(i64::from(largest))), ("sorted", Int(1))];
    nodes.push_many("TopK", &sorted, &[&of.values, &k], &[&sorted, &places], &attributes);
    let end = nodes.ints("scaling.end", &[-1]);
    let value = nodes.push("Gather", at("value"), &[&sorted, &end], &[("axis", Int(1))]);
    let shape = nodes.ints("scaling.broadcast", &[-1, 1, 1, 1]);
    nodes.push("Reshape", name, &[&value, &shape], &[])
}
