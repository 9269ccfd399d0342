//! `cargo xtask test`: every check of the project, each with its time, and the number of tests that ran.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::build::{LIMIT, WASM, build};
use crate::counts::{Counts, Failure, failures_of_node, passed_of_node};
use crate::dist::dist;
use crate::licences;
use crate::models;
use crate::process::{Result, cargo, program, root, run, target, watch};
use crate::recipes;
use crate::tools;

/// What one step answers: how many tests ran in it, none if it only checks.
type Answer = Result<Counts>;

/// Name for `cargo xtask test NAME`, heading, and what it does.
type Step = (&'static str, &'static str, fn() -> Answer);

/// In the order that finds the common mistakes first.
const STEPS: [Step; 18] = [
    ("format", "Formatting", format),
    ("lint", "Lints, native", lint),
    ("lint-web", "Lints, web", lint_web),
    ("house", "House rules, and the tests of the commands", house),
    ("docs", "Documentation", docs),
    ("licences", "Licences and sources of the dependencies", licences),
    ("native", "Native tests", native),
    ("models", "The shipped models", models),
    ("npm", "Packages for the tests of the page", npm),
    ("format-js", "Formatting of the page", format_js),
    ("lint-js", "Lints of the page", lint_js),
    ("build", "The engine for the web, and the types of what crosses", size),
    ("types", "Types of the page's modules and of their tests", types),
    ("unit", "Unit tests of the page's modules", unit),
    ("web", "The engine in a browser, on the CPU and on WebGPU", web),
    ("e2e", "The page in a browser, end to end", e2e),
    ("browsers", "The same way through the page in Chromium, Firefox and WebKit", browsers),
    ("scale", "The recipes for more than one machine, on a small scale", scale),
];

