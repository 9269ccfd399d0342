//! Objects corrected by hand: taken away, joined, cut in two, drawn. A correction is what a hand drew over the image, so that it holds for
//! objects that were told apart anew, with other settings.

use serde::{Deserialize, Serialize};

use super::components::{Connectivity, components};
use super::flood::flood;
use super::measure::{Bounds, extents};
use super::polygon::{Span, spans};
use crate::sorting::sort_by_key;

/// So far a cut goes on beyond both ends of its line, pixels.
const OVERSHOOT: f64 = 2.0;

/// What is done to the objects that a line meets, or with what it goes around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Deed {
    /// Objects that the line meets become background.
    Delete,
    /// They become one.
    Merge,
    /// Each of them is cut along it, if it goes right through.
    Split,
    /// The background inside becomes an object.
    Draw,
}

/// One correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "ObjectEdit"))]
pub struct Edit {
    pub deed: Deed,
    /// Column and row in turn, pixels from the upper left corner of the image; a point alone is a click.
    pub points: Vec<f64>,
    /// Of an object that is drawn, from 1 on.
    pub class: u8,
}

/// The objects of an image while they are corrected.
struct Slate<'a> {
    numbers: &'a mut [u32],
    classes: &'a mut [u8],
    width: usize,
    height: usize,
    /// The largest number so far.
    last: u32,
}

/// Corrects `numbers`, the object of each pixel, and `classes`, its class, both `[row][column]`, one edit after the other. Numbers are those
/// of before where an object stays, larger ones where it is new.
///
/// Says of each edit whether it changed anything. Points outside of the image are as good as others; without pixels nothing happens.
pub fn edit(numbers: &mut [u32], classes: &mut [u8], width: usize, edits: &[Edit]) -> Vec<bool> {
    let height = numbers.len().checked_div(width).unwrap_or(0);
    if height == 0 || classes.len() != numbers.len() {
        return vec![false; edits.len()];
    }
    let last = numbers.iter().copied().max().unwrap_or(0);
    let mut slate = Slate { numbers, classes, width, height, last };
    edits.iter().map(|edit| slate.take(edit)).collect()
}

