//! Borders between numbered regions, made one pixel wide.

use std::collections::VecDeque;

use super::flood::edges;

/// Lets numbered regions grow into the unnumbered pixels (number 0) between them until borders one pixel wide are
/// left, as the ISBI 2012 challenge thins membranes: a watershed without heights, with its lines kept.
///
/// All regions grow by edges at the same speed, first come, first served, along the rows. A pixel whose neighbours
/// by edge have two numbers when its turn comes stays 0 and stops the growth, so different numbers never share an
/// edge unless they did before. Where more than two regions meet, a border can be a pixel wider; where borders have
/// an even width, the line lies on the side that comes later along the rows. Without any region nothing changes.
///
/// `numbers` is `[row][column]` with rows of `width` pixels. Time and memory grow with the number of pixels.
///
/// # Panics
/// If `numbers` is no whole number of rows.
pub fn thin_borders(numbers: &mut [u32], width: usize) {
    let pixels = numbers.len();
    assert!(pixels == 0 || (width > 0 && pixels.is_multiple_of(width)), "regions fill whole rows");
    let mut queued: Vec<bool> = numbers.iter().map(|n| *n != 0).collect();
    let mut waiting = VecDeque::new();
    let mut queue_around = |i: usize, waiting: &mut VecDeque<usize>| {
        for j in edges(i, width, pixels) {
            if !queued[j] {
                queued[j] = true;
                waiting.push_back(j);
            }
        }
    };
    for i in (0..pixels).filter(|i| numbers[*i] != 0) {
        queue_around(i, &mut waiting);
    }
    while let Some(i) = waiting.pop_front() {
        let mut around = edges(i, width, pixels).map(|j| numbers[j]).filter(|n| *n != 0);
        let first = around.next().unwrap_or(0);
        if around.all(|n| n == first) {
            numbers[i] = first;
            queue_around(i, &mut waiting);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::components::tests::{all_connected, mask};
    use super::super::components::{Connectivity, components};
    use super::*;

    #[test]
    fn wide_borders_become_one_pixel_wide() {
        let mut odd = [1, 0, 0, 0, 2];
        thin_borders(&mut odd, 5);
        assert_eq!(odd, [1, 1, 0, 2, 2]);
        let mut even = [1, 0, 0, 0, 0, 2];
        thin_borders(&mut even, 6);
        assert_eq!(even, [1, 1, 1, 0, 2, 2]);
        let mut thin = [1, 0, 2];
        thin_borders(&mut thin, 3);
        assert_eq!(thin, [1, 0, 2]);
    }

    #[test]
    fn a_border_with_the_same_region_on_both_sides_vanishes() {
        let (is, w, h) = mask(&["#####", "#...#", "#...#", "#####"]);
        let mut numbers = components(&is, w, h, Connectivity::Four).numbers;
        thin_borders(&mut numbers, w);
        assert!(numbers.iter().all(|n| *n == 1));
    }

    #[test]
    fn nothing_grows_where_no_region_is() {
        let mut none = [0; 6];
        thin_borders(&mut none, 3);
        assert_eq!(none, [0; 6]);
        thin_borders(&mut [], 0);
    }

    proptest! {
        #[test]
        fn regions_keep_their_pixels_stay_connected_and_stay_apart(
            (w, is) in (1usize..14, 1usize..14).prop_flat_map(|(w, h)| (Just(w), prop::collection::vec(prop::bool::weighted(0.4), w * h))),
        ) {
            let before = components(&is, w, is.len() / w, Connectivity::Four).numbers;
            let mut after = before.clone();
            thin_borders(&mut after, w);
            prop_assert!(all_connected(&after, w, Connectivity::Four));
            for i in 0..is.len() {
                prop_assert!(before[i] == 0 || before[i] == after[i]);
                for j in edges(i, w, is.len()) {
                    prop_assert!(after[i] == 0 || after[j] == 0 || after[i] == after[j]);
                }
                // What is left separates: a pixel with one region around it and no border would have been taken.
                let around: Vec<u32> = edges(i, w, is.len()).map(|j| after[j]).collect();
                if after[i] == 0 && around.iter().any(|n| *n != 0) {
                    prop_assert!(around.iter().any(|n| *n != 0 && *n != *around.iter().find(|n| **n != 0).unwrap()));
                }
            }
        }
    }
}
