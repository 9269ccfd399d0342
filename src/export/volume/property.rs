//! What a class is in the patient, as coded in SNOMED CT: DICOM PS3.16 CID 7150 (category) and CID 7151, 8134, 8135 (type).

/// A property that a person may choose for a class; [`PROPERTIES`] are all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// What it is called here: `lung`.
    pub id: &'static str,
    /// Code value of the category.
    pub category: &'static str,
    /// Code value of the type.
    pub code: &'static str,
    /// Code meaning of the type: `Lung`.
    pub meaning: &'static str,
}

const ANATOMY: &str = "91723000";
const TISSUE: &str = "85756007";
const ABNORMAL: &str = "49755003";

const fn of(id: &'static str, category: &'static str, code: &'static str, meaning: &'static str) -> Property {
    Property { id, category, code, meaning }
}

/// The first stands for what is not known.
pub const PROPERTIES: [Property; 14] = [
    of("tissue", TISSUE, "85756007", "Tissue"),
    of("organ", ANATOMY, "91772007", "Organ"),
    of("lung", ANATOMY, "39607008", "Lung"),
    of("liver", ANATOMY, "10200004", "Liver"),
    of("kidney", ANATOMY, "64033007", "Kidney"),
    of("brain", ANATOMY, "12738006", "Brain"),
    of("heart", ANATOMY, "80891009", "Heart"),
    of("left-ventricle", ANATOMY, "87878005", "Left ventricle"),
    of("bone", ANATOMY, "272673000", "Bone"),
    of("vessel", ANATOMY, "59820001", "Blood Vessel"),
    of("lesion", ABNORMAL, "52988006", "Lesion"),
    of("neoplasm", ABNORMAL, "108369006", "Neoplasm"),
    of("nucleus", ANATOMY, "84640000", "Nucleus"),
    of("cell", ANATOMY, "4421005", "Cell"),
];

/// The property of this name.
pub fn property(id: &str) -> Option<Property> {
    PROPERTIES.into_iter().find(|property| property.id == id)
}

impl Default for Property {
    fn default() -> Self {
        PROPERTIES[0]
    }
}

impl Property {
    /// Code meaning of the category.
    pub fn category_meaning(&self) -> &'static str {
        match self.category {
            ANATOMY => "Anatomical Structure",
            ABNORMAL => "Morphologically Abnormal Structure",
            _ => "Tissue",
        }
    }
}
