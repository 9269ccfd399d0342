//! What the stored forms of labels are made of: [`Source`] reads and its counterparts write a packed stream of
//! little-endian numbers (zlib, RFC 1950) behind a name and a version. `stored.rs` and `order.rs` have the forms.
//!
//! A map, which is its shape, its classes and the tiles that are not blank:
//!
//! | what | how |
//! |---|---|
//! | width, height, slices | u32 each |
//! | number of classes | u8 |
//! | each class | length of the name u8, the name in UTF-8, red, green, blue |
//! | number of tiles | u32 |
//! | each tile, by slice, then by number | slice u32, number u32, then 0 and its one value, or 1 and a value a pixel |
//!
//! Tiles are 64 x 64 pixels, numbered row by row, smaller at the right and lower edge.

use std::io::{Read, Write};

use flate2::read::ZlibDecoder;

use super::classes::ClassTable;
use super::map::LabelMap;
use super::tile::Tile;
use crate::error::{Error, Kind, Result};
use crate::scan::Limits;
use crate::weights::Class;

/// The code of labels that need more memory than they may take.
pub(super) const TOO_MUCH: &str = "label.limit.bytes";

/// A tile and where it belongs: slice, number.
pub(super) type Placed = (usize, usize, Tile);

impl LabelMap {
    /// All tiles with labels, by slice and number.
    fn labelled_tiles(&self) -> Vec<(usize, usize, &Tile)> {
        let tiles = self.planes().iter().flat_map(|(slice, plane)| {
            let tiles = plane.tiles().iter().enumerate();
            tiles.filter(|(_, tile)| **tile != Tile::BLANK).map(|(index, tile)| (*slice, index, tile))
        });
        tiles.collect()
    }

    /// Its shape, its classes, and its tiles.
    pub(super) fn write_to(&self, out: &mut impl Write) -> std::io::Result<()> {
        let tiles = self.labelled_tiles();
        for n in [self.width(), self.height(), self.slices()] {
            out.write_all(&number(n))?;
        }
        write_classes(out, &self.classes)?;
        out.write_all(&number(tiles.len()))?;
        for (slice, index, tile) in tiles {
            out.write_all(&number(slice))?;
            out.write_all(&number(index))?;
            match tile {
                Tile::Solid(value) => out.write_all(&[0, *value])?,
                Tile::Pixels(values) => {
                    out.write_all(&[1])?;
                    out.write_all(values)?;
                }
            }
        }
        Ok(())
    }
}

/// All of these are below 2^32: a map has at most 400 million pixels.
pub(super) fn number(n: usize) -> [u8; 4] {
    (n as u32).to_le_bytes()
}

pub(super) fn write_classes(out: &mut impl Write, classes: &ClassTable) -> std::io::Result<()> {
    out.write_all(&[classes.largest()])?;
    for class in classes.as_slice() {
        out.write_all(&[class.name.len() as u8])?;
        out.write_all(class.name.as_bytes())?;
        out.write_all(&class.rgb())?;
    }
    Ok(())
}

pub(super) fn unwritten(error: std::io::Error) -> Error {
    Error::new(Kind::Io, "label.write", "The labels could not be packed for storing.").with_source(error)
}

/// A packed stream behind a name and a version.
pub(super) struct Source<'a> {
    stream: ZlibDecoder<&'a [u8]>,
    /// Bytes of memory that may still be taken.
    left: u64,
}

impl<'a> Source<'a> {
    /// # Errors
    /// `label.invalid` if the name is another one, `label.unsupported.version`.
    pub(super) fn open(bytes: &'a [u8], magic: &[u8], known: u8) -> Result<Self> {
        let rest = bytes.strip_prefix(magic).ok_or_else(damaged)?;
        let (version, rest) = rest.split_first().ok_or_else(damaged)?;
        if *version != known {
            return Err(Error::unsupported(
                "label.unsupported.version",
                format!("These labels have version {version}, and this version of Insitu reads {known}."),
            ));
        }
        Ok(Self { stream: ZlibDecoder::new(rest), left: Limits::default().bytes })
    }

