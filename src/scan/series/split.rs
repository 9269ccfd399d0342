//! Files of one series, kind, size and direction to volumes: what lies at one position is told apart.

use super::Head;
use super::phases::{in_times, times};
use super::stack::{self, Arranged};
use crate::scan::Geometry;
use crate::scan::dicom::VARIES;
use crate::scan::geometry::{Vector, dot};
use crate::sorting::sort_by;

/// One volume: file `depth + depths * time`.
pub(super) struct Volume {
    pub(super) part: String,
    pub(super) files: Vec<usize>,
    pub(super) depths: usize,
    pub(super) times: usize,
    pub(super) geometry: Option<Geometry>,
    pub(super) notes: Vec<String>,
}

/// Those of [`VARIES`] whose values are volumes of their own, the plainest first.
const KINDS: [usize; 6] = [0, 2, 1, 3, 4, 5];
/// Acquisition Number: a phase of contrast, or a time of many.
pub(super) const ACQUISITION: usize = 11;
/// Instance Number, the last of them.
pub(super) const INSTANCE: usize = VARIES.len() - 1;
/// More acquisitions than this are times.
const MAX_ACQUISITIONS: usize = 4;

/// Files without positions, by instance number.
pub(super) fn by_number(heads: &[Head], mut files: Vec<usize>, alone: bool) -> Volume {
    let number = |i: &usize| heads.get(*i).and_then(|h| h.number_of(INSTANCE)).unwrap_or(f64::MAX);
    sort_by(&mut files, |a, b| number(a).total_cmp(&number(b)));
    let note = "The files do not say where their slices lie in the patient: they are in the order of their instance numbers.";
    let notes = if alone || files.len() < 2 { Vec::new() } else { vec![note.to_string()] };
    Volume { part: String::new(), depths: files.len(), times: 1, files, geometry: None, notes }
}

/// Files that all have a position, and the same orientation.
pub(super) fn volumes(heads: &[Head], files: Vec<usize>, part: String, out: &mut Vec<Volume>) {
    let head = |i: usize| heads.get(i);
    let Some(first) = files.first().and_then(|i| head(*i)) else { return };
    let Some(orientation) = first.orientation else { return };
    let spacing = first.spacing;
    let pixel = spacing.map_or([1.0; 2], |s| [s.x, s.y]);
    let position = |i: usize| head(i).and_then(|h| h.position).unwrap_or_default();
    let positions: Vec<Vector> = files.iter().map(|i| position(*i)).collect();
    let [x, y] = pixel;
    // Numbers of `files` at each place along the normal.
    let here = stack::places(&positions, stack::normal(orientation), stack::tolerance(x.min(y)));
    let of_files = |place: &Vec<usize>| place.iter().filter_map(|i| files.get(*i).copied()).collect();
    let places: Vec<Vec<usize>> = here.iter().map(of_files).collect();
    let most = places.iter().map(Vec::len).max().unwrap_or(0);
    let mut kinds = Vec::new();
    if most > 1 {
        kinds = sides(&positions, orientation, x.max(y));
        // Those that tell apart what lies at one position.
        if !splits(&kinds, &here, most) {
            kinds.clear();
        }
        let steady = times(heads, &places, true);
        let more = (steady.is_none()).then_some(ACQUISITION);
        for which in KINDS.into_iter().chain(more) {
            if kinds.is_empty() {
                let most = if which == ACQUISITION { most.min(MAX_ACQUISITIONS) } else { most };
                kinds = files.iter().map(|i| named(heads, *i, which)).collect();
                if !splits(&kinds, &here, most) {
                    kinds.clear();
                }
            }
        }
    }
    if !kinds.is_empty() {
        for kind in distinct(&kinds) {
            let some = files.iter().zip(&kinds).filter(|(_, k)| **k == kind).map(|(i, _)| *i).collect();
            let comma = if part.is_empty() { "" } else { ", " };
            volumes(heads, some, format!("{part}{comma}{}", kind.1), out);
        }
        return;
    }
    let (places, times, mut notes) = in_times(heads, places);
    let firsts: Vec<Vector> = places.iter().filter_map(|p| p.first()).map(|i| position(*i)).collect();
    let thickness = spacing.and_then(|s| s.z);
    let Arranged { geometry, notes: told, .. } = stack::arrange(&firsts, orientation, pixel, thickness);
    notes.extend(told);
    let order = (0..times).flat_map(|t| places.iter().filter_map(move |p| p.get(t).copied()));
    out.push(Volume {
        part,
        files: order.collect(),
        depths: places.len(),
        times,
        geometry: geometry.filter(|_| spacing.is_some()),
        notes,
    });
}

/// A value by which kinds are put in order, and its name.
type Named = (f64, String);

fn named(heads: &[Head], file: usize, which: usize) -> Named {
    let (Some(head), Some((name, _))) = (heads.get(file), VARIES.get(which)) else {
        return (0.0, String::new());
    };
    let value = head.varies.get(which).map(String::as_str).unwrap_or_default();
    let unit = match *name {
        "echo time" | "inversion time" => " ms",
        "b-value" => " s/mm²",
        "flip angle" => "°",
        _ => "",
    };
    let value = if value.is_empty() { "unknown" } else { value };
    (head.number_of(which).unwrap_or(-1.0), format!("{name} {}{unit}", value.replace('\\', " ")))
}

/// Stacks that lie side by side.
fn sides(positions: &[Vector], [row, column]: [Vector; 2], pixel: f64) -> Vec<Named> {
    let mut known: Vec<[f64; 2]> = Vec::new();
    let mut side = |position: &Vector| {
        let at = [dot(*position, row), dot(*position, column)];
        let near = |k: &[f64; 2]| k.iter().zip(at).all(|(a, b)| (a - b).abs() <= pixel);
        let which = known.iter().position(near).unwrap_or_else(|| {
            // As many as files, of a tilted gantry: no more are looked at than would split.
            if known.len() < 64 {
                known.push(at);
            }
            known.len() - 1
        });
        (which as f64, format!("place {}", which + 1))
    };
    positions.iter().map(&mut side).collect()
}

fn distinct(kinds: &[Named]) -> Vec<Named> {
    let mut out = kinds.to_vec();
    sort_by(&mut out, |a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    out.dedup();
    out
}

/// Whether there are several kinds, no more than images at a position, and some position has several.
fn splits(kinds: &[Named], places: &[Vec<usize>], most: usize) -> bool {
    (2..=most).contains(&distinct(kinds).len())
        && places.iter().any(|place| {
            let first = place.first().and_then(|i| kinds.get(*i));
            place.iter().any(|i| kinds.get(*i) != first)
        })
}
