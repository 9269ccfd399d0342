//! Objects by their rays: at each point of a network's grid a star-shaped polygon, and of those that overlap the likeliest.

use super::instances::renumbered;
use super::polygon::{Span, area, shared, spans};

/// Points of the grid next to the border of the image, at which StarDist looks for no object: those of `_ind_prob_thresh` in its `nms.py`.
const RIM: usize = 2;
/// What a distance is at least, in pixels, there.
const LEAST_DISTANCE: f32 = 1e-3;
/// Pixels a side of the cells in which polygons are looked for.
const CELL: usize = 32;

/// How a network with rays sees an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StarGrid {
    /// Pixels in a row of the image, and its rows.
    pub width: usize,
    pub height: usize,
    /// Pixels from one point to the next.
    pub grid: usize,
    /// Rays of a polygon; ray `k` points `2 pi k / rays` from the direction of columns towards that of rows.
    pub rays: usize,
    /// Overlap, as a part of the smaller of two polygons, above which the less likely one is suppressed.
    pub overlap: f32,
}

/// Candidates for objects: points at which a network has some hope of one, each with the distances to the rim along its rays
/// (Schmidt 2018, arXiv:1806.03535).
#[derive(Clone, Debug, PartialEq)]
pub struct Stars {
    on: StarGrid,
    /// Row and column of each point, pixels.
    points: Vec<[u32; 2]>,
    probability: Vec<f32>,
    /// `[point][ray]`, pixels.
    distances: Vec<f32>,
}

impl Stars {
    /// None yet.
    pub fn new(on: StarGrid) -> Self {
        Self { on, points: Vec::new(), probability: Vec::new(), distances: Vec::new() }
    }

    /// Pixels in a row of the image.
    pub fn width(&self) -> usize {
        self.on.width
    }

    /// Whether a pixel (row, column) is a point of the grid at which objects are looked for.
    pub fn is_point(&self, pixel: [usize; 2]) -> bool {
        let within = |i: usize, n: usize| {
            let (point, points) = (i / self.on.grid, n.div_ceil(self.on.grid));
            i.is_multiple_of(self.on.grid) && point >= RIM && point + RIM < points
        };
        within(pixel[0], self.on.height) && within(pixel[1], self.on.width)
    }

    /// Adds what the network says at a point (row, column). Distances beyond the image's own size are cut off there; what is no
    /// number is no distance.
    pub fn add(&mut self, point: [usize; 2], probability: f32, distances: impl Iterator<Item = f32>) {
        let most = (self.on.width + self.on.height) as f32;
        self.points.push(point.map(|i| i as u32));
        self.probability.push(probability);
        let all = distances.chain(std::iter::repeat(0.0)).take(self.on.rays);
        // `max` takes the other value for one that is no number.
        self.distances.extend(all.map(|d| d.max(LEAST_DISTANCE).min(most)));
    }

    /// Leaves out the points at which `view`, `[row][column]`, is not true.
    pub fn keep_within(&mut self, view: &[bool]) {
        let (width, rays) = (self.on.width, self.on.rays);
        let seen: Vec<bool> = self
            .points
            .iter()
            .map(|[y, x]| view.get(*y as usize * width + *x as usize).copied().unwrap_or(false))
            .collect();
        let mut kept = Self::new(self.on);
        for i in (0..seen.len()).filter(|i| seen[*i]) {
            kept.points.push(self.points[i]);
            kept.probability.push(self.probability[i]);
            kept.distances.extend_from_slice(&self.distances[i * rays..(i + 1) * rays]);
        }
        *self = kept;
    }

    /// Numbers that are held.
    pub fn floats(&self) -> usize {
        self.distances.len() + self.probability.len() + 2 * self.points.len()
    }

    /// The points (row, column) of the candidates that are kept, the likeliest first: see [`Stars::objects`].
    pub fn middles(&self, threshold: f32) -> Vec<[usize; 2]> {
        self.kept(threshold).iter().map(|i| self.points[*i].map(|n| n as usize)).collect()
    }

