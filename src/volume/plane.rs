//! Planes at right angles to the axes of a volume, and how they are shown to people.

use crate::scan::Geometry;

/// Which side of the patient is at the left of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Convention {
    /// The patient's right, as if looked at from the front and the feet.
    #[default]
    Radiological,
    /// The patient's left, as if looked at from behind and above.
    Neurological,
}

/// Planes along two axes of a volume: what their pictures are of a volume's voxels. Voxels are `[column, row, slice]`, pixels
/// `[x, y]` from the top left. A sheared volume (tilted gantry) is shown as if it were not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// The axis that stands upright on the planes: 0 columns, 1 rows, 2 slices; planes are numbered along it.
    pub normal: usize,
    /// The axes of the volume that run along the picture's `x` and `y`.
    pub axes: [usize; 2],
    /// Whether `x` and `y` run from the last voxel to the first.
    pub reversed: [bool; 2],
    /// Pixels along `x` and `y`.
    pub size: [usize; 2],
    /// Between pixels along `x` and `y`, mm, where the file tells it.
    pub spacing: Option<[f64; 2]>,
    /// What is at the left, the right, the top and the bottom (`R` right, `L` left, `A` front, `P` back, `S` head, `I` feet).
    pub letters: Option<[char; 4]>,
}

impl Plane {
    /// As the voxels are stored: columns, or else rows, to the right; rows, or else slices, downwards. `normal` above 2 is 2.
    pub fn stored(size: [usize; 3], normal: usize) -> Self {
        let normal = normal.min(2);
        let axes = [[1, 2], [0, 2], [0, 1]][normal];
        Self { normal, axes, reversed: [false; 2], size: axes.map(|a| size[a]), spacing: None, letters: None }
    }

    /// As radiologists hang them: the head is up, else the front; the front is at the left where both sides are; and the patient's
    /// right or left is at the left of the picture, as the convention says. Each axis counts as the direction of the patient
    /// that it is closest to, and no two as the same.
    pub fn of(size: [usize; 3], geometry: &Geometry, normal: usize, convention: Convention) -> Self {
        let mut plane = Self::stored(size, normal);
        let directions = geometry.directions();
        // Slices that lie across the patient's length have columns to the left and rows to the back; upright ones have the length
        // downwards. So the direction that is further on in (left, back, head) is the upright one.
        if directions[plane.axes[0]].0 > directions[plane.axes[1]].0 {
            plane.axes.swap(0, 1);
        }
        let neurological = convention == Convention::Neurological;
        let spacing = geometry.spacing();
        // Left and top, right and bottom.
        let mut letters = [' '; 4];
        for (i, axis) in plane.axes.into_iter().enumerate() {
            let (direction, rising) = directions[axis];
            // From the patient's right to the left, from the front to the back, from the head to the feet.
            let wanted = match direction {
                0 => !neurological,
                1 => true,
                _ => false,
            };
            plane.reversed[i] = rising != wanted;
            let [low, high] = [['R', 'L'], ['A', 'P'], ['I', 'S']][direction];
            let (from, to) = if wanted { (low, high) } else { (high, low) };
            (letters[2 * i], letters[2 * i + 1]) = (from, to);
        }
        plane.size = plane.axes.map(|a| size[a]);
        plane.spacing = Some(plane.axes.map(|a| spacing[a]));
        plane.letters = Some(letters);
        plane
    }

    /// The voxel that a pixel of plane `index` shows.
    pub fn voxel(&self, pixel: [usize; 2], index: usize) -> [usize; 3] {
        let mut voxel = [index; 3];
        for (i, axis) in self.axes.into_iter().enumerate() {
            voxel[axis] = self.turned(i, pixel[i]);
        }
        voxel
    }

    /// The pixel that shows a voxel, and the plane that it is on.
    pub fn pixel(&self, voxel: [usize; 3]) -> ([usize; 2], usize) {
        ([0, 1].map(|i| self.turned(i, voxel[self.axes[i]])), voxel[self.normal])
    }

    /// The same of places between pixels: the pixel of a place in parts of voxels, for crosshairs and outlines.
    pub fn place(&self, voxel: [f64; 3]) -> ([f64; 2], f64) {
        let turned = |i: usize, at: f64| if self.reversed[i] { (self.size[i] as f64 - 1.0) - at } else { at };
        ([0, 1].map(|i| turned(i, voxel[self.axes[i]])), voxel[self.normal])
    }

