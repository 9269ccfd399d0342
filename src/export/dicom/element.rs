//! DICOM's data elements as bytes (PS3.5 section 7), and files of them (PS3.10 section 7).

/// Group and element number.
pub(super) type Tag = (u16, u16);
use crate::sorting::sort_by_key;

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    ExplicitLittle,
    /// Every value can be 4 GiB long, where an explicit DS ends at 64 KiB.
    ImplicitLittle,
}

/// Elements in any order; they are sorted when they become bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Elements(Vec<(Tag, [u8; 2], Value)>);

#[derive(Clone, Debug)]
enum Value {
    Bytes(Vec<u8>),
    Items(Vec<Elements>),
}

impl Elements {
    /// A value of bytes, filled up to an even number (PS3.5 section 6.2).
    pub(super) fn bytes(&mut self, tag: Tag, vr: &[u8; 2], mut value: Vec<u8>) {
        if value.len() % 2 == 1 {
            value.push(if matches!(vr, b"UI" | b"OB") { 0 } else { b' ' });
        }
        self.0.push((tag, *vr, Value::Bytes(value)));
    }

    pub(super) fn text(&mut self, tag: Tag, vr: &[u8; 2], value: &str) {
        self.bytes(tag, vr, value.into());
    }

    /// A text of a person's words: without control characters and backslashes, cut to what the VR takes.
    pub(super) fn words(&mut self, tag: Tag, vr: &[u8; 2], value: &str) {
        let most = match vr {
            b"SH" | b"CS" => 16,
            b"ST" => 1024,
            _ => 64,
        };
        let plain = |c: char| if c.is_control() || c == '\\' { ' ' } else { c };
        let value: String = value.trim().chars().map(plain).take(most).collect();
        self.text(tag, vr, value.trim_end());
    }

    pub(super) fn shorts(&mut self, tag: Tag, values: &[u16]) {
        self.bytes(tag, b"US", values.iter().flat_map(|v| v.to_le_bytes()).collect());
    }

    pub(super) fn longs(&mut self, tag: Tag, values: &[u32]) {
        self.bytes(tag, b"UL", values.iter().flat_map(|v| v.to_le_bytes()).collect());
    }

    /// Tags as values (AT).
    pub(super) fn pointer(&mut self, tag: Tag, value: Tag) {
        let numbers = [value.0, value.1];
        self.bytes(tag, b"AT", numbers.iter().flat_map(|v| v.to_le_bytes()).collect());
    }

    pub(super) fn decimals(&mut self, tag: Tag, values: &[f64]) {
        let texts: Vec<String> = values.iter().map(|v| decimal(*v)).collect();
        self.text(tag, b"DS", &texts.join("\\"));
    }

    pub(super) fn items(&mut self, tag: Tag, items: Vec<Elements>) {
        self.0.push((tag, *b"SQ", Value::Items(items)));
    }

    /// A sequence of one item.
    pub(super) fn item(&mut self, tag: Tag, fill: impl FnOnce(&mut Elements)) {
        self.items(tag, vec![Self::new(fill)]);
    }

    pub(super) fn new(fill: impl FnOnce(&mut Elements)) -> Self {
        let mut elements = Self::default();
        fill(&mut elements);
        elements
    }

    /// A coded value (PS3.3 section 8.8).
    pub(super) fn code(&mut self, tag: Tag, scheme: &str, value: &str, meaning: &str) {
        let mut code = Self::default();
        code.text((0x0008, 0x0100), b"SH", value);
        code.text((0x0008, 0x0102), b"SH", scheme);
        code.text((0x0008, 0x0104), b"LO", meaning);
        self.items(tag, vec![code]);
    }

    fn write(mut self, syntax: Syntax, out: &mut Vec<u8>) {
        sort_by_key(&mut self.0, |(tag, ..)| *tag);
        for (tag, vr, value) in self.0 {
            let value = match value {
                Value::Bytes(bytes) => bytes,
                Value::Items(items) => {
                    let mut bytes = Vec::new();
                    for item in items {
                        let at = begin(&mut bytes, (0xFFFE, 0xE000), None);
                        item.write(syntax, &mut bytes);
                        end(&mut bytes, at);
                    }
                    bytes
                }
            };
            header(out, tag, (syntax == Syntax::ExplicitLittle).then_some(vr), value.len());
            out.extend(value);
        }
    }

