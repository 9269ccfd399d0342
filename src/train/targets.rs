//! From labels to what each output of the network should say, and how much each pixel counts.

use super::sample::Labels;
use super::weight_map::border_weights;
use crate::objects::squared_distance;
use crate::weights::{Card, Loss, Role};

/// A rim is never wider than this part of the largest depth of its object, so that small objects keep an inside.
const RIM_PART: f32 = 0.55;

/// The wanted output of each pixel (index into the card's outputs) and its weight; not labelled is background of a weight of its own, mostly 0.
pub fn targets(
    labels: &Labels,
    width: usize,
    height: usize,
    card: &Card,
    loss: &Loss,
) -> (Vec<u8>, Vec<f32>) {
    let output_of = |class: u8, role: Role| {
        card.outputs.iter().position(|o| o.class == class && o.role == role).unwrap_or(0).min(255) as u8
    };
    // A single sigmoid output is asked about its class directly: 1 yes, 0 no.
    let single = card.outputs.len() == 1;
    let class_weight = |wanted: u8| {
        let class =
            if single { Some(wanted) } else { card.outputs.get(usize::from(wanted)).map(|o| o.class) };
        class.map_or(1.0, |class| loss.class_weight(class))
    };
    match labels {
        Labels::Classes(classes) => {
            let wanted: Vec<u8> = classes
                .iter()
                .map(|c| match *c {
                    Labels::IGNORE => 0,
                    c if single => u8::from(c > 0),
                    0 => output_of(0, Role::Background),
                    c => output_of(c, Role::Interior),
                })
                .collect();
            let weights = wanted
                .iter()
                .zip(classes)
                .map(|(output, c)| if *c == Labels::IGNORE { loss.unlabelled } else { class_weight(*output) })
                .collect();
            (wanted, weights)
        }
        Labels::Objects(objects) => {
            let separate = card.has_boundary();
            let (inside, rim) =
                if single { (1, 1) } else { (output_of(1, Role::Interior), output_of(1, Role::Boundary)) };
            let outside = if single { 0 } else { output_of(0, Role::Background) };
            let depth = depth(objects, width, height);
            let deepest = deepest(objects, &depth);
            let wanted: Vec<u8> = (0..objects.len())
                .map(|i| match objects[i] {
                    0 | Labels::OPEN => outside,
                    object if separate => {
                        let rim_width = loss.rim_width.min(RIM_PART * deepest[&object]);
                        if depth[i] <= rim_width { rim } else { inside }
                    }
                    // Without a boundary output a line of background must separate objects that touch.
                    object if touches(objects, width, height, i, object) => outside,
                    _ => inside,
                })
                .collect();
            let labelled: Vec<u32> =
                objects.iter().map(|o| if *o == Labels::OPEN { 0 } else { *o }).collect();
            let extra = border_weights(&labelled, width, height, loss.border_weight, loss.border_sigma);
            let weights = wanted
                .iter()
                .zip(extra)
                .zip(objects)
                .map(|((output, w), object)| {
                    if *object == Labels::OPEN {
                        return loss.unlabelled;
                    }
                    let own = class_weight(*output);
                    // A class that is not to count does not come back through its borders.
                    if *output == inside || own == 0.0 { own } else { own + w }
                })
                .collect();
            (wanted, weights)
        }
    }
}

/// Distance of each object pixel to the nearest pixel that is not of its object (at least 1), 0 outside. What nobody labelled is no edge:
/// the object may go on there.
fn depth(objects: &[u32], width: usize, height: usize) -> Vec<f32> {
    // Pixels beside another object are edges too, so "outside" is drawn as the pixels whose right or lower
    // neighbour differs; distances to these are short of the true ones by at most one pixel.
    let mut edge = vec![false; objects.len()];
    for y in 0..height {
        for x in 0..width {
            let i = y * width + x;
            let differs = |j: usize| objects[j] != objects[i] && objects[j] != Labels::OPEN;
            edge[i] = objects[i] == 0
                || objects[i] != Labels::OPEN
                    && ((x + 1 < width && differs(i + 1))
                        || (y + 1 < height && differs(i + width))
                        || (x > 0 && differs(i - 1))
                        || (y > 0 && differs(i - width)));
        }
    }
    squared_distance(&edge, width, height)
        .into_iter()
        .zip(objects)
        .map(|(d, object)| if matches!(*object, 0 | Labels::OPEN) { 0.0 } else { d.sqrt() + 1.0 })
        .collect()
}

/// The largest depth within each object.
fn deepest(objects: &[u32], depth: &[f32]) -> std::collections::HashMap<u32, f32> {
    let mut deepest = std::collections::HashMap::new();
    for (object, d) in objects.iter().zip(depth).filter(|(o, _)| !matches!(**o, 0 | Labels::OPEN)) {
        let largest = deepest.entry(*object).or_insert(0.0f32);
        *largest = largest.max(*d);
    }
    deepest
}

