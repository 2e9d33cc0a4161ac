//! The numbers of image requests.

use std::fmt::{self, Write};

/// A decimal number from 0 to below 10^9 with at most ten digits after the point
/// (what the Image API's section 4.7 allows), kept exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(u64);

impl Decimal {
    /// Digits kept after the decimal point.
    pub const PLACES: u32 = 10;
    /// What [`Decimal::units`] counts in: this many make one.
    pub const UNITS_IN_ONE: u64 = 10_u64.pow(Self::PLACES);
    /// Digits allowed before the point; with ten after it, 64 bits hold every number.
    const WHOLE_DIGITS: usize = 9;

    /// A whole number; above 999 999 999 it stays there.
    pub fn whole(number: u32) -> Self {
        Self(u64::from(number.min(999_999_999)) * Self::UNITS_IN_ONE)
    }

    /// Reads `12` or `12.5`: digits only, at least one on each side of a point.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match split_once(text, b'.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let mut units = digits(whole, Self::WHOLE_DIGITS)? * Self::UNITS_IN_ONE;
        if let Some(fraction) = fraction {
            let missing = Self::PLACES.checked_sub(u32::try_from(fraction.len()).ok()?)?;
            units += digits(fraction, 10)? * 10_u64.pow(missing);
        }
        Some(Self(units))
    }

    /// The number in ten-thousand-millionths.
    pub fn units(self) -> u64 {
        self.0
    }

    pub(super) fn more_than_zero(self) -> Option<Self> {
        (self.0 > 0).then_some(self)
    }

    pub(super) fn write(self, out: &mut impl Write) -> fmt::Result {
        write_number(self.0 / Self::UNITS_IN_ONE, out)?;
        let mut fraction = self.0 % Self::UNITS_IN_ONE;
        if fraction == 0 {
            return Ok(());
        }
        out.write_char('.')?;
        while fraction > 0 {
            fraction *= 10;
            write_number(fraction / Self::UNITS_IN_ONE, out)?;
            fraction %= Self::UNITS_IN_ONE;
        }
        Ok(())
    }
}

/// ASCII digits, from one to `at_most` of them, as a number.
pub(super) fn digits(text: &str, at_most: usize) -> Option<u64> {
    if text.is_empty() || text.len() > at_most {
        return None;
    }
    text.bytes().try_fold(0_u64, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0'))
    })
}

/// The number in decimal digits.
///
/// By hand: a tile's path has half a dozen numbers, and the machinery behind `write!`
/// is a good part of the few hundred nanoseconds that reading a path may take.
pub(super) fn write_number(mut number: u64, out: &mut impl Write) -> fmt::Result {
    let mut digits = [b'0'; 20];
    let mut unused = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        unused -= 1;
        if number == 0 {
            break;
        }
    }
    let written = digits.get(unused..).and_then(|written| std::str::from_utf8(written).ok());
    out.write_str(written.unwrap_or_default())
}

/// [`str::split_once`] for an ASCII character, without the searcher that it sets up: the
/// parts are a few bytes long.
pub(super) fn split_once(text: &str, at: u8) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(text.bytes().position(|byte| byte == at)?)?;
    Some((before, rest.get(1..)?))
}

#[cfg(test)]
impl Decimal {
    pub(super) fn from_units(units: u64) -> Self {
        Self(units)
    }
}
