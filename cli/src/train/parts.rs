//! Which images are learnt from, which validate the network while it learns, and which are set aside until its end.

use insitu::train::{split, split_by_patient};

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

    /// As it stands in `.split.csv`.
    pub fn name(&self, item: usize) -> &'static str {
        match () {
            () if self.validation.contains(&item) => "validation",
            () if self.test.contains(&item) => "test",
            () => "training",
        }
    }
}

fn divide(items: &[Item], members: &[usize], fraction: f64, args: &TrainArgs) -> (Vec<usize>, Vec<usize>) {
    let (kept, taken) = if args.patients {
        let mut patients: Vec<&str> = members.iter().map(|i| items[*i].patient()).collect();
        // Names that all begin alike, as those of an archive do, tell no patients.
        if patients.iter().all(|patient| *patient == patients[0]) {
            patients = members.iter().map(|i| items[*i].stem.as_str()).collect();
        }
        split_by_patient(&patients, fraction, args.seed)
    } else {
        let kinds: Vec<&str> = members.iter().map(|i| items[*i].kind.as_deref().unwrap_or("")).collect();
        split(&kinds, fraction, args.seed)
    };
    let of = |places: Vec<usize>| places.into_iter().map(|place| members[place]).collect();
    (of(kept), of(taken))
}
