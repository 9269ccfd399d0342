//! How the bytes of a chunk are packed: compressors of version 2, codecs of version 3.

use std::borrow::Cow;

use serde_json::Value;

use super::blosc::{self, Fault};
use super::{broken, lz4, quoted, unsupported};
use crate::error::{Error, Kind, Result};
use crate::scan::samples::Endian;
use crate::scan::{Limits, gzip, zstd};

/// What turns bytes into fewer bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zlib,
    Zstd,
    Blosc,
    /// A block of LZ4 behind its size, as numcodecs writes it.
    Lz4,
    /// Castagnoli's checksum behind the bytes.
    Crc32c,
}

/// From an array to bytes.
#[derive(Clone, Debug)]
pub(super) struct Codecs {
    pub(super) endian: Endian,
    /// Axis `i` of what is stored is axis `order[i]` of the array.
    pub(super) order: Vec<usize>,
    /// As they were done when it was written.
    pub(super) packings: Vec<Packing>,
    pub(super) shard: Option<Box<Shard>>,
}

/// A chunk that holds chunks, and where each lies.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    pub(super) chunks: Vec<usize>,
    pub(super) codecs: Codecs,
    pub(super) index: Codecs,
    pub(super) index_first: bool,
}

pub(super) fn sizes(list: Option<&Value>) -> Option<Vec<usize>> {
    list?.as_array()?.iter().map(|size| size.as_u64().and_then(|size| size.try_into().ok())).collect()
}

fn packing(name: &str) -> Result<Packing> {
    Ok(match name.strip_prefix("numcodecs.").unwrap_or(name) {
        "gzip" => Packing::Gzip,
        "zlib" => Packing::Zlib,
        "zstd" => Packing::Zstd,
        "blosc" => Packing::Blosc,
        "lz4" => Packing::Lz4,
        "crc32c" => Packing::Crc32c,
        other => return Err(unsupported(&format!("is packed by the codec {}", quoted(other)))),
    })
}

impl Codecs {
    /// `order`, `compressor` and `filters` of version 2.
    pub(super) fn version_2(array: &Value, endian: Endian, rank: usize) -> Result<Self> {
        let name = |codec: &Value| codec.get("id").and_then(Value::as_str).unwrap_or_default().to_string();
        if let Some(filter) = array.get("filters").and_then(Value::as_array).and_then(|all| all.first()) {
            return Err(unsupported(&format!("is prepared by the filter {}", quoted(&name(filter)))));
        }
        let compressor = array.get("compressor").filter(|codec| !codec.is_null());
        let packings = compressor.map(|codec| packing(&name(codec))).transpose()?.into_iter().collect();
        let mut order: Vec<usize> = (0..rank).collect();
        if array.get("order").and_then(Value::as_str) == Some("F") {
            order.reverse();
        }
        Ok(Self { endian, order, packings, shard: None })
    }

    /// The list of version 3.
    pub(super) fn version_3(list: Option<&Value>, rank: usize, within: bool) -> Result<Self> {
        let list =
            list.and_then(Value::as_array).ok_or_else(|| broken("an array does not say its codecs"))?;
        let plain: Vec<usize> = (0..rank).collect();
        let mut codecs =
            Self { endian: Endian::Little, order: plain.clone(), packings: Vec::new(), shard: None };
        for codec in list {
            let name = codec.get("name").or(Some(codec)).and_then(Value::as_str).unwrap_or_default();
            let setting = |key: &str| codec.get("configuration").and_then(|all| all.get(key));
            match name {
                "bytes" => {
                    if setting("endian").and_then(Value::as_str) == Some("big") {
                        codecs.endian = Endian::Big;
                    }
                }
                "transpose" if codecs.order == plain => {
                    codecs.order = sizes(setting("order"))
                        .filter(|order| plain.iter().all(|axis| order.contains(axis)) && order.len() == rank)
                        .ok_or_else(|| broken("a codec puts its axes into no order"))?;
                }
                "sharding_indexed" if !within && codecs.order == plain => {
                    let chunks = sizes(setting("chunk_shape"))
                        .filter(|chunks| chunks.len() == rank && !chunks.contains(&0))
                        .ok_or_else(|| broken("a shard does not say the size of its chunks"))?;
                    let index = Self::version_3(setting("index_codecs"), 1, true)?;
                    let index_first = setting("index_location").and_then(Value::as_str) == Some("start");
                    let inner = Self::version_3(setting("codecs"), rank, true)?;
                    codecs.shard = Some(Box::new(Shard { chunks, codecs: inner, index, index_first }));
                }
                name => codecs.packings.push(packing(name)?),
            }
        }
        Ok(codecs)
    }

