//! Polygons as spans of rows: their area, what two of them share, and their pixels.

/// What of one row lies inside a polygon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub row: i32,
    pub from: f32,
    pub to: f32,
}

/// The part of each row that lies inside the polygon with these corners (row, column), where `y` is the row's number plus `at`. Rows
/// follow each other, and the spans of a row do, too; a pixel is inside by the even-odd rule.
pub(super) fn spans(corners: &[[f32; 2]], at: f32, out: &mut Vec<Span>) {
    out.clear();
    let mut crossings: Vec<(i32, f32)> = Vec::with_capacity(4 * corners.len());
    let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
    for (&[y0, x0], &[y1, x1]) in before.zip(corners) {
        let (low, high) = (y0.min(y1), y0.max(y1));
        // Rows from the lower end on, the upper one not included, so that a corner counts once.
        let (first, last) = ((low - at).ceil() as i32, (high - at).ceil() as i32);
        for row in first..last {
            crossings.push((row, x0 + (row as f32 + at - y0) * (x1 - x0) / (y1 - y0)));
        }
    }
    crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    out.extend(crossings.chunks_exact(2).map(|pair| Span { row: pair[0].0, from: pair[0].1, to: pair[1].1 }));
}

/// Pixels inside, parts of them counted, of spans at the middles of rows. Exact if all corners are whole numbers.
pub(super) fn area(spans: &[Span]) -> f32 {
    spans.iter().map(|s| s.to - s.from).sum()
}

/// The area that lies in both.
pub(super) fn shared(a: &[Span], b: &[Span]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    // Rows above those of the other have nothing to share.
    if let (Some(a0), Some(b0)) = (a.first(), b.first()) {
        i = a.partition_point(|s| s.row < b0.row);
        j = b.partition_point(|s| s.row < a0.row);
    }
    while let (Some(p), Some(q)) = (a.get(i), b.get(j)) {
        if p.row == q.row {
            sum += (p.to.min(q.to) - p.from.max(q.from)).max(0.0);
        }
        if (p.row, p.to) < (q.row, q.to) { i += 1 } else { j += 1 }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(corners: &[[f32; 2]]) -> Vec<Span> {
        let mut out = Vec::new();
        spans(corners, 0.5, &mut out);
        out
    }

    #[test]
    fn areas_of_polygons_with_whole_corners_are_exact() {
        let triangle = of(&[[0.0, 0.0], [10.0, 0.0], [10.0, 7.0]]);
        assert!((area(&triangle) - 35.0).abs() < 1e-4);
        // An arrow, whose tail is cut in.
        let arrow = of(&[[0.0, 0.0], [4.0, 4.0], [0.0, 8.0], [2.0, 4.0]]);
        assert!((area(&arrow) - 8.0).abs() < 1e-4, "{}", area(&arrow));
        assert!(of(&[]).is_empty() && of(&[[1.0, 1.0]]).is_empty());
    }

    #[test]
    fn what_two_rectangles_share_is_their_common_rectangle() {
        let rectangle =
            |y: f32, x: f32, h: f32, w: f32| of(&[[y, x], [y, x + w], [y + h, x + w], [y + h, x]]);
        let (a, b) = (rectangle(-2.0, 0.0, 10.0, 8.0), rectangle(5.0, 6.0, 9.0, 9.0));
        assert_eq!((shared(&a, &b), shared(&b, &a)), (6.0, 6.0));
        assert_eq!(shared(&a, &a), 80.0);
        assert_eq!(shared(&a, &rectangle(50.0, 0.0, 2.0, 2.0)), 0.0);
    }
}
