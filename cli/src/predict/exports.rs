//! What `--export` writes beside the masks.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use insitu::Result;
use insitu::export::{Algorithm, LabelClass, Making, in_steps};
use insitu::infer::Prediction;
use insitu::objects::{InstanceOptions, Refinement};
use insitu::results::{self, Contents, Files, Kind, ending, volume_file};
use insitu::scan::Scan;
use insitu::weights::Card;

use crate::files;

/// What is written, and what grows over all files.
pub struct Exports {
    wanted: Vec<Kind>,
    out: PathBuf,
    files: Files,
    /// The classes of the slices of one image, for files that hold all of them.
    volume: Vec<Vec<u8>>,
    /// Their probabilities in steps, `[class][row][column]`, if they are wanted.
    chances: Vec<Vec<u8>>,
    /// Whether these are wanted in any case.
    keeps: bool,
}

impl Exports {
    /// `goes_on`: files of all images that an earlier run left are gone on with; `keeps`: the classes of all slices are asked for.
    pub fn new(wanted: &[Kind], out: &Path, goes_on: bool, keeps: bool) -> Self {
        let mut wanted = wanted.to_vec();
        wanted.sort();
        wanted.dedup();
        let before = |name: &str| goes_on.then(|| files::read(&out.join(name)).ok()).flatten();
        let (volume, chances) = (Vec::new(), Vec::new());
        Self { wanted, out: out.into(), files: Files::going_on(before), volume, chances, keeps }
    }

    /// Leaves out what an earlier run wrote of a file.
    pub fn forget(&mut self, file: &str) {
        self.volume.clear();
        self.chances.clear();
        self.files.forget(file);
    }

    /// The classes of the slices of one image, in their order, if they are kept; what is changed in them is written of all slices.
    pub fn masks(&mut self) -> &mut [Vec<u8>] {
        &mut self.volume
    }

    /// What is written of one slice: the ends of names, and the bytes. `file` is the name that tables call it by.
    pub fn of(
        &mut self,
        (scan, slice, file): (&Scan, usize, &str),
        card: &Card,
        prediction: &Prediction,
        options: &InstanceOptions,
    ) -> Result<Vec<(&'static str, Vec<u8>)>> {
        if self.keeps || self.wanted.iter().any(|kind| kind.is_volume()) {
            self.volume.push(prediction.labels(options.threshold));
        }
        if self.wanted.iter().any(|kind| kind.is_probability()) {
            self.chances.push(in_steps(&prediction.probability));
        }
        if self.wanted.iter().all(|kind| kind.is_volume()) {
            return Ok(Vec::new());
        }
        let found = results::found((scan, slice, file), card, prediction, options, &Refinement::default())?;
        let classes = prediction.labels(options.threshold);
        let maps = (classes.as_slice(), prediction.probability.as_slice());
        let mut written = Vec::new();
        for kind in &self.wanted {
            if let Some(bytes) = self.files.add(*kind, scan, maps, &found)? {
                written.push((ending(*kind), bytes));
            }
        }
        Ok(written)
    }

    /// What is written of all slices of an image together, after the last: the ends of names, and the bytes. `pseudonym`: in the place of
    /// who the patient is; empty: as the image says.
    pub fn of_volume(
        &mut self,
        scan: &Scan,
        card: &Card,
        classes: &[LabelClass],
        pseudonym: &str,
    ) -> Vec<(&'static str, Result<Vec<u8>>)> {
        let (volume, chances) = (std::mem::take(&mut self.volume), std::mem::take(&mut self.chances));
        let entropy = RandomState::new().hash_one(card.title.as_str()).to_le_bytes();
        let (date, time) = now();
        let making = Making {
            entropy: &entropy,
            date: &date,
            time: &time,
            description: &card.title,
            algorithm: Algorithm::Automatic,
            algorithm_name: &card.title,
            pseudonym,
        };
        let labels = |slice: usize| {
            volume.get(slice).map_or(Cow::Borrowed(&[][..]), |labels| Cow::Borrowed(labels.as_slice()))
        };
        let area = scan.width * scan.height;
        let probability = |class: usize, slice: usize| {
            let of_class = chances.get(slice).and_then(|slice| slice.chunks_exact(area).nth(class - 1));
            Cow::Borrowed(of_class.unwrap_or_default())
        };
        let contents = Contents { classes, labels: &labels, probability: &probability };
        let kinds = self.wanted.iter().filter(|kind| kind.is_volume());
        kinds.map(|kind| (ending(*kind), volume_file(*kind, scan, contents, &making))).collect()
    }

    /// Writes the files that hold something of every image, and gives their paths.
    pub fn write(&self) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for kind in &self.wanted {
            if let (Some(name), Some(bytes)) = (kind.of_all(), self.files.whole(*kind)) {
                written.push(self.out.join(name));
                files::write(&self.out.join(name), &bytes)?;
            }
        }
        Ok(written)
    }
}

/// Date and time of day (UTC) as DICOM writes them.
fn now() -> (String, String) {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    (
        format!("{year:04}{month:02}{day:02}"),
        format!("{:02}{:02}{:02}", rest / 3600, rest / 60 % 60, rest % 60),
    )
}

/// Year, month and day of so many days after 1 January 1970, in years of 400-year cycles that begin in March.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (month_of_year, turn) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (cycle * 400 + year + turn, month_of_year, day - (153 * month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_are_dates_also_in_leap_years() {
        assert_eq!(
            [0, 59, 11_016, 19_782, 20_786].map(date),
            [(1970, 1, 1), (1970, 3, 1), (2000, 2, 29), (2024, 2, 29), (2026, 11, 29)]
        );
    }
}
