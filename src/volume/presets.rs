//! Windows that people know by name.

use crate::scan::Window;

/// A window with a name; the name is a key for the page's table of words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowPreset {
    pub id: &'static str,
    /// In the modality's own values: HU of CT.
    pub window: Window,
}

const fn preset(id: &'static str, center: f64, width: f64) -> WindowPreset {
    WindowPreset { id, window: Window { center, width } }
}

/// Centre and width in HU, as textbooks and radiopaedia.org (Windowing (CT)) have them.
const CT: [WindowPreset; 10] = [
    preset("brain", 40.0, 80.0),
    preset("subdural", 75.0, 215.0),
    preset("lung", -600.0, 1500.0),
    preset("bone", 400.0, 1800.0),
    preset("abdomen", 50.0, 400.0),
    preset("mediastinum", 50.0, 350.0),
    preset("liver", 30.0, 150.0),
    preset("angiography", 300.0, 600.0),
    preset("stroke", 40.0, 40.0),
    preset("temporal-bone", 600.0, 2800.0),
];

/// The presets of a modality (DICOM's Modality, `Scan::modality`). Only CT has values that mean the same in every scan.
pub fn window_presets(modality: Option<&str>) -> &'static [WindowPreset] {
    if modality == Some("CT") { &CT } else { &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ct_has_presets_and_each_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = window_presets(Some("CT")).iter().map(|p| p.id).collect();
        assert_eq!(names.len(), CT.len());
        assert!(CT.iter().all(|p| p.window.width > 1.0));
        assert!(window_presets(Some("MR")).is_empty() && window_presets(None).is_empty());
        let lung = CT.iter().find(|p| p.id == "lung").map(|p| p.window);
        assert_eq!(lung, Some(Window { center: -600.0, width: 1500.0 }));
    }
}
