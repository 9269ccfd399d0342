//! Values of an ONNX file that lie in another file beside it.

use super::message::{Fields, broken, field};
use super::read::Beside;
use crate::error::{Error, Result};

/// Where the values of a tensor lie.
#[derive(Debug, PartialEq)]
pub(super) struct External<'a> {
    /// A path from the ONNX file on.
    location: &'a str,
    offset: u64,
    /// Bytes; without, all that follow.
    length: Option<u64>,
}

impl<'a> External<'a> {
    /// What a `TensorProto` says of it; nothing if its values are inside.
    ///
    /// # Errors
    /// `weights.onnx.invalid`.
    pub fn of(tensor: &'a [u8]) -> Result<Option<Self>> {
        let mut found = Self { location: "", offset: 0, length: None };
        let mut outside = false;
        for entry in Fields::of(tensor) {
            let (number, value) = entry?;
            match number {
                field::tensor::DATA_LOCATION => outside |= value.number()? == 1,
                field::tensor::EXTERNAL_DATA => {
                    outside = true;
                    found.take(value.bytes()?)?;
                }
                _ => {}
            }
        }
        Ok(outside.then_some(found))
    }

    /// One `StringStringEntryProto`.
    fn take(&mut self, entry: &'a [u8]) -> Result<()> {
        let (mut key, mut text) = ("", "");
        for part in Fields::of(entry) {
            let (number, value) = part?;
            match number {
                field::entry::KEY => key = value.text()?,
                field::entry::VALUE => text = value.text()?,
                _ => {}
            }
        }
        let number = || text.trim().parse().map_err(|_| broken("it does not say where its weights lie"));
        match key {
            "location" => self.location = text,
            "offset" => self.offset = number()?,
            "length" => self.length = Some(number()?),
            _ => {}
        }
        Ok(())
    }

    /// The name of the file, without folders.
    pub fn file(&self) -> &'a str {
        self.location.rsplit(['/', '\\']).next().unwrap_or(self.location)
    }

    /// The values.
    ///
    /// # Errors
    /// `weights.onnx.unsupported.external` if the file is not among those given; `weights.onnx.invalid` if it is too short.
    pub fn bytes<'b>(&self, beside: Beside<'b>) -> Result<&'b [u8]> {
        let name = self.file();
        let Some((_, bytes)) = beside.iter().find(|(n, _)| *n == name) else { return Err(self.missing()) };
        let part =
            usize::try_from(self.offset).ok().and_then(|from| bytes.get(from..)).and_then(|rest| match self
                .length
            {
                Some(length) => rest.get(..usize::try_from(length).ok()?),
                None => Some(rest),
            });
        part.ok_or_else(|| broken(&format!("{name} beside it is too short, or belongs to another file")))
    }

    fn missing(&self) -> Error {
        let name = self.file();
        let file = if name.is_empty() { String::new() } else { format!(", {name}") };
        Error::unsupported(
            "weights.onnx.unsupported.external",
            format!(
                "The weights of this ONNX file are in another file beside it{file}, which is missing here. Open both together, or \
                 put the weights inside, in Python: onnx.save(onnx.load(\"model.onnx\"), \"whole.onnx\")."
            ),
        )
    }
}
