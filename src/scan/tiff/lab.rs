//! CIE L*a*b* (TIFF 6.0 section 23) to sRGB.

/// Red, green and blue, 0 to 255, of lightness 0 to 100 and a*, b*.
///
/// The white is D50, as in ICC profiles and in what image editors write; it is adapted to the D65 of sRGB (Bradford),
/// and linear light becomes sRGB by IEC 61966-2-1.
pub(super) fn rgb([l, a, b]: [f64; 3]) -> [f64; 3] {
    let f = |t: f64| if t > 6.0 / 29.0 { t.powi(3) } else { (t - 4.0 / 29.0) * 108.0 / 841.0 };
    let middle = (l + 16.0) / 116.0;
    let x = 0.964_22 * f(middle + a / 500.0);
    let y = f(middle);
    let z = 0.825_21 * f(middle - b / 200.0);
    // sRGB's primaries, adapted to D50, turned round.
    let linear = [
        3.133_856_1 * x - 1.616_866_7 * y - 0.490_614_6 * z,
        -0.978_768_4 * x + 1.916_141_5 * y + 0.033_454_0 * z,
        0.071_945_3 * x - 0.228_991_4 * y + 1.405_242_7 * z,
    ];
    linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        255.0 * if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
    })
}

/// Stored numbers to L*, a* and b*. `unsigned`: the way of ICC profiles, where the middle of a* and b* is no colour.
pub(super) fn values([l, a, b]: [f64; 3], bits: u32, unsigned: bool) -> [f64; 3] {
    let deep = bits == 16;
    let unit = if deep { 256.0 } else { 1.0 };
    let full = match (deep, unsigned) {
        (false, _) => 255.0,
        // ICC.1 6.3.4.2: 100 is FF00h.
        (true, true) => 65_280.0,
        (true, false) => 65_535.0,
    };
    let signed = |v: f64| {
        let half = 128.0 * unit;
        let v = if unsigned {
            v - half
        } else if v >= half {
            v - 2.0 * half
        } else {
            v
        };
        v / unit
    };
    [l * 100.0 / full, signed(a), signed(b)]
}
