//! Painting: every tool and every change of the classes, each one a command that can be undone.

use super::accept::Suggestion;
use super::brush::{Dab, brush};
use super::classes::{ClassTable, Values};
use super::history::{Changed, History, Record};
use super::ink::{Ink, Over};
use super::map::LabelMap;
use super::pen::{Before, Pen};
use super::rect::{Area, Rect};
use super::region::Region;
use super::smooth::Smoothing;
use crate::error::Result;

/// Labels that are being painted, and what was done to them.
///
/// A tool that is called alone is one step of the history. Between [`begin`](Self::begin) and [`end`](Self::end) all
/// calls together are one: the events of a stroke, a prediction accepted in several slices with the classes it needs.
/// Tools return the smallest rectangle around what they changed, for redrawing; `None` if nothing did. A call that
/// fails changes nothing.
///
/// ```
/// use insitu::label::{ClassTable, Dab, Ink, LabelMap, Painting};
///
/// let mut painting = Painting::new(LabelMap::new(4096, 4096, 1, ClassTable::default())?);
/// let nucleus = painting.add_class("nucleus", None)?;
/// let at = |x: f64| Dab { x, y: 100.0, radius: 4.0 };
/// painting.begin();
/// painting.brush(0, at(10.0), at(20.0), Ink::new(nucleus))?;
/// painting.brush(0, at(20.0), at(30.0), Ink::new(nucleus))?;
/// painting.end();
/// assert_eq!(painting.map().value(0, 25, 100), Some(nucleus));
/// painting.undo();
/// assert_eq!(painting.map().counts(0)?, [0, 0]);
/// # Ok::<(), insitu::Error>(())
/// ```
pub struct Painting {
    map: LabelMap,
    open: Option<Record>,
    history: History,
}

/// What the order over several documents needs.
impl Painting {
    /// Labels with commands that led to them, and some that were undone.
    pub(super) fn with_history(map: LabelMap, history: History) -> Self {
        Self { map, open: None, history }
    }

    /// What was done.
    pub(super) fn history(&self) -> &History {
        &self.history
    }

    /// What was done, to forget some of it.
    pub(super) fn history_mut(&mut self) -> &mut History {
        &mut self.history
    }

    /// Nothing can be undone or done again any more.
    pub(super) fn forget(&mut self) {
        self.history = History::default();
    }

    /// Takes a class table without a command: labels without any pixel fit to each.
    pub(super) fn set_classes(&mut self, classes: &ClassTable) {
        self.map.classes.clone_from(classes);
    }

    /// Takes a class table in which each value has a new one; nothing can be undone after that.
    pub(super) fn set_values(&mut self, values: &Values, classes: &ClassTable) {
        self.map.remap(values, &mut Before::new());
        self.map.drop_blank();
        self.set_classes(classes);
        self.forget();
    }

    /// Whether nothing is labelled where everything is undone.
    pub(super) fn begins_blank(&mut self) -> bool {
        let classes = self.map.classes.clone();
        let steps = self.steps().0;
        while self.undo().is_some() {}
        let blank = self.map.labelled_slices().next().is_none();
        for _ in 0..steps {
            self.redo();
        }
        self.map.classes = classes;
        blank
    }
}

impl Painting {
    /// Starts from these labels, without a history.
    pub fn new(map: LabelMap) -> Self {
        Self { map, open: None, history: History::default() }
    }

    /// The labels as they are now.
    pub fn map(&self) -> &LabelMap {
        &self.map
    }

    /// Begins a command. One that is open ends first: a pointer that got lost must not lose paint.
    pub fn begin(&mut self) {
        self.end();
        self.open = Some(Record::new(&self.map));
    }

    /// Whether a command is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Ends the open command and tells what it changed. If it changed nothing it is no step, and what was undone can
    /// still be done again.
    pub fn end(&mut self) -> Option<Changed> {
        let command = self.open.take()?.finish(&mut self.map)?;
        let changed = command.changed().clone();
        self.history.push(command);
        Some(changed)
    }

    /// Gives the open command up: everything is as it was when it began. Tells what that changed, in whole tiles.
    pub fn cancel(&mut self) -> Option<Changed> {
        Some(self.open.take()?.cancel(&mut self.map))
    }

    /// Takes the last command back (an open one ends first); `None` if there is none.
    pub fn undo(&mut self) -> Option<Changed> {
        self.end();
        self.history.undo(&mut self.map)
    }

    /// Does the command that was undone last again; `None` if there is none, or something else was done since.
    pub fn redo(&mut self) -> Option<Changed> {
        self.end();
        self.history.redo(&mut self.map)
    }

    /// Commands that can be undone, and those that can be done again.
    pub fn steps(&self) -> (usize, usize) {
        self.history.steps()
    }

    /// Bytes that the history holds.
    pub fn history_bytes(&self) -> usize {
        self.history.bytes()
    }

    /// Paints under a brush that moved from `from` to `to`: pixels whose centres lie under it on its way, and those that
    /// the two ends lie in. With [`Ink::ERASER`] it is the eraser.
    ///
    /// # Errors
    /// `label.slice`, `label.class`; `label.brush` for places and radii that are none.
    pub fn brush(&mut self, slice: usize, from: Dab, to: Dab, ink: Ink) -> Result<Option<Rect>> {
        self.draw(slice, ink, |pen| {
            let bounds = pen.plane().grid().bounds();
            brush(from, to, bounds, |columns, y| pen.fill(Rect::of(columns, y..y + 1), ink))
        })
    }

