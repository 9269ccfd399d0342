//! Several documents with one class table and one history: undo takes the last command back, whichever they are.

mod classes;
mod import;
mod stored;

use std::collections::{BTreeMap, BTreeSet};

use super::history::Changed;
use super::order::{Order, Step};
use super::{Area, ClassTable, LabelMap, Painting};
use crate::error::{Error, Result};

/// Bytes that all histories together hold at most; beyond that the first commands cannot be undone any more.
const MAX_HISTORY_BYTES: usize = 256 << 20;

/// Labels of several images, painted side by side.
///
/// All documents have the same classes at any time, so a command on the classes changes all of them. Commands are undone
/// in the order in which they were done. A document that came after a command takes no part in it: when the command is
/// undone, everything done to the document was undone before, and without a label it fits to any classes.
#[derive(Default)]
pub struct Documents {
    paintings: BTreeMap<u32, Painting>,
    classes: ClassTable,
    order: Order,
    open: Option<Open>,
    /// Documents that were restored with a history whose place among the others is not known yet.
    loose: BTreeSet<u32>,
}

/// A command that is not finished.
struct Open {
    touched: BTreeSet<u32>,
    /// The classes before it.
    classes: ClassTable,
}

/// What a command changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Documents and the places in them that are to be drawn anew.
    pub areas: Vec<(u32, Area)>,
    /// Whether names, colours or the order of classes changed.
    pub classes: bool,
}

