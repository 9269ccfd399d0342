//! What the axes of a NRRD file are, and where they run in the patient.

use super::header::Fields;
use crate::scan::geometry::{Geometry, Vector, length};
use crate::scan::grid::Role;
use crate::scan::stored::numbers;
use crate::scan::tiff::units::millimetres;

/// The axes as the header describes them.
pub(super) struct Axes {
    /// Of each, in the order of the file.
    pub(super) roles: Vec<Role>,
    /// A voxel's values are called a colour.
    pub(super) colour: bool,
    /// They are called a vector.
    pub(super) vector: bool,
    pub(super) geometry: Option<Geometry>,
    /// Of a voxel along columns, rows and depths, mm; not a number where that is not told.
    pub(super) spacing: [f64; 3],
    /// The header names the patient's directions.
    pub(super) anatomical: bool,
}

/// Of a header with this number of axes.
///
/// A kind decides what an axis is. An axis without one is in space if it has a direction, or if no axis has any.
pub(super) fn axes(fields: &Fields, rank: usize) -> Axes {
    let kinds = fields.field("kinds").unwrap_or_default().to_ascii_lowercase();
    let kinds: Vec<&str> = kinds.split_whitespace().collect();
    let directions = fields.field("spacedirections").map(vectors);
    let spacings = fields.field("spacings").unwrap_or_default();
    let spacings: Vec<f64> =
        spacings.split_whitespace().map(|word| word.parse().unwrap_or(f64::NAN)).collect();
    let quoted = |name: &str, i: usize| {
        let unit = fields.field(name)?.split('"').nth(2 * i + 1)?;
        millimetres(unit)
    };
    let unit = quoted("spaceunits", 0).unwrap_or(1.0);
    let space = fields.field("space").unwrap_or_default().to_ascii_lowercase();
    let signs = signs(&space);
    let [a, b, c] = signs.unwrap_or([1.0; 3]);
    let lps = |[x, y, z]: Vector| [a * x * unit, b * y * unit, c * z * unit];

    let mut found = Axes {
        roles: Vec::new(),
        colour: false,
        vector: false,
        geometry: None,
        spacing: [f64::NAN; 3],
        anatomical: signs.is_some(),
    };
    let mut steps: Vec<Vector> = Vec::new();
    let mut spatial = 0;
    for i in 0..rank {
        let kind = kinds.get(i).copied().unwrap_or_default();
        let direction = directions.as_ref().and_then(|all| all.get(i)?.as_ref());
        let of_space = match kind {
            "domain" | "space" => true,
            "" | "???" | "none" => direction.is_some() || directions.is_none(),
            _ => false,
        };
        found.colour |= matches!(kind, "rgb-color" | "rgba-color" | "3-color" | "4-color");
        found.vector |= matches!(kind, "vector" | "3-vector" | "4-vector");
        found.roles.push(match (of_space, spatial) {
            (true, 0) => Role::Column,
            (true, 1) => Role::Row,
            (true, 2) => Role::Depth,
            // A fourth axis.
            (true, _) => Role::Time,
            (false, 3) if matches!(kind, "" | "???" | "none") => Role::Time,
            (false, _) if kind == "time" => Role::Time,
            (false, _) => Role::Component,
        });
        if !of_space {
            continue;
        }
        if let Some(size) = found.spacing.get_mut(spatial) {
            *size = match direction.map(Vec::as_slice) {
                Some([x, y, z, ..]) => {
                    steps.push(lps([*x, *y, *z]));
                    length([*x, *y, *z]) * unit
                }
                Some([x, y]) => x.hypot(*y) * unit,
                _ => spacings.get(i).copied().unwrap_or(f64::NAN) * quoted("units", i).unwrap_or(1.0),
            };
        }
        spatial += 1;
    }
    if let (3.., [a, b, c]) = (spatial, steps.as_slice()) {
        let origin = numbers(fields.field("spaceorigin").unwrap_or_default());
        let origin = origin.first_chunk::<3>().copied().unwrap_or_default();
        found.geometry = Some(Geometry { origin: lps(origin), steps: [*a, *b, *c] });
    }
    found
}

/// What makes LPS of the axes of a space; none of those that are not the patient's, which ITK takes for LPS.
fn signs(space: &str) -> Option<Vector> {
    let space = space.strip_suffix("-time").unwrap_or(space);
    Some(match space {
        "right-anterior-superior" | "ras" | "rast" => [-1.0, -1.0, 1.0],
        "left-anterior-superior" | "las" | "last" => [1.0, -1.0, 1.0],
        "left-posterior-superior" | "lps" | "lpst" => [1.0; 3],
        _ => return None,
    })
}

/// `(1,0,0) none (0,1,0)`: of each axis.
fn vectors(text: &str) -> Vec<Option<Vec<f64>>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let vector = rest.starts_with('(');
        let end = rest.find(|c: char| if vector { c == ')' } else { c.is_whitespace() });
        let (word, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        found.push(vector.then(|| numbers(word)));
        rest = after.trim_start_matches(')').trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::header::fields;
    use super::*;

    fn of(lines: &str, rank: usize) -> Axes {
        axes(&fields(format!("NRRD0005\n{lines}\n\n").as_bytes()).unwrap(), rank)
    }

    #[test]
    fn axes_are_what_their_kinds_or_else_their_directions_say() {
        use Role::{Column, Component, Depth, Row, Time};
        let list = of("kinds: list domain domain domain", 4);
        assert_eq!(list.roles, [Component, Column, Row, Depth]);
        let directed = of("space directions: none (1,0,0) (0, 2, 0) (0,0,3)\nspace: LPS", 4);
        assert_eq!(directed.roles, [Component, Column, Row, Depth]);
        assert_eq!(directed.spacing, [1.0, 2.0, 3.0]);
        assert_eq!(of("space directions: (1,0,0) (0,2,0) (0,0,3) none", 4).roles, [Column, Row, Depth, Time]);
        assert_eq!(of("kinds: domain domain RGB-color", 3).roles, [Column, Row, Component]);
        assert_eq!(of("", 4).roles, [Column, Row, Depth, Time]);
    }

    #[test]
    fn spaces_become_the_one_of_dicom_in_millimetres() {
        let ras =
            "space: right-anterior-superior\nspace origin: (1,2,3)\nspace units: \"um\" \"um\" \"um\"\n";
        let found = of(&format!("{ras}space directions: (500,0,0) (0,500,0) (0,0,1000)"), 3);
        let geometry = found.geometry.unwrap();
        assert_eq!(geometry.steps, [[-0.5, -0.0, 0.0], [-0.0, -0.5, 0.0], [0.0, 0.0, 1.0]]);
        assert_eq!(geometry.origin, [-0.001, -0.002, 0.003]);
        assert!(!of("space: 3D-right-handed", 3).anatomical);
        let plain = of("spacings: 0.5 2 nan\nunits: \"mm\" \"um\" \"mm\"", 3);
        assert_eq!(plain.spacing.map(|v| (v * 1e9).round())[..2], [5e8, 2e6]);
        assert!(plain.spacing[2].is_nan() && plain.geometry.is_none());
    }
}
