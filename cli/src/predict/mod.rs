//! `insitu predict`: masks of images, and what follows from them.

mod exports;
mod progress;
mod solid;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressStyle};
use insitu::device::Chosen;
use insitu::export::{LabelClass, Property, mask_png, objects_png, probability_tiff};
use insitu::infer::{Options, Prediction, VolumePrediction, segment, segment_volume};
use insitu::objects::InstanceOptions;
use insitu::results::{Kind, label_class};
use insitu::scan::Scan;
use insitu::volume::{Along, Stack};
use insitu::weights::{Class, Model};
use insitu::{Error, Result};

use self::exports::Exports;
use self::progress::Progress;
use self::solid::SolidArgs;
use crate::inputs::{Input, inputs};
use crate::out::say;
use crate::results::{self, Results};
use crate::{device, files, model};

/// Bytes of probabilities of a volume, at most.
const MAX_VOLUME: u64 = 8 << 30;

/// Segments images: DIR/STEM.png for each FILE, or DIR/STEM_s0000.png and so on for each slice of a FILE that has
/// several
#[derive(Args, Debug)]
pub struct PredictArgs {
    /// A shipped model's name, or a model file
    #[arg(long, value_name = "NAME_OR_FILE")]
    model: String,
    /// Folder for the results; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where it runs
    #[arg(long, value_enum, default_value = "auto")]
    device: device::DeviceArg,
    /// Write object numbers (16-bit) instead of class indices (8-bit)
    #[arg(long)]
    instances: bool,
    /// Also write the probabilities, DIR/STEM.prob.tif: 32-bit floats, a page for each class
    #[arg(long)]
    probability: bool,
    /// Also write, separated by commas: objects (STEM.objects.tif, numbers in 32 bits), csv (objects.csv, a row for each object of all
    /// files), roi (STEM.roi.zip, outlines for ImageJ), geojson (STEM.geojson, outlines for QuPath), coco (coco.json, all files'
    /// objects for machine-learning tools), overlay (STEM.overlay.png, the image with its mask); of all slices together: seg
    /// (STEM.seg.dcm, DICOM SEG), rtstruct (STEM.rtstruct.dcm, contours), nifti (STEM.nii.gz), nrrd (STEM.seg.nrrd, for 3D Slicer),
    /// ome-tiff (STEM.ome.tif, one stack), probability-nifti (STEM.prob.nii.gz), probability-seg (STEM.prob.dcm, fractional DICOM SEG)
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = export())]
    export: Vec<Kind>,
    /// What a class is in the patient, for DICOM and 3D Slicer, instead of what its name says: lesion=neoplasm. CLASS is its name in the
    /// model or its number; a NAME that is not there is answered with all that are
    #[arg(long, value_name = "CLASS=NAME", value_parser = code)]
    code: Vec<(String, String)>,
    /// Leave out who the patient is: files and tables are called image-1, image-2, ... in the order of the images, and DICOM files name the
    /// patient so too. Which is which is told on the way (standard error), to be kept apart
    #[arg(long)]
    without_identity: bool,
    /// Probability from which a pixel is foreground, instead of the model's own
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f32>,
    /// For a U-Net++: asks this head, 1 (fastest) to 4 (the whole network), and leaves out what only deeper ones need
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=6))]
    head: Option<u8>,
    /// Planes of a volume that the network sees: slices as they are, axial, coronal or sagittal planes (rows, columns: planes that stand upright on
    /// these, where the file does not say where the patient lies), or all three orientations, whose mean counts and which take three times as
    /// long. The masks are of the slices in any case
    #[arg(long, value_name = "PLANES", default_value = "slices", value_parser = PossibleValuesParser::new(Along::NAMES))]
    along: String,
    #[command(flatten)]
    solid: SolidArgs,
    /// The images, or folders or ZIP archives of them; the files of a DICOM series in a folder are one volume, named as the folder is, and
    /// so is a folder of Zarr
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Parses a probability.
pub fn probability(text: &str) -> Result<f32, String> {
    let value: f32 = text.parse().map_err(|_| "not a number".to_string())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("not between 0 and 1".into()) }
}

/// Parses what a class is.
fn code(text: &str) -> Result<(String, String), String> {
    let (class, name) = text.rsplit_once('=').ok_or("not CLASS=NAME, such as lesion=neoplasm")?;
    let property = Property::named(name).map_err(|error| error.to_string())?;
    Ok((class.into(), property.id.into()))
}

/// Parses a kind of file. The mask is written in any case.
fn export() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Mask).map(Kind::name);
    PossibleValuesParser::new(names).try_map(|name| Kind::from_name(&name))
}

