//! Numbers for people to read, in messages and pictures.
use std::fmt;

/// Shows a number as `{}` does, or `{:.2}`, or `{:+.1}`, up to the last digits of those that have more than fifteen, and of
/// halves that are rounded. It needs none of the tables with which the standard library prints the shortest or the exact text of
/// every number: those would be a tenth of a module that a participant downloads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal(pub f64);

/// Whole numbers up to here have every digit.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;
/// Digits of a number that has many.
const DIGITS: usize = 15;

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if self.0.is_nan() {
            return f.write_str("NaN");
        }
        let sign = if self.0.is_sign_negative() {
            "-"
        } else if f.sign_plus() {
            "+"
        } else {
            ""
        };
        f.write_str(sign)?;
        if size.is_infinite() {
            return f.write_str("inf");
        }
        match f.precision() {
            Some(places) => fixed(f, size, places),
            None => shortest(f, size),
        }
    }
}

fn fixed(f: &mut fmt::Formatter<'_>, size: f64, places: usize) -> fmt::Result {
    let scaled = (size * scale(places)).round();
    if scaled < MOST_WHOLE { digits(f, scaled as u64, places) } else { shortest(f, size) }
}

/// The fewest places that give the number back: a quotient of two whole numbers that are exact is rounded as a number's text is.
fn shortest(f: &mut fmt::Formatter<'_>, size: f64) -> fmt::Result {
    for places in 0..=20 {
        let scaled = (size * scale(places)).round();
        if scaled > MOST_WHOLE {
            break;
        }
        if scaled / scale(places) == size {
            return digits(f, scaled as u64, places);
        }
    }
    let (mut size, mut power) = (size, 0);
    while size >= 10.0 {
        (size, power) = (size / 10.0, power + 1);
    }
    while size < 1.0 {
        (size, power) = (size * 10.0, power - 1);
    }
    if (-7..0).contains(&power) {
        // Small but no rarity: without an exponent.
        let places = DIGITS - 1 + usize::try_from(-power).unwrap_or_default();
        return digits(f, (size * scale(DIGITS - 1)).round() as u64, places);
    }
    let (mut whole, mut places) = ((size * scale(DIGITS - 1)).round() as u64, DIGITS - 1);
    while places > 0 && whole.is_multiple_of(10) {
        (whole, places) = (whole / 10, places - 1);
    }
    digits(f, whole, places)?;
    if power == 0 { Ok(()) } else { write!(f, "e{power:+}") }
}

/// A power of ten; exact up to 22.
fn scale(places: usize) -> f64 {
    (0..places).fold(1.0, |scale, _| scale * 10.0)
}

/// `number` with its last `places` digits behind the point.
fn digits(f: &mut fmt::Formatter<'_>, mut number: u64, places: usize) -> fmt::Result {
    let mut text = [b'0'; 48];
    let mut start = text.len();
    let mut left = places + 1;
    while (left > 0 || number > 0) && start > 1 {
        if places > 0 && left == 1 {
            start -= 1;
            text.get_mut(start).into_iter().for_each(|place| *place = b'.');
        }
        start -= 1;
        text.get_mut(start).into_iter().for_each(|place| *place = b'0' + (number % 10) as u8);
        number /= 10;
        left = left.saturating_sub(1);
    }
    f.write_str(text.get(start..).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_env::SeededRng;

    #[test]
    fn everyday_numbers_read_as_the_standard_library_prints_them() {
        let numbers = [0.0, -0.0, 1.0, -3.0, 0.1, 0.3, 2.5, -0.05, 1e-7, 123456.789, 9.8, 1e15, 4503599627370496.5];
        for number in numbers.into_iter().chain([f64::INFINITY, f64::NEG_INFINITY, f64::NAN]) {
            assert_eq!(Decimal(number).to_string(), number.to_string());
        }
    }

    #[test]
    fn a_number_with_fixed_places_reads_as_the_standard_library_prints_it() {
        let mut rng = SeededRng::new(5);
        for _ in 0..2000 {
            let number = rng.uniform(-400.0, 400.0);
            assert_eq!(format!("{:.0}", Decimal(number)), format!("{number:.0}"));
            assert_eq!(format!("{:+.1}", Decimal(number)), format!("{number:+.1}"));
            assert_eq!(format!("{:.2}", Decimal(number / 100.0)), format!("{:.2}", number / 100.0));
        }
        assert_eq!(format!("{:.2}", Decimal(-0.001)), "-0.00");
    }

    #[test]
    fn a_number_of_many_digits_is_right_in_fifteen_of_them() {
        let mut rng = SeededRng::new(6);
        let powers = [1e-300, 1e-20, 1e-6, 1e-3, 1.0, 1e6, 1e17, 1e300];
        for number in powers.into_iter().flat_map(|power| [power * 7.0, power * rng.uniform(1.0, 10.0)]) {
            let text = Decimal(number).to_string();
            let read: f64 = text.parse().unwrap();
            assert!((read - number).abs() <= number * 1e-13, "{number:e} as {text}");
            assert!(text.len() < 25, "{text}");
        }
    }
}
