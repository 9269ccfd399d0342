//! The choice of a device, with one sentence that says why.

use burn::tensor::Device;
use serde::Deserialize;

#[cfg(any(target_arch = "wasm32", feature = "gpu"))]
use super::gpu::Gpu;
use super::kind::Kind;
use crate::error::{Error, Result};

/// What the caller wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Choice {
    /// The GPU where one works, else the CPU.
    #[default]
    Auto,
    Cpu,
    /// The GPU or an error.
    Gpu,
}

impl Choice {
    /// Reads `auto`, `cpu`, `gpu` or the page's word for a GPU, `webgpu`.
    ///
    /// # Errors
    /// `device.unknown`.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "auto" => Ok(Choice::Auto),
            "cpu" => Ok(Choice::Cpu),
            "gpu" | "webgpu" => Ok(Choice::Gpu),
            other => Err(Error::invalid(
                "device.unknown",
                format!("There is no device called '{other}'. The names are auto, cpu and webgpu."),
            )),
        }
    }
}

/// What the browser told of itself before any GPU call: asking in Rust would be too late, since Burn panics on an
/// adapter without `timestamp-query`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// Whether the page is a secure context (https, or localhost).
    pub secure: bool,
    /// Whether `navigator.gpu` exists.
    #[serde(rename = "gpu")]
    pub gpu_api: bool,
    /// The adapter's name in words (empty if it gives none); `None` if the browser offers no adapter.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string | null"))]
    pub adapter: Option<String>,
    /// Whether the adapter has `timestamp-query`.
    pub timestamp_query: bool,
    /// The computer's memory, gigabytes, as far as the browser tells: a power of two, at most what it thinks is common.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub memory: Option<f64>,
}

/// The device in use, and why.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Without autodiff: training puts it on.
    pub device: Device,
    pub kind: Kind,
    /// `CPU, 8 threads` (`CPU` in a page), or the adapter's name.
    pub name: String,
    /// One or two sentences for a person.
    pub reason: String,
    /// What the GPU tells of its health and limits.
    #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
    pub gpu: Option<Gpu>,
}

impl Chosen {
    /// The CPU.
    fn cpu(reason: String) -> Self {
        Self {
            device: Device::flex(),
            kind: Kind::Cpu,
            name: cpu_name(),
            reason,
            #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
            gpu: None,
        }
    }

    /// Whether the device still works. Call it after reading results: a GPU that was lost, or that ran out of
    /// memory, answers with zeros.
    ///
    /// # Errors
    /// `device.lost`, `device.memory`, `device.fault`.
    pub fn check(&self) -> Result<()> {
        #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
        if let Some(gpu) = &self.gpu {
            return gpu.check();
        }
        Ok(())
    }

    /// The largest tile, in pixels a side, for a network `width` channels wide at full resolution; `whole` if it should see an
    /// image whole.
    pub fn largest_tile(&self, width: usize, whole: bool) -> usize {
        super::largest_tile(self.kind, self.largest_buffer(), width, whole)
    }

    /// The largest single allocation of the GPU, bytes; `None` on the CPU.
    pub fn largest_buffer(&self) -> Option<u64> {
        #[cfg(any(target_arch = "wasm32", feature = "gpu"))]
        let buffer = self.gpu.as_ref().map(Gpu::largest_buffer);
        #[cfg(not(any(target_arch = "wasm32", feature = "gpu")))]
        let buffer = None;
        buffer
    }
}

/// Opens a device.
///
/// `facts` is what a browser told; natively there is none. Call it once: Burn cannot open the same GPU twice in one
/// process or wasm instance, so after a loss the caller starts a fresh one.
///
/// # Errors
/// With [`Choice::Gpu`] alone: `device.insecure`, `device.no-webgpu`, `device.no-adapter`,
/// `device.no-timestamp-query`, `device.not-built`, `device.start`, `device.self-test`.
pub async fn open(choice: Choice, facts: Option<&Facts>) -> Result<Chosen> {
    if choice == Choice::Cpu {
        return Ok(Chosen::cpu("The CPU was asked for.".into()));
    }
    let tried = match obstacle(facts) {
        None => open_gpu(facts).await,
        Some(obstacle) => Err(obstacle),
    };
    match (tried, choice) {
        (Err(error), Choice::Auto) => {
            log::warn!("no GPU: {error} ({})", error.code());
            Ok(Chosen::cpu(format!("{} Running on the CPU.", error.message())))
        }
        (tried, _) => tried,
    }
}

