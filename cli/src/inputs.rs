//! The images that are meant: files that were named, and those of folders and ZIP archives, where the files of a DICOM series are one, and
//! a folder of Zarr.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use insitu::Result;
use insitu::scan::series::told;
use insitu::scan::zarr::{describes, parts};
use insitu::scan::{Archive, Beginning, Limits, Scan, Together, What, together};

use crate::{data, files};

/// An image to read.
pub struct Input {
    /// The file; of a series, a folder, with what tells it from others there behind its name.
    pub path: PathBuf,
    /// The name without what tells the format.
    pub stem: String,
    /// Whether a folder holds it; then it may be something else than an image.
    pub found: bool,
    /// Whether a running number stands for its name.
    nameless: bool,
    /// The files of a folder, and which of them it is.
    of: Option<(Rc<Files>, Together)>,
}

/// The files of a folder, or of an archive.
struct Files {
    /// Of an archive only its own.
    paths: Vec<PathBuf>,
    /// Their names below the folder.
    names: Vec<String>,
    /// The archive.
    packed: Option<Vec<u8>>,
}

impl Input {
    /// A file that was named.
    pub fn file(path: &Path) -> Self {
        Self { path: path.into(), stem: files::stem(path), found: false, nameless: false, of: None }
    }

    /// All files that it is read from.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        let (paths, places): (&[PathBuf], &[usize]) = match &self.of {
            Some((files, _)) if files.packed.is_some() => (&files.paths, &[0]),
            Some((files, one)) => (&files.paths, &one.files),
            None => (std::slice::from_ref(&self.path), &[0]),
        };
        places.iter().filter_map(|place| paths.get(*place))
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.of.as_ref().map_or(1, |(_, one)| one.files.len())
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of [`data::scan`] and [`Together::open`].
    pub fn scan(&self) -> Result<Scan> {
        let limits = Limits::default();
        match self.of.as_ref().map(|(files, one)| (&**files, one)) {
            Some((Files { names, packed: Some(bytes), .. }, one)) => {
                let archive = Archive::of(bytes)?;
                one.open(names, &limits, |i| archive.read(i, &limits))
            }
            Some((Files { names, paths, .. }, one))
                if matches!(one.what, What::Series(_) | What::Set | What::Zarr(_)) =>
            {
                one.open(names, &limits, |i| files::read(paths.get(i).unwrap_or(&self.path)))
            }
            _ => data::scan(&self.path),
        }
    }

    /// From now on a running number stands for its name, in files and in tables: names of files are often those of patients.
    pub fn number(&mut self, number: usize) {
        self.stem = format!("image-{number}");
        self.nameless = true;
    }

    /// What tables and sentences call it.
    pub fn called(&self) -> String {
        if self.nameless {
            return self.stem.clone();
        }
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether an error says that this is no image, which somebody left in the folder.
    pub fn is_beside(&self, error: &insitu::Error) -> bool {
        let image = [
            "png", "jpg", "jpeg", "tif", "tiff", "dcm", "nii", "bmp", "gif", "webp", "jp2", "hdr", "nrrd",
            "nhdr", "mha", "mhd", "zarr",
        ];
        let named = self.path.extension().is_some_and(|e| image.iter().any(|i| e.eq_ignore_ascii_case(i)));
        self.found
            && (error.code() == "scan.marks"
                || !named
                    && matches!(error.code(), "scan.unknown" | "scan.unsupported.format" | "scan.empty"))
    }
}

/// What there is to read, and what of folders is none of it, in sentences.
#[derive(Default)]
pub struct Inputs {
    pub images: Vec<Input>,
    pub left_out: Vec<String>,
}

/// All images: the files that were named, each alone; of a folder, series by their numbers and other files by their names. Hidden files and
/// folders in it are left out, unless it is a DICOM disc (`DICOMDIR`) or they are Zarr. A ZIP archive of several files is the folder that it is.
///
/// # Errors
/// `file.read` for a folder or file that cannot be read.
pub fn inputs(named: &[PathBuf]) -> Result<Inputs> {
    let mut all = Inputs::default();
    for path in named {
        if path.is_dir() {
            folder(path, &mut all)?;
        } else if !(is_archive(path) && archive(path, &mut all)?) {
            all.images.push(Input::file(path));
        }
    }
    Ok(all)
}

/// Whether a file begins as a ZIP archive does.
pub fn is_archive(path: &Path) -> bool {
    files::beginning(path, 4).is_ok_and(|start| start == *b"PK\x03\x04")
}