    /// Gives every pixel of a region one value: a polygon, a flood, the wand; with [`Over::NOTHING`] the rest of a slice.
    ///
    /// # Errors
    /// `label.slice`, `label.class`.
    pub fn fill(&mut self, slice: usize, region: &Region, ink: Ink) -> Result<Option<Rect>> {
        self.draw(slice, ink, |pen| {
            pen.fill_region(region, ink);
            Ok(())
        })
    }

    /// Takes all labels of a region away.
    ///
    /// # Errors
    /// `label.slice`.
    pub fn clear(&mut self, slice: usize, region: &Region) -> Result<Option<Rect>> {
        self.fill(slice, region, Ink::ERASER)
    }

    /// Takes all labels of all slices away.
    pub fn clear_all(&mut self) -> Vec<Area> {
        self.step(|map, before| {
            let slices: Vec<usize> = map.labelled_slices().collect();
            let bounds = map.bounds();
            slices
                .into_iter()
                .filter_map(|slice| {
                    let mut pen = Pen::new(map.plane(slice), slice, before);
                    pen.fill(bounds, Ink::ERASER);
                    pen.changed().map(|rect| Area { slice, rect })
                })
                .collect()
        })
    }

    /// Smooths ragged labels: a pixel becomes what most of the pixels within `radius` are ("not labelled" too), its own
    /// value winning a draw.
    ///
    /// # Errors
    /// `label.slice`; `label.smooth` if `radius` is not 1 to 32 pixels.
    pub fn smooth(&mut self, slice: usize, region: &Region, radius: usize) -> Result<Option<Rect>> {
        self.draw(slice, Ink::ERASER, |pen| {
            Smoothing::new(pen.plane(), region, radius)?
                .each(region, |x, y, value| pen.fill(Rect::new(x, y, 1, 1), Ink::new(value)));
            Ok(())
        })
    }

    /// Takes the classes of a prediction over as labels, in a region, where it is sure enough.
    ///
    /// # Errors
    /// `label.slice`; `label.shape` if it has another size than a slice; `label.class` if it has a class in the region
    /// that the table has not.
    pub fn accept(
        &mut self,
        slice: usize,
        region: &Region,
        suggestion: &Suggestion,
        over: Over,
    ) -> Result<Option<Rect>> {
        let largest = self.map.classes().largest();
        self.draw(slice, Ink::ERASER, |pen| {
            let bounds = pen.plane().grid().bounds();
            suggestion.runs(region, bounds, largest, |columns, y, value| {
                pen.fill(Rect::of(columns, y..y + 1), Ink { value, over });
            })
        })
    }

    /// Adds a class and returns its value; without a colour (`#rrggbb`) it gets one of the palette.
    ///
    /// # Errors
    /// `label.classes` for more than 254, `label.name`, `label.colour`.
    pub fn add_class(&mut self, name: &str, colour: Option<&str>) -> Result<u8> {
        self.step(|map, _| map.classes.add(name, colour))
    }

    /// Gives a class another name.
    ///
    /// # Errors
    /// `label.class`, `label.name`.
    pub fn rename_class(&mut self, value: u8, name: &str) -> Result<()> {
        self.step(|map, _| map.classes.rename(value, name))
    }

    /// Gives a class another colour, `#rrggbb`.
    ///
    /// # Errors
    /// `label.class`, `label.colour`.
    pub fn recolour_class(&mut self, value: u8, colour: &str) -> Result<()> {
        self.step(|map, _| map.classes.recolour(value, colour))
    }

    /// Removes a class; in all slices its pixels become `instead` (another class, the background, or not labelled) and
    /// the classes after it move up by one. Returns where pixels changed, in whole tiles.
    ///
    /// # Errors
    /// `label.class`.
    pub fn remove_class(&mut self, value: u8, instead: u8) -> Result<Vec<Area>> {
        self.step(|map, before| {
            let values = map.classes.remove(value, instead)?;
            Ok(map.remap(&values, before))
        })
    }

    /// Moves class `from` so that its value is `to`; in all slices the pixels of every class keep their class. Returns
    /// where values changed, in whole tiles.
    ///
    /// # Errors
    /// `label.class`.
    pub fn move_class(&mut self, from: u8, to: u8) -> Result<Vec<Area>> {
        self.step(|map, before| {
            let values = map.classes.reorder(from, to)?;
            Ok(map.remap(&values, before))
        })
    }

    /// Work with a pen on one slice, after a check of what it writes.
    pub(super) fn draw(
        &mut self,
        slice: usize,
        ink: Ink,
        work: impl FnOnce(&mut Pen) -> Result<()>,
    ) -> Result<Option<Rect>> {
        self.map.check_slice(slice)?;
        self.map.classes().check(ink.value)?;
        self.step(|map, before| {
            let mut pen = Pen::new(map.plane(slice), slice, before);
            work(&mut pen)?;
            Ok(pen.changed())
        })
    }

    /// Work inside the open command, or as a command of its own.
    fn step<T>(&mut self, work: impl FnOnce(&mut LabelMap, &mut Before) -> T) -> T {
        let alone = self.open.is_none();
        let map = &mut self.map;
        let record = self.open.get_or_insert_with(|| Record::new(map));
        let result = work(map, &mut record.before);
        if alone {
            self.end();
        }
        result
    }
}
