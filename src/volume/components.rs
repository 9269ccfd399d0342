//! Connected components in 3-D, by union-find over runs (Rosenfeld and Pfaltz 1966; of runs: He, Chao and Suzuki 2008).

use super::runs::{Run, Runs};
use crate::error::{Error, Result};

/// Which voxels count as neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connectivity3 {
    /// Those that share a face.
    Six,
    /// Those that share a face or an edge.
    Eighteen,
    /// Those that share a face, an edge or a corner.
    TwentySix,
}

/// Objects of a volume: each a set of connected voxels of one class.
#[derive(Clone, Debug)]
pub struct Components3 {
    pub(super) runs: Runs,
    /// Of each run: its object, from 1, in the order in which a scan along rows and slices meets them.
    pub(super) numbers: Vec<u32>,
    /// Voxels of object `i + 1`.
    pub sizes: Vec<u64>,
    /// Its class.
    pub classes: Vec<u8>,
}

impl Connectivity3 {
    /// By how many neighbours a voxel has: 6, 18 or 26.
    ///
    /// # Errors
    /// `volume.neighbours` for another number.
    pub fn of(neighbours: u8) -> Result<Self> {
        match neighbours {
            6 => Ok(Self::Six),
            18 => Ok(Self::Eighteen),
            26 => Ok(Self::TwentySix),
            _ => Err(Error::invalid(
                "volume.neighbours",
                "A voxel has 6, 18 or 26 neighbours. Choose one of these.",
            )),
        }
    }
}

impl Components3 {
    /// Voxels of different classes are never of one object.
    pub fn of(runs: Runs, connectivity: Connectivity3) -> Self {
        use Connectivity3::{Eighteen, Six, TwentySix};
        // How far apart columns of neighbours may be in the row before, in the same row of the slice before, and beside that.
        let (row, slice, beside) = match connectivity {
            Six => (0, 0, None),
            Eighteen => (1, 1, Some(0)),
            TwentySix => (1, 1, Some(1)),
        };
        // A run is a set at first; the root of a set is its first run.
        let mut parent: Vec<u32> = (0..runs.runs.len() as u32).collect();
        runs.each_row(|z, y, here| {
            let (z, y) = (z as isize, y as isize);
            let beside = |dy: isize| beside.map(|reach| (runs.row(z - 1, y + dy), reach));
            let before =
                [Some((runs.row(z, y - 1), row)), Some((runs.row(z - 1, y), slice)), beside(-1), beside(1)];
            for (there, reach) in before.into_iter().flatten() {
                let mut touch = |a: usize, b: usize| {
                    let (one, other) = (runs.runs[a], runs.runs[b]);
                    if one.class == other.class && meet(one, other, reach) {
                        join(&mut parent, a as u32, b as u32);
                    }
                };
                let (mut a, mut b) = (here.start, there.start);
                while a < here.end && b < there.end {
                    touch(a, b);
                    let (end, other) = (runs.runs[a].end, runs.runs[b].end);
                    // The one that ends first can touch no more of the others; of two that end together, each may touch in a
                    // corner what follows the other.
                    if end == other && a + 1 < here.end {
                        touch(a + 1, b);
                    }
                    if end < other { a += 1 } else { b += 1 }
                }
            }
        });
        let (mut sizes, mut classes) = (Vec::new(), Vec::new());
        let mut numbers = parent;
        for (i, run) in runs.runs.iter().enumerate() {
            // Parents come first and have their number already.
            let parent = numbers[i] as usize;
            if parent == i {
                sizes.push(0);
                classes.push(run.class);
                numbers[i] = sizes.len() as u32;
            } else {
                numbers[i] = numbers[parent];
            }
            sizes[numbers[i] as usize - 1] += run.length();
        }
        Self { runs, numbers, sizes, classes }
    }

    /// Numbers of the objects in one slice, `[row][column]`, 0 where there is none.
    ///
    /// # Panics
    /// If `to` does not hold `columns * rows` numbers.
    pub fn slice(&self, slice: usize, to: &mut [u32]) {
        let [columns, rows, _] = self.runs.size;
        assert_eq!(to.len(), columns * rows, "a slice has the size of its volume");
        to.fill(0);
        for (row, line) in to.chunks_exact_mut(columns.max(1)).enumerate() {
            for i in self.runs.row(slice as isize, row as isize) {
                let Run { start, end, .. } = self.runs.runs[i];
                line[start as usize..end as usize].fill(self.numbers[i]);
            }
        }
    }

    /// The object at a voxel, 0 for none.
    pub fn at(&self, [column, row, slice]: [usize; 3]) -> u32 {
        let mut row = self.runs.row(slice as isize, row as isize);
        let holds = |run: Run| (run.start as usize..run.end as usize).contains(&column);
        row.find(|i| holds(self.runs.runs[*i])).map_or(0, |i| self.numbers[i])
    }

    /// The runs that the objects are made of.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// The object of each run.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

/// Whether runs of neighbouring rows touch, where columns may be `reach` apart.
fn meet(a: Run, b: Run, reach: u32) -> bool {
    a.start < b.end + reach && b.start < a.end + reach
}

fn root(parent: &mut [u32], mut run: u32) -> u32 {
    while parent[run as usize] != run {
        let grandparent = parent[parent[run as usize] as usize];
        parent[run as usize] = grandparent;
        run = grandparent;
    }
    run
}

fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b) as usize] = a.min(b);
}
