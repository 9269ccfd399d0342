//! Documents and the order of their commands as bytes, for the session's store.

use super::{Changes, Documents, no_document};
use crate::error::{Error, Result};
use crate::label::classes::Values;
use crate::label::history::Command;
use crate::label::order::{Order, Step};
use crate::label::{Area, ClassTable, Painting, UNLABELLED};

impl Documents {
    /// A document with its history as bytes; [`restore`](Self::restore) reads them.
    ///
    /// # Errors
    /// `label.document`; `label.open` while a command is open; `label.write`.
    pub fn store(&self, document: u32) -> Result<Vec<u8>> {
        self.check_closed()?;
        self.paintings.get(&document).ok_or_else(no_document)?.to_bytes()
    }

    /// The order of commands over all documents as bytes; [`restore_order`](Self::restore_order) reads them.
    ///
    /// # Errors
    /// `label.open` while a command is open; `label.write`.
    pub fn store_order(&self) -> Result<Vec<u8>> {
        self.check_closed()?;
        self.order.to_bytes(&self.classes)
    }

    /// Adds a document that was stored. Its history waits for the order; if a command is done before that comes, the
    /// history is forgotten. If there are commands already, or labels with other classes, the history is forgotten at
    /// once, classes of the same name become one, and what was done to classes before cannot be undone.
    ///
    /// # Errors
    /// `label.document` if there is one of this number; `label.classes` if there are too many together; as
    /// [`Painting::from_bytes`].
    pub fn restore(&mut self, document: u32, bytes: &[u8]) -> Result<Changes> {
        self.check_free(document)?;
        let mut painting = Painting::from_bytes(bytes)?;
        let areas: Vec<(u32, Area)> = {
            let map = painting.map();
            let slices = map.labelled_slices();
            slices
                .flat_map(|slice| {
                    let rects = map.painted(slice).unwrap_or_default();
                    rects.into_iter().map(move |rect| (document, Area { slice, rect }))
                })
                .collect()
        };
        let same = painting.map().classes() == &self.classes;
        let fresh = self.open.is_none() && self.order.is_empty();
        let before = self.classes.clone();
        if fresh && (same || (self.is_blank() && self.loose.is_empty())) {
            self.set_classes_of_all(painting.map().classes().clone());
            if painting.steps() != (0, 0) {
                self.loose.insert(document);
            }
        } else {
            let (table, values) = self.joined(painting.map().classes())?;
            self.end();
            self.settle();
            self.forget_classes();
            painting.set_values(&values, &table);
            self.set_classes_of_all(table);
        }
        self.paintings.insert(document, painting);
        Ok(Changes { areas, classes: self.classes != before })
    }

    /// Puts the histories of the documents that were restored into the order in which the commands were done.
    ///
    /// # Errors
    /// `label.order` if the order does not fit to the documents, or commands were done since: the histories are
    /// forgotten then, and the labels stay. As [`restore`](Self::restore) for damaged bytes.
    pub fn restore_order(&mut self, bytes: &[u8]) -> Result<Changes> {
        let (mut order, classes) = Order::from_bytes(bytes)?;
        order.keep(|document| self.paintings.contains_key(&document));
        let fresh = self.open.is_none() && self.order.is_empty();
        let table = self.paintings.is_empty() || classes == self.classes;
        if !fresh || !table || !order.leads_to(&classes) || !self.fits(&order) {
            self.settle();
            return Err(Error::invalid(
                "label.order",
                "All labels are here, but the steps that led to them cannot be undone any more: the stored steps belong to other labels.",
            ));
        }
        self.loose.clear();
        self.order = order;
        let changes = Changes { areas: Vec::new(), classes: classes != self.classes };
        self.classes = classes;
        Ok(changes)
    }

    /// Whether the histories consist of the commands that the order tells.
    fn fits(&mut self, order: &Order) -> bool {
        self.paintings.iter_mut().all(|(document, painting)| {
            let has = |step: &&Step| step.documents.contains(document);
            let alike = |steps: &[Step], commands: &[Command]| {
                let of_it: Vec<&Step> = steps.iter().filter(has).collect();
                of_it.len() == commands.len()
                    && of_it.iter().zip(commands).all(|(step, command)| step.classes == *command.tables())
            };
            if !alike(&order.done, painting.history().done())
                || !alike(&order.undone, painting.history().undone())
            {
                return false;
            }
            let mut steps = order.done.iter().chain(order.undone.iter().rev());
            let older = steps.by_ref().take_while(|step| !has(step));
            let younger = older.filter(|step| step.classes.is_some()).count() > 0;
            let present = steps.all(|step| step.classes.is_none() || has(&step));
            present && (!younger || painting.begins_blank())
        })
    }

    /// No command that changed the classes can be undone or done again.
    fn forget_classes(&mut self) {
        let last = self.order.done.iter().rposition(|step| step.classes.is_some());
        let first = last.map_or(0, |last| last + 1);
        (0..first).for_each(|step| self.forget_one(step));
        self.order.done.drain(..first);
        self.forget_undone();
    }

    /// The classes with those of `other` that they have not, and the value of each of `other` in them.
    fn joined(&self, other: &ClassTable) -> Result<(ClassTable, Values)> {
        let mut table = self.classes.clone();
        let mut values: Values = std::array::from_fn(|old| old as u8);
        for (old, class) in (1u8..).zip(other.as_slice()) {
            let there = table.as_slice().iter().position(|own| own.name == class.name);
            values[usize::from(old)] = match there {
                Some(place) => place as u8 + 1,
                None => table.add(&class.name, Some(&class.colour))?,
            };
        }
        values[usize::from(UNLABELLED)] = UNLABELLED;
        Ok((table, values))
    }

    fn check_closed(&self) -> Result<()> {
        if self.is_open() {
            return Err(Error::invalid(
                "label.open",
                "Labels cannot be stored in the middle of a stroke; end it first.",
            ));
        }
        Ok(())
    }
}