    /// An empty map of the shape and with the classes that come next, and its tiles.
    pub(super) fn map(&mut self) -> Result<(LabelMap, Vec<Placed>)> {
        let (width, height, slices) = (self.number()?, self.number()?, self.number()?);
        let classes = self.classes()?;
        let map = LabelMap::new(width, height, slices, classes)?;
        let tiles = self.tiles(&map)?;
        Ok((map, tiles))
    }

    pub(super) fn fill(&mut self, to: &mut [u8]) -> Result<()> {
        self.stream.read_exact(to).map_err(|error| damaged().with_source(error))
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        let mut byte = [0];
        self.fill(&mut byte)?;
        Ok(byte[0])
    }

    pub(super) fn number(&mut self) -> Result<usize> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        usize::try_from(u32::from_le_bytes(bytes)).map_err(|_| damaged())
    }

    pub(super) fn classes(&mut self) -> Result<ClassTable> {
        let mut classes = Vec::new();
        for _ in 0..self.byte()? {
            let mut name = vec![0; usize::from(self.byte()?)];
            self.fill(&mut name)?;
            let name = String::from_utf8(name).map_err(|error| damaged().with_source(error))?;
            let mut rgb = [0; 3];
            self.fill(&mut rgb)?;
            let colour = format!("#{:02X}{:02X}{:02X}", rgb[0], rgb[1], rgb[2]);
            classes.push(Class { name, colour });
        }
        ClassTable::new(classes).map_err(|error| damaged().with_source(error))
    }

    fn tiles(&mut self, map: &LabelMap) -> Result<Vec<Placed>> {
        let grid = map.grid();
        let mut tiles: Vec<Placed> = Vec::new();
        for _ in 0..self.number()? {
            let (slice, index) = (self.number()?, self.number()?);
            let last = tiles.last().map(|(slice, index, _)| (*slice, *index));
            if slice >= map.slices()
                || index >= grid.tiles()
                || last.is_some_and(|last| last >= (slice, index))
            {
                return Err(damaged());
            }
            let n = grid.place(index).area();
            if last.is_none_or(|last| last.0 != slice) {
                self.take(grid.plane_bytes())?;
            }
            // The list may have room for twice as many.
            self.take(2 * size_of::<Placed>())?;
            let mut tile = match self.byte()? {
                0 => Tile::Solid(self.byte()?),
                1 => {
                    self.take(n)?;
                    let mut values = vec![0; n];
                    self.fill(&mut values)?;
                    Tile::Pixels(values.into())
                }
                _ => return Err(damaged()),
            };
            let mut known = true;
            tile.tally(n, |value, _| known &= map.classes.check(value).is_ok());
            if !known {
                return Err(damaged());
            }
            tile.compact();
            tiles.push((slice, index, tile));
        }
        Ok(tiles)
    }

    /// Accounts for memory.
    ///
    /// # Errors
    /// [`TOO_MUCH`].
    pub(super) fn take(&mut self, bytes: usize) -> Result<()> {
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(|| {
            let most = Limits::default().bytes >> 20;
            Error::limit(
                TOO_MUCH,
                format!("These labels need more than {most} MiB of memory, which is the limit."),
            )
        })?;
        Ok(())
    }

    /// Passes over all that is left; the stream's checksum is looked at here.
    pub(super) fn skip(&mut self) -> Result<()> {
        std::io::copy(&mut self.stream, &mut std::io::sink())
            .map_err(|error| damaged().with_source(error))?;
        Ok(())
    }

    /// Nothing may follow; the stream's checksum is looked at here.
    pub(super) fn end(&mut self) -> Result<()> {
        match self.stream.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(damaged()),
            Err(error) => Err(damaged().with_source(error)),
        }
    }
}

pub(super) fn damaged() -> Error {
    Error::invalid("label.invalid", "These stored labels are damaged or cut off.")
}
