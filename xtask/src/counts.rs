//! How many tests ran, read from what the test runners print at their end.

use std::ops::AddAssign;

/// Tests passed, failed and skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    /// Of the passed ones, those that passed at their second try.
    pub second: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.second += other.second;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)?;
        if self.second > 0 { write!(f, ", {} passed at the second try", self.second) } else { Ok(()) }
    }
}

impl Counts {
    /// Every `test result: ok. 12 passed; 0 failed; 1 ignored; ...` of cargo or of wasm-bindgen's runner.
    pub fn of_cargo(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().filter_map(|l| l.trim().strip_prefix("test result: ")) {
            let parts = line.split_once(". ").map_or("", |(_, parts)| parts);
            for part in parts.split(';') {
                let mut words = part.split_whitespace();
                let number = words.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
                match words.next() {
                    Some("passed") => counts.passed += number,
                    Some("failed") => counts.failed += number,
                    Some("ignored") => counts.skipped += number,
                    _ => {}
                }
            }
        }
        counts
    }

    /// The closing lines `# pass 3`, `# fail 0`, `# cancelled 0`, `# skipped 0`, `# todo 0` of node's TAP reporter.
    pub fn of_node(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().filter_map(|l| l.strip_prefix("# ")) {
            let Some((word, number)) = line.split_once(' ') else { continue };
            let Ok(number) = number.trim().parse::<usize>() else { continue };
            match word {
                "pass" => counts.passed += number,
                "fail" | "cancelled" => counts.failed += number,
                "skipped" | "todo" => counts.skipped += number,
                _ => {}
            }
        }
        counts
    }
}

/// A test that failed, as node's TAP reporter tells it.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub name: String,
    /// The name of its file, without its folder.
    pub file: String,
}

/// The tests that failed: each `not ok 47 - its name` at the margin, and the `location: '.../inside.test.mjs:136:1'` below it.
pub fn failures_of_node(output: &str) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut open = None;
    for line in output.lines() {
        if let Some(rest) = line.strip_prefix("not ok ") {
            open = rest.split_once(" - ").map(|(_, name)| name.to_owned());
        } else if let Some(place) = line.strip_prefix("  location: '")
            && let Some(name) = open.take()
        {
            let path = place.trim_end_matches('\'').rsplitn(3, ':').last().unwrap_or(place);
            let file = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
            failures.push(Failure { name, file });
        }
    }
    failures
}

/// The names of the tests that passed: each `ok 47 - its name` at the margin.
pub fn passed_of_node(output: &str) -> Vec<&str> {
    let lines = output.lines().filter_map(|line| line.strip_prefix("ok "));
    lines.filter_map(|rest| rest.split_once(" - ")).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_several_test_binaries_are_added() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 3 passed; 4 failed; 0 ignored; 0 measured; 5 filtered out; finished in 1.01s\n\
            test result: ok. 7 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.1s\n";
        assert_eq!(Counts::of_cargo(output), Counts { passed: 12, failed: 4, skipped: 1, second: 0 });
    }

    #[test]
    fn a_cancelled_test_of_node_counts_as_failed() {
        let output = "ok 1 - a thing\n# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 1.5\n";
        assert_eq!(Counts::of_node(output), Counts { passed: 5, failed: 2, skipped: 2, second: 0 });
    }

    #[test]
    fn the_tests_that_passed_are_known_by_their_names_and_steps_of_theirs_are_none() {
        let output = "    ok 1 - a step\nok 1 - in WebKit - or so\nnot ok 2 - late\n1..2\n";
        assert_eq!(passed_of_node(output), ["in WebKit - or so"]);
    }

    #[test]
    fn a_failed_test_of_node_is_known_by_its_name_and_its_file() {
        let output = "ok 1 - a thing\n  ---\n  location: '/a/b/one.test.mjs:3:1'\n  ...\n\
            not ok 2 - a thing - and more\n  ---\n  duration_ms: 3.5\n  location: '/a/b/two.test.mjs:136:1'\n  ...\n";
        let failure = Failure { name: "a thing - and more".into(), file: "two.test.mjs".into() };
        assert_eq!(failures_of_node(output), [failure]);
    }

    #[test]
    fn words_that_look_alike_are_not_counted() {
        assert_eq!(Counts::of_cargo("it says: 3 passed; 2 failed\n"), Counts::default());
        assert_eq!(Counts::of_node("pass 3\n# pass through\n"), Counts::default());
    }
}
