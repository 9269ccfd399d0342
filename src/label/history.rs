//! Commands that can be taken back and done again, as often as wanted.

use std::collections::BTreeMap;

use super::classes::ClassTable;
use super::delta::Delta;
use super::map::LabelMap;
use super::pen::Before;
use super::plane::Grid;
use super::rect::{Area, Rect};

/// What a command, its undo or its redo changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The smallest rectangle around the changes in each slice, slices in order.
    pub areas: Vec<Area>,
    /// Whether names, colours or the order of classes changed.
    pub classes: bool,
}

/// A command that is not finished: what was there before it.
pub(super) struct Record {
    pub(super) before: Before,
    classes: ClassTable,
}

/// A finished command.
pub(super) struct Command {
    patches: Vec<Patch>,
    classes: Tables,
    changed: Changed,
}

/// The class table before and after a command, if it changed that.
pub(super) type Tables = Option<Box<(ClassTable, ClassTable)>>;

/// What a command changed in a tile.
pub(super) struct Patch {
    pub(super) slice: usize,
    pub(super) tile: usize,
    pub(super) delta: Delta,
}

/// Commands that were done, the last one last, and those that were undone, the next to be done again last.
#[derive(Default)]
pub(super) struct History {
    done: Vec<Command>,
    undone: Vec<Command>,
    /// Bytes that all of them hold.
    bytes: usize,
}

impl Record {
    /// Begins a command.
    pub(super) fn new(map: &LabelMap) -> Self {
        Self { before: Before::new(), classes: map.classes.clone() }
    }

    /// Ends it; `None` if it changed nothing.
    pub(super) fn finish(self, map: &mut LabelMap) -> Option<Command> {
        let grid = map.grid();
        let mut patches = Vec::new();
        for ((slice, tile), before) in self.before {
            let plane = map.plane(slice);
            plane.compact(tile);
            let n = grid.place(tile).area();
            if let Some(delta) = Delta::between(&before, &plane.tiles()[tile], n) {
                patches.push(Patch { slice, tile, delta });
            }
        }
        map.drop_blank();
        let classes = (self.classes != map.classes).then(|| Box::new((self.classes, map.classes.clone())));
        (!patches.is_empty() || classes.is_some()).then(|| Command::new(patches, classes, grid))
    }

    /// Puts everything back as it was and tells what that changed.
    pub(super) fn cancel(self, map: &mut LabelMap) -> Changed {
        let mut changed = Changed { areas: Vec::new(), classes: self.classes != map.classes };
        for ((slice, tile), before) in self.before {
            map.replace(slice, tile, before);
            let rect = map.grid().place(tile);
            match changed.areas.last_mut() {
                Some(area) if area.slice == slice => area.rect = area.rect.union(&rect),
                _ => changed.areas.push(Area { slice, rect }),
            }
        }
        map.drop_blank();
        map.classes = self.classes;
        changed
    }
}

impl Command {
    /// A command that changes these tiles of planes of this grid, by slice, then by tile.
    pub(super) fn new(patches: Vec<Patch>, classes: Tables, grid: Grid) -> Self {
        let mut rects: BTreeMap<usize, Rect> = BTreeMap::new();
        for Patch { slice, tile, delta } in &patches {
            let place = grid.place(*tile);
            if let Some(part) = delta.around(place.width) {
                let part = Rect { x: part.x + place.x, y: part.y + place.y, ..part };
                rects.entry(*slice).and_modify(|rect| *rect = rect.union(&part)).or_insert(part);
            }
        }
        let areas = rects.into_iter().map(|(slice, rect)| Area { slice, rect }).collect();
        let changed = Changed { areas, classes: classes.is_some() };
        Self { patches, classes, changed }
    }

    /// What it changed in which tiles.
    pub(super) fn patches(&self) -> &[Patch] {
        &self.patches
    }

    /// What it changed of the classes.
    pub(super) fn tables(&self) -> &Tables {
        &self.classes
    }

    /// What it changed.
    pub(super) fn changed(&self) -> &Changed {
        &self.changed
    }

    /// Puts its changes in or out: they are the same both ways.
    fn flip(&self, map: &mut LabelMap) {
        for Patch { slice, tile, delta } in &self.patches {
            map.plane(*slice).apply(*tile, delta);
        }
        map.drop_blank();
    }

    /// Bytes that it holds.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.patches.iter().map(|p| size_of::<Patch>() + p.delta.bytes()).sum::<usize>()
    }
}

impl History {
    /// These commands; of those that were undone, the next to be done again is the last.
    pub(super) fn of(done: Vec<Command>, undone: Vec<Command>) -> Self {
        let bytes = done.iter().chain(&undone).map(Command::bytes).sum();
        Self { done, undone, bytes }
    }

    /// Adds a command that was done just now; what was undone before cannot be done again.
    pub(super) fn push(&mut self, command: Command) {
        self.forget_undone();
        self.bytes += command.bytes();
        self.done.push(command);
    }

    pub(super) fn undo(&mut self, map: &mut LabelMap) -> Option<Changed> {
        let command = self.done.pop()?;
        command.flip(map);
        if let Some(classes) = &command.classes {
            map.classes = classes.0.clone();
        }
        let changed = command.changed.clone();
        self.undone.push(command);
        Some(changed)
    }

    pub(super) fn redo(&mut self, map: &mut LabelMap) -> Option<Changed> {
        let command = self.undone.pop()?;
        command.flip(map);
        if let Some(classes) = &command.classes {
            map.classes = classes.1.clone();
        }
        let changed = command.changed.clone();
        self.done.push(command);
        Some(changed)
    }

    /// What was undone cannot be done again.
    pub(super) fn forget_undone(&mut self) {
        self.bytes -= self.undone.drain(..).map(|command| command.bytes()).sum::<usize>();
    }

    /// The first command cannot be undone any more.
    pub(super) fn forget_first(&mut self) {
        if !self.done.is_empty() {
            self.bytes -= self.done.remove(0).bytes();
        }
    }

    /// Commands that were done, the last one last.
    pub(super) fn done(&self) -> &[Command] {
        &self.done
    }

    /// Commands that were undone, the next to be done again last.
    pub(super) fn undone(&self) -> &[Command] {
        &self.undone
    }

    /// Commands that can be undone, and those that can be done again.
    pub(super) fn steps(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }

    /// Bytes that all commands hold.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
