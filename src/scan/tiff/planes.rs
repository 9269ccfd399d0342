//! Which channel, depth and time each plane of a file is: by OME-XML, ImageJ's description, or the header of Zeiss' LSM.

use std::collections::HashMap;

use super::describe::imagej_value;
use super::ifd::Ifd;
use super::lsm::Lsm;
use super::ome::{self, Pixels};
use super::page::Page;
use super::{composite, tags};
use crate::scan::Planes;
use crate::scan::samples::SampleType;

/// Letters of a channel's name that are kept.
const MAX_NAME: usize = 60;

/// The planes of a file in the order of [`Planes`].
pub(super) struct Arranged {
    /// For each, where it is among those of the file.
    pub(super) order: Vec<usize>,
    pub(super) planes: Planes,
    /// Of the channels, one for each; empty where the file says nothing.
    pub(super) colours: Vec<[u8; 3]>,
    /// The channels are red, green and blue of one picture.
    pub(super) is_colour: bool,
    /// What the file promises and does not hold.
    pub(super) note: Option<String>,
}

/// `count` planes of the file, each of which holds `bands` slices; `numbers`: the directory of each.
pub(super) fn arranged(main: &Ifd<'_>, first: &Page<'_>, bands: usize, numbers: &[usize]) -> Arranged {
    let count = numbers.len();
    let texts = main.texts(tags::IMAGE_DESCRIPTION);
    let found = if let Some(text) = texts.iter().find(|text| text.starts_with("ImageJ=")) {
        imagej(main, text, first, count)
    } else if let Some(images) = texts.iter().map(|text| images(text, first)).find(|all| !all.is_empty()) {
        by_ome(&images, first.samples, numbers)
    } else if let Some(lsm) = Lsm::of(main) {
        let [z, c, t] = lsm.counts;
        let whole = z.checked_mul(t) == Some(count) && c == bands;
        Found {
            counts: if whole { [z, 1, t] } else { [count, 1, 1] },
            names: lsm.names,
            colours: lsm.colours,
            ..Found::stack(count)
        }
    } else {
        Found::stack(count)
    };
    let [depths, of_pages, times] = found.counts;
    let (planes, colours) = named([depths, of_pages * bands, times], found.names, found.colours);
    Arranged { order: found.order, colours, planes, is_colour: found.is_colour, note: found.note }
}

/// Depths, channels and times with the names and colours of the channels, as far as the file gives them.
pub(super) fn named(
    [depths, channels, times]: [usize; 3],
    mut names: Vec<String>,
    mut colours: Vec<[u8; 3]>,
) -> (Planes, Vec<[u8; 3]>) {
    names.resize(channels, String::new());
    for name in &mut names {
        *name =
            name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect::<String>().trim().to_string();
    }
    if colours.len() != channels {
        colours.clear();
    }
    (Planes { channels: names, depths, times }, colours)
}

/// Planes of which nothing is to be known: in the order of the file.
pub(super) fn plain(bands: usize, count: usize) -> Arranged {
    let (planes, colours) = named([count, bands, 1], Vec::new(), Vec::new());
    Arranged { order: (0..count).collect(), planes, colours, is_colour: false, note: None }
}

struct Found {
    /// Depths, channels (without those that lie in one page), times.
    counts: [usize; 3],
    order: Vec<usize>,
    names: Vec<String>,
    colours: Vec<[u8; 3]>,
    is_colour: bool,
    note: Option<String>,
}

impl Found {
    /// Planes of which nothing is known.
    fn stack(count: usize) -> Self {
        let order = (0..count).collect();
        let (names, colours) = Default::default();
        Self { counts: [count, 1, 1], order, names, colours, is_colour: false, note: None }
    }
}

fn imagej(main: &Ifd<'_>, text: &str, first: &Page<'_>, count: usize) -> Found {
    let whole = |key: &str| imagej_value(text, key).and_then(|v| v.parse::<usize>().ok()).unwrap_or(1).max(1);
    let counts = [whole("slices"), whole("channels"), whole("frames")];
    // What a colour page holds, ImageJ counts once.
    if count > 1 && whole("images") > count {
        let images = whole("images");
        let note = format!("ImageJ's description names {images} images; this file holds {count} of them.");
        return Found { note: Some(note), ..Found::stack(count) };
    }
    if product(counts) != Some(count) {
        let note = promised(counts, count).filter(|_| count > 1);
        return Found { note, ..Found::stack(count) };
    }
    let colours = composite::colours(main);
    // In the order of a hyperstack, which is the one of `Planes`.
    let is_colour = counts[1] == 3
        && first.samples == 1
        && first.kind == SampleType::U8
        && imagej_value(text, "mode") == Some("composite")
        && composite::is_red_green_blue(&colours);
    Found { counts, colours, is_colour, ..Found::stack(count) }
}

