//! The table of layers of `insitu info --preset`.

use clap::Args;
use insitu::Result;
use insitu::net::{Geometry, Preset, Summary, UNetConfig};

/// A preset and what of it is changed.
#[derive(Args, Debug)]
pub struct NetworkArgs {
    /// Tells what a network is made of: its layers, shapes, parameters, receptive field, work and memory
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Channels of the input, if not the published ones
    #[arg(long, requires = "preset")]
    channels: Option<usize>,
    /// Outputs, if not the published ones
    #[arg(long, requires = "preset")]
    outputs: Option<usize>,
    /// Channels at full resolution, if not the preset's
    #[arg(long, requires = "preset")]
    width: Option<usize>,
    /// Resolutions, if not the preset's
    #[arg(long, requires = "preset")]
    levels: Option<usize>,
    /// Pixels a side of the input
    #[arg(long, requires = "preset")]
    size: Option<usize>,
}

impl NetworkArgs {
    /// The network in words and as a table.
    ///
    /// # Errors
    /// `net.preset.unknown`, `net.config`.
    pub fn described(&self, name: &str) -> Result<String> {
        let preset = Preset::from_name(name)?;
        let (channels, outputs, published) = preset.published();
        let mut config = preset.config(self.channels.unwrap_or(channels), self.outputs.unwrap_or(outputs));
        config.width = self.width.unwrap_or(config.width);
        config.levels = self.levels.unwrap_or(config.levels);
        config.validate()?;
        // Larger maps than this fit into no memory, and their pixels not into the numbers.
        let wanted = self.size.unwrap_or(published).min(1 << 15);
        Ok(table(&config, Some(name), Geometry::of(&config).legal_at_least(wanted)))
    }
}

fn table(config: &UNetConfig, preset: Option<&str>, size: usize) -> String {
    let summary = Summary::of(config, [size, size]);
    let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / (1 << 20) as f64);
    let mut text = format!(
        "{}\n\
         input            {size} x {size} pixels, {} channel{}\n\
         output           {} x {} pixels, {} output{}{}\n\
         parameters       {}\n\
         receptive field  {} pixels\n\
         multiply-adds    {:.2} thousand million\n\
         memory           {} for segmenting one image of this size, about {} for learning from it\n\n",
        config.described(preset),
        config.input_channels,
        plural(config.input_channels),
        summary.output[0],
        summary.output[1],
        config.outputs,
        plural(config.outputs),
        if config.heads() > 1 { format!(", from each of {} heads", config.heads()) } else { String::new() },
        grouped(summary.parameters),
        summary.receptive_field,
        summary.multiply_adds as f64 / 1e9,
        mib(summary.peak_bytes),
        mib(2 * summary.training_bytes),
    );
    text.push_str(&format!(
        "{:16}  {:26}  {:>20}  {:>12}\n",
        "name", "layer", "channels x size", "parameters"
    ));
    for layer in &summary.layers {
        let shape = format!("{} x {} x {}", layer.channels, layer.height, layer.width);
        let parameters = if layer.parameters == 0 { String::new() } else { grouped(layer.parameters) };
        let row = format!("{:16}  {:26}  {shape:>20}  {parameters:>12}", layer.name, layer.kind);
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A number with commas between groups of three digits.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_is_described_with_its_sizes_and_its_parameters() {
        let args = NetworkArgs {
            preset: None,
            channels: None,
            outputs: None,
            width: None,
            levels: None,
            size: None,
        };
        let text = args.described("ronneberger2015").unwrap();
        for part in ["31,030,658", "572 x 572", "388 x 388 pixels, 2 outputs", "crop by 88", "1024 x 28 x 28"]
        {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert!(args.described("none").is_err());
    }
}
