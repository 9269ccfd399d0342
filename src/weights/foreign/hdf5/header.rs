//! Object headers (section IV.A): the messages that make an object a group or a dataset, and its attributes.

use super::cursor::Cursor;
use super::datatype::Datatype;
use super::file::{File, broken};
use crate::error::{Error, Result};

/// Message types, section IV.A.2.
pub(super) mod kind {
    pub const DATASPACE: u16 = 0x01;
    pub const LINK_INFO: u16 = 0x02;
    pub const DATATYPE: u16 = 0x03;
    pub const LINK: u16 = 0x06;
    pub const LAYOUT: u16 = 0x08;
    pub const FILTERS: u16 = 0x0B;
    pub const ATTRIBUTE: u16 = 0x0C;
    pub const CONTINUATION: u16 = 0x10;
    pub const SYMBOL_TABLE: u16 = 0x11;
    pub const ATTRIBUTE_INFO: u16 = 0x15;
}

/// The message's body is elsewhere: types with a name of their own, which h5py writes only when told to.
pub(super) const SHARED: u8 = 0x02;

/// More dimensions than HDF5 allows.
const MAX_DIMENSIONS: usize = 32;

/// More blocks than a header of a group with compact links needs.
const MAX_BLOCKS: usize = 1024;

/// A group or a dataset, its messages not yet looked into.
pub(in super::super) struct Object<'a> {
    messages: Vec<Message<'a>>,
}

pub(super) struct Message<'a> {
    kind: u16,
    pub(super) flags: u8,
    pub(super) body: &'a [u8],
}

/// What an attribute or a dataset is made of.
pub(super) struct Attribute<'a> {
    pub(super) datatype: Datatype,
    pub(super) shape: Vec<usize>,
    pub(super) data: &'a [u8],
}