/// Whether pixel `i` of `object` has a neighbour (of four) that belongs to another object.
fn touches(objects: &[u32], width: usize, height: usize, i: usize, object: u32) -> bool {
    let (x, y) = (i % width, i / width);
    let other = |j: usize| !matches!(objects[j], 0 | Labels::OPEN) && objects[j] != object;
    (x > 0 && other(i - 1))
        || (x + 1 < width && other(i + 1))
        || (y > 0 && other(i - width))
        || (y + 1 < height && other(i + width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;
    use crate::weights::{Class, Output};

    fn card(outputs: Vec<Output>) -> Card {
        let class = Class { name: "nucleus".into(), colour: "#E69F00".into() };
        Card::new("test", Preset::Small.config(1, outputs.len()), vec![class], outputs)
    }

    fn with_boundary() -> Card {
        card(Card::boundary_outputs())
    }

    #[test]
    fn unlabelled_pixels_weigh_nothing() {
        let labels = Labels::Classes(vec![0, 1, Labels::IGNORE]);
        let (wanted, weights) = targets(&labels, 3, 1, &card(Card::plain_outputs(1)), &Loss::default());
        assert_eq!((wanted, weights), (vec![0, 1, 0], vec![1.0, 1.0, 0.0]));
    }

    #[test]
    fn a_pixel_weighs_what_its_class_does_plus_what_its_border_asks_for() {
        let loss = Loss { class_weights: vec![0.5, 3.0], ..Loss::default() };
        let labels = Labels::Classes(vec![0, 1, Labels::IGNORE]);
        for outputs in [1, 2] {
            let (_, weights) = targets(&labels, 3, 1, &card(Card::plain_outputs(outputs)), &loss);
            assert_eq!(weights, [0.5, 3.0, 0.0]);
        }
        let objects = vec![1, 1, 0, 0, 2, 2];
        let border = border_weights(&objects, 6, 1, loss.border_weight, loss.border_sigma);
        let (_, weights) = targets(&Labels::Objects(objects), 6, 1, &card(Card::plain_outputs(1)), &loss);
        assert_eq!(weights, [3.0, 3.0, 0.5 + border[2], 0.5 + border[3], 3.0, 3.0]);
    }

    #[test]
    fn the_rim_lies_inside_each_object_also_where_two_touch() {
        // Two objects of 8 x 8 side by side, in a frame of two background pixels.
        let (w, h) = (20, 12);
        let objects: Vec<u32> = (0..w * h)
            .map(|i| match (i % w, i / w) {
                (2..10, 2..10) => 1,
                (10..18, 2..10) => 2,
                _ => 0,
            })
            .collect();
        let (wanted, weights) =
            targets(&Labels::Objects(objects.clone()), w, h, &with_boundary(), &Loss::default());
        let row: Vec<u8> = wanted[6 * w..7 * w].to_vec();
        assert_eq!(row, [0, 0, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 0, 0]);
        // The seam weighs more than the outer rim, and the inside weighs one.
        assert!(weights[6 * w + 9] > weights[6 * w + 2] && weights[6 * w + 5] == 1.0);
    }

    #[test]
    fn rims_are_as_wide_as_is_asked_and_leave_an_inside() {
        // An object of 9 x 9 in a frame of one background pixel.
        let inner = 1..10;
        let objects: Vec<u32> =
            (0..121).map(|i| u32::from(inner.contains(&(i % 11)) && inner.contains(&(i / 11)))).collect();
        let row = |rim_width| {
            let loss = Loss { rim_width, ..Loss::default() };
            let (wanted, _) = targets(&Labels::Objects(objects.clone()), 11, 11, &with_boundary(), &loss);
            wanted[5 * 11..6 * 11].to_vec()
        };
        assert_eq!(row(1.0), [0, 2, 1, 1, 1, 1, 1, 1, 1, 2, 0]);
        assert_eq!(row(2.0), [0, 2, 2, 1, 1, 1, 1, 1, 2, 2, 0]);
        // 0.55 of the depth of five pixels.
        assert_eq!(row(4.0), [0, 2, 2, 1, 1, 1, 1, 1, 2, 2, 0]);
    }

    #[test]
    fn touching_objects_are_parted_by_background_without_a_boundary_output() {
        let objects = vec![1, 1, 1, 2, 2, 2];
        let (wanted, _) =
            targets(&Labels::Objects(objects), 6, 1, &card(Card::plain_outputs(1)), &Loss::default());
        assert_eq!(wanted, [1, 1, 0, 0, 1, 1]);
    }

    #[test]
    fn small_objects_keep_an_inside() {
        let objects: Vec<u32> =
            (0..49).map(|i| u32::from((2..5).contains(&(i % 7)) && (2..5).contains(&(i / 7)))).collect();
        let (wanted, _) = targets(&Labels::Objects(objects), 7, 7, &with_boundary(), &Loss::default());
        assert_eq!(wanted[3 * 7 + 3], 1);
        assert_eq!(wanted[2 * 7 + 2], 2);
    }

    #[test]
    fn what_nobody_labelled_weighs_what_it_is_told_to_and_makes_no_rim() {
        // An object of 9 x 9 whose right half nobody labelled, so that it may go on there.
        let open = |x: usize| x >= 6;
        let objects: Vec<u32> = (0..12 * 13)
            .map(|i| match (i % 12, i / 12) {
                (x, _) if open(x) => Labels::OPEN,
                (2.., 2..11) => 7,
                _ => 0,
            })
            .collect();
        let loss = Loss { unlabelled: 0.25, ..Loss::default() };
        let (wanted, weights) = targets(&Labels::Objects(objects.clone()), 12, 13, &with_boundary(), &loss);
        assert_eq!(wanted[6 * 12..7 * 12], [0, 0, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0]);
        assert!((0..wanted.len()).all(|i| (weights[i] == 0.25) == open(i % 12)));
        // Where there is no rim to learn, no line of background parts the object from what is not labelled.
        let (wanted, _) = targets(&Labels::Objects(objects), 12, 13, &card(Card::plain_outputs(1)), &loss);
        assert_eq!(wanted[6 * 12..6 * 12 + 6], [0, 0, 1, 1, 1, 1]);
    }
}
