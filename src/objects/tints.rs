//! Tints of objects, such that neighbours never look alike.

/// How far a neighbour may lie, pixels: outlines that are drawn side by side must differ, too.
const NEAR: usize = 2;

/// The tint, from 1 on, of each object number up to the highest; number 0, the background, has none (0). Objects that touch or nearly touch
/// have different ones, of which few are needed; `wanted` are used evenly as far as that allows.
pub fn tints(numbers: &[u32], width: usize, wanted: u8) -> Vec<u8> {
    let highest = numbers.iter().copied().max().unwrap_or(0) as usize;
    let neighbours = neighbours(numbers, width, highest);
    let mut tints = vec![0u8; highest + 1];
    let mut taken = Vec::new();
    for number in 1..=highest {
        taken.clear();
        taken.extend(neighbours[number].iter().map(|n| tints[*n as usize]));
        // Begins at another one each time: objects that are not neighbours differ, too.
        let first = (number - 1) % usize::from(wanted.max(1));
        let in_turn = (0..usize::from(wanted)).map(|i| ((first + i) % usize::from(wanted.max(1))) as u8 + 1);
        let free = in_turn.chain(wanted.saturating_add(1)..=u8::MAX).find(|tint| !taken.contains(tint));
        tints[number] = free.unwrap_or(1);
    }
    tints
}

/// The numbers of the objects near each object.
fn neighbours(numbers: &[u32], width: usize, highest: usize) -> Vec<Vec<u32>> {
    let mut near = vec![Vec::new(); highest + 1];
    let height = numbers.len() / width.max(1);
    for (i, number) in numbers.iter().enumerate().filter(|(_, n)| **n != 0) {
        let (x, y) = (i % width, i / width);
        // What lies to the right and below: the other half of the pairs is met from there.
        for v in y..(y + NEAR + 1).min(height) {
            for u in x.saturating_sub(NEAR)..(x + NEAR + 1).min(width) {
                let other = numbers[v * width + u];
                if other != 0 && other != *number && !near[*number as usize].contains(&other) {
                    near[*number as usize].push(other);
                    near[other as usize].push(*number);
                }
            }
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn objects_that_touch_never_have_the_same_tint(
            (width, numbers) in (1usize..20).prop_flat_map(|w| (Just(w), prop::collection::vec(0u32..9, w * 7))),
        ) {
            let found = tints(&numbers, width, 6);
            for (i, number) in numbers.iter().enumerate() {
                prop_assert_eq!(found[*number as usize] == 0, *number == 0);
                let right = (i % width + 1 < width).then(|| numbers[i + 1]);
                for other in [right, numbers.get(i + width).copied()].into_iter().flatten() {
                    prop_assert!(other == *number || found[other as usize] != found[*number as usize]);
                }
            }
        }
    }
}
