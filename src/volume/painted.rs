//! On which planes labels were painted: a plane across the slices leaves a thin line on each of these.

use std::collections::VecDeque;

use super::labels::{LabelVolume, UNLABELLED};
use crate::error::Result;
use crate::scan::zeroed;

/// Voxels that what was painted on a plane, or on two or three side by side, is thick.
const THIN: usize = 3;
/// How many times further it reaches across the slices.
const LONGER: usize = 2;
/// Labelled voxels from which on a plane counts.
const LEAST: u32 = 16;
/// Part of the labels of a slice that lie on planes across, in percent, from which on nobody painted on the slice itself.
const CROSSED: usize = 90;

/// Planes that a person painted on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Painted {
    /// Across the slices: the axis that stands upright on it (0 columns, 1 rows), and which plane it is.
    pub across: Vec<(usize, usize)>,
    /// Slices with labels that only such planes left there.
    pub crossed: Vec<usize>,
}

impl Painted {
    /// A labelled voxel belongs to a plane across the slices where the labels are at most three voxels thick at right angles to that plane and
    /// at least twice as long from slice to slice; a plane counts if most of its labelled voxels belong to it. So neither slices that lie
    /// one above the other, nor what was filled in between them, nor a ball makes planes across; and labels of slices stay those of slices, unless
    /// nine tenths of them lie on planes across.
    ///
    /// # Errors
    /// `scan.limit.memory`.
    pub fn of(labels: &dyn LabelVolume) -> Result<Self> {
        let [columns, rows, slices] = labels.size();
        let mut counts = [columns, rows].map(|planes| vec![[0u32; 2]; planes]);
        // As many slices as are to be seen around the one in work.
        let reach = LONGER * THIN - 1;
        let mut near: VecDeque<Option<Vec<bool>>> = (0..reach).map(|_| None).collect();
        for next in 0..slices + reach {
            near.push_back(if next < slices { labelled(labels, next)? } else { None });
            if near.len() > 2 * reach + 1 {
                near.pop_front();
            }
            if next >= reach && near.len() == 2 * reach + 1 {
                count(&near, reach, columns, &mut counts);
            }
        }
        let is_painted = |[all, own]: &[u32; 2]| *all >= LEAST && 2 * own > *all;
        let painted = counts.map(|planes| planes.iter().map(is_painted).collect::<Vec<bool>>());
        let mut found = Self::default();
        for (axis, planes) in painted.iter().enumerate() {
            found.across.extend((0..planes.len()).filter(|i| planes[*i]).map(|i| (axis, i)));
        }
        if found.across.is_empty() {
            return Ok(found);
        }
        for slice in 0..slices {
            let Some(seen) = labelled(labels, slice)? else { continue };
            let places = (0..seen.len()).filter(|i| seen[*i]);
            let (mut all, mut on) = (0, 0);
            for i in places {
                all += 1;
                on += usize::from(painted[0][i % columns] || painted[1][i / columns]);
            }
            if 100 * on >= CROSSED * all {
                found.crossed.push(slice);
            }
        }
        Ok(found)
    }
}

/// Which pixels of a slice are labelled; none if none is.
fn labelled(labels: &dyn LabelVolume, slice: usize) -> Result<Option<Vec<bool>>> {
    let [columns, rows, _] = labels.size();
    let mut line = vec![UNLABELLED; columns];
    let mut seen = Vec::new();
    for row in 0..rows {
        line.fill(UNLABELLED);
        labels.read(slice, row, 0, &mut line);
        if seen.is_empty() && line.iter().any(|label| *label != UNLABELLED) {
            seen = zeroed(columns * rows)?;
        }
        for (seen, label) in seen.iter_mut().skip(row * columns).zip(&line) {
            *seen = *label != UNLABELLED;
        }
    }
    Ok((!seen.is_empty()).then_some(seen))
}

/// Counts labelled voxels of the slice in the middle for each plane across, and those that belong to it.
fn count(near: &VecDeque<Option<Vec<bool>>>, reach: usize, columns: usize, counts: &mut [Vec<[u32; 2]>; 2]) {
    let Some(Some(here)) = near.get(reach) else { return };
    let set = |slice: usize, i: usize| near.get(slice).and_then(Option::as_ref).is_some_and(|seen| seen[i]);
    for i in (0..here.len()).filter(|i| here[*i]) {
        let (column, row) = (i % columns, i / columns);
        let below = (1..=reach).take_while(|n| set(reach - n, i)).count();
        let above = (1..=reach).take_while(|n| set(reach + n, i)).count();
        let long = below + above + 1;
        for (axis, step, at, end) in [(0, 1, column, columns), (1, columns, row, here.len() / columns)] {
            let before = (1..=at.min(THIN)).take_while(|n| here[i - n * step]).count();
            let after = (1..=(end - 1 - at).min(THIN)).take_while(|n| here[i + n * step]).count();
            let thick = before + after + 1;
            if let Some([all, own]) = counts[axis].get_mut(at) {
                *all += 1;
                *own += u32::from(thick <= THIN && long >= LONGER * thick);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DenseLabels;
    use super::*;

    const SIZE: [usize; 3] = [30, 24, 12];

    fn painted(label: impl Fn([usize; 3]) -> bool) -> Painted {
        let voxel = |i: usize| [i % 30, i / 30 % 24, i / 720];
        let mut voxels: Vec<u8> =
            (0..30 * 24 * 12).map(|i| if label(voxel(i)) { (i % 2) as u8 } else { UNLABELLED }).collect();
        Painted::of(&DenseLabels::new(SIZE, &mut voxels).unwrap()).unwrap()
    }

    #[test]
    fn a_plane_across_the_slices_is_found_and_the_lines_that_it_left_are_none() {
        let disc = |a: usize, b: usize| a.abs_diff(12).pow(2) + b.abs_diff(6).pow(2) <= 20;
        let found = painted(|[x, y, z]| x == 9 && disc(y, z));
        assert_eq!(found, Painted { across: vec![(0, 9)], crossed: (2..=10).collect() });
        // Two side by side, and one of the other orientation.
        let found = painted(|[x, y, z]| ((x == 9 || x == 10) && disc(y, z)) || (y == 20 && disc(x, z)));
        assert_eq!(found.across, [(0, 9), (0, 10), (1, 20)]);
    }

    #[test]
    fn slices_that_were_painted_stay_slices() {
        let block = |[x, y, _]: [usize; 3]| (5..15).contains(&x) && (5..15).contains(&y);
        for slices in [vec![3], vec![3, 4], (2..11).collect()] {
            let found = painted(|at| slices.contains(&at[2]) && block(at));
            assert_eq!(found, Painted::default(), "{slices:?}");
        }
        // A thin stroke, a ball.
        assert_eq!(painted(|[x, y, z]| z == 4 && y == 7 && x < 25), Painted::default());
        let ball = |[x, y, z]: [usize; 3]| {
            x.abs_diff(12).pow(2) + y.abs_diff(12).pow(2) + z.abs_diff(6).pow(2) <= 26
        };
        assert_eq!(painted(ball), Painted::default());
    }

    #[test]
    fn a_slice_with_labels_of_its_own_is_learnt_from_beside_the_planes_across() {
        let plane = |[x, y, z]: [usize; 3]| x == 9 && (4..20).contains(&y) && (1..11).contains(&z);
        let own = |[x, y, z]: [usize; 3]| z == 5 && (15..25).contains(&x) && (5..9).contains(&y);
        let found = painted(|at| plane(at) || own(at));
        assert_eq!(found.across, [(0, 9)]);
        assert!(!found.crossed.contains(&5) && found.crossed.len() == 9);
    }
}
