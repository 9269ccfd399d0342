//! Whether a mask floods the image: covers far more of it than what was labelled suggests.

/// Part of the labelled images from which on labels are no strokes any more: then they tell how much there is of each class.
const WHOLE: f64 = 0.25;

/// Whether so much is labelled that the labels tell how much there is of each class.
pub(super) fn most_are_labelled(pixels: &[u64], area: u64) -> bool {
    pixels.iter().map(|n| *n as f64).sum::<f64>() >= WHOLE * area as f64
}

/// The part of an image that a mask covers at most, if it is what the labels suggest; 1 where they suggest nothing.
///
/// `pixels`: labelled, of the background and of each class; `area`: pixels of the images that have labels.
///
/// Of images that are labelled for a good part, half as much again as the classes have of the labels. Strokes do not tell how much
/// there is, since people paint what they look for: a mask may cover twice the part that the classes have of them, from 30 %
/// on, but no more than as if the background had as much of the image as each class.
pub fn most_covered(pixels: &[u64], area: u64) -> f64 {
    let [background, classes @ ..] = pixels else { return 1.0 };
    let found = classes.iter().filter(|n| **n > 0).count() as f64;
    // Classes that exclude each other need no background.
    if *background == 0 || found == 0.0 || area == 0 {
        return 1.0;
    }
    let painted: f64 = classes.iter().map(|n| *n as f64).sum();
    let share = painted / (painted + *background as f64);
    if most_are_labelled(pixels, area) {
        return (1.5 * share + 0.05).min(1.0);
    }
    (2.0 * share).max(0.3).min(found / (found + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_suggest_no_more_than_half_of_the_image_and_for_several_classes_an_even_share() {
        // Six strokes on membranes and two on the background, in 512 x 512: 71 % covered is a flood.
        let most = most_covered(&[1200, 3600], 512 * 512);
        assert!((0.5..0.71).contains(&most), "{most}");
        assert_eq!(most_covered(&[1200, 1800, 1800], 512 * 512), 2.0 / 3.0);
        // Who paints little of it beside much background expects little of it.
        assert_eq!(most_covered(&[9000, 1000], 512 * 512), 0.3);
    }

    #[test]
    fn labels_of_a_whole_image_tell_how_much_there_is() {
        assert!((most_covered(&[800, 200], 1000) - 0.35).abs() < 1e-9);
        assert_eq!(most_covered(&[200, 800], 1000), 1.0);
    }

    #[test]
    fn what_says_nothing_of_the_background_suggests_nothing() {
        for pixels in [&[][..], &[5], &[0, 7, 7], &[7, 0], &[0, 0]] {
            assert_eq!(most_covered(pixels, 100), 1.0);
        }
        assert_eq!(most_covered(&[1, 1], 0), 1.0);
        assert!(most_covered(&[u64::MAX, u64::MAX], u64::MAX) <= 1.0);
    }
}
