//! Connected components by union-find, in one pass over the rows (Rosenfeld and Pfaltz 1966).

use super::instances::renumbered;

/// Which pixels count as neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connectivity {
    /// Those that share an edge.
    Four,
    /// Those that share an edge or a corner.
    Eight,
}

/// The components of a mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// The number of each pixel's component, `[row][column]`, 0 where the mask is not set. Numbers run from 1 in
    /// the order in which a scan along the rows meets the components.
    pub numbers: Vec<u32>,
    /// Pixels of component `i + 1`.
    pub sizes: Vec<usize>,
}

impl Components {
    /// Parts that are numbered already, 0 outside of them; they are numbered anew, in scan order.
    pub(super) fn of(numbers: &[u32]) -> Self {
        let numbers = renumbered(numbers);
        let mut sizes = vec![0; numbers.iter().copied().max().unwrap_or(0) as usize];
        for number in numbers.iter().filter(|n| **n != 0) {
            sizes[*number as usize - 1] += 1;
        }
        Self { numbers, sizes }
    }
}

/// The connected components of the set pixels of a mask `[row][column]`.
///
/// # Panics
/// If `is` does not hold `width * height` values.
pub fn components(is: &[bool], width: usize, height: usize, connectivity: Connectivity) -> Components {
    assert_eq!(is.len(), width * height, "a mask has the size of its image");
    let corners = connectivity == Connectivity::Eight;
    let mut numbers = vec![0u32; is.len()];
    let mut sets = Sets { parent: vec![0] };
    for y in 0..height {
        for x in 0..width {
            let i = y * width + x;
            if !is[i] {
                continue;
            }
            let mut number = 0;
            let mut meet = |neighbour: u32| {
                if neighbour != 0 && neighbour != number {
                    number = if number == 0 { neighbour } else { sets.join(number, neighbour) };
                }
            };
            if x > 0 {
                meet(numbers[i - 1]);
            }
            if y > 0 {
                meet(numbers[i - width]);
                if corners && x > 0 {
                    meet(numbers[i - width - 1]);
                }
                if corners && x + 1 < width {
                    meet(numbers[i - width + 1]);
                }
            }
            numbers[i] = if number == 0 { sets.add() } else { number };
        }
    }
    // A root is the first number that its component got, so roots in rising order are in scan order.
    let mut dense = vec![0u32; sets.parent.len()];
    let mut sizes = Vec::new();
    for number in &mut numbers {
        if *number == 0 {
            continue;
        }
        let slot = &mut dense[sets.root(*number) as usize];
        if *slot == 0 {
            sizes.push(0);
            *slot = sizes.len() as u32;
        }
        *number = *slot;
        sizes[*slot as usize - 1] += 1;
    }
    Components { numbers, sizes }
}

/// Disjoint sets of numbers; the root of a set is its smallest number.
pub(super) struct Sets {
    pub parent: Vec<u32>,
}

impl Sets {
    /// A new set of one number.
    pub fn add(&mut self) -> u32 {
        let number = self.parent.len() as u32;
        self.parent.push(number);
        number
    }

    pub fn root(&mut self, mut number: u32) -> u32 {
        while self.parent[number as usize] != number {
            let grandparent = self.parent[self.parent[number as usize] as usize];
            self.parent[number as usize] = grandparent;
            number = grandparent;
        }
        number
    }

    /// Makes one set of the two that hold `a` and `b`, and gives its root.
    fn join(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
        low
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A mask drawn with `#`, one string a row.
    pub(crate) fn mask(rows: &[&str]) -> (Vec<bool>, usize, usize) {
        (rows.iter().flat_map(|r| r.bytes().map(|b| b == b'#')).collect(), rows[0].len(), rows.len())
    }

    /// Whether each number's pixels hang together, by walking from its first pixel.
    pub(crate) fn all_connected(numbers: &[u32], width: usize, connectivity: Connectivity) -> bool {
        let mut seen = vec![false; numbers.len()];
        let mut met = std::collections::HashSet::new();
        for start in 0..numbers.len() {
            if numbers[start] == 0 || seen[start] {
                continue;
            }
            if !met.insert(numbers[start]) {
                return false;
            }
            let mut stack = vec![start];
            seen[start] = true;
            while let Some(i) = stack.pop() {
                for j in 0..numbers.len() {
                    let (dx, dy) = ((i % width).abs_diff(j % width), (i / width).abs_diff(j / width));
                    let near = match connectivity {
                        Connectivity::Four => dx + dy == 1,
                        Connectivity::Eight => dx.max(dy) == 1,
                    };
                    if near && !seen[j] && numbers[j] == numbers[i] {
                        seen[j] = true;
                        stack.push(j);
                    }
                }
            }
        }
        true
    }

    #[test]
    fn corners_connect_by_eight_and_separate_by_four() {
        let (is, w, h) = mask(&["#.#", ".#.", "#.#"]);
        assert_eq!(components(&is, w, h, Connectivity::Eight).sizes, [5]);
        assert_eq!(components(&is, w, h, Connectivity::Four).numbers, [1, 0, 2, 0, 3, 0, 4, 0, 5]);
    }

    #[test]
    fn arms_that_meet_late_are_one_component_numbered_by_its_first_pixel() {
        let (is, w, h) = mask(&["#.#.#", "#.#.#", "###.#", "....#"]);
        let c = components(&is, w, h, Connectivity::Four);
        assert_eq!(c.numbers[..5], [1, 0, 1, 0, 2]);
        assert_eq!(c.sizes, [7, 4]);
    }

    #[test]
    fn an_empty_image_has_no_component() {
        assert!(components(&[], 0, 0, Connectivity::Eight).sizes.is_empty());
        assert!(components(&[false; 6], 3, 2, Connectivity::Eight).sizes.is_empty());
    }

    proptest! {
        #[test]
        fn components_are_connected_apart_from_each_other_and_in_scan_order(
            (w, is) in (1usize..14, 1usize..14).prop_flat_map(|(w, h)| (Just(w), prop::collection::vec(any::<bool>(), w * h))),
            eight in any::<bool>(),
        ) {
            let h = is.len() / w;
            let connectivity = if eight { Connectivity::Eight } else { Connectivity::Four };
            let c = components(&is, w, h, connectivity);
            prop_assert!(all_connected(&c.numbers, w, connectivity));
            let mut highest = 0;
            for i in 0..is.len() {
                prop_assert_eq!(c.numbers[i] != 0, is[i]);
                prop_assert!(c.numbers[i] <= highest + 1);
                highest = highest.max(c.numbers[i]);
                for j in 0..i {
                    let (dx, dy) = ((i % w).abs_diff(j % w), (i / w).abs_diff(j / w));
                    let near = if eight { dx.max(dy) == 1 } else { dx + dy == 1 };
                    if near && is[i] && is[j] {
                        prop_assert_eq!(c.numbers[i], c.numbers[j]);
                    }
                }
            }
            for (k, size) in c.sizes.iter().enumerate() {
                prop_assert_eq!(c.numbers.iter().filter(|n| **n == k as u32 + 1).count(), *size);
            }
        }
    }
}