/// `false` and nothing of an archive that is opened as what it is: of one file, or of nothing that is together.
fn archive(path: &Path, all: &mut Inputs) -> Result<bool> {
    let bytes = files::read(path)?;
    let Some(archive) = Archive::of(&bytes).ok().filter(|archive| archive.names().len() > 1) else {
        return Ok(false);
    };
    // What is wrong with it is told when it is opened.
    let Ok(beginnings) = archive.beginnings(&Limits::default()) else { return Ok(false) };
    let names = archive.names().to_vec();
    let paths = vec![path.to_path_buf()];
    let before = all.images.len();
    gather(path, Files { paths, names, packed: Some(bytes) }, &beginnings, all);
    Ok(all.images.len() > before)
}

fn folder(folder: &Path, all: &mut Inputs) -> Result<()> {
    let mut paths = listed(folder, false)?;
    if paths.iter().any(|path| path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"))) {
        paths = listed(folder, true)?;
    }
    paths.sort_by_cached_key(|path| in_order(path));
    let below = |path: &PathBuf| {
        path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    };
    let names: Vec<String> = paths.iter().map(below).collect();
    let mut beginnings = Vec::new();
    for ((path, name), part) in paths.iter().zip(&names).zip(parts(&names)) {
        if part {
            beginnings.push(Beginning::Alone);
            continue;
        }
        let start = files::beginning(path, Beginning::BYTES)?;
        let found = Beginning::of(&start, name, false);
        beginnings.push(match found {
            Some(found) => found,
            None => Beginning::of(&files::read(path)?, name, true).unwrap_or(Beginning::Alone),
        });
    }
    gather(folder, Files { paths, names, packed: None }, &beginnings, all);
    Ok(())
}

/// What of the files is one image.
fn gather(folder: &Path, files: Files, beginnings: &[Beginning], all: &mut Inputs) {
    let (found, left_out) = together(beginnings, &files.names);
    let last = |name: &String| name.rsplit('/').next().unwrap_or_default().to_string();
    all.left_out.extend(told(&left_out, &files.names.iter().map(last).collect::<Vec<_>>()));
    let files = Rc::new(files);
    // A name that several have gets a number.
    let mut known = BTreeMap::<String, usize>::new();
    let is_several = |one: &Together| {
        matches!(one.what, What::Zarr(_)) || matches!(one.what, What::Series(_)) && one.files.len() > 1
    };
    let only = found.len() == 1;
    for one in found {
        let Some(first) = one.files.first().and_then(|i| files.names.get(*i)) else { continue };
        let first = folder.join(first);
        if !is_several(&one) {
            all.images.push(Input {
                stem: files::stem(&first),
                path: first,
                found: true,
                nameless: false,
                of: Some((Rc::clone(&files), one)),
            });
            continue;
        }
        let base = folder.canonicalize().unwrap_or_else(|_| folder.into());
        let base = if folder.is_dir() {
            base.file_name().unwrap_or_default().to_string_lossy().into_owned()
        } else {
            files::stem(&base)
        };
        let name = match &one.what {
            _ if only => files::unzarred(&base).to_string(),
            What::Zarr(_) => plain(files::unzarred(&one.name())),
            _ => format!("{base}_{}", plain(&one.name())),
        };
        let count = known.entry(name.clone()).or_default();
        *count += 1;
        let stem = if *count > 1 { format!("{name}_{count}") } else { name };
        let path = if only { folder.into() } else { folder.join(&stem) };
        all.images.push(Input {
            path,
            stem,
            found: true,
            nameless: false,
            of: Some((Rc::clone(&files), one)),
        });
    }
}

/// Without what file systems do not like.
fn plain(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "-.,".contains(c) { c } else { '-' };
    name.chars().take(60).map(kept).collect::<String>().trim_matches(['-', '.']).to_string()
}

/// The files in a folder, and all that lie below it if it is `deep` or a folder of Zarr.
fn listed(folder: &Path, deep: bool) -> Result<Vec<PathBuf>> {
    let mut inside = Vec::new();
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| files::unread(folder, e))? {
        entries.push(entry.map_err(|e| files::unread(folder, e))?.path());
    }
    let described = |path: &Path| path.file_name().is_some_and(|name| describes(&name.to_string_lossy()));
    let deep = deep || entries.iter().any(|path| described(path));
    let zarr = |path: &Path| {
        fs::read_dir(path).is_ok_and(|mut all| all.any(|one| one.is_ok_and(|one| described(&one.path()))))
    };
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && (!hidden || described(&path)) {
            inside.push(path);
        } else if path.is_dir() && !path.is_symlink() && !hidden && (deep || zarr(&path)) {
            inside.extend(listed(&path, true)?);
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

    #[test]
    fn a_series_gets_a_name_that_every_file_system_takes() {
        assert_eq!(plain(" T2/FLAIR: axial 3.0 "), "T2-FLAIR--axial-3.0");
    }
}
