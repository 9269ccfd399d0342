//! The files of a series to a scan, one after the other: no more than one file is in memory beside the volume.

use super::Series;
use super::stack;
use crate::error::{Error, Kind, Result};
use crate::scan::geometry::{Vector, dot};
use crate::scan::samples::{SampleType, Samples};
use crate::scan::scan::Rescale;
use crate::scan::source::SourceFrame;
use crate::scan::{Limits, Planes, Scan, Window, dicom};

/// A volume that is being put together.
pub struct Assembly {
    series: Series,
    limits: Limits,
    /// What the first file that could be read says, and the samples of all so far.
    scan: Option<Scan>,
    slices: Vec<Option<Slice>>,
    /// Files that are damaged, and what is wrong with the first.
    damaged: usize,
    first_error: Option<Error>,
}

/// What a file says of its slice.
#[derive(Clone)]
struct Slice {
    rescale: Rescale,
    window: Option<Window>,
    frame: SourceFrame,
}

impl Assembly {
    /// Nothing is read yet; `limits` hold for the whole volume.
    pub fn new(series: &Series, limits: &Limits) -> Self {
        Self {
            series: series.clone(),
            limits: *limits,
            scan: None,
            slices: Vec::new(),
            damaged: 0,
            first_error: None,
        }
    }

    /// The number, in what was given to [`group`](super::group), of the file to [`take`](Self::take) next; none when all were.
    pub fn wanted(&self) -> Option<usize> {
        self.series.files.get(self.slices.len()).copied()
    }

