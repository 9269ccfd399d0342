//! Measurements as a table: CSV (RFC 4180, UTF-8), whose columns are called as scikit-image calls them.

use super::objects::Objects;
use crate::objects::Measurement;

/// Columns before those of the channels' values. Lengths and areas in pixels are followed by those in micrometres, which are empty
/// where the distance of pixels is not known (of lengths: or not the same both ways).
const COLUMNS: [&str; 32] = [
    "file",
    "slice",
    "object",
    "class",
    "area_px",
    "area_um2",
    "perimeter_px",
    "centroid_x_px",
    "centroid_y_px",
    "perimeter_um",
    "centroid_x_um",
    "centroid_y_um",
    "equivalent_diameter_area_px",
    "equivalent_diameter_area_um",
    "axis_major_length_px",
    "axis_major_length_um",
    "axis_minor_length_px",
    "axis_minor_length_um",
    "feret_diameter_max_px",
    "feret_diameter_max_um",
    "eccentricity",
    "orientation",
    "area_convex_px",
    "area_convex_um2",
    "solidity",
    "circularity",
    "bbox-0",
    "bbox-1",
    "bbox-2",
    "bbox-3",
    "pixel_width_um",
    "pixel_height_um",
];

/// Columns of each channel.
const OF_CHANNEL: [&str; 4] = ["intensity_mean", "intensity_min", "intensity_max", "intensity_sum"];

/// A table that grows file by file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    channels: usize,
    rows: Vec<String>,
}

