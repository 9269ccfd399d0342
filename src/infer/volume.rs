//! What a network says of a volume whose planes it sees in one orientation, or in all three (2.5-D): plane after plane, and then slices of it.

use super::prediction::Prediction;
use super::rules::Rules;
use crate::error::{Error, Result};
use crate::scan::{Image, Pixels, valued};
use crate::volume::{Along, Mean3, Sections, Stack, sections};
use crate::weights::Card;

/// Probabilities of the voxels of a volume, each the mean of the orientations that the network saw it in. They are held in 16 bits, so
/// that slices can be cut out at any threshold without the network.
pub struct VolumePrediction {
    /// The planes that the network sees.
    pub along: Along,
    sections: Vec<Sections>,
    size: [usize; 3],
    classes: usize,
    rules: Rules,
    /// Of each class, and last of the rims of objects, if the network tells them.
    means: Vec<Mean3>,
    /// Planes that were added.
    done: usize,
}

impl VolumePrediction {
    /// Bytes that one of a card takes.
    pub fn bytes(stack: &Stack<'_>, card: &Card) -> u64 {
        let voxels = stack.size().iter().map(|n| *n as u64).fold(2, u64::saturating_mul);
        voxels.saturating_mul(maps(card) as u64)
    }

    /// An empty one, of at most `limit` bytes.
    ///
    /// # Errors
    /// `volume.stars` for networks that tell shapes; `volume.memory` beyond the limit; as [`Sections::of`]; `scan.limit.memory`.
    pub fn new(stack: &Stack<'_>, along: Along, card: &Card, limit: u64) -> Result<Self> {
        if card.stars.is_some() {
            return Err(Error::unsupported(
                "volume.stars",
                "This model tells the shapes of objects on slices (StarDist), which have no mean over planes. Segment the slices as they are, or take \
                 another model.",
            ));
        }
        let sections = sections(stack, along)?;
        let bytes = Self::bytes(stack, card);
        if bytes > limit {
            return Err(Error::limit(
                "volume.memory",
                format!(
                    "Planes across the slices need {} MiB of memory for this image and model, and {} MiB are allowed. Segment the \
                     slices as they are, or open every second slice.",
                    bytes >> 20,
                    limit >> 20
                ),
            ));
        }
        let size = stack.size();
        let means = (0..maps(card)).map(|_| Mean3::new(size)).collect::<Result<_>>()?;
        Ok(Self {
            along,
            sections,
            size,
            classes: card.classes.len(),
            rules: Rules::of(card),
            means,
            done: 0,
        })
    }

    /// Planes that were added.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Planes in all.
    pub fn total(&self) -> usize {
        self.sections.iter().map(|of| self.size[of.plane.normal]).sum()
    }

    /// The next plane for the network, before its normalisation; none after the last.
    ///
    /// # Errors
    /// `volume.plane`, `scan.limit.memory`.
    pub fn next(&self, stack: &Stack<'_>) -> Result<Option<Image>> {
        self.place().map(|(of, index)| of.image(stack, index)).transpose()
    }

    /// Adds what the network says of that plane.
    ///
    /// # Errors
    /// `scan.limit.memory`; `image.shape` if it is of another size.
    pub fn add(&mut self, found: &Prediction) -> Result<()> {
        let Some((of, index)) = self.place() else { return Ok(()) };
        if [found.width, found.height] != of.size || found.classes != self.classes {
            return Err(Error::invalid("image.shape", "This is not the plane whose turn it is."));
        }
        let n = (found.width * found.height).max(1);
        let maps = found.probability.chunks_exact(n).chain(found.boundary.as_deref());
        for (mean, map) in self.means.iter_mut().zip(maps) {
            mean.add(&of.plane, index, &of.back(map)?);
        }
        self.done += 1;
        Ok(())
    }

    /// What was found of a slice of the volume; pixels of it without a value are background.
    ///
    /// # Errors
    /// `volume.unfinished` before the last plane was added; `scan.slice`.
    pub fn slice(&self, stack: &Stack<'_>, depth: usize) -> Result<Prediction> {
        if self.done < self.total() {
            return Err(Error::invalid(
                "volume.unfinished",
                "Not all planes of this volume are segmented yet. Press “Segment all slices” once more.",
            ));
        }
        let slice = stack.scan().for_network(stack.slice(depth))?;
        let (width, height) = (slice.width(), slice.height());
        let cut = |means: &[Mean3]| {
            let mut all = vec![0.0; means.len() * width * height];
            let planes = all.chunks_exact_mut((width * height).max(1));
            planes.zip(means).for_each(|(plane, mean)| mean.slice(depth, plane));
            all
        };
        let (classes, rims) = self.means.split_at(self.classes.min(self.means.len()));
        let mut found = Prediction {
            boundary: (!rims.is_empty()).then(|| cut(rims)),
            rules: self.rules,
            ..Prediction::plain(width, height, self.classes, cut(classes))
        };
        if let Some(valued) = valued(&slice) {
            found.keep_within(&valued);
        }
        Ok(found)
    }

    fn place(&self) -> Option<(Sections, usize)> {
        let mut index = self.done;
        for of in &self.sections {
            let count = self.size[of.plane.normal];
            if index < count {
                return Some((*of, index));
            }
            index -= count;
        }
        None
    }
}

/// Maps that are held: of the classes, and of rims.
fn maps(card: &Card) -> usize {
    card.classes.len() + usize::from(card.has_boundary())
}

/// All planes of a volume, one after the other: `infer` is given a plane, how many are done and how many there are, and gives what the
/// network says of it, with rims.
///
/// # Errors
/// As [`VolumePrediction::new`], and those of `infer`.
pub async fn segment_volume(
    stack: &Stack<'_>,
    along: Along,
    card: &Card,
    limit: u64,
    mut infer: impl AsyncFnMut(Image, usize, usize) -> Result<Prediction>,
) -> Result<VolumePrediction> {
    let mut volume = VolumePrediction::new(stack, along, card, limit)?;
    while let Some(plane) = volume.next(stack)? {
        let found = infer(plane, volume.done(), volume.total()).await?;
        volume.add(&found)?;
    }
    Ok(volume)
}
