//! Hairs drawn over a patch, as they lie over lesions of the skin: what is under them is labelled all the same, so a network learns to see
//! past them.

use rand::{Rng, RngExt};

/// Hairs of a patch, at most; few are likelier than many.
const MOST: f32 = 40.0;
/// Half of their width, pixels of the patch.
const RADIUS: [f32; 2] = [0.3, 1.1];
/// Their length, as a part of the side.
const LENGTH: [f32; 2] = [0.25, 1.2];

/// Draws up to 40 bent hairs over a square patch of `size` pixels a side; `values` are normalised, `[channel][pixel]`. They lie about in one
/// direction and have about one colour, mostly dark.
pub fn draw_hairs(values: &mut [f32], channels: usize, size: usize, rng: &mut impl Rng) {
    let side = size as f32;
    let count = 1 + (MOST * rng.random::<f32>().powi(2)) as usize;
    let (way, spread) = (rng.random_range(0.0..std::f32::consts::TAU), rng.random_range(0.1..1.5));
    let shade =
        if rng.random::<f32>() < 0.85 { rng.random_range(-0.1..0.3) } else { rng.random_range(0.6..1.0) };
    let mut cover = vec![0.0; size * size];
    for _ in 0..count {
        let direction = way + spread * (2.0 * rng.random::<f32>() - 1.0);
        let length = side * between(LENGTH, rng);
        let bend = length * rng.random_range(-0.3..0.3);
        let (radius, strength) = (between(RADIUS, rng), rng.random_range(0.5..1.0));
        let middle = [rng.random_range(0.0..side), rng.random_range(0.0..side)];
        let (sin, cos) = direction.sin_cos();
        let steps = (2.0 * length) as usize + 1;
        for step in 0..=steps {
            // Along a parabola through the middle.
            let t = 2.0 * step as f32 / steps as f32 - 1.0;
            let (along, across) = (t * length / 2.0, bend * t * t);
            let place = [middle[0] + along * cos - across * sin, middle[1] + along * sin + across * cos];
            dab(&mut cover, size, place, radius, strength);
        }
    }
    for (channel, plane) in values.chunks_exact_mut((size * size).max(1)).enumerate().take(channels) {
        // Hairs are brown, if they are not black or grey: less of each next colour.
        let colour = shade - 0.05 * channel as f32;
        for (value, part) in plane.iter_mut().zip(&cover) {
            *value += part * (colour - *value);
        }
    }
}

/// A round dab with a soft rim; where several lie over each other the strongest counts.
fn dab(cover: &mut [f32], size: usize, [x, y]: [f32; 2], radius: f32, strength: f32) {
    let reach = radius + 1.0;
    let span = |middle: f32| {
        let from = (middle - reach).ceil().max(0.0) as usize;
        let to = (middle + reach).floor().min(size as f32 - 1.0);
        from..if to < 0.0 { 0 } else { to as usize + 1 }
    };
    for row in span(y) {
        for column in span(x) {
            let distance = (column as f32 - x).hypot(row as f32 - y);
            let part = strength * (radius + 0.5 - distance).clamp(0.0, 1.0);
            let here = &mut cover[row * size + column];
            *here = here.max(part);
        }
    }
}

fn between([from, to]: [f32; 2], rng: &mut impl Rng) -> f32 {
    from + (to - from) * rng.random::<f32>()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn hairs_cover_a_part_of_a_patch_in_about_one_colour_and_leave_the_rest() {
        let size = 64;
        let (mut covered, mut bare) = (0, 0);
        for seed in 0..50 {
            let mut values = vec![0.5; 3 * size * size];
            draw_hairs(&mut values, 3, size, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
            let touched = values[..size * size].iter().filter(|v| **v != 0.5).count();
            covered += usize::from(touched > 0);
            bare += usize::from(touched < size * size);
            assert!(values.iter().all(|v| (-0.25..=1.0).contains(v)));
            let darker = values.iter().filter(|v| **v < 0.5).count();
            let lighter = values.iter().filter(|v| **v > 0.5).count();
            assert!(darker == 0 || lighter == 0, "{darker} and {lighter}");
        }
        assert_eq!((covered, bare), (50, 50));
    }

    #[test]
    fn a_patch_of_a_few_pixels_has_hairs_as_well() {
        for size in 1..4 {
            let mut values = vec![0.5; size * size];
            draw_hairs(&mut values, 1, size, &mut Xoshiro256PlusPlus::seed_from_u64(1));
            assert!(values.iter().all(|v| v.is_finite()));
        }
    }
}