impl<'a> File<'a> {
    /// The root group.
    pub(in super::super) fn root(&self) -> Result<Object<'a>> {
        self.object(self.root)
    }

    /// Reads the header at an address with all its continuations.
    pub(in super::super) fn object(&self, address: u64) -> Result<Object<'a>> {
        let mut object = Object { messages: vec![] };
        let cut = || broken("an object's header is not whole");
        let mut cursor = self.from(address).ok_or_else(cut)?;
        let mut blocks = Vec::new();
        let mut prefix = cursor;
        // What stands in front of each message's body: (bytes of its type, bytes after the flags).
        let form = if prefix.take(4) == Some(b"OHDR") {
            if prefix.u8() != Some(2) {
                return Err(broken("an object's header has an unknown version"));
            }
            let flags = prefix.u8().ok_or_else(cut)?;
            let extra = if flags & 0x20 != 0 { 16 } else { 0 } + if flags & 0x10 != 0 { 4 } else { 0 };
            prefix.skip(extra).ok_or_else(cut)?;
            let size = prefix.size(1 << (flags & 3)).ok_or_else(cut)?;
            blocks.push(prefix.take(size).ok_or_else(cut)?);
            (1, if flags & 0x04 != 0 { 2 } else { 0 })
        } else {
            if cursor.u8() != Some(1) {
                return Err(broken("an object's header is missing"));
            }
            cursor.skip(7).ok_or_else(cut)?;
            let size = cursor.size(4).ok_or_else(cut)?;
            cursor.skip(4).ok_or_else(cut)?;
            blocks.push(cursor.take(size).ok_or_else(cut)?);
            (2, 3)
        };
        let mut next = 0;
        while let Some(block) = blocks.get(next).copied() {
            next += 1;
            for (at, length) in self.messages(block, form, &mut object.messages)? {
                let block = self.slice(at, length).ok_or_else(cut)?;
                let block = match form.0 {
                    1 => block.strip_prefix(b"OCHK").and_then(|b| b.get(..b.len().checked_sub(4)?)),
                    _ => Some(block),
                };
                blocks.push(block.ok_or_else(cut)?);
            }
            if blocks.len() > MAX_BLOCKS {
                return Err(broken("an object's header has no end"));
            }
        }
        Ok(object)
    }

    /// Adds the messages of one block and tells where it is continued.
    fn messages(
        &self,
        block: &'a [u8],
        (type_bytes, gap): (usize, usize),
        out: &mut Vec<Message<'a>>,
    ) -> Result<Vec<(u64, u64)>> {
        let cut = || broken("a message of an object's header is not whole");
        let mut cursor = Cursor::new(block);
        let mut more = Vec::new();
        // What is shorter than a message's head is a gap (version 2).
        while cursor.rest().len() >= type_bytes + 3 + gap {
            self.step(1)?;
            let kind = cursor.uint(type_bytes).and_then(|k| u16::try_from(k).ok()).ok_or_else(cut)?;
            let size = cursor.size(2).ok_or_else(cut)?;
            let flags = cursor.u8().ok_or_else(cut)?;
            cursor.skip(gap).ok_or_else(cut)?;
            let body = cursor.take(size).ok_or_else(cut)?;
            if kind == kind::CONTINUATION {
                let mut body = Cursor::new(body);
                let at = self.address(&mut body).ok_or_else(cut)?;
                more.push((at, self.length(&mut body).ok_or_else(cut)?));
            } else {
                out.push(Message { kind, flags, body });
            }
        }
        Ok(more)
    }

    /// An attribute by its name.
    ///
    /// # Errors
    /// When it is there and cannot be read; `hdf5.unsupported.dense` when attributes are kept where we do not look.
    pub(super) fn attribute(&self, object: &Object<'a>, name: &str) -> Result<Option<Attribute<'a>>> {
        let cut = || broken("an attribute is not whole");
        for message in object.all(kind::ATTRIBUTE) {
            self.step(1)?;
            let mut cursor = Cursor::new(message.body);
            let version = cursor.u8().ok_or_else(cut)?;
            let flags = cursor.u8().ok_or_else(cut)?;
            let [names, types, spaces] = [cursor.size(2), cursor.size(2), cursor.size(2)];
            let (names, types, spaces) =
                (names.ok_or_else(cut)?, types.ok_or_else(cut)?, spaces.ok_or_else(cut)?);
            if version == 3 {
                cursor.skip(1).ok_or_else(cut)?;
            }
            // Version 1 pads each part to 8 bytes; the head before them has 8.
            let mut part = |length: usize| {
                let part = cursor.take(length)?;
                if version == 1 {
                    cursor.align()?;
                }
                Some(part)
            };
            let found = part(names).ok_or_else(cut)?;
            if found.split(|b| *b == 0).next() != Some(name.as_bytes()) {
                continue;
            }
            let datatype = part(types).ok_or_else(cut)?;
            let space = part(spaces).ok_or_else(cut)?;
            if version > 1 && flags & 0x03 != 0 || message.flags & SHARED != 0 {
                return Err(shared());
            }
            let shape = self.dataspace(space)?;
            return Ok(Some(Attribute { datatype: Datatype::parse(datatype)?, shape, data: cursor.rest() }));
        }
        if let Some(message) = object.one(kind::ATTRIBUTE_INFO) {
            let mut cursor = Cursor::new(message.body);
            cursor.skip(1).ok_or_else(cut)?;
            let flags = cursor.u8().ok_or_else(cut)?;
            cursor.skip(if flags & 1 != 0 { 2 } else { 0 }).ok_or_else(cut)?;
            if !self.undefined(self.address(&mut cursor).ok_or_else(cut)?) {
                return Err(dense("attributes"));
            }
        }
        Ok(None)
    }

    /// Dimensions (section IV.A.2.b); none for a single value, one of length 0 for nothing at all.
    pub(super) fn dataspace(&self, body: &[u8]) -> Result<Vec<usize>> {
        let cut = || broken("the shape of an array is not whole");
        let mut cursor = Cursor::new(body);
        let version = cursor.u8().ok_or_else(cut)?;
        let rank = usize::from(cursor.u8().ok_or_else(cut)?);
        cursor.skip(1).ok_or_else(cut)?;
        match version {
            1 => cursor.skip(5).ok_or_else(cut)?,
            2 if cursor.u8() == Some(2) => return Ok(vec![0]),
            2 => {}
            _ => return Err(broken("the shape of an array has an unknown version")),
        }
        if rank > MAX_DIMENSIONS {
            return Err(broken("an array has too many dimensions"));
        }
        (0..rank).map(|_| cursor.size(self.length_size).ok_or_else(cut)).collect()
    }
}

impl<'a> Object<'a> {
    pub(super) fn all(&self, kind: u16) -> impl Iterator<Item = &Message<'a>> {
        self.messages.iter().filter(move |m| m.kind == kind)
    }

    pub(super) fn one(&self, kind: u16) -> Option<&Message<'a>> {
        self.messages.iter().find(|m| m.kind == kind)
    }

    /// Whether it holds values (and not links).
    pub(in super::super) fn is_dataset(&self) -> bool {
        self.one(kind::LAYOUT).is_some()
    }
}

pub(super) fn shared() -> Error {
    Error::unsupported(
        "hdf5.unsupported.shared",
        "This HDF5 file names its data types (committed datatypes), which Insitu does not read.",
    )
}

pub(super) fn dense(what: &str) -> Error {
    Error::unsupported(
        "hdf5.unsupported.dense",
        format!(
            "This HDF5 file keeps its {what} in the dense form of newer versions, which Keras does not write; \
             save the weights again from Keras."
        ),
    )
}
