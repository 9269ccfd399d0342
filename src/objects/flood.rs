//! Seeds grow over a mask, from high ground to low: a watershed (Beucher and Meyer 1993) by levels and waves.

/// Steps between a height of 0 and of 1. Within a step the flood goes breadth first, so that on flat ground
/// seeds meet halfway instead of where rounding noise happens to be lowest.
const LEVELS: usize = 64;

/// Gives every pixel of `mask` that a seed can reach (by edges, within the mask) the number of a seed, and keeps
/// the seeds. `seeds` holds numbers, 0 elsewhere; `height` is a probability, higher ground is flooded first.
///
/// Pixels of one level that become reachable together are decided together, each by the highest of its neighbours
/// that were numbered before, so the result does not depend on the order of the scan, equal heights apart.
/// Time and memory grow with the number of pixels.
pub(super) fn flood(seeds: &mut [u32], mask: &[bool], height: &[f32], width: usize) {
    let level = |i: usize| ((height[i].clamp(0.0, 1.0) * LEVELS as f32) as usize).min(LEVELS);
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); LEVELS + 1];
    let mut queued: Vec<bool> = seeds.iter().zip(mask).map(|(s, m)| *s != 0 || !*m).collect();
    for i in 0..seeds.len() {
        if seeds[i] != 0 && mask[i] {
            for j in edges(i, width, seeds.len()) {
                if !queued[j] {
                    queued[j] = true;
                    waiting[level(j)].push(j);
                }
            }
        }
    }
    let mut numbers = Vec::new();
    // From the highest level down; ground found later that is higher than the water counts as on its level.
    for water in (0..=LEVELS).rev() {
        loop {
            let wave = std::mem::take(&mut waiting[water]);
            if wave.is_empty() {
                break;
            }
            numbers.clear();
            numbers.extend(wave.iter().map(|i| {
                edges(*i, width, seeds.len())
                    .filter(|j| mask[*j] && seeds[*j] != 0)
                    .max_by(|a, b| height[*a].total_cmp(&height[*b]).then(seeds[*b].cmp(&seeds[*a])))
                    .map_or(0, |j| seeds[j])
            }));
            for (i, number) in wave.iter().zip(&numbers) {
                seeds[*i] = *number;
            }
            for i in wave {
                for j in edges(i, width, seeds.len()) {
                    if !queued[j] {
                        queued[j] = true;
                        waiting[level(j).min(water)].push(j);
                    }
                }
            }
        }
    }
}

/// The pixels that share an edge with pixel `i` of an image of `pixels` pixels.
pub(super) fn edges(i: usize, width: usize, pixels: usize) -> impl Iterator<Item = usize> {
    let x = i % width;
    [
        (i >= width).then(|| i - width),
        (x > 0).then(|| i - 1),
        (x + 1 < width).then(|| i + 1),
        (i + width < pixels).then(|| i + width),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_meet_halfway_on_flat_ground() {
        let mut seeds = [1, 0, 0, 0, 0, 2];
        flood(&mut seeds, &[true; 6], &[0.5; 6], 6);
        assert_eq!(seeds, [1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn seeds_meet_in_the_valley_between_them() {
        let mut seeds = [1, 0, 0, 0, 0, 2];
        flood(&mut seeds, &[true; 6], &[0.9, 0.8, 0.7, 0.6, 0.2, 0.9], 6);
        assert_eq!(seeds[..4], [1, 1, 1, 1]);
        assert_eq!(seeds[5], 2);
    }

    #[test]
    fn the_flood_stays_in_the_mask() {
        let mut seeds = [1, 0, 0, 0, 0, 0];
        flood(&mut seeds, &[true, true, false, true, true, true], &[0.5; 6], 6);
        assert_eq!(seeds, [1, 1, 0, 0, 0, 0]);
    }
}
