//! An image with its mask over it, as a picture.

use super::objects::Category;

/// What of a filled pixel is the class's colour.
const FILL: f32 = 0.45;

/// Draws a mask over a picture, `[row][column]` of red, green, blue and alpha: classes filled, and outlined inwards where the next
/// pixel is of another class or object. `objects`: numbers `[row][column]`, or nothing; then classes alone have outlines.
pub fn overlay(rgba: &mut [u8], width: usize, classes: &[u8], objects: &[u32], categories: &[Category]) {
    let number = |i: usize| (classes[i], objects.get(i).copied().unwrap_or(0));
    for (i, class) in classes.iter().enumerate() {
        let Some(category) = usize::from(*class).checked_sub(1).and_then(|c| categories.get(c)) else {
            continue;
        };
        let (x, own) = (i % width, number(i));
        let differs =
            |is_there: bool, other: usize| is_there && other < classes.len() && number(other) != own;
        let edge = differs(x > 0, i.wrapping_sub(1))
            || differs(x + 1 < width, i + 1)
            || differs(i >= width, i.wrapping_sub(width))
            || differs(true, i + width);
        let part = if edge { 1.0 } else { FILL };
        for (value, colour) in rgba[4 * i..4 * i + 3].iter_mut().zip(category.colour) {
            *value = (f32::from(*value) * (1.0 - part) + f32::from(colour) * part).round() as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insides_are_tinted_and_borders_between_objects_drawn() {
        let mut rgba = [100u8, 100, 100, 255].repeat(6 * 3);
        let objects = [0, 1, 1, 1, 2, 2].repeat(3);
        let classes: Vec<u8> = objects.iter().map(|n| u8::from(*n > 0)).collect();
        let categories = [Category { name: "a".into(), colour: [200, 0, 100] }];
        overlay(&mut rgba, 6, &classes, &objects, &categories);
        let red: Vec<u8> = rgba[..24].iter().step_by(4).copied().collect();
        assert_eq!(red, [100, 200, 145, 200, 200, 145]);
    }
}
