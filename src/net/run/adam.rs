//! The optimiser's step on one parameter, wherever it lies.

use burn::tensor::{Device, Tensor, TensorData};
pub use insitu_kernels::Adam;
use insitu_kernels::cpu;

/// A parameter's values and both moments after a step of Adam; moments that are not there yet are 0. Nothing where our kernels do not
/// reach.
pub fn adam(
    step: Adam,
    value: Tensor<1>,
    gradient: Tensor<1>,
    moments: Option<[Tensor<1>; 2]>,
) -> Option<[Tensor<1>; 3]> {
    if value.device() == Device::flex() {
        return on_cpu(step, value, gradient, moments);
    }
    #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
    {
        insitu_kernels::gpu::Gpu::of(value.clone())?.adam(step, value, gradient, moments)
    }
    #[cfg(not(any(target_arch = "wasm32", feature = "gpu")))]
    {
        None
    }
}

fn on_cpu(
    step: Adam,
    value: Tensor<1>,
    gradient: Tensor<1>,
    moments: Option<[Tensor<1>; 2]>,
) -> Option<[Tensor<1>; 3]> {
    let values = |tensor: Tensor<1>| tensor.into_data().convert::<f32>().try_into_vec().ok();
    let (mut value, gradient): (Vec<f32>, Vec<f32>) = (values(value)?, values(gradient)?);
    let length = gradient.len();
    let [mut first, mut second] = match moments {
        Some([first, second]) => [values(first)?, values(second)?],
        None => [(); 2].map(|()| vec![0.0; length]),
    };
    if [value.len(), first.len(), second.len()] != [length; 3] {
        return None;
    }
    cpu::adam(step, &mut value, &gradient, [&mut first, &mut second]);
    let tensor = |values: Vec<f32>| Tensor::from_data(TensorData::new(values, [length]), &Device::flex());
    Some([value, first, second].map(tensor))
}
