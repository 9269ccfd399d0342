//! Outlines as GeoJSON (RFC 7946) with the keys that QuPath reads.

use serde_json::{Map, Value, json};

use super::objects::Objects;
use crate::objects::{Measurement, Outline, Ring};

/// A `FeatureCollection`: a polygon with holes for each object, several of them for one in pieces. Coordinates are pixels from the
/// upper left corner of the image, `[x, y]`; QuPath reads class, colour and measurements, and takes each for a detection.
pub fn geojson(objects: &Objects) -> String {
    let features: Vec<Value> = objects
        .measurements
        .iter()
        .zip(objects.outlines())
        .map(|(m, outline)| feature(objects, m, outline))
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn feature(objects: &Objects, m: &Measurement, outline: &Outline) -> Value {
    let mut properties = Map::new();
    properties.insert("objectType".into(), "detection".into());
    properties.insert("name".into(), m.object.to_string().into());
    if let Some(class) = objects.category(m.class) {
        properties.insert("classification".into(), json!({ "name": class.name, "color": class.colour }));
    }
    let mut measured = json!({
        "Area px^2": m.area,
        "Perimeter px": m.perimeter,
        "Max diameter px": m.feret.length,
        "Solidity": m.solidity,
        "Eccentricity": m.eccentricity,
        "Circularity": m.circularity,
    });
    if let Some(area) = objects.square_micrometres() {
        measured["Area µm^2"] = json!(m.area as f64 * area);
    }
    properties.insert("measurements".into(), measured);
    json!({ "type": "Feature", "geometry": geometry(outline), "properties": properties })
}

fn geometry(outline: &Outline) -> Value {
    let closed = |ring: &Ring| ring.iter().chain(ring.first()).copied().collect::<Vec<_>>();
    let polygons: Vec<Value> = outline
        .pieces
        .iter()
        .map(|piece| json!(std::iter::once(&piece.outer).chain(&piece.holes).map(closed).collect::<Vec<_>>()))
        .collect();
    match &polygons[..] {
        [one] => json!({ "type": "Polygon", "coordinates": one }),
        _ => json!({ "type": "MultiPolygon", "coordinates": polygons }),
    }
}
