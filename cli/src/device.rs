//! Which device the command line runs on.

use insitu::Result;
use insitu::device::{self, Choice, Chosen};
use insitu::infer::{Options, largest_tile};
use insitu::weights::Card;

/// `--device`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DeviceArg {
    /// The GPU if this build has it and there is one, else the CPU
    Auto,
    Cpu,
    /// Needs a build with `--features gpu`
    Gpu,
}

/// Opens the device; once in a run.
pub fn open(arg: DeviceArg) -> Result<Chosen> {
    let choice = match arg {
        DeviceArg::Auto if cfg!(feature = "gpu") => Choice::Auto,
        DeviceArg::Auto => {
            // Nobody asked for what this build has not.
            let cpu = open(DeviceArg::Cpu)?;
            return Ok(Chosen { reason: "Running on the CPU.".into(), ..cpu });
        }
        DeviceArg::Cpu => Choice::Cpu,
        DeviceArg::Gpu => Choice::Gpu,
    };
    pollster::block_on(device::open(choice, None))
}

/// How inference runs on it: with the largest tiles that it takes.
pub fn options(chosen: &Chosen, card: &Card) -> Options {
    Options { tile: largest_tile(chosen, &card.network), ..Options::default() }
}
