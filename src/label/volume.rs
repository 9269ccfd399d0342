//! Work on several slices of a volume at once: filling in between painted ones, carrying labels on, painting across slices.

use super::accept::Suggestion;
use super::brush::Dab;
use super::ink::{Ink, Over};
use super::painting::Painting;
use super::rect::{Area, Rect};
use super::region::Region;
use crate::error::{Error, Result};
use crate::volume::between;

/// Which slices of a document follow each other: those of one channel at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Depths {
    /// The slice of the first depth, how many slices on the next is, and how many depths there are.
    pub first: usize,
    pub step: usize,
    pub count: usize,
    /// Between columns, rows and depths, mm, or in any other unit that is the same for the three.
    pub spacing: [f64; 3],
}

impl Depths {
    fn slices(&self) -> impl Iterator<Item = usize> {
        let Self { first, step, count, .. } = *self;
        (0..count).map(move |depth| first + depth * step)
    }

    /// Distances between columns, rows and depths as parts of that between columns.
    fn ratios(&self) -> Result<[f64; 3]> {
        let ratios = self.spacing.map(|spacing| spacing / self.spacing[0]);
        let good = ratios.iter().all(|ratio| ratio.is_finite() && *ratio > 0.0);
        good.then_some(ratios)
            .ok_or_else(|| Error::invalid("label.spacing", "The distances between voxels must be above 0."))
    }
}

impl Painting {
    /// Fills the slices between labelled ones in, by shape (Raya and Udupa 1990). What is labelled stays. Returns where pixels changed.
    ///
    /// # Errors
    /// `label.slice`; `label.between` if no two labelled slices have others between them; as [`between`].
    pub fn fill_between(&mut self, depths: &Depths) -> Result<Vec<Area>> {
        let bounds = self.map().bounds();
        let labelled: Vec<usize> = self.map().labelled_slices().collect();
        let slices: Vec<usize> = depths.slices().collect();
        let painted: Vec<usize> =
            (0..slices.len()).filter(|depth| labelled.contains(&slices[*depth])).collect();
        if painted.windows(2).all(|two| two[1] - two[0] < 2) {
            return Err(Error::invalid(
                "label.between",
                "There is nothing to fill in: label two slices that have others between them.",
            ));
        }
        let [x, y, _] = depths.spacing;
        let mut areas = Vec::new();
        for two in painted.windows(2).filter(|two| two[1] - two[0] > 1) {
            let ends = [self.map().read(slices[two[0]], bounds)?, self.map().read(slices[two[1]], bounds)?];
            let planes = between(&ends[0], &ends[1], bounds.width, [x, y], two[1] - two[0] - 1)?;
            for (depth, plane) in (two[0] + 1..).zip(planes) {
                let mask = Suggestion::certain(&plane);
                let changed = self.accept(slices[depth], &Region::of(bounds), &mask, Over::NOTHING)?;
                areas.extend(changed.map(|rect| Area { slice: slices[depth], rect }));
            }
        }
        Ok(areas)
    }

    /// Copies the labels of a slice to another one, where nothing is labelled.
    ///
    /// # Errors
    /// `label.slice`.
    pub fn carry(&mut self, from: usize, to: usize) -> Result<Option<Rect>> {
        let bounds = self.map().bounds();
        let labels = self.map().read(from, bounds)?;
        self.accept(to, &Region::of(bounds), &Suggestion::certain(&labels), Over::NOTHING)
    }

    /// A brush that is a ball: from one dab to the next on `slice`, and on its neighbours as far as the radius reaches. Radii are in columns.
    ///
    /// # Errors
    /// As [`Painting::brush`]; `label.spacing`.
    pub fn ball(&mut self, depths: &Depths, slice: usize, from: Dab, to: Dab, ink: Ink) -> Result<Vec<Area>> {
        let [_, _, ratio] = depths.ratios()?;
        let here = slice.saturating_sub(depths.first) / depths.step.max(1);
        let mut areas = Vec::new();
        for (depth, slice) in depths.slices().enumerate() {
            let off = depth.abs_diff(here) as f64 * ratio;
            let cut = |dab: Dab| Dab { radius: (dab.radius * dab.radius - off * off).max(0.0).sqrt(), ..dab };
            // On neighbours a dab that does not reach them leaves nothing.
            if off > 0.0 && off >= from.radius.max(to.radius) {
                continue;
            }
            let changed = self.brush(slice, cut(from), cut(to), ink)?;
            areas.extend(changed.map(|rect| Area { slice, rect }));
        }
        Ok(areas)
    }

