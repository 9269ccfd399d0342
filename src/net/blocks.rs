//! A network as a person draws it: blocks of operations, and how they are joined.

use serde::Serialize;

use super::graph::Graph;
use super::op::{Node, Op};

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The image.
    Input,
    /// Convolutions at one level, each with what follows it.
    Convolutions,
    /// Halves the size.
    Pooling,
    /// Doubles the size.
    Up,
    /// Takes the rim off a skip connection.
    Crop,
    /// Joins what came up with the skip connections.
    Concatenation,
    /// From the last maps to one map for each output.
    Head,
}

/// Operations that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub part: Part,
    /// Indices of its nodes, in order; the last one's result is the block's.
    pub nodes: Vec<usize>,
    /// Blocks whose results it takes, as its first node takes them.
    pub inputs: Vec<usize>,
}

impl Block {
    /// The node whose result is the block's.
    pub fn result(&self) -> usize {
        self.nodes.last().copied().unwrap_or(0)
    }
}

impl Graph {
    /// The blocks, in the order of computation; every node is in one of them.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut block_of: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for (i, node) in self.nodes.iter().enumerate() {
            let part = part(node);
            let inputs: Vec<usize> = node.inputs.iter().map(|n| block_of[*n]).collect();
            match inputs.first() {
                // What a head enlarges is still the head.
                Some(before) if (part == Part::Head || !opens(node.op)) && blocks[*before].part == part => {
                    blocks[*before].nodes.push(i);
                    block_of.push(*before);
                }
                _ => {
                    block_of.push(blocks.len());
                    blocks.push(Block { part, nodes: vec![i], inputs });
                }
            }
        }
        blocks
    }
}

/// The kind of block that a node stands in: an up-convolution is one because of its name, and a head is.
fn part(node: &Node) -> Part {
    match node.op {
        Op::Input => Part::Input,
        Op::MaxPool => Part::Pooling,
        Op::Crop { .. } => Part::Crop,
        Op::Concatenate => Part::Concatenation,
        _ if node.name.starts_with("head") => Part::Head,
        Op::TransposedConvolution | Op::UpsampleNearest | Op::UpsampleBilinear { .. } => Part::Up,
        _ if node.name.starts_with("up") => Part::Up,
        _ => Part::Convolutions,
    }
}

/// Whether an operation always starts a block.
fn opens(op: Op) -> bool {
    matches!(
        op,
        Op::Input
            | Op::MaxPool
            | Op::Crop { .. }
            | Op::Concatenate
            | Op::StridedConvolution
            | Op::TransposedConvolution
            | Op::WideTransposedConvolution
            | Op::UpsampleNearest
            | Op::UpsampleBilinear { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;

    fn count(blocks: &[Block], part: Part) -> usize {
        blocks.iter().filter(|b| b.part == part).count()
    }

    #[test]
    fn the_paper_has_nine_blocks_of_convolutions_and_four_of_everything_between() {
        let blocks = Graph::of(&Preset::Ronneberger2015.config(1, 2)).blocks();
        let counts = [Part::Input, Part::Convolutions, Part::Pooling, Part::Up, Part::Crop, Part::Head]
            .map(|p| count(&blocks, p));
        assert_eq!(counts, [1, 9, 4, 4, 4, 1]);
        // Each way up starts from the block below and is joined with what was cropped.
        for b in blocks.iter().filter(|b| b.part == Part::Concatenation) {
            let parts: Vec<Part> = b.inputs.iter().map(|i| blocks[*i].part).collect();
            assert!(parts.contains(&Part::Up) && parts.contains(&Part::Crop), "{parts:?}");
        }
    }

    #[test]
    fn every_node_of_every_preset_stands_in_one_block_after_those_that_it_needs() {
        for preset in Preset::ALL {
            let graph = Graph::of(&preset.config(1, 2));
            let blocks = graph.blocks();
            let mut nodes: Vec<usize> = blocks.iter().flat_map(|b| b.nodes.clone()).collect();
            nodes.sort_unstable();
            assert_eq!(nodes, (0..graph.nodes.len()).collect::<Vec<_>>(), "{}", preset.name());
            for (i, block) in blocks.iter().enumerate() {
                assert!(block.inputs.iter().all(|b| *b < i), "{}", preset.name());
            }
            assert_eq!(count(&blocks, Part::Head), graph.heads.len(), "{}", preset.name());
        }
    }

    #[test]
    fn the_nested_network_is_a_triangle_of_blocks() {
        let blocks = Graph::of(&Preset::UNetPlusPlus.config(1, 1)).blocks();
        assert_eq!(count(&blocks, Part::Convolutions), 15);
        assert_eq!(count(&blocks, Part::Up), 10);
    }
}
