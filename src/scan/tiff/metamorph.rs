//! MetaMorph's calibration (UIC1Tag of "MetaMorph Stack (STK) Image File Format"): pairs of a number and a value or
//! the place of one.

use super::ifd::Ifd;
use super::tags;
use super::units::millimetres;
use crate::scan::Spacing;

const SPATIAL_CALIBRATION: u32 = 3;
const X_CALIBRATION: u32 = 4;
const Y_CALIBRATION: u32 = 5;
const CALIBRATION_UNITS: u32 = 6;

/// Letters of the unit's name that are read.
const MAX_UNIT: u32 = 64;

/// The distance of pixels, if the file says that it is calibrated.
pub(super) fn spacing(ifd: &Ifd<'_>) -> Option<Spacing> {
    let (at, count) = ifd.place(tags::UIC1)?;
    let file = ifd.file();
    let pairs = file.slice(at, (count as u64).checked_mul(8)?)?;
    let find = |id: u32| {
        let mut pairs = pairs
            .as_chunks::<8>()
            .0
            .iter()
            .map(|[a, b, c, d, value @ ..]| (file.endian.u32([*a, *b, *c, *d]), file.endian.u32(*value)));
        pairs.find(|(have, _)| *have == id).map(|(_, value)| u64::from(value))
    };
    if find(SPATIAL_CALIBRATION) == Some(0) {
        return None;
    }
    let number = |at: u64| Some(f64::from(file.endian.u32(file.slice(at, 4)?.try_into().ok()?)));
    // Places within the header are none.
    let place = |id| find(id).filter(|at| *at >= 8);
    let fraction = |id| {
        let at = place(id)?;
        Some(number(at)? / number(at + 4)?)
    };
    let at = place(CALIBRATION_UNITS)?;
    let length = file.endian.u32(file.slice(at, 4)?.try_into().ok()?).min(MAX_UNIT);
    let name: String = file.slice(at + 4, u64::from(length))?.iter().map(|b| char::from(*b)).collect();
    let unit = millimetres(name.trim_matches('\0'))?;
    Some(Spacing { x: fraction(X_CALIBRATION)? * unit, y: fraction(Y_CALIBRATION)? * unit, z: None })
}
