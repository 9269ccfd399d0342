//! Transfer syntaxes (PS3.5 chapter 10, PS3.6 annex A).

use super::dataset::Encoding;
use crate::error::{Error, Result};
use crate::scan::samples::Endian;

/// How the pixels are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    /// Plain values.
    None,
    /// Plain values in fragments.
    Encapsulated,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
}

/// What a transfer syntax UID means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TransferSyntax {
    pub(super) encoding: Encoding,
    pub(super) compression: Compression,
    /// The dataset is deflated as a whole.
    pub(super) deflated: bool,
}

impl TransferSyntax {
    pub(super) fn native(encoding: Encoding) -> Self {
        Self { encoding, compression: Compression::None, deflated: false }
    }

    /// The meaning of a UID; pixels that we cannot unpack are refused by name.
    pub(super) fn from_uid(uid: &str) -> Result<Self> {
        let explicit = Encoding { endian: Endian::Little, explicit: true };
        let compressed = |compression| Ok(Self { encoding: explicit, compression, deflated: false });
        let name = match uid.strip_prefix("1.2.840.10008.1.2").unwrap_or("?") {
            "" => return Ok(Self::native(Encoding { explicit: false, ..explicit })),
            ".1" => return Ok(Self::native(explicit)),
            ".1.99" => return Ok(Self { deflated: true, ..Self::native(explicit) }),
            ".2" => return Ok(Self::native(Encoding { endian: Endian::Big, explicit: true })),
            ".1.98" => return compressed(Compression::Encapsulated),
            ".5" => return compressed(Compression::Rle),
            // Baseline, extended, the retired sequential ones, and lossless.
            ".4.50" | ".4.51" | ".4.53" | ".4.55" | ".4.57" | ".4.70" => {
                return compressed(Compression::Jpeg);
            }
            ".4.90" | ".4.91" => return compressed(Compression::Jpeg2000),
            ".4.80" | ".4.81" => return compressed(Compression::JpegLs),
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
        let error = TransferSyntax::from_uid("1.2.840.10008.1.2.4.201").unwrap_err();
        assert_eq!(error.code(), "dicom.unsupported.transfer-syntax");
        assert!(error.message().contains("High-Throughput JPEG 2000"));
        assert!(TransferSyntax::from_uid("1.2.3\n<b>").unwrap_err().message().contains("1.2.3)"));
        assert_eq!(TransferSyntax::from_uid("1.2.840.10008.1.2.5").unwrap().compression, Compression::Rle);
    }
}
