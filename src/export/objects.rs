//! Objects of one image as other programs want them: what the writers of this room are given.

use std::cell::OnceCell;

use crate::objects::{Measurement, Outline, measure, outlines};

/// A class as files name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub name: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// The objects of one image, or of one slice of it.
#[derive(Clone, Debug)]
pub struct Objects {
    /// Name of the file that the image came from.
    pub file: String,
    /// From 0.
    pub slice: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Object of each pixel, `[row][column]`, 0 is the background.
    pub numbers: Vec<u32>,
    /// Classes 1, 2, ...
    pub categories: Vec<Category>,
    /// Distance of columns and of rows, mm, if it is known.
    pub spacing: Option<[f64; 2]>,
    /// In the order of the numbers.
    pub measurements: Vec<Measurement>,
    outlines: OnceCell<Vec<Outline>>,
}

impl Objects {
    /// Measures all objects. `classes`: class of each pixel; `channels`: planes `[row][column]` of physical values.
    pub fn of(
        (file, slice): (String, usize),
        [width, height]: [usize; 2],
        numbers: Vec<u32>,
        classes: &[u8],
        channels: &[&[f32]],
        categories: Vec<Category>,
        spacing: Option<[f64; 2]>,
    ) -> Self {
        let measurements = measure(&numbers, classes, channels, width);
        let outlines = OnceCell::new();
        Self { file, slice, width, height, numbers, categories, spacing, measurements, outlines }
    }

    /// What the objects look like, in the order of the measurements; worked out when it is first asked for.
    pub fn outlines(&self) -> &[Outline] {
        self.outlines.get_or_init(|| outlines(&self.numbers, self.width))
    }

    /// The class of an object; nothing if it has none.
    pub fn category(&self, class: u8) -> Option<&Category> {
        self.categories.get(usize::from(class).checked_sub(1)?)
    }

    /// Micrometres from pixel to pixel, where they are the same along rows and columns.
    pub(super) fn micrometres(&self) -> Option<f64> {
        self.spacing.filter(|[x, y]| (x - y).abs() <= 1e-6 * x.abs()).map(|[x, _]| 1000.0 * x)
    }

    /// Square micrometres of a pixel.
    pub(super) fn square_micrometres(&self) -> Option<f64> {
        self.spacing.map(|[x, y]| 1e6 * x * y)
    }
}
