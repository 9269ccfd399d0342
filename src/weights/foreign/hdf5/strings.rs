//! Strings in attributes: of fixed length, or in the global heap (section III.E).

use super::cursor::Cursor;
use super::datatype::Datatype;
use super::file::{File, broken};
use super::header::Object;
use crate::error::Result;

impl<'a> File<'a> {
    /// The strings of an attribute in their order; `None` if there is no such attribute, or none that holds strings:
    /// an empty list is stored by h5py as no numbers.
    ///
    /// # Errors
    /// `hdf5.invalid`, `hdf5.limit.entries`, `hdf5.unsupported.*`.
    pub(in super::super) fn strings(&self, object: &Object<'a>, name: &str) -> Result<Option<Vec<String>>> {
        let Some(attribute) = self.attribute(object, name)? else { return Ok(None) };
        let count = attribute.shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
        let count = count.ok_or_else(|| broken("an attribute is impossibly large"))?;
        if count == 0 {
            return Ok(Some(vec![]));
        }
        let (width, variable) = match attribute.datatype {
            Datatype::FixedString(width) => (width, false),
            Datatype::VariableString(width) => (width, true),
            _ => return Ok(None),
        };
        let bytes = width.checked_mul(count).and_then(|n| attribute.data.get(..n));
        let bytes = bytes.ok_or_else(|| broken("the text of an attribute is cut off"))?;
        if width == 0 {
            return Ok(Some(vec![]));
        }
        let mut out = Vec::new();
        for item in bytes.chunks_exact(width) {
            let text = if variable {
                self.variable(item)?
            } else {
                // Zeros or spaces fill it up.
                item.split(|b| *b == 0).next().unwrap_or_default().trim_ascii_end()
            };
            self.step(1 + text.len() as u64 / 64)?;
            out.push(String::from_utf8_lossy(text).into_owned());
        }
        Ok(Some(out))
    }

    /// Whether an attribute is there, whatever it holds.
    pub(in super::super) fn has_attribute(&self, object: &Object<'a>, name: &str) -> Result<bool> {
        Ok(self.attribute(object, name)?.is_some())
    }

    /// A single string.
    pub(in super::super) fn string(&self, object: &Object<'a>, name: &str) -> Result<Option<String>> {
        Ok(self.strings(object, name)?.and_then(|all| all.into_iter().next()))
    }

    /// One string out of the global heap: its length, the heap's address, the number of the object in it.
    fn variable(&self, item: &[u8]) -> Result<&'a [u8]> {
        let cut = || broken("the text of an attribute is missing");
        let mut item = Cursor::new(item);
        let length = item.size(4).ok_or_else(cut)?;
        let heap = item.uint(self.offset_size).ok_or_else(cut)?;
        let wanted = item.uint(4).ok_or_else(cut)?;
        if length == 0 {
            return Ok(&[]);
        }
        let mut cursor = self.from(heap).filter(|c| c.rest().starts_with(b"GCOL")).ok_or_else(cut)?;
        cursor.skip(8).ok_or_else(cut)?;
        let size = self.length(&mut cursor).ok_or_else(cut)?;
        let head = 8 + self.length_size as u64;
        let room = size.checked_sub(head).and_then(|n| usize::try_from(n).ok()).ok_or_else(cut)?;
        let mut objects = Cursor::new(cursor.take(room).ok_or_else(cut)?);
        loop {
            self.step(1)?;
            let index = u64::from(objects.u16().ok_or_else(cut)?);
            objects.skip(6).ok_or_else(cut)?;
            let size = objects.size(self.length_size).ok_or_else(cut)?;
            if index == wanted && index != 0 {
                return objects.take(size).and_then(|b| b.get(..length)).ok_or_else(cut);
            }
            // 0 is the free space behind the last object.
            if index == 0 {
                return Err(cut());
            }
            objects.skip(size.checked_next_multiple_of(8).ok_or_else(cut)?).ok_or_else(cut)?;
        }
    }
}