/// The images of an OME-TIFF file that have the size of its pages.
fn images(text: &str, first: &Page<'_>) -> Vec<Pixels> {
    ome::all_pixels(text, first.width, first.height).collect()
}

fn by_ome(images: &[Pixels], samples: usize, numbers: &[usize]) -> Found {
    let count = numbers.len();
    let Some(pixels) = images.first() else { return Found::stack(count) };
    let [z, c, t] = pixels.counts;
    // SizeC counts the samples of a pixel, too.
    let c = if c.is_multiple_of(samples) { c / samples } else { c };
    let counts = [z, c, t];
    let n = images.len();
    let alike = images.iter().all(|other| (other.counts, &other.order) == (pixels.counts, &pixels.order));
    if !alike || product(counts).and_then(|all| all.checked_mul(n)) != Some(count) {
        let several =
            "The description tells of several images; their channels, depths and times are not told apart.";
        let elsewhere = || of_a_set(counts, count, &pixels.files).or_else(|| promised(counts, count));
        let note = if n > 1 { Some(several.to_string()) } else { elsewhere() };
        return Found { note, ..Found::stack(count) };
    }
    let order = by_tiff_data(counts, images, numbers).unwrap_or_else(|| {
        let one = in_order(counts, &pixels.order);
        let of = |image: usize| one.iter().map(move |place| image * (count / n) + place).collect::<Vec<_>>();
        (0..n).flat_map(of).collect()
    });
    let colours = pixels.colours.clone().unwrap_or_default();
    let found = Found { counts, order, names: pixels.channels.clone(), colours, ..Found::stack(count) };
    if n == 1 {
        return found;
    }
    let note = format!("The file holds {n} images of this size; their slices follow one another.");
    Found { counts: [z * t * n, c, 1], note: Some(note), ..found }
}

fn product(counts: [usize; 3]) -> Option<usize> {
    counts.iter().try_fold(1usize, |all, n| all.checked_mul(*n))
}

fn promised(counts: [usize; 3], count: usize) -> Option<String> {
    let all = product(counts).filter(|all| *all > count)?;
    Some(format!("The description names {all} planes; this file holds {count} of them."))
}

/// What is told of one of several files that are one image (OME-TIFF specification, "multi-file").
fn of_a_set(counts: [usize; 3], count: usize, files: &[String]) -> Option<String> {
    let all = product(counts).filter(|all| *all > count && files.len() > 1)?;
    let (n, rest) = (files.len(), all - count);
    Some(format!(
        "This file is one of the {n} of an OME-TIFF image of {all} planes. It holds {count} of them, which are shown as plain slices; {rest} are in the other files."
    ))
}

/// How far planes of the file lie apart that differ by one in depth, channel, time: `order` is a DimensionOrder, such as `XYCZT`.
fn strides([z, c, t]: [usize; 3], order: &str) -> [usize; 3] {
    let axes: Vec<usize> = order.chars().filter_map(|axis| "ZCT".find(axis)).collect();
    let mut known = axes.clone();
    known.sort_unstable();
    // The standard asks for an order; without one the usual one.
    let axes = if known == [0, 1, 2] { axes } else { vec![1, 0, 2] };
    let mut strides = [0; 3];
    let mut stride = 1;
    for axis in axes {
        if let (Some(to), Some(size)) = (strides.get_mut(axis), [z, c, t].get(axis)) {
            *to = stride;
            stride *= size;
        }
    }
    strides
}

/// `(depth, channel, time)` in the order of [`Planes`].
fn places([z, c, t]: [usize; 3]) -> impl Iterator<Item = [usize; 3]> {
    (0..t).flat_map(move |t| (0..z).flat_map(move |z| (0..c).map(move |c| [z, c, t])))
}

fn in_order(counts: [usize; 3], order: &str) -> Vec<usize> {
    let strides = strides(counts, order);
    places(counts).map(|at| at.iter().zip(strides).map(|(n, stride)| n * stride).sum()).collect()
}

