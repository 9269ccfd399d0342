//! The commands, run as a person runs them.

mod common;
mod convert;
mod course;
mod eval;
mod export;
mod exports;
mod out;
mod predict;
mod train;
