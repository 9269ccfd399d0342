//! The terminal's door to the engine.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod checkpoint;
mod convert;
mod data;
mod device;
mod eval;
mod export;
mod files;
mod info;
mod inputs;
mod model;
mod network;
mod out;
mod predict;
mod results;
mod train;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

#[derive(Parser)]
#[command(name = "insitu", version, about = "Segments biomedical images with U-Nets, and trains them")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Predict(predict::PredictArgs),
    Train(Box<train::TrainArgs>),
    Eval(eval::EvalArgs),
    Export(export::ExportArgs),
    Convert(convert::ConvertArgs),
    Info(info::InfoArgs),
}

fn main() -> std::process::ExitCode {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|e| e.exit());
    // Which of its options were given.
    let given = matches.subcommand().map(|(_, given)| given);
    let result = match cli.command {
        Command::Predict(args) => predict::run(&args),
        Command::Train(args) => train::run(&args, given.unwrap_or(&matches)),
        Command::Eval(args) => eval::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Info(args) => info::run(&args),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            let mut source = std::error::Error::source(&e);
            while let Some(cause) = source {
                eprintln!("  because: {cause}");
                source = cause.source();
            }
            eprintln!("  ({})", e.code());
            std::process::ExitCode::FAILURE
        }
    }
}
