//! MetaImage (`.mha`, and `.mhd` with its voxels in other files), as ITK's MetaIO writes and reads it
//! (<https://itk.org/Wiki/ITK/MetaIO/Documentation>).
//!
//! - The third axis stays the one of the slices; they are shown as the patient lies, as NIfTI's. The fourth is time.
//! - Values of a voxel are channels; three or four of 8 bits are a colour.
//! - As in ITK, `CenterOfRotation` and `AnatomicalOrientation` change nothing, nor does `ElementToIntensityFunctionSlope`.

mod header;

pub(super) use self::header::looks_like;
use self::header::{Fields, fields};
use super::detached::{Detached, Files};
use super::geometry::{Geometry, scaled};
use super::grid::{Grid, Role};
use super::samples::{Endian, SampleType};
use super::stored::{Encoding, Stored, evenly, numbers};
use super::{Format, Limits, Scan};
use crate::error::{Error, Result};

fn broken(what: &str) -> Error {
    Error::invalid("metaimage.invalid", format!("This MetaImage is damaged or cut off: {what}."))
}

fn unsupported(what: &str) -> Error {
    Error::unsupported(
        "metaimage.unsupported",
        format!("This MetaImage file {what}, which Insitu cannot read."),
    )
}

/// The files that hold the voxels of this header; none if they are in the same file.
pub(super) fn detached(bytes: &[u8]) -> Option<Detached> {
    detached_of(&fields(bytes)).map(|(files, _)| files)
}

/// With the number of axes that each has.
fn detached_of(fields: &Fields) -> Option<(Detached, Option<usize>)> {
    let named = fields.first(&["elementdatafile"])?;
    if named.eq_ignore_ascii_case("LOCAL") {
        None
    } else if let Some(list) = named.strip_prefix("LIST") {
        Some((Detached { names: fields.list.clone(), any: false }, list.trim().parse().ok()))
    } else {
        Some((Detached::pattern(named).unwrap_or_else(|| Detached::one(named)), None))
    }
}

pub(super) fn decode(bytes: &[u8], files: &mut Files<'_, '_>, limits: &Limits) -> Result<Scan> {
    let fields = fields(bytes);
    if let Some(other) = fields.first(&["objecttype"]).filter(|what| !what.eq_ignore_ascii_case("Image")) {
        let clean: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(unsupported(&format!("holds no image but a “{clean}”")));
    }
    let sizes = fields.first(&["dimsize"]).unwrap_or_default();
    let sizes: Vec<usize> = sizes.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let rank = fields.first(&["ndims"]).and_then(|n| n.parse::<usize>().ok());
    if rank != Some(sizes.len()) || !(2..=10).contains(&sizes.len()) {
        return Err(broken("the sizes of its axes are not told, or there are fewer than two"));
    }
    let kind = sample_type(fields.first(&["elementtype"]).unwrap_or_default())?;
    let components = fields.first(&["elementnumberofchannels"]).map_or(Some(1), |n| n.parse().ok());
    let components = components.ok_or_else(|| broken("it does not say how many channels it has"))?;
    let roles = [Role::Column, Role::Row, Role::Depth].into_iter().chain(std::iter::repeat(Role::Time));
    let axes = std::iter::once((Role::Component, components)).chain(roles.zip(sizes.iter().copied()));
    let grid = Grid::new(axes, kind, kind == SampleType::U8, limits)?;

    let named = detached_of(&fields);
    let skipped = fields.first(&["headersize"]).and_then(|n| n.parse::<i64>().ok()).unwrap_or(0);
    let packed = fields.is_true(&["compresseddata"]);
    let text = fields.first(&["binarydata"]).is_some() && !fields.is_true(&["binarydata"]);
    let big = fields.is_true(&["binarydatabyteordermsb", "elementbyteordermsb"]);
    let mut stored = Stored {
        encoding: if packed {
            Encoding::Deflated
        } else if text {
            Encoding::Text
        } else {
            Encoding::Raw
        },
        endian: if big { Endian::Big } else { Endian::Little },
        lines: 0,
        bytes: usize::try_from(skipped).ok(),
    };
    let cut = || broken("voxels are missing at its end");
    let samples = if let Some((named, dimensions)) = named {
        if named.names.len() != 1 && !evenly(&sizes, dimensions, named.names.len()) {
            return Err(broken("the files that it names are not as many as its sizes ask for"));
        }
        let found = named.fetch(files, "metaimage.unsupported.pair", limits)?;
        let mut parts = Vec::new();
        for file in &found {
            parts.push(before_unpacking(file, &mut stored, packed, skipped).ok_or_else(cut)?);
        }
        stored.read(&parts, &grid, limits, broken)?
    } else {
        // A header that tells its own length counts from the beginning of the file.
        let start = if skipped > 0 { 0 } else { fields.len };
        let file = bytes.get(start..).ok_or_else(cut)?;
        let part = before_unpacking(file, &mut stored, packed, skipped).ok_or_else(cut)?;
        stored.read(&[part], &grid, limits, broken)?
    };
    let (geometry, spacing) = geometry(&fields, sizes.len())?;
    grid.scan(Format::MetaImage, samples, geometry, Some(spacing))
}

