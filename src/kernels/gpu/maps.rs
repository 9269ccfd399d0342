//! Feature maps in a GPU's memory: channels last, padded to whole vectors of four.

use burn::tensor::{Tensor, TensorData};
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, CubeDevice};
use cubecl::client::Client;
use cubecl::prelude::*;
use cubecl::server::Handle;

use super::launch::{Buffer, UNITS, cubes};

/// Four channels of a pixel.
pub(super) type Four = Vector<f32, Const<4>>;

/// A GPU as the kernels see it.
#[derive(Clone)]
pub struct Gpu {
    pub(super) client: Client,
    device: CubeDevice,
}

/// Maps of a batch of images: `[image][row][column][channel]`, channels padded with zeros to a multiple of four.
#[derive(Clone)]
pub struct Maps {
    pub batch: usize,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    pub(super) values: Buffer,
}

impl Maps {
    /// Vectors of four in a pixel.
    pub fn blocks(&self) -> usize {
        self.channels.div_ceil(4)
    }

    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        [self.height, self.width]
    }

    /// Pixels of all images.
    pub fn pixels(&self) -> usize {
        self.batch * self.height * self.width
    }
}

impl Gpu {
    /// The GPU that a tensor lies on; nothing if it lies elsewhere.
    pub fn of<const D: usize>(tensor: Tensor<D>) -> Option<Self> {
        let tensor = primitive(tensor)?;
        Some(Self { client: tensor.client, device: tensor.device })
    }

    /// Maps of which nothing is known yet.
    pub(super) fn unwritten(&self, batch: usize, [height, width]: [usize; 2], channels: usize) -> Maps {
        let length = batch * height * width * channels.next_multiple_of(4);
        Maps { batch, height, width, channels, values: self.buffer(length) }
    }

    /// Memory for so many numbers.
    pub(super) fn buffer(&self, length: usize) -> Buffer {
        Buffer { handle: self.client.empty(length.max(1) * size_of::<f32>()), length }
    }

    fn uploaded(&self, values: &[f32]) -> Buffer {
        Buffer { handle: self.client.create_from_slice(f32::as_bytes(values)), length: values.len() }
    }

    /// Maps from `[batch, channel, height, width]` in the main memory.
    pub fn input(&self, planes: &[f32], [batch, channels, height, width]: [usize; 4]) -> Maps {
        let (area, pitch) = (height * width, channels.next_multiple_of(4));
        let mut values = vec![0.0; batch * area * pitch];
        for (plane, from) in planes.chunks_exact(area.max(1)).enumerate() {
            let (image, channel) = (plane / channels, plane % channels);
            for (to, value) in values[image * area * pitch..].chunks_exact_mut(pitch).zip(from) {
                to[channel] = *value;
            }
        }
        Maps { batch, height, width, channels, values: self.uploaded(&values) }
    }

    /// Maps as a tensor, `[batch, channel, height, width]`.
    pub fn tensor(&self, maps: &Maps) -> Tensor<4> {
        let Maps { batch, channels, height, width, .. } = *maps;
        let count = batch * channels * height * width;
        let to = self.buffer(count);
        // SAFETY: one unit a value of the result, none behind its end; the source holds `blocks` vectors a pixel.
        unsafe {
            planes::launch_unchecked(
                &self.client,
                cubes(count),
                CubeDim::new_1d(UNITS),
                maps.values.argument(),
                to.argument(),
                (height * width) as u32,
                channels as u32,
                4 * maps.blocks() as u32,
            );
        }
        self.as_tensor(to, [batch, channels, height, width])
    }

    /// Maps from a tensor, `[batch, channel, height, width]`; nothing if it lies elsewhere.
    pub fn maps(&self, tensor: Tensor<4>) -> Option<Maps> {
        let [batch, channels, height, width] = tensor.dims();
        let from = Strided::of(tensor)?;
        let to = self.unwritten(batch, [height, width], channels);
        let [of_batch, of_channel, of_row, of_column] = from.strides;
        // SAFETY: one unit a vector of the result; strides and sizes are those of the tensor.
        unsafe {
            from_strided::launch_unchecked(
                &self.client,
                cubes(to.values.vectors()),
                CubeDim::new_1d(UNITS),
                from.values.argument(),
                to.values.vector_argument(),
                height as u32,
                width as u32,
                channels as u32,
                of_batch,
                of_channel,
                of_row,
                of_column,
            );
        }
        Some(to)
    }

    /// Values of some tensors for each channel, each padded with zeros to whole vectors; nothing if they lie elsewhere.
    pub(super) fn one_after_the_other(&self, mut tensors: Vec<Tensor<1>>) -> Option<Buffer> {
        if let [_] = tensors[..] {
            return self.by_channel(tensors.pop()?);
        }
        let padded = tensors.into_iter().map(|tensor| {
            let buffer = self.by_channel(tensor)?;
            let length = buffer.length;
            Some(self.as_tensor(buffer, [length]))
        });
        self.by_channel(Tensor::cat(padded.collect::<Option<Vec<_>>>()?, 0))
    }