impl Slate<'_> {
    fn take(&mut self, edit: &Edit) -> bool {
        let points = self.within(&edit.points);
        match edit.deed {
            Deed::Delete => self.delete(&points),
            Deed::Merge => self.merge(&points),
            Deed::Split => self.split(&points),
            Deed::Draw => self.draw(&points, edit.class.max(1)),
        }
    }

    /// Finite points, none of them far outside, so that no line is longer than the image has pixels.
    fn within(&self, points: &[f64]) -> Vec<[f64; 2]> {
        let near = |value: f64, length: usize| value.clamp(-1.0, length as f64 + 1.0);
        points
            .chunks_exact(2)
            .filter(|pair| pair.iter().all(|v| v.is_finite()))
            .map(|pair| [near(pair[0], self.width), near(pair[1], self.height)])
            .collect()
    }

    /// Pixels that the line through the points meets, some of them more than once. They touch each other at corners at least.
    fn line(&self, points: &[[f64; 2]]) -> Vec<usize> {
        let mut pixels = Vec::new();
        let mut put = |x: f64, y: f64| {
            let (x, y) = (x.floor(), y.floor());
            if x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height {
                pixels.push(y as usize * self.width + x as usize);
            }
        };
        if let [[x, y]] = points {
            put(*x, *y);
        }
        for pair in points.windows(2) {
            let [[x0, y0], [x1, y1]] = [pair[0], pair[1]];
            let (dx, dy) = (x1 - x0, y1 - y0);
            let steps = (dx.abs().max(dy.abs()).ceil() as usize).max(1);
            for step in 0..=steps {
                let part = step as f64 / steps as f64;
                put(x0 + part * dx, y0 + part * dy);
            }
        }
        pixels
    }

    /// Numbers of the objects that the line meets, ascending.
    fn met(&self, points: &[[f64; 2]]) -> Vec<u32> {
        let mut met: Vec<u32> = self.line(points).into_iter().map(|i| self.numbers[i]).collect();
        met.sort_unstable();
        met.dedup();
        met.retain(|number| *number != 0);
        met
    }

    fn delete(&mut self, points: &[[f64; 2]]) -> bool {
        let met = self.met(points);
        for (number, class) in self.numbers.iter_mut().zip(self.classes.iter_mut()) {
            if met.binary_search(number).is_ok() {
                (*number, *class) = (0, 0);
            }
        }
        !met.is_empty()
    }

    /// The whole is of the class of the largest part.
    fn merge(&mut self, points: &[[f64; 2]]) -> bool {
        let met = self.met(points);
        let [first, _, ..] = met[..] else { return false };
        let mut parts = vec![(0usize, 0u8); met.len()];
        for (number, class) in self.numbers.iter().zip(self.classes.iter()) {
            if let Ok(at) = met.binary_search(number) {
                parts[at] = (parts[at].0 + 1, *class);
            }
        }
        let class = parts.iter().max_by_key(|(pixels, _)| *pixels).map_or(1, |(_, class)| *class);
        for (number, own) in self.numbers.iter_mut().zip(self.classes.iter_mut()) {
            if met.binary_search(number).is_ok() {
                (*number, *own) = (first, class);
            }
        }
        true
    }

    fn split(&mut self, points: &[[f64; 2]]) -> bool {
        let cut = self.line(&longer(points));
        let met = self.met(points);
        let mut boxes = extents(self.numbers, self.width);
        boxes.retain(|(number, _)| met.binary_search(number).is_ok());
        boxes.into_iter().fold(false, |done, (number, bounds)| self.cut(number, bounds, &cut) | done)
    }

    /// Cuts one object along pixels of a line. Of each piece the largest part keeps the number; pixels of the line go to a part beside them.
    fn cut(&mut self, number: u32, bounds: Bounds, line: &[usize]) -> bool {
        let Bounds { left, top, right, bottom } = bounds;
        let (w, h) = (right - left, bottom - top);
        let across = self.width;
        let whole = |i: usize| (top + i / w) * across + left + i % w;
        let own: Vec<bool> = (0..w * h).map(|i| self.numbers[whole(i)] == number).collect();
        let mut is = own.clone();
        let before = components(&own, w, h, Connectivity::Four);
        for pixel in line {
            let (x, y) = (pixel % self.width, pixel / self.width);
            if (left..right).contains(&x) && (top..bottom).contains(&y) {
                is[(y - top) * w + x - left] = false;
            }
        }
        let after = components(&is, w, h, Connectivity::Four);
        // Of each piece its parts, the largest first.
        let mut parts: Vec<Vec<u32>> = vec![Vec::new(); before.sizes.len() + 1];
        let mut seen = vec![false; after.sizes.len() + 1];
        for (piece, part) in before.numbers.iter().zip(&after.numbers) {
            if *part != 0 && !std::mem::replace(&mut seen[*part as usize], true) {
                parts[*piece as usize].push(*part);
            }
        }
        let mut of_part = vec![number; after.sizes.len() + 1];
        let mut done = false;
        for of_piece in &mut parts {
            sort_by_key(of_piece, |part| std::cmp::Reverse(after.sizes[*part as usize - 1]));
            for part in of_piece.iter().skip(1) {
                self.last += 1;
                of_part[*part as usize] = self.last;
                done = true;
            }
        }
        if !done {
            return false;
        }
        let mut numbers = after.numbers;
        // From the parts into the line; a pixel that no part reaches is of a piece that is all line, and stays.
        flood(&mut numbers, &own, &vec![1.0; w * h], w);
        for (i, part) in numbers.into_iter().enumerate().filter(|(_, part)| *part != 0) {
            self.numbers[whole(i)] = of_part[part as usize];
        }
        true
    }

    /// Pixels whose middles lie inside; others' pixels stay theirs.
    fn draw(&mut self, points: &[[f64; 2]], class: u8) -> bool {
        let corners: Vec<[f32; 2]> = points.iter().map(|[x, y]| [*y as f32, *x as f32]).collect();
        let mut inside: Vec<Span> = Vec::new();
        spans(&corners, 0.5, &mut inside);
        let number = self.last + 1;
        for span in inside {
            let Some(row) = usize::try_from(span.row).ok().filter(|row| *row < self.height) else { continue };
            let column = |edge: f32| ((edge - 0.5).ceil().max(0.0) as usize).min(self.width);
            for i in row * self.width + column(span.from)..row * self.width + column(span.to) {
                if self.numbers[i] == 0 {
                    (self.numbers[i], self.classes[i], self.last) = (number, class, number);
                }
            }
        }
        self.last == number
    }
}

