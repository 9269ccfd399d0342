//! Which files are one volume.

use std::collections::HashMap;

use super::split::{INSTANCE, Volume, by_number, volumes};
use super::stack;
use super::{Head, Kind};
use crate::scan::Geometry;
use crate::scan::geometry::Vector;
use crate::sorting::sort_by_cached_key;

/// Files that are one volume, in the order of its slices.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Series {
    /// Study Instance UID (0020,000D).
    pub study: String,
    /// Series Instance UID (0020,000E).
    pub uid: String,
    /// SOP Class UID (0008,0016).
    pub class: String,
    /// Modality (0008,0060).
    pub modality: String,
    /// Series Description (0008,103E), to be shown.
    pub description: String,
    /// Series Number (0020,0011).
    pub number: String,
    /// Study Date (0008,0020), `YYYYMMDD`.
    pub date: String,
    /// What tells it from the other volumes of the same series: `echo time 20 ms`, `sagittal`; empty where there is one.
    pub part: String,
    /// Pixels in a row, and rows.
    pub columns: u32,
    pub rows: u32,
    /// Slices at different places, and times at each of them: file `depth + depths * time`. A file of several frames is alone, and its
    /// frames are counted here as depths, until it is read.
    pub depths: usize,
    pub times: usize,
    /// The number of each file's head in what was given to [`group`].
    pub files: Vec<usize>,
    /// Where the slices lie; none without positions, and of a file of several frames until it is read.
    pub geometry: Option<Geometry>,
    /// What a person should know: gaps, unequal distances, a tilted gantry, files that were left out.
    pub notes: Vec<String>,
}

/// Volumes, and what is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grouped {
    pub series: Vec<Series>,
    /// The number of each head that was left out, and why, in a sentence; [`told`] says it of all files. Segmentations and contours ([`Kind`]) are not here: they belong on images.
    pub left_out: Vec<(usize, String)>,
}

/// Files that may be one volume.
struct Candidates {
    files: Vec<usize>,
    /// Files left out whose image another one has, too.
    twice: usize,
}

/// Finds the volumes among files, by series, kind, size and orientation, and where several images lie at one position by what tells
/// them apart: echo times, b-values and kinds of images are volumes of their own, phases and other times become times of one volume.
/// Slices are in the order of Image Position (Patient) along their normal; names never count, and instance numbers only where positions
/// are missing, which a note tells. A file of several frames is a volume of its own.
pub fn group(heads: &[Head]) -> Grouped {
    let mut out = Grouped::default();
    let mut found: Vec<Candidates> = Vec::new();
    let mut seen: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, head) in heads.iter().enumerate() {
        let why = match &head.kind {
            Kind::Image if head.cut || head.rows == 0 || head.columns == 0 => {
                "This DICOM file has no pixels, or is cut off before them."
            }
            Kind::Image => "",
            Kind::Segmentation | Kind::Structures => continue,
            Kind::Directory => "This is the directory of a DICOM disc; its files are what counts.",
            Kind::Other(why) => why.as_str(),
        };
        if !why.is_empty() {
            out.left_out.push((i, why.to_string()));
            continue;
        }
        let others: &mut Vec<usize> = seen.entry(head.instance.as_str()).or_default();
        let same = |j: &&usize| !head.instance.is_empty() && heads.get(**j).is_some_and(|o| is_same(o, head));
        let twice = others.iter().find(same).copied();
        others.push(i);
        let first = |c: &Candidates| c.files.first().and_then(|f| heads.get(*f));
        // The one before is the likeliest.
        let known = found.iter_mut().rev().find(|c| match twice {
            Some(other) => c.files.contains(&other),
            None => first(c).is_some_and(|other| belong(other, head)),
        });
        match known {
            Some(known) if twice.is_some() => known.twice += 1,
            Some(known) => known.files.push(i),
            None => found.push(Candidates { files: vec![i], twice: 0 }),
        }
    }
    for candidates in found {
        add(heads, candidates, &mut out.series);
    }
    tell_parts(heads, &mut out.series);
    // Whatever the order of the files: as the scanner counted.
    let number = |s: &Series| s.number.parse::<i64>().unwrap_or(i64::MAX);
    let instance =
        |i: &usize| heads.get(*i).and_then(|h| h.number_of(INSTANCE)).map_or(i64::MAX, |n| n as i64);
    let first = |s: &Series| s.files.iter().map(instance).min();
    sort_by_cached_key(&mut out.series, |s| (s.study.clone(), number(s), s.uid.clone(), first(s)));
    out
}

/// What was left out of files of these names, in a sentence for each reason.
pub fn told(left_out: &[(usize, String)], names: &[String]) -> Vec<String> {
    let mut refused: Vec<(&str, Vec<&str>)> = Vec::new();
    for (file, why) in left_out {
        let name = names.get(*file).map_or("", String::as_str);
        match refused.iter_mut().find(|(other, _)| other == why) {
            Some((_, names)) => names.push(name),
            None => refused.push((why, vec![name])),
        }
    }
    refused.into_iter().map(|(why, names)| sentence(why, &names)).collect()
}

fn sentence(why: &str, names: &[&str]) -> String {
    match names {
        [one] => format!("{one} was left out. {why}"),
        [one, ..] => format!("{} files were left out, such as {one}. {why}", names.len()),
        [] => String::new(),
    }
}

