//! The last predictions, so that another threshold needs no inference.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::infer::Prediction;

/// What a prediction belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Counts the models that were loaded.
    pub model: u32,
    pub scan: u32,
    pub slice: usize,
    /// Which of its heads the network was asked, from 1 on.
    pub head: usize,
}

/// The most recently used predictions, last used last.
#[derive(Default)]
pub struct Cache {
    kept: VecDeque<(Key, Rc<Prediction>)>,
}

/// Predictions that are kept.
const MAX_KEPT: usize = 3;
/// Bytes of all of them together; the newest is kept even if it alone is larger.
const MAX_BYTES: usize = 256 << 20;

impl Cache {
    /// The prediction of `key`, which becomes the last to be dropped.
    pub fn get(&mut self, key: Key) -> Option<Rc<Prediction>> {
        let at = self.kept.iter().position(|(k, _)| *k == key)?;
        let entry = self.kept.remove(at)?;
        let found = entry.1.clone();
        self.kept.push_back(entry);
        Some(found)
    }

    /// Keeps a prediction and drops the oldest ones.
    pub fn put(&mut self, key: Key, prediction: Rc<Prediction>) {
        self.kept.retain(|(k, _)| *k != key);
        self.kept.push_back((key, prediction));
        while self.kept.len() > MAX_KEPT || (self.kept.len() > 1 && self.bytes() > MAX_BYTES) {
            self.kept.pop_front();
        }
    }

    /// Drops what belongs to a scan.
    pub fn forget_scan(&mut self, scan: u32) {
        self.kept.retain(|(k, _)| k.scan != scan);
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        self.kept.clear();
    }

    /// Bytes in use.
    pub fn bytes(&self) -> usize {
        self.kept.iter().map(|(_, p)| 4 * p.floats()).sum()
    }
}
