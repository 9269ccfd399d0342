//! `insitu convert`: what was read of images, as files that any program reads.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use insitu::Result;
use insitu::export::{Stack, float_tiff, picture_png};
use insitu::scan::Scan;
use insitu::scan::windowing::render;

use crate::files;
use crate::inputs::{Input, inputs};
use crate::out::say;
use crate::results::{self, Results};

/// Writes images as they were read: DIR/STEM.tif, a page for each slice in the order and orientation of the display, 32-bit
/// floats in physical values, NaN where there is no value
#[derive(Args, Debug)]
pub struct ConvertArgs {
    /// Folder for the results; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Also write what one sees through the window that the image is shown with at first, 8-bit: DIR/STEM.png, or
    /// DIR/STEM_s0000.png and so on if there are several slices
    #[arg(long)]
    png: bool,
    /// The images, or folders or ZIP archives of them; the files of a DICOM series in a folder are one, and a folder of Zarr
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Runs the command. One bad file does not stop the others; it is named at once, and the command fails at the end.
pub fn run(args: &ConvertArgs) -> Result<()> {
    let inputs = inputs(&args.files)?;
    let mut results = Results::new("convert", &args.out, &inputs.images)?;
    files::folder(&args.out)?;
    inputs.left_out.iter().for_each(|why| eprintln!("{why}"));
    let (mut failed, mut beside) = (0, 0);
    for input in &inputs.images {
        match convert(input, args.png, &mut results) {
            Ok(()) => {}
            Err(e) if input.is_beside(&e) => beside += 1,
            Err(e) => {
                failed += 1;
                eprintln!("{}", results::line(&input.path, &e));
            }
        }
    }
    results::complete("convert", failed, inputs.images.len() - beside, "converted")
}

fn convert(input: &Input, png: bool, results: &mut Results<'_>) -> Result<()> {
    let scan = input.scan()?;
    let stem = &input.stem;
    let path = results.target(&format!("{stem}.tif"))?;
    if let Err(e) = tiff(&path, &scan) {
        // Half an image must not pass for one.
        let _ = fs::remove_file(&path);
        return Err(e);
    }
    say!("{}", path.display());
    let windows = scan.windows();
    for slice in (0..scan.slices).filter(|_| png) {
        let name = if scan.slices > 1 { format!("{stem}_s{slice:04}.png") } else { format!("{stem}.png") };
        let path = results.target(&name)?;
        let Some(window) = windows.get(slice).or(windows.first()) else { continue };
        let rgba = render(&scan.slice(slice)?, *window, scan.inverted);
        files::write(&path, &picture_png(&rgba, scan.width, scan.height, scan.channels == 1)?)?;
        say!("{}", path.display());
    }
    Ok(())
}

fn tiff(path: &Path, scan: &Scan) -> Result<()> {
    let stack = Stack {
        width: scan.width,
        height: scan.height,
        slices: scan.slices,
        channels: scan.channels,
        spacing: scan.spacing.map(|s| [s.x, s.y]),
        depth: scan.spacing.and_then(|s| s.z),
    };
    let mut out = BufWriter::new(File::create(path).map_err(|e| files::unwritten(path, e))?);
    float_tiff(&mut out, &stack, |slice| Ok(scan.slice(slice)?.data))?;
    out.flush().map_err(|e| files::unwritten(path, e))
}
