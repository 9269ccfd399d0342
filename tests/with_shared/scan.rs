//! Test files of other projects (pydicom, image-tiff, nifti-rs): each gives what `tests/reference/scan_shared.json` says. There `by` names the program whose values they are
//! (`insitu`: no other program at hand reads the file; the values guard against change), or `refused` the error's code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use insitu::scan::{Limits, Scan};
use serde_json::Value;

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

/// What is wrong with a file, if anything.
fn complaint(bytes: &[u8], expected: &Value) -> Option<String> {
    let scan = match (Scan::decode(bytes, None, &Limits::default()), expected["refused"].as_str()) {
        (Err(error), Some(code)) if error.code() == code => return None,
        (Err(error), _) => return Some(format!("refused with {} ({error})", error.code())),
        (Ok(_), Some(code)) => return Some(format!("decoded, and should be refused with {code}")),
        (Ok(scan), None) => scan,
    };
    let shape = [scan.slices, scan.height, scan.width, scan.channels];
    if Value::from(shape.to_vec()) != expected["shape"] {
        return Some(format!("shape {shape:?}"));
    }
    let tolerance = expected["tolerance"].as_f64().unwrap_or(0.0);
    let mut sum = 0.0;
    for slice in 0..scan.slices {
        sum += scan
            .slice(slice)
            .unwrap()
            .data
            .iter()
            .filter(|v| v.is_finite())
            .map(|v| f64::from(*v))
            .sum::<f64>();
    }
    let wanted = expected["sum"].as_f64()?;
    let lossy = if tolerance > 0.0 { 0.1 * shape.iter().product::<usize>() as f64 } else { 0.0 };
    if (sum - wanted).abs() > wanted.abs() * 2e-6 + 1e-6 + lossy {
        return Some(format!("values add up to {sum}, not {wanted}"));
    }
    for point in expected["points"].as_array().into_iter().flatten() {
        let point: Vec<f64> = point.as_array()?.iter().filter_map(Value::as_f64).collect();
        let values = scan.value_at(point[0] as usize, point[2] as usize, point[1] as usize)?;
        for (have, want) in values.iter().zip(&point[3..]) {
            if (f64::from(*have) - want).abs() > tolerance + 1e-5 + want.abs() * 1e-6 {
                return Some(format!("{have} instead of {want} at {:?}", &point[..3]));
            }
        }
    }
    None
}

/// Below the shared folder.
pub const FOLDER: &str = "data/formats";

/// Every file of the folder.
pub fn files_of_other_projects_give_what_other_programs_read(folder: &Path) {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/scan_shared.json");
    let table = std::fs::read(table).unwrap();
    let mut table: BTreeMap<String, Value> = serde_json::from_slice(&table).unwrap();
    let mut all = Vec::new();
    files(folder, &mut all);
    all.sort();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for path in all {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(&path).unwrap();
        match table.remove(&name) {
            Some(expected) => {
                checked += 1;
                wrong.extend(complaint(&bytes, &expected).map(|c| format!("{name}: {c}")));
            }
            // Files that once broke a decoder: any answer will do, as long as it is one.
            None => {
                if let Err(error) = Scan::decode(&bytes, None, &Limits::default()) {
                    assert!(error.code().contains('.') && !error.message().is_empty(), "{name}");
                }
            }
        }
    }
    println!("{checked} files compared");
    assert!(wrong.is_empty(), "{} files differ:\n{}", wrong.len(), wrong.join("\n"));
    // A folder with other contents than the table was made for must not pass for a success.
    assert!(
        checked > 200 && table.is_empty(),
        "in the table and not there: {:?}",
        table.keys().collect::<Vec<_>>()
    );
}