    /// Object numbers `[row][column]`, from 1 in scan order, 0 for the background, of candidates with a probability above
    /// `threshold`. Where polygons that are kept overlap, the pixels are those of the likelier one.
    pub fn objects(&self, threshold: f32) -> Vec<u32> {
        let StarGrid { width, height, .. } = self.on;
        let mut numbers = vec![0u32; width * height];
        let mut rows = Vec::new();
        for (number, i) in (1u32..).zip(self.kept(threshold)).collect::<Vec<_>>().into_iter().rev() {
            spans(&self.polygon(i), 0.0, &mut rows);
            for Span { row, from, to } in rows.iter().copied() {
                let Some(row) = usize::try_from(row).ok().filter(|row| *row < height) else { continue };
                // Columns whose middle lies inside.
                let first = from.ceil().max(0.0) as usize;
                let end = (to.floor() + 1.0).clamp(0.0, width as f32) as usize;
                if let Some(pixels) = numbers.get_mut(row * width + first.min(width)..row * width + end) {
                    pixels.fill(number);
                }
            }
        }
        renumbered(&numbers)
    }

    /// Candidates above `threshold` that no likelier one suppresses, the likeliest first: a polygon goes if it and one that is kept share
    /// more than `overlap` of the smaller of the two. As in StarDist the corners are whole pixels for this, cut off towards 0.
    fn kept(&self, threshold: f32) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.points.len()).filter(|i| self.probability[*i] > threshold).collect();
        order.sort_unstable_by(|a, b| {
            self.probability[*b]
                .total_cmp(&self.probability[*a])
                .then_with(|| self.points[*a].cmp(&self.points[*b]))
        });
        let mut kept = Kept::new([self.on.height, self.on.width]);
        let mut rows = Vec::new();
        order.retain(|i| {
            let corners: Vec<[f32; 2]> = self.polygon(*i).iter().map(|c| c.map(f32::trunc)).collect();
            spans(&corners, 0.5, &mut rows);
            let bounds = Bounds::of(&corners);
            let stays = !kept.suppresses(&rows, bounds, self.on.overlap);
            if stays {
                kept.add(rows.clone(), bounds);
            }
            stays
        });
        order
    }

    /// The corners (row, column) of a candidate, pixels.
    fn polygon(&self, i: usize) -> Vec<[f32; 2]> {
        let (rays, [y, x]) = (self.on.rays, self.points[i].map(|n| n as f32));
        let step = std::f32::consts::TAU / rays.max(1) as f32;
        let distances = &self.distances[i * rays..(i + 1) * rays];
        let corner = |(k, d): (usize, &f32)| {
            let (sin, cos) = (k as f32 * step).sin_cos();
            [y + d * sin, x + d * cos]
        };
        distances.iter().enumerate().map(corner).collect()
    }
}

/// Rows and columns, from and to.
#[derive(Clone, Copy)]
struct Bounds([[f32; 2]; 2]);

impl Bounds {
    fn of(corners: &[[f32; 2]]) -> Self {
        let along = |axis: usize| {
            let values = corners.iter().map(|c| c[axis]);
            values.fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], v| [low.min(v), high.max(v)])
        };
        Self([along(0), along(1)])
    }

    fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|([from, to], [first, last])| *from <= last && first <= *to)
    }
}

/// Polygons that are kept, by the cells of the image that they reach into.
struct Kept {
    polygons: Vec<(Vec<Span>, f32, Bounds)>,
    /// Cells from top to bottom and from left to right.
    sides: [usize; 2],
    cells: Vec<Vec<u32>>,
    /// The last question that each polygon was asked, since it may lie in several cells.
    asked: Vec<u32>,
    questions: u32,
}

impl Kept {
    fn new(size: [usize; 2]) -> Self {
        let sides = size.map(|n| n.div_ceil(CELL).max(1));
        let cells = vec![Vec::new(); sides[0] * sides[1]];
        Self { polygons: Vec::new(), sides, cells, asked: Vec::new(), questions: 0 }
    }

    /// Cells that a polygon reaches into. All points lie in the image: what two polygons share may lie outside of it, and then both
    /// reach into a cell at its border.
    fn cells_of(&self, bounds: Bounds) -> impl Iterator<Item = usize> + use<> {
        let sides = self.sides;
        let range = |axis: usize| {
            let cell = |v: f32| ((v / CELL as f32).max(0.0) as usize).min(sides[axis] - 1);
            let [from, to] = bounds.0[axis];
            cell(from)..=cell(to)
        };
        let columns = range(1);
        range(0).flat_map(move |row| columns.clone().map(move |column| row * sides[1] + column))
    }