impl Documents {
    /// The classes of all documents.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// All documents and what they hold.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &LabelMap)> {
        self.paintings.iter().map(|(document, painting)| (*document, painting.map()))
    }

    /// The labels of a document.
    ///
    /// # Errors
    /// `label.document` if there is none of this number.
    pub fn map(&self, document: u32) -> Result<&LabelMap> {
        self.paintings.get(&document).map(Painting::map).ok_or_else(no_document)
    }

    /// Commands that can be undone, and those that can be done again.
    pub fn steps(&self) -> (usize, usize) {
        (self.order.done.len(), self.order.undone.len())
    }

    /// Adds a document without labels. An open command ends.
    ///
    /// # Errors
    /// `label.document` if there is one of this number; as [`LabelMap::new`].
    pub fn add(&mut self, document: u32, width: usize, height: usize, slices: usize) -> Result<()> {
        self.check_free(document)?;
        let map = LabelMap::new(width, height, slices, self.classes.clone())?;
        self.end();
        self.paintings.insert(document, Painting::new(map));
        Ok(())
    }

    /// Forgets a document and what was done to it alone. An open command ends.
    ///
    /// # Errors
    /// `label.document`.
    pub fn remove(&mut self, document: u32) -> Result<()> {
        self.map(document)?;
        self.end();
        self.paintings.remove(&document);
        self.loose.remove(&document);
        self.order.keep(|other| other != document);
        Ok(())
    }

    /// Begins a command; one that is open ends first.
    pub fn begin(&mut self) {
        self.end();
        self.settle();
        self.open = Some(Open { touched: BTreeSet::new(), classes: self.classes.clone() });
    }

    /// Whether a command is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Ends the open command. If it changed nothing it is no step.
    pub fn end(&mut self) -> Changes {
        let Some(open) = self.open.take() else { return Changes::default() };
        let mut changes = Changes { areas: Vec::new(), classes: open.classes != self.classes };
        let mut documents = BTreeSet::new();
        for document in open.touched {
            if let Some(changed) = self.paintings.get_mut(&document).and_then(Painting::end) {
                documents.insert(document);
                changes.areas.extend(changed.areas.into_iter().map(|area| (document, area)));
            }
        }
        if !documents.is_empty() || changes.classes {
            self.forget_undone();
            let classes = changes.classes.then(|| Box::new((open.classes, self.classes.clone())));
            self.order.done.push(Step { documents, classes });
            self.forget_first();
        }
        changes
    }

    /// Gives the open command up: everything is as it was when it began.
    pub fn cancel(&mut self) -> Changes {
        let Some(open) = self.open.take() else { return Changes::default() };
        let mut changes = Changes { areas: Vec::new(), classes: open.classes != self.classes };
        for document in open.touched {
            if let Some(changed) = self.paintings.get_mut(&document).and_then(Painting::cancel) {
                changes.areas.extend(changed.areas.into_iter().map(|area| (document, area)));
            }
        }
        self.classes = open.classes;
        changes
    }

    /// Takes the last command back (an open one ends first); nothing if there is none.
    pub fn undo(&mut self) -> Changes {
        self.end();
        self.settle();
        let Some(step) = self.order.done.pop() else { return Changes::default() };
        let classes = step.classes.as_ref().map(|tables| tables.0.clone());
        let changes = self.replay(&step, classes, Painting::undo);
        self.order.undone.push(step);
        changes
    }

    /// Does the command that was undone last again; nothing if there is none.
    pub fn redo(&mut self) -> Changes {
        self.end();
        self.settle();
        let Some(step) = self.order.undone.pop() else { return Changes::default() };
        let classes = step.classes.as_ref().map(|tables| tables.1.clone());
        let changes = self.replay(&step, classes, Painting::redo);
        self.order.done.push(step);
        changes
    }

    fn replay(
        &mut self,
        step: &Step,
        classes: Option<ClassTable>,
        way: impl Fn(&mut Painting) -> Option<Changed>,
    ) -> Changes {
        let mut changes = Changes { areas: Vec::new(), classes: classes.is_some() };
        for document in &step.documents {
            if let Some(changed) = self.paintings.get_mut(document).and_then(&way) {
                changes.areas.extend(changed.areas.into_iter().map(|area| (*document, area)));
            }
        }
        if let Some(classes) = classes {
            self.set_classes_of_all(classes);
        }
        changes
    }

    /// Work with the tools on one document, inside the open command or as a command of its own. What fails changes
    /// nothing.
    ///
    /// # Errors
    /// `label.document`, and what the work gives.
    pub fn paint(
        &mut self,
        document: u32,
        work: impl FnOnce(&mut Painting) -> Result<Vec<Area>>,
    ) -> Result<Changes> {
        self.map(document)?;
        self.step(|documents| {
            let areas = documents.touch(document).map(work).transpose()?.unwrap_or_default();
            Ok(areas.into_iter().map(|area| (document, area)).collect())
        })
    }

    /// Work inside the open command, or as a command of its own that is given up if the work fails.
    fn step(&mut self, work: impl FnOnce(&mut Self) -> Result<Vec<(u32, Area)>>) -> Result<Changes> {
        if let Some(open) = &self.open {
            let before = open.classes.clone();
            let areas = work(self)?;
            return Ok(Changes { areas, classes: self.classes != before });
        }
        self.begin();
        match work(self) {
            Ok(_) => Ok(self.end()),
            Err(error) => {
                self.cancel();
                Err(error)
            }
        }
    }

    /// Several changes as one command, or as a part of the one that is open.
    ///
    /// # Errors
    /// What the work gives; if a command was open, what the work did before it failed stays a part of that.
    pub fn together(&mut self, work: impl FnOnce(&mut Self) -> Result<Changes>) -> Result<Changes> {
        self.step(|documents| Ok(work(documents)?.areas))
    }

    /// A document that the open command changes.
    fn touch(&mut self, document: u32) -> Option<&mut Painting> {
        let painting = self.paintings.get_mut(&document)?;
        if self.open.as_mut().is_some_and(|open| open.touched.insert(document)) {
            painting.begin();
        }
        Some(painting)
    }

    /// Forgets histories that have no place in the order.
    fn settle(&mut self) {
        for document in std::mem::take(&mut self.loose) {
            if let Some(painting) = self.paintings.get_mut(&document) {
                painting.forget();
            }
        }
    }

    fn forget_undone(&mut self) {
        self.order.undone.clear();
        self.paintings.values_mut().for_each(|painting| painting.history_mut().forget_undone());
    }

    /// Makes room, if there is too much history; the last command can be undone in any case.
    fn forget_first(&mut self) {
        let mut held: usize = self.paintings.values().map(Painting::history_bytes).sum();
        let mut first = 0;
        while held > MAX_HISTORY_BYTES && first + 1 < self.order.done.len() {
            self.forget_one(first);
            first += 1;
            held = self.paintings.values().map(Painting::history_bytes).sum();
        }
        self.order.done.drain(..first);
    }

    fn forget_one(&mut self, step: usize) {
        let Some(step) = self.order.done.get(step) else { return };
        for document in &step.documents {
            if let Some(painting) = self.paintings.get_mut(document) {
                painting.history_mut().forget_first();
            }
        }
    }

    fn set_classes_of_all(&mut self, classes: ClassTable) {
        self.paintings.values_mut().for_each(|painting| painting.set_classes(&classes));
        self.classes = classes;
    }

    fn is_blank(&self) -> bool {
        self.iter().all(|(_, map)| map.labelled_slices().next().is_none())
    }

    fn check_free(&self, document: u32) -> Result<()> {
        if self.paintings.contains_key(&document) {
            return Err(Error::invalid("label.document", "This image has labels already."));
        }
        Ok(())
    }
}

fn no_document() -> Error {
    Error::invalid("label.document", "This image has no labels here; open it again.")
}
