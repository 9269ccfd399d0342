//! Tensors between a network and a file, by PyTorch's names.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::fit::fit;
use super::named::NamedTensor;
use crate::error::{Error, Result};
use crate::net::UNet;

/// All tensors of a network, running statistics included, read without blocking: a GPU on the web can be read in
/// no other way.
pub async fn read(net: &UNet) -> Result<Vec<NamedTensor>> {
    struct Handles(Vec<(Vec<usize>, Tensor<1>)>);
    impl ModuleVisitor for Handles {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let value = param.val();
            let shape = value.dims().to_vec();
            let n = shape.iter().product::<usize>();
            self.0.push((shape, value.reshape([n])));
        }
    }
    let mut handles = Handles(Vec::new());
    // `valid` brings running statistics up to date and leaves the autodiff graph.
    net.valid().visit(&mut handles);
    let mut tensors = Vec::with_capacity(handles.0.len());
    for (name, (shape, tensor)) in net.tensor_names().iter().zip(handles.0) {
        let data = tensor.into_data_async().await.map_err(|e| {
            Error::device("device.read", "The weights could not be read back from the device.").with_source(e)
        })?;
        let values = floats(data)?;
        tensors.push(NamedTensor { name: name.clone(), shape, values });
    }
    Ok(tensors)
}

/// The 32-bit values of a tensor that was read back.
pub(crate) fn floats(data: TensorData) -> Result<Vec<f32>> {
    data.convert::<f32>().try_into_vec::<f32>().map_err(|e| {
        Error::device("device.read", "The device returned values of an unexpected type.")
            .with_source(format!("{e:?}"))
    })
}

/// Puts tensors into a network.
///
/// # Errors
/// `model.tensors` with the names that are missing, left over, and the first shape that differs.
pub fn load_into(net: UNet, tensors: Vec<NamedTensor>) -> Result<UNet> {
    struct Fill {
        /// In the order in which the mapper comes by.
        names: std::vec::IntoIter<String>,
        tensors: HashMap<String, Vec<f32>>,
    }
    impl ModuleMapper for Fill {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let Some(values) = self.names.next().and_then(|name| self.tensors.remove(&name)) else {
                return param;
            };
            let data = TensorData::new(values, param.lazy_shape().dims::<D>());
            let value = Tensor::from_data(data, &param.lazy_device());
            let id = param.id;
            param.transform_for_load(value, id)
        }
    }
    let tensors = fit(&net.graph().tensors(), tensors, str::to_string)?;
    let names = net.tensor_names().to_vec().into_iter();
    Ok(net.map(&mut Fill { names, tensors: tensors.into_iter().map(|t| (t.name, t.values)).collect() }))
}
