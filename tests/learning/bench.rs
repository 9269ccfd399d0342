//! `cargo xtask bench learn`: what teaching in the page brings, in minutes and in Dice, on images that the models never
//! saw. docs/learning.md has the tables.

mod data;
mod strokes;
mod teach;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use burn::tensor::Device;
use data::{Labelled, labelled};
use insitu::train::Request;
use insitu::weights::Model;
use teach::{Score, Taught, Until, judge, teach};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if !data::folder().join("em-membrane").is_dir() {
        eprintln!("The images are not in {}.", data::folder().display());
        std::process::exit(1);
    }
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let minutes = value("--minutes").and_then(|v| v.parse().ok()).unwrap_or(10.0);
    let only = value("--only").cloned();
    let wanted = |name: &str| only.as_deref().is_none_or(|o| o.split(',').any(|part| part == name));
    // Other settings than the page's own, to try them: --request '{"learningRate": 1e-4, "learn": "decoder"}'.
    let request: Request = value("--request")
        .map_or_else(Request::default, |text| serde_json::from_str(text).expect("settings of a training"));
    let mut nuclei = shipped("nuclei");
    // For trying settings: a quarter of the time for judging.
    nuclei.card.flips &= !args.iter().any(|a| a == "--no-flips");
    if wanted("domain") || wanted("strokes") {
        new_domain(&nuclei, &request, Until::Minutes(minutes), wanted("domain"), wanted("strokes"));
    }
    if wanted("touch-up") {
        let kinds = ["gray-bright", "color-bright"];
        for kind in kinds.into_iter().filter(|k| value("--kind").is_none_or(|only| only == k)) {
            touch_up(&nuclei, &request, kind);
        }
    }
}

fn shipped(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(format!("{name}.safetensors"));
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Model::from_bytes(&bytes, &Device::flex()).expect("a shipped model")
}

/// The model of nuclei learns membranes from one slice, whole or by strokes.
fn new_domain(nuclei: &Model, request: &Request, until: Until, whole: bool, few: bool) {
    let test: Vec<Labelled> = ["20", "21", "22", "23"].map(|stem| labelled("em-membrane", stem)).into();
    let slice = labelled("em-membrane", "00");
    println!("| model | learnt from | steps | minutes | pixel error | Dice |\n|---|---|---|---|---|---|");
    let row = |model: &str, from: &str, taught: Option<&Taught>, score: Score| {
        let (steps, time) = taught.map_or((String::new(), String::new()), |t| {
            (t.steps.to_string(), format!("{:.1}", t.seconds / 60.0))
        });
        println!("| {model} | {from} | {steps} | {time} | {:.4} | {:.3} |", score.pixel_error, score.dice);
    };
    row("nuclei, as shipped", "", None, judge(nuclei, &test));
    row("EM membranes, as shipped", "19 slices", None, judge(&shipped("em-membrane"), &test));
    let learn = |name: &str, from: &str, before: Option<&Model>, slice: &Labelled| {
        let taught = teach(before, "membrane", std::slice::from_ref(slice), request.clone(), until);
        row(name, from, Some(&taught), judge(&taught.model, &test));
    };
    if whole {
        learn("nuclei, taught", "slice 00", Some(nuclei), &slice);
        learn("new network, taught", "slice 00", None, &slice);
    }
    if few {
        let classes = strokes::strokes(&slice.classes, slice.image.width, 0.02, 1);
        let slice = Labelled { classes, ..slice };
        learn("nuclei, taught", "2 % of slice 00, strokes", Some(nuclei), &slice);
    }
}

/// Three corrected images of a kind: what it does for others of this kind, and what it costs the other kinds.
fn touch_up(nuclei: &Model, request: &Request, kind: &str) {
    let unseen = data::unseen_nuclei();
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (stem, kind) in &unseen {
        kinds.entry(kind).or_default().push(stem);
    }
    let read = |stems: &[&str]| stems.iter().map(|stem| labelled("nuclei", stem)).collect::<Vec<_>>();
    let mut same = kinds.remove(kind).unwrap_or_default();
    let seen = data::seen_nuclei(kind);
    // Where too few were held out from the training of the shipped model, the others had a part in it.
    let fresh = same.len();
    same.extend(seen.iter().map(String::as_str));
    same.truncate(13);
    let corrected = read(&same[..3]);
    let taught = teach(Some(nuclei), "nucleus", &corrected, request.clone(), Until::Steps(200));
    println!("\n| images | number | Dice before | after |\n|---|---|---|---|");
    let row = |name: &str, images: &[Labelled]| {
        let (before, after) = (judge(nuclei, images), judge(&taught.model, images));
        println!("| {name} | {} | {:.3} | {:.3} |", images.len(), before.dice, after.dice);
    };
    let place = |i: usize| if i < fresh { "unseen" } else { "seen before" };
    row(&format!("{kind}, corrected"), &corrected);
    for part in ["unseen", "seen before"] {
        let stems: Vec<&str> = (3..same.len()).filter(|i| place(*i) == part).map(|i| same[i]).collect();
        if !stems.is_empty() {
            row(&format!("{kind}, others, {part}"), &read(&stems));
        }
    }
    for (other, stems) in kinds {
        row(other, &read(&stems[..stems.len().min(10)]));
    }
}
