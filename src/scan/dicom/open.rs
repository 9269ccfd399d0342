//! A DICOM file's dataset, for the readers of images and of other objects.

use super::dataset::{self, Dataset, EXPLICIT_LITTLE, broken};
use super::tags;
use super::transfer_syntax::TransferSyntax;
use crate::error::Result;
use crate::scan::{Limits, gzip};

/// The meta information, and where the dataset begins.
pub(super) fn meta(bytes: &[u8]) -> (Dataset<'_>, usize) {
    let start = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    Dataset::read(bytes, start, EXPLICIT_LITTLE, Some(2))
}

/// What `read` makes of the dataset.
///
/// # Errors
/// Those of `read`; `dicom.invalid`, `dicom.unsupported.transfer-syntax`, `scan.limit.bytes`.
pub(super) fn open<T>(
    bytes: &[u8],
    limits: &Limits,
    read: impl FnOnce(&Dataset<'_>, TransferSyntax) -> Result<T>,
) -> Result<T> {
    let (meta, body) = meta(bytes);
    let found = dataset::guess(bytes, body);
    let mut transfer = match meta.text(tags::TRANSFER_SYNTAX_UID) {
        Some(uid) => TransferSyntax::from_uid(&uid)?,
        None => TransferSyntax::native(found.ok_or_else(|| broken("it has no data"))?),
    };
    if transfer.deflated {
        let rest = gzip::inflate(bytes.get(body..).unwrap_or(&[]), limits)?;
        return read(&Dataset::read(&rest, 0, transfer.encoding, None).0, transfer);
    }
    // Some files say one thing in their meta information and are written another way.
    if let Some(found) = found.filter(|f| f.endian == transfer.encoding.endian) {
        transfer.encoding = found;
    }
    read(&Dataset::read(bytes, body, transfer.encoding, None).0, transfer)
}
