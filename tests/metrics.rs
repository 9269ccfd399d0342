//! The metrics give the numbers that numpy, scipy and scikit-image give (tests/reference/make_metrics.py).

use std::collections::HashMap;

use insitu::metrics::{dice, iou, match_instances, pixel_error};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    classes: Vec<Classes>,
    objects: Vec<Objects>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Classes {
    predicted: Vec<u8>,
    truth: Vec<u8>,
    dice_and_iou: HashMap<u8, [f64; 2]>,
    pixel_error: f64,
}

#[derive(Deserialize)]
struct Objects {
    predicted: Vec<u32>,
    truth: Vec<u32>,
    matches: HashMap<String, [usize; 3]>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/metrics.json")).unwrap()
}

#[test]
fn dice_iou_and_pixel_error_equal_numpys() {
    let cases = reference().classes;
    assert!(!cases.is_empty());
    for case in cases {
        assert!((pixel_error(&case.predicted, &case.truth).unwrap() - case.pixel_error).abs() < 1e-12);
        for (class, [d, j]) in case.dice_and_iou {
            assert!((dice(&case.predicted, &case.truth, class).unwrap() - d).abs() < 1e-12);
            assert!((iou(&case.predicted, &case.truth, class).unwrap() - j).abs() < 1e-12);
        }
    }
}

#[test]
fn objects_match_as_by_an_optimal_assignment() {
    let cases = reference().objects;
    assert!(!cases.is_empty());
    for case in cases {
        for (threshold, [tp, fp, fneg]) in case.matches {
            let m = match_instances(&case.predicted, &case.truth, threshold.parse().unwrap());
            assert_eq!([m.true_positives, m.false_positives, m.false_negatives], [tp, fp, fneg]);
        }
    }
}