    /// The bytes of the file that is [`wanted`](Self::wanted), or why there are none. A damaged file is noted and left out.
    ///
    /// # Errors
    /// `scan.limit.*`, and of a file that is fine and cannot be read what [`Scan::decode`] says.
    pub fn take(&mut self, file: Result<Vec<u8>>) -> Result<()> {
        match file.and_then(|bytes| self.add(&bytes)) {
            Ok(()) => Ok(()),
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Io) => {
                if let Some(scan) = &mut self.scan {
                    let size = scan.width * scan.height * scan.channels;
                    scan.samples.resize((self.slices.len() + 1) * size);
                }
                self.slices.push(None);
                self.damaged += 1;
                self.first_error.get_or_insert(error);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn add(&mut self, bytes: &[u8]) -> Result<()> {
        let mut one = dicom::decode(bytes, &self.limits)?;
        if self.series.files.len() == 1 {
            self.scan = Some(one);
            self.slices.push(None);
            return Ok(());
        }
        let of = |one: &Scan| (one.width, one.height, one.channels, one.inverted);
        let as_promised = one.width as u64 == u64::from(self.series.columns)
            && one.height as u64 == u64::from(self.series.rows)
            && one.slices == 1
            && self.scan.as_ref().is_none_or(|scan| of(scan) == of(&one));
        if !as_promised {
            return Err(changed());
        }
        let frame = one.source.as_mut().and_then(|s| s.frames.pop()).unwrap_or_default();
        self.slices.push(Some(Slice { rescale: one.rescale_of(0), window: one.window, frame }));
        let total = self.series.files.len();
        let Some(scan) = &mut self.scan else {
            let n = self.limits.check(one.width, one.height, total, one.channels, one.sample.bytes())?;
            let size = one.samples.len();
            one.samples.reserve(n.saturating_sub(size))?;
            // Behind damaged ones.
            let to = self.slices.len() - 1;
            one.samples.resize((to + 1) * size);
            one.samples.repeat(0, to, size);
            self.scan = Some(one);
            return Ok(());
        };
        if scan.unit != one.unit {
            scan.unit = None;
        }
        if scan.stored_bits != one.stored_bits {
            scan.stored_bits = None;
        }
        if scan.sample != one.sample || scan.padding != one.padding {
            let kind = common(scan, &one);
            let n = self.limits.check(scan.width, scan.height, total, scan.channels, kind.bytes())?;
            if scan.sample != kind || scan.padding.is_some() {
                scan.samples = converted(&scan.samples, kind, scan.padding.take(), n)?;
                scan.sample = kind;
            }
            let size = one.samples.len();
            one.samples = converted(&one.samples, kind, one.padding, size)?;
        }
        scan.samples.append(one.samples);
        Ok(())
    }

    /// The volume.
    ///
    /// # Errors
    /// What is wrong with the first damaged file, where fewer than half could be read; `series.changed` if the files are not those
    /// that were grouped.
    pub fn finish(mut self) -> Result<Scan> {
        let total = self.series.files.len();
        let told = self.first_error.as_ref().map(|e| e.message().to_string()).unwrap_or_default();
        let Some(mut scan) =
            self.scan.take().filter(|_| self.slices.len() == total && self.damaged * 2 <= total)
        else {
            return Err(self.first_error.unwrap_or_else(changed));
        };
        let mut notes = std::mem::take(&mut self.series.notes);
        if total == 1 {
            notes.append(&mut scan.notes);
            scan.notes = notes;
            return Ok(scan);
        }
        let Series { depths, times, .. } = self.series;
        let size = scan.width * scan.height * scan.channels;
        let all = &mut self.slices;
        for missing in 0..total {
            if all.get(missing).is_none_or(Option::is_some) {
                continue;
            }
            let times = (0..times).map(|t| t * depths + missing % depths.max(1));
            let near = times.filter(|i| all.get(*i).is_some_and(Option::is_some));
            if let Some(near) = near.min_by_key(|i| i.abs_diff(missing)) {
                scan.samples.repeat(near, missing, size);
                let copy = all.get(near).cloned().flatten();
                if let Some(place) = all.get_mut(missing) {
                    *place = copy;
                }
            }
        }
        let kept: Vec<usize> = (0..total).filter(|i| all.get(*i).is_some_and(Option::is_some)).collect();
        for (to, from) in kept.iter().enumerate() {
            scan.samples.repeat(*from, to, size);
        }
        scan.samples.resize(kept.len() * size);
        let depths = kept.len() / times.max(1);
        scan.slices = depths * times;
        scan.planes = Planes { times, ..Planes::stack(depths) };
        if self.damaged > 0 {
            let (is, its) =
                if self.damaged == 1 { ("is", "its slice is") } else { ("are", "their slices are") };
            let how = if scan.slices < total { "left out" } else { "replaced by the nearest in time" };
            notes.push(format!("{} of {total} files {is} damaged: {its} {how}. {told}", self.damaged));
        }
        let slices: Vec<Slice> = self.slices.into_iter().flatten().collect();
        scan.rescale = slices.iter().map(|s| s.rescale).collect();
        if scan.rescale.windows(2).all(|two| two.first() == two.last()) {
            scan.rescale.truncate(1);
        }
        let windows: Vec<Window> = slices.iter().filter_map(|s| s.window).collect();
        scan.window = windows.get(windows.len() / 2).copied();
        let same = windows.windows(2).all(|two| two.first() == two.last());
        scan.frame_windows = if same || windows.len() < scan.slices { Vec::new() } else { windows };
        let frames: Vec<SourceFrame> = slices.into_iter().map(|s| s.frame).collect();
        scan.notes = notes;
        place(&mut scan, &frames, depths)?;
        if let Some(source) = &mut scan.source {
            source.frames = frames;
        }
        Ok(scan)
    }
}

impl Scan {
    /// Reads the files of a [`Series`] into one volume, in their stored type and the order of its slices. `files` gives the bytes of a file
    /// by its number in what was given to [`group`](super::group). `progress(done, total)` is asked before each file; `false` stops.
    ///
    /// A damaged file is left out, or of several times stands its neighbour for it, and a note tells.
    ///
    /// # Errors
    /// As [`Assembly::take`] and [`Assembly::finish`]; `cancelled`.
    pub fn from_series(
        series: &Series,
        mut files: impl FnMut(usize) -> Result<Vec<u8>>,
        limits: &Limits,
        mut progress: impl FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let mut assembly = Assembly::new(series, limits);
        let mut done = 0;
        while let Some(index) = assembly.wanted() {
            if !progress(done, series.files.len()) {
                return Err(Error::cancelled());
            }
            assembly.take(files(index))?;
            done += 1;
        }
        assembly.finish()
    }
}

fn changed() -> Error {
    Error::invalid(
        "series.changed",
        "The files of this series are not what they were when they were looked through. Open them again.",
    )
}

/// The geometry of the volume, from where the slices of the first time lie.
fn place(scan: &mut Scan, frames: &[SourceFrame], depths: usize) -> Result<()> {
    scan.geometry = None;
    let placed = frames.iter().filter_map(|f| Some((f.position?, f.orientation?)));
    let (positions, orientations): (Vec<Vector>, Vec<[Vector; 2]>) = placed.unzip();
    let (Some(orientation), Some(spacing)) = (orientations.first(), scan.spacing) else { return Ok(()) };
    let normal = stack::normal(*orientation);
    let along: Vec<f64> = positions.iter().map(|p| dot(*p, normal)).collect();
    let near = stack::tolerance(spacing.x.min(spacing.y));
    let firsts = along.get(..depths).unwrap_or_default();
    let times = along.chunks(depths.max(1));
    let in_order = positions.len() == frames.len()
        && firsts.is_sorted_by(|a, b| b - a > 0.0)
        && times.clone().all(|time| time.iter().zip(firsts).all(|(a, b)| (a - b).abs() <= 2.0 * near))
        && orientations.iter().all(|o| stack::same_orientation(o, orientation));
    if !in_order {
        return Err(changed());
    }
    let thickness = spacing.z;
    let firsts = positions.get(..depths).unwrap_or_default();
    let arranged = stack::arrange(firsts, *orientation, [spacing.x, spacing.y], thickness);
    scan.geometry = arranged.geometry;
    scan.spacing = Some(crate::scan::Spacing { z: arranged.distance, ..spacing });
    for note in arranged.notes {
        if !scan.notes.contains(&note) {
            scan.notes.push(note);
        }
    }
    Ok(())
}

/// A type that holds the values of both; floats where they differ in what is no value.
fn common(a: &Scan, b: &Scan) -> SampleType {
    let short =
        |s: SampleType| matches!(s, SampleType::U8 | SampleType::I8 | SampleType::U16 | SampleType::I16);
    let (x, y) = (a.sample, b.sample);
    let float = |s: SampleType| short(s) || s == SampleType::F32;
    match a.padding == b.padding {
        true if [x, y].iter().all(|s| short(*s) || *s == SampleType::I32) => SampleType::I32,
        _ if float(x) && float(y) => SampleType::F32,
        _ => SampleType::F64,
    }
}

/// The values in another type, with room for `total`; those within `padding` are NaN if floats.
fn converted(
    samples: &Samples,
    kind: SampleType,
    padding: Option<(f64, f64)>,
    total: usize,
) -> Result<Samples> {
    let n = samples.len();
    let value = |i: usize| samples.get(i).unwrap_or(0.0);
    let valued = |i: usize| {
        let v = value(i);
        if padding.is_some_and(|(low, high)| (low..=high).contains(&v)) { f64::NAN } else { v }
    };
    let mut out = match kind {
        SampleType::I32 => Samples::I32(Vec::new()),
        SampleType::F32 => Samples::F32(Vec::new()),
        _ => Samples::F64(Vec::new()),
    };
    out.reserve(total.max(n))?;
    match &mut out {
        Samples::I32(to) => to.extend((0..n).map(|i| value(i) as i32)),
        Samples::F32(to) => to.extend((0..n).map(|i| valued(i) as f32)),
        Samples::F64(to) => to.extend((0..n).map(valued)),
        _ => {}
    }
    Ok(out)
}
