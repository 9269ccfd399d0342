//! Colours as DICOM's CIELab values (PS3.3 C.10.7.1.1): from sRGB (IEC 61966-2-1) to the white of D50 (Bradford).

/// L*, a*, b* as three numbers of 16 bits.
pub(super) fn cielab(colour: [u8; 3]) -> [u16; 3] {
    let [r, g, b] = colour.map(|c| {
        let v = f64::from(c) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    let xyz = [
        (0.436_075 * r + 0.385_065 * g + 0.143_080 * b) / 0.964_22,
        0.222_504 * r + 0.716_879 * g + 0.060_617 * b,
        (0.013_932 * r + 0.097_105 * g + 0.714_173 * b) / 0.825_21,
    ];
    let [x, y, z] =
        xyz.map(|v| if v > 216.0 / 24389.0 { v.cbrt() } else { (24389.0 / 27.0 * v + 16.0) / 116.0 });
    let lab =
        [(116.0 * y - 16.0) / 100.0, (500.0 * (x - y) + 128.0) / 255.0, (200.0 * (y - z) + 128.0) / 255.0];
    lab.map(|v| (v * 65535.0).round().clamp(0.0, 65535.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greys_have_no_hue_and_red_is_red() {
        for (grey, light) in [(0, 0), (255, 65535)] {
            let [l, a, b] = cielab([grey; 3]);
            assert!(l.abs_diff(light) < 20 && a.abs_diff(0x8080) < 20 && b.abs_diff(0x8080) < 20);
        }
        // Lindbloom's calculator: L* 54.29, a* 80.81, b* 69.89.
        let [l, a, b] = cielab([255, 0, 0]);
        assert!(l.abs_diff(35579) < 20 && a.abs_diff(53664) < 60 && b.abs_diff(50858) < 60, "{l} {a} {b}");
    }
}
