//! Tests that need the folder `../shared` beside this one, with files that are not ours to pass on. Where it is not,
//! they are reported as ignored: cargo's own test harness can decide that only while compiling.

#[cfg(not(target_arch = "wasm32"))]
mod cases;
#[cfg(not(target_arch = "wasm32"))]
mod parity;
#[cfg(not(target_arch = "wasm32"))]
mod scan;
#[cfg(not(target_arch = "wasm32"))]
mod series;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use libtest_mimic::{Arguments, run};
    let arguments = Arguments::from_args();
    let trials = vec![
        trial(
            "what_came_out_wrong_is_right_or_refused_by_name",
            cases::FOLDER,
            cases::what_came_out_wrong_is_right_or_refused_by_name,
        ),
        trial(
            "the_benchmark_network_computes_what_pytorch_computed",
            parity::FOLDER,
            parity::the_benchmark_network_computes_what_pytorch_computed,
        ),
        trial(
            "files_of_other_projects_give_what_other_programs_read",
            scan::FOLDER,
            scan::files_of_other_projects_give_what_other_programs_read,
        ),
        trial(
            "cine_series_of_the_heart_are_volumes_with_times",
            series::FOLDER,
            series::cine_series_of_the_heart_are_volumes_with_times,
        ),
    ];
    run(&arguments, trials).exit();
}

/// A test with its folder below `../shared`.
#[cfg(not(target_arch = "wasm32"))]
fn trial(name: &str, folder: &str, test: fn(&std::path::Path)) -> libtest_mimic::Trial {
    use libtest_mimic::{Completion, Trial};
    let within = format!("../shared/{folder}");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&within);
    Trial::ignorable_test(name, move || {
        if !folder.is_dir() {
            return Ok(Completion::ignored_with(format!("needs {within}")));
        }
        test(&folder);
        Ok(Completion::Completed)
    })
}
