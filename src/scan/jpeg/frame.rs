//! What the headers of a JPEG file say (ITU-T T.81 annex B).

use crate::error::Error;

#[derive(Clone, Copy)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors.
    pub(super) h: usize,
    pub(super) v: usize,
    pub(super) quantisation: usize,
    /// Chosen by the scan header.
    pub(super) dc: usize,
    pub(super) ac: usize,
    /// Size of its own plane, padded to whole MCUs.
    pub(super) stride: usize,
    pub(super) rows: usize,
}

pub(super) struct Frame {
    /// The number of its SOF marker: 0 baseline, 1 extended, 2 progressive, 3 lossless.
    pub(super) process: u8,
    pub(super) bits: u32,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
}

impl Frame {
    pub(super) fn h_max(&self) -> usize {
        self.components.iter().map(|c| c.h).max().unwrap_or(1)
    }

    pub(super) fn v_max(&self) -> usize {
        self.components.iter().map(|c| c.v).max().unwrap_or(1)
    }

    /// MCUs across and down of a scan of these components: one component alone has its blocks in rows, several have
    /// units of `h * v` blocks each (T.81 A.2).
    pub(super) fn units(&self, components: &[usize]) -> (usize, usize) {
        let (h_max, v_max) = (self.h_max(), self.v_max());
        let single = match components {
            [one] => self.components.get(*one),
            _ => None,
        };
        let (h, v) = single.map_or((1, 1), |c| (c.h, c.v));
        ((self.width * h).div_ceil(h_max * 8), (self.height * v).div_ceil(v_max * 8))
    }
}

/// What a scan header says.
pub(super) struct ScanHeader {
    /// Places in `Frame::components`.
    pub(super) components: Vec<usize>,
    /// Start of spectral selection, or the predictor of a lossless scan.
    pub(super) start: u8,
    /// End of spectral selection.
    pub(super) end: u8,
    /// Point transform of the scan before this one; 0 for the first of these coefficients.
    pub(super) before: u32,
    /// Point transform.
    pub(super) shift: u32,
}

pub(super) fn broken(what: &str) -> Error {
    Error::invalid("jpeg.invalid", format!("The JPEG data is damaged or cut off: {what}."))
}

pub(super) fn unsupported(what: &str) -> Error {
    Error::unsupported("jpeg.unsupported", format!("This file uses {what}, which Insitu cannot read."))
}
