//! In which order commands were done to several documents.
//!
//! As bytes: `INSITU-ORDER`, a byte with the version (1), then a zlib stream: the class table, the number of steps that
//! were done and of those that were undone (u32 each), then each step: the classes as in `stored.rs`, the number of its
//! documents and their numbers (u32 each).

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::bytes::{Source, damaged, number, unwritten, write_classes};
use super::classes::ClassTable;
use super::history::Tables;
use super::stored::write_tables;
use crate::error::Result;

const MAGIC: &[u8] = b"INSITU-ORDER";
const VERSION: u8 = 1;

/// A command: the documents in whose histories it stands, and what it changed of the classes of all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) documents: BTreeSet<u32>,
    pub(super) classes: Tables,
}

/// Steps that were done, the last one last, and those that were undone, the next to be done again last.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Order {
    pub(super) done: Vec<Step>,
    pub(super) undone: Vec<Step>,
}

impl Order {
    pub(super) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.undone.is_empty()
    }

    /// Takes documents out, and steps that were nothing but a change of them.
    pub(super) fn keep(&mut self, documents: impl Fn(u32) -> bool) {
        for steps in [&mut self.done, &mut self.undone] {
            steps.iter_mut().for_each(|step| step.documents.retain(|document| documents(*document)));
            steps.retain(|step| !step.documents.is_empty() || step.classes.is_some());
        }
    }

    /// Whether each change of the classes begins with the table that the one before left, `now` being the present one.
    pub(super) fn leads_to(&self, now: &ClassTable) -> bool {
        let mut at = now;
        let back = self.done.iter().rev().filter_map(|step| step.classes.as_deref());
        let mut fits = true;
        for (before, after) in back {
            fits &= after == at;
            at = before;
        }
        at = now;
        for (before, after) in self.undone.iter().rev().filter_map(|step| step.classes.as_deref()) {
            fits &= before == at;
            at = after;
        }
        fits
    }

    pub(super) fn to_bytes(&self, classes: &ClassTable) -> Result<Vec<u8>> {
        let mut out = MAGIC.to_vec();
        out.push(VERSION);
        let mut out = ZlibEncoder::new(out, Compression::fast());
        self.write(&mut out, classes).and_then(|()| out.finish()).map_err(unwritten)
    }

    fn write(&self, out: &mut impl Write, classes: &ClassTable) -> std::io::Result<()> {
        write_classes(out, classes)?;
        out.write_all(&number(self.done.len()))?;
        out.write_all(&number(self.undone.len()))?;
        for step in self.done.iter().chain(&self.undone) {
            write_tables(out, &step.classes)?;
            out.write_all(&number(step.documents.len()))?;
            for document in &step.documents {
                out.write_all(&document.to_le_bytes())?;
            }
        }
        Ok(())
    }

    /// # Errors
    /// `label.invalid`, `label.unsupported.version`, `label.limit.bytes`.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<(Self, ClassTable)> {
        let mut source = Source::open(bytes, MAGIC, VERSION)?;
        let classes = source.classes()?;
        let (done, undone) = (source.number()?, source.number()?);
        let order = Self { done: source.steps(done)?, undone: source.steps(undone)? };
        source.end()?;
        Ok((order, classes))
    }
}

impl Source<'_> {
    fn steps(&mut self, n: usize) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        for _ in 0..n {
            self.take(2 * size_of::<Step>())?;
            let classes = self.tables()?;
            let mut documents = BTreeSet::new();
            for _ in 0..self.number()? {
                self.take(16)?;
                let document = u32::try_from(self.number()?).map_err(|_| damaged())?;
                if documents.last().is_some_and(|last| *last >= document) {
                    return Err(damaged());
                }
                documents.insert(document);
            }
            if documents.is_empty() && classes.is_none() {
                return Err(damaged());
            }
            steps.push(Step { documents, classes });
        }
        Ok(steps)
    }
}
