//! How an [`Error`] crosses to JavaScript.

use std::error::Error as StdError;

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::records::to_js;
use crate::error::{Error, Kind};

/// What is thrown: a plain object, since messages between a worker and its page keep no classes.
#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    kind: &'static str,
    message: &'a str,
    cause: Option<String>,
}

/// An error on its way to JavaScript, so that `?` works in exported functions.
#[derive(Debug)]
pub struct Thrown(JsValue);

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self(thrown(&error))
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

/// The object that JavaScript gets for an error.
pub fn thrown(error: &Error) -> JsValue {
    let kind = match error.kind() {
        Kind::Invalid => "invalid",
        Kind::Unsupported => "unsupported",
        Kind::Limit => "limit",
        Kind::Cancelled => "cancelled",
        Kind::Device => "device",
        Kind::Io => "io",
    };
    let failure = Failure { code: error.code(), kind, message: error.message(), cause: causes(error) };
    // A record of strings always crosses; if not, the sentence is better than nothing.
    to_js(&failure).unwrap_or_else(|_| JsValue::from_str(error.message()))
}

/// All causes, the nearest first.
fn causes(error: &Error) -> Option<String> {
    let mut parts = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        parts.push(cause.to_string());
        source = cause.source();
    }
    (!parts.is_empty()).then(|| parts.join(": "))
}
