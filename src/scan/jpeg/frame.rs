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
    pub(super) process: u8,
    pub(super) bits: u32,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
}

/// What a scan header says.
pub(super) struct ScanHeader {
    /// Places in `Frame::components`.
    pub(super) components: Vec<usize>,
    /// Start of spectral selection, or the predictor of a lossless scan.
    pub(super) start: u8,
    /// Point transform.
    pub(super) shift: u32,
}

pub(super) fn broken(what: &str) -> Error {
    Error::invalid("jpeg.invalid", format!("The JPEG data is damaged or cut off: {what}."))
}

pub(super) fn unsupported(what: &str) -> Error {
    Error::unsupported("jpeg.unsupported", format!("This file uses {what}, which Insitu cannot read."))
}
