//! Labels with everything that was done to them as bytes, so that undo goes on where it was.
//!
//! `INSITU-PAINTING`, a byte with the version (1), then a zlib stream: the map as `bytes.rs` has it, then the number of
//! commands that were done and of those that were undone (u32 each), then these commands, the first first; of those that
//! were undone, the next to be done again is the last:
//!
//! | what | how |
//! |---|---|
//! | classes | 0 if they did not change, else 1 and the table before and the table after |
//! | number of tiles | u32 |
//! | each tile, by slice, then by number | slice u32, number u32, then its change |
//! | a change | 0, a number of runs u16, each a length u16 and a byte; or 1 and a byte a pixel: old value exclusive-or new |

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::bytes::{Source, TOO_MUCH, damaged, number, unwritten, write_classes};
use super::delta::{Delta, Run};
use super::history::{Command, History, Patch, Tables};
use super::map::LabelMap;
use super::painting::Painting;
use super::tile::Tile;
use crate::error::Result;

const MAGIC: &[u8] = b"INSITU-PAINTING";
const VERSION: u8 = 1;

impl Painting {
    /// The labels, the classes, and the history, compressed; [`from_bytes`](Self::from_bytes) reads them. No
    /// command may be open.
    ///
    /// # Errors
    /// `label.write` if compressing fails, which it does only where memory ends.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut out = MAGIC.to_vec();
        out.push(VERSION);
        let mut out = ZlibEncoder::new(out, Compression::fast());
        let written = self.map().write_to(&mut out);
        written.and_then(|()| write(&mut out, self.history())).and_then(|()| out.finish()).map_err(unwritten)
    }

    /// Labels with their history that [`to_bytes`](Self::to_bytes) wrote; without it if it needs too much memory beside
    /// them.
    ///
    /// # Errors
    /// `label.invalid` if they are damaged, `label.unsupported.version` if a later version wrote them, `label.limit.*`
    /// if the labels are too large.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut source = Source::open(bytes, MAGIC, VERSION)?;
        let (mut map, tiles) = source.map()?;
        for (slice, index, tile) in tiles {
            map.replace(slice, index, tile);
        }
        map.drop_blank();
        match source.history(&map) {
            Ok(history) => {
                source.end()?;
                Ok(Painting::with_history(map, history))
            }
            // The labels are worth more than what was done to them.
            Err(error) if error.code() == TOO_MUCH => {
                source.skip()?;
                Ok(Painting::new(map))
            }
            Err(error) => Err(error),
        }
    }
}

/// What an undo or a redo may make anew: paid for once, however many commands change it.
#[derive(Default)]
struct Made {
    slices: BTreeSet<usize>,
    /// By slice and number.
    tiles: BTreeSet<(usize, usize)>,
}

fn write(out: &mut impl Write, history: &History) -> std::io::Result<()> {
    out.write_all(&number(history.done().len()))?;
    out.write_all(&number(history.undone().len()))?;
    for command in history.done().iter().chain(history.undone()) {
        write_tables(out, command.tables())?;
        out.write_all(&number(command.patches().len()))?;
        for Patch { slice, tile, delta } in command.patches() {
            out.write_all(&number(*slice))?;
            out.write_all(&number(*tile))?;
            match delta {
                Delta::Runs(runs) => {
                    out.write_all(&[0])?;
                    // A tile has 4096 pixels.
                    out.write_all(&(runs.len() as u16).to_le_bytes())?;
                    for run in runs {
                        out.write_all(&run.length.to_le_bytes())?;
                        out.write_all(&[run.flip])?;
                    }
                }
                Delta::Pixels(flips) => {
                    out.write_all(&[1])?;
                    out.write_all(flips)?;
                }
            }
        }
    }
    Ok(())
}

pub(super) fn write_tables(out: &mut impl Write, tables: &Tables) -> std::io::Result<()> {
    out.write_all(&[u8::from(tables.is_some())])?;
    if let Some(tables) = tables {
        write_classes(out, &tables.0)?;
        write_classes(out, &tables.1)?;
    }
    Ok(())
}

impl Source<'_> {
    pub(super) fn tables(&mut self) -> Result<Tables> {
        match self.byte()? {
            0 => Ok(None),
            1 => {
                let tables = Box::new((self.classes()?, self.classes()?));
                let held = |class: &crate::weights::Class| size_of_val(class) + class.name.len() + 8;
                self.take(tables.0.as_slice().iter().chain(tables.1.as_slice()).map(held).sum())?;
                Ok(Some(tables))
            }
            _ => Err(damaged()),
        }
    }

    fn history(&mut self, map: &LabelMap) -> Result<History> {
        let (done, undone) = (self.number()?, self.number()?);
        let mut made = Made::default();
        let done = self.commands(done, map, &mut made)?;
        let undone = self.commands(undone, map, &mut made)?;
        Ok(History::of(done, undone))
    }

    fn commands(&mut self, n: usize, map: &LabelMap, made: &mut Made) -> Result<Vec<Command>> {
        let mut commands = Vec::new();
        for _ in 0..n {
            self.take(2 * size_of::<Command>())?;
            let tables = self.tables()?;
            let patches = self.patches(map, made)?;
            if patches.is_empty() && tables.is_none() {
                return Err(damaged());
            }
            commands.push(Command::new(patches, tables, map.grid()));
        }
        Ok(commands)
    }

    fn patches(&mut self, map: &LabelMap, made: &mut Made) -> Result<Vec<Patch>> {
        let grid = map.grid();
        let mut patches: Vec<Patch> = Vec::new();
        for _ in 0..self.number()? {
            let (slice, tile) = (self.number()?, self.number()?);
            let rising = patches.last().is_none_or(|last| (last.slice, last.tile) < (slice, tile));
            if slice >= map.slices() || tile >= grid.tiles() || !rising {
                return Err(damaged());
            }
            let n = grid.place(tile).area();
            let plane = map.planes().get(&slice);
            if plane.is_none() && made.slices.insert(slice) {
                self.take(grid.plane_bytes())?;
            }
            // Undone, it may need the whole tile, unless it has that now.
            let whole = plane.is_some_and(|plane| matches!(plane.tiles()[tile], Tile::Pixels(_)));
            if !whole && made.tiles.insert((slice, tile)) {
                self.take(n)?;
            }
            self.take(2 * size_of::<Patch>())?;
            let delta = self.delta(n)?;
            patches.push(Patch { slice, tile, delta });
        }
        Ok(patches)
    }

    /// The change of a tile of `n` pixels.
    fn delta(&mut self, n: usize) -> Result<Delta> {
        match self.byte()? {
            0 => {
                let mut short = [0; 2];
                self.fill(&mut short)?;
                let count = usize::from(u16::from_le_bytes(short));
                self.take(count * size_of::<Run>())?;
                let mut runs = Vec::new();
                let mut pixels = 0;
                for _ in 0..count {
                    self.fill(&mut short)?;
                    let run = Run { length: u16::from_le_bytes(short), flip: self.byte()? };
                    pixels += usize::from(run.length);
                    if run.length == 0 || pixels > n {
                        return Err(damaged());
                    }
                    runs.push(run);
                }
                Ok(Delta::Runs(runs.into()))
            }
            1 => {
                self.take(n)?;
                let mut flips = vec![0; n];
                self.fill(&mut flips)?;
                Ok(Delta::Pixels(flips.into()))
            }
            _ => Err(damaged()),
        }
    }
}
