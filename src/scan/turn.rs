//! From the order of voxels in a file to the one in which they are shown.

/// What was done to the file's voxels: first columns and rows were exchanged, then axes were read from their other end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The file's first axis runs down the columns of the display instead of along its rows.
    pub transposed: bool,
    /// Columns, rows and slices of the display run from the last to the first of the file.
    pub reversed: [bool; 3],
}

impl Turn {
    /// Whether the file already has the order of the display.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Columns and rows of the file of those of the display, and the other way round.
    pub fn size(self, [width, height]: [usize; 2]) -> [usize; 2] {
        if self.transposed { [height, width] } else { [width, height] }
    }

    /// What happens to columns and rows alone.
    pub fn flat(self) -> Self {
        let [across, down, _] = self.reversed;
        Self { reversed: [across, down, false], ..self }
    }

    /// The place in the file's volume (column fastest, then row, then slice) of voxel `i` of the display's, which has this size.
    pub fn place(self, i: usize, [width, height, depth]: [usize; 3]) -> usize {
        let [across, down, along] = self.reversed;
        let from = |at: usize, n: usize, reversed: bool| if reversed { n - 1 - at } else { at };
        let (line, x) = (i / width, from(i % width, width, across));
        let (slice, y) = (from(line / height, depth, along), from(line % height, height, down));
        if self.transposed { (slice * width + x) * height + y } else { (slice * height + y) * width + x }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_turn_puts_each_voxel_into_a_place_of_its_own() {
        for bits in 0..16u8 {
            let bit = |n: u8| bits >> n & 1 == 1;
            let turn = Turn { transposed: bit(0), reversed: [bit(1), bit(2), bit(3)] };
            let mut places: Vec<usize> = (0..24).map(|i| turn.place(i, [2, 3, 4])).collect();
            places.sort_unstable();
            assert!(places.into_iter().eq(0..24));
        }
        let turn = Turn { transposed: true, reversed: [true, false, false] };
        // Columns 0, 1 of the display are rows 1, 0 of the file.
        assert_eq!([0, 1, 2].map(|i| turn.place(i, [2, 3, 1])), [3, 0, 4]);
    }
}
