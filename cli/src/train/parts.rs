//! Which images are learnt from, which validate the network while it learns, and which are set aside until its end.

use insitu::train::{split, split_by_patient};
use insitu::{Error, Result};

use super::args::TrainArgs;
use crate::data::Item;

/// Places in the folder.
pub struct Parts {
    pub training: Vec<usize>,
    /// The best network is chosen by these.
    pub validation: Vec<usize>,
    /// Nothing is chosen by these; none unless asked for.
    pub test: Vec<usize>,
}

impl Parts {
    /// What is set aside comes first, so that it stays the same whatever part validates.
    pub fn of(items: &[Item], args: &TrainArgs) -> Self {
        let all: Vec<usize> = (0..items.len()).collect();
        let (rest, test) = match args.test_fraction {
            0.0 => (all, Vec::new()),
            fraction => divide(items, &all, fraction, args),
        };
        let (training, validation) = divide(items, &rest, args.val_fraction, args);
        Self { training, validation, test }
    }

    /// All of so many images but some, which are set aside.
    pub fn without(held: &[usize], images: usize) -> Self {
        let training = (0..images).filter(|i| !held.contains(i)).collect();
        Self { training, validation: Vec::new(), test: held.to_vec() }
    }

    /// As it stands in `.split.csv`.
    pub fn name(&self, item: usize) -> &'static str {
        match () {
            () if self.validation.contains(&item) => "validation",
            () if self.test.contains(&item) => "test",
            () => "training",
        }
    }
}

/// Divides a folder into `count` parts of about the same number of images, in their order: neighbours, as slices of a volume are, lie in one
/// part, and with `patients` all images of one do. There are as many parts as patients at most.
///
/// # Errors
/// `option` if that makes fewer than two parts.
pub fn folds(items: &[Item], count: usize, patients: bool) -> Result<Vec<Vec<usize>>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    let members: Vec<usize> = (0..items.len()).collect();
    let names = if patients {
        owners(items, &members)
    } else {
        items.iter().map(|item| item.stem.as_str()).collect()
    };
    for (i, name) in names.into_iter().enumerate() {
        match known.iter().position(|other| *other == name) {
            Some(at) => groups[at].push(i),
            None => {
                known.push(name);
                groups.push(vec![i]);
            }
        }
    }
    let count = count.min(groups.len());
    let mut folds = vec![Vec::new(); count];
    let (mut at, mut done) = (0, 0);
    for (g, group) in groups.iter().enumerate() {
        // The next part begins where this one has its share, or where each group that is left is needed for a part of its own.
        let left = groups.len() - g;
        let full = done * count >= items.len() * (at + 1);
        if at + 1 < count && !folds[at].is_empty() && (full || left < count - at) {
            at += 1;
        }
        done += group.len();
        folds[at].extend(group);
    }
    if count < 2 {
        let what = if patients { "images of two patients" } else { "two images" };
        return Err(Error::invalid("option", format!("--folds needs {what} at least.")));
    }
    Ok(folds)
}

/// Whose each of these images is. Names that all begin alike, as those of an archive do, tell no patients: then each image is of another.
fn owners<'a>(items: &'a [Item], members: &[usize]) -> Vec<&'a str> {
    let patients: Vec<&str> = members.iter().map(|i| items[*i].patient()).collect();
    if patients.iter().all(|patient| *patient == patients[0]) {
        return members.iter().map(|i| items[*i].stem.as_str()).collect();
    }
    patients
}

fn divide(items: &[Item], members: &[usize], fraction: f64, args: &TrainArgs) -> (Vec<usize>, Vec<usize>) {
    let (kept, taken) = if args.patients {
        split_by_patient(&owners(items, members), fraction, args.seed)
    } else {
        let kinds: Vec<&str> = members.iter().map(|i| items[*i].kind.as_deref().unwrap_or("")).collect();
        split(&kinds, fraction, args.seed)
    };
    let of = |places: Vec<usize>| places.into_iter().map(|place| members[place]).collect();
    (of(kept), of(taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(stems: &[&str]) -> Vec<Item> {
        let item = |stem: &&str| Item {
            stem: stem.to_string(),
            kind: None,
            image: stem.into(),
            label: stem.into(),
            slice: 0,
            view: None,
        };
        stems.iter().map(item).collect()
    }

    #[test]
    fn a_folder_is_divided_into_parts_of_neighbours_of_about_the_same_size() {
        let items = items(&["a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!(folds(&items, 3, false).unwrap(), [vec![0, 1, 2], vec![3, 4], vec![5, 6]]);
        assert_eq!(folds(&items, 20, false).unwrap().len(), 7);
    }

    #[test]
    fn a_patient_is_in_one_part_only() {
        let items = items(&["p1_a", "p2_a", "p1_b", "p3_a", "p3_b", "p3_c", "p4_a"]);
        assert_eq!(folds(&items, 4, true).unwrap(), [vec![0, 2], vec![1], vec![3, 4, 5], vec![6]]);
        assert_eq!(folds(&items, 2, true).unwrap(), [vec![0, 2, 1, 3, 4, 5], vec![6]]);
        assert_eq!(folds(&items, 9, true).unwrap().len(), 4, "there are four patients");
    }

    #[test]
    fn names_that_all_begin_alike_tell_no_patients() {
        assert_eq!(folds(&items(&["isic_1", "isic_2", "isic_3"]), 3, true).unwrap().len(), 3);
    }

    #[test]
    fn one_patient_cannot_be_divided() {
        assert_eq!(folds(&items(&["p1_a"]), 2, true).unwrap_err().code(), "option");
        assert_eq!(folds(&[], 2, false).unwrap_err().code(), "option");
    }

    #[test]
    fn what_is_set_aside_is_not_learnt_from() {
        let parts = Parts::without(&[1, 3], 5);
        assert_eq!((parts.training, parts.validation, parts.test), (vec![0, 2, 4], vec![], vec![1, 3]));
    }
}
