//! Rules of the house that no compiler checks. Each names the file that breaks it.

mod support;

use std::fs;

use support::{code, ends, files, none, read, root, sources};

#[test]
fn only_the_web_room_knows_the_browser() {
    let mut faults = Vec::new();
    for file in sources(&["src", "cli"], &[".rs"]).iter().filter(|f| !f.starts_with("src/web/")) {
        for line in code(file) {
            if ["wasm_bindgen", "web_sys", "js_sys"].iter().any(|name| line.contains(name)) {
                faults.push(format!("{file}: {line}"));
            }
        }
    }
    none(faults);
}

#[test]
fn the_engine_has_no_unsafe_code() {
    assert!(read("src/lib.rs").contains("#![forbid(unsafe_code)]"));
    let faults = sources(&["cli", "xtask/src"], &[".rs"]);
    none(faults.into_iter().filter(|f| code(f).iter().any(|l| l.contains("unsafe "))).collect());
}

#[test]
fn a_file_holds_one_idea() {
    let long = |f: &String| (read(f).lines().count(), f.clone());
    let files = sources(&["src", "cli", "xtask", "www"], &[".rs", ".js", ".mjs", ".css"]);
    let faults = files.iter().map(long).filter(|(lines, _)| *lines > 400);
    none(faults.map(|(lines, f)| format!("{f}: {lines} lines")).collect());
}

#[test]
fn nothing_large_is_tracked() {
    let size = |f: &String| fs::metadata(root().join(f)).map_or(0, |m| m.len());
    let faults = files().into_iter().map(|f| (size(&f), f)).filter(|(size, _)| *size > 9_000_000);
    none(faults.map(|(size, f)| format!("{f}: {size} bytes")).collect());
}

#[test]
fn what_is_built_is_not_tracked() {
    let built = ["pkg/", "dist/", "dist-release/", "target/", "node_modules/"];
    none(files().into_iter().filter(|f| built.iter().any(|b| f.starts_with(b))).collect());
}

#[test]
fn the_page_allows_scripts_and_connections_from_its_own_origin_alone() {
    let pages: Vec<_> = files().into_iter().filter(|f| !f.contains('/') && f.ends_with(".html")).collect();
    assert!(pages.iter().any(|p| p == "index.html"), "{pages:?}");
    for page in &pages {
        let html = read(page).split_whitespace().collect::<Vec<_>>().join(" ");
        let policy = html
            .split("Content-Security-Policy\" content=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_else(|| panic!("{page} has no Content-Security-Policy"));
        let rules: Vec<Vec<&str>> = policy.split(';').map(|r| r.split_whitespace().collect()).collect();
        let allowed = |name: &str| rules.iter().find(|r| r.first() == Some(&name)).map(|r| r[1..].to_vec());
        // What is not named is not allowed.
        let must = [
            ("default-src", vec!["'none'"]),
            ("script-src", vec!["'self'", "'wasm-unsafe-eval'"]),
            ("style-src", vec!["'self'"]),
            ("img-src", vec!["'self'"]),
            ("object-src", vec!["'none'"]),
            ("base-uri", vec!["'none'"]),
            ("form-action", vec!["'none'"]),
            // Text never becomes code.
            ("require-trusted-types-for", vec!["'script'"]),
        ];
        // Workers begin in the page's memory, so that its policy holds in them, too (www/guard/workers.js).
        let of_the_page = [
            ("connect-src", vec!["'self'"]),
            ("worker-src", vec!["'self'", "blob:"]),
            ("manifest-src", vec!["'self'"]),
            ("font-src", vec!["'none'"]),
            ("media-src", vec!["'none'"]),
            ("frame-src", vec!["'none'"]),
            ("trusted-types", vec!["default"]),
        ];
        let more = if page == "index.html" { &of_the_page[..] } else { &[] };
        for (name, sources) in must.iter().chain(more) {
            assert_eq!(allowed(name).as_ref(), Some(sources), "{page}: {name}");
        }
        if page == "index.html" {
            let named = must.len() + of_the_page.len();
            assert_eq!(rules.iter().filter(|rule| !rule.is_empty()).count(), named, "{page} allows more");
            // Links to other hosts are not looked up before somebody presses them.
            assert!(html.contains("http-equiv=\"x-dns-prefetch-control\" content=\"off\""), "{page}");
        }
        for source in rules.iter().flat_map(|rule| rule.iter().skip(1)) {
            // The benchmark reads its weights from the server on this machine that drives it.
            let driver =
                page == "bench.html" && ["http://127.0.0.1:*", "http://localhost:*"].contains(source);
            let loose =
                ["'unsafe-inline'", "'unsafe-eval'", "*"].contains(source) || source.starts_with("http");
            assert!(driver || !loose, "{page} allows {source}");
        }
        // No script or style outside a file, no attribute that runs one.
        let low = html.to_lowercase();
        assert!(!low.contains("<style") && !low.contains(" style="), "{page} has an inline style");
        assert!(!low.contains(" onclick=") && !low.contains(" onload="), "{page} has an inline handler");
        for script in low.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            assert!(tag.contains("src="), "{page} has an inline script");
            assert!(rest.trim_start().starts_with("</script>"), "{page} has an inline script");
        }
    }
}