/// A line whose ends go on for a little in their direction: hands stop at the rim of what they cut.
fn longer(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let on = |end: [f64; 2], before: [f64; 2]| {
        let [dx, dy] = [end[0] - before[0], end[1] - before[1]];
        let part = OVERSHOOT / dx.hypot(dy).max(f64::MIN_POSITIVE);
        [end[0] + part * dx, end[1] + part * dy]
    };
    let mut longer = points.to_vec();
    if let [first, second, ..] = points {
        longer.insert(0, on(*first, *second));
    }
    if let [.., second, last] = points {
        longer.push(on(*last, *second));
    }
    longer
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WIDE: usize = 12;

    /// Digits are objects, all of class 1; a point is background.
    fn image(rows: &[&str]) -> (Vec<u32>, Vec<u8>) {
        let numbers: Vec<u32> =
            rows.iter().flat_map(|row| row.chars().map(|c| c.to_digit(10).unwrap_or(0))).collect();
        let classes = numbers.iter().map(|n| u8::from(*n > 0)).collect();
        (numbers, classes)
    }

    fn two() -> (Vec<u32>, Vec<u8>) {
        image(&["............", ".11111.2222.", ".11111.2222.", ".11111.2222.", "............"])
    }

    fn with(deed: Deed, points: &[f64]) -> Edit {
        Edit { deed, points: points.to_vec(), class: 1 }
    }

    fn pixels(numbers: &[u32], number: u32) -> usize {
        numbers.iter().filter(|n| **n == number).count()
    }

    #[test]
    fn a_click_deletes_the_object_under_it_and_its_mask() {
        let (mut numbers, mut classes) = two();
        let done = edit(&mut numbers, &mut classes, WIDE, &[with(Deed::Delete, &[3.5, 2.5])]);
        assert_eq!((done, pixels(&numbers, 1), pixels(&numbers, 2)), (vec![true], 0, 12));
        assert_eq!(classes.iter().filter(|c| **c == 1).count(), 12);
        assert_eq!(edit(&mut numbers, &mut classes, WIDE, &[with(Deed::Delete, &[0.5, 0.5])]), [false]);
    }

    #[test]
    fn a_line_through_two_objects_makes_one_of_the_class_of_the_larger() {
        let (mut numbers, mut classes) = two();
        classes.iter_mut().zip(&numbers).filter(|(_, n)| **n == 2).for_each(|(c, _)| *c = 2);
        let done = edit(&mut numbers, &mut classes, WIDE, &[with(Deed::Merge, &[2.0, 2.0, 9.0, 2.0])]);
        assert_eq!((done, pixels(&numbers, 1), pixels(&numbers, 2)), (vec![true], 27, 0));
        assert!(classes.iter().all(|c| *c < 2));
        assert_eq!(
            edit(&mut numbers, &mut classes, WIDE, &[with(Deed::Merge, &[2.0, 2.0, 3.0, 2.0])]),
            [false]
        );
    }

    #[test]
    fn a_line_right_through_cuts_an_object_and_loses_no_pixel() {
        let (mut numbers, mut classes) = two();
        let before = classes.clone();
        let done = edit(&mut numbers, &mut classes, WIDE, &[with(Deed::Split, &[3.5, 1.2, 3.5, 3.8])]);
        assert_eq!(done, [true]);
        assert_eq!(pixels(&numbers, 1) + pixels(&numbers, 3), 15);
        assert!(pixels(&numbers, 3) >= 6 && classes == before, "{numbers:?}");
        // A line that ends inside cuts nothing.
        let (mut numbers, mut classes) = image(&["111111111111"; 12]);
        let inside = with(Deed::Split, &[6.0, 0.0, 6.0, 5.0]);
        assert_eq!(edit(&mut numbers, &mut classes, WIDE, &[inside]), [false]);
        assert!(numbers.iter().all(|n| *n == 1));
    }

    #[test]
    fn a_cut_leaves_the_other_pieces_of_an_object_to_it() {
        let (mut numbers, mut classes) = image(&[".111....1111", ".111....1111", "........1111"]);
        let done = edit(&mut numbers, &mut classes, WIDE, &[with(Deed::Split, &[10.0, 0.0, 10.0, 3.0])]);
        assert_eq!((done, numbers[1], pixels(&numbers, 2)), (vec![true], 1, 3));
    }

    #[test]
    fn what_is_drawn_takes_the_background_only() {
        let (mut numbers, mut classes) = two();
        let outline = Edit { class: 2, ..with(Deed::Draw, &[0.0, 3.0, 12.0, 3.0, 12.0, 5.0, 0.0, 5.0]) };
        assert_eq!(edit(&mut numbers, &mut classes, WIDE, &[outline]), [true]);
        assert_eq!((pixels(&numbers, 1), pixels(&numbers, 2), pixels(&numbers, 3)), (15, 12, 24 - 9));
        assert_eq!((classes[4 * WIDE], classes[3 * WIDE + 2]), (2, 1));
        // Within an object there is none.
        let within = with(Deed::Draw, &[1.0, 1.0, 4.0, 1.0, 4.0, 3.0]);
        assert_eq!(edit(&mut numbers, &mut classes, WIDE, &[within]), [false]);
    }

    proptest! {
        #[test]
        fn no_line_breaks_anything(
            deeds in prop::collection::vec((0usize..4, prop::collection::vec(-1e9f64..1e9, 0..9), 0u8..4), 0..6),
            near in prop::collection::vec(-2.0f64..14.0, 0..12),
        ) {
            let (mut numbers, mut classes) = two();
            let all = [Deed::Delete, Deed::Merge, Deed::Split, Deed::Draw];
            let mut edits: Vec<Edit> =
                deeds.into_iter().map(|(at, points, class)| Edit { deed: all[at], points, class }).collect();
            edits.extend(all.map(|deed| with(deed, &near)));
            edits.push(with(Deed::Split, &[f64::NAN, 1.0, f64::INFINITY, 2.0]));
            edit(&mut numbers, &mut classes, WIDE, &edits);
            prop_assert!(numbers.iter().zip(&classes).all(|(n, c)| (*n > 0) == (*c > 0)));
            prop_assert_eq!(edit(&mut [], &mut [], 0, &edits), vec![false; edits.len()]);
        }
    }
}
