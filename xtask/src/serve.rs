//! A small static server for development: the page, from the repository, on localhost.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tiny_http::{Method, Request, Response, Server};

use crate::build::build;
use crate::dist::{HOUSE, MANIFEST, PAGE, WITHDRAW, WORKER};
use crate::process::{Result, root};

/// `serve [--port N] [--no-build] [--dir DIR] [--at PATH]`. Without a port: 8080, or a free one if that is taken.
///
/// `--dir` serves a folder as it is, for looking at `dist/`; `--at` serves it under a path, as a host may.
pub fn serve(options: &[&str]) -> Result {
    let value =
        |name: &str| options.iter().position(|o| *o == name).and_then(|i| options.get(i + 1)).copied();
    let port = match value("--port") {
        Some(text) => Some(text.parse::<u16>().map_err(|_| format!("'{text}' is not a port"))?),
        None => None,
    };
    let at = format!("/{}/", value("--at").unwrap_or("").trim_matches('/')).replace("//", "/");
    let folder = match value("--dir") {
        Some(dir) => Folder { root: PathBuf::from(dir).canonicalize()?, only: None, at },
        None => {
            if !options.contains(&"--no-build") {
                build()?;
            }
            Folder { root: root(), only: Some(&PAGE), at }
        }
    };
    let at = folder.at.clone();
    let server = match port {
        Some(port) => listen(port)?,
        None => listen(8080).or_else(|_| listen(0))?,
    };
    let port = server.server_addr().to_ip().map(|a| a.port()).ok_or("no address")?;
    println!("http://localhost:{port}{at}");
    let (server, folder) = (Arc::new(server), Arc::new(folder));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (server, folder) = (server.clone(), folder.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // A visitor who went away is no reason to stop.
                    let _ = folder.answer(request);
                }
            })
        })
        .collect();
    for worker in workers {
        let _ = worker.join();
    }
    Ok(())
}

fn listen(port: u16) -> Result<Server> {
    Server::http(("127.0.0.1", port)).map_err(|e| format!("port {port} cannot be used: {e}").into())
}

struct Folder {
    root: PathBuf,
    /// Names at the top that may be served; all if `None`.
    only: Option<&'static [&'static str]>,
    /// The path that the folder is seen under; begins and ends with a slash.
    at: String,
}

impl Folder {
    fn answer(&self, request: Request) -> io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(Response::empty(405));
        }
        if self.only.is_some() && request.url() == format!("{}{HOUSE}", self.at) {
            // A browser would note a file that is not there as a failure.
            let set = std::fs::read_to_string(self.root.join(HOUSE)).unwrap_or_else(|_| "{}".into());
            return request.respond(Response::from_string(set));
        }
        let Some((path, file)) = self.find(request.url()) else {
            return request.respond(Response::from_string("Not found").with_status_code(404));
        };
        // tiny_http hands a connection to a waiting thread, at times two of them to one; the second then waits for
        // the first to end, and a browser keeps connections for minutes. So each is closed after its answer, which
        // tiny_http's own responses cannot say.
        let length = file.metadata()?.len();
        let body = *request.method() == Method::Get;
        let mut out = request.into_writer();
        write!(
            out,
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            mime(&path)
        )?;
        if body {
            io::copy(&mut file.take(length), &mut out)?;
        }
        out.flush()
    }

    /// The file that a request means; nothing for what is not part of the page or lies outside the folder.
    fn find(&self, url: &str) -> Option<(PathBuf, File)> {
        let path = url.split(['?', '#']).next()?.strip_prefix(&self.at)?;
        let mut path = decoded(path)?;
        // A release that was served here before must not go on showing its files.
        if self.only.is_some() && path == WORKER {
            path = WITHDRAW.into();
        }
        if self.only.is_some() && path == MANIFEST.0 {
            path = MANIFEST.1.into();
        }
        let mut path = PathBuf::from(if path.is_empty() { "index.html".into() } else { path });
        let plain = path.components().all(|c| match c {
            Component::Normal(part) => !part.to_string_lossy().starts_with('.'),
            _ => false,
        });
        let first = path.components().next()?.as_os_str().to_string_lossy().into_owned();
        if !plain || self.only.is_some_and(|only| !only.contains(&first.as_str())) {
            return None;
        }
        if self.root.join(&path).is_dir() {
            path.push("index.html");
        }
        let path = self.root.join(path);
        let file = File::open(&path).ok().filter(|f| f.metadata().is_ok_and(|m| m.is_file()))?;
        Some((path, file))
    }
}

/// Percent-decoding; nothing if it is not UTF-8 in the end.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(b) = rest.next() {
        if b != b'%' {
            bytes.push(b);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("md") => "text/markdown; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_is_served_and_nothing_outside_it() {
        let folder = Folder { root: root(), only: Some(&PAGE), at: "/".into() };
        assert!(folder.find("/index.html").is_some() && folder.find("/?device=cpu").is_some());
        for url in [
            "/Cargo.toml",
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/www/../Cargo.toml",
            "/.git/config",
            "/www/%",
            "/src/lib.rs",
        ] {
            assert!(folder.find(url).is_none(), "{url}");
        }
    }

    #[test]
    fn the_working_tree_is_never_served_from_what_a_release_left() {
        let folder = Folder { root: root(), only: Some(&PAGE), at: "/".into() };
        let (path, _) = folder.find("/service-worker.js").expect("a worker that goes");
        assert!(path.ends_with(WITHDRAW), "{}", path.display());
    }

    #[test]
    fn under_a_path_nothing_else_is_served() {
        let folder = Folder { root: root(), only: Some(&PAGE), at: "/tools/insitu/".into() };
        assert!(
            folder.find("/tools/insitu/").is_some() && folder.find("/tools/insitu/www/main.js").is_some()
        );
        assert!(folder.find("/index.html").is_none() && folder.find("/tools/index.html").is_none());
    }
}
