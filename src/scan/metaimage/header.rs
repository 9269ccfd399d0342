//! The lines of a MetaImage header, `Key = Value`.

/// Bytes in which a header must end.
const LONGEST: usize = 1 << 20;

/// What a header says.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Vec<(String, String)>,
    /// The lines below `ElementDataFile = LIST`.
    pub(super) list: Vec<String>,
    /// Bytes of the header, to the end of the line that names the file of the voxels.
    pub(super) len: usize,
}

/// `ElementDataFile` is the last line, but for a list of files.
pub(super) fn fields(bytes: &[u8]) -> Fields {
    let head = bytes.get(..LONGEST).unwrap_or(bytes);
    let mut found = Fields { len: head.len(), ..Fields::default() };
    let (mut at, mut listed) = (0, false);
    for line in head.split(|b| *b == b'\n') {
        at += line.len() + 1;
        let line = String::from_utf8_lossy(line);
        if listed {
            found.list.extend(Some(line.trim().to_string()).filter(|name| !name.is_empty()));
        } else if let Some((name, value)) = line.split_once('=') {
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_string());
            let last = name == "elementdatafile";
            listed = last && value.starts_with("LIST");
            found.fields.push((name, value));
            if last && !listed {
                found.len = at.min(head.len());
                break;
            }
        }
    }
    found
}

impl Fields {
    /// The value of the first of these that is there, in small letters: some have had several names.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.fields.iter().find(|(have, _)| have == name))
            .map(|(_, v)| v.as_str())
    }

    /// Whether it is said to be true.
    pub(super) fn is_true(&self, names: &[&str]) -> bool {
        self.first(names).is_some_and(|value| value.starts_with(['T', 't', '1']))
    }
}

/// Whether the bytes begin with the header of a MetaImage, or of another object that MetaIO writes.
pub(in crate::scan) fn looks_like(bytes: &[u8]) -> bool {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let key = line.split(|b| *b == b'=').next().unwrap_or_default().trim_ascii();
    let named = !key.is_empty() && key.len() < line.len() && key.iter().all(u8::is_ascii_alphanumeric);
    named && (matches!(key, b"ObjectType" | b"NDims") || (has(b"\nNDims") && has(b"\nDimSize")))
}
