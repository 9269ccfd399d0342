//! `insitu export`: a model for other programs.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;
use insitu::results::bioimage_package;
use insitu::weights::Precision;
use insitu::{Error, Result};

use crate::out::say;
use crate::{files, model};

/// Writes a model for other programs, weights inside: ONNX, with the scaling of the image and the probabilities in the graph, or the
/// model file
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// A shipped model's name, or a model file of any kind that is read
    #[arg(long, value_name = "NAME_OR_FILE")]
    model: String,
    /// The file to write: .onnx (operator set 17, input `image` in raw values, output `probability`), or .safetensors (Insitu's own
    /// file, which PyTorch can read as well, in 32 bits), or .zip (a bioimage.io package: the ONNX file, a test image and what the model
    /// makes of it, a description)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Onnx,
    Safetensors,
    Bioimage,
}

impl Format {
    /// # Errors
    /// `export.format`.
    fn of(path: &Path) -> Result<Self> {
        let ends = |with: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(with));
        match () {
            () if ends("onnx") => Ok(Self::Onnx),
            () if ends("safetensors") => Ok(Self::Safetensors),
            () if ends("zip") => Ok(Self::Bioimage),
            () => Err(Error::invalid(
                "export.format",
                format!(
                    "{} does not say what to write: its name must end in .onnx, .safetensors or .zip.",
                    path.display()
                ),
            )),
        }
    }
}

/// Runs the command.
pub fn run(args: &ExportArgs) -> Result<()> {
    let format = Format::of(&args.out)?;
    let path = model::find(&args.model)?;
    if let (Ok(from), Ok(to)) = (path.canonicalize(), args.out.canonicalize())
        && from == to
    {
        return Err(Error::invalid(
            "export.over-input",
            format!("The result would replace the model {}. Choose another file with --out.", path.display()),
        ));
    }
    let model = model::Files::read(&path)?.open(&Device::flex())?;
    let written = match format {
        Format::Safetensors => pollster::block_on(model.to_bytes(Precision::Full))?,
        Format::Bioimage => pollster::block_on(bioimage_package(&model))?,
        Format::Onnx => {
            if model.card.flips || model.card.patches.is_some() {
                eprintln!(
                    "This model is averaged over flips or overlapping patches of the image, which is not part of the graph: the \
                     program that runs it has to do that, or the probabilities differ a little."
                );
            }
            pollster::block_on(model.to_onnx())?
        }
    };
    files::write(&args.out, &written)?;
    say!("{}", args.out.display());
    Ok(())
}
