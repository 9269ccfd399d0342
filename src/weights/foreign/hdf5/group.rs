//! Links of a group: symbol tables (sections III.A.1, III.B, III.D) and link messages (section IV.A.2.g).

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::file::{File, MAX_LEVELS, broken};
use super::header::{Object, dense, kind};
use crate::error::Result;

/// Where a group keeps its links.
pub(super) enum Links<'a> {
    /// A tree of symbol nodes, and the heap with the names.
    Table { tree: u64, heap: u64 },
    /// One message each.
    Messages(Vec<&'a [u8]>),
}

/// Bytes of a name that Keras could have made.
const MAX_NAME: usize = 4096;

impl<'a> File<'a> {
    /// Names and header addresses of what is in a group; soft and external links are left out.
    pub(in super::super) fn links(&self, group: &Object<'a>) -> Result<BTreeMap<String, u64>> {
        let mut out = BTreeMap::new();
        match self.links_of(group)? {
            Links::Table { tree, heap } => {
                let names = self.heap(heap)?;
                self.tree(tree, MAX_LEVELS, names, &mut out)?;
            }
            Links::Messages(bodies) => {
                for body in bodies {
                    self.step(1 + body.len() as u64 / 64)?;
                    let link = self.link(body).ok_or_else(|| broken("a link is not whole"))?;
                    out.extend(link);
                }
            }
        }
        Ok(out)
    }

    /// Where a group keeps its links.
    fn links_of(&self, object: &Object<'a>) -> Result<Links<'a>> {
        let cut = || broken("a group is not whole");
        if let Some(message) = object.one(kind::SYMBOL_TABLE) {
            let mut cursor = Cursor::new(message.body);
            let tree = self.address(&mut cursor).ok_or_else(cut)?;
            let heap = self.address(&mut cursor).ok_or_else(cut)?;
            return Ok(Links::Table { tree, heap });
        }
        if let Some(message) = object.one(kind::LINK_INFO) {
            let mut cursor = Cursor::new(message.body);
            cursor.skip(1).ok_or_else(cut)?;
            let flags = cursor.u8().ok_or_else(cut)?;
            cursor.skip(if flags & 1 != 0 { 8 } else { 0 }).ok_or_else(cut)?;
            if !self.undefined(self.address(&mut cursor).ok_or_else(cut)?) {
                return Err(dense("groups"));
            }
        }
        Ok(Links::Messages(object.all(kind::LINK).map(|m| m.body).collect()))
    }

    /// What lies under a path such as `conv2d/kernel:0`.
    pub(in super::super) fn find(&self, group: &Object<'a>, path: &str) -> Result<Option<Object<'a>>> {
        let mut found = None;
        for part in path.split('/').filter(|p| !p.is_empty()) {
            let links = self.links(found.as_ref().unwrap_or(group))?;
            match links.get(part) {
                Some(address) => found = Some(self.object(*address)?),
                None => return Ok(None),
            }
        }
        Ok(found)
    }

    /// The names in a local heap.
    fn heap(&self, address: u64) -> Result<&'a [u8]> {
        let read = || {
            let mut cursor = self.from(address).filter(|c| c.rest().starts_with(b"HEAP"))?;
            cursor.skip(8)?;
            let size = self.length(&mut cursor)?;
            self.length(&mut cursor)?;
            let at = self.address(&mut cursor)?;
            self.slice(at, size)
        };
        read().ok_or_else(|| broken("the names of a group are missing"))
    }

    fn tree(&self, address: u64, levels: u8, names: &[u8], out: &mut BTreeMap<String, u64>) -> Result<()> {
        let cut = || broken("the list of a group's members is not whole");
        let mut cursor = self.from(address).filter(|c| c.rest().starts_with(b"TREE")).ok_or_else(cut)?;
        cursor.skip(4).ok_or_else(cut)?;
        let (kind, level) = (cursor.u8().ok_or_else(cut)?, cursor.u8().ok_or_else(cut)?);
        if kind != 0 || level >= levels {
            return Err(broken("the list of a group's members is no tree"));
        }
        let count = cursor.u16().ok_or_else(cut)?;
        cursor.skip(2 * self.offset_size).ok_or_else(cut)?;
        for _ in 0..count {
            self.step(1)?;
            self.length(&mut cursor).ok_or_else(cut)?;
            let child = self.address(&mut cursor).ok_or_else(cut)?;
            if level > 0 {
                // Each level down has a smaller number, so a circle ends.
                self.tree(child, level, names, out)?;
            } else {
                self.symbols(child, names, out)?;
            }
        }
        Ok(())
    }

    fn symbols(&self, address: u64, names: &[u8], out: &mut BTreeMap<String, u64>) -> Result<()> {
        let cut = || broken("a part of a group's members is not whole");
        let mut cursor = self.from(address).filter(|c| c.rest().starts_with(b"SNOD")).ok_or_else(cut)?;
        cursor.skip(6).ok_or_else(cut)?;
        let count = cursor.u16().ok_or_else(cut)?;
        for _ in 0..count {
            self.step(1)?;
            let name = self.address(&mut cursor).ok_or_else(cut)?;
            let object = self.address(&mut cursor).ok_or_else(cut)?;
            let kind = cursor.u32().ok_or_else(cut)?;
            cursor.skip(20).ok_or_else(cut)?;
            // 2: a soft link, which has no header.
            if kind != 2 {
                let name = usize::try_from(name).ok().and_then(|at| names.get(at..)).ok_or_else(cut)?;
                let name = name.get(..MAX_NAME.min(name.len())).unwrap_or_default();
                let end = name.iter().position(|b| *b == 0).ok_or_else(cut)?;
                self.step(end as u64 / 64)?;
                let name = name.get(..end).unwrap_or_default();
                out.insert(String::from_utf8_lossy(name).into_owned(), object);
            }
        }
        Ok(())
    }

    /// A hard link; `Some(None)` for other kinds.
    fn link(&self, body: &'a [u8]) -> Option<Option<(String, u64)>> {
        let mut cursor = Cursor::new(body);
        let (_version, flags) = (cursor.u8()?, cursor.u8()?);
        let kind = if flags & 0x08 != 0 { cursor.u8()? } else { 0 };
        cursor.skip(if flags & 0x04 != 0 { 8 } else { 0 } + if flags & 0x10 != 0 { 1 } else { 0 })?;
        let length = cursor.size(1 << (flags & 3))?;
        let name = String::from_utf8_lossy(cursor.take(length)?).into_owned();
        if kind != 0 {
            return Some(None);
        }
        Some(Some((name, self.address(&mut cursor)?)))
    }
}
