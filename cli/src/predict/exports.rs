//! What `--export` writes beside the masks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use insitu::Result;
use insitu::export::{Coco, Table, geojson, objects_tiff, picture_png, roi_zip};
use insitu::infer::Prediction;
use insitu::objects::InstanceOptions;
use insitu::results;
use insitu::scan::Scan;
use insitu::weights::Card;

use crate::files;

/// A kind of file to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Export {
    /// STEM.objects.tif: numbers of objects, 32 bits
    Objects,
    /// objects.csv: a row for each object of all files
    Csv,
    /// STEM.roi.zip: outlines for ImageJ and Fiji
    Roi,
    /// STEM.geojson: outlines for QuPath
    Geojson,
    /// coco.json: all files' objects for other machine-learning tools
    Coco,
    /// STEM.overlay.png: the image with its mask
    Overlay,
}

/// What is written, and what grows over all files.
pub struct Exports {
    wanted: BTreeSet<Export>,
    out: PathBuf,
    table: Table,
    coco: Coco,
}

impl Exports {
    /// `goes_on`: files of all images that an earlier run left are gone on with.
    pub fn new(wanted: &[Export], out: &Path, goes_on: bool) -> Self {
        let before = |name: &str| {
            goes_on
                .then(|| files::read(&out.join(name)).ok())
                .flatten()
                .and_then(|b| String::from_utf8(b).ok())
        };
        Self {
            wanted: wanted.iter().copied().collect(),
            out: out.into(),
            table: before(TABLE).and_then(|text| Table::read(&text)).unwrap_or_default(),
            coco: before(COCO).and_then(|text| Coco::read(&text)).unwrap_or_default(),
        }
    }

    /// Leaves out what an earlier run wrote of a file.
    pub fn forget(&mut self, file: &str) {
        self.table.forget(file);
        self.coco.forget(file);
    }

    /// What is written of one slice: the ends of names, and the bytes. `file` is the name that tables call it by.
    pub fn of(
        &mut self,
        (scan, slice, file): (&Scan, usize, &str),
        card: &Card,
        prediction: &Prediction,
        options: &InstanceOptions,
    ) -> Result<Vec<(&'static str, Vec<u8>)>> {
        if self.wanted.is_empty() {
            return Ok(Vec::new());
        }
        let (width, height) = (prediction.width, prediction.height);
        let found = results::found((scan, slice, file), card, prediction, options)?;
        let mut written = Vec::new();
        for export in &self.wanted {
            written.push(match export {
                Export::Objects => {
                    ("objects.tif", objects_tiff(&found.numbers, width, height, found.spacing)?)
                }
                Export::Roi => ("roi.zip", roi_zip(&found)?),
                Export::Geojson => ("geojson", geojson(&found).into_bytes()),
                Export::Overlay => {
                    let classes = prediction.labels(options.threshold);
                    let rgba = results::picture(scan, slice, &classes, &found)?;
                    ("overlay.png", picture_png(&rgba, width, height, false)?)
                }
                Export::Csv => {
                    self.table.add(&found);
                    continue;
                }
                Export::Coco => {
                    self.coco.add(&found);
                    continue;
                }
            });
        }
        Ok(written)
    }

    /// Writes the files that hold something of every image, and gives their paths.
    pub fn write(&self) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        if self.wanted.contains(&Export::Csv) {
            written.push(self.out.join(TABLE));
            files::write(&self.out.join(TABLE), self.table.csv().as_bytes())?;
        }
        if self.wanted.contains(&Export::Coco) {
            written.push(self.out.join(COCO));
            files::write(&self.out.join(COCO), self.coco.json().as_bytes())?;
        }
        Ok(written)
    }
}

const TABLE: &str = "objects.csv";
const COCO: &str = "coco.json";
