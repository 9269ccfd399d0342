//! Whole slides: frames that are tiles of one large image, the Total Pixel Matrix (PS3.3 C.8.12.4 and C.7.6.17.3).

use super::dataset::Dataset;
use super::layout::Layout;
use super::tags;
use crate::error::{Error, Result};
use crate::scan::Limits;
use crate::scan::limits::zeroed;
use crate::scan::samples::Samples;

/// Where each tile lies.
pub(super) struct Tiles {
    /// Columns and rows of the whole image.
    pub(super) width: usize,
    pub(super) height: usize,
    /// Focal planes and optical paths, one after the other.
    pub(super) planes: usize,
    across: usize,
    down: usize,
    /// The frame of each place, plane by plane, row by row; `None` where no tile was stored.
    frames: Vec<Option<usize>>,
}

fn refused(what: &str) -> Error {
    Error::unsupported(
        "dicom.unsupported.tiles",
        format!("This DICOM file is a whole slide whose tiles cannot be put together: {what}."),
    )
}

impl Tiles {
    /// The tiles of a slide; `None` for every other image.
    pub(super) fn new(dataset: &Dataset<'_>, layout: &Layout, limits: &Limits) -> Result<Option<Self>> {
        let size = |tag| dataset.number(tag).map(|n| n as usize).filter(|n| *n > 0);
        let (Some(width), Some(height)) =
            (size(tags::TOTAL_PIXEL_MATRIX_COLUMNS), size(tags::TOTAL_PIXEL_MATRIX_ROWS))
        else {
            return Ok(None);
        };
        if layout.frames == 1 && width <= layout.width && height <= layout.height {
            return Ok(None);
        }
        let (across, down) = (width.div_ceil(layout.width), height.div_ceil(layout.height));
        let per_plane =
            across.checked_mul(down).filter(|n| *n <= 1 << 24).ok_or_else(|| refused("it has too many"))?;
        let kind = dataset.text(tags::DIMENSION_ORGANIZATION_TYPE);
        let groups = dataset.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        let full = kind.as_deref() == Some("TILED_FULL") || groups.is_empty();
        let (planes, frames) = if full {
            if !layout.frames.is_multiple_of(per_plane) {
                return Err(refused(&format!(
                    "it has {} frames, and {across} x {down} tiles are promised; the others may be in further files",
                    layout.frames
                )));
            }
            (layout.frames / per_plane, (0..layout.frames).map(Some).collect())
        } else {
            sparse(&groups, layout, across, down)?
        };
        // Three values at most, in the file's type.
        limits.check(width, height, planes, 3, layout.kind.bytes())?;
        Ok(Some(Self { width, height, planes, across, down, frames }))
    }

    /// All tiles as planes of the whole image. Where no tile was stored, colour is white, as on an empty slide, and grey
    /// has no value (NaN).
    pub(super) fn assemble(&self, samples: &Samples, layout: &Layout, channels: usize) -> Result<Samples> {
        let (w, h) = (layout.width, layout.height);
        let source = |i: usize| {
            let (pixel, channel) = (i / channels, i % channels);
            let (x, y, plane) =
                (pixel % self.width, pixel / self.width % self.height, pixel / self.width / self.height);
            let place = (plane * self.down + y / h) * self.across + x / w;
            let frame = self.frames.get(place).copied().flatten()?;
            Some(((frame * h + y % h) * w + x % w) * channels + channel)
        };
        let n = self.width * self.height * self.planes * channels;
        if self.frames.iter().all(Option::is_some) {
            return samples.gather(n, |i| source(i).unwrap_or(usize::MAX));
        }
        if let (Samples::U8(_), 3) = (samples, channels) {
            let mut out = samples.gather(n, |i| source(i).unwrap_or(usize::MAX))?;
            if let Samples::U8(values) = &mut out {
                for (i, v) in values.iter_mut().enumerate() {
                    *v = if source(i).is_some() { *v } else { 255 };
                }
            }
            return Ok(out);
        }
        let mut out = zeroed::<f32>(n)?;
        for (i, to) in out.iter_mut().enumerate() {
            *to = source(i).and_then(|from| samples.get(from)).map_or(f32::NAN, |v| v as f32);
        }
        Ok(Samples::F32(out))
    }
}

/// The places that the functional groups tell (C.8.12.6.1). Tiles at one place are planes in the order of the file.
fn sparse(
    groups: &[Dataset<'_>],
    layout: &Layout,
    across: usize,
    down: usize,
) -> Result<(usize, Vec<Option<usize>>)> {
    let unknown = || refused("it does not say where each of them lies");
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); across * down];
    for frame in 0..layout.frames {
        let items =
            groups.get(frame).map(|g| g.items(tags::PLANE_POSITION_SLIDE_SEQUENCE)).unwrap_or_default();
        let position = items.first().ok_or_else(unknown)?;
        let at =
            |tag| position.number(tag).and_then(|n| (n as i32 as i64).checked_sub(1)).ok_or_else(unknown);
        let x = at(tags::COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX)?;
        let y = at(tags::ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX)?;
        let (w, h) = (layout.width as i64, layout.height as i64);
        if x < 0 || y < 0 || x % w != 0 || y % h != 0 || x / w >= across as i64 {
            return Err(refused("they lie at no regular distances"));
        }
        let place = places.get_mut((y / h) as usize * across + (x / w) as usize);
        place.ok_or_else(|| refused("one lies outside the slide"))?.push(frame);
    }
    let planes = places.iter().map(Vec::len).max().unwrap_or(0).max(1);
    if planes > 1 && places.iter().any(|p| !p.is_empty() && p.len() != planes) {
        return Err(refused("its focal planes or optical paths are not of the same size"));
    }
    let frames = (0..planes).flat_map(|plane| places.iter().map(move |p| p.get(plane).copied())).collect();
    Ok((planes, frames))
}
