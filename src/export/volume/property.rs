//! What a class is in the patient, as coded in SNOMED CT: DICOM PS3.16 CID 7150 (category) and CID 7151, 7159, 8134, 8135 (type).

use crate::error::{Error, Result};

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
    /// What words of a name begin with that mean it, besides `id`, parted by commas.
    words: &'static str,
}

const ANATOMY: &str = "91723000";
const TISSUE: &str = "85756007";
const ABNORMAL: &str = "49755003";

const fn of(
    id: &'static str,
    category: &'static str,
    code: &'static str,
    meaning: &'static str,
    words: &'static str,
) -> Property {
    Property { id, category, code, meaning, words }
}

/// The first stands for what is not known. Of a name that has words of several, the last counts: what is abnormal before where it is.
pub const PROPERTIES: [Property; 29] = [
    of("tissue", TISSUE, "85756007", "Tissue", ""),
    of("organ", ANATOMY, "91772007", "Organ", ""),
    of("bone", ANATOMY, "272673000", "Bone", "femur,vertebra,skull"),
    of("muscle", ANATOMY, "71616004", "Muscle", ""),
    of("fat", TISSUE, "55603005", "Fat", "adipose"),
    of("lung", ANATOMY, "39607008", "Lung", ""),
    of("liver", ANATOMY, "10200004", "Liver", "hepat"),
    of("kidney", ANATOMY, "64033007", "Kidney", "renal"),
    of("spleen", ANATOMY, "78961009", "Spleen", ""),
    of("pancreas", ANATOMY, "15776009", "Pancreas", ""),
    of("prostate", ANATOMY, "41216001", "Prostate", ""),
    of("bladder", ANATOMY, "89837001", "Bladder", ""),
    of("brain", ANATOMY, "12738006", "Brain", ""),
    of("heart", ANATOMY, "80891009", "Heart", "cardiac"),
    of("left-ventricle", ANATOMY, "87878005", "Left ventricle", "lv"),
    of("retina", ANATOMY, "5665001", "Retina", ""),
    of("vessel", ANATOMY, "59820001", "Blood Vessel", "artery,arteries,vein,aorta"),
    of("optic-disc", ANATOMY, "81016008", "Optic nerve head", "optic nerve head"),
    of("fetal-head", ANATOMY, "54527006", "Fetal head", "foetal head,head of fetus"),
    of("cell", ANATOMY, "4421005", "Cell", ""),
    of("nucleus", ANATOMY, "84640000", "Nucleus", "nuclei"),
    of("lesion", ABNORMAL, "52988006", "Lesion", ""),
    of("skin-lesion", ABNORMAL, "95324001", "Skin lesion", "lesion of skin,naevus,nevus"),
    of("nodule", ABNORMAL, "27925004", "Nodule", ""),
    of("cyst", ABNORMAL, "367643001", "Cyst", ""),
    of("edema", ABNORMAL, "79654002", "Edema", "oedema"),
    of("hemorrhage", ABNORMAL, "50960005", "Hemorrhage", "haemorrhage,bleed,hematoma,haematoma"),
    of("polyp", ABNORMAL, "41329004", "Polyp", ""),
    of(
        "neoplasm",
        ABNORMAL,
        "108369006",
        "Neoplasm",
        "tumor,tumour,cancer,carcinoma,metasta,glioma,melanoma,adenoma",
    ),
];

impl Default for Property {
    fn default() -> Self {
        PROPERTIES[0]
    }
}

impl Property {
    /// The property of this name.
    ///
    /// # Errors
    /// `argument` for a name that none has.
    pub fn named(id: &str) -> Result<Self> {
        PROPERTIES.into_iter().find(|property| property.id == id).ok_or_else(|| {
            let names = PROPERTIES.map(|property| property.id).join(", ");
            Error::invalid("argument", format!("There is no code called {id}; there are: {names}."))
        })
    }

    /// What the name of a class says that it is; tissue if it says nothing known.
    pub fn guessed(name: &str) -> Self {
        let mut words = String::from(" ");
        words.push_str(&name.to_lowercase().replace(['-', '_'], " "));
        let said = |property: &&Self| {
            let id = property.id.replace('-', " ");
            let mut starts = property.words.split(',').chain([id.as_str()]).filter(|word| !word.is_empty());
            starts.any(|word| words.match_indices(word).any(|(at, _)| words[..at].ends_with(' ')))
        };
        PROPERTIES.iter().rev().find(said).copied().unwrap_or_default()
    }

    /// Code meaning of the category.
    pub fn category_meaning(&self) -> &'static str {
        match self.category {
            ANATOMY => "Anatomical Structure",
            ABNORMAL => "Morphologically Abnormal Structure",
            _ => "Tissue",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_gets_the_code_of_what_its_name_says() {
        for (name, id) in [
            ("Lungs", "lung"),
            ("left_ventricle", "left-ventricle"),
            ("LV", "left-ventricle"),
            ("retina vessels", "vessel"),
            ("Cell nuclei", "nucleus"),
            ("liver tumour", "neoplasm"),
            ("skin lesion", "skin-lesion"),
            ("kidney cyst", "cyst"),
            ("fetal head", "fetal-head"),
            ("sulfate", "tissue"),
            ("Gewebe", "tissue"),
            ("", "tissue"),
        ] {
            assert_eq!(Property::guessed(name).id, id, "{name}");
        }
    }

    #[test]
    fn codes_are_told_apart_and_found_by_their_names() {
        for (i, property) in PROPERTIES.iter().enumerate() {
            assert_eq!(Property::named(property.id).unwrap(), *property);
            assert!(
                PROPERTIES[..i].iter().all(|other| other.id != property.id && other.code != property.code)
            );
        }
        let error = Property::named("lungs").unwrap_err();
        assert!(error.message().contains("lung, liver"), "{error}");
    }
}
