//! A ZIP archive that grows file by file.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::error::{Error, Kind, Result};

/// An archive under way, in memory.
pub struct Zip(ZipArchiveWriter<Vec<u8>>);

impl Zip {
    /// Without files.
    pub fn new() -> Self {
        Self(ZipArchiveWriter::new(Vec::new()))
    }

    /// One more file. Names are separated by `/`.
    ///
    /// # Errors
    /// `export.encode`.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.put(name, bytes).map_err(unwritten)
    }

    /// The archive.
    ///
    /// # Errors
    /// `export.encode`.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.finish().map_err(unwritten)
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), rawzip::Error> {
        // Stored entries whose size comes behind them are refused by some programs.
        let (mut entry, config) =
            self.0.new_file(name).compression_method(CompressionMethod::DEFLATE).start()?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(bytes).map_err(rawzip::Error::from)?;
        let (packed, rest) = writer.finish()?;
        packed.finish().map_err(rawzip::Error::from)?;
        entry.finish(rest)?;
        Ok(())
    }
}

impl Default for Zip {
    fn default() -> Self {
        Self::new()
    }
}

fn unwritten(error: rawzip::Error) -> Error {
    Error::new(Kind::Io, "export.encode", "The results could not be packed into one file.").with_source(error)
}
