//! Units of length by the names that programs give them.

/// Millimetres of one `unit`; `None` for what is no length, such as `pixel`.
///
/// Symbols as OME's UnitsLength and ImageJ write them, words in English in singular and plural.
pub(in crate::scan) fn millimetres(unit: &str) -> Option<f64> {
    let unit = unit.trim().trim_matches('"');
    // Symbols differ in upper and lower case; words do not.
    Some(match unit {
        "pm" => 1e-9,
        "Å" | "\u{212B}" | "A" | "\\u00C5" | "\\u00c5" => 1e-7,
        "nm" => 1e-6,
        "um" | "µm" | "μm" | "u" | "µ" | "μ" | "\\u00B5m" | "\\u00b5m" | "\\u03BCm" | "\\u03bcm" => 1e-3,
        "mm" => 1.0,
        "cm" => 10.0,
        "dm" => 100.0,
        "m" => 1000.0,
        "km" => 1e6,
        "thou" | "mil" => 0.0254,
        "li" => 25.4 / 12.0,
        "pt" => 25.4 / 72.0,
        "in" => 25.4,
        "ft" => 304.8,
        _ => return words(&unit.to_lowercase()),
    })
}

fn words(unit: &str) -> Option<f64> {
    if unit == "inches" {
        return Some(25.4);
    }
    let one = unit.strip_suffix('s').unwrap_or(unit);
    let metre = one.strip_suffix("meter").or_else(|| one.strip_suffix("metre"));
    Some(match metre {
        Some("pico") => 1e-9,
        Some("nano") => 1e-6,
        Some("micro" | "µ" | "μ") => 1e-3,
        Some("milli") => 1.0,
        Some("centi") => 10.0,
        Some("deci") => 100.0,
        Some("") => 1000.0,
        Some("kilo") => 1e6,
        Some(_) => return None,
        None => match one {
            "angstrom" | "ångström" | "ångstrom" | "ångstrm" => 1e-7,
            "micron" | "um" => 1e-3,
            "inch" => 25.4,
            "foot" | "feet" => 304.8,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_many_names() {
        for name in ["um", "µm", "\u{3bc}m", "\\u00B5m", "micron", "Microns", "micrometers", "Micrometre"] {
            assert_eq!(millimetres(name), Some(1e-3), "{name}");
        }
        assert_eq!(millimetres("Å"), Some(1e-7));
        assert_eq!(millimetres("angstroms"), Some(1e-7));
        assert_eq!(millimetres("inches"), Some(25.4));
        assert_eq!(millimetres("mm"), Some(1.0));
        for name in ["pixel", "pixels", "", "sec", "Mm", "reference frame", "furlong"] {
            assert_eq!(millimetres(name), None, "{name}");
        }
    }
}
