//! Masks of volumes that the network sees in another orientation than the slices', or in all three: the page asks for plane after plane, so
//! that pause is not asking and cancel is dropping.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::whole;
use super::engine::Engine;
use super::failure::Thrown;
use super::helping::Helpers;
use super::records::{OnProgress, give};
use super::segment::{With, head_of};
use crate::device::Kind;
use crate::error::{Error, Result};
use crate::infer::{Prediction, VolumePrediction};
use crate::scan::Scan;
use crate::volume::{Along, Stack};

/// Bytes of the probabilities of all volumes that are held.
const MAX_BYTES: u64 = 1 << 30;

/// What the probabilities of a volume belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct VolumeKey {
    /// Which model it was, however often another one came between.
    identity: u64,
    scan: u32,
    /// The slice of the first depth of its channel and time.
    first: usize,
    head: usize,
    along: Along,
}

/// Volumes whose slices can be cut out, last used last.
#[derive(Default)]
pub(super) struct Held(VecDeque<(VolumeKey, VolumePrediction, u64)>);

impl Held {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, key: VolumeKey) -> Option<usize> {
        self.0.iter().position(|(own, ..)| *own == key)
    }

    /// Makes room and begins a volume: the one before of the same slices goes, and then those unused for longest.
    fn begin(
        &mut self,
        key: VolumeKey,
        bytes: u64,
        make: impl FnOnce() -> Result<VolumePrediction>,
    ) -> Result<()> {
        // What is refused takes no other's place.
        if bytes <= MAX_BYTES {
            self.0.retain(|(own, ..)| (own.scan, own.first) != (key.scan, key.first));
            while self.0.iter().map(|(.., bytes)| bytes).sum::<u64>() + bytes > MAX_BYTES {
                self.0.pop_front();
            }
        }
        self.0.push_back((key, make()?, bytes));
        Ok(())
    }

    /// Drops what belongs to a scan.
    pub fn forget_scan(&mut self, scan: u32) {
        self.0.retain(|(own, ..)| own.scan != scan);
    }
}

/// How many planes of a volume are segmented.
#[derive(Serialize, Tsify)]
pub struct PlanesDone {
    done: usize,
    total: usize,
}

#[wasm_bindgen]
impl Engine {
    /// Segments the next plane of the volume that `slice` belongs to, in the orientation `along` (`rows`, `columns`, `axial`, `coronal`,
    /// `sagittal`: planes that stand upright on these; `three`: all of them, whose mean counts), and tells how many are done. When all are,
    /// `segment` and `objects` give slices of the result if they are asked for the same orientation, at any threshold, for as long as it is
    /// held. `head`, `onProgress` and `helpers` as in `segment`, of this plane.
    #[wasm_bindgen(js_name = segmentPlane)]
    pub async fn segment_plane(
        &self,
        id: f64,
        slice: f64,
        along: String,
        head: f64,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
        helpers: Option<Helpers>,
    ) -> Result<Ts<PlanesDone>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let (key, stack) = self.volume_key(&scan, id, slice, &along, head)?;
        let (plane, index, total) = {
            let held = &mut *self.held.borrow_mut();
            if held.place(key).is_none() {
                let bytes = VolumePrediction::bytes(&stack, &model.card);
                let make = || VolumePrediction::new(&stack, key.along, &model.card, MAX_BYTES);
                held.begin(key, bytes, make)?;
            }
            let place = held.place(key).and_then(|at| held.0.get(at));
            let (_, volume, _) = place.ok_or_else(no_volume)?;
            (volume.next(&stack)?, volume.done(), volume.total())
        };
        let mut done = index;
        if let Some(plane) = plane {
            let with = With {
                on_progress: on_progress.as_ref(),
                helpers: helpers.filter(|_| self.chosen.kind == Kind::Cpu),
                rims: true,
                first: &|_| {},
            };
            let found = self.seen(&model, &plane, 0, key.head, with).await?;
            let held = &mut *self.held.borrow_mut();
            // It may have been dropped meanwhile, or somebody else did the same plane.
            let place = held.place(key).and_then(|at| held.0.get_mut(at));
            let (_, volume, _) = place.ok_or_else(no_volume)?;
            if volume.done() == index {
                volume.add(&found)?;
            }
            done = volume.done();
        }
        Ok(give(&PlanesDone { done, total })?)
    }
}

impl Engine {
    /// A slice of a volume that is held.
    ///
    /// # Errors
    /// `volume.none` if it is not held; as [`VolumePrediction::slice`]; `model.none`, `scan.closed`, `argument`.
    pub(super) fn of_volume(&self, id: f64, slice: f64, along: &str, head: f64) -> Result<Rc<Prediction>> {
        let scan = self.scan(id)?;
        let (key, stack) = self.volume_key(&scan, id, slice, along, head)?;
        let (_, depth) = Stack::around(&scan, whole(slice, "slice")?);
        let held = &mut *self.held.borrow_mut();
        let entry = held.place(key).and_then(|at| held.0.remove(at)).ok_or_else(no_volume)?;
        let found = entry.1.slice(&stack, depth);
        held.0.push_back(entry);
        Ok(Rc::new(found?))
    }

    fn volume_key<'a>(
        &self,
        scan: &'a Scan,
        id: f64,
        slice: f64,
        along: &str,
        head: f64,
    ) -> Result<(VolumeKey, Stack<'a>)> {
        let model = self.loaded()?;
        let slice = whole(slice, "slice")?;
        let (stack, _) = Stack::around(scan, slice);
        let key = VolumeKey {
            identity: model.identity,
            scan: whole(id, "scan")? as u32,
            first: stack.slice(0),
            head: head_of(&model, whole(head, "output")?)?,
            along: Along::from_name(along, scan.geometry.as_ref())?,
        };
        Ok((key, stack))
    }
}

fn no_volume() -> Error {
    Error::invalid(
        "volume.none",
        "The masks of these planes are no longer there. Press “Segment all slices” to make them again.",
    )
}
