//! `models/recipes/NAME.sh`: the commands that make a model again. Options that the command line no longer knows are found here, and words that are not
//! those in the model file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use super::shipped::{Shipped, text};
use crate::process::Result;

/// The options of `insitu train`, as its help names them.
pub fn known_options(program: &Path) -> Result<BTreeSet<String>> {
    let run = Command::new(program).args(["train", "--help"]).output();
    let run = run.map_err(|e| format!("{} did not start: {e}", program.display()))?;
    let help = String::from_utf8_lossy(&run.stdout);
    let names =
        help.split(|c: char| c.is_whitespace() || ",[]".contains(c)).filter(|word| word.starts_with("--"));
    Ok(names.map(str::to_string).collect())
}

/// What is wrong with the recipe of a model, in words.
pub fn faults(folder: &Path, model: &Shipped, known: &BTreeSet<String>) -> Vec<String> {
    let name = format!("recipes/{}.sh", model.id);
    match fs::read_to_string(folder.join(&name)) {
        Ok(script) => of_script(&script, model, known).into_iter().map(|f| format!("{name} {f}")).collect(),
        Err(e) => vec![format!("{name} cannot be read: {e}")],
    }
}

fn of_script(script: &str, model: &Shipped, known: &BTreeSet<String>) -> Vec<String> {
    let trainings = trainings_of(script);
    let mut faults = Vec::new();
    for words in &trainings {
        let unknown = words.iter().filter(|word| word.starts_with("--") && !known.contains(*word));
        faults.extend(unknown.map(|word| format!("has {word}, which `insitu train` does not know")));
        if value(words, "--data") != Some("$DATA") || value(words, "--seed").is_none() {
            faults.push("has a training without --data \"$DATA\" or without --seed".into());
        }
    }
    let Some(last) = trainings.last() else { return vec!["trains nothing".into()] };
    if value(last, "--out") != Some("$OUT") {
        faults.push("does not end with --out \"$OUT\"".into());
    }
    if !script.contains("${1:-../shared/data/")
        || !script.contains(&format!("${{2:-{}.safetensors}}", model.id))
    {
        faults.push("does not take the folder of the data and the file to write".into());
    }
    let made: Vec<_> =
        trainings_of(text(&model.card["training"], "command")).iter().map(|w| settings(w)).collect();
    let makes: Vec<_> = trainings.iter().map(|words| settings(words)).collect();
    if makes.len() != made.len() {
        faults.push(format!("has {} trainings, the model file was made by {}", makes.len(), made.len()));
    }
    for (makes, made) in makes.iter().zip(&made) {
        let options: BTreeSet<_> = makes.keys().chain(made.keys()).collect();
        for option in options.into_iter().filter(|option| makes.get(*option) != made.get(*option)) {
            let shown = |value: Option<&String>| value.map_or("not set".into(), |v| format!("'{v}'"));
            let (here, there) = (shown(makes.get(option)), shown(made.get(option)));
            faults.push(format!("has {option} {here}, the model file was made with {there}"));
        }
    }
    let said = [
        ("--title", text(&model.card, "title")),
        ("--summary", text(&model.card, "summary")),
        ("--licence", text(&model.card, "licence")),
        ("--attribution", text(&model.card["training"], "attribution")),
    ];
    for (option, wanted) in said.iter().filter(|(option, wanted)| value(last, option) != Some(*wanted)) {
        faults.push(format!(
            "says {option} '{}', the model file '{wanted}'",
            value(last, option).unwrap_or("")
        ));
    }
    faults
}

/// What a training is told of how to learn, by option: not where things are nor what they are called. Under the names of now, and with
/// the defaults that matter most said.
fn settings(words: &[String]) -> BTreeMap<String, String> {
    const OTHERS: [&str; 9] = [
        "--data",
        "--out",
        "--init",
        "--device",
        "--title",
        "--class",
        "--summary",
        "--licence",
        "--attribution",
    ];
    let mut settings = BTreeMap::from([("--seed".into(), "1".into()), ("--preset".into(), "small".into())]);
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.starts_with("--")) {
        let name = if word == "--judged" { "--validated" } else { word };
        let value = words.get(at + 1).filter(|value| !value.starts_with("--")).cloned().unwrap_or_default();
        if !OTHERS.contains(&name) {
            settings.insert(name.into(), value);
        }
    }
    settings
}

/// What stands after an option.
fn value<'a>(words: &'a [String], option: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| word == option)?;
    words.get(at + 1).map(String::as_str)
}

/// The words of each `insitu train ...` of a script, without their quotation marks.
fn trainings_of(script: &str) -> Vec<Vec<String>> {
    let lines = script.replace("\\\n", " ");
    let commands = lines.lines().filter_map(|line| line.trim_start().strip_prefix("insitu train "));
    commands.map(words).collect()
}

/// The words of a line, as a shell parts them: `'...'`, `"..."` and a backslash before one letter.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut open, mut quote) = (Vec::new(), String::new(), false, None);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (c, Some(q)) if c == q => quote = None,
            (c, Some(_)) => word.push(c),
            ('\'' | '"', None) => (quote, open) = (Some(letter), true),
            ('\\', None) => word.extend(letters.next()),
            (c, None) if c.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (c, None) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCRIPT: &str = "DATA=${1:-../shared/data/a}\nOUT=${2:-a.safetensors}\n\
        insitu train --data \"$DATA\" \\\n  --out \"$OUT\" --seed 1 --half --steps 9 --validated 6 --title 'It'\\''s T' --summary S --licence MIT --attribution A\n";

    fn faults_of(script: &str) -> Vec<String> {
        let card = json!({ "title": "It's T", "summary": "S", "licence": "MIT", "training": {
            "attribution": "A", "command": "insitu train --data elsewhere --out 'a b' --judged 6 --steps 9 --half --device old"
        } });
        let known = [
            "--data",
            "--out",
            "--seed",
            "--steps",
            "--half",
            "--validated",
            "--title",
            "--summary",
            "--licence",
            "--attribution",
        ];
        of_script(script, &Shipped::of_card("a", card), &known.map(str::to_string).into())
    }

    #[test]
    fn words_are_parted_as_a_shell_does() {
        assert_eq!(words("--a 'b c' \"d e\" f\\ g 'h'\\''i' ''"), ["--a", "b c", "d e", "f g", "h'i", ""]);
    }

    #[test]
    fn a_recipe_that_makes_the_model_has_no_fault() {
        assert_eq!(faults_of(SCRIPT), Vec::<String>::new());
    }

    #[test]
    fn options_that_are_gone_and_words_that_differ_are_named() {
        let faults = |from: &str, to: &str| faults_of(&SCRIPT.replace(from, to)).join("\n");
        assert!(faults("--seed 1", "--seed 1 --judged 6").contains("--judged"));
        assert!(faults("--seed 1", "").contains("without --seed"));
        assert!(faults("--licence MIT", "--licence CC0-1.0").contains("says --licence 'CC0-1.0'"));
        assert!(faults("--out \"$OUT\"", "--out b").contains("does not end with"));
        assert!(faults("2:-a", "2:-b").contains("does not take"));
        assert!(
            faults("--steps 9", "--steps 8").contains("has --steps '8', the model file was made with '9'")
        );
        assert!(faults(" --half", "").contains("has --half not set, the model file was made with ''"));
        assert!(faults_of(&[SCRIPT, SCRIPT].concat())[0].contains("has 2 trainings"));
        assert!(faults("insitu train", "insitu eval").contains("trains nothing"));
    }
}
