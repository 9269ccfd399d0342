//! The page as a release: its version's folder, what lies beside it, and the list that the service worker checks every file by.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::packed::gzip;
use super::{MANIFEST, WORKER, copy};
use crate::process::Result;

/// In the version's folder.
const FOLDERS: [&str; 3] = ["www", "pkg", "models"];
/// At the top, with addresses that lead into the version's folder.
const PAGES: [&str; 2] = ["index.html", "bench.html"];
/// The door for other pages, at the address that the documentation names.
const DOOR: &str = "www/insitu.js";
/// The service worker's parts, in the order in which they become one script.
const PARTS: [&str; 2] = ["www/offline/rules.js", "www/offline/service-worker.js"];
/// Digits of the hash that names the version: the service worker knows the folder by them.
const DIGITS: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// From the page's folder on, with `/`.
    pub path: String,
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

#[derive(Debug)]
pub struct Release {
    /// That of the crate, and a hash of all files: `0.1.0-0123456789ab`.
    pub version: String,
    /// What the page may ask for.
    pub files: Vec<File>,
}

/// Writes the page of a repository into a folder that is not there yet.
pub fn write(from: &Path, to: &Path, crate_version: &str) -> Result<Release> {
    let unnamed = to.join(".new");
    fs::create_dir_all(&unnamed)?;
    for folder in FOLDERS {
        copy(&from.join(folder), &unnamed.join(folder))?;
    }
    let parts = PARTS.map(|part| unnamed.join(part));
    let script = classic(&[fs::read_to_string(&parts[0])?, fs::read_to_string(&parts[1])?])?;
    let (top, place) = MANIFEST;
    let manifest = fs::read_to_string(unnamed.join(place))?;
    // A page asks for these at the top alone.
    fs::remove_file(&parts[1])?;
    fs::remove_file(unnamed.join(place))?;
    let pages = PAGES.map(|page| fs::read_to_string(from.join(page)).map(|html| (page, html)));
    let pages = pages.into_iter().collect::<std::io::Result<Vec<_>>>()?;

    let mut hash = Sha256::new();
    for file in list(&unnamed)? {
        hash.update(format!("{} {}\n", file.sha256, file.path));
    }
    for (name, text) in &pages {
        hash.update(format!("{name} {} {text}\n", text.len()));
    }
    hash.update(&script);
    hash.update(&manifest);
    let version = format!("{crate_version}-{}", &hex(&hash.finalize())[..DIGITS]);

    let bytes = sizes(&unnamed)?;
    fs::rename(&unnamed, to.join(&version))?;
    for (name, html) in pages {
        fs::write(to.join(name), placed(&html, &version, &bytes)?)?;
    }
    fs::write(to.join(top), manifest.replace("\"www/", &format!("\"{version}/www/")))?;
    fs::create_dir_all(to.join("www"))?;
    let up = "../".repeat(DOOR.matches('/').count());
    fs::write(to.join(DOOR), format!("export * from '{up}{version}/{DOOR}';\n"))?;

    let files: Vec<_> = list(to)?.into_iter().filter(|file| asked_for(&file.path)).collect();
    let list: Vec<_> = files.iter().map(|f| serde_json::json!([f.path, f.bytes, f.sha256])).collect();
    let listed = serde_json::json!({ "version": version, "files": list });
    fs::write(to.join(WORKER), format!("'use strict';\nself.RELEASE = {listed};\n{script}"))?;
    Ok(Release { version, files })
}

/// Whether a page ever asks for a file: recipes and tables are for people who look into the folder.
fn asked_for(path: &str) -> bool {
    !path.ends_with("README.md") && !path.contains("/models/recipes/") && !path.ends_with("/withdraw.js")
}

