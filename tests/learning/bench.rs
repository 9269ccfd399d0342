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
use strokes::{Hand, breadth, strokes};
use teach::{Score, Taught, judge, part, teach};

/// Steps of a training in a new domain: what two cores do in two minutes when nothing else runs, validations included. By
/// steps and not by the clock, so that it is the same training whatever else the machine does.
const STEPS: usize = 1800;

/// Steps that a person takes who looks whether it works at all, and those that the page takes by itself.
const FIRST_LOOK: [usize; 2] = [80, 200];

/// A person's first strokes, in the row of rough ones: six along membranes, two in cells.
const STROKES: usize = 8;

/// Seeds of the rough strokes; one hand says little.
const HANDS: std::ops::RangeInclusive<u64> = 1..=5;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if !data::folder().join("em-membrane").is_dir() {
        eprintln!("The images are not in {}.", data::folder().display());
        std::process::exit(1);
    }
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let steps = value("--steps").and_then(|v| v.parse().ok()).unwrap_or(STEPS);
    let only = value("--only").cloned();
    let wanted = |name: &str| only.as_deref().is_none_or(|o| o.split(',').any(|part| part == name));
    // Other settings than the page's own, to try them: --request '{"learningRate": 1e-4, "learn": "decoder"}'.
    let request: Request = value("--request")
        .map_or_else(Request::default, |text| serde_json::from_str(text).expect("settings of a training"));
    let mut nuclei = shipped("nuclei");
    // For trying settings: a quarter of the time for judging.
    nuclei.card.flips &= !args.iter().any(|a| a == "--no-flips");
    if wanted("domain") || wanted("strokes") {
        new_domain(&nuclei, &request, steps, wanted("domain"), wanted("strokes"));
    }
    if wanted("rough") {
        rough_strokes(&nuclei, &request, steps);
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
fn new_domain(nuclei: &Model, request: &Request, steps: usize, whole: bool, few: bool) {
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
        for taught in teach(before, "membrane", std::slice::from_ref(slice), request.clone(), &[steps]) {
            row(name, from, Some(&taught), judge(&taught.model, &test));
        }
    };
    if whole {
        learn("nuclei, taught", "slice 00", Some(nuclei), &slice);
        learn("new network, taught", "slice 00", None, &slice);
    }
    if few {
        let classes = strokes(&slice.classes, slice.image.width, Hand::Careful { part: 0.02 }, 1);
        let slice = Labelled { classes, ..slice };
        learn("nuclei, taught", "2 % of slice 00, strokes", Some(nuclei), &slice);
    }
}

/// The same, from few strokes of a brush twice as wide as the membranes: what the held-out strokes say, and what is true.
fn rough_strokes(nuclei: &Model, request: &Request, steps: usize) {
    let test: Vec<Labelled> = ["20", "21", "22", "23"].map(|stem| labelled("em-membrane", stem)).into();
    let slice = labelled("em-membrane", "00");
    let width = slice.image.width;
    let hand = Hand::Rough { strokes: STROKES, breadth: 2.0 * breadth(&slice.classes, width) };
    let stages: Vec<usize> = FIRST_LOOK.into_iter().filter(|step| *step < steps).chain([steps]).collect();
    let mut rows = vec![[0.0; 4]; stages.len()];
    for seed in HANDS {
        let classes = strokes(&slice.classes, width, hand, seed);
        let painted = Labelled { classes, ..slice.clone() };
        for (row, taught) in rows.iter_mut().zip(teach(
            Some(nuclei),
            "membrane",
            std::slice::from_ref(&painted),
            request.clone(),
            &stages,
        )) {
            let true_of = judge(&taught.model, &test);
            let found = [taught.held_out, true_of.dice, true_of.pixel_error, true_of.covered];
            eprintln!("  hand {seed}, {} steps: {found:.3?}", taught.steps);
            row.iter_mut().zip(found).for_each(|(sum, value)| *sum += value);
        }
    }
    let hands = HANDS.count() as f64;
    let truth = test.iter().map(|image| part(&image.classes)).sum::<f64>() / test.len() as f64;
    println!(
        "\nBrush of {:.1} pixels; {:.0} % are membrane.",
        2.0 * breadth(&slice.classes, width),
        100.0 * truth
    );
    println!("| steps | Dice of held-out strokes | Dice | pixel error | covered |\n|---|---|---|---|---|");
    for (steps, row) in stages.iter().zip(rows) {
        let [held_out, dice, error, covered] = row.map(|sum| sum / hands);
        println!("| {steps} | {held_out:.3} | {dice:.3} | {error:.4} | {:.0} % |", 100.0 * covered);
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
    let stages = teach(Some(nuclei), "nucleus", &corrected, request.clone(), &[request.steps]);
    let Some(taught) = stages.last() else { return };
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
