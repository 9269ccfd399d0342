//! Channels of every convolution of a network that does not double them from level to level.

use serde::{Deserialize, Serialize};

use super::config::{Architecture, Narrowing, Padding, UNetConfig, Upsampling};
use super::graph::Graph;
use crate::error::{Error, Result};

/// Channels of the 3x3 convolutions, where they are not two of `width << level` at each level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Stages {
    /// Of the contracting path: for each level from full resolution to the bottom, those of its convolutions in order. A
    /// strided network ([`Architecture::Strided`]) has one for each.
    pub down: Vec<Vec<usize>>,
    /// Of the expanding path, from the level above the bottom to full resolution; empty in a strided network.
    #[serde(default)]
    pub up: Vec<Vec<usize>>,
    /// Of the up-convolutions, in the order of `up`; empty where maps are enlarged without one.
    #[serde(default)]
    pub enlarged: Vec<usize>,
    /// How many levels from full resolution down have no normalisation on the way down.
    #[serde(default)]
    pub bare: usize,
    /// Whether full resolution has no skip connection.
    #[serde(default)]
    pub open_top: bool,
    /// How many levels from full resolution down the expanding path does not reach: it ends below them, and what the head gives
    /// there is enlarged, each value to a square of `1 << coarse` pixels a side.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub coarse: usize,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Stages {
    /// Resolutions, at most: the stride of ten is 512 pixels.
    pub const MAX_LEVELS: usize = 10;
    /// Convolutions of a level, at most.
    const MAX_CONVOLUTIONS: usize = 16;
    /// Channels of a convolution, at most.
    const MAX_CHANNELS: usize = 4096;
    /// Parameters of a network, at most: two gigabytes of them.
    const MAX_PARAMETERS: usize = 500_000_000;

    /// Refuses stages that do not fit the rest of their network.
    ///
    /// # Errors
    /// `net.config`.
    pub(super) fn validate(&self, config: &UNetConfig) -> Result<()> {
        let wrong = |what: &str| Err(Error::invalid("net.config", what));
        let strided = config.architecture == Architecture::Strided;
        if self.coarse.saturating_add(1) >= config.levels {
            return wrong("A network has a level at least that its expanding path reaches.");
        }
        let above = if strided { 0 } else { config.levels - 1 - self.coarse };
        let enlarged = if strided || !config.upsampling.has_convolution() { 0 } else { above };
        if [self.down.len(), self.up.len(), self.enlarged.len()] != [config.levels, above, enlarged] {
            return wrong("The channels of a network are not told for each of its levels.");
        }
        if config.architecture == Architecture::UNetPlusPlus
            || config.padding == Padding::Valid
            || config.narrowing != Narrowing::None
        {
            return wrong(
                "Channels of single convolutions can be told for plain U-Nets with same padding only.",
            );
        }
        let most = if strided { 1 } else { Self::MAX_CONVOLUTIONS };
        let counts = self.down.iter().chain(&self.up).map(Vec::len);
        if counts.clone().any(|n| !(1..=most).contains(&n)) {
            return wrong("A level of a U-Net has 1 to 16 convolutions, one of a strided U-Net has 1.");
        }
        let mut channels = self.down.iter().chain(&self.up).flatten().chain(&self.enlarged);
        if channels.any(|c| !(1..=Self::MAX_CHANNELS).contains(c)) {
            return wrong("A convolution has 1 to 4096 channels.");
        }
        if self.down.first().and_then(|c| c.first()) != Some(&config.width) || self.bare > config.levels {
            return wrong("The width of a network is not that of its first convolution.");
        }
        if self.coarse > 0 && (config.upsampling != Upsampling::Nearest || self.open_top) {
            return wrong("Only a network that enlarges by nearest neighbour can end at a lower resolution.");
        }
        if strided && (self.open_top || self.bare > 0 || self.coarse > 0) {
            return wrong("A strided U-Net has every skip connection and normalisation.");
        }
        if Graph::of(config).parameters() > Self::MAX_PARAMETERS {
            return wrong("A network of more than 500 million parameters is too large.");
        }
        Ok(())
    }
}

impl UNetConfig {
    /// Channels of the convolutions at a level of the contracting path.
    pub(super) fn down(&self, level: usize) -> Vec<usize> {
        match &self.stages {
            Some(stages) => stages.down.get(level).cloned().unwrap_or_default(),
            // The bottom is enlarged next.
            None if level + 1 == self.levels => vec![self.narrowed(level)[1]; 2],
            None => vec![self.channels(level); 2],
        }
    }

