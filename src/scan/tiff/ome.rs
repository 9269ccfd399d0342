//! OME-XML (2016-06 and before) in the description of an OME-TIFF: the element Pixels that belongs to the pages.

use std::collections::HashMap;

use super::units::millimetres;

/// What `Pixels` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Pixels {
    /// PhysicalSizeX, PhysicalSizeY, PhysicalSizeZ in mm, where given in a unit of length.
    pub(super) size: [Option<f64>; 3],
    /// SizeZ, SizeC, SizeT.
    pub(super) counts: [usize; 3],
    /// DimensionOrder, such as `XYCZT`.
    pub(super) order: String,
    /// Names of its Channel elements, empty where they have none.
    pub(super) channels: Vec<String>,
    /// Their Color, red, green, blue; none where one of them has none.
    pub(super) colours: Option<Vec<[u8; 3]>>,
    pub(super) data: Vec<TiffData>,
    /// The files that planes are in, each once; none where the description names none.
    pub(super) files: Vec<String>,
}

/// Which planes directories hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TiffData {
    pub(super) ifd: Option<usize>,
    /// Which of [`Pixels::files`] they are in; none where no file is named.
    pub(super) file: Option<usize>,
    /// FirstZ, FirstC, FirstT.
    pub(super) first: [usize; 3],
    /// PlaneCount.
    pub(super) count: Option<usize>,
}

/// Every `Pixels` whose SizeX and SizeY are those of the pages that were read, one for each image of the file.
pub(super) fn all_pixels(text: &str, width: usize, height: usize) -> impl Iterator<Item = Pixels> {
    let is_ome = text.contains("<OME") || text.contains(":OME");
    let mut rest = if is_ome { text } else { "" };
    std::iter::from_fn(move || next_pixels(&mut rest, width, height))
}

/// The first of [`all_pixels`].
pub(super) fn pixels(text: &str, width: usize, height: usize) -> Option<Pixels> {
    all_pixels(text, width, height).next()
}

fn next_pixels(rest: &mut &str, width: usize, height: usize) -> Option<Pixels> {
    while let Some((element, behind)) = next_element(rest) {
        *rest = behind;
        let Some(attributes) = element.strip_prefix("Pixels") else { continue };
        if !attributes.starts_with(|c: char| c.is_whitespace()) {
            continue;
        }
        let is_empty = attributes.ends_with('/');
        let attributes = Attributes::of(attributes);
        let find = |name: &str| attributes.find(name);
        let number = |name: &str| attributes.number(name);
        if (number("SizeX"), number("SizeY")) != (Some(width), Some(height)) {
            continue;
        }
        let size = ["X", "Y", "Z"].map(|axis| {
            let value: f64 = find(&format!("PhysicalSize{axis}"))?.trim().parse().ok()?;
            // Micrometres unless it says otherwise.
            Some(value * find(&format!("PhysicalSize{axis}Unit")).map_or(Some(1e-3), millimetres)?)
        });
        let counts = ["SizeZ", "SizeC", "SizeT"].map(|name| number(name).unwrap_or(1).max(1));
        let order = find("DimensionOrder").unwrap_or_default().to_string();
        let (found, data, files) = if is_empty { Default::default() } else { parts(rest) };
        let colours = found.iter().map(colour).collect();
        let channels = found.iter().map(|one| one.find("Name").unwrap_or_default().to_string()).collect();
        return Some(Pixels { size, counts, order, channels, colours, data, files });
    }
    None
}

/// Color: red, green, blue and alpha as one number of 32 bits with a sign.
fn colour(channel: &Attributes) -> Option<[u8; 3]> {
    let [colour @ .., _] = channel.find("Color")?.trim().parse::<i32>().ok()?.to_be_bytes();
    Some(colour)
}

/// What stands within the element Pixels: its Channel elements, where planes are, and in which files.
fn parts(mut rest: &str) -> (Vec<Attributes>, Vec<TiffData>, Vec<String>) {
    let (mut channels, mut data, mut files) = (Vec::new(), Vec::<TiffData>::new(), Vec::new());
    let mut number_of = HashMap::new();
    while let Some((element, behind)) = next_element(rest) {
        rest = behind;
        let name = element.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(element.len());
        match element.split_at_checked(name) {
            Some(("Channel", attributes)) => channels.push(Attributes::of(attributes)),
            Some(("TiffData", attributes)) => {
                let attributes = Attributes::of(attributes);
                let first = ["FirstZ", "FirstC", "FirstT"].map(|name| attributes.number(name).unwrap_or(0));
                data.push(TiffData {
                    ifd: attributes.number("IFD"),
                    file: None,
                    first,
                    count: attributes.number("PlaneCount"),
                });
            }
            Some(("UUID", attributes)) => {
                if let Some((name, data)) = Attributes::of(attributes).find("FileName").zip(data.last_mut()) {
                    let number = *number_of.entry(name.to_string()).or_insert(files.len());
                    if number == files.len() {
                        files.push(name.to_string());
                    }
                    data.file = Some(number);
                }
            }
            Some(("", end)) if end.trim_end().ends_with("Pixels") => break,
            _ => {}
        }
    }
    (channels, data, files)
}