    /// Values of a tensor for each channel, padded with zeros; nothing if it lies elsewhere.
    pub(super) fn by_channel(&self, tensor: Tensor<1>) -> Option<Buffer> {
        let from = Strided::of(tensor)?;
        if from.values.length.is_multiple_of(4) && from.strides == [1] {
            return Some(from.values);
        }
        let to = self.buffer(from.values.length.next_multiple_of(4));
        // SAFETY: one unit a value of the result; the kernel reads below the count alone.
        unsafe {
            padded::launch_unchecked(
                &self.client,
                cubes(to.length),
                CubeDim::new_1d(UNITS),
                from.values.argument(),
                to.argument(),
                from.values.length as u32,
                from.strides[0],
            );
        }
        Some(to)
    }

    /// A tensor of what a buffer begins with.
    pub(super) fn as_tensor<const D: usize>(&self, values: Buffer, shape: [usize; D]) -> Tensor<D> {
        let tensor = CubeTensor::new_contiguous(
            self.client.clone(),
            self.device.clone(),
            shape.into(),
            values.handle,
            burn::tensor::DType::F32,
        );
        Tensor::from_primitive::<CubeBackend>(tensor)
    }

    /// A tensor from the main memory.
    pub fn tensor_of<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        let data = TensorData::new(values, shape);
        let buffer = self.uploaded(data.as_slice().unwrap_or(&[]));
        self.as_tensor(buffer, shape)
    }
}

/// A tensor's memory, and the steps along its axes.
pub(super) struct Strided<const D: usize> {
    pub values: Buffer,
    pub strides: [u32; D],
}

impl<const D: usize> Strided<D> {
    pub fn of(tensor: Tensor<D>) -> Option<Self> {
        let tensor = primitive(tensor)?;
        let mut strides = [0; D];
        for (to, from) in strides.iter_mut().zip(tensor.meta.strides().iter()) {
            *to = *from as u32;
        }
        let length = tensor.meta.shape().num_elements();
        Some(Self { values: Buffer { handle: tensor.handle, length }, strides })
    }
}

fn primitive<const D: usize>(tensor: Tensor<D>) -> Option<CubeTensor> {
    tensor.try_into_primitive::<CubeBackend>().ok()
}

#[cube(launch_unchecked)]
fn planes(from: &[f32], to: &mut [f32], area: u32, channels: u32, pitch: u32) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let (area, channels, pitch) = (area as usize, channels as usize, pitch as usize);
        let pixel = index / (area * channels) * area + index % area;
        to[index] = from[pixel * pitch + index / area % channels];
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn from_strided(
    from: &[f32],
    to: &mut [Four],
    height: u32,
    width: u32,
    channels: u32,
    of_batch: u32,
    of_channel: u32,
    of_row: u32,
    of_column: u32,
) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let index = index as u32;
        let blocks = channels.div_ceil(4);
        let (pixel, first) = (index / blocks, index % blocks * 4);
        let start =
            pixel / (width * height) * of_batch + pixel / width % height * of_row + pixel % width * of_column;
        to[index as usize] = four_of(from, start, of_channel, first, channels);
    }
}

/// Four numbers of a row of `count` with a step between them, from `first` on; those behind its end are 0.
#[cube]
pub(super) fn four_of(from: &[f32], start: u32, step: u32, first: u32, count: u32) -> Four {
    let mut value = Four::new(0.0);
    #[unroll]
    for lane in 0..4usize {
        let place = first + lane as u32;
        if place < count {
            value.insert(lane, from[(start + place * step) as usize]);
        }
    }
    value
}

/// Four channels of a pixel; 0 outside of the image, and where there are no such channels.
#[cube]
pub(super) fn pixel_of(
    from: &[Four],
    image: u32,
    y: i32,
    x: i32,
    block: u32,
    height: u32,
    width: u32,
    blocks: u32,
) -> Four {
    let mut value = Four::new(0.0);
    if y >= 0 && y < height as i32 && x >= 0 && x < width as i32 && block < blocks {
        let pixel = (image * height + y as u32) * width + x as u32;
        value = from[(pixel * blocks + block) as usize];
    }
    value
}

/// An activation that multiplies what is below 0.
#[cube]
pub(super) fn activated(value: Four, slope: f32) -> Four {
    let zero = Four::new(0.0);
    max(value, zero) + min(value, zero) * Four::new(slope)
}

#[cube(launch_unchecked)]
fn padded(from: &[f32], to: &mut [f32], count: u32, stride: u32) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let mut value = 0.0f32;
        if (index as u32) < count {
            value = from[index * stride as usize];
        }
        to[index] = value;
    }
}

impl Buffer {
    pub(super) fn handle(&self) -> Handle {
        self.handle.clone()
    }
}
