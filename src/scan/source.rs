//! Which DICOM instances the slices of a scan came from: what an object that is to lie over them must repeat.

use super::geometry::Vector;

/// One series of DICOM instances. Texts are as the files have them, without padding; empty where there is none. With the character set
/// `ISO_IR 192` they are Unicode; with every other one each character is a byte of the file, so that writing characters as bytes under the
/// same character set gives back what was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// Specific Character Set (0008,0005) of the texts.
    pub character_set: String,
    /// Nothing of it is shown or written but where a format needs it (PS3.3 C.7.1.1).
    pub patient: Patient,
    pub study: Study,
    /// Series Instance UID (0020,000E).
    pub series: String,
    /// Series Description (0008,103E).
    pub description: String,
    /// Series Number (0020,0011).
    pub number: String,
    /// Frame of Reference UID (0020,0052).
    pub frame_of_reference: String,
    /// SOP Class UID (0008,0016) of the instances.
    pub class: String,
    /// Of each slice of the scan, in its order.
    pub frames: Vec<SourceFrame>,
}

impl Source {
    /// The same images of nobody: `pseudonym` for the patient's name and number, and nothing of birth, sex, examination, accession and
    /// physician (the attributes that PS3.15 table E.1-1 has emptied or removed). UIDs stay, since what lies over the images is bound to them (its
    /// Retain UIDs Option, E.3.9).
    pub fn pseudonymous(self, pseudonym: &str) -> Self {
        Self {
            character_set: "ISO_IR 192".into(),
            patient: Patient { name: pseudonym.into(), id: pseudonym.into(), ..Patient::default() },
            study: Study { instance: self.study.instance, ..Study::default() },
            description: String::new(),
            ..self
        }
    }
}

/// One frame of an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceFrame {
    /// SOP Instance UID (0008,0018).
    pub instance: String,
    /// From 1, of an instance with several frames.
    pub number: Option<u32>,
    /// Image Position (Patient) (0020,0032), mm.
    pub position: Option<Vector>,
    /// Image Orientation (Patient) (0020,0037): of a row, of a column.
    pub orientation: Option<[Vector; 2]>,
}

/// PS3.3 C.7.1.1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patient {
    pub name: String,
    pub id: String,
    pub birth_date: String,
    pub sex: String,
}

/// PS3.3 C.7.2.1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Study {
    /// Study Instance UID (0020,000D).
    pub instance: String,
    pub date: String,
    pub time: String,
    pub id: String,
    pub accession: String,
    pub referring_physician: String,
    pub description: String,
}
