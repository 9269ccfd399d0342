//! Pieces of a mask, some of which are left out.

use super::components::{Components, Connectivity, components};

/// Makes background of the pieces of each class that are not to be kept: `keep` tells it of each piece of one class, in the order of their
/// numbers. `labels` are classes `[row][column]`; nothing is done if they are not `width * height`.
pub(super) fn keep_pieces(
    labels: &mut [u8],
    width: usize,
    height: usize,
    connectivity: Connectivity,
    keep: impl Fn(&Components) -> Vec<bool>,
) {
    if labels.len() != width * height {
        return;
    }
    let mut there = [false; 256];
    labels.iter().for_each(|class| there[usize::from(*class)] = true);
    for class in (1..=u8::MAX).filter(|class| there[usize::from(*class)]) {
        let is: Vec<bool> = labels.iter().map(|label| *label == class).collect();
        let found = components(&is, width, height, connectivity);
        let kept = keep(&found);
        for (label, number) in labels.iter_mut().zip(&found.numbers) {
            if *number > 0 && !kept[*number as usize - 1] {
                *label = 0;
            }
        }
    }
}
