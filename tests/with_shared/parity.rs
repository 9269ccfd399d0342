//! The network computes what PyTorch computed in full size, in the comparison with other libraries.

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use insitu::weights::Model;

/// Below the shared folder.
pub const FOLDER: &str = "peers/models";

/// The benchmark's network on two images.
pub fn the_benchmark_network_computes_what_pytorch_computed(folder: &Path) {
    let device = Device::flex();
    let weights = std::fs::read(folder.join("unet16.safetensors")).unwrap();
    let model = Model::from_bytes(&weights, &device).unwrap();
    let read = |name: String| -> Vec<f32> {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    };
    for size in [128usize, 256] {
        let input = TensorData::new(read(format!("input_1x1x{size}x{size}.bin")), [1, 1, size, size]);
        let output = model.net.forward(Tensor::<4>::from_data(input, &device)).into_data();
        let expected = read(format!("unet16_output_1x{size}.bin"));
        let output: Vec<f32> = output.try_into_vec().unwrap();
        assert_eq!(output.len(), expected.len());
        let off = output.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        println!("{size}: largest difference {off}");
        assert!(off < 1e-4, "logits differ by {off}");
    }
}
