//! Open scans: what they are, how they look, what stands at a pixel.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8ClampedArray};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::{finite, whole};
use super::channels::LookRecord;
use super::engine::Engine;
use super::failure::Thrown;
use super::records::give;
use crate::error::{Error, Result};
use crate::scan::windowing::render;
use crate::scan::{Scan, Window};

#[wasm_bindgen]
impl Engine {
    /// Decodes a file and keeps it. `name` is used in sentences and given back; the content says what it is.
    #[wasm_bindgen(js_name = openScan)]
    pub fn open_scan(&self, bytes: Vec<u8>, name: String) -> Result<Ts<ScanRecord>, Thrown> {
        let scan = Scan::decode(&bytes, Some(&name), &self.limits)?;
        // The file is not needed beside its pixels.
        drop(bytes);
        self.keep_scan(name, scan)
    }

    /// Frees a scan and its predictions. Closing twice does nothing.
    #[wasm_bindgen(js_name = closeScan)]
    pub fn close_scan(&self, id: f64) -> Result<(), Thrown> {
        let id = whole(id, "scan")? as u32;
        self.scans.borrow_mut().remove(&id);
        self.cache.borrow_mut().forget_scan(id);
        self.held.borrow_mut().forget_scan(id);
        Ok(())
    }

    /// RGBA of a slice through a window in physical values, `width * height * 4` bytes.
    #[wasm_bindgen(unchecked_return_type = "Uint8ClampedArray<ArrayBuffer>")]
    pub fn render(&self, id: f64, slice: f64, center: f64, width: f64) -> Result<Uint8ClampedArray, Thrown> {
        let scan = self.scan(id)?;
        let window =
            Window { center: finite(center, "window's centre")?, width: finite(width, "window's width")? };
        let image = scan.slice(whole(slice, "slice")?)?;
        Ok(Uint8ClampedArray::from(render(&image, window, scan.inverted).as_slice()))
    }

    /// One value for each pixel of a slice: the physical value, of a colour image its luma.
    #[wasm_bindgen(unchecked_return_type = "Float32Array<ArrayBuffer>")]
    pub fn grey(&self, id: f64, slice: f64) -> Result<Float32Array, Thrown> {
        let image = self.scan(id)?.slice(whole(slice, "slice")?)?.with_channels(1)?;
        Ok(Float32Array::from(image.plane(0)))
    }

    /// Physical values at a pixel, one per channel.
    #[wasm_bindgen(js_name = valueAt, unchecked_return_type = "number[]")]
    pub fn value_at(&self, id: f64, slice: f64, x: f64, y: f64) -> Result<Array, Thrown> {
        let scan = self.scan(id)?;
        let at = [whole(slice, "slice")?, whole(x, "column")?, whole(y, "row")?];
        let values = scan.value_at(at[0], at[1], at[2]).ok_or_else(|| {
            Error::invalid("argument", format!("There is no pixel {}, {} on slice {}.", at[1], at[2], at[0]))
        })?;
        Ok(values.into_iter().map(|v| JsValue::from_f64(f64::from(v))).collect())
    }
}

impl Engine {
    /// Keeps a scan, and tells what it is.
    pub(super) fn keep_scan(&self, name: String, scan: Scan) -> Result<Ts<ScanRecord>, Thrown> {
        let id = self.opened.get().wrapping_add(1);
        let record = give(&ScanRecord::new(id, name, &scan))?;
        self.opened.set(id);
        self.scans.borrow_mut().insert(id, Rc::new(scan));
        Ok(record)
    }

    /// # Errors
    /// `scan.closed`.
    pub(super) fn scan(&self, id: f64) -> Result<Rc<Scan>> {
        let id = whole(id, "scan")?;
        self.scans
            .borrow()
            .get(&(id as u32))
            .cloned()
            .ok_or_else(|| Error::invalid("scan.closed", "This image is no longer open; open it again."))
    }
}

