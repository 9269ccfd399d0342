//! The classes that a person paints with: names, colours, order.

use super::{BACKGROUND, UNLABELLED};
use crate::error::{Error, Result};
use crate::weights::{COLOURS, Class};

/// Classes 1.. of a mask, in order; 0 is the background and has no entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassTable {
    classes: Vec<Class>,
}

/// The new value of each old one.
pub(super) type Values = [u8; 256];

impl ClassTable {
    /// Classes, at most.
    pub const MAX_COUNT: usize = Class::MAX_COUNT;

    /// Longest name, bytes of UTF-8.
    pub const MAX_NAME_BYTES: usize = 200;

    /// A table of these classes, such as a model's.
    ///
    /// # Errors
    /// `label.classes` for more than [`MAX_COUNT`](Self::MAX_COUNT), `label.name` for a name that is empty, too long or given
    /// twice, `label.colour` for a colour that is not `#rrggbb`.
    pub fn new(classes: Vec<Class>) -> Result<Self> {
        let mut table = Self::default();
        for class in classes {
            table.add(&class.name, Some(&class.colour))?;
        }
        Ok(table)
    }

    /// Classes without the background.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there is only the background.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The classes in order: the first has the value 1.
    pub fn as_slice(&self) -> &[Class] {
        &self.classes
    }

    /// The class of this value; `None` for the background, "not labelled" and values without a class.
    pub fn get(&self, value: u8) -> Option<&Class> {
        self.classes.get(usize::from(value).checked_sub(1)?)
    }

    /// The largest value of a class, 0 without any.
    pub(super) fn largest(&self) -> u8 {
        self.classes.len().min(Self::MAX_COUNT) as u8
    }

    /// Checks that pixels may have this value.
    pub(super) fn check(&self, value: u8) -> Result<()> {
        if value == BACKGROUND || value == UNLABELLED || self.get(value).is_some() {
            return Ok(());
        }
        Err(no_class(value, self.largest()))
    }

    /// Adds a class at the end and returns its value; without a colour it gets one that is used least.
    pub(super) fn add(&mut self, name: &str, colour: Option<&str>) -> Result<u8> {
        if self.classes.len() >= Self::MAX_COUNT {
            return Err(Error::invalid(
                "label.classes",
                format!("An image can have {} classes, no more.", Self::MAX_COUNT),
            ));
        }
        let name = self.checked_name(name, None)?;
        let colour = match colour {
            Some(colour) => checked_colour(colour)?,
            None => self.free_colour(),
        };
        self.classes.push(Class { name, colour });
        Ok(self.largest())
    }

    pub(super) fn rename(&mut self, value: u8, name: &str) -> Result<()> {
        let i = self.index(value)?;
        self.classes[i].name = self.checked_name(name, Some(i))?;
        Ok(())
    }

    pub(super) fn recolour(&mut self, value: u8, colour: &str) -> Result<()> {
        let i = self.index(value)?;
        self.classes[i].colour = checked_colour(colour)?;
        Ok(())
    }

    /// Takes a class out; its pixels become `instead`, and the classes after it move up.
    pub(super) fn remove(&mut self, value: u8, instead: u8) -> Result<Values> {
        let i = self.index(value)?;
        self.check(instead)?;
        if instead == value {
            return Err(Error::invalid(
                "label.class",
                "The pixels of a class that is removed must become another class.",
            ));
        }
        self.classes.remove(i);
        let up = |old: u8| if old > value && old != UNLABELLED { old - 1 } else { old };
        let mut values = std::array::from_fn(|old| up(old as u8));
        values[usize::from(value)] = up(instead);
        Ok(values)
    }

    /// Moves a class so that it has the value `to`; those between move by one.
    pub(super) fn reorder(&mut self, from: u8, to: u8) -> Result<Values> {
        let (i, j) = (self.index(from)?, self.index(to)?);
        let class = self.classes.remove(i);
        self.classes.insert(j, class);
        Ok(std::array::from_fn(|old| {
            let old = old as u8;
            if old == from {
                to
            } else if (from + 1..=to).contains(&old) {
                old - 1
            } else if (to..from).contains(&old) {
                old + 1
            } else {
                old
            }
        }))
    }

    fn index(&self, value: u8) -> Result<usize> {
        match self.get(value) {
            Some(_) => Ok(usize::from(value) - 1),
            None => Err(no_class(value, self.largest())),
        }
    }

    fn checked_name(&self, name: &str, own: Option<usize>) -> Result<String> {
        let name = name.trim();
        if name.is_empty() || name.len() > Self::MAX_NAME_BYTES {
            return Err(Error::invalid(
                "label.name",
                format!("A class needs a name of at most {} letters.", Self::MAX_NAME_BYTES),
            ));
        }
        if self.classes.iter().enumerate().any(|(i, c)| Some(i) != own && c.name == name) {
            return Err(Error::invalid("label.name", format!("There is a class \"{name}\" already.")));
        }
        Ok(name.into())
    }

