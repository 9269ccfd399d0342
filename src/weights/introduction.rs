//! How a model introduces itself that was trained here.

use super::card::Card;
use super::training::Training;

impl Training {
    /// What labels that a person painted are called in [`Training::data`]; it stands last in the history of a model that was trained
    /// on them.
    pub const BY_HAND: &str = "labels made by hand";

    /// Whether a person painted what it learnt from last.
    fn is_by_hand(&self) -> bool {
        self.data.ends_with(Self::BY_HAND)
    }

    /// Whether the command of the training gave the model a summary.
    fn gave_summary(&self) -> bool {
        self.command.lines().last().is_some_and(|line| line.contains("--summary"))
    }
}

impl Card {
    /// Takes back the summary of the model that this one went on from, which is not true of it any more, and says what it was
    /// trained on instead. A summary that was given for this model stays.
    pub fn introduce(&mut self) {
        let Some(training) = &self.training else { return };
        self.summary = match (training.is_by_hand(), &training.from) {
            (true, None) => format!("Trained in Insitu on {}.", Training::BY_HAND),
            (true, Some(from)) => format!("Trained in Insitu from {from} on {}.", Training::BY_HAND),
            (false, Some(from)) if !training.gave_summary() => {
                format!("Trained from {from} on {}.", training.data)
            }
            _ => return,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;
    use crate::weights::Class;

    fn introduced(data: &str, from: Option<&str>, command: &str) -> String {
        let network = Preset::Small.config(1, 1);
        let mut card = Card::new("Mine", network, Class::numbered(&[], 1), Card::plain_outputs(1));
        card.summary = "Cell nuclei; tells touching nuclei apart.".into();
        let training = Training::of(data);
        card.training = Some(Training { from: from.map(Into::into), command: command.into(), ..training });
        card.introduce();
        card.summary
    }

    #[test]
    fn a_model_that_was_trained_on_is_called_what_it_is() {
        let by_hand =
            introduced("nuclei, then labels made by hand", Some("Nuclei"), "insitu train --summary x");
        assert_eq!(by_hand, "Trained in Insitu from Nuclei on labels made by hand.");
        assert_eq!(introduced("labels made by hand", None, ""), "Trained in Insitu on labels made by hand.");
        assert_eq!(introduced("my set", Some("Nuclei"), "insitu train"), "Trained from Nuclei on my set.");
    }

    #[test]
    fn a_summary_of_its_own_stays() {
        let own = "Cell nuclei; tells touching nuclei apart.";
        assert_eq!(introduced("nuclei", None, ""), own);
        assert_eq!(introduced("my set", Some("Nuclei"), "insitu train\ninsitu train --summary '...'"), own);
    }
}
