//! Who and what a file's images are of: what objects that are to lie over them must repeat.

use super::dataset::Dataset;
use super::tags::{self, Tag};
use crate::scan::source::{Patient, Source, Study};

/// The character set of Unicode (PS3.3 C.12.1.1.2).
const UTF_8: &str = "ISO_IR 192";

/// The source of an image, without its frames. `class`: as the meta information has it, where the dataset does not say it.
pub(super) fn source(dataset: &Dataset<'_>, class: Option<String>) -> Source {
    let character_set = dataset.text(tags::SPECIFIC_CHARACTER_SET).unwrap_or_default();
    let utf_8 = character_set == UTF_8;
    let text = |tag| words(dataset, tag, utf_8);
    Source {
        patient: Patient {
            name: text(tags::PATIENTS_NAME),
            id: text(tags::PATIENT_ID),
            birth_date: text(tags::PATIENTS_BIRTH_DATE),
            sex: text(tags::PATIENTS_SEX),
        },
        study: Study {
            instance: text(tags::STUDY_INSTANCE_UID),
            date: text(tags::STUDY_DATE),
            time: text(tags::STUDY_TIME),
            id: text(tags::STUDY_ID),
            accession: text(tags::ACCESSION_NUMBER),
            referring_physician: text(tags::REFERRING_PHYSICIANS_NAME),
            description: text(tags::STUDY_DESCRIPTION),
        },
        series: text(tags::SERIES_INSTANCE_UID),
        description: text(tags::SERIES_DESCRIPTION),
        number: text(tags::SERIES_NUMBER),
        frame_of_reference: text(tags::FRAME_OF_REFERENCE_UID),
        class: dataset.text(tags::SOP_CLASS_UID).or(class).unwrap_or_default(),
        frames: Vec::new(),
        character_set,
    }
}

/// Text as [`Source`] keeps it: of Unicode as it is, of every other character set a character for each byte, so that nothing is lost.
fn words(dataset: &Dataset<'_>, tag: Tag, utf_8: bool) -> String {
    let Some(element) = dataset.find(tag) else { return String::new() };
    let bytes = element.bytes.get(..1024).unwrap_or(element.bytes);
    let text = if utf_8 {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        bytes.iter().map(|b| char::from(*b)).collect()
    };
    text.trim_matches(|c| matches!(c, '\0' | ' ')).to_string()
}

/// Text for people to read: Unicode if it can be, else Latin-1.
pub(super) fn label(dataset: &Dataset<'_>, tag: Tag) -> String {
    let utf_8 = dataset.find(tag).is_some_and(|e| std::str::from_utf8(e.bytes).is_ok());
    words(dataset, tag, utf_8).chars().filter(|c| !c.is_control()).take(128).collect()
}
