//! The large pieces of a mask: what is left of it where there is one thing to find, as one heart or one lesion.

use super::Connectivity;
use super::pieces::keep_pieces;

/// Makes background of each piece (8-connected) of a class that has less than `part`, 0 to 1, of the pixels of the largest piece of that
/// class: 1 leaves the largest alone, and those that are as large. `labels` are classes `[row][column]`; nothing is done if they are not
/// `width * height`.
pub fn keep_largest(labels: &mut [u8], width: usize, height: usize, part: f32) {
    keep_pieces(labels, width, height, Connectivity::Eight, |found| {
        let largest = found.sizes.iter().max().copied().unwrap_or(0);
        // Pieces that are exactly the part belong to the mask: 0.5 of 100 pixels keeps one of 50.
        found.sizes.iter().map(|size| *size as f64 >= f64::from(part) * largest as f64).collect()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of classes, a point for the background.
    fn kept(rows: &[&str], part: f32) -> Vec<String> {
        let width = rows[0].len();
        let mut labels: Vec<u8> =
            rows.iter().flat_map(|row| row.bytes()).map(|b| if b == b'.' { 0 } else { b - b'0' }).collect();
        keep_largest(&mut labels, width, rows.len(), part);
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
    fn corners_join_a_piece_and_a_mask_without_pieces_stays_empty() {
        assert_eq!(kept(&["1..1", ".1..", "...."], 1.0), ["1...", ".1..", "...."]);
        assert_eq!(kept(&["....", "...."], 1.0), ["....", "...."]);
    }
}