    /// The file: preamble, meta information, and these elements, which hold the SOP class and instance `uids`.
    pub(super) fn file(self, syntax: Syntax, uids: [&str; 2]) -> Vec<u8> {
        let transfer = match syntax {
            Syntax::ExplicitLittle => "1.2.840.10008.1.2.1",
            Syntax::ImplicitLittle => "1.2.840.10008.1.2",
        };
        let mut meta = Self::default();
        meta.bytes((0x0002, 0x0001), b"OB", vec![0, 1]);
        meta.text((0x0002, 0x0002), b"UI", uids[0]);
        meta.text((0x0002, 0x0003), b"UI", uids[1]);
        meta.text((0x0002, 0x0010), b"UI", transfer);
        meta.text((0x0002, 0x0012), b"UI", super::IMPLEMENTATION);
        meta.text((0x0002, 0x0013), b"SH", "INSITU");
        let mut bytes = Vec::new();
        meta.write(Syntax::ExplicitLittle, &mut bytes);
        let mut out = vec![0; 128];
        out.extend(b"DICM");
        let mut length = Self::default();
        length.longs((0x0002, 0x0000), &[bytes.len() as u32]);
        length.write(Syntax::ExplicitLittle, &mut out);
        out.extend(bytes);
        self.write(syntax, &mut out);
        out
    }
}

/// The header of an element; items have no VR.
fn header(out: &mut Vec<u8>, tag: Tag, vr: Option<[u8; 2]>, length: usize) {
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    match vr {
        Some(vr) if matches!(&vr, b"OB" | b"OW" | b"SQ" | b"UN" | b"UT") => {
            out.extend(vr);
            out.extend([0, 0]);
            out.extend((length as u32).to_le_bytes());
        }
        Some(vr) => {
            out.extend(vr);
            out.extend((length as u16).to_le_bytes());
        }
        None => out.extend((length as u32).to_le_bytes()),
    }
}

/// Begins what has a length that is not known yet; tells where it began.
fn begin(out: &mut Vec<u8>, tag: Tag, vr: Option<[u8; 2]>) -> usize {
    header(out, tag, vr, 0);
    out.len()
}

fn end(out: &mut [u8], at: usize) {
    let length = (out.len() - at) as u32;
    out[at - 4..at].copy_from_slice(&length.to_le_bytes());
}

/// A number in at most 16 characters (DS).
pub(super) fn decimal(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return "0".into();
    }
    let mut text = value.to_string();
    let mut digits = 15usize;
    while text.len() > 16 && digits > 0 {
        digits -= 1;
        text = format!("{value:.digits$}");
        if text.contains('.') {
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        }
    }
    if text.len() > 16 { format!("{value:.8e}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_sixteen_characters_at_most_and_lose_little() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.33333333333333"),
            (-2.0 / 3.0, "-0.6666666666667"),
            (-1_234.567_890_123_456, "-1234.5678901235"),
            (1e300, "1.00000000e300"),
        ] {
            assert_eq!(decimal(value), text);
            assert!(decimal(value).len() <= 16);
        }
    }

    #[test]
    fn elements_are_sorted_and_even() {
        let mut elements = Elements::default();
        elements.shorts((0x0028, 0x0010), &[7]);
        elements.item((0x0008, 0x1140), |item| item.text((0x0008, 0x0060), b"CS", "CTX"));
        let mut out = Vec::new();
        elements.write(Syntax::ExplicitLittle, &mut out);
        assert_eq!(
            out,
            b"\x08\x00\x40\x11SQ\0\0\x14\0\0\0\xFE\xFF\x00\xE0\x0C\0\0\0\x08\x00\x60\x00CS\x04\0CTX \x28\0\x10\0US\x02\0\x07\0"
        );
    }

    #[test]
    fn a_persons_words_cannot_become_two_values_or_too_long() {
        let mut elements = Elements::default();
        elements.words((0x0062, 0x0005), b"LO", &format!(" a\\b\n{}", "ü".repeat(99)));
        let Value::Bytes(bytes) = &elements.0[0].2 else { panic!() };
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with("a b ü") && text.trim_end().chars().count() == 64 && !text.contains('\\'));
    }
}
