//! A folder for one test, images in it, and a network whose answers are known.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use burn::tensor::Device;
use image::{DynamicImage, GrayImage, ImageBuffer, Luma};
use insitu::net::{Norm, Padding, Preset, UNet, UNetConfig, Upsampling};
use insitu::scan::Normalisation;
use insitu::weights::{self, Card, Class, Model, Precision, Role, load_into, read};

/// Grey values of the drawings: background, the rim of an object, its inside.
pub const DARK: u8 = 0;
pub const RIM: u8 = 128;
pub const BRIGHT: u8 = 255;

/// Two objects whose rims touch.
pub const TWO_SQUARES: [&str; 6] = [
    "..........", //
    ".++++++++.",
    ".+##++##+.",
    ".+##++##+.",
    ".++++++++.",
    "..........",
];

/// A folder that goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("insitu-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// Writes a drawing, `#` inside, `+` rim, `.` background, as an 8-bit PNG.
    pub fn drawing(&self, name: &str, rows: &[&str]) -> PathBuf {
        let values = rows.iter().flat_map(|r| r.bytes()).map(|b| match b {
            b'#' => BRIGHT,
            b'+' => RIM,
            _ => DARK,
        });
        self.grey(name, rows[0].len(), values.collect())
    }

    pub fn grey(&self, name: &str, width: usize, values: Vec<u8>) -> PathBuf {
        let height = values.len() / width;
        let path = self.path(name);
        GrayImage::from_raw(width as u32, height as u32, values).unwrap().save(&path).unwrap();
        path
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn grey16(&self, name: &str, width: usize, values: Vec<u16>) -> PathBuf {
        let height = values.len() / width;
        let path = self.path(name);
        let image: ImageBuffer<Luma<u16>, _> =
            ImageBuffer::from_raw(width as u32, height as u32, values).unwrap();
        image.save(&path).unwrap();
        path
    }

    /// A model whose inside is where the image is bright and whose rim is where it is grey.
    pub fn model(&self) -> PathBuf {
        let path = self.path("drawn.safetensors");
        std::fs::write(&path, model()).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Two levels, one channel wide: the image passes through the skip connection untouched, and the logits of
/// background, inside and rim are straight lines over its grey values.
fn model() -> Vec<u8> {
    let config = UNetConfig {
        input_channels: 1,
        outputs: 3,
        levels: 2,
        width: 1,
        norm: Norm::None,
        padding: Padding::Same,
        upsampling: Upsampling::Transposed,
        up_activation: false,
        ..Preset::Small.config(1, 3)
    };
    let device = Device::flex();
    let net = UNet::new(&config, &device).unwrap();
    let mut tensors = pollster::block_on(read(&net)).unwrap();
    for tensor in &mut tensors {
        let shape = &tensor.shape;
        tensor.values.fill(0.0);
        if tensor.values.len() == 3 && shape.len() == 4 {
            tensor.values = vec![0.0, 80.0, 20.0];
        } else if tensor.values.len() == 3 {
            tensor.values = vec![0.0, -60.0, -5.0];
        } else if shape.len() == 4 && shape[2] == 3 {
            // The middle of the last input channel: what came over the skip connection.
            let last = shape[1] * 9 - 5;
            tensor.values[last] = 1.0;
        }
    }
    let net = load_into(net, tensors).unwrap();
    let output = |class, role| weights::Output { class, role };
    let outputs = vec![output(0, Role::Background), output(1, Role::Interior), output(1, Role::Boundary)];
    let class = Class { name: "square".into(), colour: "#E69F00".into() };
    let mut card = Card::new("Drawn squares", config, vec![class], outputs);
    card.input.normalisation = Normalisation::Fixed { subtract: 0.0, divide: 255.0 };
    pollster::block_on(Model { card, net, device }.to_bytes(Precision::Full)).unwrap()
}

/// Runs the program.
pub fn insitu(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_insitu")).args(args).output().unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn open(path: &Path) -> DynamicImage {
    image::open(path).unwrap()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