/// Whether two files with one SOP Instance UID hold one image. Some programs that remove names give all files the same.
fn is_same(a: &Head, b: &Head) -> bool {
    let image = |h: &Head| (h.position, h.orientation, h.frames, h.rows, h.columns, h.bits);
    image(a) == image(b) && a.series == b.series && a.class == b.class && a.varies == b.varies
}

/// Whether a file is a volume of its own: several frames, or a picture that is no slice.
fn is_alone(head: &Head) -> bool {
    let placed = head.position.is_some() && head.orientation.is_some();
    // Without positions only these come as slices of a body.
    let sliced = matches!(head.modality.as_str(), "CT" | "MR" | "PT" | "NM" | "OT" | "OPT" | "");
    head.frames > 1 || head.series.is_empty() || !(placed || sliced)
}

/// Whether two files may be of one volume.
fn belong(a: &Head, b: &Head) -> bool {
    let parallel = match (
        a.orientation.filter(|_| a.position.is_some()),
        b.orientation.filter(|_| b.position.is_some()),
    ) {
        (Some(a), Some(b)) => stack::same_orientation(&a, &b),
        (None, None) => true,
        _ => false,
    };
    let pixels = |h: &Head| h.spacing.map_or([0.0; 2], |s| [s.x, s.y]);
    let ([x, y], [p, q]) = (pixels(a), pixels(b));
    parallel
        && (x - p).abs() <= 0.01 * x
        && (y - q).abs() <= 0.01 * y
        && (a.rows, a.columns, a.samples) == (b.rows, b.columns, b.samples)
        && a.series == b.series
        && a.study == b.study
        && a.class == b.class
        && a.photometric == b.photometric
        && !is_alone(a)
        && !is_alone(b)
}

fn add(heads: &[Head], candidates: Candidates, out: &mut Vec<Series>) {
    let Some(first) = candidates.files.first().and_then(|i| heads.get(*i)) else { return };
    let mut found: Vec<Volume> = Vec::new();
    if is_alone(first) || first.position.is_none() || first.orientation.is_none() {
        let alone = is_alone(first);
        let mut volume = by_number(heads, candidates.files, alone);
        if alone {
            volume.depths = first.frames as usize;
        }
        found.push(volume);
    } else {
        volumes(heads, candidates.files, String::new(), &mut found);
    }
    if let (Some(volume), 1..) = (found.first_mut(), candidates.twice) {
        let (files, hold) = if candidates.twice == 1 { ("file", "holds") } else { ("files", "hold") };
        volume.notes.push(format!(
            "{} {files} {hold} an image that another file holds, too (the same SOP Instance UID): left out.",
            candidates.twice
        ));
    }
    for mut volume in found {
        // One for a series, says the standard (C.7.4.1); programs that remove names give each file its own.
        let frame = |i: &usize| heads.get(*i).map(|h| h.frame_of_reference.as_str());
        if volume.files.iter().any(|i| frame(i) != volume.files.first().and_then(frame)) {
            volume.notes.push(
                "The files name several frames of reference within one series: their positions are taken to be of one.".to_string(),
            );
        }
        out.push(Series {
            study: first.study.clone(),
            uid: first.series.clone(),
            class: first.class.clone(),
            modality: first.modality.clone(),
            description: first.description.clone(),
            number: first.number.clone(),
            date: first.date.clone(),
            part: volume.part,
            columns: first.columns,
            rows: first.rows,
            depths: volume.depths,
            times: volume.times,
            files: volume.files,
            geometry: volume.geometry,
            notes: volume.notes,
        });
    }
}

/// Names what tells the volumes of a series apart where that is their direction or their size.
fn tell_parts(heads: &[Head], all: &mut [Series]) {
    let orientation = |s: &Series| s.files.first().and_then(|i| heads.get(*i)?.orientation);
    for i in 0..all.len() {
        let Some((before, [one, after @ ..])) = all.split_at_mut_checked(i) else { return };
        let is_mate = |s: &&Series| s.uid == one.uid && s.study == one.study && !s.uid.is_empty();
        let is_alone = |s: &Series| s.files.first().and_then(|i| heads.get(*i)).is_none_or(is_alone);
        let mates: Vec<&Series> = before.iter().chain(after.iter()).filter(is_mate).collect();
        if mates.is_empty() || is_alone(one) {
            continue;
        }
        let here = orientation(one);
        let parallel = |a: &[Vector; 2], b: &[Vector; 2]| stack::same_orientation(a, b);
        let other_way = |s: &&Series| match (&here, &orientation(s)) {
            (Some(a), Some(b)) => !parallel(a, b),
            (a, b) => a.is_some() != b.is_some(),
        };
        let mut part = Vec::new();
        if mates.iter().any(other_way) {
            part.push(here.map_or("without positions", plane_of).to_string());
        }
        if mates.iter().any(|s| (s.columns, s.rows) != (one.columns, one.rows)) {
            part.push(format!("{} x {} pixels", one.columns, one.rows));
        }
        part.extend((!one.part.is_empty()).then(|| one.part.clone()));
        let part = part.join(", ");
        if !part.is_empty() {
            one.notes.push(format!(
                "The images of this series are {} volumes: this one is {part}.",
                mates.len() + 1
            ));
        }
        one.part = part;
    }
}

/// The plane that slices lie closest to.
fn plane_of(orientation: [Vector; 2]) -> &'static str {
    let [x, y, z] = stack::normal(orientation).map(f64::abs);
    if z >= x && z >= y {
        "axial"
    } else if y >= x {
        "coronal"
    } else {
        "sagittal"
    }
}
