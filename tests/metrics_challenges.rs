//! The metrics of the challenges give the numbers that scikit-image and scikit-learn give
//! (tests/reference/make_metrics_challenges.py).

use insitu::metrics::{
    Background, Borders, CHALLENGE_THRESHOLDS, Contingency, Curve, IOU_THRESHOLDS, MembraneScores,
    SplitMerge, best_membrane_scores, cells, mean_average_precision, true_cells,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    thresholds: Vec<f32>,
    membranes: Vec<Membrane>,
    partitions: Vec<Partition>,
    curves: Vec<Curves>,
}

/// Split score, merge score, F-score.
type Three = [f64; 3];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Membrane {
    /// In hundredths.
    membrane: Vec<u8>,
    truth: Vec<u8>,
    width: usize,
    as_they_are: Vec<Scores>,
    thinned: Vec<Scores>,
    /// F-scores of Rand and information after scikit-image's thinning.
    watershed: Vec<[f64; 2]>,
    /// At threshold 0.4.
    thinned_cells: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scores {
    rand: Three,
    info: Three,
    all_pixels: Three,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Partition {
    predicted: Vec<u32>,
    truth: Vec<u32>,
    pairs_all: Three,
    pairs_left_out: Three,
    rand_index: f64,
    information_all: [f64; 2],
    information_left_out: [f64; 2],
    average_precision: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Curves {
    /// In hundredths.
    probability: Vec<u8>,
    truth: Vec<u8>,
    field: Vec<u8>,
    whole: Areas,
    in_field: Areas,
}

#[derive(Deserialize)]
struct Areas {
    roc: f64,
    average: f64,
    trapezoids: f64,
    dice: f64,
    threshold: u8,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/metrics_challenges.json")).unwrap()
}

fn hundredths(values: &[u8]) -> Vec<f32> {
    values.iter().map(|v| f32::from(*v) / 100.0).collect()
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-10
}

#[track_caller]
fn assert_scores(found: SplitMerge, wanted: Three) {
    let found = [found.split, found.merge, found.f_score];
    assert!(found.iter().zip(wanted).all(|(f, w)| near(*f, w)), "{found:?} instead of {wanted:?}");
}

#[test]
fn rand_and_information_scores_of_membranes_equal_scikit_learns_at_every_threshold() {
    let reference = reference();
    assert_eq!(reference.thresholds, CHALLENGE_THRESHOLDS);
    assert!(!reference.membranes.is_empty());
    for case in reference.membranes {
        let height = case.truth.len() / case.width;
        let (membrane, truth) = (hundredths(&case.membrane), true_cells(&case.truth, case.width, height));
        for (borders, wanted) in [(Borders::AsTheyAre, &case.as_they_are), (Borders::Thinned, &case.thinned)]
        {
            for (threshold, wanted) in reference.thresholds.iter().zip(wanted) {
                let predicted = cells(&membrane, case.width, height, *threshold, borders);
                let found = MembraneScores::of(&predicted, &truth).unwrap();
                assert_scores(found.rand, wanted.rand);
                assert_scores(found.info, wanted.info);
                assert_scores(found.all_pixels, wanted.all_pixels);
            }
            let best =
                best_membrane_scores(&membrane, &truth, case.width, height, borders, &reference.thresholds)
                    .unwrap();
            let highest = |score: fn(&Scores) -> f64| wanted.iter().map(score).fold(0.0, f64::max);
            assert!(near(best.rand.score.f_score, highest(|s| s.rand[2])));
            assert!(near(best.info.score.f_score, highest(|s| s.info[2])));
            assert!(near(best.all_pixels.score.f_score, highest(|s| s.all_pixels[2])));
        }
    }
}

#[test]
fn thinned_cells_are_those_of_the_documented_procedure_and_score_like_those_of_a_watershed() {
    let reference = reference();
    for case in reference.membranes {
        let height = case.truth.len() / case.width;
        let (membrane, truth) = (hundredths(&case.membrane), true_cells(&case.truth, case.width, height));
        assert_eq!(cells(&membrane, case.width, height, 0.4, Borders::Thinned), case.thinned_cells);
        for (threshold, [rand, info]) in reference.thresholds.iter().zip(case.watershed) {
            let predicted = cells(&membrane, case.width, height, *threshold, Borders::Thinned);
            let found = MembraneScores::of(&predicted, &truth).unwrap();
            assert!((found.rand.f_score - rand).abs() < 0.01 && (found.info.f_score - info).abs() < 0.01);
        }
    }
}

#[test]
fn partitions_compare_as_in_scikit_image() {
    let cases = reference().partitions;
    assert!(!cases.is_empty());
    for case in cases {
        let all = Contingency::of(&case.predicted, &case.truth, Background::Segment).unwrap();
        let left_out = Contingency::of(&case.predicted, &case.truth, Background::LeftOut).unwrap();
        assert_scores(all.pairs(), case.pairs_all);
        assert_scores(left_out.pairs(), case.pairs_left_out);
        assert!(near(all.rand_index(), case.rand_index));
        for (c, [split, merge]) in [(all, case.information_all), (left_out, case.information_left_out)] {
            let found = c.variation_of_information();
            assert!(
                near(found.split, split) && near(found.merge, merge),
                "{found:?} instead of {split}, {merge}"
            );
        }
    }
}

#[test]
fn the_mean_average_precision_is_that_of_optimal_assignments() {
    for case in reference().partitions {
        let found = mean_average_precision(&case.predicted, &case.truth, &IOU_THRESHOLDS).unwrap();
        assert!(near(found, case.average_precision), "{found} instead of {}", case.average_precision);
    }
}

#[test]
fn areas_under_curves_equal_scikit_learns_with_and_without_a_field_of_view() {
    let cases = reference().curves;
    assert!(!cases.is_empty());
    for case in cases {
        let (probability, field) = (hundredths(&case.probability), case.field.iter().map(|f| *f == 1));
        let field: Vec<bool> = field.collect();
        for (field, wanted) in [(None, case.whole), (Some(&field[..]), case.in_field)] {
            let curve = Curve::of(&probability, &case.truth, 1, field);
            assert!(near(curve.roc_auc().unwrap(), wanted.roc));
            assert!(near(curve.average_precision().unwrap(), wanted.average));
            assert!(near(curve.pr_auc().unwrap(), wanted.trapezoids));
            let best = curve.best_dice().unwrap();
            assert!(near(best.dice, wanted.dice));
            assert_eq!(best.threshold, f32::from(wanted.threshold) / 100.0);
        }
    }
}
