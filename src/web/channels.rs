//! Channels of a microscope, as they are seen together.

use js_sys::Uint8ClampedArray;
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{finite, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::take;
use crate::error::{Error, Result};
use crate::scan::channels::{Tinted, mixed};
use crate::scan::{ChannelLook, Pixels, Scan, Window};

/// How a channel is shown at first.
#[derive(Serialize, Tsify)]
pub struct LookRecord {
    /// Red, green, blue, 0 to 255.
    colour: [u8; 3],
    /// Whether it is part of the picture.
    shown: bool,
}

impl From<ChannelLook> for LookRecord {
    fn from(ChannelLook { colour, shown }: ChannelLook) -> Self {
        Self { colour, shown }
    }
}

/// A channel of a mixed picture.
#[derive(Deserialize, Tsify)]
pub struct TintRecord {
    /// From 0.
    pub(super) channel: usize,
    /// Red, green, blue, 0 to 255.
    colour: [u8; 3],
    /// In physical values.
    center: f64,
    width: f64,
}

/// The channels of a picture.
#[derive(Deserialize, Tsify)]
pub struct MixRequest {
    channels: Vec<TintRecord>,
}

#[wasm_bindgen]
impl Engine {
    /// RGBA of several channels at the place of a slice, whichever of them that is, `width * height * 4` bytes; black of none.
    #[wasm_bindgen(unchecked_return_type = "Uint8ClampedArray<ArrayBuffer>")]
    pub fn mixed(&self, id: f64, slice: f64, request: Ts<MixRequest>) -> Result<Uint8ClampedArray, Thrown> {
        let MixRequest { channels } = take(&request, "channels")?;
        let scan = self.scan(id)?;
        let slice = whole(slice, "slice")?;
        let first = slice - slice % scan.planes.channels.len().max(1);
        let slices = checked(&scan, &channels)?.iter().map(|tint| scan.pixels(first + tint.channel));
        let slices: Vec<_> = slices.collect::<Result<_>>()?;
        let rgba = mixed(&tinted(&channels, &slices), [scan.width, scan.height], scan.inverted);
        Ok(Uint8ClampedArray::from(rgba.as_slice()))
    }
}

/// The channels that the page asks for, if a scan has them.
///
/// # Errors
/// `argument`.
pub(super) fn checked<'a>(scan: &Scan, channels: &'a [TintRecord]) -> Result<&'a [TintRecord]> {
    for tint in channels {
        finite(tint.center, "window's centre")?;
        finite(tint.width, "window's width")?;
        if tint.channel >= scan.planes.channels.len() || scan.channels != 1 {
            return Err(Error::invalid("argument", "This image has no such channel to mix."));
        }
    }
    Ok(channels)
}

/// With their pixels, in the same order.
pub(super) fn tinted<'a, P: Pixels>(channels: &[TintRecord], pixels: &'a [P]) -> Vec<Tinted<'a>> {
    let both = channels.iter().zip(pixels);
    both.map(|(TintRecord { colour, center, width, .. }, pixels)| Tinted {
        pixels,
        window: Window { center: *center, width: *width },
        colour: *colour,
    })
    .collect()
}
