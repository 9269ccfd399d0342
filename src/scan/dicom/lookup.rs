//! Lookup tables (PS3.3 C.7.6.3.1.5 and C.11.1.1): palettes, and stored values to physical ones.

use super::dataset::Dataset;
use super::tags::{self, Tag};
use crate::error::{Error, Result};
use crate::scan::limits::zeroed;
use crate::scan::samples::{Endian, Samples};

/// A descriptor and its data.
pub(super) struct Table {
    /// The stored value that the first entry stands for.
    first: i64,
    values: Vec<u16>,
    /// Entries have 8 bits.
    pub(super) narrow: bool,
}

impl Table {
    /// `signed`: the pixels are, and so is the first value (C.7.6.3.1.5).
    pub(super) fn read(dataset: &Dataset<'_>, descriptor: Tag, data: Tag, signed: bool) -> Option<Self> {
        let descriptor = dataset.find(descriptor)?;
        let endian = descriptor.encoding.endian;
        let numbers: Vec<u16> = descriptor.bytes.as_chunks::<2>().0.iter().map(|b| endian.u16(*b)).collect();
        let [entries, first, bits] = numbers.first_chunk::<3>().copied()?;
        // 0 stands for 65,536.
        let entries = if entries == 0 { 65_536 } else { usize::from(entries) };
        let first = if signed { i64::from(first as i16) } else { i64::from(first) };
        let data = dataset.find(data)?;
        let words = || data.bytes.as_chunks::<2>().0.iter().map(|b| endian.u16(*b)).take(entries);
        let (values, narrow): (Vec<u16>, bool) = if data.bytes.len() >= entries * 2 {
            // Some writers put 8-bit values into 16-bit entries.
            (words().collect(), bits <= 8 || words().all(|v| v < 256))
        } else {
            // Bytes, in big-endian files in words whose bytes are swapped; an odd number is padded.
            let swap = usize::from(endian == Endian::Big && &data.vr == b"OW");
            let byte = |i: usize| data.bytes.get(i ^ swap).copied().map(u16::from);
            ((0..entries).map_while(byte).collect(), true)
        };
        (!values.is_empty()).then_some(Self { first, values, narrow })
    }

    /// The entry of a stored value; values outside take the first and the last one.
    pub(super) fn get(&self, value: i64) -> u16 {
        let index = (value - self.first).clamp(0, self.values.len() as i64 - 1) as usize;
        self.values.get(index).copied().unwrap_or_default()
    }
}

/// Physical values of a grey image with a Modality LUT Sequence (C.11.1), and the unit that it names; `None` if it has none.
/// Values within `padding` become NaN.
///
/// # Errors
/// `dicom.invalid` if there is such a sequence and it makes no sense.
pub(super) fn modality(
    dataset: &Dataset<'_>,
    samples: &Samples,
    signed: bool,
    padding: Option<(f64, f64)>,
) -> Result<Option<(Samples, Option<String>)>> {
    let items = dataset.items(tags::MODALITY_LUT_SEQUENCE);
    let Some(item) = items.first() else { return Ok(None) };
    let table = Table::read(item, tags::LUT_DESCRIPTOR, tags::LUT_DATA, signed).ok_or_else(|| {
        Error::invalid("dicom.invalid", "This DICOM file is damaged: its modality LUT is no table.")
    })?;
    // "US" is DICOM for "unspecified".
    let unit = item.text(tags::MODALITY_LUT_TYPE).filter(|name| name != "US");
    let unit = unit.map(|name| name.chars().filter(|c| !c.is_control()).take(16).collect());
    let n = samples.len();
    let stored = |i: usize| samples.get(i).unwrap_or(0.0);
    if let Some((low, high)) = padding {
        let mut out = zeroed::<f32>(n)?;
        for (i, to) in out.iter_mut().enumerate() {
            let v = stored(i);
            *to = if (low..=high).contains(&v) { f32::NAN } else { f32::from(table.get(v as i64)) };
        }
        return Ok(Some((Samples::F32(out), unit)));
    }
    let mut out = zeroed::<u16>(n)?;
    for (i, to) in out.iter_mut().enumerate() {
        *to = table.get(stored(i) as i64);
    }
    Ok(Some((Samples::U16(out), unit)))
}
