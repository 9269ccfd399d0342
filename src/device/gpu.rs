//! The GPU through wgpu: opening it, its limits, and noticing that it failed.

use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use burn::tensor::wgpu::WgpuSetup;

use crate::error::{Error, Result};

/// A handle on the GPU beside Burn's own.
#[derive(Clone)]
pub struct Gpu {
    setup: WgpuSetup,
    trouble: Arc<Mutex<Trouble>>,
}

type Listener = Box<dyn Fn(&Error) + Send>;

/// What went wrong, and who wants to know.
#[derive(Default)]
struct Trouble {
    /// A stable code and what the driver said: the first thing that happened.
    found: Option<(&'static str, String)>,
    listener: Option<Listener>,
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gpu").field("info", &self.setup.adapter.get_info()).finish()
    }
}

impl Gpu {
    /// Opens the default GPU for Burn.
    ///
    /// # Errors
    /// `device.start`.
    pub(super) async fn open() -> Result<(Device, Self)> {
        let (device, setup) = Device::wgpu_options().init_with_setup_async().await.map_err(|e| {
            Error::device("device.start", "The graphics card could not be started.")
                .with_source(e.to_string())
        })?;
        let gpu = Self { setup, trouble: Arc::default() };
        #[cfg(target_arch = "wasm32")]
        gpu.watch();
        Ok((device, gpu))
    }

    /// Records loss and errors. In the browser only: there listeners add up, while natively they would take the
    /// place of Burn's own. Burn's handler of errors panics, which would end the whole worker where an error that
    /// a caller can answer is better, so that one is replaced.
    #[cfg(target_arch = "wasm32")]
    fn watch(&self) {
        use burn::tensor::wgpu::wgpu::Error as Gone;

        let trouble = self.trouble.clone();
        self.setup.device.set_device_lost_callback(move |reason, message| {
            record(&trouble, "device.lost", format!("{reason:?}: {message}"));
        });
        let trouble = self.trouble.clone();
        self.setup.device.on_uncaptured_error(Arc::new(move |error| {
            let code = match &error {
                Gone::OutOfMemory { .. } => "device.memory",
                Gone::Validation { .. } | Gone::Internal { .. } => "device.fault",
            };
            record(&trouble, code, error.to_string());
        }));
    }

    /// Calls `listener` when the GPU is lost or fails, once; at once if it already did.
    pub fn on_trouble(&self, listener: impl Fn(&Error) + Send + 'static) {
        if let Err(error) = self.check() {
            listener(&error);
        } else if let Ok(mut trouble) = self.trouble.lock() {
            trouble.listener = Some(Box::new(listener));
        }
    }

    /// # Errors
    /// `device.lost`, `device.memory`, `device.fault`: the first that happened.
    pub fn check(&self) -> Result<()> {
        match self.trouble.lock().ok().as_ref().and_then(|t| t.found.as_ref()) {
            None => Ok(()),
            Some((code, cause)) => Err(error(code, cause)),
        }
    }

    /// The largest single allocation, bytes.
    pub fn largest_buffer(&self) -> u64 {
        let limits = self.setup.device.limits();
        limits.max_storage_buffer_binding_size.min(limits.max_buffer_size)
    }

    /// The adapter's name, or a general word if it hides it.
    pub fn name(&self) -> String {
        let name = self.setup.adapter.get_info().name;
        if name.is_empty() { "graphics card".into() } else { name }
    }

    /// Gives all memory of the GPU back and ends its use: everything that runs on it fails with `device.lost` from
    /// then on. For leaving the page, and for tests of the recovery.
    pub fn destroy(&self) {
        self.setup.device.destroy();
    }
}

#[cfg(target_arch = "wasm32")]
fn record(trouble: &Mutex<Trouble>, code: &'static str, cause: String) {
    log::error!("{code}: {cause}");
    let listener = match trouble.lock() {
        Ok(mut trouble) if trouble.found.is_none() => {
            trouble.found = Some((code, cause.clone()));
            trouble.listener.take()
        }
        _ => None,
    };
    // Outside the lock: the listener may ask for the state.
    if let Some(listener) = listener {
        listener(&error(code, &cause));
    }
}

fn error(code: &'static str, cause: &str) -> Error {
    let message = match code {
        "device.lost" => "The graphics card was lost: its driver restarted, or the system took it away.",
        "device.memory" => "The graphics card ran out of memory.",
        _ => "The graphics card reported an error.",
    };
    Error::device(code, message).with_source(cause)
}