/// Runs the steps named, or all of them; goes on after a failure, and fails in the end.
pub fn test(only: &[&str]) -> Result {
    let known = |name: &&str| STEPS.iter().any(|s| s.0 == *name);
    if let Some(unknown) = only.iter().find(|n| !known(n)) {
        let names: Vec<_> = STEPS.iter().map(|s| s.0).collect();
        return Err(format!("no step '{unknown}'; there are: {}", names.join(", ")).into());
    }
    let mut total = Counts::default();
    let mut table = Vec::new();
    let mut failed = Vec::new();
    let wanted = |name: &str| only.is_empty() || only.contains(&name);
    for (name, title, step) in STEPS.iter().filter(|step| wanted(step.0)) {
        println!("\n=== {title} ({name})");
        let start = Instant::now();
        let mut counts = match step() {
            Ok(counts) => counts,
            Err(e) => {
                println!("{e}");
                Counts { failed: 1, ..Counts::default() }
            }
        };
        if counts.failed > 0 {
            failed.push(*name);
        }
        let took = minutes(start.elapsed());
        println!("=== {name}: {counts}, {took}");
        table.push(format!("{name:<10} {took:>8}  {counts}"));
        total += std::mem::take(&mut counts);
    }
    println!("\n{}", table.join("\n"));
    if !failed.is_empty() {
        println!("\nFailed: {}", failed.join(", "));
    }
    println!("\n{total}");
    if failed.is_empty() { Ok(()) } else { Err("not everything passed".into()) }
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// A check without tests of its own.
fn check(command: &mut Command) -> Answer {
    run(command).map(|()| Counts::default())
}

/// Counts what a runner printed; one that fails without naming a failed test (it did not compile) counts as one, and so
/// does one that ran nothing.
fn counted(command: &mut Command, read: fn(&str) -> Counts) -> Answer {
    let (success, output) = watch(command)?;
    Ok(judged(success, read(&output)))
}

/// As [`counted`], of what a run gave.
fn judged(success: bool, mut counts: Counts) -> Counts {
    if success && counts.passed + counts.skipped == 0 {
        println!("No test ran.");
    }
    if counts.failed == 0 && (!success || counts.passed + counts.skipped == 0) {
        counts.failed = 1;
    }
    counts
}

fn format() -> Answer {
    check(&mut cargo(&["fmt", "--all", "--check"]))
}

/// xtask on its own, so that its dependencies do not change the features that the engine's are compiled with.
fn lint() -> Answer {
    let engine = ["clippy", "--release", "--workspace", "--exclude", "xtask", "--all-targets"];
    run(cargo(&engine).args(["--", "-D", "warnings"]))?;
    let xtask = ["clippy", "--release", "-p", "xtask", "--all-targets", "--features", "test-runner"];
    check(cargo(&xtask).args(["--", "-D", "warnings"]))
}

fn lint_web() -> Answer {
    tools::wasm_target()?;
    let web = ["clippy", "--profile", "web", "--target", WASM, "-p", "insitu", "--lib", "--test", "web"];
    check(cargo(&web).args(["--", "-D", "warnings"]))
}

fn house() -> Answer {
    counted(&mut cargo(&["test", "--release", "-p", "xtask"]), Counts::of_cargo)
}

fn docs() -> Answer {
    let docs = ["doc", "--release", "--no-deps", "--workspace", "--exclude", "xtask"];
    check(cargo(&docs).env("RUSTDOCFLAGS", "-D warnings"))
}

fn licences() -> Answer {
    licences::check().map(|()| Counts::default())
}

fn native() -> Answer {
    counted(
        &mut cargo(&["test", "--release", "--workspace", "--exclude", "xtask", "--no-fail-fast"]),
        Counts::of_cargo,
    )
}

fn models() -> Answer {
    models::models(&["--check"]).map(|()| Counts::default())
}

fn npm() -> Answer {
    tools::node()?;
    let lock = std::fs::read(root().join("package-lock.json"))?;
    let stamp = root().join("node_modules/.insitu-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("node_modules is up to date.");
        return Ok(Counts::default());
    }
    run(&mut program("npm", &["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(stamp, lock)?;
    Ok(Counts::default())
}

fn format_js() -> Answer {
    check(&mut program("npx", &["--no-install", "prettier", "--check", "."]))
}

fn lint_js() -> Answer {
    check(&mut program("npx", &["--no-install", "eslint", "."]))
}

/// The tests on their own, so that the page knows nothing of Node.js.
fn types() -> Answer {
    run(&mut program("npx", &["--no-install", "tsc", "--project", "tsconfig.json"]))?;
    check(&mut program("npx", &["--no-install", "tsc", "--project", "tests/unit-js/tsconfig.json"]))
}

fn unit() -> Answer {
    counted(&mut node_command(tests_of("tests/unit-js")?, "60000")?, Counts::of_node)
}

fn size() -> Answer {
    let bytes = build()?;
    if bytes > LIMIT {
        return Err(format!("{bytes} bytes gzipped are over the limit of {LIMIT}").into());
    }
    Ok(Counts::default())
}

fn web() -> Answer {
    counted(&mut web_tests()?, Counts::of_cargo)
}

/// The command that runs `tests/web.rs` in the browser.
pub fn web_tests() -> Result<Command> {
    tools::wasm_target()?;
    let browser = tools::browser()?;
    let runner =
        ["build", "--release", "-p", "xtask", "--features", "test-runner", "--bin", "wasm-test-runner"];
    run(&mut cargo(&runner))?;
    let web = ["test", "--profile", "web", "--target", WASM, "-p", "insitu", "--test", "web"];
    let runner = target().join("release").join(format!("wasm-test-runner{}", std::env::consts::EXE_SUFFIX));
    let mut command = cargo(&web);
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", &browser.driver)
        // Seconds; a network on a WebGPU that is computed by the CPU takes its time.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "900")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities(&browser)?);
    Ok(command)
}

/// `tests/webdriver.json` with the browser that was found, for the driver; returns where that is written.
fn capabilities(browser: &tools::Browser) -> Result<PathBuf> {
    let text = std::fs::read_to_string(root().join("tests/webdriver.json"))?;
    let mut wanted: serde_json::Value = serde_json::from_str(&text)?;
    wanted["goog:chromeOptions"]["binary"] = browser.chromium.to_string_lossy().into();
    let file = target().join("webdriver.json");
    std::fs::write(&file, wanted.to_string())?;
    Ok(file)
}

fn e2e() -> Answer {
    let browser = tools::browser()?;
    dist()?;
    let cli = cli()?;
    let xtask = std::env::current_exe()?;
    browser_tests("tests/e2e", |command| {
        command.env("CHROMIUM", &browser.chromium).env("INSITU_XTASK", &xtask).env("INSITU_CLI", &cli);
    })
}

/// The most tests that may fail and be tried again: more are no accident.
const ACCIDENTS: usize = 3;

/// Runs the tests of a folder, a few failed ones twice.
fn browser_tests(folder: &str, prepare: impl Fn(&mut Command)) -> Answer {
    with_second_try(folder, tests_of(folder)?, |files| {
        let mut command = node_command(files, "1800000")?;
        prepare(&mut command);
        watch(&mut command)
    })
}

/// A browser on a busy machine now and then answers too late or too early: the files of a few failed tests are run once more,
/// on their own, and each of these tests that passes then counts as passed, with a word that says so. What passed at the first
/// try has passed. `run` tells of files whether they passed, and what node printed.
fn with_second_try(
    folder: &str,
    files: Vec<String>,
    mut run: impl FnMut(Vec<String>) -> Result<(bool, String)>,
) -> Answer {
    let (success, output) = run(files)?;
    let mut counts = Counts::of_node(&output);
    let failures = failures_of_node(&output);
    if failures.is_empty() || failures.len() > ACCIDENTS {
        return Ok(judged(success, counts));
    }
    let mut files: Vec<_> = failures.iter().map(|one| format!("{folder}/{}", one.file)).collect();
    files.dedup();
    println!("\n{} failed; tried once more: {}", counts.failed, files.join(", "));
    let (_, output) = run(files)?;
    let passed = passed_of_node(&output);
    let again = |one: &Failure| passed.contains(&one.name.as_str());
    for one in &failures {
        let said = if again(one) { "Passed at the second try" } else { "Failed twice" };
        println!("{said}: {} ({})", one.name, one.file);
    }
    // Of a test with steps the step that failed is counted, too.
    if failures.iter().all(again) {
        counts.passed += counts.failed;
        counts.second = std::mem::take(&mut counts.failed);
    }
    Ok(counts)
}

/// With `INSITU_WRITE_TABLE=1` the table of the README is written anew.
fn browsers() -> Answer {
    let chromium = tools::browser()?;
    tools::other_browsers();
    build()?;
    let xtask = std::env::current_exe()?;
    browser_tests("tests/e2e/browsers", |command| {
        command
            .env("CHROMIUM", &chromium.chromium)
            .env("CHROMEDRIVER", &chromium.driver)
            .env("INSITU_XTASK", &xtask);
    })
}

/// Builds the command line and tells where it is.
pub fn cli() -> Result<PathBuf> {
    run(&mut cargo(&["build", "--release", "-p", "insitu-cli"]))?;
    Ok(target().join("release").join(format!("insitu{}", std::env::consts::EXE_SUFFIX)))
}

fn scale() -> Answer {
    let Some(python) = recipes::python()? else {
        return Ok(Counts { skipped: recipes::CHECKS, ..Counts::default() });
    };
    let mut command = program(&python.to_string_lossy(), &["examples/check.py"]);
    command.arg(cli()?);
    counted(&mut command, Counts::of_cargo)
}

/// Every `*.test.mjs` of a folder.
fn tests_of(folder: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).map_err(|e| format!("{folder}: {e}"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(format!("{folder}/{name}"));
        }
    }
    files.sort();
    Ok(files)
}

/// Files of tests, one after the other; `limit` for one of them in milliseconds.
fn node_command(files: Vec<String>, limit: &str) -> Result<Command> {
    tools::node()?;
    let mut command = program("node", &["--test", "--test-reporter=tap", "--test-concurrency=1"]);
    command.arg(format!("--test-timeout={limit}")).args(files);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSED: &str = "ok 1 - steady\nok 2 - now and then\n# pass 2\n# fail 0\n";
    const FAILED: &str = "ok 1 - steady\nnot ok 2 - now and then\n  location: '/tests/e2e/one.test.mjs:3:1'\n# pass 1\n# fail 1\n";

    /// What is counted if node prints these in turn, and the files that it was asked for.
    fn tried(outputs: &[&str]) -> (Counts, Vec<Vec<String>>) {
        let mut asked = Vec::new();
        let files = vec!["tests/e2e/one.test.mjs".into(), "tests/e2e/two.test.mjs".into()];
        let counts = with_second_try("tests/e2e", files, |files| {
            asked.push(files);
            let output = outputs[asked.len() - 1];
            Ok((output == PASSED, output.to_owned()))
        });
        (counts.unwrap(), asked)
    }

    #[test]
    fn a_test_that_passes_at_the_second_try_passes_and_is_told() {
        let (counts, asked) = tried(&[FAILED, PASSED]);
        assert_eq!(counts, Counts { passed: 2, second: 1, ..Counts::default() });
        assert_eq!(counts.to_string(), "2 passed, 0 failed, 0 skipped, 1 passed at the second try");
        assert_eq!(asked[1], ["tests/e2e/one.test.mjs"]);
    }

    #[test]
    fn a_test_that_fails_twice_fails() {
        assert_eq!(tried(&[FAILED, FAILED]).0, Counts { passed: 1, failed: 1, ..Counts::default() });
    }

    #[test]
    fn what_passed_at_the_first_try_has_passed() {
        let other = "not ok 1 - steady\n  location: '/tests/e2e/one.test.mjs:2:1'\nok 2 - now and then\n# pass 1\n# fail 1\n";
        assert_eq!(tried(&[FAILED, other]).0, Counts { passed: 2, second: 1, ..Counts::default() });
    }

    #[test]
    fn many_that_fail_are_no_accident_and_not_tried_again() {
        let many = FAILED.repeat(4);
        let (counts, asked) = tried(&[&many]);
        assert_eq!((counts.failed, asked.len()), (4, 1));
    }

    #[test]
    fn a_run_that_tells_nothing_has_failed() {
        assert_eq!(tried(&["the browser is gone"]).0.failed, 1);
    }
}
