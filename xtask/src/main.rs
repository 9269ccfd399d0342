//! The project's commands: `cargo xtask build | serve | dist`.

mod build;
mod dist;
mod process;
mod serve;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  build              compiles the engine to WebAssembly into pkg/, if stale, and prints the size
  serve [--port N]   builds, then serves the page on localhost (port 8080, or the next free one)
  dist               builds, then writes dist/, a folder for any static host
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["build"] => build::build().map(|_| ()),
        ["serve", options @ ..] => serve::serve(options),
        ["dist"] => dist::dist().map(|_| ()),
        _ => {
            eprint!("{HELP}");
            return if words.is_empty() || words == ["--help"] {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("xtask: {e}");
            ExitCode::FAILURE
        }
    }
}