/// As the elements TiffData of all images say (OME-TIFF specification, "The TiffData element"), if they name every plane once.
fn by_tiff_data(counts: [usize; 3], images: &[Pixels], numbers: &[usize]) -> Option<Vec<usize>> {
    let mut at = HashMap::with_capacity(numbers.len());
    for (i, number) in numbers.iter().enumerate() {
        if at.insert(*number, i).is_some() {
            return None;
        }
    }
    let mut order = Vec::with_capacity(numbers.len());
    for image in images {
        for (_, directory) in directories(counts, image)? {
            order.push(at.remove(&directory)?);
        }
    }
    Some(order)
}

/// The file and the directory of each of an image's planes, in the order of [`Planes`].
pub(super) fn directories(
    counts: [usize; 3],
    Pixels { order, data, .. }: &Pixels,
) -> Option<Vec<(usize, usize)>> {
    let (all, strides) = (product(counts)?, strides(counts, order));
    // By the place in the order of the file.
    let mut found = vec![None; all];
    for element in data {
        let places = element.first.iter().zip(strides).map(|(n, stride)| n.saturating_mul(stride));
        let first = places.fold(0usize, usize::saturating_add);
        let count = element.count.unwrap_or(if element.ifd.is_some() { 1 } else { all });
        for i in 0..count.min(all) {
            let to = found.get_mut(first.checked_add(i)?)?;
            let place = (element.file.unwrap_or(0), element.ifd.unwrap_or(0).checked_add(i)?);
            if to.replace(place).is_some() {
                return None;
            }
        }
    }
    in_order(counts, order).into_iter().map(|place| found.get(place).copied().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ome::TiffData;
    use super::*;

    const ORDERS: [&str; 6] = ["XYZCT", "XYZTC", "XYCTZ", "XYCZT", "XYTCZ", "XYTZC"];

    /// Walks the planes of a file as the words of its order say.
    fn walk(counts: [usize; 3], order: &str) -> Vec<[usize; 3]> {
        let axes: Vec<usize> = order.chars().filter_map(|axis| "ZCT".find(axis)).collect();
        let mut file = Vec::new();
        for slow in 0..counts[axes[2]] {
            for middle in 0..counts[axes[1]] {
                for fast in 0..counts[axes[0]] {
                    let mut at = [0; 3];
                    (at[axes[0]], at[axes[1]], at[axes[2]]) = (fast, middle, slow);
                    file.push(at);
                }
            }
        }
        file
    }

    proptest! {
        #[test]
        fn every_slice_has_its_plane_in_every_order(z in 1usize..5, c in 1usize..5, t in 1usize..5, order in 0usize..6) {
            let counts = [z, c, t];
            let file = walk(counts, ORDERS[order]);
            let slices = in_order(counts, ORDERS[order]);
            prop_assert_eq!(slices.len(), z * c * t);
            for (slice, plane) in slices.iter().enumerate() {
                prop_assert_eq!(file[*plane], [slice / c % z, slice % c, slice / c / z]);
            }
        }

        #[test]
        fn what_tiff_data_says_of_each_plane_counts(
            z in 1usize..4, c in 1usize..4, t in 1usize..4, order in 0usize..6, turn in 0usize..64,
        ) {
            let (counts, n) = ([z, c, t], z * c * t);
            let file = walk(counts, ORDERS[order]);
            // Directories in another order than that of the planes.
            let directory = |plane: usize| (plane + turn) % n;
            let data: Vec<TiffData> = (0..n)
                .map(|plane| TiffData { ifd: Some(directory(plane)), file: None, first: file[plane], count: None })
                .collect();
            let numbers: Vec<usize> = (0..n).collect();
            let image = |data: &[TiffData]| {
                [Pixels { counts, order: ORDERS[order].into(), data: data.to_vec(), ..Pixels::default() }]
            };
            let found = by_tiff_data(counts, &image(&data), &numbers).unwrap();
            let plain = in_order(counts, ORDERS[order]);
            prop_assert_eq!(found, plain.iter().map(|plane| directory(*plane)).collect::<Vec<_>>());
            if n > 1 {
                prop_assert_eq!(by_tiff_data(counts, &image(&data[1..]), &numbers), None);
            }
        }
    }

    #[test]
    fn planes_that_are_elsewhere_are_told() {
        assert!(promised([5, 2, 1], 3).unwrap().contains("this file holds 3"));
        assert_eq!(promised([5, 2, 1], 10), None);
        let files = ["a", "b"].map(String::from);
        let told = of_a_set([5, 2, 1], 3, &files).unwrap();
        assert!(told.contains("one of the 2") && told.contains("7 are in the other files"), "{told}");
        assert_eq!(of_a_set([5, 2, 1], 10, &files), None);
    }
}
