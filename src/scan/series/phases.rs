//! Several images at each position that are times of one volume.

use super::Head;
use super::split::{ACQUISITION, INSTANCE};
use crate::scan::dicom::VARIES;
use crate::sorting::sort_by;

/// Those of [`VARIES`] that tell times: these first, whose values mean a phase; then those that only give an order.
const PHASES: std::ops::Range<usize> = 6..ACQUISITION;
/// The first of these are times indeed.
const PHASES_IN_TIME: std::ops::Range<usize> = 6..10;
const ORDERS: std::ops::Range<usize> = ACQUISITION..VARIES.len();

/// By what the images at each position are told apart as times. `steady`: by a phase alone, and every position has as many.
pub(super) fn times(heads: &[Head], places: &[Vec<usize>], steady: bool) -> Option<usize> {
    let count = places.first().map(Vec::len);
    if steady && places.iter().any(|p| Some(p.len()) != count) {
        return None;
    }
    let end = if steady { PHASES.end } else { ORDERS.end };
    (PHASES.start..end).find(|which| {
        places.iter().all(|place| {
            let mut values: Vec<&str> = place.iter().map(|i| value(heads, *i, *which)).collect();
            let known = place.len() < 2 || values.iter().all(|v| !v.is_empty());
            values.sort_unstable();
            known && values.windows(2).all(|two| two.first() != two.last())
        })
    })
}

fn value(heads: &[Head], file: usize, which: usize) -> &str {
    heads.get(file).and_then(|h| h.varies.get(which)).map(String::as_str).unwrap_or_default()
}

/// Positions with as many images each, in the order of their times; how many; and what is to be told of the rest.
pub(super) fn in_times(heads: &[Head], mut places: Vec<Vec<usize>>) -> (Vec<Vec<usize>>, usize, Vec<String>) {
    let mut notes = Vec::new();
    let most = places.iter().map(Vec::len).max().unwrap_or(1);
    if most == 1 {
        return (places, 1, notes);
    }
    let which = times(heads, &places, false);
    let rank = which.unwrap_or(INSTANCE);
    let number = |i: usize| heads.get(i).and_then(|h| h.number_of(rank)).unwrap_or(f64::MAX);
    for place in &mut places {
        sort_by(place, |a, b| {
            number(*a).total_cmp(&number(*b)).then_with(|| value(heads, *a, rank).cmp(value(heads, *b, rank)))
        });
    }
    // As many as most positions have; the more of two that are equally frequent.
    let frequency = |n: usize| places.iter().filter(|p| p.len() == n).count();
    let count = (1..=most).max_by_key(|n| (frequency(*n), *n)).unwrap_or(1);
    let name = VARIES.get(rank).map_or("", |(name, _)| *name);
    match which {
        Some(which) if count > 1 && !PHASES_IN_TIME.contains(&which) => notes.push(format!(
            "Each position has {count} images that only their {name} tells apart: they are shown as times in this order."
        )),
        None if count > 1 => notes.push(format!(
            "Each position has {count} images, and nothing tells them apart: they are shown as times."
        )),
        _ => {}
    }
    let whole: Vec<usize> = places.iter().find(|p| p.len() == count).cloned().unwrap_or_default();
    let (mut surplus, mut lent, mut short) = (0, 0, 0);
    places.retain_mut(|place| {
        if place.len() > count {
            surplus += place.len() - count;
            place.truncate(count);
        } else if place.len() * 2 < count {
            short += 1;
            return false;
        } else if place.len() < count {
            lent += count - place.len();
            let nearest = |of: &usize| {
                let way = |i: &usize| (number(*i) - number(*of)).abs();
                place.iter().copied().min_by(|a, b| way(a).total_cmp(&way(b)))
            };
            *place = whole.iter().filter_map(nearest).collect();
        }
        true
    });
    let images = |n: usize| if n == 1 { "1 image".to_string() } else { format!("{n} images") };
    if surplus > 0 {
        notes.push(format!(
            "{} at positions that have others already, with nothing to tell them apart: left out.",
            images(surplus)
        ));
    }
    if lent > 0 {
        notes.push(format!("{} missing at some times: the ones nearest in time stand there.", images(lent)));
    }
    if short > 0 {
        notes.push(format!(
            "{short} of the positions have fewer than half of the {count} times, and were left out."
        ));
    }
    (places, count, notes)
}