/// An open scan.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct ScanRecord {
    id: u32,
    name: String,
    format: &'static str,
    width: usize,
    height: usize,
    /// Of all channels, depths and times.
    slices: usize,
    planes: PlanesRecord,
    /// 1 (grey) or 3 (colour) of each slice.
    channels: usize,
    /// `uint8`, `int16`, `float32` and so on.
    sample: &'static str,
    /// mm; `null` when the file tells none.
    spacing: Option<SpacingRecord>,
    /// Where its voxels lie in the patient; `null` when the file does not tell.
    geometry: Option<GeometryRecord>,
    /// What people call the series: its description, else its number; `null` where there is neither.
    series: Option<String>,
    /// Of the study, `YYYYMMDD`.
    date: Option<String>,
    unit: Option<String>,
    modality: Option<String>,
    /// The slice to show at first.
    middle: usize,
    /// What to show that slice with.
    window: WindowRecord,
    /// One for all slices, or one for each.
    windows: Vec<WindowRecord>,
    /// Of the middle slice.
    range: RangeRecord,
    /// Whether high values are shown dark.
    inverted: bool,
    /// What a person should know besides, in sentences: what of the file was left out, what it promises and does not hold.
    notes: Vec<String>,
}

/// What the slices of a scan are: channel `c` of the `n`-th slice of a channel is `c + channels.length * n`, and that is
/// depth `n % depths` of time `n / depths`.
#[derive(Serialize, Tsify)]
pub struct PlanesRecord {
    /// Names of the channels of a microscope, empty where the file gives none; at least one.
    channels: Vec<String>,
    /// How each of them is shown at first.
    looks: Vec<LookRecord>,
    /// Slices of one channel.
    slices: usize,
    depths: usize,
    times: usize,
}

impl PlanesRecord {
    fn of(scan: &Scan) -> Self {
        let planes = &scan.planes;
        Self {
            channels: planes.channels.clone(),
            looks: scan.channel_looks().into_iter().map(LookRecord::from).collect(),
            slices: planes.of_a_channel(),
            depths: planes.depths,
            times: planes.times,
        }
    }
}

/// mm from pixel to pixel, and from slice to slice.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct SpacingRecord {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) z: Option<f64>,
}

/// Where voxels lie in the patient.
#[derive(Serialize, Tsify)]
pub struct GeometryRecord {
    /// Of columns, rows and slices: the letter of where they begin, and of where they run (`R` right, `L` left, `A` front, `P` back, `S`
    /// head, `I` feet).
    letters: [[char; 2]; 3],
    /// The angle of the slices to the way from one to the next, degrees off 90.
    tilt: f64,
}

/// In physical values.
#[derive(Clone, Copy, Serialize, Tsify)]
pub struct WindowRecord {
    center: f64,
    width: f64,
}

impl From<Window> for WindowRecord {
    fn from(window: Window) -> Self {
        Self { center: window.center, width: window.width }
    }
}

/// Of physical values.
#[derive(Serialize, Tsify)]
pub struct RangeRecord {
    low: f32,
    high: f32,
}

impl ScanRecord {
    fn new(id: u32, name: String, scan: &Scan) -> Self {
        let middle = scan.planes.middle();
        let (low, high) = scan.range(middle);
        let windows: Vec<_> = scan.windows().into_iter().map(WindowRecord::from).collect();
        let window = windows
            .get(middle)
            .or(windows.first())
            .copied()
            .unwrap_or(WindowRecord { center: 0.5, width: 1.0 });
        Self {
            id,
            name,
            format: scan.format.name(),
            width: scan.width,
            height: scan.height,
            slices: scan.slices,
            planes: PlanesRecord::of(scan),
            channels: scan.channels,
            sample: scan.sample.name(),
            spacing: scan.spacing.map(|s| SpacingRecord { x: s.x, y: s.y, z: s.z }),
            geometry: scan.geometry.map(|geometry| GeometryRecord {
                letters: [0, 1, 2].map(|axis| geometry.letters(axis)),
                tilt: geometry.tilt(),
            }),
            series: scan.source.as_ref().and_then(|source| {
                [&source.description, &source.number].into_iter().find(|text| !text.is_empty()).cloned()
            }),
            date: scan
                .source
                .as_ref()
                .map(|source| source.study.date.clone())
                .filter(|date| !date.is_empty()),
            unit: scan.unit.clone(),
            modality: scan.modality.clone(),
            middle,
            window,
            windows,
            range: RangeRecord { low, high },
            inverted: scan.inverted,
            notes: scan.notes.clone(),
        }
    }
}
