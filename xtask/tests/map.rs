//! The map of docs/architecture.md holds: every room stands on it, imports only what its row allows, and nothing goes in a circle.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use support::{none, read, sources};

/// A room and those that it may import, as a row of the map tells.
type Map = BTreeMap<String, BTreeSet<String>>;

/// The rows of the tables whose first cell is `` `prefix...` ``: the room's name without the prefix and a slash at its end, and
/// what the last cell names. `all` stands for every room.
fn map(prefix: &str) -> Map {
    let text = read("docs/architecture.md");
    let mut map = Map::new();
    for line in text.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { continue };
        let names = first.split(',').filter_map(|name| name.trim().trim_matches('`').strip_prefix(prefix));
        for name in names {
            let room = name.trim_end_matches('/').trim_end_matches(".rs").to_string();
            let may =
                last.split(',').map(|r| r.trim().trim_matches('`').to_string()).filter(|r| !r.is_empty());
            map.insert(room, may.collect());
        }
    }
    assert!(map.len() > 5, "docs/architecture.md has no table of {prefix}");
    map
}

/// What breaks the map among `(file, room, imported room)`.
fn faults(map: &Map, imports: impl IntoIterator<Item = (String, String, String)>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (file, room, other) in imports {
        let fault = match map.get(&room) {
            None => format!("{room} is not on the map ({file})"),
            Some(may) if room == other || may.contains(&other) || may.contains("all") => continue,
            Some(_) => format!("{file} imports {other}, which the map does not allow to {room}"),
        };
        found.insert(fault);
    }
    found.into_iter().collect()
}

/// The room of a file below a folder: its first folder, or its own name.
fn room<'a>(file: &'a str, folder: &str) -> &'a str {
    let below = file.strip_prefix(folder).unwrap_or(file);
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
}

/// A file's code without its tests and without comments, which may name what it likes.
fn rust(file: &str) -> String {
    let text = read(file);
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The names that follow `crate::` in a file, those of a braced list each.
fn rooms_of_crate(text: &str) -> BTreeSet<String> {
    let name =
        |t: &str| t.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for part in text.split("crate::").skip(1) {
        let list = part.strip_prefix('{').and_then(|list| list.split('}').next());
        found.extend(
            list.unwrap_or(part).split(',').take(if list.is_some() { usize::MAX } else { 1 }).map(name),
        );
    }
    found.retain(|n| n.starts_with(char::is_lowercase));
    found
}

#[test]
fn rooms_of_the_engine_import_only_what_the_map_allows() {
    let map = map("src/");
    let files = sources(&["src"], &[".rs"]);
    let imports = files.iter().filter(|f| *f != "src/lib.rs").flat_map(|file| {
        let own = room(file, "src/").to_string();
        rooms_of_crate(&rust(file)).into_iter().map(move |other| (file.clone(), own.clone(), other))
    });
    let mut wrong = faults(&map, imports);
    let there: BTreeSet<&str> = files.iter().map(|f| room(f, "src/")).filter(|r| *r != "lib").collect();
    wrong.extend(there.iter().filter(|r| !map.contains_key(**r)).map(|r| format!("{r} is not on the map")));
    wrong.extend(map.keys().filter(|r| !there.contains(r.as_str())).map(|r| format!("there is no src/{r}")));
    none(wrong);
}

/// The files that a module of the page imports when it is loaded or later; types in comments are not among them.
fn imported(file: &str) -> BTreeSet<String> {
    let mut text = String::new();
    // Comments hold types only.
    let source = read(file);
    let mut rest = source.as_str();
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    let mut found = BTreeSet::new();
    for start in ["from '", "import '", "import('", "new URL('"] {
        for part in text.split(start).skip(1) {
            let Some(path) = part.split('\'').next().filter(|p| p.starts_with('.')) else { continue };
            found.insert(resolved(file, path));
        }
    }
    found
}

/// `path` as seen from a file.
fn resolved(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            Component::Normal(name) => parts.extend(name.to_str()),
            _ => {}
        }
    }
    parts.join("/")
}

#[test]
fn rooms_of_the_page_import_only_what_the_map_allows() {
    let map = map("www/");
    let files = sources(&["www"], &[".js"]);
    let imports = files.iter().flat_map(|file| {
        let own = room(file, "www/").to_string();
        let others = imported(file).into_iter().filter(|f| f.starts_with("www/") && f.ends_with(".js"));
        others.map(move |other| (file.clone(), own.clone(), room(&other, "www/").to_string()))
    });
    let mut wrong = faults(&map, imports);
    let there: BTreeSet<&str> = files.iter().map(|f| room(f, "www/")).collect();
    wrong.extend(there.iter().filter(|r| !map.contains_key(**r)).map(|r| format!("{r} is not on the map")));
    wrong.extend(map.keys().filter(|r| !there.contains(r.as_str())).map(|r| format!("there is no www/{r}")));
    none(wrong);
}

/// Circles among files, each as its files.
fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    // Files that import nothing that is left are in no circle; those that are left are, or lead to one.
    let mut left: BTreeMap<&str, BTreeSet<&str>> = graph
        .iter()
        .map(|(file, others)| {
            (file.as_str(), others.iter().map(String::as_str).filter(|o| graph.contains_key(*o)).collect())
        })
        .collect();
    loop {
        let done: Vec<&str> =
            left.iter().filter(|(_, others)| others.is_empty()).map(|(file, _)| *file).collect();
        if done.is_empty() {
            break;
        }
        for file in done {
            left.remove(file);
            for others in left.values_mut() {
                others.remove(file);
            }
        }
    }
    left.iter().map(|(file, others)| format!("{file} imports {others:?} in a circle")).collect()
}

#[test]
fn modules_of_the_page_import_each_other_in_no_circle() {
    let graph = sources(&["www"], &[".js"]).into_iter().map(|f| (f.clone(), imported(&f))).collect();
    none(circles(&graph));
}

#[test]
fn only_the_session_writes_the_store() {
    let writes = |f: &String| !f.starts_with("www/session/") && read(f).contains("store.set(");
    none(sources(&["www"], &[".js"]).into_iter().filter(writes).collect());
}

#[test]
fn circles_are_found() {
    let file =
        |name: &str, others: &[&str]| (name.to_string(), others.iter().map(|o| o.to_string()).collect());
    let graph = [file("a", &["b"]), file("b", &["c"]), file("c", &["b"]), file("d", &["a"]), file("e", &[])];
    let found = circles(&graph.into_iter().collect());
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(circles(&[file("a", &["b", "x"]), file("b", &[])].into_iter().collect()).is_empty());
}
