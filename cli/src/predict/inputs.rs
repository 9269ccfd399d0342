//! The files that are meant: those that were named, and those of folders.

use std::fs;
use std::path::{Path, PathBuf};

use insitu::Result;

use crate::files;

/// A file to segment.
pub struct Input {
    pub path: PathBuf,
    /// Whether a folder holds it; then it may be something else than an image.
    pub found: bool,
}

impl Input {
    /// Whether an error says that this is no image, which somebody left in the folder.
    pub fn is_beside(&self, error: &insitu::Error) -> bool {
        let image = ["png", "jpg", "jpeg", "tif", "tiff", "dcm", "nii", "bmp", "gif", "webp", "jp2"];
        let named = self.path.extension().is_some_and(|e| image.iter().any(|i| e.eq_ignore_ascii_case(i)));
        self.found
            && !named
            && matches!(error.code(), "scan.unknown" | "scan.unsupported.format" | "scan.empty")
    }
}

/// All files, those of a folder by their names; hidden ones and folders in it are left out.
///
/// # Errors
/// `file.read` for a folder that cannot be read.
pub fn inputs(named: &[PathBuf]) -> Result<Vec<Input>> {
    let mut all = Vec::new();
    for path in named {
        if !path.is_dir() {
            all.push(Input { path: path.clone(), found: false });
            continue;
        }
        let mut inside = listed(path)?;
        inside.sort_by_cached_key(|path| in_order(path));
        all.extend(inside.into_iter().map(|path| Input { path, found: true }));
    }
    Ok(all)
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| files::unread(folder, e))? {
        let path = entry.map_err(|e| files::unread(folder, e))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            inside.push(path);
        }
    }
    Ok(inside)
}

/// Names in the order of people: `a2` before `a10`.
fn in_order(path: &Path) -> Vec<(String, u64)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let mut parts = vec![(String::new(), 0u64)];
    let mut digits = false;
    for c in name.chars() {
        if !c.is_ascii_digit() && digits {
            parts.push((String::new(), 0));
        }
        digits = c.is_ascii_digit();
        if let Some((text, number)) = parts.last_mut() {
            match c.to_digit(10) {
                Some(digit) => *number = number.saturating_mul(10).saturating_add(digit.into()),
                None => text.push(c),
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_counted() {
        let mut names = ["b.png", "a10.png", "a2.png", "a2b.png"].map(PathBuf::from);
        names.sort_by_cached_key(|p| in_order(p));
        assert_eq!(names.map(|p| p.display().to_string()), ["a2.png", "a2b.png", "a10.png", "b.png"]);
    }
}
