//! What happens between convolutions, pixel by pixel or over 2x2 of them.

use super::maps::Maps;
use super::parallel::{Shared, parts};

/// Calls `row` with each row of the result in its place among the rows of all images.
fn rows(to: &mut Maps, row: impl Fn(usize, &mut [f32]) + Sync + Send) {
    let (count, len) = (to.batch * to.height, to.width * to.pitch());
    let data = Shared(to.data_mut().as_mut_ptr());
    parts(count, |y| {
        // SAFETY: each part has a row of its own.
        row(y, unsafe { std::slice::from_raw_parts_mut(data.pointer().add(y * len), len) });
    });
}

/// The pixels of a row.
fn row(maps: &Maps, y: usize) -> &[f32] {
    let len = maps.width * maps.pitch();
    &maps.data()[y * len..][..len]
}

/// The larger value; unlike `f32::max` one instruction for a vector of them.
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The largest of 2x2 pixels.
#[inline(never)]
pub fn max_pool(from: &Maps, to: &mut Maps) {
    assert_eq!((to.batch, to.size(), to.channels), (from.batch, from.size().map(|n| n / 2), from.channels));
    let pitch = from.pitch();
    let (height, from_height) = (to.height, from.height);
    rows(to, |y, to| {
        let top = y / height * from_height + 2 * (y % height);
        let (above, below) = (row(from, top), row(from, top + 1));
        for (x, to) in to.chunks_exact_mut(pitch).enumerate() {
            let at = 2 * x * pitch;
            let four = [&above[at..], &above[at + pitch..], &below[at..], &below[at + pitch..]];
            let four = four.map(|pixel| &pixel[..pitch]);
            for (c, to) in to.iter_mut().enumerate() {
                *to = larger(larger(four[0][c], four[1][c]), larger(four[2][c], four[3][c]));
            }
        }
    });
}

/// The gradient of [`max_pool`], added to `to`: all of it to the first of the largest pixels.
#[inline(never)]
pub fn max_pool_gradient(from: &Maps, gradient: &Maps, to: &mut Maps) {
    assert_eq!((to.batch, to.size(), to.channels), (from.batch, from.size(), from.channels));
    let (pitch, width) = (from.pitch(), from.width);
    let (height, from_height) = (gradient.height, from.height);
    let len = width * pitch;
    let data = Shared(to.data_mut().as_mut_ptr());
    parts(gradient.batch * height, |y| {
        let top = y / height * from_height + 2 * (y % height);
        // SAFETY: each part has two rows of its own.
        let to = unsafe { std::slice::from_raw_parts_mut(data.pointer().add(top * len), 2 * len) };
        let (above, below) = (row(from, top), row(from, top + 1));
        let (to_above, to_below) = to.split_at_mut(len);
        for (x, gradient) in row(gradient, y).chunks_exact(pitch).enumerate() {
            let at = 2 * x * pitch;
            for (c, gradient) in gradient.iter().enumerate() {
                let (left, right) = (at + c, at + pitch + c);
                let values = [above[left], above[right], below[left], below[right]];
                let most = larger(larger(values[0], values[1]), larger(values[2], values[3]));
                match values.iter().position(|v| *v == most) {
                    Some(0) | None => to_above[left] += gradient,
                    Some(1) => to_above[right] += gradient,
                    Some(2) => to_below[left] += gradient,
                    Some(_) => to_below[right] += gradient,
                }
            }
        }
    });
}

/// Every pixel four times.
#[inline(never)]
pub fn enlarge(from: &Maps, to: &mut Maps) {
    assert_eq!((to.batch, to.size(), to.channels), (from.batch, from.size().map(|n| 2 * n), from.channels));
    let pitch = from.pitch();
    rows(to, |y, to| {
        for (x, to) in to.chunks_exact_mut(pitch).enumerate() {
            to.copy_from_slice(&row(from, y / 2)[x / 2 * pitch..][..pitch]);
        }
    });
}

/// The gradient of [`enlarge`], added to `to`.
#[inline(never)]
pub fn enlarge_gradient(gradient: &Maps, to: &mut Maps) {
    assert_eq!(gradient.size(), to.size().map(|n| 2 * n));
    let pitch = to.pitch();
    rows(to, |y, to| {
        for (x, to) in to.chunks_exact_mut(pitch).enumerate() {
            for from in [2 * y, 2 * y + 1] {
                let two = &row(gradient, from)[2 * x * pitch..][..2 * pitch];
                for (c, to) in to.iter_mut().enumerate() {
                    *to += two[c] + two[pitch + c];
                }
            }
        }
    });
}