    /// The first of the palette's colours that the fewest classes have.
    fn free_colour(&self) -> String {
        let used = |colour: &str| self.classes.iter().filter(|c| c.colour == colour).count();
        COLOURS.iter().min_by_key(|colour| used(colour)).copied().unwrap_or("#000000").into()
    }
}

/// The colour in capitals, as the palette has them, if it is `#rrggbb`.
fn checked_colour(colour: &str) -> Result<String> {
    let digits =
        colour.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
    match digits {
        Some(_) => Ok(colour.to_ascii_uppercase()),
        None => Err(Error::invalid(
            "label.colour",
            format!("\"{colour}\" is no colour; colours are written #rrggbb, such as #E69F00."),
        )),
    }
}

pub(super) fn no_class(value: u8, largest: u8) -> Error {
    Error::invalid("label.class", format!("There is no class {value}; this image has {largest} classes."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> ClassTable {
        let mut table = ClassTable::default();
        for name in names {
            table.add(name, None).unwrap();
        }
        table
    }

    fn names(table: &ClassTable) -> Vec<&str> {
        table.as_slice().iter().map(|c| c.name.as_str()).collect()
    }

    #[test]
    fn classes_get_colours_that_no_other_has_as_long_as_there_are_any() {
        let table = table(&["a", "b", "c", "d", "e", "f", "g", "h"]);
        let colours: Vec<&str> = table.as_slice().iter().map(|c| c.colour.as_str()).collect();
        assert_eq!(colours[..7], COLOURS);
        assert_eq!(colours[7], COLOURS[0]);
    }

    #[test]
    fn a_class_that_moves_takes_its_pixels_along() {
        for (from, to, order) in
            [(1, 3, ["b", "c", "a", "d"]), (4, 2, ["a", "d", "b", "c"]), (2, 2, ["a", "b", "c", "d"])]
        {
            let before = table(&["a", "b", "c", "d"]);
            let mut after = before.clone();
            let values = after.reorder(from, to).unwrap();
            assert_eq!(names(&after), order);
            for old in 1..=4 {
                assert_eq!(before.get(old), after.get(values[usize::from(old)]));
            }
            assert_eq!([values[0], values[5], values[255]], [0, 5, 255]);
        }
    }

    #[test]
    fn the_pixels_of_a_removed_class_become_what_was_asked_for() {
        for (instead, becomes) in [(UNLABELLED, UNLABELLED), (BACKGROUND, BACKGROUND), (1, 1), (4, 3)] {
            let mut after = table(&["a", "b", "c", "d"]);
            let values = after.remove(2, instead).unwrap();
            assert_eq!(names(&after), ["a", "c", "d"]);
            assert_eq!(values[..5], [0, 1, becomes, 2, 3]);
            assert_eq!(values[255], 255);
        }
    }

    #[test]
    fn names_and_colours_that_help_nobody_are_refused() {
        let mut table = table(&["nucleus", "cell"]);
        let long = "x".repeat(300);
        for name in ["", "  ", "cell", " cell ", &long] {
            assert_eq!(table.rename(1, name).unwrap_err().code(), "label.name");
            assert_eq!(table.add(name, None).unwrap_err().code(), "label.name");
        }
        for colour in ["", "red", "#12345", "#1234567", "#12345g", "123456#", "#äöü"] {
            assert_eq!(table.recolour(1, colour).unwrap_err().code(), "label.colour");
        }
        table.rename(1, "nucleus").unwrap();
        table.recolour(2, "#abcdef").unwrap();
        assert_eq!(table.get(2).unwrap().colour, "#ABCDEF");
    }

    #[test]
    fn values_without_a_class_are_refused() {
        let mut table = table(&["a"]);
        for value in [0, 2, 254, 255] {
            assert_eq!(table.rename(value, "x").unwrap_err().code(), "label.class");
            assert_eq!(table.remove(value, 0).unwrap_err().code(), "label.class");
            assert_eq!(table.reorder(1, value).unwrap_err().code(), "label.class");
        }
        assert_eq!(table.remove(1, 1).unwrap_err().code(), "label.class");
        assert_eq!(table.remove(1, 7).unwrap_err().code(), "label.class");
        for i in 1..ClassTable::MAX_COUNT {
            table.add(&i.to_string(), None).unwrap();
        }
        assert_eq!(table.add("one more", None).unwrap_err().code(), "label.classes");
        assert_eq!(table.len(), 254);
        table.remove(254, 253).unwrap();
    }
}
