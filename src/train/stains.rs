//! Changes of stain: a little more or less of each dye of a section, as one laboratory's slides differ from another's.
//!
//! Tellez et al. 2018 (IEEE Transactions on Medical Imaging 37(9):2126). Light passes through the dyes one after the other, so that optical
//! densities add up (Beer and Lambert); the colours of haematoxylin, eosin and DAB are those of Ruifrok and Johnston 2001 (Analytical and
//! Quantitative Cytology and Histology 23(4):291).

use rand::{Rng, RngExt};

/// Optical density of each dye in red, green and blue.
const DYES: [[f32; 3]; 3] = [[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]];
/// Light that is told from none, as a part of the range.
const DARKEST: f32 = 1.0 / 255.0;
/// Channels that differ less than this nowhere have no colour.
const GREY: f32 = 1e-3;

/// Multiplies the amount of each dye in a patch by a factor between `1 - most` and `1 + most`, and adds between `-most` and `most` to it.
/// `values` are normalised, `[red, green, blue][pixel]`; what lies outside of 0..1 keeps its distance to it. A patch of another number of
/// channels, or without colour, stays as it is.
pub fn change_stains(values: &mut [f32], channels: usize, most: f32, rng: &mut impl Rng) {
    // Drawn in any case, so that what comes after does not hang on the colours of a patch.
    let changes: [[f32; 2]; 3] = std::array::from_fn(|_| {
        std::array::from_fn(|which| (1 - which) as f32 + most * (2.0 * rng.random::<f32>() - 1.0))
    });
    if channels != 3 {
        return;
    }
    let (red, rest) = values.split_at_mut(values.len() / 3);
    let (green, blue) = rest.split_at_mut(rest.len() / 2);
    let pixels = || red.iter().zip(green.iter()).zip(blue.iter());
    if pixels().all(|((r, g), b)| (r - g).abs() < GREY && (g - b).abs() < GREY) {
        return;
    }
    let amounts = inverse(DYES);
    for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
        let before = [*r, *g, *b].map(|v| v.clamp(DARKEST, 1.0));
        let dyes = product(before.map(|v| -v.ln()), amounts);
        let changed: [f32; 3] = std::array::from_fn(|i| dyes[i] * changes[i][0] + changes[i][1]);
        let after = product(changed, DYES).map(|density| (-density).exp());
        for (value, (from, to)) in [r, g, b].into_iter().zip(before.into_iter().zip(after)) {
            *value += to - from;
        }
    }
}

/// A row times a matrix.
fn product(row: [f32; 3], matrix: [[f32; 3]; 3]) -> [f32; 3] {
    std::array::from_fn(|column| (0..3).map(|i| row[i] * matrix[i][column]).sum())
}

/// By cofactors; for matrices that have an inverse.
fn inverse(m: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let cofactor = |row: usize, column: usize| {
        let at = |r: usize, c: usize| m[(row + r) % 3][(column + c) % 3];
        at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)
    };
    let determinant: f32 = (0..3).map(|column| m[0][column] * cofactor(0, column)).sum();
    std::array::from_fn(|row| std::array::from_fn(|column| cofactor(column, row) / determinant))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    fn changed(values: &[f32], channels: usize, most: f32, seed: u64) -> Vec<f32> {
        let mut values = values.to_vec();
        change_stains(&mut values, channels, most, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
        values
    }

    /// Violet and pink on white, a pixel above the range and one below it.
    const SECTION: [f32; 15] = [0.45, 0.9, 1.0, 1.2, 0.5, 0.3, 0.6, 1.0, 1.1, 0.4, 0.6, 0.8, 1.0, 1.05, -0.1];

    #[test]
    fn a_matrix_times_its_inverse_changes_nothing() {
        for (row, dye) in DYES.into_iter().enumerate() {
            let unit = product(dye, inverse(DYES));
            for (column, v) in unit.into_iter().enumerate() {
                assert!((v - f32::from(u8::from(row == column))).abs() < 1e-5, "{unit:?}");
            }
        }
    }

    #[test]
    fn no_change_of_dyes_is_no_change_of_colours() {
        for (a, b) in changed(&SECTION, 3, 0.0, 1).iter().zip(SECTION) {
            assert!((a - b).abs() < 1e-5, "{a} and {b}");
        }
    }

    #[test]
    fn dyes_change_by_as_much_as_is_said() {
        for seed in 0..20 {
            let after = changed(&SECTION, 3, 0.2, seed);
            assert_ne!(after, SECTION);
            // The first pixel is of dyes alone: each is within a factor and an offset of 0.2 of what it was.
            let dyes = |v: &[f32]| product([v[0], v[5], v[10]].map(|v| -v.ln()), inverse(DYES));
            for (was, is) in dyes(&SECTION).into_iter().zip(dyes(&after)) {
                assert!((is - was).abs() <= 0.2 * was.abs() + 0.2 + 1e-4, "{was} to {is}");
            }
        }
    }

    #[test]
    fn an_image_without_colour_stays_as_it_is() {
        let grey = [0.1, 0.9, 0.1, 0.9, 0.1, 0.9];
        assert_eq!(changed(&grey, 3, 0.3, 1), grey);
        assert_eq!(changed(&SECTION, 1, 0.3, 1), SECTION);
        assert!(changed(&[], 3, 0.3, 1).is_empty());
    }
}