    fn suppresses(&mut self, rows: &[Span], bounds: Bounds, overlap: f32) -> bool {
        self.questions += 1;
        let own = area(rows);
        for cell in self.cells_of(bounds) {
            for i in self.cells[cell].iter().map(|i| *i as usize) {
                if std::mem::replace(&mut self.asked[i], self.questions) == self.questions {
                    continue;
                }
                let (other, their, there) = &self.polygons[i];
                if bounds.meets(*there) && shared(rows, other) > overlap * own.min(*their) {
                    return true;
                }
            }
        }
        false
    }

    fn add(&mut self, rows: Vec<Span>, bounds: Bounds) {
        let number = self.polygons.len() as u32;
        for cell in self.cells_of(bounds) {
            self.cells[cell].push(number);
        }
        self.polygons.push((rows.clone(), area(&rows), bounds));
        self.asked.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: StarGrid = StarGrid { width: 60, height: 40, grid: 1, rays: 32, overlap: 0.4 };

    /// Discs: row, column, radius, probability.
    fn discs(discs: &[(usize, usize, f32, f32)]) -> Stars {
        let mut stars = Stars::new(ON);
        for (y, x, r, p) in discs {
            stars.add([*y, *x], *p, std::iter::repeat_n(*r, ON.rays));
        }
        stars
    }

    #[test]
    fn a_disc_covers_the_pixels_within_its_radius() {
        let numbers = discs(&[(20, 30, 10.0, 0.9)]).objects(0.5);
        assert_eq!((numbers[20 * 60 + 30], numbers[20 * 60 + 39], numbers[20 * 60 + 41]), (1, 1, 0));
        let pixels = numbers.iter().filter(|n| **n == 1).count();
        assert!((300..=318).contains(&pixels), "{pixels}");
    }

    #[test]
    fn rays_run_from_columns_towards_rows() {
        let mut stars = Stars::new(StarGrid { rays: 4, ..ON });
        // Right, down, left, up.
        stars.add([20, 30], 0.9, [12.0, 8.0, 2.0, 3.0].into_iter());
        let numbers = stars.objects(0.5);
        assert_eq!((numbers[20 * 60 + 41], numbers[20 * 60 + 27]), (1, 0));
        assert_eq!((numbers[27 * 60 + 30], numbers[16 * 60 + 30]), (1, 0));
    }

    #[test]
    fn the_likelier_of_two_that_overlap_is_kept_and_neighbours_stay_two() {
        let same = discs(&[(20, 20, 8.0, 0.7), (21, 22, 8.0, 0.8), (20, 23, 8.0, 0.6)]);
        assert_eq!(same.kept(0.5), [1]);
        let neighbours = discs(&[(20, 20, 8.0, 0.7), (20, 34, 8.0, 0.8)]);
        assert_eq!(neighbours.kept(0.5), [1, 0]);
        // A small one within a large one shares all of itself.
        assert_eq!(discs(&[(20, 20, 12.0, 0.7), (20, 28, 3.0, 0.6)]).kept(0.5), [0]);
        // What they share belongs to the likelier one; numbers follow the scan.
        let numbers = neighbours.objects(0.5);
        assert_eq!((numbers[20 * 60 + 20], numbers[20 * 60 + 27], numbers[20 * 60 + 34]), (1, 2, 2));
        assert_eq!(neighbours.objects(0.75).iter().max(), Some(&1));
        assert_eq!(neighbours.objects(0.8).iter().max(), Some(&0));
    }

    #[test]
    fn what_is_suppressed_suppresses_nothing() {
        let chain = discs(&[(20, 15, 8.0, 0.9), (20, 22, 8.0, 0.8), (20, 29, 8.0, 0.7)]);
        assert_eq!(chain.kept(0.5), [0, 2]);
    }

    #[test]
    fn points_lie_on_the_grid_and_two_steps_off_the_border() {
        let stars = Stars::new(StarGrid { grid: 4, ..ON });
        assert!(stars.is_point([8, 8]) && stars.is_point([28, 48]));
        assert!(!stars.is_point([8, 9]) && !stars.is_point([4, 8]) && !stars.is_point([32, 8]));
    }

    #[test]
    fn distances_that_are_no_numbers_or_endless_do_no_harm() {
        let mut stars = Stars::new(ON);
        let strange = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -3.0].into_iter().cycle();
        stars.add([5, 5], 0.9, strange);
        stars.add([20, 30], f32::NAN, std::iter::empty());
        stars.add([20, 50], 0.8, std::iter::repeat(6.0));
        assert!(stars.objects(0.5).contains(&1));
        stars.keep_within(&vec![false; 60 * 40]);
        assert_eq!(stars.objects(0.0), vec![0; 60 * 40]);
    }
}
