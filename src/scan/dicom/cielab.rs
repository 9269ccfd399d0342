//! DICOM's CIELab values (PS3.3 C.10.7.1.1) as sRGB (IEC 61966-2-1): from the white of D50 (Bradford).

pub(super) fn rgb([l, a, b]: [u16; 3]) -> [u8; 3] {
    let part = |v: u16| f64::from(v) / 65535.0;
    let y = (part(l) * 100.0 + 16.0) / 116.0;
    let x = y + (part(a) * 255.0 - 128.0) / 500.0;
    let z = y - (part(b) * 255.0 - 128.0) / 200.0;
    let [x, y, z] =
        [x, y, z].map(|t| if t > 6.0 / 29.0 { t * t * t } else { (116.0 * t - 16.0) * 27.0 / 24389.0 });
    let (x, z) = (x * 0.964_22, z * 0.825_21);
    [
        3.133_856 * x - 1.616_867 * y - 0.490_615 * z,
        -0.978_768 * x + 1.916_142 * y + 0.033_454 * z,
        0.071_945 * x - 0.228_991 * y + 1.405_243 * z,
    ]
    .map(|v| {
        let v = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (v * 255.0).round().clamp(0.0, 255.0) as u8
    })
}
