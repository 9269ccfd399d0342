//! The volume in a scan, and pictures of its planes.

use super::labels::{LabelVolume, wrong_size};
use super::plane::Plane;
use crate::error::{Error, Result};
use crate::scan::{Image, Pixels, Scan, Slice, zeroed};

/// The depths of one channel at one time of a scan: a volume.
#[derive(Clone, Copy)]
pub struct Stack<'a> {
    scan: &'a Scan,
    /// The slice of the first depth, and how many slices on the next is.
    first: usize,
    step: usize,
}

/// What a slab of planes shows in each pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    Maximum,
    Minimum,
    Mean,
}

impl<'a> Stack<'a> {
    /// The volume that a slice of a scan belongs to, and the depth of the slice in it.
    pub fn around(scan: &'a Scan, slice: usize) -> (Self, usize) {
        let (step, depths) = (scan.planes.channels.len().max(1), scan.planes.depths.max(1));
        let depth = slice / step % depths;
        (Self { scan, first: slice.saturating_sub(depth * step), step }, depth)
    }

    /// The scan that it is in.
    pub fn scan(&self) -> &'a Scan {
        self.scan
    }

    /// Columns, rows, slices.
    pub fn size(&self) -> [usize; 3] {
        [self.scan.width, self.scan.height, self.scan.planes.depths]
    }

    /// The scan's slice at a depth.
    pub fn slice(&self, depth: usize) -> usize {
        self.first + depth * self.step
    }

    /// Physical values of a row, from column `from` on, as [`measure`](super::measure()) asks for them; NaN where there is none. Of a
    /// colour scan they are of red.
    pub fn values(&self, depth: usize, row: usize, from: usize, to: &mut [f32]) {
        to.fill(f32::NAN);
        if let Ok(slice) = self.pixels(depth) {
            slice.read(0, row, from, to);
        }
    }

    /// The picture of a plane in physical values, `plane.size` large; NaN where there is no value.
    ///
    /// # Errors
    /// `volume.plane` if there is no such plane; `scan.limit.memory`.
    pub fn plane(&self, plane: &Plane, index: usize) -> Result<Image> {
        if !plane.lies_in(self.size()) || index >= self.size()[plane.normal] {
            return Err(no_plane());
        }
        let [width, height] = plane.size;
        let channels = self.scan.channels;
        let mut data = zeroed::<f32>(width * height * channels)?;
        let mut line = vec![0.0; self.scan.width.max(self.scan.height)];
        for (channel, data) in data.chunks_exact_mut((width * height).max(1)).enumerate() {
            match plane.normal {
                2 => {
                    let slice = self.pixels(index)?;
                    let line = &mut line[..self.scan.width];
                    for row in 0..self.scan.height {
                        slice.read(channel, row, 0, line);
                        put(plane, data, 1, row, line);
                    }
                }
                normal => {
                    let line = &mut line[..self.size()[1 - normal]];
                    for depth in 0..self.size()[2] {
                        let slice = self.pixels(depth)?;
                        if normal == 1 {
                            slice.read(channel, index, 0, line)
                        } else {
                            slice.read_column(channel, index, 0, line)
                        }
                        put(plane, data, 2, depth, line);
                    }
                }
            }
        }
        Image::new(width, height, channels, data)
    }

    /// The picture of the planes `index - around` to `index + around`, as far as there are such, seen through: the largest, the smallest
    /// or the mean value of each pixel. What has no value counts nowhere, and is NaN where there is no other.
    ///
    /// # Errors
    /// As [`Stack::plane`].
    pub fn slab(&self, plane: &Plane, index: usize, around: usize, projection: Projection) -> Result<Image> {
        let mut image = self.plane(plane, index)?;
        let last = self.size()[plane.normal] - 1;
        let mut counts = match projection {
            Projection::Mean => image.data.iter().map(|v| u32::from(!v.is_nan())).collect(),
            _ => Vec::new(),
        };
        let planes = index.saturating_sub(around)..=index.saturating_add(around).min(last);
        for other in planes.filter(|i| *i != index) {
            let other = self.plane(plane, other)?;
            let both = image.data.iter_mut().zip(&other.data);
            // `max` and `min` take the other value for NaN.
            match projection {
                Projection::Maximum => both.for_each(|(v, o)| *v = v.max(*o)),
                Projection::Minimum => both.for_each(|(v, o)| *v = v.min(*o)),
                Projection::Mean => {
                    for ((v, o), n) in both.zip(&mut counts).filter(|((_, o), _)| !o.is_nan()) {
                        *v = if *n == 0 { *o } else { *v + o };
                        *n += 1;
                    }
                }
            }
        }
        for (v, n) in image.data.iter_mut().zip(&counts) {
            *v /= (*n).max(1) as f32;
        }
        Ok(image)
    }

    fn pixels(&self, depth: usize) -> Result<Slice<'a>> {
        self.scan.pixels(self.slice(depth))
    }
}

/// The labels of a plane, `[y][x]`, as [`Stack::plane`] shows the image.
///
/// # Errors
/// `volume.plane` if there is no such plane; `volume.size` if `to` is not as large as it.
pub fn label_plane(labels: &dyn LabelVolume, plane: &Plane, index: usize, to: &mut [u8]) -> Result<()> {
    let size = labels.size();
    if !plane.lies_in(size) || index >= size[plane.normal] {
        return Err(no_plane());
    }
    if to.len() != plane.size[0] * plane.size[1] {
        return Err(wrong_size());
    }
    let mut line = vec![0; size[if plane.normal == 0 { 1 } else { 0 }]];
    if plane.normal == 2 {
        for row in 0..size[1] {
            labels.read(index, row, 0, &mut line);
            put(plane, to, 1, row, &line);
        }
        return Ok(());
    }
    for slice in 0..size[2] {
        if plane.normal == 1 {
            labels.read(slice, index, 0, &mut line);
        } else {
            for (row, label) in line.iter_mut().enumerate() {
                labels.read(slice, row, index, std::slice::from_mut(label));
            }
        }
        put(plane, to, 2, slice, &line);
    }
    Ok(())
}

/// Puts the voxels that lie at `at` along `axis` into a picture: a row of it, or a column.
fn put<T: Copy>(plane: &Plane, picture: &mut [T], axis: usize, at: usize, line: &[T]) {
    let [width, height] = plane.size;
    let down = plane.axes[1] == axis;
    let turned = |i: usize, at: usize| if plane.reversed[i] { plane.size[i] - 1 - at } else { at };
    if down {
        let row = &mut picture[turned(1, at) * width..][..width];
        row.copy_from_slice(line);
        if plane.reversed[0] {
            row.reverse();
        }
    } else {
        let x = turned(0, at);
        for (i, value) in line.iter().enumerate().take(height) {
            picture[turned(1, i) * width + x] = *value;
        }
    }
}

fn no_plane() -> Error {
    Error::invalid(
        "volume.plane",
        "There is no such plane in this volume. Choose one between its first and its last.",
    )
}