#[test]
fn the_page_and_each_worker_import_the_guard_first() {
    let mut starts: Vec<String> = sources(&["www"], &[".js"])
        .into_iter()
        .filter(|f| f.ends_with("worker.js") && is_worker(f))
        .collect();
    starts.push("www/main.js".into());
    assert!(starts.len() >= 5, "{starts:?}");
    let first = |f: &String| code(f).into_iter().find(|line| line.starts_with("import"));
    none(
        starts
            .into_iter()
            .filter(|f| !first(f).is_some_and(|l| l.ends_with("guard/guard.js';")))
            .map(|f| format!("{f} does not import the guard first"))
            .collect(),
    );
    // Nothing starts a worker past it: what others call `Worker` is the guard's.
    let past = |f: &String| {
        let lines = code(f);
        let guarded = lines.iter().any(|l| l == "import { Worker } from '../guard/workers.js';");
        lines.iter().any(|l| l.contains("new Worker(") && !guarded || l.contains("new SharedWorker("))
    };
    let own = ["www/guard/workers.js", "www/guard/network-doors.js", "www/guard/page-doors.js"];
    none(sources(&["www"], &[".js"]).into_iter().filter(|f| !own.contains(&f.as_str()) && past(f)).collect());
}

/// Whether a file is what a worker runs; service workers come from a script of their own.
fn is_worker(file: &str) -> bool {
    ["www/keep/", "www/labels/", "www/wire/"].iter().any(|room| file.starts_with(room))
}

#[test]
fn the_page_names_no_other_host() {
    let mut faults = Vec::new();
    for file in sources(&["www"], &[".js", ".css"]) {
        for line in code(&file).iter().filter(|l| !l.contains("http://www.w3.org/")) {
            let fetches =
                ["fetch(", "import", "url(", "src", "href", "XMLHttpRequest", "WebSocket", "sendBeacon"];
            let other = ["http://", "https://", "'//", "\"//"].iter().any(|h| line.contains(h));
            if other && fetches.iter().any(|f| line.contains(f)) {
                faults.push(format!("{file}: {line}"));
            }
        }
    }
    none(faults);
}

#[test]
fn the_crates_that_must_match_have_exact_versions() {
    let mut seen = 0;
    for file in ["Cargo.toml", "cli/Cargo.toml", "xtask/Cargo.toml"] {
        for line in read(file).lines().filter(|l| !l.trim_start().starts_with('#')) {
            let Some((name, rest)) = line.split_once('=') else { continue };
            let exact = [
                "burn",
                "burn-wgpu",
                "cubecl",
                "wasm-bindgen",
                "wasm-bindgen-cli",
                "wasm-bindgen-cli-support",
            ];
            if exact.contains(&name.trim()) && rest.contains('"') && !rest.contains("workspace") {
                seen += 1;
                assert!(rest.contains("\"="), "{file}: {line}");
            }
        }
    }
    assert!(seen >= 6, "found {seen} of them");
    let package: serde_json::Value = serde_json::from_str(&read("package.json")).unwrap();
    for (name, version) in package["devDependencies"].as_object().unwrap() {
        let version = version.as_str().unwrap();
        assert!(version.starts_with(|c: char| c.is_ascii_digit()), "package.json: {name} {version}");
    }
    assert!(package.get("dependencies").is_none(), "the page needs no package");
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    // Written in two parts, or this file would break the rule.
    let places =
        [["/ro", "ot/"], ["/wo", "rk/"], ["/tm", "p/"], ["/ho", "me/"], ["/Us", "ers/"]].map(|p| p.concat());
    let text = [".rs", ".js", ".mjs", ".ts", ".toml", ".md", ".json", ".html", ".css", ".py", ".sh", "run"];
    let mut faults = Vec::new();
    for file in files().iter().filter(|f| ends(f, &text)) {
        let Ok(content) = fs::read_to_string(root().join(file)) else { continue };
        for line in content.lines().filter(|l| places.iter().any(|p| l.contains(p))) {
            faults.push(format!("{file}: {line}"));
        }
    }
    none(faults);
}
