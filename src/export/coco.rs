//! Objects of several images as one COCO file (cocodataset.org, "Data format", object detection).

use serde_json::{Value, json};

use super::objects::Objects;
use crate::objects::Outline;

/// Images, categories and annotations, which grow file by file.
#[derive(Clone, Debug)]
pub struct Coco {
    images: Vec<Value>,
    annotations: Vec<Value>,
    categories: Vec<Value>,
}

impl Coco {
    /// Without images.
    pub fn new() -> Self {
        Self { images: Vec::new(), annotations: Vec::new(), categories: Vec::new() }
    }

    /// One more image. Objects without holes are polygons, others are run lengths.
    pub fn add(&mut self, objects: &Objects) {
        let highest = |all: &[Value]| all.iter().filter_map(|v| v["id"].as_u64()).max().unwrap_or(0);
        let image = highest(&self.images) + 1;
        let name = &objects.file;
        let (width, height) = (objects.width, objects.height);
        let image_record = json!({ "id": image, "file_name": name, "slice": objects.slice, "width": width, "height": height });
        self.images.push(image_record);
        let next = highest(&self.annotations) + 1;
        for (id, (m, outline)) in (next..).zip(objects.measurements.iter().zip(objects.outlines())) {
            let class = objects.category(m.class).map_or("object", |class| &class.name);
            let bounds =
                [m.bounds.left, m.bounds.top, m.bounds.right - m.bounds.left, m.bounds.bottom - m.bounds.top];
            let shape = if outline.pieces.iter().all(|piece| piece.holes.is_empty()) {
                polygons(outline)
            } else {
                json!({ "size": [height, width], "counts": run_lengths(objects, m.object) })
            };
            let category = self.category(class);
            self.annotations.push(json!({
                "id": id,
                "image_id": image,
                "category_id": category,
                "segmentation": shape,
                "area": m.area,
                "bbox": bounds,
                "iscrowd": 0,
                "object": m.object,
            }));
        }
    }

    /// As a file.
    pub fn json(&self) -> String {
        json!({
            "info": { "description": "Objects found with Insitu" },
            "images": self.images,
            "annotations": self.annotations,
            "categories": self.categories,
        })
        .to_string()
    }

    /// A file that was written before; nothing if it is none.
    pub fn read(json: &str) -> Option<Self> {
        let mut file: Value = serde_json::from_str(json).ok()?;
        let mut list = |name: &str| match file[name].take() {
            Value::Array(values) => Some(values),
            _ => None,
        };
        Some(Self {
            images: list("images")?,
            annotations: list("annotations")?,
            categories: list("categories")?,
        })
    }

    /// Leaves out the images of a file.
    pub fn forget(&mut self, file: &str) {
        let gone: Vec<u64> = self
            .images
            .iter()
            .filter(|image| image["file_name"] == file)
            .filter_map(|image| image["id"].as_u64())
            .collect();
        self.images.retain(|image| image["file_name"] != file);
        self.annotations.retain(|a| a["image_id"].as_u64().is_none_or(|id| !gone.contains(&id)));
    }

    fn category(&mut self, name: &str) -> usize {
        let known = self.categories.iter().position(|category| category["name"] == name);
        known.map_or_else(
            || {
                self.categories
                    .push(json!({ "id": self.categories.len() + 1, "name": name, "supercategory": "" }));
                self.categories.len()
            },
            |at| at + 1,
        )
    }
}

impl Default for Coco {
    fn default() -> Self {
        Self::new()
    }
}

fn polygons(outline: &Outline) -> Value {
    let flat = |ring: &Vec<[u32; 2]>| ring.iter().flatten().copied().collect::<Vec<_>>();
    json!(outline.pieces.iter().map(|piece| flat(&piece.outer)).collect::<Vec<_>>())
}

/// How many pixels in a row do not, do, do not ... belong to the object, column by column.
fn run_lengths(objects: &Objects, object: u32) -> Vec<usize> {
    let (mut counts, mut inside, mut count) = (Vec::new(), false, 0);
    for x in 0..objects.width {
        for y in 0..objects.height {
            if (objects.numbers[y * objects.width + x] == object) != inside {
                counts.push(count);
                (inside, count) = (!inside, 0);
            }
            count += 1;
        }
    }
    counts.push(count);
    counts
}
