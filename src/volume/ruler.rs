//! Lengths and angles in the patient.

use crate::scan::Geometry;
use crate::scan::geometry::{Vector, add, dot, length, scaled, unit};

/// Millimetres between two voxels, or places between voxels, in a straight line: of a sheared volume (tilted gantry) too.
pub fn distance(geometry: &Geometry, a: Vector, b: Vector) -> f64 {
    length(way(geometry, a, b))
}

/// The angle at `vertex` between the ways to `a` and to `b`, degrees, 0 to 180; none where one of them has no length.
pub fn angle(geometry: &Geometry, a: Vector, vertex: Vector, b: Vector) -> Option<f64> {
    let [a, b] = [way(geometry, vertex, a), way(geometry, vertex, b)].map(unit);
    let cosine = dot(a, b);
    let told = length(a) > 0.0 && length(b) > 0.0 && cosine.is_finite();
    told.then(|| cosine.clamp(-1.0, 1.0).acos().to_degrees())
}

fn way(geometry: &Geometry, from: Vector, to: Vector) -> Vector {
    add(geometry.at(to), scaled(geometry.at(from), -1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tilted_gantry_makes_ways_across_slices_longer_one_way_than_the_other() {
        let mut geometry = Geometry::plain([0.5, 0.5, 4.0]);
        geometry.steps[2] = [0.0, 3.0, 4.0];
        assert_eq!(distance(&geometry, [0.0; 3], [0.0, 0.0, 1.0]), 5.0);
        assert_eq!(distance(&geometry, [0.0; 3], [0.0, -6.0, 1.0]), 4.0);
        assert_eq!(distance(&geometry, [2.0; 3], [8.0, 10.0, 2.0]), 5.0);
        let upright = angle(&geometry, [1.0, 0.0, 0.0], [0.0; 3], [0.0, -6.0, 1.0]).unwrap();
        assert!((upright - 90.0).abs() < 1e-9);
        let tilted = angle(&geometry, [0.0, 1.0, 0.0], [0.0; 3], [0.0, 0.0, 1.0]).unwrap();
        assert!((tilted - 0.6f64.acos().to_degrees()).abs() < 1e-9);
        assert_eq!(angle(&geometry, [0.0; 3], [0.0; 3], [1.0; 3]), None);
    }

    proptest! {
        #[test]
        fn the_angles_of_a_triangle_make_180_degrees(p in prop::array::uniform3(prop::array::uniform3(-50i32..50))) {
            let geometry = Geometry { origin: [9.0, -7.0, 3.0], steps: [[0.7, 0.1, 0.0], [-0.1, 0.7, 0.2], [0.0, 0.9, 2.5]] };
            let [a, b, c] = p.map(|p| p.map(f64::from));
            prop_assume!(a != b && b != c && a != c);
            let sum = [(a, b, c), (b, c, a), (c, a, b)].map(|(a, b, c)| angle(&geometry, a, b, c).unwrap());
            prop_assert!((sum.iter().sum::<f64>() - 180.0).abs() < 1e-4);
            prop_assert!(distance(&geometry, a, c) <= distance(&geometry, a, b) + distance(&geometry, b, c) + 1e-9);
        }
    }
}