/// Every pixel in the place of twice its row and column, zeros between them: what a convolution with stride 2 leaves out, and a
/// transposed one puts in.
#[inline(never)]
pub fn spread(from: &Maps, to: &mut Maps) {
    assert_eq!((from.batch, from.channels), (to.batch, to.channels));
    assert_eq!(from.size(), to.size().map(|n| n.div_ceil(2)));
    let (height, pitch) = (to.height, to.pitch());
    rows(to, |y, to| {
        to.fill(0.0);
        let (image, y) = (y / height, y % height);
        if y % 2 == 0 {
            let from = row(from, image * from.height + y / 2).chunks_exact(pitch);
            for (to, from) in to.chunks_exact_mut(pitch).step_by(2).zip(from) {
                to.copy_from_slice(from);
            }
        }
    });
}

/// The pixels of even rows and columns: the gradient of [`spread`].
#[inline(never)]
pub fn every_second(from: &Maps, to: &mut Maps) {
    assert_eq!((from.batch, from.channels), (to.batch, to.channels));
    assert_eq!(to.size(), from.size().map(|n| n.div_ceil(2)));
    let (height, pitch) = (to.height, to.pitch());
    rows(to, |y, to| {
        let y = y / height * from.height + 2 * (y % height);
        let from = row(from, y).chunks_exact(pitch).step_by(2);
        for (to, from) in to.chunks_exact_mut(pitch).zip(from) {
            to.copy_from_slice(from);
        }
    });
}

/// Part of the pixels, `margin` off every side.
#[inline(never)]
pub fn crop(from: &Maps, margin: usize, to: &mut Maps) {
    assert_eq!(to.size(), from.size().map(|n| n - 2 * margin));
    assert_eq!((to.batch, to.channels), (from.batch, from.channels));
    let (height, pitch) = (to.height, from.pitch());
    rows(to, |y, to| {
        let y = y / height * from.height + margin + y % height;
        to.copy_from_slice(&row(from, y)[margin * pitch..][..to.len()]);
    });
}

/// The gradient of [`crop`], added to `to`.
#[inline(never)]
pub fn crop_gradient(gradient: &Maps, margin: usize, to: &mut Maps) {
    let (height, pitch) = (to.height, to.pitch());
    let inside = gradient.height;
    rows(to, |y, to| {
        let (image, y) = (y / height, y % height);
        if let Some(y) = y.checked_sub(margin).filter(|y| *y < inside) {
            let from = row(gradient, image * inside + y);
            for (to, from) in to[margin * pitch..].iter_mut().zip(from) {
                *to += from;
            }
        }
    });
}

/// The channels of all maps, one after the other.
#[inline(never)]
pub fn concatenate(from: &[&Maps], to: &mut Maps) {
    assert!(from.iter().all(|m| (m.batch, m.size()) == (to.batch, to.size())));
    assert_eq!(from.iter().map(|m| m.channels).sum::<usize>(), to.channels);
    let pitch = to.pitch();
    rows(to, |y, to| {
        let mut before = 0;
        for maps in from {
            let pixels = row(maps, y).chunks_exact(maps.pitch());
            for (to, from) in to.chunks_exact_mut(pitch).zip(pixels) {
                to[before..before + maps.channels].copy_from_slice(&from[..maps.channels]);
            }
            before += maps.channels;
        }
    });
}

/// Adds the channels of `from` that begin at `first` to `to`.
#[inline(never)]
pub fn add_channels(from: &Maps, first: usize, to: &mut Maps) {
    assert_eq!((from.batch, from.size()), (to.batch, to.size()));
    let (pitch, channels) = (to.pitch(), to.channels);
    rows(to, |y, to| {
        let pixels = row(from, y).chunks_exact(from.pitch());
        for (to, from) in to.chunks_exact_mut(pitch).zip(pixels) {
            for (to, from) in to.iter_mut().zip(&from[first..first + channels]) {
                *to += from;
            }
        }
    });
}

/// Adds one to the other.
#[inline(never)]
pub fn add(maps: &mut Maps, more: &Maps) {
    each_with(maps, more, |a, b| a + b);
}

/// Multiplies one with the other, place by place.
#[inline(never)]
pub fn multiply(maps: &mut Maps, by: &Maps) {
    each_with(maps, by, |a, b| a * b);
}

/// Sets what is below 0 to 0.
#[inline(never)]
pub fn rectify(maps: &mut Maps) {
    each(maps, |x| if x > 0.0 { x } else { 0.0 });
}

/// Every value through a function that keeps 0.
pub fn each(maps: &mut Maps, f: impl Fn(f32) -> f32 + Sync + Send) {
    rows(maps, |_, row| row.iter_mut().for_each(|v| *v = f(*v)));
}

/// As [`each`], with the value at the same place of another.
pub fn each_with(maps: &mut Maps, other: &Maps, f: impl Fn(f32, f32) -> f32 + Sync + Send) {
    assert_eq!(maps.data().len(), other.data().len());
    rows(maps, |y, to| to.iter_mut().zip(row(other, y)).for_each(|(v, o)| *v = f(*v, *o)));
}