    /// Values of a plane across the slices that are stored `[slice][x]`, `x` columns or else rows and `long` of them, as the plane shows them; what
    /// is missing is 255, not labelled.
    pub fn hung(&self, values: &[u8], long: usize) -> Vec<u8> {
        let [width, height] = self.size;
        let value = |i: usize| {
            let voxel = self.voxel([i % width, i / width], 0);
            let x = if self.normal == 0 { voxel[1] } else { voxel[0] };
            values.get(voxel[2] * long + x).copied().unwrap_or(super::UNLABELLED)
        };
        (0..width * height).map(value).collect()
    }

    /// Whether the planes are as large as this volume's.
    pub(super) fn lies_in(&self, size: [usize; 3]) -> bool {
        self.size == self.axes.map(|a| size[a])
    }

    fn turned(&self, i: usize, at: usize) -> usize {
        if self.reversed[i] { self.size[i].saturating_sub(1).saturating_sub(at) } else { at }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letters(geometry: &Geometry, convention: Convention) -> [String; 3] {
        [0, 1, 2].map(|normal| {
            let plane = Plane::of([4, 5, 6], geometry, normal, convention);
            plane.letters.unwrap().into_iter().collect()
        })
    }

    #[test]
    fn the_head_is_up_and_the_patients_right_at_the_left() {
        let geometry = Geometry::plain([0.5, 0.7, 3.0]);
        assert_eq!(letters(&geometry, Convention::Radiological), ["APSI", "RLSI", "RLAP"]);
        assert_eq!(letters(&geometry, Convention::Neurological), ["APSI", "LRSI", "LRAP"]);
        let coronal = Plane::of([4, 5, 6], &geometry, 1, Convention::Radiological);
        assert_eq!((coronal.axes, coronal.reversed, coronal.size), ([0, 2], [false, true], [4, 6]));
        assert_eq!(coronal.spacing, Some([0.5, 3.0]));
        // The first pixel is of the highest slice.
        assert_eq!(coronal.voxel([0, 0], 2), [0, 2, 5]);
        let axial = Plane::of([4, 5, 6], &geometry, 2, Convention::Neurological);
        assert_eq!(axial.voxel([0, 0], 3), [3, 0, 3]);
    }

    #[test]
    fn a_sagittal_series_gives_the_same_three_views() {
        // Columns run to the back, rows to the feet, slices to the right.
        let geometry =
            Geometry { origin: [0.0; 3], steps: [[0.0, 0.8, 0.1], [0.0, 0.1, -0.8], [-3.0, 0.0, 0.0]] };
        let plane = |normal| Plane::of([4, 5, 6], &geometry, normal, Convention::Radiological);
        assert_eq!(letters(&geometry, Convention::Radiological), ["RLSI", "RLAP", "APSI"]);
        assert_eq!((plane(2).axes, plane(2).reversed), ([0, 1], [false, false]));
        assert_eq!((plane(1).axes, plane(1).reversed), ([2, 0], [true, false]));
        assert_eq!((plane(0).axes, plane(0).reversed), ([2, 1], [true, false]));
    }

    #[test]
    fn what_two_axes_are_both_closest_to_is_given_to_one() {
        let geometry =
            Geometry { origin: [0.0; 3], steps: [[0.8, 0.6, 0.0], [-0.75, 0.66, 0.0], [0.0, 0.0, 1.0]] };
        assert_eq!(letters(&geometry, Convention::Radiological)[2], "RLAP");
        let flat = Geometry { origin: [0.0; 3], steps: [[0.0; 3]; 3] };
        assert_eq!(letters(&flat, Convention::Radiological)[2], "RLAP");
    }

    proptest! {
        #[test]
        fn each_voxel_is_shown_by_one_pixel_which_leads_back_to_it(
            steps in prop::array::uniform3(prop::array::uniform3(-3.0f64..3.0)),
            size in prop::array::uniform3(1usize..6),
            normal in 0usize..3,
            neurological in any::<bool>(),
        ) {
            let convention = if neurological { Convention::Neurological } else { Convention::Radiological };
            let plane = Plane::of(size, &Geometry { origin: [1.0; 3], steps }, normal, convention);
            let mut sorted = [plane.axes[0], plane.axes[1], plane.normal];
            sorted.sort_unstable();
            prop_assert_eq!(sorted, [0, 1, 2]);
            let mut seen = std::collections::HashSet::new();
            for i in 0..size.iter().product() {
                let voxel = [i % size[0], i / size[0] % size[1], i / size[0] / size[1]];
                let (pixel, index) = plane.pixel(voxel);
                prop_assert!(pixel[0] < plane.size[0] && pixel[1] < plane.size[1] && index < size[normal]);
                prop_assert_eq!(plane.voxel(pixel, index), voxel);
                prop_assert!(seen.insert((pixel, index)));
                let (place, at) = plane.place(voxel.map(|v| v as f64));
                prop_assert_eq!((place, at), (pixel.map(|p| p as f64), index as f64));
            }
        }
    }
}
