//! What a model finds in a small drawing (`tests/reference/make_model_samples.py`), beside what is noted of it: whether it still reads and does what it did.
//! How good it is on real images stands in its card.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::shipped::Shipped;
use crate::process::{Result, root};

/// Scores by model and metric.
pub type Scores = BTreeMap<String, BTreeMap<String, f64>>;

/// The metrics that are noted.
const METRICS: [&str; 3] = ["dice", "pixelError", "ap50"];

/// How far machines may differ, whose sums are not in the same order: a pixel or two at the threshold. An object that is found or not is more.
const TOLERANCE: f64 = 0.003;

/// Where the scores are noted.
pub fn noted_file() -> PathBuf {
    root().join("tests/reference/models/scores.json")
}

/// The scores that are noted; none at first.
pub fn noted() -> Result<Scores> {
    match fs::read(noted_file()) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(_) => Ok(Scores::new()),
    }
}

/// What the file of the noted scores says.
pub fn as_json(scores: &Scores) -> Result<String> {
    Ok(serde_json::to_string_pretty(scores)? + "\n")
}

/// Runs a model on its drawing and compares with what is noted; notes it anew, unless `only_check`.
///
/// # Errors
/// No drawing, a model that does not run, and with `only_check` other scores than those noted.
pub fn check(program: &Path, model: &Shipped, scores: &mut Scores, only_check: bool) -> Result {
    let found = run(program, &model.id)?;
    let before = scores.get(&model.id).cloned().unwrap_or_default();
    let Some(difference) = difference(&before, &found) else { return Ok(()) };
    if only_check {
        return Err(format!("on its drawing {difference}").into());
    }
    println!("{:<16} noted anew: {difference}", model.id);
    scores.insert(model.id.clone(), found);
    Ok(())
}

fn run(program: &Path, id: &str) -> Result<BTreeMap<String, f64>> {
    let data = format!("tests/reference/models/{id}");
    if !root().join(&data).join("images").is_dir() {
        return Err(format!("{data} has no drawing: tests/reference/make_model_samples.py draws them").into());
    }
    let model = format!("models/{id}.safetensors");
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command.args(["eval", "--json", "--device", "cpu", "--model", &model, "--data", &data]);
    let run = command.output().map_err(|e| format!("{} did not start: {e}", program.display()))?;
    if !run.status.success() {
        return Err(format!("does not run: {}", String::from_utf8_lossy(&run.stderr).trim()).into());
    }
    read(&serde_json::from_slice(&run.stdout)?)
}

/// The noted metrics of what `insitu eval --json` prints, to four places.
fn read(report: &Value) -> Result<BTreeMap<String, f64>> {
    let score = |name: &str| Some((name.to_string(), (report[name].as_f64()? * 1e4).round() / 1e4));
    let scores: BTreeMap<_, _> = METRICS.into_iter().filter_map(score).collect();
    if scores.is_empty() { Err("`insitu eval` printed no score".into()) } else { Ok(scores) }
}

/// Where two sets of scores differ by more than machines do, in words.
fn difference(noted: &BTreeMap<String, f64>, found: &BTreeMap<String, f64>) -> Option<String> {
    let words = |metric: &&str| {
        let (before, now) = (noted.get(*metric), found.get(*metric));
        let shown = |score: Option<&f64>| score.map_or("none".to_string(), |v| format!("{v:.4}"));
        let same = match (before, now) {
            (Some(before), Some(now)) => (before - now).abs() <= TOLERANCE,
            (before, now) => before == now,
        };
        (!same).then(|| format!("{metric} is {}, noted is {}", shown(now), shown(before)))
    };
    let all: Vec<String> = METRICS.iter().filter_map(words).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scores(report: &Value) -> BTreeMap<String, f64> {
        read(report).unwrap()
    }

    #[test]
    fn scores_differ_only_by_more_than_machines_do() {
        let noted = scores(&json!({ "dice": 0.91234, "pixelError": 0.02, "each": [] }));
        assert_eq!(noted["dice"], 0.9123);
        assert_eq!(difference(&noted, &scores(&json!({ "dice": 0.914, "pixelError": 0.021 }))), None);
        let worse = difference(&noted, &scores(&json!({ "dice": 0.9, "pixelError": 0.02 })));
        assert_eq!(worse.as_deref(), Some("dice is 0.9000, noted is 0.9123"));
        let other = difference(&noted, &scores(&json!({ "dice": 0.9123, "pixelError": 0.02, "ap50": 1.0 })));
        assert_eq!(other.as_deref(), Some("ap50 is 1.0000, noted is none"));
        assert!(read(&json!({ "images": 0 })).is_err());
    }
}
