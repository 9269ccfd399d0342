//! The last warnings and errors, for "copy diagnostics". On the web, a shader that does not compile is only logged.

use std::cell::RefCell;
use std::collections::VecDeque;

use log::{Level, LevelFilter, Log, Metadata, Record};

use super::status;

/// Lines that are kept.
const MAX_LINES: usize = 40;
/// Bytes of one line: a shader's whole source may be in a message.
const MAX_LINE_BYTES: usize = 2000;

thread_local! {
    static LINES: RefCell<VecDeque<String>> = const { RefCell::new(VecDeque::new()) };
}

struct Journal;

impl Log for Journal {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        let shown = wasm_bindgen::JsValue::from_str(&line);
        if record.level() == Level::Error {
            web_sys::console::error_1(&shown);
        } else {
            web_sys::console::warn_1(&shown);
        }
        keep(line);
    }

    fn flush(&self) {}
}

/// Sends the log to the console and the journal, and panics to both and to the page, which must then start a new
/// worker: after a panic nothing in this instance can be trusted.
pub fn install() {
    static JOURNAL: Journal = Journal;
    if log::set_logger(&JOURNAL).is_err() {
        return;
    }
    log::set_max_level(LevelFilter::Warn);
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let text = info.to_string();
        keep(format!("PANIC {text}"));
        status::tell("engine.panic", "The engine stopped because of a mistake in it. It has to start again.");
    }));
}

/// The lines, oldest first.
pub fn lines() -> Vec<String> {
    LINES.with_borrow(|lines| lines.iter().cloned().collect())
}

fn keep(mut line: String) {
    if line.len() > MAX_LINE_BYTES {
        let end = (0..=MAX_LINE_BYTES).rev().find(|i| line.is_char_boundary(*i)).unwrap_or(0);
        line.truncate(end);
    }
    // A panic may come while the lines are borrowed.
    let _ = LINES.try_with(|lines| {
        if let Ok(mut lines) = lines.try_borrow_mut() {
            if lines.len() == MAX_LINES {
                lines.pop_front();
            }
            lines.push_back(line);
        }
    });
}
