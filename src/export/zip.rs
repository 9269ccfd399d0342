//! A ZIP archive that grows file by file.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::error::{Error, Kind, Result};

/// An archive under way, in memory.
pub struct Zip {
    archive: ZipArchiveWriter<Drain>,
    written: Drain,
}

/// Bytes that were written and not yet taken.
#[derive(Clone, Default)]
struct Drain(Rc<RefCell<Vec<u8>>>);

impl Write for Drain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Zip {
    /// Without files.
    pub fn new() -> Self {
        let written = Drain::default();
        Self { archive: ZipArchiveWriter::new(written.clone()), written }
    }

    /// What the archive grew by since the last call: one that is large need not be held as a whole.
    pub fn take(&mut self) -> Vec<u8> {
        self.written.0.take()
    }

    /// One more file. Names are separated by `/`.
    ///
    /// # Errors
    /// `export.encode`.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.put(name, bytes).map_err(unwritten)
    }

    /// The archive, or what of it was not taken yet.
    ///
    /// # Errors
    /// `export.encode`.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.archive.finish().map_err(unwritten)?;
        Ok(self.written.0.take())
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), rawzip::Error> {
        // Stored entries whose size comes behind them are refused by some programs.
        let (mut entry, config) =
            self.archive.new_file(name).compression_method(CompressionMethod::DEFLATE).start()?;
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
