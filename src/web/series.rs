//! Many files that are one image: what each begins with, which belong together, and opening them file by file.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::whole;
use super::engine::Engine;
use super::failure::Thrown;
use super::records::give;
use super::scans::ScanRecord;
use crate::error::{Error, Result};
use crate::scan::series::Assembly;
use crate::scan::{Beginning, Detached, Limits, Scan, What, together, zarr};

/// Beginnings that are remembered; the oldest are forgotten.
const MAX_HEADS: usize = 50_000;

/// What is remembered of files between looking at them and opening them.
#[derive(Default)]
pub(super) struct Gathered {
    heads: VecDeque<Beginning>,
    /// How many were forgotten.
    forgotten: usize,
    opening: BTreeMap<u32, (String, Opening)>,
    next: u32,
}

/// Files that are being read.
enum Opening {
    Series(Box<Assembly>),
    /// The header first.
    Header(Vec<(String, Vec<u8>)>),
    Zarr(Box<zarr::Assembly>),
}

/// What the beginning of a file tells of what it belongs to.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct FileHead {
    /// The head is not within the bytes: more of the file is needed, up to all of it.
    cut: bool,
    /// What `groupFiles` and `seriesBegin` are given, of this engine; `null`: a file of its own.
    head: Option<String>,
}

/// Which files are one image.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Grouped {
    /// Every file that may be an image is in one; in the order of the files, series by their numbers.
    series: Vec<SeriesRecord>,
    /// Files that are nothing to look at.
    left_out: Vec<LeftOut>,
}

/// A file that was left out.
#[derive(Serialize, Tsify)]
pub struct LeftOut {
    /// Its place in the list that was given.
    file: usize,
    /// In a sentence.
    why: String,
}

/// Files that are one image.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct SeriesRecord {
    /// Places in the list that was given, in the order of the slices; of a header and its pixels the header first, of Zarr what describes
    /// it.
    files: Vec<usize>,
    /// Places of files that belong to it and are not needed: other levels of the image.
    beside: Vec<usize>,
    /// For people; empty of what is no series.
    name: String,
    modality: Option<String>,
    /// `YYYYMMDD`.
    date: Option<String>,
    slices: usize,
    /// Whether it is what was marked on an image: DICOM SEG, RTSTRUCT, a volume of labels.
    marks: bool,
    /// Whether it can be shown alone.
    image: bool,
    notes: Vec<String>,
}

#[wasm_bindgen]
impl Engine {
    /// Looks at the first part of a file, or all of it.
    #[wasm_bindgen(js_name = fileHead)]
    pub fn file_head(&self, bytes: &[u8], name: &str) -> Result<Ts<FileHead>, Thrown> {
        let found = Beginning::of(bytes, name, false);
        let cut = found.is_none();
        let head = match found.or_else(|| Beginning::of(bytes, name, true)) {
            None | Some(Beginning::Alone) => None,
            Some(beginning) => Some(self.gathered.borrow_mut().keep(beginning).to_string()),
        };
        Ok(give(&FileHead { cut, head })?)
    }

    /// Which of these files are one image. `heads`: what `fileHead` gave, in the order of `names`, which may have folders before them.
    #[wasm_bindgen(js_name = groupFiles)]
    pub fn group_files(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(string | null)[]")] heads: Vec<JsValue>,
        names: Vec<String>,
    ) -> Result<Ts<Grouped>, Thrown> {
        let heads = self.gathered.borrow().all(&heads)?;
        let (found, left_out) = together(&heads, &names);
        let record = |one: crate::scan::Together| {
            let name = one.name();
            let marks = matches!(one.what, What::Marks | What::Labels);
            let image = !matches!(one.what, What::Marks);
            let text = |text: String| Some(text).filter(|text| !text.is_empty());
            let mut beside = Vec::new();
            let (slices, modality, date, notes) = match one.what {
                What::Series(series) => {
                    (series.depths * series.times, text(series.modality), text(series.date), series.notes)
                }
                What::Zarr(mut store) => {
                    beside = std::mem::take(&mut store.beside);
                    (store.slices(), None, None, Vec::new())
                }
                _ => (1, None, None, Vec::new()),
            };
            SeriesRecord { files: one.files, beside, name, modality, date, slices, marks, image, notes }
        };
        let left_out = left_out.into_iter().map(|(file, why)| LeftOut { file, why }).collect();
        Ok(give(&Grouped { series: found.into_iter().map(record).collect(), left_out })?)
    }

