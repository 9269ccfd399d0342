//! Stable sorting of short lists that is compiled once: the standard library's is written out anew for every type, some four kilobytes each,
//! and the page downloads them all. What sorts pixels uses the standard library's.

use std::cmp::Ordering;

/// Sorts; equal ones stay in their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let to = places(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    put(items, to);
}

/// Sorts by a key that is not for nothing, and is made once of each; equal ones stay in their order.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let to = places(items.len(), &mut |a, b| keys.get(a).cmp(&keys.get(b)));
    put(items, to);
}

/// Puts each where it belongs.
fn put<T>(items: &mut [T], mut to: Vec<usize>) {
    for at in 0..to.len() {
        while let Some(target) = to.get(at).copied().filter(|target| *target != at) {
            items.swap(at, target);
            to.swap(at, target);
        }
    }
}

/// Sorts by a key; equal ones stay in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Where each of `count` things belongs.
fn places(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    let mut to = vec![0; count];
    for (place, item) in order.into_iter().enumerate() {
        if let Some(to) = to.get_mut(item) {
            *to = place;
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_as_the_standard_library_sorts_them() {
        let mut seed = 5u32;
        for length in [0, 1, 2, 3, 10, 57, 400] {
            let mut items: Vec<(u32, usize)> = (0..length)
                .map(|i| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 28, i)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut items, |(key, _)| *key);
            assert_eq!(items, expected);
            expected.sort_by(|a, b| b.cmp(a));
            sort_by(&mut items, |a, b| b.cmp(a));
            assert_eq!(items, expected);
            expected.sort_by_key(|(key, _)| key % 4);
            let mut made = 0;
            sort_by_cached_key(&mut items, |(key, _)| {
                made += 1;
                key % 4
            });
            assert_eq!((&items, made), (&expected, length));
        }
    }
}
