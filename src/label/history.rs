//! Commands that can be taken back and done again, as often as wanted.

use std::collections::BTreeMap;

use super::classes::ClassTable;
use super::delta::Delta;
use super::map::LabelMap;
use super::pen::Before;
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
    /// The table before and after, if the command changed it.
    classes: Option<Box<(ClassTable, ClassTable)>>,
    changed: Changed,
}

/// What a command changed in a tile.
struct Patch {
    slice: usize,
    tile: usize,
    delta: Delta,
}

/// Commands that were done, the last one last, and those that were undone, the next to be done again last.
#[derive(Default)]
pub(super) struct History {
    done: Vec<Command>,
    undone: Vec<Command>,
}

impl Record {
    /// Begins a command.
    pub(super) fn new(map: &LabelMap) -> Self {
        Self { before: Before::new(), classes: map.classes.clone() }
    }

    /// Ends it; `None` if it changed nothing.
    pub(super) fn finish(self, map: &mut LabelMap) -> Option<Command> {
        let grid = map.grid();
        let mut rects: BTreeMap<usize, Rect> = BTreeMap::new();
        let mut patches = Vec::new();
        for ((slice, tile), before) in self.before {
            let place = grid.place(tile);
            let plane = map.plane(slice);
            plane.compact(tile);
            let Some(delta) = Delta::between(&before, &plane.tiles()[tile], place.area()) else { continue };
            if let Some(part) = delta.around(place.width) {
                let part = Rect { x: part.x + place.x, y: part.y + place.y, ..part };
                rects.entry(slice).and_modify(|rect| *rect = rect.union(&part)).or_insert(part);
            }
            patches.push(Patch { slice, tile, delta });
        }
        map.drop_blank();
        let classes = (self.classes != map.classes).then(|| Box::new((self.classes, map.classes.clone())));
        let areas = rects.into_iter().map(|(slice, rect)| Area { slice, rect }).collect();
        let changed = Changed { areas, classes: classes.is_some() };
        (!patches.is_empty() || classes.is_some()).then_some(Command { patches, classes, changed })
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
    /// Adds a command that was done just now; what was undone before cannot be done again.
    pub(super) fn push(&mut self, command: Command) {
        self.undone.clear();
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

    /// Commands that can be undone, and those that can be done again.
    pub(super) fn steps(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }

    /// Bytes that all commands hold.
    pub(super) fn bytes(&self) -> usize {
        self.done.iter().chain(&self.undone).map(Command::bytes).sum()
    }
}
