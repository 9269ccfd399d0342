//! Transfer syntaxes (PS3.5 chapter 10, PS3.6 annex A).

use super::dataset::Syntax;
use crate::error::{Error, Result};
use crate::scan::samples::Endian;

/// How the pixels are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// Plain values.
    Native,
    /// Plain values in fragments.
    EncapsulatedNative,
    Rle,
    Jpeg,
    Jpeg2000,
}

/// What a transfer syntax UID means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transfer {
    pub(super) syntax: Syntax,
    pub(super) packing: Packing,
    /// The dataset is deflated as a whole.
    pub(super) deflated: bool,
}

impl Transfer {
    pub(super) fn native(syntax: Syntax) -> Self {
        Self { syntax, packing: Packing::Native, deflated: false }
    }

    /// The meaning of a UID; pixels that we cannot unpack are refused by name.
    pub(super) fn from_uid(uid: &str) -> Result<Self> {
        let explicit = Syntax { endian: Endian::Little, explicit: true };
        let packed = |packing| Ok(Self { syntax: explicit, packing, deflated: false });
        let name = match uid.strip_prefix("1.2.840.10008.1.2").unwrap_or("?") {
            "" => return Ok(Self::native(Syntax { explicit: false, ..explicit })),
            ".1" => return Ok(Self::native(explicit)),
            ".1.99" => return Ok(Self { deflated: true, ..Self::native(explicit) }),
            ".2" => return Ok(Self::native(Syntax { endian: Endian::Big, explicit: true })),
            ".1.98" => return packed(Packing::EncapsulatedNative),
            ".5" => return packed(Packing::Rle),
            // Baseline, extended, the retired sequential ones, and lossless.
            ".4.50" | ".4.51" | ".4.53" | ".4.55" | ".4.57" | ".4.70" => return packed(Packing::Jpeg),
            ".4.90" | ".4.91" => return packed(Packing::Jpeg2000),
            ".4.80" => "JPEG-LS Lossless",
            ".4.81" => "JPEG-LS",
            ".4.92" | ".4.93" => "JPEG 2000 Part 2",
            ".4.94" | ".4.95" => "JPIP, whose pixels are on a server",
            ".4.110" | ".4.111" | ".4.112" => "JPEG XL",
            ".4.201" | ".4.202" | ".4.203" => "High-Throughput JPEG 2000",
            ".8.1" => "Deflated Image Frame",
            rest if rest.starts_with(".4.10") => "MPEG video",
            _ => {
                let uid: String = uid.chars().filter(|c| c.is_ascii_digit() || *c == '.').take(64).collect();
                return Err(refused(&format!("an unusual encoding (transfer syntax {uid})")));
            }
        };
        Err(refused(name))
    }
}

fn refused(what: &str) -> Error {
    Error::unsupported(
        "dicom.unsupported.transfer-syntax",
        format!(
            "This DICOM file is compressed with {what}, which Insitu cannot read. Export it uncompressed or as lossless JPEG 2000."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = Transfer::from_uid("1.2.840.10008.1.2.4.80").unwrap_err();
        assert_eq!(error.code(), "dicom.unsupported.transfer-syntax");
        assert!(error.message().contains("JPEG-LS"));
        assert!(Transfer::from_uid("1.2.3\n<b>").unwrap_err().message().contains("1.2.3)"));
        assert_eq!(Transfer::from_uid("1.2.840.10008.1.2.5").unwrap().packing, Packing::Rle);
    }
}
