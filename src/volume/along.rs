//! Which planes of a volume a network is shown.

use crate::error::{Error, Result};
use crate::scan::Geometry;

/// The planes that a volume is cut into: those that stand upright on one of its axes, or those of all three in turn (2.5-D).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// 0 columns, 1 rows, 2 slices.
    Axis(usize),
    /// All three; what is found of a voxel is their mean.
    Three,
}

impl Along {
    /// What people call them: planes of a file, those of the patient, and all three.
    pub const NAMES: [&'static str; 7] =
        ["slices", "rows", "columns", "axial", "coronal", "sagittal", "three"];

    /// Where the file does not say where the patient lies, slices are taken for axial, rows for coronal.
    ///
    /// # Errors
    /// `volume.along`.
    pub fn from_name(name: &str, geometry: Option<&Geometry>) -> Result<Self> {
        // The direction of the patient that stands upright on the plane: to the left, to the back, to the head.
        let across = |direction: usize| {
            let directions = geometry.map(Geometry::directions);
            let found = directions.and_then(|all| all.iter().position(|(own, _)| *own == direction));
            Ok(Self::Axis(found.unwrap_or(direction)))
        };
        match name {
            "slices" => Ok(Self::Axis(2)),
            "rows" => Ok(Self::Axis(1)),
            "columns" => Ok(Self::Axis(0)),
            "axial" => across(2),
            "coronal" => across(1),
            "sagittal" => across(0),
            "three" => Ok(Self::Three),
            _ => Err(Error::invalid("volume.along", format!("There are no planes called {name}."))),
        }
    }

    /// Whether these are the slices as they are.
    pub fn is_slices(self) -> bool {
        self == Self::Axis(2)
    }

    /// The axes that the planes stand upright on, one after the other.
    pub fn axes(self) -> &'static [usize] {
        match self {
            Self::Axis(0) => &[0],
            Self::Axis(1) => &[1],
            Self::Axis(_) => &[2],
            Self::Three => &[2, 1, 0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_of_the_patient_are_found_however_the_volume_is_stored() {
        let of = |name: &str, geometry: Option<&Geometry>| Along::from_name(name, geometry).unwrap();
        assert_eq!(of("coronal", None), Along::Axis(1));
        assert_eq!(of("sagittal", None), Along::Axis(0));
        // Columns run to the back, rows to the feet, slices to the right.
        let sagittal =
            Geometry { origin: [0.0; 3], steps: [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-3.0, 0.0, 0.0]] };
        assert_eq!(of("sagittal", Some(&sagittal)), Along::Axis(2));
        assert_eq!(of("coronal", Some(&sagittal)), Along::Axis(0));
        assert_eq!(of("axial", Some(&sagittal)), Along::Axis(1));
        assert!(of("slices", Some(&sagittal)).is_slices());
        assert_eq!(Along::from_name("diagonal", None).unwrap_err().code(), "volume.along");
    }
}