/// Runs the command. One bad file does not stop the others; it is named at once, and the command fails at the end. A run of several files
/// that was broken off goes on where it stopped.
pub fn run(args: &PredictArgs) -> Result<()> {
    args.check()?;
    let mut found = inputs(&args.files)?;
    if args.without_identity {
        for (i, input) in found.images.iter_mut().enumerate() {
            input.number(i + 1);
            eprintln!("{}: {}", input.stem, input.path.display());
        }
    }
    let inputs = &found.images;
    let results = Results::new("predict", &args.out, inputs)?;
    let chosen = device::open(args.device)?;
    let read = model::Files::read(&model::find(&args.model)?)?;
    let model = read.open(&chosen.device)?;
    files::folder(&args.out)?;
    eprintln!("{}", chosen.reason);
    found.left_out.iter().for_each(|why| eprintln!("{why}"));
    let mut progress = Progress::open(&args.out, (read, args.what(inputs), chosen.name.clone()));
    let keeps = args.solid.tidies() || args.solid.sizes();
    let exports = Exports::new(&args.export, &args.out, progress.goes_on(), keeps);
    let classes = args.classes(&model.card.classes)?;
    let mut run = Run { args, chosen, model, results, exports, classes };
    let (mut failed, mut beside, mut before) = (0, 0, 0);
    let bar = bar();
    for (i, input) in inputs.iter().enumerate() {
        let file = &input.path;
        if progress.is_done(file) {
            before += 1;
            continue;
        }
        bar.set_prefix(format!("{} of {}", i + 1, inputs.len()));
        bar.set_message(file.display().to_string());
        match run.file(input, &bar) {
            Ok(()) if inputs.len() > 1 => {
                progress.done(file, || run.exports.write().map(drop))?;
            }
            Ok(()) => {}
            Err(e) if input.is_beside(&e) => beside += 1,
            Err(e) => {
                failed += 1;
                bar.suspend(|| eprintln!("{}", results::line(file, &e)));
            }
        }
    }
    bar.finish_and_clear();
    for path in run.exports.write()? {
        say!("{}", path.display());
    }
    progress.complete();
    if before > 0 {
        eprintln!("{before} files were done before this run was broken off.");
    }
    if beside > 0 {
        eprintln!("{beside} files of the folder are no images and were left out.");
    }
    results::complete("predict", failed, inputs.len() - beside, "segmented")
}

impl PredictArgs {
    /// All that results follow from, beside model, device and files; where these have numbers, they follow from which there are.
    fn what(&self, inputs: &[Input]) -> String {
        let numbered: Vec<_> =
            inputs.iter().filter(|_| self.without_identity).map(|input| &input.path).collect();
        let Self { instances, probability, export, threshold, head, code, along, solid, .. } = self;
        format!(
            "{instances} {probability} {export:?} {threshold:?} {head:?} {code:?} {along} {solid:?} {numbered:?}"
        )
    }

    /// The model's classes with what they are in the patient.
    ///
    /// # Errors
    /// `predict.code` if a code is for a class that the model has not.
    fn classes(&self, classes: &[Class]) -> Result<Vec<LabelClass>> {
        let mut codes = vec![""; classes.len()];
        for (name, code) in &self.code {
            let number = name.parse().ok().and_then(|n: usize| n.checked_sub(1));
            let place = classes.iter().position(|class| class.name == *name).or(number);
            let place = place.and_then(|place| codes.get_mut(place)).ok_or_else(|| {
                let names: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
                Error::invalid(
                    "predict.code",
                    format!("The model has no class {name}; it has: {}.", names.join(", ")),
                )
            })?;
            *place = code;
        }
        classes.iter().zip(codes).map(|(class, code)| label_class(class, code)).collect()
    }

    /// Objects of single slices are told apart by probabilities, which nothing in 3-D changes: they would not be those of the masks.
    fn check(&self) -> Result<()> {
        let flat = |kind: &Kind| !kind.is_volume() && *kind != Kind::Probability;
        if self.solid.tidies() && (self.instances || self.export.iter().any(flat)) {
            return Err(Error::invalid(
                "predict.slices",
                "--largest, --min-ml, --fill-holes and --smooth-mm change masks in 3-D, and --instances, objects, csv, roi, geojson, coco and overlay \
                 are made slice by slice. Leave these out, or run twice; --sizes has the pieces in 3-D.",
            ));
        }
        Ok(())
    }
}

struct Run<'a> {
    args: &'a PredictArgs,
    chosen: Chosen,
    model: Model,
    results: Results<'a>,
    exports: Exports,
    classes: Vec<LabelClass>,
}

