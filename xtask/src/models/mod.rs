//! `cargo xtask models`: checks every shipped model (card, licence, recipe, size, what it finds in a small drawing) and writes `models/README.md`.

mod recipe;
mod sample;
mod shipped;
mod table;

use std::fs;
use std::path::PathBuf;

use crate::process::{Result, root};
use crate::test::cli;

/// Checks all models and writes the table; with `--check` nothing is written, and a table that would be another is a fault.
pub fn models(options: &[&str]) -> Result {
    let only_check = match options {
        [] => false,
        ["--check"] => true,
        other => return Err(format!("'models' does not know {}; there is --check", other.join(" ")).into()),
    };
    let folder = root().join("models");
    let shipped = shipped::read(&folder)?;
    let program = program()?;
    let options = recipe::known_options(&program)?;
    let mut scores = sample::noted()?;
    let mut faults = Vec::new();
    for model in &shipped {
        let mut found = model.faults(&folder);
        found.extend(recipe::faults(&folder, model, &options));
        if let Err(fault) = sample::check(&program, model, &mut scores, only_check) {
            found.push(fault.to_string());
        }
        println!("{:<16} {}", model.id, if found.is_empty() { "fine".into() } else { found.join("; ") });
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", model.id)));
    }
    scores.retain(|id, _| shipped.iter().any(|model| model.id == *id));
    let files = [
        (folder.join("README.md"), table::written(&shipped, &scores)),
        (sample::noted_file(), sample::as_json(&scores)?),
    ];
    for (file, text) in &files {
        let found = fs::read_to_string(file).unwrap_or_default();
        let Some(line) = first_difference(&found, text) else { continue };
        let name = file.strip_prefix(root()).unwrap_or(file).display();
        if only_check {
            faults.push(format!(
                "{name} is not what the models are (`cargo xtask models` writes it); it lacks: {line}"
            ));
        } else if faults.is_empty() {
            fs::write(file, text)?;
            println!("{name} is written.");
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// The first line that should be there and is not, empty if there is one too many.
fn first_difference<'a>(found: &str, wanted: &'a str) -> Option<&'a str> {
    let lines =
        wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found).map(|(wanted, _)| wanted);
    (found != wanted).then(|| lines.or_else(|| wanted.lines().nth(found.lines().count())).unwrap_or(""))
}

/// The command line: that of `INSITU_CLI`, or ours, built if it is stale.
fn program() -> Result<PathBuf> {
    match std::env::var_os("INSITU_CLI") {
        Some(program) => Ok(program.into()),
        None => cli(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some("c"));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some("b"));
        assert_eq!(first_difference("a\nb\n", "a\n"), Some(""));
    }
}