/// All files below a folder, in the order of their paths.
pub fn list(folder: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    below(folder, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn below(folder: &Path, path: &str, files: &mut Vec<File>) -> Result {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            below(&entry.path(), &format!("{path}{name}/"), files)?;
            continue;
        }
        let content = fs::read(entry.path())?;
        let sha256 = hex(&Sha256::digest(&content));
        files.push(File { path: format!("{path}{name}"), bytes: content.len() as u64, sha256 });
    }
    Ok(())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// How many bytes start the page, and how many its engine has, as they lie there and as hosts send them that pack: the page tells by these how much
/// has come over a slow line, since an answer that is packed does not say how long it will be unpacked.
fn sizes(folder: &Path) -> Result<String> {
    let (mut page, mut engine) = ([0; 2], [0; 2]);
    for File { path, .. } in list(folder)? {
        let of = if path.ends_with(".wasm") {
            &mut engine
        } else if path.ends_with(".css") || path.ends_with(".js") && !later(&path) {
            &mut page
        } else {
            continue;
        };
        let content = fs::read(folder.join(&path))?;
        of[0] += content.len();
        of[1] += gzip(&content)?.len();
    }
    Ok(format!("{} {} {} {}", page[0], page[1], engine[0], engine[1]))
}

/// Whether a script is no part of the start: other languages, what somebody asks for, what others use.
fn later(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let strange = path.starts_with("www/strings/") && (name.starts_with("de") || name.starts_with("zh"));
    strange || path.starts_with("www/tour/") || ["bench.js", "viewer.js"].contains(&name)
}

/// A page whose parts lie in the version's folder, and which knows its version and its `sizes`.
fn placed(html: &str, version: &str, bytes: &str) -> Result<String> {
    const HEAD: &str = "<meta charset=\"utf-8\" />\n";
    if !html.contains(HEAD) || !html.contains("=\"www/") {
        return Err("a page does not begin as expected, or loads nothing from www/".into());
    }
    let known = format!(
        "{HEAD}    <meta name=\"insitu-version\" content=\"{version}\" />\n\
         \x20   <meta name=\"insitu-bytes\" content=\"{bytes}\" />\n"
    );
    Ok(html.replace("=\"www/", &format!("=\"{version}/www/")).replacen(HEAD, &known, 1))
}

/// Modules as one script that needs no other: browsers of 2023 take service workers that are modules, but not all of them do.
fn classic(modules: &[String]) -> Result<String> {
    let mut script = String::new();
    let mut imports = false;
    for line in modules.iter().flat_map(|text| text.lines()) {
        imports |= line.starts_with("import ");
        if !imports {
            script.push_str(line.strip_prefix("export ").unwrap_or(line));
            script.push('\n');
        }
        imports &= !line.ends_with(';');
    }
    if script.lines().any(|line| line.starts_with("import ") || line.starts_with("export ")) {
        return Err("the service worker has an import or export that is not understood".into());
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A repository with a page of a few words, gone with the test.
    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn folder(name: &str) -> Folder {
        let place = std::env::temp_dir().join(format!("insitu-release-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        for (file, text) in [
            ("index.html", "<meta charset=\"utf-8\" />\n<script src=\"www/main.js\">"),
            ("bench.html", "<meta charset=\"utf-8\" />\n<script src=\"www/bench.js\">"),
            ("www/main.js", "main"),
            ("www/insitu.js", "api"),
            ("www/api.d.ts", "types"),
            ("www/offline/rules.js", "export const A = 1;\n"),
            ("www/offline/service-worker.js", "import {\n  A,\n} from './rules.js';\nuse(A);\n"),
            ("www/offline/withdraw.js", "gone"),
            ("www/offline/manifest.webmanifest", "{ \"src\": \"www/icon.png\" }"),
            ("pkg/insitu_bg.wasm", "engine"),
            ("pkg/.stamp", "hidden"),
            ("models/a.safetensors", "weights"),
            ("models/README.md", "table"),
            ("models/recipes/a.sh", "recipe"),
        ] {
            let at = place.join("repository").join(file);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            fs::write(at, text).unwrap();
        }
        Folder(place)
    }

    #[test]
    fn everything_that_a_page_loads_lies_in_the_folder_of_its_version() {
        let place = folder("layout");
        let to = place.0.join("dist");
        let release = write(&place.0.join("repository"), &to, "0.1.0").unwrap();
        let version = &release.version;
        assert!(version.starts_with("0.1.0-") && version.len() == 18, "{version}");
        let html = fs::read_to_string(to.join("index.html")).unwrap();
        assert!(html.contains(&format!("src=\"{version}/www/main.js\"")), "{html}");
        assert!(html.contains(&format!("<meta name=\"insitu-version\" content=\"{version}\" />")), "{html}");
        // "main" and "api" start the page, with what the service worker goes by; "engine" is the engine.
        let packed = |texts: &[&str]| texts.iter().map(|t| gzip(t.as_bytes()).unwrap().len()).sum::<usize>();
        let (scripts, engine) = (["main", "api", "export const A = 1;\n", "gone"], "engine");
        let plain: usize = scripts.iter().map(|text| text.len()).sum();
        let bytes = format!("{plain} {} {} {}", packed(&scripts), engine.len(), packed(&[engine]));
        assert!(html.contains(&format!("<meta name=\"insitu-bytes\" content=\"{bytes}\" />")), "{html}");
        let door = fs::read_to_string(to.join("www/insitu.js")).unwrap();
        assert_eq!(door, format!("export * from '../{version}/www/insitu.js';\n"));
        let paths: Vec<_> = release.files.iter().map(|f| f.path.replace(version.as_str(), "V")).collect();
        assert_eq!(
            paths,
            [
                "V/models/a.safetensors",
                "V/pkg/insitu_bg.wasm",
                "V/www/insitu.js",
                "V/www/main.js",
                "V/www/offline/rules.js",
                "bench.html",
                "index.html",
                "manifest.webmanifest",
                "www/insitu.js"
            ]
        );
        assert!(to.join(version).join("models/recipes/a.sh").is_file());
        let manifest = fs::read_to_string(to.join("manifest.webmanifest")).unwrap();
        assert_eq!(manifest, format!("{{ \"src\": \"{version}/www/icon.png\" }}"));
    }

    #[test]
    fn the_service_worker_is_one_script_that_knows_every_file_by_its_hash() {
        let place = folder("worker");
        let to = place.0.join("dist");
        let release = write(&place.0.join("repository"), &to, "0.1.0").unwrap();
        let script = fs::read_to_string(to.join(WORKER)).unwrap();
        assert!(script.ends_with("const A = 1;\nuse(A);\n") && !script.contains("import"), "{script}");
        for file in &release.files {
            let content = fs::read(to.join(&file.path)).unwrap();
            let listed =
                format!("[\"{}\",{},\"{}\"]", file.path, content.len(), hex(&Sha256::digest(&content)));
            assert!(script.contains(&listed), "{listed}");
        }
    }

    #[test]
    fn a_change_of_any_part_is_another_version_and_none_is_the_same() {
        let place = folder("change");
        let from = place.0.join("repository");
        let version = |name: &str| write(&from, &place.0.join(name), "0.1.0").unwrap().version;
        let first = version("first");
        assert_eq!(version("second"), first);
        let mut seen = vec![first];
        for part in [
            "index.html",
            "www/main.js",
            "www/offline/service-worker.js",
            "www/offline/manifest.webmanifest",
            "models/a.safetensors",
        ] {
            let text = fs::read_to_string(from.join(part)).unwrap();
            fs::write(from.join(part), format!("{text}\n// more")).unwrap();
            let now = version(&part.replace('/', "-"));
            assert!(!seen.contains(&now), "{part}");
            seen.push(now);
        }
    }

    #[test]
    fn a_page_or_a_worker_that_is_written_otherwise_is_refused() {
        assert!(placed("<title>other</title>", "1", "").is_err());
        assert!(classic(&["export default 1;".into()]).is_ok());
        assert!(classic(&["const a = 1;\nexport export const b = 2;".into()]).is_err());
    }
}