    /// Channels of the convolutions at a level of the expanding path.
    pub(super) fn up(&self, level: usize) -> Vec<usize> {
        match &self.stages {
            Some(stages) => stages.up.get(self.step_up(level)).cloned().unwrap_or_default(),
            None => self.narrowed(level).to_vec(),
        }
    }

    /// Channels of the up-convolution to a level, if there is one.
    pub(super) fn enlarged(&self, level: usize) -> usize {
        match &self.stages {
            Some(stages) => stages.enlarged.get(self.step_up(level)).copied().unwrap_or_default(),
            None => self.channels(level),
        }
    }

    /// Whether a level of the contracting path is normalised, if any is.
    pub(super) fn normalised(&self, level: usize) -> bool {
        self.stages.as_ref().is_none_or(|stages| level >= stages.bare)
    }

    /// Whether a level has a skip connection.
    pub(super) fn skips(&self, level: usize) -> bool {
        level > 0 || self.stages.as_ref().is_none_or(|stages| !stages.open_top)
    }

    /// Levels from full resolution down that the expanding path does not reach.
    pub fn coarse(&self) -> usize {
        self.stages.as_ref().map_or(0, |stages| stages.coarse)
    }

    /// Place of a level on the way up.
    fn step_up(&self, level: usize) -> usize {
        self.levels.saturating_sub(2 + level)
    }

    /// Channels of the two convolutions of a block that is enlarged next, or of the last one of the expanding path.
    fn narrowed(&self, level: usize) -> [usize; 2] {
        let (here, above) = (self.channels(level), self.channels(level.saturating_sub(1)));
        match self.narrowing {
            Narrowing::None => [here; 2],
            Narrowing::Last => [here, above],
            Narrowing::First => [above; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Downsampling, Preset};

    fn staged(stages: Stages) -> UNetConfig {
        let (levels, width) = (stages.down.len(), stages.down[0][0]);
        UNetConfig { levels, width, stages: Some(stages), ..Preset::Small.config(1, 2) }
    }

    #[test]
    fn stages_that_say_what_the_plain_network_has_give_the_same_graph() {
        let plain = UNetConfig { levels: 3, width: 2, ..Preset::Small.config(1, 2) };
        let same = staged(Stages {
            down: vec![vec![2, 2], vec![4, 4], vec![8, 8]],
            up: vec![vec![4, 4], vec![2, 2]],
            enlarged: vec![4, 2],
            ..Stages::default()
        });
        same.validate().unwrap();
        assert_eq!(Graph::of(&same), Graph::of(&plain));
        let json = serde_json::to_string(&plain).unwrap();
        assert!(!json.contains("stages"), "{json}");
    }

    #[test]
    fn stages_that_fit_nothing_are_refused() {
        let good = staged(Stages {
            down: vec![vec![2], vec![3, 3]],
            up: vec![vec![5]],
            enlarged: vec![7],
            ..Stages::default()
        });
        good.validate().unwrap();
        let of = |change: &dyn Fn(&mut Stages)| {
            let mut stages = good.stages.clone().unwrap();
            change(&mut stages);
            UNetConfig { stages: Some(stages), ..good.clone() }
        };
        for bad in [
            of(&|s| s.down.push(vec![2])),
            of(&|s| s.up.clear()),
            of(&|s| s.enlarged.clear()),
            of(&|s| s.down[1].clear()),
            of(&|s| s.down[1] = vec![4096; 16]),
            of(&|s| s.up[0] = vec![usize::MAX]),
            of(&|s| s.down[0][0] = 0),
            of(&|s| s.bare = 9),
            of(&|s| s.coarse = 1),
            of(&|s| s.coarse = usize::MAX - 1),
            UNetConfig { width: 3, ..good.clone() },
            UNetConfig { upsampling: Upsampling::Nearest, ..good.clone() },
            UNetConfig { padding: Padding::Valid, ..good.clone() },
            UNetConfig { architecture: Architecture::Strided, ..good.clone() },
            UNetConfig { architecture: Architecture::UNetPlusPlus, ..good.clone() },
            UNetConfig {
                architecture: Architecture::Strided,
                downsampling: Downsampling::Convolution,
                ..good.clone()
            },
        ] {
            assert_eq!(bad.validate().unwrap_err().code(), "net.config", "{bad:?}");
        }
    }
}