/// What is packed is skipped to before it is unpacked.
fn before_unpacking<'b>(file: &'b [u8], stored: &mut Stored, packed: bool, skipped: i64) -> Option<&'b [u8]> {
    if !packed {
        return Some(file);
    }
    stored.bytes = Some(0);
    file.get(usize::try_from(skipped).unwrap_or(0)..)
}

/// Where the voxels lie, if the file tells it of three axes; their sizes, mm.
fn geometry(fields: &Fields, rank: usize) -> Result<(Option<Geometry>, [f64; 3])> {
    let list = |names: &[&str]| fields.first(names).map(numbers);
    let spacing = list(&["elementspacing", "elementsize"]).unwrap_or_default();
    let size = |axis: usize| spacing.get(axis).copied().unwrap_or(1.0);
    let told = !spacing.is_empty();
    let sizes = [0, 1, 2].map(|axis| if told && axis < rank { size(axis) } else { f64::NAN });
    let matrix = list(&["transformmatrix", "rotation", "orientation"]);
    let origin = list(&["offset", "position", "origin"]);
    if rank < 3 || (matrix.is_none() && origin.is_none()) {
        return Ok((None, sizes));
    }
    if matrix.as_ref().is_some_and(|m| m.len() != rank * rank) {
        return Err(broken("its matrix of directions has not as many numbers as its axes ask for"));
    }
    // Rows are the directions of axes, as ITK takes them.
    let entry = |axis: usize, world: usize| match &matrix {
        Some(m) => m.get(axis * rank + world).copied().unwrap_or_default(),
        None => f64::from(u8::from(axis == world)),
    };
    let steps = [0, 1, 2].map(|axis| scaled([0, 1, 2].map(|world| entry(axis, world)), size(axis)));
    let origin = origin.unwrap_or_default();
    let origin = [0, 1, 2].map(|world| origin.get(world).copied().unwrap_or_default());
    Ok((Some(Geometry { origin, steps }), sizes))
}

/// `MET_LONG` has 4 bytes in every file (metaTypes.h), whatever a machine takes for long.
fn sample_type(name: &str) -> Result<SampleType> {
    let name = name.strip_suffix("_ARRAY").unwrap_or(name);
    Ok(match name {
        "MET_CHAR" => SampleType::I8,
        "MET_UCHAR" => SampleType::U8,
        "MET_SHORT" => SampleType::I16,
        "MET_USHORT" => SampleType::U16,
        "MET_INT" | "MET_LONG" => SampleType::I32,
        "MET_UINT" | "MET_ULONG" => SampleType::U32,
        "MET_LONG_LONG" => SampleType::I64,
        "MET_ULONG_LONG" => SampleType::U64,
        "MET_FLOAT" => SampleType::F32,
        "MET_DOUBLE" => SampleType::F64,
        _ => return Err(broken("it names no known type of numbers")),
    })
}