/// What stands against using the GPU, as far as can be told without touching it.
fn obstacle(facts: Option<&Facts>) -> Option<Error> {
    let facts = facts?;
    let error = |code: &'static str, message: &str| Some(Error::unsupported(code, message));
    if !facts.secure {
        return error(
            "device.insecure",
            "This page was opened over plain http, so the browser hides the GPU; ask for https or use localhost.",
        );
    }
    if !facts.gpu_api {
        return error("device.no-webgpu", "This browser has no WebGPU.");
    }
    if facts.adapter.is_none() {
        return error("device.no-adapter", "The browser offers no graphics card for computing.");
    }
    if !facts.timestamp_query {
        return error(
            "device.no-timestamp-query",
            "The browser hides the graphics card's clock (timestamp-query), which is needed to run on it.",
        );
    }
    None
}

#[cfg(any(target_arch = "wasm32", feature = "gpu"))]
async fn open_gpu(facts: Option<&Facts>) -> Result<Chosen> {
    let (device, gpu) = Gpu::open().await?;
    let expected = super::answers(&Device::flex()).await?;
    super::self_test(&device, &expected).await?;
    gpu.check()?;
    let told = facts.and_then(|f| f.adapter.clone()).filter(|name| !name.is_empty());
    Ok(Chosen {
        device,
        kind: Kind::WebGpu,
        name: told.unwrap_or_else(|| gpu.name()),
        reason: "The graphics card passed the start-up test.".into(),
        gpu: Some(gpu),
    })
}

#[cfg(not(any(target_arch = "wasm32", feature = "gpu")))]
async fn open_gpu(_facts: Option<&Facts>) -> Result<Chosen> {
    Err(Error::unsupported(
        "device.not-built",
        "This build has no GPU support; build with the feature 'gpu' to have it.",
    ))
}

fn cpu_name() -> String {
    // In a page the other cores belong to workers that come and go.
    if cfg!(target_arch = "wasm32") {
        return "CPU".into();
    }
    match std::thread::available_parallelism().map_or(1, usize::from) {
        1 => "CPU, 1 thread".into(),
        threads => format!("CPU, {threads} threads"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Facts {
        Facts {
            secure: true,
            gpu_api: true,
            adapter: Some("a card".into()),
            timestamp_query: true,
            memory: None,
        }
    }

    #[test]
    fn each_obstacle_has_its_code_and_its_sentence() {
        assert!(obstacle(Some(&good())).is_none());
        assert!(obstacle(None).is_none());
        for (facts, code, word) in [
            (Facts { secure: false, ..good() }, "device.insecure", "https"),
            (Facts { gpu_api: false, ..good() }, "device.no-webgpu", "WebGPU"),
            (Facts { adapter: None, ..good() }, "device.no-adapter", "graphics card"),
            (Facts { timestamp_query: false, ..good() }, "device.no-timestamp-query", "timestamp-query"),
        ] {
            let error = obstacle(Some(&facts)).unwrap();
            assert_eq!(error.code(), code);
            assert!(error.message().contains(word), "{}", error.message());
        }
    }

    #[test]
    fn auto_falls_back_and_says_why_where_an_explicit_wish_fails() {
        let facts = Facts { secure: false, ..good() };
        let chosen = pollster::block_on(open(Choice::Auto, Some(&facts))).unwrap();
        assert_eq!(chosen.kind, Kind::Cpu);
        assert!(chosen.name.starts_with("CPU, "));
        assert!(chosen.reason.ends_with("Running on the CPU."), "{}", chosen.reason);
        assert!(chosen.check().is_ok());
        let error = pollster::block_on(open(Choice::Gpu, Some(&facts))).unwrap_err();
        assert_eq!(error.code(), "device.insecure");
    }

    #[test]
    fn names_of_devices_are_read() {
        assert_eq!(Choice::from_name("webgpu").unwrap(), Choice::Gpu);
        assert_eq!(Choice::from_name("auto").unwrap(), Choice::Auto);
        assert_eq!(Choice::from_name("cuda").unwrap_err().code(), "device.unknown");
    }
}
