//! Which device the command line runs on.

use burn::tensor::Device;
use insitu::{Error, Result};

/// `--device`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DeviceArg {
    /// The GPU if this build has it and there is one, else the CPU
    Auto,
    Cpu,
    /// Needs a build with `--features gpu`
    Gpu,
    /// LibTorch on the CPU; needs a build with `--features libtorch`
    Libtorch,
}

/// A device and the sentence that says why.
pub struct Chosen {
    pub device: Device,
    pub name: String,
    pub reason: String,
}

/// Opens the device.
pub fn open(arg: DeviceArg) -> Result<Chosen> {
    match arg {
        #[cfg(feature = "libtorch")]
        DeviceArg::Libtorch => Ok(Chosen {
            device: Device::libtorch(),
            name: "CPU through LibTorch".into(),
            reason: "Running on the CPU through LibTorch.".into(),
        }),
        #[cfg(not(feature = "libtorch"))]
        DeviceArg::Libtorch => Err(Error::unsupported(
            "device.libtorch",
            "This build has no LibTorch: build with --features libtorch.",
        )),
        _ => Ok(Chosen { device: Device::flex(), name: "CPU".into(), reason: "Running on the CPU.".into() }),
    }
}
