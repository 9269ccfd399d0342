//! Masks of volumes put in order in 3-D before they are written, and the table of their sizes.

use clap::Args;
use insitu::results::{class_sizes, largest_pieces};
use insitu::scan::Scan;
use insitu::volume::{Cleaned, Connectivity3, LabelSlices, Runs, Stack, Tidied, Tidy, VolumeMeasurement};
use insitu::weights::Class;
use insitu::{Error, Result};

/// What is done with the masks of all slices together.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Masks of volumes, over all slices")]
pub struct SolidArgs {
    /// Keep only the largest piece of each class
    #[arg(long)]
    largest: bool,
    /// Remove pieces of fewer millilitres
    #[arg(long, value_name = "X", value_parser = above)]
    min_ml: Option<f64>,
    /// Fill what a class encloses on all sides
    #[arg(long)]
    fill_holes: bool,
    /// Smooth surfaces by a Gaussian of this standard deviation
    #[arg(long, value_name = "X", value_parser = above)]
    smooth_mm: Option<f64>,
    /// What hangs together is one piece: 6 by faces, 18 by edges, too, 26 by corners, too
    #[arg(long, value_name = "6|18|26", default_value = "26", value_parser = neighbours)]
    neighbours: u8,
    /// Also write DIR/STEM.sizes.csv: millilitres, surface, longest diameter and values of each class and of each piece in 3-D
    #[arg(long)]
    sizes: bool,
}

/// Parses a number above 0.
fn above(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_string())?;
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err("not above 0".into()) }
}

fn neighbours(text: &str) -> Result<u8, String> {
    let value: u8 = text.parse().map_err(|_| "not a number".to_string())?;
    Connectivity3::of(value).map(|_| value).map_err(|error| error.to_string())
}

const HEAD: &str = "file,channel,time,class,piece,voxels,volume_ml,surface_cm2,diameter_mm,column,row,slice,left_mm,back_mm,head_mm,mean,sd,min,max\r\n";

impl SolidArgs {
    /// Whether masks change.
    pub fn tidies(&self) -> bool {
        self.largest || self.fill_holes || self.min_ml.is_some() || self.smooth_mm.is_some()
    }

    /// Whether a table is wanted.
    pub fn sizes(&self) -> bool {
        self.sizes
    }

    /// Puts the masks of all slices in order, and says what was done. `masks`: of each slice, `[row][column]`.
    ///
    /// # Errors
    /// `predict.spacing` if lengths are asked for and the file gives none; as [`Tidy::step`].
    pub fn tidy(&self, scan: &Scan, classes: &[Class], masks: &mut [Vec<u8>]) -> Result<String> {
        let mm = self.min_ml.is_some() || self.smooth_mm.is_some();
        let spacing = scan.spacing.and_then(|s| Some([s.x, s.y, s.z?]));
        if mm && spacing.is_none() {
            return Err(Error::invalid(
                "predict.spacing",
                "The file gives no distance between slices, so there are no millilitres: leave --min-ml and --smooth-mm out.",
            ));
        }
        let tidy = Tidy {
            connectivity: Connectivity3::of(self.neighbours)?,
            smallest: self.min_ml.unwrap_or(0.0) * 1e3,
            largest: self.largest,
            fill: self.fill_holes,
            smooth: self.smooth_mm.unwrap_or(0.0),
            spacing: spacing.unwrap_or([1.0; 3]),
        };
        let mut done = Tidied::default();
        for (_, mut volume) in volumes(scan, masks)? {
            for class in (1..=classes.len()).filter_map(|class| u8::try_from(class).ok()) {
                for step in tidy.steps() {
                    tidy.step(&mut volume, class, step, &mut done)?;
                }
            }
        }
        let size = |voxels: u64| match spacing {
            Some([x, y, z]) => format!("{:.3} ml", voxels as f64 * x * y * z / 1e3),
            None => format!("{voxels} voxels"),
        };
        let Cleaned { pieces, voxels } = done.removed;
        Ok(format!(
            "{pieces} pieces removed ({}), {} holes filled ({}), surfaces smoothed ({})",
            size(voxels),
            done.holes.pieces,
            size(done.holes.voxels),
            size(done.smoothed)
        ))
    }

    /// The table of classes (no piece) and pieces, of each channel and time.
    ///
    /// # Errors
    /// As [`class_sizes`].
    pub fn table(&self, scan: &Scan, file: &str, classes: &[Class], masks: &mut [Vec<u8>]) -> Result<String> {
        let names: Vec<String> = classes.iter().map(|class| quoted(&class.name)).collect();
        let connectivity = Connectivity3::of(self.neighbours)?;
        let mut table = HEAD.to_string();
        for (first, volume) in volumes(scan, masks)? {
            let channels = scan.planes.channels.len().max(1);
            let time = first / (channels * scan.planes.depths.max(1));
            let begin = format!("{},{},{}", quoted(file), first % channels + 1, time + 1);
            let (stack, _) = Stack::around(scan, first);
            let runs = Runs::of(&volume)?;
            for row in class_sizes(scan, &stack, &runs)?.0 {
                table += &line(&begin, &names, None, &row);
            }
            let (pieces, _) = largest_pieces(scan, &stack, runs, connectivity, usize::MAX)?;
            for (i, row) in pieces.iter().enumerate() {
                table += &line(&begin, &names, Some(i + 1), row);
            }
        }
        Ok(table)
    }
}

/// The volumes of all channels and times, each with its first slice.
fn volumes<'a>(scan: &Scan, masks: &'a mut [Vec<u8>]) -> Result<Vec<(usize, LabelSlices<'a>)>> {
    let mut all: std::collections::BTreeMap<usize, Vec<&'a mut [u8]>> = Default::default();
    for (slice, mask) in masks.iter_mut().enumerate() {
        let (stack, _) = Stack::around(scan, slice);
        all.entry(stack.slice(0)).or_default().push(mask);
    }
    let volume = |(first, slices)| Ok((first, LabelSlices::new(scan.width, scan.height, slices)?));
    all.into_iter().map(volume).collect()
}

/// Columns and rows from 0, slices from 1, as the page has them; what is not known stays empty.
fn line(begin: &str, names: &[String], piece: Option<usize>, row: &VolumeMeasurement) -> String {
    let class = usize::from(row.class).checked_sub(1).and_then(|i| names.get(i));
    let physical = row.physical.map(|p| [p.volume_ml, p.surface_cm2, p.diameter_mm]);
    let [column, depth_row, slice] = row.centroid;
    let values = row.values.map(|v| [v.mean, v.deviation, v.min, v.max]);
    let numbers = cells(physical)
        .chain(cells(Some([column, depth_row, slice + 1.0])))
        .chain(cells(row.physical.map(|p| p.position)))
        .chain(cells(values));
    let piece = piece.map_or(String::new(), |piece| piece.to_string());
    let first = [begin.to_string(), class.cloned().unwrap_or_default(), piece, row.voxels.to_string()];
    first.into_iter().chain(numbers).collect::<Vec<_>>().join(",") + "\r\n"
}

fn cells<const N: usize>(values: Option<[f64; N]>) -> impl Iterator<Item = String> {
    (0..N).map(move |i| values.map_or(String::new(), |values| values[i].to_string()))
}

/// A cell of text: in quotes where it must be, and with an apostrophe before what spreadsheets would take for a formula.
fn quoted(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula { format!("'{value}") } else { value.to_string() };
    if value.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
}
