//! `models/README.md`: all shipped models with their figures, sizes, licences, recipes and hashes.

use serde_json::Value;

use super::sample::Scores;
use super::shipped::{Shipped, text};

const HEAD: &str = "\
# The models

Written by `cargo xtask models`, which checks every file; `cargo xtask test models` fails if this page is not what they are.

The scores are of images that were held out, the means over images, as the card of each model tells: which images, what was chosen by them, and where the
model fails. *Drawing* is the Dice on a small drawing (`tests/reference/models/`): it says nothing of real images, but whether the file still does what it did.
A model has the licence of the images it was trained on, and whoever passes it on gives their attribution, which stands in its card and in the file. None was made for diagnosis.

| model | finds | input | trained on | scores | drawing | size | licence | recipe |
|---|---|---|---|---|---|---|---|---|
";

const HASHES: &str = "
## Hashes
Of the files, SHA-256.

| file | SHA-256 |
|---|---|
";

/// The page.
pub fn written(models: &[Shipped], drawings: &Scores) -> String {
    let row = |model: &Shipped| {
        let drawing = drawings.get(&model.id).and_then(|scores| scores.get("dice"));
        format!("| {} |\n", cells(model, drawing.copied()).join(" | "))
    };
    let rows: String = models.iter().map(row).collect();
    let hash = |model: &Shipped| format!("| `{}.safetensors` | `{}` |\n", model.id, model.hash);
    let hashes: String = models.iter().map(hash).collect();
    format!("{HEAD}{rows}{HASHES}{hashes}")
}

fn cells(model: &Shipped, drawing: Option<f64>) -> [String; 9] {
    let Shipped { id, card, .. } = model;
    let classes = card["classes"].as_array().into_iter().flatten().map(|class| text(class, "name"));
    let training = &card["training"];
    let minutes = training["seconds"].as_f64().unwrap_or_default() / 60.0;
    [
        format!("[{}]({id}.md)", text(card, "title")),
        classes.collect::<Vec<_>>().join(", "),
        if card["input"]["channels"] == 1 { "grey".into() } else { "colour or grey".into() },
        format!("{} images, {} steps, {minutes:.0} min", training["images"], training["steps"]),
        scores(&card["scores"]),
        drawing.map_or("none".into(), |dice| format!("{dice:.3}")),
        format!("{:.1} MB", model.bytes as f64 / 1e6),
        text(card, "licence").into(),
        format!("[{id}.sh](recipes/{id}.sh)"),
    ]
}

/// Those that people know first, then the others.
fn scores(scores: &Value) -> String {
    const NAMES: [(&str, &str); 6] = [
        ("dice", "Dice"),
        ("ap50", "AP at IoU 0.5"),
        ("iou", "IoU"),
        ("pixelError", "pixel error"),
        ("rocAuc", "ROC area"),
        ("prAuc", "precision-recall area"),
    ];
    let known = NAMES
        .iter()
        .filter_map(|(key, name)| Some(format!("{name} {:.3}", (scores[key].as_f64()? * 1e3).round() / 1e3)));
    let all: Vec<String> = known.collect();
    if all.is_empty() { "none".into() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_model_is_a_row_with_its_figures_and_its_hash_stands_below() {
        let card = json!({
            "title": "Nuclei", "licence": "CC0-1.0", "input": { "channels": 3 }, "classes": [{ "name": "nucleus" }],
            "training": { "images": 508, "steps": 6800, "seconds": 7588.0 }, "scores": { "pixelError": 0.0212, "dice": 0.9274 }
        });
        let drawings = Scores::from([("nuclei".into(), [("dice".to_string(), 0.9708)].into())]);
        let page = written(&[Shipped::of_card("nuclei", card)], &drawings);
        let row = "| [Nuclei](nuclei.md) | nucleus | colour or grey | 508 images, 6800 steps, 126 min | Dice 0.927, pixel error 0.021 | 0.971 | 0.0 MB | CC0-1.0 | \
            [nuclei.sh](recipes/nuclei.sh) |";
        assert!(page.contains(row), "{page}");
        assert!(page.contains("| `nuclei.safetensors` | `"), "{page}");
    }
}
