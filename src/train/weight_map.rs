//! Border weights: background between objects that nearly touch counts more.
//!
//! Ronneberger 2015, equation 2: `w(x) = w_c(x) + w0 exp(-(d1 + d2)^2 / (2 sigma^2))`, with the distances d1 and
//! d2 to the nearest and second nearest object.

/// The additional weight `w0 exp(-(d1 + d2)^2 / (2 sigma^2))` of each pixel, row by row.
///
/// `objects` holds object numbers, 0 is the background; `sigma` is in pixels. Distances are Euclidean between
/// pixel centres and exact up to `6 sigma`, beyond which the weight is below `w0 * 1.6e-8` and taken as 0.
/// Pixels of an object have d1 = 0 and count their distance to the nearest other object as d2.
pub fn border_weights(objects: &[u32], width: usize, height: usize, w0: f32, sigma: f32) -> Vec<f32> {
    let n = width * height;
    if n == 0 || objects.len() != n || w0 <= 0.0 || sigma <= 0.0 {
        return vec![0.0; n];
    }
    let reach = (6.0 * sigma).ceil() as usize;
    // Squared distances to the nearest and the second nearest object.
    let mut first = vec![f32::INFINITY; n];
    let mut second = vec![f32::INFINITY; n];
    for (number, bounds) in boxes(objects, width) {
        let [left, top, right, bottom] = bounds;
        let (x0, y0) = (left.saturating_sub(reach), top.saturating_sub(reach));
        let (x1, y1) = ((right + reach).min(width - 1), (bottom + reach).min(height - 1));
        let (w, h) = (x1 - x0 + 1, y1 - y0 + 1);
        let inside: Vec<bool> =
            (0..w * h).map(|i| objects[(y0 + i / w) * width + x0 + i % w] == number).collect();
        for (i, d) in crate::objects::squared_distance(&inside, w, h).into_iter().enumerate() {
            let pixel = (y0 + i / w) * width + x0 + i % w;
            if d < first[pixel] {
                second[pixel] = first[pixel];
                first[pixel] = d;
            } else if d < second[pixel] {
                second[pixel] = d;
            }
        }
    }
    first
        .into_iter()
        .zip(second)
        .map(|(a, b)| {
            let sum = a.sqrt() + b.sqrt();
            if sum > reach as f32 { 0.0 } else { w0 * (-sum * sum / (2.0 * sigma * sigma)).exp() }
        })
        .collect()
}

/// The bounding box (left, top, right, bottom, all inclusive) of each object.
fn boxes(objects: &[u32], width: usize) -> std::collections::BTreeMap<u32, [usize; 4]> {
    let mut boxes = std::collections::BTreeMap::new();
    for (i, number) in objects.iter().enumerate().filter(|(_, number)| **number > 0) {
        let (x, y) = (i % width, i / width);
        let b: &mut [usize; 4] = boxes.entry(*number).or_insert([x, y, x, y]);
        *b = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_is_the_formula_of_the_paper() {
        // Two bars with a gap of three pixels: in the gap's middle d1 = d2 = 2.
        let objects: Vec<u32> = (0..7 * 5).map(|i| [1, 1, 0, 0, 0, 2, 2][i % 7]).collect();
        let w = border_weights(&objects, 7, 5, 10.0, 5.0);
        let expected = |sum: f32| 10.0 * (-sum * sum / 50.0).exp();
        assert!((w[2 * 7 + 3] - expected(4.0)).abs() < 1e-4);
        assert!((w[2 * 7 + 2] - expected(4.0)).abs() < 1e-4);
        assert!((w[2 * 7 + 1] - expected(4.0)).abs() < 1e-4);
    }

    #[test]
    fn a_single_object_has_no_border_to_defend() {
        let objects: Vec<u32> = (0..100).map(|i| u32::from(i % 10 < 5)).collect();
        assert!(border_weights(&objects, 10, 10, 10.0, 5.0).iter().all(|w| *w == 0.0));
        assert!(border_weights(&[0; 100], 10, 10, 10.0, 5.0).iter().all(|w| *w == 0.0));
    }

    #[test]
    fn far_objects_beyond_the_reach_do_not_matter() {
        let objects: Vec<u32> = (0..200).map(|i| if i == 0 { 1 } else { 2 * u32::from(i == 199) }).collect();
        assert!(border_weights(&objects, 200, 1, 10.0, 5.0).iter().all(|w| *w == 0.0));
    }
}
