//! Checks of what JavaScript passes: a `number` can be NaN, negative or a fraction.

use crate::error::{Error, Result};

/// A whole number from 0 on.
///
/// # Errors
/// `argument`.
pub fn whole(value: f64, what: &str) -> Result<usize> {
    if value >= 0.0 && value <= f64::from(u32::MAX) && value.fract() == 0.0 {
        return Ok(value as usize);
    }
    Err(Error::invalid("argument", format!("The {what} must be a whole number from 0 on, and was {value}.")))
}

/// A finite number.
///
/// # Errors
/// `argument`.
pub fn finite(value: f64, what: &str) -> Result<f64> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(Error::invalid("argument", format!("The {what} must be a number, and was {value}.")))
}

/// A probability.
///
/// # Errors
/// `argument`.
pub fn probability(value: f64, what: &str) -> Result<f32> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value as f32);
    }
    Err(Error::invalid("argument", format!("The {what} must lie between 0 and 1, and was {value}.")))
}

/// An array whose length is the product of `sides`.
///
/// # Errors
/// `argument`.
pub fn filled(length: usize, sides: &[usize], what: &str) -> Result<()> {
    let wanted = sides.iter().try_fold(1usize, |product, side| product.checked_mul(*side));
    if wanted == Some(length) && length > 0 {
        return Ok(());
    }
    let sides: Vec<String> = sides.iter().map(usize::to_string).collect();
    Err(Error::invalid(
        "argument",
        format!("The {what} should have {} values, and has {length}.", sides.join(" x ")),
    ))
}
