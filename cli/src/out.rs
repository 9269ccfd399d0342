//! What a command finds, on standard output.

use std::io::{ErrorKind, Write, stdout};

/// Writes a line to standard output: the words of `println!`, which panics where the reader has gone, as `head` does when it has enough.
macro_rules! say {
    ($($words:tt)*) => { $crate::out::text(&(format!($($words)*) + "\n")) };
}
pub(crate) use say;

/// Writes to standard output. Where nobody reads on, the rest is left out, and files are written all the same; if it cannot be written for
/// another reason, as on a full disk, the command says so and ends.
pub fn text(words: &str) {
    match stdout().write_all(words.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("The results could not be written to standard output: {error}");
            std::process::exit(1);
        }
        _ => (),
    }
}
