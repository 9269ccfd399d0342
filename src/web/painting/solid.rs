//! Labels of a volume put in order in 3-D: masks of all slices taken over, pieces, holes, smoothing.

use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::outcome::{Outcome, outcome};
use super::volume::DepthsRecord;
use super::{Painter, class, number};
use crate::error::{Error, Result};
use crate::label::{Area, Depths, LabelFile, Over, Region, Suggestion};
use crate::volume::{Connectivity3, Tidied, Tidy, remove_piece};
use crate::web::failure::Thrown;
use crate::web::pause::pause;
use crate::web::records::{OnProgress, give, take};
use crate::web::volumes::LabelPages;

/// How a class is put in order.
#[derive(Deserialize, Tsify)]
pub struct TidyRequest {
    /// 0: each of them.
    class: u8,
    /// What hangs together is one piece: 6 (by faces), 18 (and edges), 26 (and corners).
    neighbours: u8,
    /// Smaller pieces go, in the cube of the unit of the depths' spacing; 0: none.
    smallest: f64,
    /// Only the largest piece stays.
    largest: bool,
    /// Holes are filled.
    fill: bool,
    /// How strongly surfaces are smoothed, in the unit of the spacing; 0: not.
    smooth: f64,
}

/// A piece as it was listed.
#[derive(Deserialize, Tsify)]
pub struct PieceChoice {
    class: u8,
    neighbours: u8,
    number: u32,
    voxels: u64,
}

/// What was put in order.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TidyOutcome {
    #[serde(flatten)]
    outcome: Outcome,
    /// Pieces that went, and their voxels.
    removed: u64,
    removed_voxels: u64,
    /// Holes that were filled, and their voxels.
    holes: u64,
    hole_voxels: u64,
    /// Voxels that smoothing changed.
    smoothed: u64,
}

#[wasm_bindgen]
impl Painter {
    /// Takes masks of slices over where nothing is labelled, one command; 255 says nothing.
    #[wasm_bindgen(js_name = acceptPages)]
    pub fn accept_pages(&self, doc: f64, labels: Ts<LabelPages>) -> Result<Ts<Outcome>, Thrown> {
        let file = LabelFile::try_from(take::<LabelPages>(&labels, "labels")?)?;
        let doc = number(doc)?;
        self.change(|all| {
            all.paint(doc, |painting| {
                let whole = Region::of(painting.map().bounds());
                let mut areas = Vec::new();
                for page in &file.pages {
                    let (slice, mask) = (page.slice.unwrap_or_default(), Suggestion::certain(&page.values));
                    let changed = painting.accept(slice, &whole, &mask, Over::NOTHING)?;
                    areas.extend(changed.map(|rect| Area { slice, rect }));
                }
                Ok(areas)
            })
        })
    }

    /// Puts classes in order over all slices, one command, step by step: `onProgress` can cancel between them, and then nothing changed.
    /// It is the only method that other tasks of the worker come between; calls must wait for it.
    pub async fn tidy(
        &self,
        doc: f64,
        depths: Ts<DepthsRecord>,
        wanted: Ts<TidyRequest>,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
    ) -> Result<Ts<TidyOutcome>, Thrown> {
        let doc = number(doc)?;
        let (depths, wanted) = (Depths::from(take(&depths, "depths")?), take(&wanted, "settings")?);
        self.documents.borrow_mut().begin();
        let done = self.tidied(doc, depths, &wanted, on_progress.as_ref()).await;
        let mut all = self.documents.borrow_mut();
        let Tidied { removed, holes, smoothed } = match done {
            Ok(done) => done,
            Err(error) => {
                all.cancel();
                return Err(error.into());
            }
        };
        let changes = all.end();
        let outcome = outcome(&all, &changes)?;
        Ok(give(&TidyOutcome {
            outcome,
            removed: removed.pieces,
            removed_voxels: removed.voxels,
            holes: holes.pieces,
            hole_voxels: holes.voxels,
            smoothed,
        })?)
    }

    /// Makes background of one of the pieces that `measurePieces` listed; `volume.piece` if the labels are others now.
    #[wasm_bindgen(js_name = removePiece)]
    pub fn remove_piece(
        &self,
        doc: f64,
        depths: Ts<DepthsRecord>,
        piece: Ts<PieceChoice>,
    ) -> Result<Ts<Outcome>, Thrown> {
        let (doc, depths) = (number(doc)?, Depths::from(take(&depths, "depths")?));
        let PieceChoice { class, neighbours, number, voxels } = take(&piece, "piece")?;
        let connectivity = Connectivity3::of(neighbours)?;
        self.change(|all| {
            all.paint(doc, |painting| {
                remove_piece(&mut painting.voxels(depths)?, class, connectivity, number, voxels)?;
                Ok(Vec::new())
            })
        })
    }
}

impl Painter {
    /// The steps for each class that is there, inside the open command.
    async fn tidied(
        &self,
        doc: u32,
        depths: Depths,
        wanted: &TidyRequest,
        on_progress: Option<&OnProgress>,
    ) -> Result<Tidied> {
        let TidyRequest { smallest, largest, fill, smooth, .. } = *wanted;
        let connectivity = Connectivity3::of(wanted.neighbours)?;
        let tidy = Tidy { connectivity, smallest, largest, fill, smooth, spacing: depths.spacing };
        let steps = tidy.steps();
        let counts = self.documents.borrow().map(doc)?.total_counts();
        let classes: Vec<u8> = match wanted.class {
            0 => (1..counts.len()).filter(|c| counts[*c] > 0).map(|c| c as u8).collect(),
            one => vec![class(f64::from(one))?],
        };
        let total = classes.len() * steps.len();
        let mut done = Tidied::default();
        for i in 0..total {
            pause().await;
            let goes_on = on_progress.is_none_or(|call| {
                let (i, total) = (JsValue::from(i as f64), JsValue::from(total as f64));
                call.call2(&JsValue::NULL, &i, &total).is_ok_and(|answer| answer != JsValue::FALSE)
            });
            if !goes_on {
                return Err(Error::cancelled());
            }
            let (class, step) = (classes[i / steps.len()], steps[i % steps.len()]);
            self.documents.borrow_mut().paint(doc, |painting| {
                tidy.step(&mut painting.voxels(depths)?, class, step, &mut done)?;
                Ok(Vec::new())
            })?;
        }
        Ok(done)
    }
}