    /// Begins to open files that are one image, in their order; gives the number that the other steps are called with. `names` may have
    /// folders before them.
    #[wasm_bindgen(js_name = seriesBegin)]
    pub fn series_begin(
        &self,
        name: String,
        #[wasm_bindgen(unchecked_param_type = "(string | null)[]")] heads: Vec<JsValue>,
        names: Vec<String>,
    ) -> Result<u32, Thrown> {
        let mut gathered = self.gathered.borrow_mut();
        let heads = gathered.all(&heads)?;
        let opening = if matches!(heads.first(), Some(Beginning::Header(_) | Beginning::Part(_))) {
            Opening::Header(Vec::new())
        } else {
            let (found, why) = together(&heads, &names);
            let only = found.first().filter(|_| found.len() == 1);
            match only.map(|one| &one.what) {
                Some(What::Series(series)) => Opening::Series(Box::new(Assembly::new(series, &self.limits))),
                Some(What::Zarr(store)) => Opening::Zarr(Box::new(store.begin(&self.limits)?)),
                _ => {
                    let why = why.first().map_or("", |(_, why)| why.as_str());
                    let why = format!("These files are not one image. {why}");
                    return Err(Error::invalid("scan.together", why.trim_end().to_string()).into());
                }
            }
        };
        gathered.next = gathered.next.wrapping_add(1);
        let handle = gathered.next;
        gathered.opening.insert(handle, (name, opening));
        Ok(handle)
    }

    /// The next file of them.
    #[wasm_bindgen(js_name = seriesAdd)]
    pub fn series_add(&self, handle: f64, bytes: Vec<u8>, name: String) -> Result<(), Thrown> {
        let mut gathered = self.gathered.borrow_mut();
        match gathered.opening.get_mut(&(whole(handle, "series")? as u32)) {
            Some((_, Opening::Series(assembly))) => Ok(assembly.take(Ok(bytes))?),
            Some((_, Opening::Zarr(assembly))) => Ok(assembly.add(&name, &bytes)?),
            Some((_, Opening::Header(files))) => {
                files.push((name.rsplit('/').next().unwrap_or_default().to_string(), bytes));
                Ok(())
            }
            None => Err(closed().into()),
        }
    }

    /// All files were given: the image.
    #[wasm_bindgen(js_name = seriesEnd)]
    pub fn series_end(&self, handle: f64) -> Result<Ts<ScanRecord>, Thrown> {
        let opening = self.gathered.borrow_mut().opening.remove(&(whole(handle, "series")? as u32));
        let (name, scan) = match opening.ok_or_else(closed)? {
            (name, Opening::Series(assembly)) => (name, assembly.finish()?),
            (name, Opening::Zarr(assembly)) => (name, assembly.finish()?),
            (name, Opening::Header(files)) => (name, paired(&files, &self.limits)?),
        };
        self.keep_scan(name, scan)
    }

    /// They are not to be opened after all.
    #[wasm_bindgen(js_name = seriesDrop)]
    pub fn series_drop(&self, handle: f64) -> Result<(), Thrown> {
        self.gathered.borrow_mut().opening.remove(&(whole(handle, "series")? as u32));
        Ok(())
    }
}

impl Gathered {
    /// Whether no files are being opened.
    pub(super) fn is_empty(&self) -> bool {
        self.opening.is_empty()
    }

    fn keep(&mut self, beginning: Beginning) -> usize {
        if self.heads.len() >= MAX_HEADS {
            self.heads.pop_front();
            self.forgotten += 1;
        }
        self.heads.push_back(beginning);
        self.forgotten + self.heads.len() - 1
    }

    /// # Errors
    /// `scan.together` for a head that is not known any more.
    fn all(&self, heads: &[JsValue]) -> Result<Vec<Beginning>> {
        let one = |head: &JsValue| {
            let Some(head) = head.as_string().filter(|head| !head.is_empty()) else {
                return Ok(Beginning::Alone);
            };
            let place = head.parse::<usize>().ok().and_then(|place| place.checked_sub(self.forgotten));
            place.and_then(|place| self.heads.get(place)).cloned().ok_or_else(closed)
        };
        heads.iter().map(one).collect()
    }
}

/// A header, the first, and the files of its pixels.
fn paired(files: &[(String, Vec<u8>)], limits: &Limits) -> Result<Scan> {
    let (name, header) = files.first().ok_or_else(closed)?;
    let mut other = |wanted: &str| {
        let found = files.iter().skip(1).find(|(name, _)| Detached::is_same(wanted, name));
        found.map(|(_, bytes)| Cow::Borrowed(bytes.as_slice()))
    };
    Scan::decode_parts(header, Some(name), &mut other, limits)
}

fn closed() -> Error {
    Error::invalid("scan.together", "These files are no longer being opened; open them again.")
}