    /// A round brush on a plane that stands upright on the slices. `axis`: 0, all pixels are of column `index`, and dabs have rows as `x`; 1, of row
    /// `index`, and dabs have columns as `x`. Their `y` is the depth. The radius is in columns.
    ///
    /// # Errors
    /// `label.class`; `label.spacing`; `label.place` if there is no such plane.
    pub fn brush_across(
        &mut self,
        depths: &Depths,
        axis: usize,
        index: usize,
        [from, to]: [Dab; 2],
        ink: Ink,
    ) -> Result<Vec<Area>> {
        let ratios = depths.ratios()?;
        let bounds = self.map().bounds();
        let (length, limit) =
            if axis == 0 { (bounds.height, bounds.width) } else { (bounds.width, bounds.height) };
        if index >= limit
            || ![from.x, from.y, to.x, to.y, from.radius, to.radius].iter().all(|v| v.is_finite())
        {
            return Err(Error::invalid("label.place", "This plane lies outside of the image."));
        }
        let along = if axis == 0 { ratios[1] } else { 1.0 };
        let mut areas = Vec::new();
        for (depth, slice) in depths.slices().enumerate() {
            // The columns or rows that any of the discs between the dabs covers on this slice.
            let steps = ((to.x - from.x).hypot(to.y - from.y).ceil() as usize * 2).clamp(1, 4096);
            let mut reach: Option<[f64; 2]> = None;
            for step in 0..=steps {
                let part = step as f64 / steps as f64;
                let mix = |a: f64, b: f64| a + (b - a) * part;
                let (x, y, radius) = (mix(from.x, to.x), mix(from.y, to.y), mix(from.radius, to.radius));
                // The depth that a dab is on is reached by the smallest, too.
                let off = (depth as f64 + 0.5 - y).abs() * ratios[2];
                let half = radius * radius - off * off;
                if half < 0.0 && (depth as f64 + 0.5 - y).abs() > 0.5 {
                    continue;
                }
                let half = half.max(0.0).sqrt() / along;
                let [low, high] = reach.unwrap_or([x, x]);
                reach = Some([low.min(x - half), high.max(x + half)]);
            }
            let Some([low, high]) = reach else { continue };
            // Pixels whose middle is covered, and the one that the dab is on.
            let first = (low - 0.5).ceil().max(0.0) as usize;
            let end = ((high + 0.5).floor().max(0.0) as usize)
                .max(((low + high) / 2.0).max(0.0) as usize + 1)
                .min(length);
            let first = first.min(end.saturating_sub(1));
            if first >= end || high < 0.0 {
                continue;
            }
            let rect = if axis == 0 {
                Rect::new(index, first, 1, end - first)
            } else {
                Rect::new(first, index, end - first, 1)
            };
            let changed = self.fill(slice, &Region::of(rect), ink)?;
            areas.extend(changed.map(|rect| Area { slice, rect }));
        }
        Ok(areas)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::UNLABELLED;
    use crate::label::{ClassTable, LabelMap};

    fn painting(slices: usize) -> Painting {
        let mut painting = Painting::new(LabelMap::new(20, 16, slices, ClassTable::default()).unwrap());
        painting.add_class("body", None).unwrap();
        painting
    }

    fn depths(count: usize) -> Depths {
        Depths { first: 0, step: 1, count, spacing: [1.0, 1.0, 2.0] }
    }

    fn count(painting: &Painting, slice: usize) -> usize {
        let values = painting.map().read(slice, painting.map().bounds()).unwrap();
        values.iter().filter(|value| **value == 1).count()
    }

    fn dab(x: f64, y: f64, radius: f64) -> Dab {
        Dab { x, y, radius }
    }

    #[test]
    fn a_disc_that_moves_is_filled_in_between_and_what_was_painted_stays() {
        let mut painting = painting(5);
        for (slice, x) in [(0, 7.0), (4, 11.0)] {
            painting.brush(slice, dab(x, 8.0, 4.0), dab(x, 8.0, 4.0), Ink::new(1)).unwrap();
        }
        painting.begin();
        let areas = painting.fill_between(&depths(5)).unwrap();
        painting.end();
        assert_eq!(areas.iter().map(|area| area.slice).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(painting.map().value(2, 9, 8), Some(1));
        assert_eq!(painting.map().value(2, 0, 0), Some(UNLABELLED));
        assert!(painting.fill_between(&depths(5)).is_err());
        painting.undo();
        assert_eq!((count(&painting, 1), count(&painting, 0) > 0), (0, true));
    }

    #[test]
    fn only_slices_of_the_same_channel_are_filled_in() {
        let mut painting = painting(6);
        for slice in [0, 4] {
            painting.fill(slice, &Region::of(Rect::new(3, 3, 4, 4)), Ink::new(1)).unwrap();
        }
        let channel = Depths { step: 2, count: 3, ..depths(3) };
        painting.fill_between(&channel).unwrap();
        let counts: Vec<usize> = (0..6).map(|slice| count(&painting, slice)).collect();
        assert_eq!((counts[0], counts[2], counts[4]), (16, 16, 16));
        assert_eq!((counts[1], counts[3], counts[5]), (0, 0, 0));
    }

    #[test]
    fn labels_are_carried_to_where_nothing_is_labelled() {
        let mut painting = painting(2);
        painting.fill(0, &Region::of(Rect::new(3, 3, 4, 4)), Ink::new(1)).unwrap();
        painting.fill(1, &Region::of(Rect::new(3, 3, 2, 2)), Ink::new(0)).unwrap();
        painting.carry(0, 1).unwrap();
        assert_eq!((count(&painting, 1), painting.map().value(1, 3, 3)), (12, Some(0)));
    }

    #[test]
    fn a_ball_is_smaller_on_slices_further_away() {
        let mut painting = painting(7);
        painting.ball(&depths(7), 3, dab(10.0, 8.0, 5.0), dab(10.0, 8.0, 5.0), Ink::new(1)).unwrap();
        let counts: Vec<usize> = (0..7).map(|slice| count(&painting, slice)).collect();
        assert_eq!(counts[0], 0);
        assert!(counts[1] > 0 && counts[1] < counts[2] && counts[2] < counts[3], "{counts:?}");
        assert_eq!((counts[1], counts[2], counts[6]), (counts[5], counts[4], 0));
    }

    #[test]
    fn a_brush_across_slices_is_round_in_millimetres() {
        for (axis, index) in [(1, 8), (0, 10)] {
            let mut painting = painting(9);
            let at = dab(8.5, 4.5, 4.0);
            painting.begin();
            let areas = painting.brush_across(&depths(9), axis, index, [at, at], Ink::new(1)).unwrap();
            painting.end();
            let counts: Vec<usize> = (0..9).map(|slice| count(&painting, slice)).collect();
            assert_eq!(counts[4], 9, "{counts:?}");
            assert_eq!((counts[3], counts[2], counts[1]), (counts[5], counts[6], 0), "{counts:?}");
            assert!(counts[3] < 9 && counts[2] < counts[3]);
            assert!(areas.iter().all(|area| area.rect.width == 1 || area.rect.height == 1));
            painting.undo();
            assert_eq!((0..9).map(|slice| count(&painting, slice)).sum::<usize>(), 0);
        }
        let mut painting = painting(2);
        let at = dab(3.0, 0.5, 0.1);
        painting.brush_across(&depths(2), 1, 3, [at, at], Ink::new(1)).unwrap();
        assert_eq!(count(&painting, 0), 1);
        assert!(painting.brush_across(&depths(2), 1, 99, [at, at], Ink::new(1)).is_err());
    }
}
