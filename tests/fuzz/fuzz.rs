//! libFuzzer over what opens files; `INSITU_FUZZ` names the target. `cargo xtask fuzz` starts it.

#![no_main]

mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("INSITU_FUZZ").unwrap_or_default();
    let known = targets::TARGETS.iter().find(|(known, _)| *known == name);
    let Some((_, target)) = known else {
        eprintln!("INSITU_FUZZ must be one of {:?}", targets::TARGETS.map(|(name, _)| name));
        std::process::exit(2);
    };
    *target
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
