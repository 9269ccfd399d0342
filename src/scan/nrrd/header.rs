//! The lines of a NRRD header: fields, and keys with values that other programs put there (3D Slicer's segments).

/// Bytes in which a header must end.
const LONGEST: usize = 8 << 20;

/// What a header says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    fields: Vec<(String, String)>,
    /// Keys and values (`key:=value`) in the order of the file, line breaks and backslashes as they are meant.
    pub(crate) keys: Vec<(String, String)>,
    /// The lines below `data file: LIST`.
    pub(super) list: Vec<String>,
    /// Bytes of the header, the empty line at its end included.
    pub(super) len: usize,
}

/// The header of a NRRD file, unpacked; none of what is no NRRD file.
pub(crate) fn fields(bytes: &[u8]) -> Option<Fields> {
    let head = bytes.get(..LONGEST).unwrap_or(bytes);
    let mut found = Fields { len: head.len(), ..Fields::default() };
    let (mut at, mut listed) = (0, false);
    for (i, line) in head.split(|b| *b == b'\n').enumerate() {
        at += line.len() + 1;
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        if i == 0 {
            line.strip_prefix("NRRD")?;
        } else if line.is_empty() {
            found.len = at.min(head.len());
            break;
        } else if line.starts_with('#') {
        } else if listed {
            found.list.push(line.trim().to_string());
        } else {
            let (pair, field) = (line.find(":="), line.find(": "));
            match (pair, field.or_else(|| line.find(':'))) {
                (Some(pair), field) if field.is_none_or(|field| pair <= field) => {
                    let (key, value) = line.split_at_checked(pair)?;
                    found.keys.push((key.to_string(), plain(value.get(2..)?)));
                }
                (_, Some(field)) => {
                    let (name, value) = line.split_at_checked(field)?;
                    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
                    let value = value.get(1..)?.trim().to_string();
                    listed = name.eq_ignore_ascii_case("datafile") && value.starts_with("LIST");
                    found.fields.push((name.to_ascii_lowercase(), value));
                }
                _ => {}
            }
        }
    }
    Some(found)
}

impl Fields {
    /// The value of a field, whose name is in small letters without blanks: `spacedirections`.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// The value of a key, as it was written.
    pub(crate) fn key(&self, name: &str) -> Option<&str> {
        self.keys.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }
}

/// A value without its escapes: `\n` is a line break, `\\` a backslash.
fn plain(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('\\') | None => out.push('\\'),
                Some(other) => out.extend(['\\', other]),
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_keys_are_told_apart() {
        let text = b"NRRD0005\r\n# words: more\r\ndata file: a:=b.raw\r\nSegment0_Name:=liver: left\\nlobe\r\n\r\nvoxels";
        let found = fields(text).unwrap();
        assert_eq!(found.field("datafile"), Some("a:=b.raw"));
        assert_eq!(found.key("Segment0_Name"), Some("liver: left\nlobe"));
        assert_eq!(&text[found.len..], b"voxels");
        assert!(fields(b"NRXD").is_none());
    }

    #[test]
    fn a_list_of_files_ends_the_header() {
        let found = fields(b"NRRD0004\ndatafile: LIST 2\na b.raw\n./c.raw\n").unwrap();
        assert_eq!(found.list, ["a b.raw", "./c.raw"]);
    }
}
