//! Headers whose pixels are in other files: `.hdr` and `.img`, `.nhdr` and `.raw`, `.mhd` and `.raw`.

use std::borrow::Cow;

use super::Limits;
use super::gzip;
use crate::error::{Error, Result};

/// The files that hold the pixels of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detached {
    /// Their names as the header has them, folders included, in the order of the pixels; of a NIfTI or ANALYZE header made of its own
    /// name.
    pub names: Vec<String>,
    /// One of them is enough: they are names that the same file may have.
    pub any: bool,
}

/// Gives the file of a name, as a header has it; none where it is not there. [`Detached::is_same`] tells whether a file at hand is meant.
pub type Files<'a, 'f> = dyn FnMut(&str) -> Option<Cow<'f, [u8]>> + 'a;

/// Files that one header may name.
const MOST: usize = 10_000;

impl Detached {
    pub(super) fn one(name: &str) -> Self {
        Self { names: vec![name.to_string()], any: false }
    }

    /// What stands beside a header of this name: `brain.hdr`, `brain.hdr.gz`.
    pub(super) fn image_of(header: Option<&str>) -> Self {
        let name = header.unwrap_or_default();
        let packed = ends_with(name, ".gz");
        let name = packed.then(|| name.get(..name.len() - 3)).flatten().unwrap_or(name);
        let stem = if ends_with(name, ".hdr") { name.get(..name.len() - 4).unwrap_or(name) } else { name };
        let mut names = vec![format!("{stem}.img"), format!("{stem}.img.gz")];
        if packed {
            names.reverse();
        }
        Self { names, any: true }
    }

    /// `PATTERN FIRST LAST STEP`, as C's `printf` makes names of a whole number: `slice%03d.raw 1 20 1`. None for what is no such.
    pub(super) fn pattern(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let pattern = words.next()?;
        let (head, rest) = pattern.split_once('%')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (width, tail) = rest.split_at_checked(digits)?;
        let tail = tail.strip_prefix('d')?;
        let zeros = width.starts_with('0');
        let width: usize = if width.is_empty() { 0 } else { width.parse().ok().filter(|w| *w < 64)? };
        let mut number = || words.next()?.parse::<i64>().ok();
        let (first, last) = (number()?, number()?);
        let step = number().unwrap_or(1);
        if step == 0 {
            return None;
        }
        let mut names = Vec::new();
        let mut at = first;
        while (step > 0 && at <= last) || (step < 0 && at >= last) {
            if names.len() >= MOST {
                return None;
            }
            let pad = if zeros { '0' } else { ' ' };
            let number = at.to_string();
            let padding: String = std::iter::repeat_n(pad, width.saturating_sub(number.len())).collect();
            names.push(format!("{head}{padding}{number}{tail}"));
            at = at.checked_add(step)?;
        }
        (!names.is_empty()).then_some(Self { names, any: false })
    }

    /// Whether a file at hand is the one that a header names: by the last part of the name, upper and lower case alike.
    pub fn is_same(named: &str, file: &str) -> bool {
        let last = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
        last(named) == last(file)
    }

    /// Whether a file at hand is one of those that the header names.
    pub fn names(&self, file: &str) -> bool {
        self.names.iter().any(|named| Self::is_same(named, file))
    }

    /// All the files, in order.
    ///
    /// # Errors
    /// `code` if one is not there; `gzip.invalid`, `scan.limit.bytes`.
    pub(super) fn fetch<'f>(
        &self,
        files: &mut Files<'_, 'f>,
        code: &'static str,
        limits: &Limits,
    ) -> Result<Vec<Cow<'f, [u8]>>> {
        let wanted = self.names.first().map(String::as_str).unwrap_or_default();
        if self.any {
            let found = self.names.iter().find_map(|name| files(name));
            let bytes = found.ok_or_else(|| missing(code, wanted, 0))?;
            return Ok(vec![if gzip::is_gzip(&bytes) {
                gzip::unpack(&bytes, limits)?.into()
            } else {
                bytes
            }]);
        }
        let mut found = Vec::new();
        let mut total = 0u64;
        for name in &self.names {
            let bytes = files(name).ok_or_else(|| missing(code, name, self.names.len() - 1))?;
            total = total.saturating_add(bytes.len() as u64);
            limits.check_bytes(total)?;
            found.push(bytes);
        }
        Ok(found)
    }
}

fn missing(code: &'static str, name: &str, others: usize) -> Error {
    let clean: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    let more = if others > 0 { format!(" (and {others} more)") } else { String::new() };
    Error::unsupported(
        code,
        format!(
            "This is a header whose pixels are in another file, “{clean}”{more}. Drop or choose the header and its pixels together."
        ),
    )
}

/// Whether a name ends so, upper and lower case alike.
pub(super) fn ends_with(name: &str, end: &str) -> bool {
    let tail = name.len().checked_sub(end.len()).and_then(|at| name.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_its_files() {
        let names = |text: &str| Detached::pattern(text).map(|found| found.names);
        assert_eq!(names("s%03d.raw 8 10 1").unwrap(), ["s008.raw", "s009.raw", "s010.raw"]);
        assert_eq!(names("%d 3 1 -2").unwrap(), ["3", "1"]);
        for text in ["s%03d.raw", "s%s.raw 1 2 1", "s.raw 1 2 1", "%d 1 2 0", "%d 1 99999999999 1", "%"] {
            assert_eq!(names(text), None, "{text}");
        }
    }

    #[test]
    fn a_header_tells_the_name_of_its_image() {
        let names = |name: &str| Detached::image_of(Some(name)).names;
        assert_eq!(names("a.hdr"), ["a.img", "a.img.gz"]);
        assert_eq!(names("A.HDR.GZ"), ["A.img.gz", "A.img"]);
        assert!(Detached::image_of(Some("brain.hdr")).names("Brain.IMG"));
        assert!(Detached::one("data\\brain.raw").names("brain.raw"));
        assert!(!Detached::one("brain.raw").names("other.raw"));
    }
}
