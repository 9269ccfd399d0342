//! Options that have no effect where they stand: they are refused by name, or somebody would believe that they had one.

use clap::ArgMatches;
use clap::parser::ValueSource;
use insitu::net::Preset;
use insitu::weights::Card;
use insitu::{Error, Result};

use super::args::{Separate, TrainArgs};

/// The options that a training on labels made by hand takes; all else follows from the images, the labels and the device.
const BY_HAND: &[&str] = &[
    "by_hand",
    "data",
    "out",
    "init",
    "preset",
    "width",
    "steps",
    "seed",
    "learning_rate",
    "batch",
    "patch",
    "learn",
    "keep_statistics",
    "class",
    "every",
    "title",
    "summary",
    "licence",
    "attribution",
    "pixel_size_mm",
    "threshold",
    "flips",
    "half",
    "device",
];

/// Options that belong to one choice of another option: what they need, and whether it was chosen.
type Need = (&'static [&'static str], &'static str, fn(&TrainArgs) -> bool);
const NEEDS: &[Need] = &[
    (&["momentum"], "--optimiser sgd", |args| args.method.is_sgd()),
    (&["plateau_factor", "patience"], "--schedule plateau", |args| args.method.is_plateau()),
    (&["focal_gamma", "focal_alpha"], "focal in --loss", |args| args.method.is_focal()),
    (&["central"], "--smallest-part", |args| args.smallest_part.is_some()),
    (&["judge"], "--folds", |args| args.folds.is_some()),
    (&["rim"], "--separate boundary", |args| args.separate == Separate::Boundary),
    (&["border_sigma"], "a --border-weight above 0", |args| args.method.has_border_weights()),
];

/// Checks that every option that was given has an effect.
///
/// # Errors
/// `option`, which names it.
pub fn check(args: &TrainArgs, matches: &ArgMatches) -> Result<()> {
    let given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let refuse =
        |id: &str, why: String| Err(Error::invalid("option", format!("--{} {why}", id.replace('_', "-"))));
    if args.by_hand {
        let mut all = matches.ids().map(|id| id.as_str()).filter(|id| given(id));
        if let Some(id) = all.find(|id| !BY_HAND.contains(id) && !is_group(id)) {
            return refuse(id, "has no effect with --by-hand, which works it out.".into());
        }
    }
    for (ids, what, chosen) in NEEDS {
        if let Some(id) = ids.iter().find(|id| given(id) && !chosen(args)) {
            return refuse(id, format!("has no effect without {what}."));
        }
    }
    Ok(())
}

/// Groups of options, which clap lists among them.
fn is_group(id: &str) -> bool {
    id.ends_with("Args")
}

/// Checks that what was asked of a new network is what the model of `--init` is, and gives its classes the names of the command
/// line.
///
/// # Errors
/// `option`, which names the option that says something else.
pub fn adopt(args: &TrainArgs, matches: &ArgMatches, card: &mut Card) -> Result<()> {
    let given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let network = &card.network;
    let other = |option: String, has: String| {
        Err(Error::invalid("option", format!("{option} cannot be had with --init: its model has {has}.")))
    };
    if given("preset") {
        let mut wanted = Preset::from_name(&args.preset)?.config(network.input_channels, network.outputs);
        wanted.width = network.width;
        if card.preset.as_deref() != Some(args.preset.as_str()) && wanted != *network {
            let own = card.preset.clone().unwrap_or_else(|| "another one".into());
            return other(format!("--preset {}", args.preset), format!("the network {own}"));
        }
    }
    // In the page a network keeps its width, so labels made by hand are learnt with it.
    let own = |width: usize| width == network.width || (width > network.width && !args.by_hand);
    if let Some(width) = args.width.filter(|width| !own(*width)) {
        return other(format!("--width {width}"), format!("a width of {}", network.width));
    }
    if let Some(channels) = args.channels.filter(|channels| *channels != network.input_channels) {
        return other(format!("--channels {channels}"), network.input_channels.to_string());
    }
    if let Some(side) = args.long_side.filter(|side| Some(*side) != card.input.long_side) {
        let has =
            card.input.long_side.map_or("images as they are".into(), |own| format!("a longer side of {own}"));
        return other(format!("--long-side {side}"), has);
    }
    if given("separate") && (args.separate == Separate::Boundary) != card.has_boundary() {
        let has = if card.has_boundary() { "an output for rims" } else { "no output for rims" };
        return other("This --separate".into(), has.into());
    }
    if given("class") {
        let (names, count) = (args.class.len(), card.classes.len());
        if names != count && !args.by_hand {
            return other(format!("--class with {names} names"), format!("{count} classes"));
        }
        for (class, name) in card.classes.iter_mut().zip(&args.class) {
            class.name.clone_from(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        train: TrainArgs,
    }

    /// What is said of a command line; `None` if it is accepted.
    fn said(words: &[String]) -> Option<String> {
        let start = ["insitu", "--data", "d", "--out", "o"].map(String::from);
        let matches = Line::command().try_get_matches_from(start.iter().chain(words)).unwrap();
        let line = Line::from_arg_matches(&matches).unwrap();
        check(&line.train, &matches).err().map(|e| e.message().to_string())
    }

    /// Each option as one would write it, with a value that it takes.
    fn options() -> Vec<(String, Vec<String>)> {
        let command = Line::command();
        let all = command.get_arguments().filter_map(|arg| Some((arg, arg.get_long()?)));
        all.filter(|(_, long)| !["help", "data", "out", "by-hand"].contains(long))
            .map(|(arg, long)| {
                let choices = arg.get_possible_values();
                let value = match choices.last() {
                    Some(choice) => choice.get_name().to_string(),
                    None if long == "loss" => "ce=1".into(),
                    None if long == "long-side" => "64".into(),
                    None if long == "folds" => "2".into(),
                    None if long == "class-weights" => "auto".into(),
                    None => "1".into(),
                };
                let takes_value = arg.get_action().takes_values();
                let word = format!("--{long}");
                (arg.get_id().to_string(), if takes_value { vec![word, value] } else { vec![word] })
            })
            .collect()
    }

    #[test]
    fn every_option_is_taken_or_refused_by_name_with_labels_made_by_hand() {
        let options = options();
        assert!(options.len() > 50, "{}", options.len());
        for (id, words) in options {
            let line = [vec!["--by-hand".to_string()], words.clone()].concat();
            match said(&line) {
                None => assert!(BY_HAND.contains(&id.as_str()), "{} is taken without a word", words[0]),
                Some(said) => {
                    assert!(said.contains(&format!("{} ", words[0])), "{said}");
                    assert!(!BY_HAND.contains(&id.as_str()), "{said}");
                }
            }
        }
    }

    #[test]
    fn options_that_need_another_are_refused_without_it() {
        let line = |text: &str| said(&text.split(' ').map(String::from).collect::<Vec<_>>());
        for (alone, with) in [
            ("--momentum 0.9", "--optimiser sgd"),
            ("--patience 3", "--schedule plateau"),
            ("--plateau-factor 0.5", "--schedule plateau"),
            ("--focal-gamma 1", "--loss focal"),
            ("--focal-alpha 0.5", "--loss focal"),
            ("--judge 1", "--folds 3"),
            ("--central", "--smallest-part 0.5"),
        ] {
            assert!(line(alone).is_some_and(|said| said.starts_with("--")), "{alone}");
            assert_eq!(line(&format!("{alone} {with}")), None);
        }
        assert!(line("--border-weight 0 --border-sigma 3").is_some());
    }
}
