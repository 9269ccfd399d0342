//! A label volume as runs: pieces of rows in one class. What is counted of objects is counted of their runs, so that the work and the
//! memory go with their surface and not with the volume.

use std::ops::Range;

use super::labels::{LabelVolume, UNLABELLED, voxels_of};
use crate::error::{Error, Result};

/// More than this are noise, not objects, and would not fit into a browser's memory.
const MOST: usize = 40_000_000;

/// Voxels of one class side by side in a row: columns from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub start: u32,
    pub end: u32,
    pub class: u8,
}

impl Run {
    /// Voxels.
    pub(super) fn length(&self) -> u64 {
        u64::from(self.end - self.start)
    }
}

/// The runs of a volume, row by row and slice by slice.
#[derive(Clone, Debug)]
pub struct Runs {
    /// Columns, rows, slices.
    pub(super) size: [usize; 3],
    /// Where the runs of row `slice * rows + row` begin; one more closes the last.
    pub(super) rows: Vec<u32>,
    pub(super) runs: Vec<Run>,
}

impl Runs {
    /// Of all classes; what is background or not labelled is in no run.
    ///
    /// # Errors
    /// `volume.size`; `volume.limit.runs` if the labels are too scattered for the memory.
    pub fn of(labels: &dyn LabelVolume) -> Result<Self> {
        let mut to = [0; 256];
        (0..UNLABELLED).for_each(|class| to[usize::from(class)] = class);
        Self::mapped(labels, &to)
    }

    /// Of one class; with class 0 of all.
    ///
    /// # Errors
    /// As [`Runs::of`].
    pub fn of_class(labels: &dyn LabelVolume, class: u8) -> Result<Self> {
        if class == 0 {
            return Self::of(labels);
        }
        let mut to = [0; 256];
        to[usize::from(class)] = class;
        Self::mapped(labels, &to)
    }

    /// Of other classes in place of the labels': `to` has one for each value, 0 for what is in no run.
    pub(super) fn mapped(labels: &dyn LabelVolume, to: &[u8; 256]) -> Result<Self> {
        let size @ [columns, height, slices] = labels.size();
        voxels_of(size)?;
        let mut line = vec![0; columns];
        let (mut rows, mut runs) = (Vec::with_capacity(height * slices + 1), Vec::<Run>::new());
        rows.push(0);
        for (slice, row) in (0..slices).flat_map(|slice| (0..height).map(move |row| (slice, row))) {
            labels.read(slice, row, 0, &mut line);
            let first = runs.len();
            let mut at = 0;
            while let Some(value) = line.get(at) {
                let rest = &line[at..];
                let length = same(rest, *value);
                let (start, end, class) = (at as u32, (at + length) as u32, to[usize::from(*value)]);
                at += length;
                match runs.get_mut(first..).and_then(<[Run]>::last_mut) {
                    _ if class == 0 => {}
                    Some(last) if last.end == start && last.class == class => last.end = end,
                    _ => runs.push(Run { start, end, class }),
                }
            }
            if runs.len() > MOST {
                return Err(Error::limit(
                    "volume.limit.runs",
                    "These labels are in too many small pieces to be told apart in 3-D. Smooth them slice by slice first.",
                ));
            }
            rows.push(runs.len() as u32);
        }
        Ok(Self { size, rows, runs })
    }

    /// Columns, rows, slices.
    pub fn size(&self) -> [usize; 3] {
        self.size
    }

    /// Which runs lie in a row; none outside the volume.
    pub(super) fn row(&self, slice: isize, row: isize) -> Range<usize> {
        let [_, rows, slices] = self.size;
        if !((0..rows as isize).contains(&row) && (0..slices as isize).contains(&slice)) {
            return 0..0;
        }
        let i = slice as usize * rows + row as usize;
        self.rows[i] as usize..self.rows[i + 1] as usize
    }

    /// Visits every row that has runs.
    pub(super) fn each_row(&self, mut visit: impl FnMut(usize, usize, Range<usize>)) {
        let height = self.size[1].max(1);
        for (i, ends) in self.rows.windows(2).enumerate().filter(|(_, ends)| ends[0] < ends[1]) {
            visit(i / height, i % height, ends[0] as usize..ends[1] as usize);
        }
    }
}

/// How many values at the beginning are this one. Eight at a time: most rows are empty.
fn same(line: &[u8], value: u8) -> usize {
    let eight = [value; 8];
    let whole = line.as_chunks::<8>().0.iter().take_while(|chunk| **chunk == eight).count() * 8;
    whole + line[whole..].iter().take_while(|v| **v == value).count()
}
