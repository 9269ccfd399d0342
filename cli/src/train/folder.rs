//! The labelled images that a training takes, each file decoded once.

use insitu::Result;
use insitu::results::{Meaning, Truth};
use insitu::scan::Image;
use insitu::train::{Labels, Sample};
use insitu::weights::Card;

use crate::data::{self, Item, LabelMode, View};

/// One labelled image, with what was decoded of it before its sample is asked for. A label waits as the file stores
/// it: a byte or two for each pixel.
struct Source<'a> {
    item: &'a Item,
    image: Option<Image>,
    label: Option<Truth>,
}

impl Source<'_> {
    fn image(&mut self) -> Result<Image> {
        self.image.take().map_or_else(|| data::read_image(self.item), Ok)
    }

    fn label(&mut self) -> Result<Truth> {
        self.label.take().map_or_else(|| data::label(self.item), Ok)
    }

    /// Decodes the label now and keeps it.
    fn look(&mut self) -> Result<&Truth> {
        let label = self.label()?;
        Ok(self.label.insert(label))
    }

    fn sample(&mut self, mode: Meaning, view: View, card: &Card) -> Result<Sample> {
        let image = self.image()?;
        let labels = data::in_view(&self.label()?, self.item, &image, mode, view)?;
        let kind = self.item.kind.clone().unwrap_or_default();
        Sample::for_input(self.item.stem.clone(), kind, image, labels, &card.input)
    }
}

/// A folder of labelled images.
pub struct Folder<'a> {
    sources: Vec<Source<'a>>,
    /// Channels of the first image.
    pub channels: usize,
    /// What the labels mean, all of them alike.
    pub mode: Meaning,
    /// What of the images counts.
    view: View,
}

impl<'a> Folder<'a> {
    /// Looks at the first image and, if `asked` is [`LabelMode::Auto`], at as many labels as tell what they mean.
    ///
    /// # Errors
    /// Those of [`data::scan`] for the first image. Labels that cannot be read say nothing here; their samples will.
    pub fn open(items: &'a [Item], asked: LabelMode, view: View) -> Result<Self> {
        let mut sources: Vec<_> =
            items.iter().map(|item| Source { item, image: None, label: None }).collect();
        let mut channels = 1;
        if let Some(first) = sources.first_mut() {
            let image = first.image()?;
            channels = image.channels;
            first.image = Some(image);
        }
        let mode = asked.known().unwrap_or_else(|| {
            Meaning::common(sources.iter_mut().filter_map(|s| s.look().ok()?.meaning().ok()))
        });
        Ok(Self { sources, channels, mode, view })
    }

    /// The highest class in the labels, at least 1.
    ///
    /// # Errors
    /// Those of [`data::label`].
    pub fn class_count(&mut self) -> Result<usize> {
        if self.mode != Meaning::Classes {
            return Ok(1);
        }
        let mut highest = 1;
        for source in &mut self.sources {
            let classes = source.look()?.labels(self.mode)?.classes();
            highest = classes.into_iter().filter(|c| *c != Labels::IGNORE).fold(highest, u8::max);
        }
        Ok(usize::from(highest))
    }

    /// The samples of some images, by their places in the folder, as the card's network takes them. What was decoded
    /// of them is not kept any longer.
    ///
    /// # Errors
    /// Those of [`data::scan`], [`data::label`] and [`data::in_view`]; `image.channels`; `train.size`.
    pub fn samples(&mut self, indices: &[usize], card: &Card) -> Result<Vec<Sample>> {
        let (mode, view) = (self.mode, self.view);
        indices.iter().filter_map(|i| Some(self.sources.get_mut(*i)?.sample(mode, view, card))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use image::GrayImage;
    use insitu::net::Preset;
    use insitu::weights::Class;

    use super::*;

    /// Six pixels a file; the folder goes away with the test.
    struct Files(PathBuf);

    impl Files {
        fn new(test: &str, labels: &[[u8; 6]]) -> Self {
            let dir = std::env::temp_dir().join(format!("insitu-folder-{test}-{}", std::process::id()));
            for (i, label) in labels.iter().enumerate() {
                for (part, values) in [("images", [10, 20, 30, 40, 50, i as u8]), ("labels", *label)] {
                    fs::create_dir_all(dir.join(part)).unwrap();
                    let file = dir.join(part).join(format!("{i}.png"));
                    GrayImage::from_raw(3, 2, values.to_vec()).unwrap().save(file).unwrap();
                }
            }
            Self(dir)
        }

        fn items(&self) -> Vec<Item> {
            data::items(&self.0).unwrap()
        }
    }

    impl Drop for Files {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn card() -> Card {
        let class = Class { name: "x".into(), colour: "#000000".into() };
        Card::new("t", Preset::Small.config(1, 1), vec![class], Card::plain_outputs(1))
    }

    #[test]
    fn a_label_that_was_decoded_to_find_its_meaning_is_not_read_again() {
        let files = Files::new("once", &[[0, 1, 1, 0, 0, 0], [0, 0, 3, 2, 255, 0]]);
        let items = files.items();
        let mut folder = Folder::open(&items, LabelMode::Auto, View::Folder).unwrap();
        fs::remove_dir_all(files.0.join("labels")).unwrap();
        assert_eq!((folder.mode, folder.class_count().unwrap()), (Meaning::Classes, 3));
        fs::remove_file(&items[0].image).unwrap();
        let samples = folder.samples(&[0, 1], &card()).unwrap();
        assert_eq!(samples[1].labels, Labels::Classes(vec![0, 0, 3, 2, 255, 0]));
        // Now they are forgotten.
        assert!(folder.samples(&[1], &card()).is_err());
    }

    #[test]
    fn an_unreadable_label_is_an_error_of_its_own_sample_alone() {
        let files = Files::new("broken", &[[0; 6], [255; 6], [0, 255, 0, 255, 0, 255]]);
        let items = files.items();
        fs::write(&items[1].label, "no picture").unwrap();
        let mut folder = Folder::open(&items, LabelMode::Auto, View::Folder).unwrap();
        assert_eq!((folder.mode, folder.class_count().unwrap()), (Meaning::Binary, 1));
        let samples = folder.samples(&[2, 0], &card()).unwrap();
        assert_eq!(samples[0].labels, Labels::Classes(vec![0, 1, 0, 1, 0, 1]));
        assert!(folder.samples(&[1], &card()).is_err());
    }
}
