//! Convolutions on a GPU are those of the definition. Needs a graphics card, or a software one: `cargo test -p insitu-kernels --features gpu`.

mod definition;

use burn::tensor::Device;

#[test]
fn convolutions_and_both_their_gradients_follow_the_definition_on_a_gpu() {
    let device = Device::wgpu_options().init().expect("a graphics card");
    pollster::block_on(definition::convolutions_and_both_their_gradients(&device));
}
