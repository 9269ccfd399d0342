//! The project's commands: `cargo xtask build | serve | dist | docs-api | test | models | formats | numerics | fuzz | bench`.

mod bench;
mod build;
mod counts;
mod dist;
mod formats;
mod fuzz;
mod licences;
mod models;
mod numerics;
mod process;
mod recipes;
mod serve;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  build              compiles the engine to WebAssembly into pkg/, if stale, and prints the size
  serve              builds, then serves the page on localhost (port 8080, or the next free one)
    --port N           this port, or none; 0 takes any that is free
    --no-build         serves what is there
    --dir DIR          serves a folder as it is (dist)
    --at PATH          under a path, as /tools/insitu/
  dist               builds, then writes dist/, a folder for any static host, with dist/npm/, the API as a package, and
                     dist-release/, the archive of the page
    --no-build         of what is there
    --twice            writes all of it once more, and fails if a byte differs
  docs-api           writes docs/api/, pages about every call of the API, from its comments
  test [STEP...]     everything, or the steps named; installs what they need where it can, and says so
  models [--check]   checks every shipped model (card, licence, recipe, size, what it finds in a drawing) and writes
                     models/README.md; with --check it writes nothing and fails if something differs
  formats            what is read and refused, as the tests see it: writes the table of docs/formats.md, and prints
                     the inputs that once came out wrong, where ../shared has them
  numerics           measures every preset beside its framework, on each device, and writes docs/numerics.md
  fuzz [TARGET...]   bytes that nobody thought of, for all that opens a file: image, several, weights, labels, session
    --seconds N        of each target (600)
  bench [ARGS...]    our speed beside other libraries, in the same browser
  bench native       milliseconds of one network natively, on the CPU: inference and training
  bench kernels      what each layer of two networks takes on the CPU, beside the peak of a core
  bench memory [...] what a segmentation in the page takes of the memory (Linux)
  bench growth       how time grows with the side of an image, workers and width; draws docs/growth.svg
  bench gpu          our speed beside other libraries on a graphics card (less than ten minutes)
  bench learn        what teaching in the page brings, in Dice after minutes (takes a quarter of an hour)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["build"] => build::build().map(|_| ()),
        ["serve", options @ ..] => serve::serve(options),
        ["dist", options @ ..] => dist::command(options),
        ["docs-api"] => dist::docs_api(),
        ["test", steps @ ..] => test::test(steps),
        ["models", options @ ..] => models::models(options),
        ["formats"] => formats::formats(),
        ["numerics"] => numerics::numerics(),
        ["fuzz", options @ ..] => fuzz::fuzz(options),
        ["bench", rest @ ..] => bench::bench(rest),
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
