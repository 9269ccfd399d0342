//! `insitu predict`: masks of images.

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use insitu::Result;
use insitu::device::Chosen;
use insitu::export::{mask_png, objects_png, probability_tiff};
use insitu::infer::{Options, Prediction, segment};
use insitu::objects::InstanceOptions;
use insitu::weights::Model;

use crate::results::{self, Results};
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
    let results = Results::new("predict", &args.out, &args.files)?;
    let chosen = device::open(args.device)?;
    let model = model::open(&args.model, &chosen.device)?;
    files::folder(&args.out)?;
    eprintln!("{}", chosen.reason);
    let mut run = Run { args, chosen, model, results };
    let mut failed = 0;
    let bar = bar();
    for (i, file) in args.files.iter().enumerate() {
        bar.set_prefix(format!("{} of {}", i + 1, args.files.len()));
        bar.set_message(file.display().to_string());
        if let Err(e) = run.file(file, &bar) {
            failed += 1;
            bar.suspend(|| eprintln!("{}", results::line(file, &e)));
        }
    }
    bar.finish_and_clear();
    results::complete("predict", failed, args.files.len(), "segmented")
}

struct Run<'a> {
    args: &'a PredictArgs,
    chosen: Chosen,
    model: Model,
    results: Results<'a>,
}

impl Run<'_> {
    fn file(&mut self, file: &Path, bar: &ProgressBar) -> Result<()> {
        let scan = data::scan(file)?;
        let stem = files::stem(file);
        for slice in 0..scan.slices {
            let image = scan.for_network(slice)?;
            let name = if scan.slices > 1 { format!("{stem}_s{slice:04}") } else { stem.clone() };
            let mask = self.results.target(&format!("{name}.png"))?;
            let tiff = if self.args.probability {
                Some(self.results.target(&format!("{name}.prob.tif"))?)
            } else {
                None
            };
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
}

/// A bar over the tiles of one image.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} tile {pos} of {len}  {msg}");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
