//! Tools that paint on several slices of a volume at once.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::outcome::{Outcome, Piece, piece};
use super::{Painter, class, number};
use crate::error::Result;
use crate::label::{Area, Dab, Depths, Ink, Painting, Rect, painted_planes};
use crate::volume::Painted;
use crate::web::arguments::whole;
use crate::web::failure::Thrown;
use crate::web::records::{bytes, give, take};

/// The slices that follow each other: those of one channel at one time.
#[derive(Deserialize, Tsify)]
pub struct DepthsRecord {
    /// The slice of the first depth, how many slices on the next is, and how many depths there are.
    first: usize,
    step: usize,
    count: usize,
    /// mm between columns, rows and depths; all alike where nothing is known.
    spacing: [f64; 3],
}

/// A brush that moved over several slices.
#[derive(Deserialize, Tsify)]
pub struct Sweep {
    depths: DepthsRecord,
    /// 2: a ball on a slice, whose dabs are of columns and rows. 1: a disc on a plane of one row, whose dabs are of columns and depths; 0: of one
    /// column, of rows and depths.
    axis: usize,
    /// The slice, row or column.
    index: usize,
    /// Column or row, row or depth, radius in columns.
    from: [f64; 3],
    to: [f64; 3],
    value: u8,
}

/// A plane across the slices.
#[derive(Serialize, Tsify)]
pub struct PaintedPlane {
    /// That stands upright on it: 0 columns, 1 rows.
    axis: usize,
    index: usize,
}

/// Where somebody painted.
#[derive(Serialize, Tsify)]
pub struct PaintedPlanes {
    across: Vec<PaintedPlane>,
    /// Slices with no labels but those that these planes left there.
    crossed: Vec<usize>,
}

impl From<DepthsRecord> for Depths {
    fn from(DepthsRecord { first, step, count, spacing }: DepthsRecord) -> Self {
        Self { first, step, count, spacing }
    }
}

#[wasm_bindgen]
impl Painter {
    /// Fills the slices between labelled ones in, by shape (Raya and Udupa 1990).
    #[wasm_bindgen(js_name = fillBetween)]
    pub fn fill_between(&self, doc: f64, depths: Ts<DepthsRecord>) -> Result<Ts<Outcome>, Thrown> {
        let (doc, depths) = (number(doc)?, Depths::from(take(&depths, "depths")?));
        self.change(|all| all.paint(doc, |painting| painting.fill_between(&depths)))
    }

    /// Copies the labels of a slice to another one, where nothing is labelled.
    pub fn carry(&self, doc: f64, from: f64, to: f64) -> Result<Ts<Outcome>, Thrown> {
        let (doc, from, to) = (number(doc)?, whole(from, "slice")?, whole(to, "slice")?);
        let area = |rect| Area { slice: to, rect };
        self.change(|all| {
            all.paint(doc, |painting| Ok(painting.carry(from, to)?.map(area).into_iter().collect()))
        })
    }

    /// The labels on a plane that stands upright on the slices, `[depth][x]`: `axis` 1, `x` is the column and all are of row `index`; 0, `x` is the row
    /// and all are of column `index`.
    #[wasm_bindgen(js_name = labelPlane, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn label_plane(
        &self,
        doc: f64,
        depths: Ts<DepthsRecord>,
        axis: f64,
        index: f64,
    ) -> Result<Uint8Array, Thrown> {
        let (depths, index) = (Depths::from(take(&depths, "depths")?), whole(index, "plane")?);
        let all = self.documents.borrow();
        let map = all.map(number(doc)?)?;
        let line = match axis {
            0.0 => Rect::new(index, 0, 1, map.height()),
            _ => Rect::new(0, index, map.width(), 1),
        };
        let mut plane = Vec::new();
        for depth in 0..depths.count {
            plane.extend(map.read(depths.first + depth * depths.step, line)?);
        }
        Ok(bytes(&plane))
    }

    /// The planes across the slices that somebody painted on, and the slices on which there is nothing else.
    #[wasm_bindgen(js_name = paintedPlanes)]
    pub fn painted_planes(&self, doc: f64, depths: Ts<DepthsRecord>) -> Result<Ts<PaintedPlanes>, Thrown> {
        let depths = Depths::from(take(&depths, "depths")?);
        let Painted { across, crossed } =
            painted_planes(self.documents.borrow().map(number(doc)?)?, &depths)?;
        let crossed = crossed.into_iter().map(|depth| depths.first + depth * depths.step).collect();
        let across = across.into_iter().map(|(axis, index)| PaintedPlane { axis, index }).collect();
        Ok(give(&PaintedPlanes { across, crossed })?)
    }

    /// Paints under a brush that reaches over several slices. Gives the pieces that changed.
    pub fn sweep(&self, doc: f64, sweep: Ts<Sweep>) -> Result<Vec<Ts<Piece>>, Thrown> {
        let (doc, sweep): (u32, Sweep) = (number(doc)?, take(&sweep, "brush")?);
        let ink = Ink::new(class(f64::from(sweep.value))?);
        let [from, to] = [sweep.from, sweep.to].map(|[x, y, radius]| Dab { x, y, radius });
        let depths = Depths::from(sweep.depths);
        let work = |painting: &mut Painting| match sweep.axis {
            axis @ (0 | 1) => painting.brush_across(&depths, axis, sweep.index, [from, to], ink),
            _ => painting.ball(&depths, sweep.index, from, to, ink),
        };
        let mut all = self.documents.borrow_mut();
        let changes = all.paint(doc, work)?;
        let pieces =
            changes.areas.iter().map(|(_, area)| Ok(give(&piece(&all, doc, area.slice, area.rect)?)?));
        pieces.collect()
    }
}
