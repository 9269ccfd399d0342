//! Commands on all documents: those on their classes.

use super::{Changes, Documents};
use crate::error::{Error, Result};
use crate::label::{Area, ClassTable, Painting};
use crate::weights::Class;

impl Documents {
    /// Takes all labels of all documents away.
    ///
    /// # Errors
    /// None of its own.
    pub fn clear_all(&mut self) -> Result<Changes> {
        self.step(|documents| documents.on_all(|painting| Ok(painting.clear_all())))
    }

    /// Adds a class to all documents; without a colour it gets one of the palette.
    ///
    /// # Errors
    /// As [`Painting::add_class`].
    pub fn add_class(&mut self, name: &str, colour: Option<&str>) -> Result<Changes> {
        let mut table = self.classes.clone();
        table.add(name, colour)?;
        self.on_classes(table, |painting| painting.add_class(name, colour).map(|_| Vec::new()))
    }

    /// Gives a class another name.
    ///
    /// # Errors
    /// As [`Painting::rename_class`].
    pub fn rename_class(&mut self, value: u8, name: &str) -> Result<Changes> {
        let mut table = self.classes.clone();
        table.rename(value, name)?;
        self.on_classes(table, |painting| painting.rename_class(value, name).map(|()| Vec::new()))
    }

    /// Gives a class another colour, `#rrggbb`.
    ///
    /// # Errors
    /// As [`Painting::recolour_class`].
    pub fn recolour_class(&mut self, value: u8, colour: &str) -> Result<Changes> {
        let mut table = self.classes.clone();
        table.recolour(value, colour)?;
        self.on_classes(table, |painting| painting.recolour_class(value, colour).map(|()| Vec::new()))
    }

    /// Removes a class; its pixels become `instead`.
    ///
    /// # Errors
    /// As [`Painting::remove_class`].
    pub fn remove_class(&mut self, value: u8, instead: u8) -> Result<Changes> {
        let mut table = self.classes.clone();
        table.remove(value, instead)?;
        self.on_classes(table, |painting| painting.remove_class(value, instead))
    }

    /// Moves class `from` so that its value is `to`; pixels keep their class.
    ///
    /// # Errors
    /// As [`Painting::move_class`].
    pub fn move_class(&mut self, from: u8, to: u8) -> Result<Changes> {
        let mut table = self.classes.clone();
        table.reorder(from, to)?;
        self.on_classes(table, |painting| painting.move_class(from, to))
    }

    /// Takes these classes in the place of those that are there, without a command: a model's, before anything is
    /// painted.
    ///
    /// # Errors
    /// `label.painted` if anything is labelled or can be undone or done again; as [`ClassTable::new`].
    pub fn set_classes(&mut self, classes: Vec<Class>) -> Result<Changes> {
        let classes = ClassTable::new(classes)?;
        if self.open.is_some() || !self.order.is_empty() || !self.is_blank() {
            return Err(Error::invalid(
                "label.painted",
                "Other classes can be taken only as long as nothing is labelled. Take all labels away first, or change the classes one by one.",
            ));
        }
        self.settle();
        let changes = Changes { areas: Vec::new(), classes: classes != self.classes };
        self.set_classes_of_all(classes);
        Ok(changes)
    }

    fn on_classes(
        &mut self,
        table: ClassTable,
        work: impl Fn(&mut Painting) -> Result<Vec<Area>>,
    ) -> Result<Changes> {
        self.step(|documents| {
            let areas = documents.on_all(work)?;
            documents.classes = table;
            Ok(areas)
        })
    }

    fn on_all(&mut self, work: impl Fn(&mut Painting) -> Result<Vec<Area>>) -> Result<Vec<(u32, Area)>> {
        let all: Vec<u32> = self.paintings.keys().copied().collect();
        let mut areas = Vec::new();
        for document in all {
            let changed = self.touch(document).map(&work).transpose()?.unwrap_or_default();
            areas.extend(changed.into_iter().map(|area| (document, area)));
        }
        Ok(areas)
    }
}
