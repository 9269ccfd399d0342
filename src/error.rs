//! The one error type of the engine: what went wrong, as a stable code for programs and a sentence for people.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// What a caller can do about an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The file (or the argument) is wrong: broken, truncated, contradictory.
    Invalid,
    /// The file is fine and we cannot read it, or the request is sensible and we cannot do it.
    Unsupported,
    /// Over a limit that protects the machine: pixels, bytes, memory.
    Limit,
    /// The caller asked to stop.
    Cancelled,
    /// The GPU failed or was lost; the same work can be tried again on another device.
    Device,
    /// Reading or writing outside the engine failed.
    Io,
}

/// An error with a stable [`code`](Error::code) such as `tiff.unsupported.compression` and a sentence for a person.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    code: Cow<'static, str>,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind`; `code` is dotted lower case and never changes, `message` is one or two whole sentences.
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { kind, code: code.into(), message: message.into(), source: None }
    }

    /// The file or the argument is wrong.
    pub fn invalid(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, code, message)
    }

    /// The file is fine and we cannot read it; `message` names what is missing ("JPEG-LS").
    pub fn unsupported(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Unsupported, code, message)
    }

    /// Over a limit; `message` tells the limit and the value, with units.
    pub fn limit(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Limit, code, message)
    }

    /// The caller asked to stop.
    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled, "cancelled", "Stopped, as you asked.")
    }

    /// The device failed.
    pub fn device(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Device, code, message)
    }

    /// Keeps the error that caused this one, for diagnostics.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code, such as `dicom.unsupported.transfer-syntax`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The sentence for a person.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}
