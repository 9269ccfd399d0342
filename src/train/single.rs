//! Single objects among labels that people painted: what they took over from a mask keeps its numbers, what they painted is an object for each
//! connected piece.

use std::collections::HashMap;

use super::sample::Labels;
use crate::objects::{Connectivity, components};

/// The part of an object's pixels that must still be labelled as an object for its number to count.
const KEPT: f64 = 0.5;

/// Object labels of painted `classes` (`[row][column]`, [`Labels::IGNORE`] is not labelled), whatever their class. `given`: the number of the
/// object that each pixel was of when objects were taken over, 0 elsewhere. Where a person erased or repainted since, the labels say what is
/// there; an object of which less than half is left is none any more.
///
/// # Panics
/// If the slices do not hold as many values.
pub fn single_objects(classes: &[u8], given: &[u32], width: usize) -> Vec<u32> {
    assert_eq!(classes.len(), given.len(), "labels and objects are of one image");
    let labelled = |class: u8| class != 0 && class != Labels::IGNORE;
    // Of each number its pixels, and those of them that are still labelled.
    let mut pixels = HashMap::<u32, (usize, usize)>::new();
    for (class, number) in classes.iter().zip(given).filter(|(_, number)| **number != 0) {
        let (all, left) = pixels.entry(*number).or_default();
        *all += 1;
        *left += usize::from(labelled(*class));
    }
    let counts =
        |number: u32| pixels.get(&number).is_some_and(|(all, left)| *left as f64 >= KEPT * *all as f64);
    let painted: Vec<bool> = classes.iter().zip(given).map(|(c, n)| labelled(*c) && !counts(*n)).collect();
    let pieces =
        components(&painted, width, classes.len().checked_div(width).unwrap_or(0), Connectivity::Four);
    let highest = pixels.keys().copied().filter(|number| *number != Labels::OPEN).max().unwrap_or(0);
    let numbers =
        classes.iter().zip(given).zip(pieces.numbers).map(|((class, number), piece)| match *class {
            Labels::IGNORE => Labels::OPEN,
            0 => 0,
            _ if piece > 0 => highest.saturating_add(piece).min(Labels::OPEN - 1),
            _ => *number,
        });
    numbers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const U: u8 = Labels::IGNORE;

    #[test]
    fn objects_that_touch_keep_their_numbers_and_what_is_painted_is_an_object_for_each_piece() {
        let classes = [1, 1, 1, 1, 0, 1, 0, U, 2];
        let given = [3, 3, 5, 5, 0, 0, 0, 0, 0];
        assert_eq!(single_objects(&classes, &given, 9), [3, 3, 5, 5, 0, 6, 0, Labels::OPEN, 7]);
    }

    #[test]
    fn what_was_erased_is_gone_and_what_is_left_of_little_is_a_piece() {
        // Of object 3 one pixel of four is left, of object 5 three.
        let classes = [1, U, U, U, 0, 1, 1, 1, 0];
        let given = [3, 3, 3, 3, 0, 5, 5, 5, 5];
        let open = Labels::OPEN;
        assert_eq!(single_objects(&classes, &given, 9), [6, open, open, open, 0, 5, 5, 5, 0]);
        assert!(single_objects(&[], &[], 0).is_empty());
    }
}