/// The next start tag, without `<`, `>` and the prefix of its namespace, and what follows it.
fn next_element(text: &str) -> Option<(&str, &str)> {
    let mut text = text;
    loop {
        let (_, behind) = text.split_once('<')?;
        // What is commented out or quoted is no element.
        let skipped = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")]
            .iter()
            .find_map(|(begin, end)| behind.strip_prefix(begin).map(|inside| inside.split_once(end)));
        if let Some(found) = skipped {
            text = found?.1;
            continue;
        }
        let mut quote = None;
        let end = behind.char_indices().find(|(_, c)| match quote {
            Some(open) if *c == open => {
                quote = None;
                false
            }
            Some(_) => false,
            None if matches!(c, '"' | '\'') => {
                quote = Some(*c);
                false
            }
            None => *c == '>',
        });
        let (inside, behind) = behind.split_at_checked(end?.0)?;
        let name = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
        let prefix = inside.get(..name)?.find(':').map_or(0, |colon| colon + 1);
        return Some((inside.get(prefix..)?, behind));
    }
}

/// Names and values of an element.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(text: &str) -> Self {
        Self(attribute_list(text))
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.find(name).and_then(|v| v.trim().parse().ok())
    }
}

fn attribute_list(mut text: &str) -> Vec<(String, String)> {
    let mut list = Vec::new();
    while let Some((name, behind)) = text.split_once('=') {
        let behind = behind.trim_start();
        let Some(quote) = behind.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, behind)) = behind.get(1..).and_then(|b| b.split_once(quote)) else { break };
        list.push((name.trim().to_string(), unescape(value)));
        text = behind;
    }
    list
}

/// XML 1.0, 4.1 and 4.6.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split('&');
    out.extend(parts.next());
    for part in parts {
        let Some((name, behind)) = part.split_once(';') else {
            out.push('&');
            out.push_str(part);
            continue;
        };
        let number = name.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => n.parse().ok(),
        });
        match name {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "apos" => out.push('\''),
            // Not one of XML's own, and yet seen.
            "micro" => out.push('µ'),
            _ => out.push(number.and_then(char::from_u32).unwrap_or('\u{FFFD}')),
        }
        out.push_str(behind);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_micrometres_unless_they_say_otherwise() {
        let text = r#"<OME><Pixels SizeX="4" SizeY="3" PhysicalSizeX="0.65" PhysicalSizeY="325" PhysicalSizeYUnit="nm"/></OME>"#;
        let pixels = pixels(text, 4, 3).unwrap();
        let [x, y, z] = pixels.size;
        assert!((x.unwrap() - 0.00065).abs() < 1e-12 && (y.unwrap() - 0.000325).abs() < 1e-12);
        assert_eq!(z, None);
    }

    #[test]
    fn the_pages_own_image_counts() {
        let text = "<o:OME xmlns:o='x'><!-- <Pixels SizeX='4' SizeY='3' PhysicalSizeX='1'/> -->
            <o:Image Name='a > b'><o:Pixels SizeX='9' SizeY='9' PhysicalSizeX='1'/></o:Image>
            <o:Image><o:Pixels SizeX='4' SizeY='3' SizeC='2' DimensionOrder='XYCZT'/></o:Image></o:OME>";
        let found = pixels(text, 4, 3).unwrap();
        assert_eq!((found.size, found.counts), ([None; 3], [1, 2, 1]));
        assert_eq!(pixels(text, 5, 3), None);
        assert_eq!(pixels("no xml", 4, 3), None);
        assert_eq!(pixels("<OME><Pixels SizeX='4", 4, 3), None);
    }

    #[test]
    fn channels_and_places_of_planes_are_those_of_the_image() {
        let text = "<OME:OME><OME:Pixels SizeX='4' SizeY='3' SizeC='2'><OME:Channel Name='DAPI' Color='65535'><x/></OME:Channel><OME:Channel Color='-16776961'/>
            <OME:TiffData IFD='1' FirstC='1'><OME:UUID>u</OME:UUID></OME:TiffData><OME:TiffData/></OME:Pixels>
            <OME:Channel Name='of another'/></OME:OME>";
        let found = pixels(text, 4, 3).unwrap();
        assert_eq!(found.channels, ["DAPI", ""]);
        assert_eq!(found.colours, Some(vec![[0, 0, 255], [255, 0, 0]]));
        let data = |ifd, c| TiffData { ifd, file: None, first: [0, c, 0], count: None };
        assert_eq!(found.data, [data(Some(1), 1), data(None, 0)]);
    }

    #[test]
    fn characters_can_be_written_as_numbers() {
        assert_eq!(unescape("&#181;m &#xB5;m &lt;&amp;&gt; a&b"), "µm µm <&> a&b");
    }
}