impl Run<'_> {
    fn file(&mut self, input: &Input, bar: &ProgressBar) -> Result<()> {
        let scan = input.scan()?;
        let (stem, called) = (&input.stem, input.called());
        self.exports.forget(&called);
        let along = Along::from_name(&self.args.along, scan.geometry.as_ref())?;
        let head = self.args.head.map(|n| usize::from(n) - 1);
        let options = Options { head, ..device::options(&self.chosen, &self.model.card) };
        let mut volumes = BTreeMap::new();
        for slice in 0..scan.slices {
            let name = if scan.slices > 1 { format!("{stem}_s{slice:04}") } else { stem.clone() };
            let prediction = if along.is_slices() {
                let progress = async |done, total| at(bar, done, total);
                pollster::block_on(segment(&self.model, scan.for_network(slice)?, &options, progress))?
            } else {
                let (stack, depth) = Stack::around(&scan, slice);
                // The slices of channels lie between each other: all volumes of a time are held.
                let time = |slice: usize| slice / (scan.planes.channels.len() * scan.planes.depths).max(1);
                volumes.retain(|first, _| time(*first) == time(slice));
                let volume = match volumes.entry(stack.slice(0)) {
                    Entry::Occupied(held) => held.into_mut(),
                    Entry::Vacant(place) => place.insert(self.volume(&stack, along, &options, bar)?),
                };
                volume.slice(&stack, depth)?
            };
            self.chosen.check()?;
            let mut written = Vec::new();
            // Masks that change once all are there are written then.
            if !self.args.solid.tidies() {
                written.push((self.results.target(&format!("{name}.png"))?, self.encode(&prediction)?));
            }
            // One of the exports, too, which is then written there.
            if self.args.probability && !self.args.export.contains(&Kind::Probability) {
                let Prediction { width, height, classes, probability, .. } = &prediction;
                let tiff = probability_tiff(probability, *width, *height, *classes)?;
                written.push((self.results.target(&format!("{name}.prob.tif"))?, tiff));
            }
            let (of, options) = ((&scan, slice, &*called), self.options());
            for (ending, bytes) in self.exports.of(of, &self.model.card, &prediction, &options)? {
                written.push((self.results.target(&format!("{name}.{ending}"))?, bytes));
            }
            write(&written, bar)?;
        }
        self.solid(&scan, stem, &called, bar)?;
        let mut wrong = None;
        let pseudonym = if self.args.without_identity { stem.as_str() } else { "" };
        for (ending, bytes) in self.exports.of_volume(&scan, &self.model.card, &self.classes, pseudonym) {
            match bytes {
                Ok(bytes) => write(&[(self.results.target(&format!("{stem}.{ending}"))?, bytes)], bar)?,
                // The others are written all the same.
                Err(error) => wrong = Some(error),
            }
        }
        wrong.map_or(Ok(()), Err)
    }

    /// What the network says of a volume, plane after plane.
    fn volume(
        &self,
        stack: &Stack<'_>,
        along: Along,
        options: &Options,
        bar: &ProgressBar,
    ) -> Result<VolumePrediction> {
        let card = &self.model.card;
        pollster::block_on(segment_volume(stack, along, card, MAX_VOLUME, async |plane, done, total| {
            at(bar, done, total);
            segment(&self.model, plane, options, async |_, _| true).await
        }))
    }

    /// What is done with the masks of all slices together.
    fn solid(&mut self, scan: &Scan, stem: &str, called: &str, bar: &ProgressBar) -> Result<()> {
        let (wanted, classes) = (&self.args.solid, &self.model.card.classes);
        let masks = self.exports.masks();
        let mut written = Vec::new();
        if wanted.tidies() {
            let said = wanted.tidy(scan, classes, masks)?;
            bar.suspend(|| eprintln!("{called}: {said}"));
            for (slice, mask) in masks.iter().enumerate() {
                let name = if scan.slices > 1 { format!("{stem}_s{slice:04}") } else { stem.to_string() };
                let png = mask_png(mask, scan.width, scan.height)?;
                written.push((self.results.target(&format!("{name}.png"))?, png));
            }
        }
        if wanted.sizes() {
            let table = wanted.table(scan, called, classes, masks)?;
            written.push((self.results.target(&format!("{stem}.sizes.csv"))?, table.into_bytes()));
        }
        write(&written, bar)
    }

    fn options(&self) -> InstanceOptions {
        let threshold = self.args.threshold.unwrap_or(self.model.card.threshold);
        InstanceOptions { threshold, ..InstanceOptions::default() }
    }

    fn encode(&self, prediction: &Prediction) -> Result<Vec<u8>> {
        let options = self.options();
        let (width, height) = (prediction.width, prediction.height);
        if self.args.instances {
            objects_png(&prediction.instances(&options), width, height)
        } else {
            mask_png(&prediction.labels(options.threshold), width, height)
        }
    }
}

/// Tells the progress, and goes on.
fn at(bar: &ProgressBar, done: usize, total: usize) -> bool {
    bar.set_length(total as u64);
    bar.set_position(done as u64);
    true
}

fn write(written: &[(PathBuf, Vec<u8>)], bar: &ProgressBar) -> Result<()> {
    for (path, bytes) in written {
        files::write(path, bytes)?;
        bar.suspend(|| say!("{}", path.display()));
    }
    Ok(())
}

/// A bar over the tiles of a slice, or the planes of a volume.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos} of {len}  {msg}");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
