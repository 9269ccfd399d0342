//! `insitu predict`: masks of images.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use insitu::device::Chosen;
use insitu::export::{mask_png, objects_png, probability_tiff};
use insitu::infer::{Options, Prediction, segment};
use insitu::objects::InstanceOptions;
use insitu::weights::Model;
use insitu::{Error, Result};

use crate::{data, device, files, model};

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
    /// Probability from which a pixel is foreground, instead of the model's own
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f32>,
    /// For a U-Net++: asks this head, 1 (fastest) to 4 (the whole network), and leaves out what only deeper ones need
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=6))]
    head: Option<u8>,
    /// The images
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Parses a probability.
pub fn probability(text: &str) -> Result<f32, String> {
    let value: f32 = text.parse().map_err(|_| "not a number".to_string())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("not between 0 and 1".into()) }
}

/// Runs the command. One bad file does not stop the others; it is named at once, and the command fails at the end.
pub fn run(args: &PredictArgs) -> Result<()> {
    distinct(&args.files)?;
    let chosen = device::open(args.device)?;
    let model = model::open(&args.model, &chosen.device)?;
    files::folder(&args.out)?;
    eprintln!("{}", chosen.reason);
    let mut run = Run { args, chosen, model, written: HashSet::new() };
    let mut failed = 0;
    let bar = bar();
    for (i, file) in args.files.iter().enumerate() {
        bar.set_prefix(format!("{} of {}", i + 1, args.files.len()));
        bar.set_message(file.display().to_string());
        if let Err(e) = run.file(file, &bar) {
            failed += 1;
            // An error of reading or writing names its file already.
            let name =
                if e.code().starts_with("file.") { String::new() } else { format!("{}: ", file.display()) };
            bar.suspend(|| eprintln!("{name}{e} ({})", e.code()));
        }
    }
    bar.finish_and_clear();
    if failed > 0 {
        let message = match (failed, args.files.len()) {
            (1, 1) => "The file could not be segmented.".to_string(),
            (failed, all) => format!("{failed} of {all} files could not be segmented."),
        };
        return Err(Error::invalid("predict.incomplete", message));
    }
    Ok(())
}

struct Run<'a> {
    args: &'a PredictArgs,
    chosen: Chosen,
    model: Model,
    /// What this run wrote, so that it never overwrites its own results.
    written: HashSet<PathBuf>,
}

impl Run<'_> {
    fn file(&mut self, file: &Path, bar: &ProgressBar) -> Result<()> {
        let scan = data::scan(file)?;
        let stem = files::stem(file);
        for slice in 0..scan.slices {
            let image = scan.network_slice(slice)?;
            let name = if scan.slices > 1 { format!("{stem}_s{slice:04}") } else { stem.clone() };
            let mask = self.target(format!("{name}.png"))?;
            let tiff =
                if self.args.probability { Some(self.target(format!("{name}.prob.tif"))?) } else { None };
            let head = self.args.head.map(|n| usize::from(n) - 1);
            let options = Options { head, ..device::options(&self.chosen, &self.model.card) };
            let prediction =
                pollster::block_on(segment(&self.model, image, &options, async |done, total| {
                    bar.set_length(total as u64);
                    bar.set_position(done as u64);
                    true
                }))?;
            self.chosen.check()?;
            files::write(&mask, &self.encode(&prediction)?)?;
            bar.suspend(|| println!("{}", mask.display()));
            if let Some(path) = tiff {
                let Prediction { width, height, classes, probability, .. } = &prediction;
                files::write(&path, &probability_tiff(probability, *width, *height, *classes)?)?;
                bar.suspend(|| println!("{}", path.display()));
            }
        }
        Ok(())
    }

    fn encode(&self, prediction: &Prediction) -> Result<Vec<u8>> {
        let threshold = self.args.threshold.unwrap_or(self.model.card.threshold);
        let (width, height) = (prediction.width, prediction.height);
        if self.args.instances {
            let options = InstanceOptions { threshold, ..InstanceOptions::default() };
            objects_png(&prediction.instances(&options), width, height)
        } else {
            mask_png(&prediction.labels(threshold), width, height)
        }
    }

    /// The path of a result, if it would replace neither an input nor a result of this run.
    fn target(&mut self, name: String) -> Result<PathBuf> {
        let path = self.args.out.join(name);
        let same = |input: &PathBuf| match (path.canonicalize(), input.canonicalize()) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        };
        if self.args.files.iter().any(same) {
            return Err(Error::invalid(
                "predict.over-input",
                format!(
                    "The result would replace the image {}. Choose another folder with --out.",
                    path.display()
                ),
            ));
        }
        if !self.written.insert(path.clone()) {
            return Err(Error::invalid(
                "predict.same-name",
                format!("{} was already written for another file.", path.display()),
            ));
        }
        Ok(path)
    }
}

/// # Errors
/// `predict.same-name` if two files would have one result; nothing is done then.
fn distinct(paths: &[PathBuf]) -> Result<()> {
    let mut by_stem = BTreeMap::<String, Vec<String>>::new();
    for path in paths {
        by_stem.entry(files::stem(path)).or_default().push(path.display().to_string());
    }
    match by_stem.iter().find(|(_, paths)| paths.len() > 1) {
        None => Ok(()),
        Some((stem, paths)) => Err(Error::invalid(
            "predict.same-name",
            format!(
                "{} would all be written to {stem}.png. Give files of one name in separate runs, with different folders.",
                paths.join(" and ")
            ),
        )),
    }
}

/// A bar over the tiles of one image.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} tile {pos} of {len}  {msg}");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
