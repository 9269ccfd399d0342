//! What is written to standard output, and who reads it.

use std::process::{Command, Stdio};

use crate::common::{Folder, TWO_SQUARES, stderr, text};

/// Runs the program with a reader that goes away before the first word, as `head` may.
fn unread(args: &[&str]) -> std::process::Output {
    let mut run = Command::new(env!("CARGO_BIN_EXE_insitu"))
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    run.wait_with_output().unwrap()
}

#[test]
fn a_reader_that_has_enough_stops_no_command() {
    let folder = Folder::new("unread");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    for args in [
        &["info", text(&model)][..],
        &["info", text(&image)],
        &["predict", "--model", text(&model), "--out", text(&out), text(&image)],
    ] {
        let run = unread(args);
        assert!(run.status.success() && !stderr(&run).contains("panicked"), "{args:?}: {}", stderr(&run));
    }
    assert!(out.join("squares.png").exists());
}