    /// The bytes of a chunk; where `size` is said, exactly as many. None if they are damaged.
    ///
    /// # Errors
    /// `scan.limit.bytes`, `zarr.unsupported`.
    pub(super) fn unpacked<'a>(
        &self,
        bytes: &'a [u8],
        size: Option<usize>,
        limits: &Limits,
    ) -> Result<Option<Cow<'a, [u8]>>> {
        let mut out = Cow::Borrowed(bytes);
        let most = size.map_or(limits.bytes, |size| size as u64);
        // Between two codecs there may be a little more.
        let within = Limits { bytes: most, ..*limits };
        for packing in self.packings.iter().rev() {
            let unpacked = match packing {
                Packing::Gzip => damaged(gzip::unpack(&out, &within))?,
                Packing::Zlib => damaged(gzip::unzlib(&out, &within))?,
                Packing::Zstd => damaged(zstd::unpack(&out, &within))?,
                Packing::Blosc => match claimed(&out, 4, most).map(|size| blosc::unpack(&out, size)) {
                    Some(Ok(unpacked)) => Some(unpacked),
                    Some(Err(Fault::Unknown(what))) => {
                        return Err(unsupported(&format!("is packed by {what}")));
                    }
                    Some(Err(Fault::Error(error))) => damaged(Err(error))?,
                    Some(Err(Fault::Damaged)) | None => None,
                },
                Packing::Lz4 => claimed(&out, 0, most).and_then(|size| {
                    let mut plain = Vec::new();
                    lz4::lz4(out.get(4..)?, &mut plain, size).map(|()| plain)
                }),
                Packing::Crc32c => summed(&out),
            };
            let Some(unpacked) = unpacked else { return Ok(None) };
            out = Cow::Owned(unpacked);
        }
        Ok(Some(out).filter(|out| size.is_none_or(|size| out.len() == size)))
    }
}

/// The size that stands at a place, if it is within `most`.
fn claimed(bytes: &[u8], at: usize, most: u64) -> Option<usize> {
    let size = u32::from_le_bytes(*bytes.get(at..)?.first_chunk::<4>()?);
    (u64::from(size) <= most).then_some(size as usize)
}

/// None of what is damaged.
fn damaged(unpacked: Result<Vec<u8>>) -> Result<Option<Vec<u8>>> {
    match unpacked {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == Kind::Invalid => Ok(None),
        // More than the chunk can hold.
        Err(error) if error.code() == "scan.limit.bytes" => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bytes before their checksum (RFC 3720, B.4), if it is theirs.
fn summed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (plain, sum) = bytes.split_last_chunk::<4>()?;
    let mut crc = !0u32;
    for byte in plain {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0x82F6_3B78 & (crc & 1).wrapping_neg());
        }
    }
    (!crc == u32::from_le_bytes(*sum)).then(|| plain.to_vec())
}

/// The error of a chunk that is damaged.
pub(super) fn damaged_chunk(name: &str) -> Error {
    Error::invalid(
        "zarr.chunk",
        format!(
            "The chunk {} of this Zarr folder is damaged or cut off. Copy the folder again.",
            quoted(name)
        ),
    )
}
