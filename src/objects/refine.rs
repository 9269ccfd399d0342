//! Objects made tidier: holes filled, outlines smoothed, those at the border left out.

use super::components::{Connectivity, components};
use super::instances::renumbered;

/// What is done to objects once they are told apart. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refinement {
    /// Holes within one object become part of it.
    pub fill_holes: bool,
    /// Objects that touch the border of the image are left out: they are cut off, and their sizes wrong.
    pub without_border: bool,
    /// Radius, pixels, within which the majority decides: outlines lose what is thinner. 0 changes nothing.
    pub smoothing: usize,
}

/// Object numbers `[row][column]` after that, from 1 in scan order.
pub fn refined(mut numbers: Vec<u32>, width: usize, how: &Refinement) -> Vec<u32> {
    if how.smoothing > 0 {
        numbers = smooth(&numbers, width, how.smoothing);
    }
    if how.fill_holes {
        fill_holes(&mut numbers, width);
    }
    if how.without_border {
        leave_border(&mut numbers, width);
    }
    renumbered(&numbers)
}

/// Background that one object encloses becomes part of it.
fn fill_holes(numbers: &mut [u32], width: usize) {
    let height = numbers.len() / width.max(1);
    let open: Vec<bool> = numbers.iter().map(|n| *n == 0).collect();
    let holes = components(&open, width, height, Connectivity::Four);
    // Of each piece of the background the one object around it; `u32::MAX` where there are several, or the border.
    const OPEN: u32 = u32::MAX;
    let mut around = vec![0u32; holes.sizes.len() + 1];
    for (i, hole) in holes.numbers.iter().enumerate().filter(|(_, hole)| **hole != 0) {
        let (x, y) = (i % width, i / width);
        let owner = &mut around[*hole as usize];
        if x == 0 || y == 0 || x + 1 == width || y + 1 == height {
            *owner = OPEN;
            continue;
        }
        for other in
            [i - 1, i + 1, i - width, i + width].map(|at| numbers[at]).into_iter().filter(|n| *n != 0)
        {
            if *owner == 0 {
                *owner = other;
            } else if *owner != other {
                *owner = OPEN;
            }
        }
    }
    for (number, hole) in numbers.iter_mut().zip(&holes.numbers) {
        let owner = around[*hole as usize];
        if *hole != 0 && owner != OPEN {
            *number = owner;
        }
    }
}

fn leave_border(numbers: &mut [u32], width: usize) {
    let height = numbers.len() / width.max(1);
    let mut gone = vec![false; numbers.iter().copied().max().unwrap_or(0) as usize + 1];
    for (i, number) in numbers.iter().enumerate() {
        let (x, y) = (i % width, i / width);
        gone[*number as usize] |= x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    }
    numbers.iter_mut().filter(|n| gone[**n as usize]).for_each(|n| *n = 0);
}

/// Each pixel takes the number that most pixels of a disc around it have; its own where several are equally many.
fn smooth(numbers: &[u32], width: usize, radius: usize) -> Vec<u32> {
    let height = numbers.len() / width.max(1);
    let r = radius as isize;
    let inside = |dx: isize, dy: isize| dx * dx + dy * dy <= r * r + r;
    let disc: Vec<(isize, isize)> = (-r..=r)
        .flat_map(|dy| (-r..=r).map(move |dx| (dx, dy)))
        .filter(|(dx, dy)| inside(*dx, *dy))
        .collect();
    let mut counts: Vec<(u32, usize)> = Vec::new();
    (0..numbers.len())
        .map(|i| {
            let (x, y) = ((i % width) as isize, (i / width) as isize);
            counts.clear();
            counts.push((numbers[i], 0));
            for (dx, dy) in &disc {
                let (x, y) = (x + dx, y + dy);
                if x < 0 || y < 0 || x >= width as isize || y >= height as isize {
                    continue;
                }
                let number = numbers[y as usize * width + x as usize];
                match counts.iter_mut().find(|(n, _)| *n == number) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((number, 1)),
                }
            }
            // The last of the largest is kept, and the pixel's own stands first.
            counts.iter().rev().max_by_key(|(_, count)| *count).map_or(0, |(number, _)| *number)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    const RING: [u32; 49] = [
        0, 0, 0, 0, 0, 0, 0,
        0, 5, 5, 5, 5, 0, 0,
        0, 5, 0, 0, 5, 0, 0,
        0, 5, 0, 0, 5, 0, 0,
        0, 5, 5, 5, 5, 9, 9,
        0, 0, 0, 0, 0, 9, 9,
        0, 0, 0, 0, 0, 0, 0,
    ];

    #[test]
    fn holes_are_filled_and_objects_at_the_border_left_out() {
        let filled = refined(RING.to_vec(), 7, &Refinement { fill_holes: true, ..Refinement::default() });
        assert_eq!((filled[2 * 7 + 2], filled[4 * 7 + 5]), (1, 2));
        assert_eq!(filled.iter().filter(|n| **n == 1).count(), 16);
        let inner = refined(RING.to_vec(), 7, &Refinement { without_border: true, ..Refinement::default() });
        assert_eq!(inner.iter().max(), Some(&1));
    }

    #[test]
    fn a_hole_between_two_objects_is_the_background_of_both() {
        #[rustfmt::skip]
        let numbers = vec![
            1, 1, 1, 2, 2,
            1, 0, 0, 0, 2,
            1, 1, 1, 2, 2,
        ];
        let filled = refined(numbers.clone(), 5, &Refinement { fill_holes: true, ..Refinement::default() });
        assert_eq!(filled, numbers);
    }

    #[test]
    fn smoothing_takes_off_a_spike_and_keeps_the_body() {
        let mut numbers = vec![0; 400];
        for (x, y) in (5..15).flat_map(|x| (5..15).map(move |y| (x, y))) {
            numbers[y * 20 + x] = 1;
        }
        numbers[2 * 20 + 9] = 1;
        numbers[3 * 20 + 9] = 1;
        numbers[4 * 20 + 9] = 1;
        let smoothed = refined(numbers, 20, &Refinement { smoothing: 2, ..Refinement::default() });
        assert_eq!((smoothed[2 * 20 + 9], smoothed[10 * 20 + 9]), (0, 1));
        assert!(refined(Vec::new(), 0, &Refinement { smoothing: 1, ..Refinement::default() }).is_empty());
    }
}
