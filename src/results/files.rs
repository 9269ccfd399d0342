//! The files that results are saved as, by name: the same from every door.

use super::picture;
use crate::error::{Error, Result};
use crate::export::{
    Coco, Objects, Table, class_png, geojson, objects_tiff, picture_png, probability_tiff, roi_zip,
};
use crate::scan::Scan;

/// A kind of file. Those of all slices of an image stand last, and of these those of probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Class of each pixel, with names and colours.
    Mask,
    /// Number of the object of each pixel, 32 bits.
    Objects,
    /// A row for each object of all images.
    Csv,
    /// Outlines for ImageJ and Fiji.
    Roi,
    /// Outlines for QuPath.
    Geojson,
    /// Objects of all images, for other machine-learning tools.
    Coco,
    /// The image with its mask.
    Overlay,
    /// Probability of each class, 32-bit floats.
    Probability,
    /// All slices as a DICOM segmentation.
    Seg,
    /// All slices as contours for radiotherapy.
    Rtstruct,
    /// Classes of all slices for research programs.
    Nifti,
    /// All slices for 3D Slicer.
    Nrrd,
    /// Classes of all slices as one stack for programs of microscopy.
    OmeTiff,
    /// Probabilities of all slices for research programs.
    ProbabilityNifti,
    /// Probabilities of all slices as a fractional DICOM segmentation.
    ProbabilitySeg,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Mask,
        Self::Objects,
        Self::Csv,
        Self::Roi,
        Self::Geojson,
        Self::Coco,
        Self::Overlay,
        Self::Probability,
        Self::Seg,
        Self::Rtstruct,
        Self::Nifti,
        Self::Nrrd,
        Self::OmeTiff,
        Self::ProbabilityNifti,
        Self::ProbabilitySeg,
    ];

    /// What it is called in commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Objects => "objects",
            Self::Csv => "csv",
            Self::Roi => "roi",
            Self::Geojson => "geojson",
            Self::Coco => "coco",
            Self::Overlay => "overlay",
            Self::Probability => "probability",
            Self::Seg => "seg",
            Self::Rtstruct => "rtstruct",
            Self::Nifti => "nifti",
            Self::Nrrd => "nrrd",
            Self::OmeTiff => "ome-tiff",
            Self::ProbabilityNifti => "probability-nifti",
            Self::ProbabilitySeg => "probability-seg",
        }
    }

    /// # Errors
    /// `argument` for a name that none has.
    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::invalid("argument", format!("There is no kind of file called {name}; there are: {names}."))
        })
    }

    /// Whether a file holds all slices of one image: see [`volume_file`](super::volume_file).
    pub fn is_volume(self) -> bool {
        self >= Self::Seg
    }

    /// Whether such a file holds probabilities of all slices.
    pub fn is_probability(self) -> bool {
        self >= Self::ProbabilityNifti
    }

    /// The name of a file that holds all images.
    pub fn of_all(self) -> Option<&'static str> {
        match self {
            Self::Csv => Some("objects.csv"),
            Self::Coco => Some("coco.json"),
            _ => None,
        }
    }
}

/// What grows over the images of a run.
#[derive(Clone, Debug, Default)]
pub struct Files {
    table: Table,
    coco: Coco,
}

impl Files {
    /// Goes on with what an earlier run wrote: `before` gives the bytes of a file by its name, if it is there.
    pub fn going_on(before: impl Fn(&str) -> Option<Vec<u8>>) -> Self {
        let text =
            |kind: Kind| kind.of_all().and_then(&before).and_then(|bytes| String::from_utf8(bytes).ok());
        Self {
            table: text(Kind::Csv).and_then(|text| Table::read(&text)).unwrap_or_default(),
            coco: text(Kind::Coco).and_then(|text| Coco::read(&text)).unwrap_or_default(),
        }
    }

    /// Leaves out what was taken in of a file.
    pub fn forget(&mut self, file: &str) {
        self.table.forget(file);
        self.coco.forget(file);
    }

    /// The file of one slice; nothing of a kind that holds all images, which then holds this one, too. `classes`: of each pixel; `probability`:
    /// of each class, `[class][row][column]`, needed for a file of probabilities only.
    ///
    /// # Errors
    /// Those of the writers.
    pub fn add(
        &mut self,
        kind: Kind,
        scan: &Scan,
        (classes, probability): (&[u8], &[f32]),
        found: &Objects,
    ) -> Result<Option<Vec<u8>>> {
        let (width, height) = (found.width, found.height);
        Ok(Some(match kind {
            Kind::Mask => class_png(classes, width, height, &found.categories)?,
            Kind::Objects => objects_tiff(&found.numbers, width, height, found.spacing)?,
            Kind::Roi => roi_zip(found)?,
            Kind::Geojson => geojson(found).into_bytes(),
            Kind::Overlay => picture_png(&picture(scan, found.slice, classes, found)?, width, height, false)?,
            Kind::Probability => {
                let planes = probability.len().checked_div(width * height).unwrap_or(0).max(1);
                probability_tiff(probability, width, height, planes)?
            }
            Kind::Csv => {
                self.table.add(found);
                return Ok(None);
            }
            Kind::Coco => {
                self.coco.add(found);
                return Ok(None);
            }
            // Written of all slices at once.
            _ => return Ok(None),
        }))
    }

    /// The file of all images that were added.
    pub fn whole(&self, kind: Kind) -> Option<Vec<u8>> {
        match kind {
            Kind::Csv => Some(self.table.csv().into_bytes()),
            Kind::Coco => Some(self.coco.json().into_bytes()),
            _ => None,
        }
    }
}

/// The end of the name of one slice's file.
pub fn ending(kind: Kind) -> &'static str {
    match kind {
        Kind::Mask => "png",
        Kind::Objects => "objects.tif",
        Kind::Csv => "csv",
        Kind::Roi => "roi.zip",
        Kind::Geojson => "geojson",
        Kind::Coco => "coco.json",
        Kind::Overlay => "overlay.png",
        Kind::Probability => "prob.tif",
        Kind::Seg => "seg.dcm",
        Kind::Rtstruct => "rtstruct.dcm",
        Kind::Nifti => "nii.gz",
        Kind::Nrrd => "seg.nrrd",
        Kind::OmeTiff => "ome.tif",
        Kind::ProbabilityNifti => "prob.nii.gz",
        Kind::ProbabilitySeg => "prob.dcm",
    }
}
