//! Inputs that once came out wrong: each gives what `tests/reference/cases.json` says (`make_cases.py` there explains a row). With `--nocapture` a line is printed
//! for each, from which `cargo xtask formats` makes its table.

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use insitu::Error;
use insitu::infer::{Options, segment};
use insitu::label::{LabelFile, Shape, read_labels};
use insitu::scan::{Limits, Normalisation, Scan};
use insitu::weights::Model;
use serde_json::Value;

/// Below the shared folder.
pub const FOLDER: &str = "cases";

/// Every row of the table.
pub fn what_came_out_wrong_is_right_or_refused_by_name(folder: &Path) {
    let table = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/cases.json")).unwrap();
    let table: BTreeMap<String, Value> = serde_json::from_slice(&table).unwrap();
    let mut wrong = Vec::new();
    for (name, right) in &table {
        let come = come(folder, name, right);
        let (told, verdict) = match &come {
            Ok(told) if right["refused"].is_string() => (told.as_str(), "refused"),
            Ok(told) => (told.as_str(), "right"),
            Err(told) => (told.as_str(), "WRONG"),
        };
        let of = |key: &str| right[key].as_str().unwrap_or_default().to_string();
        println!("formats|case|{name}|{}|{}|{told}|{verdict}", of("is"), of("by"));
        wrong.extend(come.as_ref().err().map(|told| format!("{name}: {told}")));
    }
    assert!(table.len() > 80, "only {} rows", table.len());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

/// What came, in words; an error if it is not what should.
fn come(folder: &Path, name: &str, right: &Value) -> Result<String, String> {
    let path = folder.join(name);
    if right["labels"] == true {
        return labels(&path);
    }
    let bytes = std::fs::read(&path).map_err(|e| e.to_string())?;
    let found = if right["probability"].is_array() || Model::recognises(&bytes) {
        network(folder, name, &bytes, right)
    } else {
        Scan::decode(&bytes, Some(name), &Limits::default()).map(|scan| image(folder, &scan, right))
    };
    match (found, right["refused"].as_str()) {
        (Ok(told), None) => told,
        (Ok(_), Some(code)) => Err(format!("was read, and should be refused with {code}")),
        (Err(e), None) => Err(format!("{e} ({})", e.code())),
        (Err(e), Some(code)) => {
            let sentence = whole(&e);
            let named = right["says"].as_str().is_none_or(|word| sentence.contains(word));
            if e.code() == code && named { Ok(sentence) } else { Err(format!("{sentence} ({})", e.code())) }
        }
    }
}

/// An error with its causes.
fn whole(error: &Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(more) = cause {
        sentence.push_str(&format!(" {more}"));
        cause = more.source();
    }
    sentence
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// Fails with what was found unless it is what should be.
fn same(what: &str, found: &[f64], right: &[f64], within: f64) -> Result<(), String> {
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= within + b.abs() * 1e-6;
    if found.len() == right.len() && found.iter().zip(right).all(close) {
        return Ok(());
    }
    Err(format!("{what} {found:?}, not {right:?}"))
}

fn image(folder: &Path, scan: &Scan, right: &Value) -> Result<String, String> {
    let within = right["within"].as_f64().unwrap_or(1e-4);
    let shape = [scan.slices, scan.height, scan.width, scan.channels].map(|n| n as f64);
    if right["shape"].is_array() {
        same("shape", &shape, &numbers(&right["shape"]), 0.0)?;
    }
    let slices: Vec<_> =
        (0..scan.slices).map(|i| scan.slice(i)).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    if let [factor, offset, more, further] = numbers(&right["ramp"])[..] {
        for (slice, image) in slices.iter().enumerate() {
            let z = slice as f64;
            for (i, value) in image.data.iter().enumerate() {
                let wanted = (factor + more * z) * i as f64 + offset + further * z;
                same(&format!("slice {slice}, pixel {i}"), &[f64::from(*value)], &[wanted], within)?;
            }
        }
    }
    for point in right["points"].as_array().into_iter().flatten().map(numbers) {
        let at = [point[0], point[1], point[2]].map(|v| v as usize);
        let found = scan.value_at(at[0], at[2], at[1]).ok_or("a pixel is missing")?;
        let found: Vec<f64> = found.iter().take(point.len() - 3).map(|v| f64::from(*v)).collect();
        same(&format!("at {at:?}"), &found, &point[3..], within)?;
    }
    let range = scan.range(0);
    let range = [f64::from(range.0), f64::from(range.1)];
    if right["range"].is_array() {
        same("values", &range, &numbers(&right["range"]), within)?;
    }
    if let Some(missing) = right["missing"].as_f64() {
        let found = slices[0].data.iter().filter(|v| v.is_nan()).count();
        same("pixels without a value", &[found as f64], &[missing], 0.0)?;
    }
    if let Some(spacing) = right.get("spacing") {
        let found: Vec<f64> =
            scan.spacing.iter().flat_map(|s| [Some(s.x), Some(s.y), s.z]).flatten().collect();
        let right = numbers(spacing);
        same("spacing", &found[..found.len().min(right.len().max(2))], &right, 1e-12)?;
    }
    for (slice, window) in right["windows"].as_array().into_iter().flatten().enumerate() {
        let found = scan.default_window(slice);
        same("window", &[found.center, found.width], &numbers(window), 1e-6)?;
    }
    if let Some(word) = right["noted"].as_str()
        && !scan.notes.iter().any(|note| note.contains(word))
    {
        return Err(format!("nothing is said of a {word}: {:?}", scan.notes));
    }
    if let Some(other) = right["same"].as_str() {
        let bytes = std::fs::read(folder.join(other)).map_err(|e| e.to_string())?;
        let other = Scan::decode(&bytes, None, &Limits::default()).map_err(|e| e.to_string())?;
        if other.slice(0).map_err(|e| e.to_string())?.data != slices[0].data {
            return Err("other pixels than the same picture has".into());
        }
    }
    let mask = match right["foreground"].as_f64() {
        Some(percent) => format!(", {}", foreground(scan, percent)?),
        None => String::new(),
    };
    let [n, height, width, channels] = shape;
    let planes = if n > 1.0 { format!("{n} slices of ") } else { String::new() };
    let colour = if channels > 1.0 { ", colour" } else { "" };
    let spacing = scan.spacing.map_or(String::new(), |s| format!(", {} x {} mm", s.x as f32, s.y as f32));
    Ok(format!("{planes}{width} x {height}{colour}, {} to {}{spacing}{mask}", range[0], range[1]))
}

/// What the nuclei model finds right of column 80.
fn foreground(scan: &Scan, percent: f64) -> Result<String, String> {
    let model = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/nuclei.safetensors")).unwrap();
    let device = Device::flex();
    let model = Model::from_bytes(&model, &device).map_err(|e| e.to_string())?;
    let image = scan.network_slice(0).map_err(|e| e.to_string())?;
    let going = async |_, _| true;
    let found =
        pollster::block_on(segment(&model, image, &Options::default(), going)).map_err(|e| e.to_string())?;
    let labels = found.labels(model.card.threshold);
    let part = labels.chunks(found.width).flat_map(|row| row.iter().skip(80));
    let (inside, all) = part.fold((0, 0), |(inside, all), label| (inside + u32::from(*label > 0), all + 1));
    let found = 100.0 * f64::from(inside) / f64::from(all);
    same("foreground in percent", &[found], &[percent], 1.5)?;
    Ok(format!("{found:.1} % foreground"))
}

/// `image` of `make_cases.py`.
fn input(count: usize) -> Vec<f32> {
    (0..count as u64).map(|i| ((i * 2_654_435_761 % (1 << 32)) >> 8) as f32 / (1 << 24) as f32).collect()
}

fn network(folder: &Path, name: &str, bytes: &[u8], right: &Value) -> insitu::Result<Result<String, String>> {
    let device = Device::flex();
    let model = match right["beside"].as_str() {
        None => Model::from_bytes(bytes, &device)?,
        Some(beside) => {
            let more = std::fs::read(folder.join(beside)).unwrap();
            Model::from_files(&[(name, bytes), (beside, &more)], &device)?
        }
    };
    let [channels, outputs] = [model.card.network.input_channels, model.card.network.outputs];
    let mut values = input(channels * 64 * 64);
    // What the file itself scales is given as it comes; everything else from 0 to 1.
    if let Normalisation::Fixed { subtract, divide } = model.card.input.normalisation
        && subtract != 0.0
    {
        values.iter_mut().for_each(|v| *v = (*v * 255.0 - subtract) / divide);
    }
    let x = Tensor::<4>::from_data(TensorData::new(values, [1, channels, 64, 64]), &device);
    let logits = model.net.forward(x);
    let y = if outputs == 1 { sigmoid(logits) } else { softmax(logits, 1) };
    let y: Vec<f32> = y.into_data().try_into_vec().expect("32-bit floats");
    let first = &y[..64 * 64];
    let mean = first.iter().map(|v| f64::from(*v)).sum::<f64>() / first.len() as f64;
    let mut found = vec![mean];
    found.extend(first.iter().step_by(first.len() / 16).map(|v| f64::from(*v)));
    let right = numbers(&right["probability"]);
    let off = found.iter().zip(&right).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    Ok(same("probabilities", &found, &right, 1e-4)
        .map(|()| format!("{} Off by {off:.0e}.", model.card.summary)))
}

/// Every label of the folder can be read.
fn labels(folder: &Path) -> Result<String, String> {
    let mut told = Vec::new();
    for entry in std::fs::read_dir(folder.join("labels")).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_string();
        let bytes = std::fs::read(&path).map_err(|e| e.to_string())?;
        let scan = Scan::decode(&bytes, None, &Limits::default()).map_err(|e| e.to_string())?;
        let shape = Shape { width: scan.width, height: scan.height, slices: scan.slices };
        let LabelFile { .. } = read_labels(&bytes, &name, shape).map_err(|e| format!("{name}: {e}"))?;
        told.push(name);
    }
    if told.is_empty() { Err("no labels are there".into()) } else { Ok(format!("read: {}", told.join(", "))) }
}
