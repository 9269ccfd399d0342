//! The large pieces of a mask: what is left of it where there is one thing to find, as one heart or one lesion.

use super::components::{Components, Connectivity};
use super::pieces::keep_pieces;

/// Which pieces of a class are its large ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Largest {
    /// Of the size of the largest piece, 0 to 1: 1 is the largest alone, and those that are as large.
    pub part: f32,
    /// Whether pixels count by how near they are to the middle of the image, where people bring what they take a picture of: as the square of
    /// their distances to the nearer side and to the nearer of top and bottom, multiplied, each as a part of what it is in the middle. What
    /// comes in from the rim (a ruler, a sticker, the dark round of a lens) is then not large.
    pub central: bool,
}

/// Makes background of each piece (8-connected) of a class that is not large. `labels` are classes `[row][column]`; nothing is done if they
/// are not `width * height`.
pub fn keep_largest(labels: &mut [u8], width: usize, height: usize, largest: Largest) {
    keep_pieces(labels, width, height, Connectivity::Eight, |found| {
        let sizes = if largest.central {
            central_sizes(found, width, height)
        } else {
            found.sizes.iter().map(|size| *size as f64).collect()
        };
        let most = sizes.iter().copied().fold(0.0, f64::max);
        // Pieces that are exactly the part belong to the mask: 0.5 of 100 pixels keeps one of 50.
        sizes.into_iter().map(|size| size >= f64::from(largest.part) * most).collect()
    });
}

/// The sizes of pieces, pixels in the middle of the image counting 1, at its rim next to nothing.
fn central_sizes(pieces: &Components, width: usize, height: usize) -> Vec<f64> {
    let weights = |n: usize| -> Vec<f64> {
        let weight = |i: usize| 1.0 - ((2 * i + 1) as f64 / n as f64 - 1.0).abs();
        (0..n).map(|i| weight(i).powi(2)).collect()
    };
    let (columns, rows) = (weights(width), weights(height));
    let mut sizes = vec![0.0; pieces.sizes.len()];
    for (row, numbers) in rows.iter().zip(pieces.numbers.chunks_exact(width.max(1))) {
        for (column, number) in columns.iter().zip(numbers).filter(|(_, number)| **number > 0) {
            sizes[*number as usize - 1] += row * column;
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of classes, a point for the background.
    fn kept(rows: &[&str], part: f32) -> Vec<String> {
        of(rows, Largest { part, central: false })
    }

    fn of(rows: &[&str], largest: Largest) -> Vec<String> {
        let width = rows[0].len();
        let mut labels: Vec<u8> =
            rows.iter().flat_map(|row| row.bytes()).map(|b| if b == b'.' { 0 } else { b - b'0' }).collect();
        keep_largest(&mut labels, width, rows.len(), largest);
        let row = |row: &[u8]| row.iter().map(|c| if *c == 0 { '.' } else { char::from(b'0' + c) }).collect();
        labels.chunks(width).map(row).collect()
    }

    #[test]
    fn pieces_smaller_than_the_part_of_the_largest_of_their_class_go() {
        let mask = ["11.1.22", "11.1...", "...1...", "1......"];
        assert_eq!(kept(&mask, 0.0), mask);
        assert_eq!(kept(&mask, 0.75), ["11.1.22", "11.1...", "...1...", "......."]);
        assert_eq!(kept(&mask, 1.0), ["11...22", "11.....", ".......", "......."]);
    }

    #[test]
    fn what_lies_in_the_middle_is_large_if_pieces_count_by_where_they_are() {
        let mask = ["11....", "11.1..", "11....", "11...1"];
        let central = |part| of(&mask, Largest { part, central: true });
        assert_eq!(kept(&mask, 1.0), ["11....", "11....", "11....", "11...."]);
        assert_eq!(central(1.0), ["......", "...1..", "......", "......"]);
        assert_eq!(central(1e-4), mask);
        // The larger one wins where both are in the middle, and the only one stays wherever it is.
        let both = ["......", ".1.11.", ".1.11.", "......"];
        assert_eq!(of(&both, Largest { part: 1.0, central: true }), ["......", "...11.", "...11.", "......"]);
        assert_eq!(of(&["1..."], Largest { part: 1.0, central: true }), ["1..."]);
    }

    #[test]
    fn corners_join_a_piece_and_a_mask_without_pieces_stays_empty() {
        assert_eq!(kept(&["1..1", ".1..", "...."], 1.0), ["1...", ".1..", "...."]);
        assert_eq!(kept(&["....", "...."], 1.0), ["....", "...."]);
    }
}
