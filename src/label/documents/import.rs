//! Labels of a file, taken over into a document.

use std::collections::BTreeSet;

use super::{Changes, Documents};
use crate::error::{Error, Result};
use crate::label::{Area, BACKGROUND, LabelFile, Over, Region, Suggestion, UNLABELLED};

impl Documents {
    /// Takes the labels of a file over as one command: a single picture into `slice`, others into the slices that they
    /// tell. What the file does not label stays. Returns how many classes that added.
    ///
    /// Classes that the file names are those of the same name; those it does not name are the first ones of the table.
    /// What is not there is added.
    ///
    /// # Errors
    /// `label.document`, `label.slice`, `label.shape` if the file belongs to another image, `label.import.values` for
    /// values without a class, `label.classes` for too many; nothing changes then.
    pub fn import(&mut self, document: u32, slice: usize, file: &LabelFile) -> Result<(Changes, usize)> {
        let map = self.map(document)?;
        let (bounds, slices) = (map.bounds(), map.slices());
        for page in &file.pages {
            map.check_slice(page.slice.unwrap_or(slice))?;
            if page.values.len() != bounds.area() {
                return Err(Error::invalid(
                    "label.shape",
                    format!(
                        "Labels of {} pixels do not fit an image of {} x {} and {slices} slices.",
                        page.values.len(),
                        bounds.width,
                        bounds.height
                    ),
                ));
            }
        }
        let (becomes, added) = self.values_of(file)?;
        let has = |value: u8| becomes[usize::from(value)].is_some();
        if !file.pages.iter().all(|page| page.values.iter().all(|value| has(*value))) {
            return Err(Error::invalid("label.import.values", "This file has values without a class."));
        }
        let changes = self.together(|documents| {
            let mut changes = Changes::default();
            for (name, colour) in &added {
                changes.classes |= documents.add_class(name, colour.as_deref())?.classes;
            }
            for page in &file.pages {
                let own: Vec<u8> =
                    page.values.iter().map(|v| becomes[usize::from(*v)].unwrap_or(UNLABELLED)).collect();
                let slice = page.slice.unwrap_or(slice);
                let painted = documents.paint(document, |painting| {
                    let mask = Suggestion::certain(&own);
                    let rect = painting.accept(slice, &Region::of(bounds), &mask, Over::Everything)?;
                    Ok(rect.map(|rect| Area { slice, rect }).into_iter().collect())
                })?;
                changes.areas.extend(painted.areas);
            }
            Ok(changes)
        })?;
        Ok((changes, added.len()))
    }

    /// Our value for each of the file's, and the classes (name, colour) that are to be added first.
    fn values_of(&self, file: &LabelFile) -> Result<([Option<u8>; 256], Vec<Added>)> {
        let own = self.classes.as_slice();
        let mut names: BTreeSet<String> = own.iter().map(|class| class.name.clone()).collect();
        let mut becomes = [None; 256];
        becomes[usize::from(BACKGROUND)] = Some(BACKGROUND);
        becomes[usize::from(UNLABELLED)] = Some(UNLABELLED);
        let mut table = self.classes.clone();
        let mut added = Vec::new();
        for (value, class) in (1..UNLABELLED).zip(&file.classes) {
            let there = match &class.name {
                Some(name) => table.as_slice().iter().position(|own| own.name == name.trim()),
                None => Some(usize::from(value) - 1).filter(|place| *place < table.len()),
            };
            becomes[usize::from(value)] = Some(match there {
                Some(place) => place as u8 + 1,
                None => {
                    let name = match &class.name {
                        Some(name) => name.clone(),
                        None => unused(&format!("class {value}"), &names),
                    };
                    let new = table.add(&name, class.colour.as_deref())?;
                    names.insert(name.clone());
                    added.push((name, class.colour.clone()));
                    new
                }
            });
        }
        Ok((becomes, added))
    }
}

/// Name and colour of a class.
type Added = (String, Option<String>);

/// The name, or it with a number if there is one.
fn unused(name: &str, names: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{name} ({n})"));
    std::iter::once(name.to_string()).chain(numbered).find(|n| !names.contains(n)).unwrap_or_default()
}
