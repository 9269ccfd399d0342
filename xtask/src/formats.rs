//! `cargo xtask formats`: what is read and what is refused, as the tests see it: the table of `docs/formats.md`, and the inputs that once came out wrong.

use std::fs;
use std::process::Stdio;

use crate::process::{Result, cargo, root};

const BEGIN: &str = "<!-- Written by `cargo xtask formats` from tests/reference/kinds.json -->\n";
const END: &str = "<!-- end -->";

/// Runs the tests that print the rows, writes the table and prints the cases.
pub fn formats() -> Result {
    let kinds = rows("formats", "kind")?;
    let file = root().join("docs/formats.md");
    let written = fs::read_to_string(&file)?;
    let (head, rest) = written.split_once(BEGIN).ok_or("docs/formats.md has no place for the table")?;
    let (_, tail) = rest.split_once(END).ok_or("docs/formats.md does not say where its table ends")?;
    fs::write(&file, format!("{head}{BEGIN}{}{END}{tail}", table(&kinds)))?;
    println!("docs/formats.md: {} formats", kinds.len());
    if !root().join("../shared/cases").is_dir() {
        println!("The inputs that once came out wrong are not here (../shared/cases).");
        return Ok(());
    }
    let cases = rows("with_shared", "case")?;
    println!("\n| file | what it is | right according to | what comes | |\n|---|---|---|---|---|");
    for row in &cases {
        println!("| {} |", row.join(" | "));
    }
    let of = |verdict: &str| cases.iter().filter(|row| row.last().is_some_and(|v| v == verdict)).count();
    println!(
        "\n{} cases: {} right, {} refused by name, {} wrong",
        cases.len(),
        of("right"),
        of("refused"),
        of("WRONG")
    );
    if of("WRONG") > 0 { Err("not every case is right".into()) } else { Ok(()) }
}

fn table(kinds: &[Vec<String>]) -> String {
    let mut table = String::from(
        "| format | read | refused by name | left out | files that show it |\n|---|---|---|---|---|\n",
    );
    for row in kinds {
        table.push_str(&format!("| {} |\n", row.join(" | ").replace("|  |", "| |")));
    }
    table
}

/// The rows that a test prints: `formats|WHAT|cell|cell...`. That the test fails is told by its rows.
fn rows(test: &str, what: &str) -> Result<Vec<Vec<String>>> {
    let native =
        ["test", "--release", "--workspace", "--exclude", "xtask", "--test", test, "--", "--nocapture"];
    let run = cargo(&native).stderr(Stdio::inherit()).output()?;
    let output = String::from_utf8_lossy(&run.stdout);
    let begin = format!("formats|{what}|");
    let rows: Vec<Vec<String>> = output
        .lines()
        .filter_map(|line| Some(line.split_once(&begin)?.1.split('|').map(str::to_string).collect()))
        .collect();
    if rows.is_empty() { Err(format!("the test {test} printed no rows").into()) } else { Ok(rows) }
}