impl Table {
    /// Without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// A row for each object. Images may have different numbers of channels: cells of those that one lacks are empty.
    pub fn add(&mut self, objects: &Objects) {
        let channels = objects.measurements.iter().map(|m| m.intensity.len()).max().unwrap_or(0);
        self.widen(channels);
        for measurement in &objects.measurements {
            let mut cells = cells(objects, measurement);
            cells.resize(COLUMNS.len() + OF_CHANNEL.len() * self.channels, String::new());
            self.rows.push(cells.join(","));
        }
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no object is in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As a file.
    pub fn csv(&self) -> String {
        let names = COLUMNS.iter().map(|name| name.to_string());
        let of_channels = (0..self.channels).flat_map(|channel| {
            OF_CHANNEL.iter().map(move |name| match self.channels {
                1 => name.to_string(),
                _ => format!("{name}-{channel}"),
            })
        });
        let header: Vec<String> = names.chain(of_channels).collect();
        let lines = std::iter::once(header.join(",")).chain(self.rows.iter().cloned());
        lines.map(|line| line + "\r\n").collect()
    }

    /// A table that was written before; nothing if it is none of ours.
    pub fn read(csv: &str) -> Option<Self> {
        let mut lines = records(csv).into_iter();
        let header = lines.next()?;
        let names: Vec<&str> = header.split(',').collect();
        let rest = names.strip_prefix(&COLUMNS[..])?;
        let table = Self { channels: rest.len() / OF_CHANNEL.len(), rows: lines.collect() };
        (table.csv().lines().next() == Some(header.as_str())).then_some(table)
    }

    /// Leaves out the rows of a file.
    pub fn forget(&mut self, file: &str) {
        let begin = text(file) + ",";
        self.rows.retain(|row| !row.starts_with(&begin));
    }

    fn widen(&mut self, channels: usize) {
        if channels > self.channels {
            let more = ",".repeat(OF_CHANNEL.len() * (channels - self.channels));
            self.rows.iter_mut().for_each(|row| row.push_str(&more));
            self.channels = channels;
        }
    }
}

/// The lines of a table; a line break in quotes is part of one.
fn records(csv: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    for line in csv.split_terminator("\r\n") {
        match all.last_mut().filter(|_| open) {
            Some(last) => last.extend(["\r\n", line]),
            None => all.push(line.into()),
        }
        open ^= line.matches('"').count() % 2 == 1;
    }
    all
}

fn cells(objects: &Objects, m: &Measurement) -> Vec<String> {
    let (um, um2) = (objects.micrometres(), objects.square_micrometres());
    let micrometres = objects.spacing.map(|spacing| spacing.map(|mm| 1000.0 * mm));
    let both = |pixels: f64, factor: Option<f64>| {
        [number(pixels), factor.map_or(String::new(), |f| number(pixels * f))]
    };
    let [area, area_um2] = both(m.area as f64, um2);
    let [perimeter, perimeter_um] = both(m.perimeter, um);
    let mut cells = vec![
        text(&objects.file),
        objects.slice.to_string(),
        m.object.to_string(),
        objects.category(m.class).map_or_else(String::new, |class| text(&class.name)),
        area,
        area_um2,
        perimeter,
        number(m.centroid[0]),
        number(m.centroid[1]),
        perimeter_um,
    ];
    cells.extend(
        [0, 1].map(|axis| micrometres.map_or(String::new(), |um| number(m.centroid[axis] * um[axis]))),
    );
    let lengths = [m.equivalent_diameter, m.axes[0], m.axes[1], m.feret.length];
    cells.extend(lengths.into_iter().flat_map(|length| both(length, um)));
    cells.extend([m.eccentricity, m.orientation].map(number));
    cells.extend(both(m.convex_area as f64, um2));
    cells.extend([m.solidity, m.circularity].map(number));
    cells.extend([m.bounds.top, m.bounds.left, m.bounds.bottom, m.bounds.right].map(|n| n.to_string()));
    cells.extend([0, 1].map(|axis| micrometres.map_or(String::new(), |um| number(um[axis]))));
    cells.extend(m.intensity.iter().flat_map(|i| [i.mean, i.min, i.max, i.integrated].map(number)));
    cells
}

/// The shortest text that is read back as the same number; empty for none.
fn number(value: f64) -> String {
    if value.is_nan() { String::new() } else { value.to_string() }
}

/// A cell of text: in quotes where it must be, and with an apostrophe in front of what spreadsheets would take for a formula.
fn text(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula { format!("'{value}") } else { value.to_string() };
    if value.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::objects::Category;

    fn objects(file: &str, channels: usize, spacing: Option<[f64; 2]>) -> Objects {
        let plane = [1.0f32, 2.0, 3.0, 4.0];
        let categories = vec![Category { name: "cell, round".into(), colour: [1, 2, 3] }];
        Objects::of(
            (file.into(), 0),
            [2, 2],
            vec![1, 1, 0, 2],
            &[1, 1, 0, 1],
            &vec![&plane[..]; channels],
            categories,
            spacing,
        )
    }

    #[test]
    fn a_row_for_each_object_begins_as_the_contract_says() {
        let mut table = Table::new();
        table.add(&objects("a.png", 1, Some([0.0005, 0.0005])));
        let csv = table.csv();
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert!(lines[0].starts_with(
            "file,slice,object,class,area_px,area_um2,perimeter_px,centroid_x_px,centroid_y_px,"
        ));
        assert!(lines[0].ends_with(",intensity_mean,intensity_min,intensity_max,intensity_sum"));
        assert!(lines[1].starts_with("a.png,0,1,\"cell, round\",2,0.5,"), "{}", lines[1]);
        assert!(lines[1].ends_with(",1.5,1,2,3"), "{}", lines[1]);
        assert_eq!((lines.len(), table.len()), (4, 2));
    }

    #[test]
    fn names_that_a_spreadsheet_would_compute_are_defused_and_quotes_doubled() {
        assert_eq!(text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(text("-1.png"), "'-1.png");
        assert_eq!(text("a\nb"), "\"a\nb\"");
        assert_eq!(text("a b.png"), "a b.png");
    }

    #[test]
    fn without_spacing_micrometres_are_empty_and_images_of_more_channels_widen_all() {
        let mut table = Table::new();
        table.add(&objects("a.png", 1, None));
        table.add(&objects("b.png", 3, None));
        let csv = table.csv();
        let counts: Vec<usize> = csv
            .split_terminator("\r\n")
            .map(|l| l.replace("\"cell, round\"", "c").split(',').count())
            .collect();
        assert_eq!(counts, [COLUMNS.len() + 12; 5]);
        assert!(csv.contains(",intensity_sum-2"));
        assert!(csv.contains("\"cell, round\",2,,"));
    }

    #[test]
    fn a_table_that_was_written_is_read_again_and_grows() {
        let mut table = Table::new();
        table.add(&objects("a\r\n.png", 1, None));
        table.add(&objects("b.png", 1, None));
        let mut again = Table::read(&table.csv()).unwrap();
        assert_eq!(again.csv(), table.csv());
        again.forget("b.png");
        assert_eq!(again.len(), 2);
        assert!(Table::read("a,b\r\n1,2\r\n").is_none());
    }
}
